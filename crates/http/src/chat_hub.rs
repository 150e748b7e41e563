//! The hub of the visitors' streams. There may be very many of them, and each hears of few conversations: so no event goes to all. One
//! task for each node follows the log, looks up who has a conversation open, and only then reads what the event is about, once.

mod follow;
mod frames;
mod moved;
mod there;
mod told;

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;
use model::event::Cursor;
use model::{AgentId, ConversationId, CustomerId, InboxId, VisitorId, WorkspaceId};
use tokio::sync::{OnceCell, mpsc};

pub use follow::{shows_conversation, shows_message};
pub use frames::{Frames, frame};
pub use moved::invitation;
use there::{left, note_there, tell_online};

use crate::app::App;
use crate::problem::{Problem, Result};

/// Frames that wait for a reader. One that is slower is cut off, and comes back to read from the log what it missed.
const FRAMES: usize = 32;
/// What so many events are about is read side by side; it goes out in the order of the log.
const AT_ONCE: usize = 16;
/// So many times as many streams of one address are open to visitors who have written.
const TALKERS: usize = 10;
/// Who counts as there for longer than this need not be noted anew: after a restart, everybody comes back at once.
const ENOUGH: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

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
    /// It has written: it is let in where those who only look are too many.
    pub talks: bool,
    /// Its address.
    pub ip: IpAddr,
    /// What is kept of its token.
    pub token_hash: String,
    /// It is on the site, and agreed that we know: it counts as there even without a conversation.
    pub live: bool,
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
    /// Sites on which somebody moved since agents were told.
    moved: moved::Moved,
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
        if !others && (gone.who.live || !gone.conversations.is_empty()) {
            runtime.spawn(left(self.hub.clone(), self.app.clone(), gone.who, gone.conversations));
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
                tokio::spawn(follow::show(Arc::downgrade(self), rendered));
                tokio::spawn(follow::follow(Arc::downgrade(self), app.clone(), signals, work));
                tokio::spawn(there::tick(Arc::downgrade(self), app.clone()));
                tokio::spawn(told::tell(Arc::downgrade(self), app.clone()));
                tokio::spawn(moved::tell(Arc::downgrade(self), app.clone()));
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
        let of_ip = if who.talks { of_ip.saturating_mul(TALKERS) } else { of_ip };
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
        let first = first.map(|s| (s.who.workspace, s.who.inbox, s.who.visitor, s.who.live));
        let is_first = first.is_some_and(|(_, _, v, _)| index.by_visitor.get(&v).map_or(0, Vec::len) == 1);
        drop(index);
        if let Some((workspace, inbox, visitor, live)) = first.filter(|f| is_first && (f.3 || !conversations.is_empty())) {
            let (app, conversations) = (place.app.clone(), conversations.to_vec());
            tokio::spawn(async move {
                note_there(&app, workspace, &[visitor]).await;
                if live {
                    app.chats.moved(workspace, inbox, visitor);
                }
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
