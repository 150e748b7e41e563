//! What a visitor says, reads and does in the widget.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use desk::chat::{self, Words};
use model::chat::{PREVIEW, VisitorDoes, VisitorSign};
use model::{AttachmentId, ConversationId, EmailAddress, MessageId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::chat::Seen;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::interactive::AnswerForm;
use super::widget_view::{self, WidgetConversation, WidgetMessage};
use super::widget_visitor::{PageForm, Visiting, WidgetId, conversations, wait_of};
use crate::app::App;
use crate::json::{Json, Query};
use crate::page::{List, cursor, limit};
use crate::problem::{Problem, Problems, Result};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, begin))
        .routes(routes!(messages, write))
        .routes(routes!(typing))
        .routes(routes!(read))
        .routes(routes!(end))
        .routes(routes!(rating))
        .routes(routes!(transcript))
        .routes(routes!(leave))
        .routes(routes!(callback))
}

fn key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().map_err(|_| Problem::malformed("Idempotency-Key is 1 to 200 printable characters."))?;
    Ok(Some(text.to_owned()))
}

async fn seen(app: &App, visiting: &Visiting, id: ConversationId) -> Result<Seen> {
    let mut conn = app.read().await?;
    store::chat::visible(&mut conn, visiting.workspace, &visiting.visitor, app.now(), id).await?.ok_or_else(Problem::not_found)
}

/// The visitor's conversations, the newest first, at most 50.
#[utoipa::path(get, path = "/widget/{key}/conversations", tag = "widget", security(("visitor" = [])), params(("key" = String, Path)),
    responses((status = 200, body = List<WidgetConversation>), Problems))]
async fn list(State(app): State<App>, visiting: Visiting) -> Result<Json<List<WidgetConversation>>> {
    visiting.take(&app, "others", app.settings.chat.others)?;
    let items = conversations(&mut app.read().await?, &visiting.visit, app.now()).await?;
    Ok(Json(List { items, next: None }))
}

/// The first words.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginForm {
    /// At most 10,000 characters.
    #[serde(default)]
    pub text: String,
    /// Uploads.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub attachments: Vec<AttachmentId>,
    /// Answers to what was asked before, by key.
    #[serde(default)]
    pub form: BTreeMap<String, String>,
    /// The page it shows: only where the visitor agreed.
    pub page: Option<PageForm>,
    /// The words that it answers: the id of an invitation, or `agent` for what an agent wrote to this visitor.
    pub invitation: Option<String>,
    /// The agent in whose name an invitation said them, as the visitor saw it.
    pub invitation_by: Option<String>,
}

/// A conversation that began.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetBegun {
    pub conversation: WidgetConversation,
    pub message: WidgetMessage,
}

/// Begins a conversation. With an `Idempotency-Key`, sent twice it is one.
#[utoipa::path(post, path = "/widget/{key}/conversations", tag = "widget", security(("visitor" = [])), params(("key" = String, Path)), request_body = BeginForm,
    responses((status = 201, body = WidgetBegun), Problems))]
async fn begin(
    State(app): State<App>,
    visiting: Visiting,
    headers: HeaderMap,
    Json(form): Json<BeginForm>,
) -> Result<(StatusCode, Json<WidgetBegun>)> {
    visiting.take(&app, "messages", app.settings.chat.messages)?;
    let words = Words {
        text: form.text,
        attachments: form.attachments,
        key: key(&headers)?,
        form: form.form,
        page: form.page.map(Into::into),
        invitation: form.invitation,
        invitation_by: form.invitation_by,
        answer: None,
    };
    let mut tx = app.begin().await?;
    let written = chat::write(&mut tx, &visiting.visit, None, words).await?;
    tx.commit().await?;
    let mut conn = app.read().await?;
    let seen = store::chat::seen(&mut conn, visiting.workspace, written.conversation).await?.ok_or_else(Problem::not_found)?;
    let message = present(&mut conn, &visiting, &seen, written.message).await?;
    let wait = wait_of(&mut conn, visiting.workspace, &seen, app.now()).await?;
    Ok((StatusCode::CREATED, Json(WidgetBegun { conversation: widget_view::conversation(&seen, wait), message })))
}

async fn present(conn: &mut store::Conn, visiting: &Visiting, seen: &Seen, id: MessageId) -> Result<WidgetMessage> {
    let shown = store::message::get(conn, &Scope::system(visiting.workspace), id).await?.ok_or_else(Problem::not_found)?;
    let key = store::chat::keys_of(conn, visiting.workspace, &[id]).await?.remove(&id);
    widget_view::message(seen, &shown, key).ok_or_else(Problem::not_found)
}

/// Which page.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct BeforeQuery {
    /// Only messages before this one: `next` of the page before.
    pub before: Option<String>,
    /// At most 100; 50 without.
    pub limit: Option<u32>,
}

/// Messages of a conversation, oldest first: the newest page, or those before a message. `next` leads further back.
#[utoipa::path(get, path = "/widget/{key}/conversations/{id}/messages", tag = "widget", security(("visitor" = [])),
    params(("key" = String, Path), ("id" = String, Path), BeforeQuery), responses((status = 200, body = List<WidgetMessage>), Problems))]
async fn messages(
    State(app): State<App>,
    visiting: Visiting,
    WidgetId(id): WidgetId<ConversationId>,
    Query(query): Query<BeforeQuery>,
) -> Result<Json<List<WidgetMessage>>> {
    visiting.take(&app, "others", app.settings.chat.others)?;
    let before = cursor::<MessageId>(query.before.as_deref())?;
    let seen = seen(&app, &visiting, id).await?;
    let mut conn = app.read().await?;
    let page = store::message::page(&mut conn, &Scope::system(visiting.workspace), id, before, limit(query.limit)?).await?;
    let next = page.items.last().filter(|_| page.next.is_some()).map(|m| m.message.id.to_string());
    let ids: Vec<MessageId> = page.items.iter().map(|m| m.message.id).collect();
    let mut keys = store::chat::keys_of(&mut conn, visiting.workspace, &ids).await?;
    let items = page.items.iter().rev().filter_map(|m| widget_view::message(&seen, m, keys.remove(&m.message.id))).collect();
    Ok(Json(List { items, next }))
}

/// More words.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteForm {
    /// At most 10,000 characters.
    #[serde(default)]
    pub text: String,
    /// Uploads.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub attachments: Vec<AttachmentId>,
    /// What was pressed or filled in of what an agent's message offers: then the words are made of it. Once for each message: 409
    /// `answered`.
    pub answer: Option<AnswerForm>,
}

/// Says more; a conversation that was ended opens again. With an `Idempotency-Key`, sent twice it is one message.
#[utoipa::path(post, path = "/widget/{key}/conversations/{id}/messages", tag = "widget", security(("visitor" = [])),
    params(("key" = String, Path), ("id" = String, Path)), request_body = WriteForm, responses((status = 201, body = WidgetMessage), Problems))]
async fn write(
    State(app): State<App>,
    visiting: Visiting,
    WidgetId(id): WidgetId<ConversationId>,
    headers: HeaderMap,
    Json(form): Json<WriteForm>,
) -> Result<(StatusCode, Json<WidgetMessage>)> {
    visiting.take(&app, "messages", app.settings.chat.messages)?;
    let answer = form.answer.map(AnswerForm::read);
    let words = Words { text: form.text, attachments: form.attachments, key: key(&headers)?, answer, ..Words::default() };
    let mut tx = app.begin().await?;
    let written = chat::write(&mut tx, &visiting.visit, Some(id), words).await?;
    tx.commit().await?;
    let mut conn = app.read().await?;
    let seen = store::chat::seen(&mut conn, visiting.workspace, written.conversation).await?.ok_or_else(Problem::not_found)?;
    let message = present(&mut conn, &visiting, &seen, written.message).await?;
    Ok((StatusCode::CREATED, Json(message)))
}

/// What the visitor is writing.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TypingForm {
    /// What it is so far; an empty one says that nothing is being written any more. Passed on only where the inbox wants to know.
    pub text: Option<String>,
}

/// Tells the agents that the visitor writes. Repeat it every few seconds while it does; nothing is stored.
#[utoipa::path(post, path = "/widget/{key}/conversations/{id}/typing", tag = "widget", security(("visitor" = [])),
    params(("key" = String, Path), ("id" = String, Path)), request_body = TypingForm, responses((status = 204), Problems))]
async fn typing(
    State(app): State<App>,
    visiting: Visiting,
    WidgetId(id): WidgetId<ConversationId>,
    Json(form): Json<TypingForm>,
) -> Result<StatusCode> {
    visiting.take(&app, "typing", app.settings.chat.others)?;
    let seen = seen(&app, &visiting, id).await?;
    if form.text.as_ref().is_some_and(|t| t.chars().count() > PREVIEW) {
        return Err(Problem::invalid("text", "too_long", format!("At most {PREVIEW} characters.")));
    }
    let is_typing = form.text.as_deref() != Some("");
    let text = form.text.filter(|t| visiting.widget.settings.typing_preview && !t.is_empty());
    app.desk.store.tell_visitor(VisitorSign {
        workspace: visiting.workspace,
        inbox: seen.conversation.inbox,
        conversation: Some(id),
        visitor: visiting.visitor.id,
        what: VisitorDoes::Typing { typing: is_typing, text },
    });
    Ok(StatusCode::NO_CONTENT)
}

/// What the visitor has seen.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadForm {
    /// The newest message that it has seen.
    #[schema(value_type = String)]
    pub message: MessageId,
}

/// The visitor has seen everything up to a message.
#[utoipa::path(post, path = "/widget/{key}/conversations/{id}/read", tag = "widget", security(("visitor" = [])),
    params(("key" = String, Path), ("id" = String, Path)), request_body = ReadForm, responses((status = 204), Problems))]
async fn read(State(app): State<App>, visiting: Visiting, WidgetId(id): WidgetId<ConversationId>, Json(form): Json<ReadForm>) -> Result<StatusCode> {
    visiting.take(&app, "others", app.settings.chat.others)?;
    let mut tx = app.begin().await?;
    chat::seen_by_visitor(&mut tx, &visiting.visit, id, form.message).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a conversation. Writing again opens it again.
#[utoipa::path(post, path = "/widget/{key}/conversations/{id}/end", tag = "widget", security(("visitor" = [])),
    params(("key" = String, Path), ("id" = String, Path)), responses((status = 204), Problems))]
async fn end(State(app): State<App>, visiting: Visiting, WidgetId(id): WidgetId<ConversationId>) -> Result<StatusCode> {
    visiting.take(&app, "others", app.settings.chat.others)?;
    let mut tx = app.begin().await?;
    chat::end_by_visitor(&mut tx, &visiting.visit, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the visitor thinks of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingForm {
    /// 1 to 5.
    pub score: i64,
    /// Up to 2,000 characters.
    pub comment: Option<String>,
}

/// Rates a conversation; a later score takes the place of an earlier one.
#[utoipa::path(post, path = "/widget/{key}/conversations/{id}/rating", tag = "widget", security(("visitor" = [])),
    params(("key" = String, Path), ("id" = String, Path)), request_body = RatingForm, responses((status = 204), Problems))]
async fn rating(
    State(app): State<App>,
    visiting: Visiting,
    WidgetId(id): WidgetId<ConversationId>,
    Json(form): Json<RatingForm>,
) -> Result<StatusCode> {
    visiting.take(&app, "others", app.settings.chat.others)?;
    let mut tx = app.begin().await?;
    chat::rate(&mut tx, &visiting.visit, id, form.score, form.comment.as_deref()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The visitor's own address.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct MailForm {
    #[schema(value_type = String, format = Email)]
    pub email: EmailAddress,
}

/// Mails what was said to the visitor's own address, a few times a day, once an agent has answered.
#[utoipa::path(post, path = "/widget/{key}/conversations/{id}/transcript", tag = "widget", security(("visitor" = [])),
    params(("key" = String, Path), ("id" = String, Path)), request_body = MailForm, responses((status = 204), Problems))]
async fn transcript(
    State(app): State<App>,
    visiting: Visiting,
    WidgetId(id): WidgetId<ConversationId>,
    Json(form): Json<MailForm>,
) -> Result<StatusCode> {
    visiting.take(&app, "others", app.settings.chat.others)?;
    let mut tx = app.begin().await?;
    chat::transcript(&mut tx, &visiting.visit, id, &form.email).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The visitor does not wait: answers go by mail from now on, until it writes here again.
#[utoipa::path(post, path = "/widget/{key}/conversations/{id}/leave", tag = "widget", security(("visitor" = [])),
    params(("key" = String, Path), ("id" = String, Path)), request_body = MailForm, responses((status = 204), Problems))]
async fn leave(State(app): State<App>, visiting: Visiting, WidgetId(id): WidgetId<ConversationId>, Json(form): Json<MailForm>) -> Result<StatusCode> {
    visiting.take(&app, "others", app.settings.chat.others)?;
    let mut tx = app.begin().await?;
    chat::leave(&mut tx, &visiting.visit, id, form.email).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where and when to call.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallbackForm {
    /// As people write it: `+82 10-1234-5678`.
    pub phone: String,
    /// When it suits, within two weeks; null: soon.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
}

/// The visitor wants to be called and does not wait here, where the inbox offers that. Asked again, the newer counts.
#[utoipa::path(post, path = "/widget/{key}/conversations/{id}/callback", tag = "widget", security(("visitor" = [])),
    params(("key" = String, Path), ("id" = String, Path)), request_body = CallbackForm, responses((status = 204), Problems))]
async fn callback(
    State(app): State<App>,
    visiting: Visiting,
    WidgetId(id): WidgetId<ConversationId>,
    Json(form): Json<CallbackForm>,
) -> Result<StatusCode> {
    // An agent is told each time, as of a message.
    visiting.take(&app, "messages", app.settings.chat.messages)?;
    let mut tx = app.begin().await?;
    chat::ask_to_be_called(&mut tx, &visiting.visit, id, &form.phone, form.at).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
