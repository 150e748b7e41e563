//! Full-text search.

use axum::extract::State;
use model::filter::Filter;
use model::text::{Marker, Typed};
use model::{ConversationId, MessageId, Permission};
use serde::{Deserialize, Serialize};
use store::conversation::{Asked, View};
use store::search::{Found, Order};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::company::{Company, page_problem};
use super::conversation::{Conversation, page_of};
use super::customer::Customer;
use crate::app::App;
use crate::json::{Json, Query};
use crate::page::limit;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

/// Longest query that is looked at, in characters; the rest of a longer one is left out.
const LONGEST: usize = 500;
/// Most customers, and most companies, of an answer.
const MOST_CUSTOMERS: u32 = 20;

/// What comes first.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchSort {
    /// What fits best: subjects, words in a row, and what is new.
    #[default]
    Best,
    /// What was written last.
    Newest,
}

/// What to look for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
#[allow(missing_docs)]
pub struct SearchQuery {
    /// Words: a message or the subject must hold all of them; the last may be the beginning of one. Or a typed query such as
    /// `is:open tag:refund "exact words" parcel`, or a conversation's number.
    pub q: String,
    pub limit: Option<u32>,
    #[serde(default)]
    #[param(inline)]
    pub sort: SearchSort,
    /// How many customers to find as well, by name, address and phone number; at most 20, none when left out.
    pub customers: Option<u32>,
    /// How many companies to find as well, by name and domain; at most 20, none when left out.
    pub companies: Option<u32>,
}

/// A conversation that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SearchHit)]
#[allow(missing_docs)]
pub struct HitBody {
    pub conversation: Conversation,
    /// The message that fits best; null where none was looked for.
    #[schema(value_type = Option<String>)]
    pub message_id: Option<MessageId>,
    /// Plain text around the words.
    pub snippet: String,
    /// From and to, in UTF-16 units of the snippet.
    #[schema(value_type = Vec<Vec<usize>>)]
    pub ranges: Vec<(usize, usize)>,
    /// From and to, in UTF-16 units of the conversation's subject.
    #[schema(value_type = Vec<Vec<usize>>)]
    pub subject_ranges: Vec<(usize, usize)>,
}

/// A customer who was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CustomerHit {
    pub customer: Customer,
    /// From and to, in UTF-16 units of the name.
    #[schema(value_type = Vec<Vec<usize>>)]
    pub name_ranges: Vec<(usize, usize)>,
    /// From and to, in UTF-16 units of the first address.
    #[schema(value_type = Vec<Vec<usize>>)]
    pub email_ranges: Vec<(usize, usize)>,
}

/// A company that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct CompanyHit {
    pub company: Company,
    /// From and to, in UTF-16 units of the name.
    #[schema(value_type = Vec<Vec<usize>>)]
    pub name_ranges: Vec<(usize, usize)>,
}

/// What was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct SearchResult {
    /// One for each conversation.
    pub items: Vec<HitBody>,
    pub customers: Vec<CustomerHit>,
    pub companies: Vec<CompanyHit>,
}

/// What a request asks for: words as they are typed, phrases, conditions.
struct Sought {
    words: Typed,
    phrases: Vec<String>,
    filter: Option<Filter>,
}

/// Finds conversations in sight by the words of their messages and subjects, and customers and companies by name and address. Nothing out of
/// sight counts against the limit. Texts are plain: mark the ranges, never read them as HTML.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchQuery), responses((status = 200, body = SearchResult), Problems))]
async fn search(State(app): State<App>, caller: Caller, Query(q): Query<SearchQuery>) -> Result<Json<SearchResult>> {
    caller.require(Permission::ConversationRead)?;
    let limit = limit(q.limit)?;
    let most_customers = q.customers.unwrap_or(0);
    if most_customers > MOST_CUSTOMERS {
        return Err(Problem::malformed(format!("customers is a number from 0 to {MOST_CUSTOMERS}.")));
    }
    let most_companies = q.companies.unwrap_or(0);
    if most_companies > MOST_CUSTOMERS {
        return Err(Problem::malformed(format!("companies is a number from 0 to {MOST_CUSTOMERS}.")));
    }
    let query: String = q.q.chars().take(LONGEST).collect();
    let mut conn = app.read().await?;
    let sought = read(&mut conn, &caller, &query).await?;
    let reader = match &sought.filter {
        Some(filter) => Some(store::filter::reader(&mut conn, &caller.scope, filter, app.now()).await?),
        None => None,
    };
    let marker = Marker::new(&Typed { words: [sought.words.words.clone(), phrase_words(&sought.phrases)].concat(), ..sought.words.clone() });
    let mut items = Vec::new();
    if let (Some(id), None) = (store::search::by_number(&mut conn, &caller.scope, &query).await?, &sought.filter) {
        let listed = store::conversation::listed_by_id(&mut conn, &caller.scope, id).await?;
        items.extend(listed.map(|l| hit(l.into(), None, &marker)));
    }
    if sought.words.words.is_empty() && sought.phrases.is_empty() {
        if let (Some(filter), Some(reader)) = (sought.filter, reader) {
            // Conditions alone: a list like any other.
            let asked = Asked { view: View::All, filter: Some((filter, reader)), ..Asked::default() };
            drop(conn);
            let page = page_of(&app, &caller, &asked, None, q.limit).await?;
            items.extend(page.0.items.into_iter().map(|c| hit(c, None, &marker)));
        }
        return Ok(Json(SearchResult { items, customers: Vec::new(), companies: Vec::new() }));
    }
    let asked = store::search::Asked {
        words: &sought.words,
        phrases: &sought.phrases,
        filter: sought.filter.as_ref().zip(reader.as_ref()),
        order: match q.sort {
            SearchSort::Best => Order::Fitting,
            SearchSort::Newest => Order::Newest,
        },
        now: app.now(),
    };
    let found = store::search::conversations(&mut conn, &caller.scope, &asked, limit).await?;
    let ids: Vec<ConversationId> = found.iter().map(|f| f.conversation).collect();
    let mut listed = store::conversation::listed_by_ids(&mut conn, &caller.scope, &ids).await?;
    let customers = match most_customers {
        n if n > 0 && sought.filter.is_none() => customers(&mut conn, &caller, &query, n as usize).await?,
        _ => Vec::new(),
    };
    let companies = match most_companies {
        n if n > 0 && sought.filter.is_none() => {
            store::company::page(&mut conn, &caller.scope, &query, None, n as usize).await.map_err(page_problem)?.items
        }
        _ => Vec::new(),
    };
    drop(conn);
    for one in found {
        let Some(at) = listed.iter().position(|l| l.conversation.id == one.conversation) else { continue };
        if !items.iter().any(|i: &HitBody| i.conversation.id == one.conversation) {
            items.push(hit(listed.swap_remove(at).into(), Some(&one), &marker));
        }
    }
    items.truncate(limit);
    let companies = companies.into_iter().map(|c| CompanyHit { name_ranges: marker.ranges(&c.company.name), company: c.into() }).collect();
    Ok(Json(SearchResult { items, customers: customers.into_iter().map(|c| customer_hit(c.into(), &query)).collect(), companies }))
}

/// By a phone number where the query is one, then by words.
async fn customers(conn: &mut store::Conn, caller: &Caller, query: &str, most: usize) -> Result<Vec<model::customer::Customer>> {
    let mut found = store::customer::by_phone(conn, &caller.scope, query, most).await?;
    if found.len() < most {
        let by_words = store::search::customers(conn, &caller.scope, query, most).await?;
        let others: Vec<_> = by_words.into_iter().filter(|c| found.iter().all(|f| f.id != c.id)).collect();
        found.extend(others);
        found.truncate(most);
    }
    Ok(found)
}

async fn read(conn: &mut store::Conn, caller: &Caller, query: &str) -> Result<Sought> {
    if !model::filter::is_typed(query) {
        return Ok(Sought { words: model::text::typed(query), phrases: Vec::new(), filter: None });
    }
    let zone = store::filter::zone(conn, caller).await?;
    let sought = model::filter::sought(desk::filter::typed(conn, caller, query, &zone).await?);
    let mut words = model::text::typed(&sought.words);
    if !query.ends_with(&*sought.words) {
        // Something was typed after it: the word is whole.
        words.beginning = None;
    }
    Ok(Sought { words, phrases: sought.phrases, filter: (!sought.rest.is_empty()).then_some(Filter::All(sought.rest)) })
}

fn phrase_words(phrases: &[String]) -> Vec<String> {
    phrases.iter().flat_map(|p| model::text::tokens(p)).collect()
}

fn hit(conversation: Conversation, found: Option<&Found>, marker: &Marker) -> HitBody {
    let (snippet, ranges) = match found {
        Some(found) => model::text::snippet(&found.text, marker),
        None => (conversation.preview.clone(), Vec::new()),
    };
    HitBody { subject_ranges: marker.ranges(&conversation.subject), message_id: found.map(|f| f.message), conversation, snippet, ranges }
}

fn customer_hit(customer: Customer, query: &str) -> CustomerHit {
    let marker = Marker::new(&model::text::typed(&query.replace(['@', '.', '-', '_', '+'], " ")));
    let email = customer.emails.first().map(|e| e.address.as_str()).unwrap_or_default();
    // Unicode sees `mina@haru.example` as few words, so an address is marked where it holds what was typed.
    let at = email.to_lowercase().find(&query.trim().to_lowercase()).filter(|_| email.is_ascii() && query.is_ascii());
    let email_ranges = at.map_or_else(|| marker.ranges(email), |at| vec![(at, at + query.trim().len())]);
    CustomerHit { name_ranges: marker.ranges(&customer.name), email_ranges, customer }
}
