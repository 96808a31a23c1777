//! `rebuild`: the tables anew, from the first record of the journal to the last.

use backsight_store::{Projector, Store};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::answer::{Answer, Failure};
use crate::clock::Stopwatch;
use crate::command::Context;
use crate::output;
use crate::page::Tone;
use crate::{views, words};

/// Makes the tables anew.
pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    context.home.expect_journal()?;
    let (address, watch) = (views::address(&context.home), Stopwatch::start());
    let disk = context.home.disk();
    let mut projector = Projector::open(Store::create_anew(&address)?, &disk)?;
    let bar = progress(context.home.journal_bytes());
    let mut records = 0;
    loop {
        let taken = projector.advance()?;
        if taken == 0 {
            break;
        }
        records += taken;
        bar.set_position(projector.bytes());
        bar.set_message(words::count(records));
    }
    bar.finish_and_clear();
    let seconds = watch.elapsed().as_secs_f64();
    let mut page = context.page();
    page.line(Tone::Good, "The tables were made anew from the journal.");
    page.pair("tables", address.to_string());
    page.pair("records", words::count(records));
    page.pair("took", format!("{seconds:.1} s"));
    page.blank();
    page.line(Tone::Plain, "Next");
    page.line(Tone::Plain, "  backsight sql \"SELECT * FROM v_daily_missed_summary\"");
    let json = json!({
        "store": address.to_string(),
        "records": records,
        "applied": projector.applied().seq.0,
        "seconds": seconds,
    });
    Ok(Answer::fine(page, json))
}

fn progress(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    let template = "  {bar:32} {percent}%  {msg} records  {eta} left";
    let style = ProgressStyle::with_template(template).expect("the template is well formed");
    bar.set_style(style.progress_chars("━╸─"));
    if output::is_terminal() {
        bar.tick();
    }
    bar
}
