//! A problem and its cases: solving it answers each customer in their own thread.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{TestDesk, mail};
use desk::Refusal;
use desk::bulk::BulkError;
use desk::conversation::Solve;
use model::bulk::{Bulk, State};
use model::conversation_link::LinkKind;
use model::message::MessageKind;
use model::{ConversationId, ShelfKind, Status};

async fn link(t: &TestDesk, id: ConversationId, others: &[ConversationId], kind: LinkKind) -> Result<(), Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::connect(&mut tx, &t.scope(), id, others, kind).await?;
    tx.commit().await.unwrap();
    Ok(())
}

/// A problem and three customers who have it, one of them Korean.
async fn three(t: &TestDesk) -> (ConversationId, Vec<ConversationId>) {
    let problem = t.receive(&mail("jun@haru-lab.example", "Glaze cracks", "The new glaze cracks.")).await.conversation;
    let mut cases = Vec::new();
    for (who, words) in [
        ("Hana Mori <hana@outside.example>", "It cracked."),
        ("Kim <kim@outside.example>", "Mine too."),
        ("김서연 <seo@outside.example>", "금이 갔어요."),
    ] {
        cases.push(t.receive(&mail(who, "A crack", words)).await.conversation);
    }
    link(t, problem, &cases, LinkKind::Problem).await.unwrap();
    (problem, cases)
}

fn answer() -> Solve {
    Solve { html: Some("<p>Hello {{ customer.first_name }}, it is mended.</p>".into()), saved_reply: None, resolve: true }
}

async fn solve(t: &TestDesk, id: ConversationId, how: Solve) -> Result<Bulk, BulkError> {
    t.pass(1);
    let mut tx = t.desk.begin().await.unwrap();
    let bulk = desk::conversation::solve(&mut tx, &t.scope(), id, how).await?;
    tx.commit().await.unwrap();
    Ok(bulk)
}

async fn step(t: &TestDesk, bulk: &Bulk) -> Bulk {
    let mut tx = t.desk.begin().await.unwrap();
    desk::bulk::step(&mut tx, &t.desk, t.workspace, bulk.id).await.unwrap();
    tx.commit().await.unwrap();
    store::bulk_action::find(&mut t.desk.store.read().await.unwrap(), t.workspace, bulk.id).await.unwrap().unwrap()
}

async fn cases(t: &TestDesk, id: ConversationId) -> Vec<ConversationId> {
    store::conversation_link::cases(&mut t.desk.store.read().await.unwrap(), t.workspace, id, 10).await.unwrap()
}

#[tokio::test]
async fn each_customer_is_answered_in_their_own_thread_and_all_are_resolved() {
    let t = TestDesk::new().await;
    let (problem, ids) = three(&t).await;
    assert_eq!(cases(&t, problem).await, ids);
    let bulk = solve(&t, problem, answer()).await.unwrap();
    assert_eq!((bulk.state, bulk.total), (State::Running, 3));
    let done = step(&t, &bulk).await;
    assert_eq!((done.state, done.changed, done.failed), (State::Done, 3, 0));
    for (id, greeted, to) in [
        (ids[0], "Hello Hana,", "hana@outside.example"),
        (ids[1], "Hello Kim,", "kim@outside.example"),
        (ids[2], "Hello 김서연,", "seo@outside.example"),
    ] {
        let last = t.messages(id).await.pop().unwrap().message;
        assert_eq!((last.kind, last.conversation), (MessageKind::Reply, id));
        assert!(last.text.starts_with(greeted), "{}", last.text);
        assert_eq!(last.recipients.all().map(|m| m.address.to_string()).collect::<Vec<_>>(), [to]);
        assert!(matches!(t.conversation(id).await.status, Status::Resolved { .. }));
    }
    assert_eq!(t.messages(problem).await.len(), 1, "nothing is sent from the problem itself");
    assert!(matches!(t.conversation(problem).await.status, Status::Resolved { .. }));
}

#[tokio::test]
async fn it_is_taken_back_while_the_mails_are_still_here() {
    let t = TestDesk::new().await;
    let (problem, ids) = three(&t).await;
    let bulk = step(&t, &solve(&t, problem, answer()).await.unwrap()).await;
    let mut tx = t.desk.begin().await.unwrap();
    desk::bulk::take_back(&mut tx, &t.scope(), bulk.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(step(&t, &bulk).await.state, State::Undone);
    for id in ids {
        assert_eq!((t.messages(id).await.len(), t.conversation(id).await.status), (1, Status::Open));
    }
}

#[tokio::test]
async fn a_case_that_cannot_be_answered_is_told_and_the_others_are_answered() {
    let t = TestDesk::new().await;
    let (problem, ids) = three(&t).await;
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::shelve(&mut tx, &t.scope(), ids[1], ShelfKind::Trash, false).await.unwrap();
    tx.commit().await.unwrap();
    let done = step(&t, &solve(&t, problem, answer()).await.unwrap()).await;
    assert_eq!((done.changed, done.failed), (2, 1));
    let faults = store::bulk_action::faults(&mut t.desk.store.read().await.unwrap(), t.workspace, done.id).await.unwrap();
    assert_eq!(faults.iter().map(|f| (f.conversation, f.why.code.as_deref())).collect::<Vec<_>>(), [(ids[1], Some("shelved"))]);
}

#[tokio::test]
async fn what_does_not_fit_is_not_linked() {
    let t = TestDesk::new().await;
    let (problem, ids) = three(&t).await;
    let other = t.receive(&mail("lee@outside.example", "Another", "Hello.")).await.conversation;
    let code = |r: Result<(), Refusal>| match r {
        Err(Refusal::Invalid { code, .. } | Refusal::Conflict { code, .. }) => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(link(&t, problem, &[problem], LinkKind::Problem).await), "same");
    assert_eq!(code(link(&t, problem, &[], LinkKind::Problem).await), "missing");
    assert_eq!(code(link(&t, ids[0], &[other], LinkKind::Problem).await), "is_case");
    assert_eq!(code(link(&t, other, &[problem], LinkKind::Problem).await), "is_problem");
    assert_eq!(code(link(&t, other, &[ids[0]], LinkKind::Side).await), "invalid");
    assert_eq!(code(link(&t, other, &[model::Id::from_raw(5)], LinkKind::Related).await), "not_found");
    assert!(matches!(solve(&t, other, answer()).await, Err(BulkError::Nothing)));
    let bad = Solve { html: Some("{{ customer.shoe_size }}".into()), ..answer() };
    assert!(matches!(solve(&t, problem, bad).await, Err(BulkError::Action(_))));
}

#[tokio::test]
async fn a_link_is_taken_away_from_either_end() {
    let t = TestDesk::new().await;
    let (problem, ids) = three(&t).await;
    link(&t, ids[0], &[ids[1]], LinkKind::Related).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::disconnect(&mut tx, &t.scope(), ids[2], problem).await.unwrap();
    desk::conversation::disconnect(&mut tx, &t.scope(), ids[0], ids[1]).await.unwrap();
    assert!(matches!(desk::conversation::disconnect(&mut tx, &t.scope(), ids[0], ids[1]).await, Err(Refusal::NotFound)));
    tx.commit().await.unwrap();
    assert_eq!(cases(&t, problem).await, ids[..2]);
}
