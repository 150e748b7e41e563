//! Replies leave: undo window, headers, back-off, refusal, the mail taken in and processed once.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{FakeChannel, TestDesk, mail};
use desk::ports::{Automatic, DeliverError};
use model::Secret;
use model::message::{DeliveryState, RecipientState};
use store::inbound_mail::{Envelope, State};
use store::inbox::SealedSecrets;

#[tokio::test]
async fn a_reply_waits_for_its_undo_window_and_then_leaves_with_its_thread() {
    let t = TestDesk::new().await;
    let first = mail("hana@outside.example", "Jar", "One");
    let place = t.receive(&first).await.conversation;
    let reply = t.reply(place, "A new one is on its way.").await.message;
    let channel = FakeChannel::default();
    t.work(&channel).await;
    assert!(channel.sent.lock().unwrap().is_empty());
    t.pass(11);
    t.work(&channel).await;
    let sent = channel.sent.lock().unwrap()[0].clone();
    let token = t.conversation(place).await.reply_token;
    assert_eq!(sent.reply_to.unwrap().as_str(), format!("reply+{token}@haru.example"));
    assert_eq!((sent.in_reply_to, sent.subject.as_str()), (first.message_id, "Re: Jar"));
    assert_eq!((sent.automatic, Some(sent.message_id)), (Automatic::No, reply.rfc_message_id));
    assert!(sent.text.contains("Mina") && sent.html.contains("[ref:"));
    assert_eq!(t.message(reply.id).await.message.delivery.unwrap().state, DeliveryState::Sent);
}

#[tokio::test]
async fn undo_gives_the_words_back_as_a_draft_and_nothing_leaves() {
    let t = TestDesk::new().await;
    let place = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let reply = t.reply(place, "Too quick").await.message;
    let mut tx = t.desk.begin().await.unwrap();
    let draft = desk::conversation::undo(&mut tx, &t.scope(), reply.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(draft.html, "<p>Too quick</p>");
    let channel = FakeChannel::default();
    t.pass(60);
    t.work(&channel).await;
    assert!(channel.sent.lock().unwrap().is_empty());
    let c = t.conversation(place).await;
    assert_eq!((c.preview.as_str(), c.waiting_since.is_some(), c.message_count), ("One", true, 1));
}

#[tokio::test]
async fn undo_after_the_window_is_refused() {
    let t = TestDesk::new().await;
    let place = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let reply = t.reply(place, "Gone").await.message;
    t.pass(11);
    let mut tx = t.desk.begin().await.unwrap();
    assert!(matches!(desk::conversation::undo(&mut tx, &t.scope(), reply.id).await, Err(desk::conversation::UndoError::TooLate)));
}

#[tokio::test]
async fn not_now_backs_off_and_keeps_the_message_id() {
    let t = TestDesk::new().await;
    let place = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let reply = t.reply(place, "Hello").await.message;
    let channel = FakeChannel::default();
    channel.answers.lock().unwrap().push(Err(DeliverError::Transient(model::Reason::new("timeout", "451 later"))));
    t.pass(11);
    t.work(&channel).await;
    let inbox = store::inbox::get(&mut t.desk.store.read().await.unwrap(), t.workspace, t.inbox.id).await.unwrap().unwrap();
    let told = matches!(&inbox.outgoing_health, model::inbox::Health::Failing { fault: Some(fault), .. } if fault == "timeout");
    assert!(told, "{:?}", inbox.outgoing_health);
    let delivery = t.message(reply.id).await.message.delivery.unwrap();
    assert_eq!((delivery.state, delivery.attempts, delivery.recipients[0].detail.as_deref()), (DeliveryState::Queued, 1, Some("451 later")));
    t.pass(30);
    t.work(&channel).await;
    assert_eq!(channel.sent.lock().unwrap().len(), 1, "the back-off is a minute");
    t.pass(31);
    t.work(&channel).await;
    let sent = channel.sent.lock().unwrap();
    assert_eq!((sent.len(), &sent[0].message_id), (2, &sent[1].message_id));
}

#[tokio::test]
async fn a_refusal_is_final_until_an_agent_tries_again() {
    let t = TestDesk::new().await;
    let place = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let reply = t.reply(place, "Hello").await.message;
    let channel = FakeChannel::default();
    channel.answers.lock().unwrap().push(Ok(RecipientState::Failed));
    t.pass(11);
    t.work(&channel).await;
    assert_eq!(t.message(reply.id).await.message.delivery.unwrap().state, DeliveryState::Failed);
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::retry(&mut tx, &t.scope(), reply.id).await.unwrap();
    tx.commit().await.unwrap();
    t.work(&channel).await;
    assert_eq!(t.message(reply.id).await.message.delivery.unwrap().state, DeliveryState::Sent);
}

#[tokio::test]
async fn the_same_mail_by_two_ways_is_one_message_and_another_body_is_two() {
    let t = TestDesk::new().await;
    let channel = FakeChannel::default();
    let take = async |via: &'static str, raw: &'static [u8], understood: model::Inbound| {
        *channel.understood.lock().unwrap() = Some(understood);
        let envelope = Envelope { via, ..Envelope::default() };
        let id = desk::mail::accept_for_inbox(&t.desk, t.workspace, t.inbox.id, envelope, raw.into()).await.unwrap();
        t.work(&channel).await;
        let mut conn = t.desk.store.read().await.unwrap();
        store::inbound_mail::get(&mut conn, t.workspace, id).await.unwrap().unwrap()
    };
    let first = take("lmtp", b"Received: a\n\nhello", mail("hana@outside.example", "Jar", "hello")).await;
    let second = take("imap", b"Received: b\n\nhello", mail("hana@outside.example", "Jar", "hello")).await;
    assert_eq!((first.state, second.state), (State::Processed, State::Duplicate));
    let mut other = mail("hana@outside.example", "Jar", "changed");
    other.message_id = mail("hana@outside.example", "Jar", "hello").message_id;
    let third = take("lmtp", b"Received: c\n\nchanged", other).await;
    assert_eq!(third.state, State::Processed);
}

#[tokio::test]
async fn a_mail_without_a_sender_waits_in_quarantine_and_can_be_replayed() {
    let t = TestDesk::new().await;
    let channel = FakeChannel::default();
    let mut nobody = mail("hana@outside.example", "Jar", "hello");
    nobody.from = None;
    *channel.understood.lock().unwrap() = Some(nobody);
    let id =
        desk::mail::accept_for_inbox(&t.desk, t.workspace, t.inbox.id, Envelope { via: "api", ..Envelope::default() }, "x".into()).await.unwrap();
    t.work(&channel).await;
    let state = async || store::inbound_mail::get(&mut t.desk.store.read().await.unwrap(), t.workspace, id).await.unwrap().unwrap().state;
    assert_eq!(state().await, State::Quarantined);
    *channel.understood.lock().unwrap() = Some(mail("hana@outside.example", "Jar", "hello"));
    let mut tx = t.desk.begin().await.unwrap();
    desk::mail::reopen(&mut tx, &model::Scope::system(t.workspace), id).await.unwrap();
    tx.commit().await.unwrap();
    t.work(&channel).await;
    assert_eq!(state().await, State::Processed);
}

#[tokio::test]
async fn a_dropped_use_case_leaves_nothing_and_the_next_one_works() {
    let t = TestDesk::new().await;
    let mut tx = t.desk.begin().await.unwrap();
    store::customer::insert(&mut tx, t.workspace, "Ghost", Some(&"ghost@outside.example".parse().unwrap()), None).await.unwrap();
    drop(tx);
    let place = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let mut conn = t.desk.store.read().await.unwrap();
    assert_eq!(store::customer::by_address(&mut conn, t.workspace, &"ghost@outside.example".parse().unwrap()).await.unwrap(), None);
    drop(conn);
    assert_eq!(t.conversation(place).await.number, 1);
}

#[tokio::test]
async fn many_use_cases_at_once_are_committed_together_and_none_is_lost() {
    let t = std::sync::Arc::new(TestDesk::new().await);
    let tasks: Vec<_> = (0..200)
        .map(|n| {
            let desk = t.desk.clone();
            let workspace = t.workspace;
            tokio::spawn(async move {
                let mut tx = desk.begin().await.unwrap();
                store::customer::insert(&mut tx, workspace, "Kim", Some(&format!("kim{n}@outside.example").parse().unwrap()), None).await.unwrap();
                // Every third goes away half-way.
                if n % 3 == 0 { drop(tx) } else { tx.commit().await.unwrap() }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let mut conn = t.desk.store.read().await.unwrap();
    let all = store::customer::search(&mut conn, &t.scope(), "kim", 500).await.unwrap();
    assert_eq!(all.len(), 133);
}

#[tokio::test]
async fn a_picture_in_the_text_goes_with_the_mail_and_is_shown_by_its_content_id() {
    let t = TestDesk::new().await;
    let place = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let staged = t.desk.store.blobs().stage(t.workspace, b"\x89PNG picture"[..].into()).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    let shown = desk::attachment::upload(&mut tx, &t.scope(), "jar.png", "image/png", &staged).await.unwrap().id;
    let beside = desk::attachment::upload(&mut tx, &t.scope(), "list.png", "image/png", &staged).await.unwrap().id;
    let html = format!("<p>Like this: <img src=\"/api/v1/attachments/{shown}?inline=1\" alt=\"A moon jar\" width=\"600\"></p>");
    let reply = desk::conversation::Reply { html: Some(html), attachments: vec![shown, beside], ..Default::default() };
    desk::conversation::reply(&mut tx, &t.desk, &t.scope(), place, reply).await.unwrap();
    tx.commit().await.unwrap();
    let channel = FakeChannel::default();
    t.pass(11);
    t.work(&channel).await;
    let sent = channel.sent.lock().unwrap()[0].clone();
    assert!(sent.html.contains(&format!("<img src=\"cid:{shown}@sonnim\" alt=\"A moon jar\" width=\"600\">")), "{}", sent.html);
    assert!(sent.text.contains("Like this: [A moon jar]"), "{}", sent.text);
    let ids: Vec<_> = sent.attachments.iter().map(|f| (f.filename.as_str(), f.content_id.clone())).collect();
    assert_eq!(ids, [("jar.png", Some(format!("{shown}@sonnim"))), ("list.png", None)]);
    let kept = t.messages(place).await.pop().unwrap().attachments;
    assert_eq!(kept.iter().map(|f| f.inline).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn a_scheduled_reply_leaves_at_its_time_and_counts_from_then() {
    let t = TestDesk::new().await;
    let channel = FakeChannel::default();
    let id = t.receive(&mail("hana@outside.example", "Jar", "Hello?")).await.conversation;
    let due = t.desk.clock.now() + jiff::SignedDuration::from_hours(3);
    let mut tx = t.desk.begin().await.unwrap();
    let reply = desk::conversation::Reply { text: Some("Later".into()), send_at: Some(due), ..Default::default() };
    let message = desk::conversation::reply(&mut tx, &t.desk, &t.scope(), id, reply).await.unwrap();
    tx.commit().await.unwrap();
    let c = t.conversation(id).await;
    assert_eq!((c.last_reply_at, c.message_count), (None, 2));
    t.pass(3 * 3600 - 60);
    t.work(&channel).await;
    assert!(channel.sent.lock().unwrap().is_empty());
    // The customer writes in between: the reply still stands after that when it leaves.
    t.receive(&mail("hana@outside.example", "Jar 2", "And?")).await;
    t.pass(120);
    t.work(&channel).await;
    let c = t.conversation(id).await;
    let shown = t.messages(id).await.into_iter().find(|m| m.message.id == message).unwrap().message;
    assert_eq!((channel.sent.lock().unwrap().len(), c.message_count, c.waiting_since), (1, 2, None));
    assert_eq!((c.preview.as_str(), shown.delivery.unwrap().state), ("Later", model::message::DeliveryState::Sent));
    assert!(shown.created_at >= due && c.last_reply_at == Some(shown.created_at));
    t.work(&channel).await;
    assert_eq!(channel.sent.lock().unwrap().len(), 1, "once");
}

#[tokio::test]
async fn a_rescheduled_reply_leaves_at_its_new_time_only() {
    let t = TestDesk::new().await;
    let channel = FakeChannel::default();
    let id = t.receive(&mail("hana@outside.example", "Jar", "Hello?")).await.conversation;
    let hours = |n| t.desk.clock.now() + jiff::SignedDuration::from_hours(n);
    let (first, second) = (hours(1), hours(5));
    let mut tx = t.desk.begin().await.unwrap();
    let reply = desk::conversation::Reply { text: Some("Later".into()), send_at: Some(first), ..Default::default() };
    let message = desk::conversation::reply(&mut tx, &t.desk, &t.scope(), id, reply).await.unwrap();
    desk::conversation::reschedule(&mut tx, &t.scope(), message, Some(second)).await.unwrap();
    tx.commit().await.unwrap();
    t.pass(2 * 3600);
    t.work(&channel).await;
    assert!(channel.sent.lock().unwrap().is_empty());
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::reschedule(&mut tx, &t.scope(), message, None).await.unwrap();
    tx.commit().await.unwrap();
    t.work(&channel).await;
    assert_eq!(channel.sent.lock().unwrap().len(), 1);
    t.pass(4 * 3600);
    t.work(&channel).await;
    assert_eq!(channel.sent.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_permission_that_is_renewed_while_sending_is_stored_for_both_ways_and_used() {
    let t = TestDesk::new().await;
    let seal = |secret: &str| Some(t.desk.keys.seal(&Secret::new(secret), desk::random::bytes()));
    let store = async |incoming: &str, outgoing: &str| {
        let secrets = SealedSecrets { incoming: seal(incoming), outgoing: seal(outgoing) };
        let mut tx = t.desk.begin().await.unwrap();
        store::inbox::replace_secrets(&mut tx, t.workspace, t.inbox.id, &secrets).await.unwrap();
        tx.commit().await.unwrap();
    };
    let stored = async || {
        let sealed = store::inbox::secrets(&mut t.desk.store.read().await.unwrap(), t.workspace, t.inbox.id).await.unwrap();
        [sealed.incoming, sealed.outgoing].map(|s| t.desk.keys.open(&s.unwrap()).unwrap().expose().to_owned())
    };
    let place = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    store("permission", "permission").await;
    let channel = FakeChannel::default();
    *channel.renewed.lock().unwrap() = Some("renewed".into());
    // The mail does not leave, and the permission is kept all the same.
    channel.answers.lock().unwrap().push(Err(DeliverError::Transient("not now".into())));
    t.reply(place, "Hello").await;
    t.pass(11);
    t.work(&channel).await;
    assert_eq!(stored().await, ["renewed", "renewed"]);
    assert_eq!(*channel.secrets.lock().unwrap(), ["renewed"]);

    // A mailbox that is read with a password keeps it.
    store("password", "renewed").await;
    *channel.renewed.lock().unwrap() = Some("renewed again".into());
    t.reply(place, "Hello again").await;
    t.pass(11);
    t.work(&channel).await;
    assert_eq!(stored().await, ["password", "renewed again"]);
}
