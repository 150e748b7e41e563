//! The visitors' stream: what happens in their conversations, as it happens, without a gap after a break.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use model::chat::ChatState;
use model::event::Cursor;
use model::{ConversationId, MessageId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Conn;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::stream::name;
use super::widget_view::{self, WidgetConversation, WidgetMessage};
use super::widget_visitor::{MOST, Visiting, wait_of};
use crate::app::App;
use crate::chat_hub::{Frames, Who, frame, invitation, shows_conversation, shows_message};
use crate::json::Query;
use crate::problem::{Problem, Problems, Result};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(stream))
}

/// Where the stream begins, and what for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct WidgetStreamQuery {
    /// The last cursor that was seen.
    pub after: Option<String>,
    /// `true`: the visitor agreed that agents see that it is on the site. It counts where the widget's `live` says so.
    pub live: Option<bool>,
}

/// Events further back than this are not replayed.
const MOST_BEHIND: usize = 500;

/// The data of a frame without a name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum WidgetItem {
    /// Something was said, or is different now.
    Message { conversation_id: String, message: Box<WidgetMessage> },
    /// How a conversation is now.
    Conversation { conversation: Box<WidgetConversation> },
}

/// Follows what happens in the visitor's conversations. Frames: `hello` (`{cursor}`), then one without a name for each message and each
/// change of a conversation, the last of what belongs together with its cursor as `id`; `typing` (`{conversation_id, name, typing}`);
/// `wait` (`{conversation_id, wait}`) and `team` (`{team}`) when they change; `invitation` (`{name, initials, text, at}`) when an agent
/// speaks to a visitor first;
/// `reload` when the given cursor is too old or unknown; `expired` when the token is no longer good. The same message may come twice.
#[utoipa::path(get, path = "/widget/{key}/stream", tag = "widget", security(("visitor" = [])), params(("key" = String, Path), WidgetStreamQuery),
    responses((status = 200, content_type = "text/event-stream", body = WidgetItem), Problems))]
async fn stream(State(app): State<App>, visiting: Visiting, headers: HeaderMap, Query(query): Query<WidgetStreamQuery>) -> Result<Response> {
    visiting.take(&app, "streams", app.settings.chat.others)?;
    let header = headers.get("last-event-id").and_then(|v| v.to_str().ok()).filter(|v| !v.is_empty());
    let after = header.map(str::to_owned).or(query.after).filter(|v| !v.is_empty());
    let workspace = visiting.workspace;
    // Listening begins before the log is read: what is committed in between comes both ways and is shown once.
    app.chats.start(&app).await?;
    let now = app.now();
    let live = query.live == Some(true) && visiting.widget.settings.live;
    let who = Who {
        workspace,
        inbox: visiting.visitor.inbox,
        visitor: visiting.visitor.id,
        person: visiting.visitor.subject(now).and(visiting.visitor.customer),
        talks: visiting.visitor.customer.is_some(),
        ip: visiting.ip,
        token_hash: visiting.token_hash.clone(),
        live,
        there_until: visiting.visitor.connected_until,
    };
    let place = app.chats.register(&app, who)?;
    let mut conn = app.read().await?;
    let age = store::upkeep::fact(&mut conn, store::upkeep::RESTORED).await?;
    let chats = store::chat::of_visitor(&mut conn, workspace, &visiting.visitor, now, MOST).await?;
    let ids: Vec<ConversationId> = chats.iter().map(|s| s.chat.conversation).collect();
    app.chats.know(&place, &ids);
    let waiting = chats.iter().filter(|s| s.chat.state(&s.conversation) == ChatState::Waiting);
    app.chats.wait(workspace, waiting.map(|s| (s.chat.conversation, serde_json::Value::Null)));
    let head = store::event::head(&mut conn).await?;
    let found = after.as_deref().map(|after| find(age.as_deref(), after).filter(|c| *c <= head));
    let hello = |cursor: Cursor, event: &str| {
        let cursor = name(age.as_deref(), cursor);
        frame(Some(event), (event == "reload").then_some(cursor.as_str()), &json!({ "cursor": cursor }).to_string())
    };
    let (mut first, last) = match found {
        None => (vec![hello(head, "hello")], head),
        Some(None) => (vec![hello(head, "reload")], head),
        Some(Some(cursor)) => match missed(&mut conn, &visiting, &ids, cursor, age.as_deref(), now).await? {
            Some((mut frames, last)) => {
                frames.insert(0, hello(cursor, "hello"));
                (frames, last)
            }
            None => (vec![hello(head, "reload")], head),
        },
    };
    if live && let Some(stay) = store::stay::get(&mut conn, workspace, visiting.visitor.id).await? {
        first.extend(stay.invited(now).map(invitation));
    }
    drop(conn);
    let frames = Frames::new(place, first, last, app.settings.streams.heart_beat);
    let mut response = Body::from_stream(frames).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies must pass it on at once.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

fn find(age: Option<&str>, name: &str) -> Option<Cursor> {
    match age {
        Some(age) => name.strip_prefix(age)?.strip_prefix('.')?.parse().ok(),
        None => name.parse().ok(),
    }
}

/// What happened in some conversations after a cursor: each message and each conversation once, as they are now. None when it is so
/// much that reading everything again is quicker.
async fn missed(
    conn: &mut Conn,
    visiting: &Visiting,
    ids: &[ConversationId],
    after: Cursor,
    age: Option<&str>,
    now: Timestamp,
) -> Result<Option<(Vec<Bytes>, Cursor)>> {
    let workspace = visiting.workspace;
    if ids.is_empty() {
        return Ok(Some((Vec::new(), after)));
    }
    let events = store::chat::events_after(conn, workspace, ids, after, MOST_BEHIND + 1).await?;
    if events.len() > MOST_BEHIND {
        return Ok(None);
    }
    let last = events.last().map_or(after, |e| e.cursor);
    let mut messages: BTreeMap<MessageId, ConversationId> = BTreeMap::new();
    let mut touched = BTreeSet::new();
    for event in &events {
        let Some(place) = event.conversation else { continue };
        if let Some(message) = shows_message(&event.kind) {
            messages.insert(message, place);
        }
        if shows_conversation(&event.kind) {
            touched.insert(place);
        }
    }
    let mut seen = BTreeMap::new();
    for id in &touched {
        if let Some(found) = store::chat::seen(conn, workspace, *id).await? {
            seen.insert(*id, found);
        }
    }
    let mut keys = store::chat::keys_of(conn, workspace, &messages.keys().copied().collect::<Vec<_>>()).await?;
    let mut items = Vec::new();
    for (id, place) in messages {
        let (Some(seen), Some(shown)) = (seen.get(&place), store::message::get(conn, &Scope::system(workspace), id).await?) else { continue };
        if let Some(message) = widget_view::message(seen, &shown, keys.remove(&id)) {
            items.push(WidgetItem::Message { conversation_id: place.to_string(), message: Box::new(message) });
        }
    }
    for found in seen.values() {
        let wait = wait_of(conn, workspace, found, now).await?;
        items.push(WidgetItem::Conversation { conversation: Box::new(widget_view::conversation(found, wait)) });
    }
    Ok(Some((frames(&items, &name(age, last)), last)))
}

/// Items as frames; the last one carries the cursor, so that a break among them begins before all of them.
pub fn frames(items: &[WidgetItem], cursor: &str) -> Vec<Bytes> {
    let last = items.len().saturating_sub(1);
    let one = |(at, item): (usize, &WidgetItem)| {
        let data = serde_json::to_string(item).map_err(|e| Problem::internal(&e)).unwrap_or_default();
        frame(None, (at == last).then_some(cursor), &data)
    };
    items.iter().enumerate().map(one).collect()
}
