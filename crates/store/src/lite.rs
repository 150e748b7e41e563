//! SQLite, spoken to where the caller stands: a statement is a function call and not a message to another thread, for most of
//! ours take less time than waking one. What may take long ([`Reader::aside`], commits) moves to a thread for blocking work.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement, ToSql};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Error, Value};

/// Statements that each connection keeps prepared.
const PREPARED: usize = 256;
/// Connections that read.
const READERS: u32 = 4;
/// How long a connection waits for another process.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// One connection.
pub(crate) struct Lite {
    // Reached through `&mut` alone. The lock costs nothing that way, and lets a reference cross threads, as futures must.
    conn: Mutex<Connection>,
    known: HashMap<Box<str>, Arc<Shape>>,
}

/// What there is to know of a statement.
#[derive(Debug)]
struct Shape {
    /// For each of SQLite's parameters, which of our arguments it is: `$2` is the second, wherever it stands.
    arguments: Vec<usize>,
    columns: Vec<Box<str>>,
}

impl Shape {
    fn of(statement: &Statement<'_>) -> Result<Self, Error> {
        let number = |at| {
            let name = statement.parameter_name(at).and_then(|name| name.get(1..));
            name.and_then(|n| n.parse::<usize>().ok()?.checked_sub(1)).ok_or_else(|| Error::Other("an argument has no number".into()))
        };
        let arguments = (1..=statement.parameter_count()).map(number).collect::<Result<_, _>>()?;
        Ok(Self { arguments, columns: statement.column_names().into_iter().map(Box::from).collect() })
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Int(Some(v)) => ToSqlOutput::Owned(Owned::Integer(*v)),
            Self::Flag(v) => ToSqlOutput::Owned(Owned::Integer(i64::from(*v))),
            Self::Text(Some(v)) => ToSqlOutput::Borrowed(ValueRef::Text(v.as_bytes())),
            Self::Bytes(Some(v)) => ToSqlOutput::Borrowed(ValueRef::Blob(v)),
            Self::Int(None) | Self::Text(None) | Self::Bytes(None) => ToSqlOutput::Owned(Owned::Null),
        })
    }
}

impl Lite {
    /// Opens the file for writing, or for reading alone.
    pub(crate) fn open(file: &Path, writes: bool) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(file, flags)?;
        conn.busy_timeout(PATIENCE)?;
        conn.set_prepared_statement_cache_capacity(PREPARED);
        // Else, once there are statistics, each new argument has its statement planned anew.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        text_holds(&conn)?;
        let mut this = Self { conn: Mutex::new(conn), known: HashMap::new() };
        for pragma in ["journal_mode = wal", "synchronous = full", "foreign_keys = on", "temp_store = memory", "journal_size_limit = 67108864"] {
            this.run(&format!("PRAGMA {pragma}"))?;
        }
        this.run("PRAGMA cache_size = -16000")?;
        this.run("PRAGMA mmap_size = 268435456")?;
        if writes {
            // The log is folded in beside the writer, and whoever begins waits without holding a thread.
            this.run("PRAGMA wal_autocheckpoint = 0")?;
            this.conn().busy_timeout(Duration::ZERO)?;
        } else {
            this.run("PRAGMA query_only = on")?;
        }
        Ok(this)
    }

    /// Opens a file that nobody writes, and changes nothing of it.
    pub(crate) fn open_still(file: &Path) -> Result<Self, Error> {
        let path = file.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(format!("file:{path}?immutable=1"), flags)?;
        Ok(Self { conn: Mutex::new(conn), known: HashMap::new() })
    }

    fn conn(&mut self) -> &mut Connection {
        self.conn.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// Up to so many rows.
    pub(crate) fn fetch(&mut self, sql: &str, values: &[Value], most: usize) -> Result<Vec<LiteRow>, Error> {
        let conn = self.conn.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut statement = conn.prepare_cached(sql)?;
        let shape = if let Some(shape) = self.known.get(sql) {
            shape.clone()
        } else {
            let shape = Arc::new(Shape::of(&statement)?);
            if self.known.len() >= 2 * PREPARED {
                self.known.clear();
            }
            self.known.insert(sql.into(), shape.clone());
            shape
        };
        for (at, argument) in shape.arguments.iter().enumerate() {
            let value = values.get(*argument).ok_or_else(|| Error::Other(format!("argument ${} is missing", argument + 1)))?;
            statement.raw_bind_parameter(at + 1, value)?;
        }
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            if found.len() == most {
                break;
            }
            found.push(LiteRow::read(row, &shape)?);
        }
        Ok(found)
    }

    /// Runs a statement to its end; how many rows it touched.
    pub(crate) fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        self.fetch(sql, values, usize::MAX)?;
        Ok(self.conn().changes())
    }

    /// Runs a statement without arguments.
    pub(crate) fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.execute(sql, &[]).map(drop)
    }

    /// Prepares a statement without running it.
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        self.conn().prepare(sql)?;
        Ok(())
    }
}

/// Teaches a connection `text_holds(subject, name, address, body, tokens, in_a_row)`: what [`crate::message::searchable`] makes
/// of a message holds these tokens.
fn text_holds(conn: &Connection) -> Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    let holds = |ctx: &rusqlite::functions::Context<'_>| {
        let text = |n: usize| ctx.get_raw(n).as_str().unwrap_or_default();
        let tokens = ctx.get_or_create_aux(4, |asked| asked.as_str().map(|t| t.split(' ').map(str::to_owned).collect::<Vec<String>>()))?;
        let label = if text(1).trim().is_empty() { text(2) } else { text(1) };
        Ok(model::text::holds(&format!("{}\n{label}\n{}", text(0), text(3)), &tokens, ctx.get::<bool>(5)?))
    };
    Ok(conn.create_scalar_function("text_holds", 6, flags, holds)?)
}

/// One row: its texts and bytes in one piece.
pub struct LiteRow {
    shape: Arc<Shape>,
    cells: Vec<Cell>,
    bytes: Vec<u8>,
    /// Columns are mostly read in their order, so the search begins behind the last one found.
    next: AtomicUsize,
}

#[derive(Debug, Clone, Copy)]
enum Cell {
    Null,
    Int(i64),
    Real,
    Text(usize, usize),
    Blob(usize, usize),
}

impl LiteRow {
    fn read(row: &rusqlite::Row<'_>, shape: &Arc<Shape>) -> Result<Self, Error> {
        let mut bytes = Vec::new();
        let mut keep = |part: &[u8]| {
            let from = bytes.len();
            bytes.extend_from_slice(part);
            (from, bytes.len())
        };
        let mut cells = Vec::with_capacity(shape.columns.len());
        for at in 0..shape.columns.len() {
            cells.push(match row.get_ref(at)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(v) => Cell::Int(v),
                ValueRef::Real(_) => Cell::Real,
                ValueRef::Text(part) => {
                    let (from, to) = keep(part);
                    Cell::Text(from, to)
                }
                ValueRef::Blob(part) => {
                    let (from, to) = keep(part);
                    Cell::Blob(from, to)
                }
            });
        }
        Ok(Self { shape: shape.clone(), cells, bytes, next: AtomicUsize::new(0) })
    }

    fn cell(&self, name: &str) -> Result<Cell, Error> {
        let columns = &self.shape.columns;
        let next = self.next.load(Ordering::Relaxed).min(columns.len());
        let behind = columns[next..].iter().position(|c| **c == *name).map(|at| next + at);
        let at = behind.or_else(|| columns[..next].iter().position(|c| **c == *name)).ok_or_else(|| Error::Corrupt(format!("no column {name}")))?;
        self.next.store(at + 1, Ordering::Relaxed);
        Ok(self.cells[at])
    }

    pub(crate) fn int(&self, name: &str) -> Result<Option<i64>, Error> {
        match self.cell(name)? {
            Cell::Null => Ok(None),
            Cell::Int(v) => Ok(Some(v)),
            _ => Err(Error::Corrupt(format!("column {name} is no number"))),
        }
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let bad = || Error::Corrupt(format!("column {name} is no text"));
        match self.cell(name)? {
            Cell::Null => Ok(None),
            Cell::Text(from, to) => std::str::from_utf8(&self.bytes[from..to]).map(|t| Some(t.to_owned())).map_err(|_| bad()),
            _ => Err(bad()),
        }
    }

    pub(crate) fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        match self.cell(name)? {
            Cell::Null => Ok(None),
            Cell::Blob(from, to) | Cell::Text(from, to) => Ok(Some(self.bytes[from..to].to_vec())),
            _ => Err(Error::Corrupt(format!("column {name} is no bytes"))),
        }
    }
}

/// The connections that read.
pub(crate) struct Readers {
    file: PathBuf,
    idle: Mutex<Vec<Lite>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn new(file: PathBuf) -> Arc<Self> {
        Arc::new(Self { file, idle: Mutex::new(Vec::new()), permits: Arc::new(Semaphore::new(READERS as usize)) })
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Lite>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn acquire(self: &Arc<Self>) -> Result<Reader, Error> {
        let permit = tokio::time::timeout(PATIENCE, self.permits.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| Error::Unavailable("every connection that reads is busy".into()))?;
        let permit = permit.map_err(|_| Error::Unavailable("the store is closed".into()))?;
        let idle = self.idle().pop();
        let lite = idle.map_or_else(|| Lite::open(&self.file, false), Ok)?;
        Ok(Reader { lite: Some(lite), pool: self.clone(), _permit: permit })
    }

    /// Waits for those who read, and closes.
    pub(crate) async fn close(&self) {
        let _ = tokio::time::timeout(PATIENCE, self.permits.acquire_many(READERS)).await;
        self.permits.close();
        self.idle().clear();
    }
}

/// A connection that reads; goes back when dropped.
pub(crate) struct Reader {
    lite: Option<Lite>,
    pool: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    pub(crate) fn lite(&mut self) -> Result<&mut Lite, Error> {
        if self.lite.is_none() {
            // The last one went down with work that was given up.
            self.lite = Some(Lite::open(&self.pool.file, false)?);
        }
        self.lite.as_mut().ok_or_else(|| Error::Unavailable("no connection".into()))
    }

    /// Does what may take long on a thread for blocking work.
    pub(crate) async fn aside<T: Send + 'static>(&mut self, work: impl FnOnce(&mut Lite) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
        self.lite()?;
        let Some(mut lite) = self.lite.take() else { return Err(Error::Unavailable("no connection".into())) };
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&mut lite);
            (lite, result)
        });
        let (lite, result) = done.await.map_err(|e| Error::Unavailable(e.to_string()))?;
        self.lite = Some(lite);
        result
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(lite) = self.lite.take()
            && !self.pool.permits.is_closed()
        {
            self.pool.idle().push(lite);
        }
    }
}
