//! Inboxes, who may look in, and the mailboxes behind them. Secrets come and go sealed.

use model::inbox::{Health, ImapCursor, Inbox, Incoming, Outgoing};
use model::{AgentId, EmailAddress, InboxId, Timestamp, WorkspaceId};

use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

fn from_row(row: &Row) -> Result<Inbox, Error> {
    Ok(Inbox {
        id: row.id("id")?,
        name: row.text("name")?,
        address: row.parsed("address")?,
        from_name: row.maybe_text("from_name")?,
        signature_html: row.text("signature_html")?,
        open_to_all: row.flag("open_to_all")?,
        members: Vec::new(),
        acknowledgement: row.json("acknowledgement")?,
        closed_policy: row.json("closed_policy")?,
        incoming: row.json("incoming")?,
        outgoing: row.json("outgoing")?,
        incoming_health: row.json("incoming_health")?,
        outgoing_health: row.json("outgoing_health")?,
        created_at: row.time("created_at")?,
        archived_at: row.maybe_time("archived_at")?,
    })
}

/// Every inbox of a workspace with its members, archived ones too. Two statements.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Inbox>, Error> {
    let rows = conn.fetch_all(sql::inbox::LIST, args![workspace]).await?;
    let mut inboxes = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    for row in conn.fetch_all(sql::inbox::MEMBERS, args![workspace]).await? {
        let id: InboxId = row.id("inbox_id")?;
        if let Some(inbox) = inboxes.iter_mut().find(|i| i.id == id) {
            inbox.members.push(row.id("agent_id")?);
        }
    }
    Ok(inboxes)
}

/// One inbox, without its members.
pub async fn get(conn: &mut Conn, workspace: WorkspaceId, id: InboxId) -> Result<Option<Inbox>, Error> {
    conn.fetch_optional(sql::inbox::GET, args![workspace, id]).await?.as_ref().map(from_row).transpose()
}

/// Writes a new inbox.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, i: &Inbox) -> Result<(), Error> {
    tx.execute(
        sql::inbox::INSERT,
        args![
            workspace,
            i.id,
            i.name.as_str(),
            i.address.as_str(),
            i.address.folded(),
            i.from_name.as_deref(),
            i.signature_html.as_str(),
            i.open_to_all,
            to_json(&i.acknowledgement),
            to_json(&i.closed_policy),
            to_json(&i.incoming),
            to_json(&i.outgoing),
            to_json(&i.incoming_health),
            to_json(&i.outgoing_health),
            i.created_at
        ],
    )
    .await?;
    set_members(tx, workspace, i.id, &i.members).await
}

/// Writes a changed inbox, without its connection and members.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, i: &Inbox) -> Result<(), Error> {
    tx.execute(
        sql::inbox::UPDATE,
        args![
            workspace,
            i.id,
            i.name.as_str(),
            i.address.as_str(),
            i.address.folded(),
            i.from_name.as_deref(),
            i.signature_html.as_str(),
            i.open_to_all,
            to_json(&i.acknowledgement),
            to_json(&i.closed_policy),
            i.archived_at
        ],
    )
    .await
    .map(drop)
}

/// Who may look in. [`Error::Dangling`] when one is no agent of the workspace.
pub async fn set_members(tx: &mut Tx, workspace: WorkspaceId, id: InboxId, members: &[AgentId]) -> Result<(), Error> {
    tx.execute(sql::inbox::CLEAR_MEMBERS, args![workspace, id]).await?;
    for agent in members {
        tx.execute(sql::inbox::ADD_MEMBER, args![workspace, id, *agent]).await?;
    }
    Ok(())
}

/// Sealed secrets of a mailbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SealedSecrets {
    /// For incoming mail.
    pub incoming: Option<Vec<u8>>,
    /// For outgoing mail.
    pub outgoing: Option<Vec<u8>>,
}

/// Writes a mailbox's connection; where it stands is forgotten.
pub async fn connect(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: InboxId,
    incoming: &Incoming,
    outgoing: &Outgoing,
    secrets: &SealedSecrets,
) -> Result<(), Error> {
    let state = |off: bool| to_json(&if off { Health::Off } else { Health::Waiting });
    tx.execute(
        sql::inbox::CONNECT,
        args![
            workspace,
            id,
            to_json(incoming),
            to_json(outgoing),
            secrets.incoming.clone(),
            secrets.outgoing.clone(),
            state(*incoming == Incoming::None),
            state(*outgoing == Outgoing::None)
        ],
    )
    .await
    .map(drop)
}

/// Replaces the sealed secrets of a mailbox whose connection stays as it is.
pub async fn replace_secrets(tx: &mut Tx, workspace: WorkspaceId, id: InboxId, secrets: &SealedSecrets) -> Result<(), Error> {
    tx.execute(sql::inbox::REPLACE_SECRETS, args![workspace, id, secrets.incoming.clone(), secrets.outgoing.clone()]).await.map(drop)
}

/// The sealed secrets of a mailbox.
pub async fn secrets(conn: &mut Conn, workspace: WorkspaceId, id: InboxId) -> Result<SealedSecrets, Error> {
    let Some(row) = conn.fetch_optional(sql::inbox::SECRETS, args![workspace, id]).await? else { return Ok(SealedSecrets::default()) };
    Ok(SealedSecrets { incoming: row.maybe_bytes("incoming_secret")?, outgoing: row.maybe_bytes("outgoing_secret")? })
}

/// The inbox with an address (folded, without `+detail`), in whichever workspace.
pub async fn by_address(conn: &mut Conn, folded: &str) -> Result<Option<(WorkspaceId, InboxId)>, Error> {
    conn.fetch_optional(sql::inbox::BY_ADDRESS, args![folded]).await?.map(|r| Ok((r.id("workspace_id")?, r.id("id")?))).transpose()
}

/// Whether an address is one of the workspace's own.
pub async fn is_own_address(conn: &mut Conn, workspace: WorkspaceId, address: &EmailAddress) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::inbox::IS_OWN_ADDRESS, args![workspace, address.base()]).await?.is_some())
}

/// How incoming mail fares.
pub async fn set_incoming_health(tx: &mut Tx, workspace: WorkspaceId, id: InboxId, health: &Health) -> Result<(), Error> {
    tx.execute(sql::inbox::INCOMING_HEALTH, args![workspace, id, to_json(health)]).await.map(drop)
}

/// How outgoing mail fares.
pub async fn set_outgoing_health(tx: &mut Tx, workspace: WorkspaceId, id: InboxId, health: &Health) -> Result<(), Error> {
    tx.execute(sql::inbox::OUTGOING_HEALTH, args![workspace, id, to_json(health)]).await.map(drop)
}

/// Every inbox that is read by IMAP, in all workspaces.
pub async fn all_imap(conn: &mut Conn) -> Result<Vec<(WorkspaceId, InboxId)>, Error> {
    conn.fetch_all(sql::inbox::ALL_IMAP, args![]).await?.iter().map(|r| Ok((r.id("workspace_id")?, r.id("id")?))).collect()
}

/// Takes or prolongs the right to read a mailbox: one node at a time.
pub async fn lease_imap(tx: &mut Tx, workspace: WorkspaceId, id: InboxId, lease: &str, until: Timestamp) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(sql::inbox::LEASE_IMAP, args![workspace, id, lease, until, now]).await? == 1)
}

/// Gives that right back.
pub async fn release_imap(tx: &mut Tx, workspace: WorkspaceId, id: InboxId, lease: &str) -> Result<(), Error> {
    tx.execute(sql::inbox::RELEASE_IMAP, args![workspace, id, lease]).await.map(drop)
}

/// Where the IMAP reader stands.
pub async fn imap_cursor(conn: &mut Conn, workspace: WorkspaceId, id: InboxId) -> Result<Option<ImapCursor>, Error> {
    match conn.fetch_optional(sql::inbox::IMAP_CURSOR, args![workspace, id]).await? {
        Some(row) => row.maybe_json("imap_cursor"),
        None => Ok(None),
    }
}

/// Saves where the IMAP reader stands; false when the lease went to another node.
pub async fn save_imap_cursor(tx: &mut Tx, workspace: WorkspaceId, id: InboxId, cursor: ImapCursor, lease: &str) -> Result<bool, Error> {
    Ok(tx.execute(sql::inbox::SAVE_IMAP_CURSOR, args![workspace, id, to_json(&cursor), lease]).await? == 1)
}
