//! Who gets which conversation, and what becomes of it as time passes.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{TestDesk, mail};
use desk::availability::Form;
use model::agent::{Agent, Preferences};
use model::availability::{Capacity, Settings, State};
use model::filter::Filter;
use model::queue::{Queue, Rule};
use model::workspace::Language;
use model::{Actor, AgentId, ConversationId, EventKind, Inboxes, Job, QueueId, Role, Scope};
use serde_json::json;

async fn colleague(t: &TestDesk, name: &str) -> AgentId {
    let mut tx = t.desk.begin().await.unwrap();
    let agent = Agent {
        id: tx.new_id(),
        name: name.into(),
        email: format!("{}@haru.example", name.to_lowercase()).parse().unwrap(),
        role: Role::Agent,
        language: Language::En,
        time_zone: None,
        signature_html: String::new(),
        deactivated_at: None,
        created_at: tx.now(),
        last_seen_at: None,
        preferences: Preferences::default(),
    };
    store::agent::insert(&mut tx, t.workspace, &agent, None).await.unwrap();
    tx.commit().await.unwrap();
    agent.id
}

fn admin(t: &TestDesk) -> Scope {
    Scope { workspace: t.workspace, actor: Actor::System, inboxes: Inboxes::All, permissions: Role::Admin.permissions() }
}

fn own(t: &TestDesk, agent: AgentId) -> Scope {
    Scope { actor: Actor::Agent(agent), ..t.scope() }
}

fn plain() -> Rule {
    Rule { silence_seconds: None, ..Rule::default() }
}

async fn queue_of(t: &TestDesk, name: &str, filter: serde_json::Value, rule: Rule) -> QueueId {
    let mut tx = t.desk.begin().await.unwrap();
    let filter = Filter::from_json(&filter, &[]).unwrap();
    let form = desk::queue::Form { name: name.into(), filter, teams: vec![], agents: vec![], rule };
    let Queue { id, .. } = desk::queue::create(&mut tx, &admin(t), form).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn queue(t: &TestDesk, rule: Rule) -> QueueId {
    queue_of(t, "Mail", json!({"all": []}), rule).await
}

async fn says(t: &TestDesk, agent: AgentId, form: Form) {
    let mut tx = t.desk.begin().await.unwrap();
    desk::availability::set(&mut tx, &own(t, agent), agent, form).await.unwrap();
    tx.commit().await.unwrap();
}

async fn online(t: &TestDesk, agent: AgentId) {
    says(t, agent, Form { state: Some(State::Online), ..Form::default() }).await;
}

async fn sign(t: &TestDesk, agent: AgentId, touched: bool) {
    let mut tx = t.desk.begin().await.unwrap();
    desk::availability::alive(&mut tx, &own(t, agent), touched).await.unwrap();
    tx.commit().await.unwrap();
}

async fn room(t: &TestDesk, agent: AgentId, mail: u16) {
    let mut tx = t.desk.begin().await.unwrap();
    let capacity = Capacity { total: mail, chat: mail, mail };
    desk::skill::set_work(&mut tx, &admin(t), agent, capacity, &[]).await.unwrap();
    tx.commit().await.unwrap();
}

/// Lets the listener come to the end of the log.
async fn route(t: &TestDesk) {
    let (mut place, mut more) = (None, true);
    while more {
        let (now, again) = desk::routing::listen(&t.desk, place).await.unwrap();
        (place, more) = (Some(now), again);
    }
}

/// Time passes, and the jobs that are due then run.
async fn later(t: &TestDesk, seconds: i64) {
    t.pass(seconds);
    let now = t.desk.clock.now();
    for job in t.desk.store.claim_jobs(now, now + std::time::Duration::from_secs(60), 100).await.unwrap() {
        let mut tx = t.desk.begin().await.unwrap();
        if job.job == Some((Job::Route {}).clone()) {
            desk::routing::run(&mut tx, job.workspace).await.unwrap();
        }
        store::job::done(&mut tx, &job).await.unwrap();
        tx.commit().await.unwrap();
    }
    route(t).await;
}

async fn assignee(t: &TestDesk, id: ConversationId) -> Option<AgentId> {
    t.conversation(id).await.assignee
}

async fn comes(t: &TestDesk, from: &str, words: &str) -> ConversationId {
    let id = t.receive(&mail(from, words, words)).await.conversation;
    route(t).await;
    id
}

/// Codes of why it was routed, oldest first.
async fn why(t: &TestDesk, id: ConversationId) -> Vec<String> {
    let mut conn = t.desk.store.read().await.unwrap();
    let mut events = store::event::of_conversation(&mut conn, t.workspace, id, None, 100).await.unwrap();
    events.reverse();
    events.into_iter().filter_map(|e| if let EventKind::ConversationRouted { why, .. } = e.kind { Some(why.code) } else { None }).collect()
}

async fn offers(t: &TestDesk, agent: AgentId) -> Vec<ConversationId> {
    let now = t.desk.clock.now();
    let mut conn = t.desk.store.read().await.unwrap();
    let offers = desk::routing::offers(&mut conn, &own(t, agent), now).await.unwrap();
    offers.into_iter().map(|o| o.conversation.conversation.id).collect()
}

#[tokio::test]
async fn what_comes_goes_to_who_has_most_room_and_says_why() {
    let t = TestDesk::new().await;
    route(&t).await;
    let jun = colleague(&t, "Jun").await;
    queue(&t, plain()).await;
    online(&t, t.agent).await;
    online(&t, jun).await;
    room(&t, t.agent, 1).await;
    room(&t, jun, 2).await;
    let mut got = Vec::new();
    for n in 0..4 {
        let id = comes(&t, &format!("c{n}@outside.example"), "Hello").await;
        got.push(assignee(&t, id).await);
        if n == 0 {
            assert_eq!(why(&t, id).await, ["spare_capacity"]);
        }
    }
    assert_eq!((got[0], got.iter().flatten().count(), got[3]), (Some(jun), 3, None), "nobody has more than there is room for");
}

#[tokio::test]
async fn whoever_answers_has_room_for_the_next() {
    let t = TestDesk::new().await;
    route(&t).await;
    queue(&t, plain()).await;
    online(&t, t.agent).await;
    room(&t, t.agent, 1).await;
    let first = comes(&t, "a@outside.example", "One").await;
    let second = comes(&t, "b@outside.example", "Two").await;
    assert_eq!((assignee(&t, first).await, assignee(&t, second).await), (Some(t.agent), None));
    t.reply(first, "Here you are").await;
    route(&t).await;
    assert_eq!(assignee(&t, second).await, Some(t.agent));
}

#[tokio::test]
async fn the_same_agent_as_before_comes_first() {
    let t = TestDesk::new().await;
    route(&t).await;
    let jun = colleague(&t, "Jun").await;
    queue(&t, plain()).await;
    online(&t, t.agent).await;
    online(&t, jun).await;
    room(&t, jun, 2).await;
    let first = comes(&t, "a@outside.example", "One").await;
    let helper = assignee(&t, first).await.unwrap();
    let again = t.receive(&mail("a@outside.example", "Another matter", "Something else")).await.conversation;
    assert_ne!(again, first);
    route(&t).await;
    assert_eq!((assignee(&t, again).await, why(&t, again).await), (Some(helper), vec!["same_agent".to_owned()]));
}

#[tokio::test]
async fn an_offer_that_is_not_taken_goes_to_the_next_and_is_told_to_one_at_a_time() {
    let t = TestDesk::new().await;
    route(&t).await;
    let jun = colleague(&t, "Jun").await;
    queue(&t, Rule { offers: true, accept_seconds: 30, ..plain() }).await;
    online(&t, t.agent).await;
    online(&t, jun).await;
    let id = comes(&t, "a@outside.example", "One").await;
    let (first, second) = if offers(&t, t.agent).await.is_empty() { (jun, t.agent) } else { (t.agent, jun) };
    assert_eq!((offers(&t, first).await, offers(&t, second).await, assignee(&t, id).await), (vec![id], vec![], None));
    later(&t, 31).await;
    assert_eq!((offers(&t, first).await, offers(&t, second).await), (vec![], vec![id]));
    later(&t, 31).await;
    assert_eq!((offers(&t, first).await, offers(&t, second).await), (vec![], vec![]), "both let it pass");
    let entry = store::routing::open(&mut t.desk.store.read().await.unwrap(), t.workspace, &[id]).await.unwrap().remove(0);
    assert_eq!(entry.held.as_deref(), Some("declined"));
    let mut tx = t.desk.begin().await.unwrap();
    assert_eq!(desk::routing::next(&mut tx, &own(&t, second)).await.unwrap(), Some(id), "who wants it may have it all the same");
    tx.commit().await.unwrap();
    assert_eq!(why(&t, id).await, ["pulled"]);
}

#[tokio::test]
async fn an_offer_of_somebody_who_goes_away_goes_to_the_next_at_once() {
    let t = TestDesk::new().await;
    route(&t).await;
    let jun = colleague(&t, "Jun").await;
    queue(&t, Rule { offers: true, ..plain() }).await;
    online(&t, t.agent).await;
    let id = comes(&t, "a@outside.example", "One").await;
    assert_eq!(offers(&t, t.agent).await, [id]);
    online(&t, jun).await;
    says(&t, t.agent, Form { state: Some(State::Away), ..Form::default() }).await;
    route(&t).await;
    assert_eq!((offers(&t, t.agent).await, offers(&t, jun).await), (vec![], vec![id]));
}

#[tokio::test]
async fn a_stream_break_is_not_off_line_and_silence_is() {
    let t = TestDesk::new().await;
    route(&t).await;
    queue(&t, plain()).await;
    online(&t, t.agent).await;
    let state = async || {
        let settings = Settings::default();
        let now = t.desk.clock.now();
        let is = store::availability::find(&mut t.desk.store.read().await.unwrap(), t.workspace, t.agent).await.unwrap().unwrap();
        (is.effective(&settings, now).0, is.told)
    };
    later(&t, 100).await;
    assert_eq!(state().await, (State::Online, State::Online));
    sign(&t, t.agent, false).await;
    later(&t, 100).await;
    assert_eq!(state().await, (State::Online, State::Online));
    later(&t, 30).await;
    assert_eq!(state().await, (State::Offline, State::Offline), "and it was noted by itself");
    sign(&t, t.agent, true).await;
    assert_eq!(state().await, (State::Online, State::Online), "a sign brings them back");
    for _ in 0..16 {
        later(&t, 60).await;
        sign(&t, t.agent, false).await;
    }
    assert_eq!(state().await.0, State::Away, "nobody touched the app for a quarter of an hour");
    let lines = store::availability::history(&mut t.desk.store.read().await.unwrap(), t.workspace, t.agent, 10).await.unwrap();
    let told: Vec<_> = lines.iter().rev().map(|l| (l.state, l.because.as_deref())).collect();
    assert_eq!(told[..3], [(State::Online, None), (State::Offline, Some("gone")), (State::Online, None)]);
}

#[tokio::test]
async fn the_end_of_a_shift_hands_over_what_customers_wait_for() {
    let t = TestDesk::new().await;
    route(&t).await;
    let jun = colleague(&t, "Jun").await;
    queue(&t, plain()).await;
    let end = t.desk.clock.now() + jiff::SignedDuration::from_secs(60);
    says(&t, t.agent, Form { state: Some(State::Online), shift_ends_at: Some(Some(end)), ..Form::default() }).await;
    let (waits, done) = (comes(&t, "a@outside.example", "One").await, comes(&t, "b@outside.example", "Two").await);
    t.reply(done, "Here").await;
    route(&t).await;
    online(&t, jun).await;
    later(&t, 61).await;
    assert_eq!((assignee(&t, waits).await, assignee(&t, done).await), (Some(jun), Some(t.agent)));
    assert_eq!(why(&t, waits).await, ["spare_capacity", "shift_over", "spare_capacity"]);
}

#[tokio::test]
async fn what_is_not_answered_in_time_goes_to_somebody_else() {
    let t = TestDesk::new().await;
    route(&t).await;
    let jun = colleague(&t, "Jun").await;
    queue(&t, Rule { silence_seconds: Some(60), ..plain() }).await;
    online(&t, t.agent).await;
    let id = comes(&t, "a@outside.example", "One").await;
    online(&t, jun).await;
    route(&t).await;
    later(&t, 61).await;
    assert_eq!(
        (assignee(&t, id).await, why(&t, id).await),
        (Some(jun), ["spare_capacity", "agent_silent", "spare_capacity"].map(str::to_owned).to_vec())
    );
}

#[tokio::test]
async fn what_waits_too_long_goes_on_to_another_queue() {
    let t = TestDesk::new().await;
    route(&t).await;
    let jun = colleague(&t, "Jun").await;
    let second = queue_of(&t, "Second line", json!({"any": []}), plain()).await;
    let mut tx = t.desk.begin().await.unwrap();
    let rule = Rule { overflow: Some(second), overflow_seconds: 120, ..plain() };
    let form = desk::queue::Form { name: "First".into(), filter: Filter::everything(), teams: vec![], agents: vec![t.agent], rule };
    desk::queue::create(&mut tx, &admin(&t), form).await.unwrap();
    tx.commit().await.unwrap();
    online(&t, jun).await;
    let id = comes(&t, "a@outside.example", "One").await;
    assert_eq!(assignee(&t, id).await, None);
    later(&t, 60).await;
    sign(&t, jun, true).await;
    later(&t, 61).await;
    assert_eq!((assignee(&t, id).await, why(&t, id).await), (Some(jun), vec!["overflow".to_owned(), "spare_capacity".to_owned()]));
}

#[tokio::test]
async fn what_is_given_by_hand_or_done_leaves_the_queue() {
    let t = TestDesk::new().await;
    route(&t).await;
    queue(&t, plain()).await;
    let (by_hand, done) = (comes(&t, "a@outside.example", "One").await, comes(&t, "b@outside.example", "Two").await);
    let waiting = async || store::routing::line(&mut t.desk.store.read().await.unwrap(), t.workspace).await.unwrap().first().map_or(0, |l| l.waiting);
    assert_eq!(waiting().await, 2);
    let mut tx = t.desk.begin().await.unwrap();
    let to = desk::conversation::Assignment { assignee: Some(Some(t.agent)), team: None };
    desk::conversation::assign(&mut tx, &t.scope(), by_hand, to).await.unwrap();
    let resolved = model::Status::Resolved { at: tx.now() };
    desk::conversation::change_status(&mut tx, &t.scope(), done, resolved).await.unwrap();
    tx.commit().await.unwrap();
    route(&t).await;
    assert_eq!(waiting().await, 0);
    online(&t, t.agent).await;
    route(&t).await;
    assert_eq!(assignee(&t, done).await, None);
    let today = store::routing::today(&mut t.desk.store.read().await.unwrap(), t.workspace, model::Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!((today[0].1.offered, today[0].1.abandoned), (2, 1));
}

#[tokio::test]
async fn the_first_queue_takes_in_what_waits_already_and_without_the_last_one_nothing_happens() {
    let t = TestDesk::new().await;
    route(&t).await;
    let id = comes(&t, "a@outside.example", "One").await;
    online(&t, t.agent).await;
    route(&t).await;
    assert_eq!(assignee(&t, id).await, None);
    let made = queue(&t, plain()).await;
    route(&t).await;
    assert_eq!(assignee(&t, id).await, Some(t.agent));
    let mut tx = t.desk.begin().await.unwrap();
    desk::queue::delete(&mut tx, &admin(&t), made).await.unwrap();
    tx.commit().await.unwrap();
    let second = comes(&t, "b@outside.example", "Two").await;
    assert_eq!(assignee(&t, second).await, None);
}

#[tokio::test]
async fn an_agent_who_is_offered_something_is_notified_until_it_is_over() {
    let t = TestDesk::new().await;
    route(&t).await;
    desk::notification::listen(&t.desk, None).await.unwrap();
    queue(&t, Rule { offers: true, ..plain() }).await;
    online(&t, t.agent).await;
    let id = comes(&t, "a@outside.example", "One").await;
    desk::notification::listen(&t.desk, None).await.unwrap();
    let unread = async || {
        let mut conn = t.desk.store.read().await.unwrap();
        let page = store::notification::page(&mut conn, &Scope::system(t.workspace), t.agent, true, None, 10).await.unwrap();
        page.items.iter().map(|n| n.notification.kind.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(unread().await, ["offered"]);
    let mut tx = t.desk.begin().await.unwrap();
    desk::routing::accept(&mut tx, &own(&t, t.agent), id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(unread().await, Vec::<&str>::new());
}

#[tokio::test]
async fn the_team_is_told_by_who_is_on_line_and_the_hours() {
    let t = TestDesk::new().await;
    let team = async || {
        let mut conn = t.desk.store.read().await.unwrap();
        desk::availability::team(&mut conn, t.workspace, t.inbox.id, t.desk.clock.now()).await.unwrap()
    };
    let without = team().await;
    assert!(without.open && without.people.is_empty());
    let hours = model::queue::OpenHours { day: 1, from: "09:00".parse().unwrap(), until: "18:00".parse().unwrap() };
    let id = queue(&t, plain()).await;
    online(&t, t.agent).await;
    let here = team().await;
    assert_eq!((here.open, here.people, here.expected.map(|e| e.as_secs())), (true, vec![(t.agent, "Mina Park".to_owned())], Some(60)));
    let mut tx = t.desk.begin().await.unwrap();
    let rule = Rule { hours: vec![hours], ..plain() };
    let form = desk::queue::Form { name: "Mail".into(), filter: Filter::everything(), teams: vec![], agents: vec![], rule };
    desk::queue::update(&mut tx, &admin(&t), id, form).await.unwrap();
    tx.commit().await.unwrap();
    // Sunday evening in Seoul.
    let shut = team().await;
    assert_eq!((shut.open, shut.people.len(), shut.opens_at), (false, 0, Some("2026-11-23T00:00:00Z".parse().unwrap())));
}
