//! Mails as they arrived: handing one in, the quarantine, another look.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use desk::mail::{AcceptError, QuarantineError};
use model::{ConversationId, InboundMailId, InboxId, MessageId, Permission, Reason};
use serde::{Deserialize, Serialize};
use store::inbound_mail::{Envelope, State as MailState};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::message::raw_mail;
use super::refs::InboxRef;
use crate::app::App;
use crate::json::{Json, PathId, Query};
use crate::page::{List, cursor, limit};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;
use crate::upload::receive;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(raw))
        .routes(routes!(replay))
        .routes(routes!(discard))
        .routes(routes!(accept))
}

/// A mail as it arrived.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = InboundMail)]
#[allow(missing_docs)]
pub struct MailBody {
    #[schema(value_type = String, example = "mail_0000000000000")]
    pub id: InboundMailId,
    pub inbox: Option<InboxRef>,
    /// `lmtp`, `smtp`, `imap`, `api` or `cli`.
    pub via: String,
    /// `received`, `processed`, `duplicate`, `quarantined` or `discarded`.
    pub state: &'static str,
    pub from: Option<String>,
    pub subject: Option<String>,
    pub size: i64,
    pub received_at: Time,
    pub attempts: i64,
    /// Why it could not be processed, in English.
    pub error: Option<String>,
    /// The same as a code: `gone`, `stopped_worker`, `took_too_long`, `failed`, `no_sender`; none for what has none.
    pub reason: Option<String>,
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
    #[schema(value_type = Option<String>)]
    pub message_id: Option<MessageId>,
}

fn present(m: store::inbound_mail::InboundMail, inboxes: &[model::inbox::Inbox]) -> MailBody {
    let inbox = m.inbox.and_then(|id| inboxes.iter().find(|i| i.id == id));
    let why = m.error.as_deref().map(Reason::from_stored);
    MailBody {
        id: m.id,
        inbox: inbox.map(|i| InboxRef { id: i.id, name: i.name.clone(), address: i.address.to_string() }),
        via: m.via,
        state: m.state.as_str(),
        from: m.from_address.or(m.envelope_from),
        subject: m.subject,
        size: m.size,
        received_at: Time(m.received_at),
        attempts: m.attempts,
        error: why.as_ref().map(|why| why.detail.clone()),
        reason: why.and_then(|why| why.code),
        conversation_id: m.conversation,
        message_id: m.message,
    }
}

/// Which mails.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
#[allow(missing_docs)]
pub struct MailQuery {
    /// `quarantined` unless said otherwise.
    #[param(inline)]
    pub state: Option<StateName>,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum StateName {
    Received,
    Processed,
    Duplicate,
    Quarantined,
    Discarded,
}

/// Mails in a state, newest first. For admins.
#[utoipa::path(get, path = "/inbound-mail", tag = "inbound mail", params(MailQuery), responses((status = 200, body = List<MailBody>), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(q): Query<MailQuery>) -> Result<Json<List<MailBody>>> {
    caller.require(Permission::MailQuarantine)?;
    let state = match q.state {
        None | Some(StateName::Quarantined) => MailState::Quarantined,
        Some(StateName::Received) => MailState::Received,
        Some(StateName::Processed) => MailState::Processed,
        Some(StateName::Duplicate) => MailState::Duplicate,
        Some(StateName::Discarded) => MailState::Discarded,
    };
    let before = cursor::<InboundMailId>(q.cursor.as_deref())?;
    let mut conn = app.read().await?;
    let page = store::inbound_mail::page(&mut conn, caller.workspace, state, before, limit(q.limit)?).await?;
    let inboxes = store::inbox::list(&mut conn, caller.workspace).await?;
    Ok(Json(page.map(|m| present(m, &inboxes)).into()))
}

async fn find(app: &App, caller: &Caller, id: InboundMailId) -> Result<(store::Conn, store::inbound_mail::InboundMail)> {
    caller.require(Permission::MailQuarantine)?;
    let mut conn = app.read().await?;
    let mail = store::inbound_mail::get(&mut conn, caller.workspace, id).await?.ok_or_else(Problem::not_found)?;
    Ok((conn, mail))
}

/// One mail. For admins.
#[utoipa::path(get, path = "/inbound-mail/{id}", tag = "inbound mail", params(("id" = String, Path)), responses((status = 200, body = MailBody), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<InboundMailId>) -> Result<Json<MailBody>> {
    let (mut conn, mail) = find(&app, &caller, id).await?;
    let inboxes = store::inbox::list(&mut conn, caller.workspace).await?;
    Ok(Json(present(mail, &inboxes)))
}

/// The raw mail as a download. For admins.
#[utoipa::path(get, path = "/inbound-mail/{id}/raw", tag = "inbound mail", params(("id" = String, Path)),
    responses((status = 200, content_type = "message/rfc822", body = String), Problems))]
async fn raw(State(app): State<App>, caller: Caller, PathId(id): PathId<InboundMailId>, headers: HeaderMap) -> Result<Response> {
    let (conn, mail) = find(&app, &caller, id).await?;
    raw_mail(&app, conn, &caller, &mail.sha256, &id.to_string(), &headers).await
}

/// Puts a quarantined or discarded mail back in line. For admins.
#[utoipa::path(post, path = "/inbound-mail/{id}/replay", tag = "inbound mail", params(("id" = String, Path)), responses((status = 202), Problems))]
async fn replay(State(app): State<App>, caller: Caller, PathId(id): PathId<InboundMailId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::mail::reopen(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::ACCEPTED)
}

/// Lets a quarantined mail go. Its raw bytes stay. For admins.
#[utoipa::path(post, path = "/inbound-mail/{id}/discard", tag = "inbound mail", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn discard(State(app): State<App>, caller: Caller, PathId(id): PathId<InboundMailId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::mail::discard(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A mail was taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Accepted {
    /// Its id.
    #[schema(value_type = String)]
    pub id: InboundMailId,
}

/// Hands in a raw mail (RFC 5322) for an inbox. It is durable when this answers, and processed afterwards. Whether it was
/// known already is told apart then, by its Message-ID and body: the mail's state says `duplicate`.
#[utoipa::path(post, path = "/inboxes/{id}/mail", tag = "inbound mail", params(("id" = String, Path)),
    request_body(content = String, content_type = "message/rfc822"), responses((status = 202, body = Accepted), Problems))]
async fn accept(State(app): State<App>, caller: Caller, PathId(id): PathId<InboxId>, request: Request) -> Result<(StatusCode, Json<Accepted>)> {
    caller.require(Permission::MailDeliver)?;
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("message/rfc822") {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "malformed",
            "Malformed request",
            "Send a mail with Content-Type: message/rfc822.",
        ));
    }
    let inbox = store::inbox::get(&mut app.read().await?, caller.workspace, id).await?;
    if !caller.inboxes.include(id) || inbox.is_none_or(|i| i.archived_at.is_some()) {
        return Err(Problem::not_found());
    }
    let raw = receive(request, &app, caller.workspace, app.settings.max_upload.min(desk::mail::MAX_SIZE)).await?;
    let envelope = Envelope { via: "api", ..Envelope::default() };
    let id = desk::mail::accept_staged(&app.desk, caller.workspace, id, envelope, raw).await?;
    Ok((StatusCode::ACCEPTED, Json(Accepted { id })))
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::UnknownRecipient => Self::not_found(),
            AcceptError::TooLarge => Self::too_large(desk::mail::MAX_SIZE),
            AcceptError::Empty => Self::invalid("body", "missing", "The mail is empty."),
            AcceptError::Store(error) => error.into(),
        }
    }
}

impl From<QuarantineError> for Problem {
    fn from(error: QuarantineError) -> Self {
        match error {
            QuarantineError::Forbidden(_) => Self::forbidden(),
            QuarantineError::NotFound => Self::not_found(),
            QuarantineError::Store(error) => error.into(),
        }
    }
}
