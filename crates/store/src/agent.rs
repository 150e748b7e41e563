//! Agents, and what they can see.

use model::agent::Agent;
use model::{AgentId, InboxId, Inboxes, Role, Timestamp, WorkspaceId};

use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

pub(crate) fn read(row: &Row) -> Result<Agent, Error> {
    Ok(Agent {
        id: row.id("id")?,
        name: row.text("name")?,
        email: row.parsed("email")?,
        role: row.parsed("role")?,
        language: row.parsed("language")?,
        time_zone: row.maybe_text("time_zone")?,
        signature_html: row.text("signature_html")?,
        preferences: row.json("preferences")?,
        created_at: row.time("created_at")?,
        last_seen_at: row.maybe_time("last_seen_at")?,
        deactivated_at: row.maybe_time("deactivated_at")?,
    })
}

/// Adds an agent. [`Error::Duplicate`] when the address signs in somewhere already.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, agent: &Agent, password_hash: Option<&str>) -> Result<(), Error> {
    let a = agent;
    tx.execute(
        sql::agent::INSERT,
        args![
            workspace,
            a.id,
            a.email.as_str(),
            a.email.folded(),
            &a.name,
            a.role.as_str(),
            password_hash,
            a.language.as_str(),
            a.time_zone.as_deref(),
            &a.signature_html,
            to_json(&a.preferences),
            a.created_at,
        ],
    )
    .await
    .map(drop)
}

/// An agent of a workspace.
pub async fn find(conn: &mut Conn, workspace: WorkspaceId, id: AgentId) -> Result<Option<Agent>, Error> {
    conn.fetch_optional(sql::agent::FIND, args![workspace, id]).await?.as_ref().map(read).transpose()
}

/// Everyone of a workspace, deactivated agents too; at most 5,000.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Agent>, Error> {
    conn.fetch_all(sql::agent::LIST, args![workspace]).await?.iter().map(read).collect()
}

/// Somebody who may sign in.
#[derive(Debug, Clone)]
pub struct Account {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The agent.
    pub agent: Agent,
    /// What the password must match; none for agents without one.
    pub password_hash: Option<String>,
}

/// Who signs in with an address (folded), in whichever workspace.
pub async fn by_email(conn: &mut Conn, email_folded: &str) -> Result<Option<Account>, Error> {
    let Some(row) = conn.fetch_optional(sql::agent::BY_EMAIL, args![email_folded]).await? else { return Ok(None) };
    Ok(Some(Account { workspace: row.id("workspace_id")?, agent: read(&row)?, password_hash: row.maybe_text("password_hash")? }))
}

/// What an agent's password must match.
pub async fn password_hash(conn: &mut Conn, workspace: WorkspaceId, id: AgentId) -> Result<Option<String>, Error> {
    let row = conn.fetch_optional(sql::agent::PASSWORD_OF, args![workspace, id]).await?;
    Ok(row.map(|r| r.maybe_text("password_hash")).transpose()?.flatten())
}

/// Stores name, role, language, time zone, signature and preferences.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, agent: &Agent) -> Result<(), Error> {
    let a = agent;
    tx.execute(
        sql::agent::UPDATE,
        args![workspace, a.id, &a.name, a.role.as_str(), a.language.as_str(), a.time_zone.as_deref(), &a.signature_html, to_json(&a.preferences)],
    )
    .await
    .map(drop)
}

/// Stores a new password's hash.
pub async fn set_password(tx: &mut Tx, workspace: WorkspaceId, id: AgentId, hash: &str) -> Result<(), Error> {
    tx.execute(sql::agent::SET_PASSWORD, args![workspace, id, hash]).await.map(drop)
}

/// Switches an agent off (with the time) or on (none).
pub async fn set_deactivated(tx: &mut Tx, workspace: WorkspaceId, id: AgentId, at: Option<Timestamp>) -> Result<(), Error> {
    tx.execute(sql::agent::SET_DEACTIVATED, args![workspace, id, at]).await.map(drop)
}

/// Notes that an agent was here.
pub async fn seen(tx: &mut Tx, workspace: WorkspaceId, id: AgentId) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::agent::SEEN, args![workspace, id, now]).await.map(drop)
}

/// How many active owners there are; they stay what they are until the transaction ends.
pub async fn lock_owners(tx: &mut Tx, workspace: WorkspaceId) -> Result<u64, Error> {
    tx.execute(sql::agent::LOCK_OWNERS, args![workspace]).await
}

/// The inboxes that an agent may look into: admins and owners all, others those that are open to all or that they are in.
/// Cost: nothing for admins, else O(inboxes).
pub async fn visible_inboxes(conn: &mut Conn, workspace: WorkspaceId, id: AgentId, role: Role) -> Result<Inboxes, Error> {
    if role >= Role::Admin {
        return Ok(Inboxes::All);
    }
    let rows = conn.fetch_all(sql::agent::VISIBLE_INBOXES, args![workspace, id]).await?;
    Ok(Inboxes::Only(rows.iter().map(|r| r.id("id")).collect::<Result<_, _>>()?))
}

/// Every inbox of a workspace, to check ids from outside against.
pub async fn inboxes_known(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<InboxId>, Error> {
    conn.fetch_all(sql::agent::INBOXES_KNOWN, args![workspace]).await?.iter().map(|r| r.id("id")).collect()
}

/// Lets an agent into an inbox.
pub async fn join_inbox(tx: &mut Tx, workspace: WorkspaceId, inbox: InboxId, id: AgentId) -> Result<(), Error> {
    tx.execute(sql::agent::JOIN_INBOX, args![workspace, inbox, id]).await.map(drop)
}
