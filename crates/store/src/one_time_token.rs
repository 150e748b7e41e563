//! Words that work once: the set-up link and password resets. Only hashes are kept.

use model::{AgentId, Timestamp, WorkspaceId};

use crate::{Conn, Error, Tx, args, sql};

/// What a word is for. A word for one purpose does nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first set-up of the installation.
    SetUp,
    /// A new password.
    PasswordReset,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "setup",
            Self::PasswordReset => "password_reset",
        }
    }
}

/// Whom a word is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The agent.
    pub agent: AgentId,
}

/// Keeps a word until it expires; earlier ones for the same purpose and person stop working.
pub async fn issue(tx: &mut Tx, purpose: Purpose, about: Option<About>, hash: &str, expires_at: Timestamp) -> Result<(), Error> {
    forget(tx, purpose, about).await?;
    let now = tx.now();
    let (workspace, agent) = (about.map(|a| a.workspace), about.map(|a| a.agent));
    tx.execute(sql::one_time_token::INSERT, args![hash, purpose.as_str(), workspace, agent, now, expires_at]).await.map(drop)
}

/// Makes every word for a purpose (and person) stop working.
pub async fn forget(tx: &mut Tx, purpose: Purpose, about: Option<About>) -> Result<(), Error> {
    match about {
        Some(a) => tx.execute(sql::one_time_token::FORGET, args![purpose.as_str(), a.workspace, a.agent]).await.map(drop),
        None => tx.execute(sql::one_time_token::FORGET_PURPOSE, args![purpose.as_str()]).await.map(drop),
    }
}

/// Uses a word up. `None`: it is unknown, used, expired, or for something else. `Some(None)`: good, and about nobody.
pub async fn redeem(tx: &mut Tx, purpose: Purpose, hash: &str) -> Result<Option<Option<About>>, Error> {
    let now = tx.now();
    let Some(row) = tx.fetch_optional(sql::one_time_token::REDEEM, args![hash, purpose.as_str(), now]).await? else {
        return Ok(None);
    };
    let (workspace, agent) = (row.maybe_id("workspace_id")?, row.maybe_id("subject_id")?);
    Ok(Some(workspace.zip(agent).map(|(workspace, agent)| About { workspace, agent })))
}

/// Whether a word would work now. Cheap to ask before costly work.
pub async fn exists(conn: &mut Conn, purpose: Purpose, hash: &str, now: Timestamp) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::one_time_token::EXISTS, args![hash, purpose.as_str(), now]).await?.is_some())
}

/// Removes expired words of the installation.
pub async fn expire(tx: &mut Tx) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(sql::one_time_token::EXPIRE, args![now]).await
}
