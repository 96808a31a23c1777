//! A script at work: it moves the clock, the market and the broker, and writes down what the desk
//! does.
//!
//! Minutes are fed to every symbol: one that is not named in a `bar` line has a quiet bar with a
//! volume of 1000, moved by a cent a minute as its `symbol` line says. While the clock moves, the
//! desk is woken when it asked to be. The broker answers requests for reports at once and
//! truthfully (`reports off` stops that). Everything else it says only when the script tells it to,
//! unless it is `broker prompt`: then it takes and fills every order at its limit at once.

use std::collections::{BTreeMap, VecDeque};

use backsight_domain::desk::{Command, OperatorCommand, WorldFault};
use backsight_domain::event::{Bust, Entry, Event, Mode, PolicyAdopted, Started};
use backsight_domain::id::{AccountId, DeskName, IntentId, PositionId, Seq, VenueId};
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::{Bar, Halt, Listing, Minute, Quote, Slot, Split, Universe};
use backsight_domain::money::Money;
use backsight_domain::notice::Payout;
use backsight_domain::option::{Chain, Settlement, SettlementKind};
use backsight_domain::order::{
    Answer, Asked, OrderKind, OrderRef, OrderStatus, OrderUpdate, Refusal, Reply, Side, Unclear,
};
use backsight_domain::policy::Policy;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::session::{Session, at_new_york, new_york};
use backsight_domain::story::Reading;
use backsight_domain::time::{Date, Span, Time};
use backsight_domain::verdict::Verdict;
use backsight_engine::Engine;
use backsight_engine::desk::{Desk, Request};
use backsight_journal::{MemoryLog, Record};

use crate::broker::{Broker, ScriptClock, Vault};
use crate::lines::Words;
use crate::notices;
use crate::past;
use crate::proposals;
use crate::teller::{Teller, clock, told, told_check};

type ScriptDesk = Desk<MemoryLog, Broker, ScriptClock>;

/// One script being played.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that scripts turn")]
pub(crate) struct Play {
    desk: ScriptDesk,
    now: Time,
    /// When the next minute begins.
    minute: Time,
    symbols: Vec<Symbol>,
    accounts: Vec<String>,
    cash: BTreeMap<String, Money>,
    policy: BTreeMap<String, String>,
    version: backsight_domain::id::PolicyVersion,
    begun: bool,
    reports: bool,
    /// Whether the broker takes and fills every order at once.
    prompt: bool,
    /// How late minutes arrive; negative when they come before their end.
    delay: Span,
    /// What happens at the broker from here on is not told to the desk.
    mute: bool,
    last: Option<Event>,
    verdicts: Vec<Verdict>,
    key: u64,
    told: Vec<String>,
}

/// A symbol of the script's market.
#[derive(Clone, Debug)]
struct Symbol {
    listing: Listing,
    close: Price,
    /// Ticks a minute, in steps of two minutes.
    drift: i64,
    minutes: i64,
}

impl Symbol {
    fn quiet(&mut self) -> Bar {
        self.minutes += 1;
        let step = if self.minutes % 2 == 0 { 2 * self.drift } else { 0 };
        let (open, close) = (self.close, self.close.moved_ticks(step));
        self.close = close;
        Bar { open, high: open.max(close), low: open.min(close), close, volume: 1000 }
    }
}

impl Play {
    pub(crate) fn new() -> Self {
        let clock = ScriptClock(Time::default());
        Self {
            desk: Desk::new(Engine::new(), MemoryLog::new(), Broker::default(), clock),
            now: Time::default(),
            minute: Time::default(),
            symbols: Vec::new(),
            accounts: vec!["large".to_owned()],
            cash: BTreeMap::new(),
            policy: BTreeMap::new(),
            version: backsight_domain::id::PolicyVersion(0),
            begun: false,
            reports: true,
            prompt: false,
            delay: Span::ZERO,
            mute: false,
            last: None,
            verdicts: Vec::new(),
            key: 0,
            told: Vec::new(),
        }
    }

    /// Plays the lines of one block; what the desk did about them.
    pub(crate) fn block(&mut self, lines: &[&str]) -> Vec<String> {
        for line in lines {
            self.line(line);
        }
        std::mem::take(&mut self.told)
    }

    fn line(&mut self, line: &str) {
        let mut words = Words::of(line);
        let verb = words.word();
        match verb {
            "policy" => self.set_policy(line),
            "accounts" => self.set_accounts(&mut words),
            "cash" => {
                let account = words.word().to_owned();
                self.cash.insert(account, words.money());
            }
            "symbol" => self.add_symbol(&mut words),
            "session" => self.open_session(words.word()),
            "history" => self.history(&mut words),
            "drift" => {
                let slot = self.slot(words.word());
                self.symbols[slot.index()].drift = drift(words.word()).expect("a drift");
            }
            "delay" => self.delay = words.span(),
            "reports" => self.reports = words.word() == "on",
            "broker" => self.prompt = words.word() == "prompt",
            "show" => self.show(&mut words),
            _ => {
                self.begin();
                self.act(verb, &mut words);
            }
        }
        if verb != "policy" {
            words.end();
        }
    }

    fn act(&mut self, verb: &str, words: &mut Words<'_>) {
        match verb {
            "quiet" => (0..words.number()).for_each(|_| self.quiet_minute()),
            "until" => self.until(words.clock()),
            "wait" => self.advance(self.now + words.span()),
            "bar" => self.bars(words),
            "adopt" => self.adopt(),
            "universe" => self.watch(),
            "quote" | "halt" | "trade" | "split" | "news" => self.market_event(verb, words),
            "again" => {
                let event = self.last.clone().expect("something happened before");
                self.take(event);
            }
            "lost" => {
                self.mute = true;
                let verb = words.word();
                self.broker_event(verb, words);
                self.mute = false;
            }
            _ if notices::VERBS.contains(&verb) => {
                let event = notices::event(verb, words, self.now, |name| self.slot(name));
                self.take(event);
            }
            _ if proposals::VERBS.contains(&verb) => {
                let event = proposals::event(verb, words, self.desk.engine(), &mut self.key);
                self.take(event);
            }
            "operator" => self.operator(words),
            "restart" => self.take(started()),
            "stream" | "skew" | "unauthorised" => self.world_fault(verb, words),
            "deposit" | "person" | "stranger" => self.outside(verb, words),
            "settle" | "pay" => self.without_a_trade(verb, words),
            "report" => {
                let account = self.account(words.word());
                let empty = words.takes("empty");
                self.report(account, empty);
            }
            _ => self.broker_event(verb, words),
        }
    }

    // Setting up.

    fn set_policy(&mut self, line: &str) {
        let setting = line.strip_prefix("policy").expect("the verb was read");
        let (key, value) = setting.split_once('=').expect("`policy key = value`");
        self.policy.insert(key.trim().to_owned(), value.trim().to_owned());
    }

    fn set_accounts(&mut self, words: &mut Words<'_>) {
        self.accounts.clear();
        while let Some(name) = words.next() {
            self.accounts.push(name.to_owned());
        }
        self.accounts.sort();
    }

    fn add_symbol(&mut self, words: &mut Words<'_>) {
        let ticker = Ticker::parse(words.word()).expect("a ticker");
        let sector = words.word().into();
        let close = words.price();
        let (mut drift, mut fractionable, mut shortable) = (0, true, true);
        while let Some(word) = words.next() {
            match word {
                "rising" | "falling" => drift = self::drift(word).expect("a drift"),
                "whole" => fractionable = false,
                "unborrowable" => shortable = false,
                _ => panic!("`{word}` says nothing about a symbol"),
            }
        }
        let listing = Listing { ticker, sector, fractionable, shortable };
        self.symbols.push(Symbol { listing, close, drift, minutes: 0 });
    }

    fn open_session(&mut self, date: &str) {
        let date = Date::parse(date).expect("a date");
        let session = Session::on(date).expect("the exchange is open on that date");
        self.minute = session.open();
        // A broker reports the executions of a session, not of its whole life.
        self.desk.venue.vaults.iter_mut().for_each(|vault| vault.older.append(&mut vault.fills));
        self.advance(session.open().later(self.now));
    }

    /// Before anything happens the desk is started and told its policy and its symbols.
    fn begin(&mut self) {
        if self.begun {
            return;
        }
        self.begun = true;
        let vault = |name: &String| {
            let cash = self.cash.get(name).copied().unwrap_or(Money::dollars(100_000));
            Vault { cash, ..Vault::default() }
        };
        self.desk.venue.vaults = self.accounts.iter().map(vault).collect();
        self.take(started());
        self.adopt();
        self.watch();
    }

    fn adopt(&mut self) {
        let mut lines: Vec<_> =
            self.policy.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        for name in &self.accounts {
            // A script that says nothing of options is about shares.
            for kind in ["options", "verticals", "secured_puts", "covered_calls"] {
                let setting = format!("accounts.{name}.{kind}");
                if !self.policy.contains_key(&setting) {
                    lines.push(format!("{setting} = false"));
                }
            }
        }
        let policy = Policy::from_toml(&lines.join("\n"))
            .unwrap_or_else(|problems| panic!("the script's policy: {problems:?}"));
        self.version.0 += 1;
        let adopted = PolicyAdopted { version: self.version, policy, who: "script".into() };
        self.take(Event::PolicyAdopted(Box::new(adopted)));
    }

    fn watch(&mut self) {
        let listings = self.symbols.iter().map(|symbol| symbol.listing.clone()).collect();
        self.take(Event::Universe(Universe { listings }));
    }

    // The market.

    fn quiet_minute(&mut self) {
        let bars: Vec<_> = self.symbols.iter_mut().map(|symbol| Some(symbol.quiet())).collect();
        self.feed(&bars);
    }

    fn until(&mut self, (hour, minute): (u8, u8)) {
        let (date, _) = new_york(self.minute);
        let end = at_new_york(date, hour, minute);
        assert!(self.minute <= end, "it is later than {hour}:{minute:02}");
        while self.minute < end {
            self.quiet_minute();
        }
    }

    /// `bar ACME 101.85 2200 , BOLT none`: one minute; symbols that are not named are quiet.
    fn bars(&mut self, words: &mut Words<'_>) {
        let mut named = BTreeMap::new();
        while words.left() != 0 {
            let mut one = Vec::new();
            while let Some(word) = words.next().filter(|word| *word != ",") {
                one.push(word);
            }
            let (index, rest) = (self.slot(one[0]).index(), one[1..].join(" "));
            named.insert(index, rest);
        }
        let mut bars = Vec::new();
        for (index, symbol) in self.symbols.iter_mut().enumerate() {
            let bar = match named.get(&index).map(String::as_str) {
                None => Some(symbol.quiet()),
                Some("none") => None,
                Some(text) => {
                    let bar = Words::of(text).bar(symbol.close);
                    symbol.close = bar.close;
                    Some(bar)
                }
            };
            bars.push(bar);
        }
        self.feed(&bars);
    }

    fn feed(&mut self, bars: &[Option<Bar>]) {
        let mut minute = Minute::of_length(self.minute, bars.len());
        for (slot, (bar, symbol)) in (0..).map(Slot).zip(bars.iter().zip(&self.symbols)) {
            if let Some(bar) = bar {
                minute.set(slot, *bar);
            } else {
                let ticks = i32::try_from(symbol.close.ticks()).expect("prices are small");
                minute.carry(slot, ticks);
            }
        }
        self.minute = minute.end();
        self.advance((minute.end() + self.delay).later(self.now));
        self.take(Event::Minute(minute));
    }

    fn market_event(&mut self, verb: &str, words: &mut Words<'_>) {
        let name = words.word();
        let slot = self.slot(name);
        let event = match verb {
            "quote" => {
                let (bid, ask) = (words.price().ticks(), words.price().ticks());
                let age = if words.takes("age") { words.span() } else { Span::ZERO };
                Event::Quote(Quote { slot, bid, ask, at: self.now - age })
            }
            "halt" => Event::Halt(Halt { slot, halted: true }),
            "trade" => Event::Halt(Halt { slot, halted: false }),
            "split" => {
                let (new, old) = words.word().split_once(':').expect("`split ACME 2:1`");
                let shares = |word: &str| word.parse().expect("a number of shares");
                let split = Split { slot, numerator: shares(new), denominator: shares(old) };
                self.split_at_the_broker(split);
                Event::Split(split)
            }
            _ => {
                let ticker = Ticker::parse(name).expect("a ticker");
                let sentiment = words.ratio();
                let confidence = if words.takes("confidence") { words.ratio() } else { 1.0 };
                let story = if words.takes("story") { words.number().unsigned_abs() } else { 1 };
                Event::Reading(Reading { story, ticker, sentiment, confidence })
            }
        };
        self.take(event);
    }

    fn split_at_the_broker(&mut self, split: Split) {
        let symbol = &mut self.symbols[split.slot.index()];
        symbol.close = split.price(symbol.close);
        let ticker = symbol.listing.ticker;
        for vault in &mut self.desk.venue.vaults {
            let before = std::mem::take(&mut vault.holdings);
            for (instrument, held) in before {
                let (after, count) = split.instrument(instrument);
                let held = match instrument {
                    _ if instrument.underlying() != ticker => (instrument, held),
                    Instrument::Equity(_) => (after, split.quantity(held)),
                    Instrument::Option(_) | Instrument::Vertical(_) => (after, held.times(count)),
                };
                vault.holdings.insert(held.0, held.1);
            }
        }
    }

    // The broker.

    fn broker_event(&mut self, verb: &str, words: &mut Words<'_>) {
        if verb == "orphan" {
            return self.orphan(words);
        }
        let number = words.order();
        let there = self.desk.venue.orders.len();
        assert!(number <= there, "there is no order #{number}; so far:\n{}", self.told.join("\n"));
        let intent = self.desk.venue.order(number).intent;
        let ours = |asked: Asked, answer: Answer| {
            let (account, intent) = (intent.account, intent.id);
            Event::Reply(Reply { account, intent, asked, answer })
        };
        let event = match verb {
            "accept" => {
                let update = self.desk.venue.set(number, OrderStatus::New);
                ours(Asked::Submit, Answer::Known(update))
            }
            "reject" => {
                let refusal = words.refusal();
                let may_exist = matches!(refusal, Refusal::DuplicateId | Refusal::AlreadyReplaced);
                if !may_exist {
                    self.desk.venue.order(number).status = None;
                }
                ours(Asked::Submit, Answer::Refused(refusal))
            }
            "unclear" => ours(Asked::Submit, Answer::Unclear(Unclear::TimedOut)),
            "answer" => {
                let known = self.desk.venue.update(number);
                ours(Asked::Lookup, known.map_or(Answer::NotFound, Answer::Known))
            }
            "unanswered" => ours(Asked::Lookup, Answer::Unclear(Unclear::ServerError)),
            "keeps" => ours(Asked::Cancel, Answer::Refused(Refusal::NotCancelable)),
            // The venue puts the order in the place of the one that it replaces.
            "swap" => {
                let old = self.desk.venue.swap(number);
                let new = self.desk.venue.update(number).expect("it was just taken");
                self.take(Event::Order(old));
                Event::Order(new)
            }
            // A person replaces it: what was left is now a foreign order.
            "replaced" => Event::Order(self.desk.venue.replace_by_hand(number)),
            "fill" => return self.fill(number, words),
            "bust" => Event::Bust(Bust { execution: self.desk.venue.bust(number) }),
            "cancelled" => Event::Order(self.desk.venue.set(number, OrderStatus::Cancelled)),
            "expired" => Event::Order(self.desk.venue.set(number, OrderStatus::Expired)),
            "says" => return self.says(number, words),
            _ => panic!("`{verb}` is no verb of a script"),
        };
        self.take(event);
    }

    /// `fill #1 100 at 101.90`: the execution, then the order's new state.
    fn fill(&mut self, number: usize, words: &mut Words<'_>) {
        let rest = self.desk.venue.rest(number);
        let quantity = if words.takes("all") { rest } else { words.quantity() };
        words.expect("at");
        let price = words.price();
        let fill = self.desk.venue.fill(number, quantity, price, self.now);
        let update = self.desk.venue.update(number).expect("a filled order is known");
        self.take(Event::Fill(fill));
        if !words.takes("only") {
            let fill = self.last.clone();
            self.take(Event::Order(update));
            self.last = fill;
        }
    }

    /// `says #1 new 0`: a message of the stream that need not be true.
    fn says(&mut self, number: usize, words: &mut Words<'_>) {
        let status = match words.word() {
            "accepted" => OrderStatus::Accepted,
            "new" => OrderStatus::New,
            "partly_filled" => OrderStatus::PartiallyFilled,
            "filled" => OrderStatus::Filled,
            "cancelled" => OrderStatus::Cancelled,
            "pending_replace" => OrderStatus::PendingReplace,
            other => OrderStatus::Other(other.into()),
        };
        let intent = self.desk.venue.order(number).intent;
        self.take(Event::Order(OrderUpdate {
            account: intent.account,
            order: OrderRef::Ours(intent.id),
            venue: VenueId(number as u128),
            status,
            filled: words.quantity(),
        }));
    }

    /// `orphan large 77`: a working order with our id that the journal does not know.
    fn orphan(&mut self, words: &mut Words<'_>) {
        let account = self.account(words.word());
        let venue = VenueId(u128::try_from(words.number()).expect("a positive number"));
        let order = OrderRef::Ours(IntentId { cause: Seq(1_000_000), leg: 0 });
        let (status, filled) = (OrderStatus::New, Quantity::ZERO);
        self.take(Event::Order(OrderUpdate { account, order, venue, status, filled }));
    }

    /// `deposit large 500`, `person large buy 10 ACME at 100.00`, and `stranger large gone` for an
    /// order that a person put in the place of one of ours: not the desk's doing.
    fn outside(&mut self, verb: &str, words: &mut Words<'_>) {
        let account = self.account(words.word());
        if verb == "deposit" {
            self.desk.venue.vaults[usize::from(account.0)].cash += words.money();
            return;
        }
        if verb == "stranger" && words.takes("gone") {
            return self.desk.venue.strangers.retain(|(whose, _)| *whose != account);
        }
        let side = if words.word() == "buy" { Side::Buy } else { Side::Sell };
        let quantity = words.quantity();
        let instrument = Instrument::Equity(Ticker::parse(words.word()).expect("a ticker"));
        words.expect("at");
        let price = words.price();
        let by = (OrderRef::Foreign(VenueId(u128::MAX)), self.now);
        let fill = self.desk.venue.execute((account, instrument), side, (quantity, price), by);
        self.take(Event::Fill(fill));
    }

    /// A report out of turn; an empty one shows the cash and nothing else.
    fn report(&mut self, account: AccountId, empty: bool) {
        let mut report = self.desk.venue.report(account);
        if empty {
            report.holdings.clear();
            report.open_orders.clear();
            report.fills.clear();
        }
        self.take(Event::Report(report));
    }

    /// `settle large ACME 2026-03-20 P 95 -1 assigned at 92.00` and `pay large ACME 0.50`: the
    /// broker books contracts that leave, or a dividend on the shares that are held.
    fn without_a_trade(&mut self, verb: &str, words: &mut Words<'_>) {
        let account = self.account(words.word());
        let ticker = Ticker::parse(words.word()).expect("a ticker");
        let id = self.desk.venue.next_execution();
        let event = if verb == "pay" {
            let share = Instrument::Equity(ticker);
            let vault = &mut self.desk.venue.vaults[usize::from(account.0)];
            let shares = vault.holdings.get(&share).copied().unwrap_or_default();
            let (amount, at) = (words.money(), self.now);
            let payout = Payout { id, account, ticker, shares, amount, at };
            vault.cash += payout.cash();
            Event::Payout(payout)
        } else {
            let (contract, quantity) = (past::contract(ticker, words), words.quantity());
            let kind = match words.word() {
                "expired" => SettlementKind::Expired,
                "exercised" => SettlementKind::Exercised,
                _ => SettlementKind::Assigned,
            };
            words.expect("at");
            let (underlying, at) = (words.price(), self.now);
            let settlement = Settlement { id, account, contract, quantity, kind, underlying, at };
            self.desk.venue.settle(&settlement);
            Event::Settlement(settlement)
        };
        self.take(event);
    }

    /// `history ACME 2026-01-05 62 0.20 0.40`: so many sessions from a date on, in which the share
    /// stands still and the volatility of its contracts goes from one number to another.
    fn history(&mut self, words: &mut Words<'_>) {
        let (slot, first) = (self.slot(words.word()), notices::date(words));
        let (count, from, to) = (words.number(), words.ratio(), words.ratio());
        let mut date = first;
        for index in 0..count {
            let session = Session::next(date.plus_days(-1));
            date = session.date().plus_days(1);
            self.open_session(&session.date().to_string());
            self.begin();
            let part = past::part(index, count);
            for start in [session.open(), session.close() - Span::from_minutes(16)] {
                self.minute = start;
                self.quiet_minute();
            }
            let spot = self.symbols[slot.index()].close;
            let volatility = from + (to - from) * part;
            let quotes = past::quotes(spot, volatility, (session, self.now));
            self.take(Event::Chain(Chain { slot, at: self.now, quotes }));
            self.minute = session.close() - Minute::LENGTH;
            self.quiet_minute();
        }
        self.told = vec![format!("{count} sessions pass")];
    }

    // People and faults.

    fn operator(&mut self, words: &mut Words<'_>) {
        let command = match words.word() {
            "halt" => Command::Halt,
            "reduce" => Command::Reduce,
            "flatten" => Command::Flatten,
            "resume" => Command::Resume,
            "close" => {
                let order = words.order();
                Command::Close(PositionId(self.desk.venue.order(order).intent.id))
            }
            other => panic!("`{other}` is no command"),
        };
        self.key += 1;
        let (who, why, key) = ("ann".into(), "script".into(), self.key);
        self.take(Event::Operator(OperatorCommand { command, who, why, key }));
    }

    fn world_fault(&mut self, verb: &str, words: &mut Words<'_>) {
        let fault = match verb {
            "stream" if words.takes("lost") => WorldFault::StreamLost(self.account(words.word())),
            "stream" => {
                words.expect("back");
                WorldFault::StreamBack(self.account(words.word()))
            }
            "skew" => WorldFault::ClockSkew(words.number()),
            _ => WorldFault::Unauthorised(self.account(words.word())),
        };
        self.take(Event::Fault(fault));
    }

    // The loop.

    /// Moves the clock and wakes the desk whenever it asked to be.
    fn advance(&mut self, to: Time) {
        for _ in 0..100_000 {
            let due = self.desk.engine().next_wake().filter(|wake| self.begun && *wake <= to);
            let Some(wake) = due else {
                self.now = to;
                return;
            };
            self.now = wake.later(self.now);
            self.take(Event::Tick);
        }
        panic!("the desk asks to be woken without end");
    }

    /// Delivers an event, tells what the desk did, and lets the broker answer reports.
    fn take(&mut self, event: Event) {
        if self.mute {
            return;
        }
        let mut waiting = VecDeque::from([event.clone()]);
        while let Some(event) = waiting.pop_front() {
            self.desk.clock_mut().0 = self.now;
            let decision = self.desk.take(event).expect("a journal in memory does not fail");
            let requests = std::mem::take(&mut self.desk.venue.arrived);
            for request in &requests {
                match request {
                    Request::Submit(approved) => {
                        let number = self.desk.venue.number(approved.intent());
                        if self.prompt {
                            waiting.extend(self.serve(number));
                        }
                    }
                    Request::Report { account } if self.reports => {
                        waiting.push_back(Event::Report(self.desk.venue.report(*account)));
                    }
                    Request::Report { .. }
                    | Request::Cancel { .. }
                    | Request::CancelForeign { .. }
                    | Request::Lookup { .. }
                    | Request::Chain(_)
                    | Request::Quote(_) => {}
                }
            }
            self.tell(&decision);
        }
        self.last = Some(event);
    }

    /// A prompt broker takes an order and fills it at its limit, or at the last price.
    fn serve(&mut self, number: usize) -> [Event; 3] {
        let intent = self.desk.venue.order(number).intent;
        let slot = self.slot(intent.instrument.underlying().as_str());
        let price = match intent.kind {
            OrderKind::Limit(price) => price,
            OrderKind::Market | OrderKind::Stop(_) | OrderKind::StopLimit { .. } => {
                let told = self.engine().market().mark(intent.instrument, slot);
                told.expect("somebody said what it is worth")
            }
        };
        let update = self.desk.venue.set(number, OrderStatus::New);
        let fill = self.desk.venue.fill(number, intent.quantity, price, self.now);
        let filled = self.desk.venue.update(number).expect("a filled order is known");
        let (asked, answer) = (Asked::Submit, Answer::Known(update));
        let reply = Reply { account: intent.account, intent: intent.id, asked, answer };
        [Event::Reply(reply), Event::Fill(fill), Event::Order(filled)]
    }

    fn tell(&mut self, decision: &backsight_domain::decision::Decision) {
        let teller = Teller { engine: self.desk.engine(), broker: &self.desk.venue };
        let reasons = decision.because.iter().map(|reason| teller.reason(reason));
        let effects = decision.effects.iter().filter_map(|effect| teller.effect(effect));
        let told: Vec<_> =
            reasons.chain(effects).map(|line| format!("{} {line}", clock(self.now))).collect();
        self.told.extend(told);
        for reason in &decision.because {
            if let backsight_domain::decision::Reason::Verdict(verdict) = reason {
                self.verdicts.retain(|known| known.account != verdict.account);
                self.verdicts.push((**verdict).clone());
            }
        }
    }

    // Looking.

    fn show(&mut self, words: &mut Words<'_>) {
        let what = words.word();
        let engine = self.desk.engine();
        let teller = Teller { engine, broker: &self.desk.venue };
        let lines: Vec<String> = match what {
            "state" => vec![format!("the desk is {}", engine.state())],
            "positions" => engine
                .positions()
                .map(|held| {
                    let leaving = held.leaving.map_or(String::new(), |leaving| {
                        format!(", leaving: {}, try {}", leaving.reason, leaving.tries)
                    });
                    format!(
                        "{} holds {} {} at {}{leaving}",
                        teller.account(held.account),
                        held.quantity,
                        told(held.instrument),
                        held.track.entry
                    )
                })
                .collect(),
            "orders" => engine
                .orders()
                .map(|order| {
                    let (id, phase) = (teller.order(order.intent.id), order.phase());
                    format!("{id} {phase}, {} of {} filled", order.filled, order.intent.quantity)
                })
                .collect(),
            "cash" => engine
                .accounts()
                .iter()
                .map(|account| {
                    let equity =
                        engine.equity(account.id).map_or("?".to_owned(), |m| format!("${m}"));
                    let open = if account.is_reconciled() { "agreed" } else { "in doubt" };
                    let name = teller.account(account.id);
                    format!("{name} cash ${}, equity {equity}, {open}", account.cash())
                })
                .collect(),
            "ghosts" => engine
                .ghosts()
                .iter()
                .map(|ghost| {
                    format!("a ghost of {} at {}", told(ghost.instrument), ghost.track.entry)
                })
                .collect(),
            "proposals" => proposals::lines(engine),
            "setting" => {
                let path = words.word();
                let value = engine.policy().setting(path).expect("a setting");
                vec![format!("{path} is {value}")]
            }
            "gates" => {
                let account = self.account(words.word());
                let verdict = self.verdicts.iter().find(|v| v.account == account);
                let verdict = verdict.expect("the account judged a signal");
                verdict.checks.iter().map(|check| told_check(&check)).collect()
            }
            "features" => {
                let slot = self.slot(words.word());
                vec![format!("{:?}", engine.market().features(slot, engine.policy(), engine.now()))]
            }
            _ => panic!("`{what}` cannot be shown"),
        };
        let lines = if lines.is_empty() { vec![format!("no {what}")] } else { lines };
        self.told.extend(lines.into_iter().map(|line| format!("  {line}")));
    }

    fn account(&self, name: &str) -> AccountId {
        let place = self.accounts.iter().position(|known| known == name);
        let place = place.unwrap_or_else(|| panic!("no account `{name}`"));
        AccountId(u8::try_from(place).expect("accounts are few"))
    }

    fn slot(&self, name: &str) -> Slot {
        let place = self.symbols.iter().position(|s| s.listing.ticker.as_str() == name);
        let place = place.unwrap_or_else(|| panic!("no symbol `{name}`"));
        Slot(u16::try_from(place).expect("symbols are few"))
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.desk.engine()
    }

    /// What the journal holds of what happened.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let entries = self.desk.log().records().filter_map(|stamped| match stamped.record {
            Record::Entry(entry) => Some(entry),
            Record::Decision(_) => None,
        });
        entries.collect()
    }

    /// Replays the journal into a new engine, and from a snapshot of its middle.
    pub(crate) fn replay(&self) {
        let records: Vec<_> = self.desk.log().records().collect();
        let middle = records.len() / 2;
        let mut engine = Engine::new();
        let mut decided = None;
        for (index, stamped) in records.iter().enumerate() {
            if index == middle {
                let snapshot = engine.snapshot();
                engine = Engine::restore(&snapshot).expect("a snapshot can be read");
                assert_eq!(engine.snapshot(), snapshot, "a restored engine is equal");
            }
            match &stamped.record {
                Record::Entry(entry) => {
                    assert!(decided.is_none(), "a decision is missing before {}", entry.seq);
                    let decision = engine.step(entry).decision;
                    decided = Some(decision).filter(|decision| !decision.is_empty());
                }
                Record::Decision(decision) => {
                    assert_eq!(decided.take().as_ref(), Some(decision), "at {}", stamped.seq);
                }
            }
        }
        assert!(decided.is_none(), "the last decision is missing");
        assert_eq!(engine.fingerprint(), self.desk.engine().fingerprint(), "equal ends");
    }
}

/// Ticks a minute that a word asks for.
fn drift(word: &str) -> Option<i64> {
    match word {
        "rising" => Some(100),
        "falling" => Some(-100),
        "still" => Some(0),
        _ => None,
    }
}

fn started() -> Event {
    let desk = DeskName(Ticker::parse("SCRIPT").expect("a name"));
    Event::Started(Started { desk, build: "script".into(), mode: Mode::Simulated })
}
