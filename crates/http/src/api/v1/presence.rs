//! Who looks at a conversation, and who types.

use axum::extract::State;
use axum::http::StatusCode;
use model::{ConversationId, Permission, Presence, PresenceState};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::json::{Json, PathId};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(here))
}

/// What the reader does.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceForm {
    /// Writes, rather than only reads.
    pub typing: bool,
    /// What is written is a note: a customer in the widget is not told that somebody types.
    #[serde(default)]
    pub internal: bool,
}

/// Tells the others that the reader is here. Repeat it every 30 seconds; after 45 the reader counts as gone. Nothing is stored.
#[utoipa::path(post, path = "/conversations/{id}/presence", tag = "events", params(("id" = String, Path)), request_body = PresenceForm,
    responses((status = 204), Problems))]
async fn here(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>, Json(form): Json<PresenceForm>) -> Result<StatusCode> {
    caller.require(Permission::ConversationRead)?;
    let listed = store::conversation::listed_by_id(&mut app.read().await?, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let presence = Presence {
        workspace: caller.workspace,
        inbox: listed.conversation.inbox,
        conversation: id,
        agent: caller.agent.id,
        name: caller.agent.name.clone(),
        state: if form.typing { PresenceState::Typing } else { PresenceState::Viewing },
        internal: form.internal,
    };
    app.hub.tell(&app.desk.store, presence);
    Ok(StatusCode::NO_CONTENT)
}
