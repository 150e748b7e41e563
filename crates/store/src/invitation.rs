//! Invitations. Only the hash of an invitation's word is kept.

use model::workspace::Language;
use model::{AgentId, EmailAddress, InboxId, InvitationId, Role, TeamId, Timestamp, WorkspaceId};

use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

/// Somebody who was asked to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Id.
    pub id: InvitationId,
    /// Where it went.
    pub email: EmailAddress,
    /// Name, as whoever invited wrote it.
    pub name: String,
    /// The role to come.
    pub role: Role,
    /// Language of the mail and the first screen.
    pub language: Language,
    /// Inboxes to be in.
    pub inboxes: Vec<InboxId>,
    /// Teams to be in.
    pub teams: Vec<TeamId>,
    /// Who invited.
    pub invited_by: AgentId,
    /// Sent first.
    pub created_at: Timestamp,
    /// End.
    pub expires_at: Timestamp,
}

fn read(row: &Row) -> Result<Invitation, Error> {
    Ok(Invitation {
        workspace: row.id("workspace_id")?,
        id: row.id("id")?,
        email: row.parsed("email")?,
        name: row.text("name")?,
        role: row.parsed("role")?,
        language: row.parsed("language")?,
        inboxes: row.json("inbox_ids")?,
        teams: row.json("team_ids")?,
        invited_by: row.id("invited_by")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    })
}

/// Keeps an invitation. [`Error::Duplicate`] while another one for the address is open.
pub async fn insert(tx: &mut Tx, invitation: &Invitation, hash: &str) -> Result<(), Error> {
    let i = invitation;
    let (now, folded) = (tx.now(), i.email.folded());
    tx.execute(sql::invitation::DELETE_STALE, args![i.workspace, &folded, now]).await?;
    tx.execute(
        sql::invitation::INSERT,
        args![
            i.workspace,
            i.id,
            hash,
            i.email.as_str(),
            &folded,
            &i.name,
            i.role.as_str(),
            i.language.as_str(),
            to_json(&i.inboxes),
            to_json(&i.teams),
            i.invited_by,
            i.created_at,
            i.expires_at,
        ],
    )
    .await
    .map(drop)
}

/// A workspace's invitations that nobody took up yet, newest first; at most 1,000.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Invitation>, Error> {
    conn.fetch_all(sql::invitation::LIST, args![workspace]).await?.iter().map(read).collect()
}

/// An invitation of a workspace.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, id: InvitationId) -> Result<Option<Invitation>, Error> {
    conn.fetch_optional(sql::invitation::FIND, args![workspace, id]).await?.as_ref().map(read).transpose()
}

/// The invitation of a word, while it is good.
pub async fn by_hash(conn: &mut Conn, hash: &str, now: Timestamp) -> Result<Option<Invitation>, Error> {
    conn.fetch_optional(sql::invitation::BY_HASH, args![hash, now]).await?.as_ref().map(read).transpose()
}

/// Uses an invitation up.
pub async fn redeem(tx: &mut Tx, hash: &str) -> Result<Option<Invitation>, Error> {
    let now = tx.now();
    tx.fetch_optional(sql::invitation::REDEEM, args![hash, now]).await?.as_ref().map(read).transpose()
}

/// Gives an invitation a new word and a new end; the old word stops working. Whether there was one.
pub async fn renew(tx: &mut Tx, workspace: WorkspaceId, id: InvitationId, hash: &str, end: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(sql::invitation::RENEW, args![workspace, id, hash, end]).await? > 0)
}

/// Takes an invitation back; whether there was one.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: InvitationId) -> Result<bool, Error> {
    Ok(tx.execute(sql::invitation::DELETE, args![workspace, id]).await? > 0)
}
