//! A desk on SQLite in a folder of its own, with a workspace, its people and an inbox, a clock made by hand, and a mail
//! channel that understands and sends what the test says.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use desk::conversation::{Arrival, Received, receive};
use desk::ports::{Boxed, DeliverError, Delivered, MailChannel, OutgoingMail, RawMail};
use desk::{Clock, Desk, Keys};
use model::agent::{Agent, Preferences};
use model::inbound::{Inbound, InboundKind};
use model::inbox::{Acknowledgement, ClosedPolicy, Health, Inbox, Incoming, Outgoing, Security, Smtp};
use model::message::{Authentication, RecipientState};
use model::workspace::{Language, Workspace};
use model::{Actor, AgentId, ConversationId, Inboxes, Mailbox, Role, Scope, Secret, Timestamp, WorkspaceId};
use store::message::Shown;
use store::{Settings, Store};

pub struct TestDesk {
    pub desk: Desk,
    pub workspace: WorkspaceId,
    pub agent: AgentId,
    pub inbox: Inbox,
    pub millis: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

pub fn mailbox(text: &str) -> Mailbox {
    match text.split_once(" <") {
        Some((name, address)) => Mailbox { name: Some(name.into()), address: address.trim_end_matches('>').parse().unwrap() },
        None => Mailbox { name: None, address: text.parse().unwrap() },
    }
}

/// A plain mail from a customer.
pub fn mail(from: &str, subject: &str, text: &str) -> Inbound {
    Inbound {
        kind: InboundKind::Message,
        message_id: Some(format!("{}@outside.example", model::token::hash(&format!("{from}{subject}{text}")))),
        references: Vec::new(),
        from: Some(mailbox(from)),
        reply_to: Vec::new(),
        to: vec![mailbox("help@haru.example")],
        cc: Vec::new(),
        delivered_to: Vec::new(),
        subject: subject.into(),
        date: None,
        text: text.into(),
        html: None,
        reply_text: text.into(),
        attachments: Vec::new(),
        markers: Vec::new(),
        authentication: Authentication::default(),
        bounce: None,
        forwarded: None,
        body_hash: model::token::hash(text),
        error: None,
    }
}

pub fn proven(mut mail: Inbound) -> Inbound {
    mail.authentication = Authentication { spf: "pass".into(), dkim: "pass".into(), dmarc: "pass".into() };
    mail
}

impl TestDesk {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { data: folder.path().to_owned(), database_url: None, blobs: None };
        let millis = Arc::new(AtomicI64::new("2026-11-22T10:00:00Z".parse::<Timestamp>().unwrap().as_millisecond()));
        let read = millis.clone();
        let clock = Clock::from_fn(move || Timestamp::from_millisecond(read.load(Ordering::Relaxed)).unwrap());
        let store = Store::open(&settings, clock.now()).await.unwrap();
        let desk = Desk { store, keys: Keys::new([3; 32]), clock, public_url: "https://help.haru.example".into() };
        let now = desk.clock.now();
        let mut tx = desk.begin().await.unwrap();
        let workspace = Workspace { id: tx.new_id(), name: "Haru".into(), language: Language::En, time_zone: "Asia/Seoul".into(), created_at: now };
        store::workspace::insert(&mut tx, &workspace).await.unwrap();
        let agent = Agent {
            id: tx.new_id(),
            name: "Mina Park".into(),
            email: "mina@haru.example".parse().unwrap(),
            role: Role::Agent,
            language: Language::En,
            time_zone: None,
            signature_html: "<p>Mina</p>".into(),
            deactivated_at: None,
            created_at: now,
            last_seen_at: None,
            preferences: Preferences::default(),
        };
        store::agent::insert(&mut tx, workspace.id, &agent, None).await.unwrap();
        let inbox = Inbox {
            id: tx.new_id(),
            name: "Help".into(),
            address: "help@haru.example".parse().unwrap(),
            from_name: None,
            signature_html: String::new(),
            open_to_all: true,
            members: Vec::new(),
            acknowledgement: Acknowledgement::default(),
            closed_policy: ClosedPolicy::Reopen,
            incoming: Incoming::Delivered,
            outgoing: Outgoing::Smtp(Smtp {
                host: "localhost".into(),
                port: 25,
                security: Security::None,
                user_name: None,
                auth: model::inbox::Auth::default(),
            }),
            incoming_health: Health::Off,
            outgoing_health: Health::Off,
            created_at: now,
            archived_at: None,
        };
        store::inbox::insert(&mut tx, workspace.id, &inbox).await.unwrap();
        tx.commit().await.unwrap();
        Self { desk, workspace: workspace.id, agent: agent.id, inbox, millis, _folder: folder }
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.millis.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    pub fn scope(&self) -> Scope {
        Scope { workspace: self.workspace, actor: Actor::Agent(self.agent), inboxes: Inboxes::All, permissions: Role::Agent.permissions() }
    }

    pub async fn receive(&self, mail: &Inbound) -> Received {
        self.receive_at(mail, Some("customer@outside.example")).await
    }

    pub async fn receive_at(&self, mail: &Inbound, envelope_from: Option<&str>) -> Received {
        self.pass(1);
        let mut tx = self.desk.begin().await.unwrap();
        let arrival = Arrival { mail: None, envelope_from: envelope_from.map(str::to_owned) };
        let received = receive(&mut tx, &self.desk.keys, self.workspace, &self.inbox, &arrival, mail, &[]).await.unwrap();
        tx.commit().await.unwrap();
        received
    }

    pub async fn reply(&self, id: ConversationId, text: &str) -> Shown {
        self.pass(1);
        let mut tx = self.desk.begin().await.unwrap();
        let reply = desk::conversation::Reply { text: Some(text.into()), ..Default::default() };
        let message = desk::conversation::reply(&mut tx, &self.desk, &self.scope(), id, reply).await.unwrap();
        tx.commit().await.unwrap();
        self.message(message).await
    }

    pub async fn message(&self, id: model::MessageId) -> Shown {
        store::message::get(&mut self.desk.store.read().await.unwrap(), &self.scope(), id).await.unwrap().unwrap()
    }

    pub async fn conversation(&self, id: ConversationId) -> model::Conversation {
        store::conversation::listed_by_id(&mut self.desk.store.read().await.unwrap(), &self.scope(), id).await.unwrap().unwrap().conversation
    }

    pub async fn messages(&self, id: ConversationId) -> Vec<Shown> {
        let mut all = store::message::page(&mut self.desk.store.read().await.unwrap(), &self.scope(), id, None, 100).await.unwrap().items;
        all.reverse();
        all
    }

    pub async fn participants(&self, id: ConversationId) -> Vec<String> {
        let all = store::participant::list(&mut self.desk.store.read().await.unwrap(), self.workspace, id).await.unwrap();
        all.into_iter().map(|(m, _)| m.address.to_string()).collect()
    }

    /// Runs every job that is due, once.
    pub async fn work(&self, channel: &FakeChannel) {
        let now = self.desk.clock.now();
        let jobs = self.desk.store.claim_jobs(now, now + std::time::Duration::from_secs(60), 100).await.unwrap();
        for job in jobs {
            match job.job.clone().unwrap() {
                model::Job::ProcessMail { mail } => drop(desk::mail::process(&self.desk, channel, &job, mail).await.unwrap()),
                model::Job::DeliverMessage { message } => drop(desk::mail::deliver(&self.desk, channel, &job, message).await.unwrap()),
                model::Job::PurgeConversation { conversation } => {
                    let mut tx = self.desk.begin().await.unwrap();
                    desk::conversation::purge_when_due(&mut tx, job.workspace, conversation).await.unwrap();
                    assert!(store::job::done(&mut tx, &job).await.unwrap());
                    tx.commit().await.unwrap();
                }
                model::Job::MailNotifications { agent } => desk::notification::send_digest(&self.desk, &job, agent).await.unwrap(),
                model::Job::SendNotice { sealed } => desk::mail::send_notice(&self.desk, channel, &job, &sealed).await.unwrap(),
                model::Job::ForgetWords { words } => {
                    let mut tx = self.desk.begin().await.unwrap();
                    store::search::forget_unheld(&mut tx, job.workspace, &words).await.unwrap();
                    store::job::done(&mut tx, &job).await.unwrap();
                    tx.commit().await.unwrap();
                }
                model::Job::SweepBlobs { sha256 } => desk::conversation::sweep_blobs(&self.desk, &job, &sha256).await.unwrap(),
                other => panic!("unexpected job {other:?}"),
            }
        }
    }
}

/// Understands every raw mail as `understood`, answers every delivery as `answers` says (then with yes), and keeps what was sent.
#[derive(Default)]
pub struct FakeChannel {
    pub understood: Mutex<Option<Inbound>>,
    pub answers: Mutex<Vec<Result<RecipientState, DeliverError>>>,
    pub sent: Mutex<Vec<OutgoingMail>>,
    /// The permission that the provider gives instead of the stored one, once.
    pub renewed: Mutex<Option<String>>,
    /// What was signed in with.
    pub secrets: Mutex<Vec<String>>,
}

impl MailChannel for FakeChannel {
    fn understand<'a>(&'a self, _: &'a RawMail) -> Boxed<'a, Inbound> {
        let mail = self.understood.lock().unwrap().clone().expect("the test says what is understood");
        Box::pin(async move { mail })
    }

    fn renew<'a>(&'a self, _: &'a Outgoing, _: &'a Secret) -> Boxed<'a, Option<Secret>> {
        let renewed = self.renewed.lock().unwrap().take();
        Box::pin(async move { renewed.map(Secret::new) })
    }

    fn deliver<'a>(&'a self, _: &'a Outgoing, secret: Option<&'a Secret>, mail: &'a OutgoingMail) -> Boxed<'a, Result<Vec<Delivered>, DeliverError>> {
        self.secrets.lock().unwrap().extend(secret.map(|s| s.expose().to_owned()));
        self.sent.lock().unwrap().push(mail.clone());
        let answer = self.answers.lock().unwrap().pop().unwrap_or(Ok(RecipientState::Sent));
        let result = answer.map(|state| {
            mail.envelope.iter().map(|a| Delivered { address: a.clone(), state, code: Some("x".into()), detail: Some("said so".into()) }).collect()
        });
        Box::pin(async move { result })
    }
}
