//! The demo's report: what was traded, what was refused and what that was worth.

use std::collections::BTreeMap;

use backsight_domain::decision::OrderPhase;
use backsight_domain::money::Money;
use backsight_domain::signal::{Factor, FactorName, Playbook};
use backsight_domain::story::Reader;
use backsight_domain::verdict::Gate;
use backsight_journal::Log;
use backsight_quant::record::Record;
use backsight_sim::newswire::{Coverage, Newswire};
use backsight_sim::run::Run;
use serde_json::{Map, Value, json};

use super::Way;
use super::log::DemoLog;
use super::setup::DeskFile;
use crate::command::status;
use crate::environment;
use crate::home::Home;
use crate::json;
use crate::page::{Cell, Page, Table, Tone};
use crate::view::ledger::{self, GateTotal, PlaybookRow};
use crate::views::{self, Standing};
use crate::words;
use backsight_learning::past::history::{History, Tale};

/// Signals that are named as missed.
const MISSED: usize = 3;
/// Sessions in the line of equity, and its heights.
const CURVE: usize = 24;
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A run, ready to be told.
pub(super) struct Summary<'a> {
    pub(super) desk: &'a DeskFile,
    pub(super) run: &'a Run<DemoLog>,
    pub(super) home: &'a Home,
    pub(super) way: &'a Way,
    pub(super) views: &'a Standing,
}

impl Summary<'_> {
    fn history(&self) -> &History {
        self.run.log().history()
    }

    /// For a program.
    pub(super) fn json(&self) -> Value {
        let (history, engine) = (self.history(), self.run.engine());
        let gates = ledger::gates(history);
        let counts = |count: fn(&GateTotal) -> u64| -> Map<String, Value> {
            let counted = gates.iter().map(|(gate, row)| (gate, count(row)));
            let some = counted.filter(|(_, count)| 0 < *count);
            some.map(|(gate, count)| (gate.name().to_owned(), count.into())).collect()
        };
        let (trades, ghosts) = (ledger::record(&history.trades), ledger::record(&history.ghosts));
        let per_account = |value: fn(&Self, usize) -> Value| -> Map<String, Value> {
            let accounts = engine.accounts().iter().enumerate();
            let name = |id| engine.account_name(id).to_owned();
            accounts.map(|(index, account)| (name(account.id), value(self, index))).collect()
        };
        json!({
            "seed": self.desk.seed,
            "world": self.desk.world,
            "sessions": history.closings.len(),
            "last_entry": engine.now().to_string(),
            "state": engine.state().to_string(),
            "policy": engine.policy_version().0,
            "events": history.events,
            "signals": history.signals.len(),
            "refusals": counts(|row| row.refusals),
            "refused_at": counts(|row| row.refused),
            "orders": history.orders.len(),
            "orders_by_state": self.orders_by_state(),
            "trades": history.trades.len(),
            "trade_record": record_json(&trades),
            "ghosts": history.ghosts.len(),
            "ghost_record": record_json(&ghosts),
            "ghost_value": gates.iter().map(gate_json).collect::<Vec<_>>(),
            "playbooks": ledger::playbooks(history).iter().map(playbook_json).collect::<Vec<_>>(),
            "positions": engine.positions().count(),
            "alarms": history.alarms.len(),
            "news": self.news_json(),
            "pnl": per_account(|this, index| this.pnl(index).map(json::money).into()),
            "equity": per_account(|this, index| this.equity(index).map(json::money).into()),
            "fingerprint": engine.fingerprint().to_string(),
            "receipt": self.run.log().chain().to_string(),
            "tables": {
                "lag": self.run.log().last().0.saturating_sub(self.views.applied),
                "fault": self.views.fault,
            },
        })
    }

    fn coverage(&self) -> BTreeMap<Box<str>, Coverage> {
        self.run.newswire().map(|newswire| newswire.coverage().clone()).unwrap_or_default()
    }

    /// Signals that the news playbook made.
    fn news_signals(&self) -> usize {
        let tales = self.history().signals.values();
        tales.filter(|tale| tale.signal.playbook == Playbook::News).count()
    }

    /// Signals of other playbooks in whose confidence news had a say.
    fn signals_with_news(&self) -> usize {
        let has_say = |factor: &Factor| {
            factor.name == FactorName::Sentiment && factor.value.to_bits() != 1.0_f64.to_bits()
        };
        let tales = self.history().signals.values();
        tales.filter(|tale| tale.signal.breakdown.iter().any(has_say)).count()
    }

    fn news_json(&self) -> Value {
        let reader = self.run.newswire().map(Newswire::reader);
        let coverage = self.coverage();
        let all = total(&coverage);
        let feeds: Map<_, _> =
            coverage.iter().map(|(name, it)| (name.to_string(), coverage_json(it))).collect();
        json!({
            "demo": true,
            "way": match self.way { Way::Http => "http", Way::Direct(_) => "direct" },
            "reader": reader.map(|it| json!({
                "rung": it.rung.to_string(),
                "model": it.model,
                "version": it.version,
                "fell": it.is_fall(),
                "why": it.why,
            })),
            "stories": all.headlines - all.copies,
            "copies": all.copies,
            "readings": all.readings,
            "headlines": all.headlines,
            "with_company": all.with_company,
            "signals": self.news_signals(),
            "signals_with_news": self.signals_with_news(),
            "feeds": feeds,
        })
    }

    fn pnl(&self, index: usize) -> Option<Money> {
        let engine = self.run.engine();
        status::result(engine, engine.accounts().get(index)?.id)
    }

    fn equity(&self, index: usize) -> Option<Money> {
        let engine = self.run.engine();
        engine.equity(engine.accounts().get(index)?.id)
    }

    fn orders_by_state(&self) -> Map<String, Value> {
        let mut counts = Map::new();
        for order in self.history().orders.values() {
            let count = counts.entry(order.phase.to_string()).or_insert(0.into());
            *count = (count.as_u64().unwrap_or(0) + 1).into();
        }
        counts
    }

    /// For a person.
    pub(super) fn write(&self, page: &mut Page) {
        self.write_head(page);
        self.write_accounts(page);
        self.write_records(page);
        self.write_playbooks(page);
        self.write_gates(page);
        self.write_missed(page);
        self.write_news(page);
        self.write_end(page);
    }

    fn write_head(&self, page: &mut Page) {
        let history = self.history();
        let DeskFile { seed, world, symbols, .. } = self.desk;
        page.pieces(&status::badges(self.run.engine()));
        let sessions = history.closings.len();
        let first = history
            .closings
            .first()
            .map_or("-".to_owned(), |c| words::trading_date(c.at).to_string());
        let last = history
            .closings
            .last()
            .map_or("-".to_owned(), |c| words::trading_date(c.at).to_string());
        page.pair("sessions", format!("{sessions}, {first} to {last}"));
        page.pair("world", format!("{world}, {symbols} symbols, seed {seed}; prices are made up"));
        page.pair("policy", status::policy(history));
        let events = words::count(history.events);
        page.pair("events", format!("{events}, each journaled before it was decided on"));
        let signals = words::count(history.signals.len());
        let (orders, filled) = (history.orders.len(), self.filled());
        page.pair("signals", format!("{signals} made; {orders} orders, {filled} of them filled"));
        page.pair("tables", self.views_line());
        status::write_alarms(page, history);
    }

    /// Where the tables are, or why they do not follow.
    fn views_line(&self) -> Cell {
        let store = views::address(self.home).to_string();
        let lag = self.run.log().last().0.saturating_sub(self.views.applied);
        match &self.views.fault {
            Some(fault) => Cell::toned(Tone::Bad, format!("stand still: {fault}")),
            None if 0 < lag => {
                Cell::toned(Tone::Warn, format!("{} records behind, {store}", words::count(lag)))
            }
            None => format!("every record, in {store}").into(),
        }
    }

    fn filled(&self) -> usize {
        let orders = self.history().orders.values();
        orders.filter(|order| order.phase == OrderPhase::Filled).count()
    }

    fn write_accounts(&self, page: &mut Page) {
        let engine = self.run.engine();
        page.heading("Accounts");
        let mut table =
            Table::new(&["account", ">equity", ">result", ">trades", ">held", "by session"]);
        for (index, account) in engine.accounts().iter().enumerate() {
            let trades = self.history().trades.iter().filter(|trade| {
                use backsight_domain::decision::Subject;
                matches!(trade.subject, Subject::Position { account: id, .. } if id == account.id)
            });
            let held = engine.positions().filter(|position| position.account == account.id);
            table.row([
                engine.account_name(account.id).into(),
                self.equity(index).map_or("-".into(), |amount| words::money(amount).into()),
                self.pnl(index).map_or("-".into(), words::result),
                trades.count().to_string().into(),
                held.count().to_string().into(),
                self.curve(index).into(),
            ]);
        }
        page.table(&table);
    }

    /// Equity at the end of the last sessions, as a line of blocks.
    fn curve(&self, index: usize) -> String {
        let closings = self.history().closings.iter().rev().take(CURVE).rev();
        let points: Vec<i64> =
            closings.filter_map(|closing| closing.equity.get(index)).map(|m| m.units()).collect();
        let (low, high) = (points.iter().min().copied(), points.iter().max().copied());
        let (low, range) = low.zip(high).map_or((0, 1), |(low, high)| (low, (high - low).max(1)));
        let block = |point: &i64| {
            let step = (point - low) * 7 / range;
            usize::try_from(step).ok().and_then(|step| BLOCKS.get(step)).copied().unwrap_or(' ')
        };
        points.iter().map(block).collect()
    }

    fn write_records(&self, page: &mut Page) {
        let history = self.history();
        page.heading("Taken and declined, in units of the risk first taken (R)");
        let mut table =
            Table::new(&["", ">ended", ">won", ">R each", ">payoff", ">gave back", "told by"]);
        for (name, outcomes, source) in [
            ("trades", &history.trades, "fills of the exchange"),
            ("ghosts", &history.ghosts, "the same exits"),
        ] {
            let Record { count, wins, expectancy, payoff, give_back } = ledger::record(outcomes);
            let share = (100 * wins).checked_div(count);
            table.row([
                name.into(),
                count.to_string().into(),
                share.map_or("-".into(), |share| format!("{share} %").into()),
                expectancy.map_or("-".into(), words::multiple),
                payoff.map_or("-".into(), |payoff| format!("{payoff:.2}").into()),
                give_back.map_or("-".into(), |back| format!("{back:.2} %").into()),
                Cell::toned(Tone::Dim, source),
            ]);
        }
        page.table(&table);
    }

    fn write_playbooks(&self, page: &mut Page) {
        page.heading("By playbook");
        let columns = [
            "playbook", ">signals", ">trades", ">options", ">won", ">R each", ">ghosts", ">R each",
        ];
        let mut table = Table::new(&columns);
        for (playbook, row) in ledger::playbooks(self.history()) {
            let (trades, ghosts) = (ledger::record(&row.trades), ledger::record(&row.ghosts));
            let won = (100 * trades.wins).checked_div(trades.count);
            table.row([
                playbook.to_string().into(),
                words::count(row.signals).into(),
                trades.count.to_string().into(),
                row.options.to_string().into(),
                won.map_or("-".into(), |share| format!("{share} %").into()),
                trades.expectancy.map_or("-".into(), words::multiple),
                ghosts.count.to_string().into(),
                ghosts.expectancy.map_or("-".into(), words::multiple),
            ]);
        }
        page.table(&table);
    }

    fn write_gates(&self, page: &mut Page) {
        page.heading("Refused, by each gate that stopped it and by the first that did");
        let gates = ledger::gates(self.history());
        let mut rows: Vec<(Gate, GateTotal)> = gates.into_iter().collect();
        rows.sort_by_key(|(gate, row)| {
            (std::cmp::Reverse(row.refusals), std::cmp::Reverse(row.refused), *gate)
        });
        let columns =
            ["gate", ">refused", ">first", ">followed", ">ghosts R", ">in dollars", "so it"];
        let mut table = Table::new(&columns);
        for (gate, row) in rows {
            let verdict = match row.money.cmp(&Money::ZERO) {
                std::cmp::Ordering::Less => Cell::toned(Tone::Good, "saved"),
                std::cmp::Ordering::Equal => Cell::toned(Tone::Dim, "-"),
                std::cmp::Ordering::Greater => Cell::toned(Tone::Bad, "cost"),
            };
            table.row([
                gate.name().into(),
                words::count(row.refused).into(),
                words::count(row.refusals).into(),
                words::count(row.followed).into(),
                words::multiple(row.r),
                words::result(row.money),
                verdict,
            ]);
        }
        if table.is_empty() {
            page.line(Tone::Dim, "  Nothing was refused.");
        } else {
            page.table(&table);
        }
    }

    /// The refused signals whose ghosts made most.
    fn write_missed(&self, page: &mut Page) {
        let ended = |tale: &&Tale| tale.ghost.as_ref().is_some_and(|ghost| 0.0 < ghost.r_multiple);
        let r = |tale: &Tale| tale.ghost.as_ref().map_or(0.0, |ghost| ghost.r_multiple);
        let mut missed: Vec<&Tale> = self.history().signals.values().filter(ended).collect();
        missed.sort_by(|a, b| r(b).total_cmp(&r(a)));
        if missed.is_empty() {
            return;
        }
        page.heading("Missed most");
        let mut table = Table::new(&["signal", "symbol", "way", "made", ">R", "first refusal"]);
        for tale in missed.into_iter().take(MISSED) {
            let mut refusals = tale.verdicts.iter().filter_map(|verdict| verdict.refusals().next());
            table.row([
                tale.signal.id.to_string().into(),
                Cell::toned(Tone::Strong, tale.signal.ticker.as_str()),
                tale.signal.direction.to_string().into(),
                words::minute(tale.signal.at).into(),
                words::multiple(r(tale)),
                refusals.next().map_or("-", |check| check.gate.name()).into(),
            ]);
        }
        page.table(&table);
    }

    /// What was printed, and how much of it was understood.
    fn write_news(&self, page: &mut Page) {
        let coverage = self.coverage();
        let all = total(&coverage);
        page.heading("News (demo: every story is made up)");
        if let Some(reader) = self.run.newswire().map(Newswire::reader) {
            let Reader { rung, model, version, .. } = &reader;
            page.pair("read by", format!("{rung}, {model} {version}"));
            if reader.is_fall() {
                page.words(Tone::Bad, &format!("a worse reader than was chosen: {}", reader.why));
            }
        }
        page.pair(
            "carried",
            match self.way {
                Way::Http => "as feeds over HTTP on the loopback address".to_owned(),
                Way::Direct(why) => format!("as feeds handed over directly, {why}"),
            },
        );
        let (own, others) = (self.news_signals(), self.signals_with_news());
        page.pair("signals", format!("{own} by the news playbook; {others} more weighed it"));
        let columns = ["feed", ">headlines", ">stories", ">copies", ">company", ">readings"];
        let mut table = Table::new(&columns);
        let mut row = |name: &str, it: &Coverage| {
            let share = (100 * it.with_company).checked_div(it.headlines);
            table.row([
                name.into(),
                words::count(it.headlines).into(),
                words::count(it.headlines - it.copies).into(),
                words::count(it.copies).into(),
                share.map_or("-".into(), |share| format!("{share} %").into()),
                words::count(it.readings).into(),
            ]);
        };
        for (name, one) in &coverage {
            row(name, one);
        }
        row("all of them", &all);
        page.table(&table);
    }

    fn write_end(&self, page: &mut Page) {
        page.heading("Proof");
        page.hash("fingerprint", &self.run.engine().fingerprint());
        page.hash("receipt", &self.run.log().chain());
        page.blank();
        let signal = self.history().signals.keys().next_back();
        let signal = signal.map_or("SYMBOL".to_owned(), ToString::to_string);
        page.line(Tone::Plain, "Next");
        for (command, what) in [
            (format!("backsight why {signal}"), "every factor and gate of a signal"),
            ("backsight status".to_owned(), "the desk in one screen"),
            ("backsight replay --check".to_owned(), "decide everything again and compare"),
            ("backsight verify".to_owned(), "recompute the hash chain"),
        ] {
            page.pieces(&[format!("  {command:<32}").into(), Cell::toned(Tone::Dim, what)]);
        }
        if let Some(option) = self.home.option() {
            page.line(Tone::Dim, &format!("Each of them needs {option}"));
        }
        if let Some(folder) = environment::own_folder_off_path() {
            page.line(
                Tone::Dim,
                "The shell does not find `backsight` by itself. It finds it after",
            );
            page.line(Tone::Dim, &format!("  PATH=\"{}:$PATH\"", folder.display()));
        }
    }
}

fn playbook_json((playbook, row): &(Playbook, PlaybookRow)) -> Value {
    json!({
        "playbook": playbook.to_string(),
        "signals": row.signals,
        "trades": row.trades.len(),
        "options": row.options,
        "trade_record": record_json(&ledger::record(&row.trades)),
        "ghost_record": record_json(&ledger::record(&row.ghosts)),
    })
}

fn total(coverage: &BTreeMap<Box<str>, Coverage>) -> Coverage {
    let mut all = Coverage::default();
    for one in coverage.values() {
        all += *one;
    }
    all
}

fn coverage_json(it: &Coverage) -> Value {
    json!({
        "headlines": it.headlines,
        "stories": it.headlines - it.copies,
        "copies": it.copies,
        "with_company": it.with_company,
        "readings": it.readings,
    })
}

fn gate_json((gate, row): (&Gate, &GateTotal)) -> Value {
    json!({
        "gate": gate.name(),
        "refused": row.refused,
        "refusals": row.refusals,
        "followed": row.followed,
        "r": row.r,
        "money": json::money(row.money),
    })
}

fn record_json(record: &Record) -> Value {
    json!({
        "count": record.count,
        "wins": record.wins,
        "expectancy_r": record.expectancy,
        "payoff": record.payoff,
        "give_back_pct": record.give_back,
    })
}
