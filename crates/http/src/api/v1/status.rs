//! The health line: what somebody should look after.

use axum::extract::State;
use model::Permission;
use model::inbox::Health;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::json::Json;
use crate::problem::{Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get))
}

/// How the server fares.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ServerStatus)]
pub struct Body {
    /// Version of Sonnim.
    pub version: &'static str,
    /// Inboxes in sight whose mail does not come in or go out.
    pub inboxes_failing: usize,
    /// Mails that wait for an admin; 0 for those who may not see them.
    pub quarantined: i64,
}

/// Version, failing inboxes, quarantined mails.
#[utoipa::path(get, path = "/status", tag = "status", responses((status = 200, body = Body), Problems))]
async fn get(State(app): State<App>, caller: Caller) -> Result<Json<Body>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let fails = |h: &Health| matches!(h, Health::Failing { .. });
    let inboxes = store::inbox::list(&mut conn, caller.workspace).await?;
    let failing = inboxes.iter().filter(|i| caller.inboxes.include(i.id) && i.archived_at.is_none());
    let inboxes_failing = failing.filter(|i| fails(&i.incoming_health) || fails(&i.outgoing_health)).count();
    let sees_quarantine = caller.may(Permission::MailQuarantine);
    let quarantined = if sees_quarantine { store::inbound_mail::quarantined_count(&mut conn, caller.workspace).await? } else { 0 };
    Ok(Json(Body { version: env!("CARGO_PKG_VERSION"), inboxes_failing, quarantined }))
}
