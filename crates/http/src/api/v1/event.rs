//! Events: a conversation's timeline and the log.

use std::collections::HashMap;

use axum::extract::State;
use model::event::Audience;
use model::{Actor, ConversationId, EventId, Id, MessageId, Permission};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::message::{Message, PageQuery};
use crate::app::App;
use crate::json::{Json, PathId, Query};
use crate::page::{List, cursor, limit};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(timeline)).routes(routes!(list))
}

/// Who did it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct EventActor {
    /// `agent`, `customer` or `system`.
    pub kind: &'static str,
    pub id: Option<String>,
    pub name: String,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Event)]
#[allow(missing_docs)]
pub struct EventBody {
    #[schema(value_type = String, example = "evt_0000000000000")]
    pub id: EventId,
    pub at: Time,
    pub kind: &'static str,
    pub actor: EventActor,
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
    /// What there is to say of this kind.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

impl EventBody {
    /// An event with its actor's name.
    pub fn new(event: &model::Event, names: &HashMap<Actor, String>) -> Self {
        let (kind, id) = match event.actor {
            Actor::Agent(id) => ("agent", Some(id.to_string())),
            Actor::Customer(id) => ("customer", Some(id.to_string())),
            Actor::System => ("system", None),
        };
        let name = names.get(&event.actor).cloned().unwrap_or_else(|| if id.is_none() { "Sonnim".into() } else { String::new() });
        let data = serde_json::to_value(&event.kind).ok().and_then(|mut k| k.get_mut("data").map(serde_json::Value::take));
        Self {
            id: event.id,
            at: Time(event.at),
            kind: event.kind.name(),
            actor: EventActor { kind, id, name },
            conversation_id: event.conversation,
            data: data.unwrap_or_default(),
        }
    }
}

/// Whether a reader may see an event.
pub fn is_visible(event: &model::Event, scope: &model::Scope) -> bool {
    event.workspace == scope.workspace
        && scope.may(Permission::ConversationRead)
        && event.inbox.is_none_or(|inbox| scope.inboxes.include(inbox))
        && match event.kind.audience() {
            Audience::Agents => true,
            Audience::Admins => scope.may(Permission::AuditRead) || scope.may(Permission::MailQuarantine),
            Audience::Only(agent) => scope.actor.agent() == Some(agent),
        }
}

/// A message, or something quiet between messages.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TimelineItem {
    /// Somebody said something.
    Message {
        /// What.
        message: Box<Message>,
    },
    /// Something happened.
    Event {
        /// What.
        event: EventBody,
    },
}

/// Everything of a conversation, newest first: messages, and between them assignments, statuses, tags, changes and failed
/// deliveries.
#[utoipa::path(get, path = "/conversations/{id}/timeline", tag = "conversations", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = List<TimelineItem>), Problems))]
async fn timeline(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    Query(q): Query<PageQuery>,
) -> Result<Json<List<TimelineItem>>> {
    caller.require(Permission::ConversationRead)?;
    let (limit, before) = (limit(q.limit)?, cursor::<MessageId>(q.cursor.as_deref())?);
    let mut conn = app.read().await?;
    store::conversation::listed_by_id(&mut conn, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    // Ids of messages and events come from one maker, so their order is the order of what happened.
    let messages = store::message::page(&mut conn, &caller.scope, id, before, limit + 1).await?.items;
    let events = store::event::quiet(&mut conn, caller.workspace, id, before.map_or(i64::MAX, Id::raw), limit + 1).await?;
    let names = store::event::actor_names(&mut conn, caller.workspace, events.iter().map(|e| e.actor)).await?;
    drop(conn);
    let messages = messages.into_iter().map(|m| (m.message.id.raw(), TimelineItem::Message { message: Box::new(m.into()) }));
    let events = events.iter().map(|e| (e.id.raw(), TimelineItem::Event { event: EventBody::new(e, &names) }));
    let mut items: Vec<(i64, TimelineItem)> = messages.chain(events).collect();
    items.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let page = model::page::Page::cut(items, limit, |(at, _)| MessageId::from_raw(*at).to_string());
    Ok(Json(page.map(|(_, item)| item).into()))
}

/// What happened in the reader's sight, newest first.
#[utoipa::path(get, path = "/events", tag = "events", params(PageQuery), responses((status = 200, body = List<EventBody>), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(q): Query<PageQuery>) -> Result<Json<List<EventBody>>> {
    /// Most rows looked at for one page: what is out of sight is passed over.
    const MOST: usize = 2000;
    caller.require(Permission::ConversationRead)?;
    let limit = limit(q.limit)?;
    let mut before = cursor::<EventId>(q.cursor.as_deref())?;
    let mut conn = app.read().await?;
    let (mut found, mut looked, mut more) = (Vec::new(), 0, true);
    while found.len() <= limit && more && looked < MOST {
        let rows = store::event::page(&mut conn, caller.workspace, before, 200).await?;
        looked += rows.len();
        more = rows.len() == 200;
        before = rows.last().map(|e| e.id).or(before);
        found.extend(rows.into_iter().filter(|e| is_visible(e, &caller.scope)));
    }
    let next = if found.len() > limit {
        found.truncate(limit);
        found.last().map(|e| e.id.to_string())
    } else if more {
        before.map(|id| id.to_string())
    } else {
        None
    };
    let names = store::event::actor_names(&mut conn, caller.workspace, found.iter().map(|e| e.actor)).await?;
    Ok(Json(List { items: found.iter().map(|e| EventBody::new(e, &names)).collect(), next }))
}
