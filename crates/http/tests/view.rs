//! Saved views, filters in the query string, typed queries.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{closed_inbox, conversation, desk, inbox, text};
use common::{TestApp, encoded};
use serde_json::{Value, json};

fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|c| text(&c["id"])).collect()
}

fn urgent() -> Value {
    json!({"all": [{"field": "priority", "operator": "is_any_of", "value": ["urgent"]}, {"field": "status", "operator": "is_any_of", "value": ["open"]}]})
}

#[tokio::test]
async fn a_saved_view_lists_and_counts_what_its_filter_finds() {
    let app = TestApp::new().await;
    let (inbox, late) = desk(&app).await;
    conversation(&app, &app.owner, &inbox, "other@shop.example", "Hello").await;
    app.by(&app.agent).patch(&format!("/conversations/{late}"), json!({"priority": "urgent"})).await.ok(200);
    let form = json!({"name": "Urgent", "folder": "Mine", "audience": {"kind": "personal"}, "filter": urgent(), "sort": "oldest"});
    let view = app.by(&app.agent).post("/views", form).await.ok(201);
    assert_eq!((&view["filter"], &view["editable"], &view["sort"]), (&urgent(), &json!(true), &json!("oldest")));
    let id = text(&view["id"]);
    assert_eq!(ids(&app.by(&app.agent).get(&format!("/conversations?view_id={id}")).await.ok(200)), std::slice::from_ref(&late));
    let counts = app.by(&app.agent).get("/view-counts").await.ok(200);
    assert_eq!((&counts["counts"][&id], &counts["most"]), (&json!(1), &json!(1000)));
    app.by(&app.agent).put(&format!("/conversations/{late}/status"), json!({"status": {"kind": "resolved"}})).await.ok(200);
    assert!(ids(&app.by(&app.agent).get(&format!("/conversations?view_id={id}")).await.ok(200)).is_empty());
}

#[tokio::test]
async fn a_personal_view_is_its_owners_and_a_shared_one_needs_the_permission() {
    let app = TestApp::new().await;
    let form = |kind: &str| json!({"name": "Late", "audience": {"kind": kind}, "filter": {"all": []}});
    let mine = text(&app.by(&app.agent).post("/views", form("personal")).await.ok(201)["id"]);
    app.by(&app.agent).post("/views", form("everyone")).await.problem(403, "forbidden");
    let shared = text(&app.by(&app.owner).post("/views", form("everyone")).await.ok(201)["id"]);
    assert_eq!(ids(&app.by(&app.owner).get("/views").await.ok(200)), std::slice::from_ref(&shared));
    let seen = app.by(&app.agent).get("/views").await.ok(200);
    assert_eq!(seen["items"].as_array().unwrap().iter().filter(|v| v["editable"] == true).count(), 1);
    app.by(&app.owner).patch(&format!("/views/{mine}"), json!({"name": "x"})).await.problem(404, "not_found");
    app.by(&app.owner).delete(&format!("/views/{mine}")).await.problem(404, "not_found");
    app.by(&app.agent).patch(&format!("/views/{shared}"), json!({"name": "x"})).await.problem(403, "forbidden");
    app.by(&app.agent).patch(&format!("/views/{mine}"), json!({"audience": {"kind": "everyone"}})).await.problem(403, "forbidden");
    app.by(&app.agent).delete(&format!("/views/{mine}")).await.ok(204);
}

#[tokio::test]
async fn two_who_edit_a_view_at_once_both_see_it() {
    let app = TestApp::new().await;
    let form = json!({"name": "Late", "audience": {"kind": "everyone"}, "filter": {"all": []}});
    let path = format!("/views/{}", text(&app.by(&app.owner).post("/views", form).await.ok(201)["id"]));
    let edit = |name: &str| app.by(&app.owner).header("if-match", "\"1\"").patch(&path, json!({"name": name, "folder": null}));
    assert_eq!(edit("First").await.ok(200)["version"], 2);
    assert_eq!(edit("Second").await.problem(409, "conflict")["current"]["name"], "First");
}

#[tokio::test]
async fn filters_that_cannot_be_read_are_refused_with_the_place() {
    let app = TestApp::new().await;
    let ask = |filter: Value| {
        let query = encoded(&filter.to_string());
        let app = &app;
        async move { app.by(&app.agent).get(&format!("/conversations?filter={query}")).await.problem(400, "malformed") }
    };
    let unknown =
        json!({"all": [{"field": "status", "operator": "is_any_of", "value": ["open"]}, {"field": "c.id) OR 1=1 --", "operator": "is", "value": 1}]});
    assert_eq!(ask(unknown).await["errors"][0]["field"], "filter.all[1].field");
    let one = json!({"field": "unread", "operator": "is", "value": true});
    let deep = (0..40).fold(one.clone(), |inner, _| json!({ "not": inner }));
    assert!(text(&ask(deep).await["errors"][0]["field"]).starts_with("filter.not.not"));
    let view = json!({"name": "Bomb", "audience": {"kind": "personal"}, "filter": {"all": vec![one; 10_000]}});
    assert_eq!(app.by(&app.agent).post("/views", view).await.problem(400, "malformed")["errors"][0]["field"], "filter.all");
    app.by(&app.agent).get("/conversations?filter=%7B").await.problem(400, "malformed");
    let very_deep = encoded(&"[".repeat(2_000));
    app.by(&app.agent).get(&format!("/conversations?filter={very_deep}")).await.problem(400, "malformed");
}

#[tokio::test]
async fn a_typed_query_finds_and_its_faults_are_named() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let tag = app.by(&app.agent).post("/tags", json!({"name": "환불 요청", "color": "red"})).await.ok(201);
    app.by(&app.agent).put(&format!("/conversations/{id}/tags"), json!({"tag_ids": [tag["id"]]})).await.ok(200);
    let find = |q: &str| {
        let path = format!("/conversations?q={}", encoded(q));
        let app = &app;
        async move { ids(&app.by(&app.agent).get(&path).await.ok(200)) }
    };
    assert_eq!(find(r#"is:open tag:"환불 요청" assignee:none created:<1d"#).await, std::slice::from_ref(&id));
    assert!(find(r#"is:open -tag:"환불 요청""#).await.is_empty());
    assert!(find("is:resolved").await.is_empty());
    let typed = app.by(&app.agent).get(&format!("/typed-filter?q={}", encoded("is:unread"))).await.ok(200);
    assert_eq!(typed["filter"], json!({"all": [{"field": "unread", "operator": "is", "value": true}]}));
    let fault = app.by(&app.agent).get(&format!("/typed-filter?q={}", encoded("환불 tag:nothing"))).await.problem(400, "malformed");
    assert_eq!(fault["errors"][0]["field"], "q[3..14]");
    let long = encoded(&"x".repeat(2_001));
    app.by(&app.agent).get(&format!("/typed-filter?q={long}")).await.problem(400, "malformed");
    assert!(find("?!.,").await.is_empty());
}

#[tokio::test]
async fn a_filter_shows_nothing_of_an_inbox_out_of_sight() {
    let app = TestApp::new().await;
    let open = inbox(&app, &app.owner, "help@haru.example").await;
    let closed = closed_inbox(&app, "board@haru.example", &[&app.owner]).await;
    let seen = text(&conversation(&app, &app.owner, &open, "a@shop.example", "parcel").await["id"]);
    conversation(&app, &app.owner, &closed, "b@shop.example", "parcel").await;
    for q in ["parcel", "-is:resolved", "-from:nobody@shop.example", "number:>0"] {
        assert_eq!(ids(&app.by(&app.agent).get(&format!("/conversations?q={}", encoded(q))).await.ok(200)), std::slice::from_ref(&seen), "{q}");
    }
    let form = json!({"name": "All", "audience": {"kind": "everyone"}, "filter": {"all": []}});
    let view = text(&app.by(&app.owner).post("/views", form).await.ok(201)["id"]);
    assert_eq!(app.by(&app.agent).get("/view-counts").await.ok(200)["counts"][&view], 1);
    assert_eq!(app.by(&app.owner).get("/view-counts").await.ok(200)["counts"][&view], 2);
}

#[tokio::test]
async fn today_is_the_readers_own_in_a_shared_view_and_in_a_typed_query() {
    TestApp::both(async |app| {
        // 19:00 in Seoul, where the workspace is; 02:00 of the same day in Los Angeles.
        let (_, id) = desk(&app).await;
        app.by(&app.owner).patch(&format!("/conversations/{id}"), json!({"due_at": "2026-11-22T20:00:00Z"})).await.ok(200);
        let filter = json!({"all": [{"field": "due", "operator": "is", "value": "today"}]});
        let form = json!({"name": "Due today", "audience": {"kind": "everyone"}, "filter": filter});
        let view = text(&app.by(&app.owner).post("/views", form).await.ok(201)["id"]);
        let sees = async |who: &common::Person| {
            let seen = ids(&app.by(who).get(&format!("/conversations?view_id={view}")).await.ok(200)).len();
            assert_eq!(app.by(who).get("/view-counts").await.ok(200)["counts"][&view], seen);
            assert_eq!(ids(&app.by(who).get("/conversations?q=due:today").await.ok(200)).len(), seen);
            let other = if seen == 1 { "due:tomorrow" } else { "due:today" };
            assert!(ids(&app.by(who).get(&format!("/conversations?q={other}")).await.ok(200)).is_empty());
            seen
        };
        let moved = async |zone: Value| {
            let path = format!("/agents/{}", app.agent.agent.id);
            app.by(&app.agent).patch(&path, json!({"time_zone": zone})).await.ok(200);
        };
        assert_eq!((sees(&app.owner).await, sees(&app.agent).await), (0, 0));
        moved(json!("America/Los_Angeles")).await;
        assert_eq!((sees(&app.owner).await, sees(&app.agent).await), (0, 1));
        moved(Value::Null).await;
        assert_eq!((sees(&app.owner).await, sees(&app.agent).await), (0, 0));
        app.by(&app.owner).patch("/workspace", json!({"time_zone": "Pacific/Honolulu"})).await.ok(200);
        assert_eq!((sees(&app.owner).await, sees(&app.agent).await), (1, 1));
    })
    .await;
}
