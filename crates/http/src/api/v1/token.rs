//! API tokens.

use axum::extract::State;
use axum::http::StatusCode;
use desk::account;
use model::agent::TokenScope;
use model::{Permission, Timestamp, TokenId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::schema;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::time::Time;
use crate::{App, Caller};

/// Routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_tokens, post_token)).routes(routes!(delete_token))
}

/// An API token; the secret itself is shown only when it is made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    /// Id.
    #[schema(value_type = String)]
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    #[schema(value_type = Vec<schema::TokenScope>)]
    pub scopes: Vec<TokenScope>,
    /// Made.
    pub created_at: Time,
    /// Last request, to the minute.
    pub last_used_at: Option<Time>,
    /// End.
    pub expires_at: Option<Time>,
}

impl From<store::api_token::Token> for Token {
    fn from(t: store::api_token::Token) -> Self {
        Self {
            id: t.id,
            name: t.name,
            scopes: t.scopes,
            created_at: t.created_at.into(),
            last_used_at: t.last_used_at.map(Into::into),
            expires_at: t.expires_at.map(Into::into),
        }
    }
}

/// A token that was just made.
#[derive(Serialize, ToSchema)]
pub struct MadeToken {
    /// The token.
    #[serde(flatten)]
    token: Token,
    /// The secret, this once.
    secret: String,
}

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    name: String,
    /// What it may do; at least one.
    #[schema(value_type = Vec<schema::TokenScope>)]
    scopes: Vec<TokenScope>,
    /// End; never when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// One's own API tokens
#[utoipa::path(get, path = "/tokens", tag = "tokens", responses((status = 200, body = List<Token>), Problems))]
async fn get_tokens(State(app): State<App>, caller: Caller) -> Result<Json<List<Token>>> {
    caller.require(Permission::TokenManage)?;
    Ok(Json(List::whole(store::api_token::of_agent(&mut app.read().await?, caller.workspace, caller.agent.id).await?)))
}

/// Make an API token
///
/// It does at most what its agent may do.
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = NewToken, responses((status = 201, body = MadeToken), Problems))]
async fn post_token(State(app): State<App>, caller: Caller, Json(form): Json<NewToken>) -> Result<(StatusCode, Json<MadeToken>)> {
    let mut tx = app.begin().await?;
    let form = account::NewToken { name: form.name, scopes: form.scopes, expires_at: form.expires_at };
    let (token, secret) = account::create_token(&mut tx, &caller, form).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(MadeToken { token: token.into(), secret: secret.expose().to_owned() })))
}

/// Take an API token back
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete_token(State(app): State<App>, caller: Caller, PathId(id): PathId<TokenId>) -> Result<StatusCode, Problem> {
    let mut tx = app.begin().await?;
    account::revoke_token(&mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
