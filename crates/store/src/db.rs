//! One database behind one face: connections, transactions, and the single SQLite writer that commits in groups.

use std::sync::Arc;

use model::{Actor, ConversationId, EventKind, InboxId, Job, Timestamp, WorkspaceId};
use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Postgres, Sqlite, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

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
    Reader(PoolConnection<Sqlite>),
    Writer(OwnedMutexGuard<WriterConn>),
    Postgres(PoolConnection<Postgres>),
}

/// The only connection that writes to SQLite, and the transactions that wait for its next commit.
pub(crate) struct WriterConn {
    conn: SqliteConnection,
    /// `BEGIN IMMEDIATE` has been said.
    open: bool,
    /// A transaction was dropped half-way: its savepoint is still there.
    torn: bool,
    /// SQLite may have given the whole group up (disk full, I/O error): it is rolled back, and nothing more is said in it.
    lost: Option<Error>,
    waiting: Vec<oneshot::Sender<Result<(), Error>>>,
}

impl WriterConn {
    pub(crate) fn new(conn: SqliteConnection) -> Self {
        Self { conn, open: false, torn: false, lost: None, waiting: Vec::new() }
    }

    /// Ends the group: everyone who waits is committed, or nobody.
    async fn flush(&mut self) {
        self.mend().await;
        if !self.open {
            self.lost = None;
            return;
        }
        self.open = false;
        let result = match self.lost.take() {
            Some(error) => Err(error),
            None => sqlx::raw_sql("COMMIT").execute(&mut self.conn).await.map(drop).map_err(Error::from),
        };
        if result.is_err() {
            let _ = sqlx::raw_sql("ROLLBACK").execute(&mut self.conn).await;
        }
        for waiting in self.waiting.drain(..) {
            let _ = waiting.send(result.clone());
        }
    }

    async fn mend(&mut self) {
        if std::mem::take(&mut self.torn)
            && let Err(error) = sqlx::raw_sql("ROLLBACK TO one; RELEASE one").execute(&mut self.conn).await
        {
            // The savepoint is gone, and with it the transactions of the group that wait for their commit.
            self.lost.get_or_insert(error.into());
        }
    }

    /// After some failures SQLite rolls the whole transaction back by itself, after others it may. Going on would write
    /// rows outside of any transaction.
    fn heed<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error @ (Error::StorageFull | Error::Unavailable(_))) = &result {
            self.lost.get_or_insert(error.clone());
        }
        result
    }

    fn is_sound(&self) -> Result<(), Error> {
        self.lost.clone().map_or(Ok(()), Err)
    }

    async fn begin(&mut self) -> Result<(), sqlx::Error> {
        self.mend().await;
        if self.lost.is_some() {
            self.flush().await;
        }
        if !self.open {
            sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut self.conn).await?;
            self.open = true;
        }
        sqlx::raw_sql("SAVEPOINT one").execute(&mut self.conn).await.map(drop)
    }
}

macro_rules! on {
    ($self:expr, $sql:expr, $values:expr, $method:ident, $map:expr) => {
        match &mut $self.inner {
            Inner::Reader(c) => sqlx::query_with($sql, value::sqlite($values)?).$method(&mut **c).await.map_err(Error::from).map($map(Row::Sqlite)),
            Inner::Writer(c) => {
                c.is_sound()?;
                let result = sqlx::query_with($sql, value::sqlite($values)?).$method(&mut c.conn).await.map_err(Error::from);
                c.heed(result).map($map(Row::Sqlite))
            }
            Inner::Postgres(c) => {
                sqlx::query_with($sql, value::postgres($values)?).$method(&mut **c).await.map_err(Error::from).map($map(Row::Postgres))
            }
        }
    };
}

fn all<R>(wrap: impl Fn(R) -> Row) -> impl Fn(Vec<R>) -> Vec<Row> {
    move |rows| rows.into_iter().map(&wrap).collect()
}

fn one<R>(wrap: impl Fn(R) -> Row) -> impl Fn(Option<R>) -> Option<Row> {
    move |row| row.map(&wrap)
}

impl Conn {
    pub(crate) fn reader(conn: PoolConnection<Sqlite>) -> Self {
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

    /// Every row.
    pub async fn fetch_all(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        on!(self, sql, values, fetch_all, all)
    }

    /// The first row.
    pub async fn fetch_optional(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Option<Row>, Error> {
        on!(self, sql, values, fetch_optional, one)
    }

    /// The first row, which must be there.
    pub async fn fetch_one(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Row, Error> {
        self.fetch_optional(sql, values).await?.ok_or_else(|| Error::Other("a row was expected".into()))
    }

    /// Runs a statement; how many rows it touched.
    pub async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, Error> {
        self.run(sqlx::AssertSqlSafe(sql), values).await
    }

    /// Like [`Self::fetch_all`], for SQL put together here from constant pieces and numbers, never from outside text.
    pub async fn fetch_built(&mut self, sql: String, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        on!(self, sqlx::AssertSqlSafe(sql), values, fetch_all, all)
    }

    /// Like [`Self::execute`], for SQL put together here from constant pieces and numbers, never from outside text.
    pub async fn execute_built(&mut self, sql: String, values: Vec<Value>) -> Result<u64, Error> {
        self.run(sqlx::AssertSqlSafe(sql), values).await
    }

    async fn run<S: sqlx::SqlSafeStr>(&mut self, sql: S, values: Vec<Value>) -> Result<u64, Error> {
        Ok(match &mut self.inner {
            Inner::Reader(c) => sqlx::query_with(sql, value::sqlite(values)?).execute(&mut **c).await?.rows_affected(),
            Inner::Writer(c) => {
                c.is_sound()?;
                let result = sqlx::query_with(sql, value::sqlite(values)?).execute(&mut c.conn).await.map_err(Error::from);
                c.heed(result)?.rows_affected()
            }
            Inner::Postgres(c) => sqlx::query_with(sql, value::postgres(values)?).execute(&mut **c).await?.rows_affected(),
        })
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
        match &mut self.inner {
            Inner::Reader(c) => c.prepare(sqlx::SqlSafeStr::into_sql_str(sql)).await.map(drop)?,
            Inner::Writer(c) => c.conn.prepare(sqlx::SqlSafeStr::into_sql_str(sql)).await.map(drop)?,
            Inner::Postgres(c) => c.prepare(sqlx::SqlSafeStr::into_sql_str(sql)).await.map(drop)?,
        }
        Ok(())
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
        Ok(Self { conn: Some(conn), writer: Some(writer.clone()), shared, now, wakes: false, has_jobs: false })
    }

    pub(crate) async fn postgres(conn: PoolConnection<Postgres>, shared: Arc<Shared>, now: Timestamp) -> Result<Self, Error> {
        let mut conn = Conn::postgres(conn);
        conn.execute("BEGIN", args![]).await?;
        Ok(Self { conn: Some(conn), writer: None, shared, now, wakes: false, has_jobs: false })
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
        self.execute("SAVEPOINT part", args![]).await.map(drop)
    }

    /// What was done since [`Self::savepoint`] stays.
    pub async fn keep_savepoint(&mut self) -> Result<(), Error> {
        self.execute("RELEASE SAVEPOINT part", args![]).await.map(drop)
    }

    /// What was done since [`Self::savepoint`] never was.
    pub async fn back_to_savepoint(&mut self) -> Result<(), Error> {
        self.execute("ROLLBACK TO SAVEPOINT part", args![]).await?;
        self.keep_savepoint().await
    }

    /// Makes it so. On SQLite, transactions that queue at the writer are committed together with this one.
    pub async fn commit(mut self) -> Result<(), Error> {
        let Some(conn) = self.conn.take() else { return Ok(()) };
        match conn.inner {
            Inner::Writer(mut guard) => {
                let released = match guard.is_sound() {
                    Ok(()) => sqlx::raw_sql("RELEASE one").execute(&mut guard.conn).await.map(drop).map_err(Error::from),
                    lost => lost,
                };
                if let Err(error) = released {
                    guard.torn = true;
                    guard.flush().await;
                    return Err(error);
                }
                let (done, mut result) = oneshot::channel();
                guard.waiting.push(done);
                let writer = self.writer.take().ok_or_else(|| Error::Other("no writer".into()))?;
                let mut promise = Promise(Some(writer.clone()));
                drop(guard);
                // Queue again behind those who wait already: they join the group; whoever comes first ends it.
                let result = tokio::select! {
                    biased;
                    result = &mut result => result,
                    mut guard = writer.lock_owned() => { guard.flush().await; drop(guard); result.await }
                };
                promise.0 = None;
                result.map_err(|_| Error::Unavailable("the writer went away".into()))??;
            }
            inner => {
                let mut conn = Conn { inner };
                conn.execute("COMMIT", args![]).await?;
            }
        }
        self.shared.committed(self.wakes, self.has_jobs);
        Ok(())
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
                runtime.spawn(async move { guard.flush().await });
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
            runtime.spawn(async move { writer.lock().await.flush().await });
        }
    }
}

/// Closes the writer properly, so that the write-ahead log is folded in.
pub(crate) async fn close(writer: &Arc<Mutex<WriterConn>>) {
    let mut guard = writer.lock().await;
    guard.flush().await;
    let _ = sqlx::raw_sql("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut guard.conn).await;
    let _ = guard.conn.ping().await;
}
