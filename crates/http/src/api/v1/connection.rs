//! Connecting inboxes to mailboxes, and testing the way there.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use desk::inbox::{NewIncoming, NewOutgoing};
use desk::ports::{AuthoriseError, Probe, ProbeStep, Provider};
use model::inbox::{AfterFetch, Auth, Imap, Incoming, MailboxSecrets, Outgoing, Security, Smtp};
use model::{EmailAddress, InboxId, Permission, Secret};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::inbox::{Inbox, fresh};
use crate::app::App;
use crate::json::{Json, PathId, Query};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(connect)).routes(routes!(test)).routes(routes!(authorise)).routes(routes!(callback))
}

/// How mail comes in, as shown: without its password.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = Incoming)]
#[allow(missing_docs)]
pub enum IncomingView {
    /// Not set up, or not for this reader.
    None {},
    /// Others deliver to our LMTP or SMTP server.
    Delivered {},
    /// We fetch it by IMAP.
    Imap {
        host: String,
        port: u16,
        /// `tls`, `starttls` or `none`.
        #[schema(value_type = String)]
        security: Security,
        user_name: String,
        /// `password`, `google` or `microsoft`.
        #[schema(value_type = String)]
        auth: Auth,
        folder: String,
        /// `{kind: leave | mark_seen | move, folder?}`
        #[schema(value_type = Object)]
        after_fetch: AfterFetch,
        has_secret: bool,
    },
}

impl IncomingView {
    /// As shown to those who manage inboxes.
    pub fn new(incoming: Incoming, has_secret: bool) -> Self {
        match incoming {
            Incoming::None => Self::None {},
            Incoming::Delivered => Self::Delivered {},
            Incoming::Imap(i) => Self::Imap {
                host: i.host,
                port: i.port,
                security: i.security,
                user_name: i.user_name,
                auth: i.auth,
                folder: i.folder,
                after_fetch: i.after_fetch,
                has_secret,
            },
        }
    }
}

/// How mail goes out, as shown: without its password.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = Outgoing)]
#[allow(missing_docs)]
pub enum OutgoingView {
    /// Not set up, or not for this reader.
    None {},
    /// Through an SMTP server.
    Smtp {
        host: String,
        port: u16,
        #[schema(value_type = String)]
        security: Security,
        user_name: Option<String>,
        #[schema(value_type = String)]
        auth: Auth,
        has_secret: bool,
    },
}

impl OutgoingView {
    /// As shown to those who manage inboxes.
    pub fn new(outgoing: Outgoing, has_secret: bool) -> Self {
        match outgoing {
            Outgoing::None => Self::None {},
            Outgoing::Smtp(s) => Self::Smtp { host: s.host, port: s.port, security: s.security, user_name: s.user_name, auth: s.auth, has_secret },
        }
    }
}

fn inbox_folder() -> String {
    "INBOX".to_owned()
}

/// How mail is to come in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs)]
pub enum IncomingForm {
    None {},
    Delivered {},
    Imap {
        host: String,
        port: u16,
        #[schema(value_type = String)]
        security: Security,
        user_name: String,
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        auth: Auth,
        #[serde(default = "inbox_folder")]
        folder: String,
        #[serde(default)]
        #[schema(value_type = Option<Object>)]
        after_fetch: AfterFetch,
        /// Taken over from before for the same server and user name when left out.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        password: Option<Secret>,
        /// Ignored: as read.
        #[serde(default)]
        has_secret: bool,
    },
}

/// How mail is to go out.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs)]
pub enum OutgoingForm {
    None {},
    Smtp {
        host: String,
        port: u16,
        #[schema(value_type = String)]
        security: Security,
        #[serde(default)]
        user_name: Option<String>,
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        auth: Auth,
        /// Taken over from before for the same server and user name when left out.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        password: Option<Secret>,
        /// Ignored: as read.
        #[serde(default)]
        has_secret: bool,
    },
}

impl From<IncomingForm> for NewIncoming {
    fn from(form: IncomingForm) -> Self {
        match form {
            IncomingForm::None {} => Self { incoming: Incoming::None, password: None },
            IncomingForm::Delivered {} => Self { incoming: Incoming::Delivered, password: None },
            IncomingForm::Imap { host, port, security, user_name, auth, folder, after_fetch, password, has_secret: _ } => {
                Self { incoming: Incoming::Imap(Imap { host, port, security, user_name, auth, folder, after_fetch }), password }
            }
        }
    }
}

impl From<OutgoingForm> for NewOutgoing {
    fn from(form: OutgoingForm) -> Self {
        match form {
            OutgoingForm::None {} => Self { outgoing: Outgoing::None, password: None },
            OutgoingForm::Smtp { host, port, security, user_name, auth, password, has_secret: _ } => {
                let user_name = user_name.filter(|u| !u.is_empty());
                Self { outgoing: Outgoing::Smtp(Smtp { host, port, security, user_name, auth }), password }
            }
        }
    }
}

/// Both ways.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ConnectionForm {
    pub incoming: IncomingForm,
    pub outgoing: OutgoingForm,
}

/// Connects an inbox to a mailbox. For admins. Passwords are stored sealed and never shown.
#[utoipa::path(put, path = "/inboxes/{id}/connection", tag = "inboxes", params(("id" = String, Path)), request_body = ConnectionForm,
    responses((status = 200, body = Inbox), Problems))]
async fn connect(State(app): State<App>, caller: Caller, PathId(id): PathId<InboxId>, Json(form): Json<ConnectionForm>) -> Result<Json<Inbox>> {
    let nonces = [desk::random::bytes(), desk::random::bytes()];
    let mut tx = app.begin().await?;
    desk::inbox::connect(&mut tx, &app.desk.keys, &caller.scope, id, (form.incoming.into(), form.outgoing.into()), nonces).await?;
    tx.commit().await?;
    Ok(Json(fresh(&app, &caller, id).await?))
}

/// What to test.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct TestForm {
    #[schema(value_type = String, format = Email)]
    pub address: EmailAddress,
    pub incoming: Option<IncomingForm>,
    pub outgoing: Option<OutgoingForm>,
    /// Its stored passwords are used where the server and user name are the same.
    #[schema(value_type = Option<String>)]
    pub inbox_id: Option<InboxId>,
}

/// One step.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct TestStep {
    /// `dns`, `connect`, `tls`, `sign_in`, `folder`, `fetch` or `recipient`.
    pub name: &'static str,
    /// `incoming` or `outgoing`.
    pub target: &'static str,
    /// Null: not tried.
    pub ok: Option<bool>,
    pub ms: u64,
    pub detail: String,
    /// `dns`, `refused`, `timeout`, `tls`, `certificate`, `sign_in`, `app_password`, `folder`, `protocol` or `blocked`.
    pub fault: Option<&'static str>,
    pub server_said: Option<String>,
}

impl From<ProbeStep> for TestStep {
    fn from(s: ProbeStep) -> Self {
        Self { name: s.name, target: s.target, ok: s.ok, ms: s.ms, detail: s.detail, fault: s.fault, server_said: s.server_said }
    }
}

/// How the test went.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct TestReport {
    /// No step failed.
    pub ok: bool,
    pub steps: Vec<TestStep>,
}

/// Tests a mailbox step by step. Changes nothing here or there. For admins.
#[utoipa::path(post, path = "/connection-tests", tag = "inboxes", request_body = TestForm, responses((status = 200, body = TestReport), Problems))]
async fn test(State(app): State<App>, caller: Caller, Json(form): Json<TestForm>) -> Result<Json<TestReport>> {
    caller.require(Permission::InboxManage)?;
    let probe = app.probe.clone().ok_or_else(Problem::unavailable)?;
    let incoming = form.incoming.map(NewIncoming::from);
    let outgoing = form.outgoing.map(NewOutgoing::from);
    let mut secrets = match form.inbox_id {
        Some(id) => {
            let (i, o) = (incoming.as_ref().map(|i| &i.incoming), outgoing.as_ref().map(|o| &o.outgoing));
            desk::inbox::kept_secrets(&mut app.read().await?, &app.desk.keys, &caller.scope, id, i, o).await?
        }
        None => MailboxSecrets::default(),
    };
    let incoming = incoming.map(|i| {
        secrets.incoming = i.password.or(secrets.incoming.take());
        i.incoming
    });
    let outgoing = outgoing.map(|o| {
        secrets.outgoing = o.password.or(secrets.outgoing.take());
        o.outgoing
    });
    let steps = probe.probe(Probe { address: form.address, incoming, outgoing, secrets }).await;
    let ok = steps.iter().all(|s| s.ok != Some(false));
    Ok(Json(TestReport { ok, steps: steps.into_iter().map(Into::into).collect() }))
}

/// Where to send the browser.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Authorisation {
    pub url: String,
}

/// A provider.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ProviderName {
    Google,
    Microsoft,
}

impl ProviderName {
    fn port(self) -> Provider {
        match self {
            Self::Google => Provider::Google,
            Self::Microsoft => Provider::Microsoft,
        }
    }
}

fn redirect_url(app: &App) -> String {
    format!("{}/api/v1/oauth/callback", app.desk.public_url)
}

/// Begins OAuth 2 for an inbox: open `url` in the browser. For admins.
#[utoipa::path(get, path = "/inboxes/{id}/oauth/{provider}", tag = "inboxes", params(("id" = String, Path), ("provider" = String, Path)),
    responses((status = 200, body = Authorisation), Problems))]
async fn authorise(State(app): State<App>, caller: Caller, PathId((id, provider)): PathId<(InboxId, ProviderName)>) -> Result<Json<Authorisation>> {
    caller.require(Permission::InboxManage)?;
    let inbox = store::inbox::get(&mut app.read().await?, caller.workspace, id).await?.ok_or_else(Problem::not_found)?;
    let probe = app.probe.clone().ok_or_else(Problem::unavailable)?;
    let state = desk::inbox::oauth_state(&app.desk.keys, &caller.scope, id, provider.port(), app.now(), desk::random::bytes());
    let url = probe.authorise_url(provider.port(), &inbox.address, &redirect_url(&app), &state)?;
    Ok(Json(Authorisation { url }))
}

/// What the provider sends back.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
#[allow(missing_docs)]
pub struct CallbackQuery {
    pub code: Option<String>,
    pub state: String,
    pub error: Option<String>,
}

/// The browser comes back from the provider: the mailbox is connected, and the browser goes on to the inbox's settings.
#[utoipa::path(get, path = "/oauth/callback", tag = "inboxes", params(CallbackQuery), responses((status = 303), Problems))]
async fn callback(State(app): State<App>, caller: Caller, Query(q): Query<CallbackQuery>) -> Result<Response> {
    caller.require(Permission::InboxManage)?;
    let (id, provider) = desk::inbox::read_oauth_state(&app.desk.keys, &caller.scope, &q.state, app.now())
        .ok_or_else(|| Problem::malformed("This link is not ours, or too old. Begin again in the inbox's settings."))?;
    let back = |fault: &str| (StatusCode::SEE_OTHER, [(header::LOCATION, format!("/settings/inboxes/{id}{fault}"))]).into_response();
    let Some(code) = q.code.filter(|_| q.error.is_none()) else { return Ok(back("?oauth=refused")) };
    let probe = app.probe.clone().ok_or_else(Problem::unavailable)?;
    let token = match probe.redeem(provider, &code, &redirect_url(&app)).await {
        Ok(token) => token,
        Err(error) => {
            tracing::warn!(inbox.id = %id, %error, "a mailbox was not connected");
            return Ok(back("?oauth=failed"));
        }
    };
    let nonces = [desk::random::bytes(), desk::random::bytes()];
    let mut tx = app.begin().await?;
    desk::inbox::connect_oauth(&mut tx, &app.desk.keys, &caller.scope, id, provider, &token, nonces).await?;
    tx.commit().await?;
    Ok(back("?oauth=connected"))
}

impl From<AuthoriseError> for Problem {
    fn from(error: AuthoriseError) -> Self {
        match error {
            AuthoriseError::NotConfigured => Self::state("provider_not_configured", "The operator has set no client id for this provider."),
            AuthoriseError::Refused(why) => Self::state("provider_refused", format!("The provider refused: {why}.")),
        }
    }
}
