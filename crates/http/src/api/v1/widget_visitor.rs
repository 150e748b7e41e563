//! The widget's door: what it looks like, and who comes in. No cookies, no CORS: our own page asks, inside its frame.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use desk::chat::{Open, SessionError, Visit};
use model::chat::ChatState;
use model::widget::{LOCALES, Position, When, locale_of, words_in};
use model::{EmailAddress, Secret, Timestamp, VisitorId, WorkspaceId};
use serde::{Deserialize, Serialize};
use store::chat::Seen;
use store::widget::Named;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::stream::{is_foreign, place};
use super::widget_stay::WidgetInvitations;
use super::widget_view::{self, WidgetConversation, WidgetPerson, WidgetWait};
use crate::app::App;
use crate::json::{Json, Query};
use crate::network::client_ip;
use crate::problem::{Problem, Problems, Result};
use crate::scope::{Credential, credential};
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(config)).routes(routes!(open, forget)).routes(routes!(name))
}

/// Most conversations that a visitor is shown.
pub(super) const MOST: usize = 50;

/// The widget that the path names, asked for by our own page or by a program.
pub struct At {
    /// The widget.
    pub named: Named,
    /// Who asks.
    pub ip: IpAddr,
}

impl FromRequestParts<App> for At {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        if is_foreign(&parts.headers, &app.desk.public_url) {
            return Err(Problem::new(StatusCode::FORBIDDEN, "cross_site", "Cross-site request", "This request came from another site's page."));
        }
        let ip = client_ip(&parts.extensions, &parts.headers, &app.settings.trusted_proxies);
        let key = path_word(parts, app, "key").await?;
        let named = store::widget::by_key(&mut app.read().await?, &key).await?.ok_or_else(Problem::not_found)?;
        Ok(Self { named, ip })
    }
}

async fn path_word(parts: &mut Parts, app: &App, name: &str) -> Result<String> {
    let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Problem::not_found())?;
    params.iter().find(|(n, _)| *n == name).map(|(_, v)| v.to_owned()).ok_or_else(Problem::not_found)
}

/// A visitor with a good token. Take it in a handler to demand one.
pub struct Visiting {
    /// Who, where.
    pub visit: Visit,
    /// Where they ask from.
    pub ip: IpAddr,
    /// What is kept of their token.
    pub token_hash: String,
}

impl std::ops::Deref for Visiting {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl FromRequestParts<App> for Visiting {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let At { named, ip } = At::from_request_parts(parts, app).await?;
        let Some(Credential::Token(word)) = credential(&parts.headers) else { return Err(Problem::no_visitor()) };
        let token_hash = model::token::hash(word.expose());
        let found = store::visitor::by_token(&mut app.read().await?, named.workspace, named.widget.inbox, &token_hash).await?;
        let now = app.now();
        let visitor = found.filter(|v| !v.has_run_out(now)).ok_or_else(Problem::no_visitor)?;
        let visit = Visit { workspace: named.workspace, inbox_name: named.inbox_name, widget: named.widget, visitor };
        Ok(Self { visit, ip, token_hash })
    }
}

impl Visiting {
    /// Counts one of what the visitor does.
    ///
    /// # Errors
    /// 429 when it is too much.
    pub fn take(&self, app: &App, what: &'static str, (most, most_of_address): (u32, u32)) -> Result<()> {
        let now = app.now();
        app.flood.take(now, what, &self.visitor.id.to_string(), most)?;
        app.flood.take(now, what, &self.ip.to_string(), most_of_address)
    }
}

/// An id in the path below a widget. What is no id of this kind does not exist: 404.
pub struct WidgetId<T>(pub T);

impl<T: std::str::FromStr + Send> FromRequestParts<App> for WidgetId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        path_word(parts, app, "id").await?.parse().map(Self).map_err(|_| Problem::not_found())
    }
}

/// Which language.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ConfigQuery {
    /// A language tag; English without.
    pub locale: Option<String>,
}

/// How the widget looks.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetLook {
    /// `#rrggbb`.
    pub colour: String,
    /// `right` or `left`.
    #[schema(value_type = String)]
    pub position: Position,
}

/// Who is there.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetTeam {
    pub open: bool,
    pub opens_at: Option<Time>,
    /// Up to three who are on-line for chat.
    pub people: Vec<WidgetPerson>,
    pub wait: Option<WidgetWait>,
}

/// A question before the first message.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetQuestion {
    pub key: String,
    pub label: String,
    /// `text`, `email`, `long_text`, `choice` or `consent`.
    pub kind: &'static str,
    pub required: bool,
    pub choices: Vec<String>,
}

/// What is asked before the first message.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetPreChat {
    /// `never`, `always` or `away`.
    #[schema(value_type = String)]
    pub when: When,
    pub fields: Vec<WidgetQuestion>,
}

/// Files from visitors.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetFiles {
    pub enabled: bool,
    pub max_bytes: u32,
}

/// What the visitor is asked to agree to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WidgetConsent {
    /// The page may be told, where the visitor agrees.
    pub page: bool,
}

/// Identities.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WidgetIdentity {
    /// Only visitors whom the site has identified may write.
    pub required: bool,
}

/// All that the widget needs to draw itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that the widget asks")]
pub struct WidgetConfig {
    pub name: String,
    pub inbox_name: String,
    /// Visitors may write.
    pub enabled: bool,
    /// The best of ours for the one asked for.
    pub locale: &'static str,
    pub locales: Vec<&'static str>,
    pub theme: WidgetLook,
    pub greeting: String,
    pub away_text: String,
    /// Null where nobody has said when they are there.
    pub team: Option<WidgetTeam>,
    pub pre_chat: WidgetPreChat,
    pub files: WidgetFiles,
    pub consent: WidgetConsent,
    pub identity: WidgetIdentity,
    /// Agents see who is on the site: a client tells where it is, for visitors who agreed.
    pub live: bool,
    /// What the client says first, where it does.
    pub invitations: Option<WidgetInvitations>,
    /// Agents see what a visitor writes before it is sent: a client tells the visitor so, and sends such words only then.
    pub typing_preview: bool,
    /// Whoever waits may ask to be called.
    pub callback: bool,
}

/// What the widget of a site looks like and asks.
#[utoipa::path(get, path = "/widget/{key}", tag = "widget", security(()), params(("key" = String, Path), ConfigQuery),
    responses((status = 200, body = WidgetConfig), Problems))]
async fn config(State(app): State<App>, at: At, Query(query): Query<ConfigQuery>) -> Result<Json<WidgetConfig>> {
    app.flood.take(app.now(), "looks", &at.ip.to_string(), app.settings.chat.returning.1)?;
    let tag = query.locale.as_deref().unwrap_or_default();
    let locale = locale_of(tag).unwrap_or("en");
    let team = team(&mut app.read().await?, at.named.workspace, &at.named.widget, app.now()).await?;
    let s = at.named.widget.settings;
    let question = |f: model::widget::Field| WidgetQuestion {
        label: words_in(&f.label, tag).to_owned(),
        key: f.key,
        kind: f.kind.as_str(),
        required: f.required,
        choices: f.choices,
    };
    Ok(Json(WidgetConfig {
        name: s.name_or(&at.named.inbox_name).to_owned(),
        inbox_name: at.named.inbox_name.clone(),
        enabled: s.enabled,
        locale,
        locales: LOCALES.to_vec(),
        greeting: words_in(&s.greeting, tag).to_owned(),
        away_text: words_in(&s.away_text, tag).to_owned(),
        theme: WidgetLook { colour: s.theme.colour, position: s.theme.position },
        team,
        pre_chat: WidgetPreChat { when: s.pre_chat.when, fields: s.pre_chat.fields.into_iter().map(question).collect() },
        files: WidgetFiles { enabled: s.files.enabled, max_bytes: s.files.max_bytes },
        consent: WidgetConsent { page: s.page },
        identity: WidgetIdentity { required: s.identity_required },
        typing_preview: s.typing_preview,
        live: s.live,
        invitations: WidgetInvitations::new(&s.invitations, tag),
        callback: s.callback,
    }))
}

/// Who is there for chats of an inbox. None until there is a queue: before, nobody says when they are there.
pub async fn team(
    conn: &mut store::Conn,
    workspace: WorkspaceId,
    widget: &model::widget::Widget,
    now: Timestamp,
) -> Result<Option<WidgetTeam>, store::Error> {
    if store::queue::list(conn, workspace).await?.is_empty() {
        return Ok(None);
    }
    let team = desk::availability::team(conn, workspace, widget.inbox, now).await?;
    let whole = widget.settings.full_names;
    let expected_seconds = team.expected.map(|e| e.as_secs());
    Ok(Some(WidgetTeam {
        open: team.open,
        opens_at: team.opens_at.map(Time),
        people: team.people.iter().take(3).map(|(_, name)| widget_view::person(name, whole)).collect(),
        wait: expected_seconds.map(|seconds| WidgetWait { ahead: 0, expected_seconds: Some(seconds), reason: None }),
    }))
}

/// How long the customer of a chat waits. None when somebody has it, when they wait for a call, or where there are no queues. Cost: one look-up while it waits.
pub async fn wait_of(conn: &mut store::Conn, workspace: WorkspaceId, seen: &Seen, now: Timestamp) -> Result<Option<WidgetWait>, store::Error> {
    let to_call = seen.callback.as_ref().is_some_and(|k| k.is_awaited(seen.conversation.last_customer_at));
    if to_call || seen.chat.state(&seen.conversation) != ChatState::Waiting {
        return Ok(None);
    }
    Ok(desk::routing::wait(conn, workspace, seen.conversation.id, now).await?.map(Into::into))
}

/// A page of the site.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct PageForm {
    pub url: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub referrer: String,
}

impl From<PageForm> for model::visitor::Page {
    fn from(p: PageForm) -> Self {
        Self { url: p.url, title: p.title, referrer: p.referrer }
    }
}

/// What a browser says of itself.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionForm {
    /// The token that it got before.
    #[schema(value_type = Option<String>)]
    pub token: Option<Secret>,
    /// What the site says of its visitor: a JSON Web Token, signed with the inbox's secret.
    pub identity: Option<String>,
    /// Its language tag.
    pub locale: Option<String>,
    /// The page it shows: only where the visitor agreed.
    pub page: Option<PageForm>,
}

/// A visitor to itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetVisitor {
    #[schema(value_type = String, example = "vis_0000000000000")]
    pub id: VisitorId,
    pub name: Option<String>,
    pub email: Option<String>,
    /// The site has proven who it is.
    pub identified: bool,
}

impl From<model::visitor::Visitor> for WidgetVisitor {
    fn from(v: model::visitor::Visitor) -> Self {
        Self { id: v.id, name: v.name, email: v.email.map(|e| e.to_string()), identified: v.identity.is_some() }
    }
}

/// A visitor who came in.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetSession {
    /// Only when it is new: keep it, and send it as `Authorization: Bearer`.
    pub token: Option<String>,
    pub visitor: WidgetVisitor,
    /// Where the stream goes on: all that happens to `conversations` after this shows there.
    pub cursor: String,
    /// The newest first, at most 50.
    pub conversations: Vec<WidgetConversation>,
}

/// A visitor's conversations, ready to draw, the newest first.
pub(super) async fn conversations(conn: &mut store::Conn, visit: &Visit, now: model::Timestamp) -> Result<Vec<WidgetConversation>, store::Error> {
    let mut out = Vec::new();
    for seen in store::chat::of_visitor(conn, visit.workspace, &visit.visitor, now, MOST).await? {
        let wait = wait_of(conn, visit.workspace, &seen, now).await?;
        out.push(widget_view::conversation(&seen, wait));
    }
    Ok(out)
}

/// Opens the chat in a browser. A token that is no longer good makes a new visitor; an `identity` that proves nothing is 401
/// `identity_invalid`, and nothing changes.
#[utoipa::path(post, path = "/widget/{key}/session", tag = "widget", security(()), params(("key" = String, Path)), request_body = SessionForm,
    responses((status = 200, body = WidgetSession), Problems))]
async fn open(State(app): State<App>, at: At, Json(form): Json<SessionForm>) -> Result<Json<WidgetSession>> {
    take_session(&app, &at, form.token.as_ref()).await?;
    let form = Open { token: form.token, identity: form.identity, locale: form.locale, page: form.page.map(Into::into) };
    let mut tx = app.begin().await?;
    let opened = desk::chat::open(&mut tx, &app.desk.keys, &at.named, form).await?;
    tx.commit().await?;
    if opened.token.is_some() {
        // Streams that were opened with the token from before are nobody's.
        app.chats.expire(opened.visitor.id);
    }
    let Named { workspace, inbox_name, widget } = at.named;
    let visit = Visit { workspace, inbox_name, widget, visitor: opened.visitor };
    let mut conn = app.read().await?;
    // The place first: what happens while the conversations are read shows in the stream again, and nothing is missed.
    let cursor = place(&mut conn).await?;
    let conversations = conversations(&mut conn, &visit, app.now()).await?;
    Ok(Json(WidgetSession { token: opened.token.map(|t| t.expose().to_owned()), visitor: visit.visitor.into(), cursor, conversations }))
}

/// Counts a session: of a visitor whom we know by itself, so that an office with one address does not lock its people out. Whoever we do
/// not know is counted by the address alone: each of them is written.
async fn take_session(app: &App, at: &At, token: Option<&Secret>) -> Result<()> {
    let (now, limits, ip) = (app.now(), &app.settings.chat, at.ip.to_string());
    let known = match token {
        Some(token) => {
            let hash = model::token::hash(token.expose());
            store::visitor::by_token(&mut app.read().await?, at.named.workspace, at.named.widget.inbox, &hash).await?
        }
        None => None,
    };
    let Some(visitor) = known.filter(|v| !v.has_run_out(now)) else { return app.flood.take(now, "sessions", &ip, limits.sessions) };
    app.flood.take(now, "returning", &visitor.id.to_string(), limits.returning.0)?;
    app.flood.take(now, "returning", &ip, limits.returning.1)
}

/// The site's visitor signed out: the token is good for nothing from now on.
#[utoipa::path(delete, path = "/widget/{key}/session", tag = "widget", security(("visitor" = [])), params(("key" = String, Path)), responses((status = 204), Problems))]
async fn forget(State(app): State<App>, visiting: Visiting) -> Result<StatusCode> {
    visiting.take(&app, "others", app.settings.chat.others)?;
    let mut tx = app.begin().await?;
    desk::chat::forget(&mut tx, &visiting.visit).await?;
    tx.commit().await?;
    app.chats.expire(visiting.visitor.id);
    Ok(StatusCode::NO_CONTENT)
}

/// Who the visitor says that it is.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct VisitorForm {
    pub name: Option<String>,
    #[schema(value_type = Option<String>, format = Email)]
    pub email: Option<EmailAddress>,
}

/// The visitor says who it is. Nobody has proven it, so it finds nothing of anybody.
#[utoipa::path(post, path = "/widget/{key}/visitor", tag = "widget", security(("visitor" = [])), params(("key" = String, Path)), request_body = VisitorForm,
    responses((status = 200, body = WidgetVisitor), Problems))]
async fn name(State(app): State<App>, visiting: Visiting, Json(form): Json<VisitorForm>) -> Result<Json<WidgetVisitor>> {
    visiting.take(&app, "others", app.settings.chat.others)?;
    let mut tx = app.begin().await?;
    let visitor = desk::chat::name(&mut tx, &visiting.visit, form.name.as_deref(), form.email).await?;
    tx.commit().await?;
    Ok(Json(visitor.into()))
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        let detail = error.to_string();
        match error {
            SessionError::IdentityInvalid => Self::new(StatusCode::UNAUTHORIZED, "identity_invalid", "Identity not proven", detail),
            SessionError::IdentityRequired => Self::new(StatusCode::UNAUTHORIZED, "identity_required", "Sign in first", detail),
            SessionError::Store(error) => error.into(),
        }
    }
}
