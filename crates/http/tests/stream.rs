//! The stream: what happens, as it happens, and nothing else.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use std::time::Duration;

use arrange::{Open, closed_inbox, conversation, desk, text};
use common::TestApp;
use http::{HttpSettings, StreamSettings};
use jiff::SignedDuration;
use model::event::Cursor;
use model::{Actor, EventKind, Role};
use serde_json::{Value, json};

#[tokio::test]
async fn another_browser_sees_a_note_at_once_and_with_what_it_is_about() {
    TestApp::both(async |app| {
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
    })
    .await;
}

#[tokio::test]
async fn after_a_break_the_stream_goes_on_exactly() {
    TestApp::both(async |app| {
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
    })
    .await;
}

#[tokio::test]
async fn what_happens_between_the_first_answer_and_the_open_stream_is_not_missed() {
    TestApp::both(async |app| {
        let (_, id) = desk(&app).await;
        app.settled().await;
        let me = app.by(&app.admin).get("/session").await.ok(200);
        app.by(&app.agent).post(&format!("/conversations/{id}/notes"), json!({"text": "Just now"})).await.ok(201);
        let mut stream = Open::new(&app, &app.admin, &format!("?after={}", text(&me["cursor"]))).await;
        let frame = stream.next().await;
        assert_eq!((frame.event.as_str(), &frame.data["message"]["text"]), ("message.noted", &json!("Just now")));
    })
    .await;
}

#[tokio::test]
async fn an_unknown_cursor_asks_for_a_reload() {
    TestApp::both(async |app| {
        desk(&app).await;
        for bad in ["x", "999999999999-9", "999999999999", "0--1", "%20"] {
            let mut stream = Open::new(&app, &app.admin, &format!("?after={bad}")).await;
            let frame = stream.next().await;
            assert_eq!(frame.event, "reload", "{bad}");
            assert!(!frame.id.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn a_cursor_is_good_for_seven_days_and_for_ever_while_nothing_happens() {
    TestApp::both(async |app| {
        let (_, id) = desk(&app).await;
        let mut stream = Open::new(&app, &app.admin, "").await;
        let hello = text(&stream.next().await.data["cursor"]);
        app.by(&app.agent).post(&format!("/conversations/{id}/notes"), json!({"text": "x"})).await.ok(201);
        let last = stream.next().await.id;
        let first_frame =
            async |after: &str| Open::new(&app, &app.admin, &format!("?after={after}")).await.next_within(Duration::from_millis(500)).await;
        app.pass(SignedDuration::from_hours(7 * 24 - 1));
        assert_eq!(first_frame(&hello).await.unwrap().event, "message.noted");
        app.pass(SignedDuration::from_hours(2));
        assert_eq!(first_frame(&hello).await.unwrap().event, "reload");
        assert_eq!(first_frame(&last).await, None, "nothing was missed");
    })
    .await;
}

/// Many events at once, which every agent may see.
async fn record(app: &TestApp, count: usize) {
    let mut tx = app.app.begin().await.unwrap();
    for _ in 0..count {
        tx.record(app.here, Actor::System, (None, None), EventKind::WorkspaceUpdated {}).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn ten_thousand_events_are_caught_up_and_one_more_asks_for_a_reload() {
    TestApp::both(async |app| {
        let mut stream = Open::new(&app, &app.admin, "").await;
        let hello = text(&stream.next().await.data["cursor"]);
        drop(stream);
        record(&app, 10_000).await;
        let mut stream = Open::new(&app, &app.admin, &format!("?after={hello}")).await;
        let mut ids: Vec<Cursor> = stream.drain().await.iter().map(|f| f.id.parse().unwrap()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.is_sorted());
        ids.dedup();
        assert_eq!(ids.len(), 10_000);
        record(&app, 1).await;
        assert_eq!(stream.next().await.event, "workspace.updated");
        let frames = Open::new(&app, &app.admin, &format!("?after={hello}")).await.drain().await;
        assert_eq!(frames.iter().map(|f| f.event.as_str()).collect::<Vec<_>>(), ["reload"]);
        let frames = Open::new(&app, &app.admin, &format!("?after={}", frames[0].id)).await.drain().await;
        assert_eq!(frames, []);
    })
    .await;
}

#[tokio::test]
async fn after_a_restore_every_reader_reads_everything_again_once() {
    TestApp::both(async |app| {
        let hello = text(&Open::new(&app, &app.admin, "").await.next().await.data["cursor"]);
        let mut tx = app.app.begin().await.unwrap();
        store::upkeep::settle_after_restore(&mut tx, true, "").await.unwrap();
        tx.commit().await.unwrap();
        record(&app, 3).await;
        let frames = Open::new(&app, &app.admin, &format!("?after={hello}")).await.drain().await;
        assert_eq!(frames.iter().map(|f| f.event.as_str()).collect::<Vec<_>>(), ["reload"]);
        record(&app, 1).await;
        let frames = Open::new(&app, &app.admin, &format!("?after={}", frames[0].id)).await.drain().await;
        assert_eq!(frames.iter().map(|f| f.event.as_str()).collect::<Vec<_>>(), ["workspace.updated"]);
    })
    .await;
}

#[tokio::test]
async fn a_slow_reader_misses_nothing_and_one_who_sleeps_too_long_reloads() {
    TestApp::both(async |app| {
        let mut stream = Open::new(&app, &app.admin, "").await;
        stream.next().await;
        // Far more than what is kept for a stream, while nobody reads.
        for _ in 0..30 {
            record(&app, 100).await;
        }
        // On PostgreSQL, other tests' transactions may hold the log back for a while.
        let mut ids: Vec<Cursor> = Vec::new();
        while ids.len() < 3_000 {
            ids.push(stream.next().await.id.parse().unwrap());
        }
        assert_eq!(stream.drain().await, []);
        assert!(ids.is_sorted());
        ids.dedup();
        assert_eq!(ids.len(), 3_000);
        let mut witness = Open::new(&app, &app.admin, "").await;
        for _ in 0..11 {
            record(&app, 1_000).await;
        }
        // Whoever reads along has heard it all: now the sleeper is far behind.
        while witness.next_within(Duration::from_secs(3)).await.is_some() {}
        let frames = stream.drain().await;
        assert_eq!(frames.iter().filter(|f| f.event == "reload").count(), 1, "{} frames", frames.len());
        assert!(frames.len() < 1_000, "{}", frames.len());
        record(&app, 1).await;
        assert_eq!(stream.next().await.event, "workspace.updated");
    })
    .await;
}

#[tokio::test]
async fn a_reader_who_takes_nothing_is_let_go_and_comes_back_to_the_same_place() {
    let streams = StreamSettings { patience: Duration::from_millis(200), ..StreamSettings::default() };
    let app = TestApp::with(HttpSettings { streams, ..HttpSettings::default() }).await;
    let mut stream = Open::new(&app, &app.admin, "").await;
    stream.next().await;
    record(&app, 200).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let first = stream.drain().await;
    assert!((60..100).contains(&first.len()), "{}", first.len());
    record(&app, 1).await;
    assert_eq!(stream.next_within(Duration::from_millis(300)).await, None, "it ended");
    let rest = Open::new(&app, &app.admin, &format!("?after={}", first[first.len() - 1].id)).await.drain().await;
    assert_eq!(first.len() + rest.len(), 201);
}

#[tokio::test]
async fn a_quiet_stream_gives_signs_of_life() {
    let streams = StreamSettings { heart_beat: Duration::from_millis(50), ..StreamSettings::default() };
    let app = TestApp::with(HttpSettings { streams, ..HttpSettings::default() }).await;
    let beats = Open::new(&app, &app.admin, "").await.beats_within(Duration::from_millis(600)).await;
    assert!((6..=12).contains(&beats), "{beats}");
}

#[tokio::test]
async fn row_45_nobody_hears_of_what_is_out_of_sight() {
    TestApp::both(async |app| {
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
    })
    .await;
}

#[tokio::test]
async fn sight_that_is_lost_is_lost_at_once_and_sight_that_is_won_is_won() {
    TestApp::both(async |app| {
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
    })
    .await;
}

#[tokio::test]
async fn row_38_whatever_ends_a_session_ends_its_streams_at_once_and_no_others() {
    TestApp::both(async |app| {
        let mut bystander = Open::new(&app, &app.owner, "").await;
        let signs_out = Open::new(&app, &app.agent, "").await;
        app.by(&app.agent).delete("/session").await.ok(204);
        signs_out.signed_out().await;

        let phone = app.another_browser(&app.viewer).await;
        let on_phone = Open::new(&app, &phone, "").await;
        let sessions = app.by(&phone).get("/sessions").await.ok(200);
        let current = sessions["items"].as_array().unwrap().iter().find(|s| s["current"] == true).unwrap()["id"].clone();
        app.by(&app.viewer).delete(&format!("/sessions/{}", text(&current))).await.ok(204);
        on_phone.signed_out().await;

        let by_token = Open::by_token(&app, &app.admin.token).await;
        let token = app.by(&app.admin).get("/tokens").await.ok(200)["items"][0]["id"].clone();
        app.by(&app.admin).delete(&format!("/tokens/{}", text(&token))).await.ok(204);
        by_token.signed_out().await;

        // Somebody else signs in in the same browser.
        let before = app.another_browser(&app.agent).await;
        let left_open = Open::new(&app, &before, "").await;
        let form = json!({"email": "viewer@haru.example", "password": common::PASSWORD});
        app.by(&before).post("/session", form).await.ok(200);
        left_open.signed_out().await;

        let other = app.another_browser(&app.agent).await;
        let this = app.another_browser(&app.agent).await;
        let (mut here, elsewhere) = (Open::new(&app, &this, "").await, Open::new(&app, &other, "").await);
        let form = json!({"current": common::PASSWORD, "new": "another long password"});
        app.by(&this).put("/agents/me/password", form).await.ok(204);
        elsewhere.signed_out().await;
        assert!(here.drain().await.iter().all(|f| f.event != "signed_out"));

        let (cookie, token) = (Open::new(&app, &this, "").await, Open::by_token(&app, &app.agent.token).await);
        app.by(&app.owner).post(&format!("/agents/{}/deactivate", app.agent.agent.id), json!({})).await.ok(200);
        cookie.signed_out().await;
        token.signed_out().await;

        let (cookie, token) = (Open::new(&app, &app.viewer, "").await, Open::by_token(&app, &app.viewer.token).await);
        app.anyone().post("/password-resets", json!({"email": "viewer@haru.example"})).await.ok(202);
        let word = common::word_in(&app.notice(1).await);
        app.anyone().post("/password-resets/redeem", json!({"token": word, "password": "a new long password"})).await.ok(204);
        cookie.signed_out().await;
        token.signed_out().await;
        assert!(bystander.drain().await.iter().all(|f| f.event != "signed_out"));
    })
    .await;
}

#[tokio::test]
async fn row_38_what_no_event_tells_ends_a_stream_at_the_next_recheck() {
    let streams = StreamSettings { recheck: Duration::from_millis(100), ..StreamSettings::default() };
    let app = TestApp::with(HttpSettings { streams, ..HttpSettings::default() }).await;
    let stream = Open::new(&app, &app.agent, "").await;
    app.pass(SignedDuration::from_hours(15 * 24));
    stream.signed_out().await;
}

#[tokio::test]
async fn row_46_another_sites_page_gets_no_stream() {
    TestApp::both(async |app| {
        app.by(&app.agent).header("sec-fetch-site", "cross-site").get("/stream").await.problem(403, "cross_site");
        app.by(&app.agent).header("origin", "https://evil.example").get("/stream").await.problem(403, "cross_site");
        app.anyone().get("/stream").await.problem(401, "not_signed_in");
    })
    .await;
}

#[tokio::test]
async fn who_looks_and_types_is_told_to_the_others_only() {
    TestApp::both(async |app| {
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
    })
    .await;
}
