//! One database behind one face: connections, transactions, and the single SQLite writer that commits in groups.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::{Actor, ConversationId, EventKind, InboxId, Job, Timestamp, WorkspaceId};
use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::dialect::{postgres, sqlite};
use crate::lite::{Lite, PATIENCE, Reader};
use crate::search::Index;
use crate::store::Shared;
use crate::{Error, Row, Value, args, value};

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded.
    Sqlite,
    /// Scaled out.
    Postgres,
}

/// One connection.
pub struct Conn {
    inner: Inner,
}

enum Inner {
    Reader(Reader),
    Writer(OwnedMutexGuard<WriterConn>),
    Postgres(PoolConnection<Postgres>),
}

/// The only connection that writes to SQLite, and the transactions that wait for its next commit.
pub(crate) struct WriterConn {
    conn: Lite,
    /// `BEGIN IMMEDIATE` has been said.
    open: bool,
    /// A transaction was dropped half-way: its savepoint is still there.
    torn: bool,
    /// SQLite may have given the whole group up (disk full, I/O error): it is rolled back, and nothing more is said in it.
    lost: Option<Error>,
    waiting: Vec<oneshot::Sender<Result<(), Error>>>,
    /// What the transactions of this group want of the search index.
    indexing: Vec<Indexing>,
}

/// A change of SQLite's search index. Each savepoint makes the index write out what it holds as a piece of its own, and many
/// small pieces are dear to merge; so the changes of a group are made together, at its end and in its commit.
#[derive(Debug)]
pub(crate) enum Indexing {
    /// Words of a message, a subject or a customer.
    Put(Index, i64, String),
    /// A message or a subject is gone.
    Remove(Index, i64),
    /// Words that were not known.
    Learn(i64, Vec<String>),
}

impl WriterConn {
    pub(crate) fn new(conn: Lite) -> Self {
        Self { conn, open: false, torn: false, lost: None, waiting: Vec::new(), indexing: Vec::new() }
    }

    /// Ends the group: everyone who waits is committed, or nobody.
    fn end(&mut self) {
        self.mend();
        let indexing = std::mem::take(&mut self.indexing);
        if !std::mem::take(&mut self.open) {
            self.lost = None;
            return;
        }
        let result = match self.lost.take() {
            Some(error) => Err(error),
            None => self.index(indexing).and_then(|()| self.conn.run("COMMIT")),
        };
        if result.is_err() {
            let _ = self.conn.run("ROLLBACK");
        }
        for waiting in self.waiting.drain(..) {
            let _ = waiting.send(result.clone());
        }
    }

    fn index(&mut self, changes: Vec<Indexing>) -> Result<(), Error> {
        for change in changes {
            match change {
                Indexing::Put(index, id, terms) => {
                    self.conn.execute(index.put(Dialect::Sqlite), &[Value::from(id), Value::from(terms)])?;
                }
                Indexing::Remove(index, id) => {
                    let sql = if index == Index::Messages { sqlite::SEARCH_REMOVE } else { sqlite::SUBJECT_REMOVE };
                    self.conn.execute(sql, &[Value::from(id)])?;
                }
                Indexing::Learn(workspace, words) => {
                    for word in words {
                        self.conn.execute(sqlite::WORD_PUT, &[Value::from(workspace), Value::from(word)])?;
                    }
                }
            }
        }
        Ok(())
    }

    fn mend(&mut self) {
        if std::mem::take(&mut self.torn)
            && let Err(error) = self.conn.run("ROLLBACK TO one").and_then(|()| self.conn.run("RELEASE one"))
        {
            // The savepoint is gone, and with it the transactions of the group that wait for their commit.
            self.lost.get_or_insert(error);
        }
    }

    /// Says something within the group. After some failures SQLite rolls the whole transaction back by itself, after others it
    /// may. Going on would write rows outside of any transaction.
    fn say<T>(&mut self, what: impl FnOnce(&mut Lite) -> Result<T, Error>) -> Result<T, Error> {
        self.lost.clone().map_or(Ok(()), Err)?;
        let result = what(&mut self.conn);
        if let Err(error @ (Error::StorageFull | Error::Unavailable(_))) = &result {
            self.lost.get_or_insert(error.clone());
        }
        result
    }

    async fn begin(&mut self) -> Result<(), Error> {
        self.mend();
        if self.lost.is_some() {
            self.end();
        }
        if !self.open {
            let mut waited = Duration::ZERO;
            loop {
                match self.conn.run("BEGIN IMMEDIATE") {
                    // Another process writes: the command line beside the server.
                    Err(Error::Unavailable(_)) if waited < PATIENCE => {
                        tokio::time::sleep(BUSY_PAUSE).await;
                        waited += BUSY_PAUSE;
                    }
                    other => break other?,
                }
            }
            self.open = true;
        }
        self.conn.run("SAVEPOINT one")
    }
}

tokio::task_local! {
    static COMMITTED: Cell<bool>;
}

/// Runs a future and says whether it committed anything itself, not by tasks that it started. What fails after that has not
/// failed as a whole.
pub async fn watch_commits<F: Future>(work: F) -> (F::Output, bool) {
    COMMITTED
        .scope(Cell::new(false), async {
            let output = work.await;
            (output, COMMITTED.with(Cell::get))
        })
        .await
}

/// Between two tries to begin while another process writes.
const BUSY_PAUSE: Duration = Duration::from_millis(5);

/// Commits what the writer has gathered. The sync to disk takes its time on a thread for blocking work.
async fn flush(mut writer: OwnedMutexGuard<WriterConn>) {
    let _ = tokio::task::spawn_blocking(move || writer.end()).await;
}

impl Conn {
    pub(crate) fn reader(conn: Reader) -> Self {
        Self { inner: Inner::Reader(conn) }
    }

    pub(crate) fn postgres(conn: PoolConnection<Postgres>) -> Self {
        Self { inner: Inner::Postgres(conn) }
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self.inner {
            Inner::Reader(_) | Inner::Writer(_) => Dialect::Sqlite,
            Inner::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Picks the dialect's text.
    pub fn pick<T>(&self, sqlite: T, postgres: T) -> T {
        match self.dialect() {
            Dialect::Sqlite => sqlite,
            Dialect::Postgres => postgres,
        }
    }

    /// Does something on SQLite; none on PostgreSQL.
    fn on_lite<T>(&mut self, what: impl FnOnce(&mut Lite) -> Result<T, Error>) -> Option<Result<T, Error>> {
        match &mut self.inner {
            Inner::Reader(reader) => Some(reader.lite().and_then(what)),
            Inner::Writer(writer) => Some(writer.say(what)),
            Inner::Postgres(_) => None,
        }
    }

    async fn fetch(&mut self, sql: impl Sql, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        if let Some(found) = self.on_lite(|lite| lite.fetch(sql.text(), &values, usize::MAX)) {
            return Ok(found?.into_iter().map(Row::Sqlite).collect());
        }
        let Inner::Postgres(c) = &mut self.inner else { return Ok(Vec::new()) };
        let rows = sqlx::query_with(sql, value::postgres(values)?).fetch_all(&mut **c).await?;
        Ok(rows.into_iter().map(Row::Postgres).collect())
    }

    /// Every row.
    pub async fn fetch_all(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        self.fetch(sql, values).await
    }

    /// The first row.
    pub async fn fetch_optional(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Option<Row>, Error> {
        if let Some(found) = self.on_lite(|lite| lite.fetch(sql, &values, 1)) {
            return Ok(found?.pop().map(Row::Sqlite));
        }
        let Inner::Postgres(c) = &mut self.inner else { return Ok(None) };
        Ok(sqlx::query_with(sql, value::postgres(values)?).fetch_optional(&mut **c).await?.map(Row::Postgres))
    }

    /// The first row, which must be there.
    pub async fn fetch_one(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Row, Error> {
        self.fetch_optional(sql, values).await?.ok_or_else(|| Error::Other("a row was expected".into()))
    }

    /// Runs a statement; how many rows it touched.
    pub async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, Error> {
        self.run(sql, values).await
    }

    /// Like [`Self::fetch_all`], for SQL put together here from constant pieces and numbers, never from outside text.
    pub async fn fetch_built(&mut self, sql: String, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        self.fetch(sqlx::AssertSqlSafe(sql), values).await
    }

    /// Like [`Self::fetch_built`], for what may read much: on SQLite it leaves the thread to others meanwhile.
    pub async fn fetch_aside(&mut self, sql: String, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        let Inner::Reader(reader) = &mut self.inner else { return self.fetch_built(sql, values).await };
        let rows = reader.aside(move |lite| lite.fetch(&sql, &values, usize::MAX)).await?;
        Ok(rows.into_iter().map(Row::Sqlite).collect())
    }

    /// Like [`Self::execute`], for SQL put together here from constant pieces and numbers, never from outside text.
    pub async fn execute_built(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, Error> {
        self.run(sql, values).await
    }

    async fn run(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, Error> {
        if let Some(done) = self.on_lite(|lite| lite.execute(sql, &values)) {
            return done;
        }
        let Inner::Postgres(c) = &mut self.inner else { return Ok(0) };
        // Only constant texts and numbers come here; see those who call.
        Ok(sqlx::query_with(sqlx::AssertSqlSafe(sql), value::postgres(values)?).execute(&mut **c).await?.rows_affected())
    }

    /// The condition "is one of argument `$n`", which [`Self::ids`] makes. One constant text, so that the statement is
    /// prepared once however many ids there are.
    pub fn is_one_of(&self, n: usize) -> String {
        self.pick(format!("IN (SELECT value FROM json_each(${n}))"), format!("= ANY (CAST(${n} AS BIGINT[]))"))
    }

    /// Ids as the argument of [`Self::is_one_of`].
    pub fn ids(&self, ids: impl IntoIterator<Item = i64>) -> Value {
        let (open, close) = self.pick(("[", "]"), ("{", "}"));
        let inner: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        Value::from(format!("{open}{}{close}", inner.join(",")))
    }

    /// Prepares a statement without running it.
    pub async fn prepare(&mut self, sql: &'static str) -> Result<(), Error> {
        use sqlx::Executor as _;
        if let Some(done) = self.on_lite(|lite| lite.prepare(sql)) {
            return done;
        }
        let Inner::Postgres(c) = &mut self.inner else { return Ok(()) };
        c.prepare(sqlx::SqlSafeStr::into_sql_str(sql)).await?;
        Ok(())
    }
}

/// A statement's text, for either database.
trait Sql: sqlx::SqlSafeStr + Send {
    fn text(&self) -> &str;
}

impl Sql for &'static str {
    fn text(&self) -> &str {
        self
    }
}

impl Sql for sqlx::AssertSqlSafe<String> {
    fn text(&self) -> &str {
        &self.0
    }
}

/// `(1,2,3)` for an IN list of numbers; `(NULL)` when empty, which matches nothing.
pub fn list(ids: impl IntoIterator<Item = i64>) -> String {
    let mut out = String::from("(");
    for id in ids {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&id.to_string());
    }
    if out.len() == 1 {
        out.push_str("NULL");
    }
    out.push(')');
    out
}

/// One use case: state, events and jobs, all or nothing. Dropped without [`Tx::commit`], it never was.
pub struct Tx {
    conn: Option<Conn>,
    writer: Option<Arc<Mutex<WriterConn>>>,
    shared: Arc<Shared>,
    now: Timestamp,
    wakes: bool,
    has_jobs: bool,
    indexing: Vec<Indexing>,
    /// How much of `indexing` there was at the savepoint.
    part: usize,
    /// Words to be known, by workspace. One too many does no harm.
    words: BTreeMap<i64, BTreeSet<String>>,
}

impl std::ops::Deref for Tx {
    type Target = Conn;
    #[allow(clippy::expect_used)]
    fn deref(&self) -> &Conn {
        self.conn.as_ref().expect("a transaction has its connection until it ends")
    }
}

impl std::ops::DerefMut for Tx {
    #[allow(clippy::expect_used)]
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("a transaction has its connection until it ends")
    }
}

impl Tx {
    pub(crate) async fn sqlite(writer: &Arc<Mutex<WriterConn>>, shared: Arc<Shared>, now: Timestamp) -> Result<Self, Error> {
        let mut guard = writer.clone().lock_owned().await;
        guard.begin().await?;
        let conn = Conn { inner: Inner::Writer(guard) };
        Ok(Self {
            conn: Some(conn),
            writer: Some(writer.clone()),
            shared,
            now,
            wakes: false,
            has_jobs: false,
            indexing: Vec::new(),
            part: 0,
            words: BTreeMap::new(),
        })
    }

    pub(crate) async fn postgres(conn: PoolConnection<Postgres>, shared: Arc<Shared>, now: Timestamp) -> Result<Self, Error> {
        let mut conn = Conn::postgres(conn);
        conn.execute("BEGIN", args![]).await?;
        Ok(Self { conn: Some(conn), writer: None, shared, now, wakes: false, has_jobs: false, indexing: Vec::new(), part: 0, words: BTreeMap::new() })
    }

    /// The time of this use case: one instant for all that it writes.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Goes on at another time: for loaders that replay a history within few transactions.
    pub fn move_to(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// A fresh id.
    pub fn new_id<T: model::Id>(&self) -> T {
        self.shared.ids.next(self.now)
    }

    /// Marks a place within the use case to go back to. One at a time: end it with [`Self::keep_savepoint`] or
    /// [`Self::back_to_savepoint`].
    pub async fn savepoint(&mut self) -> Result<(), Error> {
        self.part = self.indexing.len();
        self.execute("SAVEPOINT part", args![]).await.map(drop)
    }

    /// What was done since [`Self::savepoint`] stays.
    pub async fn keep_savepoint(&mut self) -> Result<(), Error> {
        self.execute("RELEASE SAVEPOINT part", args![]).await.map(drop)
    }

    /// What was done since [`Self::savepoint`] never was.
    pub async fn back_to_savepoint(&mut self) -> Result<(), Error> {
        self.execute("ROLLBACK TO SAVEPOINT part", args![]).await?;
        self.indexing.truncate(self.part);
        self.keep_savepoint().await
    }

    /// Makes it so. On SQLite, transactions that queue at the writer are committed together with this one.
    /// [`Error::InDoubt`] when PostgreSQL went away before it said how it ended.
    pub async fn commit(mut self) -> Result<(), Error> {
        let words = std::mem::take(&mut self.words);
        let Some(mut conn) = self.conn.take() else { return Ok(()) };
        if conn.dialect() == Dialect::Postgres {
            // Last of all, so that nobody waits long for a word that two write at once.
            for (workspace, words) in &words {
                let list = serde_json::to_string(words).map_err(|e| Error::Other(e.to_string()))?;
                conn.execute(postgres::WORDS_PUT, args![*workspace, list]).await?;
            }
        } else {
            self.indexing.extend(words.iter().map(|(workspace, words)| Indexing::Learn(*workspace, words.iter().cloned().collect())));
        }
        match conn.inner {
            Inner::Writer(mut guard) => {
                if let Err(error) = guard.say(|lite| lite.run("RELEASE one")) {
                    guard.torn = true;
                    flush(guard).await;
                    return Err(error);
                }
                guard.indexing.append(&mut self.indexing);
                let (done, mut result) = oneshot::channel();
                guard.waiting.push(done);
                let writer = self.writer.take().ok_or_else(|| Error::Other("no writer".into()))?;
                let mut promise = Promise(Some(writer.clone()));
                drop(guard);
                // Queue again behind those who wait already: they join the group; whoever comes first ends it.
                let result = tokio::select! {
                    biased;
                    result = &mut result => result,
                    guard = writer.lock_owned() => { flush(guard).await; result.await }
                };
                promise.0 = None;
                result.map_err(|_| Error::Unavailable("the writer went away".into()))??;
            }
            inner => {
                let mut conn = Conn { inner };
                conn.execute("COMMIT", args![]).await.map_err(|error| match error {
                    Error::Unavailable(text) => Error::InDoubt(text),
                    other => other,
                })?;
            }
        }
        let _ = COMMITTED.try_with(|committed| committed.set(true));
        self.shared.words.know(&words);
        self.shared.committed(self.wakes, self.has_jobs);
        Ok(())
    }

    /// Has words known when this use case is committed: those that may not be yet.
    pub(crate) fn learn(&mut self, workspace: WorkspaceId, words: impl IntoIterator<Item = String>) {
        let workspace = model::Id::raw(workspace);
        let unknown = words.into_iter().filter(|w| !self.shared.words.knows(workspace, w));
        let mut unknown = unknown.peekable();
        if unknown.peek().is_some() {
            self.words.entry(workspace).or_default().extend(unknown);
        }
    }

    /// These are words that nobody knows any more.
    pub(crate) fn unlearn(&mut self, workspace: WorkspaceId, words: &[String]) {
        let workspace = model::Id::raw(workspace);
        if let Some(learned) = self.words.get_mut(&workspace) {
            learned.retain(|w| !words.contains(w));
        }
        self.shared.words.forget(workspace, words);
    }

    /// Changes SQLite's search index when this use case is committed; until then nobody could see it anyway.
    pub(crate) fn index(&mut self, change: Indexing) {
        self.indexing.push(change);
    }

    /// Writes an event of this use case.
    pub async fn record(
        &mut self,
        workspace: WorkspaceId,
        actor: Actor,
        place: (Option<ConversationId>, Option<InboxId>),
        kind: EventKind,
    ) -> Result<(), Error> {
        let data = serde_json::to_value(&kind).map_err(|e| Error::Other(e.to_string()))?;
        let (actor_kind, actor_id) = actor.columns();
        let id: model::EventId = self.new_id();
        let now = self.now;
        self.execute(
            crate::sql::event::INSERT,
            args![workspace, id, now, actor_kind, actor_id, kind.name(), place.0, place.1, data["data"].to_string()],
        )
        .await?;
        self.wakes = true;
        Ok(())
    }

    /// Queues a job, to run at once after the commit.
    pub async fn enqueue(&mut self, workspace: WorkspaceId, job: &Job) -> Result<model::JobId, Error> {
        self.enqueue_at(workspace, job, self.now).await
    }

    /// Queues a job, to run at a time.
    pub async fn enqueue_at(&mut self, workspace: WorkspaceId, job: &Job, at: Timestamp) -> Result<model::JobId, Error> {
        let id: model::JobId = self.new_id();
        let now = self.now;
        let payload = serde_json::to_value(job).map_err(|e| Error::Other(e.to_string()))?["payload"].to_string();
        self.execute(crate::sql::job::INSERT, args![id, workspace, job.name(), payload, at, now]).await?;
        self.has_jobs = true;
        Ok(id)
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        match conn.inner {
            Inner::Writer(mut guard) => {
                guard.torn = true;
                // Others may wait for their commit with nobody left to make it.
                runtime.spawn(flush(guard));
            }
            Inner::Postgres(mut conn) => {
                runtime.spawn(async move {
                    if sqlx::raw_sql("ROLLBACK").execute(&mut *conn).await.is_err() {
                        let _ = conn.close().await;
                    }
                });
            }
            Inner::Reader(_) => {}
        }
    }
}

/// A caller that goes away while it waits for its commit leaves the commit to a task of its own.
struct Promise(Option<Arc<Mutex<WriterConn>>>);

impl Drop for Promise {
    fn drop(&mut self) {
        if let (Some(writer), Ok(runtime)) = (self.0.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move { flush(writer.lock_owned().await).await });
        }
    }
}

/// Closes the writer properly, so that the write-ahead log is folded in.
pub(crate) async fn close(writer: &Arc<Mutex<WriterConn>>) {
    let mut guard = writer.clone().lock_owned().await;
    let fold = move || {
        guard.end();
        let _ = guard.conn.run("PRAGMA optimize").and_then(|()| guard.conn.run("PRAGMA wal_checkpoint(TRUNCATE)"));
    };
    let _ = tokio::task::spawn_blocking(fold).await;
}
