//! Several actions in one go: as by hand, all or nothing, said before and taken back.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TestDesk, mail};
use desk::Refusal;
use desk::action::{ActionError, Applied, Change, Insert, Preview, apply, check, preview, undo};
use model::action::{Action, Actions, StatusTo};
use model::tag::Color;
use model::{AgentId, ConversationId, Id, InboxId, Inboxes, Priority, Role, Scope, Status, TagId};

async fn arrive(t: &TestDesk) -> ConversationId {
    t.receive(&mail("Hana Seo <hana@outside.example>", "Jar", "Where is my jar?")).await.conversation
}

async fn tag(t: &TestDesk, name: &str) -> TagId {
    let mut tx = t.desk.begin().await.unwrap();
    let tag = desk::tag::create(&mut tx, &t.scope(), name, Color::Grey).await.unwrap();
    tx.commit().await.unwrap();
    tag.id
}

fn list(actions: &[Action]) -> Actions {
    Actions::try_from(actions.to_vec()).unwrap()
}

async fn run(t: &TestDesk, id: ConversationId, actions: &[Action]) -> Result<Applied, ActionError> {
    run_as(t, &t.scope(), id, actions).await
}

async fn run_as(t: &TestDesk, scope: &Scope, id: ConversationId, actions: &[Action]) -> Result<Applied, ActionError> {
    let mut tx = t.desk.begin().await.unwrap();
    let applied = apply(&mut tx, &t.desk, scope, id, &list(actions), Insert::Draft).await?;
    tx.commit().await.unwrap();
    Ok(applied)
}

async fn foresee(t: &TestDesk, id: ConversationId, actions: &[Action]) -> Preview {
    preview(t.desk.begin().await.unwrap(), &t.desk, &t.scope(), id, &list(actions)).await.unwrap()
}

async fn events(t: &TestDesk) -> Vec<String> {
    let mut conn = t.desk.store.read().await.unwrap();
    conn.fetch_all("SELECT kind FROM event ORDER BY id", vec![]).await.unwrap().iter().map(|r| r.text("kind").unwrap()).collect()
}

fn note(html: &str) -> Action {
    Action::AddNote { html: html.into() }
}

fn send(html: &str) -> Action {
    Action::SendReply { html: Some(html.into()), saved_reply_id: None }
}

fn resolve() -> Action {
    Action::SetStatus { status: StatusTo::Resolved {} }
}

#[tokio::test]
async fn a_list_is_done_as_by_hand_with_the_events_of_each() {
    let t = TestDesk::new().await;
    let (id, refund) = (arrive(&t).await, tag(&t, "refund").await);
    let before = events(&t).await.len();
    let actions = [
        Action::AssignMe {},
        Action::SetPriority { priority: Priority::High },
        Action::AddTags { tag_ids: vec![refund] },
        note("<p>{{ customer.first_name }} waits</p>"),
        send("<p>Hello {{ customer.first_name | default(\"there\") }}</p>"),
        resolve(),
    ];
    let applied = run(&t, id, &actions).await.unwrap();
    let c = t.conversation(id).await;
    assert_eq!((c.assignee, c.priority, c.status.kind().as_str()), (Some(t.agent), Priority::High, "resolved"));
    let thread = t.messages(id).await;
    assert_eq!((thread[1].message.text.as_str(), thread[2].message.reply_text.as_str()), ("Hana waits", "Hello Hana"));
    assert_eq!((applied.undo.reply, applied.written.len()), (Some(thread[2].message.id), 2));
    let new = &events(&t).await[before..];
    for kind in
        ["conversation.assigned", "conversation.updated", "conversation.tagged", "message.noted", "message.replied", "conversation.status_changed"]
    {
        assert!(new.iter().any(|k| k == kind), "{kind} in {new:?}");
    }
}

#[tokio::test]
async fn what_is_so_already_changes_nothing_and_makes_no_event() {
    let t = TestDesk::new().await;
    let id = arrive(&t).await;
    let actions = [Action::AssignNobody {}, Action::SetStatus { status: StatusTo::Open {} }, Action::SetPriority { priority: Priority::Normal }];
    let before = events(&t).await.len();
    assert!(!run(&t, id, &actions).await.unwrap().changed());
    assert_eq!(events(&t).await.len(), before);
    assert!(foresee(&t, id, &actions).await.changes.is_empty());
}

#[tokio::test]
async fn a_list_with_a_fault_does_nothing_and_says_where() {
    let t = TestDesk::new().await;
    let id = arrive(&t).await;
    let before = events(&t).await.len();
    for (bad, field) in [
        (Action::AddTags { tag_ids: vec![TagId::from_raw(99)] }, "tag_ids"),
        (Action::AssignAgent { agent_id: AgentId::from_raw(99) }, "agent_id"),
        (Action::AssignTeam { team_id: Some(Id::from_raw(99)) }, "team_id"),
        (Action::MoveInbox { inbox_id: InboxId::from_raw(99) }, "inbox_id"),
        (Action::SetStatus { status: StatusTo::Snoozed { until: Some("2020-01-01T00:00:00Z".parse().unwrap()) } }, "status"),
        (send("<p>Your [[ order number ]]</p>"), "html"),
        (send("<p>{{ secret }}</p>"), "html"),
        (Action::SendReply { html: None, saved_reply_id: Some(Id::from_raw(9)) }, "saved_reply_id"),
    ] {
        let error = run(&t, id, &[Action::SetPriority { priority: Priority::Urgent }, bad.clone()]).await.unwrap_err();
        let ActionError::At { at: 1, why: Refusal::Invalid { field: told, .. } } = error else { panic!("{bad:?}: {error:?}") };
        assert_eq!(told, field, "{bad:?}");
    }
    assert_eq!((t.conversation(id).await.priority, events(&t).await.len()), (Priority::Normal, before));
}

#[tokio::test]
async fn permissions_are_those_of_each_verb() {
    let t = TestDesk::new().await;
    let id = arrive(&t).await;
    let viewer = Scope { permissions: Role::Viewer.permissions(), ..t.scope() };
    assert!(matches!(run_as(&t, &viewer, id, &[resolve()]).await, Err(ActionError::Refused(Refusal::Forbidden(_)))));
    let elsewhere = Scope { inboxes: Inboxes::Only(vec![InboxId::from_raw(1)]), ..t.scope() };
    assert!(matches!(run_as(&t, &elsewhere, id, &[resolve()]).await, Err(ActionError::Refused(Refusal::NotFound))));
    let mut writer = t.scope();
    writer.permissions.retain(|p| *p != model::Permission::ConversationReply);
    assert!(matches!(run_as(&t, &writer, id, &[send("<p>Hi</p>")]).await, Err(ActionError::At { at: 0, why: Refusal::Forbidden(_) })));
    // Nobody in person: rules can do what needs no author.
    let system = Scope::system(t.workspace);
    run_as(&t, &system, id, &[Action::SetPriority { priority: Priority::Low }]).await.unwrap();
    assert!(matches!(run_as(&t, &system, id, &[Action::AssignMe {}]).await, Err(ActionError::At { at: 0, .. })));
}

#[tokio::test]
async fn a_preview_says_what_happens_and_does_nothing() {
    let t = TestDesk::new().await;
    let (id, refund) = (arrive(&t).await, tag(&t, "refund").await);
    let actions = [Action::AssignMe {}, Action::AddTags { tag_ids: vec![refund] }, send("<p>Hi {{ customer.first_name }}</p>"), resolve()];
    let before = events(&t).await.len();
    let seen = foresee(&t, id, &actions).await;
    assert!(seen.fault.is_none());
    assert!(matches!(&seen.changes[0], Change::Assignee { from: None, to: Some(who) } if who.name == "Mina Park"));
    assert!(matches!(&seen.changes[1], Change::Status { from: Status::Open, to: Status::Resolved { .. }, .. }));
    assert!(matches!(&seen.changes[2], Change::TagsAdded { tags } if tags[0].name == "refund"));
    let Change::SendReply { words, recipients } = &seen.changes[3] else { panic!("{:?}", seen.changes) };
    assert_eq!((words.html.as_str(), recipients.to[0].address.as_str()), ("<p>Hi Hana</p>", "hana@outside.example"));
    assert_eq!((t.conversation(id).await.assignee, t.messages(id).await.len(), events(&t).await.len()), (None, 1, before));
    let seen = foresee(&t, id, &[send("<p>[[ date ]]</p>")]).await;
    assert!(matches!(seen.fault, Some(ActionError::At { at: 0, .. })));
    assert!(matches!(&seen.changes[0], Change::SendReply { words, .. } if words.placeholders == ["date"]));
}

#[tokio::test]
async fn undo_puts_everything_back_and_makes_the_reply_a_draft() {
    let t = TestDesk::new().await;
    let (id, refund, old) = (arrive(&t).await, tag(&t, "refund").await, tag(&t, "old").await);
    run(&t, id, &[Action::AddTags { tag_ids: vec![old] }]).await.unwrap();
    let actions = [
        Action::AssignMe {},
        Action::SetPriority { priority: Priority::High },
        Action::AddTags { tag_ids: vec![refund] },
        Action::RemoveTags { tag_ids: vec![old] },
        send("<p>Hello</p>"),
        resolve(),
    ];
    let applied = run(&t, id, &actions).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    let undone = undo(&mut tx, &t.scope(), id, &applied.undo).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(undone.restored, ["reply", "assignee", "priority", "status", "tags"]);
    assert!(undone.kept.is_empty() && undone.draft.unwrap().html.contains("Hello"));
    let c = t.conversation(id).await;
    assert_eq!((c.assignee, c.priority, c.status), (None, Priority::Normal, Status::Open));
    let tags = store::tag::of_conversation(&mut t.desk.store.read().await.unwrap(), t.workspace, id).await.unwrap();
    assert_eq!((tags, t.messages(id).await.len()), (vec![old], 1));
}

#[tokio::test]
async fn undo_leaves_what_changed_since_and_what_has_left() {
    let t = TestDesk::new().await;
    let id = arrive(&t).await;
    let applied = run(&t, id, &[Action::SetPriority { priority: Priority::High }, send("<p>Hello</p>"), resolve()]).await.unwrap();
    run(&t, id, &[Action::SetPriority { priority: Priority::Urgent }]).await.unwrap();
    t.pass(60);
    let mut tx = t.desk.begin().await.unwrap();
    let undone = undo(&mut tx, &t.scope(), id, &applied.undo).await.unwrap();
    tx.commit().await.unwrap();
    let kept: Vec<_> = undone.kept.iter().map(|k| (k.what, k.why)).collect();
    assert_eq!((undone.restored, kept), (vec!["status"], vec![("reply", "too_late"), ("priority", "changed_since")]));
    assert_eq!(t.conversation(id).await.priority, Priority::Urgent);
}

#[tokio::test]
async fn an_inserted_reply_waits_in_the_draft_under_what_stands_there() {
    let t = TestDesk::new().await;
    let id = arrive(&t).await;
    let insert = |html: &str| Action::InsertReply { html: Some(html.into()), saved_reply_id: None };
    run(&t, id, &[insert("<p>One</p>")]).await.unwrap();
    run(&t, id, &[insert("<p>Two [[ date ]]</p>")]).await.unwrap();
    let draft = store::draft::get(&mut t.desk.store.read().await.unwrap(), t.workspace, t.agent, id).await.unwrap().unwrap();
    assert_eq!((draft.html.as_str(), draft.recipients.to[0].address.as_str()), ("<p>One</p><p>Two [[ date ]]</p>", "hana@outside.example"));
    assert_eq!(t.messages(id).await.len(), 1);
}

#[test]
fn templates_are_read_before_a_list_is_stored() {
    assert!(check(&list(&[note("<p>{{ customer.name }}</p>")])).is_ok());
    assert!(matches!(check(&list(&[Action::AssignMe {}, note("{% for %}")])), Err(ActionError::At { at: 1, .. })));
}
