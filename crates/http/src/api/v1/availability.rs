//! Whether agents are there for new work.

use axum::extract::State;
use axum::http::StatusCode;
use desk::availability::Form;
use model::availability::{Availability, OwnReason, Settings, State as Is};
use model::{AgentId, Permission, SkillId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::json::{Json, PathId, nullable};
use crate::page::List;
use crate::problem::{Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(mine, put_mine))
        .routes(routes!(active))
        .routes(routes!(list))
        .routes(routes!(put_of_agent))
        .routes(routes!(put_work))
        .routes(routes!(settings, put_settings))
}

/// Which kinds of work an agent takes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Switches {
    pub chat: bool,
    pub mail: bool,
}

/// How many conversations at once: of each kind, and altogether.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Capacity {
    pub total: u16,
    pub chat: u16,
    pub mail: u16,
}

/// How many conversations an agent has now that customers wait in, and chats that go on.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Load {
    pub chat: u16,
    pub mail: u16,
}

impl From<model::availability::Switches> for Switches {
    fn from(s: model::availability::Switches) -> Self {
        Self { chat: s.chat, mail: s.mail }
    }
}

impl From<Switches> for model::availability::Switches {
    fn from(s: Switches) -> Self {
        Self { chat: s.chat, mail: s.mail }
    }
}

impl From<model::availability::Capacity> for Capacity {
    fn from(c: model::availability::Capacity) -> Self {
        Self { total: c.total, chat: c.chat, mail: c.mail }
    }
}

impl From<Capacity> for model::availability::Capacity {
    fn from(c: Capacity) -> Self {
        Self { total: c.total, chat: c.chat, mail: c.mail }
    }
}

impl From<model::availability::Load> for Load {
    fn from(l: model::availability::Load) -> Self {
        Self { chat: l.chat, mail: l.mail }
    }
}

/// A name of the workspace's own for a state.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityReason {
    /// One line, at most 40 characters.
    pub name: String,
    /// `online`, `away`, `busy`, `transfers_only` or `offline`.
    #[schema(value_type = String)]
    pub state: Is,
}

/// Whether an agent is there for new work.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Availability)]
#[allow(missing_docs)]
pub struct AvailabilityBody {
    #[schema(value_type = String, example = "agt_0000000000000")]
    pub agent_id: AgentId,
    /// What they chose: `online`, `away`, `busy`, `transfers_only` or `offline`.
    #[schema(value_type = String)]
    pub state: Is,
    /// How it really is.
    #[schema(value_type = String)]
    pub effective: Is,
    /// Why that differs: `idle`, `gone` or `shift_over`.
    pub because: Option<&'static str>,
    /// Their word for it.
    pub reason: Option<String>,
    pub since: Time,
    pub on: Switches,
    pub capacity: Capacity,
    #[schema(value_type = Vec<String>)]
    pub skill_ids: Vec<SkillId>,
    pub shift_ends_at: Option<Time>,
}

impl AvailabilityBody {
    fn new(v: Availability, skill_ids: Vec<SkillId>, settings: &Settings, now: Timestamp) -> Self {
        let (effective, because) = v.effective(settings, now);
        Self {
            agent_id: v.agent,
            state: v.state,
            effective,
            because: because.map(model::availability::Because::as_str),
            reason: v.reason,
            since: Time(v.since),
            on: v.on.into(),
            capacity: v.capacity.into(),
            skill_ids,
            shift_ends_at: v.shift_ends_at.map(Time),
        }
    }
}

/// The reader's own availability.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnAvailability {
    /// Conversations are routed here: there is a queue. Without one, nobody need say whether they are there.
    pub routing: bool,
    /// How it is.
    pub availability: AvailabilityBody,
    /// Names for states, to choose from.
    pub reasons: Vec<AvailabilityReason>,
}

/// What an agent says of themselves; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct AvailabilityForm {
    #[schema(value_type = Option<String>)]
    pub state: Option<Is>,
    /// One line, at most 40 characters. A new state forgets the old reason.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub reason: Option<Option<String>>,
    pub on: Option<Switches>,
    /// In the future; null: open.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub shift_ends_at: Option<Option<Timestamp>>,
    /// With `offline`: what customers wait for goes back to the queues.
    pub hand_over: bool,
}

impl From<AvailabilityForm> for Form {
    fn from(f: AvailabilityForm) -> Self {
        Self { state: f.state, reason: f.reason, on: f.on.map(Into::into), shift_ends_at: f.shift_ends_at, hand_over: f.hand_over }
    }
}

fn reasons(settings: &Settings) -> Vec<AvailabilityReason> {
    settings.reasons.iter().map(|r| AvailabilityReason { name: r.name.clone(), state: r.state }).collect()
}

async fn own(conn: &mut store::Conn, caller: &Caller, now: Timestamp) -> Result<OwnAvailability> {
    let (workspace, agent) = (caller.workspace, caller.agent.id);
    let settings = store::routing::desk(conn, workspace).await?.map(|d| d.settings).unwrap_or_default();
    let is = store::availability::find(conn, workspace, agent).await?.unwrap_or_else(|| Availability::new(agent, now));
    let skills = store::skill::of_agent(conn, workspace, agent).await?;
    Ok(OwnAvailability {
        routing: store::queue::any(conn, workspace).await?,
        reasons: reasons(&settings),
        availability: AvailabilityBody::new(is, skills, &settings, now),
    })
}

/// Whether the reader is there for new work.
#[utoipa::path(get, path = "/availability/me", tag = "routing", responses((status = 200, body = OwnAvailability), Problems))]
async fn mine(State(app): State<App>, caller: Caller) -> Result<Json<OwnAvailability>> {
    caller.require(Permission::ConversationRead)?;
    Ok(Json(own(&mut app.read().await?, &caller, app.now()).await?))
}

/// Says whether the reader is there. It holds while their app is open, and for a while after.
#[utoipa::path(put, path = "/availability/me", tag = "routing", request_body = AvailabilityForm,
    responses((status = 200, body = OwnAvailability), Problems))]
async fn put_mine(State(app): State<App>, caller: Caller, Json(form): Json<AvailabilityForm>) -> Result<Json<OwnAvailability>> {
    let mut tx = app.begin().await?;
    desk::availability::set(&mut tx, &caller.scope, caller.agent.id, form.into()).await?;
    let is = own(&mut tx, &caller, app.now()).await?;
    tx.commit().await?;
    Ok(Json(is))
}

/// The reader touched the app. Repeat it each minute at most while they do; without it they count as away after a while.
#[utoipa::path(post, path = "/availability/me/active", tag = "routing", responses((status = 204), Problems))]
async fn active(State(app): State<App>, caller: Caller) -> Result<StatusCode> {
    caller.require(Permission::ConversationWrite)?;
    let mut tx = app.begin().await?;
    desk::availability::alive(&mut tx, &caller.scope, true).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everybody who ever said whether they are there, in no order.
#[utoipa::path(get, path = "/availability", tag = "routing", responses((status = 200, body = List<AvailabilityBody>), Problems))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<AvailabilityBody>>> {
    caller.require(Permission::ConversationRead)?;
    let (mut conn, now) = (app.read().await?, app.now());
    let settings = store::routing::desk(&mut conn, caller.workspace).await?.map(|d| d.settings).unwrap_or_default();
    let mut skills = store::skill::of_agents(&mut conn, caller.workspace).await?;
    let people = store::availability::list(&mut conn, caller.workspace).await?;
    let body = |v: Availability| {
        let skills = skills.remove(&v.agent).unwrap_or_default();
        AvailabilityBody::new(v, skills, &settings, now)
    };
    Ok(Json(List { items: people.into_iter().map(|p| p.availability).map(body).collect(), next: None }))
}

async fn of_agent(conn: &mut store::Conn, caller: &Caller, is: Availability, now: Timestamp) -> Result<AvailabilityBody> {
    let settings = store::routing::desk(conn, caller.workspace).await?.map(|d| d.settings).unwrap_or_default();
    let skills = store::skill::of_agent(conn, caller.workspace, is.agent).await?;
    Ok(AvailabilityBody::new(is, skills, &settings, now))
}

/// Says whether another agent is there.
#[utoipa::path(put, path = "/agents/{id}/availability", tag = "routing", params(("id" = String, Path)), request_body = AvailabilityForm,
    responses((status = 200, body = AvailabilityBody), Problems))]
async fn put_of_agent(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<AgentId>,
    Json(form): Json<AvailabilityForm>,
) -> Result<Json<AvailabilityBody>> {
    caller.require(Permission::QueueManage)?;
    let mut tx = app.begin().await?;
    let is = desk::availability::set(&mut tx, &caller.scope, id, form.into()).await?;
    let body = of_agent(&mut tx, &caller, is, app.now()).await?;
    tx.commit().await?;
    Ok(Json(body))
}

/// How much an agent has at once, and what they can do.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct AgentWork {
    pub capacity: Capacity,
    #[schema(value_type = Vec<String>)]
    pub skill_ids: Vec<SkillId>,
}

/// Says how much an agent has at once, and what they can do.
#[utoipa::path(put, path = "/agents/{id}/work", tag = "routing", params(("id" = String, Path)), request_body = AgentWork,
    responses((status = 200, body = AvailabilityBody), Problems))]
async fn put_work(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<AgentId>,
    Json(form): Json<AgentWork>,
) -> Result<Json<AvailabilityBody>> {
    let mut tx = app.begin().await?;
    let is = desk::skill::set_work(&mut tx, &caller.scope, id, form.capacity.into(), &form.skill_ids).await?;
    let body = of_agent(&mut tx, &caller, is, app.now()).await?;
    tx.commit().await?;
    Ok(Json(body))
}

/// What a workspace says about availability.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AvailabilitySettings {
    /// So long after the last sign of an agent's app they still count as there: 30 to 3,600.
    pub grace_seconds: u32,
    /// Without a touch of the app for so long they count as away: 1 to 480; null: never.
    pub idle_minutes: Option<u32>,
    /// Names for states, to choose from; at most 20.
    pub reasons: Vec<AvailabilityReason>,
}

impl From<Settings> for AvailabilitySettings {
    fn from(s: Settings) -> Self {
        Self { grace_seconds: s.grace_seconds, idle_minutes: s.idle_minutes, reasons: reasons(&s) }
    }
}

/// How long signs count, and which names there are for states.
#[utoipa::path(get, path = "/availability-settings", tag = "routing", responses((status = 200, body = AvailabilitySettings), Problems))]
async fn settings(State(app): State<App>, caller: Caller) -> Result<Json<AvailabilitySettings>> {
    caller.require(Permission::ConversationRead)?;
    let desk = store::routing::desk(&mut app.read().await?, caller.workspace).await?;
    Ok(Json(desk.map(|d| d.settings).unwrap_or_default().into()))
}

/// Changes it.
#[utoipa::path(put, path = "/availability-settings", tag = "routing", request_body = AvailabilitySettings,
    responses((status = 200, body = AvailabilitySettings), Problems))]
async fn put_settings(State(app): State<App>, caller: Caller, Json(form): Json<AvailabilitySettings>) -> Result<Json<AvailabilitySettings>> {
    let mut tx = app.begin().await?;
    let reasons = form.reasons.into_iter().map(|r| OwnReason { name: r.name, state: r.state }).collect();
    let settings = Settings { grace_seconds: form.grace_seconds, idle_minutes: form.idle_minutes, reasons };
    let kept = desk::availability::put_settings(&mut tx, &caller.scope, settings).await?;
    tx.commit().await?;
    Ok(Json(kept.into()))
}
