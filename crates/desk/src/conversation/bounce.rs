//! A delivery report comes back: it belongs to the message that did not arrive.

use model::conversation::Incoming;
use model::inbound::InboundKind;
use model::message::{DeliveryState, Message, MessageKind, RecipientState, Recipients};
use model::{Actor, EventKind, Inbound, Scope};
use store::{Error, Tx};

use super::receive::{Arrival, File, Received, save_files};
use super::side;
use crate::Keys;

/// Marks the recipients that failed, suppresses dead addresses, and keeps the report in the conversation. None when the
/// report is about no message of ours.
pub(crate) async fn receive(
    tx: &mut Tx,
    keys: &Keys,
    scope: &Scope,
    arrival: &Arrival,
    mail: &Inbound,
    files: &[File<'_>],
) -> Result<Option<Received>, Error> {
    let workspace = scope.workspace;
    let Some(report) = &mail.bounce else { return Ok(None) };
    let candidates = report.original_message_id.iter().chain(&mail.references);
    let Some(original) = candidates.filter_map(|id| keys.signing.read_message_id(id)).find(|(at, _)| *at == workspace).map(|(_, id)| id) else {
        return Ok(None);
    };
    let Some(mut shown) = store::message::get(tx, scope, original).await? else { return Ok(None) };
    let Some(mut conversation) = store::conversation::get(tx, scope, shown.message.conversation).await? else { return Ok(None) };
    let now = tx.now();
    let complaint = mail.kind == InboundKind::FeedbackReport;
    let only_one = shown.message.delivery.as_ref().is_some_and(|d| d.recipients.len() == 1);
    for failed in &report.recipients {
        let address = failed.address.as_deref().unwrap_or_default().to_lowercase();
        if let Some(delivery) = &mut shown.message.delivery {
            for recipient in &mut delivery.recipients {
                if !complaint && (recipient.address == address || only_one) {
                    recipient.state = RecipientState::Bounced;
                    recipient.code = failed.status.clone().or_else(|| failed.smtp_code.clone());
                    recipient.at = Some(now);
                }
            }
            delivery.state = DeliveryState::sum(delivery.recipients.iter().map(|r| r.state));
        }
        if (failed.hard || complaint) && !address.is_empty() {
            store::customer::suppress(tx, workspace, &address, if complaint { "complaint" } else { "bounce" }).await?;
        }
    }
    store::message::update_delivery(tx, workspace, &shown.message).await?;
    let before = conversation.clone();
    conversation.take_in(Incoming::Automatic, "", now);
    store::conversation::update(tx, workspace, &before, &mut conversation).await?;
    let message = Message {
        id: tx.new_id(),
        conversation: conversation.id,
        kind: MessageKind::Bounce,
        author: Actor::System,
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        html: None,
        reply_text: mail.text.clone(),
        from: mail.from.clone(),
        recipients: Recipients::default(),
        rfc_message_id: mail.message_id.clone(),
        inbound_mail: arrival.mail,
        created_at: now,
        sent_at: None,
        delivery: None,
        authentication: Some(mail.authentication.clone()),
        held: false,
        forwarded_by: None,
    };
    store::message::insert(tx, workspace, &message).await?;
    save_files(tx, workspace, message.id, files).await?;
    let place = (Some(conversation.id), Some(conversation.inbox));
    let state = shown.message.delivery.as_ref().map_or("failed", |d| d.state.as_str()).to_owned();
    tx.record(workspace, Actor::System, place, EventKind::MessageDeliveryChanged { message: original, state }).await?;
    tx.record(workspace, Actor::System, place, EventKind::MessageReceived { message: message.id }).await?;
    // A complaint did arrive.
    if !complaint {
        side::came_back(tx, scope, &conversation, Actor::System, side::News::Failed).await?;
    }
    Ok(Some(Received { conversation: conversation.id, message: message.id }))
}
