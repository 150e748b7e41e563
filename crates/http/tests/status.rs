//! Statuses of a workspace's own, due dates, reminders and handing over by the API: success, forbidden, another workspace, invalid.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{Open, conversation, desk, text};
use common::{TestApp, encoded};
use serde_json::{Value, json};

async fn status(app: &TestApp, name: &str, category: &str, is_default: bool) -> Value {
    app.by(&app.owner).post("/custom-statuses", json!({"name": name, "category": category, "color": "teal", "is_default": is_default})).await.ok(201)
}

#[tokio::test]
async fn admins_keep_the_list_and_agents_read_it() {
    let app = TestApp::new().await;
    let parts = status(&app, "Waiting for parts", "pending", true).await;
    assert_eq!((&parts["version"], &parts["category"], &parts["is_default"]), (&json!(1), &json!("pending"), &json!(true)));
    let path = format!("/custom-statuses/{}", text(&parts["id"]));
    app.by(&app.agent).post("/custom-statuses", json!({"name": "X", "category": "open"})).await.problem(403, "forbidden");
    app.by(&app.agent).patch(&path, json!({"name": "X"})).await.problem(403, "forbidden");
    app.by(&app.agent).put("/custom-status-order", json!({"custom_status_ids": [parts["id"]]})).await.problem(403, "forbidden");
    app.by(&app.stranger).patch(&path, json!({"name": "X"})).await.problem(404, "not_found");
    assert_eq!(app.by(&app.stranger).get("/custom-statuses").await.ok(200)["items"], json!([]));
    for (form, field) in [
        (json!({"name": "waiting FOR parts", "category": "open"}), "name"),
        (json!({"name": "", "category": "open"}), "name"),
        (json!({"name": "Away", "category": "snoozed"}), "category"),
    ] {
        assert_eq!(app.by(&app.owner).post("/custom-statuses", form).await.problem(422, "invalid")["errors"][0]["field"], field);
    }
    let second = status(&app, "Waiting for payment", "pending", true).await;
    let names = |list: Value| list["items"].as_array().unwrap().iter().map(|s| (text(&s["name"]), s["is_default"] == true)).collect::<Vec<_>>();
    let all = names(app.by(&app.agent).get("/custom-statuses").await.ok(200));
    assert_eq!(all, [("Waiting for parts".to_owned(), false), ("Waiting for payment".to_owned(), true)]);
    let ordered = app.by(&app.owner).put("/custom-status-order", json!({"custom_status_ids": [second["id"]]})).await.ok(200);
    assert_eq!(names(ordered)[0].0, "Waiting for payment");
    let edit = |name: &str| app.by(&app.owner).header("if-match", "\"2\"").patch(&path, json!({"name": name}));
    assert_eq!(edit("Parts").await.ok(200)["version"], 3);
    edit("Other").await.problem(409, "conflict");
    app.by(&app.owner).patch(&path, json!({"archived": true})).await.ok(200);
    app.by(&app.owner).patch(&path, json!({"is_default": true})).await.problem(409, "archived");
}

#[tokio::test]
async fn a_conversation_has_a_status_of_the_workspaces_own_and_is_found_by_it() {
    let app = TestApp::new().await;
    let parts = status(&app, "Waiting for parts", "pending", false).await;
    let (inbox, id) = desk(&app).await;
    conversation(&app, &app.owner, &inbox, "other@shop.example", "Hello").await;
    let path = format!("/conversations/{id}");
    let custom = json!({"status": {"kind": "custom", "custom_status_id": parts["id"]}});
    let set = app.by(&app.agent).put(&format!("{path}/status"), custom.clone()).await.ok(200);
    assert_eq!(set["status"], json!({"kind": "pending"}));
    assert_eq!(set["custom_status"], json!({"id": parts["id"], "name": "Waiting for parts", "color": "teal"}));
    let filter = json!({"field": "custom_status", "operator": "is_any_of", "value": [parts["id"]]});
    let typed = r#"custom_status:"waiting for parts""#;
    for query in [format!("filter={}", encoded(&filter.to_string())), format!("q={}", encoded(typed))] {
        let found = app.by(&app.agent).get(&format!("/conversations?{query}")).await.ok(200);
        assert_eq!((found["items"].as_array().unwrap().len(), &found["items"][0]["id"]), (1, &json!(id)), "{query}");
    }
    let line = app.by(&app.agent).get(&format!("{path}/timeline")).await.ok(200);
    let event = line["items"].as_array().unwrap().iter().find(|i| i["event"]["kind"] == "conversation.status_changed").unwrap();
    assert_eq!(event["event"]["data"]["to_custom"], parts["id"]);
    let theirs = app.by(&app.stranger).post("/custom-statuses", json!({"name": "Theirs", "category": "open"})).await.ok(201);
    let foreign = json!({"kind": "custom", "custom_status_id": theirs["id"]});
    app.by(&app.agent).put(&format!("{path}/status"), json!({"status": foreign})).await.problem(422, "invalid");
    let reply = json!({"text": "x", "then": foreign});
    let refused = app.by(&app.agent).post(&format!("{path}/replies"), reply).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["field"], "then.custom_status_id");
    let actions = json!([{"kind": "set_status", "status": foreign}]);
    let kept = json!({"name": "m", "visibility": {"kind": "everyone"}, "actions": actions});
    app.by(&app.agent).post("/macros", kept).await.problem(422, "invalid");
    let reply = json!({"text": "Soon", "then": {"kind": "custom", "custom_status_id": parts["id"]}});
    app.by(&app.agent).post(&format!("{path}/replies"), reply).await.ok(201);
    app.by(&app.viewer).put(&format!("{path}/status"), custom).await.problem(403, "forbidden");
}

#[tokio::test]
async fn a_conversation_is_due_sorted_by_it_and_found_by_it() {
    let app = TestApp::new().await;
    let (inbox, id) = desk(&app).await;
    let other = text(&conversation(&app, &app.owner, &inbox, "other@shop.example", "Hello").await["id"]);
    for (id, days) in [(&id, 3), (&other, 1)] {
        let at = app.app.desk.clock.now() + std::time::Duration::from_secs(86_400 * days);
        let set = app.by(&app.agent).patch(&format!("/conversations/{id}"), json!({"due_at": at.to_string()})).await.ok(200);
        assert!(set["due_at"].is_string());
    }
    let ids = |list: Value| list["items"].as_array().unwrap().iter().map(|c| text(&c["id"])).collect::<Vec<_>>();
    assert_eq!(ids(app.by(&app.agent).get("/conversations?sort=due").await.ok(200)), [other.clone(), id.clone()]);
    assert_eq!(ids(app.by(&app.agent).get(&format!("/conversations?q={}", encoded("due:<2d"))).await.ok(200)), [other]);
    let filter = json!({"name": "Due", "audience": {"kind": "personal"}, "sort": "due", "filter": {"field": "due", "operator": "is_set"}});
    let view = app.by(&app.agent).post("/views", filter).await.ok(201);
    assert_eq!(ids(app.by(&app.agent).get(&format!("/conversations?view_id={}", text(&view["id"]))).await.ok(200)).len(), 2);
    let path = format!("/conversations/{id}");
    app.by(&app.agent).patch(&path, json!({"due_at": "2099-01-01T00:00:00Z"})).await.problem(422, "invalid");
    app.by(&app.agent).patch(&path, json!({"due_at": "soon"})).await.problem(422, "invalid");
    app.by(&app.viewer).patch(&path, json!({"due_at": null})).await.problem(403, "forbidden");
    app.by(&app.stranger).patch(&path, json!({"due_at": null})).await.problem(404, "not_found");
    assert_eq!(app.by(&app.agent).patch(&path, json!({"due_at": null})).await.ok(200)["due_at"], Value::Null);
}

#[tokio::test]
async fn reminders_are_listed_and_taken_back_by_whom_they_belong_to() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}/reminders");
    let at = (app.app.desk.clock.now() + std::time::Duration::from_secs(3_600)).to_string();
    let mut other = Open::new(&app, &app.admin, "").await;
    let made = app.by(&app.agent).post(&path, json!({"at": at, "words": "Ask again", "unless_answered": true})).await.ok(201);
    assert_eq!((&made["words"], &made["unless_answered"]), (&json!("Ask again"), &json!(true)));
    assert_eq!(app.by(&app.agent).get(&path).await.ok(200)["items"], json!([made]));
    assert_eq!(app.by(&app.admin).get(&path).await.ok(200)["items"], json!([]), "nobody else sees it");
    assert!(other.drain().await.iter().all(|f| !f.event.starts_with("reminder.")));
    let audit = app.by(&app.owner).get("/audit").await.ok(200).to_string();
    assert!(!audit.contains("reminder."), "nor does the audit log");
    let one = format!("/reminders/{}", text(&made["id"]));
    app.by(&app.admin).delete(&one).await.problem(404, "not_found");
    app.by(&app.stranger).delete(&one).await.problem(404, "not_found");
    app.by(&app.stranger).get(&path).await.problem(404, "not_found");
    app.by(&app.viewer).post(&path, json!({"at": at})).await.problem(403, "forbidden");
    app.by(&app.agent).post(&path, json!({"at": "2020-01-01T00:00:00Z"})).await.problem(422, "invalid");
    app.by(&app.agent).post(&path, json!({"at": at, "words": "two\nlines"})).await.problem(422, "invalid");
    app.by(&app.agent).delete(&one).await.ok(204);
    app.by(&app.agent).delete(&one).await.problem(404, "not_found");
    assert_eq!(app.by(&app.agent).get(&path).await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn a_note_goes_along_with_an_assignment() {
    let app = TestApp::new().await;
    app.listen().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    let hand = json!({"assignee_id": app.agent.agent.id.to_string(), "note": {"text": "She wants the blue one."}});
    app.by(&app.admin).patch(&path, hand).await.ok(200);
    app.listen().await;
    let list = app.by(&app.agent).get("/notifications").await.ok(200);
    let one = &list["items"][0];
    assert_eq!((&one["kind"], &one["words"], &list["unread"]), (&json!("assigned"), &json!("She wants the blue one."), &json!(1)));
    let line = app.by(&app.agent).get(&format!("{path}/timeline")).await.ok(200);
    assert!(line["items"].as_array().unwrap().iter().any(|i| i["message"]["kind"] == "note" && i["message"]["text"] == "She wants the blue one."));
    let alone = app.by(&app.admin).patch(&path, json!({"note": {"text": "x"}})).await.problem(422, "invalid");
    assert_eq!(alone["errors"][0]["field"], "note");
    let nobody = json!({"assignee_id": app.stranger.agent.id.to_string(), "note": {"text": "canary"}});
    app.by(&app.admin).patch(&path, nobody).await.problem(422, "invalid");
    assert!(!app.by(&app.agent).get(&format!("{path}/timeline")).await.ok(200).to_string().contains("canary"));
}
