//! Whether the pipeline works as it usually does.
//!
//! Nothing is configured: each station's usual numbers are learned from the sessions before. A
//! session is compared with the median of those, in *deviations*: the median distance from the
//! median times 1.4826 (the standard deviation, were they normal), but never less than a floor, so
//! that a pipeline that never varied does not cry at the first second. A station's *component* is 1
//! as usual, 0.5 when something deserves a warning and 0 when it is critical; health is the mean of
//! the named components of stations with anything to do.
//!
//! What needs no history: a station that was given something and gave nothing.

use backsight_domain::alert::{AlertKey, Metric, Notice, Severity};
use backsight_domain::policy::LookbackPolicy;
use backsight_domain::time::{Date, Time};

use crate::past::stations::{Flow, SessionFlow, Station};
use crate::past::{Past, trading_date};

/// Sessions that a baseline looks back on.
const BASELINE: usize = 60;

/// How one session went through the pipeline.
#[derive(Clone, Debug)]
pub struct SessionHealth {
    /// The session.
    pub session: Date,
    /// Each station with anything to do.
    pub stations: Vec<StationHealth>,
    /// The mean of the components, 0 to 1; `None` before there is a baseline.
    pub health: Option<f64>,
}

/// How one station did in one session.
#[derive(Clone, Debug)]
pub struct StationHealth {
    /// The station.
    pub station: Station,
    /// What it took and gave, and how long it needed.
    pub flow: Flow,
    /// 1 as usual, 0.5 with a warning, 0 when critical; `None` before there is a baseline.
    pub component: Option<f64>,
    /// What is usual: each number with its median and the deviations from it.
    pub compared: Vec<Compared>,
}

/// One number beside what is usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// Which number.
    pub metric: Metric,
    /// What it was.
    pub value: f64,
    /// The median of the sessions before.
    pub usual: f64,
    /// How many deviations it is off, signed.
    pub deviations: f64,
}

/// The health of every session that closed, oldest first.
pub fn health(past: &Past) -> Vec<SessionHealth> {
    let rows = closed(past);
    (0..rows.len()).map(|place| judge_session(past, &rows, place).0).collect()
}

/// The health of the session that closed last, and what was noticed.
pub(crate) fn of_last(past: &Past) -> Option<(SessionHealth, Vec<Notice>)> {
    let rows = closed(past);
    rows.len().checked_sub(1).map(|last| judge_session(past, &rows, last))
}

/// What went through the pipeline in each session that closed, and when that was.
fn closed(past: &Past) -> Vec<(Time, &SessionFlow)> {
    let mut closings = past.history.closings.iter().map(|closing| closing.at).peekable();
    let mut rows = Vec::new();
    for row in &past.stations.sessions {
        while closings.next_if(|at| trading_date(*at) < row.session).is_some() {}
        if let Some(at) = closings.next_if(|at| trading_date(*at) == row.session) {
            rows.push((at, row));
        }
    }
    rows
}

/// The health of one session beside those before it, and what was noticed.
fn judge_session(
    past: &Past,
    rows: &[(Time, &SessionFlow)],
    place: usize,
) -> (SessionHealth, Vec<Notice>) {
    let (at, row) = rows[place];
    let before: Vec<&SessionFlow> =
        rows[place.saturating_sub(BASELINE)..place].iter().map(|(_, row)| *row).collect();
    let mut notices = Vec::new();
    let policy = &past.policy().lookback;
    let stations: Vec<StationHealth> = Station::ALL
        .into_iter()
        .filter(|station| row.flow(*station).taken != 0 || row.flow(*station).given != 0)
        .map(|station| judge(policy, station, (at, row), &before, &mut notices))
        .collect();
    let components: Vec<f64> = stations.iter().filter_map(|it| it.component).collect();
    (SessionHealth { session: row.session, stations, health: mean(&components) }, notices)
}

#[expect(clippy::cast_precision_loss, reason = "there are seven stations")]
fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// What one station did beside what it usually does.
fn judge(
    policy: &LookbackPolicy,
    station: Station,
    (at, row): (Time, &SessionFlow),
    before: &[&SessionFlow],
    notices: &mut Vec<Notice>,
) -> StationHealth {
    let flow = row.flow(station);
    let has_baseline = policy.baseline_sessions as usize <= before.len();
    let mut worst = has_baseline.then_some(1.0);
    let mut compared = Vec::new();
    if has_baseline {
        for &metric in metrics(station) {
            let history = before.iter().filter_map(|row| number(metric, row.flow(station)));
            let Some(value) = number(metric, flow) else { continue };
            let Some(one) = compare(metric, value, history.collect()) else { continue };
            if let Some(severity) = severity(policy, &one) {
                let component = if severity == Severity::Warning { 0.5 } else { 0.0 };
                worst = worst.map(|worst: f64| worst.min(component));
                notices.push(unusual(at, station, &one, severity));
            }
            compared.push(one);
        }
    }
    if let Some(severity) = silence(station, flow) {
        worst = worst.map(|_| 0.0);
        notices.push(Notice {
            at,
            key: AlertKey::Silent(station),
            severity,
            text: format!("{station} was given {} and gave nothing", flow.taken),
        });
    }
    StationHealth { station, flow, component: worst, compared }
}

/// The numbers of a station that should be as usual. How many orders there are, and how many signals
/// pass, is what the desk decides and not how well it works.
const fn metrics(station: Station) -> &'static [Metric] {
    match station {
        Station::Bars | Station::News => &[Metric::Given, Metric::Share, Metric::Duration],
        Station::Discovery | Station::Signals => &[Metric::Given],
        Station::Gates => &[Metric::Duration],
        Station::Orders | Station::Fills => &[Metric::Share, Metric::Duration],
    }
}

/// How bad it is that a station gave nothing; `None` when it did give or that may be.
fn silence(station: Station, flow: Flow) -> Option<Severity> {
    if flow.taken == 0 || flow.given != 0 {
        return None;
    }
    match station {
        Station::Bars => Some(Severity::Emergency),
        Station::Orders => Some(Severity::Critical),
        Station::News | Station::Discovery | Station::Fills => Some(Severity::Warning),
        // No wish and no approval may be right all day.
        Station::Signals | Station::Gates => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts and durations stay below 2^53")]
fn number(metric: Metric, flow: Flow) -> Option<f64> {
    match metric {
        Metric::Given => Some(flow.given as f64),
        Metric::Share => (flow.taken != 0).then(|| flow.given as f64 / flow.taken as f64),
        Metric::Duration => flow.durations.mean().map(|mean| mean.nanos() as f64 / 1e9),
    }
}

/// A number beside the median of those before; `None` when there are none.
fn compare(metric: Metric, value: f64, mut history: Vec<f64>) -> Option<Compared> {
    let usual = median(&mut history)?;
    let mut distances: Vec<f64> = history.iter().map(|past| (past - usual).abs()).collect();
    let spread = 1.4826 * median(&mut distances)?;
    let floor = match metric {
        Metric::Given => (0.05 * usual).max(1.0),
        Metric::Share => 0.02,
        Metric::Duration => (0.1 * usual).max(0.05),
    };
    let deviations = (value - usual) / spread.max(floor);
    Some(Compared { metric, value, usual, deviations })
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len().is_multiple_of(2) {
        f64::midpoint(values[middle - 1], upper)
    } else {
        upper
    })
}

/// How bad a deviation is; being faster than usual is not.
fn severity(policy: &LookbackPolicy, one: &Compared) -> Option<Severity> {
    let size = match one.metric {
        Metric::Duration => one.deviations,
        Metric::Given | Metric::Share => one.deviations.abs(),
    };
    if policy.critical_deviations <= size {
        Some(Severity::Critical)
    } else if policy.warning_deviations <= size {
        Some(Severity::Warning)
    } else {
        None
    }
}

fn unusual(at: Time, station: Station, one: &Compared, severity: Severity) -> Notice {
    let Compared { metric, value, usual, deviations } = *one;
    let text = match metric {
        Metric::Given => format!("{station} gave {value:.0}, usually {usual:.0}"),
        Metric::Share => {
            format!("{station} let {:.1} % through, usually {:.1} %", 100.0 * value, 100.0 * usual)
        }
        Metric::Duration => format!("{station} took {value:.3} s, usually {usual:.3} s"),
    };
    Notice {
        at,
        key: AlertKey::Unusual(station, metric),
        severity,
        text: format!("{text} ({deviations:+.1} dev)"),
    }
}

#[cfg(test)]
mod tests;
