//! Conversations that begin on our side.

use axum::extract::State;
use axum::http::StatusCode;
use desk::conversation::{Start, StartCustomer, StartError};
use model::{AgentId, AttachmentId, CustomerId, EmailAddress, InboxId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::{Conversation, fresh};
use super::message::mailboxes;
use super::refs::Mailbox;
use crate::app::App;
use crate::etag::Versioned;
use crate::json::Json;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create))
}

/// The customer: `{id}`, or `{email, name?}` for whoever has that address.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct CustomerForm {
    #[schema(value_type = Option<String>)]
    pub id: Option<CustomerId>,
    #[schema(value_type = Option<String>, format = Email)]
    pub email: Option<EmailAddress>,
    pub name: Option<String>,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The customer, by another way: a phone call, a form, a program.
    Incoming,
    /// An agent writes first; the mail leaves after the undo window.
    Outgoing,
}

/// How a conversation begins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NewConversation {
    #[schema(value_type = String)]
    pub inbox_id: InboxId,
    pub customer: CustomerForm,
    pub subject: String,
    pub text: Option<String>,
    pub html: Option<String>,
    pub direction: Direction,
    #[serde(default)]
    pub cc: Vec<Mailbox>,
    #[serde(default)]
    pub bcc: Vec<Mailbox>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub attachment_ids: Vec<AttachmentId>,
    #[schema(value_type = Option<String>)]
    pub assignee_id: Option<AgentId>,
}

fn customer(form: CustomerForm) -> Result<StartCustomer> {
    match (form.id, form.email) {
        (Some(id), None) => Ok(StartCustomer::Id(id)),
        (None, Some(address)) => {
            let mailbox = mailboxes("customer.name", vec![Mailbox { name: form.name, address }])?;
            mailbox.into_iter().next().map(StartCustomer::Address).ok_or_else(Problem::not_found)
        }
        (Some(_), Some(_)) => Err(Problem::invalid("customer.id", "invalid", "Name the customer by id or by email, not both.")),
        (None, None) => Err(Problem::invalid("customer.email", "missing", "Name the customer by id or by email.")),
    }
}

/// Begins a conversation: an agent writes first, or writes down what a customer said elsewhere.
#[utoipa::path(post, path = "/conversations", tag = "conversations", request_body = NewConversation,
    responses((status = 201, body = Conversation), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<NewConversation>) -> Result<(StatusCode, Versioned<Conversation>)> {
    let (inbox, assignee) = (form.inbox_id, form.assignee_id);
    let start = Start {
        inbox,
        customer: customer(form.customer)?,
        subject: desk::line::line("subject", &form.subject, 250)?,
        html: form.html,
        text: form.text,
        outgoing: matches!(form.direction, Direction::Outgoing),
        cc: mailboxes("cc", form.cc)?,
        bcc: mailboxes("bcc", form.bcc)?,
        attachments: form.attachment_ids,
        assignee,
    };
    let mut tx = app.begin().await?;
    if let Some(agent) = assignee
        && !desk::conversation::can_answer(&mut tx, &caller.scope, agent, inbox).await?
    {
        return Err(Problem::invalid("assignee_id", "not_found", "Pick an active agent who sees this inbox."));
    }
    let id = desk::conversation::start(&mut tx, &app.desk, &caller.scope, start).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, fresh(&app, &caller, id).await?))
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Forbidden(_) => Self::forbidden(),
            StartError::UnknownInbox => Self::invalid("inbox_id", "not_found", "There is no such inbox here."),
            StartError::UnknownCustomer => Self::invalid("customer.id", "not_found", "There is no such customer here."),
            StartError::Send(error) => error.into(),
            StartError::Store(error) => error.into(),
        }
    }
}
