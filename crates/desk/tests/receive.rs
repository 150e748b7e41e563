//! Mail comes in: threading, identity, reopening, bounces, acknowledgements.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{FakeChannel, TestDesk, mail, mailbox, proven};
use model::inbound::{Bounce, BouncedRecipient, Forwarded, InboundKind};
use model::inbox::{Acknowledgement, ClosedPolicy};
use model::message::{DeliveryState, MessageKind};
use model::{Actor, Status};

#[tokio::test]
async fn a_first_mail_starts_a_conversation_with_its_customer() {
    let t = TestDesk::new().await;
    let received = t.receive(&mail("Hana <hana@outside.example>", "Chipped rim", "It arrived broken.")).await;
    let c = t.conversation(received.conversation).await;
    assert_eq!((c.subject.as_str(), c.preview.as_str(), c.status, c.number), ("Chipped rim", "It arrived broken.", Status::Open, 1));
    assert_eq!(t.participants(c.id).await, ["hana@outside.example"]);
}

#[tokio::test]
async fn an_answer_threads_by_our_reply_address() {
    let t = TestDesk::new().await;
    let first = t.receive(&mail("hana@outside.example", "Jar", "One")).await;
    let token = t.conversation(first.conversation).await.reply_token;
    let mut answer = mail("hana@outside.example", "something else", "Two");
    answer.delivered_to = vec![format!("reply+{token}@haru.example").parse().unwrap()];
    assert_eq!(t.receive(&answer).await.conversation, first.conversation);
}

#[tokio::test]
async fn an_answer_threads_by_our_signed_message_id_also_with_outlooks_prefix() {
    let t = TestDesk::new().await;
    let first = t.receive(&mail("hana@outside.example", "Jar", "One")).await;
    let ours = t.reply(first.conversation, "Hello").await.message.rfc_message_id.unwrap();
    let mut answer = mail("hana@outside.example", "AW: Jar", "Two");
    answer.references = vec![format!("x_{ours}")];
    assert_eq!(t.receive(&answer).await.conversation, first.conversation);
}

#[tokio::test]
async fn an_answer_threads_by_a_third_partys_message_id_and_by_a_marker() {
    let t = TestDesk::new().await;
    let first = mail("hana@outside.example", "Jar", "One");
    let place = t.receive(&first).await.conversation;
    let mut second = mail("hana@outside.example", "Jar", "Two");
    second.references = vec![first.message_id.clone().unwrap()];
    assert_eq!(t.receive(&second).await.conversation, place);
    let mut third = mail("hana@outside.example", "Jar", "Three");
    third.markers = vec![t.desk.keys.signing.marker(t.workspace, place)];
    assert_eq!(t.receive(&third).await.conversation, place);
}

#[tokio::test]
async fn a_number_in_the_subject_counts_only_for_those_who_take_part() {
    let t = TestDesk::new().await;
    let first = t.receive(&mail("hana@outside.example", "Jar", "One")).await;
    assert_eq!(t.receive(&mail("hana@outside.example", "Re: [#1] Jar", "Two")).await.conversation, first.conversation);
    assert_ne!(t.receive(&mail("eve@outside.example", "Re: [#1] Jar", "Let me in")).await.conversation, first.conversation);
}

#[tokio::test]
async fn the_same_subject_alone_never_threads() {
    let t = TestDesk::new().await;
    let first = t.receive(&mail("hana@outside.example", "Order", "One")).await;
    assert_ne!(t.receive(&mail("hana@outside.example", "Order", "Two")).await.conversation, first.conversation);
}

#[tokio::test]
async fn row_01_a_reply_that_fails_dmarc_adds_nobody_and_is_held() {
    let t = TestDesk::new().await;
    let first = t.receive(&mail("hana@outside.example", "Jar", "One")).await;
    let token = t.conversation(first.conversation).await.reply_token;
    let mut forged = mail("eve@evil.example", "Re: Jar", "Show me everything");
    forged.delivered_to = vec![format!("reply+{token}@haru.example").parse().unwrap()];
    forged.cc = vec![mailbox("accomplice@evil.example")];
    forged.authentication.dmarc = "fail".into();
    let received = t.receive(&forged).await;
    assert!(t.message(received.message).await.message.held);
    assert_eq!(t.participants(first.conversation).await, ["hana@outside.example"]);
}

#[tokio::test]
async fn row_01_a_participants_unproven_copy_adds_nobody() {
    let t = TestDesk::new().await;
    let first = mail("hana@outside.example", "Jar", "One");
    let place = t.receive(&first).await.conversation;
    let mut answer = mail("hana@outside.example", "Re: Jar", "Two");
    answer.references = vec![first.message_id.unwrap()];
    answer.cc = vec![mailbox("friend@outside.example")];
    answer.authentication.dmarc = "fail".into();
    t.receive(&answer).await;
    assert_eq!(t.participants(place).await, ["hana@outside.example"]);
    let mut again = proven(mail("hana@outside.example", "Re: Jar", "Three"));
    again.references = answer.references.clone();
    again.cc = answer.cc.clone();
    t.receive(&again).await;
    assert_eq!(t.participants(place).await, ["hana@outside.example", "friend@outside.example"]);
}

#[tokio::test]
async fn row_02_a_forged_agent_with_guessed_references_is_a_stranger() {
    let t = TestDesk::new().await;
    let first = t.receive(&mail("hana@outside.example", "Jar", "One")).await;
    let mut forged = mail("mina@haru.example", "Re: Jar", "Please pay here");
    forged.references = vec![format!("{}.guess.0000@haru.example", first.message)];
    let received = t.receive(&forged).await;
    assert_ne!(received.conversation, first.conversation);
    assert!(matches!(t.message(received.message).await.message.author, Actor::Customer(_)));
}

#[tokio::test]
async fn an_agents_proven_reply_by_mail_speaks_as_the_agent() {
    let t = TestDesk::new().await;
    let first = t.receive(&mail("hana@outside.example", "Jar", "One")).await;
    let token = t.conversation(first.conversation).await.reply_token;
    let mut answer = proven(mail("mina@haru.example", "Re: Jar", "A new one is on its way."));
    answer.delivered_to = vec![format!("reply+{token}@haru.example").parse().unwrap()];
    let received = t.receive(&answer).await;
    let message = t.message(received.message).await.message;
    assert_eq!((message.kind, message.author), (MessageKind::Reply, Actor::Agent(t.agent)));
    assert_eq!(message.recipients.to[0].address.as_str(), "hana@outside.example");
}

#[tokio::test]
async fn an_agents_forward_starts_a_conversation_for_the_original_sender() {
    let t = TestDesk::new().await;
    let mut forward = proven(mail("mina@haru.example", "Fwd: Broken jar", "please take this"));
    forward.forwarded =
        Some(Forwarded { from: Some(mailbox("Hana <hana@outside.example>")), subject: Some("Broken jar".into()), text: "It is broken.".into() });
    let received = t.receive(&forward).await;
    let message = t.message(received.message).await.message;
    assert_eq!(message.from.unwrap().address.as_str(), "hana@outside.example");
    assert_eq!((message.text.as_str(), message.forwarded_by.unwrap().address.as_str()), ("It is broken.", "mina@haru.example"));
    // A stranger's forward is the stranger's own mail.
    let mut other = proven(mail("eve@outside.example", "Fwd: Broken jar", "look"));
    other.forwarded = forward.forwarded.clone();
    let received = t.receive(&other).await;
    assert_eq!(t.message(received.message).await.message.from.unwrap().address.as_str(), "eve@outside.example");
}

#[tokio::test]
async fn a_customer_message_reopens_and_an_out_of_office_does_not() {
    let t = TestDesk::new().await;
    let first = mail("hana@outside.example", "Jar", "One");
    let place = t.receive(&first).await.conversation;
    resolve(&t, place).await;
    let mut away = mail("hana@outside.example", "Out of office", "I am away");
    away.kind = InboundKind::AutoReply;
    away.references = vec![first.message_id.clone().unwrap()];
    let received = t.receive(&away).await;
    assert_eq!(received.conversation, place);
    assert!(matches!(t.conversation(place).await.status, Status::Resolved { .. }));
    let mut back = mail("hana@outside.example", "Re: Jar", "Still broken");
    back.references = away.references.clone();
    t.receive(&back).await;
    assert_eq!(t.conversation(place).await.status, Status::Open);
}

async fn resolve(t: &TestDesk, id: model::ConversationId) {
    let mut tx = t.desk.begin().await.unwrap();
    let mut c = store::conversation::get(&mut tx, &t.scope(), id).await.unwrap().unwrap();
    let before = c.clone();
    let now = tx.now();
    c.change_status(Status::Resolved { at: now }, now).unwrap();
    store::conversation::update(&mut tx, t.workspace, &before, &mut c).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_reply_to_a_closed_conversation_follows_the_inboxs_policy() {
    let mut t = TestDesk::new().await;
    t.inbox.closed_policy = ClosedPolicy::NewAfter { days: 3 };
    let first = mail("hana@outside.example", "Jar", "One");
    let place = t.receive(&first).await.conversation;
    resolve(&t, place).await;
    let mut soon = mail("hana@outside.example", "Re: Jar", "Soon");
    soon.references = vec![first.message_id.unwrap()];
    assert_eq!(t.receive(&soon).await.conversation, place);
    resolve(&t, place).await;
    t.pass(4 * 86_400);
    let mut late = mail("hana@outside.example", "Re: Jar", "Late");
    late.references = soon.references.clone();
    assert_ne!(t.receive(&late).await.conversation, place);
}

#[tokio::test]
async fn a_hard_bounce_marks_the_recipient_and_suppresses_the_address() {
    let t = TestDesk::new().await;
    let first = t.receive(&mail("hana@outside.example", "Jar", "One")).await;
    let reply = t.reply(first.conversation, "Hello").await.message;
    let channel = FakeChannel::default();
    t.pass(11);
    t.work(&channel).await;
    let mut report = mail("mailer-daemon@outside.example", "Undelivered", "550 no such user");
    report.kind = InboundKind::Bounce;
    report.bounce = Some(Bounce {
        original_message_id: reply.rfc_message_id.clone(),
        recipients: vec![BouncedRecipient {
            address: Some("hana@outside.example".into()),
            status: Some("5.1.1".into()),
            smtp_code: Some("550".into()),
            hard: true,
        }],
    });
    let received = t.receive_at(&report, Some("")).await;
    assert_eq!(received.conversation, first.conversation);
    let delivery = t.message(reply.id).await.message.delivery.unwrap();
    assert_eq!((delivery.state, delivery.recipients[0].code.as_deref()), (DeliveryState::Failed, Some("5.1.1")));
    let mut conn = t.desk.store.read().await.unwrap();
    assert!(store::customer::is_suppressed(&mut conn, t.workspace, &"hana@outside.example".parse().unwrap()).await.unwrap());
}

fn acknowledging(t: &mut TestDesk) {
    t.inbox.acknowledgement = Acknowledgement { enabled: true, subject: "We have your message".into(), text: "Your number is {number}.".into() };
}

async fn acknowledgements(t: &TestDesk, id: model::ConversationId) -> usize {
    t.messages(id).await.iter().filter(|m| m.message.kind == MessageKind::Automatic && m.message.delivery.is_some()).count()
}

#[tokio::test]
async fn row_06_acknowledgements_are_capped_and_hold_no_word_of_the_sender() {
    let mut t = TestDesk::new().await;
    acknowledging(&mut t);
    let mut total = 0;
    for n in 0..40 {
        let received = t.receive(&mail("victim@outside.example", &format!("BUY {n}"), "SPAM")).await;
        for m in t.messages(received.conversation).await.iter().filter(|m| m.message.kind == MessageKind::Automatic) {
            assert!(!m.message.subject.contains("BUY") && !m.message.text.contains("SPAM"));
        }
        total += acknowledgements(&t, received.conversation).await;
    }
    assert_eq!(total, 10);
}

#[tokio::test]
async fn row_58_nothing_automatic_is_acknowledged() {
    let mut t = TestDesk::new().await;
    acknowledging(&mut t);
    let mut automatic = mail("robot@outside.example", "Re: yours", "We have your message");
    automatic.kind = InboundKind::AutoReply;
    let one = t.receive(&automatic).await;
    let two = t.receive_at(&mail("daemon@outside.example", "Hello", "x"), Some("")).await;
    let three = t.receive(&mail("help@haru.example", "Test", "from our own address")).await;
    for received in [one, two, three] {
        assert_eq!(acknowledgements(&t, received.conversation).await, 0);
    }
}

#[tokio::test]
async fn row_03_a_verification_mail_that_finds_a_conversation_is_sent_on_to_nobody() {
    let t = TestDesk::new().await;
    let first = mail("hana@outside.example", "Jar", "One");
    let place = t.receive(&first).await.conversation;
    let mut verification = proven(mail("no-reply@service.example", "Confirm your account", "Your code is 123456"));
    verification.references = vec![first.message_id.unwrap()];
    assert_eq!(t.receive(&verification).await.conversation, place);
    let channel = FakeChannel::default();
    t.pass(3_600);
    t.work(&channel).await;
    assert!(channel.sent.lock().unwrap().is_empty());
}
