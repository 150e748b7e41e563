//! The trash and spam: what customers do to them, blocked senders, and the end of the thirty days.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{FakeChannel, TestDesk, mail, mailbox};
use desk::Refusal;
use model::conversation::Bucket;
use model::inbox::Acknowledgement;
use model::{ConversationId, Job, Role, Scope, ShelfKind, Status};

async fn shelve(t: &TestDesk, id: ConversationId, kind: ShelfKind, block: bool) -> Result<model::Conversation, Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    let shelved = desk::conversation::shelve(&mut tx, &t.scope(), id, kind, block).await?;
    tx.commit().await.unwrap();
    Ok(shelved)
}

async fn kinds(t: &TestDesk, id: ConversationId) -> Vec<&'static str> {
    let mut conn = t.desk.store.read().await.unwrap();
    store::event::of_conversation(&mut conn, t.workspace, id, None, 50).await.unwrap().iter().map(|e| e.kind.name()).collect()
}

#[tokio::test]
async fn a_customer_who_answers_takes_the_conversation_out_of_the_trash_and_opens_it() {
    let t = TestDesk::new().await;
    let first = mail("hana@outside.example", "Jar", "One");
    let id = t.receive(&first).await.conversation;
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::change_status(&mut tx, &t.scope(), id, Status::Pending).await.unwrap();
    tx.commit().await.unwrap();
    shelve(&t, id, ShelfKind::Trash, false).await.unwrap();
    let mut second = mail("hana@outside.example", "Re: Jar", "Two");
    second.references = vec![first.message_id.unwrap()];
    assert_eq!(t.receive(&second).await.conversation, id);
    let c = t.conversation(id).await;
    assert_eq!((c.bucket(), c.status, c.shelf), (Bucket::Open, Status::Open, None));
    assert_eq!(kinds(&t, id).await[..3], ["message.received", "conversation.status_changed", "conversation.restored"]);
}

#[tokio::test]
async fn nobody_works_on_what_lies_in_the_trash() {
    let t = TestDesk::new().await;
    let id = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    shelve(&t, id, ShelfKind::Trash, false).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    let tags = desk::conversation::change_tags(&mut tx, &t.scope(), id, &[]).await;
    assert!(matches!(tags, Err(Refusal::Conflict { code: "shelved", .. })));
    let reply = desk::conversation::Reply { text: Some("Hello".into()), ..Default::default() };
    let reply = desk::conversation::reply(&mut tx, &t.desk, &t.scope(), id, reply).await;
    assert!(matches!(reply, Err(desk::conversation::ReplyError::Refused(Refusal::Conflict { code: "shelved", .. }))));
    let restored = desk::conversation::restore(&mut tx, &t.scope(), id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(restored.shelf, None);
    t.reply(id, "Hello").await;
}

#[tokio::test]
async fn a_blocked_sender_lands_in_spam_at_once_and_hears_nothing() {
    let mut t = TestDesk::new().await;
    t.inbox.acknowledgement = Acknowledgement { enabled: true, subject: "We have it".into(), text: "Thanks".into() };
    let hana = t.receive(&mail("hana@outside.example", "Jar", "One")).await;
    let offer = t.receive(&mail("Eve <eve@evil.example>", "Offer", "Buy now")).await.conversation;
    shelve(&t, offer, ShelfKind::Spam, true).await.unwrap();
    let before = t.messages(offer).await.len();
    let again = t.receive(&mail("EVE@evil.example", "Another offer", "Buy today")).await.conversation;
    let c = t.conversation(again).await;
    assert_eq!((c.bucket(), c.shelf.unwrap().by()), (Bucket::Spam, model::Actor::System));
    assert_eq!(t.messages(again).await.len(), 1, "no acknowledgement");
    // Not even as an answer to somebody else's conversation.
    let mut answer = mail("eve@evil.example", "Re: Jar", "Buy here");
    answer.references = vec![t.message(hana.message).await.message.rfc_message_id.unwrap()];
    assert_ne!(t.receive(&answer).await.conversation, hana.conversation);
    // An answer to spam stays with it.
    let mut answer = mail("eve@evil.example", "Re: Offer", "Have you read it?");
    answer.markers = vec![t.desk.keys.signing.marker(t.workspace, offer)];
    assert_eq!(t.receive(&answer).await.conversation, offer);
    assert_eq!((t.messages(offer).await.len(), t.conversation(offer).await.bucket()), (before + 1, Bucket::Spam));
}

#[tokio::test]
async fn no_spam_after_all_lets_the_sender_in_again() {
    let t = TestDesk::new().await;
    let id = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    shelve(&t, id, ShelfKind::Spam, true).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::restore(&mut tx, &t.scope(), id).await.unwrap();
    tx.commit().await.unwrap();
    let next = t.receive(&mail("hana@outside.example", "Kettle", "Two")).await.conversation;
    assert_eq!(t.conversation(next).await.bucket(), Bucket::Open);
}

#[tokio::test]
async fn our_own_addresses_cannot_be_blocked() {
    let t = TestDesk::new().await;
    let mut tx = t.desk.begin().await.unwrap();
    for ours in ["help@haru.example", "mina@haru.example"] {
        let refused = desk::sender::block(&mut tx, &t.scope(), &mailbox(ours).address).await;
        assert!(matches!(refused, Err(Refusal::Invalid { field: "address", .. })), "{ours}");
    }
    drop(tx);
    let id = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let refused = shelve(&t, id, ShelfKind::Trash, true).await;
    assert!(matches!(refused, Err(Refusal::Invalid { field: "block", .. })));
}

#[tokio::test]
async fn after_thirty_days_the_trash_is_empty_and_the_bytes_are_gone() {
    let t = TestDesk::new().await;
    let channel = FakeChannel::default();
    let kept = t.receive(&mail("hana@outside.example", "Kept", "One")).await.conversation;
    let thrown = t.receive(&mail("hana@outside.example", "Thrown", "Two")).await.conversation;
    let restored = t.receive(&mail("hana@outside.example", "Restored", "Three")).await.conversation;
    shelve(&t, thrown, ShelfKind::Trash, false).await.unwrap();
    shelve(&t, restored, ShelfKind::Trash, false).await.unwrap();
    t.pass(86_400);
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::restore(&mut tx, &t.scope(), restored).await.unwrap();
    tx.commit().await.unwrap();
    t.pass(28 * 86_400);
    t.work(&channel).await;
    t.conversation(thrown).await;
    t.pass(2 * 86_400);
    t.work(&channel).await;
    let mut conn = t.desk.store.read().await.unwrap();
    assert!(store::conversation::listed_by_id(&mut conn, &t.scope(), thrown).await.unwrap().is_none());
    drop(conn);
    for id in [kept, restored] {
        assert_eq!(t.conversation(id).await.bucket(), Bucket::Open);
    }
}

#[tokio::test]
async fn only_admins_delete_for_good_and_only_from_the_trash() {
    let t = TestDesk::new().await;
    let id = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let mut tx = t.desk.begin().await.unwrap();
    assert!(matches!(desk::conversation::purge(&mut tx, &t.scope(), id).await, Err(Refusal::Forbidden(_))));
    let admin = Scope { permissions: Role::Admin.permissions(), ..t.scope() };
    assert!(matches!(desk::conversation::purge(&mut tx, &admin, id).await, Err(Refusal::Conflict { code: "not_in_trash", .. })));
    desk::conversation::shelve(&mut tx, &admin, id, ShelfKind::Trash, false).await.unwrap();
    desk::conversation::purge(&mut tx, &admin, id).await.unwrap();
    tx.commit().await.unwrap();
    let events = store::event::page(&mut t.desk.store.read().await.unwrap(), t.workspace, None, 50).await.unwrap();
    assert_eq!(events.iter().map(|e| e.kind.name()).collect::<Vec<_>>(), ["conversation.purged"]);
    let claimed = t.desk.store.claim_jobs(t.desk.clock.now(), t.desk.clock.now(), 9).await.unwrap();
    assert!(!claimed.iter().any(|j| matches!(j.job, Some(Job::SweepBlobs { .. }))), "bytes wait for an hour");
}
