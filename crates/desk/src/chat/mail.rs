//! A chat goes on by mail: agents' words that nobody saw, all in one mail, once.

use jiff::SignedDuration;
use model::chat::Chat;
use model::inbox::{Inbox, Outgoing};
use model::message::{RecipientState, retry_after_seconds};
use model::workspace::Language;
use model::{Actor, Conversation, ConversationId, EmailAddress, Job, Mailbox, MessageId, Scope, Timestamp, WorkspaceId};
use store::job::Claimed;
use store::message::Shown;
use store::{Error, Tx};

use crate::mail::{reply_address, secret_of};
use crate::ports::{Automatic, DeliverError, MailChannel, OutgoingMail};
use crate::{Desk, html};

/// Has a job look after the words of now, unless one does already. The caller writes the chat.
pub(super) async fn watch(tx: &mut Tx, workspace: WorkspaceId, chat: &mut Chat, from: Timestamp) -> Result<(), Error> {
    if chat.mail_due.is_some_and(|at| at > from) {
        return Ok(());
    }
    // Who said that they do not wait gets what they have not seen at once.
    let wait = if chat.left_at.is_some() { SignedDuration::ZERO } else { patience(tx, workspace, chat).await? };
    let at = from + wait;
    chat.mail_due = Some(at);
    tx.enqueue_at(workspace, &Job::ChatMailDue { conversation: chat.conversation }, at).await.map(drop)
}

async fn patience(tx: &mut Tx, workspace: WorkspaceId, chat: &Chat) -> Result<SignedDuration, Error> {
    let widget = store::widget::get(tx, workspace, chat.inbox).await?;
    Ok(SignedDuration::from_secs(i64::from(widget.map_or(300, |w| w.settings.mail_after))))
}

/// Words that nobody saw: those of agents that are newer than what the customer has read and what was mailed before.
fn known(chat: &Chat) -> Option<MessageId> {
    chat.customer_read.max(chat.mailed)
}

/// The customer answered by mail: what was mailed is read, and a chat that was over goes on.
pub(crate) async fn answered_by_mail(tx: &mut Tx, workspace: WorkspaceId, by: Actor, conversation: &Conversation) -> Result<(), Error> {
    let Some(mut chat) = store::chat::get(tx, workspace, conversation.id).await? else { return Ok(()) };
    if by != Actor::Customer(conversation.customer) {
        return Ok(());
    }
    chat.customer_read = chat.customer_read.max(chat.mailed);
    let change = if chat.ended.take().is_some() { "reopened" } else { "returned" };
    store::chat::update(tx, workspace, &chat).await?;
    super::changed(tx, workspace, by, conversation, change).await
}

/// Somebody answers, by one of our own mails, from the address that the visitor of a chat named and that is nobody's yet: so it was
/// theirs, and belongs to the chat's customer from now on.
pub(crate) async fn proves_address(tx: &mut Tx, workspace: WorkspaceId, conversation: &Conversation, address: &EmailAddress) -> Result<(), Error> {
    let chat = store::chat::get(tx, workspace, conversation.id).await?;
    let named = chat.and_then(|c| c.mail).is_some_and(|mail| mail.folded() == address.folded());
    if named && store::customer::by_address(tx, workspace, address).await?.is_none() {
        store::visitor::give_address(tx, workspace, conversation.customer, address).await?;
    }
    Ok(())
}

/// Looks whether words have to go by mail: unseen for the time that the inbox says, the widget closed, an address known. Then they
/// are marked as mailed and a job is queued, in this use case: killed at any point, they are mailed once.
pub async fn mail_due(tx: &mut Tx, workspace: WorkspaceId, id: ConversationId) -> Result<(), Error> {
    let scope = Scope::system(workspace);
    let Some(conversation) = store::conversation::get(tx, &scope, id).await? else { return Ok(()) };
    let Some(mut chat) = store::chat::get(tx, workspace, id).await? else { return Ok(()) };
    let now = tx.now();
    if chat.mail_due.is_none_or(|due| due > now) {
        // Another job looks later, or has looked.
        return Ok(());
    }
    chat.mail_due = None;
    let unseen = store::chat::unseen(tx, workspace, id, known(&chat)).await?;
    let unseen: Vec<_> = unseen_in_widget(tx, &scope, &chat, &conversation, unseen).await?;
    let (Some(first), Some(last)) = (unseen.first(), unseen.last()) else {
        return store::chat::update(tx, workspace, &chat).await;
    };
    let wait = if chat.left_at.is_some() { SignedDuration::ZERO } else { patience(tx, workspace, &chat).await? };
    let visitor = store::visitor::get(tx, workspace, chat.visitor).await?;
    let connected = chat.left_at.is_none() && visitor.as_ref().is_some_and(|v| v.is_connected(now));
    if chat.mail.is_none() {
        // Nobody to mail. Should an address be given later, the next words take these along.
        return store::chat::update(tx, workspace, &chat).await;
    }
    if connected || first.1 + wait > now {
        let from = if connected { now } else { first.1 };
        watch(tx, workspace, &mut chat, from).await?;
        return store::chat::update(tx, workspace, &chat).await;
    }
    let after = known(&chat);
    chat.mailed = Some(last.0);
    store::chat::update(tx, workspace, &chat).await?;
    tx.enqueue(workspace, &Job::SendChatMail { conversation: id, after, upto: last.0 }).await.map(drop)
}

/// What went by mail anyway is not mailed again.
async fn unseen_in_widget(
    tx: &mut Tx,
    scope: &Scope,
    chat: &Chat,
    conversation: &Conversation,
    unseen: Vec<(MessageId, Timestamp)>,
) -> Result<Vec<(MessageId, Timestamp)>, Error> {
    let mut out = Vec::with_capacity(unseen.len());
    for (id, at) in unseen {
        let shown = store::message::get(tx, scope, id).await?;
        if shown.is_some_and(|s| s.message.recipients.all().next().is_none() && chat.shows(conversation, &s.message)) {
            out.push((id, at));
        }
    }
    Ok(out)
}

/// Sends what [`mail_due`] decided, unless the customer came back meanwhile: then it is taken back, and looked at again later.
///
/// A crash between the server's yes and our commit means a second mail with the same Message-ID: SMTP offers no better.
pub async fn send_mail(
    desk: &Desk,
    channel: &dyn MailChannel,
    job: &Claimed,
    id: ConversationId,
    after: Option<MessageId>,
    upto: MessageId,
) -> Result<(), Error> {
    let workspace = job.workspace;
    let scope = Scope::system(workspace);
    let mut tx = desk.begin().await?;
    let Some(conversation) = store::conversation::get(&mut tx, &scope, id).await? else { return end(tx, job).await };
    let Some(mut chat) = store::chat::get(&mut tx, workspace, id).await? else { return end(tx, job).await };
    let now = tx.now();
    let visitor = store::visitor::get(&mut tx, workspace, chat.visitor).await?;
    let connected = chat.left_at.is_none() && visitor.as_ref().is_some_and(|v| v.is_connected(now));
    if chat.customer_read >= Some(upto) {
        return end(tx, job).await;
    }
    if connected && job.attempts <= 1 {
        // They are back, and will see it there. Should they go without having looked, it is mailed then.
        chat.mailed = after;
        watch(&mut tx, workspace, &mut chat, now).await?;
        store::chat::update(&mut tx, workspace, &chat).await?;
        return end(tx, job).await;
    }
    let Some(address) = chat.mail.clone() else { return end(tx, job).await };
    if store::customer::is_suppressed(&mut tx, workspace, &address).await? {
        return end(tx, job).await;
    }
    let Some((_, token)) = store::conversation::route(&mut tx, workspace, id).await? else { return end(tx, job).await };
    let Some(inbox) = store::inbox::get(&mut tx, workspace, conversation.inbox).await? else { return end(tx, job).await };
    let mut words = Vec::new();
    for (message, _) in store::chat::unseen(&mut tx, workspace, id, after).await?.into_iter().filter(|(m, _)| *m <= upto) {
        let shown = store::message::get(&mut tx, &scope, message).await?;
        words.extend(shown.filter(|s| s.message.recipients.all().next().is_none() && chat.shows(&conversation, &s.message)));
    }
    if words.is_empty() {
        return end(tx, job).await;
    }
    // Before it leaves, so that an answer that is faster than our commit finds its conversation.
    let message_id = desk.keys.signing.message_id(workspace, upto, inbox.address.domain());
    let references = store::message::rfc_ids(&mut tx, workspace, id, upto).await?;
    store::chat::put_reference(&mut tx, workspace, (id, upto), &message_id).await?;
    tx.commit().await?;

    let secret = secret_of(desk, channel, workspace, &inbox).await?;
    let mail = build(desk, workspace, &inbox, &token, &chat, &words, address, (message_id, references));
    let result = match &inbox.outgoing {
        Outgoing::None => Err(DeliverError::Transient("this inbox has no outgoing mail server yet; add one in its settings".into())),
        server @ Outgoing::Smtp(_) => channel.deliver(server, secret.as_ref(), &mail).await,
    };
    let (change, why) = match result {
        Ok(results) if results.iter().any(|r| r.state == RecipientState::Failed) => (Some("mail_failed"), None),
        Ok(results) if results.iter().any(|r| r.state == RecipientState::Queued) => (None, Some("the server said not now".to_owned())),
        Ok(_) => (Some("mailed"), None),
        Err(DeliverError::Permanent(_)) => (Some("mail_failed"), None),
        Err(DeliverError::Transient(why)) => (None, Some(why.detail)),
    };
    let mut tx = desk.begin().await?;
    let now = tx.now();
    let next = retry_after_seconds(job.attempts, job.created_at, now);
    let kept = match (change, why, next) {
        (None, Some(why), Some(seconds)) => store::job::retry(&mut tx, job, now + SignedDuration::from_secs(seconds), &why).await?,
        (change, ..) => {
            super::changed(&mut tx, workspace, Actor::System, &conversation, change.unwrap_or("mail_failed")).await?;
            store::job::done(&mut tx, job).await?
        }
    };
    if kept { tx.commit().await } else { Ok(()) }
}

async fn end(mut tx: Tx, job: &Claimed) -> Result<(), Error> {
    if store::job::done(&mut tx, job).await? { tx.commit().await } else { Ok(()) }
}

/// The mail holds agents' words and ours, and nothing that the visitor wrote, nor in its subject: whoever names somebody else's
/// address cannot have us carry a text there.
#[expect(clippy::too_many_arguments, reason = "the pieces of one mail")]
fn build(
    desk: &Desk,
    workspace: WorkspaceId,
    inbox: &Inbox,
    token: &str,
    chat: &Chat,
    words: &[Shown],
    to: EmailAddress,
    (message_id, mut references): (String, Vec<String>),
) -> OutgoingMail {
    let language = if chat.locale == "ko" { Language::Ko } else { Language::En };
    let name = inbox.from_name.clone().unwrap_or_else(|| inbox.name.clone());
    let (subject, head, foot) = match language {
        Language::En => (
            format!("{name} answered your chat"),
            "You have an answer in your chat:",
            "You can answer this mail: it goes on in the same conversation.",
        ),
        Language::Ko => {
            (format!("{name}에서 채팅에 답변을 드렸습니다"), "채팅에 새 답변이 도착했습니다.", "이 메일에 답장하시면 같은 대화로 이어집니다.")
        }
    };
    let (mut text, mut body) = (format!("{head}\n\n"), format!("<p>{head}</p>"));
    for shown in words {
        let m = &shown.message;
        let author = model::visitor::given_name(shown.author_name.as_deref().unwrap_or_default());
        text.push_str(&format!("{author}: {}\n\n", m.reply_text.trim_end()));
        body.push_str(&format!("<p><b>{}</b></p>", html_escape::encode_text(&author)));
        body.push_str(&without_pictures(m.html.as_deref().unwrap_or_default()));
        for file in &shown.attachments {
            text.push_str(&format!("[{}]\n", file.filename));
            body.push_str(&format!("<p>[{}]</p>", html_escape::encode_text(&file.filename)));
        }
    }
    let marker = desk.keys.signing.marker(workspace, chat.conversation);
    let in_reply_to = references.first().cloned();
    references.reverse();
    OutgoingMail {
        message_id,
        from: Mailbox { name: Some(name), address: inbox.address.clone() },
        reply_to: reply_address(inbox, token),
        to: vec![Mailbox { name: None, address: to.clone() }],
        cc: Vec::new(),
        envelope: vec![to],
        subject,
        text: format!("{text}{foot}\n\n{marker}\n"),
        html: format!("{body}<p>{foot}</p><div style=\"font-size:1px;line-height:1px;color:#ffffff;max-height:0;overflow:hidden\">{marker}</div>"),
        attachments: Vec::new(),
        in_reply_to,
        references,
        date: desk.clock.now(),
        automatic: Automatic::No,
    }
}

/// Pictures of ours are named by their files: their addresses lead nowhere outside.
fn without_pictures(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find("<img") {
        out.push_str(&rest[..at]);
        rest = rest[at..].find('>').map_or("", |end| &rest[at + end + 1..]);
    }
    out.push_str(rest);
    html::sanitize_composed(&out)
}
