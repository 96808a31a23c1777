//! `model`: the models that read the news, as files on this machine.

mod bench;
mod load;

use std::fs;
use std::path::Path;

use backsight_gateway::http::client::Patience;
use backsight_gateway::model::{
    Choice, Engine, Label, Shelf, ShelfFault, Store, describe, write_whole,
};
use backsight_gateway::pull::{Progress, PullFault, Pulled};
use backsight_reading::sentiment::manifest::{MANIFEST, Manifest};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Model;
use crate::command::Context;
use crate::command::feeds::{chain, client, list_in_force};
use crate::home::{is_absent, show};
use crate::page::{Cell, Page, Table, Tone};
use crate::words;

pub(crate) use self::load::load;

/// What the models that the program brings along are called together.
const BUILT_IN: &str = "built-in";

/// Does what was asked with the models.
pub(crate) fn run(context: &Context, act: &Model) -> Result<Answer, Failure> {
    let shelf = Shelf::new(&context.home.models());
    match act {
        Model::Pull { manifest, from } => pull(context, &shelf, manifest, from.as_deref()),
        Model::Add { from, name, version, licence } => {
            add(context, &shelf, from, Label { name, version, licence })
        }
        Model::Pin { folder, name, version, licence } => {
            pin(context, folder, Label { name, version, licence })
        }
        Model::List => list(context, &shelf),
        Model::Verify { name } => verify(context, &shelf, name.as_deref()),
        Model::Use { name, engine } => choose(context, &shelf, name, *engine),
        Model::Bench { batch, seconds } => bench::run(context, &shelf, *batch, *seconds),
        Model::Remove { name } => remove(context, &shelf, name),
    }
}

pub(crate) fn failure(fault: &ShelfFault) -> Failure {
    let exit = match fault {
        ShelfFault::Absent(_) | ShelfFault::Taken(_) => Exit::Usage,
        ShelfFault::Manifest { .. } => Exit::Configuration,
        ShelfFault::Storage { .. } => Exit::Storage,
        ShelfFault::Pull { source, .. } => match source {
            PullFault::Storage { .. } => Exit::Storage,
            PullFault::Busy { .. } => Exit::Unavailable,
            PullFault::Line { .. } | PullFault::Other { .. } => Exit::Different,
        },
    };
    Failure::new(exit, chain(fault))
}

fn pull(
    context: &Context,
    shelf: &Shelf,
    subject: &str,
    from: Option<&str>,
) -> Result<Answer, Failure> {
    let (manifest, beside) = manifest_of(shelf, subject)?;
    let store = store(context, from, beside)?;
    let bar = progress();
    let pulled = shelf.pull(&store, &manifest, &mut |file, step| advance(&bar, file, step));
    bar.finish_and_clear();
    let pulled = pulled.map_err(|fault| failure(&fault))?;

    let mut page = context.page();
    let Manifest { name, version, files, .. } = &manifest;
    page.line(Tone::Good, &format!("Model `{name}` {version} is installed"));
    let mut table = Table::new(&["file", ">size", "what was done"]);
    let mut rows = Vec::new();
    for ((file, pin), pulled) in files.iter().zip(pulled.values()) {
        table.row([file.as_str().into(), words::bytes(pin.bytes).into(), deed(*pulled).into()]);
        let resumed = if let Pulled::Fetched { resumed } = pulled { Some(resumed) } else { None };
        rows.push(json!({
            "name": file,
            "bytes": pin.bytes,
            "sha256": pin.sha256,
            "fetched": resumed.is_some(),
            "resumed": resumed,
        }));
    }
    page.table(&table);
    page.line(Tone::Dim, &format!("Let it read: backsight model use {name}"));
    let folder = show(&shelf.path(name));
    let json = json!({ "name": name, "version": version, "folder": folder, "files": rows });
    Ok(Answer::fine(page, json))
}

fn deed(pulled: Pulled) -> String {
    match pulled {
        Pulled::Present => "it was there, and is right".to_owned(),
        Pulled::Fetched { resumed: 0 } => "fetched".to_owned(),
        Pulled::Fetched { resumed } => format!("fetched, {} of it before", words::bytes(resumed)),
    }
}

/// Why a word is no manifest, and what to do with it instead.
fn no_manifest(subject: &str) -> String {
    if subject.contains("://") {
        return format!(
            "`{subject}` is an address and no manifest; `backsight model add {subject} --name NAME \
             --version VERSION` believes what it serves once, and pins it"
        );
    }
    format!(
        "`{subject}` is no file and no installed model; `backsight model list` shows those that \
         are, `backsight model pin` writes a manifest, `backsight model add` needs none"
    )
}

/// A manifest in a file and the folder it lies in, or the manifest of an installed model.
fn manifest_of(shelf: &Shelf, subject: &str) -> Result<(Manifest, Option<Store>), Failure> {
    let path = Path::new(subject);
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(fault) if is_absent(&fault) => {
            return match shelf.manifest(subject) {
                Ok(manifest) => Ok((manifest, None)),
                Err(ShelfFault::Absent(_)) => Err(Failure::new(Exit::Usage, no_manifest(subject))),
                Err(fault) => Err(failure(&fault)),
            };
        }
        Err(fault) => return Err(Failure::from(fault).context(format!("cannot read `{subject}`"))),
    };
    let manifest = Manifest::parse(&text)
        .map_err(|fault| Failure::new(Exit::Configuration, format!("`{subject}`: {fault}")))?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    Ok((manifest, Some(Store::Folder(folder))))
}

/// Where the files of a model are.
fn store(context: &Context, from: Option<&str>, beside: Option<Store>) -> Result<Store, Failure> {
    let Some(from) = from else {
        let message = "say where its files are: `--from URL` or `--from DIR`";
        return beside.ok_or_else(|| Failure::new(Exit::Usage, message));
    };
    if !from.contains("://") {
        return Ok(Store::Folder(from.into()));
    }
    let client = client(&list_in_force(&context.home)?, Patience::FILE);
    Store::web(client, from).map_err(|bad| Failure::new(Exit::Usage, format!("`{from}`: {bad}")))
}

fn advance(bar: &ProgressBar, file: &str, step: Progress) {
    if bar.message() != file {
        bar.set_message(file.to_owned());
        bar.set_length(step.whole);
    }
    bar.set_position(step.done);
}

fn add(context: &Context, shelf: &Shelf, from: &str, label: Label<'_>) -> Result<Answer, Failure> {
    let store = store(context, Some(from), None)?;
    let bar = progress();
    let added = shelf.add(&store, label, &mut |file, step| advance(&bar, file, step));
    bar.finish_and_clear();
    let manifest = added.map_err(|fault| failure(&fault))?;
    let Manifest { name, version, .. } = &manifest;
    let mut page = context.page();
    page.line(Tone::Good, &format!("Model `{name}` {version} is installed"));
    write_pins(&mut page, &manifest);
    page.words(
        Tone::Warn,
        "Nobody vouched for these files. Compare the hashes with those that their publisher states; \
         from here on any change is noticed.",
    );
    page.line(Tone::Dim, &format!("Let it read: backsight model use {name}"));
    let folder = show(&shelf.path(name));
    let json = json!({
        "name": name,
        "version": version,
        "folder": folder,
        "labels": manifest.labels,
        "files": pins_json(&manifest),
    });
    Ok(Answer::fine(page, json))
}

fn write_pins(page: &mut Page, manifest: &Manifest) {
    for (file, pin) in &manifest.files {
        page.line(Tone::Plain, &format!("  {file}, {}", words::bytes(pin.bytes)));
        page.line(Tone::Dim, &format!("    {}", pin.sha256));
    }
    page.line(Tone::Dim, &format!("Labels in this order: {}", manifest.labels.join(", ")));
}

fn pins_json(manifest: &Manifest) -> Vec<Value> {
    let files = manifest.files.iter();
    files
        .map(|(file, pin)| json!({ "name": file, "bytes": pin.bytes, "sha256": pin.sha256 }))
        .collect()
}

fn pin(context: &Context, folder: &Path, label: Label<'_>) -> Result<Answer, Failure> {
    let manifest = describe(folder, label).map_err(|fault| failure(&fault))?;
    let path = folder.join(MANIFEST);
    write_whole(&path, &manifest.to_json()).map_err(|fault| failure(&fault))?;
    let mut page = context.page();
    page.line(Tone::Plain, &format!("Wrote {}", words::path(&path)));
    write_pins(&mut page, &manifest);
    let files = pins_json(&manifest);
    let json = json!({ "wrote": show(&path), "labels": manifest.labels, "files": files });
    Ok(Answer::fine(page, json))
}

fn progress() -> ProgressBar {
    let style =
        ProgressStyle::with_template("  {msg:20!} {bar:24} {bytes:>11}/{total_bytes} {eta}")
            .expect("the template is a constant");
    ProgressBar::new(0).with_style(style)
}

fn list(context: &Context, shelf: &Shelf) -> Result<Answer, Failure> {
    let names = shelf.names().map_err(|fault| failure(&fault))?;
    let choice = shelf.in_use().map_err(|fault| failure(&fault))?;
    let in_use = choice.as_ref().map(|choice| choice.name.clone());
    let engine = choice.map(|choice| choice.engine);
    let mut table = Table::new(&["", "model", "version", ">size", "licence"]);
    let mut rows = Vec::new();
    let mark = |is_in_use: bool| if is_in_use { Cell::toned(Tone::Good, "*") } else { "".into() };
    table.row([mark(in_use.is_none()), BUILT_IN.into(), "".into(), "".into(), "".into()]);
    for name in &names {
        let is_in_use = in_use.as_ref() == Some(name);
        match shelf.manifest(name) {
            Ok(manifest) => {
                let bytes: u64 = manifest.files.values().map(|pin| pin.bytes).sum();
                let Manifest { version, licence, .. } = manifest;
                rows.push(json!({
                    "name": name,
                    "version": version,
                    "licence": licence,
                    "bytes": bytes,
                    "in_use": is_in_use,
                }));
                let size = words::bytes(bytes);
                let cells = [version.into(), size.into(), licence.into()];
                let [version, size, licence] = cells;
                table.row([mark(is_in_use), (&**name).into(), version, size, licence]);
            }
            Err(fault) => {
                let word = Cell::toned(Tone::Bad, "damaged");
                table.row([mark(is_in_use), (&**name).into(), word, "".into(), "".into()]);
                rows.push(json!({ "name": name, "fault": chain(&fault), "in_use": is_in_use }));
            }
        }
    }
    let mut page = context.page();
    page.line(Tone::Strong, &format!("Models in {}", words::path(&context.home.models())));
    page.table(&table);
    if let Some(lost) = in_use.as_ref().filter(|name| !names.contains(name)) {
        page.line(Tone::Bad, &format!("`{lost}` was chosen and is not installed"));
    }
    let by = engine.map_or(String::new(), |engine| format!(", computed by {}", engine.name()));
    page.line(Tone::Dim, &format!("* chosen to read the news{by}"));
    if names.is_empty() {
        page.line(
            Tone::Dim,
            "No other model is here; `backsight model add --help` says how one comes",
        );
    }
    let chosen = in_use.as_deref().unwrap_or(BUILT_IN);
    let engine = engine.map(Engine::name);
    Ok(Answer::fine(page, json!({ "in_use": chosen, "engine": engine, "installed": rows })))
}

fn verify(context: &Context, shelf: &Shelf, name: Option<&str>) -> Result<Answer, Failure> {
    let names = match name {
        Some(name) => vec![name.into()],
        None => shelf.names().map_err(|fault| failure(&fault))?,
    };
    let mut page = context.page();
    let mut rows = Vec::new();
    for name in &names {
        let verified = shelf.manifest(name).and_then(|manifest| shelf.verify(&manifest));
        let wrong = match verified {
            Ok(()) => None,
            Err(fault @ ShelfFault::Manifest { .. }) => Some(chain(&fault)),
            Err(fault) => return Err(failure(&fault)),
        };
        match &wrong {
            None => page.line(Tone::Good, &format!("`{name}`: every file is what was pinned")),
            Some(wrong) => page.words(Tone::Bad, wrong),
        }
        rows.push(json!({ "name": name, "valid": wrong.is_none(), "wrong": wrong }));
    }
    if names.is_empty() {
        page.line(Tone::Plain, "No model is installed.");
    }
    let is_valid = rows.iter().all(|row| row["valid"] == true);
    let exit = if is_valid { Exit::Fine } else { Exit::Different };
    Ok(Answer { page: page.into(), json: json!({ "valid": is_valid, "models": rows }), exit })
}

fn choose(context: &Context, shelf: &Shelf, name: &str, engine: Engine) -> Result<Answer, Failure> {
    let chosen = (name != BUILT_IN).then_some(name);
    let choice = chosen.map(|name| Choice { name: name.into(), engine });
    if let Some(name) = chosen {
        let manifest = shelf.manifest(name).map_err(|fault| failure(&fault))?;
        shelf.verify(&manifest).map_err(|fault| failure(&fault))?;
        load(shelf, &manifest, engine)?;
    }
    shelf.put_in_use(choice.as_ref()).map_err(|fault| failure(&fault))?;
    let mut page = context.page();
    page.line(Tone::Plain, &format!("`{name}` is chosen"));
    let engine = choice.map(|choice| choice.engine.name());
    Ok(Answer::fine(page, json!({ "in_use": name, "engine": engine })))
}

fn remove(context: &Context, shelf: &Shelf, name: &str) -> Result<Answer, Failure> {
    let was_in_use = shelf.remove(name).map_err(|fault| failure(&fault))?;
    let mut page = context.page();
    page.line(Tone::Plain, &format!("Removed `{name}`"));
    if was_in_use {
        page.line(Tone::Warn, &format!("It was chosen; `{BUILT_IN}` is now"));
    }
    Ok(Answer::fine(page, json!({ "removed": name, "was_in_use": was_in_use })))
}
