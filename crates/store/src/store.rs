//! The store: opening it, reading from it, and starting use cases.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use model::id::IdMaker;
use model::{Secret, Timestamp};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use tokio::sync::{Mutex, Notify, watch};

use crate::blob::Blobs;
use crate::db::{self, Conn, Dialect, Tx, WriterConn};
use crate::lite::{Lite, Readers};
use crate::relay::{Doubt, Relay};
use crate::{Error, args, migrate, sql};

/// Where the data is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data folder: the SQLite file, blobs, keys.
    pub data: PathBuf,
    /// `postgres://…`; none for SQLite in the data folder.
    pub database_url: Option<Secret>,
    /// Where big blobs go; none for the data folder.
    pub blobs: Option<BlobSettings>,
}

/// S3-compatible storage.
#[derive(Debug, Clone)]
pub struct BlobSettings {
    /// Endpoint; none for AWS.
    pub endpoint: Option<String>,
    /// Bucket.
    pub bucket: String,
    /// Region.
    pub region: String,
    /// Access key.
    pub access_key: Option<String>,
    /// Its secret.
    pub secret_key: Option<Secret>,
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    db: Db,
    blobs: Blobs,
    pub(crate) shared: Arc<Shared>,
}

#[derive(Clone)]
enum Db {
    Sqlite { writer: Arc<Mutex<WriterConn>>, readers: Arc<Readers> },
    Postgres { pool: PgPool },
}

/// What every transaction of a store shares.
pub(crate) struct Shared {
    pub(crate) ids: IdMaker,
    node: i64,
    pub(crate) lease: String,
    events: watch::Sender<u64>,
    jobs: Notify,
    pub(crate) relay: Relay,
    pub(crate) doubt: Arc<Doubt>,
    /// Leases of claims that may or may not stand.
    doubtful_claims: std::sync::Mutex<Vec<String>>,
    pub(crate) words: KnownWords,
    /// When leases that ran out were last looked for, in milliseconds.
    pub(crate) expired_at: std::sync::atomic::AtomicI64,
    pub(crate) view_counts: crate::view_count::Kept,
}

/// Words that are in the database for certain, so that they need not be written again. Kept as hashes, some at a time.
#[derive(Default)]
pub(crate) struct KnownWords(std::sync::Mutex<HashSet<u64>>);

impl KnownWords {
    /// Most words kept in mind.
    const MOST: usize = 200_000;

    fn hash(workspace: i64, word: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        (workspace, word).hash(&mut hasher);
        hasher.finish()
    }

    pub(crate) fn knows(&self, workspace: i64, word: &str) -> bool {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).contains(&Self::hash(workspace, word))
    }

    /// These are written no more.
    pub(crate) fn forget(&self, workspace: i64, words: &[String]) {
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for word in words {
            known.remove(&Self::hash(workspace, word));
        }
    }

    /// These are written and committed.
    pub(crate) fn know(&self, words: &BTreeMap<i64, BTreeSet<String>>) {
        if words.is_empty() {
            return;
        }
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if known.len() > Self::MOST {
            known.clear();
        }
        known.extend(words.iter().flat_map(|(workspace, words)| words.iter().map(|w| Self::hash(*workspace, w))));
    }
}

impl Shared {
    /// Wakes those who wait for events and jobs.
    pub(crate) fn committed(&self, events: bool, jobs: bool) {
        if events {
            self.events.send_modify(|n| *n += 1);
        }
        if jobs {
            self.jobs.notify_one();
        }
        if events || jobs {
            self.relay.wake();
        }
    }

    /// Another node may have committed something.
    pub(crate) fn woken_by_others(&self) {
        self.events.send_modify(|n| *n += 1);
        self.jobs.notify_one();
    }

    fn new(node: i64, lease: String, doubt: Arc<Doubt>) -> Arc<Self> {
        let (events, jobs) = (watch::Sender::new(0), Notify::new());
        Arc::new(Self {
            ids: IdMaker::new(node as u16),
            node,
            lease,
            events,
            jobs,
            relay: Relay::default(),
            doubt,
            doubtful_claims: std::sync::Mutex::default(),
            words: KnownWords::default(),
            expired_at: std::sync::atomic::AtomicI64::new(i64::MIN),
            view_counts: crate::view_count::Kept::default(),
        })
    }

    pub(crate) fn doubtful_claims(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.doubtful_claims.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// How long a node keeps its number without a sign of life.
const NODE_LEASE: Duration = Duration::from_secs(60);

impl Store {
    /// Opens the store, brings its schema up to date, and takes a node number.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be reached.
    pub async fn open(settings: &Settings, now: Timestamp) -> Result<Self, Error> {
        let doubt = Arc::new(Doubt::default());
        let db = match &settings.database_url {
            Some(url) => Self::open_postgres(url, doubt.clone()).await?,
            None => Self::open_sqlite(&settings.data)?,
        };
        let store = Self { db, blobs: Blobs::open(settings)?, shared: Shared::new(0, String::new(), doubt.clone()) };
        store.migrate(now).await?;
        let (node, lease) = store.lease_node(now).await?;
        Ok(Self { shared: Shared::new(node, lease, doubt), ..store })
    }

    fn open_sqlite(data: &std::path::Path) -> Result<Db, Error> {
        std::fs::create_dir_all(data).map_err(|e| Error::Unavailable(format!("{}: {e}", data.display())))?;
        let file = data.join("sonnim.db");
        let writer = Lite::open(&file, true)?;
        Ok(Db::Sqlite { writer: Arc::new(Mutex::new(WriterConn::new(writer))), readers: Readers::new(file) })
    }

    async fn open_postgres(url: &Secret, doubt: Arc<Doubt>) -> Result<Db, Error> {
        let options: PgConnectOptions = url.expose().parse().map_err(|_| Error::Other("DATABASE_URL is not a postgres:// address".into()))?;
        let options = options
            .application_name("sonnim")
            // More than there are statements: one that falls out is parsed and planned anew.
            .statement_cache_capacity(512)
            .options([
                ("statement_timeout", "30000"),
                ("idle_in_transaction_session_timeout", "30000"),
                // Left to itself, PostgreSQL plans a statement with a list of ids anew each time, for it takes the list of a plan
                // that it would keep to be long: a millisecond for each. Our statements are written for one plan.
                ("plan_cache_mode", "force_generic_plan"),
                // Nothing here runs long enough to be worth compiling.
                ("jit", "off"),
            ])
            .log_statements(tracing_level());
        let pool = PgPoolOptions::new()
            .max_connections(16)
            // A restart of the database is shorter than this: requests wait for it. A longer one is told to the caller.
            .acquire_timeout(Duration::from_secs(5))
            .test_before_acquire(false)
            .before_acquire(move |conn, seen| {
                let doubtful = doubt.about(seen.idle_for);
                Box::pin(async move {
                    use sqlx::Connection as _;
                    Ok(!doubtful || matches!(tokio::time::timeout(Duration::from_secs(2), conn.ping()).await, Ok(Ok(()))))
                })
            })
            .connect_with(options)
            .await?;
        Ok(Db::Postgres { pool })
    }

    async fn migrate(&self, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.begin(now).await?;
        if tx.dialect() == Dialect::Postgres {
            // Two nodes that start at once must not both migrate.
            tx.execute("SELECT pg_advisory_xact_lock(736646696)", args![]).await?;
        }
        migrate::run(&mut tx).await?;
        tx.commit().await
    }

    async fn lease_node(&self, now: Timestamp) -> Result<(i64, String), Error> {
        let lease = model::token::word(&rand::random::<[u8; 10]>());
        let until = now + NODE_LEASE;
        let mut tx = self.begin(now).await?;
        if tx.dialect() == Dialect::Postgres {
            tx.execute("SELECT pg_advisory_xact_lock(736646697)", args![]).await?;
        }
        let taken = tx.fetch_all(sql::node::TAKEN, args![now]).await?;
        let taken: Vec<i64> = taken.iter().map(|r| r.int("id")).collect::<Result<_, _>>()?;
        let free = (0..i64::from(model::id::NODES)).find(|n| !taken.contains(n));
        let Some(node) = free else { return Err(Error::Unavailable("all 1024 node numbers are taken".into())) };
        tx.execute(sql::node::TAKE, args![node, until, lease.as_str()]).await?;
        tx.commit().await?;
        Ok((node, lease))
    }

    /// Prolongs this node's lease; call it every 20 s. False when another node took the number: then stop.
    pub async fn keep_node(&self, now: Timestamp) -> Result<bool, Error> {
        let mut tx = self.begin(now).await?;
        let kept = tx.execute(sql::node::KEEP, args![self.shared.node, now + NODE_LEASE, self.shared.lease.as_str()]).await?;
        tx.commit().await?;
        Ok(kept == 1)
    }

    /// Gives the node number back.
    pub async fn leave(&self, now: Timestamp) {
        if let Ok(mut tx) = self.begin(now).await
            && tx.execute(sql::node::LEAVE, args![self.shared.node, self.shared.lease.as_str()]).await.is_ok()
        {
            let _ = tx.commit().await;
        }
        match &self.db {
            Db::Sqlite { writer, readers } => {
                readers.close().await;
                db::close(writer).await;
            }
            Db::Postgres { pool } => {
                self.tell_now(pool).await;
                pool.close().await;
            }
        }
    }

    /// PostgreSQL's connections.
    pub(crate) fn pool(&self) -> Option<&PgPool> {
        match &self.db {
            Db::Sqlite { .. } => None,
            Db::Postgres { pool } => Some(pool),
        }
    }

    /// Starts a use case at `now`. Holds SQLite's writer: no network, no hashing, no parsing inside.
    pub async fn begin(&self, now: Timestamp) -> Result<Tx, Error> {
        match &self.db {
            Db::Sqlite { writer, .. } => Tx::sqlite(writer, self.shared.clone(), now).await,
            Db::Postgres { pool } => match Tx::postgres(pool.acquire().await?, self.shared.clone(), now).await {
                // The connection died since it was last used. Nothing has been done yet, so another one will do.
                Err(error) if error.is_transient() => {
                    self.shared.doubt.raise();
                    Tx::postgres(pool.acquire().await?, self.shared.clone(), now).await
                }
                begun => begun,
            },
        }
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Conn, Error> {
        match &self.db {
            Db::Sqlite { readers, .. } => Ok(Conn::reader(readers.acquire().await?)),
            Db::Postgres { pool } => Ok(Conn::postgres(pool.acquire().await?)),
        }
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self.db {
            Db::Sqlite { .. } => Dialect::Sqlite,
            Db::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// The blobs.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// A fresh id, outside a use case.
    pub fn new_id<T: model::Id>(&self, now: Timestamp) -> T {
        self.shared.ids.next(now)
    }

    /// Ticks after commits that wrote events, on this node or (PostgreSQL) another.
    pub fn watch_events(&self) -> watch::Receiver<u64> {
        self.shared.events.subscribe()
    }

    /// Resolves when jobs may be waiting; also wakes nobody for long, so callers poll beside it.
    pub async fn jobs_waiting(&self) {
        self.shared.jobs.notified().await;
    }

    /// Folds SQLite's write-ahead log into the file without stopping writers, once it is long or when it is time. Whoever commits
    /// meanwhile waits for the same disk, some milliseconds longer than else: so it is not done for little. Call it every second.
    pub async fn checkpoint(&self, is_time: bool) -> Result<(), Error> {
        /// In pages of 4 kB: 64 MB.
        const LONG: i64 = 16_384;
        let Db::Sqlite { readers, .. } = &self.db else { return Ok(()) };
        readers
            .acquire()
            .await?
            .aside(move |lite| {
                let told = lite.fetch("PRAGMA wal_checkpoint(NOOP)", &[], 1)?.pop().map(crate::Row::Sqlite);
                let (long, folded) = told.map_or(Ok((0, 0)), |r| Ok::<_, Error>((r.int("log")?, r.int("checkpointed")?)))?;
                if long - folded >= LONG || (is_time && long > folded) { lite.run("PRAGMA wal_checkpoint(PASSIVE)") } else { Ok(()) }
            })
            .await
    }

    /// Writes a consistent copy of the SQLite database to a new file, while others write.
    pub async fn snapshot_to(&self, file: &std::path::Path) -> Result<(), Error> {
        let Db::Sqlite { readers, .. } = &self.db else { return Err(Error::Other("only SQLite is copied this way".into())) };
        let to = file.display().to_string();
        let copy = move |lite: &mut Lite| {
            lite.run("PRAGMA query_only = off")?;
            let copied = lite.execute("VACUUM INTO $1", &[crate::Value::from(to)]);
            lite.run("PRAGMA query_only = on")?;
            copied.map(drop)
        };
        readers.acquire().await?.aside(copy).await
    }

    /// The database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        self.read().await?.fetch_one("SELECT 1 AS one", args![]).await.map(drop)
    }
}

fn tracing_level() -> log::LevelFilter {
    // Statements carry no values, but their text is noise even at debug level.
    log::LevelFilter::Off
}
