//! Merging, undoing it and splitting by the API: success, forbidden, another workspace, invalid.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{closed_inbox, conversation, inbox, text};
use common::TestApp;
use serde_json::{Value, json};

/// Two conversations of one customer.
async fn two(app: &TestApp) -> (String, String) {
    let inbox = inbox(app, &app.owner, "help@haru.example").await;
    let one = conversation(app, &app.owner, &inbox, "mina@shop.example", "The kettle leaks").await;
    let two = conversation(app, &app.owner, &inbox, "mina@shop.example", "And the jar?").await;
    (text(&one["id"]), text(&two["id"]))
}

#[tokio::test]
async fn a_merge_and_its_undo() {
    let app = TestApp::new().await;
    let (one, two) = two(&app).await;
    let path = format!("/conversations/{two}/merge");
    let whole = app.by(&app.agent).post(&path, json!({"into": one})).await.ok(200);
    assert_eq!((&whole["id"], &whole["message_count"]), (&json!(one), &json!(2)));
    let gone = app.by(&app.agent).get(&format!("/conversations/{two}")).await.ok(200);
    assert_eq!(gone["merged_into"], json!(one));
    assert_eq!(app.by(&app.agent).get("/conversations?view=all").await.ok(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.by(&app.agent).get("/conversation-counts").await.ok(200)["all_open"], 1);
    let timeline = app.by(&app.agent).get(&format!("/conversations/{one}/timeline")).await.ok(200);
    assert_eq!(timeline["items"][0]["event"]["kind"], "conversation.merged");
    app.by(&app.agent).post(&format!("/conversations/{two}/notes"), json!({"text": "x"})).await.problem(409, "merged");
    app.by(&app.agent).put(&format!("/conversations/{two}/shelf"), json!({"kind": "trash"})).await.problem(409, "merged");
    let free = app.by(&app.agent).delete(&path).await.ok(200);
    assert_eq!((&free["id"], &free["merged_into"], &free["message_count"]), (&json!(two), &Value::Null, &json!(1)));
    app.by(&app.agent).delete(&path).await.problem(409, "not_merged");
    app.by(&app.agent).post(&path, json!({"into": one})).await.ok(200);
    app.by(&app.agent).post(&format!("/conversations/{one}/notes"), json!({"text": "since"})).await.ok(201);
    app.by(&app.agent).delete(&path).await.problem(409, "newer_messages");
}

#[tokio::test]
async fn a_split_and_where_it_went() {
    let app = TestApp::new().await;
    let (one, _) = two(&app).await;
    let note = app.by(&app.agent).post(&format!("/conversations/{one}/notes"), json!({"text": "about something else"})).await.ok(201);
    let form = json!({"message_ids": [note["id"]], "subject": "Something else"});
    let new = app.by(&app.agent).post(&format!("/conversations/{one}/split"), form.clone()).await.ok(201);
    assert_eq!((&new["subject"], &new["message_count"]), (&json!("Something else"), &json!(1)));
    let there = app.by(&app.agent).get(&format!("/conversations/{}/messages", text(&new["id"]))).await.ok(200);
    assert_eq!(there["items"][0]["id"], note["id"]);
    let said = app.by(&app.agent).get(&format!("/conversations/{one}/timeline")).await.ok(200);
    assert_eq!(said["items"][0]["event"]["data"]["into"], new["id"]);
    // Each half leads to the other.
    for (from, to) in [(&text(&new["id"]), &one), (&one, &text(&new["id"]))] {
        let links = app.by(&app.agent).get(&format!("/conversations/{from}")).await.ok(200)["links"].clone();
        assert_eq!((&links[0]["kind"], links[0].to_string().contains(to)), (&json!("related"), true), "{links}");
    }
    app.by(&app.agent).post(&format!("/conversations/{one}/split"), form).await.problem(422, "invalid");
    app.by(&app.agent).post(&format!("/conversations/{one}/split"), json!({"message_ids": []})).await.problem(422, "invalid");
}

#[tokio::test]
async fn row_24_both_conversations_must_be_in_sight() {
    let app = TestApp::new().await;
    let (one, _) = two(&app).await;
    let closed = closed_inbox(&app, "secret@haru.example", &[]).await;
    let hidden = text(&conversation(&app, &app.owner, &closed, "mina@shop.example", "Secret words").await["id"]);
    app.by(&app.agent).post(&format!("/conversations/{one}/merge"), json!({"into": hidden})).await.problem(422, "invalid");
    app.by(&app.agent).post(&format!("/conversations/{hidden}/merge"), json!({"into": one})).await.problem(404, "not_found");
    app.by(&app.stranger).post(&format!("/conversations/{one}/merge"), json!({"into": one})).await.problem(404, "not_found");
    app.by(&app.stranger).delete(&format!("/conversations/{one}/merge")).await.problem(404, "not_found");
    // Merged by somebody who sees both, it is undone only by such people.
    app.by(&app.owner).post(&format!("/conversations/{one}/merge"), json!({"into": hidden})).await.ok(200);
    app.by(&app.agent).delete(&format!("/conversations/{one}/merge")).await.problem(404, "not_found");
    let seen = app.by(&app.agent).get(&format!("/conversations/{one}/messages")).await.ok(200);
    assert_eq!(seen["items"], json!([]));
}

#[tokio::test]
async fn different_customers_and_viewers() {
    let app = TestApp::new().await;
    let (one, _) = two(&app).await;
    let there = inbox(&app, &app.owner, "more@haru.example").await;
    let other = text(&conversation(&app, &app.owner, &there, "kim@shop.example", "Hello").await["id"]);
    let path = format!("/conversations/{one}/merge");
    app.by(&app.agent).post(&path, json!({"into": other})).await.problem(409, "other_customer");
    app.by(&app.viewer).post(&path, json!({"into": other, "other_customer": true})).await.problem(403, "forbidden");
    app.by(&app.viewer).delete(&path).await.problem(403, "forbidden");
    app.by(&app.agent).post(&path, json!({"into": one})).await.problem(422, "invalid");
    app.by(&app.agent).post(&path, json!({"into": other, "by": "me"})).await.problem(400, "malformed");
    app.by(&app.agent).post(&path, json!({"into": other, "other_customer": true})).await.ok(200);
}
