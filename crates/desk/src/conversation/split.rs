//! Some messages of a conversation become one of their own.

use model::conversation_link::LinkKind;
use model::message::MessageKind;
use model::{Actor, Conversation, ConversationId, EventKind, MessageId, Permission, Scope};
use store::Tx;
use store::message::Shown;

use super::receive::{blank, tidy_subject};
use super::to_change;
use crate::Refusal;

/// Most messages that are split off at once.
const MOST: usize = 200;

/// Splits messages off into a new conversation of whoever wrote the first of them, with the same inbox, assignee and team.
/// Answers to these messages go there. Merging it back undoes it.
///
/// # Errors
/// [`Refusal::Invalid`] when a message is not of this conversation, or none would be left in it.
pub async fn split(tx: &mut Tx, scope: &Scope, id: ConversationId, messages: &[MessageId], subject: Option<&str>) -> Result<ConversationId, Refusal> {
    let workspace = scope.workspace;
    let before = to_change(tx, scope, Permission::ConversationWrite, id).await?;
    super::not_beside(&before)?;
    let mut chosen = messages.to_vec();
    chosen.sort_unstable();
    chosen.dedup();
    if chosen.is_empty() {
        return Err(Refusal::invalid("message_ids", "missing", "Choose at least one message."));
    }
    if chosen.len() > MOST {
        return Err(Refusal::invalid("message_ids", "too_many", "200 messages are the most at once."));
    }
    let all = store::merge::messages(tx, workspace, id).await?;
    if chosen.iter().any(|m| !all.contains(m)) {
        return Err(Refusal::unknown("message_ids"));
    }
    if chosen.len() == all.len() {
        return Err(Refusal::invalid("message_ids", "all", "At least one message stays."));
    }
    let mut shown: Vec<Shown> = Vec::new();
    for message in &chosen {
        shown.extend(store::message::get(tx, scope, *message).await?);
    }
    let inbox = store::inbox::get(tx, workspace, before.inbox).await?.ok_or(Refusal::NotFound)?;
    let written = shown.iter().find(|m| m.message.kind == MessageKind::Customer).map(|m| &m.message);
    let customer = match written.map(|m| m.author) {
        Some(Actor::Customer(customer)) => customer,
        _ => before.customer,
    };
    let asked = subject.map(tidy_subject).filter(|s| !s.is_empty());
    let subject = asked.or_else(|| written.map(|m| m.subject.clone()).filter(|s| !s.is_empty())).unwrap_or_else(|| before.subject.clone());
    let mut new = Conversation {
        assignee: before.assignee,
        team: before.team,
        priority: before.priority,
        ..blank(tx, workspace, &inbox, customer, &subject, before.channel).await?
    };
    store::conversation::insert(tx, workspace, &mut new).await?;
    tx.record(workspace, scope.actor, (Some(new.id), Some(new.inbox)), EventKind::ConversationCreated {}).await?;
    take_part(tx, scope, &before, &new, &shown).await?;

    let moved = store::merge::move_some(tx, workspace, &chosen, id, new.id).await?;
    for message in &chosen {
        store::merge::move_references(tx, workspace, *message, new.id).await?;
    }
    for c in [&before, &new] {
        let mut after = c.clone();
        let sum = store::merge::sum(tx, workspace, c.id).await?;
        let now = tx.now();
        after.recount(&sum, now);
        store::conversation::update(tx, workspace, c, &mut after).await?;
        let kind = EventKind::ConversationSplit {
            from: id,
            from_number: before.number,
            into: new.id,
            into_number: new.number,
            messages: i64::try_from(moved).unwrap_or_default(),
        };
        tx.record(workspace, scope.actor, (Some(c.id), Some(c.inbox)), kind).await?;
    }
    // Each half leads to the other; that they were split is told above, so it is not told again.
    store::conversation_link::insert(tx, workspace, new.id, id, LinkKind::Related, scope.actor.agent()).await?;
    Ok(new.id)
}

/// The requester, and those who wrote the messages, take part in the new conversation.
async fn take_part(tx: &mut Tx, scope: &Scope, from: &Conversation, new: &Conversation, messages: &[Shown]) -> Result<(), Refusal> {
    for m in messages.iter().map(|m| &m.message).filter(|m| m.kind == MessageKind::Customer && !m.held) {
        if let (Some(who), Actor::Customer(customer)) = (&m.from, m.author) {
            let requester = (customer == new.customer).then_some(customer);
            store::participant::add(tx, scope.workspace, new.id, who, requester).await?;
        }
    }
    for (who, customer) in store::participant::list(tx, scope.workspace, from.id).await? {
        if customer == Some(new.customer) {
            store::participant::add(tx, scope.workspace, new.id, &who, customer).await?;
        }
    }
    Ok(())
}
