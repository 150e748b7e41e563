//! Adding somebody without an invitation, as the command line does.

use model::agent::{Agent, Preferences};
use model::event::EventKind;
use model::workspace::Language;
use model::{Actor, AgentId, EmailAddress, Inboxes, Permission, Role, Scope, Secret, WorkspaceId};
use store::Tx;

use super::{AccountError, text};
use crate::{Desk, password, random};

/// Who is added.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// Name.
    pub name: String,
    /// Address.
    pub email: EmailAddress,
    /// Role.
    pub role: Role,
    /// Language.
    pub language: Language,
    /// Password.
    pub password: Secret,
}

/// Adds an agent with a password.
///
/// # Errors
/// [`AccountError::Invalid`] when the address is taken or a field does not fit.
pub async fn add_agent(desk: &Desk, scope: &Scope, form: NewAgent) -> Result<Agent, AccountError> {
    scope.require(Permission::PeopleManage)?;
    let name = text::name("name", &form.name)?;
    password::check(&form.password, form.email.as_str()).map_err(|w| AccountError::weak("password", w))?;
    let hash = password::hash(&form.password, random::bytes()).await?;
    let mut tx = desk.begin().await?;
    let agent = insert_agent(&mut tx, scope, name, form.email, form.role, form.language, &hash).await?;
    tx.commit().await?;
    Ok(agent)
}

/// What an active agent may do and see, by their address (in whichever workspace): for the command line.
pub async fn scope_of(desk: &Desk, email: &str) -> Result<Option<(Scope, Agent)>, store::Error> {
    let mut conn = desk.store.read().await?;
    let account = store::agent::by_email(&mut conn, &email.trim().to_lowercase()).await?;
    let Some(account) = account.filter(|a| a.agent.deactivated_at.is_none()) else { return Ok(None) };
    let (agent, workspace) = (account.agent, account.workspace);
    let inboxes: Inboxes = store::agent::visible_inboxes(&mut conn, workspace, agent.id, agent.role).await?;
    let scope = Scope { workspace, actor: Actor::Agent(agent.id), inboxes, permissions: agent.role.permissions() };
    Ok(Some((scope, agent)))
}

/// Writes a new agent whose parts were checked, and the event.
pub(super) async fn insert_agent(
    tx: &mut Tx,
    scope: &Scope,
    name: String,
    email: EmailAddress,
    role: Role,
    language: Language,
    password_hash: &str,
) -> Result<Agent, AccountError> {
    let agent = Agent {
        id: tx.new_id(),
        name,
        email,
        role,
        language,
        time_zone: None,
        signature_html: String::new(),
        deactivated_at: None,
        created_at: tx.now(),
        last_seen_at: None,
        preferences: Preferences::default(),
    };
    store::agent::insert(tx, scope.workspace, &agent, Some(password_hash)).await.map_err(|error| match error {
        store::Error::Duplicate(_) => AccountError::taken("email", "This address has an account already."),
        other => other.into(),
    })?;
    record(tx, scope.workspace, scope.actor, agent.id, "joined").await?;
    Ok(agent)
}

pub(super) async fn record(tx: &mut Tx, workspace: WorkspaceId, actor: Actor, agent: AgentId, change: &str) -> Result<(), store::Error> {
    tx.record(workspace, actor, (None, None), EventKind::AgentUpdated { agent, change: change.into() }).await
}
