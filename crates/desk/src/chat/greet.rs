//! An agent's first words in a chat, as the inbox wants them.

use model::chat::Chat;
use model::conversation::Channel;
use model::widget::{Settings, words_in};
use model::{Actor, AgentId, Conversation, ConversationId, EventKind, MessageId, Permission, Scope, WorkspaceId};
use store::{Conn, Tx};

use super::reply::{Said, reply, took_reply};
use crate::conversation::{Assignment, SendError, assign, to_change};
use crate::template::{self, Context};
use crate::{Refusal, html};

/// What the actor would greet the customer of a chat with, as plain text. None where the inbox has no greeting, somebody has said
/// something already, or nobody would see it.
pub async fn greeting(conn: &mut Conn, scope: &Scope, c: &Conversation) -> Result<Option<String>, store::Error> {
    if !scope.may(Permission::ConversationReply) {
        return Ok(None);
    }
    let Some((chat, settings)) = fresh(conn, scope, c).await? else { return Ok(None) };
    Ok(filled(conn, scope, c, &chat, &settings).await?.map(|h| html::to_text(&h)))
}

/// The chat of a conversation in which no agent has said a word, and what its widget is like.
async fn fresh(conn: &mut Conn, scope: &Scope, c: &Conversation) -> Result<Option<(Chat, Settings)>, store::Error> {
    if c.channel != Channel::Chat || c.last_reply_at.is_some() || c.shelf.is_some() || c.merged_into.is_some() {
        return Ok(None);
    }
    let chat = store::chat::get(conn, scope.workspace, c.id).await?.filter(|h| h.is_reachable() && h.ended.is_none());
    let Some(chat) = chat else { return Ok(None) };
    Ok(store::widget::get(conn, scope.workspace, chat.inbox).await?.map(|w| (chat, w.settings)))
}

/// The greeting in the customer's language, filled in. A name that we made up is left out.
async fn filled(conn: &mut Conn, scope: &Scope, c: &Conversation, chat: &Chat, settings: &Settings) -> Result<Option<String>, store::Error> {
    let words = words_in(&settings.agent_greeting, &chat.locale);
    if words.trim().is_empty() {
        return Ok(None);
    }
    let mut context = Context::of(conn, scope, c).await?;
    let visitor = store::visitor::get(conn, scope.workspace, chat.visitor).await?;
    if visitor.is_none_or(|v| v.name.is_none() && v.identity.is_none()) {
        context = context.nameless();
    }
    // What was checked when it was written can be filled in; should it not, nothing is said.
    Ok(template::render(&html::from_text(words.trim()), &context).ok().map(|r| r.html))
}

/// Says the greeting as the actor's reply, and gives them the chat when nobody has it. The customer goes on waiting for an answer: a
/// greeting is none.
///
/// # Errors
/// [`Refusal::NotFound`] when it is out of sight or no chat; [`Refusal::Conflict`] `no_greeting` where there is nothing to say, or
/// something was said already.
pub async fn greet(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<MessageId, Refusal> {
    let mut before = to_change(tx, scope, Permission::ConversationReply, id).await?;
    let author = scope.actor.agent().ok_or(model::scope::Forbidden(Permission::ConversationReply))?;
    if before.channel != Channel::Chat {
        return Err(Refusal::NotFound);
    }
    let no_greeting = || Refusal::conflict("no_greeting", "There is nothing to greet with, or somebody has said something already.");
    let (chat, settings) = fresh(tx, scope, &before).await?.ok_or_else(no_greeting)?;
    let words = filled(tx, scope, &before, &chat, &settings).await?.ok_or_else(no_greeting)?;
    if before.assignee.is_none() {
        before = assign(tx, scope, id, Assignment { assignee: Some(Some(author)), team: None }).await?;
    }
    let said = Said { html: Some(words), text: None, attachments: Vec::new(), send_at: None };
    let message = reply(tx, scope, &before, author, said).await.map_err(|error| match error {
        SendError::Store(error) => error.into(),
        other => Refusal::invalid("agent_greeting", "invalid", other.to_string()),
    })?;
    store::chat::greeted(tx, scope.workspace, message.id).await?;
    let mut after = before.clone();
    after.take_reply(&message.reply_text, tx.now());
    after.waiting_since = before.waiting_since;
    store::conversation::update(tx, scope.workspace, &before, &mut after).await?;
    tx.record(scope.workspace, scope.actor, (Some(id), Some(after.inbox)), EventKind::MessageReplied { message: message.id }).await?;
    took_reply(tx, scope.workspace, scope.actor, &after, chat).await?;
    Ok(message.id)
}

/// The same where the inbox greets by itself when an agent gets a chat; else nothing, and nothing either where it cannot be said: the
/// chat is theirs all the same.
///
/// # Errors
/// When the store does not answer.
pub async fn greet_by_itself(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(), store::Error> {
    let Some(c) = store::conversation::get(tx, scope, id).await? else { return Ok(()) };
    match fresh(tx, scope, &c).await? {
        Some((_, settings)) if settings.greets_itself => match greet(tx, scope, id).await {
            Err(Refusal::Store(error)) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The same in the name of an agent to whom a queue gave the chat without asking.
///
/// # Errors
/// As [`greet_by_itself`].
pub(crate) async fn greet_for(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, id: ConversationId) -> Result<(), store::Error> {
    let Some(agent) = store::agent::find(tx, workspace, agent).await?.filter(|a| a.deactivated_at.is_none()) else { return Ok(()) };
    let inboxes = store::agent::visible_inboxes(tx, workspace, agent.id, agent.role).await?;
    let scope = Scope { workspace, actor: Actor::Agent(agent.id), inboxes, permissions: agent.role.permissions() };
    greet_by_itself(tx, &scope, id).await
}
