//! Saved replies: keeping, trying out, using.

use axum::extract::State;
use axum::http::StatusCode;
use desk::library::{ReplyForm, ReplyPatch};
use desk::template::{self, Context};
use model::library::{SavedReply as Kept, Visibility};
use model::{AttachmentId, ConversationId, FolderId, Permission, SavedReplyId, Scope, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::action::Words;
use super::attachment::Attachment;
use super::library::{ArchiveQuery, CardBody, VisibilityBody, expect_version};
use crate::app::App;
use crate::etag::{IfMatch, Versioned};
use crate::json::{Json, PathId, Query, nullable};
use crate::page::List;
use crate::present;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, patch))
        .routes(routes!(preview))
        .routes(routes!(insert))
        .routes(routes!(preview_template))
}

/// The words in one language.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SavedReplyText)]
pub struct TextBody {
    /// Such as `en` or `ko`.
    pub language: String,
    /// HTML with variables, such as `{{ customer.first_name | default("there") }}`, and `[[ what to fill in by hand ]]`.
    pub html: String,
}

/// First words in one language.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SavedReplyTextPreview)]
#[allow(missing_docs)]
pub struct TextPreview {
    pub language: String,
    pub preview: String,
}

/// A saved reply in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SavedReplyItem {
    #[schema(value_type = String, example = "rpl_0000000000000")]
    pub id: SavedReplyId,
    #[serde(flatten)]
    pub card: CardBody,
    pub previews: Vec<TextPreview>,
}

impl SavedReplyItem {
    fn new(reply: Kept, scope: &Scope, teams: &[TeamId]) -> Self {
        let previews = reply.texts.into_iter().map(|t| TextPreview { language: t.language, preview: t.preview }).collect();
        Self { id: reply.id, card: CardBody::new(reply.card, scope, teams), previews }
    }
}

/// A saved reply.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SavedReply {
    #[schema(value_type = String, example = "rpl_0000000000000")]
    pub id: SavedReplyId,
    #[serde(flatten)]
    pub card: CardBody,
    pub texts: Vec<TextBody>,
    pub attachments: Vec<Attachment>,
}

impl SavedReply {
    fn new(reply: Kept, scope: &Scope, teams: &[TeamId]) -> Self {
        Self {
            id: reply.id,
            card: CardBody::new(reply.card, scope, teams),
            texts: reply.texts.into_iter().map(|t| TextBody { language: t.language, html: t.html }).collect(),
            attachments: reply.files.into_iter().map(Into::into).collect(),
        }
    }
}

/// Every saved reply in sight, the most used first.
#[utoipa::path(get, path = "/saved-replies", tag = "saved replies", params(ArchiveQuery), responses((status = 200, body = List<SavedReplyItem>), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(q): Query<ArchiveQuery>) -> Result<Json<List<SavedReplyItem>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let teams = desk::library::own_teams(&mut conn, &caller.scope).await?;
    let all = store::saved_reply::list(&mut conn, &caller.scope, q.archived).await?;
    Ok(Json(List { items: all.into_iter().map(|r| SavedReplyItem::new(r, &caller.scope, &teams)).collect(), next: None }))
}

async fn found(conn: &mut store::Conn, caller: &Caller, id: SavedReplyId) -> Result<SavedReply> {
    let reply = store::saved_reply::get(conn, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let teams = desk::library::own_teams(conn, &caller.scope).await?;
    Ok(SavedReply::new(reply, &caller.scope, &teams))
}

/// A saved reply in sight.
#[utoipa::path(get, path = "/saved-replies/{id}", tag = "saved replies", params(("id" = String, Path)), responses((status = 200, body = SavedReply), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<SavedReplyId>) -> Result<Versioned<SavedReply>> {
    caller.require(Permission::ConversationRead)?;
    let reply = found(&mut app.read().await?, &caller, id).await?;
    Ok(Versioned(reply.card.version, reply))
}

/// A new saved reply.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NewSavedReply {
    pub name: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub folder_id: Option<FolderId>,
    pub visibility: VisibilityBody,
    pub texts: Vec<TextBody>,
    /// Uploads.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub attachment_ids: Vec<AttachmentId>,
}

fn pairs(texts: Vec<TextBody>) -> Vec<(String, String)> {
    texts.into_iter().map(|t| (t.language, t.html)).collect()
}

/// Keeps a reply.
#[utoipa::path(post, path = "/saved-replies", tag = "saved replies", request_body = NewSavedReply, responses((status = 201, body = SavedReply), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<NewSavedReply>) -> Result<(StatusCode, Versioned<SavedReply>)> {
    caller.require(Permission::ConversationWrite)?;
    let form = ReplyForm::new(&form.name, form.folder_id, form.visibility.into(), &pairs(form.texts), form.attachment_ids)?;
    let mut tx = app.begin().await?;
    let id = desk::library::create_reply(&mut tx, &caller.scope, form).await?;
    let reply = found(&mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Versioned(reply.card.version, reply)))
}

/// What is to change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct SavedReplyPatch {
    pub name: Option<String>,
    /// Null: outside of any folder.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub folder_id: Option<Option<FolderId>>,
    pub visibility: Option<VisibilityBody>,
    /// These and no others.
    pub texts: Option<Vec<TextBody>>,
    /// These and no others.
    #[schema(value_type = Option<Vec<String>>)]
    pub attachment_ids: Option<Vec<AttachmentId>>,
    /// True puts it away, false fetches it back.
    pub archived: Option<bool>,
}

/// Changes a saved reply, puts it away or fetches it back. With `If-Match`, only the version that it names.
#[utoipa::path(patch, path = "/saved-replies/{id}", tag = "saved replies", params(("id" = String, Path)), request_body = SavedReplyPatch,
    responses((status = 200, body = SavedReply), Problems))]
async fn patch(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<SavedReplyId>,
    IfMatch(version): IfMatch,
    Json(form): Json<SavedReplyPatch>,
) -> Result<Versioned<SavedReply>> {
    caller.require(Permission::ConversationWrite)?;
    let texts = form.texts.map(pairs);
    let visibility = form.visibility.map(Visibility::from);
    let patch = ReplyPatch::new(form.name.as_deref(), form.folder_id, visibility, texts.as_deref(), form.attachment_ids, form.archived)?;
    let mut tx = app.begin().await?;
    let now = found(&mut tx, &caller, id).await?;
    expect_version(version, now.card.version, || now.clone())?;
    desk::library::update_reply(&mut tx, &caller.scope, id, patch).await?;
    // Whoever gives it to others may lose sight of it: then they are told how they left it.
    let reply = found(&mut tx, &caller, id).await.unwrap_or(now);
    tx.commit().await?;
    Ok(Versioned(reply.card.version, reply))
}

/// For whom it is filled in.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = SavedReplyUse)]
pub struct UseForm {
    /// The conversation; a made-up one when left out of a preview.
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
    /// Instead of the customer's language.
    pub language: Option<String>,
}

/// A saved reply, filled in.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct FilledReply {
    /// The language that was picked.
    pub language: String,
    #[serde(flatten)]
    pub words: Words,
    /// Its files. After `insert`, copies that belong to the author.
    pub attachments: Vec<Attachment>,
}

async fn context(app: &App, caller: &Caller, conversation: Option<ConversationId>) -> Result<Context> {
    let mut conn = app.read().await?;
    if let Some(id) = conversation {
        let listed = store::conversation::listed_by_id(&mut conn, &caller.scope, id).await?;
        let listed = listed.ok_or_else(|| Problem::invalid("conversation_id", "not_found", "There is no such conversation here."))?;
        return Ok(Context::of(&mut conn, &caller.scope, &listed.conversation).await?);
    }
    let workspace = store::workspace::find(&mut conn, caller.workspace).await?.ok_or_else(Problem::not_found)?;
    let fields = store::field::list(&mut conn, caller.workspace).await?;
    Ok(Context::sample(&caller.agent.name, &workspace.name, caller.agent.language).with_fields(&fields))
}

fn bad_template(error: &template::TemplateError) -> Problem {
    Problem::invalid("html", error.code(), error.to_string())
}

/// Shows a saved reply filled in. Changes and counts nothing.
#[utoipa::path(post, path = "/saved-replies/{id}/preview", tag = "saved replies", params(("id" = String, Path)), request_body = UseForm,
    responses((status = 200, body = FilledReply), Problems))]
async fn preview(State(app): State<App>, caller: Caller, PathId(id): PathId<SavedReplyId>, Json(form): Json<UseForm>) -> Result<Json<FilledReply>> {
    caller.require(Permission::ConversationWrite)?;
    let reply = store::saved_reply::get(&mut app.read().await?, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let context = context(&app, &caller, form.conversation_id).await?;
    let text = desk::library::text_for(&reply, &context, form.language.as_deref()).ok_or_else(Problem::not_found)?;
    let rendered = template::render(&text.html, &context).map_err(|e| bad_template(&e))?;
    let mut words = Words::from(rendered);
    words.html = present::html(&words.html, &reply.files);
    Ok(Json(FilledReply { language: text.language.clone(), words, attachments: reply.files.into_iter().map(Into::into).collect() }))
}

/// Fills a saved reply in for a message to be written now: its files become uploads of the author, and the use is counted.
#[utoipa::path(post, path = "/saved-replies/{id}/insert", tag = "saved replies", params(("id" = String, Path)), request_body = UseForm,
    responses((status = 200, body = FilledReply), Problems))]
async fn insert(State(app): State<App>, caller: Caller, PathId(id): PathId<SavedReplyId>, Json(form): Json<UseForm>) -> Result<Json<FilledReply>> {
    caller.require(Permission::ConversationWrite)?;
    let mut tx = app.begin().await?;
    store::saved_reply::get(&mut tx, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let conversation = form.conversation_id.ok_or_else(|| Problem::invalid("conversation_id", "missing", "Name the conversation."))?;
    store::conversation::listed_by_id(&mut tx, &caller.scope, conversation)
        .await?
        .ok_or_else(|| Problem::invalid("conversation_id", "not_found", "There is no such conversation here."))?;
    let filled = desk::library::use_reply(&mut tx, &caller.scope, id, conversation, form.language.as_deref()).await?;
    let mut attachments = Vec::new();
    for file in &filled.attachments {
        attachments.extend(store::attachment::uploaded(&mut tx, caller.workspace, *file, caller.agent.id).await?.map(Attachment::from));
    }
    tx.commit().await?;
    Ok(Json(FilledReply { language: filled.language, words: filled.rendered.into(), attachments }))
}

/// A template to try out.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct TemplateForm {
    pub html: String,
    /// A made-up one when left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
}

/// Fills a template in that nobody has kept yet. 422 says what is wrong with it.
#[utoipa::path(post, path = "/template-previews", tag = "saved replies", request_body = TemplateForm, responses((status = 200, body = Words), Problems))]
async fn preview_template(State(app): State<App>, caller: Caller, Json(form): Json<TemplateForm>) -> Result<Json<Words>> {
    caller.require(Permission::ConversationWrite)?;
    let context = context(&app, &caller, form.conversation_id).await?;
    let rendered = template::render(&desk::html::sanitize_composed(&form.html), &context).map_err(|e| bad_template(&e))?;
    Ok(Json(rendered.into()))
}
