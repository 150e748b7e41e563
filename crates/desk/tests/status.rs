//! Statuses of a workspace's own, due dates, reminders and handing over.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{TestDesk, mail, proven};
use desk::Refusal;
use desk::action::{ActionError, Change, Insert, apply, preview, undo};
use desk::conversation::{Assignment, Changes, Note, Reply, change_status, hand_over, reply};
use desk::custom_status::{Form, Patch};
use model::action::{Action, Actions, DueTo, StatusTo};
use model::agent::{Agent, Preferences};
use model::conversation::StatusKind;
use model::custom_status::{CustomStatus, Wanted};
use model::notification::NotificationKind as Kind;
use model::tag::Color;
use model::workspace::Language;
use model::{Actor, AgentId, ConversationId, EventKind, Role, Scope, Status, Timestamp};
use store::notification::Shown;

fn admin(t: &TestDesk) -> Scope {
    Scope { permissions: Role::Admin.permissions(), ..t.scope() }
}

fn form(name: &str, category: StatusKind, is_default: bool) -> Form {
    Form { name: name.into(), category, color: Color::Blue, is_default }
}

async fn make(t: &TestDesk, name: &str, category: StatusKind, is_default: bool) -> CustomStatus {
    let mut tx = t.desk.begin().await.unwrap();
    let made = desk::custom_status::create(&mut tx, &admin(t), form(name, category, is_default)).await.unwrap();
    tx.commit().await.unwrap();
    made
}

async fn change(t: &TestDesk, status: &CustomStatus, patch: Patch) -> Result<CustomStatus, Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    let changed = desk::custom_status::update(&mut tx, &admin(t), status.id, patch).await?;
    tx.commit().await.unwrap();
    Ok(changed)
}

async fn arrive(t: &TestDesk) -> ConversationId {
    t.receive(&mail("Hana Seo <hana@outside.example>", "Jar", "Where is my jar?")).await.conversation
}

async fn answer(t: &TestDesk, id: ConversationId, words: &str) {
    let mut more = proven(mail("Hana Seo <hana@outside.example>", "Re: Jar", words));
    more.markers = vec![t.desk.keys.signing.marker(t.workspace, id)];
    assert_eq!(t.receive(&more).await.conversation, id);
}

async fn set(t: &TestDesk, id: ConversationId, to: impl Into<Wanted>) {
    let mut tx = t.desk.begin().await.unwrap();
    change_status(&mut tx, &t.scope(), id, to).await.unwrap();
    tx.commit().await.unwrap();
}

async fn stands(t: &TestDesk, id: ConversationId) -> (StatusKind, Option<model::CustomStatusId>) {
    let c = t.conversation(id).await;
    (c.status.kind(), c.custom_status)
}

async fn due(t: &TestDesk, id: ConversationId, at: Option<Timestamp>) -> Result<(), Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::update(&mut tx, &t.scope(), id, Changes { due: Some(at), ..Changes::default() }).await?;
    tx.commit().await.unwrap();
    Ok(())
}

fn in_hours(t: &TestDesk, hours: u64) -> Timestamp {
    t.desk.clock.now() + Duration::from_secs(3_600 * hours)
}

/// Runs the jobs of this file that are due; how many there were.
async fn work(t: &TestDesk) -> usize {
    let now = t.desk.clock.now();
    let jobs = t.desk.store.claim_jobs(now, now + Duration::from_secs(60), 100).await.unwrap();
    for job in &jobs {
        let mut tx = t.desk.begin().await.unwrap();
        match job.job.clone().unwrap() {
            model::Job::ConversationDue { conversation } => drop(desk::conversation::become_due(&mut tx, job.workspace, conversation).await.unwrap()),
            model::Job::Remind { reminder } => drop(desk::reminder::remind(&mut tx, job.workspace, reminder).await.unwrap()),
            _ => {}
        }
        assert!(store::job::done(&mut tx, job).await.unwrap());
        tx.commit().await.unwrap();
    }
    jobs.iter().filter(|j| matches!(j.job, Some(model::Job::ConversationDue { .. } | model::Job::Remind { .. }))).count()
}

async fn colleague(t: &TestDesk) -> AgentId {
    let mut tx = t.desk.begin().await.unwrap();
    let jun = Agent {
        id: tx.new_id(),
        name: "Jun".into(),
        email: "jun@haru.example".parse().unwrap(),
        role: Role::Agent,
        language: Language::En,
        time_zone: None,
        signature_html: String::new(),
        deactivated_at: None,
        created_at: tx.now(),
        last_seen_at: None,
        preferences: Preferences::default(),
    };
    store::agent::insert(&mut tx, t.workspace, &jun, None).await.unwrap();
    tx.commit().await.unwrap();
    jun.id
}

async fn listen(t: &TestDesk) {
    let (mut place, mut more) = (None, true);
    while more {
        let (now, again) = desk::notification::listen(&t.desk, place).await.unwrap();
        (place, more) = (Some(now), again);
    }
}

async fn told(t: &TestDesk, agent: AgentId) -> Vec<Shown> {
    listen(t).await;
    let scope = Scope::system(t.workspace);
    store::notification::page(&mut t.desk.store.read().await.unwrap(), &scope, agent, true, None, 50).await.unwrap().items
}

async fn kinds(t: &TestDesk, agent: AgentId) -> Vec<Kind> {
    told(t, agent).await.iter().map(|n| n.notification.kind).collect()
}

async fn assign(t: &TestDesk, id: ConversationId, to: AgentId) {
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::assign(&mut tx, &t.scope(), id, Assignment { assignee: Some(Some(to)), team: None }).await.unwrap();
    tx.commit().await.unwrap();
}

async fn do_all(t: &TestDesk, id: ConversationId, actions: Vec<Action>) -> Result<model::action::Undo, ActionError> {
    let mut tx = t.desk.begin().await.unwrap();
    let applied = apply(&mut tx, &t.desk, &t.scope(), id, &Actions::try_from(actions).unwrap(), Insert::Return).await?;
    tx.commit().await.unwrap();
    Ok(applied.undo)
}

#[tokio::test]
async fn admins_make_statuses_and_what_does_not_fit_is_named() {
    let t = TestDesk::new().await;
    let mut tx = t.desk.begin().await.unwrap();
    let made = desk::custom_status::create(&mut tx, &t.scope(), form("X", StatusKind::Open, false)).await;
    assert!(matches!(made, Err(Refusal::Forbidden(_))));
    for (bad, field) in [(form(" ", StatusKind::Open, false), "name"), (form("X", StatusKind::Snoozed, false), "category")] {
        let made = desk::custom_status::create(&mut tx, &admin(&t), bad).await;
        assert!(matches!(made, Err(Refusal::Invalid { field: f, .. }) if f == field), "{field}");
    }
    drop(tx);
    let parts = make(&t, "Waiting for parts", StatusKind::Pending, true).await;
    let away = change(&t, &parts, Patch { archived: Some(true), ..Patch::default() }).await.unwrap();
    assert!(away.archived_at.is_some() && !away.is_default, "what is put away is nobody's default");
    let again = change(&t, &parts, Patch { is_default: Some(true), ..Patch::default() }).await;
    assert!(matches!(again, Err(Refusal::Conflict { code: "archived", .. })));
    let back = change(&t, &parts, Patch { archived: Some(false), name: Some("Parts".into()), ..Patch::default() }).await.unwrap();
    assert_eq!((back.name.as_str(), back.archived_at), ("Parts", None));
}

#[tokio::test]
async fn a_status_of_ones_own_is_set_kept_and_left_for_the_default_when_something_else_happens() {
    let t = TestDesk::new().await;
    let new = make(&t, "New", StatusKind::Open, true).await.id;
    let parts = make(&t, "Waiting for parts", StatusKind::Pending, false).await;
    let refunded = make(&t, "Refunded", StatusKind::Resolved, false).await.id;
    let id = arrive(&t).await;
    assert_eq!(stands(&t, id).await, (StatusKind::Open, Some(new)));
    set(&t, id, Wanted::Custom(parts.id)).await;
    assert_eq!(stands(&t, id).await, (StatusKind::Pending, Some(parts.id)));
    answer(&t, id, "Any news?").await;
    assert_eq!(stands(&t, id).await, (StatusKind::Open, Some(new)));
    set(&t, id, Wanted::Custom(refunded)).await;
    assert_eq!(stands(&t, id).await, (StatusKind::Resolved, Some(refunded)));
    answer(&t, id, "Thanks, but no").await;
    assert_eq!(stands(&t, id).await, (StatusKind::Open, Some(new)));
    let until = in_hours(&t, 1);
    set(&t, id, Status::Snoozed { until }).await;
    assert_eq!(stands(&t, id).await, (StatusKind::Snoozed, None));
    t.pass(3_601);
    let mut tx = t.desk.begin().await.unwrap();
    assert!(desk::conversation::wake(&mut tx, t.workspace, id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(stands(&t, id).await, (StatusKind::Open, Some(new)));
    let events = store::event::of_conversation(&mut t.desk.store.read().await.unwrap(), t.workspace, id, None, 50).await.unwrap();
    let told: Vec<_> = events
        .iter()
        .rev()
        .filter_map(|e| match &e.kind {
            EventKind::ConversationStatusChanged { from_custom, to_custom, .. } => Some((*from_custom, *to_custom)),
            _ => None,
        })
        .collect();
    let (new, parts, refunded) = (Some(new), Some(parts.id), Some(refunded));
    assert_eq!(told, [(new, parts), (parts, new), (new, refunded), (refunded, new), (new, None), (None, new)]);
}

#[tokio::test]
async fn naming_a_category_means_its_default_and_an_archived_status_stays_but_is_not_given_again() {
    let t = TestDesk::new().await;
    let parts = make(&t, "Waiting for parts", StatusKind::Pending, false).await;
    let (one, two) = (arrive(&t).await, t.receive(&mail("kim@outside.example", "Kettle", "Hello")).await.conversation);
    set(&t, one, Wanted::Custom(parts.id)).await;
    set(&t, one, Status::Pending).await;
    assert_eq!(stands(&t, one).await, (StatusKind::Pending, None));
    set(&t, one, Wanted::Custom(parts.id)).await;
    change(&t, &parts, Patch { archived: Some(true), ..Patch::default() }).await.unwrap();
    assert_eq!(stands(&t, one).await, (StatusKind::Pending, Some(parts.id)));
    let mut tx = t.desk.begin().await.unwrap();
    let refused = change_status(&mut tx, &t.scope(), two, Wanted::Custom(parts.id)).await.unwrap_err();
    assert!(refused.to_string().contains("custom_status_id"), "{refused}");
}

#[tokio::test]
async fn a_reply_a_macro_and_its_undo_use_the_same_way() {
    let t = TestDesk::new().await;
    let parts = make(&t, "Waiting for parts", StatusKind::Pending, false).await.id;
    let work = make(&t, "In progress", StatusKind::Open, false).await.id;
    let id = arrive(&t).await;
    let mut tx = t.desk.begin().await.unwrap();
    let words = Reply { text: Some("We wait for the lid.".into()), then: Some(Wanted::Custom(parts)), ..Reply::default() };
    reply(&mut tx, &t.desk, &t.scope(), id, words).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stands(&t, id).await, (StatusKind::Pending, Some(parts)));
    let to_work = || vec![Action::SetStatus { status: StatusTo::Custom { custom_status_id: work } }];
    let tx = t.desk.begin().await.unwrap();
    let shown = preview(tx, &t.desk, &t.scope(), id, &Actions::try_from(to_work()).unwrap()).await.unwrap();
    let Some(Change::Status { to_custom: Some(to), from_custom: Some(from), .. }) = shown.changes.first() else { panic!("{shown:?}") };
    assert_eq!((from.name.as_str(), to.name.as_str()), ("Waiting for parts", "In progress"));
    let done = do_all(&t, id, to_work()).await.unwrap();
    assert_eq!(stands(&t, id).await, (StatusKind::Open, Some(work)));
    let mut tx = t.desk.begin().await.unwrap();
    assert_eq!(undo(&mut tx, &t.scope(), id, &done).await.unwrap().restored, ["status"]);
    tx.commit().await.unwrap();
    assert_eq!(stands(&t, id).await, (StatusKind::Pending, Some(parts)));
    let nowhere = vec![Action::SetStatus { status: StatusTo::Custom { custom_status_id: model::Id::from_raw(7) } }];
    let refused = do_all(&t, id, nowhere).await;
    assert!(matches!(refused, Err(ActionError::At { at: 0, why: Refusal::Invalid { field: "status.custom_status_id", .. } })));
}

#[tokio::test]
async fn a_merge_and_its_undo_leave_the_status_as_it_was() {
    let t = TestDesk::new().await;
    let done = make(&t, "Refunded", StatusKind::Resolved, false).await.id;
    let one = arrive(&t).await;
    let two = t.receive(&mail("Hana Seo <hana@outside.example>", "Kettle", "Hello")).await.conversation;
    set(&t, two, Wanted::Custom(done)).await;
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::merge(&mut tx, &t.scope(), one, two, false).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stands(&t, two).await, (StatusKind::Open, None), "somebody who waits opens it");
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::unmerge(&mut tx, &t.scope(), one).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stands(&t, two).await, (StatusKind::Resolved, Some(done)));
}

#[tokio::test]
async fn its_assignee_is_told_once_when_a_conversation_becomes_due() {
    let t = TestDesk::new().await;
    let jun = colleague(&t).await;
    listen(&t).await;
    let id = arrive(&t).await;
    assign(&t, id, jun).await;
    due(&t, id, Some(in_hours(&t, 1))).await.unwrap();
    due(&t, id, Some(in_hours(&t, 3))).await.unwrap();
    t.pass(2 * 3_600);
    assert_eq!(work(&t).await, 0, "the job of the first time is gone");
    assert_eq!(kinds(&t, jun).await, [Kind::Assigned]);
    t.pass(2 * 3_600);
    assert_eq!(work(&t).await, 1);
    assert_eq!(kinds(&t, jun).await, [Kind::Due, Kind::Assigned]);
    assert_eq!((work(&t).await, kinds(&t, jun).await.len(), kinds(&t, t.agent).await.len()), (0, 2, 0));
    let far = in_hours(&t, 24 * 366 * 6);
    assert!(matches!(due(&t, id, Some(far)).await, Err(Refusal::Invalid { field: "due_at", .. })));
}

#[tokio::test]
async fn followers_are_told_what_is_due_and_the_team_of_what_nobody_has() {
    let t = TestDesk::new().await;
    let jun = colleague(&t).await;
    listen(&t).await;
    let mut tx = t.desk.begin().await.unwrap();
    let team = tx.new_id();
    store::team::insert(&mut tx, t.workspace, team, "Kitchen").await.unwrap();
    store::team::join(&mut tx, t.workspace, team, jun).await.unwrap();
    tx.commit().await.unwrap();
    let (ours, mine) = (arrive(&t).await, arrive(&t).await);
    let mut tx = t.desk.begin().await.unwrap();
    for (id, assignee) in [(ours, None), (mine, Some(t.agent))] {
        let to = Assignment { assignee: Some(assignee), team: Some(Some(team)) };
        desk::conversation::assign(&mut tx, &t.scope(), id, to).await.unwrap();
    }
    desk::conversation::follow(&mut tx, &t.scope(), ours, true).await.unwrap();
    tx.commit().await.unwrap();
    due(&t, ours, Some(in_hours(&t, 1))).await.unwrap();
    due(&t, mine, Some(in_hours(&t, 1))).await.unwrap();
    t.pass(3_700);
    work(&t).await;
    let of = async |agent| -> Vec<ConversationId> {
        let mut of: Vec<_> = told(&t, agent).await.iter().filter(|n| n.notification.kind == Kind::Due).map(|n| n.notification.conversation).collect();
        of.sort_unstable();
        of
    };
    assert_eq!(of(jun).await, [ours], "the team of what nobody has, and not of what somebody has");
    assert_eq!(of(t.agent).await, [ours, mine], "a follower and an assignee");
    // Who wants to hear nothing of it hears nothing.
    let mut tx = t.desk.begin().await.unwrap();
    let silent = model::notification::NotificationSettings {
        due: model::notification::Ways { in_app: false, mail: false, desktop: false },
        ..Default::default()
    };
    assert!(silent.due.none());
    store::notification::put_settings(&mut tx, t.workspace, jun, &silent).await.unwrap();
    tx.commit().await.unwrap();
    due(&t, ours, Some(in_hours(&t, 1))).await.unwrap();
    t.pass(3_700);
    work(&t).await;
    assert_eq!((of(jun).await.len(), of(t.agent).await.len()), (1, 3));
}

#[tokio::test]
async fn nobody_is_told_of_what_is_done_put_away_or_no_longer_due() {
    let t = TestDesk::new().await;
    let jun = colleague(&t).await;
    listen(&t).await;
    let mut all = Vec::new();
    for subject in ["Resolved", "Trash", "Never"] {
        let id = t.receive(&mail("hana@outside.example", subject, "One")).await.conversation;
        assign(&t, id, jun).await;
        due(&t, id, Some(in_hours(&t, 1))).await.unwrap();
        all.push(id);
    }
    let at = t.desk.clock.now();
    set(&t, all[0], Status::Resolved { at }).await;
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::shelve(&mut tx, &t.scope(), all[1], model::ShelfKind::Trash, false).await.unwrap();
    tx.commit().await.unwrap();
    due(&t, all[2], None).await.unwrap();
    t.pass(3_700);
    assert_eq!(work(&t).await, 2);
    assert!(!kinds(&t, jun).await.contains(&Kind::Due));
}

#[tokio::test]
async fn a_macro_sets_a_due_date_from_when_it_is_used_and_takes_it_back() {
    let t = TestDesk::new().await;
    let id = arrive(&t).await;
    let expected = in_hours(&t, 2);
    let done = do_all(&t, id, vec![Action::SetDue { due: DueTo::After { minutes: 120 } }]).await.unwrap();
    assert_eq!(t.conversation(id).await.due_at, Some(expected));
    let tx = t.desk.begin().await.unwrap();
    let never = Actions::try_from(vec![Action::SetDue { due: DueTo::Never {} }]).unwrap();
    let shown = preview(tx, &t.desk, &t.scope(), id, &never).await.unwrap();
    assert_eq!(shown.changes, [Change::Due { from: Some(expected), to: None }]);
    let mut tx = t.desk.begin().await.unwrap();
    assert_eq!(undo(&mut tx, &t.scope(), id, &done).await.unwrap().restored, ["due"]);
    tx.commit().await.unwrap();
    assert_eq!(t.conversation(id).await.due_at, None);
}

async fn remind(t: &TestDesk, id: ConversationId, hours: u64, words: &str, unless_answered: bool) -> Result<model::reminder::Reminder, Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    let form = desk::reminder::Form { at: in_hours(t, hours), words: words.into(), unless_answered };
    let reminder = desk::reminder::ask(&mut tx, &t.scope(), id, form).await?;
    tx.commit().await.unwrap();
    Ok(reminder)
}

#[tokio::test]
async fn a_reminder_comes_back_once_with_its_words_to_whom_it_belongs() {
    let t = TestDesk::new().await;
    let jun = colleague(&t).await;
    listen(&t).await;
    let id = arrive(&t).await;
    assign(&t, id, jun).await;
    assert_eq!(kinds(&t, jun).await, [Kind::Assigned]);
    remind(&t, id, 1, "Ask the maker again", false).await.unwrap();
    let second = remind(&t, id, 1, "", false).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    let stranger = Scope { actor: Actor::Agent(jun), ..t.scope() };
    assert!(matches!(desk::reminder::cancel(&mut tx, &stranger, second.id).await, Err(Refusal::NotFound)));
    desk::reminder::cancel(&mut tx, &t.scope(), second.id).await.unwrap();
    tx.commit().await.unwrap();
    t.pass(3_601);
    assert_eq!((work(&t).await, work(&t).await), (1, 0));
    let mine = told(&t, t.agent).await;
    assert_eq!(mine.len(), 1);
    assert_eq!((mine[0].notification.kind, mine[0].notification.words.as_deref()), (Kind::Reminder, Some("Ask the maker again")));
    assert_eq!(kinds(&t, jun).await, [Kind::Assigned], "nobody else hears of it");
    for (hours, words) in [(0, "x".to_owned()), (24 * 366 * 6, "x".to_owned()), (1, "x".repeat(501))] {
        assert!(matches!(remind(&t, id, hours, &words, false).await, Err(Refusal::Invalid { .. })));
    }
}

#[tokio::test]
async fn a_reminder_for_a_missing_answer_stays_away_when_the_customer_has_written() {
    let t = TestDesk::new().await;
    listen(&t).await;
    let (one, two) = (arrive(&t).await, t.receive(&mail("kim@outside.example", "Kettle", "Hello")).await.conversation);
    for id in [one, two] {
        remind(&t, id, 1, "No answer yet", true).await.unwrap();
    }
    answer(&t, one, "Here it is").await;
    t.pass(3_700);
    assert_eq!(work(&t).await, 2);
    let mine = told(&t, t.agent).await;
    assert_eq!(mine.iter().map(|n| n.notification.conversation).collect::<Vec<_>>(), [two]);
}

#[tokio::test]
async fn whoever_is_handed_a_conversation_is_told_the_note_with_it_and_only_once() {
    let t = TestDesk::new().await;
    let jun = colleague(&t).await;
    listen(&t).await;
    let id = arrive(&t).await;
    let to = |agent| Assignment { assignee: Some(Some(agent)), team: None };
    let words = || Note::new(None, Some("She wants the blue one."), vec![]).unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    hand_over(&mut tx, &t.scope(), id, to(jun), words()).await.unwrap();
    tx.commit().await.unwrap();
    let heard = told(&t, jun).await;
    assert_eq!(heard.iter().map(|n| n.notification.kind).collect::<Vec<_>>(), [Kind::Assigned]);
    assert_eq!(heard[0].note.as_deref(), Some("She wants the blue one."));
    let last = t.messages(id).await.pop().unwrap().message;
    assert_eq!((last.text.as_str(), Some(last.id)), ("She wants the blue one.", heard[0].notification.message));
    let nobody: AgentId = model::Id::from_raw(12345);
    let mut tx = t.desk.begin().await.unwrap();
    assert!(hand_over(&mut tx, &t.scope(), id, to(nobody), words()).await.is_err());
    drop(tx);
    assert_eq!(t.messages(id).await.len(), 2, "without an assignment there is no note");
}

#[tokio::test]
async fn what_comes_back_from_aside_makes_a_conversation_unread_that_its_customer_never_wrote_in() {
    let t = TestDesk::new().await;
    let mut tx = t.desk.begin().await.unwrap();
    let start = desk::conversation::Start {
        inbox: t.inbox.id,
        customer: desk::conversation::StartCustomer::Address(common::mailbox("Hana <hana@outside.example>")),
        subject: "Your jar".into(),
        html: None,
        text: Some("It is on its way.".into()),
        outgoing: true,
        cc: vec![],
        bcc: vec![],
        attachments: vec![],
        assignee: Some(t.agent),
    };
    let id = desk::conversation::start(&mut tx, &t.desk, &t.scope(), start).await.unwrap();
    desk::conversation::mark_read(&mut tx, &t.scope(), id, false, false).await.unwrap();
    tx.commit().await.unwrap();
    let listed = store::conversation::listed_by_id(&mut t.desk.store.read().await.unwrap(), &t.scope(), id).await.unwrap().unwrap();
    assert!(listed.unread && listed.conversation.last_customer_at.is_none());
}
