//! The hub of the visitors' streams. There may be very many of them, and each hears of few conversations: so no event goes to all. One
//! task for each node follows the log, looks up who has a conversation open, and only then reads what the event is about, once.

mod told;

use std::collections::{HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use model::chat::{ChatState, VisitorDoes, VisitorSign};
use model::event::Cursor;
use model::{Actor, AgentId, ConversationId, CustomerId, EventKind, InboxId, MessageId, Presence, PresenceState, VisitorId, WorkspaceId};
use serde_json::json;
use tokio::sync::{OnceCell, broadcast, mpsc};
use tokio::time::{Interval, MissedTickBehavior};

use crate::api::v1::stream::name;
use crate::api::v1::widget_stream::{WidgetItem, frames};
use crate::api::v1::{widget_view, widget_visitor};
use crate::app::App;
use crate::hub::{Entry, Signal};
use crate::problem::{Problem, Result};

/// Frames that wait for a reader. One that is slower is cut off, and comes back to read from the log what it missed.
const FRAMES: usize = 32;
/// What so many events are about is read side by side; it goes out in the order of the log.
const AT_ONCE: usize = 16;
/// How often is told who is there, and looked whether tokens are still good.
const TICK: Duration = Duration::from_secs(45);
/// For how long a visitor counts as there without another tick.
const THERE: jiff::SignedDuration = jiff::SignedDuration::from_secs(180);
/// Who counts as there for longer than this need not be noted anew: after a restart, everybody comes back at once.
const ENOUGH: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);
/// A page that is loaded again is away for less than this.
const RELOAD: Duration = Duration::from_secs(5);

/// Who follows a stream.
pub struct Who {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Whose widget.
    pub inbox: InboxId,
    /// The visitor.
    pub visitor: VisitorId,
    /// The customer that the site has proven it to be: then it sees in one browser what it began in another.
    pub person: Option<CustomerId>,
    /// Its address.
    pub ip: IpAddr,
    /// What is kept of its token.
    pub token_hash: String,
    /// Until when it counts as there already.
    pub there_until: Option<model::Timestamp>,
}

/// What goes to one stream.
enum Piece {
    /// Frames of an event.
    Of(Cursor, Bytes),
    /// A sign that is not kept.
    Sign(Bytes),
    /// The token is no longer good: the last one.
    Expired,
}

struct Stream {
    who: Who,
    conversations: Vec<ConversationId>,
    out: mpsc::Sender<Piece>,
}

#[derive(Default)]
struct Index {
    next: u64,
    streams: HashMap<u64, Stream>,
    by_visitor: HashMap<VisitorId, Vec<u64>>,
    by_person: HashMap<CustomerId, Vec<u64>>,
    by_conversation: HashMap<ConversationId, Vec<u64>>,
    by_ip: HashMap<IpAddr, usize>,
    /// How long the customers of conversations wait, as they were told.
    waits: HashMap<ConversationId, (WorkspaceId, serde_json::Value)>,
    /// Who is there, as the widgets of an inbox were told.
    teams: HashMap<(WorkspaceId, InboxId), serde_json::Value>,
    /// Agents who type, as the customers were told.
    typing: HashSet<(ConversationId, AgentId)>,
}

/// The hub. One for each node.
#[derive(Default)]
pub struct ChatHub {
    index: Mutex<Index>,
    started: OnceCell<()>,
}

fn take_out<K: std::hash::Hash + Eq>(map: &mut HashMap<K, Vec<u64>>, key: &K, id: u64) {
    if let Some(list) = map.get_mut(key) {
        list.retain(|i| *i != id);
        if list.is_empty() {
            map.remove(key);
        }
    }
}

impl Index {
    fn add(&mut self, id: u64, conversation: ConversationId) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        if !stream.conversations.contains(&conversation) {
            stream.conversations.push(conversation);
            self.by_conversation.entry(conversation).or_default().push(id);
        }
    }

    fn remove(&mut self, id: u64) -> Option<Stream> {
        let stream = self.streams.remove(&id)?;
        take_out(&mut self.by_visitor, &stream.who.visitor, id);
        if let Some(person) = &stream.who.person {
            take_out(&mut self.by_person, person, id);
        }
        for conversation in &stream.conversations {
            take_out(&mut self.by_conversation, conversation, id);
        }
        if let Some(n) = self.by_ip.get_mut(&stream.who.ip) {
            *n -= 1;
            if *n == 0 {
                self.by_ip.remove(&stream.who.ip);
            }
        }
        Some(stream)
    }

    /// Hands a piece to each stream of a conversation. Who is too slow is cut off.
    fn send(&mut self, conversation: ConversationId, piece: impl Fn() -> Piece) {
        let ids = self.by_conversation.get(&conversation).cloned().unwrap_or_default();
        for id in ids {
            let full = self.streams.get(&id).is_some_and(|s| s.out.try_send(piece()).is_err());
            if full {
                self.remove(id);
            }
        }
    }
}

/// A stream's place in the hub. Dropped, the stream is over.
pub struct Place {
    hub: Weak<ChatHub>,
    app: App,
    id: u64,
    pieces: mpsc::Receiver<Piece>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(hub) = self.hub.upgrade() else { return };
        let (gone, others) = {
            let mut index = hub.index();
            let Some(gone) = index.remove(self.id) else { return };
            let others = index.by_visitor.contains_key(&gone.who.visitor);
            (gone, others)
        };
        // At the very end of the process there is nobody to do it.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if !others && !gone.conversations.is_empty() {
            runtime.spawn(left(self.hub.clone(), self.app.clone(), gone.who, gone.conversations));
        }
    }
}

/// A visitor's last stream here was closed: unless it comes back at once, it is away.
async fn left(hub: Weak<ChatHub>, app: App, who: Who, conversations: Vec<ConversationId>) {
    tokio::time::sleep(RELOAD).await;
    let Some(hub) = hub.upgrade() else { return };
    if hub.index().by_visitor.contains_key(&who.visitor) {
        return;
    }
    let written = async {
        let mut tx = app.begin().await?;
        store::visitor::disconnected(&mut tx, who.workspace, who.visitor).await?;
        tx.commit().await
    };
    if let Err(error) = written.await {
        tracing::debug!(%error, "it was not noted that a visitor left");
    }
    tell_online(&app, who.workspace, who.visitor, &conversations, false).await;
}

/// Tells agents that a customer has the widget open, or no longer, in their newest conversations.
async fn tell_online(app: &App, workspace: WorkspaceId, visitor: VisitorId, conversations: &[ConversationId], online: bool) {
    let Ok(mut conn) = app.read().await else { return };
    for id in conversations.iter().take(5) {
        if let Ok(Some(inbox)) = store::participant::inbox_of(&mut conn, workspace, *id).await {
            app.desk.store.tell_visitor(VisitorSign { workspace, inbox, conversation: *id, visitor, what: VisitorDoes::Online { online } });
        }
    }
}

impl ChatHub {
    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts to follow the log, the first time.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn start(self: &Arc<Self>, app: &App) -> Result<(), store::Error> {
        self.started
            .get_or_try_init(|| async {
                let signals = app.hub.listen(&app.desk.store).await?;
                let (work, rendered) = mpsc::channel(AT_ONCE);
                tokio::spawn(show(Arc::downgrade(self), rendered));
                tokio::spawn(follow(Arc::downgrade(self), app.clone(), signals, work));
                tokio::spawn(tick(Arc::downgrade(self), app.clone()));
                tokio::spawn(told::tell(Arc::downgrade(self), app.clone()));
                Ok::<_, store::Error>(())
            })
            .await
            .copied()
    }

    /// Takes a stream in.
    ///
    /// # Errors
    /// 429 when the visitor or its address has too many.
    pub fn register(self: &Arc<Self>, app: &App, who: Who) -> Result<Place> {
        let (of_visitor, of_ip) = app.settings.chat.streams;
        let (out, pieces) = mpsc::channel(FRAMES);
        let mut index = self.index();
        let open = index.by_visitor.get(&who.visitor).map_or(0, Vec::len);
        if open >= of_visitor || index.by_ip.get(&who.ip).copied().unwrap_or_default() >= of_ip {
            return Err(Problem::slow_down(30, "This chat is open in very many places. Close some of them."));
        }
        let id = index.next;
        index.next += 1;
        index.by_visitor.entry(who.visitor).or_default().push(id);
        if let Some(person) = who.person {
            index.by_person.entry(person).or_default().push(id);
        }
        *index.by_ip.entry(who.ip).or_default() += 1;
        index.streams.insert(id, Stream { who, conversations: Vec::new(), out });
        Ok(Place { hub: Arc::downgrade(self), app: app.clone(), id, pieces })
    }

    /// These conversations show in a stream.
    pub fn know(&self, place: &Place, conversations: &[ConversationId]) {
        let mut index = self.index();
        for id in conversations {
            index.add(place.id, *id);
        }
        let enough = place.app.now() + ENOUGH;
        let first = index.streams.get(&place.id).filter(|s| s.who.there_until.is_none_or(|until| until < enough));
        let first = first.map(|s| (s.who.workspace, s.who.visitor));
        let is_first = first.is_some_and(|(_, v)| index.by_visitor.get(&v).map_or(0, Vec::len) == 1);
        drop(index);
        if let Some((workspace, visitor)) = first.filter(|_| is_first && !conversations.is_empty()) {
            let (app, conversations) = (place.app.clone(), conversations.to_vec());
            tokio::spawn(async move {
                note_there(&app, workspace, &[visitor]).await;
                tell_online(&app, workspace, visitor, &conversations, true).await;
            });
        }
    }

    /// The token of a visitor is no longer good: its streams here end. Other nodes see it at their next tick.
    pub fn expire(&self, visitor: VisitorId) {
        let mut index = self.index();
        for id in index.by_visitor.get(&visitor).cloned().unwrap_or_default() {
            if let Some(stream) = index.remove(id) {
                let _ = stream.out.try_send(Piece::Expired);
            }
        }
    }

    /// The customers of these wait: a stream tells them when that changes.
    pub fn wait(&self, workspace: WorkspaceId, waiting: impl IntoIterator<Item = (ConversationId, serde_json::Value)>) {
        let mut index = self.index();
        for (id, wait) in waiting {
            index.waits.entry(id).or_insert((workspace, wait));
        }
    }

    /// Tells at once what is else told every few seconds: waits, and who is there.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tell_now(&self, app: &App) -> Result<(), store::Error> {
        told::waits(self, app).await?;
        told::teams(self, app).await
    }

    /// How many streams are open here.
    pub fn open(&self) -> usize {
        self.index().streams.len()
    }
}

async fn note_there(app: &App, workspace: WorkspaceId, visitors: &[VisitorId]) {
    let written = async {
        let mut tx = app.begin().await?;
        let until = tx.now() + THERE;
        store::visitor::connected(&mut tx, workspace, visitors, until).await?;
        tx.commit().await
    };
    if let Err(error) = written.await {
        tracing::debug!(%error, "it was not noted that visitors are there");
    }
}

/// Says now and then who is there, and lets go of those whose token is no longer good.
async fn tick(hub: Weak<ChatHub>, app: App) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let Some(hub) = hub.upgrade() else { return };
        let mut open: HashMap<WorkspaceId, HashMap<VisitorId, (bool, Vec<String>)>> = HashMap::new();
        for stream in hub.index().streams.values() {
            let seen = open.entry(stream.who.workspace).or_default().entry(stream.who.visitor).or_default();
            seen.0 |= !stream.conversations.is_empty();
            seen.1.push(stream.who.token_hash.clone());
        }
        for (workspace, visitors) in open {
            let wrote: Vec<VisitorId> = visitors.iter().filter(|(_, (wrote, _))| *wrote).map(|(id, _)| *id).collect();
            for some in wrote.chunks(500) {
                note_there(&app, workspace, some).await;
            }
            let all: Vec<VisitorId> = visitors.keys().copied().collect();
            for some in all.chunks(500) {
                let Ok(mut conn) = app.read().await else { continue };
                let Ok(good) = store::visitor::tokens(&mut conn, workspace, some, app.now()).await else { continue };
                let good: HashMap<VisitorId, String> = good.into_iter().collect();
                for id in some {
                    if visitors[id].1.iter().any(|hash| good.get(id) != Some(hash)) {
                        hub.expire(*id);
                    }
                }
            }
        }
    }
}

/// The message that an event shows, should the visitor see it.
pub fn shows_message(kind: &EventKind) -> Option<MessageId> {
    match kind {
        EventKind::MessageReceived { message }
        | EventKind::MessageReplied { message }
        | EventKind::MessageRedacted { message, .. }
        | EventKind::MessageDeliveryChanged { message, .. } => Some(*message),
        _ => None,
    }
}

/// Whether a conversation looks different to its visitor after an event.
pub fn shows_conversation(kind: &EventKind) -> bool {
    shows_message(kind).is_some()
        || matches!(
            kind,
            EventKind::ChatStarted { .. }
                | EventKind::ChatSeen { .. }
                | EventKind::ChatUpdated { .. }
                | EventKind::ChatEnded { .. }
                | EventKind::ChatCallbackRequested { .. }
                | EventKind::ChatCalled {}
                | EventKind::ConversationAssigned { .. }
                | EventKind::ConversationStatusChanged { .. }
        )
}

/// An event, its conversation, and what will show of it.
type Rendering = (Arc<Entry>, ConversationId, tokio::task::JoinHandle<Result<Option<Rendered>, store::Error>>);

/// The frames of an event, and how long the customer waits, while they do.
type Rendered = (Bytes, Option<serde_json::Value>);

/// Follows the log and the agents until the hub is gone.
async fn follow(hub: Weak<ChatHub>, app: App, mut signals: broadcast::Receiver<Signal>, work: mpsc::Sender<Rendering>) {
    loop {
        let signal = signals.recv().await;
        let Some(hub) = hub.upgrade() else { return };
        match signal {
            Ok(Signal::Event(entry)) => {
                let event = &entry.event;
                let Some(conversation) = event.conversation else { continue };
                if !shows_conversation(&event.kind) {
                    continue;
                }
                if let EventKind::ChatStarted { visitor } = event.kind {
                    hub.started_chat(&app, event.workspace, visitor, event.actor, conversation);
                }
                if hub.index().by_conversation.contains_key(&conversation) {
                    let (app, of) = (app.clone(), entry.clone());
                    let rendering = tokio::spawn(async move { render(&app, &of, conversation).await });
                    if work.send((entry, conversation, rendering)).await.is_err() {
                        return;
                    }
                }
            }
            Ok(Signal::Presence(presence)) => hub.show_typing(&presence),
            Ok(Signal::Visitor(_)) => {}
            // Whoever is open here may have missed something: they come back and read it from the log.
            Err(broadcast::error::RecvError::Lagged(_)) => hub.index().cut_all(),
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

impl Index {
    fn cut_all(&mut self) {
        let ids: Vec<u64> = self.streams.keys().copied().collect();
        for id in ids {
            self.remove(id);
        }
    }
}

impl ChatHub {
    /// A conversation began: the streams of its browser, and of the same person elsewhere, follow it from now on.
    fn started_chat(&self, app: &App, workspace: WorkspaceId, visitor: VisitorId, by: Actor, conversation: ConversationId) {
        let mut index = self.index();
        let mut ids = index.by_visitor.get(&visitor).cloned().unwrap_or_default();
        if let Actor::Customer(customer) = by {
            ids.extend(index.by_person.get(&customer).into_iter().flatten());
        }
        for id in &ids {
            index.add(*id, conversation);
        }
        let here = index.by_visitor.contains_key(&visitor);
        drop(index);
        if here {
            let app = app.clone();
            tokio::spawn(async move { note_there(&app, workspace, &[visitor]).await });
        }
    }

    /// An agent types, or does so no longer.
    fn show_typing(&self, p: &Presence) {
        let mut index = self.index();
        if !index.by_conversation.contains_key(&p.conversation) {
            index.typing.remove(&(p.conversation, p.agent));
            return;
        }
        let types = p.state == PresenceState::Typing && !p.internal;
        let changed = if types {
            index.typing.insert((p.conversation, p.agent));
            true
        } else {
            index.typing.remove(&(p.conversation, p.agent))
        };
        if changed {
            let name = model::visitor::given_name(&p.name);
            let data = json!({ "conversation_id": p.conversation, "name": name, "typing": types }).to_string();
            let piece = frame(Some("typing"), None, &data);
            index.send(p.conversation, || Piece::Sign(piece.clone()));
        }
    }
}

/// Hands what events show to the streams, in the order of the log.
async fn show(hub: Weak<ChatHub>, mut rendered: mpsc::Receiver<Rendering>) {
    while let Some((entry, conversation, rendering)) = rendered.recv().await {
        let Some(hub) = hub.upgrade() else { return };
        let event = &entry.event;
        match rendering.await.unwrap_or_else(|e| Err(store::Error::Other(e.to_string()))) {
            Ok(Some((bytes, wait))) => {
                let mut index = hub.index();
                if let (EventKind::MessageReplied { .. }, Actor::Agent(agent)) = (&event.kind, event.actor) {
                    index.typing.remove(&(conversation, agent));
                }
                index.send(conversation, || Piece::Of(event.cursor, bytes.clone()));
                match wait {
                    Some(wait) => drop(index.waits.insert(conversation, (event.workspace, wait))),
                    None => drop(index.waits.remove(&conversation)),
                }
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "visitors' streams are cut: what happened could not be read");
                let mut index = hub.index();
                for id in index.by_conversation.get(&conversation).cloned().unwrap_or_default() {
                    index.remove(id);
                }
            }
        }
    }
}

/// An event as frames, as any visitor of its conversation sees it.
async fn render(app: &App, entry: &Entry, conversation: ConversationId) -> Result<Option<Rendered>, store::Error> {
    let event = &entry.event;
    let mut conn = app.read().await?;
    let Some(seen) = store::chat::seen(&mut conn, event.workspace, conversation).await? else { return Ok(None) };
    let mut items = Vec::new();
    if let Some(id) = shows_message(&event.kind) {
        let key = store::chat::keys_of(&mut conn, event.workspace, &[id]).await?.remove(&id);
        drop(conn);
        let payload = entry.payload(&app.desk.store).await?;
        if let Some(message) = payload.message.as_ref().and_then(|shown| widget_view::message(&seen, shown, key)) {
            items.push(WidgetItem::Message { conversation_id: conversation.to_string(), message: Box::new(message) });
        }
        conn = app.read().await?;
    }
    let wait = widget_visitor::wait_of(&mut conn, event.workspace, &seen, app.now()).await?;
    let age = store::upkeep::fact(&mut conn, store::upkeep::RESTORED).await?;
    let waits = seen.chat.state(&seen.conversation) == ChatState::Waiting;
    let told = waits.then(|| serde_json::to_value(&wait).unwrap_or_default());
    items.push(WidgetItem::Conversation { conversation: Box::new(widget_view::conversation(&seen, wait)) });
    Ok(Some((frames(&items, &name(age.as_deref(), event.cursor)).concat().into(), told)))
}

/// A frame of server-sent events. JSON has no line breaks of its own.
pub fn frame(event: Option<&str>, id: Option<&str>, data: &str) -> Bytes {
    let mut out = String::with_capacity(data.len() + 64);
    if let Some(event) = event {
        out.push_str("event: ");
        out.push_str(event);
        out.push('\n');
    }
    if let Some(id) = id {
        out.push_str("id: ");
        out.push_str(id);
        out.push('\n');
    }
    out.push_str("data: ");
    out.push_str(data);
    out.push_str("\n\n");
    out.into()
}

/// The body of a visitor's stream: what was missed, then what happens, and a sign of life in between.
pub struct Frames {
    first: VecDeque<Bytes>,
    /// Everything up to here was shown.
    last: Cursor,
    place: Option<Place>,
    beat: Interval,
}

impl Frames {
    /// A body that begins with some frames and goes on after a cursor.
    pub fn new(place: Place, first: Vec<Bytes>, last: Cursor, heart_beat: Duration) -> Self {
        let mut beat = tokio::time::interval_at(tokio::time::Instant::now() + heart_beat, heart_beat);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { first: first.into(), last, place: Some(place), beat }
    }
}

impl tokio_stream::Stream for Frames {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(first) = this.first.pop_front() {
            return Poll::Ready(Some(Ok(first)));
        }
        loop {
            let Some(place) = &mut this.place else { return Poll::Ready(None) };
            match place.pieces.poll_recv(cx) {
                // What was read from the log already.
                Poll::Ready(Some(Piece::Of(cursor, _))) if cursor <= this.last => {}
                Poll::Ready(Some(Piece::Of(cursor, bytes))) => {
                    this.last = cursor;
                    return Poll::Ready(Some(Ok(bytes)));
                }
                Poll::Ready(Some(Piece::Sign(bytes))) => return Poll::Ready(Some(Ok(bytes))),
                Poll::Ready(Some(Piece::Expired)) => {
                    this.place = None;
                    return Poll::Ready(Some(Ok(frame(Some("expired"), None, "{}"))));
                }
                Poll::Ready(None) => {
                    this.place = None;
                    return Poll::Ready(None);
                }
                Poll::Pending => break,
            }
        }
        match this.beat.poll_tick(cx) {
            Poll::Ready(_) => Poll::Ready(Some(Ok(Bytes::from_static(b":\n\n")))),
            Poll::Pending => Poll::Pending,
        }
    }
}
