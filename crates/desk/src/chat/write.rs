//! A visitor writes.

use std::collections::BTreeMap;

use model::chat::{Chat, LONGEST, MOST_FILES};
use model::conversation::{Channel, Incoming};
use model::message::{Message, MessageKind, Recipients};
use model::visitor::{Page, Visitor};
use model::widget::{FieldKind, When};
use model::workspace::Language;
use model::{Actor, AttachmentId, Conversation, ConversationId, CustomerId, EventKind, Mailbox, MessageId, ShelfKind, WorkspaceId};
use store::Tx;

use super::{Answer, Visit};
use crate::conversation::{blank, language_of};
use crate::{Refusal, line};

/// What a visitor sends.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Uploads.
    pub attachments: Vec<AttachmentId>,
    /// The request's Idempotency-Key: sent twice, it is one message.
    pub key: Option<String>,
    /// Answers to what was asked before; only with the first message.
    pub form: BTreeMap<String, String>,
    /// The page it looks at, where the visitor agreed; only with the first message.
    pub page: Option<Page>,
    /// The words that it answers: a rule's id, or `agent` for an agent's own; only with the first message.
    pub invitation: Option<String>,
    /// The agent in whose name those words were said, as the visitor saw it; only where a rule said them.
    pub invitation_by: Option<String>,
    /// What was pressed or filled in of what an agent's message offers: the words are made of it.
    pub answer: Option<Answer>,
}

/// Where the words are now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message.
    pub message: MessageId,
    /// They were there already: a request came twice.
    pub again: bool,
}

/// Takes a visitor's words in: into their conversation, which opens again, or as a new one. The first words make the customer.
///
/// # Errors
/// [`Refusal::Invalid`] when there is nothing to say or too much, or a question was not answered; [`Refusal::NotFound`] when the
/// conversation is not theirs; [`Refusal::Conflict`] `disabled` when the widget is switched off, `merged` when it went into another.
pub async fn write(tx: &mut Tx, visit: &Visit, into: Option<ConversationId>, words: Words) -> Result<Written, Refusal> {
    let workspace = visit.workspace;
    let mut text = check(visit, &words)?;
    // Of two first messages at once, the second finds the customer.
    let mut visitor = store::visitor::lock(tx, workspace, visit.visitor.id).await?.ok_or(Refusal::NotFound)?;
    if let Some(key) = &words.key
        && let Some((conversation, message)) = store::chat::by_key(tx, workspace, visitor.id, key).await?
    {
        return Ok(Written { conversation, message, again: true });
    }
    let message = tx.new_id();
    let mut address = None;
    if let Some(answer) = &words.answer {
        let at = into.ok_or(Refusal::NotFound)?;
        (text, address) = super::interactive::read(tx, workspace, at, answer, &visitor.locale).await?;
    }
    let conversation = match into {
        Some(id) => go_on(tx, visit, &visitor, id, &text).await?,
        None => begin(tx, visit, &mut visitor, &text, &words).await?,
    };
    if let Some(key) = &words.key {
        store::chat::claim_key(tx, workspace, visitor.id, key, (conversation.id, message)).await?;
    }
    let from = visitor.email.clone().map(|address| Mailbox { name: visitor.name.clone(), address });
    let said = Message {
        id: message,
        conversation: conversation.id,
        kind: MessageKind::Customer,
        author: Actor::Customer(conversation.customer),
        subject: String::new(),
        html: None,
        reply_text: text.clone(),
        text,
        from,
        recipients: Recipients::default(),
        rfc_message_id: None,
        inbound_mail: None,
        created_at: tx.now(),
        sent_at: None,
        delivery: None,
        authentication: None,
        held: false,
        forwarded_by: None,
    };
    store::message::insert(tx, workspace, &said).await?;
    if let Some(answer) = &words.answer
        && !store::interactive::answer(tx, workspace, message, answer.to).await?
    {
        return Err(Refusal::conflict("answered", "This was answered already."));
    }
    if let Some(address) = address.filter(|_| visitor.email.is_none() && visitor.identity.is_none())
        && !super::is_ours(tx, workspace, &address).await?
    {
        visitor.email = Some(address);
        store::visitor::update(tx, workspace, &visitor).await?;
        super::session::tell(tx, workspace, &visitor).await?;
    }
    for attachment in words.attachments {
        if !store::chat::attach(tx, workspace, attachment, message, visitor.id).await? {
            return Err(Refusal::invalid("attachments", "not_found", "A file is not there any more. Upload it again."));
        }
    }
    store::customer::seen(tx, workspace, conversation.customer).await?;
    let place = (Some(conversation.id), Some(conversation.inbox));
    tx.record(workspace, said.author, place, EventKind::MessageReceived { message }).await?;
    Ok(Written { conversation: conversation.id, message, again: false })
}

fn check(visit: &Visit, words: &Words) -> Result<String, Refusal> {
    let settings = &visit.widget.settings;
    if !settings.enabled {
        return Err(Refusal::conflict("disabled", "This chat is closed. Write a mail instead."));
    }
    let text = line::text("text", words.text.trim(), LONGEST)?.replace("\r\n", "\n");
    if text.is_empty() && words.attachments.is_empty() && words.answer.is_none() {
        return Err(Refusal::invalid("text", "missing", "Write something."));
    }
    if words.attachments.len() > MOST_FILES || (!settings.files.enabled && !words.attachments.is_empty()) {
        return Err(Refusal::invalid("attachments", "too_many", "That many files are not taken here."));
    }
    if words.key.as_ref().is_some_and(|k| k.is_empty() || k.len() > 200) {
        return Err(Refusal::invalid("Idempotency-Key", "invalid", "1 to 200 characters."));
    }
    Ok(text)
}

/// Into a conversation that is there.
async fn go_on(tx: &mut Tx, visit: &Visit, visitor: &Visitor, id: ConversationId, text: &str) -> Result<Conversation, Refusal> {
    let workspace = visit.workspace;
    let visit = Visit { visitor: visitor.clone(), ..visit.clone() };
    let (mut chat, mut conversation) = super::theirs(tx, &visit, id).await?;
    crate::conversation::not_merged(&conversation)?;
    let by = Actor::Customer(conversation.customer);
    let before = conversation.clone();
    let now = tx.now();
    let woken = conversation.take_in(Incoming::FromCustomer, text, now);
    store::conversation::update(tx, workspace, &before, &mut conversation).await?;
    let place = (Some(id), Some(conversation.inbox));
    if before.shelf.is_some() && conversation.shelf.is_none() {
        tx.record(workspace, by, place, EventKind::ConversationRestored { shelf: ShelfKind::Trash.as_str().into() }).await?;
    }
    if woken {
        tx.record(workspace, by, place, EventKind::status_changed(&before, &conversation)).await?;
    }
    let change = match (chat.ended.take().is_some(), chat.left_at.take().is_some()) {
        (true, _) => Some("reopened"),
        (false, true) => Some("returned"),
        (false, false) => None,
    };
    if let Some(change) = change {
        store::chat::update(tx, workspace, &chat).await?;
        super::changed(tx, workspace, by, &conversation, change).await?;
    }
    Ok(conversation)
}

/// As a new one.
async fn begin(tx: &mut Tx, visit: &Visit, visitor: &mut Visitor, text: &str, words: &Words) -> Result<Conversation, Refusal> {
    let workspace = visit.workspace;
    let form = answers(visit, &words.form)?;
    if visitor.identity.is_none() {
        if let Some(name) = form.get("name").map(|n| n.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|n| !n.is_empty()) {
            visitor.name = Some(name.chars().take(100).collect());
        }
        if let Some(email) = form.get("email").and_then(|e| e.parse().ok()) {
            if super::is_ours(tx, workspace, &email).await? {
                return Err(Refusal::invalid("form", "own", "email: this is our own address. Write yours."));
            }
            visitor.email = Some(email);
        }
    }
    if let Some(page) = words.page.clone().filter(|_| visit.widget.settings.page).and_then(Page::tidy) {
        visitor.page = Some(page);
    }
    let inbox = store::inbox::get(tx, workspace, visitor.inbox).await?.ok_or(Refusal::NotFound)?;
    let (customer, owns_address) = customer_of(tx, workspace, visitor, text).await?;
    visitor.customer = Some(customer);
    store::visitor::update(tx, workspace, visitor).await?;
    let blocked = match &visitor.email {
        Some(address) => store::blocked_sender::find(tx, workspace, address).await?.is_some(),
        None => false,
    };
    let subject = subject_of(text);
    let mut conversation = blank(tx, workspace, &inbox, customer, &subject, Channel::Chat).await?;
    let now = tx.now();
    conversation.take_in(Incoming::FromCustomer, text, now);
    if blocked {
        conversation.put_away(ShelfKind::Spam, Actor::System, now);
    }
    store::conversation::insert(tx, workspace, &mut conversation).await?;
    let invitation = match &words.invitation {
        Some(named) => crate::visitor::resolve(tx, visit, visitor, named, words.invitation_by.as_deref()).await?,
        None => None,
    };
    let chat = Chat {
        conversation: conversation.id,
        inbox: visitor.inbox,
        visitor: visitor.id,
        identity: visitor.subject(now).map(str::to_owned),
        locale: visitor.locale.clone(),
        customer_read: None,
        agent_read: None,
        hold: None,
        ended: None,
        left_at: None,
        mail: visitor.email.clone(),
        mailed: None,
        mail_due: None,
        rating: None,
        form,
        page: visitor.page.clone(),
        invitation,
        passed_at: None,
    };
    store::chat::insert(tx, workspace, &chat).await?;
    if let Some(address) = &visitor.email {
        let who = Mailbox { name: visitor.name.clone(), address: address.clone() };
        store::participant::add(tx, workspace, conversation.id, &who, owns_address.then_some(customer)).await?;
    }
    let (place, by) = ((Some(conversation.id), Some(inbox.id)), Actor::Customer(customer));
    // The browser first: whoever follows the log learns whose conversation it is before anything else happens in it.
    tx.record(workspace, by, place, EventKind::ChatStarted { visitor: visitor.id }).await?;
    tx.record(workspace, by, place, EventKind::ConversationCreated {}).await?;
    if let Some(invitation) = &chat.invitation {
        crate::visitor::accept(tx, workspace, &mut conversation, invitation).await?;
    }
    if blocked {
        tx.record(workspace, Actor::System, place, EventKind::ConversationShelved { shelf: ShelfKind::Spam.as_str().into() }).await?;
    }
    Ok(conversation)
}

/// Whom the visitor is known as, and whether the address that it gave is that customer's. An address alone finds nobody: who claims
/// one is a new customer without it, until a site proves it, or an answer by mail does.
async fn customer_of(tx: &mut Tx, workspace: WorkspaceId, v: &Visitor, text: &str) -> Result<(CustomerId, bool), Refusal> {
    let now = tx.now();
    let subject = v.subject(now).map(str::to_owned);
    let known = match (&subject, v.customer) {
        (_, Some(id)) => Some(id),
        (Some(subject), None) => store::visitor::customer_of(tx, workspace, v.inbox, subject).await?,
        (None, None) => None,
    };
    if let Some(id) = known {
        let own = match &v.email {
            Some(address) => store::chat::has_address(tx, workspace, id, address).await?,
            None => false,
        };
        return Ok((id, own));
    }
    let name = match &v.name {
        Some(name) => name.clone(),
        None => nameless(tx, workspace, v).await?,
    };
    let language = language_of(text).or_else(|| (v.locale == "ko").then_some("ko"));
    let id = store::customer::insert(tx, workspace, &name, None, language).await?;
    if let Some(subject) = subject {
        store::visitor::put_identity(tx, workspace, v.inbox, &subject, id).await?;
    }
    Ok((id, false))
}

/// "Visitor 4821", in the workspace's language.
async fn nameless(tx: &mut Tx, workspace: WorkspaceId, v: &Visitor) -> Result<String, Refusal> {
    let language = store::workspace::find(tx, workspace).await?.map(|w| w.language).unwrap_or_default();
    let number = v.number();
    Ok(match language {
        Language::En => format!("Visitor {number}"),
        Language::Ko => format!("방문자 {number}"),
    })
}

/// The first words, up to 80 characters.
fn subject_of(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 80 {
        return line;
    }
    let cut: String = line.chars().take(79).collect();
    // Between two words, where there is a place near the end.
    let cut = cut.rsplit_once(' ').filter(|(head, _)| head.chars().count() > 50).map_or(cut.as_str(), |(head, _)| head);
    format!("{cut}…")
}

/// The answers to the questions that the widget asks; what it does not ask is left out.
fn answers(visit: &Visit, given: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Refusal> {
    let pre_chat = &visit.widget.settings.pre_chat;
    let mut answers = BTreeMap::new();
    if pre_chat.when == When::Never {
        return Ok(answers);
    }
    for field in &pre_chat.fields {
        let answer = given.get(&field.key).map(|a| a.trim()).unwrap_or_default();
        let wrong = |code, detail: &str| Err(Refusal::invalid("form", code, format!("{}: {detail}", field.key)));
        // Whether somebody is there changes by the second: only what is always asked is insisted on.
        if answer.is_empty() {
            if field.required && pre_chat.when == When::Always {
                return wrong("missing", "this field is needed.");
            }
            continue;
        }
        if !field.kind.takes(answer, &field.choices) {
            return wrong("invalid", "this answer does not fit.");
        }
        if field.kind == FieldKind::Consent && field.required && answer != "true" {
            return wrong("missing", "please agree to go on.");
        }
        answers.insert(field.key.clone(), answer.to_owned());
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_is_the_first_words() {
        assert_eq!(subject_of("Where is\n my order?"), "Where is my order?");
        let long = subject_of(&"order ".repeat(40));
        assert!(long.chars().count() <= 80 && long.ends_with("order…"), "{long}");
        assert_eq!(subject_of(&"가".repeat(300)).chars().count(), 80);
    }
}
