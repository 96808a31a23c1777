//! `verify`: the whole chain, recomputed from the first byte to the last.

use backsight_domain::time::Date;
use backsight_journal::reader::{Damage, ReadFault};
use backsight_journal::{Verified, verify};
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::command::Context;
use crate::page::{Page, Table, Tone};
use crate::words;

/// Verifies the journal.
pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    context.home.expect_journal()?;
    let disk = context.home.disk();
    match verify(&disk, words::trading_date) {
        Ok(verified) => Ok(sound(context, &verified)),
        Err(ReadFault::Damage(damage)) => Ok(damaged(context, &damage)),
        Err(fault) => Err(fault.into()),
    }
}

fn sound(context: &Context, verified: &Verified) -> Answer {
    let mut page = context.page();
    page.line(Tone::Good, "The journal is what was written: every hash of the chain holds.");
    let time = |time| Option::map_or(time, "-".to_owned(), words::stamp);
    page.pair("records", words::count(verified.records));
    page.pair("first", time(verified.first));
    page.pair("last", time(verified.last));
    if let Some(torn) = verified.torn {
        let (bytes, offset) = (torn.bytes, torn.offset);
        page.pair("unfinished", format!("{bytes} bytes at {offset}; the next start cuts them"));
    }
    write_receipts(&mut page, &verified.receipts);
    page.hash("receipt", &verified.chain);
    let torn = verified.torn.map(|torn| json!({ "offset": torn.offset, "bytes": torn.bytes }));
    let receipts = verified.receipts.iter();
    let json = json!({
        "valid": true,
        "records": verified.records,
        "first": verified.first.map(|time| time.to_string()),
        "last": verified.last.map(|time| time.to_string()),
        "unfinished": torn,
        "days": receipts.map(|(date, chain)| json!({
            "date": date.to_string(),
            "receipt": chain.to_string(),
        })).collect::<Vec<Value>>(),
        "receipt": verified.chain.to_string(),
    });
    Answer::fine(page, json)
}

fn write_receipts(page: &mut Page, receipts: &[(Date, backsight_journal::Chain)]) {
    page.heading("Receipts");
    let mut table = Table::new(&["day", "chain after its last record"]);
    for (date, chain) in receipts {
        table.row([date.to_string().into(), chain.to_string().into()]);
    }
    page.table(&table);
    page.blank();
}

fn damaged(context: &Context, damage: &Damage) -> Answer {
    let Damage { segment, offset, after, flaw } = damage;
    let mut page = context.page();
    page.line(Tone::Bad, "The journal is damaged.");
    page.pair("file", words::path(&context.home.journal().join(&**segment)));
    page.pair("byte", offset.to_string());
    page.pair("after record", after.to_string());
    page.pair("what", flaw.to_string());
    page.blank();
    page.words(
        Tone::Plain,
        "Nothing was changed, and no desk starts on it. Put the file back from a copy. Without one, \
         a fresh `--home` with the seed of desk.toml makes the same simulated journal again.",
    );
    let json = json!({
        "valid": false,
        "damage": {
            "segment": segment,
            "offset": offset,
            "after": after.0,
            "what": flaw.to_string(),
        },
    });
    Answer { page: page.into(), json, exit: Exit::Damaged }
}
