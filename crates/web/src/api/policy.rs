//! The policy: every number that a rule uses, and what another would do.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use backsight_domain::policy::{Policy, PolicyError};
use backsight_domain::proposal::Change;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Json;
use super::commands::key_of;
use crate::access::Who;
use crate::app::App;
use crate::problem::Problem;
use crate::shape::signal::Scalar;

/// The policy in force.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PolicyTree {
    /// Its version.
    version: u32,
    /// Every setting.
    settings: Vec<Setting>,
}

/// One number that a rule uses.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Setting {
    /// Its path, such as `exits.stop_bps`.
    path: String,
    /// Its value.
    #[schema(value_type = Scalar)]
    value: Value,
    /// Its default.
    #[schema(value_type = Scalar)]
    default: Value,
    /// The smallest and the largest it can be, as `1..5000`.
    range: Option<String>,
    /// What it counts, where its name says so.
    unit: Option<String>,
    /// What it means.
    documentation: Option<String>,
}

/// A setting and the value that somebody would like.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    path: String,
    #[schema(value_type = Scalar)]
    value: Value,
}

/// Settings to be tried.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trial {
    /// The settings.
    pub(super) settings: Vec<Wanted>,
}

/// Settings to be adopted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    /// The settings.
    settings: Vec<Wanted>,
    /// Why, in a person's words.
    why: String,
}

/// Whether settings could be adopted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Preview {
    /// Whether they could.
    valid: bool,
    /// What is wrong with them.
    problems: Vec<Wrong>,
    /// What would change.
    changes: Vec<Changed>,
}

/// What is wrong with a setting.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Wrong {
    at: String,
    problem: String,
}

/// What would change.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Changed {
    path: String,
    from: String,
    to: String,
}

/// A policy that somebody wants.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PolicyAccepted {
    /// Who.
    who: String,
    /// What would change.
    changes: Vec<Changed>,
}

/// Every number that a rule uses.
#[utoipa::path(get, path = "/api/v1/policy", tag = "policy", responses((status = 200, body = PolicyTree)))]
pub(crate) async fn policy(State(app): State<App>) -> Result<Json<PolicyTree>, Problem> {
    let tree = app.mirror.ask(|mirror| {
        let engine = mirror.engine();
        PolicyTree { version: engine.policy_version().0, settings: tree(engine.policy()) }
    });
    Ok(Json(tree.await?))
}

fn tree(policy: &Policy) -> Vec<Setting> {
    let sections = policy.sections().into_iter();
    let rows = sections.flat_map(|(section, _, rows)| {
        rows.into_iter().map(move |row| Setting {
            path: format!("{section}.{}", row.key),
            value: scalar(&row.value),
            default: scalar(&row.default),
            range: Some(row.range),
            unit: unit(row.key).map(str::to_owned),
            documentation: Some(row.documentation.to_owned()),
        })
    });
    rows.collect()
}

/// A value of TOML as JSON; dollars in quotes become a number.
fn scalar(toml: &str) -> Value {
    match toml.trim_matches('"').parse::<f64>() {
        Ok(number) => number.into(),
        Err(_) if toml == "true" || toml == "false" => (toml == "true").into(),
        Err(_) => toml.into(),
    }
}

fn unit(key: &str) -> Option<&'static str> {
    let units = [
        ("_bps", "basis points"),
        ("_pct", "percent"),
        ("_minutes", "minutes"),
        ("_s", "seconds"),
        ("_days", "days"),
        ("_sessions", "sessions"),
        ("_bars", "bars"),
    ];
    units.into_iter().find(|(ending, _)| key.ends_with(ending)).map(|(_, unit)| unit)
}

/// The changes that are wanted, as the policy writes them.
pub(super) fn changes(policy: &Policy, wanted: &[Wanted]) -> Vec<Change> {
    let change = |wanted: &Wanted| {
        let from = policy.setting(&wanted.path).unwrap_or_default();
        let text = match &wanted.value {
            Value::String(text) => text.trim().trim_matches('"').to_owned(),
            Value::Number(number) => match number.as_f64().filter(|it| it.fract() == 0.0) {
                Some(whole) => format!("{whole:.0}"),
                None => number.to_string(),
            },
            other @ (Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
                other.to_string()
            }
        };
        let to = if from.starts_with('"') { format!("\"{text}\"") } else { text };
        Change { path: wanted.path.as_str().into(), from: from.into(), to: to.into() }
    };
    wanted.iter().map(change).filter(|change| change.from != change.to).collect()
}

impl From<PolicyError> for Problem {
    fn from(error: PolicyError) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "policy", error.to_string())
            .hint("`GET /api/v1/policy` tells every setting with its range")
    }
}

fn told(changes: &[Change]) -> Vec<Changed> {
    let row = |change: &Change| Changed {
        path: change.path.to_string(),
        from: change.from.to_string(),
        to: change.to.to_string(),
    };
    changes.iter().map(row).collect()
}

/// Says whether settings could be adopted; nothing changes.
#[utoipa::path(post, path = "/api/v1/policy/preview", tag = "policy", request_body = Trial,
    responses((status = 200, body = Preview)))]
pub(crate) async fn preview(
    State(app): State<App>,
    Json(trial): Json<Trial>,
) -> Result<Json<Preview>, Problem> {
    let preview = app.mirror.ask(move |mirror| {
        let policy = mirror.engine().base_policy();
        let changes = changes(policy, &trial.settings);
        // Each alone first, so that every problem is told and not only the first.
        let alone = changes.iter().filter_map(|it| policy.with(std::slice::from_ref(it)).err());
        let mut problems: Vec<PolicyError> = alone.collect();
        if problems.is_empty() {
            problems.extend(policy.with(&changes).err());
        }
        let wrong = |error: PolicyError| Wrong { at: error.at, problem: error.problem };
        let problems: Vec<Wrong> = problems.into_iter().map(wrong).collect();
        Preview { valid: problems.is_empty(), problems, changes: told(&changes) }
    });
    Ok(Json(preview.await?))
}

/// Wants other settings. They take effect when the desk takes them from its inbox, as the next
/// version of the policy; what is held keeps the exits it was opened with.
#[utoipa::path(post, path = "/api/v1/policy", tag = "policy", request_body = Edit,
    responses((status = 202, body = PolicyAccepted), (status = 422, body = Problem)))]
pub(crate) async fn edit(
    State(app): State<App>,
    Extension(who): Extension<Who>,
    Json(edit): Json<Edit>,
) -> Result<Response, Problem> {
    let why = super::commands::reason(&edit.why)?.to_owned();
    let wanted = app.mirror.ask(move |mirror| {
        let policy = mirror.engine().base_policy();
        let changes = changes(policy, &edit.settings);
        policy.with(&changes).map(|policy| (policy, changes, mirror.seq.0))
    });
    let (policy, changes, seq) = wanted.await??;
    if changes.is_empty() {
        return Err(Problem::bad("nothing would change"));
    }
    let accepted = PolicyAccepted { who: who.name.clone(), changes: told(&changes) };
    let key = key_of(&who.name, &format!("policy {seq} {}", policy.to_bare_toml()));
    let inbox = app.inbox.clone();
    let put = tokio::task::spawn_blocking(move || inbox.adopt(&policy, (&who.name, &why, key)));
    put.await.map_err(|_| Problem::busy())?.map_err(Problem::ours)?;
    Ok((StatusCode::ACCEPTED, Json(accepted)).into_response())
}
