//! Chats as agents have them: what a conversation in the widget has besides, putting it on hold, ending it.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use model::visitor::Page;
use model::{ConversationId, MessageId, Timestamp, VisitorId};
use serde::{Deserialize, Serialize};
use store::chat::Brief;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::message::Message;
use crate::app::App;
use crate::json::{Json, PathId};
use crate::problem::{Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(hold, resume)).routes(routes!(end)).routes(routes!(greet)).routes(routes!(called))
}

/// A page of the customer's site.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ChatPage {
    pub url: String,
    pub title: String,
    pub referrer: String,
}

impl From<Page> for ChatPage {
    fn from(p: Page) -> Self {
        Self { url: p.url, title: p.title, referrer: p.referrer }
    }
}

/// The customer's browser.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ChatVisitor {
    #[schema(value_type = String, example = "vis_0000000000000")]
    pub id: VisitorId,
    /// Has the widget open.
    pub online: bool,
    /// The page it shows, where the customer agreed that we know.
    pub page: Option<ChatPage>,
    pub locale: String,
    /// The site has proven who it is.
    pub identified: bool,
}

/// An agent asked for patience.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ChatHold {
    pub until: Time,
    pub text: String,
}

/// What the customer thought of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ChatRating {
    /// 1 to 5.
    pub score: i64,
    pub comment: Option<String>,
    pub at: Time,
}

/// What a conversation in the widget has besides.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ConversationChat {
    /// `waiting`, `active`, `on_hold` or `ended`.
    pub state: &'static str,
    pub visitor: ChatVisitor,
    /// The newest message that the customer has seen.
    #[schema(value_type = Option<String>)]
    pub customer_read: Option<MessageId>,
    /// The newest message that an agent has seen.
    #[schema(value_type = Option<String>)]
    pub agent_read: Option<MessageId>,
    pub hold: Option<ChatHold>,
    /// Where words go by mail that nobody saw in the widget. Said by the customer, not proven.
    pub mail: Option<String>,
    /// Answers go there by mail at once: the customer does not wait in the widget.
    pub by_mail: bool,
    pub rating: Option<ChatRating>,
    /// Answers to what was asked before the first message.
    #[schema(value_type = Object)]
    pub form: BTreeMap<String, String>,
    /// The page that it began on.
    pub page: Option<ChatPage>,
}

impl ConversationChat {
    /// What agents see.
    pub fn new(brief: Brief, conversation: &model::Conversation) -> Self {
        let Brief { chat, online, page, identified } = brief;
        Self {
            state: chat.state(conversation).as_str(),
            visitor: ChatVisitor { id: chat.visitor, online, page: page.map(Into::into), locale: chat.locale, identified },
            customer_read: chat.customer_read,
            agent_read: chat.agent_read,
            hold: chat.hold.map(|h| ChatHold { until: Time(h.until), text: h.text }),
            by_mail: chat.left_at.is_some(),
            mail: chat.mail.map(|m| m.to_string()),
            rating: chat.rating.map(|r| ChatRating { score: r.score, comment: r.comment, at: Time(r.at) }),
            form: chat.form,
            page: chat.page.map(Into::into),
        }
    }
}

/// A hold.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldForm {
    /// Within a day.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// What the customer is told, at most 500 characters.
    #[serde(default)]
    pub text: String,
}

/// Asks the customer of a chat for patience until a time, and reminds the agent then. The next answer ends it.
#[utoipa::path(post, path = "/conversations/{id}/chat/hold", tag = "conversations", params(("id" = String, Path)), request_body = HoldForm,
    responses((status = 204), Problems))]
async fn hold(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>, Json(form): Json<HoldForm>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::chat::hold(&mut tx, &caller.scope, id, Some(form.until), &form.text).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a hold.
#[utoipa::path(delete, path = "/conversations/{id}/chat/hold", tag = "conversations", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn resume(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::chat::hold(&mut tx, &caller.scope, id, None, "").await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a chat. It is resolved when nobody waits for an answer; the customer's next words open it again.
#[utoipa::path(post, path = "/conversations/{id}/chat/end", tag = "conversations", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn end(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::chat::end(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A customer who wants to be called.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ChatCallback {
    /// As the customer wrote it; not proven.
    pub phone: String,
    /// When it suits them; null: soon.
    pub wanted_at: Option<Time>,
    pub at: Time,
    /// When an agent called; null: not yet.
    pub called_at: Option<Time>,
}

impl From<model::chat::Callback> for ChatCallback {
    fn from(c: model::chat::Callback) -> Self {
        Self { phone: c.phone, wanted_at: c.wanted_at.map(Time), at: Time(c.at), called_at: c.called_at.map(Time) }
    }
}

/// Says the inbox's greeting as the reader's first words in a chat. The customer goes on waiting for an answer.
#[utoipa::path(post, path = "/conversations/{id}/chat/greet", tag = "conversations", params(("id" = String, Path)),
    responses((status = 201, body = Message), Problems))]
async fn greet(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<(StatusCode, Json<Message>)> {
    let mut tx = app.begin().await?;
    let message = desk::chat::greet(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(super::message::fresh(&app, &caller, message).await?)))
}

/// The reader has called the customer, who asked for it.
#[utoipa::path(post, path = "/conversations/{id}/chat/called", tag = "conversations", params(("id" = String, Path)),
    responses((status = 204), Problems))]
async fn called(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::chat::called(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
