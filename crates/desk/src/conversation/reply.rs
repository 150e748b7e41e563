//! An agent answers the customer.

use model::chat::Chat;
use model::conversation::{Channel, StatusError};
use model::custom_status::Wanted;
use model::inbound::InboundKind;
use model::interactive::Interactive;
use model::message::{Message, Recipients};
use model::scope::Forbidden;
use model::{
    Actor, AgentId, AttachmentId, Conversation, ConversationId, EventKind, Inbound, Inboxes, Job, Mailbox, MessageId, Permission, Scope, Status,
};
use store::message::Shown;
use store::{Conn, Error, Tx};

use super::assign::Assignment;
use super::outgoing::{self, Outgoing, SendError, reply_subject};
use super::receive::{self, Arrival, File, Received, save_files};
use super::side;
use crate::chat::Said;
use crate::template::placeholders;
use crate::{Desk, Keys, Refusal, html};

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// HTML as composed.
    pub html: Option<String>,
    /// Plain text, when there is no HTML.
    pub text: Option<String>,
    /// To, Cc and Bcc; everyone who takes part when none.
    pub recipients: Option<Recipients>,
    /// Uploads.
    pub attachments: Vec<AttachmentId>,
    /// The status to set with it.
    pub then: Option<Wanted>,
    /// The newest message that the author had seen.
    pub if_last: Option<MessageId>,
    /// When it is to leave; none: after the undo window.
    pub send_at: Option<jiff::Timestamp>,
    /// Sends it although `[[ … ]]` stands in it: what looks like a placeholder is meant so.
    pub allow_placeholders: bool,
    /// What it offers besides its words: only in a chat.
    pub interactive: Option<Interactive>,
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReplyError {
    /// The role does not allow it.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such conversation in sight.
    #[error("no such conversation")]
    NotFound,
    /// Somebody else was faster; this is what they wrote.
    #[error("a newer message has come in; read it before you send")]
    NewerMessage(Vec<Shown>),
    /// Something was to be finished by hand.
    #[error("fill in [[ {0} ]] before you send")]
    Placeholder(String),
    /// It is not worked on.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It cannot be sent as it is.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The status cannot be set.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Answers the customer: message, delivery after the undo window, and the status that goes with it, all or nothing.
///
/// # Errors
/// [`ReplyError::NewerMessage`], with what is newer, when somebody else wrote after `if_last`. The conversation is locked before
/// that is looked at, so of two who answer at once one is told of the other. [`ReplyError::Placeholder`] when something in
/// double brackets was not filled in, unless that is allowed. [`Refusal::Fields`] `fields_missing` when it would be resolved without
/// a custom field that it needs.
pub async fn reply(tx: &mut Tx, desk: &Desk, scope: &Scope, id: ConversationId, reply: Reply) -> Result<MessageId, ReplyError> {
    scope.require(Permission::ConversationReply)?;
    let Some(author) = scope.actor.agent() else { return Err(ReplyError::NotFound) };
    let Some(conversation) = store::conversation::get(tx, scope, id).await? else { return Err(ReplyError::NotFound) };
    super::in_work(&conversation)?;
    if let Some(then) = reply.then {
        let (then, _) = super::wanted(tx, scope, then).await.map_err(of_then)?;
        crate::field::require(tx, scope, &conversation, then).await?;
    }
    if let Some(seen) = reply.if_last {
        let newer = store::message::public_since(tx, scope, id, seen).await?;
        if newer.iter().any(|m| m.message.author != scope.actor) {
            return Err(ReplyError::NewerMessage(newer));
        }
    }
    if !reply.allow_placeholders {
        let words = reply.html.as_deref().map(html::to_text).or_else(|| reply.text.clone()).unwrap_or_default();
        if let Some(open) = placeholders(&words).into_iter().next() {
            return Err(ReplyError::Placeholder(open));
        }
    }
    send(tx, &desk.keys, scope, author, conversation, reply).await
}

async fn send(
    tx: &mut Tx,
    keys: &Keys,
    scope: &Scope,
    author: AgentId,
    conversation: Conversation,
    mut reply: Reply,
) -> Result<MessageId, ReplyError> {
    let Some(interactive) = reply.interactive.take() else { return answer(tx, keys, scope, author, conversation, reply).await };
    if conversation.channel != Channel::Chat {
        return Err(Refusal::invalid("interactive", "chat_only", "Only in a chat can something be pressed.").into());
    }
    let words = reply.html.take().or_else(|| reply.text.take().filter(|t| !t.trim().is_empty()).map(|t| html::from_text(&t))).unwrap_or_default();
    let (html, offered) = crate::chat::compose(&words, interactive, &reply.attachments)?;
    reply.html = Some(html);
    let message = answer(tx, keys, scope, author, conversation, reply).await?;
    store::interactive::offer(tx, scope.workspace, message, &offered).await?;
    Ok(message)
}

async fn answer(
    tx: &mut Tx,
    keys: &Keys,
    scope: &Scope,
    author: AgentId,
    mut conversation: Conversation,
    reply: Reply,
) -> Result<MessageId, ReplyError> {
    let workspace = scope.workspace;
    let id = conversation.id;
    let Some(inbox) = store::inbox::get(tx, workspace, conversation.inbox).await? else { return Err(ReplyError::NotFound) };
    let parent = side::parent_of(tx, workspace, &conversation).await?;
    let chat = match conversation.channel {
        Channel::Chat => store::chat::get(tx, workspace, id).await?,
        Channel::Email | Channel::Api => None,
    };
    let to_nobody = reply.recipients.as_ref().is_none_or(|r| r.all().next().is_none());
    if let Some(chat) = chat.as_ref().filter(|c| c.is_reachable() && to_nobody) {
        return in_chat(tx, scope, author, conversation, chat.clone(), reply).await;
    }
    let recipients = match (reply.recipients, &parent) {
        (Some(recipients), None) => recipients,
        (Some(recipients), Some(parent)) => {
            side::not_to_the_customer(tx, scope, parent, &recipients).await?;
            recipients
        }
        (None, _) => default_recipients(tx, scope, &conversation).await?,
    };
    let out = Outgoing {
        html: reply.html,
        text: reply.text,
        recipients,
        attachments: reply.attachments,
        subject: reply_subject(&conversation.subject),
        send_at: reply.send_at,
    };
    let message = outgoing::prepare(tx, keys, scope, &inbox, &conversation, author, out).await?;
    settle(tx, scope, author, &mut conversation, &message, reply.then, reply.send_at.is_some()).await?;
    for who in message.recipients.to.iter().chain(&message.recipients.cc) {
        store::participant::add(tx, workspace, id, who, None).await?;
    }
    let place = (Some(id), Some(inbox.id));
    tx.record(workspace, Actor::Agent(author), place, EventKind::MessageReplied { message: message.id }).await?;
    if let Some(chat) = chat.filter(|_| reply.send_at.is_none()) {
        crate::chat::took_reply(tx, workspace, Actor::Agent(author), &conversation, chat).await?;
    }
    Ok(message.id)
}

/// In a chat whose customer waits in the widget: nobody is mailed, and it is out at once.
async fn in_chat(
    tx: &mut Tx,
    scope: &Scope,
    author: AgentId,
    mut conversation: Conversation,
    chat: Chat,
    reply: Reply,
) -> Result<MessageId, ReplyError> {
    let workspace = scope.workspace;
    // Whoever answers a chat that nobody has takes it: the customer is told who is with them.
    if conversation.assignee.is_none() && reply.send_at.is_none() {
        let to = Assignment { assignee: Some(Some(author)), team: None };
        conversation = super::assign(tx, scope, conversation.id, to).await?;
    }
    let said = Said { html: reply.html, text: reply.text, attachments: reply.attachments, send_at: reply.send_at };
    let message = crate::chat::reply(tx, scope, &conversation, author, said).await?;
    settle(tx, scope, author, &mut conversation, &message, reply.then, reply.send_at.is_some()).await?;
    let place = (Some(conversation.id), Some(conversation.inbox));
    tx.record(workspace, Actor::Agent(author), place, EventKind::MessageReplied { message: message.id }).await?;
    if reply.send_at.is_none() {
        crate::chat::took_reply(tx, workspace, Actor::Agent(author), &conversation, chat).await?;
    }
    Ok(message.id)
}

/// What an answer does to its conversation, and the status that goes with it.
async fn settle(
    tx: &mut Tx,
    scope: &Scope,
    author: AgentId,
    conversation: &mut Conversation,
    message: &Message,
    then: Option<Wanted>,
    scheduled: bool,
) -> Result<(), ReplyError> {
    let (workspace, id) = (scope.workspace, conversation.id);
    let before = conversation.clone();
    let now = tx.now();
    if scheduled {
        // The customer waits until it has left.
        conversation.message_count += 1;
        conversation.updated_at = now;
    } else {
        conversation.take_reply(&message.reply_text, now);
    }
    let place = (Some(id), Some(conversation.inbox));
    let mut moved = false;
    if let Some(then) = then {
        let (status, custom) = super::wanted(tx, scope, then).await.map_err(of_then)?;
        // It may be so already: "send and wait" says nothing new of a conversation that waits.
        if matches!(then, Wanted::Custom(_)) || status.kind() != conversation.status.kind() {
            match conversation.move_to(status, custom, now) {
                Ok(()) => moved = true,
                Err(StatusError::Unchanged) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    store::conversation::update(tx, workspace, &before, conversation).await?;
    if moved {
        tx.record(workspace, Actor::Agent(author), place, EventKind::status_changed(&before, conversation)).await?;
        if let Status::Snoozed { until } = conversation.status {
            tx.enqueue_at(workspace, &Job::WakeConversation { conversation: id }, until).await?;
        }
    }
    store::draft::delete(tx, workspace, author, id).await?;
    Ok(store::read_state::set(tx, workspace, author, id, true).await?)
}

/// The refusal as the form calls it.
fn of_then(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Invalid { code, detail, .. } => Refusal::Invalid { field: "then.custom_status_id", code, detail },
        other => other,
    }
}

/// Reply to all: the requester first, everyone else who takes part in copy. Beside another conversation never its customer, whom
/// somebody may have put in copy.
pub async fn default_recipients(conn: &mut Conn, scope: &Scope, conversation: &Conversation) -> Result<Recipients, Error> {
    if conversation.channel == Channel::Chat
        && let Some(chat) = store::chat::get(conn, scope.workspace, conversation.id).await?
    {
        // Whoever waits in the widget is not mailed; whoever does not, where they said.
        let mail = chat.mail.filter(|_| chat.left_at.is_some());
        return Ok(Recipients { to: mail.map(|address| Mailbox { name: None, address }).into_iter().collect(), ..Recipients::default() });
    }
    let everyone = Scope { inboxes: Inboxes::All, ..scope.clone() };
    let customer = store::customer::get(conn, &everyone, conversation.customer).await?;
    let people = store::participant::list(conn, scope.workspace, conversation.id).await?;
    let main = customer.as_ref().and_then(|c| Some(Mailbox { name: Some(c.name.clone()), address: c.email.clone()? }));
    // The address that the customer wrote from last here wins over the one on the card.
    let written = people.iter().find(|(_, c)| *c == Some(conversation.customer)).map(|(m, _)| m.clone());
    let Some(to) = written.or(main) else { return Ok(Recipients::default()) };
    let cc = people.into_iter().map(|(m, _)| m).filter(|m| m.address.folded() != to.address.folded()).collect();
    let all = Recipients { to: vec![to], cc, bcc: Vec::new() };
    match side::parent_of(conn, scope.workspace, conversation).await? {
        Some(parent) => side::without_the_customer(conn, scope, &parent, all).await,
        None => Ok(all),
    }
}

/// An agent answered one of our mails from a mail program: proven, with the token. Speaks as that agent.
#[expect(clippy::too_many_arguments, reason = "the pieces of one mail")]
pub(crate) async fn by_mail(
    tx: &mut Tx,
    keys: &Keys,
    scope: &Scope,
    agent: AgentId,
    id: ConversationId,
    arrival: &Arrival,
    mail: &Inbound,
    files: &[File<'_>],
) -> Result<Option<Received>, Error> {
    if mail.kind != InboundKind::Message {
        return Ok(None);
    }
    let Some(mut conversation) = receive::after_merges(tx, scope, id).await? else { return Ok(None) };
    let id = conversation.id;
    let _ = arrival;
    // Whoever answers wants it on the table again.
    let before = conversation.clone();
    if let Some(kind) = conversation.put_back(tx.now()) {
        store::conversation::update(tx, scope.workspace, &before, &mut conversation).await?;
        let kind = EventKind::ConversationRestored { shelf: kind.as_str().into() };
        tx.record(scope.workspace, Actor::Agent(agent), (Some(id), Some(conversation.inbox)), kind).await?;
    }
    let words = Reply { text: Some(mail.reply_text.clone()), ..Reply::default() };
    match send(tx, keys, scope, agent, conversation, words).await {
        Ok(message) => {
            save_files(tx, scope.workspace, message, files).await?;
            Ok(Some(Received { conversation: id, message }))
        }
        Err(ReplyError::Store(error) | ReplyError::Send(SendError::Store(error))) => Err(error),
        // Nothing to send on: it is kept as an ordinary message instead.
        Err(_) => Ok(None),
    }
}
