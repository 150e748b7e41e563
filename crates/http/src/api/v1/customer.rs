//! Customers: finding them, their cards, their conversations.

use axum::extract::State;
use desk::customer::Changes;
use model::{CompanyId, CustomerId, Permission};
use serde::{Deserialize, Serialize};
use store::conversation::{Asked, View};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::{Conversation, page_of};
use super::message::PageQuery;
use super::refs::CompanyRef;
use crate::app::App;
use crate::etag::{IfMatch, Versioned};
use crate::json::{Json, PathId, Query, nullable};
use crate::page::{List, limit};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get, patch)).routes(routes!(conversations))
}

/// Why automatic mail no longer goes to an address.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Suppressed {
    /// `bounce` or `complaint`.
    pub reason: String,
    pub at: Time,
}

/// One address.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CustomerEmail {
    pub address: String,
    /// A mail that passed authentication came from it.
    pub verified: bool,
    pub suppressed: Option<Suppressed>,
}

/// Somebody who writes to us.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Customer {
    #[schema(value_type = String, example = "cus_0000000000000")]
    pub id: CustomerId,
    pub name: String,
    pub emails: Vec<CustomerEmail>,
    /// As they were written, the main one first; a list leaves them out.
    pub phones: Vec<String>,
    pub company: Option<CompanyRef>,
    pub language: Option<String>,
    pub notes: String,
    pub created_at: Time,
    pub last_seen_at: Option<Time>,
    pub conversation_count: i64,
    pub version: i64,
}

impl From<model::customer::Customer> for Customer {
    fn from(c: model::customer::Customer) -> Self {
        let plain = |address: String| CustomerEmail { address, verified: false, suppressed: None };
        let emails = match (c.emails.is_empty(), c.email) {
            // A list reads only the main address.
            (true, Some(main)) => vec![plain(main.to_string())],
            _ => c
                .emails
                .into_iter()
                .map(|e| CustomerEmail {
                    suppressed: e.suppressed.map(|s| Suppressed { reason: s.reason, at: Time(s.at) }),
                    verified: e.verified,
                    ..plain(e.address.to_string())
                })
                .collect(),
        };
        Self {
            id: c.id,
            name: c.name,
            emails,
            phones: c.phones.iter().map(ToString::to_string).collect(),
            company: c.company.map(|k| CompanyRef { id: k.id, name: k.name }),
            language: c.language,
            notes: c.notes,
            created_at: Time(c.created_at),
            last_seen_at: c.last_seen_at.map(Time),
            conversation_count: c.conversation_count,
            version: c.version,
        }
    }
}

/// Whom to look for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
#[allow(missing_docs)]
pub struct FindQuery {
    /// Beginning of a name or an address, or digits of a phone number.
    pub q: String,
    pub limit: Option<u32>,
}

/// Customers who wrote to an inbox in sight, by the beginning of a name or an address, or by digits of a phone number.
#[utoipa::path(get, path = "/customers", tag = "customers", params(FindQuery), responses((status = 200, body = List<Customer>), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(q): Query<FindQuery>) -> Result<Json<List<Customer>>> {
    caller.require(Permission::ConversationRead)?;
    let found = store::customer::search(&mut app.read().await?, &caller.scope, &q.q, limit(q.limit)?).await?;
    Ok(Json(List::whole(found)))
}

/// One customer.
#[utoipa::path(get, path = "/customers/{id}", tag = "customers", params(("id" = String, Path)), responses((status = 200, body = Customer), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<CustomerId>) -> Result<Versioned<Customer>> {
    caller.require(Permission::ConversationRead)?;
    let customer = store::customer::get(&mut app.read().await?, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Versioned(customer.version, customer.into()))
}

/// What is to change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct CustomerPatch {
    pub name: Option<String>,
    /// Language tag such as `ko`; null: unknown.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Option<String>>,
    pub notes: Option<String>,
    /// These and no others, the main one first; at most ten.
    pub phones: Option<Vec<String>>,
    /// Null: no company.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub company_id: Option<Option<CompanyId>>,
}

/// Changes a customer's card. With `If-Match`, only the version that it names.
#[utoipa::path(patch, path = "/customers/{id}", tag = "customers", params(("id" = String, Path)), request_body = CustomerPatch,
    responses((status = 200, body = Customer), Problems))]
async fn patch(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<CustomerId>,
    IfMatch(version): IfMatch,
    Json(form): Json<CustomerPatch>,
) -> Result<Versioned<Customer>> {
    caller.require(Permission::CustomerWrite)?;
    let mut tx = app.begin().await?;
    if let Some(version) = version {
        let now = store::customer::get(&mut tx, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
        if now.version != version {
            return Err(Problem::conflict("Somebody changed it meanwhile.", serde_json::to_value(Customer::from(now)).ok()));
        }
    }
    let changes = Changes { name: form.name, language: form.language, notes: form.notes, phones: form.phones, company: form.company_id };
    let customer = desk::customer::update(&mut tx, &caller.scope, id, changes).await?;
    tx.commit().await?;
    Ok(Versioned(customer.version, customer.into()))
}

/// A customer's conversations in sight, newest first.
#[utoipa::path(get, path = "/customers/{id}/conversations", tag = "customers", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = List<Conversation>), Problems))]
async fn conversations(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<CustomerId>,
    Query(q): Query<PageQuery>,
) -> Result<Json<List<Conversation>>> {
    caller.require(Permission::ConversationRead)?;
    store::customer::get(&mut app.read().await?, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let filter = Asked { view: View::All, customer: Some(id), ..Asked::default() };
    page_of(&app, &caller, &filter, q.cursor.as_deref(), q.limit).await
}
