//! `users`: who may enter the dashboard, with which role, and their tokens.

use std::io::{self, BufRead};

use backsight_domain::time::Span;
use backsight_web::access::{AccessFault, People, Role};
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Users;
use crate::clock;
use crate::command::Context;
use crate::output;
use crate::page::{Cell, Table, Tone};

/// Does what was asked.
pub(crate) fn run(context: &Context, act: &Users) -> Result<Answer, Failure> {
    let people = People::open(&context.home.web())?;
    match act {
        Users::List => list(context, &people),
        Users::Add { name, role } => {
            people.add(name, role_of(role), &password()?)?;
            Ok(done(context, &format!("{name} may enter as {role}"), name))
        }
        Users::Role { name, role } => {
            people.set_role(name, role_of(role))?;
            Ok(done(context, &format!("{name} is {role}"), name))
        }
        Users::Remove { name } => {
            people.remove(name)?;
            Ok(done(context, &format!("{name} may not enter any more"), name))
        }
        Users::Token { owner, name, role, days, only } => {
            let lives = Span::from_minutes(i64::from(*days) * 24 * 60);
            let token = people.make_token(
                (owner, name),
                role_of(role),
                only.clone(),
                (clock::now(), lives),
            )?;
            Ok(token_of(context, (owner, name), &token))
        }
        Users::Revoke { owner, name } => {
            people.remove_token(owner, name)?;
            Ok(done(context, &format!("the token {name} of {owner} has ended"), owner))
        }
    }
}

fn list(context: &Context, people: &People) -> Result<Answer, Failure> {
    let people = people.all()?;
    let mut page = context.page();
    if people.is_empty() {
        page.line(Tone::Plain, "Nobody may enter the dashboard yet.");
        page.line(Tone::Dim, "`backsight demo` prints a link that makes you its operator.");
    }
    let mut table = Table::new(&["name", "role", "token", "token's role", "until"]);
    for (name, person) in &people {
        table.row([
            Cell::toned(Tone::Strong, name.clone()),
            person.role.name().into(),
            "".into(),
            "".into(),
            "".into(),
        ]);
        for (token, row) in &person.tokens {
            let until = row.until.get(..10).unwrap_or_default().to_owned();
            let role = row.role.name();
            table.row(["".into(), "".into(), token.as_str().into(), role.into(), until.into()]);
        }
    }
    if !table.is_empty() {
        page.table(&table);
    }
    let rows = people.iter().map(|(name, person)| {
        let tokens = person.tokens.iter().map(|(token, row)| {
            json!({
                "name": token,
                "role": row.role.name(),
                "until": row.until,
                "only": row.only,
            })
        });
        json!({
            "name": name,
            "role": person.role.name(),
            "tokens": tokens.collect::<Vec<Value>>(),
        })
    });
    Ok(Answer::fine(page, json!({ "users": rows.collect::<Vec<Value>>() })))
}

fn done(context: &Context, text: &str, name: &str) -> Answer {
    let mut page = context.page();
    page.line(Tone::Good, text);
    Answer::fine(page, json!({ "user": name, "done": text }))
}

fn token_of(context: &Context, (owner, name): (&str, &str), token: &str) -> Answer {
    let mut page = context.page();
    page.line(Tone::Plain, "This token is shown once; only its hash is kept:");
    page.line(Tone::Strong, &format!("  {token}"));
    page.line(Tone::Dim, "Send it as the header `Authorization: Bearer TOKEN`.");
    Answer::fine(page, json!({ "user": owner, "name": name, "token": token }))
}

fn role_of(name: &str) -> Role {
    Role::parse(name).expect("the command line knows the roles")
}

/// The first line of the standard input: words of the command line are seen by everybody.
fn password() -> Result<String, Failure> {
    if output::is_terminal() {
        output::complain("password (it is shown while you type; end with Enter): ");
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// How a command ends that could not look up or change who may enter.
pub(crate) fn exit_of(fault: &AccessFault) -> Exit {
    match fault {
        AccessFault::Refused(_) => Exit::Usage,
        AccessFault::Storage { .. } => Exit::Storage,
        AccessFault::Unreadable { .. } => Exit::Configuration,
        AccessFault::Chance(_) => Exit::Different,
    }
}

impl From<AccessFault> for Failure {
    fn from(fault: AccessFault) -> Self {
        Self::caused(exit_of(&fault), fault)
    }
}
