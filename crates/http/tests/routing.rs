//! Availability, skills, queues, offers and the live board by the API: success, forbidden, another workspace, invalid.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{Open, conversation, inbox, text};
use common::{Person, TestApp};
use serde_json::{Value, json};

/// Lets the listener come to the end of the log.
async fn route(app: &TestApp) {
    app.settled().await;
    let (mut place, mut more) = (None, true);
    while more {
        let (now, again) = desk::routing::listen(&app.app.desk, place).await.unwrap();
        (place, more) = (Some(now), again);
    }
}

async fn online(app: &TestApp, who: &Person) {
    app.by(who).put("/availability/me", json!({"state": "online"})).await.ok(200);
}

async fn queue(app: &TestApp, name: &str, rule: Value) -> Value {
    app.by(&app.owner).post("/queues", json!({"name": name, "filter": {"all": []}, "rule": rule})).await.ok(201)
}

async fn offered_to(app: &TestApp, who: &Person) -> Vec<String> {
    let offers = app.by(who).get("/offers").await.ok(200);
    offers["items"].as_array().unwrap().iter().map(|o| text(&o["conversation"]["id"])).collect()
}

#[tokio::test]
async fn nothing_is_asked_of_anybody_until_there_is_a_queue() {
    let app = TestApp::new().await;
    route(&app).await;
    let inbox = inbox(&app, &app.owner, "help@haru.example").await;
    let c = conversation(&app, &app.owner, &inbox, "mina@shop.example", "Hello").await;
    route(&app).await;
    assert_eq!(app.by(&app.agent).get("/availability/me").await.ok(200)["routing"], false);
    let path = format!("/conversations/{}", text(&c["id"]));
    assert_eq!(app.by(&app.agent).get(&path).await.ok(200)["assignee"], Value::Null);
    assert_eq!(app.by(&app.agent).post("/next-conversation", json!({})).await.ok(200)["conversation_id"], Value::Null);
}

#[tokio::test]
async fn an_agent_says_whether_they_are_there_and_colleagues_see_it() {
    let app = TestApp::new().await;
    queue(&app, "Mail", json!({})).await;
    let settings = json!({"grace_seconds": 60, "idle_minutes": 5, "reasons": [{"name": "Lunch", "state": "away"}]});
    app.by(&app.agent).put("/availability-settings", settings.clone()).await.problem(403, "forbidden");
    app.by(&app.owner).put("/availability-settings", settings).await.ok(200);
    let mine = app.by(&app.agent).put("/availability/me", json!({"state": "away", "reason": "Lunch"})).await.ok(200);
    assert_eq!(
        (&mine["routing"], &mine["availability"]["effective"], &mine["availability"]["reason"]),
        (&json!(true), &json!("away"), &json!("Lunch"))
    );
    assert_eq!(mine["reasons"][0]["name"], "Lunch");
    let seen = app.by(&app.viewer).get("/availability").await.ok(200);
    assert_eq!((seen["items"].as_array().unwrap().len(), &seen["items"][0]["effective"]), (1, &json!("away")));
    assert_eq!(app.by(&app.stranger).get("/availability").await.ok(200)["items"], json!([]));
    app.by(&app.viewer).put("/availability/me", json!({"state": "online"})).await.problem(403, "forbidden");
    app.by(&app.agent).put("/availability/me", json!({"state": "asleep"})).await.problem(422, "invalid");
    app.by(&app.agent).put("/availability/me", json!({"reason": "x".repeat(41)})).await.problem(422, "invalid");
    app.by(&app.agent).put("/availability/me", json!({"shift_ends_at": "2020-01-01T00:00:00Z"})).await.problem(422, "invalid");
    let other = format!("/agents/{}/availability", app.agent.agent.id);
    app.by(&app.agent).put(&other, json!({"state": "busy"})).await.problem(403, "forbidden");
    assert_eq!(app.by(&app.admin).put(&other, json!({"state": "busy"})).await.ok(200)["state"], "busy");
    app.by(&app.stranger).put(&other, json!({"state": "busy"})).await.problem(404, "not_found");
    app.by(&app.agent).post("/availability/me/active", json!({})).await.ok(204);
}

#[tokio::test]
async fn admins_keep_skills_and_queues_and_agents_read_them() {
    let app = TestApp::new().await;
    let korean = app.by(&app.owner).post("/skills", json!({"name": "Korean", "language": "ko"})).await.ok(201);
    app.by(&app.agent).post("/skills", json!({"name": "X"})).await.problem(403, "forbidden");
    for wrong in [json!({"name": "KOREAN"}), json!({"name": ""}), json!({"name": "X", "language": "한국어"})] {
        app.by(&app.owner).post("/skills", wrong).await.problem(422, "invalid");
    }
    let work = json!({"capacity": {"total": 5, "chat": 2, "mail": 4}, "skill_ids": [korean["id"]]});
    let path = format!("/agents/{}/work", app.agent.agent.id);
    app.by(&app.agent).put(&path, work.clone()).await.problem(403, "forbidden");
    assert_eq!(app.by(&app.admin).put(&path, work).await.ok(200)["skill_ids"], json!([korean["id"]]));
    let over = json!({"capacity": {"total": 501, "chat": 2, "mail": 4}, "skill_ids": []});
    app.by(&app.admin).put(&path, over).await.problem(422, "invalid");
    let made =
        queue(&app, "Chats", json!({"priority": 7, "required": [korean["id"]], "hours": [{"day": 1, "from": "09:00:00", "until": "18:00:00"}]}))
            .await;
    assert_eq!((&made["rule"]["priority"], &made["rule"]["same_agent"], &made["version"]), (&json!(7), &json!(true), &json!(1)));
    let path = format!("/queues/{}", text(&made["id"]));
    let form =
        |name: &str, rule: Value| json!({"name": name, "filter": {"field": "priority", "operator": "is_any_of", "value": ["high"]}, "rule": rule});
    app.by(&app.agent).put(&path, form("X", json!({}))).await.problem(403, "forbidden");
    app.by(&app.stranger).put(&path, form("X", json!({}))).await.problem(404, "not_found");
    app.by(&app.owner).header("if-match", "\"9\"").put(&path, form("X", json!({}))).await.problem(409, "conflict");
    for wrong in [
        json!({"priority": 0}),
        json!({"accept_seconds": 1}),
        json!({"overflow": made["id"]}),
        json!({"hours": [{"day": 8, "from": "09:00:00", "until": "18:00:00"}]}),
        json!({"hours": [{"day": 1, "from": "19:00:00", "until": "18:00:00"}]}),
    ] {
        app.by(&app.owner).put(&path, form("Chats", wrong)).await.problem(422, "invalid");
    }
    let mine = json!({"name": "X", "filter": {"field": "assignee", "operator": "is_any_of", "value": ["me"]}});
    app.by(&app.owner).post("/queues", mine).await.problem(422, "invalid");
    assert_eq!(app.by(&app.owner).put(&path, form("Urgent", json!({}))).await.ok(200)["version"], 2);
    let second = queue(&app, "Rest", json!({})).await;
    app.by(&app.owner).post("/queues", json!({"name": "rest", "filter": {"all": []}})).await.problem(422, "invalid");
    let ordered = app.by(&app.owner).put("/queue-order", json!({"queue_ids": [second["id"]]})).await.ok(200);
    assert_eq!((&ordered["items"][0]["name"], &ordered["items"][1]["name"]), (&json!("Rest"), &json!("Urgent")));
    assert_eq!(app.by(&app.agent).get("/queues").await.ok(200)["items"].as_array().unwrap().len(), 2);
    assert_eq!(app.by(&app.stranger).get("/queues").await.ok(200)["items"], json!([]));
    app.by(&app.owner).delete(&format!("/skills/{}", text(&korean["id"]))).await.ok(204);
    app.by(&app.owner).delete(&path).await.ok(204);
    app.by(&app.owner).delete(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_is_offered_reaches_exactly_one_agent_who_takes_it_or_leaves_it_to_the_next() {
    let app = TestApp::new().await;
    route(&app).await;
    queue(&app, "Mail", json!({"offers": true, "accept_seconds": 30})).await;
    let inbox = inbox(&app, &app.owner, "help@haru.example").await;
    for who in [&app.agent, &app.admin] {
        online(&app, who).await;
    }
    route(&app).await;
    let mut screens = [Open::new(&app, &app.agent, "").await, Open::new(&app, &app.admin, "").await];
    let c = text(&conversation(&app, &app.owner, &inbox, "mina@shop.example", "Where is it?").await["id"]);
    route(&app).await;
    let (first, second) = if offered_to(&app, &app.agent).await.is_empty() { (&app.admin, &app.agent) } else { (&app.agent, &app.admin) };
    assert_eq!((offered_to(&app, first).await, offered_to(&app, second).await), (vec![c.clone()], vec![]));
    let mut told = Vec::new();
    for screen in &mut screens {
        told.push(screen.drain().await.iter().filter(|f| f.event == "offer.changed").count());
    }
    told.sort_unstable();
    assert_eq!(told, [0, 1], "only one of them hears of it");
    let path = |verb: &str| format!("/offers/{c}/{verb}");
    app.by(second).post(&path("accept"), json!({})).await.problem(409, "offer_over");
    app.by(&app.viewer).post(&path("accept"), json!({})).await.problem(403, "forbidden");
    app.by(&app.stranger).post(&path("accept"), json!({})).await.problem(404, "not_found");
    app.by(first).post(&path("decline"), json!({})).await.ok(204);
    assert_eq!((offered_to(&app, first).await, offered_to(&app, second).await), (vec![], vec![c.clone()]));
    app.by(second).post(&path("accept"), json!({})).await.ok(204);
    app.by(second).post(&path("accept"), json!({})).await.problem(409, "offer_over");
    let shown = app.by(&app.agent).get(&format!("/conversations/{c}")).await.ok(200);
    assert_eq!(shown["assignee"]["id"], second.agent.id.to_string());
    let line = app.by(&app.agent).get(&format!("/conversations/{c}/timeline")).await.ok(200);
    let routed = line["items"].as_array().unwrap().iter().find(|i| i["event"]["kind"] == "conversation.routed").unwrap();
    assert_eq!(routed["event"]["data"]["why"]["code"], "accepted");
    assert_eq!(routed["event"]["data"]["queue_name"], "Mail");
}

#[tokio::test]
async fn the_next_one_is_taken_by_hand_and_the_board_counts() {
    let app = TestApp::new().await;
    route(&app).await;
    queue(&app, "Mail", json!({})).await;
    let inbox = inbox(&app, &app.owner, "help@haru.example").await;
    let first = text(&conversation(&app, &app.owner, &inbox, "mina@shop.example", "One").await["id"]);
    let second = text(&conversation(&app, &app.owner, &inbox, "jun@shop.example", "Two").await["id"]);
    app.by(&app.owner).patch(&format!("/conversations/{second}"), json!({"priority": "urgent"})).await.ok(200);
    route(&app).await;
    let board = app.by(&app.owner).get("/live-board").await.ok(200);
    assert_eq!((&board["queues"][0]["waiting"], &board["queues"][0]["offered"]), (&json!(2), &json!(2)));
    app.by(&app.agent).get("/live-board").await.problem(403, "forbidden");
    app.by(&app.viewer).post("/next-conversation", json!({})).await.problem(403, "forbidden");
    assert_eq!(app.by(&app.agent).post("/next-conversation", json!({})).await.ok(200)["conversation_id"], second);
    assert_eq!(app.by(&app.agent).post("/next-conversation", json!({})).await.ok(200)["conversation_id"], first);
    assert_eq!(app.by(&app.agent).post("/next-conversation", json!({})).await.ok(200)["conversation_id"], Value::Null);
    app.by(&app.agent).post(&format!("/conversations/{first}/replies"), json!({"text": "Here"})).await.ok(201);
    route(&app).await;
    let board = app.by(&app.owner).get("/live-board").await.ok(200);
    let q = &board["queues"][0];
    assert_eq!((&q["waiting"], &q["answered"], &q["service_level"], &q["abandonment"]), (&json!(0), &json!(1), &json!(0.5), &json!(0.0)));
    assert_eq!(app.by(&app.stranger).get("/live-board").await.ok(200)["queues"], json!([]));
}

#[tokio::test]
async fn two_nodes_that_route_at_once_give_each_conversation_once() {
    let Some(app) = TestApp::on_postgres(http::HttpSettings::default()).await else { return };
    route(&app).await;
    let other = app.another_node().await;
    queue(&app, "Mail", json!({"offers": false})).await;
    let inbox = inbox(&app, &app.owner, "help@haru.example").await;
    for who in [&app.agent, &app.admin, &app.owner] {
        online(&app, who).await;
    }
    let mut ids = Vec::new();
    for n in 0..12 {
        ids.push(text(&conversation(&app, &app.owner, &inbox, &format!("c{n}@shop.example"), "Hello").await["id"]));
    }
    tokio::join!(route(&app), route(&other), async {
        for (n, _) in ids.iter().enumerate() {
            let who = if n % 2 == 0 { &app.agent } else { &app.admin };
            let node = if n % 2 == 0 { &app } else { &other };
            node.by(who).post("/next-conversation", json!({})).await.ok(200);
        }
    });
    route(&app).await;
    for id in &ids {
        let line = app.by(&app.owner).get(&format!("/conversations/{id}/timeline")).await.ok(200);
        let routed = line["items"].as_array().unwrap().iter().filter(|i| i["event"]["kind"] == "conversation.routed").count();
        assert_eq!(routed, 1, "{id} was given once");
    }
}
