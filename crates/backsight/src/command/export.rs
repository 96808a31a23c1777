//! `export`: tables as files that other programs read.

use std::fs;
use std::path::Path;

use backsight_domain::session::at_new_york;
use backsight_store::export::Exported;
use backsight_store::{Dataset, Export, Format};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::{self, FileFormat};
use crate::clock::Stopwatch;
use crate::command::Context;
use crate::home::show;
use crate::page::{Table, Tone};
use crate::{output, views, words};

/// Rows between two looks at the progress.
const STEP: u64 = 10_000;

/// Writes the files, or says which there could be.
pub(crate) fn run(context: &Context, wish: &cli::Export) -> Result<Answer, Failure> {
    let datasets: Vec<&Dataset> = if wish.all {
        Dataset::ALL.iter().collect()
    } else {
        wish.what.iter().filter_map(|name| Dataset::named(name)).collect()
    };
    if datasets.is_empty() {
        return Ok(list(context));
    }
    let folder = wish
        .out
        .as_deref()
        .ok_or_else(|| Failure::new(Exit::Usage, "where to? name a folder with `--out DIR`"))?;
    if let (Some(from), Some(to)) = (wish.from, wish.to)
        && to < from
    {
        let message = format!("`--to {to}` is before `--from {from}`; exchange them");
        return Err(Failure::new(Exit::Usage, message));
    }
    let mut store = views::read(&context.home)?;
    fs::create_dir_all(folder)
        .map_err(|fault| Failure::from(fault).context(format!("making `{}`", show(folder))))?;
    let export = Export {
        datasets,
        format: match wish.format {
            FileFormat::Parquet => Format::Parquet,
            FileFormat::Csv => Format::Csv,
        },
        folder,
        from: wish.from.map(|date| at_new_york(date, 0, 0)),
        until: wish.to.map(|date| at_new_york(date.plus_days(1), 0, 0)),
    };
    if !wish.force {
        expect_free(&export)?;
    }
    let (watch, bar) = (Stopwatch::start(), progress());
    let exported = store.export(&export, &mut |name, rows| {
        if rows.is_multiple_of(STEP) {
            bar.set_message(format!("{name}, {} rows", words::count(rows)));
            bar.tick();
        }
    })?;
    bar.finish_and_clear();
    Ok(tell(context, folder, &exported, watch.elapsed().as_secs_f64()))
}

/// Refuses to write over what is there.
fn expect_free(export: &Export<'_>) -> Result<(), Failure> {
    let mut paths = export.datasets.iter().map(|dataset| export.path(dataset));
    match paths.find(|path| path.exists()) {
        None => Ok(()),
        Some(path) => {
            let path = show(&path);
            let message =
                format!("`{path}` is there; `--force` replaces it, or name another folder");
            Err(Failure::new(Exit::Usage, message))
        }
    }
}

/// What can be exported.
fn list(context: &Context) -> Answer {
    let mut page = context.page();
    page.line(Tone::Strong, "What can be exported");
    let mut table = Table::new(&["name", "a row is"]);
    for dataset in Dataset::ALL {
        table.row([dataset.name.into(), dataset.about.into()]);
    }
    page.table(&table);
    page.blank();
    page.line(Tone::Plain, "Next");
    page.line(Tone::Plain, "  backsight export bars signals --out ./tables");
    page.line(Tone::Plain, "  backsight export --all --format csv --out ./tables");
    let told = |dataset: &Dataset| json!({ "name": dataset.name, "about": dataset.about });
    Answer::fine(page, json!({ "datasets": Dataset::ALL.iter().map(told).collect::<Vec<_>>() }))
}

fn tell(context: &Context, folder: &Path, exported: &Exported, seconds: f64) -> Answer {
    let rows: u64 = exported.files.iter().map(|file| file.rows).sum();
    let mut page = context.page();
    page.line(Tone::Good, &format!("{} rows were written.", words::count(rows)));
    page.pair("folder", show(folder));
    page.pair("as of record", words::count(exported.applied.0));
    page.pair("took", format!("{seconds:.1} s"));
    page.blank();
    let mut table = Table::new(&["file", ">rows", ">bytes"]);
    for file in &exported.files {
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        table.row([name.into(), words::count(file.rows).into(), words::count(file.bytes).into()]);
    }
    page.table(&table);
    page.blank();
    page.line(Tone::Plain, "Next");
    if rows == 0 {
        page.line(
            Tone::Plain,
            "  backsight sql    nothing happened then; see what the tables have",
        );
    } else {
        let file = &exported.files[0].path;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        page.line(Tone::Plain, &format!("  duckdb -c \"FROM '{name}' LIMIT 5\"    in that folder"));
    }
    let file = |file: &backsight_store::export::Written| -> Value {
        json!({
            "name": file.name,
            "path": file.path.display().to_string(),
            "rows": file.rows,
            "bytes": file.bytes,
        })
    };
    let json = json!({
        "applied": exported.applied.0,
        "files": exported.files.iter().map(file).collect::<Vec<_>>(),
        "rows": rows,
        "seconds": seconds,
    });
    Answer::fine(page, json)
}

fn progress() -> ProgressBar {
    let bar = ProgressBar::no_length();
    let style = ProgressStyle::with_template("  {spinner} {msg}  {elapsed}");
    bar.set_style(style.expect("the template is well formed"));
    if output::is_terminal() {
        bar.tick();
    }
    bar
}
