//! Sending a whole conversation by mail.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{closed_inbox, conversation, desk, text};
use common::TestApp;
use serde_json::{Value, json};

async fn queued(app: &TestApp) -> Vec<Value> {
    let mut conn = app.app.read().await.unwrap();
    let rows = conn.fetch_all("SELECT payload FROM job WHERE kind = 'send_transcript' ORDER BY id", vec![]).await.unwrap();
    rows.iter().map(|row| row.json("payload").unwrap()).collect()
}

#[tokio::test]
async fn it_is_queued_and_the_thread_says_so_and_nothing_else_changes() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    let before = app.by(&app.agent).get(&path).await.ok(200);
    let form = json!({"to": ["mina@shop.example", "Lee@maker.example", "lee@maker.example"], "language": "ko"});
    app.by(&app.agent).post(&format!("{path}/transcripts"), form).await.ok(204);
    let jobs = queued(&app).await;
    assert_eq!(jobs.len(), 2, "each once");
    assert_eq!((&jobs[0]["notes"], &jobs[0]["language"]), (&json!(false), &json!("ko")));
    let after = app.by(&app.agent).get(&path).await.ok(200);
    assert_eq!((&after["status"], &after["waiting_since"]), (&before["status"], &before["waiting_since"]));
    let timeline = app.by(&app.agent).get(&format!("{path}/timeline")).await.ok(200);
    let lines: Vec<&Value> = timeline["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|i| i["event"]["kind"] == "conversation.transcript")
        .map(|i| &i["event"]["data"])
        .collect();
    assert_eq!(lines.len(), 2, "{timeline}");
    assert!(lines.iter().all(|l| l["state"] == "sent" && l["notes"] == false));
}

#[tokio::test]
async fn who_may_not_answer_sends_none_and_addresses_are_checked() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}/transcripts");
    let good = json!({"to": ["mina@shop.example"]});
    app.by(&app.viewer).post(&path, good.clone()).await.problem(403, "forbidden");
    app.by(&app.stranger).post(&path, good.clone()).await.problem(404, "not_found");
    for (form, field) in [
        (json!({"to": ["no address"]}), "to"),
        (json!({"to": []}), "to"),
        (json!({"to": ["help@haru.example"]}), "to"),
        (json!({"to": ["mina@shop.example"], "notes": true}), "notes"),
    ] {
        assert_eq!(app.by(&app.agent).post(&path, form).await.problem(422, "invalid")["errors"][0]["field"], field);
    }
    let hidden = closed_inbox(&app, "hidden@haru.example", &[]).await;
    let out_of_sight = text(&conversation(&app, &app.owner, &hidden, "mina@shop.example", "x").await["id"]);
    app.by(&app.agent).post(&format!("/conversations/{out_of_sight}/transcripts"), good).await.problem(404, "not_found");
    // Notes of it go to those who see it, and not to a colleague who does not.
    let path = format!("/conversations/{out_of_sight}/transcripts");
    app.by(&app.owner).post(&path, json!({"to": ["agent@haru.example"], "notes": true})).await.problem(422, "invalid");
    app.by(&app.owner).post(&path, json!({"to": ["owner@haru.example"], "notes": true})).await.ok(204);
    assert_eq!(queued(&app).await.len(), 1);
}
