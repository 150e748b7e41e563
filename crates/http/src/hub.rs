//! The hub of the streams: one task per node follows the log and tells every open stream, in the order of the log.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::event::Cursor;
use model::{Actor, AgentId, ConversationId, Event, InboxId, Scope, WorkspaceId};
use store::conversation::Listed;
use store::message::Shown;
use store::{Dialect, Store};
use tokio::sync::{OnceCell, broadcast};
use tokio::time::Instant;

/// How many events a slow stream may fall behind before it reads them from the log instead.
const BUFFER: usize = 1024;
/// How long somebody counts as looking at a conversation after the last sign.
const PRESENCE: Duration = Duration::from_secs(45);

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

/// Somebody looks at a conversation, types, or has gone. Never stored.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Presence {
    pub workspace: WorkspaceId,
    pub inbox: InboxId,
    pub conversation: ConversationId,
    pub agent: AgentId,
    pub name: String,
    pub state: &'static str,
}

/// What streams hear.
#[derive(Clone)]
pub enum Signal {
    /// An event of the log.
    Event(Arc<Entry>),
    /// A sign of life, on this node only.
    Presence(Arc<Presence>),
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
    /// Hears everything from now on. The first listener starts the task that follows the log, so nothing that is committed
    /// after this returns is missed.
    pub async fn listen(self: &Arc<Self>, store: &Store) -> Result<broadcast::Receiver<Signal>, store::Error> {
        let receiver = self.signals.subscribe();
        self.started
            .get_or_try_init(|| async {
                let head = store::event::head(&mut store.read().await?).await?;
                tokio::spawn(follow(Arc::downgrade(self), store.clone(), head));
                Ok::<_, store::Error>(())
            })
            .await?;
        Ok(receiver)
    }

    /// Tells the others in a conversation what somebody does there.
    pub fn tell(&self, presence: Presence) {
        let presence = Arc::new(presence);
        let key = (presence.agent, presence.conversation);
        self.present().insert(key, (Instant::now(), presence.clone()));
        let _ = self.signals.send(Signal::Presence(presence));
    }

    fn present(&self) -> std::sync::MutexGuard<'_, Present> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says goodbye for those who gave no sign for a while.
    fn sweep(&self) {
        let gone: Vec<_> = self.present().extract_if(|_, (at, _)| at.elapsed() > PRESENCE).collect();
        for (_, (_, presence)) in gone {
            let _ = self.signals.send(Signal::Presence(Arc::new(Presence { state: "left", ..(*presence).clone() })));
        }
    }
}

/// Follows the log until the hub is gone. Woken by commits; polls beside it, for other nodes and for events that had to wait
/// for an older transaction (PostgreSQL).
async fn follow(hub: std::sync::Weak<Hub>, store: Store, mut cursor: Cursor) {
    let mut woken = store.watch_events();
    let poll = match store.dialect() {
        Dialect::Sqlite => Duration::from_secs(1),
        Dialect::Postgres => Duration::from_millis(250),
    };
    let mut pause = poll;
    loop {
        tokio::select! {
            _ = woken.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
        let Some(hub) = hub.upgrade() else { return };
        hub.sweep();
        let from = cursor;
        match catch_up(&hub, &store, &mut cursor).await {
            // Held back by a transaction that mostly ends within a moment.
            Ok(true) if pause == poll || cursor != from => pause = Duration::from_millis(1),
            Ok(true) => pause = (pause * 2).min(poll / 2),
            Ok(false) => pause = poll,
            Err(error) => {
                tracing::warn!(%error, "the event log could not be read; next try in 1 s");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Tells what is new; whether there is more that is held back.
async fn catch_up(hub: &Hub, store: &Store, cursor: &mut Cursor) -> Result<bool, store::Error> {
    loop {
        let (events, held) = store::event::follow(&mut store.read().await?, *cursor, 500).await?;
        let more = events.len() == 500;
        for event in events {
            *cursor = event.cursor;
            let _ = hub.signals.send(Signal::Event(Arc::new(Entry::new(event))));
        }
        if !more {
            return Ok(held);
        }
    }
}
