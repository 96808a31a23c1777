//! `config`: the policy as a file: written with every setting explained, shown, checked.

use std::fs;
use std::path::Path;

use backsight_domain::policy::{Policy, PolicyError, SettingRow};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Config;
use crate::command::Context;
use crate::home::{show, write_whole};
use crate::page::{Cell, Page, Table, Tone};
use crate::view::origin;
use crate::words;

/// Does what was asked with the policy.
pub(crate) fn run(context: &Context, act: &Config) -> Result<Answer, Failure> {
    match act {
        Config::Init { force } => init(context, *force),
        Config::Show => display(context),
        Config::Check { file } => {
            let path = file.clone().unwrap_or_else(|| context.home.policy_file());
            check(context, &path)
        }
    }
}

/// What is said about an edited file that the desk does not follow yet.
pub(crate) const PENDING: &str = "policy.toml was edited: takes effect when the desk next runs";

fn init(context: &Context, force: bool) -> Result<Answer, Failure> {
    let path = context.home.policy_file();
    if path.exists() && !force {
        let path = show(&path);
        let message = format!("`{path}` is there already; `--force` replaces it");
        return Err(Failure::new(Exit::Configuration, message));
    }
    let head = "# The policy of a desk: every number a rule uses, with its meaning and its range.\n\
                # A setting that is removed here has its default. `backsight config check` reads it\n\
                # as a desk does. What is changed here takes effect when the desk next runs.\n\n";
    // Of a desk that is there already, what it follows.
    let adopted = origin::policy_in_force(&context.home)?;
    let policy = adopted.map_or_else(Policy::default, |adopted| adopted.policy);
    write_whole(&path, &format!("{head}{}", policy.to_toml()))?;
    let path = show(&path);
    let mut page = context.page();
    page.line(Tone::Plain, &format!("Wrote {path}"));
    page.line(Tone::Dim, "Change a number, then: backsight config check");
    Ok(Answer::fine(page, json!({ "wrote": path })))
}

fn display(context: &Context) -> Result<Answer, Failure> {
    let written = context.home.written_policy()?;
    let adopted = origin::policy_in_force(&context.home)?;
    let version = adopted.as_ref().map(|adopted| adopted.version.0);
    let (policy, from) = match (adopted, written.clone()) {
        (Some(adopted), _) => (adopted.policy, "the journal".to_owned()),
        (None, Some(written)) => (written, show(&context.home.policy_file())),
        (None, None) => (Policy::default(), "the defaults".to_owned()),
    };
    let is_pending = written.is_some_and(|written| written != policy);
    let mut page = context.page();
    let number = version.map_or(String::new(), |version| format!(" {version}"));
    page.line(Tone::Strong, &format!("Policy{number} from {from}"));
    if is_pending {
        page.line(Tone::Warn, PENDING);
    }
    page.line(Tone::Dim, &format!("Home {}", words::path(context.home.root())));
    page.line(Tone::Dim, "* differs from its default, which stands behind it");
    let mut json = Map::new();
    for (name, documentation, mut rows) in policy.sections() {
        take_defaults(&name, &mut rows);
        page.heading(&format!("[{name}]"));
        page.line(Tone::Dim, documentation.trim());
        page.table(&table_of(&rows));
        json.insert(name, rows.iter().map(|row| (row.key.to_owned(), row_json(row))).collect());
    }
    Ok(Answer::fine(
        page,
        json!({
            "home": show(context.home.root()),
            "from": from,
            "version": version,
            "file_differs": is_pending,
            "sections": json,
        }),
    ))
}

/// The accounts that come with the program have defaults of their own.
fn take_defaults(section: &str, rows: &mut [SettingRow]) {
    let defaults = Policy::default().sections();
    let Some((_, _, defaults)) = defaults.into_iter().find(|(name, ..)| name == section) else {
        return;
    };
    for (row, default) in rows.iter_mut().zip(defaults) {
        row.default = default.value;
    }
}

fn table_of(rows: &[SettingRow]) -> Table {
    let mut table = Table::new(&["setting", ">value", "range", "default"]);
    for row in rows {
        let differs = row.value != row.default;
        let tone = if differs { Tone::Warn } else { Tone::Plain };
        let default = if differs { format!("* {}", row.default) } else { String::new() };
        table.row([
            row.key.into(),
            Cell::toned(tone, row.value.trim_matches('"')),
            Cell::toned(Tone::Dim, row.range.as_str()),
            Cell::toned(tone, default.replace('"', "")),
        ]);
    }
    table
}

fn row_json(row: &SettingRow) -> Value {
    json!({
        "value": row.value.trim_matches('"'),
        "default": row.default.trim_matches('"'),
        "range": row.range,
        "differs": row.value != row.default,
        "meaning": row.documentation,
    })
}

/// A problem that points into the file keeps its lines.
fn write_problem(page: &mut Page, at: &str, problem: &str) {
    let problem = problem.trim_end();
    if problem.lines().count() <= 1 {
        return page.words(Tone::Plain, &format!("- {at}: {problem}"));
    }
    page.line(Tone::Plain, &format!("- {at}:"));
    for line in problem.lines() {
        page.line(Tone::Plain, &format!("  {line}"));
    }
}

fn check(context: &Context, path: &Path) -> Result<Answer, Failure> {
    let text = fs::read_to_string(path).map_err(|fault| {
        let message =
            format!("cannot read `{}`: {fault}; `backsight config init` writes one", show(path));
        Failure::new(Exit::Configuration, message)
    })?;
    let problems = Policy::from_toml(&text).err().unwrap_or_default();
    let mut page = context.page();
    let count = problems.len();
    if problems.is_empty() {
        page.line(Tone::Good, &format!("{} is a policy", show(path)));
    } else {
        page.line(Tone::Bad, &format!("{}: {count} problem(s)", show(path)));
        for PolicyError { at, problem } in &problems {
            write_problem(&mut page, at, problem);
        }
    }
    let problems: Vec<_> =
        problems.iter().map(|p| json!({ "at": p.at, "problem": p.problem })).collect();
    let exit = if count == 0 { Exit::Fine } else { Exit::Configuration };
    let json = json!({ "file": show(path), "valid": count == 0, "problems": problems });
    Ok(Answer { page: page.into(), json, exit })
}
