//! Problems and their cases by the API: success, forbidden, another workspace, invalid.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{closed_inbox, conversation, inbox, text};
use common::TestApp;
use serde_json::json;

/// A problem and two customers who have it.
async fn three(app: &TestApp) -> (String, String, String) {
    let inbox = inbox(app, &app.owner, "help@haru.example").await;
    let mut ids = Vec::new();
    for who in ["jun@lab.example", "mina@shop.example", "kim@shop.example"] {
        ids.push(text(&conversation(app, &app.owner, &inbox, who, "It cracks.").await["id"]));
    }
    (ids[0].clone(), ids[1].clone(), ids[2].clone())
}

#[tokio::test]
async fn a_problem_is_linked_solved_and_let_go() {
    let app = TestApp::new().await;
    let (problem, one, two) = three(&app).await;
    let links = format!("/conversations/{problem}/links");
    app.by(&app.agent).post(&links, json!({"kind": "problem", "conversation_ids": [one, two]})).await.ok(204);
    let cases = app.by(&app.viewer).get(&format!("/conversations/{problem}/cases")).await.ok(200);
    assert_eq!((&cases["items"][0]["id"], &cases["items"][1]["id"]), (&json!(two), &json!(one)));
    let case = app.by(&app.viewer).get(&format!("/conversations/{one}")).await.ok(200);
    assert_eq!(
        (&case["links"][0]["kind"], &case["links"][0]["follows"], &case["links"][0]["conversation"]["id"]),
        (&json!("problem"), &json!(true), &json!(problem))
    );
    let solve = format!("/conversations/{problem}/solve");
    let bulk = app.by(&app.agent).post(&solve, json!({"html": "<p>Mended.</p>", "resolve": true})).await.ok(202);
    assert_eq!((&bulk["total"], &bulk["actions"][0]["kind"]), (&json!(2), &json!("send_reply")));
    assert_eq!(app.by(&app.agent).get(&format!("/conversations/{problem}")).await.ok(200)["status"]["kind"], "resolved");
    app.by(&app.agent).delete(&format!("{links}/{two}")).await.ok(204);
    app.by(&app.agent).delete(&format!("{links}/{two}")).await.problem(404, "not_found");
    assert_eq!(app.by(&app.agent).get(&format!("/conversations/{problem}/cases")).await.ok(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let app = TestApp::new().await;
    let (problem, one, two) = three(&app).await;
    let links = format!("/conversations/{problem}/links");
    app.by(&app.agent).post(&links, json!({"kind": "problem", "conversation_ids": []})).await.problem(422, "invalid");
    app.by(&app.agent).post(&links, json!({"kind": "side", "conversation_ids": [one]})).await.problem(422, "invalid");
    app.by(&app.agent).post(&links, json!({"kind": "cousin", "conversation_ids": [one]})).await.problem(422, "invalid");
    let solve = format!("/conversations/{problem}/solve");
    app.by(&app.agent).post(&solve, json!({"html": "<p>Mended.</p>", "resolve": true})).await.problem(422, "invalid");
    app.by(&app.agent).post(&links, json!({"kind": "problem", "conversation_ids": [one]})).await.ok(204);
    app.by(&app.agent).post(&solve, json!({"html": "{{ shoe.size }}", "resolve": true})).await.problem(422, "invalid");
    app.by(&app.agent).post(&solve, json!({"resolve": true})).await.problem(422, "invalid");
    app.by(&app.agent)
        .post(&format!("/conversations/{one}/links"), json!({"kind": "problem", "conversation_ids": [two]}))
        .await
        .problem(409, "is_case");
}

#[tokio::test]
async fn row_24_only_what_is_in_sight_is_linked_and_answered() {
    let app = TestApp::new().await;
    let (problem, one, _) = three(&app).await;
    let closed = closed_inbox(&app, "secret@haru.example", &[]).await;
    let hidden = text(&conversation(&app, &app.owner, &closed, "lee@shop.example", "Secret words").await["id"]);
    let links = format!("/conversations/{problem}/links");
    app.by(&app.agent).post(&links, json!({"kind": "problem", "conversation_ids": [hidden]})).await.problem(422, "invalid");
    app.by(&app.owner).post(&links, json!({"kind": "problem", "conversation_ids": [hidden, one]})).await.ok(204);
    assert_eq!(app.by(&app.agent).get(&format!("/conversations/{problem}/cases")).await.ok(200)["items"].as_array().unwrap().len(), 1);
    app.by(&app.agent).delete(&format!("{links}/{hidden}")).await.problem(404, "not_found");
    let bulk = app.by(&app.agent).post(&format!("/conversations/{problem}/solve"), json!({"html": "<p>Mended.</p>", "resolve": false})).await.ok(202);
    assert_eq!(bulk["total"], 1);
    app.by(&app.viewer).post(&links, json!({"kind": "problem", "conversation_ids": [one]})).await.problem(403, "forbidden");
    app.by(&app.viewer)
        .post(&format!("/conversations/{problem}/solve"), json!({"html": "<p>x</p>", "resolve": true}))
        .await
        .problem(403, "forbidden");
    app.by(&app.stranger).post(&links, json!({"kind": "related", "conversation_ids": [one]})).await.problem(404, "not_found");
    app.by(&app.stranger).get(&format!("/conversations/{problem}/cases")).await.problem(404, "not_found");
    app.by(&app.stranger)
        .post(&format!("/conversations/{problem}/solve"), json!({"html": "<p>x</p>", "resolve": true}))
        .await
        .problem(404, "not_found");
}
