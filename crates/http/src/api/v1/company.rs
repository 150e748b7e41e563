//! Companies: finding them, their cards, their customers and conversations.

use axum::extract::State;
use axum::http::StatusCode;
use desk::company::{Form, Patch};
use model::conversation::StatusKind;
use model::filter::{Choice, Condition, Field, Filter, Operator, Value};
use model::{CompanyId, Permission};
use serde::{Deserialize, Serialize};
use store::conversation::{Asked, PageError, View};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::{Conversation, page_of};
use super::customer::Customer;
use super::message::PageQuery;
use crate::app::App;
use crate::etag::{IfMatch, Versioned};
use crate::json::{Json, PathId, Query, nullable};
use crate::page::{List, limit};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, patch, delete))
        .routes(routes!(customers))
        .routes(routes!(conversations))
        .routes(routes!(candidates))
        .routes(routes!(take_in))
        .routes(routes!(merge))
}

/// A company whose people write to us.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Company {
    #[schema(value_type = String, example = "com_0000000000000")]
    pub id: CompanyId,
    /// Rises with each change; the `ETag`.
    pub version: i64,
    pub name: String,
    /// Whoever is new and writes from one of these is in this company.
    pub domains: Vec<String>,
    /// What another system calls it.
    pub external_id: Option<String>,
    pub notes: String,
    /// Customers whom the reader sees; 1,000 means that many or more.
    pub customer_count: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

impl Company {
    fn of(c: model::company::Company, customer_count: i64) -> Self {
        Self {
            id: c.id,
            version: c.version,
            name: c.name,
            domains: c.domains.iter().map(ToString::to_string).collect(),
            external_id: c.external_id,
            notes: c.notes,
            customer_count,
            created_at: Time(c.created_at),
            updated_at: Time(c.updated_at),
        }
    }
}

impl From<store::company::Listed> for Company {
    fn from(l: store::company::Listed) -> Self {
        Self::of(l.company, l.customers)
    }
}

pub(super) fn page_problem(error: PageError) -> Problem {
    match error {
        PageError::BadCursor => Problem::malformed("This cursor is not one of ours."),
        PageError::Store(error) => error.into(),
    }
}

/// Which to look for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
#[allow(missing_docs)]
pub struct CompanyQuery {
    /// Words of the name or of a domain; the last may be the beginning of one.
    pub q: String,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

/// Companies, by name.
#[utoipa::path(get, path = "/companies", tag = "companies", params(CompanyQuery), responses((status = 200, body = List<Company>), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(q): Query<CompanyQuery>) -> Result<Json<List<Company>>> {
    caller.require(Permission::ConversationRead)?;
    let query: String = q.q.chars().take(200).collect();
    let size = limit(q.limit)?;
    let page = store::company::page(&mut app.read().await?, &caller.scope, &query, q.cursor.as_deref(), size).await.map_err(page_problem)?;
    Ok(Json(page.into()))
}

/// A new company.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NewCompany {
    /// One line, at most 120 characters.
    pub name: String,
    /// At most 50. None of free mail, and none of another company.
    #[serde(default)]
    pub domains: Vec<String>,
    #[serde(default)]
    pub external_id: Option<String>,
    #[serde(default)]
    pub notes: String,
}

/// Makes a company. Customers who are there already join by `take-in`.
#[utoipa::path(post, path = "/companies", tag = "companies", request_body = NewCompany, responses((status = 201, body = Company), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<NewCompany>) -> Result<(StatusCode, Versioned<Company>)> {
    let mut tx = app.begin().await?;
    let form = Form { name: form.name, domains: form.domains, external_id: form.external_id, notes: form.notes };
    let company = desk::company::create(&mut tx, &caller, form).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Versioned(company.version, Company::of(company, 0))))
}

async fn find(conn: &mut store::Conn, caller: &Caller, id: CompanyId) -> Result<Company> {
    let company = store::company::get(conn, caller.workspace, id).await?.ok_or_else(Problem::not_found)?;
    let customers = store::company::customer_count(conn, &caller.scope, id).await?;
    Ok(Company::of(company, customers))
}

/// One company.
#[utoipa::path(get, path = "/companies/{id}", tag = "companies", params(("id" = String, Path)), responses((status = 200, body = Company), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<CompanyId>) -> Result<Versioned<Company>> {
    caller.require(Permission::ConversationRead)?;
    let company = find(&mut app.read().await?, &caller, id).await?;
    Ok(Versioned(company.version, company))
}

/// What is to change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct CompanyPatch {
    pub name: Option<String>,
    /// These and no others.
    pub domains: Option<Vec<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub external_id: Option<Option<String>>,
    pub notes: Option<String>,
}

/// Changes a company. With `If-Match`, only the version that it names.
#[utoipa::path(patch, path = "/companies/{id}", tag = "companies", params(("id" = String, Path)), request_body = CompanyPatch,
    responses((status = 200, body = Company), Problems))]
async fn patch(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<CompanyId>,
    IfMatch(version): IfMatch,
    Json(form): Json<CompanyPatch>,
) -> Result<Versioned<Company>> {
    caller.require(Permission::CompanyWrite)?;
    let mut tx = app.begin().await?;
    if let Some(version) = version {
        let now = find(&mut tx, &caller, id).await?;
        if now.version != version {
            return Err(Problem::conflict("Somebody changed this company meanwhile.", serde_json::to_value(now).ok()));
        }
    }
    let patch = Patch { name: form.name, domains: form.domains, external_id: form.external_id, notes: form.notes };
    let company = desk::company::update(&mut tx, &caller, id, patch).await?;
    let customers = store::company::customer_count(&mut tx, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(Versioned(company.version, Company::of(company, customers)))
}

/// Deletes a company. Its customers and their conversations stay.
#[utoipa::path(delete, path = "/companies/{id}", tag = "companies", params(("id" = String, Path)), responses((status = 204), Problems))]
async fn delete(State(app): State<App>, caller: Caller, PathId(id): PathId<CompanyId>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::company::delete(&mut tx, &caller, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The customers of a company whom the reader sees, by name.
#[utoipa::path(get, path = "/companies/{id}/customers", tag = "companies", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = List<Customer>), Problems))]
async fn customers(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<CompanyId>,
    Query(q): Query<PageQuery>,
) -> Result<Json<List<Customer>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    store::company::get(&mut conn, caller.workspace, id).await?.ok_or_else(Problem::not_found)?;
    let page = store::company::customers(&mut conn, &caller.scope, id, q.cursor.as_deref(), limit(q.limit)?).await.map_err(page_problem)?;
    Ok(Json(page.into()))
}

/// Which of a company's conversations.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
#[allow(missing_docs)]
pub struct CompanyConversations {
    /// Only those that are not snoozed or resolved.
    pub open: bool,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

/// The conversations of a company's customers, newest first.
#[utoipa::path(get, path = "/companies/{id}/conversations", tag = "companies", params(("id" = String, Path), CompanyConversations),
    responses((status = 200, body = List<Conversation>), Problems))]
async fn conversations(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<CompanyId>,
    Query(q): Query<CompanyConversations>,
) -> Result<Json<List<Conversation>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    store::company::get(&mut conn, caller.workspace, id).await?.ok_or_else(Problem::not_found)?;
    let is = |field, choices| Condition::new(field, Operator::IsAnyOf, Value::Choices(choices)).map_or_else(|_| Filter::Any(Vec::new()), Filter::Is);
    let mut parts = vec![is(Field::Company, vec![Choice::Company(id)])];
    if q.open {
        parts.push(is(Field::Status, [StatusKind::Open, StatusKind::Pending, StatusKind::OnHold].map(Choice::Status).to_vec()));
    }
    let filter = Filter::All(parts);
    let reader = store::filter::reader(&mut conn, &caller, &filter, app.now()).await?;
    drop(conn);
    let asked = Asked { view: View::All, filter: Some((filter, reader)), ..Asked::default() };
    page_of(&app, &caller, &asked, q.cursor.as_deref(), q.limit).await
}

/// Customers who write from a domain of the company and are in no company.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Candidates {
    pub domain: String,
    /// 10,000 means that many or more.
    pub customers: i64,
}

/// How many customers could be taken in, by domain; those without any are left out.
#[utoipa::path(get, path = "/companies/{id}/candidates", tag = "companies", params(("id" = String, Path)),
    responses((status = 200, body = List<Candidates>), Problems))]
async fn candidates(State(app): State<App>, caller: Caller, PathId(id): PathId<CompanyId>) -> Result<Json<List<Candidates>>> {
    caller.require(Permission::CompanyWrite)?;
    let mut conn = app.read().await?;
    let company = store::company::get(&mut conn, caller.workspace, id).await?.ok_or_else(Problem::not_found)?;
    let mut items = Vec::new();
    for domain in &company.domains {
        let customers = store::company::candidates(&mut conn, caller.workspace, id, domain).await?;
        if customers > 0 {
            items.push(Candidates { domain: domain.to_string(), customers });
        }
    }
    Ok(Json(List { items, next: None }))
}

/// Whom to take in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeIn {
    /// One of the company's domains.
    pub domain: String,
}

/// What became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct TakenIn {
    pub taken: u64,
    /// There may be more: ask again.
    pub more: bool,
}

/// Takes in the customers who write from a domain, or from below it, and are in no company, at most 10,000 at a time.
#[utoipa::path(post, path = "/companies/{id}/take-in", tag = "companies", params(("id" = String, Path)), request_body = TakeIn,
    responses((status = 200, body = TakenIn), Problems))]
async fn take_in(State(app): State<App>, caller: Caller, PathId(id): PathId<CompanyId>, Json(form): Json<TakeIn>) -> Result<Json<TakenIn>> {
    let mut tx = app.begin().await?;
    let taken = desk::company::take_in(&mut tx, &caller, id, &form.domain).await?;
    tx.commit().await?;
    Ok(Json(TakenIn { taken: taken.taken, more: taken.more }))
}

/// Which company takes the place of another.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyMerge {
    /// The one that stays.
    #[schema(value_type = String)]
    pub into: CompanyId,
}

/// Merges a company into another, which is the answer: customers, domains, notes and views follow.
#[utoipa::path(post, path = "/companies/{id}/merge", tag = "companies", params(("id" = String, Path)), request_body = CompanyMerge,
    responses((status = 200, body = Company), Problems))]
async fn merge(State(app): State<App>, caller: Caller, PathId(id): PathId<CompanyId>, Json(form): Json<CompanyMerge>) -> Result<Versioned<Company>> {
    let mut tx = app.begin().await?;
    let company = desk::company::merge(&mut tx, &caller, id, form.into).await?;
    let customers = store::company::customer_count(&mut tx, &caller.scope, company.id).await?;
    tx.commit().await?;
    Ok(Versioned(company.version, Company::of(company, customers)))
}
