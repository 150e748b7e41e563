//! Server-sent events: what happens, as it happens, without a gap after a break.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event as Frame, Sse};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use model::chat::{VisitorDoes, VisitorSign};
use model::event::Cursor;
use model::{Actor, Event, EventKind, Permission, Presence};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Conn;
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_stream::wrappers::ReceiverStream;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversation::Conversation;
use super::event::{EventBody, is_visible};
use super::message::Message;
use crate::app::App;
use crate::hub::{Entry, PIECE, Signal};
use crate::json::Query;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(stream))
}

/// Events further back than this are not replayed.
const MOST_BEHIND: usize = 10_000;
/// Nor older ones.
const OLDEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Frames that wait for a reader. One that is slower still falls behind, and reads from the log what it missed.
const FRAMES: usize = 64;

/// Where to go on.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct StreamQuery {
    /// A cursor from `hello` or an event's `id`. The header `Last-Event-ID` wins.
    pub after: Option<String>,
}

/// Something that happened: the data of a frame without a name.
#[derive(Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct StreamItem {
    pub event: EventBody,
    /// How its conversation is now; null when there is none or it left the reader's sight.
    pub conversation: Option<Conversation>,
    pub message: Option<Message>,
}

/// Follows what happens in the reader's sight. Frames: `hello` (`{cursor}`), then one without a name per event, with its
/// cursor as `id` (what happened says `event.kind`); `presence`; `visitor_typing` and `visitor_online` of customers in the widget; `visitors` (`{inbox_id}`) when the list of those on a site has changed; `reload` when the given cursor is too old or unknown; `signed_out` at the end of the session.
#[utoipa::path(get, path = "/stream", tag = "events", params(StreamQuery),
    responses((status = 200, content_type = "text/event-stream", body = StreamItem), Problems))]
async fn stream(State(app): State<App>, caller: Caller, headers: HeaderMap, Query(query): Query<StreamQuery>) -> Result<Response> {
    caller.require(Permission::ConversationRead)?;
    if is_foreign(&headers, &app.desk.public_url) {
        return Err(Problem::new(
            axum::http::StatusCode::FORBIDDEN,
            "cross_site",
            "Cross-site request",
            "This request came from another site's page.",
        ));
    }
    let header = headers.get("last-event-id").and_then(|v| v.to_str().ok()).filter(|v| !v.is_empty());
    let after = header.map(str::to_owned).or(query.after).filter(|v| !v.is_empty());
    // Listening begins before the log is read: what is committed in between comes both ways and is shown once.
    let signals = app.hub.listen(&app.desk.store).await?;
    let mut conn = app.read().await?;
    let head = store::event::head(&mut conn).await?;
    let age = store::upkeep::fact(&mut conn, store::upkeep::RESTORED).await?;
    drop(conn);
    let (out, frames) = mpsc::channel(FRAMES);
    let reader = Reader { app, caller, last: head, age, out };
    tokio::spawn(reader.run(after, signals));
    let mut response = Sse::new(ReceiverStream::new(frames)).into_response();
    // Proxies must pass it on at once.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// A cursor as readers know it.
pub(crate) fn name(age: Option<&str>, cursor: Cursor) -> String {
    match age {
        Some(age) => format!("{age}.{cursor}"),
        None => cursor.to_string(),
    }
}

/// Where the log stands now: a stream that begins after it shows all that happens to what is read from now on.
pub(super) async fn place(conn: &mut Conn) -> Result<String, store::Error> {
    let head = store::event::head(conn).await?;
    let age = store::upkeep::fact(conn, store::upkeep::RESTORED).await?;
    Ok(name(age.as_deref(), head))
}

/// Whether another site's page asks with our cookie.
pub(super) fn is_foreign(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if matches!(text("sec-fetch-site"), Some("cross-site" | "same-site")) {
        return true;
    }
    let Some(origin) = text("origin") else { return false };
    let own = text("host").is_some_and(|h| origin == format!("https://{h}") || origin == format!("http://{h}"));
    origin != public_url && !own
}

/// Why a stream ends.
enum End {
    /// The reader went away, or may no longer look.
    Over,
    /// The store does not answer: the reader comes back by itself.
    Store(store::Error),
}

impl From<store::Error> for End {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// One open stream.
struct Reader {
    app: App,
    caller: Caller,
    /// Everything up to here was shown or passed over.
    last: Cursor,
    /// When this log was restored from a backup: cursors from before name other events.
    age: Option<String>,
    out: mpsc::Sender<Result<Frame, Infallible>>,
}

impl Reader {
    async fn run(mut self, after: Option<String>, signals: broadcast::Receiver<Signal>) {
        if let Err(End::Store(error)) = self.follow(after, signals).await {
            tracing::warn!(%error, "a stream ended; its reader comes back");
        }
    }

    async fn follow(&mut self, after: Option<String>, mut signals: broadcast::Receiver<Signal>) -> Result<(), End> {
        match after {
            None => self.send(Frame::default().event("hello").data(json!({ "cursor": name(self.age.as_deref(), self.last) }).to_string())).await?,
            Some(after) => self.resume(&after).await?,
        }
        self.sign();
        let settings = self.app.settings.streams;
        let mut renew = tokio::time::interval_at(Instant::now() + settings.recheck, settings.recheck);
        let mut beat = tokio::time::interval_at(Instant::now() + settings.heart_beat, settings.heart_beat);
        renew.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let out = self.out.clone();
        loop {
            tokio::select! {
                biased;
                () = out.closed() => return Err(End::Over),
                _ = renew.tick() => {
                    self.renew().await?;
                    self.sign();
                }
                _ = beat.tick() => self.send(Frame::default().comment("")).await?,
                signal = signals.recv() => match signal {
                    Ok(Signal::Event(entry)) => self.show(&entry).await?,
                    Ok(Signal::Presence(presence)) => self.show_presence(&presence).await?,
                    Ok(Signal::Visitor(sign)) => self.show_visitor(&sign).await?,
                    Err(broadcast::error::RecvError::Lagged(_)) => self.make_up().await?,
                    Err(broadcast::error::RecvError::Closed) => return Ok(()),
                },
            }
        }
    }

    /// An open stream of a browser is a sign that its agent is there. Nobody waits for it, and it may fail: the next one comes.
    fn sign(&self) {
        if self.caller.session().is_none() {
            return;
        }
        let (app, scope, agent) = (self.app.clone(), self.caller.scope.clone(), self.caller.agent.id);
        tokio::spawn(async move {
            let told: Result<(), store::Error> = async {
                if store::availability::find(&mut app.read().await?, scope.workspace, agent).await?.is_none_or(|v| !v.state.is_at_work()) {
                    return Ok(());
                }
                let mut tx = app.begin().await?;
                desk::availability::alive(&mut tx, &scope, false).await?;
                tx.commit().await
            }
            .await;
            if let Err(error) = told {
                tracing::debug!(%error, "a sign of an agent was not noted");
            }
        });
    }

    async fn send(&self, frame: Frame) -> Result<(), End> {
        match tokio::time::timeout(self.app.settings.streams.patience, self.out.send(Ok(frame))).await {
            Ok(Ok(())) => Ok(()),
            // It went away, or stopped reading.
            Ok(Err(_)) | Err(_) => Err(End::Over),
        }
    }

    /// Goes on after a cursor, or tells the reader to read everything again.
    async fn resume(&mut self, after: &str) -> Result<(), End> {
        let head = self.last;
        let Some(cursor) = self.find(after).filter(|c| *c <= head) else { return self.reload(head).await };
        self.last = cursor;
        if self.is_too_far_behind().await? {
            return self.reload(head).await;
        }
        // A first byte at once, so that the browser knows that the stream is open.
        self.send(Frame::default().comment("")).await?;
        self.make_up().await
    }

    fn find(&self, name: &str) -> Option<Cursor> {
        match &self.age {
            Some(age) => name.strip_prefix(age.as_str())?.strip_prefix('.')?.parse().ok(),
            None => name.parse().ok(),
        }
    }

    async fn is_too_far_behind(&self) -> Result<bool, End> {
        let behind = store::event::behind(&mut self.app.read().await?, self.last, MOST_BEHIND + 1).await?;
        let oldest = self.app.now() - OLDEST;
        Ok(behind.events > MOST_BEHIND || behind.since.is_some_and(|since| since < oldest))
    }

    async fn reload(&mut self, head: Cursor) -> Result<(), End> {
        self.last = head;
        let cursor = name(self.age.as_deref(), head);
        self.send(Frame::default().id(&cursor).event("reload").data(json!({ "cursor": cursor }).to_string())).await
    }

    /// Reads from the log what came too fast, a piece at a time: what a slow reader costs does not grow. When it has become so
    /// much that reading everything again is quicker, also because the reader slept over a piece, it says so instead.
    async fn make_up(&mut self) -> Result<(), End> {
        loop {
            if self.is_too_far_behind().await? {
                let head = store::event::head(&mut self.app.read().await?).await?;
                return self.reload(head).await;
            }
            let piece = store::event::after(&mut self.app.read().await?, self.last, PIECE).await?;
            let more = piece.events.len() == PIECE;
            for event in piece.events {
                self.show(&Arc::new(Entry::new(event))).await?;
            }
            if !more {
                return Ok(());
            }
        }
    }

    /// Looks again at who reads and what is in sight; says goodbye when the session or token ended.
    async fn renew(&mut self) -> Result<(), End> {
        match self.caller.renew(&self.app).await? {
            Some(caller) if caller.may(Permission::ConversationRead) => {
                self.caller = caller;
                Ok(())
            }
            _ => {
                self.send(Frame::default().event("signed_out").data("{}")).await?;
                Err(End::Over)
            }
        }
    }

    /// Whether an event may have changed who reads here, or what they see: their sessions, tokens, password, role, inboxes.
    fn concerns_us(&self, event: &Event) -> bool {
        let us = self.caller.agent.id;
        match event.kind {
            EventKind::InboxUpdated { .. } => true,
            EventKind::AgentUpdated { agent, .. } => agent == us,
            EventKind::SecurityAudited { .. } => event.actor == Actor::Agent(us),
            _ => false,
        }
    }

    async fn show(&mut self, entry: &Arc<Entry>) -> Result<(), End> {
        let event = &entry.event;
        if event.cursor <= self.last {
            return Ok(());
        }
        self.last = event.cursor;
        if event.workspace != self.caller.workspace {
            return Ok(());
        }
        if self.concerns_us(event) {
            self.renew().await?;
        }
        if matches!(event.kind, EventKind::SecurityAudited { .. }) || !is_visible(event, &self.caller.scope) {
            return Ok(());
        }
        let payload = entry.payload(&self.app.desk.store).await?;
        // It may have moved to another inbox since.
        let conversation = payload.conversation.clone().filter(|c| self.caller.inboxes.include(c.conversation.inbox));
        let message = payload.message.clone().filter(|_| conversation.is_some());
        let item = StreamItem {
            event: EventBody::new(event, &payload.names),
            conversation: conversation.map(|c| Conversation { unread: None, ..c.into() }),
            message: message.map(Into::into),
        };
        let data = serde_json::to_string(&item).unwrap_or_default();
        self.send(Frame::default().id(name(self.age.as_deref(), event.cursor)).data(data)).await
    }

    async fn show_visitor(&self, s: &VisitorSign) -> Result<(), End> {
        if s.workspace != self.caller.workspace || !self.caller.inboxes.include(s.inbox) {
            return Ok(());
        }
        let (name, data) = match &s.what {
            VisitorDoes::Typing { typing, text } => ("visitor_typing", json!({ "conversation_id": s.conversation, "typing": typing, "text": text })),
            VisitorDoes::Online { online } => ("visitor_online", json!({ "conversation_id": s.conversation, "online": online })),
            VisitorDoes::Moved {} if self.caller.may(Permission::VisitorInvite) => ("visitors", json!({ "inbox_id": s.inbox })),
            VisitorDoes::Moved {} | VisitorDoes::Invited {} | VisitorDoes::Gone {} => return Ok(()),
        };
        self.send(Frame::default().event(name).data(data.to_string())).await
    }

    async fn show_presence(&self, presence: &Presence) -> Result<(), End> {
        let p = presence;
        if p.workspace != self.caller.workspace || p.agent == self.caller.agent.id || !self.caller.inboxes.include(p.inbox) {
            return Ok(());
        }
        let data = json!({ "conversation_id": p.conversation, "agent": { "id": p.agent, "name": p.name }, "state": p.state });
        self.send(Frame::default().event("presence").data(data.to_string())).await
    }
}
