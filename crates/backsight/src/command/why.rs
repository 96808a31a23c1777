//! `why`: why a signal was traded or not, and why a symbol made none.

mod list;
mod silence;
mod story;

use backsight_domain::id::SignalId;
use backsight_domain::instrument::Ticker;
use backsight_domain::session::{Session, at_new_york, covers_date};
use backsight_domain::time::{Date, Span, Time};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Why;
use crate::command::Context;
use crate::view::View;

/// Explains a signal, or a symbol at a minute.
pub(crate) fn run(context: &Context, wish: &Why) -> Result<Answer, Failure> {
    context.home.expect_journal()?;
    let view = View::read(&context.home)?;
    let Some(subject) = &wish.subject else { return Ok(list::tell(context, &view)) };
    if let Some(id) = SignalId::parse(subject) {
        return match view.history.signals.get(&id) {
            Some(tale) => Ok(story::tell(context, &view, tale)),
            None => Err(unknown_signal(id)),
        };
    }
    let ticker = watched(&view, subject)?;
    let minute = wish.time.as_ref().map(|text| parse_minute(text, &view)).transpose()?;
    let signals = view.history.signals.values().rev();
    let told = signals.filter(|tale| tale.signal.ticker == ticker).find(|tale| {
        minute.is_none_or(|minute| (Span::ZERO..MINUTE).contains(&(tale.signal.at - minute)))
    });
    match (told, minute) {
        (Some(tale), _) => Ok(story::tell(context, &view, tale)),
        (None, Some(minute)) => {
            let past =
                View::read_until(&context.home, Some(minute + MINUTE - Span::from_nanos(1)))?;
            Ok(silence::tell(context, &past, ticker))
        }
        (None, None) => Ok(silence::tell(context, &view, ticker)),
    }
}

const MINUTE: Span = Span::from_minutes(1);

fn unknown_signal(id: SignalId) -> Failure {
    let message =
        format!("there is no signal `{id}`; `backsight why SYMBOL` finds a symbol's last");
    Failure::new(Exit::Usage, message)
}

fn watched(view: &View, text: &str) -> Result<Ticker, Failure> {
    let ticker = Ticker::parse(&text.to_ascii_uppercase()).ok();
    ticker.filter(|ticker| view.engine.market().slot_of(*ticker).is_some()).ok_or_else(|| {
        let listings = view.engine.market().universe.listings.iter();
        let some: Vec<_> = listings.take(8).map(|listing| listing.ticker.to_string()).collect();
        let some = if some.is_empty() { "none yet".to_owned() } else { some.join(", ") + ", ..." };
        let message = format!("`{text}` is no signal and no watched symbol; watched are {some}");
        Failure::new(Exit::Usage, message)
    })
}

/// The start of a minute: `15:42` in New York on the last session, or `2026-01-14T15:42Z`.
fn parse_minute(text: &str, view: &View) -> Result<Time, Failure> {
    let bad = || {
        let message =
            format!("`{text}` is no minute; write `15:42` (New York) or `2024-01-05T15:42Z`");
        Failure::new(Exit::Usage, message)
    };
    if let Some(session) = view.engine.market().session().filter(|_| text.len() == 5) {
        return on_session(text, session).ok_or_else(bad);
    }
    let is_covered = text.get(..10).and_then(Date::parse).is_some_and(covers_date);
    let whole = text.strip_suffix('Z').map(|minute| format!("{minute}:00Z"));
    let parse = || whole.and_then(|whole| Time::parse(&whole)).or_else(|| Time::parse(text));
    is_covered.then(parse).flatten().ok_or_else(bad)
}

fn on_session(text: &str, session: Session) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then(|| at_new_york(session.date(), hour, minute))
}
