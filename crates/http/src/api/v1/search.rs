//! Full-text search.

use axum::extract::State;
use model::{ConversationId, MessageId, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::Conversation;
use crate::app::App;
use crate::json::{Json, Query};
use crate::page::{List, limit};
use crate::problem::{Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

/// What to look for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
#[allow(missing_docs)]
pub struct SearchQuery {
    /// Words; a message must hold all of them. The last may be the beginning of one.
    pub q: String,
    pub limit: Option<u32>,
}

/// A message that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SearchHit)]
#[allow(missing_docs)]
pub struct HitBody {
    pub conversation: Conversation,
    #[schema(value_type = String)]
    pub message_id: MessageId,
    /// Plain text around the first hit.
    pub snippet: String,
    /// From and to, in UTF-16 units of the snippet.
    #[schema(value_type = Vec<Vec<usize>>)]
    pub ranges: Vec<(usize, usize)>,
}

/// The newest hit of each conversation in sight that holds every word.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchQuery), responses((status = 200, body = List<HitBody>), Problems))]
async fn search(State(app): State<App>, caller: Caller, Query(q): Query<SearchQuery>) -> Result<Json<List<HitBody>>> {
    caller.require(Permission::ConversationRead)?;
    let limit = limit(q.limit)?;
    let query: String = q.q.chars().take(500).collect();
    let mut conn = app.read().await?;
    let hits = store::search::messages(&mut conn, &caller.scope, &query, true, limit * 2).await?;
    let mut ids: Vec<ConversationId> = Vec::new();
    for hit in &hits {
        if !ids.contains(&hit.conversation) && ids.len() < limit {
            ids.push(hit.conversation);
        }
    }
    let mut listed = store::conversation::listed_by_ids(&mut conn, &caller.scope, &ids).await?;
    drop(conn);
    let words = model::text::query_tokens(&query);
    let mut items = Vec::new();
    for hit in hits {
        let Some(at) = listed.iter().position(|l| l.conversation.id == hit.conversation) else { continue };
        let conversation = listed.swap_remove(at).into();
        let (mut snippet, mut ranges) = model::text::snippet(&hit.text, &words);
        if ranges.is_empty() {
            let (subject, found) = model::text::snippet(&hit.subject, &words);
            if !found.is_empty() {
                (snippet, ranges) = (subject, found);
            }
        }
        items.push(HitBody { conversation, message_id: hit.message, snippet, ranges });
    }
    Ok(Json(List { items, next: None }))
}
