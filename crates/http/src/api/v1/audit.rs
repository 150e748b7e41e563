//! The audit log, and events as the API writes them.

use std::collections::HashMap;

use axum::extract::State;
use model::{Actor, AgentId, ConversationId, EventId, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json::{Json, Query};
use crate::page::{self, List};
use crate::problem::{Problem, Problems, Result};
use crate::time::Time;
use crate::{App, Caller};

/// Routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_audit))
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Event {
    /// Id.
    #[schema(value_type = String)]
    pub id: EventId,
    /// When.
    pub at: Time,
    /// What, such as `conversation.assigned`.
    pub kind: String,
    /// Who.
    pub actor: EventActor,
    /// The conversation it happened in.
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
    /// More, by kind.
    pub data: serde_json::Value,
}

/// Who did it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventActor {
    /// `agent`, `customer` or `system`.
    pub kind: &'static str,
    /// Their id.
    pub id: Option<String>,
    /// Their name; empty where it is not known.
    pub name: String,
}

impl Event {
    /// As the API shows it. `name` tells the name of an actor.
    pub fn new(event: &model::Event, name: impl Fn(Actor) -> Option<String>) -> Self {
        let data = serde_json::to_value(&event.kind).map(|mut json| json["data"].take()).unwrap_or_default();
        let (kind, id) = match event.actor {
            Actor::Agent(id) => ("agent", Some(id.to_string())),
            Actor::Customer(id) => ("customer", Some(id.to_string())),
            Actor::System => ("system", None),
        };
        let name = name(event.actor).unwrap_or_default();
        Self {
            id: event.id,
            at: event.at.into(),
            kind: event.kind.name().to_owned(),
            actor: EventActor { kind, id, name },
            conversation_id: event.conversation,
            data,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// From the last page.
    cursor: Option<String>,
    /// Rows of a page; 1–100.
    limit: Option<u32>,
}

/// The audit log
///
/// Everything that happened in the workspace, newest first. For admins.
#[utoipa::path(get, path = "/audit", tag = "audit", params(AuditQuery), responses((status = 200, body = List<Event>), Problems))]
async fn get_audit(State(app): State<App>, caller: Caller, Query(query): Query<AuditQuery>) -> Result<Json<List<Event>>> {
    caller.require(Permission::AuditRead)?;
    let limit = page::limit(query.limit)?;
    let before = page::cursor::<EventId>(query.cursor.as_deref())?;
    let mut conn = app.read().await?;
    let events = store::event::page(&mut conn, caller.workspace, before, limit + 1).await?;
    let agents = store::agent::list(&mut conn, caller.workspace).await?;
    let names: HashMap<AgentId, String> = agents.into_iter().map(|a| (a.id, a.name)).collect();
    let name = |actor: Actor| actor.agent().and_then(|id| names.get(&id).cloned());
    let page = model::page::Page::cut(events, limit, |e| e.id.to_string()).map(|e| Event::new(&e, name));
    Ok::<_, Problem>(Json(page.into()))
}
