//! Every gate three times: it passes, it refuses, and it refuses without what it looks at. A gate
//! without its cases fails the test.

#![expect(clippy::wildcard_enum_match_arm, reason = "each table has its part of the gates")]

use backsight_domain::notice::PastVolatility;
use backsight_domain::option::{Chain, ContractQuote};
use backsight_domain::verdict::Tried;

use super::*;

/// What a gate does not let through.
struct Cases {
    refuses: fn(&mut Case),
    lacks: Lacks,
}

/// What it is to be without what a gate looks at.
enum Lacks {
    /// The gate says that it is missing.
    Missing(fn(&mut Case)),
    /// What is not known counts as what is bad.
    Refused(fn(&mut Case)),
    /// The desk counts it itself, so that it is always there. What can be missing is the account
    /// that it is counted in, and then nothing is opened at all.
    Account,
}

/// A world, and what is planned in it.
struct Case {
    world: World,
    /// What becomes of the plan before it is judged.
    bend: fn(&mut Plan),
}

impl Case {
    /// One in which every gate is asked and passes: shares, or a contract.
    fn calm(of_options: bool) -> Self {
        let mut world = world();
        world.policy.gates.loss_streak_max = 3;
        if of_options {
            world.limits.shares = false;
            world.signal.suits_options = true;
            world.signal.horizon = Horizon::Swing;
            (world.limits.verticals, world.limits.secured_puts) = (false, false);
            quote(&mut world, Some(900));
        }
        Self { world, bend: |_| () }
    }

    fn judged(&self) -> Box<Verdict> {
        let world = &self.world;
        let mut plan = plan::plan(&world.view(), &world.signal);
        (self.bend)(&mut plan);
        judge(&world.view(), &world.signal, plan, None)
    }

    fn says(&self, gate: Gate) -> CheckOutcome {
        let found = self.judged().checks.get(gate).copied();
        found.unwrap_or_else(|| panic!("`{gate}` was not asked")).outcome()
    }
}

/// A call at the money with three weeks to go, quoted now.
fn quote(world: &mut World, volume: Option<u32>) {
    let call = ContractQuote {
        expiry: session().date().plus_days(18),
        right: Right::Call,
        strike: price(10_000),
        multiplier: 100,
        bid: 24_000,
        ask: 24_400,
        volume,
        open_interest: Some(4_000),
    };
    let chain = Chain { slot: SLOT, at: world.now, quotes: vec![call] };
    world.market.outlook.push_chain(&chain).unwrap();
}

/// Shares whose quote is this many seconds old, where one is required.
fn quoted(case: &mut Case, (age, ask): (i64, i64)) {
    let at = case.world.now - Span::from_seconds(age);
    case.world.policy.gates.quotes_required = true;
    case.world.market.quotes[0] = Some(Quote { slot: SLOT, bid: 1_000_000, ask, at });
}

fn tried(plan: &mut Plan) -> &mut Tried {
    &mut plan.choice.as_mut().expect("contracts were considered").tried[0]
}

fn no_session(case: &mut Case) {
    case.world.market.session = None;
}

fn no_equity(case: &mut Case) {
    case.world.load.equity = None;
}

fn no_chain(case: &mut Case) {
    case.world.market.outlook = crate::outlook::Outlook::default();
    case.world.market.outlook.watch(1);
}

fn no_minute(case: &mut Case) {
    case.world.market.last_minute = None;
}

/// The cases of gates about the desk, the market and the symbol.
#[expect(clippy::too_many_lines, reason = "a table")]
fn about_the_world(gate: Gate) -> Option<Cases> {
    use Lacks::{Account, Missing, Refused};

    let cases = |refuses: fn(&mut Case), lacks: Lacks| Some(Cases { refuses, lacks });
    match gate {
        Gate::TradingState => cases(
            |case| case.world.state = TradingState::Reducing,
            Refused(|case| case.world.account.known = false),
        ),
        Gate::DailyLoss => cases(
            |case| case.world.load.equity = Some(Money::dollars(99_500)),
            Missing(|case| case.world.account.session_start = None),
        ),
        Gate::WeeklyLoss => cases(
            |case| case.world.load.equity = Some(Money::dollars(98_500)),
            Missing(|case| case.world.account.week_start = None),
        ),
        Gate::LossStreak => cases(|case| case.world.account.losses_in_row = 3, Account),
        Gate::OrderRate => cases(|case| case.world.pace.last_minute = 20, Account),
        Gate::Regime => cases(
            |case| {
                let regime = Regime { index: 40.0, at: case.world.now };
                case.world.market.outlook.push_regime(regime).unwrap();
            },
            Missing(|case| case.world.policy.regime.required = true),
        ),
        Gate::SessionHours => cases(|case| case.world.now = session().open(), Missing(no_session)),
        Gate::SymbolOpen => cases(
            |case| case.world.market.halted[0] = true,
            Refused(|case| case.world.market.halted.clear()),
        ),
        Gate::CorporateAction => cases(
            |case| {
                let today = Some(session().date());
                case.world.market.outlook.symbols[0].split = today;
            },
            Missing(no_session),
        ),
        Gate::Earnings => cases(
            |case| {
                let (date, hour) = (session().date(), EarningsHour::AfterClose);
                let earnings = Earnings { slot: SLOT, date, hour };
                case.world.market.outlook.push_earnings(earnings).unwrap();
            },
            Missing(|case| case.world.policy.gates.earnings_required = true),
        ),
        Gate::BarFreshness => cases(
            |case| case.world.now = case.world.now + Span::from_seconds(121),
            Missing(no_minute),
        ),
        Gate::FeatureFreshness => cases(
            |case| case.world.now = case.world.now + Span::from_seconds(121),
            Missing(|case| case.world.signal.features.bars = 49),
        ),
        Gate::SignalFreshness => cases(
            |case| case.world.now = case.world.now + Span::from_seconds(301),
            // A signal without a time that can be is one of the future.
            Refused(|case| case.world.signal.at = session().close()),
        ),
        Gate::QuoteFreshness => cases(
            |case| quoted(case, (6, 1_000_500)),
            Missing(|case| case.world.policy.gates.quotes_required = true),
        ),
        Gate::QuoteSanity => {
            cases(|case| quoted(case, (1, 1_020_000)), Missing(|case| quoted(case, (6, 1_000_500))))
        }
        Gate::PriceCollar => cases(
            |case| case.world.price = price(10_101),
            Missing(|case| {
                let board = std::mem::take(&mut case.world.market.board);
                case.world.market.board.grow(board.symbols());
            }),
        ),
        _ => None,
    }
}

/// The cases of gates about the account and what it would trade.
fn about_the_account(gate: Gate) -> Option<Cases> {
    use Lacks::{Account, Missing, Refused};

    let cases = |refuses: fn(&mut Case), lacks: Lacks| Some(Cases { refuses, lacks });
    match gate {
        Gate::DuplicatePosition => cases(|case| case.world.load.duplicate = true, Account),
        Gate::HoldingNeeded => cases(|case| case.world.signal.playbook = Playbook::Dip, Account),
        Gate::WashTrade => cases(|case| case.world.load.crosses = true, Account),
        Gate::MaxPositions => cases(|case| case.world.load.instruments = 5, Account),
        Gate::MaxExposure => {
            cases(|case| case.world.load.exposure = Money::dollars(40_000), Account)
        }
        Gate::SectorShare => {
            cases(|case| case.world.load.in_sector = Money::dollars(40_000), Account)
        }
        Gate::SymbolDailyLimit => {
            cases(|case| (0..2).for_each(|_| case.world.account.note_opening(SLOT)), Account)
        }
        Gate::CoolDown => {
            cases(|case| case.world.account.note_trade(SLOT, case.world.now), Account)
        }
        Gate::Confidence => cases(
            |case| case.world.signal.confidence = 0.5,
            Refused(|case| case.world.signal.confidence = f64::NAN),
        ),
        Gate::ActionAllowed => cases(|case| case.world.limits.shares = false, Account),
        Gate::SellNeedsPosition => {
            cases(|case| case.world.signal.direction = Direction::Short, Account)
        }
        Gate::BuyingPower => {
            cases(|case| case.world.load.promised = Money::dollars(100_001), Missing(no_equity))
        }
        Gate::IntradayMargin => {
            cases(|case| case.world.load.exposure = Money::dollars(290_000), Missing(no_equity))
        }
        Gate::DayTrades => cases(
            |case| {
                case.world.policy.gates.legacy_day_trades = true;
                case.world.load.equity = Some(Money::dollars(24_999));
                let today = Some(session().date());
                let none = (Money::ZERO, Money::ZERO);
                (0..3).for_each(|_| case.world.account.note_closing(none, today));
            },
            Missing(|case| {
                case.world.policy.gates.legacy_day_trades = true;
                no_equity(case);
            }),
        ),
        Gate::Size => {
            cases(|case| case.world.load.equity = Some(Money::dollars(10)), Missing(no_equity))
        }
        _ => None,
    }
}

/// The cases of gates about contracts.
fn about_contracts(gate: Gate) -> Option<Cases> {
    use Lacks::Missing;

    let cases = |refuses: fn(&mut Case)| Some(Cases { refuses, lacks: Missing(no_chain) });
    match gate {
        Gate::ContractQuality => cases(|case| case.world.policy.contracts.score_min = 100),
        Gate::Liquidity => cases(|case| {
            no_chain(case);
            quote(&mut case.world, None);
        }),
        Gate::IvRank => cases(|case| {
            let values = (0..61).map(|day| 0.2 + f64::from(day) / 1000.0).collect();
            let until = Session::previous(session().date()).date();
            let past = PastVolatility { slot: SLOT, until, values };
            case.world.market.outlook.push_past(&past, case.world.now).unwrap();
        }),
        Gate::DaysToExpiry => cases(|case| {
            case.bend = |plan| tried(plan).contract.expiry = session().date().plus_days(60);
        }),
        Gate::ExpiryClock => cases(|case| {
            case.world.now = session().close() - Span::from_minutes(75);
            case.world.market.outlook.symbols[0].quoted = None;
            quote(&mut case.world, Some(900));
            case.bend = |plan| tried(plan).contract.expiry = session().date();
        }),
        _ => None,
    }
}

#[test]
fn every_gate_passes_refuses_and_refuses_without_what_it_looks_at() {
    for gate in Gate::ALL {
        let found = [about_the_world(gate), about_the_account(gate), about_contracts(gate)];
        let mut found = found.into_iter().flatten();
        let Cases { refuses, lacks } = found.next().unwrap_or_else(|| panic!("`{gate}` has none"));
        assert!(found.next().is_none(), "{gate}");
        let of_options = gate.is_about_options() || gate == Gate::CorporateAction;
        let changed = |change: fn(&mut Case)| {
            let mut case = Case::calm(of_options);
            change(&mut case);
            case
        };
        let calm = Case::calm(of_options);
        assert!(calm.judged().is_approval(), "{gate}: {:?}", calm.judged());
        assert_eq!(calm.says(gate), Pass, "{gate}");
        let refused = changed(refuses);
        assert_eq!(refused.says(gate), Refuse, "{gate}");
        assert!(!refused.judged().is_approval(), "{gate}");
        let (without, says) = match lacks {
            Lacks::Missing(change) => (changed(change), Missing),
            Lacks::Refused(change) => (changed(change), Refuse),
            Lacks::Account => (changed(|case| case.world.account.known = false), Pass),
        };
        assert_eq!(without.says(gate), says, "{gate} without");
        assert!(!without.judged().is_approval(), "{gate} without");
    }
}
