//! Reading notifications, and saying what one wants to be told of.

use model::notification::{NotificationSettings, Sound};
use model::scope::Forbidden;
use model::{AgentId, ConversationId, EventKind, NotificationId, Permission, Scope};
use store::Tx;

use crate::Refusal;

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Everything about a conversation.
    Conversation(ConversationId),
    /// Everything, up to this one where it is named: what came meanwhile stays unread.
    All(Option<NotificationId>),
}

fn me(scope: &Scope) -> Result<AgentId, Refusal> {
    scope.require(Permission::ConversationRead)?;
    Ok(scope.actor.agent().ok_or(Forbidden(Permission::ConversationRead))?)
}

/// Marks the actor's own notifications as read.
///
/// # Errors
/// [`Refusal::Forbidden`] when no agent acts.
pub async fn mark_read(tx: &mut Tx, scope: &Scope, what: Read) -> Result<(), Refusal> {
    let agent = me(scope)?;
    let changed = match what {
        Read::Conversation(id) => store::notification::read_conversation(tx, scope.workspace, agent, id).await?,
        Read::All(until) => store::notification::read_all(tx, scope.workspace, agent, until).await?,
    };
    if changed > 0 { tell(tx, scope, agent).await } else { Ok(()) }
}

/// Marks one of the actor's own notifications as read or unread.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not one of theirs.
pub async fn set_read(tx: &mut Tx, scope: &Scope, id: NotificationId, read: bool) -> Result<(), Refusal> {
    let agent = me(scope)?;
    if !store::notification::set_read(tx, scope.workspace, agent, id, read).await? {
        return Err(Refusal::NotFound);
    }
    tell(tx, scope, agent).await
}

/// Keeps the actor's wishes.
///
/// # Errors
/// [`Refusal::Forbidden`] when no agent acts; [`Refusal::Invalid`] when the sound is too loud.
pub async fn save_settings(tx: &mut Tx, scope: &Scope, settings: &NotificationSettings) -> Result<(), Refusal> {
    let agent = me(scope)?;
    if settings.sound.volume > Sound::LOUDEST {
        return Err(Refusal::invalid("sound.volume", "invalid", "The volume is a number from 0 to 100."));
    }
    Ok(store::notification::put_settings(tx, scope.workspace, agent, settings).await?)
}

/// The agent's other screens follow.
async fn tell(tx: &mut Tx, scope: &Scope, agent: AgentId) -> Result<(), Refusal> {
    let kind = EventKind::NotificationChanged { agent, notification: None, about: None, desktop: false, quiet: false };
    Ok(tx.record(scope.workspace, scope.actor, (None, None), kind).await?)
}
