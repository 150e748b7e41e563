//! New passwords by mail.

use axum::extract::State;
use axum::http::StatusCode;
use desk::account;
use model::Secret;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::json::Json;
use crate::limits::{self, LINK_FROM, RESET_FROM, RESET_TO};
use crate::problem::{Problems, Result};
use crate::visitor::Visitor;

/// Routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(post_reset)).routes(routes!(redeem_reset))
}

/// Whose password is forgotten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    /// Sign-in address.
    email: String,
}

/// A new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The word of the link.
    #[schema(value_type = String)]
    token: Secret,
    /// The password from now on; at least 8 characters.
    #[schema(value_type = String)]
    password: Secret,
}

/// Ask for a reset mail
///
/// The answer is the same whether or not the address has an account.
#[utoipa::path(post, path = "/password-resets", tag = "password_resets", security(()), request_body = Forgotten, responses((status = 202), Problems))]
async fn post_reset(State(app): State<App>, visitor: Visitor, Json(form): Json<Forgotten>) -> Result<(StatusCode, Json<serde_json::Value>)> {
    let account = form.email.trim().to_lowercase();
    limits::take(&app, &[(RESET_FROM, &visitor.ip), (RESET_TO, &account)]).await?;
    // Beside the answer, so that neither its words nor its time tell whether there is such an account.
    tokio::spawn(async move {
        if let Err(error) = account::request_reset(&app.desk, &form.email).await {
            tracing::error!(%error, "a reset mail could not be queued");
        }
    });
    Ok((StatusCode::ACCEPTED, Json(serde_json::json!({}))))
}

/// Choose a new password
///
/// Every session and API token of the agent ends.
#[utoipa::path(post, path = "/password-resets/redeem", tag = "password_resets", security(()), request_body = NewPassword, responses((status = 204), Problems))]
async fn redeem_reset(State(app): State<App>, visitor: Visitor, Json(form): Json<NewPassword>) -> Result<StatusCode> {
    limits::take(&app, &[(LINK_FROM, &visitor.ip)]).await?;
    account::redeem_reset(&app.desk, &form.token, &form.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
