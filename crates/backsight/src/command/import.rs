//! `import`: lists that others publish, as files of a desk.

use std::fs;
use std::path::Path;

use backsight_reading::company::{Directory, Report};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Import;
use crate::command::Context;
use crate::home::{is_absent, show, write_whole};
use crate::page::Tone;
use crate::words;

/// Imports what was asked for.
pub(crate) fn run(context: &Context, what: &Import) -> Result<Answer, Failure> {
    let Import::Companies { sec, nasdaq, other } = what;
    let bar = progress();
    let mut texts = Vec::new();
    for path in [sec, nasdaq, other] {
        bar.set_message(format!("reading {}", words::path(path)));
        texts.push(open(path)?);
        bar.inc(1);
    }
    bar.set_message("joining the lists");
    let imported = Directory::import(&texts[0], &texts[1], &texts[2]);
    let (directory, report) =
        imported.map_err(|fault| Failure::new(Exit::Different, fault.to_string()))?;
    bar.inc(1);
    bar.set_message("writing");
    let path = context.home.companies_file();
    write_whole(&path, &directory.pack())?;
    bar.finish_and_clear();
    Ok(told(context, &path, &report))
}

fn open(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|fault| {
        let message = format!("cannot read `{}`", show(path));
        if is_absent(&fault) {
            return Failure::new(Exit::Usage, format!("{message}: there is no such file"));
        }
        Failure::from(fault).context(message)
    })
}

fn told(context: &Context, path: &Path, report: &Report) -> Answer {
    let mut page = context.page();
    page.line(Tone::Good, &format!("Wrote {}", words::path(path)));
    let Report { sec_rows, exchange_rows, issuers, tickers, funds, .. } = *report;
    let Report { test_issues, other_securities, unreadable_symbols, contested_symbols, .. } =
        *report;
    let rows = [
        ("rows of the SEC", sec_rows),
        ("rows of exchanges", exchange_rows),
        ("issuers kept", issuers),
        ("their symbols", tickers),
        ("funds kept", funds),
        ("no shares", other_securities),
        ("test issues", test_issues),
        ("no symbol of ours", unreadable_symbols),
        ("symbol taken", contested_symbols),
    ];
    for (name, count) in rows {
        page.line(Tone::Plain, &format!("  {name:<20}{:>8}", words::count(count)));
    }
    page.line(Tone::Dim, "`backsight read` knows them from here on");
    let json = json!({
        "wrote": show(path),
        "sec_rows": sec_rows,
        "exchange_rows": exchange_rows,
        "issuers": issuers,
        "tickers": tickers,
        "funds": funds,
        "test_issues": test_issues,
        "other_securities": other_securities,
        "unreadable_symbols": unreadable_symbols,
        "contested_symbols": contested_symbols,
    });
    Answer::fine(page, json)
}

fn progress() -> ProgressBar {
    let style = ProgressStyle::with_template("  {bar:24} {pos}/{len} {msg}")
        .expect("the template is a constant");
    ProgressBar::new(5).with_style(style)
}
