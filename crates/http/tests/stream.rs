//! The stream: what happens, as it happens, and nothing else.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use std::time::Duration;

use arrange::{Open, closed_inbox, conversation, desk, text};
use common::TestApp;
use model::Role;
use serde_json::{Value, json};

#[tokio::test]
async fn another_browser_sees_a_note_at_once_and_with_what_it_is_about() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let mut stream = Open::new(&app, &app.admin, "").await;
    assert_eq!(stream.next().await.event, "hello");
    let started = std::time::Instant::now();
    app.by(&app.agent).post(&format!("/conversations/{id}/notes"), json!({"text": "Look here"})).await.ok(201);
    let frame = stream.next().await;
    assert!(started.elapsed() < Duration::from_millis(500), "{:?}", started.elapsed());
    assert_eq!(frame.event, "message.noted");
    assert_eq!((&frame.data["message"]["text"], &frame.data["conversation"]["id"]), (&json!("Look here"), &json!(id)));
    assert_eq!((&frame.data["event"]["actor"]["name"], &frame.data["conversation"]["unread"]), (&json!("agent"), &Value::Null));
}

#[tokio::test]
async fn after_a_break_the_stream_goes_on_exactly() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let mut stream = Open::new(&app, &app.admin, "").await;
    stream.next().await;
    let path = format!("/conversations/{id}/notes");
    let note = |n: usize| app.by(&app.agent).post(&path, json!({"text": format!("{n}")}));
    note(0).await.ok(201);
    let seen = stream.next().await;
    drop(stream);
    for n in 1..60 {
        note(n).await.ok(201);
    }
    let mut stream = Open::new(&app, &app.admin, &format!("?after={}", seen.id)).await;
    for n in 60..70 {
        note(n).await.ok(201);
    }
    let texts: Vec<String> = stream.drain().await.iter().map(|f| text(&f.data["message"]["text"])).collect();
    assert_eq!(texts, (1..70).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_unknown_or_old_cursor_asks_for_a_reload() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    for bad in ["x", "0-999999999", "9-9", "0--1", "%20"] {
        let mut stream = Open::new(&app, &app.admin, &format!("?after={bad}")).await;
        let frame = stream.next().await;
        assert_eq!(frame.event, "reload", "{bad}");
        assert!(!frame.id.is_empty());
    }
    app.pass(jiff::SignedDuration::from_hours(8 * 24));
    let mut stream = Open::new(&app, &app.stranger, "?after=0-1").await;
    assert!(["reload", "signed_out"].contains(&stream.next().await.event.as_str()));
    let _ = id;
}

#[tokio::test]
async fn row_45_nobody_hears_of_what_is_out_of_sight() {
    let app = TestApp::new().await;
    let helper = app.join("helper@haru.example", Role::Agent).await;
    let closed = closed_inbox(&app, "vip@haru.example", &[&helper]).await;
    let mut theirs = Open::new(&app, &app.stranger, "").await;
    let mut outside = Open::new(&app, &app.agent, "").await;
    let mut inside = Open::new(&app, &helper, "").await;
    for stream in [&mut theirs, &mut outside, &mut inside] {
        stream.next().await;
    }
    let c = text(&conversation(&app, &helper, &closed, "x@shop.example", "Secret words").await["id"]);
    let kinds: Vec<String> = inside.drain().await.into_iter().map(|f| f.event).collect();
    assert!(kinds.contains(&"message.received".to_owned()), "{kinds:?}");
    assert_eq!(outside.drain().await, []);
    assert_eq!(theirs.drain().await, []);
    // A draft is its author's own.
    app.by(&helper).put(&format!("/conversations/{c}/draft"), json!({"kind": "note", "html": "x"})).await.ok(200);
    let mut admins = Open::new(&app, &app.admin, "?after=0-0").await;
    assert!(admins.drain().await.iter().all(|f| f.event != "draft.changed" && f.event != "security.audited"));
}

#[tokio::test]
async fn sight_that_is_lost_is_lost_at_once_and_sight_that_is_won_is_won() {
    let app = TestApp::new().await;
    let helper = app.join("helper@haru.example", Role::Agent).await;
    let closed = closed_inbox(&app, "vip@haru.example", &[]).await;
    let mut stream = Open::new(&app, &helper, "").await;
    stream.next().await;
    let path = format!("/inboxes/{closed}");
    let members = |list: Value| app.by(&app.owner).patch(&path, json!({"member_ids": list}));
    members(json!([helper.agent.id.to_string()])).await.ok(200);
    conversation(&app, &app.owner, &closed, "x@shop.example", "Hello").await;
    assert!(stream.drain().await.iter().any(|f| f.event == "message.received"));
    members(json!([])).await.ok(200);
    conversation(&app, &app.owner, &closed, "y@shop.example", "Hello").await;
    assert!(stream.drain().await.iter().all(|f| f.event != "message.received"));
}

#[tokio::test]
async fn row_38_a_stream_ends_with_its_session() {
    let app = TestApp::new().await;
    let mut by_sign_out = Open::new(&app, &app.agent, "").await;
    by_sign_out.next().await;
    app.by(&app.agent).delete("/session").await.ok(204);
    let end = by_sign_out.next_within(Duration::from_secs(2)).await.unwrap();
    assert_eq!(end.event, "signed_out");
    assert_eq!(by_sign_out.next_within(Duration::from_secs(1)).await, None);
    let mut by_switch = Open::new(&app, &app.viewer, "").await;
    by_switch.next().await;
    app.by(&app.owner).post(&format!("/agents/{}/deactivate", app.viewer.agent.id), json!({})).await;
    let frames = by_switch.drain().await;
    let more = by_switch.next_within(Duration::from_secs(2)).await;
    assert!(frames.iter().chain(&more).any(|f| f.event == "signed_out"), "{frames:?}");
}

#[tokio::test]
async fn row_46_another_sites_page_gets_no_stream() {
    let app = TestApp::new().await;
    app.by(&app.agent).header("sec-fetch-site", "cross-site").get("/stream").await.problem(403, "cross_site");
    app.by(&app.agent).header("origin", "https://evil.example").get("/stream").await.problem(403, "cross_site");
    app.anyone().get("/stream").await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn who_looks_and_types_is_told_to_the_others_only() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let mut mine = Open::new(&app, &app.agent, "").await;
    let mut other = Open::new(&app, &app.admin, "").await;
    mine.next().await;
    other.next().await;
    app.by(&app.agent).post(&format!("/conversations/{id}/presence"), json!({"typing": true})).await.ok(204);
    let frame = other.next().await;
    assert_eq!((frame.event.as_str(), &frame.data["state"], &frame.data["conversation_id"]), ("presence", &json!("typing"), &json!(id)));
    assert_eq!(mine.drain().await, []);
    app.by(&app.stranger).post(&format!("/conversations/{id}/presence"), json!({"typing": true})).await.problem(404, "not_found");
}
