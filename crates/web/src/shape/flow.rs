//! What flows through the desk, as the API tells it: discovery's funnel and the pipeline.

use backsight_domain::decision::OrderPhase;
use backsight_learning::follow_up::{FollowUp, FunnelStage, follow_ups};
use backsight_learning::past::Past;
use backsight_learning::past::stations::Station as Place;
use backsight_learning::sample::Calendar;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Page;
use crate::mirror::Mirror;

/// Where candidates come from, and where the others fall out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Discovery {
    /// When discovery last told what it found.
    pub(crate) at: Option<String>,
    /// The stages of the funnel.
    pub(crate) stages: Vec<FunnelStep>,
    /// The names, newest first.
    pub(crate) candidates: Vec<Candidate>,
}

/// One stage of the funnel.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FunnelStep {
    /// Its name.
    pub(crate) name: String,
    /// What came in.
    pub(crate) taken: usize,
    /// What went on.
    pub(crate) given: usize,
    /// What it does.
    pub(crate) says: Option<String>,
}

/// A name that discovery found, or that was drawn beside it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Candidate {
    /// The symbol.
    pub(crate) symbol: String,
    /// When.
    pub(crate) at: String,
    /// 0 to 1; `null` for a control.
    pub(crate) score: Option<f64>,
    /// Whether its score reached the bar.
    pub(crate) picked: bool,
    /// How far it came: `picked`, `scored` or `control`.
    pub(crate) stage: String,
    /// Whether it was bought, or why not.
    pub(crate) why: String,
    /// How it went on.
    pub(crate) after: Vec<After>,
    /// The best it came to, in percent.
    pub(crate) peak_pct: Option<f64>,
    /// How good it turned out to be.
    pub(crate) category: Option<String>,
}

/// Where a price stood after some sessions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct After {
    /// How many.
    pub(crate) sessions: i32,
    /// Against its price then, in percent.
    pub(crate) change_pct: Option<f64>,
    /// The same less the benchmark's.
    pub(crate) excess_pct: Option<f64>,
}

/// What discovery found and what became of it.
pub(crate) fn discovery(past: &Past, _: &Calendar) -> Discovery {
    let all = follow_ups(past);
    let count = |fits: &dyn Fn(&FollowUp) -> bool| all.iter().filter(|it| fits(it)).count();
    let scored = count(&|it| it.stage != FunnelStage::Control);
    let picked = count(&|it| it.stage == FunnelStage::Picked);
    let yes = backsight_learning::follow_up::Bought::Yes;
    let bought = count(&|it| it.stage == FunnelStage::Picked && it.bought == yes);
    let step = |name: &str, taken, given, says: &str| FunnelStep {
        name: name.to_owned(),
        taken,
        given,
        says: Some(says.to_owned()),
    };
    Discovery {
        at: past.notices.discoveries.back().map(|(at, _)| at.to_string()),
        stages: vec![
            step("scored", scored, picked, "names that discovery gave a score"),
            step("picked", picked, bought, "names whose score reached the bar"),
            step("bought", bought, bought, "names that became a position"),
        ],
        candidates: all.iter().rev().take(300).map(candidate).collect(),
    }
}

fn candidate(it: &FollowUp) -> Candidate {
    let after = backsight_learning::course::HORIZONS.into_iter().map(|sessions| {
        let mark = it.course.after(sessions);
        After {
            sessions,
            change_pct: mark.map(|mark| 100.0 * mark.result),
            excess_pct: mark.and_then(|mark| mark.excess).map(|excess| 100.0 * excess),
        }
    });
    Candidate {
        symbol: it.ticker.as_str().to_owned(),
        at: it.at.to_string(),
        score: it.score,
        picked: it.stage == FunnelStage::Picked,
        stage: it.stage.to_string(),
        why: it.bought.to_string(),
        after: after.collect(),
        peak_pct: it.course.peak.map(|peak| 100.0 * peak.result),
        category: it.category.map(|category| category.to_string()),
    }
}

/// A station of the pipeline in the session in progress, or the last.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Station {
    /// Its name.
    pub(crate) name: String,
    /// What came in.
    pub(crate) taken: u64,
    /// What went on.
    pub(crate) given: u64,
    /// How long ago something last came, in seconds of the desk's time.
    pub(crate) age_seconds: Option<f64>,
    /// How long it took, on average.
    pub(crate) mean_seconds: Option<f64>,
    /// The longest it took.
    pub(crate) longest_seconds: Option<f64>,
    /// `ok` or `warning`.
    pub(crate) severity: String,
    /// What is wrong.
    pub(crate) says: Option<String>,
}

/// The stations of the pipeline.
#[expect(
    clippy::cast_precision_loss,
    reason = "spans of a session are far below 2^53 milliseconds"
)]
pub(crate) fn pipeline(mirror: &Mirror) -> Page<Station> {
    let past = &mirror.past;
    let Some(session) = past.stations.sessions.back() else {
        return Page { items: Vec::new(), next: None };
    };
    let seconds = |span: backsight_domain::time::Span| span.millis_floor() as f64 / 1000.0;
    let bars_age = mirror.engine().market().last_minute();
    let items = Place::ALL.into_iter().map(|place| {
        let flow = session.flow(place);
        let stuck = 0 < flow.taken && flow.given == 0 && place != Place::Signals;
        let age = (place == Place::Bars).then_some(bars_age).flatten();
        Station {
            name: place.to_string(),
            taken: flow.taken,
            given: flow.given,
            age_seconds: age.map(|last| seconds(mirror.engine().now() - last)),
            mean_seconds: flow.durations.mean().map(seconds),
            longest_seconds: (0 < flow.durations.count).then(|| seconds(flow.durations.longest)),
            severity: (if stuck { "warning" } else { "ok" }).to_owned(),
            says: stuck.then(|| "something came in and nothing went on".to_owned()),
        }
    });
    Page { items: items.collect(), next: None }
}

/// Orders that nobody knows the state of.
pub(crate) fn unknown_orders(mirror: &Mirror) -> usize {
    mirror.engine().orders().filter(|order| order.phase() == OrderPhase::Unknown).count()
}
