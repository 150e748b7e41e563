//! The data that the workloads run on, loaded straight into the store.

use std::time::Instant;

use model::conversation::{Channel, preview_of};
use model::message::{Delivery, DeliveryState, Message, MessageKind, RecipientDelivery, RecipientState, Recipients};
use model::{
    Actor, AgentId, Conversation, ConversationId, CustomerId, EmailAddress, Id, InboxId, Mailbox, MessageId, Priority, Status, Timestamp, WorkspaceId,
};
use store::Store;
use store::bulk::{self, Batch, Person, Whole};

use crate::Failure;
use crate::text::{Dice, korean, line, planted, word, words};

/// How much data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Size {
    /// None.
    Empty,
    /// 20,000 conversations × 3 messages.
    Small,
    /// 200,000 × 5: a million messages.
    Messages,
    /// 1,000,000 × 1: for what costs by conversations only.
    Conversations,
    /// 1,000,000 × 5.
    Million,
}

impl Size {
    /// Conversations and messages in each.
    pub fn numbers(self) -> (usize, usize) {
        match self {
            Self::Empty => (0, 0),
            Self::Small => (20_000, 3),
            Self::Messages => (200_000, 5),
            Self::Conversations => (1_000_000, 1),
            Self::Million => (1_000_000, 5),
        }
    }
}

/// Customers in the pool.
pub const CUSTOMERS: usize = 500;
/// Conversations with 50 messages, beside the others.
pub const LONG: usize = 40;
/// Conversations in one transaction.
const BATCH: usize = 5_000;
/// Days that the data reaches back.
const DAYS: i64 = 180;

/// Where the data goes.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Place {
    pub workspace: WorkspaceId,
    pub inbox: InboxId,
    pub agent: AgentId,
}

fn raw_id(at: Timestamp, sequence: usize) -> i64 {
    // Node 1023, which no server takes while a lower number is free.
    ((at.as_millisecond() - model::id::EPOCH_MS) << 22) | (1023 << 12) | (sequence as i64 & 0xfff)
}

fn plus(at: Timestamp, ms: i64) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond() + ms).unwrap_or(at)
}

/// The address of a customer of the pool.
pub fn address(customer: usize) -> Result<EmailAddress, Failure> {
    Ok(format!("customer{customer:03}@customers.example").parse()?)
}

struct Maker {
    place: Place,
    begin: Timestamp,
    step: i64,
    each: usize,
    /// Every so many conversations carry a planted word.
    plant_every: usize,
    last: usize,
}

impl Maker {
    fn customer(&self, n: usize) -> CustomerId {
        CustomerId::from_raw(raw_id(plus(self.begin, -86_400_000 + n as i64), n))
    }

    fn conversation(&self, n: usize) -> Result<Whole, Failure> {
        let mut dice = Dice::new(n as u64);
        let is_long = n >= self.last;
        let created = plus(self.begin, n as i64 * self.step);
        let id = ConversationId::from_raw(raw_id(created, n));
        let who = dice.below(CUSTOMERS);
        let mailbox = Mailbox { name: Some(name(who)), address: address(who)? };
        let subject = line(&mut dice, 6);
        let mut messages = Vec::new();
        for at in 0..if is_long { 50 } else { self.each } {
            // Every fifth conversation is Korean.
            let mut text = if n % 5 == 4 { korean(&mut dice, 50) } else { words(&mut dice, 80) };
            if at == 0 && !is_long && n.is_multiple_of(self.plant_every) && n / self.plant_every < 20_000 {
                text = format!("{} {text}", planted(n / self.plant_every));
            }
            let at_time = plus(created, at as i64 * 660_000);
            messages.push(self.message(id, n, at, at_time, &subject, text, &mailbox, self.customer(who)));
        }
        let open = is_long || dice.below(10) < 3;
        let last = messages.last().map_or(created, |m| m.created_at);
        let of = |kind| messages.iter().rev().find(|m| m.kind == kind).map(|m| m.created_at);
        let (last_customer_at, last_reply_at) = (of(MessageKind::Customer), of(MessageKind::Reply));
        let conversation = Conversation {
            id,
            number: n as i64 + 1,
            version: 1,
            inbox: self.place.inbox,
            customer: self.customer(who),
            subject,
            channel: Channel::Email,
            status: if open { Status::Open } else { Status::Resolved { at: last } },
            priority: Priority::Normal,
            assignee: dice.below(2).eq(&0).then_some(self.place.agent),
            team: None,
            preview: messages.last().map(|m| preview_of(&m.reply_text)).unwrap_or_default(),
            message_count: messages.len() as i64,
            reply_token: format!("bench{n:021}"),
            created_at: created,
            updated_at: last,
            last_activity_at: last,
            last_customer_at,
            last_reply_at,
            waiting_since: last_customer_at.filter(|c| open && last_reply_at.is_none_or(|r| r < *c)),
            merged_into: None,
            beside: None,
            custom_status: None,
            due_at: None,
            shelf: None,
        };
        let read = if dice.below(2) == 0 { vec![(self.place.agent, last)] } else { Vec::new() };
        Ok(Whole { conversation, participants: vec![(mailbox, Some(self.customer(who)))], messages, read })
    }

    #[expect(clippy::too_many_arguments, reason = "the pieces of one message")]
    fn message(
        &self,
        conversation: ConversationId,
        n: usize,
        at: usize,
        time: Timestamp,
        subject: &str,
        text: String,
        who: &Mailbox,
        customer: CustomerId,
    ) -> Message {
        let is_reply = at % 2 == 1;
        let recipients = Recipients { to: vec![who.clone()], ..Recipients::default() };
        let recipient = RecipientDelivery { address: who.address.folded(), state: RecipientState::Sent, code: None, detail: None, at: None };
        let sent = Delivery { state: DeliveryState::Sent, undo_until: None, attempts: 1, next_attempt_at: None, recipients: vec![recipient] };
        Message {
            id: MessageId::from_raw(raw_id(time, n)),
            conversation,
            kind: if is_reply { MessageKind::Reply } else { MessageKind::Customer },
            author: if is_reply { Actor::Agent(self.place.agent) } else { Actor::Customer(customer) },
            subject: subject.to_owned(),
            html: Some(format!("<p>{}</p>", text.replace('\n', "<br>"))),
            reply_text: text.clone(),
            text,
            from: (!is_reply).then(|| who.clone()),
            recipients: if is_reply { recipients } else { Recipients::default() },
            rfc_message_id: (at == 0).then(|| format!("bench-{n}@customers.example")),
            inbound_mail: None,
            created_at: time,
            sent_at: Some(time),
            delivery: is_reply.then_some(sent),
            authentication: None,
            held: false,
            forwarded_by: None,
        }
    }
}

fn name(customer: usize) -> String {
    let mut dice = Dice::new(customer as u64 ^ 0x00c0_ffee);
    let mut capital = || {
        let word = word(&mut dice);
        word[..1].to_uppercase() + &word[1..]
    };
    format!("{} {}", capital(), capital())
}

/// Loads the data. `now` is the end of its time; how many seconds it took.
pub async fn load(store: &Store, place: Place, size: Size, now: Timestamp) -> Result<f64, Failure> {
    let started = Instant::now();
    let (conversations, each) = size.numbers();
    if conversations == 0 {
        return Ok(0.0);
    }
    let step = DAYS * 86_400_000 / (conversations + LONG) as i64;
    let begin = plus(now, -(DAYS + 2) * 86_400_000);
    let maker = Maker { place, begin, step, each, plant_every: conversations / 20_000, last: conversations };
    let mut tx = store.begin(now).await?;
    bulk::before(&mut tx).await?;
    let people = (0..CUSTOMERS)
        .map(|n| Ok(Person { id: maker.customer(n), name: name(n), address: address(n)?, language: None, company: None, created_at: begin }))
        .collect::<Result<Vec<_>, Failure>>()?;
    bulk::customers(&mut tx, place.workspace, &people).await?;
    tx.commit().await?;
    // The next batch is made while the last one is written.
    let total = conversations + LONG;
    let dialect = store.dialect();
    let (made, mut batches) = tokio::sync::mpsc::channel(2);
    let making = std::thread::spawn(move || {
        for from in (0..total).step_by(BATCH) {
            let batch: Result<Vec<_>, _> = (from..(from + BATCH).min(total)).map(|n| maker.conversation(n)).collect();
            if made.blocking_send(batch.map(|batch| Batch::new(dialect, place.workspace, &batch))).is_err() {
                return;
            }
        }
    });
    let mut loaded = 0;
    while let Some(batch) = batches.recv().await {
        let mut tx = store.begin(now).await?;
        batch?.write(&mut tx).await?;
        tx.commit().await?;
        store.checkpoint(true).await?;
        loaded += BATCH;
        if loaded % 50_000 == 0 {
            eprintln!("  {loaded} conversations, {:.0} s", started.elapsed().as_secs_f64());
        }
    }
    making.join().map_err(|_| "the maker of the data stopped")?;
    let mut tx = store.begin(now).await?;
    bulk::after(&mut tx).await?;
    tx.commit().await?;
    Ok(started.elapsed().as_secs_f64())
}
