//! What is pushed to which device, and what is not.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::sync::Mutex;
use std::time::Duration;

use common::{TestDesk, mail};
use desk::conversation::Assignment;
use desk::ports::{Boxed, PushChannel, PushError, PushMessage};
use desk::push::{Looking, Subscription, VapidKeys};
use model::notification::{NotificationSettings, QuietHours};
use model::{Actor, ConversationId, Job, Presence, PresenceState, PushId, Scope, SessionId, Timestamp};
use store::session::Session;

/// Answers as `answers` says (then with yes), and keeps what was pushed.
#[derive(Default)]
struct FakePush {
    answers: Mutex<Vec<PushError>>,
    pushed: Mutex<Vec<(String, PushMessage, String)>>,
}

impl PushChannel for FakePush {
    fn push<'a>(&'a self, to: &'a Subscription, what: &'a PushMessage, keys: &'a VapidKeys, _: Timestamp) -> Boxed<'a, Result<(), PushError>> {
        self.pushed.lock().unwrap().push((to.endpoint.clone(), what.clone(), keys.public.clone()));
        let answer = self.answers.lock().unwrap().pop();
        Box::pin(async move { answer.map_or(Ok(()), Err) })
    }
}

impl FakePush {
    fn payloads(&self) -> Vec<serde_json::Value> {
        self.pushed.lock().unwrap().iter().map(|(_, m, _)| serde_json::from_slice(&m.payload).unwrap()).collect()
    }
}

async fn session(t: &TestDesk) -> SessionId {
    let mut tx = t.desk.begin().await.unwrap();
    let now = tx.now();
    let s = Session { id: tx.new_id(), created_at: now, last_seen_at: now, user_agent: "Test".into(), ip: "203.0.113.1".into() };
    store::session::insert(&mut tx, t.workspace, t.agent, &s, &s.id.to_string(), now + Duration::from_secs(86_400)).await.unwrap();
    tx.commit().await.unwrap();
    s.id
}

async fn device(t: &TestDesk, session: SessionId, place: &str) -> PushId {
    let to = Subscription {
        endpoint: format!("https://push.example/{place}"),
        p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4".into(),
        auth: "BTBZMqHH6r4Tts7J_aSIgg".into(),
    };
    let mut tx = t.desk.begin().await.unwrap();
    let id = desk::push::subscribe(&mut tx, &t.desk.keys, &t.scope(), session, "Test", &to).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// The agent's conversation, to which a customer then writes.
async fn written_to(t: &TestDesk) -> ConversationId {
    let id = t.receive(&mail("Ada <ada@outside.example>", "My  order\n1042", "The secret code is 4711")).await.conversation;
    let mut tx = t.desk.begin().await.unwrap();
    let to = Assignment { assignee: Some(Some(t.agent)), team: None };
    let by = Scope { actor: Actor::System, ..t.scope() };
    desk::conversation::assign(&mut tx, &by, id, to).await.unwrap();
    tx.commit().await.unwrap();
    listen(t).await;
    id
}

async fn listen(t: &TestDesk) {
    let (mut place, mut more) = (None, true);
    while more {
        let (now, again) = desk::notification::listen(&t.desk, place).await.unwrap();
        (place, more) = (Some(now), again);
    }
}

/// Runs the pushes that are due; how many there were.
async fn work(t: &TestDesk, channel: &FakePush, looking: &Looking) -> usize {
    let now = t.desk.clock.now();
    let jobs = t.desk.store.claim_jobs(now, now + Duration::from_secs(60), 100).await.unwrap();
    let mut pushes = 0;
    for job in jobs {
        if let Some(Job::PushNotification { notification, push }) = job.job.clone() {
            desk::push::push(&t.desk, channel, looking, &job, notification, push).await.unwrap();
            pushes += 1;
        }
    }
    pushes
}

#[tokio::test]
async fn every_device_hears_of_it_with_no_word_of_the_message() {
    let t = TestDesk::new().await;
    listen(&t).await;
    let s = session(&t).await;
    device(&t, s, "laptop").await;
    device(&t, s, "phone").await;
    let id = written_to(&t).await;
    let (channel, looking) = (FakePush::default(), Looking::default());
    assert_eq!(work(&t, &channel, &looking).await, 0, "who reads it at once is not disturbed");
    t.pass(3);
    assert_eq!(work(&t, &channel, &looking).await, 2);
    let payloads = channel.payloads();
    assert_eq!(payloads[0]["body"], "#1 My order 1042");
    assert_eq!(
        (payloads[0]["path"].as_str(), payloads[0]["tag"].as_str()),
        (Some(format!("/conversations/{id}").as_str()), Some(id.to_string().as_str()))
    );
    assert!(payloads[0]["title"].as_str().unwrap().contains("assigned"));
    assert!(!payloads[0].to_string().contains("4711") && !payloads[0].to_string().contains("ada@outside"));
    let pushed = channel.pushed.lock().unwrap()[0].clone();
    let topic = &pushed.1.topic;
    assert!(topic.len() <= 32 && topic.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') && !topic.contains("cnv"), "{topic}");
    assert_eq!(pushed.2, desk::push::vapid_keys(&t.desk).await.unwrap().public, "one key, made once");
}

#[tokio::test]
async fn what_was_read_or_is_in_front_of_the_agent_is_not_pushed() {
    let t = TestDesk::new().await;
    listen(&t).await;
    let s = session(&t).await;
    device(&t, s, "laptop").await;
    let (channel, looking) = (FakePush::default(), Looking::default());
    let id = written_to(&t).await;
    let mut tx = t.desk.begin().await.unwrap();
    desk::notification::mark_read(&mut tx, &t.scope(), desk::notification::Read::Conversation(id)).await.unwrap();
    tx.commit().await.unwrap();
    t.pass(3);
    assert_eq!((work(&t, &channel, &looking).await, channel.payloads().len()), (1, 0));

    t.receive(&mail("Ada <ada@outside.example>", "Another", "x")).await;
    let other = written_to_again(&t).await;
    let sign = Presence {
        workspace: t.workspace,
        inbox: t.inbox.id,
        conversation: other,
        agent: t.agent,
        name: "Mina".into(),
        internal: false,
        state: PresenceState::Viewing,
    };
    looking.saw(&sign, t.desk.clock.now());
    t.pass(3);
    assert_eq!((work(&t, &channel, &looking).await, channel.payloads().len()), (1, 0));
}

async fn written_to_again(t: &TestDesk) -> ConversationId {
    let id = t.receive(&mail("Bo <bo@outside.example>", "Third", "y")).await.conversation;
    let mut tx = t.desk.begin().await.unwrap();
    let by = Scope { actor: Actor::System, ..t.scope() };
    desk::conversation::assign(&mut tx, &by, id, Assignment { assignee: Some(Some(t.agent)), team: None }).await.unwrap();
    tx.commit().await.unwrap();
    listen(t).await;
    id
}

#[tokio::test]
async fn quiet_hours_the_matrix_and_the_end_of_a_session_hold() {
    let t = TestDesk::new().await;
    listen(&t).await;
    let s = session(&t).await;
    device(&t, s, "laptop").await;
    let (channel, looking) = (FakePush::default(), Looking::default());
    let wish = async |settings: NotificationSettings| {
        let mut tx = t.desk.begin().await.unwrap();
        store::notification::put_settings(&mut tx, t.workspace, t.agent, &settings).await.unwrap();
        tx.commit().await.unwrap();
    };
    let mut no_desktop = NotificationSettings::default();
    no_desktop.assigned.desktop = false;
    wish(no_desktop).await;
    written_to(&t).await;
    t.pass(3);
    assert_eq!(work(&t, &channel, &looking).await, 0);

    // Wished for when it happened; it is quiet by the time it would be pushed.
    wish(NotificationSettings::default()).await;
    written_to_again(&t).await;
    // 19:00 in Seoul.
    let quiet = QuietHours { enabled: true, from: "18:00".parse().unwrap(), until: "20:00".parse().unwrap() };
    wish(NotificationSettings { quiet_hours: quiet, ..NotificationSettings::default() }).await;
    t.pass(3);
    assert_eq!((work(&t, &channel, &looking).await, channel.payloads().len()), (1, 0));

    wish(NotificationSettings::default()).await;
    let scope = t.scope();
    written_to(&t).await;
    let mut tx = t.desk.begin().await.unwrap();
    store::session::end_all(&mut tx, scope.workspace, t.agent, None).await.unwrap();
    tx.commit().await.unwrap();
    t.pass(3);
    assert_eq!((work(&t, &channel, &looking).await, channel.payloads().len()), (1, 0), "signed out: the device hears nothing");
}

#[tokio::test]
async fn a_push_service_that_cannot_now_is_asked_again_and_one_that_says_gone_never() {
    let t = TestDesk::new().await;
    listen(&t).await;
    let s = session(&t).await;
    let id = device(&t, s, "laptop").await;
    let (channel, looking) = (FakePush::default(), Looking::default());
    written_to(&t).await;
    let later = PushError::Later { after: Some(Duration::from_secs(120)), why: "503".into() };
    *channel.answers.lock().unwrap() = vec![PushError::Gone, later];
    t.pass(3);
    assert_eq!(work(&t, &channel, &looking).await, 1);
    t.pass(100);
    assert_eq!(work(&t, &channel, &looking).await, 0, "it asked for two minutes");
    t.pass(30);
    assert_eq!(work(&t, &channel, &looking).await, 1);
    let now = t.desk.clock.now();
    assert!(store::push::find(&mut t.desk.store.read().await.unwrap(), t.workspace, id, now).await.unwrap().is_none());
    t.pass(4_000);
    assert_eq!(work(&t, &channel, &looking).await, 0);
}

#[tokio::test]
async fn what_happened_an_hour_ago_is_no_news() {
    let t = TestDesk::new().await;
    listen(&t).await;
    let s = session(&t).await;
    device(&t, s, "laptop").await;
    let (channel, looking) = (FakePush::default(), Looking::default());
    written_to(&t).await;
    t.pass(3_700);
    assert_eq!((work(&t, &channel, &looking).await, channel.payloads().len()), (1, 0));
}

#[tokio::test]
async fn two_who_make_the_key_at_once_use_the_same() {
    let t = TestDesk::new().await;
    let (a, b) = tokio::join!(desk::push::vapid_keys(&t.desk), desk::push::vapid_keys(&t.desk));
    assert_eq!(a.as_ref().unwrap().public, b.unwrap().public);
    assert_eq!(a.as_ref().unwrap().public.len(), 87);
    assert!(!format!("{a:?}").contains("MIG"), "no secret in logs");
}
