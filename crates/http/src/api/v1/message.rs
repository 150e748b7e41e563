//! Messages: reading them, replying, noting, taking back, trying again.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use desk::conversation::{Note, Reply, ReplyError, RescheduleError, RetryError, SendError, UndoError};
use model::message::{DeliveryState, Recipients};
use model::{Actor, AttachmentId, ConversationId, MessageId, Permission, Timestamp};
use serde::{Deserialize, Serialize};
use store::message::Shown;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachment::Attachment;
use super::conversation::NewStatus;
use super::draft::{self, Draft};
use super::interactive::Interactive;
use super::refs::{AgentRef, Mailbox};
use crate::app::App;
use crate::download;
use crate::json::{Json, PathId, Query};
use crate::page::{List, cursor, limit};
use crate::present;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(reply))
        .routes(routes!(note))
        .routes(routes!(undo))
        .routes(routes!(schedule))
        .routes(routes!(retry))
        .routes(routes!(raw))
}

/// Who wrote a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Author {
    /// `customer`, `agent` or `system`.
    pub kind: &'static str,
    pub id: Option<String>,
    pub name: String,
    pub email: Option<String>,
}

/// What became of one recipient.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct RecipientResult {
    pub address: String,
    /// `queued`, `sent`, `failed` or `bounced`.
    pub state: &'static str,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub at: Option<Time>,
}

/// The way out of a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Delivery {
    /// `undo_window`, `scheduled`, `queued`, `sent`, `failed`, `partly_failed` or `cancelled`.
    pub state: &'static str,
    pub undo_until: Option<Time>,
    /// When a scheduled reply leaves.
    pub send_at: Option<Time>,
    pub attempts: i64,
    pub next_attempt_at: Option<Time>,
    pub recipients: Vec<RecipientResult>,
}

/// Results of sender authentication.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Authentication {
    pub spf: String,
    pub dkim: String,
    pub dmarc: String,
}

/// What was said.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Message {
    #[schema(value_type = String, example = "msg_0000000000000")]
    pub id: MessageId,
    #[schema(value_type = String)]
    pub conversation_id: ConversationId,
    /// `customer`, `reply`, `note`, `automatic` or `bounce`.
    pub kind: &'static str,
    pub author: Author,
    pub subject: String,
    /// The whole body, plain.
    pub text: String,
    /// The whole body, sanitised: safe to insert. Remote images wait in `data-remote-src`.
    pub html: Option<String>,
    /// The same without the quote.
    pub reply_html: Option<String>,
    /// Only the author's words.
    pub reply_text: String,
    /// Something was cut off.
    pub has_quote: bool,
    pub from: Option<Mailbox>,
    pub to: Vec<Mailbox>,
    pub cc: Vec<Mailbox>,
    /// For agents' eyes only.
    pub bcc: Vec<Mailbox>,
    pub attachments: Vec<Attachment>,
    pub created_at: Time,
    pub sent_at: Option<Time>,
    pub delivery: Option<Delivery>,
    pub authentication: Option<Authentication>,
    pub forwarded_by: Option<Mailbox>,
    /// The sender is not proven: an agent decides.
    pub held: bool,
    /// When its author mended it last; how it read before is at `/messages/{id}/versions`.
    pub edited_at: Option<Time>,
    /// When words or files were taken out of it for good.
    pub redacted_at: Option<Time>,
    /// Whom a note was whispered to by a supervisor.
    pub whispered_to: Option<AgentRef>,
    /// What it offers in the widget besides its words; `html` tells the same for where nothing can be pressed.
    pub interactive: Option<Interactive>,
    /// The message whose offer the customer answered with it.
    #[schema(value_type = Option<String>)]
    pub answers: Option<MessageId>,
}

impl From<Shown> for Message {
    fn from(shown: Shown) -> Self {
        let m = shown.message;
        let has_quote = m.reply_text.split_whitespace().ne(m.text.split_whitespace());
        let html = m.html.as_deref().map(|h| present::html(h, &shown.attachments));
        let reply_html = match (&html, has_quote) {
            (Some(_), true) => Some(present::text_as_html(&m.reply_text)),
            (html, _) => html.clone(),
        };
        let label = m.from.as_ref().map(|f| f.label().to_owned());
        let email = m.from.as_ref().map(|f| f.address.to_string());
        let author = match m.author {
            Actor::Agent(id) => Author { kind: "agent", id: Some(id.to_string()), name: shown.author_name.unwrap_or_default(), email: None },
            Actor::Customer(id) => {
                Author { kind: "customer", id: Some(id.to_string()), name: shown.author_name.or(label).unwrap_or_default(), email }
            }
            Actor::System => Author { kind: "system", id: None, name: label.unwrap_or_else(|| "Sonnim".into()), email },
        };
        Self {
            id: m.id,
            conversation_id: m.conversation,
            kind: m.kind.as_str(),
            author,
            subject: m.subject,
            text: m.text,
            html,
            reply_html,
            reply_text: m.reply_text,
            has_quote,
            from: m.from.map(Into::into),
            to: m.recipients.to.into_iter().map(Into::into).collect(),
            cc: m.recipients.cc.into_iter().map(Into::into).collect(),
            bcc: m.recipients.bcc.into_iter().map(Into::into).collect(),
            attachments: shown.attachments.into_iter().map(Into::into).collect(),
            created_at: Time(m.created_at),
            sent_at: m.sent_at.map(Time),
            delivery: m.delivery.map(Into::into),
            authentication: m.authentication.map(|a| Authentication { spf: a.spf, dkim: a.dkim, dmarc: a.dmarc }),
            forwarded_by: m.forwarded_by.map(Into::into),
            held: m.held,
            edited_at: shown.edited_at.map(Time),
            redacted_at: shown.redacted_at.map(Time),
            whispered_to: shown.whispered_to.map(|(id, name)| AgentRef { id, name }),
            interactive: shown.offered.map(|o| o.interactive.into()),
            answers: shown.answers,
        }
    }
}

impl From<model::message::Delivery> for Delivery {
    fn from(d: model::message::Delivery) -> Self {
        let result = |r: model::message::RecipientDelivery| RecipientResult {
            address: r.address,
            state: r.state.as_str(),
            code: r.code,
            detail: r.detail,
            at: r.at.map(Time),
        };
        Self {
            state: d.state.as_str(),
            undo_until: d.undo_until.filter(|_| d.state == DeliveryState::UndoWindow).map(Time),
            send_at: d.undo_until.filter(|_| d.state == DeliveryState::Scheduled).map(Time),
            attempts: d.attempts,
            next_attempt_at: d.next_attempt_at.map(Time),
            recipients: d.recipients.into_iter().map(result).collect(),
        }
    }
}

/// Which page.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
#[allow(missing_docs)]
pub struct PageQuery {
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

/// The messages of a conversation, newest first.
#[utoipa::path(get, path = "/conversations/{id}/messages", tag = "messages", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = List<Message>), Problems))]
async fn list(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>, Query(q): Query<PageQuery>) -> Result<Json<List<Message>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let before = cursor::<MessageId>(q.cursor.as_deref())?;
    store::conversation::listed_by_id(&mut conn, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let page = store::message::page(&mut conn, &caller.scope, id, before, limit(q.limit)?).await?;
    Ok(Json(page.into()))
}

/// A message in sight, or 404.
pub async fn fresh(app: &App, caller: &Caller, id: MessageId) -> Result<Message> {
    caller.require(Permission::ConversationRead)?;
    let shown = store::message::get(&mut app.read().await?, &caller.scope, id).await?;
    shown.map(Into::into).ok_or_else(Problem::not_found)
}

/// Names in addresses are one line each: they become headers.
pub fn mailboxes(field: &'static str, given: Vec<Mailbox>) -> Result<Vec<model::Mailbox>> {
    let one = |m: Mailbox| {
        let name = m.name.map(|n| desk::line::optional_line(field, &n, 200)).transpose()?.filter(|n| !n.is_empty());
        Ok(model::Mailbox { name, address: m.address })
    };
    given.into_iter().map(one).collect()
}

/// An answer to the customer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReplyForm {
    pub html: Option<String>,
    /// When there is no HTML.
    pub text: Option<String>,
    /// Everyone who takes part when left out, together with `cc` and `bcc`.
    pub to: Option<Vec<Mailbox>>,
    pub cc: Option<Vec<Mailbox>>,
    pub bcc: Option<Vec<Mailbox>>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub attachment_ids: Vec<AttachmentId>,
    /// The status to set with it.
    pub then: Option<NewStatus>,
    /// The newest message that the author had seen; 409 `newer_message`, with what is newer in `current`, when somebody else
    /// wrote since.
    #[schema(value_type = Option<String>)]
    pub if_last_message_id: Option<MessageId>,
    /// Sends it at this time, within a year, instead of after the undo window.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub send_at: Option<Timestamp>,
    /// Sends although `[[ … ]]` stands in the text; without it, that is 422 `unfilled_placeholder`.
    #[serde(default)]
    pub allow_placeholders: bool,
    /// What it offers besides its words: only in a chat. Where it goes by mail, it is told in words.
    pub interactive: Option<Interactive>,
}

fn recipients(to: Option<Vec<Mailbox>>, cc: Option<Vec<Mailbox>>, bcc: Option<Vec<Mailbox>>) -> Result<Option<Recipients>> {
    if to.is_none() && cc.is_none() && bcc.is_none() {
        return Ok(None);
    }
    let Some(to) = to else { return Err(Problem::invalid("to", "missing", "Name the recipients in to as well.")) };
    Ok(Some(Recipients { to: mailboxes("to", to)?, cc: mailboxes("cc", cc.unwrap_or_default())?, bcc: mailboxes("bcc", bcc.unwrap_or_default())? }))
}

/// Answers the customer. The mail leaves when the author's undo window is over.
#[utoipa::path(post, path = "/conversations/{id}/replies", tag = "messages", params(("id" = String, Path)), request_body = ReplyForm,
    responses((status = 201, body = Message), Problems))]
async fn reply(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    Json(form): Json<ReplyForm>,
) -> Result<(StatusCode, Json<Message>)> {
    let reply = Reply {
        html: form.html,
        text: form.text,
        recipients: recipients(form.to, form.cc, form.bcc)?,
        attachments: form.attachment_ids,
        then: form.then.map(|s| s.at(app.now())),
        if_last: form.if_last_message_id,
        send_at: form.send_at,
        allow_placeholders: form.allow_placeholders,
        interactive: form.interactive.map(Into::into),
    };
    let mut tx = app.begin().await?;
    let message = desk::conversation::reply(&mut tx, &app.desk, &caller.scope, id, reply).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(fresh(&app, &caller, message).await?)))
}

/// An internal note.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NoteForm {
    pub html: Option<String>,
    /// When there is no HTML.
    pub text: Option<String>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub attachment_ids: Vec<AttachmentId>,
}

impl NoteForm {
    /// As the verbs want it; sanitised.
    pub fn read(self) -> Result<Note> {
        Ok(Note::new(self.html.as_deref(), self.text.as_deref(), self.attachment_ids)?)
    }
}

/// Leaves a note that only agents see.
#[utoipa::path(post, path = "/conversations/{id}/notes", tag = "messages", params(("id" = String, Path)), request_body = NoteForm,
    responses((status = 201, body = Message), Problems))]
async fn note(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    Json(form): Json<NoteForm>,
) -> Result<(StatusCode, Json<Message>)> {
    caller.require(Permission::ConversationWrite)?;
    let note = form.read()?;
    let mut tx = app.begin().await?;
    let message = desk::conversation::note(&mut tx, &caller.scope, id, note).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(fresh(&app, &caller, message).await?)))
}

/// A reply that was taken back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Undone {
    /// Its words, as a draft again.
    pub draft: Draft,
}

/// Takes a reply back within its undo window.
#[utoipa::path(post, path = "/messages/{id}/undo", tag = "messages", params(("id" = String, Path)), responses((status = 200, body = Undone), Problems))]
async fn undo(State(app): State<App>, caller: Caller, PathId(id): PathId<MessageId>) -> Result<Json<Undone>> {
    let mut tx = app.begin().await?;
    let draft = desk::conversation::undo(&mut tx, &caller.scope, id).await?;
    let draft = draft::present(&mut tx, &caller, draft).await?;
    tx.commit().await?;
    Ok(Json(Undone { draft }))
}

/// Another time for a scheduled reply.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleForm {
    /// Null: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub send_at: Option<Timestamp>,
}

/// Moves one's own scheduled reply to another time, or sends it now. `undo` takes it back.
#[utoipa::path(put, path = "/messages/{id}/schedule", tag = "messages", params(("id" = String, Path)), request_body = ScheduleForm,
    responses((status = 200, body = Message), Problems))]
async fn schedule(State(app): State<App>, caller: Caller, PathId(id): PathId<MessageId>, Json(form): Json<ScheduleForm>) -> Result<Json<Message>> {
    let mut tx = app.begin().await?;
    desk::conversation::reschedule(&mut tx, &caller.scope, id, form.send_at).await?;
    tx.commit().await?;
    Ok(Json(fresh(&app, &caller, id).await?))
}

/// Sends again to those who have not got it.
#[utoipa::path(post, path = "/messages/{id}/retry", tag = "messages", params(("id" = String, Path)), responses((status = 202, body = Message), Problems))]
async fn retry(State(app): State<App>, caller: Caller, PathId(id): PathId<MessageId>) -> Result<(StatusCode, Json<Message>)> {
    let mut tx = app.begin().await?;
    desk::conversation::retry(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(fresh(&app, &caller, id).await?)))
}

/// The mail as it arrived.
#[utoipa::path(get, path = "/messages/{id}/raw", tag = "messages", params(("id" = String, Path)),
    responses((status = 200, content_type = "message/rfc822", body = String), Problems))]
async fn raw(State(app): State<App>, caller: Caller, PathId(id): PathId<MessageId>, headers: HeaderMap) -> Result<Response> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let shown = store::message::get(&mut conn, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let Some(mail) = shown.message.inbound_mail else { return Err(Problem::not_found()) };
    let mail = store::inbound_mail::get(&mut conn, caller.workspace, mail).await?.ok_or_else(Problem::not_found)?;
    raw_mail(&app, conn, &caller, &mail.sha256, &id.to_string(), &headers).await
}

/// A raw mail as a download: never shown by the browser.
pub async fn raw_mail(app: &App, mut conn: store::Conn, caller: &Caller, sha256: &str, name: &str, asked_with: &HeaderMap) -> Result<Response> {
    let blob = app.desk.store.blobs().open_blob(&mut conn, caller.workspace, sha256).await?.ok_or_else(Problem::not_found)?;
    drop(conn);
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}.eml\"")).unwrap_or(HeaderValue::from_static("attachment"));
    let etag = format!("\"{sha256}\"");
    let mut response = download::send(blob, asked_with, &etag).await?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("message/rfc822"));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

impl From<SendError> for Problem {
    fn from(error: SendError) -> Self {
        let detail = error.to_string();
        match error {
            SendError::Empty => Self::invalid("text", "missing", detail),
            SendError::NoRecipient => Self::invalid("to", "missing", detail),
            SendError::TooManyRecipients => Self::invalid("to", "too_many", detail),
            SendError::BadTime => Self::invalid("send_at", "invalid", detail),
            SendError::TooLong => Self::invalid("html", "too_long", detail),
            SendError::UnknownAttachment(_) => Self::invalid("attachment_ids", "not_found", detail),
            SendError::Store(error) => error.into(),
        }
    }
}

impl From<ReplyError> for Problem {
    fn from(error: ReplyError) -> Self {
        match error {
            ReplyError::Forbidden(_) => Self::forbidden(),
            ReplyError::NotFound => Self::not_found(),
            ReplyError::Refused(refusal) => refusal.into(),
            ReplyError::Placeholder(open) => {
                Self::invalid("html", "unfilled_placeholder", format!("Fill in [[ {open} ]], or send it as it is with allow_placeholders."))
            }
            ReplyError::NewerMessage(newer) => {
                let newer: Vec<Message> = newer.into_iter().map(Into::into).collect();
                Self::state("newer_message", "A newer message has come in. Read it before you send.").and_current(serde_json::to_value(newer).ok())
            }
            ReplyError::Send(error) => error.into(),
            ReplyError::Status(error) => Self::invalid("then.until", "invalid", error.to_string()),
            ReplyError::Store(error) => error.into(),
        }
    }
}

impl From<UndoError> for Problem {
    fn from(error: UndoError) -> Self {
        match error {
            UndoError::Forbidden(_) => Self::forbidden(),
            UndoError::NotFound => Self::not_found(),
            UndoError::TooLate => Self::state("too_late", "It is too late: the mail has left."),
            UndoError::Store(error) => error.into(),
        }
    }
}

impl From<RescheduleError> for Problem {
    fn from(error: RescheduleError) -> Self {
        match error {
            RescheduleError::Undo(error) => error.into(),
            RescheduleError::BadTime => Self::invalid("send_at", "invalid", "Pick a time within a year."),
        }
    }
}

impl From<RetryError> for Problem {
    fn from(error: RetryError) -> Self {
        match error {
            RetryError::Forbidden(_) => Self::forbidden(),
            RetryError::NotFound => Self::not_found(),
            RetryError::NothingFailed => Self::state("nothing_failed", "No recipient is waiting for another try."),
            RetryError::Store(error) => error.into(),
        }
    }
}
