//! A reply leaves: built once, tried until each recipient's server has said yes or no for good.

use model::inbox::{Auth, Health, Inbox, Incoming, Outgoing};
use model::message::{DeliveryState, MessageKind, RecipientState, retry_after_seconds};
use model::{Actor, EmailAddress, EventKind, MessageId, Scope, Timestamp};
use store::Error;
use store::job::Claimed;
use store::message::Shown;

use super::sign_in::secret_of;
use crate::conversation::not_arrived;
use crate::ports::{Automatic, DeliverError, Delivered, MailChannel, OutgoingFile, OutgoingMail};
use crate::{Desk, html};

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliverOutcome {
    /// Nothing more to do.
    Done,
    /// Some recipient's server said not now.
    Again {
        /// When to try again.
        at: Timestamp,
    },
}

/// Tries to deliver a message to everyone who has not got it. The Message-ID is the same at every try.
///
/// A crash between the server's yes and our commit means a second mail with the same Message-ID: SMTP offers no better.
pub async fn deliver(desk: &Desk, channel: &dyn MailChannel, job: &Claimed, id: MessageId) -> Result<DeliverOutcome, Error> {
    let workspace = job.workspace;
    let scope = Scope::system(workspace);
    let mut conn = desk.store.read().await?;
    let Some(mut shown) = store::message::get(&mut conn, &scope, id).await? else { return done(desk, job).await };
    if let Some(at) = shown.message.delivery.as_ref().filter(|d| d.is_held_back(desk.clock.now())).and_then(|d| d.undo_until) {
        // Its time was moved, or the clock was: it leaves then.
        drop(conn);
        let mut tx = desk.begin().await?;
        if store::job::retry(&mut tx, job, at, "not yet").await? {
            tx.commit().await?;
        }
        return Ok(DeliverOutcome::Again { at });
    }
    if shown.message.delivery.as_ref().is_some_and(|d| d.state == DeliveryState::Scheduled) {
        drop(conn);
        let mut tx = desk.begin().await?;
        crate::conversation::release(&mut tx, &scope, shown.message.conversation, id, &shown.message.reply_text).await?;
        tx.commit().await?;
        conn = desk.store.read().await?;
        let Some(fresh) = store::message::get(&mut conn, &scope, id).await? else { return done(desk, job).await };
        shown = fresh;
    }
    let waiting: Vec<EmailAddress> = shown
        .message
        .delivery
        .iter()
        .flat_map(|d| &d.recipients)
        .filter(|r| r.state == RecipientState::Queued)
        .filter_map(|r| r.address.parse().ok())
        .collect();
    if waiting.is_empty() {
        drop(conn);
        return out_at_once(desk, job, shown).await;
    }
    let route = store::conversation::route(&mut conn, workspace, shown.message.conversation).await?;
    let Some((inbox, token)) = route else { return done(desk, job).await };
    let Some(inbox) = store::inbox::get(&mut conn, workspace, inbox).await? else { return done(desk, job).await };
    let references = store::message::rfc_ids(&mut conn, workspace, shown.message.conversation, id).await?;
    let mut files = Vec::new();
    for attachment in &shown.attachments {
        if let Some(data) = desk.store.blobs().get(&mut conn, workspace, &attachment.sha256).await? {
            let content_id = attachment.inline.then(|| format!("{}@sonnim", attachment.id));
            files.push(OutgoingFile { filename: attachment.filename.clone(), content_type: attachment.content_type.clone(), data, content_id });
        }
    }
    drop(conn);
    let secret = secret_of(desk, channel, workspace, &inbox).await?;
    let mail = build(desk, workspace, &inbox, &token, &shown, waiting, references, files);
    let result = match &inbox.outgoing {
        Outgoing::None => Err(DeliverError::Transient("this inbox has no outgoing mail server yet; add one in its settings".into())),
        server @ Outgoing::Smtp(_) => channel.deliver(server, secret.as_ref(), &mail).await,
    };
    settle(desk, job, &inbox, &mut shown, &mail, result).await
}

#[expect(clippy::too_many_arguments, reason = "the pieces of one mail")]
fn build(
    desk: &Desk,
    workspace: model::WorkspaceId,
    inbox: &Inbox,
    token: &str,
    shown: &Shown,
    waiting: Vec<EmailAddress>,
    mut references: Vec<String>,
    files: Vec<OutgoingFile>,
) -> OutgoingMail {
    let m = &shown.message;
    let marker = desk.keys.signing.marker(workspace, m.conversation);
    let in_reply_to = references.first().cloned();
    references.reverse();
    let mut body = m.html.clone().unwrap_or_else(|| html::from_text(&m.text));
    for attachment in shown.attachments.iter().filter(|a| a.inline) {
        for path in [format!("/api/v1/attachments/{}?inline=1", attachment.id), format!("/api/v1/attachments/{}", attachment.id)] {
            body = body.replace(&path, &format!("cid:{}@sonnim", attachment.id));
        }
    }
    OutgoingMail {
        message_id: m.rfc_message_id.clone().unwrap_or_else(|| desk.keys.signing.message_id(workspace, m.id, inbox.address.domain())),
        from: m.from.clone().unwrap_or_else(|| model::Mailbox { name: None, address: inbox.address.clone() }),
        reply_to: reply_address(inbox, token),
        to: m.recipients.to.clone(),
        cc: m.recipients.cc.clone(),
        envelope: waiting,
        subject: m.subject.clone(),
        text: format!("{}\n\n{marker}\n", m.text.trim_end()),
        html: format!("{body}<div style=\"font-size:1px;line-height:1px;color:#ffffff;max-height:0;overflow:hidden\">{marker}</div>"),
        attachments: files,
        in_reply_to,
        references,
        date: m.created_at,
        automatic: if m.kind == MessageKind::Automatic { Automatic::Replied } else { Automatic::No },
    }
}

/// Where answers go, with the conversation's token. A mailbox that we only read by IMAP takes plus-addresses for sure at the
/// large providers alone; elsewhere answers come back by their References.
pub(crate) fn reply_address(inbox: &Inbox, token: &str) -> Option<EmailAddress> {
    let (local, domain) = (inbox.address.local(), inbox.address.domain());
    match &inbox.incoming {
        Incoming::Imap(imap) if imap.auth == Auth::Password => None,
        Incoming::Imap(_) => format!("{local}+reply.{token}@{domain}").parse().ok(),
        Incoming::Delivered | Incoming::None => format!("reply+{token}@{domain}").parse().ok(),
    }
}

async fn settle(
    desk: &Desk,
    job: &Claimed,
    inbox: &Inbox,
    shown: &mut Shown,
    mail: &OutgoingMail,
    result: Result<Vec<Delivered>, DeliverError>,
) -> Result<DeliverOutcome, Error> {
    let now = desk.clock.now();
    let m = &mut shown.message;
    let Some(delivery) = &mut m.delivery else { return done(desk, job).await };
    let results = match &result {
        Ok(results) => results.clone(),
        Err(error) => {
            let state = if matches!(error, DeliverError::Permanent(_)) { RecipientState::Failed } else { RecipientState::Queued };
            mail.envelope.iter().map(|a| Delivered { address: a.clone(), state, code: None, detail: Some(error.to_string()) }).collect()
        }
    };
    delivery.attempts += 1;
    let next = retry_after_seconds(delivery.attempts, m.created_at, now);
    for done in &results {
        let address = done.address.folded();
        if let Some(recipient) = delivery.recipients.iter_mut().find(|r| r.address == address) {
            recipient.state = if done.state == RecipientState::Queued && next.is_none() { RecipientState::Failed } else { done.state };
            recipient.code.clone_from(&done.code);
            recipient.detail = done.detail.as_ref().map(|d| d.chars().take(500).collect());
            recipient.at = Some(now);
        }
    }
    let before = delivery.state;
    delivery.state = DeliveryState::sum(delivery.recipients.iter().map(|r| r.state));
    delivery.undo_until = None;
    let again = (delivery.state == DeliveryState::Queued).then(|| now + jiff::SignedDuration::from_secs(next.unwrap_or(3_600)));
    delivery.next_attempt_at = again;
    if delivery.recipients.iter().any(|r| r.state == RecipientState::Sent) && m.sent_at.is_none() {
        m.sent_at = Some(now);
    }
    let (state, id, conversation) = (delivery.state, m.id, m.conversation);
    let mut tx = desk.begin().await?;
    store::message::update_delivery(&mut tx, job.workspace, m).await?;
    if state != before {
        let kind = EventKind::MessageDeliveryChanged { message: id, state: state.as_str().into() };
        tx.record(job.workspace, Actor::System, (Some(conversation), Some(inbox.id)), kind).await?;
        if matches!(state, DeliveryState::Failed | DeliveryState::PartlyFailed) {
            not_arrived(&mut tx, job.workspace, conversation).await?;
        }
    }
    let health = match &result {
        Ok(_) if matches!(inbox.outgoing_health, Health::Ok { .. }) => None,
        Ok(_) => Some(Health::Ok { since: now }),
        Err(DeliverError::Transient(_)) if matches!(inbox.outgoing_health, Health::Failing { .. }) => None,
        Err(DeliverError::Transient(why)) => Some(Health::Failing { since: now, detail: why.detail.clone(), fault: why.code.clone() }),
        Err(DeliverError::Permanent(_)) => None,
    };
    if let Some(health) = health {
        store::inbox::set_outgoing_health(&mut tx, job.workspace, inbox.id, &health).await?;
    }
    let kept = match again {
        Some(at) => store::job::retry(&mut tx, job, at, results.iter().find_map(|r| r.detail.as_deref()).unwrap_or("not now")).await?,
        None => store::job::done(&mut tx, job).await?,
    };
    if kept {
        tx.commit().await?;
    }
    Ok(again.map_or(DeliverOutcome::Done, |at| DeliverOutcome::Again { at }))
}

/// Nobody is to be mailed. A reply to a chat that was scheduled is out now.
async fn out_at_once(desk: &Desk, job: &Claimed, shown: Shown) -> Result<DeliverOutcome, Error> {
    let mut m = shown.message;
    let (id, place, queued) = (m.id, m.conversation, m.delivery.as_ref().is_some_and(|d| d.state == DeliveryState::Queued));
    if !queued || m.recipients.all().next().is_some() {
        return done(desk, job).await;
    }
    let workspace = job.workspace;
    let mut tx = desk.begin().await?;
    let Some(conversation) = store::conversation::get(&mut tx, &Scope::system(workspace), place).await? else { return done(desk, job).await };
    if let Some(delivery) = &mut m.delivery {
        delivery.state = DeliveryState::Sent;
        delivery.undo_until = None;
    }
    m.sent_at = Some(tx.now());
    store::message::update_delivery(&mut tx, workspace, &m).await?;
    let kind = EventKind::MessageDeliveryChanged { message: id, state: DeliveryState::Sent.as_str().into() };
    tx.record(workspace, m.author, (Some(place), Some(conversation.inbox)), kind).await?;
    if let Some(chat) = store::chat::get(&mut tx, workspace, place).await? {
        crate::chat::took_reply(&mut tx, workspace, m.author, &conversation, chat).await?;
    }
    if store::job::done(&mut tx, job).await? {
        tx.commit().await?;
    }
    Ok(DeliverOutcome::Done)
}

async fn done(desk: &Desk, job: &Claimed) -> Result<DeliverOutcome, Error> {
    let mut tx = desk.begin().await?;
    store::job::done(&mut tx, job).await?;
    tx.commit().await?;
    Ok(DeliverOutcome::Done)
}
