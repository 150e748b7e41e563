//! Bulk actions: begun, followed, stopped, taken back.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{conversation, desk, text};
use common::TestApp;
use serde_json::{Value, json};

fn urgent(ids: &[&str]) -> Value {
    json!({"conversation_ids": ids, "actions": [{"kind": "set_priority", "priority": "urgent"}]})
}

async fn work(app: &TestApp, id: &str) {
    let scope = app.scope(&app.agent).await;
    let mut tx = app.desk().begin().await.unwrap();
    desk::bulk::step(&mut tx, app.desk(), scope.workspace, id.parse().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_filters_conversations_are_changed_and_changed_back() {
    let app = TestApp::new().await;
    let (inbox, one) = desk(&app).await;
    conversation(&app, &app.owner, &inbox, "other@shop.example", "Hello").await;
    let form = json!({"filter": {"field": "status", "operator": "is_any_of", "value": ["open"]}, "actions": [{"kind": "set_priority", "priority": "urgent"}]});
    let bulk = app.by(&app.agent).post("/bulk-actions", form).await.ok(202);
    assert_eq!((&bulk["state"], &bulk["total"]), (&json!("running"), &json!(2)));
    let id = text(&bulk["id"]);
    work(&app, &id).await;
    let done = app.by(&app.agent).get(&format!("/bulk-actions/{id}")).await.ok(200);
    assert_eq!((&done["state"], &done["changed"], &done["failed"], &done["faults"]), (&json!("done"), &json!(2), &json!(0), &json!([])));
    assert_eq!(app.by(&app.agent).get(&format!("/conversations/{one}")).await.ok(200)["priority"], "urgent");
    app.by(&app.agent).post(&format!("/bulk-actions/{id}/cancel"), json!({})).await.problem(409, "bulk_not_now");
    app.by(&app.agent).post(&format!("/bulk-actions/{id}/undo"), json!({})).await.ok(202);
    work(&app, &id).await;
    assert_eq!(app.by(&app.agent).get(&format!("/conversations/{one}")).await.ok(200)["priority"], "normal");
    assert_eq!(app.by(&app.agent).get("/bulk-actions").await.ok(200)["items"][0]["state"], "undone");
}

#[tokio::test]
async fn a_bulk_action_is_its_owners() {
    let app = TestApp::new().await;
    let (_, one) = desk(&app).await;
    let id = text(&app.by(&app.agent).post("/bulk-actions", urgent(&[&one])).await.ok(202)["id"]);
    let colleague = app.join("jun@haru.example", model::Role::Agent).await;
    app.by(&colleague).get(&format!("/bulk-actions/{id}")).await.problem(404, "not_found");
    app.by(&app.stranger).get(&format!("/bulk-actions/{id}")).await.problem(404, "not_found");
    app.by(&app.owner).post(&format!("/bulk-actions/{id}/cancel"), json!({})).await.problem(404, "not_found");
    app.by(&app.viewer).post("/bulk-actions", urgent(&[&one])).await.problem(403, "forbidden");
    app.by(&app.agent).post(&format!("/bulk-actions/{id}/cancel"), json!({})).await.ok(200);
}

#[tokio::test]
async fn forms_that_do_not_fit_are_refused_with_the_place() {
    let app = TestApp::new().await;
    let (_, one) = desk(&app).await;
    let post = |form: Value| app.by(&app.agent).post("/bulk-actions", form);
    assert_eq!(post(json!({"conversation_ids": [one], "actions": []})).await.problem(422, "invalid")["errors"][0]["field"], "actions[0]");
    post(json!({"actions": [{"kind": "assign_me"}]})).await.problem(422, "invalid");
    post(json!({"filter": {"all": []}, "conversation_ids": [one], "actions": [{"kind": "assign_me"}]})).await.problem(422, "invalid");
    let unknown = post(json!({"filter": {"field": "mood", "operator": "is", "value": 1}, "actions": [{"kind": "assign_me"}]})).await;
    assert_eq!(unknown.problem(400, "malformed")["errors"][0]["field"], "filter.field");
    let draft = json!([{"kind": "assign_me"}, {"kind": "insert_reply", "html": "<p>x</p>"}]);
    assert_eq!(post(json!({"conversation_ids": [one], "actions": draft})).await.problem(422, "invalid")["errors"][0]["field"], "actions[1]");
}

#[tokio::test]
async fn how_many_a_list_holds_is_told_before_one_begins() {
    let app = TestApp::new().await;
    let (inbox, _) = desk(&app).await;
    conversation(&app, &app.owner, &inbox, "other@shop.example", "Hello").await;
    let total = |query: &str| {
        let path = format!("/conversation-total{query}");
        let agent = app.agent.clone();
        let app = &app;
        async move { app.by(&agent).get(&path).await }
    };
    assert_eq!(total("").await.ok(200), json!({"total": 2, "most": 50_000}));
    assert_eq!(total("?q=is:resolved").await.ok(200)["total"], 0);
    total("?q=is:purple").await.problem(400, "malformed");
    total("?filter=%7B").await.problem(400, "malformed");
    let trash = json!({"filter": {"field": "status", "operator": "is_any_of", "value": ["open"]}, "actions": [{"kind": "shelve", "shelf": "trash"}]});
    let id = text(&app.by(&app.agent).post("/bulk-actions", trash.clone()).await.ok(202)["id"]);
    work(&app, &id).await;
    assert_eq!(total("").await.ok(200)["total"], 0);
    assert_eq!(total("?view=trash").await.ok(200)["total"], 2);
    app.by(&app.viewer).post("/bulk-actions", trash).await.problem(403, "forbidden");
}

#[tokio::test]
async fn the_list_is_ones_own_and_everybodys_for_admins_in_pages() {
    let app = TestApp::new().await;
    let (_, one) = desk(&app).await;
    let mine = text(&app.by(&app.agent).post("/bulk-actions", urgent(&[&one])).await.ok(202)["id"]);
    let theirs = text(&app.by(&app.owner).post("/bulk-actions", urgent(&[&one])).await.ok(202)["id"]);
    app.by(&app.stranger).get("/bulk-actions?everyone=true").await.ok(200);
    let ids = |list: &Value| list["items"].as_array().unwrap().iter().map(|b| text(&b["id"])).collect::<Vec<_>>();
    assert_eq!(ids(&app.by(&app.agent).get("/bulk-actions").await.ok(200)), [mine.clone()]);
    app.by(&app.agent).get("/bulk-actions?everyone=true").await.problem(403, "forbidden");
    let page = app.by(&app.admin).get("/bulk-actions?everyone=true&limit=1").await.ok(200);
    assert_eq!((ids(&page), &page["items"][0]["agent_id"]), (vec![theirs.clone()], &json!(app.owner.agent.id.to_string())));
    let next = app.by(&app.admin).get(&format!("/bulk-actions?everyone=true&limit=1&cursor={}", text(&page["next"]))).await.ok(200);
    assert_eq!((ids(&next), &next["next"]), (vec![mine.clone()], &Value::Null));
    assert_eq!(ids(&app.by(&app.stranger).get("/bulk-actions?everyone=true").await.ok(200)), Vec::<String>::new());
    app.by(&app.admin).get("/bulk-actions?cursor=yesterday").await.problem(400, "malformed");
    // An admin looks into it, and leaves it to its owner.
    assert_eq!(app.by(&app.admin).get(&format!("/bulk-actions/{mine}")).await.ok(200)["total"], 1);
    app.by(&app.admin).post(&format!("/bulk-actions/{mine}/undo"), json!({})).await.problem(404, "not_found");
}
