//! Devices that the reader's notifications are pushed to.

use axum::extract::State;
use axum::http::StatusCode;
use desk::push::Subscription;
use model::{Permission, PushId, SessionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::json::{Json, PathId};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;
use crate::visitor::Visitor;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(key)).routes(routes!(list, put)).routes(routes!(delete))
}

/// By which push services know this installation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PushKey {
    /// A P-256 point in base64url: `applicationServerKey` of `PushManager.subscribe`.
    pub public_key: String,
}

/// The key that a browser subscribes with.
#[utoipa::path(get, path = "/push-key", tag = "notifications", responses((status = 200, body = PushKey), Problems))]
async fn key(State(app): State<App>, caller: Caller) -> Result<Json<PushKey>> {
    caller.require(Permission::ConversationRead)?;
    Ok(Json(PushKey { public_key: desk::push::vapid_keys(&app.desk).await?.public }))
}

/// A device that notifications are pushed to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct PushDevice {
    #[schema(value_type = String, example = "push_0000000000000")]
    pub id: PushId,
    /// What its browser calls itself.
    pub user_agent: String,
    /// It is the one that asks.
    pub current: bool,
    pub created_at: Time,
    /// When the last notification was handed in for it.
    pub pushed_at: Option<Time>,
}

impl PushDevice {
    fn new(device: store::push::Device, session: Option<SessionId>) -> Self {
        Self {
            id: device.id,
            current: session == Some(device.session),
            user_agent: device.user_agent,
            created_at: Time(device.created_at),
            pushed_at: device.pushed_at.map(Time),
        }
    }
}

/// The reader's devices, the first one first.
#[utoipa::path(get, path = "/push-devices", tag = "notifications", responses((status = 200, body = List<PushDevice>), Problems))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List<PushDevice>>> {
    caller.require(Permission::ConversationRead)?;
    let devices = store::push::of_agent(&mut app.read().await?, caller.workspace, caller.agent.id, app.now()).await?;
    Ok(Json(List { items: devices.into_iter().map(|d| PushDevice::new(d, caller.session())).collect(), next: None }))
}

/// What `PushSubscription.toJSON()` says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushDeviceForm {
    /// The push service's https address for this device.
    pub endpoint: String,
    /// The device's public key, in base64url.
    pub p256dh: String,
    /// The device's secret, in base64url.
    pub auth: String,
}

/// Has the reader's notifications pushed to this device for as long as its session lasts. The same device again is the same one.
#[utoipa::path(put, path = "/push-devices", tag = "notifications", request_body = PushDeviceForm,
    responses((status = 200, body = PushDevice), Problems))]
async fn put(State(app): State<App>, caller: Caller, visitor: Visitor, Json(form): Json<PushDeviceForm>) -> Result<Json<PushDevice>> {
    let session = caller.session().ok_or_else(Problem::forbidden)?;
    let to = Subscription { endpoint: form.endpoint, p256dh: form.p256dh, auth: form.auth };
    let mut tx = app.begin().await?;
    let id = desk::push::subscribe(&mut tx, &app.desk.keys, &caller.scope, session, &visitor.0.user_agent, &to).await?;
    let now = tx.now();
    let device = store::push::find(&mut tx, caller.workspace, id, now).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok(Json(PushDevice::new(device, Some(session))))
}

/// Pushes to a device of the reader's no longer.
#[utoipa::path(delete, path = "/push-devices/{id}", tag = "notifications", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete(State(app): State<App>, caller: Caller, PathId(id): PathId<PushId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::push::remove(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
