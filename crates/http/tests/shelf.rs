//! The trash, spam and blocked senders by the API: success, forbidden, another workspace, invalid.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{closed_inbox, conversation, desk, text};
use common::TestApp;
use serde_json::{Value, json};

#[tokio::test]
async fn a_conversation_goes_to_the_trash_and_comes_back() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    let c = app.by(&app.agent).put(&format!("{path}/shelf"), json!({"kind": "trash"})).await.ok(200);
    assert_eq!((&c["shelf"]["kind"], &c["shelf"]["by"]), (&json!("trash"), &json!(app.agent.agent.id.to_string())));
    assert_eq!((&c["shelf"]["at"], &c["shelf"]["purged_at"]), (&json!("2026-11-22T10:00:00.000Z"), &json!("2026-12-22T10:00:00.000Z")));
    assert_eq!(app.by(&app.agent).get("/conversations?view=all").await.ok(200)["items"], json!([]));
    assert_eq!(app.by(&app.agent).get("/conversations?view=trash").await.ok(200)["items"][0]["id"], json!(id));
    assert_eq!(app.by(&app.agent).get("/search?q=order").await.ok(200)["items"], json!([]));
    let customer = text(&c["customer"]["id"]);
    assert_eq!(app.by(&app.agent).get(&format!("/customers/{customer}/conversations")).await.ok(200)["items"], json!([]));
    let counts = app.by(&app.agent).get("/conversation-counts").await.ok(200);
    assert_eq!((&counts["all_open"], &counts["trash"], &counts["spam"]), (&json!(0), &json!(1), &json!(0)));
    app.by(&app.agent).patch(&path, json!({"subject": "x"})).await.problem(409, "shelved");
    app.by(&app.agent).post(&format!("{path}/replies"), json!({"text": "x"})).await.problem(409, "shelved");
    app.by(&app.agent).post(&format!("{path}/notes"), json!({"text": "x"})).await.problem(409, "shelved");
    let c = app.by(&app.agent).delete(&format!("{path}/shelf")).await.ok(200);
    assert_eq!((&c["shelf"], &c["status"]["kind"]), (&Value::Null, &json!("open")));
    let timeline = app.by(&app.agent).get(&format!("{path}/timeline")).await.ok(200);
    let kinds: Vec<&Value> = timeline["items"].as_array().unwrap().iter().map(|i| &i["event"]["kind"]).collect();
    assert_eq!(kinds[..2], [&json!("conversation.restored"), &json!("conversation.shelved")]);
}

#[tokio::test]
async fn spam_may_block_its_sender_who_is_listed_and_let_in_again() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    app.by(&app.agent).put(&format!("/conversations/{id}/shelf"), json!({"kind": "spam", "block": true})).await.ok(200);
    let list = app.by(&app.agent).get("/blocked-senders").await.ok(200);
    assert_eq!(list["items"][0]["address"], "mina@shop.example");
    let path = format!("/blocked-senders/{}", text(&list["items"][0]["id"]));
    app.by(&app.viewer).delete(&path).await.problem(403, "forbidden");
    app.by(&app.viewer).get("/blocked-senders").await.problem(403, "forbidden");
    app.by(&app.stranger).delete(&path).await.problem(404, "not_found");
    app.by(&app.agent).delete(&path).await.ok(204);
    assert_eq!(app.by(&app.agent).get("/blocked-senders").await.ok(200)["items"], json!([]));
    let again = app.by(&app.agent).post("/blocked-senders", json!({"address": "Eve@evil.example"})).await.ok(201);
    let twice = app.by(&app.agent).post("/blocked-senders", json!({"address": "eve@evil.example"})).await.ok(201);
    assert_eq!(again["id"], twice["id"]);
    app.by(&app.agent).post("/blocked-senders", json!({"address": "help@haru.example"})).await.problem(422, "invalid");
    app.by(&app.agent).post("/blocked-senders", json!({"address": "no address"})).await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}/shelf");
    for bad in [json!({"kind": "attic"}), json!({}), json!({"kind": "trash", "at": "2020-01-01T00:00:00Z"}), json!({"kind": "trash", "by": "me"})] {
        let status = app.by(&app.agent).put(&path, bad.clone()).await.status.as_u16();
        assert!([400, 422].contains(&status), "{bad}: {status}");
    }
    app.by(&app.agent).put(&path, json!({"kind": "trash", "block": true})).await.problem(422, "invalid");
    app.by(&app.viewer).put(&path, json!({"kind": "trash"})).await.problem(403, "forbidden");
    app.by(&app.viewer).delete(&path).await.problem(403, "forbidden");
    app.by(&app.stranger).put(&path, json!({"kind": "trash"})).await.problem(404, "not_found");
    app.by(&app.stranger).delete(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn deleting_for_good_is_for_admins_and_leaves_nothing_to_find() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    app.by(&app.agent).delete(&path).await.problem(403, "forbidden");
    app.by(&app.admin).delete(&path).await.problem(409, "not_in_trash");
    app.by(&app.agent).put(&format!("{path}/shelf"), json!({"kind": "trash"})).await.ok(200);
    app.by(&app.stranger).delete(&path).await.problem(404, "not_found");
    app.by(&app.admin).delete(&path).await.ok(204);
    for gone in ["", "/timeline", "/messages"] {
        app.by(&app.owner).get(&format!("{path}{gone}")).await.problem(404, "not_found");
    }
    app.by(&app.admin).delete(&path).await.problem(404, "not_found");
    assert_eq!(app.by(&app.admin).get("/conversation-counts").await.ok(200)["trash"], 0);
    let audit = app.by(&app.admin).get("/audit").await;
    if audit.status.as_u16() == 200 {
        assert!(audit.text.contains("conversation.purged"), "{}", audit.text);
    }
}

#[tokio::test]
async fn row_26_the_trash_of_an_inbox_out_of_sight_stays_out_of_sight() {
    let app = TestApp::new().await;
    let closed = closed_inbox(&app, "secret@haru.example", &[]).await;
    let c = conversation(&app, &app.owner, &closed, "x@shop.example", "Secret words").await;
    let path = format!("/conversations/{}/shelf", text(&c["id"]));
    app.by(&app.owner).put(&path, json!({"kind": "trash"})).await.ok(200);
    assert_eq!(app.by(&app.agent).get("/conversations?view=trash").await.ok(200)["items"], json!([]));
    assert_eq!(app.by(&app.agent).get("/conversation-counts").await.ok(200)["trash"], 0);
    app.by(&app.agent).delete(&path).await.problem(404, "not_found");
}
