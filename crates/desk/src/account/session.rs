//! Signed-in browsers.

use jiff::SignedDuration;
use model::agent::Agent;
use model::event::EventKind;
use model::{Actor, AgentId, Scope, Secret, SessionId, WorkspaceId};
use store::Tx;
use store::session::Session;

use super::AccountError;
use crate::random;

/// A session ends after this long without a request.
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Who knocks.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Where from.
    pub ip: String,
    /// What the browser calls itself.
    pub user_agent: String,
    /// The session that this browser had until now: it ends, so that nobody else's session id lives on in it.
    pub replaces: Option<Secret>,
}

/// Somebody just came in.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Who.
    pub agent: Agent,
    /// The session.
    pub session: SessionId,
    /// Its word, for the cookie. It is not stored.
    pub word: Secret,
}

/// Opens a session of 256 random bits for an agent, and ends the one that it replaces.
pub async fn open_session(tx: &mut Tx, workspace: WorkspaceId, agent: Agent, visitor: &Visitor) -> Result<Entry, store::Error> {
    // It may be somebody else's session: their streams hear of it by this entry.
    if let Some(old) = &visitor.replaces
        && let Some((whose, who, ended)) = store::session::end_by_hash(tx, &model::token::hash(old.expose())).await?
    {
        audit(tx, whose, who, "session.ended", Some(ended.to_string())).await?;
    }
    let word = random::word::<32>();
    let now = tx.now();
    let session = Session {
        id: tx.new_id(),
        created_at: now,
        last_seen_at: now,
        user_agent: visitor.user_agent.chars().filter(|c| !c.is_control()).take(300).collect(),
        ip: visitor.ip.clone(),
    };
    store::session::insert(tx, workspace, agent.id, &session, &model::token::hash(word.expose()), now + SESSION_IDLE).await?;
    audit(tx, workspace, agent.id, "session.started", Some(session.id.to_string())).await?;
    Ok(Entry { workspace, agent, session: session.id, word })
}

/// Ends the actor's own session.
pub async fn sign_out(tx: &mut Tx, scope: &Scope, session: SessionId) -> Result<(), AccountError> {
    end_session(tx, scope, session).await
}

/// Ends one of the actor's sessions.
///
/// # Errors
/// [`AccountError::NotFound`] when it is not theirs, or over.
pub async fn end_session(tx: &mut Tx, scope: &Scope, session: SessionId) -> Result<(), AccountError> {
    let agent = scope.actor.agent().ok_or(AccountError::NotFound)?;
    if !store::session::end(tx, scope.workspace, agent, session).await? {
        return Err(AccountError::NotFound);
    }
    audit(tx, scope.workspace, agent, "session.ended", Some(session.to_string())).await?;
    Ok(())
}

/// Writes an entry of the audit log.
pub(super) async fn audit(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, action: &str, subject: Option<String>) -> Result<(), store::Error> {
    let kind = EventKind::SecurityAudited { action: action.into(), subject };
    tx.record(workspace, Actor::Agent(agent), (None, None), kind).await
}
