//! Mending notes and redacting by the API: success, forbidden, another workspace, invalid.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{desk, text};
use common::TestApp;
use serde_json::json;

#[tokio::test]
async fn a_note_is_mended_and_its_history_is_seen() {
    let app = TestApp::new().await;
    let (_, c) = desk(&app).await;
    let note = text(&app.by(&app.agent).post(&format!("/conversations/{c}/notes"), json!({"text": "first"})).await.ok(201)["id"]);
    let path = format!("/messages/{note}/note");
    let mended = app.by(&app.agent).put(&path, json!({"html": "<p onclick=x>second</p>"})).await.ok(200);
    assert_eq!((&mended["text"], &mended["html"], mended["edited_at"].is_string()), (&json!("second"), &json!("<p>second</p>"), true));
    let kept = app.by(&app.viewer).get(&format!("/messages/{note}/versions")).await.ok(200);
    assert_eq!((kept["items"].as_array().unwrap().len(), &kept["items"][0]["text"]), (1, &json!("first")));
    app.by(&app.admin).put(&path, json!({"text": "mine now"})).await.problem(403, "forbidden");
    app.by(&app.viewer).put(&path, json!({"text": "x"})).await.problem(403, "forbidden");
    app.by(&app.stranger).put(&path, json!({"text": "x"})).await.problem(404, "not_found");
    app.by(&app.stranger).get(&format!("/messages/{note}/versions")).await.problem(404, "not_found");
    app.by(&app.agent).put(&path, json!({"text": " "})).await.problem(422, "invalid");
}

#[tokio::test]
async fn row_32_no_answer_of_the_api_holds_redacted_words() {
    let app = TestApp::new().await;
    let (_, c) = desk(&app).await;
    let reply = json!({"text": "Your code is 987 654 321."});
    let ask = || app.by(&app.agent).header("idempotency-key", "one");
    let sent = ask().post(&format!("/conversations/{c}/replies"), reply.clone()).await.ok(201);
    let path = format!("/messages/{}/redactions", text(&sent["id"]));
    app.by(&app.agent).post(&path, json!({"words": ["987654321"]})).await.problem(403, "forbidden");
    app.by(&app.stranger).post(&path, json!({"words": ["987654321"]})).await.problem(404, "not_found");
    app.by(&app.admin).post(&path, json!({"words": ["no such"]})).await.problem(422, "invalid");
    app.by(&app.admin).post(&path, json!({})).await.problem(422, "invalid");
    let done = app.by(&app.admin).post(&path, json!({"words": ["987654321"]})).await.ok(200);
    assert_eq!((&done["messages"], done["message"]["redacted_at"].is_string()), (&json!(1), true));
    // The answer that was kept for the key is gone, and nothing is sent twice.
    ask().post(&format!("/conversations/{c}/replies"), reply).await.problem(409, "in_progress");
    for place in [
        format!("/conversations/{c}"),
        format!("/conversations/{c}/messages"),
        format!("/conversations/{c}/timeline"),
        "/events".into(),
        "/conversations?view=all".into(),
    ] {
        let answer = app.by(&app.owner).get(&place).await.ok(200).to_string();
        assert!(!answer.contains("654"), "{place}: {answer}");
    }
    assert_eq!(app.by(&app.owner).get("/search?q=987").await.ok(200)["items"], json!([]));
}
