//! Side conversations by the API: success, forbidden, another workspace, invalid.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{closed_inbox, conversation, desk, text};
use common::TestApp;
use serde_json::{Value, json};

fn form() -> Value {
    json!({"to": [{"address": "lee@maker.example", "name": "Lee"}], "subject": "Kettle no. 7", "text": "Can you repair it?"})
}

#[tokio::test]
async fn somebody_else_is_asked_beside_a_conversation() {
    let app = TestApp::new().await;
    let (_, parent) = desk(&app).await;
    let path = format!("/conversations/{parent}/side-conversations");
    assert_eq!(app.by(&app.viewer).get(&path).await.ok(200)["items"], json!([]));
    let side = app.by(&app.agent).post(&path, form()).await.ok(201);
    assert_eq!((&side["beside"]["id"], &side["beside"]["subject"]), (&json!(parent), &json!("Order 1042")));
    assert_eq!(side["customer"]["email"], "lee@maker.example");
    assert_eq!(app.by(&app.viewer).get(&path).await.ok(200)["items"][0]["id"], side["id"]);
    assert_eq!(app.by(&app.agent).get("/conversations?view=all").await.ok(200)["items"].as_array().unwrap().len(), 1);
    let said = app.by(&app.agent).get(&format!("/conversations/{parent}/timeline")).await.ok(200);
    assert_eq!((&said["items"][0]["event"]["kind"], &said["items"][0]["event"]["data"]["change"]), (&json!("conversation.side"), &json!("begun")));
    let found = app.by(&app.agent).get("/search?q=repair").await.ok(200);
    assert_eq!((&found["items"][0]["conversation"]["id"], &found["items"][0]["conversation"]["beside"]["id"]), (&side["id"], &json!(parent)));

    let id = text(&side["id"]);
    app.by(&app.agent).post(&format!("/conversations/{id}/replies"), json!({"text": "And when?"})).await.ok(201);
    let done = app.by(&app.agent).put(&format!("/conversations/{id}/status"), json!({"status": {"kind": "resolved"}})).await.ok(200);
    assert_eq!(done["status"]["kind"], "resolved");
    assert_eq!(app.by(&app.agent).get("/conversation-counts").await.ok(200)["resolved"], 0);
    app.by(&app.agent).put(&format!("/conversations/{id}/status"), json!({"status": {"kind": "on_hold"}})).await.problem(409, "side");
    app.by(&app.agent).put(&format!("/conversations/{id}/shelf"), json!({"kind": "trash"})).await.problem(409, "side");
    app.by(&app.agent).post(&format!("/conversations/{id}/side-conversations"), form()).await.problem(409, "side");
}

#[tokio::test]
async fn a_message_is_forwarded() {
    let app = TestApp::new().await;
    let (_, parent) = desk(&app).await;
    let path = format!("/conversations/{parent}/side-conversations");
    let messages = app.by(&app.agent).get(&format!("/conversations/{parent}/messages")).await.ok(200);
    let mut ask = form();
    ask["forward"] = json!({"message_id": messages["items"][0]["id"]});
    let side = app.by(&app.agent).post(&path, ask.clone()).await.ok(201);
    let passed = app.by(&app.agent).get(&format!("/conversations/{}/messages", text(&side["id"]))).await.ok(200);
    let words = text(&passed["items"][0]["text"]);
    assert!(words.contains("Can you repair it?") && words.contains("Forwarded message") && words.contains("Where is my order?"), "{words}");
    ask["forward"]["attachment_ids"] = json!(["att_0000000000000"]);
    app.by(&app.agent).post(&path, ask).await.problem(422, "invalid");
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let app = TestApp::new().await;
    let (_, parent) = desk(&app).await;
    let path = format!("/conversations/{parent}/side-conversations");
    for (field, value) in [
        ("to", json!([])),
        ("to", json!([{"address": "mina@shop.example"}])),
        ("subject", json!(" ")),
        ("text", json!("")),
        ("text", json!("Dear [[ name ]]")),
        ("attachment_ids", json!(["att_0000000000000"])),
        ("forward", json!({"message_id": "msg_0000000000000"})),
    ] {
        let mut bad = form();
        bad[field] = value;
        app.by(&app.agent).post(&path, bad).await.problem(422, "invalid");
    }
    assert_eq!(app.by(&app.agent).get(&path).await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn row_24_who_does_not_see_the_parent_sees_nothing_beside_it() {
    let app = TestApp::new().await;
    let (_, here) = desk(&app).await;
    let closed = closed_inbox(&app, "secret@haru.example", &[]).await;
    let hidden = text(&conversation(&app, &app.owner, &closed, "kim@shop.example", "Secret words").await["id"]);
    let path = format!("/conversations/{hidden}/side-conversations");
    let side = text(&app.by(&app.owner).post(&path, form()).await.ok(201)["id"]);
    app.by(&app.agent).get(&path).await.problem(404, "not_found");
    app.by(&app.agent).post(&path, form()).await.problem(404, "not_found");
    app.by(&app.agent).get(&format!("/conversations/{side}")).await.problem(404, "not_found");
    assert_eq!(app.by(&app.agent).get("/search?q=repair").await.ok(200)["items"], json!([]));
    let path = format!("/conversations/{here}/side-conversations");
    app.by(&app.viewer).post(&path, form()).await.problem(403, "forbidden");
    app.by(&app.stranger).post(&path, form()).await.problem(404, "not_found");
    app.by(&app.stranger).get(&path).await.problem(404, "not_found");
    // A message out of sight is not passed on from within one in sight.
    let secret = app.by(&app.owner).get(&format!("/conversations/{hidden}/messages")).await.ok(200);
    let mut ask = form();
    ask["forward"] = json!({"message_id": secret["items"][0]["id"]});
    app.by(&app.agent).post(&path, ask).await.problem(422, "invalid");
}
