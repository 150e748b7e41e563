//! What operators need of a store as a whole: is it sound, what is in it, is it fit to run after a restore?

use std::collections::BTreeMap;
use std::path::Path;

use model::{Secret, Timestamp};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use crate::db::{Conn, Dialect, Tx};
use crate::lite::Lite;
use crate::{Error, args, sql};

/// How many of each noun there are.
pub type Counts = BTreeMap<&'static str, i64>;

/// The schema steps that were applied, oldest first.
pub async fn schema_steps(conn: &mut Conn) -> Result<Vec<String>, Error> {
    conn.fetch_all(sql::upkeep::SCHEMA_STEPS, args![]).await?.iter().map(|row| row.text("name")).collect()
}

/// How many of each noun there are, for a backup's manifest. Cost: O(rows).
pub async fn counts(conn: &mut Conn) -> Result<Counts, Error> {
    let rows = conn.fetch_aside(sql::upkeep::COUNTS.to_owned(), args![]).await?;
    let row = rows.first().ok_or_else(|| Error::Other("a row was expected".into()))?;
    ["workspaces", "agents", "inboxes", "customers", "conversations", "messages", "mails", "blobs"]
        .into_iter()
        .map(|name| Ok((name, row.int(name)?)))
        .collect()
}

/// Jobs by state.
pub async fn jobs(conn: &mut Conn) -> Result<Vec<(String, i64)>, Error> {
    conn.fetch_all(sql::upkeep::JOBS_BY_STATE, args![]).await?.iter().map(|row| Ok((row.text("state")?, row.int("n")?))).collect()
}

/// Mails in quarantine.
pub async fn quarantined(conn: &mut Conn) -> Result<i64, Error> {
    conn.fetch_one(sql::upkeep::MAILS_IN_STATE, args!["quarantined"]).await?.int("n")
}

/// Nodes that gave a sign of life, this one included.
pub async fn nodes_alive(conn: &mut Conn, now: Timestamp) -> Result<i64, Error> {
    conn.fetch_one(sql::upkeep::NODES_ALIVE, args![now]).await?.int("n")
}

/// The database server's clock; none for SQLite, which has none of its own.
pub async fn clock(conn: &mut Conn) -> Result<Option<Timestamp>, Error> {
    if conn.dialect() == Dialect::Sqlite {
        return Ok(None);
    }
    let text = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS at";
    conn.fetch_one(text, args![]).await?.time("at").map(Some)
}

/// Looks for damage without stopping anyone. Empty when the database is sound. Cost: reads the whole SQLite file.
pub async fn quick_check(conn: &mut Conn) -> Result<Vec<String>, Error> {
    if conn.dialect() == Dialect::Postgres {
        return Ok(Vec::new());
    }
    let rows = conn.fetch_aside("PRAGMA quick_check(20)".to_owned(), args![]).await?;
    let found: Vec<String> = rows.iter().map(|row| row.text("quick_check")).collect::<Result<_, _>>()?;
    Ok(found.into_iter().filter(|line| line != "ok").collect())
}

/// Remembers a fact about the installation unless it is known already; gives back what is known.
pub async fn claim(tx: &mut Tx, name: &str, value: &str) -> Result<String, Error> {
    tx.execute(sql::upkeep::CLAIM, args![name, value]).await?;
    tx.fetch_one(sql::upkeep::FACT, args![name]).await?.text("value")
}

/// A fact about the installation.
pub async fn fact(conn: &mut Conn, name: &str) -> Result<Option<String>, Error> {
    conn.fetch_optional(sql::upkeep::FACT, args![name]).await?.map(|row| row.text("value")).transpose()
}

/// Makes every running job ready again. Only for when no other node can be working on one: a crash is over at once then,
/// and not only when the leases end. Also gives IMAP mailboxes free.
pub async fn free_work(tx: &mut Tx) -> Result<u64, Error> {
    tx.execute(sql::upkeep::FORGET_IMAP_LEASES, args![]).await?;
    tx.execute(sql::upkeep::FREE_JOBS, args![]).await
}

/// Forgets a fact about the installation.
pub async fn forget(tx: &mut Tx, name: &str) -> Result<(), Error> {
    tx.execute(sql::upkeep::FORGET, args![name]).await.map(drop)
}

/// What a restore did to work that was under way when the backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// Messages that were waiting to be sent and are now marked as failed.
    pub unsent: u64,
}

/// The fact that tells when the installation was last restored from a backup, in microseconds since 1970. What readers of its
/// log remember from before may never have happened.
pub const RESTORED: &str = "restored";

/// Makes a restored database fit to run: forgets the old installation's nodes and leases. Unless `resend`, everything that
/// was waiting to be sent fails with `why`, because it may have gone out after the backup was made.
pub async fn settle_after_restore(tx: &mut Tx, resend: bool, why: &str) -> Result<Settled, Error> {
    let now = tx.now();
    tx.execute(sql::upkeep::FORGET_NODES, args![]).await?;
    tx.execute(sql::upkeep::FORGET_IMAP_LEASES, args![]).await?;
    tx.execute(sql::upkeep::FREE_JOBS, args![]).await?;
    if tx.dialect() == crate::Dialect::Postgres {
        tx.execute(sql::upkeep::FORGET_TRANSACTIONS, args![]).await?;
    }
    tx.execute(sql::upkeep::FORGET_LISTENERS, args![]).await?;
    tx.execute(sql::resumable::FORGET, args![]).await?;
    forget(tx, RESTORED).await?;
    claim(tx, RESTORED, &now.as_microsecond().to_string()).await?;
    if resend {
        return Ok(Settled { unsent: 0 });
    }
    tx.execute(sql::upkeep::DROP_SENDING_JOBS, args![]).await?;
    tx.execute(sql::upkeep::FAIL_UNSENT_RECIPIENTS, args![why, now]).await?;
    let unsent = tx.execute(sql::upkeep::FAIL_UNSENT_MESSAGES, args![]).await?;
    Ok(Settled { unsent })
}

/// What a SQLite file says about itself, without being changed or migrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// Damage; empty when sound.
    pub damage: Vec<String>,
    /// Schema steps that were applied.
    pub schema: Vec<String>,
}

/// Reads a whole SQLite file and checks it: pages, indexes, foreign keys.
///
/// # Errors
/// When it is no SQLite database at all.
pub async fn check_file(file: &Path) -> Result<FileReport, Error> {
    let file = file.to_owned();
    let check = move || {
        let mut lite = Lite::open_still(&file)?;
        let mut damage = texts(&mut lite, "PRAGMA integrity_check(20)", "integrity_check")?;
        damage.retain(|line| line != "ok");
        for row in lite.fetch("PRAGMA foreign_key_check", &[], 20)? {
            damage.push(format!("a row of {} refers to nothing", row.text("table")?.unwrap_or_default()));
        }
        let schema = texts(&mut lite, "SELECT name FROM schema_step ORDER BY name", "name")?;
        Ok(FileReport { damage, schema })
    };
    tokio::task::spawn_blocking(check).await.map_err(|e| Error::Other(e.to_string()))?
}

fn texts(lite: &mut Lite, sql: &str, column: &str) -> Result<Vec<String>, Error> {
    lite.fetch(sql, &[], usize::MAX)?.iter().map(|row| Ok(row.text(column)?.unwrap_or_default())).collect()
}

/// Whether a PostgreSQL database has no table of its own yet.
pub async fn postgres_is_empty(url: &Secret) -> Result<bool, Error> {
    let options: sqlx::postgres::PgConnectOptions =
        url.expose().parse().map_err(|_| Error::Other("the database URL is not a postgres:// address".into()))?;
    let mut conn = options.log_statements(log::LevelFilter::Off).connect().await?;
    let row = sqlx::query("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()").fetch_one(&mut conn).await?;
    let tables: i64 = row.try_get(0)?;
    conn.close().await?;
    Ok(tables == 0)
}
