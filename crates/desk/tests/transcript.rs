//! A whole conversation by mail.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{FakeChannel, TestDesk, mail};
use desk::conversation::{Note, TranscriptForm, send_transcript};
use desk::mail::Transcript;
use desk::ports::{Automatic, DeliverError, OutgoingMail};
use model::message::RecipientState;
use model::workspace::Language;
use model::{ConversationId, Event, EventKind, Job, Status};

async fn ask(t: &TestDesk, id: ConversationId, to: &[&str], notes: bool) -> Result<(), desk::Refusal> {
    let form = TranscriptForm { to: to.iter().map(|a| a.parse().unwrap()).collect(), notes, language: Some(Language::En) };
    let mut tx = t.desk.begin().await.unwrap();
    send_transcript(&mut tx, &t.scope(), id, form).await?;
    tx.commit().await.unwrap();
    Ok(())
}

async fn work(t: &TestDesk, channel: &FakeChannel) {
    let now = t.desk.clock.now();
    for job in t.desk.store.claim_jobs(now, now + std::time::Duration::from_secs(60), 100).await.unwrap() {
        if let Some(Job::SendTranscript { conversation, to, notes, by, language, asked }) = job.job.clone() {
            desk::mail::send_transcript(&t.desk, channel, &job, &Transcript { conversation, to, notes, by, language, asked }).await.unwrap();
        }
    }
}

/// What the customer asked, what the agent answered, and what was said inside.
async fn talk(t: &TestDesk) -> ConversationId {
    let mut first = mail("Ada <ada@outside.example>", "Order 1042", "Where is <it>?\n\n> an old quote");
    first.reply_text = "Where is <it>?".into();
    let id = t.receive(&first).await.conversation;
    t.reply(id, "It left on Monday.").await;
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::note(&mut tx, &t.scope(), id, Note::new(Some("<p>CANARY inside</p>"), None, vec![]).unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    t.pass(60);
    // The reply leaves.
    let channel = FakeChannel::default();
    t.work(&channel).await;
    id
}

async fn lines(t: &TestDesk, id: ConversationId) -> Vec<(String, String)> {
    let events: Vec<Event> = store::event::of_conversation(&mut t.desk.store.read().await.unwrap(), t.workspace, id, None, 50).await.unwrap();
    let lines = events.into_iter().filter_map(|e| match e.kind {
        EventKind::ConversationTranscript { to, state, .. } => Some((to, state)),
        _ => None,
    });
    lines.collect()
}

fn only(channel: &FakeChannel) -> OutgoingMail {
    let sent = channel.sent.lock().unwrap();
    assert_eq!(sent.len(), 1);
    sent[0].clone()
}

#[tokio::test]
async fn row_29_the_customer_gets_every_message_and_no_note() {
    let t = TestDesk::new().await;
    let id = talk(&t).await;
    let before = t.conversation(id).await;
    ask(&t, id, &["ada@outside.example"], false).await.unwrap();
    let channel = FakeChannel::default();
    work(&t, &channel).await;
    let mail = only(&channel);
    assert_eq!((mail.subject.as_str(), mail.automatic), ("Transcript: Order 1042 (#1)", Automatic::Generated));
    for body in [&mail.text, &mail.html] {
        assert!(body.contains("It left on Monday.") && body.contains("Mina Park") && body.contains("Ada"), "{body}");
        assert!(!body.contains("CANARY") && !body.contains("old quote"), "{body}");
        assert_eq!(body.matches("Mina").count(), 1, "the signature stands in no message: {body}");
    }
    assert!(mail.html.contains("Where is &lt;it&gt;?") && mail.text.contains("Where is <it>?"));
    assert!(mail.reply_to.is_some() && !mail.references.is_empty(), "an answer comes back into the conversation");
    assert_eq!(lines(&t, id).await, [("ada@outside.example".to_owned(), "sent".to_owned())]);
    // It answers nobody.
    let after = t.conversation(id).await;
    assert_eq!((after.status, after.waiting_since, after.last_reply_at), (before.status, before.waiting_since, before.last_reply_at));
    assert!(matches!(after.status, Status::Pending | Status::Open));
    assert_eq!(t.messages(id).await.len(), 3);
}

#[tokio::test]
async fn row_29_notes_go_to_colleagues_only_and_only_while_they_are() {
    let t = TestDesk::new().await;
    let id = talk(&t).await;
    for outside in [vec!["ada@outside.example"], vec!["mina@haru.example", "somebody@else.example"]] {
        assert!(matches!(ask(&t, id, &outside, true).await, Err(desk::Refusal::Invalid { field: "notes", .. })));
    }
    ask(&t, id, &["mina@haru.example"], true).await.unwrap();
    let channel = FakeChannel::default();
    work(&t, &channel).await;
    assert!(only(&channel).text.contains("CANARY inside"));
    assert!(only(&channel).reply_to.is_none() && only(&channel).references.is_empty(), "a stranger's answer does not come into the conversation");

    ask(&t, id, &["mina@haru.example"], true).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    let now = tx.now();
    store::agent::set_deactivated(&mut tx, t.workspace, t.agent, Some(now)).await.unwrap();
    tx.commit().await.unwrap();
    let channel = FakeChannel::default();
    work(&t, &channel).await;
    assert!(!only(&channel).text.contains("CANARY"), "switched off before it left");
}

#[tokio::test]
async fn what_has_not_left_and_what_nobody_has_confirmed_is_not_in_it() {
    let t = TestDesk::new().await;
    let id = talk(&t).await;
    t.reply(id, "A thought that is taken back").await;
    ask(&t, id, &["lee@maker.example"], false).await.unwrap();
    let channel = FakeChannel::default();
    work(&t, &channel).await;
    assert!(!only(&channel).text.contains("taken back"));
    assert!(only(&channel).reply_to.is_none());
}

#[tokio::test]
async fn row_32_what_is_redacted_before_it_leaves_is_not_in_it() {
    let t = TestDesk::new().await;
    let id = talk(&t).await;
    ask(&t, id, &["ada@outside.example"], false).await.unwrap();
    let reply = t.messages(id).await.into_iter().find(|m| m.message.reply_text.contains("Monday")).unwrap();
    let mut m = reply.message.clone();
    m.text = m.text.replace("Monday", "█");
    m.reply_text = m.reply_text.replace("Monday", "█");
    m.html = m.html.map(|h| h.replace("Monday", "█"));
    let mut tx = t.desk.begin().await.unwrap();
    store::message::rewrite(&mut tx, t.workspace, &m).await.unwrap();
    tx.commit().await.unwrap();
    let channel = FakeChannel::default();
    work(&t, &channel).await;
    let mail = only(&channel);
    assert!(!mail.text.contains("Monday") && !mail.html.contains("Monday") && mail.text.contains('█'));
}

#[tokio::test]
async fn it_is_tried_again_and_the_thread_says_when_it_cannot_arrive() {
    let t = TestDesk::new().await;
    let id = talk(&t).await;
    ask(&t, id, &["ada@outside.example"], false).await.unwrap();
    let channel = FakeChannel::default();
    *channel.answers.lock().unwrap() = vec![Ok(RecipientState::Failed), Err(DeliverError::Transient("away".into()))];
    work(&t, &channel).await;
    assert_eq!(lines(&t, id).await.len(), 1);
    t.pass(61);
    work(&t, &channel).await;
    let sent = channel.sent.lock().unwrap().clone();
    assert_eq!((sent.len(), &sent[0].message_id), (2, &sent[1].message_id));
    assert_eq!(lines(&t, id).await.iter().map(|(_, state)| state.as_str()).collect::<Vec<_>>(), ["failed", "sent"]);
}

#[tokio::test]
async fn our_own_inboxes_and_crowds_are_refused() {
    let t = TestDesk::new().await;
    let id = talk(&t).await;
    assert!(matches!(ask(&t, id, &["help@haru.example"], false).await, Err(desk::Refusal::Invalid { code: "own", .. })));
    assert!(matches!(ask(&t, id, &[], false).await, Err(desk::Refusal::Invalid { code: "missing", .. })));
    let crowd = ["a@x.example", "b@x.example", "c@x.example", "d@x.example", "e@x.example", "f@x.example"];
    assert!(matches!(ask(&t, id, &crowd, false).await, Err(desk::Refusal::Invalid { code: "too_many", .. })));
    for _ in 0..12 {
        ask(&t, id, &crowd[..5], false).await.unwrap();
    }
    assert!(matches!(ask(&t, id, &crowd[..1], false).await, Err(desk::Refusal::Conflict { code: "too_many_transcripts", .. })));
}
