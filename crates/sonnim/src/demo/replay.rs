//! Lets stories happen: every step of every story in the order of time, by the verbs of the desk.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use channels::email::EmailChannel;
use channels::email::sign_in::SignIn;
use desk::Desk;
use desk::conversation::{self, Arrival, Assignment, File, Note, Reply};
use jiff::{SignedDuration, Timestamp};
use model::inbound::{Inbound, InboundAttachment, InboundKind};
use model::inbox::Inbox;
use model::message::{Attachment, Authentication, DeliveryState, RecipientState};
use model::{Actor, AgentId, ConversationId, EventKind, Job, MessageId, Scope, TagId, TeamId, WorkspaceId};
use store::Tx;
use store::inbound_mail::Envelope;

use super::people::Person;
use super::story::{Outcome, Step, Story};
use super::{mails, words};
use crate::failure::Failure;

/// Steps in one transaction.
const BATCH: usize = 1_000;

/// The shop, open for business.
pub struct Shop {
    pub desk: Desk,
    /// What the desk's clock shows.
    pub hands: Arc<AtomicI64>,
    pub workspace: WorkspaceId,
    pub system: Scope,
    pub scopes: Vec<Scope>,
    pub agents: Vec<AgentId>,
    pub inboxes: Vec<Inbox>,
    pub teams: Vec<TeamId>,
    pub tags: Vec<(&'static str, TagId)>,
}

/// How much happened.
#[derive(Debug, Default)]
pub struct Told {
    /// Conversations begun.
    pub conversations: usize,
    /// Messages written, notes included.
    pub messages: usize,
}

/// How far a story has come.
#[derive(Default, Clone)]
struct Progress {
    conversation: Option<ConversationId>,
    /// Message-ID of the customer's first mail.
    first: Option<String>,
    /// Our last reply.
    reply: Option<MessageId>,
}

impl Shop {
    /// Lets everything happen that lies before `now`.
    pub async fn replay(&self, (people, stories): (Vec<Person>, Vec<Story>), now: Timestamp) -> Result<Told, Failure> {
        let mut order: Vec<(Timestamp, usize, usize)> = Vec::new();
        for (s, story) in stories.iter().enumerate() {
            order.extend(story.steps.iter().enumerate().filter(|(_, (at, _))| *at < now).map(|(n, (at, _))| (*at, s, n)));
        }
        order.sort_unstable();
        let mut told = Told::default();
        let mut progress = vec![Progress::default(); stories.len()];
        let mut raw: Vec<(Timestamp, Vec<u8>)> = Vec::new();
        let help = self.inboxes[1].address.as_str();
        for (n, mail) in mails::raw(help).into_iter().chain([mails::without_sender(help)]).enumerate() {
            raw.push((now - SignedDuration::from_mins(200 + 340 * n as i64), mail));
        }
        raw.sort_unstable();
        let mut raw = raw.into_iter().peekable();
        for batch in order.chunks(BATCH) {
            let mut tx = self.desk.store.begin(batch.first().map_or(now, |(at, ..)| *at)).await?;
            for (at, s, n) in batch {
                while let Some((_, mail)) = raw.next_if(|(due, _)| due <= at) {
                    tx = self.between(tx, *at, &mail, 1).await?;
                    told.conversations += 1;
                }
                tx.move_to(*at);
                let story = &stories[*s];
                let step = &story.steps[*n].1;
                if let Step::Bounce = step {
                    let mail = self.bounce_of(&mut tx, &progress[*s], story).await?;
                    tx = self.between(tx, *at, &mail, story.inbox).await?;
                } else {
                    self.step(&mut tx, *at, (*s, *n), story, &people[story.customer], &mut progress[*s], step).await?;
                }
                told.conversations += usize::from(*n == 0);
                told.messages += usize::from(matches!(step, Step::Customer { .. } | Step::Reply { .. } | Step::Note { .. } | Step::Bounce));
            }
            store::job::forget(&mut tx, self.workspace, Job::DeliverMessage { message: <MessageId as model::Id>::from_raw(0) }.name()).await?;
            tx.commit().await?;
        }
        self.read_up(&stories, &progress, now).await?;
        Ok(told)
    }

    #[expect(clippy::too_many_arguments, reason = "the pieces of one step")]
    async fn step(
        &self,
        tx: &mut Tx,
        at: Timestamp,
        (s, n): (usize, usize),
        story: &Story,
        who: &Person,
        progress: &mut Progress,
        step: &Step,
    ) -> Result<(), Failure> {
        let Step::Customer { text, files } = step else {
            let Some(id) = progress.conversation else { return Ok(()) };
            return self.ours(tx, story, progress, id, step).await;
        };
        let message_id = format!("{s}.{n}.{}@{}", at.as_second(), who.mailbox.address.domain());
        let inbox = &self.inboxes[story.inbox];
        let subject = if n == 0 { story.subject.clone() } else { format!("Re: {}", story.subject) };
        let mail = inbound(who, inbox, message_id.clone(), progress.first.clone(), subject, text, files, at);
        let mut staged = Vec::new();
        for file in &mail.attachments {
            staged.push(self.desk.store.blobs().stage(self.workspace, file.data.clone().into()).await?);
        }
        let parts = mail.attachments.iter().zip(staged).map(|(part, staged)| File { part, staged }).collect::<Vec<_>>();
        let arrival = Arrival { mail: None, envelope_from: Some(who.mailbox.address.to_string()) };
        let received = conversation::receive(tx, &self.desk.keys, self.workspace, inbox, &arrival, &mail, &parts).await;
        let received = received.map_err(Failure::failed("the demo's mails"))?;
        progress.conversation = Some(received.conversation);
        progress.first.get_or_insert(message_id);
        if n == 0 {
            super::companies::fill_in(tx, &self.scopes[0], received.conversation, s, story.inbox).await?;
        }
        Ok(())
    }

    async fn ours(&self, tx: &mut Tx, story: &Story, progress: &mut Progress, id: ConversationId, step: &Step) -> Result<(), Failure> {
        let failed = Failure::failed::<desk::Refusal>("the demo");
        match step {
            Step::Reply { by, text, then, files, outcome } => {
                let reply = Reply { text: Some(text.clone()), then: then.map(Into::into), ..Reply::default() };
                let message =
                    conversation::reply(tx, &self.desk, &self.scopes[*by], id, reply).await.map_err(Failure::failed("the demo's replies"))?;
                for file in files {
                    self.attach(tx, message, file).await?;
                }
                self.deliver(tx, story, id, message, *outcome).await?;
                progress.reply = Some(message);
            }
            Step::Note { by, text } => {
                let note = Note::new(None, Some(text), Vec::new()).map_err(failed)?;
                conversation::note(tx, &self.scopes[*by], id, note).await.map_err(Failure::failed("the demo"))?;
            }
            Step::Assign { by, to, team } => {
                let to = Assignment { assignee: to.map(|a| Some(self.agents[a])), team: team.map(|t| Some(self.teams[t])) };
                conversation::assign(tx, &self.scopes[*by], id, to).await.map_err(failed)?;
            }
            Step::Tag { by, tag } => {
                let tags: Vec<TagId> = self.tags.iter().filter(|(key, _)| key == tag).map(|(_, id)| *id).collect();
                conversation::change_tags(tx, &self.scopes[*by], id, &tags).await.map_err(failed)?;
            }
            Step::Priority { by, priority } => {
                let changes = conversation::Changes { priority: Some(*priority), ..conversation::Changes::default() };
                conversation::update(tx, &self.scopes[*by], id, changes).await.map_err(failed)?;
            }
            Step::Status { by, status } => {
                conversation::change_status(tx, &self.scopes[*by], id, *status).await.map_err(Failure::failed("the demo"))?;
            }
            Step::Customer { .. } | Step::Bounce => {}
        }
        Ok(())
    }

    async fn attach(&self, tx: &mut Tx, message: MessageId, file: &InboundAttachment) -> Result<(), Failure> {
        let staged = self.desk.store.blobs().stage(self.workspace, file.data.clone().into()).await?;
        let attachment = Attachment {
            id: tx.new_id(),
            message: Some(message),
            filename: file.filename.clone(),
            content_type: file.content_type.clone(),
            size: staged.size,
            inline: false,
            content_id: None,
            sha256: staged.sha256.clone(),
        };
        Ok(store::attachment::insert(tx, self.workspace, &attachment, None, &staged).await?)
    }

    /// What the customer's mail server said, a moment after the undo window.
    async fn deliver(&self, tx: &mut Tx, story: &Story, id: ConversationId, message: MessageId, outcome: Outcome) -> Result<(), Failure> {
        let at = tx.now() + SignedDuration::from_secs(11);
        let Some(mut shown) = store::message::get(tx, &self.system, message).await? else { return Ok(()) };
        let m = &mut shown.message;
        let Some(delivery) = &mut m.delivery else { return Ok(()) };
        let is_refused = outcome == Outcome::Failed;
        for recipient in &mut delivery.recipients {
            recipient.state = if is_refused { RecipientState::Failed } else { RecipientState::Sent };
            recipient.code = Some(if is_refused { "5.2.2" } else { "2.0.0" }.into());
            recipient.detail = Some(if is_refused { "Mailbox is full" } else { "Queued" }.into());
            recipient.at = Some(at);
        }
        delivery.attempts = 1;
        delivery.undo_until = None;
        delivery.state = DeliveryState::sum(delivery.recipients.iter().map(|r| r.state));
        let state = delivery.state.as_str().to_owned();
        m.sent_at = Some(at).filter(|_| !is_refused);
        store::message::update_delivery(tx, self.workspace, m).await?;
        let place = (Some(id), Some(self.inboxes[story.inbox].id));
        Ok(tx.record(self.workspace, Actor::System, place, EventKind::MessageDeliveryChanged { message, state }).await?)
    }

    async fn bounce_of(&self, tx: &mut Tx, progress: &Progress, story: &Story) -> Result<Vec<u8>, Failure> {
        let reply = match progress.reply {
            Some(id) => store::message::get(tx, &self.system, id).await?,
            None => None,
        };
        let to = self.inboxes[story.inbox].address.as_str();
        let recipient = reply.as_ref().and_then(|r| r.message.recipients.to.first()).map(|m| m.address.to_string()).unwrap_or_default();
        Ok(mails::bounce(to, &recipient, &reply.and_then(|r| r.message.rfc_message_id).unwrap_or_default()))
    }

    /// A raw mail comes in by the way that all mail comes, between two transactions.
    async fn between(&self, mut tx: Tx, at: Timestamp, raw: &[u8], inbox: usize) -> Result<Tx, Failure> {
        let deliveries = Job::DeliverMessage { message: <MessageId as model::Id>::from_raw(0) }.name();
        store::job::forget(&mut tx, self.workspace, deliveries).await?;
        tx.commit().await?;
        self.hands.store(at.as_millisecond(), Ordering::Relaxed);
        let envelope = Envelope { via: "lmtp", from: None, to: Some(self.inboxes[inbox].address.to_string()), remote_ip: None, helo: None };
        let raw = bytes::Bytes::copy_from_slice(raw);
        desk::mail::accept_for_inbox(&self.desk, self.workspace, self.inboxes[inbox].id, envelope, raw)
            .await
            .map_err(Failure::failed("the demo's mails"))?;
        let channel = channel()?;
        for job in self.desk.store.claim_jobs(at, at + SignedDuration::from_mins(2), 8).await? {
            if let Some(Job::ProcessMail { mail }) = job.job {
                desk::mail::process(&self.desk, &channel, &job, mail).await?;
            }
        }
        Ok(self.desk.store.begin(at).await?)
    }

    /// Most of it has been read by those who work here; the newest has not.
    async fn read_up(&self, stories: &[Story], progress: &[Progress], now: Timestamp) -> Result<(), Failure> {
        let mut dice = words::Dice::new(17);
        let mut tx = self.desk.store.begin(now).await?;
        for (story, progress) in stories.iter().zip(progress) {
            let Some(id) = progress.conversation else { continue };
            let last = story.steps.iter().filter(|(at, _)| *at < now).map(|(at, _)| *at).max().unwrap_or(now);
            let hours = (now.as_second() - last.as_second()) / 3_600;
            for agent in &self.agents {
                if hours > 30 || (hours > 5 && dice.chance(40)) {
                    store::read_state::set(&mut tx, self.workspace, *agent, id, true).await?;
                }
            }
        }
        Ok(tx.commit().await?)
    }
}

/// The mail channel without a network: it understands, and asks no name server.
fn channel() -> Result<EmailChannel, Failure> {
    let tls = channels::email::tls::client_config(&[]).map_err(Failure::failed("TLS"))?;
    let dialer = channels::email::dial::Dialer::new(tls, |_| false, std::time::Duration::from_secs(1));
    Ok(EmailChannel::new(dialer, "haru-goods.example", Arc::new(SignIn::by_password(crate::mail::now)), None, Some("mx.haru-goods.example".into())))
}

#[expect(clippy::too_many_arguments, reason = "the pieces of one mail")]
fn inbound(
    who: &Person,
    inbox: &Inbox,
    message_id: String,
    first: Option<String>,
    subject: String,
    text: &str,
    files: &[InboundAttachment],
    at: Timestamp,
) -> Inbound {
    Inbound {
        kind: InboundKind::Message,
        body_hash: model::token::hash(text),
        message_id: Some(message_id),
        references: first.into_iter().collect(),
        from: Some(who.mailbox.clone()),
        reply_to: Vec::new(),
        to: vec![model::Mailbox { name: None, address: inbox.address.clone() }],
        cc: Vec::new(),
        delivered_to: vec![inbox.address.clone()],
        subject,
        date: Some(at),
        text: text.to_owned(),
        html: Some(desk::html::from_text(text)),
        reply_text: text.to_owned(),
        attachments: files.to_vec(),
        markers: Vec::new(),
        authentication: Authentication { spf: "pass".into(), dkim: "pass".into(), dmarc: "pass".into() },
        bounce: None,
        forwarded: None,
        error: None,
    }
}
