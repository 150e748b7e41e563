//! The audit log.

use std::collections::HashMap;

use axum::extract::State;
use model::{Actor, EventId, Permission};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::event::EventBody;
use crate::json::{Json, Query};
use crate::page::{self, List};
use crate::problem::{Problem, Problems, Result};
use crate::{App, Caller};

/// Routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_audit))
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
/// What people and Sonnim changed in the workspace, newest first; not what customers wrote, nor what one reads and drafts. For admins.
#[utoipa::path(get, path = "/audit", tag = "audit", params(AuditQuery), responses((status = 200, body = List<EventBody>), Problems))]
async fn get_audit(State(app): State<App>, caller: Caller, Query(query): Query<AuditQuery>) -> Result<Json<List<EventBody>>> {
    caller.require(Permission::AuditRead)?;
    let limit = page::limit(query.limit)?;
    let before = page::cursor::<EventId>(query.cursor.as_deref())?;
    let mut conn = app.read().await?;
    let events = store::event::audit(&mut conn, caller.workspace, before, limit + 1).await?;
    let agents = store::agent::list(&mut conn, caller.workspace).await?;
    let names: HashMap<Actor, String> = agents.into_iter().map(|a| (Actor::Agent(a.id), a.name)).collect();
    let page = model::page::Page::cut(events, limit, |e| e.id.to_string()).map(|e| EventBody::new(&e, &names));
    Ok::<_, Problem>(Json(page.into()))
}
