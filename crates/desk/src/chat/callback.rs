//! A customer who waits asks to be called, and an agent calls.

use jiff::SignedDuration;
use model::chat::Callback;
use model::phone::Phone;
use model::{Actor, Conversation, ConversationId, EventKind, Inboxes, Permission, Scope, Timestamp, WorkspaceId};
use store::Tx;

use super::{Visit, theirs};
use crate::Refusal;
use crate::conversation::{Changes, to_change, update};

/// A call may be wanted so far ahead.
const FARTHEST: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Whoever names no time is called within this.
const SOON: SignedDuration = SignedDuration::from_mins(30);
/// Most numbers that are kept of a customer this way.
const MOST_PHONES: usize = 10;

/// The customer of a chat wants to be called, soon or at a time: the conversation is due then, and whoever has it or gets it is told.
/// The number is kept with the customer; nothing proves that it is theirs.
///
/// # Errors
/// [`Refusal::NotFound`] when the chat is not theirs; [`Refusal::Conflict`] `no_callback` where it is not offered, `ended` when it is
/// over; [`Refusal::Invalid`] when the number is none, or the time is over or too far away.
pub async fn ask_to_be_called(tx: &mut Tx, visit: &Visit, id: ConversationId, phone: &str, at: Option<Timestamp>) -> Result<(), Refusal> {
    if !visit.widget.settings.callback {
        return Err(Refusal::conflict("no_callback", "Nobody calls from here. Leave your address instead."));
    }
    let phone: Phone = phone.trim().parse().map_err(|e: model::phone::BadPhone| Refusal::invalid("phone", "invalid", e.to_string()))?;
    let now = tx.now();
    if at.is_some_and(|at| at <= now || at > now + FARTHEST) {
        return Err(Refusal::invalid("at", "invalid", "Pick a time within two weeks."));
    }
    let at = at.map(|at| Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at));
    let (chat, conversation) = theirs(tx, visit, id).await?;
    crate::conversation::in_work(&conversation)?;
    if chat.state(&conversation) == model::chat::ChatState::Ended {
        return Err(Refusal::conflict("ended", "This chat is over. Write again, and then ask to be called."));
    }
    let callback = Callback { phone: phone.to_string(), wanted_at: at, at: now, called_at: None };
    store::callback::ask(tx, visit.workspace, id, &callback).await?;
    keep_phone(tx, visit.workspace, &conversation, phone).await?;
    let kind = EventKind::ChatCallbackRequested { wanted_at: at };
    let by = Actor::Customer(conversation.customer);
    tx.record(visit.workspace, by, (Some(id), Some(conversation.inbox)), kind).await?;
    let due = at.unwrap_or(now + SOON);
    if conversation.due_at.is_none_or(|other| other > due) {
        let changes = Changes { due: Some(Some(due)), ..Changes::default() };
        update(tx, &Scope::system(visit.workspace), id, changes).await?;
    }
    Ok(())
}

async fn keep_phone(tx: &mut Tx, workspace: WorkspaceId, conversation: &Conversation, phone: Phone) -> Result<(), Refusal> {
    let everyone = Scope { inboxes: Inboxes::All, ..Scope::system(workspace) };
    let Some(mut customer) = store::customer::get(tx, &everyone, conversation.customer).await? else { return Ok(()) };
    if customer.phones.len() >= MOST_PHONES || customer.phones.iter().any(|p| p.national() == phone.national()) {
        return Ok(());
    }
    customer.phones.push(phone);
    store::customer::put_phones(tx, workspace, customer.id, &customer.phones).await?;
    let kind = EventKind::CustomerUpdated { customer: customer.id };
    Ok(tx.record(workspace, Actor::Customer(customer.id), (None, None), kind).await?)
}

/// The actor has called the customer of a chat: that was the answer that they waited for, unless they have written since they asked.
/// Twice is once.
///
/// # Errors
/// [`Refusal::NotFound`] when it is out of sight; [`Refusal::Conflict`] `no_callback` when nobody asked to be called.
pub async fn called(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<(), Refusal> {
    let mut conversation = to_change(tx, scope, Permission::ConversationReply, id).await?;
    let by = scope.actor.agent().ok_or(model::scope::Forbidden(Permission::ConversationReply))?;
    let Some(callback) = store::callback::get(tx, scope.workspace, id).await? else {
        return Err(Refusal::conflict("no_callback", "Nobody asked to be called here."));
    };
    if !store::callback::called(tx, scope.workspace, id, by).await? {
        return Ok(());
    }
    if conversation.waiting_since.is_some() && callback.is_awaited(conversation.last_customer_at) {
        let before = conversation.clone();
        let mut after = conversation;
        after.waiting_since = None;
        after.updated_at = tx.now();
        store::conversation::update(tx, scope.workspace, &before, &mut after).await?;
        conversation = after;
    }
    if conversation.due_at == Some(callback.wanted_at.unwrap_or(callback.at + SOON)) {
        update(tx, scope, id, Changes { due: Some(None), ..Changes::default() }).await?;
    }
    Ok(tx.record(scope.workspace, scope.actor, (Some(id), Some(conversation.inbox)), EventKind::ChatCalled {}).await?)
}
