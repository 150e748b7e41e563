//! Queues: who answers which conversations, and by which rule.

use axum::extract::State;
use axum::http::StatusCode;
use desk::queue::Form;
use model::queue::{LanguageMatch, Rule, Strategy};
use model::{AgentId, CompanyId, Permission, QueueId, SkillId, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::etag::{IfMatch, Versioned};
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(put, delete))
        .routes(routes!(put_order))
        .routes(routes!(representative, put_representative))
}

/// When a queue is open, on one day of the week.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenHours {
    /// Monday 1 … Sunday 7.
    pub day: i8,
    /// Such as `09:00:00`.
    #[schema(value_type = String, example = "09:00:00")]
    pub from: jiff::civil::Time,
    /// Later than `from`; `23:59:59` is the end of the day.
    #[schema(value_type = String, example = "18:00:00")]
    pub until: jiff::civil::Time,
}

/// The rule of a queue. What is absent is as by default.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "independent settings, not a state")]
pub struct QueueRule {
    /// 1 to 9: what waits in a higher queue goes first.
    pub priority: u8,
    /// Who gets the next one: `spare_capacity`, `longest_idle` or `round_robin`.
    #[schema(value_type = String)]
    pub strategy: Strategy,
    /// It is offered, and the agent accepts or declines; else it is given at once.
    pub offers: bool,
    /// How long an offer stands.
    pub accept_seconds: u32,
    /// The agent who last helped the customer comes first.
    pub same_agent: bool,
    /// The agent who represents the customer's company comes first.
    pub representative: bool,
    /// How long it waits for one of those, when they are there but have no room.
    pub hold_seconds: u32,
    /// Conversations of new customers go round everybody in turn.
    pub newcomer_rota: bool,
    /// Skills that an agent must have.
    #[schema(value_type = Vec<String>)]
    pub required: Vec<SkillId>,
    /// Skills that an agent had better have.
    #[schema(value_type = Vec<String>)]
    pub preferred: Vec<SkillId>,
    /// How the customer's language is looked at: `ignored`, `preferred` or `required`.
    #[schema(value_type = String)]
    pub language: LanguageMatch,
    /// After so long, what is required is only preferred; null: never.
    pub relax_seconds: Option<u32>,
    /// After `overflow_seconds` it goes on to this queue.
    #[schema(value_type = Option<String>)]
    pub overflow: Option<QueueId>,
    /// See `overflow`.
    pub overflow_seconds: u32,
    /// What has waited so long goes before everything, whatever its queue; null: never.
    pub lift_seconds: Option<u32>,
    /// A chat without a word of the customer for so long takes no room.
    pub silent_minutes: u32,
    /// What the agent has not answered after so long goes back to the queue; null: never.
    pub silence_seconds: Option<u32>,
    /// A chat that waits for an agent who went away goes back to the queue.
    pub return_when_gone: bool,
    /// A good answer comes within so long: the service level counts those.
    pub answer_seconds: u32,
    /// When it is open, in the workspace's time zone; empty: always.
    pub hours: Vec<OpenHours>,
}

impl Default for QueueRule {
    fn default() -> Self {
        Rule::default().into()
    }
}

impl From<Rule> for QueueRule {
    fn from(r: Rule) -> Self {
        Self {
            priority: r.priority,
            strategy: r.strategy,
            offers: r.offers,
            accept_seconds: r.accept_seconds,
            same_agent: r.same_agent,
            representative: r.representative,
            hold_seconds: r.hold_seconds,
            newcomer_rota: r.newcomer_rota,
            required: r.required,
            preferred: r.preferred,
            language: r.language,
            relax_seconds: r.relax_seconds,
            overflow: r.overflow,
            overflow_seconds: r.overflow_seconds,
            lift_seconds: r.lift_seconds,
            silent_minutes: r.silent_minutes,
            silence_seconds: r.silence_seconds,
            return_when_gone: r.return_when_gone,
            answer_seconds: r.answer_seconds,
            hours: r.hours.into_iter().map(|h| OpenHours { day: h.day, from: h.from, until: h.until }).collect(),
        }
    }
}

impl From<QueueRule> for Rule {
    fn from(r: QueueRule) -> Self {
        Self {
            priority: r.priority,
            strategy: r.strategy,
            offers: r.offers,
            accept_seconds: r.accept_seconds,
            same_agent: r.same_agent,
            representative: r.representative,
            hold_seconds: r.hold_seconds,
            newcomer_rota: r.newcomer_rota,
            required: r.required,
            preferred: r.preferred,
            language: r.language,
            relax_seconds: r.relax_seconds,
            overflow: r.overflow,
            overflow_seconds: r.overflow_seconds,
            lift_seconds: r.lift_seconds,
            silent_minutes: r.silent_minutes,
            silence_seconds: r.silence_seconds,
            return_when_gone: r.return_when_gone,
            answer_seconds: r.answer_seconds,
            hours: r.hours.into_iter().map(|h| model::queue::OpenHours { day: h.day, from: h.from, until: h.until }).collect(),
        }
    }
}

/// A queue. Of several whose filter a conversation passes, the first takes it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Queue {
    #[schema(value_type = String, example = "que_0000000000000")]
    pub id: QueueId,
    /// Rises with each change; the `ETag`.
    pub version: i64,
    pub name: String,
    pub position: i64,
    /// Conditions joined by `all`, `any` and `not`, as of views.
    #[schema(value_type = Object)]
    pub filter: serde_json::Value,
    /// Teams whose members work in it.
    #[schema(value_type = Vec<String>)]
    pub team_ids: Vec<TeamId>,
    /// Agents who work in it. With no teams either, everybody who sees the inbox does.
    #[schema(value_type = Vec<String>)]
    pub agent_ids: Vec<AgentId>,
    pub rule: QueueRule,
    pub created_at: Time,
    pub updated_at: Time,
}

impl From<model::queue::Queue> for Queue {
    fn from(q: model::queue::Queue) -> Self {
        Self {
            id: q.id,
            version: q.version,
            name: q.name,
            position: q.position,
            filter: q.filter.to_json(),
            team_ids: q.teams,
            agent_ids: q.agents,
            rule: q.rule.into(),
            created_at: Time(q.created_at),
            updated_at: Time(q.updated_at),
        }
    }
}

/// A queue, as it is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct QueueForm {
    /// One line, at most 60 characters; no other queue has it.
    pub name: String,
    #[schema(value_type = Object)]
    pub filter: serde_json::Value,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub team_ids: Vec<TeamId>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub agent_ids: Vec<AgentId>,
    #[serde(default)]
    pub rule: QueueRule,
}

impl QueueForm {
    async fn read(self, conn: &mut store::Conn, caller: &Caller) -> Result<Form> {
        caller.require(Permission::QueueManage)?;
        let filter = desk::filter::read(conn, caller, &self.filter).await?;
        if filter.depends_on_reader() {
            return Err(Problem::invalid("filter", "invalid", "A queue has no reader: leave out what is about me, my teams, or unread."));
        }
        Ok(Form { name: self.name, filter, teams: self.team_ids, agents: self.agent_ids, rule: self.rule.into() })
    }
}

/// Every queue, in the order in which their filters are asked.
#[utoipa::path(get, path = "/queues", tag = "routing", responses((status = 200, body = List<Queue>), Problems))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<Queue>>> {
    caller.require(Permission::ConversationRead)?;
    Ok(Json(List::whole(store::queue::list(&mut app.read().await?, caller.workspace).await?)))
}

/// Makes a queue, after the others. What waits and passes its filter comes into it.
#[utoipa::path(post, path = "/queues", tag = "routing", request_body = QueueForm, responses((status = 201, body = Queue), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<QueueForm>) -> Result<(StatusCode, Versioned<Queue>)> {
    let mut tx = app.begin().await?;
    let form = form.read(&mut tx, &caller).await?;
    let made = desk::queue::create(&mut tx, &caller.scope, form).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Versioned(made.version, made.into())))
}

/// Changes a queue. With `If-Match`, only the version that it names.
#[utoipa::path(put, path = "/queues/{id}", tag = "routing", params(("id" = String, Path)), request_body = QueueForm,
    responses((status = 200, body = Queue), Problems))]
async fn put(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<QueueId>,
    IfMatch(version): IfMatch,
    Json(form): Json<QueueForm>,
) -> Result<Versioned<Queue>> {
    caller.require(Permission::QueueManage)?;
    let mut tx = app.begin().await?;
    let now = store::queue::find(&mut tx, caller.workspace, id).await?.ok_or_else(Problem::not_found)?;
    if version.is_some_and(|v| v != now.version) {
        let current = serde_json::to_value(Queue::from(now)).ok();
        return Err(Problem::conflict("Somebody changed this queue meanwhile. Look at how it is now and try again.", current));
    }
    let form = form.read(&mut tx, &caller).await?;
    let changed = desk::queue::update(&mut tx, &caller.scope, id, form).await?;
    tx.commit().await?;
    Ok(Versioned(changed.version, changed.into()))
}

/// Deletes a queue. What waits in it goes where the others take it, or to nobody.
#[utoipa::path(delete, path = "/queues/{id}", tag = "routing", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete(State(app): State<App>, caller: Caller, PathId(id): PathId<QueueId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::queue::delete(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An order of queues.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueOrder {
    /// These come first; the others follow in the order that they have.
    #[schema(value_type = Vec<String>)]
    pub queue_ids: Vec<QueueId>,
}

/// Puts the queues in an order.
#[utoipa::path(put, path = "/queue-order", tag = "routing", request_body = QueueOrder, responses((status = 200, body = List<Queue>), Problems))]
async fn put_order(State(app): State<App>, caller: Caller, Json(form): Json<QueueOrder>) -> Result<Json<List<Queue>>> {
    let mut tx = app.begin().await?;
    let all = desk::queue::order(&mut tx, &caller.scope, &form.queue_ids).await?;
    tx.commit().await?;
    Ok(Json(List::whole(all)))
}

/// Who answers a company first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Representative {
    /// Null: nobody in particular.
    #[schema(value_type = Option<String>)]
    pub agent_id: Option<AgentId>,
}

/// Who answers a company first, where a queue looks at that.
#[utoipa::path(get, path = "/companies/{id}/representative", tag = "routing", params(("id" = String, Path)),
    responses((status = 200, body = Representative), Problems))]
async fn representative(State(app): State<App>, caller: Caller, PathId(id): PathId<CompanyId>) -> Result<Json<Representative>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    store::company::get(&mut conn, caller.workspace, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(Representative { agent_id: store::queue::representative(&mut conn, caller.workspace, id).await? }))
}

/// Says who answers a company first.
#[utoipa::path(put, path = "/companies/{id}/representative", tag = "routing", params(("id" = String, Path)), request_body = Representative,
    responses((status = 200, body = Representative), Problems))]
async fn put_representative(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<CompanyId>,
    Json(form): Json<Representative>,
) -> Result<Json<Representative>> {
    let mut tx = app.begin().await?;
    desk::queue::set_representative(&mut tx, &caller.scope, id, form.agent_id).await?;
    tx.commit().await?;
    Ok(Json(form))
}
