//! The hub of the streams: one task per node follows the log and tells every open stream, in the order of the log.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use model::chat::VisitorSign;
use model::event::Cursor;
use model::{Actor, AgentId, ConversationId, Event, Presence, PresenceState, Scope};
use store::Store;
use store::conversation::Listed;
use store::message::Shown;
use tokio::sync::{OnceCell, broadcast};
use tokio::time::Instant;

/// How many events a slow stream may fall behind before it reads them from the log instead.
const BUFFER: usize = 1024;
/// How many events are read at once.
pub const PIECE: usize = 500;
/// How long somebody counts as looking at a conversation after the last sign.
const PRESENCE: Duration = Duration::from_secs(45);
/// The same sign again within this time is not told again.
const REPEATED: Duration = Duration::from_secs(1);

/// One event on its way to the streams. What it is about is read once, by the first stream that shows it.
pub struct Entry {
    /// The event.
    pub event: Event,
    payload: OnceCell<Payload>,
}

/// What an event is about, as it was when the first stream showed it.
pub struct Payload {
    /// Its conversation.
    pub conversation: Option<Listed>,
    /// Its message.
    pub message: Option<Shown>,
    /// Names of those who acted.
    pub names: HashMap<Actor, String>,
}

impl Entry {
    /// An event that nobody has shown yet.
    pub fn new(event: Event) -> Self {
        Self { event, payload: OnceCell::new() }
    }

    /// What it is about. Not limited to anybody's sight: the caller looks at the inbox before showing it.
    pub async fn payload(&self, store: &Store) -> Result<&Payload, store::Error> {
        let load = || async {
            let mut conn = store.read().await?;
            let scope = Scope::system(self.event.workspace);
            let names = store::event::actor_names(&mut conn, scope.workspace, [self.event.actor]).await?;
            let conversation = match self.event.conversation {
                Some(id) => store::conversation::listed_by_id(&mut conn, &scope, id).await?,
                None => None,
            };
            let message = match self.event.kind.message() {
                Some(id) => store::message::get(&mut conn, &scope, id).await?,
                None => None,
            };
            Ok(Payload { conversation, message, names })
        };
        self.payload.get_or_try_init(load).await
    }
}

/// What streams hear.
#[derive(Clone)]
pub enum Signal {
    /// An event of the log.
    Event(Arc<Entry>),
    /// A sign of life, on this node or another.
    Presence(Arc<Presence>),
    /// What a customer does in the widget, on this node or another.
    Visitor(Arc<VisitorSign>),
}

/// Who gave a sign of life where, and when.
type Present = HashMap<(AgentId, ConversationId), (Instant, Arc<Presence>)>;

/// The hub. One for each node.
pub struct Hub {
    signals: broadcast::Sender<Signal>,
    started: OnceCell<()>,
    present: Mutex<Present>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { signals: broadcast::Sender::new(BUFFER), started: OnceCell::new(), present: Mutex::new(HashMap::new()) }
    }
}

impl Hub {
    /// Hears everything from now on. The first listener starts the tasks that follow the log and the people, so nothing that
    /// is committed after this returns is missed.
    pub async fn listen(self: &Arc<Self>, store: &Store) -> Result<broadcast::Receiver<Signal>, store::Error> {
        let receiver = self.signals.subscribe();
        self.started
            .get_or_try_init(|| async {
                let head = store::event::head(&mut store.read().await?).await?;
                tokio::spawn(follow(Arc::downgrade(self), store.clone(), head));
                tokio::spawn(follow_people(Arc::downgrade(self), store.watch_presence()));
                tokio::spawn(follow_visitors(Arc::downgrade(self), store.watch_visitors()));
                Ok::<_, store::Error>(())
            })
            .await?;
        Ok(receiver)
    }

    /// Tells the others in a conversation, on every node, what somebody does there.
    pub fn tell(&self, store: &Store, presence: Presence) {
        let told = self.present().get(&(presence.agent, presence.conversation)).cloned();
        if told.is_none_or(|(at, last)| last.state != presence.state || at.elapsed() > REPEATED) {
            store.tell_presence(presence);
        }
    }

    fn present(&self) -> std::sync::MutexGuard<'_, Present> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard(&self, presence: Arc<Presence>) {
        let key = (presence.agent, presence.conversation);
        self.present().insert(key, (Instant::now(), presence.clone()));
        let _ = self.signals.send(Signal::Presence(presence));
    }

    /// Says goodbye for those who gave no sign for a while. Each node does so for itself: theirs may be gone.
    fn sweep(&self) {
        let gone: Vec<_> = self.present().extract_if(|_, (at, _)| at.elapsed() > PRESENCE).collect();
        for (_, (_, presence)) in gone {
            let _ = self.signals.send(Signal::Presence(Arc::new(Presence { state: PresenceState::Left, ..(*presence).clone() })));
        }
    }
}

/// Follows who is where until the hub is gone.
async fn follow_people(hub: Weak<Hub>, mut people: broadcast::Receiver<Arc<Presence>>) {
    let mut sweep = tokio::time::interval(Duration::from_secs(1));
    loop {
        let heard = tokio::select! {
            heard = people.recv() => Some(heard),
            _ = sweep.tick() => None,
        };
        let Some(hub) = hub.upgrade() else { return };
        match heard {
            Some(Ok(presence)) => hub.heard(presence),
            // Signs are repeated: a lost one comes again.
            Some(Err(broadcast::error::RecvError::Lagged(_))) => {}
            Some(Err(broadcast::error::RecvError::Closed)) => return,
            None => hub.sweep(),
        }
    }
}

/// Follows what customers do in the widget until the hub is gone.
async fn follow_visitors(hub: Weak<Hub>, mut signs: broadcast::Receiver<Arc<VisitorSign>>) {
    loop {
        let heard = signs.recv().await;
        let Some(hub) = hub.upgrade() else { return };
        match heard {
            Ok(sign) => drop(hub.signals.send(Signal::Visitor(sign))),
            // Signs are repeated: a lost one comes again.
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// How long to wait for an older transaction, at first and at most (PostgreSQL).
const HELD: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(100));
/// Without a word, the log is looked at this often.
const POLL: Duration = Duration::from_secs(1);

/// Follows the log until the hub is gone. Woken by commits on this node or (NOTIFY) another; a slow poll is the safety net.
/// Where events are held back by an older transaction, nobody says when it ends, so it looks again soon.
async fn follow(hub: Weak<Hub>, store: Store, mut cursor: Cursor) {
    let mut woken = store.watch_events();
    let mut wait = POLL;
    loop {
        tokio::select! {
            _ = woken.changed() => {}
            () = tokio::time::sleep(wait) => {}
        }
        let Some(hub) = hub.upgrade() else { return };
        let before = cursor;
        match catch_up(&hub, &store, &mut cursor).await {
            Ok(false) => wait = POLL,
            Ok(true) if wait == POLL || cursor != before => wait = HELD.0,
            Ok(true) => wait = (wait * 2).min(HELD.1),
            Err(error) => {
                tracing::warn!(%error, "the event log could not be read; next try in 1 s");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Tells everything that may be told; whether more is held back.
async fn catch_up(hub: &Hub, store: &Store, cursor: &mut Cursor) -> Result<bool, store::Error> {
    loop {
        let piece = store::event::after(&mut store.read().await?, *cursor, PIECE).await?;
        let more = piece.events.len() == PIECE;
        for event in piece.events {
            *cursor = event.cursor;
            let _ = hub.signals.send(Signal::Event(Arc::new(Entry::new(event))));
        }
        if !more {
            return Ok(piece.held);
        }
    }
}
