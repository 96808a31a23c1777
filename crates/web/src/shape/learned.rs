//! What was learned, as the API tells it.

use backsight_domain::proposal::ProposalStage;
use backsight_engine::proposal::Proposal as Filed;
use backsight_learning::bootstrap::Interval;
use backsight_learning::calibration::{Calibration as Calibrated, calibrations};
use backsight_learning::gates::{Worth, ledger};
use backsight_learning::missed::{Declined, Obstacle, What, missed};
use backsight_learning::past::Past;
use backsight_learning::reports::{Question, report};
use backsight_learning::sample::{Calendar, Sample, Saying};
use serde::Serialize;
use utoipa::ToSchema;

use super::dollars;
use crate::api::Page;
use crate::mirror::Mirror;

/// What the refusals of one gate were worth.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct GateValue {
    /// The gate.
    pub(crate) gate: String,
    /// The account.
    pub(crate) account: String,
    /// How often it refused.
    pub(crate) refusals: u64,
    /// How often it was the first that refused.
    pub(crate) firsts: u64,
    /// How often it alone refused.
    pub(crate) lonely: u64,
    /// What it saved where it alone refused; below zero it cost.
    pub(crate) alone: Estimate,
    /// Its equal part of what it saved together with others.
    pub(crate) joint: Estimate,
    /// What it saved where it refused first.
    pub(crate) first: Estimate,
}

/// A sum with how sure it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Estimate {
    /// How many ended.
    pub(crate) n: usize,
    /// The sum in units of the risk.
    pub(crate) r: Option<f64>,
    /// The sum in dollars.
    pub(crate) usd: Option<f64>,
    /// The lower end of the interval of `r`; `null` with too few.
    pub(crate) low: Option<f64>,
    /// The upper end.
    pub(crate) high: Option<f64>,
    /// One of them in units of the risk.
    pub(crate) each: Option<f64>,
    /// How many more are needed before anything is said.
    pub(crate) needs: usize,
}

impl Estimate {
    fn of(worth: &Worth) -> Self {
        let sample = &worth.r;
        let count = sample.record.count;
        let needs = missing(sample);
        let interval = sample.sum_interval.filter(|_| needs == 0);
        Self {
            n: count,
            r: (0 < count).then(|| sample.sum()),
            usd: (0 < count).then(|| dollars(worth.money)),
            low: interval.map(|it| it.low),
            high: interval.map(|it| it.high),
            each: sample.record.expectancy,
            needs,
        }
    }
}

/// What each gate was worth, by account.
pub(crate) fn gates(past: &Past, calendar: &Calendar) -> Page<GateValue> {
    let rows = ledger(&past.history, calendar, past.policy().lookback.near_pct);
    let items = rows.iter().map(|row| GateValue {
        gate: row.gate.name().to_owned(),
        account: past.account_name(row.account).to_owned(),
        refusals: row.refusals,
        firsts: row.firsts,
        lonely: row.lonely,
        alone: Estimate::of(&row.alone),
        joint: Estimate::of(&row.joint),
        first: Estimate::of(&row.first),
    });
    Page { items: items.collect(), next: None }
}

/// A signal that was refused, and what it would have made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Missed {
    /// The signal.
    pub(crate) id: String,
    /// The record that caused it.
    pub(crate) seq: u64,
    /// When.
    pub(crate) at: String,
    /// The symbol.
    pub(crate) symbol: String,
    /// The rule set.
    pub(crate) playbook: String,
    /// `long` or `short`.
    pub(crate) direction: String,
    /// 0 to 1.
    pub(crate) confidence: f64,
    /// The first gate that stood in the way.
    pub(crate) gate: String,
    /// Every gate that did.
    pub(crate) gates: Vec<String>,
    /// `missed`, `even` or `spared`.
    pub(crate) verdict: String,
    /// Whether one gate alone stood in the way: `alone`, or `together`.
    pub(crate) category: String,
    /// What it would have made in units of the risk.
    pub(crate) r: f64,
    /// What it would have made at the sizes that were refused, in dollars.
    pub(crate) worth: f64,
    /// The best it would have been, in percent of the entry.
    pub(crate) mfe_pct: Option<f64>,
    /// The worst it would have been.
    pub(crate) mae_pct: Option<f64>,
    /// How many more like it came while it was under way.
    pub(crate) repeats: u32,
}

/// Refused signals whose end is known and that fit, newest first: a page of those before a record.
pub(crate) fn missed_signals(
    past: &Past,
    (before, limit): (u64, usize),
    fits: impl Fn(&Missed) -> bool,
) -> Page<Missed> {
    let mut rows: Vec<Missed> = missed(past).iter().filter_map(missed_row).collect();
    rows.retain(|row| row.seq < before && fits(row));
    rows.sort_by_key(|row| std::cmp::Reverse(row.seq));
    let mut page = Page { items: Vec::new(), next: None };
    for row in rows {
        let last = page.items.last().map(|row: &Missed| row.seq);
        // Signals of one record stay on one page.
        if limit <= page.items.len() && last != Some(row.seq) {
            page.next = last;
            break;
        }
        page.items.push(row);
    }
    page
}

fn missed_row(declined: &Declined) -> Option<Missed> {
    let What::Signal { id, playbook, confidence } = declined.what else { return None };
    let made = declined.made?;
    let mut gates: Vec<String> = declined.obstacles.iter().map(Obstacle::name).collect();
    gates.dedup();
    Some(Missed {
        id: id.to_string(),
        seq: id.cause.0,
        at: declined.at.to_string(),
        symbol: declined.ticker.as_str().to_owned(),
        playbook: playbook.to_string(),
        direction: declined.direction.map(|it| it.to_string()).unwrap_or_default(),
        confidence,
        gate: gates.first().cloned().unwrap_or_default(),
        category: (if gates.len() == 1 { "alone" } else { "together" }).to_owned(),
        gates,
        verdict: declined.judgement.to_string(),
        r: made.r?,
        worth: made.money.map_or(0.0, dollars),
        mfe_pct: Some(made.best_pct),
        mae_pct: Some(made.worst_pct),
        repeats: declined.repeats,
    })
}

/// What the desk's past says about its rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LearningReport {
    /// Up to when.
    pub(crate) at: String,
    /// Sessions that were looked at.
    pub(crate) sessions: usize,
    /// Whether confidence is what it says, by playbook and by who read the news.
    pub(crate) calibration: Vec<Calibration>,
    /// Results by what signals had in common.
    pub(crate) tables: Vec<EffectTable>,
    /// What nothing can be said about yet.
    pub(crate) silent: Vec<Silence>,
}

/// Whether the confidence of one group is what it says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Calibration {
    /// The group.
    pub(crate) name: String,
    /// How many ended.
    pub(crate) n: usize,
    /// The Brier score; 0 is best.
    pub(crate) brier: Option<f64>,
    /// What it is better than always saying the same.
    pub(crate) skill: Option<f64>,
    /// The bins of the curve.
    pub(crate) bins: Vec<Bin>,
}

/// One bin of a reliability curve.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Bin {
    /// Its lower edge.
    pub(crate) low: f64,
    /// Its upper edge.
    pub(crate) high: f64,
    /// How many.
    pub(crate) n: usize,
    /// The mean confidence.
    pub(crate) said: f64,
    /// The share that won.
    pub(crate) was: f64,
    /// The lower end of its interval.
    pub(crate) was_low: Option<f64>,
    /// The upper end.
    pub(crate) was_high: Option<f64>,
}

/// Results by one thing that signals have in common.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct EffectTable {
    /// What.
    pub(crate) name: String,
    /// Its values.
    pub(crate) rows: Vec<Effect>,
}

/// The results of one value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Effect {
    /// What is divided by.
    pub(crate) name: String,
    /// The value.
    pub(crate) value: String,
    /// How many trades ended.
    pub(crate) n: usize,
    /// The share that won.
    pub(crate) win_rate: Option<f64>,
    /// One of them in units of the risk.
    pub(crate) r: Option<f64>,
    /// The lower end of its interval.
    pub(crate) low: Option<f64>,
    /// The upper end.
    pub(crate) high: Option<f64>,
    /// Ghosts of the same value that ended.
    pub(crate) ghosts: usize,
    /// One of them in units of the risk.
    pub(crate) ghosts_r: Option<f64>,
}

/// Something about which nothing can be said yet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Silence {
    /// What.
    pub(crate) about: String,
    /// How many results are needed.
    pub(crate) needs: usize,
    /// How many there are.
    pub(crate) has: usize,
}

/// What the past says.
pub(crate) fn learning(past: &Past, calendar: &Calendar) -> LearningReport {
    let calibration: Vec<Calibrated> = calibrations(past, calendar);
    let mut silent: Vec<Silence> = calibration
        .iter()
        .filter(|it| 0 < it.missing())
        .map(|it| silence(&format!("confidence of {}", it.group), it.count, it.missing()))
        .collect();
    let tables = Question::ALL.map(|question| {
        let rows = report(past, calendar, question);
        let name = question.to_string();
        for row in rows.iter().filter(|row| 0 < missing(&row.trades)) {
            let (has, missing) = (row.trades.record.count, missing(&row.trades));
            silent.push(silence(&format!("{name}: {}", row.name), has, missing));
        }
        let rows = rows.iter().map(|row| effect(&name, &row.name, (&row.trades, &row.ghosts)));
        EffectTable { rows: rows.collect(), name }
    });
    LearningReport {
        at: past.history.at.to_string(),
        sessions: calendar.len(),
        calibration: calibration.iter().map(Calibration::of).collect(),
        tables: tables.into_iter().collect(),
        silent,
    }
}

fn silence(about: &str, has: usize, missing: usize) -> Silence {
    Silence { about: about.to_owned(), needs: has + missing, has }
}

/// How many more results are needed before a sample says anything.
fn missing(sample: &Sample) -> usize {
    match sample.says() {
        Saying::Nothing(missing) => missing,
        Saying::FewSessions | Saying::Unclear | Saying::Gains | Saying::Loses => 0,
    }
}

fn effect(name: &str, value: &str, (trades, ghosts): (&Sample, &Sample)) -> Effect {
    let interval: Option<Interval> = trades.interval.filter(|_| missing(trades) == 0);
    let share = |part: usize, whole: usize| (0 < whole).then(|| ratio(part, whole));
    Effect {
        name: name.to_owned(),
        value: value.to_owned(),
        n: trades.record.count,
        win_rate: share(trades.record.wins, trades.record.count),
        r: trades.record.expectancy,
        low: interval.map(|it| it.low),
        high: interval.map(|it| it.high),
        ghosts: ghosts.record.count,
        ghosts_r: ghosts.record.expectancy,
    }
}

#[expect(clippy::cast_precision_loss, reason = "results are far fewer than 2^53")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

impl Calibration {
    fn of(it: &Calibrated) -> Self {
        let bins = it.curve.iter().map(|bin| Bin {
            low: bin.from,
            high: bin.to,
            n: bin.count,
            said: bin.confidence,
            was: bin.won,
            was_low: bin.interval.map(|it| it.low),
            was_high: bin.interval.map(|it| it.high),
        });
        Self {
            name: it.group.to_string(),
            n: it.count,
            brier: (0 < it.count).then_some(it.brier),
            skill: it.skill,
            bins: bins.collect(),
        }
    }
}

/// A change of the policy that the past speaks for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Proposal {
    /// Its identity.
    pub(crate) id: String,
    /// Since when it is where it is.
    pub(crate) at: String,
    /// `pending`, `approved`, `shadow`, `canary`, `adopted`, `rejected`, `expired`, `withdrawn`.
    pub(crate) state: String,
    /// What would change, in a line.
    pub(crate) title: String,
    /// The first setting that would change.
    pub(crate) path: String,
    /// Its value.
    pub(crate) from: String,
    /// The value that is proposed.
    pub(crate) to: String,
    /// Closed trades that the change concerns.
    pub(crate) n: u32,
    /// Sessions that were looked at.
    pub(crate) sessions: u32,
    /// What it adds to a session, in units of the risk.
    pub(crate) effect: Option<f64>,
    /// The lower end of the interval of that.
    pub(crate) low: Option<f64>,
    /// The upper end.
    pub(crate) high: Option<f64>,
    /// The same in the last sessions, which nothing else was measured on.
    pub(crate) out_of_time: Option<f64>,
    /// Without its best session.
    pub(crate) without_best: Option<f64>,
    /// At twice the costs.
    pub(crate) stressed: Option<f64>,
    /// Candidate policies ever tried when it was found.
    pub(crate) tried: u64,
    /// How often chance alone would look like this.
    pub(crate) p: Option<f64>,
    /// The same, given everything that was tried.
    pub(crate) q: Option<f64>,
    /// How sure a positive Sharpe ratio is, given everything that was tried.
    pub(crate) deflated_sharpe: Option<f64>,
    /// How often the best candidate of one half is below the middle of the other.
    pub(crate) pbo: Option<f64>,
    /// What was added up to the end of each of a few equal stretches.
    pub(crate) curve: Vec<f64>,
    /// When nobody may want it any more; told by sessions, so never known as a time.
    pub(crate) expires: Option<String>,
    /// What somebody wrote about it. It has no authority.
    pub(crate) because: String,
    /// What it added since it is followed, in units of the risk.
    pub(crate) gained: f64,
    /// Sessions in which it was followed.
    pub(crate) followed: u32,
    /// What people did with it.
    pub(crate) history: Vec<Step>,
}

/// What somebody did with a proposal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Step {
    /// When.
    pub(crate) at: String,
    /// What: `approve`, `reject`, `withdraw`.
    pub(crate) state: String,
    /// Who.
    pub(crate) who: String,
    /// Why.
    pub(crate) why: String,
}

impl Proposal {
    /// Tells a proposal.
    pub(crate) fn of(filed: &Filed, mirror: &Mirror) -> Self {
        let (finding, evidence) = (&filed.finding, &filed.finding.evidence);
        let known = |value: f64| value.is_finite().then_some(value);
        let first = finding.changes.first();
        let title = finding.changes.iter();
        let title = title.map(|it| format!("{}: {} to {}", it.path, it.from, it.to));
        let id = filed.id.to_string();
        let deeds = mirror.deeds.iter().filter(|deed| {
            deed.target.as_ref() == Some(&id)
                && ["approve", "reject", "withdraw"].contains(&deed.what.as_str())
        });
        Self {
            at: filed.since.to_string(),
            state: filed.stage.to_string(),
            title: title.collect::<Vec<_>>().join(", "),
            path: first.map(|it| it.path.to_string()).unwrap_or_default(),
            from: first.map(|it| it.from.to_string()).unwrap_or_default(),
            to: first.map(|it| it.to.to_string()).unwrap_or_default(),
            n: evidence.sample,
            sessions: evidence.sessions,
            effect: known(evidence.effect),
            low: known(evidence.low),
            high: known(evidence.high),
            out_of_time: known(evidence.out_of_time),
            without_best: known(evidence.without_best),
            stressed: known(evidence.stressed),
            tried: evidence.trials,
            p: known(evidence.p),
            q: known(evidence.q),
            deflated_sharpe: known(evidence.deflated_sharpe),
            pbo: known(evidence.overfitting),
            curve: evidence.curve.clone(),
            expires: None,
            because: finding.commentary.as_deref().unwrap_or_default().to_owned(),
            gained: filed.gains.total,
            followed: filed.gains.sessions,
            history: deeds
                .map(|deed| Step {
                    at: deed.at.to_string(),
                    state: deed.what.clone(),
                    who: deed.who.to_string(),
                    why: deed.why.to_string(),
                })
                .collect(),
            id,
        }
    }

    /// Every proposal that the desk holds, those that wait for a person first.
    pub(crate) fn all(mirror: &Mirror) -> Vec<Self> {
        use ProposalStage::{
            Adopted, Approved, Canary, Expired, Pending, Rejected, Shadow, Withdrawn,
        };
        let stages = [Pending, Canary, Shadow, Approved, Adopted, Withdrawn, Rejected, Expired];
        let lessons = mirror.engine().lessons();
        let filed = stages.into_iter().flat_map(|stage| lessons.at(stage));
        filed.map(|filed| Self::of(filed, mirror)).collect()
    }
}
