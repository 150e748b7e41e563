//! Work on many conversations: every one once, whatever happens to the job, and back again.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TestDesk, mail};
use desk::bulk::{BulkError, begin, cancel, step, take_back};
use model::action::{Action, Actions};
use model::bulk::{Bulk, Selection, State};
use model::filter::Filter;
use model::tag::Color;
use model::{BulkId, ConversationId, Id, Priority, ShelfKind, TagId};

async fn arrive(t: &TestDesk, n: usize) -> ConversationId {
    t.receive(&mail(&format!("Customer {n} <c{n}@outside.example>"), "Jar", "Where is my jar?")).await.conversation
}

async fn tag(t: &TestDesk) -> TagId {
    let mut tx = t.desk.begin().await.unwrap();
    let tag = desk::tag::create(&mut tx, &t.scope(), "refund", Color::Grey).await.unwrap();
    tx.commit().await.unwrap();
    tag.id
}

async fn start(t: &TestDesk, selection: Selection, actions: &[Action]) -> Result<Bulk, BulkError> {
    let mut tx = t.desk.begin().await.unwrap();
    let bulk = begin(&mut tx, &t.scope(), selection, Actions::try_from(actions.to_vec()).unwrap()).await?;
    tx.commit().await.unwrap();
    Ok(bulk)
}

async fn find(t: &TestDesk, id: BulkId) -> Bulk {
    store::bulk_action::find(&mut t.desk.store.read().await.unwrap(), t.scope().workspace, id).await.unwrap().unwrap()
}

async fn one_step(t: &TestDesk, id: BulkId, lives: bool) {
    let mut tx = t.desk.begin().await.unwrap();
    step(&mut tx, &t.desk, t.scope().workspace, id).await.unwrap();
    if lives {
        tx.commit().await.unwrap();
    }
}

async fn through(t: &TestDesk, id: BulkId) -> Bulk {
    for _ in 0..20 {
        if !find(t, id).await.state.is_at_work() {
            break;
        }
        one_step(t, id, true).await;
    }
    find(t, id).await
}

async fn tagged(t: &TestDesk) -> usize {
    let mut conn = t.desk.store.read().await.unwrap();
    let rows = conn.fetch_all("SELECT COUNT(*) AS n FROM conversation_tag", vec![]).await.unwrap();
    usize::try_from(rows[0].int("n").unwrap()).unwrap()
}

async fn tagged_events(t: &TestDesk) -> i64 {
    let mut conn = t.desk.store.read().await.unwrap();
    conn.fetch_all("SELECT COUNT(*) AS n FROM event WHERE kind = 'conversation.tagged'", vec![]).await.unwrap()[0].int("n").unwrap()
}

fn all() -> Selection {
    Selection::Filter(Filter::everything())
}

#[tokio::test]
async fn a_job_that_dies_halfway_goes_on_and_does_nothing_twice() {
    let t = TestDesk::new().await;
    let refund = tag(&t).await;
    for n in 0..45 {
        arrive(&t, n).await;
    }
    let bulk = start(&t, all(), &[Action::AddTags { tag_ids: vec![refund] }]).await.unwrap();
    assert_eq!(bulk.total, 45);
    let later = arrive(&t, 99).await;
    one_step(&t, bulk.id, true).await;
    one_step(&t, bulk.id, false).await;
    assert_eq!((tagged(&t).await, find(&t, bulk.id).await.seen), (20, 20));
    let bulk = through(&t, bulk.id).await;
    assert_eq!((bulk.state, bulk.seen, bulk.changed, bulk.failed), (State::Done, 45, 45, 0));
    assert_eq!((tagged(&t).await, tagged_events(&t).await), (45, 45));
    let mut conn = t.desk.store.read().await.unwrap();
    assert!(store::tag::of_conversation(&mut conn, t.scope().workspace, later).await.unwrap().is_empty());
    drop(conn);
    // The step of a second runner, late: nothing is left to do.
    one_step(&t, bulk.id, true).await;
    assert_eq!(tagged_events(&t).await, 45);
}

#[tokio::test]
async fn it_is_taken_back_but_for_what_somebody_changed_since() {
    let t = TestDesk::new().await;
    let (one, two) = (arrive(&t, 1).await, arrive(&t, 2).await);
    let bulk = start(&t, all(), &[Action::SetPriority { priority: Priority::Urgent }, Action::AssignMe {}]).await.unwrap();
    through(&t, bulk.id).await;
    let mut tx = t.desk.begin().await.unwrap();
    let changes = desk::conversation::Changes { priority: Some(Priority::Low), ..Default::default() };
    desk::conversation::update(&mut tx, &t.scope(), two, changes).await.unwrap();
    take_back(&mut tx, &t.scope(), bulk.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(through(&t, bulk.id).await.state, State::Undone);
    let (one, two) = (t.conversation(one).await, t.conversation(two).await);
    assert_eq!((one.priority, one.assignee, two.priority, two.assignee), (Priority::Normal, None, Priority::Low, None));
    let mut tx = t.desk.begin().await.unwrap();
    assert!(matches!(take_back(&mut tx, &t.scope(), bulk.id).await, Err(BulkError::NotNow)));
}

#[tokio::test]
async fn what_cannot_be_done_is_told_and_left_as_it_was() {
    let t = TestDesk::new().await;
    let (one, two, refund) = (arrive(&t, 1).await, arrive(&t, 2).await, tag(&t).await);
    let actions = [Action::SetPriority { priority: Priority::High }, Action::AddTags { tag_ids: vec![refund] }];
    let first = start(&t, Selection::Chosen(vec![one, one]), &actions).await.unwrap();
    let first = through(&t, first.id).await;
    assert_eq!((first.total, first.changed, first.failed), (1, 1, 0));
    let bulk = start(&t, Selection::Chosen(vec![two, one]), &actions).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    store::tag::delete(&mut tx, t.scope().workspace, refund).await.unwrap();
    tx.commit().await.unwrap();
    let bulk = through(&t, bulk.id).await;
    assert_eq!((bulk.total, bulk.seen, bulk.changed, bulk.failed), (2, 2, 0, 2));
    assert_eq!(t.conversation(two).await.priority, Priority::Normal, "a list is done as a whole or not at all");
    let faults = store::bulk_action::faults(&mut t.desk.store.read().await.unwrap(), t.scope().workspace, bulk.id).await.unwrap();
    assert_eq!(faults.iter().map(|f| f.conversation).collect::<Vec<_>>(), [one, two]);
    assert!(faults.iter().all(|f| f.why == model::Reason::new("not_found", "There is no such thing here.")), "{faults:?}");
}

#[tokio::test]
async fn what_was_thrown_away_comes_back_as_it_was() {
    let t = TestDesk::new().await;
    let (one, two) = (arrive(&t, 1).await, arrive(&t, 2).await);
    let throw = [Action::SetPriority { priority: Priority::Low }, Action::Shelve { shelf: ShelfKind::Trash }];
    let bulk = start(&t, Selection::Chosen(vec![one, two]), &throw).await.unwrap();
    assert_eq!(through(&t, bulk.id).await.changed, 2);
    assert!(t.conversation(one).await.shelf.is_some());
    let again = start(&t, Selection::Chosen(vec![one]), &[Action::AssignMe {}]).await.unwrap();
    assert_eq!(through(&t, again.id).await.failed, 1, "nothing is changed of what lies in the trash");
    let back = start(&t, Selection::Chosen(vec![two]), &[Action::Restore {}, Action::AssignMe {}]).await.unwrap();
    assert_eq!(through(&t, back.id).await.changed, 1);
    assert!(t.conversation(two).await.assignee.is_some());
    let mut tx = t.desk.begin().await.unwrap();
    take_back(&mut tx, &t.scope(), back.id).await.unwrap();
    take_back(&mut tx, &t.scope(), bulk.id).await.unwrap();
    tx.commit().await.unwrap();
    through(&t, back.id).await;
    let two = t.conversation(two).await;
    assert_eq!((two.shelf.map(model::shelf::Shelf::kind), two.assignee), (Some(ShelfKind::Trash), None));
    through(&t, bulk.id).await;
    let one = t.conversation(one).await;
    assert_eq!((one.shelf, one.priority), (None, Priority::Normal));
}

#[tokio::test]
async fn one_can_be_stopped_and_what_was_done_stays() {
    let t = TestDesk::new().await;
    let refund = tag(&t).await;
    for n in 0..25 {
        arrive(&t, n).await;
    }
    let bulk = start(&t, all(), &[Action::AddTags { tag_ids: vec![refund] }]).await.unwrap();
    one_step(&t, bulk.id, true).await;
    let mut tx = t.desk.begin().await.unwrap();
    cancel(&mut tx, &t.scope(), bulk.id).await.unwrap();
    tx.commit().await.unwrap();
    one_step(&t, bulk.id, true).await;
    assert_eq!((tagged(&t).await, find(&t, bulk.id).await.state), (20, State::Cancelled));
    let mut tx = t.desk.begin().await.unwrap();
    assert!(matches!(cancel(&mut tx, &t.scope(), bulk.id).await, Err(BulkError::NotNow)));
    take_back(&mut tx, &t.scope(), bulk.id).await.unwrap();
    tx.commit().await.unwrap();
    through(&t, bulk.id).await;
    assert_eq!(tagged(&t).await, 0);
}

#[tokio::test]
async fn an_agent_who_was_switched_off_does_nothing_more() {
    let t = TestDesk::new().await;
    arrive(&t, 1).await;
    let bulk = start(&t, all(), &[Action::SetPriority { priority: Priority::High }]).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    let now = tx.now();
    store::agent::set_deactivated(&mut tx, t.scope().workspace, t.agent, Some(now)).await.unwrap();
    tx.commit().await.unwrap();
    let bulk = through(&t, bulk.id).await;
    assert_eq!((bulk.state, bulk.changed), (State::Cancelled, 0));
}

#[tokio::test]
async fn too_many_nothing_and_drafts_are_refused() {
    let t = TestDesk::new().await;
    let high = [Action::SetPriority { priority: Priority::High }];
    assert!(matches!(start(&t, all(), &high).await, Err(BulkError::Nothing)));
    let many = (1..=1_001).map(ConversationId::from_raw).collect();
    assert!(matches!(start(&t, Selection::Chosen(many), &high).await, Err(BulkError::TooMany { most: 1_000 })));
    let one = arrive(&t, 1).await;
    let foreign = Selection::Chosen(vec![one, ConversationId::from_raw(7)]);
    assert!(matches!(start(&t, foreign, &high).await, Err(BulkError::Refused(desk::Refusal::Invalid { field: "conversation_ids", .. }))));
    let draft = [Action::InsertReply { html: Some("<p>x</p>".into()), saved_reply_id: None }];
    assert!(matches!(start(&t, all(), &draft).await, Err(BulkError::Action(_))));
    for _ in 0..3 {
        start(&t, all(), &high).await.unwrap();
    }
    assert!(matches!(start(&t, all(), &high).await, Err(BulkError::Busy)));
}
