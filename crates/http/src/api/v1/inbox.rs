//! Inboxes and the mailboxes behind them. Secrets go in and never come out.

use axum::extract::State;
use axum::http::StatusCode;
use desk::inbox::{Changes, NewInbox};
use model::inbox::{Acknowledgement, ClosedPolicy, Health};
use model::{AgentId, EmailAddress, InboxId, MessageId, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::connection::{IncomingView, OutgoingView};
use crate::app::App;
use crate::json::{Json, PathId, nullable};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, patch)).routes(routes!(test_mail))
}

/// How a connection fares.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ConnectionHealth)]
#[allow(missing_docs)]
pub struct HealthView {
    /// `ok`, `failing`, `off` or `waiting`.
    pub state: &'static str,
    /// In English.
    pub detail: Option<String>,
    /// What fails, as in a connection test; none when it is nothing of those.
    pub fault: Option<String>,
    pub since: Option<Time>,
}

impl From<Health> for HealthView {
    fn from(health: Health) -> Self {
        match health {
            Health::Off => Self { state: "off", detail: None, fault: None, since: None },
            Health::Waiting => Self { state: "waiting", detail: None, fault: None, since: None },
            Health::Ok { since } => Self { state: "ok", detail: None, fault: None, since: Some(Time(since)) },
            Health::Failing { since, detail, fault } => Self { state: "failing", detail: Some(detail), fault, since: Some(Time(since)) },
        }
    }
}

/// How both ways fare.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ConnectionStatus {
    pub incoming: HealthView,
    pub outgoing: HealthView,
}

/// The mailbox behind an inbox. User names and hosts are for admins; others see only how it fares.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Connection {
    pub incoming: IncomingView,
    pub outgoing: OutgoingView,
    pub status: ConnectionStatus,
}

/// Automatic acknowledgement of a new conversation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Acknowledgement)]
#[allow(missing_docs)]
pub struct AcknowledgementBody {
    pub enabled: bool,
    pub subject: String,
    pub text: String,
}

/// What a reply to a resolved conversation does.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClosedPolicy)]
pub struct PolicyBody {
    /// `reopen`, `new` or `new_after`.
    pub kind: PolicyKind,
    /// With `new_after`: when it has been resolved for longer than this.
    #[serde(default)]
    pub days: Option<u16>,
}

/// What a reply to a resolved conversation does.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PolicyKind {
    Reopen,
    New,
    NewAfter,
}

impl From<ClosedPolicy> for PolicyBody {
    fn from(policy: ClosedPolicy) -> Self {
        match policy {
            ClosedPolicy::Reopen => Self { kind: PolicyKind::Reopen, days: None },
            ClosedPolicy::New => Self { kind: PolicyKind::New, days: None },
            ClosedPolicy::NewAfter { days } => Self { kind: PolicyKind::NewAfter, days: Some(days) },
        }
    }
}

impl PolicyBody {
    fn read(self) -> Result<ClosedPolicy> {
        match (self.kind, self.days) {
            (PolicyKind::Reopen, _) => Ok(ClosedPolicy::Reopen),
            (PolicyKind::New, _) => Ok(ClosedPolicy::New),
            (PolicyKind::NewAfter, Some(days)) if (1..=3650).contains(&days) => Ok(ClosedPolicy::NewAfter { days }),
            (PolicyKind::NewAfter, _) => Err(Problem::invalid("closed_policy.days", "invalid", "Write a number of days from 1 to 3650.")),
        }
    }
}

/// One address that customers write to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Inbox {
    #[schema(value_type = String, example = "inb_0000000000000")]
    pub id: InboxId,
    pub name: String,
    pub address: String,
    /// Name in From; the inbox's name when null.
    pub from_name: Option<String>,
    pub signature_html: String,
    /// Every agent may look in.
    pub open_to_all: bool,
    /// Who may look in, when not everyone.
    #[schema(value_type = Vec<String>)]
    pub member_ids: Vec<AgentId>,
    pub acknowledgement: AcknowledgementBody,
    pub closed_policy: PolicyBody,
    pub connection: Connection,
    pub created_at: Time,
    pub archived: bool,
}

/// An inbox for its reader: hosts and user names are left out unless the reader manages inboxes.
pub fn present(i: model::inbox::Inbox, secrets: &store::inbox::SealedSecrets, caller: &Caller) -> Inbox {
    let manages = caller.may(Permission::InboxManage);
    let status = ConnectionStatus { incoming: i.incoming_health.into(), outgoing: i.outgoing_health.into() };
    let connection = Connection {
        incoming: if manages { IncomingView::new(i.incoming, secrets.incoming.is_some()) } else { IncomingView::None {} },
        outgoing: if manages { OutgoingView::new(i.outgoing, secrets.outgoing.is_some()) } else { OutgoingView::None {} },
        status,
    };
    let ack = i.acknowledgement;
    Inbox {
        id: i.id,
        name: i.name,
        address: i.address.to_string(),
        from_name: i.from_name,
        signature_html: i.signature_html,
        open_to_all: i.open_to_all,
        member_ids: i.members,
        acknowledgement: AcknowledgementBody { enabled: ack.enabled, subject: ack.subject, text: ack.text },
        closed_policy: i.closed_policy.into(),
        connection,
        created_at: Time(i.created_at),
        archived: i.archived_at.is_some(),
    }
}

/// An inbox as it is now, with its members; 404 when it is out of sight.
pub async fn fresh(app: &App, caller: &Caller, id: InboxId) -> Result<Inbox> {
    let mut conn = app.read().await?;
    let inboxes = store::inbox::list(&mut conn, caller.workspace).await?;
    let inbox = inboxes.into_iter().find(|i| i.id == id && caller.inboxes.include(id)).ok_or_else(Problem::not_found)?;
    let secrets = store::inbox::secrets(&mut conn, caller.workspace, id).await?;
    Ok(present(inbox, &secrets, caller))
}

/// The inboxes in sight, archived ones too.
#[utoipa::path(get, path = "/inboxes", tag = "inboxes", responses((status = 200, body = List<Inbox>), Problems))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<Inbox>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let mut items = Vec::new();
    for inbox in store::inbox::list(&mut conn, caller.workspace).await? {
        if caller.inboxes.include(inbox.id) {
            let secrets = if caller.may(Permission::InboxManage) {
                store::inbox::secrets(&mut conn, caller.workspace, inbox.id).await?
            } else {
                store::inbox::SealedSecrets::default()
            };
            items.push(present(inbox, &secrets, &caller));
        }
    }
    Ok(Json(List { items, next: None }))
}

/// One inbox.
#[utoipa::path(get, path = "/inboxes/{id}", tag = "inboxes", params(("id" = String, Path)), responses((status = 200, body = Inbox), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<InboxId>) -> Result<Json<Inbox>> {
    caller.require(Permission::ConversationRead)?;
    fresh(&app, &caller, id).await.map(Json)
}

fn everyone() -> bool {
    true
}

/// A new inbox.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct InboxForm {
    pub name: String,
    #[schema(value_type = String, format = Email)]
    pub address: EmailAddress,
    pub from_name: Option<String>,
    #[serde(default = "everyone")]
    pub open_to_all: bool,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub member_ids: Vec<AgentId>,
}

/// Makes an inbox. For admins.
#[utoipa::path(post, path = "/inboxes", tag = "inboxes", request_body = InboxForm, responses((status = 201, body = Inbox), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<InboxForm>) -> Result<(StatusCode, Json<Inbox>)> {
    let new = NewInbox { name: form.name, address: form.address, from_name: form.from_name, open_to_all: form.open_to_all, members: form.member_ids };
    let mut tx = app.begin().await?;
    let inbox = desk::inbox::create(&mut tx, &caller.scope, new).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(fresh(&app, &caller, inbox.id).await?)))
}

/// What is to change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct InboxPatch {
    pub name: Option<String>,
    #[schema(value_type = Option<String>, format = Email)]
    pub address: Option<EmailAddress>,
    /// Null: the inbox's name.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub from_name: Option<Option<String>>,
    pub signature_html: Option<String>,
    pub open_to_all: Option<bool>,
    #[schema(value_type = Option<Vec<String>>)]
    pub member_ids: Option<Vec<AgentId>>,
    pub acknowledgement: Option<AcknowledgementBody>,
    pub closed_policy: Option<PolicyBody>,
    pub archived: Option<bool>,
}

/// Changes an inbox. For admins.
#[utoipa::path(patch, path = "/inboxes/{id}", tag = "inboxes", params(("id" = String, Path)), request_body = InboxPatch,
    responses((status = 200, body = Inbox), Problems))]
async fn patch(State(app): State<App>, caller: Caller, PathId(id): PathId<InboxId>, Json(form): Json<InboxPatch>) -> Result<Json<Inbox>> {
    let changes = Changes {
        name: form.name,
        address: form.address,
        from_name: form.from_name,
        signature_html: form.signature_html,
        open_to_all: form.open_to_all,
        members: form.member_ids,
        acknowledgement: form.acknowledgement.map(|a| Acknowledgement { enabled: a.enabled, subject: a.subject, text: a.text }),
        closed_policy: form.closed_policy.map(PolicyBody::read).transpose()?,
        archived: form.archived,
    };
    let mut tx = app.begin().await?;
    desk::inbox::update(&mut tx, &caller.scope, id, changes).await?;
    tx.commit().await?;
    Ok(Json(fresh(&app, &caller, id).await?))
}

/// A test mail is on its way.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct TestMail {
    #[schema(value_type = String)]
    pub message_id: MessageId,
    pub to: String,
}

/// Sends a test mail to the inbox's own address; it arrives as a message. For admins.
#[utoipa::path(post, path = "/inboxes/{id}/test-mail", tag = "inboxes", params(("id" = String, Path)), responses((status = 202, body = TestMail), Problems))]
async fn test_mail(State(app): State<App>, caller: Caller, PathId(id): PathId<InboxId>) -> Result<(StatusCode, Json<TestMail>)> {
    let mut tx = app.begin().await?;
    let sent = desk::inbox::test_mail(&mut tx, &app.desk, &caller.scope, id, caller.agent.language).await;
    let (message_id, to) = sent.map_err(|error| match error {
        desk::conversation::StartError::UnknownInbox => Problem::not_found(),
        other => other.into(),
    })?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(TestMail { message_id, to: to.to_string() })))
}
