//! Drafts: what an agent has begun to write, kept on the server.

use axum::extract::State;
use axum::http::StatusCode;
use desk::conversation::SaveDraftError;
use model::message::Recipients;
use model::scope::Forbidden;
use model::{AgentId, AttachmentId, ConversationId, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachment::Attachment;
use super::conversation::Conversation;
use super::message::mailboxes;
use super::refs::Mailbox;
use crate::app::App;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get, put, delete)).routes(routes!(list))
}

/// A draft of the reader's own.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Draft {
    /// `reply` or `note`.
    pub kind: &'static str,
    pub html: String,
    pub to: Vec<Mailbox>,
    pub cc: Vec<Mailbox>,
    pub bcc: Vec<Mailbox>,
    pub attachments: Vec<Attachment>,
    pub updated_at: Time,
    /// Rises with each change.
    pub version: i64,
}

/// A draft with its uploads. Those that are gone are left out.
pub async fn present(conn: &mut store::Conn, caller: &Caller, draft: store::draft::Draft) -> Result<Draft> {
    let mut attachments = Vec::new();
    for id in draft.attachments {
        if let Some(file) = store::attachment::uploaded(conn, caller.workspace, id, caller.agent.id).await? {
            attachments.push(file.into());
        }
    }
    Ok(Draft {
        kind: if draft.is_note { "note" } else { "reply" },
        html: draft.html,
        to: draft.recipients.to.into_iter().map(Into::into).collect(),
        cc: draft.recipients.cc.into_iter().map(Into::into).collect(),
        bcc: draft.recipients.bcc.into_iter().map(Into::into).collect(),
        attachments,
        updated_at: Time(draft.updated_at),
        version: draft.version,
    })
}

fn author(caller: &Caller) -> Result<AgentId> {
    caller.require(Permission::ConversationWrite)?;
    caller.actor.agent().ok_or_else(|| Forbidden(Permission::ConversationWrite).into())
}

/// The reader's draft in a conversation.
#[utoipa::path(get, path = "/conversations/{id}/draft", tag = "drafts", params(("id" = String, Path)), responses((status = 200, body = Draft), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<Json<Draft>> {
    let agent = author(&caller)?;
    let mut conn = app.read().await?;
    store::conversation::listed_by_id(&mut conn, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let draft = store::draft::get(&mut conn, caller.workspace, agent, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(present(&mut conn, &caller, draft).await?))
}

/// A note or a reply.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DraftKind {
    Reply,
    Note,
}

/// What is to be kept.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct DraftForm {
    pub kind: DraftKind,
    pub html: String,
    #[serde(default)]
    pub to: Vec<Mailbox>,
    #[serde(default)]
    pub cc: Vec<Mailbox>,
    #[serde(default)]
    pub bcc: Vec<Mailbox>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub attachment_ids: Vec<AttachmentId>,
    /// The version that was edited; null for a new draft.
    #[serde(default)]
    pub version: Option<i64>,
}

/// Keeps a draft. 409 with the stored draft in `current` when another device was faster.
#[utoipa::path(put, path = "/conversations/{id}/draft", tag = "drafts", params(("id" = String, Path)), request_body = DraftForm,
    responses((status = 200, body = Draft), Problems))]
async fn put(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>, Json(form): Json<DraftForm>) -> Result<Json<Draft>> {
    author(&caller)?;
    let recipients = Recipients { to: mailboxes("to", form.to)?, cc: mailboxes("cc", form.cc)?, bcc: mailboxes("bcc", form.bcc)? };
    let is_note = matches!(form.kind, DraftKind::Note);
    let draft = desk::conversation::DraftForm::new(is_note, &form.html, recipients, form.attachment_ids)?;
    let mut tx = app.begin().await?;
    match desk::conversation::save_draft(&mut tx, &caller.scope, id, draft, form.version).await {
        Ok(draft) => {
            let shown = present(&mut tx, &caller, draft).await?;
            tx.commit().await?;
            Ok(Json(shown))
        }
        Err(SaveDraftError::Refused(refusal)) => Err(refusal.into()),
        Err(SaveDraftError::Stale(current)) => {
            let current = present(&mut tx, &caller, *current).await?;
            Err(Problem::conflict("The draft was changed on another device.", serde_json::to_value(current).ok()))
        }
    }
}

/// Throws the draft away.
#[utoipa::path(delete, path = "/conversations/{id}/draft", tag = "drafts", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::conversation::discard_draft(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A draft and where it belongs.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct DraftItem {
    pub conversation: Conversation,
    pub draft: Draft,
}

/// The reader's newest drafts, at most 100.
#[utoipa::path(get, path = "/drafts", tag = "drafts", responses((status = 200, body = List<DraftItem>), Problems))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<DraftItem>>> {
    let agent = author(&caller)?;
    let mut conn = app.read().await?;
    let drafts = store::draft::list(&mut conn, caller.workspace, agent).await?;
    let ids: Vec<ConversationId> = drafts.iter().map(|(id, _)| *id).collect();
    let mut listed = store::conversation::listed_by_ids(&mut conn, &caller.scope, &ids).await?;
    let mut items = Vec::new();
    for (id, draft) in drafts {
        // One that went out of sight meanwhile is not shown.
        if let Some(at) = listed.iter().position(|l| l.conversation.id == id) {
            let conversation = listed.swap_remove(at).into();
            items.push(DraftItem { conversation, draft: present(&mut conn, &caller, draft).await? });
        }
    }
    Ok(Json(List { items, next: None }))
}
