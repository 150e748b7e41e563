//! Who takes part in a conversation: the requester and those in copy.

use model::{ConversationId, CustomerId, EmailAddress, Mailbox, WorkspaceId};

use crate::{Conn, Error, Tx, args, sql};

/// Adds somebody; twice is once.
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, conversation: ConversationId, who: &Mailbox, customer: Option<CustomerId>) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(
        sql::participant::ADD,
        args![workspace, conversation, who.address.folded(), who.address.as_str(), who.name.as_deref(), customer, now],
    )
    .await
    .map(drop)
}

/// Everyone who takes part, in order of joining.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId) -> Result<Vec<(Mailbox, Option<CustomerId>)>, Error> {
    let rows = conn.fetch_all(sql::participant::LIST, args![workspace, conversation]).await?;
    rows.iter().map(|r| Ok((Mailbox { name: r.maybe_text("name")?, address: r.parsed("address")? }, r.maybe_id("customer_id")?))).collect()
}

/// Whether an address takes part.
pub async fn contains(conn: &mut Conn, workspace: WorkspaceId, conversation: ConversationId, address: &EmailAddress) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::participant::FIND, args![workspace, conversation, address.folded()]).await?.is_some())
}
