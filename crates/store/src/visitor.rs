//! Browsers that opened a widget, and who the site says that they are.

use model::visitor::Visitor;
use model::{CustomerId, EmailAddress, InboxId, Timestamp, VisitorId, WorkspaceId};

use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

pub(crate) fn from_row(row: &Row) -> Result<Visitor, Error> {
    Ok(Visitor {
        id: row.id("id")?,
        inbox: row.id("inbox_id")?,
        customer: row.maybe_id("customer_id")?,
        identity: row.maybe_text("identity")?.zip(row.maybe_time("identified_until")?),
        name: row.maybe_text("name")?,
        email: row.maybe_text("email")?.and_then(|e| e.parse().ok()),
        locale: row.text("locale")?,
        page: row.maybe_json("page")?,
        created_at: row.time("created_at")?,
        seen_at: row.time("seen_at")?,
        connected_until: row.maybe_time("connected_until")?,
        proven: row.maybe_json("proven")?.unwrap_or_default(),
    })
}

fn proven(v: &Visitor) -> Option<String> {
    (!v.proven.is_empty()).then(|| to_json(&v.proven))
}

/// Writes a new one. Of its token only the hash comes here.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, v: &Visitor, token_hash: &str) -> Result<(), Error> {
    let values = args![
        workspace,
        v.id,
        v.inbox,
        token_hash,
        v.customer,
        v.identity.as_ref().map(|(s, _)| s.as_str()),
        v.identity.as_ref().map(|(_, until)| *until),
        v.name.as_deref(),
        v.email.as_ref().map(EmailAddress::as_str),
        v.locale.as_str(),
        v.page.as_ref().map(to_json),
        v.created_at,
        v.seen_at,
        proven(v)
    ];
    tx.execute(sql::visitor::INSERT, values).await.map(drop)
}

/// The visitor of an inbox's widget with a token.
pub async fn by_token(conn: &mut Conn, workspace: WorkspaceId, inbox: InboxId, token_hash: &str) -> Result<Option<Visitor>, Error> {
    conn.fetch_optional(sql::visitor::BY_TOKEN, args![workspace, inbox, token_hash]).await?.as_ref().map(from_row).transpose()
}

/// One visitor.
pub async fn get(conn: &mut Conn, workspace: WorkspaceId, id: VisitorId) -> Result<Option<Visitor>, Error> {
    conn.fetch_optional(sql::visitor::GET, args![workspace, id]).await?.as_ref().map(from_row).transpose()
}

/// The same, locked until the use case ends: of several messages at once, one makes the customer.
pub async fn lock(tx: &mut Tx, workspace: WorkspaceId, id: VisitorId) -> Result<Option<Visitor>, Error> {
    let sql = format!("{}{}", sql::visitor::GET, tx.pick("", " FOR UPDATE"));
    tx.fetch_built(sql, args![workspace, id]).await?.first().map(from_row).transpose()
}

/// Writes a changed one, seen just now.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, v: &Visitor) -> Result<(), Error> {
    let now = tx.now();
    let values = args![
        workspace,
        v.id,
        v.customer,
        v.identity.as_ref().map(|(s, _)| s.as_str()),
        v.identity.as_ref().map(|(_, until)| *until),
        v.name.as_deref(),
        v.email.as_ref().map(EmailAddress::as_str),
        v.locale.as_str(),
        v.page.as_ref().map(to_json),
        now,
        proven(v)
    ];
    tx.execute(sql::visitor::UPDATE, values).await.map(drop)
}

/// Gives it another token; the one that it had is good for nothing.
pub async fn set_token(tx: &mut Tx, workspace: WorkspaceId, id: VisitorId, token_hash: &str) -> Result<(), Error> {
    tx.execute(sql::visitor::SET_TOKEN, args![workspace, id, token_hash]).await.map(drop)
}

/// Nobody has its token any more.
pub async fn forget_token(tx: &mut Tx, workspace: WorkspaceId, id: VisitorId) -> Result<(), Error> {
    tx.execute(sql::visitor::FORGET_TOKEN, args![workspace, id, format!("gone:{id}")]).await.map(drop)
}

/// These have a stream open, at least until then. One statement.
pub async fn connected(tx: &mut Tx, workspace: WorkspaceId, ids: &[VisitorId], until: Timestamp) -> Result<(), Error> {
    let sql = format!("UPDATE visitor SET connected_until = $2 WHERE workspace_id = $1 AND id {}", tx.is_one_of(3));
    let ids = tx.ids(ids.iter().map(|i| model::Id::raw(*i)));
    tx.execute_built(&sql, args![workspace, until, ids]).await.map(drop)
}

/// Its last stream was closed.
pub async fn disconnected(tx: &mut Tx, workspace: WorkspaceId, id: VisitorId) -> Result<(), Error> {
    tx.execute(sql::visitor::DISCONNECT, args![workspace, id, None::<i64>]).await.map(drop)
}

/// Those of some visitors whose token is still good, with its hash, so that a renewed one shows.
pub async fn tokens(conn: &mut Conn, workspace: WorkspaceId, ids: &[VisitorId], now: Timestamp) -> Result<Vec<(VisitorId, String)>, Error> {
    let sql = format!(
        "SELECT id, token_hash FROM visitor WHERE workspace_id = $1 AND (identified_until IS NULL OR identified_until > $2) AND id {}",
        conn.is_one_of(3)
    );
    let ids = conn.ids(ids.iter().map(|i| model::Id::raw(*i)));
    conn.fetch_built(sql, args![workspace, now, ids]).await?.iter().map(|r| Ok((r.id("id")?, r.text("token_hash")?))).collect()
}

/// The customer that we know a site's person as.
pub async fn customer_of(conn: &mut Conn, workspace: WorkspaceId, inbox: InboxId, subject: &str) -> Result<Option<CustomerId>, Error> {
    let row = conn.fetch_optional(sql::visitor::IDENTITY, args![workspace, inbox, subject]).await?;
    row.map(|r| r.id("customer_id")).transpose()
}

/// From now on we know them as this customer, unless we knew them before.
pub async fn put_identity(tx: &mut Tx, workspace: WorkspaceId, inbox: InboxId, subject: &str, customer: CustomerId) -> Result<(), Error> {
    tx.execute(sql::visitor::PUT_IDENTITY, args![workspace, inbox, subject, customer]).await.map(drop)
}

/// Gives a customer an address that is nobody's yet; it is the main one when there is none.
pub async fn give_address(tx: &mut Tx, workspace: WorkspaceId, customer: CustomerId, address: &EmailAddress) -> Result<(), Error> {
    let values = args![workspace, address.folded(), address.as_str(), customer, false, model::company::path(address.domain())];
    if tx.execute(sql::customer::INSERT_EMAIL, values).await? == 1 {
        tx.execute(sql::visitor::GIVE_ADDRESS, args![workspace, customer, address.as_str()]).await?;
    }
    Ok(())
}

/// Forgets those who never wrote and were not seen since a time.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(sql::visitor::FORGET_CONNECTIONS, args![now]).await?;
    crate::stay::expire(tx, before).await?;
    tx.execute(sql::visitor::EXPIRE, args![before]).await
}
