//! Where a conversation stands, and moving it.

use axum::extract::State;
use model::custom_status::Wanted;
use model::{ConversationId, CustomStatusId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::{Conversation, expect_version, fresh};
use crate::app::App;
use crate::etag::{IfMatch, Versioned};
use crate::json::{Json, PathId};
use crate::problem::{Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(put_status))
}

/// Where a conversation stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Status {
    /// Ours to answer.
    Open,
    /// The customer's turn.
    Pending,
    /// Waits for a third party.
    OnHold,
    /// Hidden until a time, or until the customer writes.
    Snoozed {
        /// When it comes back; null: when the customer writes.
        until: Option<Time>,
    },
    /// Done.
    Resolved {
        /// Since when.
        at: Time,
    },
}

impl From<model::Status> for Status {
    fn from(status: model::Status) -> Self {
        match status {
            model::Status::Open => Self::Open,
            model::Status::Pending => Self::Pending,
            model::Status::OnHold => Self::OnHold,
            model::Status::Snoozed { until } => Self::Snoozed { until: Some(Time(until)) },
            model::Status::SnoozedUntilAnswer => Self::Snoozed { until: None },
            model::Status::Resolved { at } => Self::Resolved { at: Time(at) },
        }
    }
}

/// A status to set, with the workspace's default inside. Resolving counts from now.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs)]
pub enum NewStatus {
    Open {},
    Pending {},
    OnHold {},
    Snoozed {
        /// When it comes back; null: when the customer writes.
        #[serde(deserialize_with = "present")]
        #[schema(value_type = Option<String>, format = DateTime)]
        until: Option<Timestamp>,
    },
    Resolved {},
    /// One of the workspace's own; see `GET /custom-statuses`.
    Custom {
        #[schema(value_type = String)]
        custom_status_id: CustomStatusId,
    },
}

/// Null is said, not left out.
fn present<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Option<Timestamp>, D::Error> {
    Option::deserialize(from)
}

impl NewStatus {
    /// As the verbs want it.
    pub fn at(self, now: Timestamp) -> Wanted {
        Wanted::Status(match self {
            Self::Custom { custom_status_id } => return Wanted::Custom(custom_status_id),
            Self::Open {} => model::Status::Open,
            Self::Pending {} => model::Status::Pending,
            Self::OnHold {} => model::Status::OnHold,
            Self::Snoozed { until } => model::Status::snoozed(until),
            Self::Resolved {} => model::Status::Resolved { at: now },
        })
    }
}

/// A status to set.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusForm {
    /// The status.
    pub status: NewStatus,
}

/// Opens, parks, snoozes or resolves. 422 `fields_missing` when it cannot be resolved yet: `errors` names each custom field that it
/// needs.
#[utoipa::path(put, path = "/conversations/{id}/status", tag = "conversations", params(("id" = String, Path)), request_body = StatusForm,
    responses((status = 200, body = Conversation), Problems))]
async fn put_status(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    version: IfMatch,
    Json(form): Json<StatusForm>,
) -> Result<Versioned<Conversation>> {
    let mut tx = app.begin().await?;
    expect_version(&mut tx, &caller, id, version).await?;
    let to = form.status.at(tx.now());
    desk::conversation::change_status(&mut tx, &caller.scope, id, to).await?;
    tx.commit().await?;
    fresh(&app, &caller, id).await
}
