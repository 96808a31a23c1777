//! `alerts`: what waits for a person, and whom to tell.

use backsight_domain::alert::{AlertKey, Severity};
use backsight_domain::desk::Command;
use backsight_gateway::alert::Letter;
use backsight_gateway::alert::list::{self, Channel, ChannelList};
use backsight_gateway::alert::outbox::{Fate, Item, Outbox, Standing};
use backsight_gateway::settings::Problem;
use backsight_learning::past::Past;
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::{Alerts, NewChannel};
use crate::clock;
use crate::command::digest::send_through;
use crate::command::{Context, learn, order};
use crate::herald;
use crate::home::{Home, read_whole, show, write_whole};
use crate::page::{Cell, Page, Table, Tone};
use crate::view;
use crate::words;

/// Alerts that are shown.
const OPEN: usize = 20;

/// Does what was asked about alerts.
pub(crate) fn run(context: &Context, act: &Alerts) -> Result<Answer, Failure> {
    match act {
        Alerts::List => show_list(context),
        Alerts::Log { limit } => show_log(context, *limit),
        Alerts::Acknowledge { key, order } => {
            let unknown = || {
                let message =
                    format!("`{key}` is no key of an alert; `backsight alerts list` shows them");
                Failure::new(Exit::Usage, message)
            };
            let key = AlertKey::parse(key).ok_or_else(unknown)?;
            order::give(context, Command::Acknowledge(key), order)
        }
        Alerts::Add(channel) => add(context, channel),
        Alerts::Test { name } => test(context, name),
        Alerts::Remove { name } => remove(context, name),
    }
}

/// The outbox as it lies there.
fn outbox(home: &Home, list: &ChannelList) -> Result<Outbox, Failure> {
    let cannot = |fault: std::io::Error| {
        Failure::from(fault)
            .context(format!("cannot read the outbox in `{}`", show(&home.alerts())))
    };
    Outbox::read(&home.alerts(), list.patience).map_err(cannot)
}

fn show_list(context: &Context) -> Result<Answer, Failure> {
    let home = &context.home;
    let list = herald::channels(home)?;
    let outbox = outbox(home, &list)?;
    let past = if home.has_journal() { view::past(home)? } else { Past::default() };
    let mut page = context.page();
    page.line(Tone::Strong, "What waits for you");
    write_open(&mut page, &past);
    page.heading("Channels");
    write_channels(&mut page, &list, &outbox);
    let open: Value = past.alerts.open().map(learn::alert_json).collect();
    let json = json!({
        "open": open,
        "file": show(&home.alerts_file()),
        "damaged_lines": outbox.damaged(),
        "channels": list.channels.iter().map(|it| channel_json(it, &outbox)).collect::<Vec<_>>(),
    });
    Ok(Answer::fine(page, json))
}

fn write_open(page: &mut Page, past: &Past) {
    let mut table = Table::new(&["since", "severity", "key", "what"]);
    for alert in past.alerts.open().rev().take(OPEN) {
        let severity = alert.notice.severity;
        let tone = if severity.needs_acknowledgement() { Tone::Bad } else { Tone::Warn };
        table.row([
            words::short_minute(alert.notice.at).into(),
            Cell::toned(tone, severity.to_string()),
            alert.notice.key.to_string().into(),
            alert.notice.text.clone().into(),
        ]);
    }
    if table.is_empty() {
        page.line(Tone::Dim, "  Nothing.");
    } else {
        page.table(&table);
        page.line(Tone::Dim, "Seen? backsight alerts acknowledge KEY");
    }
}

fn write_channels(page: &mut Page, list: &ChannelList, outbox: &Outbox) {
    if list.channels.is_empty() {
        page.line(Tone::Dim, "  Nobody is told. Add a channel: backsight alerts add --help");
        return;
    }
    let mut table = Table::new(&["channel", "kind", "from", "sent last", ">waits", "how it does"]);
    for channel in &list.channels {
        let standing = outbox.standing(&channel.name);
        table.row([
            (&*channel.name).into(),
            channel.way.kind().into(),
            least(channel).into(),
            standing.sent.map_or("never".to_owned(), words::short_minute).into(),
            words::count(standing.waiting).into(),
            state(&standing),
        ]);
    }
    page.table(&table);
    for channel in &list.channels {
        if let Some(fault) = outbox.standing(&channel.name).fault {
            page.words(Tone::Bad, &format!("  {}: {fault}", channel.name));
        }
    }
    if 0 < outbox.damaged() {
        page.line(Tone::Bad, &format!("{} line(s) of the outbox are damaged", outbox.damaged()));
    }
    page.line(
        Tone::Dim,
        "Try one: backsight alerts test NAME    What was told: backsight alerts log",
    );
}

fn least(channel: &Channel) -> String {
    let least = channel.least.to_string().to_lowercase();
    if channel.escalated_only { format!("{least}, late") } else { least }
}

fn state(standing: &Standing) -> Cell {
    match (standing.failing_since, standing.given_up) {
        (Some(since), _) => {
            Cell::toned(Tone::Bad, format!("fails since {}", words::short_minute(since)))
        }
        (None, 0) if standing.sent.is_some() => Cell::toned(Tone::Good, "well"),
        (None, 0) => Cell::toned(Tone::Dim, "not used yet"),
        (None, lost) => Cell::toned(Tone::Warn, format!("gave up {lost}")),
    }
}

/// A channel and how it does. Its secret is named by its place and nothing else.
fn channel_json(channel: &Channel, outbox: &Outbox) -> Value {
    let Standing { waiting, sent, failing_since, fault, given_up } = outbox.standing(&channel.name);
    json!({
        "name": channel.name,
        "kind": channel.way.kind(),
        "to": channel.way.to_string(),
        "least": channel.least.to_string().to_lowercase(),
        "digests": channel.digests,
        "escalated_only": channel.escalated_only,
        "secret": channel.secret.as_ref().map(ToString::to_string),
        "waiting": waiting,
        "sent": sent.map(|at| at.to_string()),
        "failing_since": failing_since.map(|at| at.to_string()),
        "fault": fault,
        "given_up": given_up,
    })
}

fn show_log(context: &Context, limit: usize) -> Result<Answer, Failure> {
    let home = &context.home;
    let outbox = outbox(home, &herald::channels(home)?)?;
    let items = outbox.items();
    let shown = &items[items.len().saturating_sub(limit)..];
    let mut page = context.page();
    let mut table = Table::new(&["put in", "channel", "what came of it", "letter"]);
    for item in shown {
        table.row([
            words::short_minute(item.put).into(),
            (&*item.channel).into(),
            fate(item),
            item.letter.subject.clone().into(),
        ]);
    }
    if table.is_empty() {
        page.line(Tone::Plain, "Nothing was told yet.");
        page.line(Tone::Dim, "Whom to tell: backsight alerts list");
    } else {
        page.table(&table);
    }
    let letters: Vec<Value> = shown.iter().map(|item| item_json(item)).collect();
    Ok(Answer::fine(page, json!({ "letters": letters })))
}

fn fate(item: &Item) -> Cell {
    match &item.fate {
        Fate::Waiting if item.tries == 0 => Cell::toned(Tone::Dim, "waits"),
        Fate::Waiting => Cell::toned(Tone::Warn, format!("tried {} times", item.tries)),
        Fate::Delivered(at) => Cell::toned(Tone::Good, format!("sent {}", words::time_of_day(*at))),
        Fate::GivenUp(..) => Cell::toned(Tone::Bad, "given up"),
    }
}

fn item_json(item: &Item) -> Value {
    let (state, at, why) = match &item.fate {
        Fate::Waiting => ("waiting", item.due, None),
        Fate::Delivered(at) => ("delivered", *at, None),
        Fate::GivenUp(at, why) => ("given_up", *at, Some(why)),
    };
    json!({
        "id": item.letter.id,
        "kind": item.letter.kind,
        "severity": item.letter.severity.to_string().to_lowercase(),
        "subject": item.letter.subject,
        "channel": item.channel,
        "round": item.round,
        "put": item.put.to_string(),
        "tries": item.tries,
        "state": state,
        "at": at.to_string(),
        "why": why,
    })
}

fn refused(exit: Exit, problem: &Problem) -> Failure {
    Failure::new(exit, format!("{}: {}", problem.at, problem.problem.trim()))
}

fn add(context: &Context, channel: &NewChannel) -> Result<Answer, Failure> {
    let home = &context.home;
    let text = read_whole(&home.alerts_file())?.unwrap_or_else(|| list::HEAD.to_owned());
    let name = &channel.name;
    let text = list::with(&text, name, &lines(channel))
        .map_err(|problem| refused(Exit::Usage, &problem))?;
    write_whole(&home.alerts_file(), &text)?;
    let mut page = context.page();
    page.line(Tone::Plain, &format!("Added `{name}` to {}", words::path(&home.alerts_file())));
    page.line(Tone::Dim, &format!("Try it: backsight alerts test \"{name}\""));
    page.line(Tone::Dim, "A desk that runs tells it after its next start.");
    Ok(Answer::fine(page, json!({ "file": show(&home.alerts_file()), "added": name })))
}

/// The lines of a channel's section, each value as the file writes it.
fn lines(channel: &NewChannel) -> Vec<(&'static str, String)> {
    let quoted = |text: &String| toml::Value::from(text.as_str()).to_string();
    let mut lines = vec![("kind", quoted(&channel.kind))];
    for (key, text) in [
        ("url", &channel.url),
        ("chat", &channel.chat),
        ("server", &channel.server),
        ("tls", &channel.tls),
        ("roots_file", &channel.roots_file),
        ("user", &channel.user),
        ("secret_env", &channel.secret_env),
        ("secret_file", &channel.secret_file),
        ("from", &channel.from),
    ] {
        lines.extend(text.as_ref().map(|text| (key, quoted(text))));
    }
    lines.extend(channel.port.map(|port| ("port", port.to_string())));
    if !channel.to.is_empty() {
        let to: Vec<String> = channel.to.iter().map(quoted).collect();
        lines.push(("to", format!("[{}]", to.join(", "))));
    }
    lines.push(("least", quoted(&channel.least)));
    for (key, is_said) in [("digests", channel.digests), ("escalated_only", channel.escalated_only)]
    {
        lines.extend(is_said.then(|| (key, "true".to_owned())));
    }
    lines
}

fn unknown(name: &str) -> Failure {
    let message = format!("no channel is called `{name}`; `backsight alerts list` shows them");
    Failure::new(Exit::Usage, message)
}

fn test(context: &Context, name: &str) -> Result<Answer, Failure> {
    let home = &context.home;
    let list = herald::channels(home)?;
    let channel = list.channel(name).ok_or_else(|| unknown(name))?;
    let now = clock::now();
    let letter = Letter {
        id: format!("test.{name}@{now}"),
        kind: "test".to_owned(),
        severity: Severity::Info,
        subject: format!("Backsight can reach you through {name}"),
        text: "This is a test that a person asked for. Nothing happened.".to_owned(),
        html: None,
        at: now,
    };
    let mut page = context.page();
    let sent = send_through(home, &list, channel, &letter, &mut page);
    let exit = if sent["sent"] == true { Exit::Fine } else { Exit::Different };
    Ok(Answer { page: page.into(), json: sent, exit })
}

fn remove(context: &Context, name: &str) -> Result<Answer, Failure> {
    let home = &context.home;
    let text = read_whole(&home.alerts_file())?.ok_or_else(|| unknown(name))?;
    let without = list::without(&text, name);
    let without = without.map_err(|problem| refused(Exit::Configuration, &problem))?;
    write_whole(&home.alerts_file(), &without.ok_or_else(|| unknown(name))?)?;
    let mut page = context.page();
    let file = words::path(&home.alerts_file());
    page.line(Tone::Plain, &format!("Removed `{name}` from {file}"));
    Ok(Answer::fine(page, json!({ "file": show(&home.alerts_file()), "removed": name })))
}
