//! A conversation leaves as one mail, as it reads at that moment.

use bytes::Bytes;
use model::inbox::Outgoing;
use model::message::{Message, MessageKind, RecipientState, retry_after_seconds};
use model::workspace::Language;
use model::{Actor, AgentId, Conversation, ConversationId, EmailAddress, EventKind, Id, Mailbox, Scope};
use store::Error;
use store::job::Claimed;
use store::message::Shown;

use super::deliver::reply_address;
use super::sign_in::secret_of;
use super::transcript::{self, Words};
use crate::Desk;
use crate::conversation::is_colleague_in_sight;
use crate::notification::zone;
use crate::ports::{Automatic, DeliverError, MailChannel, OutgoingFile, OutgoingMail};

/// Messages in one mail; of a longer conversation the newest.
const MOST: usize = 1_000;
/// Bytes of pictures in one mail; beyond that they are only named.
const MOST_PICTURES: usize = 5 * 1024 * 1024;

/// What goes to whom.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Transcript {
    pub conversation: ConversationId,
    pub to: EmailAddress,
    /// Asked for; they are in it only while the recipient is a colleague who sees the conversation.
    pub notes: bool,
    pub by: AgentId,
    pub language: Language,
    /// The customer asked for it in the widget.
    pub asked: bool,
}

/// Sends a transcript, and ends its job or has it tried again as any mail. When it cannot be delivered, the thread says so.
///
/// # Errors
/// Those of the store.
pub async fn send_transcript(desk: &Desk, channel: &dyn MailChannel, job: &Claimed, what: &Transcript) -> Result<(), Error> {
    let workspace = job.workspace;
    let scope = Scope::system(workspace);
    let mut conn = desk.store.read().await?;
    let Some(conversation) = store::conversation::listed_by_id(&mut conn, &scope, what.conversation).await?.map(|l| l.conversation) else {
        drop(conn);
        return settle(desk, job, None, what, End::Done).await;
    };
    let Some((inbox, token)) = store::conversation::route(&mut conn, workspace, what.conversation).await? else {
        drop(conn);
        return settle(desk, job, None, what, End::Done).await;
    };
    let Some(inbox) = store::inbox::get(&mut conn, workspace, inbox).await? else {
        drop(conn);
        return settle(desk, job, None, what, End::Done).await;
    };
    let colleague = is_colleague_in_sight(&mut conn, workspace, &conversation, &what.to).await?;
    let takes_part = store::participant::contains(&mut conn, workspace, what.conversation, &what.to).await?;
    let (messages, left_out) = messages(&mut conn, &scope, what, colleague).await?;
    // A chat's customer gets what the widget shows them.
    let chat = store::chat::get(&mut conn, workspace, what.conversation).await?.filter(|_| !colleague);
    // An address that nobody has proven may be anybody's: it gets what we said, and not a word of whoever named it.
    let own = !what.asked || store::chat::has_address(&mut conn, workspace, conversation.customer, &what.to).await?;
    let shows = |m: &Message| (own || m.kind == MessageKind::Reply) && chat.as_ref().is_none_or(|c| c.shows(&conversation, m));
    let messages: Vec<Shown> = messages.into_iter().filter(|m| shows(&m.message)).collect();
    let conversation = if own { conversation } else { Conversation { subject: String::new(), ..conversation } };
    let (pictures, files) = pictures(desk, &mut conn, job, &messages).await?;
    let words = Words { language: what.language, zone: zone(&mut conn, workspace, None).await?, inbox: &inbox.name };
    let (text, html) = transcript::write(&words, &conversation, &messages, &pictures, left_out);
    let references = if takes_part {
        store::message::rfc_ids(&mut conn, workspace, what.conversation, model::MessageId::from_raw(i64::MAX)).await?
    } else {
        Vec::new()
    };
    drop(conn);
    let mail = OutgoingMail {
        // From the job's id, so that a second try carries the same one.
        message_id: desk.keys.signing.message_id(workspace, model::MessageId::from_raw(job.id.raw()), inbox.address.domain()),
        from: Mailbox { name: Some(inbox.from_name.clone().unwrap_or_else(|| inbox.name.clone())), address: inbox.address.clone() },
        // An answer of somebody who takes part comes back into the conversation; a stranger's begins one of its own.
        reply_to: if takes_part { reply_address(&inbox, &token) } else { None },
        to: vec![Mailbox { name: None, address: what.to.clone() }],
        cc: Vec::new(),
        envelope: vec![what.to.clone()],
        subject: transcript::subject(&conversation, what.language),
        text,
        html,
        attachments: files,
        in_reply_to: references.first().cloned(),
        references: references.into_iter().rev().collect(),
        date: desk.clock.now(),
        automatic: Automatic::Generated,
    };
    let secret = secret_of(desk, channel, workspace, &inbox).await?;
    let result = match &inbox.outgoing {
        Outgoing::None => Err(DeliverError::Transient("this inbox has no outgoing mail server yet; add one in its settings".into())),
        server @ Outgoing::Smtp(_) => channel.deliver(server, secret.as_ref(), &mail).await,
    };
    let end = match result {
        Ok(results) if results.iter().any(|r| r.state == RecipientState::Failed) => End::Failed,
        Ok(results) if results.iter().any(|r| r.state == RecipientState::Queued) => End::Again("the server said not now".into()),
        Ok(_) => End::Done,
        Err(DeliverError::Permanent(_)) => End::Failed,
        Err(DeliverError::Transient(why)) => End::Again(why.detail),
    };
    settle(desk, job, Some(&conversation), what, end).await
}

/// What is in it, oldest first, and whether older ones are left out. What has not left, what nobody has confirmed, delivery reports
/// and (but for colleagues) notes are not.
async fn messages(conn: &mut store::Conn, scope: &Scope, what: &Transcript, colleague: bool) -> Result<(Vec<Shown>, bool), Error> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = store::message::page(conn, scope, what.conversation, before, 100).await?;
        before = page.items.last().map(|m| m.message.id);
        found.extend(page.items.into_iter().filter(|m| transcript::belongs(&m.message, what.notes && colleague)));
        if page.next.is_none() || found.len() >= MOST {
            let left_out = page.next.is_some() || found.len() > MOST;
            found.truncate(MOST);
            found.reverse();
            return Ok((found, left_out));
        }
    }
}

/// The pictures that stand in agents' messages: ids, and the files that go with the mail.
async fn pictures(
    desk: &Desk,
    conn: &mut store::Conn,
    job: &Claimed,
    messages: &[Shown],
) -> Result<(Vec<model::AttachmentId>, Vec<OutgoingFile>), Error> {
    let (mut ids, mut files, mut bytes) = (Vec::new(), Vec::new(), 0);
    for file in messages.iter().filter(|m| transcript::keeps_html(&m.message)).flat_map(|m| &m.attachments).filter(|a| a.inline) {
        if bytes + file.size as usize > MOST_PICTURES {
            continue;
        }
        let Some(data): Option<Bytes> = desk.store.blobs().get(conn, job.workspace, &file.sha256).await? else { continue };
        bytes += data.len();
        ids.push(file.id);
        let content_id = Some(format!("{}@sonnim", file.id));
        files.push(OutgoingFile { filename: file.filename.clone(), content_type: file.content_type.clone(), data, content_id });
    }
    Ok((ids, files))
}

enum End {
    Done,
    Failed,
    Again(String),
}

async fn settle(desk: &Desk, job: &Claimed, conversation: Option<&Conversation>, what: &Transcript, end: End) -> Result<(), Error> {
    let mut tx = desk.begin().await?;
    let now = tx.now();
    let next = retry_after_seconds(job.attempts, job.created_at, now);
    let kept = match (end, next) {
        (End::Again(why), Some(seconds)) => store::job::retry(&mut tx, job, now + jiff::SignedDuration::from_secs(seconds), &why).await?,
        (End::Done, _) => store::job::done(&mut tx, job).await?,
        (End::Failed | End::Again(_), _) => {
            if let Some(c) = conversation {
                let told = EventKind::ConversationTranscript { to: what.to.to_string(), notes: what.notes, state: "failed".into() };
                tx.record(job.workspace, Actor::System, (Some(c.id), Some(c.inbox)), told).await?;
            }
            store::job::done(&mut tx, job).await?
        }
    };
    if kept { tx.commit().await } else { Ok(()) }
}
