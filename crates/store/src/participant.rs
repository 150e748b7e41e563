//! Who takes part in a conversation: the requester and those in copy.

use model::{ConversationId, CustomerId, EmailAddress, Mailbox, WorkspaceId};

use crate::{Conn, Error, Tx, args, sql};

/// Adds somebody; twice is once.
pub async fn add(
    tx: &mut Tx,
    workspace: WorkspaceId,
    conversation: ConversationId,
    who: &Mailbox,
    customer: Option<CustomerId>,
) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::participant::ADD, args![workspace, conversation, who.address.folded(), who.address.as_str(), who.name.as_deref(), customer, now])
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

/// The active agent with an address.
pub async fn agent_by_address(conn: &mut Conn, workspace: WorkspaceId, address: &EmailAddress) -> Result<Option<model::AgentId>, Error> {
    conn.fetch_optional(sql::participant::AGENT_BY_ADDRESS, args![workspace, address.folded()]).await?.map(|r| r.id("id")).transpose()
}

/// What an agent puts under a message, and how long it can be taken back.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Author {
    pub name: String,
    pub signature_html: String,
    pub undo_seconds: u16,
}

/// An agent as the author of a message.
pub async fn author(conn: &mut Conn, workspace: WorkspaceId, id: model::AgentId) -> Result<Option<Author>, Error> {
    let Some(row) = conn.fetch_optional(sql::participant::AUTHOR, args![workspace, id]).await? else { return Ok(None) };
    let preferences: model::agent::Preferences = row.json("preferences")?;
    Ok(Some(Author { name: row.text("name")?, signature_html: row.text("signature_html")?, undo_seconds: preferences.undo_seconds.min(60) }))
}

/// The inbox of a conversation.
pub async fn inbox_of(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Option<model::InboxId>, Error> {
    conn.fetch_optional(sql::participant::INBOX_OF, args![workspace, id]).await?.map(|r| r.id("inbox_id")).transpose()
}
