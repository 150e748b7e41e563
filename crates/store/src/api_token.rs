//! API tokens. Only the hash of a token is kept.

use model::agent::{Agent, TokenScope};
use model::{AgentId, Timestamp, TokenId, WorkspaceId};

use crate::row::to_json;
use crate::{Conn, Error, Tx, agent, args, sql};

/// A token, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<TokenScope>,
    /// Made.
    pub created_at: Timestamp,
    /// Last request, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// End.
    pub expires_at: Option<Timestamp>,
}

/// Who stands behind a token.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// The token.
    pub token: TokenId,
    /// What it may do.
    pub scopes: Vec<TokenScope>,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The agent, who is active.
    pub agent: Agent,
}

/// Keeps a new token of an agent.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, token: &Token, hash: &str) -> Result<(), Error> {
    let t = token;
    tx.execute(sql::api_token::INSERT, args![hash, workspace, t.id, agent, &t.name, to_json(&t.scopes), t.created_at, t.expires_at]).await.map(drop)
}

/// Whose token this is; none when it expired, was taken back, or its agent was switched off. Cost: one query.
pub async fn find(conn: &mut Conn, hash: &str, now: Timestamp) -> Result<Option<Bearer>, Error> {
    let Some(row) = conn.fetch_optional(sql::api_token::FIND, args![hash, now]).await? else { return Ok(None) };
    Ok(Some(Bearer {
        token: row.id("token_id")?,
        scopes: row.json("scopes")?,
        used_at: row.maybe_time("last_used_at")?,
        workspace: row.id("workspace_id")?,
        agent: agent::read(&row)?,
    }))
}

/// Notes that a token was used.
pub async fn used(tx: &mut Tx, hash: &str) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::api_token::USED, args![hash, now]).await.map(drop)
}

/// An agent's tokens, newest first; at most 200.
pub async fn of_agent(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId) -> Result<Vec<Token>, Error> {
    let rows = conn.fetch_all(sql::api_token::OF_AGENT, args![workspace, agent]).await?;
    rows.iter()
        .map(|row| {
            Ok(Token {
                id: row.id("id")?,
                name: row.text("name")?,
                scopes: row.json("scopes")?,
                created_at: row.time("created_at")?,
                last_used_at: row.maybe_time("last_used_at")?,
                expires_at: row.maybe_time("expires_at")?,
            })
        })
        .collect()
}

/// Takes one token of an agent back; whether there was one.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, id: TokenId) -> Result<bool, Error> {
    Ok(tx.execute(sql::api_token::DELETE, args![workspace, agent, id]).await? > 0)
}

/// Takes every token of an agent back.
pub async fn delete_all(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId) -> Result<(), Error> {
    tx.execute(sql::api_token::DELETE_ALL, args![workspace, agent]).await.map(drop)
}

/// Removes expired tokens of the installation.
pub async fn expire(tx: &mut Tx) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(sql::api_token::EXPIRE, args![now]).await
}
