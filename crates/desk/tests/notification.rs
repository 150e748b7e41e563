//! Who is told of what, once, and what goes out by mail to those who are away.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{FakeChannel, TestDesk, mail};
use desk::conversation::{Assignment, Note};
use desk::ports::Automatic;
use model::agent::{Agent, Preferences};
use model::notification::{NotificationKind as Kind, NotificationSettings, QuietHours, Ways};
use model::workspace::Language;
use model::{Actor, AgentId, ConversationId, Role, Scope, Status};
use store::notification::Shown;

/// Another agent.
async fn colleague(t: &TestDesk, name: &str, language: Language) -> AgentId {
    let mut tx = t.desk.begin().await.unwrap();
    let agent = Agent {
        id: tx.new_id(),
        name: name.into(),
        email: format!("{}@haru.example", name.to_lowercase()).parse().unwrap(),
        role: Role::Agent,
        language,
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

async fn note(t: &TestDesk, id: ConversationId, html: &str) -> Result<model::MessageId, desk::Refusal> {
    let note = Note::new(Some(html), None, vec![])?;
    let mut tx = t.desk.begin().await.unwrap();
    let message = desk::conversation::note(&mut tx, &t.scope(), id, note).await?;
    tx.commit().await.unwrap();
    Ok(message)
}

async fn assign(t: &TestDesk, id: ConversationId, to: AgentId) {
    let mut tx = t.desk.begin().await.unwrap();
    let to = Assignment { assignee: Some(Some(to)), team: None };
    desk::conversation::assign(&mut tx, &t.scope(), id, to).await.unwrap();
    tx.commit().await.unwrap();
}

async fn wish(t: &TestDesk, agent: AgentId, change: impl FnOnce(&mut NotificationSettings)) {
    let mut settings = NotificationSettings::default();
    change(&mut settings);
    let mut tx = t.desk.begin().await.unwrap();
    store::notification::put_settings(&mut tx, t.workspace, agent, &settings).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn who_is_given_a_conversation_is_told_and_then_hears_what_is_written_there() {
    let t = TestDesk::new().await;
    let jun = colleague(&t, "Jun", Language::En).await;
    listen(&t).await;
    let first = mail("hana@outside.example", "Jar", "One");
    let id = t.receive(&first).await.conversation;
    assign(&t, id, jun).await;
    let mut second = mail("hana@outside.example", "Re: Jar", "Two");
    second.references = vec![first.message_id.unwrap()];
    t.receive(&second).await;
    t.reply(id, "Hello").await;
    assert_eq!(kinds(&t, jun).await, [Kind::Colleague, Kind::CustomerMessage, Kind::Assigned]);
    let newest = told(&t, jun).await.remove(0);
    assert_eq!((newest.actor_name.as_deref(), newest.subject.as_str(), newest.number), (Some("Mina Park"), "Jar", 1));
    assert!(kinds(&t, t.agent).await.is_empty(), "nobody is told of what they did themselves");
}

#[tokio::test]
async fn a_mention_is_told_follows_and_comes_once_however_often_the_log_is_read() {
    let t = TestDesk::new().await;
    let jun = colleague(&t, "Jun", Language::En).await;
    listen(&t).await;
    let id = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let words = format!("<p><span data-mention=\"{jun}\">@Jun</span> and again <span data-mention=\"{jun}\">@Jun</span></p>");
    note(&t, id, &words).await.unwrap();
    assert_eq!(kinds(&t, jun).await, [Kind::Mention]);
    assert_eq!(store::follower::list(&mut t.desk.store.read().await.unwrap(), t.workspace, id).await.unwrap(), [jun]);
    let events = store::event::of_conversation(&mut t.desk.store.read().await.unwrap(), t.workspace, id, None, 50).await.unwrap();
    for event in events.iter().filter(|e| e.kind.name() == "message.noted") {
        let mut tx = t.desk.begin().await.unwrap();
        desk::notification::notify(&mut tx, event).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(kinds(&t, jun).await, [Kind::Mention]);
    t.pass(1);
    note(&t, id, "<p>One more thing</p>").await.unwrap();
    assert_eq!(kinds(&t, jun).await, [Kind::Colleague, Kind::Mention]);
}

#[tokio::test]
async fn row_24_only_agents_who_can_read_the_note_are_mentioned() {
    let t = TestDesk::new().await;
    let id = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let away = colleague(&t, "Away", Language::En).await;
    let mut tx = t.desk.begin().await.unwrap();
    let at = Some(tx.now());
    store::agent::set_deactivated(&mut tx, t.workspace, away, at).await.unwrap();
    tx.commit().await.unwrap();
    let stranger: AgentId = model::Id::from_raw(12345);
    for named in [away.to_string(), stranger.to_string(), "team_0000000000002".to_owned(), "everyone".to_owned()] {
        let refused = note(&t, id, &format!("<p><span data-mention=\"{named}\">@x</span></p>")).await;
        assert!(matches!(refused, Err(desk::Refusal::Invalid { field: "html", .. })), "{named}");
    }
}

#[tokio::test]
async fn row_29_a_mention_never_leaves_with_a_reply() {
    let t = TestDesk::new().await;
    let id = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let mut tx = t.desk.begin().await.unwrap();
    let html = format!("<p><span data-mention=\"{}\">@Mina</span> hello</p>", t.agent);
    let reply = desk::conversation::Reply { html: Some(html), ..Default::default() };
    let message = desk::conversation::reply(&mut tx, &t.desk, &t.scope(), id, reply).await.unwrap();
    tx.commit().await.unwrap();
    let sent = t.message(message).await.message.html.unwrap();
    assert!(!sent.contains("data-mention") && !sent.contains("agt_"), "{sent}");
}

#[tokio::test]
async fn a_snooze_that_ends_is_told_and_spam_is_not() {
    let t = TestDesk::new().await;
    let jun = colleague(&t, "Jun", Language::En).await;
    listen(&t).await;
    let id = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    assign(&t, id, jun).await;
    let mut tx = t.desk.begin().await.unwrap();
    let until = tx.now() + std::time::Duration::from_secs(60);
    desk::conversation::change_status(&mut tx, &t.scope(), id, Status::Snoozed { until }).await.unwrap();
    tx.commit().await.unwrap();
    t.pass(61);
    let mut tx = t.desk.begin().await.unwrap();
    assert!(desk::conversation::wake(&mut tx, t.workspace, id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(kinds(&t, jun).await, [Kind::SnoozeEnded, Kind::Assigned]);
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::shelve(&mut tx, &t.scope(), id, model::ShelfKind::Spam, false).await.unwrap();
    tx.commit().await.unwrap();
    let mut more = mail("hana@outside.example", "Re: Jar", "Buy now");
    more.markers = vec![t.desk.keys.signing.marker(t.workspace, id)];
    t.receive(&more).await;
    assert_eq!(kinds(&t, jun).await.len(), 2);
}

#[tokio::test]
async fn a_new_conversation_without_an_owner_is_told_to_those_who_wish_it() {
    let t = TestDesk::new().await;
    let (jun, kim) = (colleague(&t, "Jun", Language::En).await, colleague(&t, "Kim", Language::En).await);
    listen(&t).await;
    wish(&t, jun, |s| s.new_unassigned = Ways { in_app: true, mail: false, desktop: true }).await;
    t.receive(&mail("hana@outside.example", "Jar", "One")).await;
    assert_eq!((kinds(&t, jun).await, kinds(&t, kim).await), (vec![Kind::NewUnassigned], vec![]));
}

#[tokio::test]
async fn one_mail_gathers_what_stays_unread_for_ten_minutes() {
    let t = TestDesk::new().await;
    let jun = colleague(&t, "Jun", Language::Ko).await;
    listen(&t).await;
    let channel = FakeChannel::default();
    for subject in ["Jar <b>", "Kettle"] {
        let id = t.receive(&mail("hana@outside.example", subject, "One canary")).await.conversation;
        assign(&t, id, jun).await;
        listen(&t).await;
    }
    t.pass(9 * 60);
    t.work(&channel).await;
    assert!(channel.sent.lock().unwrap().is_empty());
    t.pass(61);
    t.work(&channel).await;
    t.work(&channel).await;
    let sent = channel.sent.lock().unwrap().clone();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].to[0].address.as_str(), sent[0].automatic), ("jun@haru.example", Automatic::Generated));
    assert!(
        sent[0].subject.contains('2') && sent[0].text.contains("Kettle") && sent[0].text.contains("https://help.haru.example/conversations/cnv_")
    );
    assert!(sent[0].html.contains("Jar &lt;b&gt;") && !sent[0].html.contains("<b>") && !sent[0].text.contains("canary"));
    // What was told once is not told again.
    t.pass(3_600);
    t.work(&channel).await;
    assert_eq!(channel.sent.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_read_in_time_or_out_of_sight_is_not_mailed_and_quiet_hours_wait() {
    let t = TestDesk::new().await;
    let jun = colleague(&t, "Jun", Language::En).await;
    listen(&t).await;
    let channel = FakeChannel::default();
    let id = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    assign(&t, id, jun).await;
    listen(&t).await;
    let reader = Scope { actor: Actor::Agent(jun), ..t.scope() };
    let mut tx = t.desk.begin().await.unwrap();
    desk::notification::mark_read(&mut tx, &reader, desk::notification::Read::Conversation(id)).await.unwrap();
    tx.commit().await.unwrap();
    t.pass(700);
    t.work(&channel).await;
    t.work(&channel).await;
    assert!(channel.sent.lock().unwrap().is_empty());
    // It is 19:11 in Seoul; quiet from 19:00 to 20:00.
    let quiet = QuietHours { enabled: true, from: "19:00".parse().unwrap(), until: "20:00".parse().unwrap() };
    wish(&t, jun, |s| s.quiet_hours = quiet).await;
    let again = t.receive(&mail("hana@outside.example", "Kettle", "Two")).await.conversation;
    assign(&t, again, jun).await;
    listen(&t).await;
    t.pass(1_200);
    t.work(&channel).await;
    t.work(&channel).await;
    assert!(channel.sent.lock().unwrap().is_empty());
    t.pass(3_600);
    t.work(&channel).await;
    t.work(&channel).await;
    assert_eq!(channel.sent.lock().unwrap().len(), 1);
}
