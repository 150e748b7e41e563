//! What the widget's routes refuse, and whom they do not shut out: floods, bodies that are far too long, the wrong state, our own addresses.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use std::time::Duration;

use arrange::text;
use arrange::widget::{Browser, settings, widget};
use axum::body::Body;
use axum::http::{Method, Request};
use common::{Answer, TestApp};
use http::HttpSettings;
use http::app::ChatLimits;
use serde_json::{Value, json};
use tower::ServiceExt;

fn few() -> HttpSettings {
    HttpSettings { chat: ChatLimits { sessions: 3, returning: (4, 10), streams: (2, 2), ..ChatLimits::default() }, ..HttpSettings::default() }
}

#[tokio::test]
async fn who_is_known_comes_in_where_those_who_are_not_are_too_many() {
    let app = TestApp::with(few()).await;
    let (_, key) = widget(&app, |_| {}).await;
    let path = format!("/widget/{key}/session");
    let comes = async |token: Value| app.anyone().from("203.0.113.7").post(&path, json!({"token": token})).await;
    let mut known = Vec::new();
    for _ in 0..3 {
        known.push(text(&comes(Value::Null).await.ok(200)["token"]));
    }
    // The address has had its new ones of this minute; what is no token of ours is new as well.
    for strange in [Value::Null, json!("nonsense"), json!("")] {
        let refused = comes(strange).await;
        assert!(refused.headers.contains_key("retry-after"));
        refused.problem(429, "too_many_requests");
    }
    // A page load of somebody whom we know is none of those.
    for _ in 0..4 {
        assert_eq!(comes(json!(known[0])).await.ok(200)["token"], Value::Null);
    }
    comes(json!(known[0])).await.problem(429, "too_many_requests");
    for token in &known[1..] {
        comes(json!(token)).await.ok(200);
    }
    app.anyone().from("203.0.113.8").post(&path, json!({})).await.ok(200);
    // All of one address together have a bound as well.
    for _ in 0..3 {
        comes(json!(known[1])).await.ok(200);
    }
    comes(json!(known[2])).await.ok(200);
    comes(json!(known[2])).await.problem(429, "too_many_requests");
    // Who signed out is nobody whom we know.
    app.pass(jiff::SignedDuration::from_mins(1));
    app.with_token(&known[2]).delete(&path).await.ok(204);
    for _ in 0..3 {
        comes(Value::Null).await.ok(200);
    }
    comes(json!(known[2])).await.problem(429, "too_many_requests");
}

#[tokio::test]
async fn who_talks_hears_what_is_said_where_those_who_only_look_are_too_many() {
    let app = TestApp::with(few()).await;
    let (_, key) = widget(&app, |_| {}).await;
    let talks = Browser::open(&app, &key).await;
    let (one, other) = (Browser::open(&app, &key).await, Browser::open(&app, &key).await);
    let open = [one.stream(&one.cursor).await, other.stream(&other.cursor).await];
    // From the same address as those.
    let asks = Request::get(format!("/api/v1{}", talks.path("/stream"))).header("authorization", format!("Bearer {}", talks.token));
    let refused = app.router.clone().oneshot(asks.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(refused.status(), 429);
    talks.begins("Is anybody there?").await;
    talks.stream(&talks.cursor).await.until("hello").await;
    drop(open);
}

/// Sends it to a route; what is not taken is refused and never breaks anything.
fn refused(what: &str, answer: &Answer) {
    assert!(
        answer.status.is_client_error() || answer.status.is_success(),
        "{what}: {} {}",
        answer.status,
        &answer.text[..answer.text.len().min(300)]
    );
    assert!(answer.text.len() < 20_000, "{what}: what is too long is not said back");
}

#[tokio::test]
async fn bodies_that_are_far_too_long_are_refused_by_every_route() {
    let app = TestApp::new().await;
    let (_, key) = widget(&app, |s| {
        s["callback"] = json!(true);
        s["live"] = json!(true);
        s["pre_chat"] = json!({"when": "always", "fields": [{"key": "why", "label": {"en": "Why?"}, "kind": "text"}]});
    })
    .await;
    let browser = Browser::open(&app, &key).await;
    let id = browser.begins("hello").await;
    let at = |verb: &str| format!("/conversations/{id}/{verb}");
    let long = || "x".repeat(1_000_000);
    let url = || format!("https://shop.example/{}", long());
    let many = |n: usize| (0..n).map(|n| (format!("a{n}"), json!(true))).collect::<serde_json::Map<_, _>>();
    let forms = [
        ("/session".to_owned(), json!({"token": long()})),
        ("/session".into(), json!({"identity": long()})),
        ("/session".into(), json!({"locale": long(), "page": {"url": url(), "title": long(), "referrer": url()}})),
        ("/visitor".into(), json!({"name": long()})),
        ("/visitor".into(), json!({"email": format!("{}@shop.example", long())})),
        ("/conversations".into(), json!({"text": long()})),
        ("/conversations".into(), json!({"text": "x", "form": {"why": long()}})),
        ("/conversations".into(), json!({"text": "x", "form": many(50_000)})),
        ("/conversations".into(), json!({"text": "x", "invitation": long(), "invitation_by": long()})),
        ("/conversations".into(), json!({"text": "x", "attachments": vec!["att_0000000000000"; 50_000]})),
        (at("messages"), json!({"text": long()})),
        (at("messages"), json!({"answer": {"to": "msg_0000000000000", "choice": long()}})),
        (at("typing"), json!({"text": long()})),
        (at("read"), json!({"message": long()})),
        (at("rating"), json!({"score": 5, "comment": long()})),
        (at("transcript"), json!({"email": long()})),
        (at("leave"), json!({"email": format!("a@{}.example", long())})),
        (at("callback"), json!({"phone": "1".repeat(1_000_000)})),
        ("/stay".into(), json!({"attributes": {"plan": long()}})),
        ("/stay".into(), json!({"attributes": many(50_000)})),
        ("/stay".into(), json!({"page": {"url": url(), "title": long()}})),
        ("/stay".into(), json!({"events": [{"name": long()}]})),
        (format!("/invitations/{}/shown", "x".repeat(5_000)), json!({})),
    ];
    for (n, (path, form)) in forms.iter().enumerate() {
        let what = format!("{n} {}", &path[..path.len().min(60)]);
        refused(&what, &browser.ask().post(&browser.path(path), form.clone()).await);
    }
    let key = "k".repeat(5_000);
    browser.ask().header("idempotency-key", &key).post(&browser.path("/conversations"), json!({"text": "x"})).await.problem(422, "invalid");
    // Nothing of it is kept at any length.
    let visitor = app.by(&app.agent).get(&format!("/visitors/{}", browser.id)).await;
    assert!(visitor.text.len() < 20_000);
    for one in app.by(&app.agent).get("/conversations").await.ok(200)["items"].as_array().unwrap() {
        let shown = app.by(&app.agent).get(&format!("/conversations/{}", text(&one["id"]))).await;
        assert!(shown.text.len() < 20_000, "{}", &shown.text[..1_000]);
    }
}

#[tokio::test]
async fn a_widget_that_is_switched_off_takes_nothing_new_and_one_of_an_archived_inbox_is_gone() {
    let app = TestApp::new().await;
    let live = |s: &mut Value| s["live"] = json!(true);
    let (inbox, key) = widget(&app, live).await;
    let browser = Browser::open(&app, &key).await;
    let id = browser.begins("hello").await;
    let stay = json!({"attributes": {"plan": "pro"}});
    browser.ask().post(&browser.path("/stay"), stay.clone()).await.ok(204);
    let mut form = settings();
    live(&mut form);
    form["enabled"] = json!(false);
    let path = format!("/inboxes/{inbox}/widget");
    app.by(&app.owner).put(&path, form).await.ok(200);
    browser.ask().post(&browser.path("/conversations"), json!({"text": "x"})).await.problem(409, "disabled");
    let more = browser.path(&format!("/conversations/{id}/messages"));
    browser.ask().post(&more, json!({"text": "x"})).await.problem(409, "disabled");
    browser.ask().send(Method::POST, &browser.path("/uploads?filename=a.txt"), "a".into()).await.problem(409, "files_disabled");
    browser.ask().post(&browser.path("/stay"), stay).await.problem(409, "not_live");
    assert_eq!(browser.sees(&id).await.len(), 1, "what was said can still be read");
    app.by(&app.owner).patch(&format!("/inboxes/{inbox}"), json!({"archived": true})).await.ok(200);
    for path in ["", "/conversations", "/stream"] {
        browser.ask().get(&browser.path(path)).await.problem(404, "not_found");
    }
    for path in ["/session", "/conversations", "/stay", "/visitor"] {
        browser.ask().post(&browser.path(path), json!({})).await.problem(404, "not_found");
    }
    app.anyone().get(&format!("/widget/{key}")).await.problem(404, "not_found");
}

#[tokio::test]
async fn nobody_gives_one_of_our_own_addresses_for_theirs() {
    let app = TestApp::new().await;
    let (_, key) = widget(&app, |s| {
        s["pre_chat"] = json!({"when": "always", "fields": [{"key": "email", "label": {"en": "Mail"}, "kind": "email"}]});
    })
    .await;
    let browser = Browser::open(&app, &key).await;
    for ours in ["help@haru.example", "HELP+x@haru.example"] {
        browser.ask().post(&browser.path("/visitor"), json!({"email": ours})).await.problem(422, "invalid");
        let form = json!({"text": "x", "form": {"email": ours}});
        browser.ask().post(&browser.path("/conversations"), form).await.problem(422, "invalid");
    }
    let id = browser.begins("hello").await;
    let leave = browser.path(&format!("/conversations/{id}/leave"));
    browser.ask().post(&leave, json!({"email": "help@haru.example"})).await.problem(422, "invalid");
    browser.ask().post(&browser.path("/visitor"), json!({"email": "ada@shop.example"})).await.ok(200);
    browser.ask().post(&leave, json!({"email": "ada@shop.example"})).await.ok(204);
    assert_eq!(browser.conversation(&id).await["mail"], "a•••@shop.example");
}

#[tokio::test]
async fn what_comes_twice_is_done_once() {
    let app = TestApp::new().await;
    let (_, key) = widget(&app, |s| s["callback"] = json!(true)).await;
    let browser = Browser::open(&app, &key).await;
    let id = browser.begins("hello").await;
    let at = |verb: &str| browser.path(&format!("/conversations/{id}/{verb}"));
    let mine = text(&browser.sees(&id).await[0]["id"]);
    for _ in 0..2 {
        browser.ask().post(&at("read"), json!({"message": mine})).await.ok(204);
        browser.ask().post(&at("callback"), json!({"phone": "+82 10-1234-5678"})).await.ok(204);
        browser.ask().post(&at("end"), json!({})).await.ok(204);
        browser.ask().delete(&browser.path("/stay")).await.ok(204);
        browser.ask().delete(&browser.path("/invitation")).await.ok(204);
        if browser.conversation(&id).await["state"] == "ended" {
            // Who is done waits for no call.
            browser.ask().post(&at("callback"), json!({"phone": "+82 10-1234-5678"})).await.problem(409, "ended");
            break;
        }
    }
    let card = app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200);
    let customer = app.by(&app.agent).get(&format!("/customers/{}", text(&card["customer"]["id"]))).await.ok(200);
    assert_eq!(customer["phones"], json!(["+82 10-1234-5678"]));
    let events = app.by(&app.agent).get(&format!("/conversations/{id}/timeline")).await.ok(200).to_string();
    assert_eq!(events.matches("chat.ended").count(), 1);
    // An agent has called and calls again: once. Nobody asked: no.
    let called = format!("/conversations/{id}/chat/called");
    app.by(&app.agent).post(&called, json!({})).await.ok(204);
    app.by(&app.agent).post(&called, json!({})).await.ok(204);
    let again = app.by(&app.agent).get(&format!("/conversations/{id}/timeline")).await.ok(200).to_string();
    assert_eq!(again.matches("chat.called").count(), 1);
    // A message of another conversation is none of this one's.
    let other = browser.begins("another").await;
    let elsewhere = text(&browser.sees(&other).await[0]["id"]);
    browser.ask().post(&at("read"), json!({"message": elsewhere})).await.problem(404, "not_found");
    tokio::time::timeout(Duration::from_secs(5), browser.stream(&browser.cursor)).await.unwrap().until("hello").await;
}
