//! `digest`: a session before its open or after its close, as text, page or mail.

use std::process::{Command as Program, Stdio};

use backsight_domain::time::Date;
use backsight_gateway::alert::list::{Channel, ChannelList};
use backsight_gateway::alert::{Letter, Sent, send};
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Digest as Wish;
use crate::clock;
use crate::command::{Context, status};
use crate::digest::{Digest, Half};
use crate::environment;
use crate::herald;
use crate::home::{Home, show, write_whole};
use crate::page::{Page, Tone};
use crate::view;

/// Makes a digest and does with it what was asked.
pub(crate) fn run(context: &Context, wish: &Wish) -> Result<Answer, Failure> {
    let home = &context.home;
    if !home.has_journal() {
        return Ok(status::no_desk(context));
    }
    let half = if wish.pre { Half::Pre } else { Half::Post };
    let session = wish.date;
    let past = view::past(home)?;
    let digest = Digest::of(&past, half, session).ok_or_else(|| none(half, session))?;
    if wish.html.as_ref().is_some_and(|path| path.as_os_str() == "-") {
        return Ok(Answer::fine(digest.sheet.html(), digest.json));
    }
    let mut page = digest.sheet.page(context.output.paint());
    let mut json = digest.json.clone();
    let mut exit = Exit::Fine;
    page.blank();
    if let Some(path) = &wish.html {
        write_whole(path, &digest.sheet.html())?;
        page.line(Tone::Dim, &format!("Written to {}", show(path)));
        json["file"] = show(path).into();
    }
    if wish.open {
        let path = herald::keep(home, &digest)?;
        let is_shown = browse(&path.display().to_string());
        let said = if is_shown { "Shown in a browser" } else { "No browser was found; open" };
        page.line(Tone::Dim, &format!("{said}: {}", show(&path)));
        json["file"] = show(&path).into();
    }
    if wish.send {
        let sent = send_now(home, &mut page, &digest)?;
        let is_whole = sent.iter().all(|it| it["sent"] == true);
        exit = if is_whole { Exit::Fine } else { Exit::Different };
        json["sent"] = sent.into();
    } else if wish.html.is_none() && !wish.open {
        page.line(
            Tone::Dim,
            "As a page: backsight digest --open    By mail: backsight digest --send",
        );
    }
    Ok(Answer { page: page.into(), json, exit })
}

fn none(half: Half, session: Option<Date>) -> Failure {
    let message = match (half, session) {
        (Half::Post, None) => {
            "no session has closed yet; `backsight digest --pre` looks ahead".to_owned()
        }
        (Half::Post, Some(date)) => format!(
            "the journal holds no close of `{date}`; without `--date` the last one is taken"
        ),
        (Half::Pre, Some(date)) => format!("the exchange is closed on `{date}`"),
        (Half::Pre, None) => "the journal is empty".to_owned(),
    };
    Failure::new(Exit::Usage, message)
}

/// Sends a digest through every channel that gets them, and says what came of each.
fn send_now(home: &Home, page: &mut Page, digest: &Digest) -> Result<Vec<Value>, Failure> {
    let list = herald::channels(home)?;
    let letter = digest.letter(clock::now());
    let mut sent = Vec::new();
    for channel in list.channels.iter().filter(|channel| channel.digests) {
        sent.push(send_through(home, &list, channel, &letter, page));
    }
    if sent.is_empty() {
        let message =
            "no channel gets digests; add one: backsight alerts add --help, with --digests";
        return Err(Failure::new(Exit::Configuration, message));
    }
    Ok(sent)
}

/// Sends a letter through one channel now, and says what came of it.
pub(crate) fn send_through(
    home: &Home,
    list: &ChannelList,
    channel: &Channel,
    letter: &Letter,
    page: &mut Page,
) -> Value {
    let secret = channel.secret.as_ref();
    let secret = secret.map(|place| place.read(home.root(), environment::variable)).transpose();
    let sent = match secret {
        Ok(secret) => send(&list.guard, channel, secret.as_ref(), letter, clock::now()),
        Err(why) => Sent::Never { why },
    };
    let name = &channel.name;
    let why = match sent {
        Sent::Taken => {
            page.line(Tone::Good, &format!("Sent through {name}: {}", channel.way));
            None
        }
        Sent::Later { why, .. } | Sent::Never { why } => {
            page.words(Tone::Bad, &format!("Not sent through {name}: {why}"));
            Some(why)
        }
    };
    json!({ "channel": name, "sent": why.is_none(), "fault": why })
}

/// Shows a file in whatever shows such files here.
fn browse(path: &str) -> bool {
    let (program, words): (&str, &[&str]) = if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Program::new(program);
    command.args(words).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
