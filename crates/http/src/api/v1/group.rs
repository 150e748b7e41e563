//! A list divided into groups.

use std::collections::HashMap;

use axum::extract::State;
use model::conversation::StatusKind;
use model::filter::{Choice, Condition, Field, Filter, Operator, Value};
use model::view::Group;
use model::{CompanyId, Permission};
use serde::Serialize;
use store::conversation_group::Key;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::list_query::{ListQuery, asked};
use crate::app::App;
use crate::json::{Json, Query};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// Conversations that are looked at; a list with more is not divided.
const MOST: usize = 50_000;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(groups))
}

/// Conversations that have something in common.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ConversationGroup {
    /// An id, a priority or a status; null: no assignee, no team, no company.
    pub key: Option<String>,
    /// What it is called; null where the key says it.
    pub name: Option<String>,
    pub total: i64,
    /// What its conversations pass besides the filter of the list.
    #[schema(value_type = Object)]
    pub filter: serde_json::Value,
}

/// A list divided.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ConversationGroups {
    /// In their order; those without a conversation are left out.
    pub items: Vec<ConversationGroup>,
    /// False: the list is too long to be divided, and `items` is empty.
    pub complete: bool,
    /// When this was so.
    pub at: Time,
}

/// The groups of a list, with how many conversations each holds. The rows of one are the list with the group's `filter` besides.
#[utoipa::path(get, path = "/conversation-groups", tag = "conversations", params(ListQuery), responses((status = 200, body = ConversationGroups), Problems))]
async fn groups(State(app): State<App>, caller: Caller, Query(query): Query<ListQuery>) -> Result<Json<ConversationGroups>> {
    caller.require(Permission::ConversationRead)?;
    let by = query.group.ok_or_else(|| Problem::malformed("Say by what: group is assignee, priority, status, inbox, team or company."))?;
    let asked = asked(&app, &caller, &query).await?;
    let at = Time(app.now());
    let mut conn = app.read().await?;
    let found = store::conversation_group::groups(&mut conn, &caller.scope, &asked, by, MOST).await?;
    if !found.complete {
        return Ok(Json(ConversationGroups { items: Vec::new(), complete: false, at }));
    }
    let names = names(&mut conn, &caller, by, found.groups.iter().map(|(key, _)| *key)).await?;
    let mut groups: Vec<(Key, Option<String>, i64)> = found.groups.into_iter().map(|(key, n)| (key, names.get(&key).cloned(), n)).collect();
    let own = caller.agent.id;
    groups.sort_by_cached_key(|(key, name, _)| {
        let rank = match key {
            Key::Agent(id) if *id == own => -1,
            Key::Priority(p) => -p.as_i64(),
            Key::Status(kind) => StatusKind::ALL.iter().position(|k| k == kind).and_then(|n| i64::try_from(n).ok()).unwrap_or_default(),
            Key::None => 1,
            _ => 0,
        };
        (rank, name.as_ref().map(|n| n.to_lowercase()))
    });
    let items =
        groups.into_iter().map(|(key, name, total)| ConversationGroup { key: word(key), name, total, filter: filter(by, key).to_json() }).collect();
    Ok(Json(ConversationGroups { items, complete: true, at }))
}

fn word(key: Key) -> Option<String> {
    match key {
        Key::None => None,
        Key::Agent(id) => Some(id.to_string()),
        Key::Team(id) => Some(id.to_string()),
        Key::Inbox(id) => Some(id.to_string()),
        Key::Company(id) => Some(id.to_string()),
        Key::Priority(p) => serde_json::to_value(p).ok().and_then(|v| v.as_str().map(str::to_owned)),
        Key::Status(kind) => Some(kind.as_str().to_owned()),
    }
}

fn filter(by: Group, key: Key) -> Filter {
    let field = match by {
        Group::Assignee => Field::Assignee,
        Group::Priority => Field::Priority,
        Group::Status => Field::Status,
        Group::Inbox => Field::Inbox,
        Group::Team => Field::Team,
        Group::Company => Field::Company,
    };
    let choice = match key {
        Key::None => None,
        Key::Agent(id) => Some(Choice::Agent(id)),
        Key::Team(id) => Some(Choice::Team(id)),
        Key::Inbox(id) => Some(Choice::Inbox(id)),
        Key::Company(id) => Some(Choice::Company(id)),
        Key::Priority(p) => Some(Choice::Priority(p)),
        Key::Status(kind) => Some(Choice::Status(kind)),
    };
    let made = match choice {
        Some(choice) => Condition::new(field, Operator::IsAnyOf, Value::Choices(vec![choice])),
        None => Condition::new(field, Operator::IsNotSet, Value::Nothing),
    };
    made.map_or_else(|_| Filter::Any(Vec::new()), Filter::Is)
}

/// One query, for those that have names.
async fn names(conn: &mut store::Conn, caller: &Caller, by: Group, keys: impl Iterator<Item = Key>) -> Result<HashMap<Key, String>> {
    let workspace = caller.workspace;
    Ok(match by {
        Group::Assignee => store::agent::list(conn, workspace).await?.into_iter().map(|a| (Key::Agent(a.id), a.name)).collect(),
        Group::Team => store::team::list(conn, workspace).await?.into_iter().map(|t| (Key::Team(t.id), t.name)).collect(),
        Group::Inbox => store::inbox::list(conn, workspace).await?.into_iter().map(|i| (Key::Inbox(i.id), i.name)).collect(),
        Group::Company => {
            let ids: Vec<CompanyId> = keys.filter_map(|k| if let Key::Company(id) = k { Some(id) } else { None }).collect();
            store::company::names(conn, workspace, &ids).await?.into_iter().map(|(id, name)| (Key::Company(id), name)).collect()
        }
        Group::Priority | Group::Status => HashMap::new(),
    })
}
