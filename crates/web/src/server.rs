//! Connections: how many, how long, how large.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use crate::app::App;
use crate::guard::{Peer, guard};
use crate::site::SOCKETS_MAX;

/// Bytes of a request's body.
const BODY_MAX: usize = 1 << 20;
/// Bytes of a request's head.
const HEAD_MAX: usize = 16 << 10;
/// Lines of a request's head.
const LINES_MAX: usize = 64;
/// How long a client may take to send a head; also how long a connection rests between two.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// Connections at a time.
const CONNECTIONS_MAX: usize = 200;
/// How long the last answers may take when the site ends.
const FAREWELL: Duration = Duration::from_secs(2);

/// Serves until the site is to end.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router<App>,
    app: App,
    mut ending: watch::Receiver<bool>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let sockets = app.sockets.clone();
    let router = router
        .layer(from_fn_with_state(app.clone(), guard))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(app);
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let place = places.clone().acquire_owned().await;
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = ended(&mut ending) => break,
        };
        // A connection that broke before it was accepted concerns nobody.
        let Ok((stream, peer)) = accepted else { continue };
        stream.set_nodelay(true).ok();
        let (router, ending) = (router.clone(), ending.clone());
        tokio::spawn(async move {
            talk(stream, peer, router, ending).await;
            drop(place);
        });
    }
    // A socket gives its place among connections back when it begins, so both are waited for.
    // Whoever is not done by then is cut off.
    timeout(FAREWELL, all_back(&places, CONNECTIONS_MAX)).await.ok();
    timeout(FAREWELL, all_back(&sockets, SOCKETS_MAX)).await.ok();
    Ok(())
}

/// Waits until every place is free.
async fn all_back(places: &Semaphore, count: usize) {
    let all = u32::try_from(count).unwrap_or(u32::MAX);
    places.acquire_many(all).await.map(drop).ok();
}

async fn talk(
    stream: tokio::net::TcpStream,
    peer: SocketAddr,
    router: Router,
    mut ending: watch::Receiver<bool>,
) {
    let service = TowerToHyperService::new(router.layer(axum::Extension(Peer(peer))));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(HEAD_MAX)
        .max_headers(LINES_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    // A fault of one connection ends it and concerns nobody else.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = ended(&mut ending) => connection.as_mut().graceful_shutdown(),
    }
    connection.await.ok();
}

/// Waits for the site's end.
pub(crate) async fn ended(ending: &mut watch::Receiver<bool>) {
    // Who would say it is gone: that is the end too.
    ending.wait_for(|ending| *ending).await.map(drop).ok();
}
