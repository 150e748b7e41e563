//! What nodes tell each other beside the tables: "there is something new", and who is where. On PostgreSQL by NOTIFY, at
//! most one for each node and 5 ms, of bounded size; on SQLite there is one node, and it tells itself.
//!
//! Nothing here has to arrive. Events and jobs stand in their tables, and whoever waits for them also polls.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::chat::{VisitorDoes, VisitorSign};
use model::{AgentId, ConversationId, InboxId, Presence, VisitorId};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::{Notify, broadcast};
use tokio::time::Instant;

use crate::Store;

/// The channel of LISTEN and NOTIFY.
const CHANNEL: &str = "sonnim";
/// The shortest time between two NOTIFYs of a node: one for each commit would halve PostgreSQL's throughput.
const EVERY: Duration = Duration::from_millis(5);
/// PostgreSQL takes payloads below 8000 bytes.
const MOST_BYTES: usize = 7_900;
/// Presences that may wait for the next NOTIFYs. Beyond these, new ones are dropped: they are repeated anyway.
const MOST_WAITING: usize = 1_000;
/// Presences that a slow listener on this node may fall behind.
const BUFFER: usize = 1_024;
/// A listener that hears nothing for this long asks whether its connection still is one.
const QUIET: Duration = Duration::from_secs(30);
/// How long it waits for the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What waits to be told.
pub(crate) struct Relay {
    woke: AtomicBool,
    due: Notify,
    presence: broadcast::Sender<Arc<Presence>>,
    visitors: broadcast::Sender<Arc<VisitorSign>>,
    /// The last state of each agent in each conversation, and of each customer in theirs: of several within 5 ms, one is told.
    waiting: Mutex<HashMap<Key, Sign>>,
}

/// Whose sign it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Agent(AgentId, ConversationId),
    /// With what it is about.
    Visitor(VisitorId, Option<ConversationId>, About),
    /// Visitors of an inbox as a whole.
    Site(InboxId),
}

/// What a visitor's sign is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum About {
    Typing,
    Online,
    Invited,
    Gone,
}

enum Sign {
    Presence(Arc<Presence>),
    Visitor(Arc<VisitorSign>),
}

/// A NOTIFY's payload.
#[derive(Serialize, Deserialize)]
struct Note<P, V> {
    /// The node's lease: nobody listens to themselves.
    from: String,
    /// Events or jobs were committed.
    woke: bool,
    #[serde(default = "Vec::new")]
    presence: Vec<P>,
    #[serde(default = "Vec::new")]
    visitors: Vec<V>,
}

impl Default for Relay {
    fn default() -> Self {
        Self {
            woke: AtomicBool::new(false),
            due: Notify::new(),
            presence: broadcast::Sender::new(BUFFER),
            visitors: broadcast::Sender::new(BUFFER),
            waiting: Mutex::default(),
        }
    }
}

impl Relay {
    /// Events or jobs were committed here.
    pub(crate) fn wake(&self) {
        self.woke.store(true, Ordering::Release);
        self.due.notify_one();
    }

    fn put(&self, presence: &Arc<Presence>) {
        self.put_sign(Key::Agent(presence.agent, presence.conversation), Sign::Presence(presence.clone()));
    }

    fn put_sign(&self, key: Key, sign: Sign) {
        let mut waiting = self.waiting();
        if waiting.len() < MOST_WAITING || waiting.contains_key(&key) {
            waiting.insert(key, sign);
        }
        drop(waiting);
        self.due.notify_one();
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Sign>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next payload, when there is anything to tell. What does not fit waits for the next.
    fn next(&self, from: &str) -> Option<String> {
        let woke = self.woke.swap(false, Ordering::AcqRel);
        let mut waiting = self.waiting();
        if !woke && waiting.is_empty() {
            return None;
        }
        // The frame around the presences is far below 100 bytes.
        let frame = from.len() + 100;
        let (mut bytes, mut presence, mut visitors) = (frame, Vec::new(), Vec::new());
        waiting.retain(|_, one| {
            let json = match one {
                Sign::Presence(one) => serde_json::value::to_raw_value(&**one),
                Sign::Visitor(one) => serde_json::value::to_raw_value(&**one),
            };
            let Ok(json) = json else { return false };
            let size = json.get().len() + 1;
            if bytes + size > MOST_BYTES {
                // One that would never fit (nobody has such a name) must not stay for ever.
                return frame + size <= MOST_BYTES;
            }
            bytes += size;
            match one {
                Sign::Presence(_) => presence.push(json),
                Sign::Visitor(_) => visitors.push(json),
            }
            false
        });
        if !waiting.is_empty() {
            self.due.notify_one();
        }
        serde_json::to_string(&Note { from: from.to_owned(), woke, presence, visitors }).ok()
    }
}

impl Store {
    /// Tells every listener of every node where somebody is. Nothing is stored, and nothing waits.
    pub fn tell_presence(&self, presence: Presence) {
        let presence = Arc::new(presence);
        if self.pool().is_some() {
            self.shared.relay.put(&presence);
        }
        // Nobody may be listening.
        let _ = self.shared.relay.presence.send(presence);
    }

    /// Hears where people are, on this node or another.
    pub fn watch_presence(&self) -> broadcast::Receiver<Arc<Presence>> {
        self.shared.relay.presence.subscribe()
    }

    /// Tells every listener of every node what a customer does in the widget. Nothing is stored, and nothing waits.
    pub fn tell_visitor(&self, sign: VisitorSign) {
        let sign = Arc::new(sign);
        if self.pool().is_some() {
            let key = match sign.what {
                VisitorDoes::Typing { .. } => Key::Visitor(sign.visitor, sign.conversation, About::Typing),
                VisitorDoes::Online { .. } => Key::Visitor(sign.visitor, sign.conversation, About::Online),
                VisitorDoes::Invited {} => Key::Visitor(sign.visitor, None, About::Invited),
                VisitorDoes::Gone {} => Key::Visitor(sign.visitor, None, About::Gone),
                VisitorDoes::Moved {} => Key::Site(sign.inbox),
            };
            self.shared.relay.put_sign(key, Sign::Visitor(sign.clone()));
        }
        // Nobody may be listening.
        let _ = self.shared.relay.visitors.send(sign);
    }

    /// Hears what customers do in the widget, on this node or another.
    pub fn watch_visitors(&self) -> broadcast::Receiver<Arc<VisitorSign>> {
        self.shared.relay.visitors.subscribe()
    }

    /// Carries wake-ups and presence between nodes. Runs until dropped.
    pub async fn relay(&self) {
        let Some(pool) = self.pool() else { return std::future::pending().await };
        tokio::join!(self.tell_others(pool), self.hear_others(pool));
    }

    async fn tell_others(&self, pool: &PgPool) {
        loop {
            self.shared.relay.due.notified().await;
            // The first is told at once; those within the next 5 ms go together.
            let next = Instant::now() + EVERY;
            self.tell_now(pool).await;
            tokio::time::sleep_until(next).await;
        }
    }

    /// Tells what waits to be told. A short command calls it before it ends.
    pub(crate) async fn tell_now(&self, pool: &PgPool) {
        let Some(note) = self.shared.relay.next(&self.shared.lease) else { return };
        // Nothing is written, so nothing has to be synced to disk.
        let told = sqlx::query("SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)").bind(CHANNEL).bind(note);
        if let Err(error) = told.execute(pool).await {
            tracing::warn!(%error, "other nodes were not woken; they poll");
        }
    }

    async fn hear_others(&self, pool: &PgPool) {
        loop {
            if let Err(error) = self.hear(pool).await {
                tracing::warn!(%error, "listening for other nodes failed; next try in 1 s");
            }
            self.shared.doubt.raise();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn hear(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        // Whatever was told while nobody listened.
        self.shared.woken_by_others();
        loop {
            match tokio::time::timeout(QUIET, listener.try_recv()).await {
                Ok(Ok(Some(note))) => self.heard(note.payload()),
                Ok(Ok(None)) => return Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted).into()),
                Ok(Err(error)) => return Err(error),
                // A connection that died without a word would stay quiet for ever.
                Err(_) => match tokio::time::timeout(PATIENCE, sqlx::query("SELECT 1").execute(&mut listener)).await {
                    Ok(answer) => {
                        answer?;
                    }
                    Err(_) => return Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
                },
            }
        }
    }

    fn heard(&self, payload: &str) {
        // Not ours: another version's, or somebody's psql.
        let Ok(note) = serde_json::from_str::<Note<Presence, VisitorSign>>(payload) else { return self.shared.woken_by_others() };
        if note.from == self.shared.lease {
            return;
        }
        if note.woke {
            self.shared.woken_by_others();
        }
        for presence in note.presence {
            let _ = self.shared.relay.presence.send(Arc::new(presence));
        }
        for sign in note.visitors {
            let _ = self.shared.relay.visitors.send(Arc::new(sign));
        }
    }
}

/// When connections to the database last broke: what has been idle since then is asked before it is used.
#[derive(Default)]
pub(crate) struct Doubt(Mutex<Option<Instant>>);

impl Doubt {
    /// A connection broke just now.
    pub(crate) fn raise(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection that has been idle for so long may be dead. A minute is doubtful by itself: firewalls forget.
    pub(crate) fn about(&self, idle_for: Duration) -> bool {
        let raised = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        idle_for > Duration::from_secs(60) || raised.is_some_and(|at| idle_for >= at.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use model::{Id, InboxId, PresenceState, WorkspaceId};

    use super::*;

    fn presence(agent: i64, state: PresenceState) -> Arc<Presence> {
        Arc::new(Presence {
            workspace: WorkspaceId::from_raw(1),
            inbox: InboxId::from_raw(2),
            conversation: ConversationId::from_raw(3),
            agent: AgentId::from_raw(agent),
            name: "Kim Minji \u{1F600}".into(),
            state,
            internal: false,
        })
    }

    #[test]
    fn of_one_agents_signs_the_last_is_told_and_once() {
        let relay = Relay::default();
        relay.put(&presence(1, PresenceState::Viewing));
        relay.put(&presence(1, PresenceState::Typing));
        let note: Note<Presence, VisitorSign> = serde_json::from_str(&relay.next("me").unwrap()).unwrap();
        assert!(!note.woke);
        assert_eq!(note.presence, [(*presence(1, PresenceState::Typing)).clone()]);
        assert_eq!(relay.next("me"), None);
    }

    #[test]
    fn many_signs_go_in_several_notes_none_larger_than_postgres_takes() {
        let relay = Relay::default();
        relay.wake();
        for agent in 0..5_000 {
            relay.put(&presence(agent, PresenceState::Viewing));
        }
        let (mut told, mut woke) = (0, 0);
        while let Some(note) = relay.next("me") {
            assert!(note.len() < 8_000, "{}", note.len());
            let note: Note<Presence, VisitorSign> = serde_json::from_str(&note).unwrap();
            told += note.presence.len();
            woke += usize::from(note.woke);
        }
        assert_eq!((told, woke), (MOST_WAITING, 1));
    }

    #[test]
    fn a_sign_that_never_fits_blocks_nobody() {
        let relay = Relay::default();
        relay.put(&Arc::new(Presence { name: "x".repeat(9_000), ..(*presence(1, PresenceState::Typing)).clone() }));
        relay.put(&presence(2, PresenceState::Typing));
        let mut told = 0;
        for _ in 0..3 {
            if let Some(note) = relay.next("me") {
                assert!(note.len() < 8_000);
                told += serde_json::from_str::<Note<Presence, VisitorSign>>(&note).unwrap().presence.len();
            }
        }
        assert_eq!((told, relay.waiting().len()), (1, 0));
    }

    #[test]
    fn after_a_break_only_connections_from_before_it_are_asked() {
        let doubt = Doubt::default();
        assert!(!doubt.about(Duration::from_secs(5)) && doubt.about(Duration::from_secs(61)));
        doubt.raise();
        assert!(doubt.about(Duration::from_secs(5)), "idle since before the break");
        std::thread::sleep(Duration::from_millis(30));
        assert!(!doubt.about(Duration::from_millis(1)), "used since then");
    }
}
