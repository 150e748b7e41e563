//! Notifications, their settings, following and mentions by the API: success, forbidden, another workspace, invalid.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{Open, closed_inbox, conversation, desk, text};
use common::{TestApp, notification_settings};
use model::Role;
use serde_json::{Value, json};

async fn told(app: &TestApp, by: &common::Person) -> Value {
    app.listen().await;
    app.by(by).get("/notifications").await.ok(200)
}

#[tokio::test]
async fn an_assignment_is_told_listed_and_read() {
    let app = TestApp::new().await;
    app.listen().await;
    let (_, id) = desk(&app).await;
    let mut stream = Open::new(&app, &app.agent, "").await;
    app.by(&app.admin).patch(&format!("/conversations/{id}"), json!({"assignee_id": app.agent.agent.id.to_string()})).await.ok(200);
    let list = told(&app, &app.agent).await;
    let one = &list["items"][0];
    assert_eq!((&list["unread"], &one["kind"], &one["read_at"]), (&json!(1), &json!("assigned"), &Value::Null));
    assert_eq!((&one["conversation"]["id"], &one["conversation"]["subject"]), (&json!(id), &json!("Order 1042")));
    assert_eq!((&one["actor"]["kind"], &one["actor"]["name"]), (&json!("agent"), &json!("admin")));
    let frames = stream.drain().await;
    let frame = frames.iter().find(|f| f.event == "notification.changed").unwrap();
    assert_eq!((&frame.data["event"]["data"]["about"], &frame.data["event"]["data"]["desktop"]), (&json!("assigned"), &json!(true)));
    assert_eq!(frame.data["conversation"]["id"], json!(id));
    let path = format!("/notifications/{}/read", text(&one["id"]));
    app.by(&app.agent).put(&path, json!({"read": true})).await.ok(204);
    assert_eq!(app.by(&app.agent).get("/notifications").await.ok(200)["unread"], 0);
    assert_eq!(app.by(&app.agent).get("/notifications?unread=true").await.ok(200)["items"], json!([]));
    app.by(&app.agent).put(&path, json!({"read": false})).await.ok(204);
    app.by(&app.admin).put(&path, json!({"read": true})).await.problem(404, "not_found");
    app.by(&app.agent).put("/notifications/read", json!({"conversation_id": id})).await.ok(204);
    assert_eq!(app.by(&app.agent).get("/notifications").await.ok(200)["unread"], 0);
    app.by(&app.agent).put(&path, json!({"read": false})).await.ok(204);
    app.by(&app.agent).put("/notifications/read", json!({})).await.ok(204);
    assert_eq!(app.by(&app.agent).get("/notifications").await.ok(200)["unread"], 0);
}

#[tokio::test]
async fn row_45_nobody_hears_of_anothers_notifications() {
    let app = TestApp::new().await;
    app.listen().await;
    let (_, id) = desk(&app).await;
    let mut stream = Open::new(&app, &app.viewer, "").await;
    app.by(&app.admin).patch(&format!("/conversations/{id}"), json!({"assignee_id": app.agent.agent.id.to_string()})).await.ok(200);
    app.listen().await;
    assert!(stream.drain().await.iter().all(|f| f.event != "notification.changed"));
    assert_eq!(told(&app, &app.viewer).await["items"], json!([]));
}

#[tokio::test]
async fn row_26_who_loses_sight_of_an_inbox_loses_its_notifications() {
    let app = TestApp::new().await;
    app.listen().await;
    let helper = app.join("helper@haru.example", Role::Agent).await;
    let closed = closed_inbox(&app, "vip@haru.example", &[&helper]).await;
    let c = conversation(&app, &app.owner, &closed, "x@shop.example", "Secret words").await;
    let path = format!("/conversations/{}", text(&c["id"]));
    app.by(&app.owner).patch(&path, json!({"assignee_id": helper.agent.id.to_string()})).await.ok(200);
    assert_eq!(told(&app, &helper).await["unread"], 1);
    app.by(&app.owner).patch(&format!("/inboxes/{closed}"), json!({"member_ids": []})).await.ok(200);
    let list = told(&app, &helper).await;
    assert_eq!((&list["unread"], &list["items"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn a_mention_in_a_note_is_told_and_has_its_view() {
    let app = TestApp::new().await;
    app.listen().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}/notes");
    let named = |who: &str| json!({"html": format!("<p><span data-mention=\"{who}\">@x</span> look</p>")});
    let note = app.by(&app.admin).post(&path, named(&app.agent.agent.id.to_string())).await.ok(201);
    assert!(text(&note["html"]).contains("data-mention"));
    assert_eq!(told(&app, &app.agent).await["items"][0]["kind"], "mention");
    assert_eq!(app.by(&app.agent).get("/conversations?view=mentions").await.ok(200)["items"][0]["id"], json!(id));
    assert_eq!(app.by(&app.admin).get("/conversations?view=mentions").await.ok(200)["items"], json!([]));
    let team = app.by(&app.owner).post("/teams", json!({"name": "Returns", "member_ids": [app.owner.agent.id, app.viewer.agent.id]})).await.ok(201);
    app.by(&app.admin).post(&path, named(&text(&team["id"]))).await.ok(201);
    assert_eq!(told(&app, &app.viewer).await["items"][0]["kind"], "mention");
    for bad in [app.stranger.agent.id.to_string(), "agt_0000000000002".into(), "x".into()] {
        app.by(&app.admin).post(&path, named(&bad)).await.problem(422, "invalid");
    }
    let closed = closed_inbox(&app, "secret@haru.example", &[]).await;
    let hidden = conversation(&app, &app.owner, &closed, "x@shop.example", "Secret").await;
    let path = format!("/conversations/{}/notes", text(&hidden["id"]));
    app.by(&app.admin).post(&path, named(&app.agent.agent.id.to_string())).await.problem(422, "invalid");
}

#[tokio::test]
async fn following_is_each_agents_own_and_not_for_viewers() {
    let app = TestApp::new().await;
    app.listen().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}/follow");
    app.by(&app.agent).put(&path, json!({"follows": true})).await.ok(204);
    app.by(&app.agent).put(&path, json!({"follows": true})).await.ok(204);
    let me = app.agent.agent.id.to_string();
    assert_eq!(app.by(&app.admin).get(&format!("/conversations/{id}")).await.ok(200)["follower_ids"], json!([me]));
    assert_eq!(app.by(&app.agent).get("/conversations?view=following").await.ok(200)["items"][0]["id"], json!(id));
    app.pass(jiff::SignedDuration::from_secs(1));
    app.by(&app.admin).post(&format!("/conversations/{id}/replies"), json!({"text": "Hello"})).await.ok(201);
    assert_eq!(told(&app, &app.agent).await["items"][0]["kind"], "colleague");
    app.by(&app.agent).put(&path, json!({"follows": false})).await.ok(204);
    assert_eq!(app.by(&app.agent).get("/conversations?view=following").await.ok(200)["items"], json!([]));
    app.by(&app.viewer).put(&path, json!({"follows": true})).await.problem(403, "forbidden");
    app.by(&app.stranger).put(&path, json!({"follows": true})).await.problem(404, "not_found");
    app.by(&app.agent).put(&path, json!({"follows": true, "agent_id": me})).await.problem(400, "malformed");
}

#[tokio::test]
async fn settings_are_each_agents_own_and_whole() {
    let app = TestApp::new().await;
    let default = app.by(&app.agent).get("/notification-settings").await.ok(200);
    assert_eq!((&default["mention"]["mail"], &default["quiet_hours"]["enabled"]), (&json!(true), &json!(false)));
    app.by(&app.agent).put("/notification-settings", notification_settings()).await.ok(200);
    assert_eq!(app.by(&app.agent).get("/notification-settings").await.ok(200), notification_settings());
    assert_eq!(app.by(&app.admin).get("/notification-settings").await.ok(200), default);
    for (field, value) in
        [("mention", json!({"in_app": true})), ("quiet_hours", json!({"enabled": true, "from": "25:00", "until": "x"})), ("other", json!(1))]
    {
        let mut form = notification_settings();
        form[field] = value;
        let status = app.by(&app.agent).put("/notification-settings", form).await.status.as_u16();
        assert!([400, 422].contains(&status), "{field}: {status}");
    }
    for query in ["limit=0", "cursor=x", "unread=maybe", "agent_id=x"] {
        app.by(&app.agent).get(&format!("/notifications?{query}")).await.problem(400, "malformed");
    }
}
