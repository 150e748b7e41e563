//! Readers of the log that must do each thing once, wherever they run: their place is kept with what they did.

use model::event::Cursor;

use crate::{Conn, Error, Tx, args, sql};

/// Begins at the end of the log, unless the listener has a place already.
pub async fn start(tx: &mut Tx, name: &str) -> Result<(), Error> {
    let head = crate::event::head(tx).await?;
    tx.execute(sql::listener::START, args![name, head.txid, head.seq]).await.map(drop)
}

/// How far the listener is.
pub async fn place(conn: &mut Conn, name: &str) -> Result<Option<Cursor>, Error> {
    let row = conn.fetch_optional(sql::listener::AT, args![name]).await?;
    row.map(|r| Ok(Cursor { txid: r.int("txid")?, seq: r.int("seq")? })).transpose()
}

/// The same, and nobody else moves it until the transaction ends. None when another node has it just now.
pub async fn take(tx: &mut Tx, name: &str) -> Result<Option<Cursor>, Error> {
    let lock = tx.pick("", " FOR UPDATE SKIP LOCKED");
    let rows = tx.fetch_built(format!("{}{lock}", sql::listener::AT), args![name]).await?;
    rows.first().map(|r| Ok(Cursor { txid: r.int("txid")?, seq: r.int("seq")? })).transpose()
}

/// Goes on to a place.
pub async fn move_to(tx: &mut Tx, name: &str, cursor: Cursor) -> Result<(), Error> {
    tx.execute(sql::listener::MOVE, args![name, cursor.txid, cursor.seq]).await.map(drop)
}
