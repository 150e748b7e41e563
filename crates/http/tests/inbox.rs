//! Inboxes, their mailboxes, raw mail, customers and search.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use std::sync::{Arc, Mutex};

use arrange::{closed_inbox, conversation, desk, inbox, text};
use axum::body::Body;
use axum::http::Method;
use common::TestApp;
use desk::ports::{AuthoriseError, Boxed, MailboxProbe, Probe, ProbeStep, Provider};
use model::{EmailAddress, Secret};
use serde_json::{Value, json};

fn imap(password: Value) -> Value {
    let mut form = json!({"kind": "imap", "host": "imap.example.com", "port": 993, "security": "tls", "user_name": "help", "auth": "password",
        "folder": "INBOX", "after_fetch": {"kind": "leave"}});
    if !password.is_null() {
        form["password"] = password;
    }
    form
}

#[tokio::test]
async fn an_inbox_is_made_and_changed_by_admins_only() {
    let app = TestApp::new().await;
    let form = json!({"name": "Help", "address": "help@haru.example"});
    app.by(&app.agent).post("/inboxes", form.clone()).await.problem(403, "forbidden");
    let made = app.by(&app.admin).post("/inboxes", form.clone()).await.ok(201);
    let problem = app.by(&app.admin).post("/inboxes", form).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["code"], "taken");
    let path = format!("/inboxes/{}", text(&made["id"]));
    let changes = json!({"from_name": "Haru Goods", "signature_html": "<p>Haru<script>x</script></p>", "closed_policy": {"kind": "new_after", "days": 30},
        "acknowledgement": {"enabled": true, "subject": "We have it", "text": "Thank you."}});
    let changed = app.by(&app.admin).patch(&path, changes).await.ok(200);
    assert_eq!(
        (&changed["from_name"], &changed["signature_html"], &changed["closed_policy"]["days"]),
        (&json!("Haru Goods"), &json!("<p>Haru</p>"), &json!(30))
    );
    app.by(&app.agent).patch(&path, json!({"name": "x"})).await.problem(403, "forbidden");
    for bad in [
        json!({"name": "a\r\nb"}),
        json!({"from_name": "a\nb"}),
        json!({"closed_policy": {"kind": "new_after"}}),
        json!({"address": "nobody"}),
        json!({"acknowledgement": {"enabled": true, "subject": "", "text": " "}}),
        json!({"member_ids": [app.stranger.agent.id.to_string()]}),
    ] {
        app.by(&app.admin).patch(&path, bad).await.problem(422, "invalid");
    }
    assert_eq!(app.by(&app.admin).patch(&path, json!({"archived": true})).await.ok(200)["archived"], true);
}

#[tokio::test]
async fn row_59_a_mailbox_password_never_comes_out_again() {
    let app = TestApp::new().await;
    let id = inbox(&app, &app.owner, "help@haru.example").await;
    let path = format!("/inboxes/{id}");
    let to = format!("/inboxes/{id}/connection");
    let connect = |incoming: Value| app.by(&app.owner).put(&to, json!({"incoming": incoming, "outgoing": {"kind": "none"}}));
    let answer = connect(imap(json!("canary-secret"))).await;
    assert!(!answer.text.contains("canary"), "{}", answer.text);
    let connection = answer.ok(200)["connection"].clone();
    assert_eq!((&connection["incoming"]["has_secret"], &connection["status"]["incoming"]["state"]), (&json!(true), &json!("waiting")));
    for path in [path.as_str(), "/inboxes", "/events", "/audit"] {
        assert!(!app.by(&app.owner).get(path).await.text.contains("canary"), "{path}");
    }
    let mut conn = app.app.read().await.unwrap();
    let row = conn.fetch_one("SELECT incoming, incoming_secret FROM inbox", vec![]).await.unwrap();
    let sealed = row.maybe_bytes("incoming_secret").unwrap().unwrap();
    assert!(!sealed.windows(6).any(|w| w == b"canary") && !row.text("incoming").unwrap().contains("canary"));
    drop(conn);
    // Kept when left out, but never carried to another server.
    assert_eq!(connect(imap(Value::Null)).await.ok(200)["connection"]["incoming"]["has_secret"], true);
    let mut elsewhere = imap(Value::Null);
    elsewhere["host"] = json!("evil.example");
    assert_eq!(connect(elsewhere).await.problem(422, "invalid")["errors"][0]["field"], "incoming.password");
    // Agents see how it fares, and neither hosts nor user names.
    let seen = app.by(&app.agent).get(&path).await;
    assert!(!seen.text.contains("imap.example.com"), "{}", seen.text);
    let malformed = connect(json!({"kind": "imap", "host": "h", "port": "canary-secret"})).await;
    assert!(!malformed.text.contains("canary-secret") || malformed.status.as_u16() == 422, "{}", malformed.text);
}

#[derive(Default)]
struct FakeProbe(Mutex<Vec<String>>);

impl MailboxProbe for FakeProbe {
    fn probe(&self, probe: Probe) -> Boxed<'_, Vec<ProbeStep>> {
        let secret = probe.secrets.incoming.map(|s| s.expose().to_owned()).unwrap_or_default();
        self.0.lock().unwrap().push(secret);
        let step = ProbeStep {
            name: "sign_in",
            target: "incoming",
            ok: Some(false),
            ms: 12,
            detail: "The server refused the password.".into(),
            fault: Some("sign_in"),
            server_said: Some("NO [AUTHENTICATIONFAILED]".into()),
        };
        Box::pin(async { vec![step] })
    }

    fn authorise_url(&self, _: Provider, address: &EmailAddress, redirect: &str, state: &str) -> Result<String, AuthoriseError> {
        Ok(format!("https://accounts.example/?hint={address}&redirect={redirect}&state={state}"))
    }

    fn redeem<'a>(&'a self, _: Provider, code: &'a str, _: &'a str) -> Boxed<'a, Result<Secret, AuthoriseError>> {
        Box::pin(async move { if code == "good" { Ok(Secret::new("refresh")) } else { Err(AuthoriseError::Refused("no".into())) } })
    }
}

#[tokio::test]
async fn a_connection_is_tested_with_the_stored_password_of_the_same_server_only() {
    let mut app = TestApp::new().await;
    let probe = Arc::new(FakeProbe::default());
    app.app = app.app.clone().with_probe(probe.clone());
    app.router = http::router(app.app.clone());
    let id = inbox(&app, &app.owner, "help@haru.example").await;
    let stored = json!({"incoming": imap(json!("stored")), "outgoing": {"kind": "none"}});
    app.by(&app.owner).put(&format!("/inboxes/{id}/connection"), stored).await.ok(200);
    let mut elsewhere = imap(Value::Null);
    elsewhere["host"] = json!("evil.example");
    for incoming in [imap(Value::Null), elsewhere, imap(json!("typed"))] {
        let form = json!({"address": "help@haru.example", "incoming": incoming, "inbox_id": id});
        let report = app.by(&app.owner).post("/connection-tests", form).await.ok(200);
        assert_eq!((&report["ok"], &report["steps"][0]["fault"]), (&json!(false), &json!("sign_in")));
    }
    assert_eq!(*probe.0.lock().unwrap(), ["stored", "", "typed"]);
    app.by(&app.agent).post("/connection-tests", json!({"address": "a@b.example"})).await.problem(403, "forbidden");
}

#[tokio::test]
async fn a_mailbox_is_connected_by_oauth_by_the_one_who_began() {
    let mut app = TestApp::new().await;
    app.app = app.app.clone().with_probe(Arc::new(FakeProbe::default()));
    app.router = http::router(app.app.clone());
    let id = inbox(&app, &app.owner, "help@haru.example").await;
    let url = text(&app.by(&app.owner).get(&format!("/inboxes/{id}/oauth/google")).await.ok(200)["url"]);
    let state = url.split("state=").nth(1).unwrap().to_owned();
    app.by(&app.admin).get(&format!("/oauth/callback?code=good&state={state}")).await.problem(400, "malformed");
    let refused = app.by(&app.owner).get(&format!("/oauth/callback?code=bad&state={state}")).await;
    assert_eq!(refused.headers["location"], format!("/settings/inboxes/{id}?oauth=failed").as_str());
    let done = app.by(&app.owner).get(&format!("/oauth/callback?code=good&state={state}")).await;
    assert_eq!((done.status.as_u16(), &done.headers["location"]), (303, &format!("/settings/inboxes/{id}?oauth=connected").parse().unwrap()));
    let connection = app.by(&app.owner).get(&format!("/inboxes/{id}")).await.ok(200)["connection"].clone();
    assert_eq!((&connection["incoming"]["auth"], &connection["incoming"]["has_secret"]), (&json!("google"), &json!(true)));
}

#[tokio::test]
async fn a_raw_mail_is_taken_kept_and_handed_back() {
    let app = TestApp::new().await;
    let id = inbox(&app, &app.owner, "help@haru.example").await;
    let raw = "From: Mina <mina@shop.example>\r\nTo: help@haru.example\r\nSubject: Hello\r\n\r\nHi\r\n";
    let path = format!("/inboxes/{id}/mail");
    let hand_in = |by, content_type, body: &'static str| app.by(by).header("content-type", content_type).send(Method::POST, &path, Body::from(body));
    let mail = hand_in(&app.owner, "message/rfc822", raw).await.ok(202);
    hand_in(&app.agent, "message/rfc822", raw).await.problem(403, "forbidden");
    hand_in(&app.owner, "message/rfc822", " \r\n").await.problem(422, "invalid");
    assert_eq!(hand_in(&app.owner, "text/plain", raw).await.status.as_u16(), 415);
    let mail = format!("/inbound-mail/{}", text(&mail["id"]));
    assert_eq!(app.by(&app.owner).get(&mail).await.ok(200)["state"], "received");
    let back = app.by(&app.owner).get(&format!("{mail}/raw")).await;
    assert_eq!((back.text.as_str(), &back.headers["content-type"]), (raw, &"message/rfc822".parse().unwrap()));
    assert_eq!(app.by(&app.owner).get("/inbound-mail?state=received").await.ok(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.by(&app.owner).get("/inbound-mail?state=quarantined").await.ok(200)["items"], json!([]));
    app.by(&app.owner).post(&format!("{mail}/replay"), json!({})).await.problem(404, "not_found");
    app.by(&app.agent).get(&mail).await.problem(403, "forbidden");
}

#[tokio::test]
async fn row_31_customers_are_found_only_by_those_whose_inboxes_they_wrote_to() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let closed = closed_inbox(&app, "vip@haru.example", &[]).await;
    let secret = conversation(&app, &app.owner, &closed, "vera@vip.example", "Hello").await;
    let names = async |p, q: &str| app.by(p).get(&format!("/customers?q={q}")).await.ok(200)["items"].as_array().unwrap().len();
    assert_eq!((names(&app.agent, "mina").await, names(&app.agent, "vera").await), (1, 0));
    assert_eq!((names(&app.admin, "vera").await, names(&app.agent, "").await), (1, 1));
    let hidden = format!("/customers/{}", text(&secret["customer"]["id"]));
    for path in [hidden.clone(), format!("{hidden}/conversations")] {
        app.by(&app.agent).get(&path).await.problem(404, "not_found");
    }
    app.by(&app.agent).patch(&hidden, json!({"name": "x"})).await.problem(404, "not_found");
    let c = app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200);
    let card = format!("/customers/{}", text(&c["customer"]["id"]));
    let changed = app.by(&app.agent).patch(&card, json!({"name": "Mina P.", "language": "ko", "notes": "Calls back"})).await.ok(200);
    assert_eq!((&changed["name"], &changed["emails"][0]["address"]), (&json!("Mina P."), &json!("mina@shop.example")));
    app.by(&app.viewer).patch(&card, json!({"name": "x"})).await.problem(403, "forbidden");
    app.by(&app.agent).patch(&card, json!({"language": "no such tag!"})).await.problem(422, "invalid");
    assert_eq!(app.by(&app.agent).get(&format!("{card}/conversations")).await.ok(200)["items"][0]["id"], id);
}

#[tokio::test]
async fn a_search_finds_words_in_sight_and_marks_them() {
    let app = TestApp::new().await;
    let (inbox, id) = desk(&app).await;
    conversation(&app, &app.owner, &inbox, "ko@shop.example", "환불은 언제 되나요?").await;
    let closed = closed_inbox(&app, "vip@haru.example", &[]).await;
    conversation(&app, &app.owner, &closed, "vera@vip.example", "Where is my secret order?").await;
    let found = app.by(&app.agent).get("/search?q=orders%20where").await.ok(200);
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let hit = &found["items"][0];
    assert_eq!(hit["conversation"]["id"], id);
    let (snippet, range) = (text(&hit["snippet"]), &hit["ranges"][0]);
    let units: Vec<u16> = snippet.encode_utf16().collect();
    let (from, to) = (range[0].as_u64().unwrap() as usize, range[1].as_u64().unwrap() as usize);
    assert_eq!(String::from_utf16(&units[from..to]).unwrap(), "Where");
    assert_eq!(app.by(&app.agent).get("/search?q=%ED%99%98%EB%B6%88").await.ok(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.by(&app.agent).get("/search?q=%22*%27%20OR%20NEAR(").await.ok(200)["items"], json!([]));
    app.by(&app.agent).get("/search").await.problem(400, "malformed");
}

#[tokio::test]
async fn the_health_line_counts_what_the_reader_may_know() {
    let app = TestApp::new().await;
    let status = app.by(&app.viewer).get("/status").await.ok(200);
    assert_eq!((&status["inboxes_failing"], &status["quarantined"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn a_test_mail_goes_to_the_inbox_itself() {
    let app = TestApp::new().await;
    let id = inbox(&app, &app.owner, "help@haru.example").await;
    let path = format!("/inboxes/{id}/test-mail");
    let sent = app.by(&app.owner).post(&path, json!({})).await.ok(202);
    assert_eq!(sent["to"], "help@haru.example");
    assert!(text(&sent["message_id"]).starts_with("msg_"));
    let listed = app.by(&app.owner).get("/conversations").await.ok(200);
    assert_eq!(listed["items"][0]["customer"]["email"], "help@haru.example");
    app.by(&app.agent).post(&path, json!({})).await.problem(403, "forbidden");
}
