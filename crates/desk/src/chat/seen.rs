//! Read marks, both ways.

use model::{Actor, AgentId, Conversation, ConversationId, EventKind, MessageId, WorkspaceId};
use store::{Error, Tx};

use super::{Visit, theirs};
use crate::Refusal;

/// The customer has seen everything up to a message. What was seen already changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] when the chat is not theirs, or the message is not in it.
pub async fn seen_by_visitor(tx: &mut Tx, visit: &Visit, id: ConversationId, message: MessageId) -> Result<(), Refusal> {
    let workspace = visit.workspace;
    let (mut chat, conversation) = theirs(tx, visit, id).await?;
    if chat.customer_read >= Some(message) {
        return Ok(());
    }
    if store::message::conversation_of(tx, workspace, message).await? != Some(id) {
        return Err(Refusal::NotFound);
    }
    chat.customer_read = Some(message);
    store::chat::update(tx, workspace, &chat).await?;
    let kind = EventKind::ChatSeen { by: "customer".into(), message };
    Ok(tx.record(workspace, Actor::Customer(conversation.customer), (Some(id), Some(conversation.inbox)), kind).await?)
}

/// An agent has read a conversation: the customer sees that, should it be a chat.
pub(crate) async fn seen_by_agent(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, conversation: &Conversation) -> Result<(), Error> {
    if conversation.channel != model::conversation::Channel::Chat {
        return Ok(());
    }
    let Some(mut chat) = store::chat::get(tx, workspace, conversation.id).await? else { return Ok(()) };
    let newest = store::chat::newest(tx, workspace, conversation.id).await?;
    let Some(message) = newest.filter(|m| chat.agent_read < Some(*m)) else { return Ok(()) };
    chat.agent_read = Some(message);
    store::chat::update(tx, workspace, &chat).await?;
    let kind = EventKind::ChatSeen { by: "agent".into(), message };
    tx.record(workspace, Actor::Agent(agent), (Some(conversation.id), Some(conversation.inbox)), kind).await
}
