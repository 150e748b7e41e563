//! How many conversations the saved views hold. Counted once, and then kept right by the log: which conversations a view holds
//! stays in mind, and only those that something happened to are asked again. So a look costs what has changed since the last
//! one, not what there is.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::event::Cursor;
use model::filter::Filter;
use model::view::View;
use model::{AgentId, ConversationId, Event, EventKind, InboxId, Scope, Timestamp, ViewId, WorkspaceId};

use crate::conversation::{Asked, View as Shown, some_asked};
use crate::{Conn, Error, Store, event, filter};

/// A view that holds more is counted no further.
pub const MOST: usize = 1_000;
/// Some more are kept in mind, so that a full view is not counted anew as soon as one leaves.
const KEPT: usize = MOST + MOST / 4;
/// Views in mind, over all readers: 20 kB for each at most.
const VIEWS: usize = 2_000;
/// When so much has happened since the last look, everything is counted anew.
const FAR: usize = 2_000;
/// A view is counted anew when so many of its conversations are to be asked again.
const MANY: usize = 200;
/// So often views that change by time alone are counted anew.
const STALE: Duration = Duration::from_secs(60);

/// What is in mind.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    followed: Mutex<HashMap<WorkspaceId, Followed>>,
    looks: AtomicU64,
}

/// The views of a workspace, and how far its log was read.
#[derive(Debug)]
struct Followed {
    cursor: Cursor,
    tallies: HashMap<Key, Arc<Tally>>,
}

/// A view as somebody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    view: ViewId,
    version: i64,
    /// None when it is the same for all.
    reader: Option<AgentId>,
    /// Where the reader's days begin; none when it is the same everywhere.
    zone: Option<String>,
    /// None for every inbox.
    inboxes: Option<Vec<InboxId>>,
}

#[derive(Debug)]
struct Tally {
    /// Not yet asked again.
    touched: Mutex<Touched>,
    /// One counts at a time. None while somebody counts or gave up: then it is counted anew.
    held: tokio::sync::Mutex<Option<Held>>,
    used: AtomicU64,
}

#[derive(Debug)]
enum Touched {
    These(HashSet<ConversationId>),
    Everything,
}

impl Touched {
    fn touch(&mut self, ids: &[ConversationId]) {
        if let Self::These(these) = self {
            these.extend(ids);
            if these.len() > MANY {
                *self = Self::Everything;
            }
        }
    }
}

/// What a view holds.
#[derive(Debug)]
struct Held {
    ids: HashSet<ConversationId>,
    /// Nothing else is in it.
    whole: bool,
    counted_at: Timestamp,
}

/// What the log says about counts.
enum Change {
    /// Of these conversations alone.
    Of(Vec<ConversationId>),
    /// Of nobody knows how many.
    Broad,
}

fn change(event: &Event) -> Change {
    match &event.kind {
        // Its own events are gone with it.
        EventKind::ConversationPurged { gone, .. } => Change::Of(vec![*gone]),
        EventKind::AgentUpdated { .. }
        | EventKind::BulkUpdated { .. }
        | EventKind::CustomStatusUpdated { .. }
        | EventKind::CustomerUpdated { .. }
        | EventKind::DraftChanged { .. }
        | EventKind::FolderUpdated { .. }
        | EventKind::InboxUpdated { .. }
        | EventKind::MacroUpdated { .. }
        | EventKind::MailQuarantined { .. }
        | EventKind::NotificationChanged { .. }
        | EventKind::ReminderCame { .. }
        | EventKind::ReminderChanged { .. }
        | EventKind::SavedReplyUpdated { .. }
        | EventKind::SecurityAudited { .. }
        | EventKind::SenderBlocked { .. }
        | EventKind::ViewUpdated { .. } => Change::Of(Vec::new()),
        _ => event.conversation.map_or(Change::Broad, |id| Change::Of(vec![id])),
    }
}

/// The counts of views, in their order, each up to [`MOST`]: exactly what is committed when this is asked. Cost: one statement
/// for the log, and one for each view that something happened to since it was last asked; the first time, and when much
/// happened, up to [`MOST`] entries of the view's index times what its filter throws away.
pub async fn of(store: &Store, conn: &mut Conn, scope: &Scope, views: &[View], now: Timestamp) -> Result<Vec<(ViewId, usize)>, Error> {
    let kept = &store.shared.view_counts;
    kept.read_log(conn, scope.workspace).await?;
    let days = views.iter().any(|v| v.filter.depends_on_zone());
    let zone = if days { filter::zone(conn, scope).await?.iana_name().map(str::to_owned) } else { None };
    let mut counts = Vec::with_capacity(views.len());
    for view in views {
        let Some(tally) = kept.tally(scope, view, zone.as_deref()) else { continue };
        counts.push((view.id, tally.count(conn, scope, view, now).await?));
    }
    Ok(counts)
}

impl Kept {
    fn followed(&self) -> std::sync::MutexGuard<'_, HashMap<WorkspaceId, Followed>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells every view in mind what happened since the last look.
    async fn read_log(&self, conn: &mut Conn, workspace: WorkspaceId) -> Result<(), Error> {
        let Some(from) = self.followed().get(&workspace).map(|f| f.cursor) else {
            let cursor = event::head(conn).await?;
            self.followed().entry(workspace).or_insert(Followed { cursor, tallies: HashMap::new() });
            return Ok(());
        };
        let (events, mut settled) = event::after_and_unsettled(conn, from, FAR).await?;
        let mut broad = events.len() == FAR;
        if broad {
            settled = event::head(conn).await?;
        }
        let mut ids = Vec::new();
        for event in events.iter().filter(|e| e.workspace == workspace) {
            match change(event) {
                Change::Of(these) => ids.extend(these),
                Change::Broad => broad = true,
            }
        }
        let mut all = self.followed();
        let Some(followed) = all.get_mut(&workspace) else { return Ok(()) };
        for tally in followed.tallies.values() {
            let mut touched = tally.touched.lock().unwrap_or_else(PoisonError::into_inner);
            if broad {
                *touched = Touched::Everything;
            } else {
                touched.touch(&ids);
            }
        }
        if (settled.txid, settled.seq) > (followed.cursor.txid, followed.cursor.seq) {
            followed.cursor = settled;
        }
        Ok(())
    }

    fn tally(&self, scope: &Scope, view: &View, zone: Option<&str>) -> Option<Arc<Tally>> {
        let key = Key {
            view: view.id,
            version: view.version,
            reader: scope.actor.agent().filter(|_| view.filter.depends_on_reader()),
            zone: zone.filter(|_| view.filter.depends_on_zone()).map(str::to_owned),
            inboxes: match &scope.inboxes {
                model::Inboxes::All => None,
                model::Inboxes::Only(list) => Some(list.clone()),
            },
        };
        let look = self.looks.fetch_add(1, Relaxed);
        let mut all = self.followed();
        let in_mind: usize = all.values().map(|f| f.tallies.len()).sum();
        if in_mind >= VIEWS && !all.get(&scope.workspace)?.tallies.contains_key(&key) {
            forget_oldest(&mut all);
        }
        let tally = all.get_mut(&scope.workspace)?.tallies.entry(key).or_insert_with(|| {
            let (touched, held) = (Mutex::new(Touched::Everything), tokio::sync::Mutex::new(None));
            Arc::new(Tally { touched, held, used: AtomicU64::new(look) })
        });
        tally.used.store(look, Relaxed);
        Some(tally.clone())
    }
}

/// Half of what is in mind goes, so that it is seldom done.
fn forget_oldest(all: &mut HashMap<WorkspaceId, Followed>) {
    let mut used: Vec<u64> = all.values().flat_map(|f| f.tallies.values()).map(|t| t.used.load(Relaxed)).collect();
    used.sort_unstable();
    let middle = used.get(used.len() / 2).copied().unwrap_or_default();
    for followed in all.values_mut() {
        followed.tallies.retain(|_, tally| tally.used.load(Relaxed) >= middle);
    }
}

impl Tally {
    async fn count(&self, conn: &mut Conn, scope: &Scope, view: &View, now: Timestamp) -> Result<usize, Error> {
        let mut held = self.held.lock().await;
        // Taken before the database is asked: what happens from here on is told to the next look.
        let touched = {
            let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *touched, Touched::These(HashSet::new()))
        };
        // Taken out as well, so that a look that fails half-way leaves nothing that is half right.
        let known = match (held.take(), touched) {
            (Some(known), Touched::These(ids)) if known.is_fresh(&view.filter, now) => Some((known, ids)),
            _ => None,
        };
        let known = match known {
            Some((mut known, ids)) => {
                if !ids.is_empty() {
                    known.ask_again(conn, scope, view, now, &ids).await?;
                }
                Some(known).filter(|k| k.whole || k.ids.len() >= MOST)
            }
            None => None,
        };
        let known = match known {
            Some(known) => known,
            None => Held::count(conn, scope, view, now).await?,
        };
        let n = known.ids.len().min(MOST);
        *held = Some(known);
        Ok(n)
    }
}

impl Held {
    fn is_fresh(&self, filter: &Filter, now: Timestamp) -> bool {
        !filter.depends_on_time() || now.duration_since(self.counted_at).unsigned_abs() < STALE
    }

    async fn count(conn: &mut Conn, scope: &Scope, view: &View, now: Timestamp) -> Result<Self, Error> {
        let asked = asked(conn, scope, view, now, None).await?;
        let ids = some_asked(conn, scope, &asked, KEPT).await?;
        Ok(Self { whole: ids.len() < KEPT, ids: ids.into_iter().collect(), counted_at: now })
    }

    async fn ask_again(&mut self, conn: &mut Conn, scope: &Scope, view: &View, now: Timestamp, ids: &HashSet<ConversationId>) -> Result<(), Error> {
        let asked = asked(conn, scope, view, now, Some(ids.iter().copied().collect())).await?;
        self.ids.retain(|id| !ids.contains(id));
        for id in some_asked(conn, scope, &asked, ids.len()).await? {
            if self.ids.len() < KEPT {
                self.ids.insert(id);
            } else {
                self.whole = false;
            }
        }
        Ok(())
    }
}

async fn asked(conn: &mut Conn, scope: &Scope, view: &View, now: Timestamp, among: Option<Vec<ConversationId>>) -> Result<Asked, Error> {
    let reader = filter::reader(conn, scope, &view.filter, now).await?;
    Ok(Asked { view: Shown::All, sort: view.sort, filter: Some((view.filter.clone(), reader)), among, ..Asked::default() })
}
