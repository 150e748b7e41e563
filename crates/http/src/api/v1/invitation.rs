//! Invitations.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use desk::account::{self, Invite, Joining};
use model::workspace::Language;
use model::{EmailAddress, InboxId, InvitationId, Permission, Role, Secret, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::session::{Me, welcome};
use crate::api::schema;
use crate::json::{Json, PathId};
use crate::limits::{self, LINK_FROM};
use crate::page::List;
use crate::problem::{Problems, Result};
use crate::time::Time;
use crate::visitor::Visitor;
use crate::{App, Caller};

/// Routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_invitations, post_invitation))
        .routes(routes!(delete_invitation))
        .routes(routes!(resend_invitation))
        .routes(routes!(look_up_invitation))
        .routes(routes!(redeem_invitation))
}

/// Somebody who was asked to join and did not yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitation {
    /// Id.
    #[schema(value_type = String)]
    pub id: InvitationId,
    /// Where it went.
    #[schema(value_type = String)]
    pub email: EmailAddress,
    /// Name; may be empty.
    pub name: String,
    /// The role to come.
    #[schema(value_type = schema::Role)]
    pub role: Role,
    /// Sent first.
    pub created_at: Time,
    /// End.
    pub expires_at: Time,
}

impl From<store::invitation::Invitation> for Invitation {
    fn from(i: store::invitation::Invitation) -> Self {
        Self { id: i.id, email: i.email, name: i.name, role: i.role, created_at: i.created_at.into(), expires_at: i.expires_at.into() }
    }
}

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// Address.
    #[schema(value_type = String)]
    email: EmailAddress,
    /// Name; may be left out.
    #[serde(default)]
    name: String,
    /// The role to come; not above one's own.
    #[schema(value_type = schema::Role)]
    role: Role,
    /// Inboxes to be in.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    inbox_ids: Vec<InboxId>,
    /// Teams to be in.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    team_ids: Vec<TeamId>,
    /// Language of the mail; the workspace's when left out.
    #[serde(default)]
    #[schema(value_type = Option<schema::Language>)]
    language: Option<Language>,
}

/// The word of an invitation's link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// The word.
    #[schema(value_type = String)]
    token: Secret,
}

/// What an invitation's link leads to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invited {
    /// Address.
    #[schema(value_type = String)]
    email: EmailAddress,
    /// Name; may be empty.
    name: String,
    /// The workspace.
    workspace_name: String,
    /// Language.
    #[schema(value_type = schema::Language)]
    language: Language,
}

/// Somebody who joins.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Redeem {
    /// The word of the link.
    #[schema(value_type = String)]
    token: Secret,
    /// Name.
    name: String,
    /// Password; at least 8 characters.
    #[schema(value_type = String)]
    password: Secret,
    /// Language.
    #[schema(value_type = schema::Language)]
    language: Language,
}

/// Open invitations
#[utoipa::path(get, path = "/invitations", tag = "invitations", responses((status = 200, body = List<Invitation>), Problems))]
async fn get_invitations(State(app): State<App>, caller: Caller) -> Result<Json<List<Invitation>>> {
    caller.require(Permission::PeopleManage)?;
    Ok(Json(List::whole(store::invitation::list(&mut app.read().await?, caller.workspace).await?)))
}

/// Invite somebody by mail
#[utoipa::path(post, path = "/invitations", tag = "invitations", request_body = NewInvitation, responses((status = 201, body = Invitation), Problems))]
async fn post_invitation(State(app): State<App>, caller: Caller, Json(form): Json<NewInvitation>) -> Result<(StatusCode, Json<Invitation>)> {
    let form = Invite { email: form.email, name: form.name, role: form.role, language: form.language, inboxes: form.inbox_ids, teams: form.team_ids };
    let mut tx = app.begin().await?;
    let invitation = account::invite(&app.desk, &mut tx, &caller, caller.agent.role, form).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(invitation.into())))
}

/// Take an invitation back
#[utoipa::path(delete, path = "/invitations/{id}", tag = "invitations", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete_invitation(State(app): State<App>, caller: Caller, PathId(id): PathId<InvitationId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    account::revoke_invitation(&mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send an invitation again
///
/// With a new link; the old one stops working.
#[utoipa::path(post, path = "/invitations/{id}/resend", tag = "invitations", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn resend_invitation(State(app): State<App>, caller: Caller, PathId(id): PathId<InvitationId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    account::resend_invitation(&app.desk, &mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an invitation's link leads to
#[utoipa::path(post, path = "/invitations/lookup", tag = "invitations", security(()), request_body = Lookup, responses((status = 200, body = Invited), Problems))]
async fn look_up_invitation(State(app): State<App>, visitor: Visitor, Json(form): Json<Lookup>) -> Result<Json<Invited>> {
    limits::take(&app, &[(LINK_FROM, &visitor.ip)]).await?;
    let (invitation, workspace) = account::look_up_invitation(&app.desk, &form.token).await?;
    Ok(Json(Invited { email: invitation.email, name: invitation.name, workspace_name: workspace.name, language: invitation.language }))
}

/// Take an invitation up
///
/// The new agent is signed in.
#[utoipa::path(post, path = "/invitations/redeem", tag = "invitations", security(()), request_body = Redeem, responses((status = 201, body = Me), Problems))]
async fn redeem_invitation(State(app): State<App>, visitor: Visitor, Json(form): Json<Redeem>) -> Result<Response> {
    limits::take(&app, &[(LINK_FROM, &visitor.ip)]).await?;
    let form = Joining { token: form.token, name: form.name, password: form.password, language: form.language };
    let entry = account::redeem_invitation(&app.desk, form, &visitor).await?;
    welcome(&app, StatusCode::CREATED, entry).await
}
