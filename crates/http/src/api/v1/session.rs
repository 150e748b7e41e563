//! Signing in and out, and the list of signed-in browsers.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use desk::account::{self, Entry};
use model::{Permission, Secret, SessionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agent::Agent;
use super::stream;
use super::workspace::Workspace;
use crate::json::{Json, PathId};
use crate::limits::{self, SIGN_IN_FROM, SIGN_IN_TO};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::COOKIE;
use crate::time::Time;
use crate::visitor::Visitor;
use crate::{App, Caller};

/// Routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_session, post_session, delete_session)).routes(routes!(get_sessions)).routes(routes!(delete_one_session))
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The agent.
    pub agent: Agent,
    /// The workspace.
    pub workspace: Workspace,
    /// What may be done.
    #[schema(value_type = Vec<String>)]
    pub permissions: Vec<Permission>,
    /// This session; null for an API token.
    #[schema(value_type = Option<String>)]
    pub session_id: Option<SessionId>,
    /// Where the event stream stood before anything else was read: begin there (`after`) and nothing is missed.
    pub cursor: String,
}

/// Address and password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Address.
    email: String,
    /// Password.
    #[schema(value_type = String)]
    password: Secret,
}

/// A signed-in browser.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Id.
    #[schema(value_type = String)]
    pub id: SessionId,
    /// Signed in.
    pub created_at: Time,
    /// Last request, to the minute.
    pub last_seen_at: Time,
    /// What the browser calls itself.
    pub user_agent: String,
    /// Where it was last seen.
    pub ip: String,
    /// This one.
    pub current: bool,
}

/// The answer to somebody who just came in: who they are, and the cookie.
pub(super) async fn welcome(app: &App, status: StatusCode, entry: Entry) -> Result<Response> {
    let mut conn = app.read().await?;
    let cursor = stream::place(&mut conn).await?;
    let workspace = store::workspace::find(&mut conn, entry.workspace).await?.ok_or_else(Problem::not_found)?;
    drop(conn);
    let me = Me {
        permissions: entry.agent.role.permissions(),
        agent: entry.agent.into(),
        workspace: Workspace::new(workspace, app),
        session_id: Some(entry.session),
        cursor,
    };
    // The store ends idle sessions; the browser keeps the word as long as it may.
    Ok((status, cookie(app, entry.word.expose(), 400 * 24 * 3600), Json(me)).into_response())
}

fn cookie(app: &App, word: &str, seconds: u32) -> AppendHeaders<[(HeaderName, HeaderValue); 1]> {
    let secure = if app.desk.public_url.starts_with("https://") { "; Secure" } else { "" };
    let text = format!("{COOKIE}={word}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    AppendHeaders([(header::SET_COOKIE, HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("")))])
}

/// Who is signed in
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = Me), Problems))]
async fn get_session(State(app): State<App>, caller: Caller) -> Result<Json<Me>> {
    let mut conn = app.read().await?;
    let cursor = stream::place(&mut conn).await?;
    let workspace = store::workspace::find(&mut conn, caller.workspace).await?.ok_or_else(Problem::not_found)?;
    drop(conn);
    let session_id = caller.session();
    let workspace = Workspace::new(workspace, &app);
    Ok(Json(Me { agent: caller.agent.into(), workspace, permissions: caller.scope.permissions, session_id, cursor }))
}

/// Sign in
///
/// Sets the session cookie. Wrong address and wrong password get the same answer: 401 `wrong_credentials`.
#[utoipa::path(post, path = "/session", tag = "session", security(()), request_body = SignIn, responses((status = 200, body = Me), Problems))]
async fn post_session(State(app): State<App>, visitor: Visitor, Json(form): Json<SignIn>) -> Result<Response> {
    let account = form.email.trim().to_lowercase();
    let limits = [(SIGN_IN_FROM, visitor.ip.as_str()), (SIGN_IN_TO, account.as_str())];
    limits::take(&app, &limits).await?;
    let entry = account::sign_in(&app.desk, &form.email, &form.password, &visitor.0).await?;
    limits::forgive(&app, &limits).await?;
    welcome(&app, StatusCode::OK, entry).await
}

/// Sign out
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204), Problems))]
async fn delete_session(State(app): State<App>, caller: Caller) -> Result<Response> {
    let session = caller.session().ok_or_else(Problem::forbidden)?;
    let mut tx = app.begin().await?;
    account::sign_out(&mut tx, &caller, session).await?;
    tx.commit().await?;
    Ok((StatusCode::NO_CONTENT, cookie(&app, "", 0)).into_response())
}

/// One's own signed-in browsers
#[utoipa::path(get, path = "/sessions", tag = "session", responses((status = 200, body = List<Session>), Problems))]
async fn get_sessions(State(app): State<App>, caller: Caller) -> Result<Json<List<Session>>> {
    let sessions = store::session::of_agent(&mut app.read().await?, caller.workspace, caller.agent.id, app.now()).await?;
    let this = caller.session();
    Ok(Json(List::whole(sessions.into_iter().map(|s| Session {
        current: this == Some(s.id),
        id: s.id,
        created_at: s.created_at.into(),
        last_seen_at: s.last_seen_at.into(),
        user_agent: s.user_agent,
        ip: s.ip,
    }))))
}

/// End one of one's sessions
#[utoipa::path(delete, path = "/sessions/{id}", tag = "session", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete_one_session(State(app): State<App>, caller: Caller, PathId(id): PathId<SessionId>) -> Result<StatusCode> {
    if caller.session().is_none() {
        caller.require(Permission::TokenManage)?;
    }
    let mut tx = app.begin().await?;
    account::end_session(&mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
