//! `/ws`: what changes, as it changes.
//!
//! A client says which topics it wants and, after a break, from which record on. It gets what it
//! missed, or a snapshot of each topic when that is forgotten, and then every message. Who does not
//! read fast enough is told so and let go; nobody else waits.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use backsight_domain::id::Seq;
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, interval_at, timeout};

use crate::app::App;
use crate::guard::recognise;
use crate::hub::{Wired, snapshot};
use crate::mirror::touched::Topic;
use crate::problem::Problem;
use crate::server::ended;

/// Bytes of the longest message of a client.
const SAID_MAX: usize = 16 << 10;
/// How long one message may take to leave.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a client hears that the desk is there, and is looked at whether it is logged in.
const PING: Duration = Duration::from_secs(5);

/// Close codes of ours.
const TOO_SLOW: u16 = 4008;
const LOGGED_OUT: u16 = 4001;
const GOING_AWAY: u16 = 1001;
const NONSENSE: u16 = 4000;

/// What a client says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    /// The topics it wants from here on.
    subscribe: Vec<Topic>,
    /// The last record it knows.
    #[serde(default)]
    from: Option<u64>,
}

/// Why a socket ends.
struct End(u16, &'static str);

/// Opens a socket.
pub(crate) async fn open(
    State(app): State<App>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Ok(permit) = app.sockets.clone().try_acquire_owned() else {
        let problem =
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "sockets", "all sockets are taken");
        return problem.retry_after(5).into_response();
    };
    upgrade.max_message_size(SAID_MAX).on_upgrade(move |socket| async move {
        let mut client = Client { app, headers, socket, wanted: BTreeMap::new() };
        let End(code, reason) = client.serve().await;
        let frame = CloseFrame { code, reason: reason.into() };
        // Whoever went away does not hear it.
        client.send(Message::Close(Some(frame))).await.ok();
        drop(permit);
    })
}

/// One client.
struct Client {
    app: App,
    headers: HeaderMap,
    socket: WebSocket,
    /// The topics it wants, and the last record it was told about each.
    wanted: BTreeMap<Topic, Seq>,
}

impl Client {
    async fn serve(&mut self) -> End {
        let mut news = self.app.listening.listeners.subscribe();
        let mut ending = self.app.ending.clone();
        let mut ping = interval_at(Instant::now() + PING, PING);
        loop {
            let outcome = tokio::select! {
                said = self.socket.recv() => match said {
                    Some(Ok(message)) => self.hear(message).await,
                    Some(Err(_)) | None => Err(End(GOING_AWAY, "gone")),
                },
                wired = news.recv() => match wired {
                    Ok(wired) => self.tell(&wired).await,
                    Err(RecvError::Lagged(_)) => Err(End(TOO_SLOW, "too slow; come again with `from`")),
                    Err(RecvError::Closed) => Err(End(GOING_AWAY, "the desk ended")),
                },
                _ = ping.tick() => self.look().await,
                () = ended(&mut ending) => Err(End(GOING_AWAY, "the desk ends")),
            };
            if let Err(end) = outcome {
                return end;
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        match message {
            Message::Text(text) => match serde_json::from_str::<Said>(&text) {
                Ok(said) => self.subscribe(&said).await,
                Err(_) => Err(End(NONSENSE, "send {\"subscribe\": [TOPIC, ...], \"from\": SEQ}")),
            },
            Message::Binary(_) => Err(End(NONSENSE, "send text")),
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(End(GOING_AWAY, "bye")),
        }
    }

    async fn subscribe(&mut self, said: &Said) -> Result<(), End> {
        let from = Seq(said.from.unwrap_or(0));
        let missed = said.from.and_then(|_| {
            let backlog = self.app.listening.backlog.lock();
            backlog.unwrap_or_else(PoisonError::into_inner).after(from, &said.subscribe)
        });
        self.wanted = said.subscribe.iter().map(|topic| (*topic, from)).collect();
        if let Some(missed) = missed {
            for wired in missed {
                self.tell(&wired).await?;
            }
            return Ok(());
        }
        for topic in said.subscribe.clone() {
            let asked = self.app.mirror.ask(move |mirror| Wired::from(&snapshot(mirror, topic)));
            let wired = asked.await.map_err(|_| End(GOING_AWAY, "the desk ended"))?;
            self.wanted.insert(topic, Seq(0));
            self.tell(&wired).await?;
        }
        Ok(())
    }

    /// Tells a message, unless it is not wanted or told already.
    async fn tell(&mut self, wired: &Wired) -> Result<(), End> {
        match self.wanted.get_mut(&wired.topic) {
            Some(told) if *told < wired.seq || wired.seq == Seq(0) => *told = wired.seq,
            Some(_) | None => return Ok(()),
        }
        self.send(Message::Text((&*wired.text).into())).await
    }

    /// Asks whether the client is there and still logged in.
    async fn look(&mut self) -> Result<(), End> {
        if recognise(&self.app, &self.headers).is_none() {
            return Err(End(LOGGED_OUT, "logged out"));
        }
        let seq = self.app.progress.seq.load(Ordering::Relaxed);
        self.send(Message::Text(format!("{{\"kind\":\"heartbeat\",\"seq\":{seq}}}").into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(PATIENCE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End(GOING_AWAY, "gone")),
            Err(_) => Err(End(TOO_SLOW, "too slow; come again with `from`")),
        }
    }
}
