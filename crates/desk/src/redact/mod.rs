//! Taking words and files out of messages for good: a card number, a password, a scan of a passport. What they were is kept
//! nowhere: not in other messages that quote them, older versions, drafts, the raw mail, the search index, previews, the log, or
//! answers kept for repeated requests.

mod words;

use model::message::Message;
use model::{AttachmentId, Conversation, ConversationId, EventKind, Job, MessageId, Permission, Scope};
use store::message::Shown;
use store::{Error, Tx};

pub use words::{BLOCK, Words};

use crate::conversation::BLOB_GRACE;
use crate::{Desk, Refusal};

/// What is to go.
#[derive(Debug, Clone)]
pub struct Redaction {
    /// Phrases of the message.
    pub words: Words,
    /// Files of the message.
    pub attachments: Vec<AttachmentId>,
}

/// Takes words and files out of a message, and out of everything that repeats them: the conversation that it is in, those that
/// it took in, and what stands beside them. How many messages are another now.
///
/// # Errors
/// [`Refusal::Forbidden`] without the permission; [`Refusal::NotFound`] when the message is out of sight; [`Refusal::Invalid`]
/// when nothing is chosen, or something chosen is not in this message.
pub async fn redact(tx: &mut Tx, desk: &Desk, scope: &Scope, id: MessageId, what: &Redaction) -> Result<usize, Refusal> {
    scope.require(Permission::MessageRedact)?;
    let shown = store::message::get(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    if what.words.is_empty() && what.attachments.is_empty() {
        return Err(Refusal::invalid("words", "missing", "Choose words or a file."));
    }
    if !what.words.is_empty() && rewritten(&shown.message, &what.words).is_none() {
        return Err(Refusal::invalid("words", "not_found", "These words do not stand in this message."));
    }
    let mut files = Vec::new();
    for file in &what.attachments {
        let file = shown.attachments.iter().find(|a| a.id == *file).ok_or_else(|| Refusal::unknown("attachment_ids"))?;
        files.push(file.sha256.clone());
    }
    let mut work = Work { tx, desk, scope, what, files, swept: Vec::new(), changed: 0 };
    for conversation in work.everywhere(shown.message.conversation).await? {
        work.conversation(conversation).await?;
    }
    let Work { mut swept, changed, .. } = work;
    // An answer that was kept for its Idempotency-Key may hold the words: whoever repeats the request is told to look.
    store::redaction::forget_answers(tx, scope.workspace).await?;
    swept.sort_unstable();
    swept.dedup();
    let later = tx.now() + BLOB_GRACE;
    for some in swept.chunks(200) {
        tx.enqueue_at(scope.workspace, &Job::SweepBlobs { sha256: some.to_vec() }, later).await?;
    }
    Ok(changed)
}

struct Work<'a> {
    tx: &'a mut Tx,
    desk: &'a Desk,
    scope: &'a Scope,
    what: &'a Redaction,
    /// SHA-256 of the files that go.
    files: Vec<String>,
    /// Bytes that something named until now.
    swept: Vec<String>,
    changed: usize,
}

impl Work<'_> {
    /// The conversation with its parent, all that these took in, and what stands beside any of them.
    async fn everywhere(&mut self, id: ConversationId) -> Result<Vec<Conversation>, Error> {
        let system = Scope::system(self.scope.workspace);
        let mut ids = vec![id];
        let mut all: Vec<Conversation> = Vec::new();
        let mut at = 0;
        while at < ids.len() {
            if let Some(c) = store::conversation::get(self.tx, &system, ids[at]).await? {
                let mut more = store::purge::merged_into(self.tx, self.scope.workspace, c.id).await?;
                more.extend(store::side::beside(self.tx, self.scope.workspace, c.id).await?);
                more.extend(c.beside);
                more.extend(c.merged_into);
                for other in more {
                    if !ids.contains(&other) {
                        ids.push(other);
                    }
                }
                all.push(c);
            }
            at += 1;
        }
        Ok(all)
    }

    async fn conversation(&mut self, before: Conversation) -> Result<(), Error> {
        let (workspace, words) = (self.scope.workspace, &self.what.words);
        for shown in store::redaction::messages(self.tx, workspace, before.id).await? {
            self.message(&before, shown).await?;
        }
        for (version, html, text) in store::redaction::versions(self.tx, workspace, before.id).await? {
            let clean_html = html.as_deref().and_then(|h| words.without_html(h));
            let clean_text = words.without(&text);
            if clean_html.is_some() || clean_text.is_some() {
                let html = clean_html.or(html);
                let clean = clean_text.unwrap_or_else(|| text.clone());
                store::search::forget(self.tx, workspace, &text, &clean).await?;
                store::redaction::set_version(self.tx, workspace, version, html.as_deref(), &clean).await?;
            }
        }
        for (agent, html) in store::redaction::drafts(self.tx, workspace, before.id).await? {
            if let Some(clean) = words.without_html(&html) {
                store::redaction::set_draft(self.tx, workspace, agent, before.id, &clean).await?;
            }
        }
        for (event, data) in store::redaction::event_data(self.tx, workspace, before.id).await? {
            if let Some(clean) = without_json(&data, words) {
                // Subjects of before were searched as well.
                store::search::forget(self.tx, workspace, &data, &clean).await?;
                store::redaction::set_event_data(self.tx, workspace, event, &clean).await?;
            }
        }
        for (merge, kept) in store::redaction::merges(self.tx, workspace, before.id).await? {
            if let Some(clean) = without_json(&kept, words) {
                store::redaction::set_merge(self.tx, workspace, merge, &clean).await?;
            }
        }
        let mut after = before.clone();
        if let Some(clean) = words.without(&after.subject) {
            store::search::forget(self.tx, workspace, &after.subject, &clean).await?;
            after.subject = clean;
        }
        if let Some(clean) = preview_without(self.tx, workspace, &before, words).await? {
            after.preview = clean;
        }
        if after != before {
            after.updated_at = self.tx.now();
            store::conversation::update(self.tx, workspace, &before, &mut after).await?;
        }
        Ok(())
    }

    async fn message(&mut self, at: &Conversation, shown: Shown) -> Result<(), Error> {
        let (workspace, words) = (self.scope.workspace, &self.what.words);
        let id = shown.message.id;
        let clean = rewritten(&shown.message, words);
        let mut touched = clean.is_some();
        let mut gone = 0;
        for file in &shown.attachments {
            if self.files.contains(&file.sha256) {
                store::redaction::remove_file(self.tx, workspace, file.id).await?;
                self.swept.push(file.sha256.clone());
                gone += 1;
            } else if let Some(name) = words.without(&file.filename) {
                store::redaction::rename_file(self.tx, workspace, file.id, &name).await?;
                touched = true;
            }
        }
        if !touched && gone == 0 {
            return Ok(());
        }
        if let Some(clean) = &clean {
            store::message::rewrite(self.tx, workspace, clean).await?;
            // What it offered repeats its words.
            store::interactive::forget(self.tx, workspace, id).await?;
            let text = |m: &Message| format!("{}\n{}\n{}", m.subject, m.text, m.reply_text);
            store::search::forget(self.tx, workspace, &text(&shown.message), &text(clean)).await?;
        }
        if let Some(mail) = shown.message.inbound_mail {
            self.raw_mail(mail, clean.as_ref().unwrap_or(&shown.message)).await?;
        }
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        store::redaction::insert(self.tx, workspace, id, self.scope.actor.agent()).await?;
        let kind = EventKind::MessageRedacted { message: id, words: touched, files: count(gone) };
        self.tx.record(workspace, self.scope.actor, (Some(at.id), Some(at.inbox)), kind).await?;
        self.changed += 1;
        Ok(())
    }

    /// The raw mail cannot be mended in its encodings: a few lines take its place.
    async fn raw_mail(&mut self, mail: model::InboundMailId, m: &Message) -> Result<(), Error> {
        let workspace = self.scope.workspace;
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let from = m.from.as_ref().map(|f| f.address.to_string()).unwrap_or_default();
        let raw = format!(
            "From: {from}\r\nSubject: {}\r\nMessage-ID: <{}>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: 8bit\r\n\r\nParts of this mail were redacted, so it is no longer kept as it arrived.\r\n",
            line(&m.subject),
            m.rfc_message_id.as_deref().map(line).unwrap_or_default(),
        );
        let staged = self.desk.store.blobs().stage(workspace, raw.into()).await?;
        self.tx.put_blob(workspace, &staged).await?;
        self.swept.extend(store::redaction::replace_raw(self.tx, workspace, mail, &staged.sha256, staged.size, &line(&m.subject)).await?);
        Ok(())
    }
}

/// A message without the words; none when they do not stand in it.
fn rewritten(m: &Message, words: &Words) -> Option<Message> {
    let html = m.html.as_deref().and_then(|h| words.without_html(h));
    let (subject, text, reply) = (words.without(&m.subject), words.without(&m.text), words.without(&m.reply_text));
    if html.is_none() && subject.is_none() && text.is_none() && reply.is_none() {
        return None;
    }
    let mut clean = m.clone();
    clean.html = html.or(clean.html);
    clean.subject = subject.unwrap_or(clean.subject);
    clean.text = text.unwrap_or(clean.text);
    clean.reply_text = reply.unwrap_or(clean.reply_text);
    Some(clean)
}

/// A preview without the words. It may end within them: then it is made anew from the newest public message.
async fn preview_without(tx: &mut Tx, workspace: model::WorkspaceId, c: &Conversation, words: &Words) -> Result<Option<String>, Error> {
    let sum = store::merge::sum(tx, workspace, c.id).await?;
    let fresh = sum.last_public.map(|(_, text)| model::conversation::preview_of(&text));
    let blacked = fresh.as_deref().is_some_and(|f| f.contains(BLOCK));
    Ok(fresh.filter(|f| blacked && *f != c.preview).or_else(|| words.without(&c.preview)))
}

/// JSON without the words in its texts.
fn without_json(json: &str, words: &Words) -> Option<String> {
    fn walk(value: &mut serde_json::Value, words: &Words) -> bool {
        match value {
            serde_json::Value::String(text) => match words.without(text) {
                Some(clean) => {
                    *text = clean;
                    true
                }
                None => false,
            },
            serde_json::Value::Array(list) => list.iter_mut().map(|v| usize::from(walk(v, words))).sum::<usize>() > 0,
            serde_json::Value::Object(map) => map.values_mut().map(|v| usize::from(walk(v, words))).sum::<usize>() > 0,
            _ => false,
        }
    }
    let mut value = serde_json::from_str(json).ok()?;
    walk(&mut value, words).then(|| value.to_string())
}
