//! Macros: keeping, trying out, using, taking back.

use axum::extract::State;
use axum::http::StatusCode;
use desk::action::{Insert, WrittenKind};
use desk::library::{MacroForm, MacroPatch as Patch, RunError};
use model::library::{Macro as Kept, Visibility};
use model::{ConversationId, FolderId, MacroId, MacroRunId, Permission, Scope, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::action::{ActionBody, PreviewBody, Words, actions};
use super::attachment::Attachment;
use super::conversation::Conversation;
use super::draft::{self, Draft};
use super::library::{ArchiveQuery, CardBody, VisibilityBody, expect_version};
use crate::app::App;
use crate::etag::{IfMatch, Versioned};
use crate::json::{Json, PathId, Query, nullable};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, patch))
        .routes(routes!(preview))
        .routes(routes!(apply))
        .routes(routes!(undo))
}

/// Several actions under one name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Macro {
    #[schema(value_type = String, example = "mac_0000000000000")]
    pub id: MacroId,
    #[serde(flatten)]
    pub card: CardBody,
    /// 1 to 20, done in this order.
    #[schema(value_type = Vec<ActionBody>)]
    pub actions: Vec<model::action::Action>,
}

impl Macro {
    fn new(kept: Kept, scope: &Scope, teams: &[TeamId]) -> Self {
        Self { id: kept.id, card: CardBody::new(kept.card, scope, teams), actions: kept.actions.into() }
    }
}

/// Every macro in sight, the most used first.
#[utoipa::path(get, path = "/macros", tag = "macros", params(ArchiveQuery), responses((status = 200, body = List<Macro>), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(q): Query<ArchiveQuery>) -> Result<Json<List<Macro>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let teams = desk::library::own_teams(&mut conn, &caller.scope).await?;
    let all = store::macros::list(&mut conn, &caller.scope, q.archived).await?;
    Ok(Json(List { items: all.into_iter().map(|m| Macro::new(m, &caller.scope, &teams)).collect(), next: None }))
}

async fn found(conn: &mut store::Conn, caller: &Caller, id: MacroId) -> Result<Macro> {
    let kept = store::macros::get(conn, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let teams = desk::library::own_teams(conn, &caller.scope).await?;
    Ok(Macro::new(kept, &caller.scope, &teams))
}

/// A macro in sight.
#[utoipa::path(get, path = "/macros/{id}", tag = "macros", params(("id" = String, Path)), responses((status = 200, body = Macro), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<MacroId>) -> Result<Versioned<Macro>> {
    caller.require(Permission::ConversationRead)?;
    let kept = found(&mut app.read().await?, &caller, id).await?;
    Ok(Versioned(kept.card.version, kept))
}

/// A new macro.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NewMacro {
    pub name: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub folder_id: Option<FolderId>,
    pub visibility: VisibilityBody,
    #[schema(value_type = Vec<ActionBody>)]
    pub actions: Vec<model::action::Action>,
}

/// Keeps a macro. 422 names the action that does not fit: `actions[2].html`.
#[utoipa::path(post, path = "/macros", tag = "macros", request_body = NewMacro, responses((status = 201, body = Macro), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<NewMacro>) -> Result<(StatusCode, Versioned<Macro>)> {
    caller.require(Permission::ConversationWrite)?;
    let form = MacroForm::new(&form.name, form.folder_id, form.visibility.into(), actions(form.actions)?)?;
    let mut tx = app.begin().await?;
    let id = desk::library::create_macro(&mut tx, &caller.scope, form).await?;
    let kept = found(&mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Versioned(kept.card.version, kept)))
}

/// What is to change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct MacroPatch {
    pub name: Option<String>,
    /// Null: outside of any folder.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub folder_id: Option<Option<FolderId>>,
    pub visibility: Option<VisibilityBody>,
    #[schema(value_type = Option<Vec<ActionBody>>)]
    pub actions: Option<Vec<model::action::Action>>,
    /// True puts it away, false fetches it back.
    pub archived: Option<bool>,
}

/// Changes a macro, puts it away or fetches it back. With `If-Match`, only the version that it names.
#[utoipa::path(patch, path = "/macros/{id}", tag = "macros", params(("id" = String, Path)), request_body = MacroPatch,
    responses((status = 200, body = Macro), Problems))]
async fn patch(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<MacroId>,
    IfMatch(version): IfMatch,
    Json(form): Json<MacroPatch>,
) -> Result<Versioned<Macro>> {
    caller.require(Permission::ConversationWrite)?;
    let list = form.actions.map(actions).transpose()?;
    let patch = Patch::new(form.name.as_deref(), form.folder_id, form.visibility.map(Visibility::from), list, form.archived)?;
    let mut tx = app.begin().await?;
    let now = found(&mut tx, &caller, id).await?;
    expect_version(version, now.card.version, || now.clone())?;
    desk::library::update_macro(&mut tx, &caller.scope, id, patch).await?;
    let kept = found(&mut tx, &caller, id).await.unwrap_or(now);
    tx.commit().await?;
    Ok(Versioned(kept.card.version, kept))
}

/// Says what a macro would do to a conversation now. Changes nothing.
#[utoipa::path(post, path = "/conversations/{id}/macros/{macro}/preview", tag = "macros", params(("id" = String, Path), ("macro" = String, Path)),
    responses((status = 200, body = PreviewBody), Problems))]
async fn preview(State(app): State<App>, caller: Caller, PathId((id, kept)): PathId<(ConversationId, MacroId)>) -> Result<Json<PreviewBody>> {
    let tx = app.begin().await?;
    let preview = desk::library::preview_macro(tx, &app.desk, &caller.scope, id, kept).await?;
    Ok(Json(preview.try_into()?))
}

/// How a macro is used.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MacroUse {
    /// A composer has the draft open: words to insert come back in `inserted` instead of going into the draft.
    pub return_inserted: bool,
}

/// Words to insert into the composer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Inserted {
    #[serde(flatten)]
    pub words: Words,
    pub attachments: Vec<Attachment>,
}

/// A macro that was used.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct MacroRun {
    /// By this it can be taken back.
    #[schema(value_type = String, example = "run_0000000000000")]
    pub id: MacroRunId,
    /// Until when.
    pub undo_until: Time,
    /// How the conversation is now; null when it went out of the caller's sight.
    pub conversation: Option<Conversation>,
    /// The reply that was sent.
    #[schema(value_type = Option<String>)]
    pub sent_message_id: Option<model::MessageId>,
    pub inserted: Option<Inserted>,
}

/// Does what a macro says, all of it or nothing. Takes an `Idempotency-Key`.
#[utoipa::path(post, path = "/conversations/{id}/macros/{macro}/apply", tag = "macros", params(("id" = String, Path), ("macro" = String, Path)),
    request_body = MacroUse, responses((status = 200, body = MacroRun), Problems))]
async fn apply(
    State(app): State<App>,
    caller: Caller,
    PathId((id, kept)): PathId<(ConversationId, MacroId)>,
    Json(form): Json<MacroUse>,
) -> Result<Json<MacroRun>> {
    let insert = if form.return_inserted { Insert::Return } else { Insert::Draft };
    let mut tx = app.begin().await?;
    let used = desk::library::apply_macro(&mut tx, &app.desk, &caller.scope, id, kept, insert).await?;
    let mut inserted = None;
    for written in used.applied.written.into_iter().filter(|w| form.return_inserted && w.kind == WrittenKind::Inserted) {
        let mut attachments = Vec::new();
        for file in &written.attachments {
            attachments.extend(store::attachment::uploaded(&mut tx, caller.workspace, *file, caller.agent.id).await?.map(Attachment::from));
        }
        inserted = Some(Inserted { words: written.rendered.into(), attachments });
    }
    let until = tx.now() + desk::library::UNDO_FOR;
    tx.commit().await?;
    let conversation = store::conversation::listed_by_id(&mut app.read().await?, &caller.scope, id).await?.map(Into::into);
    Ok(Json(MacroRun { id: used.run, undo_until: Time(until), conversation, sent_message_id: used.applied.undo.reply, inserted }))
}

/// What stays as it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeptBody {
    /// `status`, `assignee`, `team`, `priority`, `tags`, `inbox` or `reply`.
    pub what: &'static str,
    /// `changed_since`, `too_late` or `not_possible`.
    pub why: &'static str,
}

/// What became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct MacroUndone {
    /// What is as it was.
    pub restored: Vec<&'static str>,
    pub kept: Vec<KeptBody>,
    /// A reply that was taken back.
    pub draft: Option<Draft>,
    pub conversation: Option<Conversation>,
}

/// Takes one's own use of a macro back, within ten minutes: what nobody changed since, and a reply in its undo window. Notes stay.
#[utoipa::path(post, path = "/macro-runs/{id}/undo", tag = "macros", params(("id" = String, Path)), responses((status = 200, body = MacroUndone), Problems))]
async fn undo(State(app): State<App>, caller: Caller, PathId(id): PathId<MacroRunId>) -> Result<Json<MacroUndone>> {
    let mut tx = app.begin().await?;
    let (conversation, undone) = desk::library::undo_run(&mut tx, &caller.scope, id).await?;
    let draft = match undone.draft {
        Some(draft) => Some(draft::present(&mut tx, &caller, draft).await?),
        None => None,
    };
    tx.commit().await?;
    let conversation = store::conversation::listed_by_id(&mut app.read().await?, &caller.scope, conversation).await?.map(Into::into);
    let kept = undone.kept.into_iter().map(|k| KeptBody { what: k.what, why: k.why }).collect();
    Ok(Json(MacroUndone { restored: undone.restored, kept, draft, conversation }))
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        match error {
            RunError::TooLate => Self::state("too_late", "It is too late to take this back."),
            RunError::Action(error) => error.into(),
        }
    }
}
