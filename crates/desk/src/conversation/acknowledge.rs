//! "We have your mail": off unless switched on, capped, and never part of a loop.

use model::inbox::Inbox;
use model::message::{Delivery, DeliveryState, Message, MessageKind, Recipients};
use model::{Actor, Conversation, EventKind, Job, Mailbox, Scope};
use store::{Error, Tx};

use super::receive::Arrival;
use crate::Keys;

/// Most acknowledgements to one address in 10 minutes, and in a day.
const CAPS: [(i64, i64); 2] = [(600, 10), (86_400, 30)];

/// Acknowledges the first message of a conversation, when all of these hold: switched on, a person wrote through a real
/// return path, the address is not ours and not suppressed, and the caps allow it. It holds no word of the customer.
pub(crate) async fn acknowledge(
    tx: &mut Tx,
    keys: &Keys,
    scope: &Scope,
    inbox: &Inbox,
    conversation: &Conversation,
    first: &Message,
    arrival: &Arrival,
) -> Result<(), Error> {
    let workspace = scope.workspace;
    let Some(to) = first.from.clone() else { return Ok(()) };
    if !inbox.acknowledgement.enabled || arrival.envelope_from.as_deref() == Some("") || first.forwarded_by.is_some() {
        return Ok(());
    }
    let closed = store::customer::is_suppressed(tx, workspace, &to.address).await?
        || store::inbox::is_own_address(tx, workspace, &to.address).await?
        || store::inbox::by_address(tx, &to.address.base()).await?.is_some();
    if closed {
        return Ok(());
    }
    let now = tx.now();
    for (seconds, most) in CAPS {
        let bucket = format!("acknowledge:{seconds}:{workspace}:{}", to.address.folded());
        if store::throttle::hit(tx, &bucket, seconds).await? > most {
            return Ok(());
        }
    }
    let id = tx.new_id();
    let message = Message {
        id,
        conversation: conversation.id,
        kind: MessageKind::Automatic,
        author: Actor::System,
        subject: inbox.acknowledgement.subject.replace("{number}", &conversation.number.to_string()),
        text: inbox.acknowledgement.text.replace("{number}", &conversation.number.to_string()),
        html: None,
        reply_text: String::new(),
        from: Some(Mailbox { name: inbox.from_name.clone(), address: inbox.address.clone() }),
        recipients: Recipients { to: vec![to], ..Recipients::default() },
        rfc_message_id: Some(keys.signing.message_id(workspace, id, inbox.address.domain())),
        inbound_mail: None,
        created_at: now,
        sent_at: None,
        delivery: Some(Delivery { state: DeliveryState::Queued, undo_until: None, attempts: 0, next_attempt_at: None, recipients: Vec::new() }),
        authentication: None,
        held: false,
        forwarded_by: None,
    };
    store::message::insert(tx, workspace, &message).await?;
    tx.enqueue(workspace, &Job::DeliverMessage { message: id }).await?;
    let place = (Some(conversation.id), Some(inbox.id));
    tx.record(workspace, Actor::System, place, EventKind::MessageReplied { message: id }).await
}
