//! Saved replies, macros, placeholders and scheduled replies.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{desk, text, upload};
use common::TestApp;
use jiff::SignedDuration;
use serde_json::{Value, json};

fn everyone() -> Value {
    json!({"kind": "everyone"})
}

fn hello() -> Value {
    json!({"name": "Hello", "visibility": everyone(), "texts": [
        {"language": "en", "html": "<p>Hi {{ customer.first_name | default(\"there\") }}, about [[ order ]]</p><script>x</script>"},
        {"language": "ko", "html": "<p>{{ customer.name }}님 안녕하세요</p>"}]})
}

async fn saved(app: &TestApp, form: Value) -> String {
    text(&app.by(&app.agent).post("/saved-replies", form).await.ok(201)["id"])
}

#[tokio::test]
async fn a_saved_reply_is_kept_clean_listed_filled_in_and_counted() {
    let app = TestApp::new().await;
    let (_, c) = desk(&app).await;
    let id = saved(&app, hello()).await;
    let whole = app.by(&app.admin).get(&format!("/saved-replies/{id}")).await.ok(200);
    assert!(!whole.to_string().contains("script") && whole["can_change"] == true);
    let list = app.by(&app.viewer).get("/saved-replies").await.ok(200);
    assert_eq!((&list["items"][0]["name"], &list["items"][0]["can_change"], &list["items"][0]["used"]), (&json!("Hello"), &json!(false), &json!(0)));
    let seen = app.by(&app.agent).post(&format!("/saved-replies/{id}/preview"), json!({"conversation_id": c})).await.ok(200);
    assert_eq!(
        (&seen["html"], &seen["placeholders"], &seen["language"]),
        (&json!("<p>Hi Mina, about [[ order ]]</p>"), &json!(["order"]), &json!("en"))
    );
    let korean = app.by(&app.agent).post(&format!("/saved-replies/{id}/preview"), json!({"conversation_id": c, "language": "ko"})).await.ok(200);
    assert_eq!(korean["html"], "<p>Mina Park님 안녕하세요</p>");
    app.by(&app.agent).post(&format!("/saved-replies/{id}/preview"), json!({})).await.ok(200);
    app.by(&app.agent).post(&format!("/saved-replies/{id}/insert"), json!({"conversation_id": c})).await.ok(200);
    app.by(&app.agent).post(&format!("/saved-replies/{id}/insert"), json!({})).await.problem(422, "invalid");
    assert_eq!(app.by(&app.agent).get(&format!("/saved-replies/{id}")).await.ok(200)["used"], 1);
}

#[tokio::test]
async fn the_customers_language_is_picked() {
    let app = TestApp::new().await;
    let (_, c) = desk(&app).await;
    let customer = text(&app.by(&app.agent).get(&format!("/conversations/{c}")).await.ok(200)["customer"]["id"]);
    app.by(&app.agent).patch(&format!("/customers/{customer}"), json!({"language": "ko"})).await.ok(200);
    let id = saved(&app, hello()).await;
    let filled = app.by(&app.agent).post(&format!("/saved-replies/{id}/insert"), json!({"conversation_id": c})).await.ok(200);
    assert_eq!(filled["language"], "ko");
}

#[tokio::test]
async fn a_personal_reply_is_nobody_elses_business() {
    let app = TestApp::new().await;
    let mut form = hello();
    form["visibility"] = json!({"kind": "personal"});
    let id = saved(&app, form).await;
    for other in [&app.owner, &app.admin, &app.stranger] {
        app.by(other).get(&format!("/saved-replies/{id}")).await.problem(404, "not_found");
        app.by(other).patch(&format!("/saved-replies/{id}"), json!({"name": "x"})).await.problem(404, "not_found");
        assert_eq!(app.by(other).get("/saved-replies").await.ok(200)["items"], json!([]));
    }
    app.by(&app.agent).get(&format!("/saved-replies/{id}")).await.ok(200);
}

#[tokio::test]
async fn what_is_everyones_is_changed_by_its_owner_and_admins_and_only_from_the_version_they_saw() {
    let app = TestApp::new().await;
    let id = saved(&app, hello()).await;
    let path = format!("/saved-replies/{id}");
    let other = app.join("jun@haru.example", model::Role::Agent).await;
    app.by(&other).patch(&path, json!({"name": "x"})).await.problem(403, "forbidden");
    app.by(&app.viewer).patch(&path, json!({"name": "x"})).await.problem(403, "forbidden");
    let changed = app.by(&app.admin).header("if-match", "\"1\"").patch(&path, json!({"name": "Greeting"})).await.ok(200);
    assert_eq!((&changed["name"], &changed["version"], &changed["texts"][1]["language"]), (&json!("Greeting"), &json!(2), &json!("ko")));
    let late = app.by(&app.agent).header("if-match", "\"1\"").patch(&path, json!({"name": "Late"})).await.problem(409, "conflict");
    assert_eq!(late["current"]["name"], "Greeting");
    app.by(&app.admin).patch(&path, json!({"visibility": {"kind": "personal"}})).await.problem(422, "invalid");
    app.by(&app.agent).patch(&path, json!({"archived": true})).await.ok(200);
    assert_eq!(app.by(&app.agent).get("/saved-replies").await.ok(200)["items"], json!([]));
    assert_eq!(app.by(&app.agent).get("/saved-replies?archived=true").await.ok(200)["items"][0]["name"], "Greeting");
}

#[tokio::test]
async fn a_bad_saved_reply_is_refused_with_its_field() {
    let app = TestApp::new().await;
    let with = |field: &str, value: Value| {
        let mut form = hello();
        form[field] = value;
        form
    };
    for (form, field) in [
        (with("name", json!("")), "name"),
        (with("texts", json!([])), "texts"),
        (with("texts", json!([{"language": "english!", "html": "x"}])), "texts.language"),
        (with("texts", json!([{"language": "en", "html": " "}])), "texts.html"),
        (with("texts", json!([{"language": "en", "html": "{{ customer.notes }}"}])), "texts.html"),
        (with("texts", json!([{"language": "en", "html": "a"}, {"language": "EN", "html": "b"}])), "texts.language"),
        (with("folder_id", json!("fld_0000000000002")), "folder_id"),
        (with("attachment_ids", json!(["att_0000000000002"])), "attachment_ids"),
        (with("visibility", json!({"kind": "team", "team_id": "team_0000000000002"})), "visibility.team_id"),
    ] {
        let problem = app.by(&app.agent).post("/saved-replies", form).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    let wrong = app.by(&app.agent).post("/template-previews", json!({"html": "{% for x in y %}"})).await.problem(422, "invalid");
    assert_eq!(wrong["errors"][0]["code"], "bad_template");
    assert_eq!(app.by(&app.agent).post("/template-previews", json!({"html": "#{{ conversation.number }}"})).await.ok(200)["html"], "#1042");
}

#[tokio::test]
async fn files_of_a_saved_reply_go_out_as_copies() {
    let app = TestApp::new().await;
    let (_, c) = desk(&app).await;
    let file = text(&upload(&app, &app.agent, "terms.txt", "text/plain", b"Terms").await.ok(201)["id"]);
    let mut form = hello();
    form["attachment_ids"] = json!([file]);
    let id = saved(&app, form).await;
    let filled = app.by(&app.admin).post(&format!("/saved-replies/{id}/insert"), json!({"conversation_id": c})).await.ok(200);
    let copy = text(&filled["attachments"][0]["id"]);
    assert_ne!(copy, file);
    let sent = app.by(&app.admin).post(&format!("/conversations/{c}/replies"), json!({"text": "Here", "attachment_ids": [copy]})).await.ok(201);
    assert_eq!(sent["attachments"][0]["filename"], "terms.txt");
    app.by(&app.viewer).get(&format!("/attachments/{file}")).await.ok(200);
    app.by(&app.stranger).get(&format!("/attachments/{file}")).await.problem(404, "not_found");
}

#[tokio::test]
async fn folders_are_made_renamed_and_deleted_without_what_is_in_them() {
    let app = TestApp::new().await;
    let folder = text(&app.by(&app.agent).post("/folders", json!({"name": "Shipping"})).await.ok(201)["id"]);
    app.by(&app.agent).post("/folders", json!({"name": "SHIPPING"})).await.problem(422, "invalid");
    app.by(&app.viewer).post("/folders", json!({"name": "x"})).await.problem(403, "forbidden");
    let mut form = hello();
    form["folder_id"] = json!(folder);
    let id = saved(&app, form).await;
    app.by(&app.agent).patch(&format!("/folders/{folder}"), json!({"name": "Delivery"})).await.ok(200);
    assert_eq!(app.by(&app.agent).get("/folders").await.ok(200)["items"][0]["name"], "Delivery");
    app.by(&app.agent).delete(&format!("/folders/{folder}")).await.ok(204);
    assert_eq!(app.by(&app.agent).get(&format!("/saved-replies/{id}")).await.ok(200)["folder_id"], Value::Null);
}

async fn close_it(app: &TestApp, actions: Value) -> String {
    let form = json!({"name": "Close it", "visibility": everyone(), "actions": actions});
    text(&app.by(&app.agent).post("/macros", form).await.ok(201)["id"])
}

#[tokio::test]
async fn a_macro_is_shown_before_done_once_and_taken_back() {
    let app = TestApp::new().await;
    let (_, c) = desk(&app).await;
    let reply =
        saved(&app, json!({"name": "Bye", "visibility": everyone(), "texts": [{"language": "en", "html": "<p>Bye {{ customer.first_name }}</p>"}]}))
            .await;
    let id = close_it(
        &app,
        json!([{"kind": "assign_me"}, {"kind": "send_reply", "saved_reply_id": reply}, {"kind": "set_status", "status": {"kind": "resolved"}}]),
    )
    .await;
    let path = format!("/conversations/{c}/macros/{id}");
    let seen = app.by(&app.agent).post(&format!("{path}/preview"), Value::Null).await.ok(200);
    let kinds: Vec<&str> = seen["changes"].as_array().unwrap().iter().map(|c| c["kind"].as_str().unwrap()).collect();
    assert_eq!(
        (kinds, &seen["changes"][2]["words"]["html"], &seen["fault"]),
        (vec!["assignee", "status", "send_reply"], &json!("<p>Bye Mina</p>"), &Value::Null)
    );
    let url = format!("{path}/apply");
    let apply = || app.by(&app.agent).header("idempotency-key", "one").post(&url, json!({}));
    let run = apply().await.ok(200);
    assert_eq!(apply().await.ok(200)["id"], run["id"]);
    let timeline = app.by(&app.agent).get(&format!("/conversations/{c}/messages")).await.ok(200);
    assert_eq!((timeline["items"].as_array().unwrap().len(), &run["conversation"]["status"]["kind"]), (2, &json!("resolved")));
    app.by(&app.admin).post(&format!("/macro-runs/{}/undo", text(&run["id"])), json!({})).await.problem(404, "not_found");
    let undone = app.by(&app.agent).post(&format!("/macro-runs/{}/undo", text(&run["id"])), json!({})).await.ok(200);
    assert_eq!((&undone["restored"], &undone["conversation"]["assignee"]), (&json!(["reply", "assignee", "status"]), &Value::Null));
    assert!(text(&undone["draft"]["html"]).contains("Bye Mina"));
    app.by(&app.agent).post(&format!("/macro-runs/{}/undo", text(&run["id"])), json!({})).await.problem(409, "too_late");
    assert_eq!(app.by(&app.agent).get("/macros").await.ok(200)["items"][0]["used"], 1);
}

#[tokio::test]
async fn a_macro_returns_words_to_an_open_composer() {
    let app = TestApp::new().await;
    let (_, c) = desk(&app).await;
    let id = close_it(&app, json!([{"kind": "insert_reply", "html": "<p>Hi {{ customer.first_name }} [[ date ]]</p>"}])).await;
    let path = format!("/conversations/{c}/macros/{id}/apply");
    let run = app.by(&app.agent).post(&path, json!({"return_inserted": true})).await.ok(200);
    assert_eq!((&run["inserted"]["html"], &run["inserted"]["placeholders"]), (&json!("<p>Hi Mina [[ date ]]</p>"), &json!(["date"])));
    app.by(&app.agent).get(&format!("/conversations/{c}/draft")).await.problem(404, "not_found");
    app.by(&app.agent).post(&path, json!({})).await.ok(200);
    assert_eq!(app.by(&app.agent).get(&format!("/conversations/{c}/draft")).await.ok(200)["html"], "<p>Hi Mina [[ date ]]</p>");
    app.by(&app.viewer).post(&path, json!({})).await.problem(403, "forbidden");
    app.by(&app.stranger).post(&path, json!({})).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_bad_macro_is_refused_with_the_place() {
    let app = TestApp::new().await;
    let personal = saved(&app, json!({"name": "Mine", "visibility": {"kind": "personal"}, "texts": [{"language": "en", "html": "x"}]})).await;
    for (actions, field) in [
        (json!([]), "actions[0]"),
        (json!([{"kind": "assign_me"}, {"kind": "add_note", "html": "{{ nope }}"}]), "actions[1].html"),
        (json!([{"kind": "assign_agent", "agent_id": app.stranger.agent.id.to_string()}]), "actions[0].agent_id"),
        (json!([{"kind": "add_tags", "tag_ids": ["tag_0000000000002"]}]), "actions[0].tag_ids"),
        (json!([{"kind": "send_reply", "saved_reply_id": personal}]), "actions[0].saved_reply_id"),
        (json!([{"kind": "move_inbox", "inbox_id": "inb_0000000000002"}]), "actions[0].inbox_id"),
    ] {
        let form = json!({"name": "Bad", "visibility": everyone(), "actions": actions});
        let problem = app.by(&app.agent).post("/macros", form).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    let form = json!({"name": "Bad", "visibility": everyone(), "actions": [{"kind": "explode"}]});
    app.by(&app.agent).post("/macros", form).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_reply_with_an_open_placeholder_is_refused_unless_meant() {
    let app = TestApp::new().await;
    let (_, c) = desk(&app).await;
    let path = format!("/conversations/{c}/replies");
    let problem = app.by(&app.agent).post(&path, json!({"html": "<p>Your [[ order number ]]</p>"})).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["code"], "unfilled_placeholder");
    app.by(&app.agent).post(&path, json!({"html": "<p>if [[ -f x ]]</p>", "allow_placeholders": true})).await.ok(201);
}

#[tokio::test]
async fn a_scheduled_reply_waits_can_be_moved_taken_back_and_sent_now() {
    let app = TestApp::new().await;
    let (_, c) = desk(&app).await;
    let path = format!("/conversations/{c}/replies");
    for bad in ["2020-01-01T00:00:00Z", "2029-01-01T00:00:00Z"] {
        app.by(&app.agent).post(&path, json!({"text": "x", "send_at": bad})).await.problem(422, "invalid");
    }
    let form = json!({"text": "See you", "send_at": "2026-11-23T00:00:00Z"});
    let message = app.by(&app.agent).post(&path, form.clone()).await.ok(201);
    let id = text(&message["id"]);
    assert_eq!((&message["delivery"]["state"], &message["delivery"]["send_at"]), (&json!("scheduled"), &json!("2026-11-23T00:00:00.000Z")));
    let waits = app.by(&app.agent).get(&format!("/conversations/{c}")).await.ok(200);
    assert!(!waits["waiting_since"].is_null() && waits["last_reply_at"].is_null());
    let moved = app.by(&app.agent).put(&format!("/messages/{id}/schedule"), json!({"send_at": "2026-11-24T00:00:00Z"})).await.ok(200);
    assert_eq!(moved["delivery"]["send_at"], "2026-11-24T00:00:00.000Z");
    app.by(&app.admin).put(&format!("/messages/{id}/schedule"), json!({"send_at": null})).await.problem(404, "not_found");
    app.by(&app.agent).put(&format!("/messages/{id}/schedule"), json!({"send_at": "2020-01-01T00:00:00Z"})).await.problem(422, "invalid");
    let undone = app.by(&app.agent).post(&format!("/messages/{id}/undo"), json!({})).await.ok(200);
    assert!(text(&undone["draft"]["html"]).contains("See you"));
    let mut conn = app.app.read().await.unwrap();
    let jobs = conn.fetch_all("SELECT id FROM job WHERE kind = 'deliver_message'", vec![]).await.unwrap().len();
    drop(conn);
    assert_eq!(jobs, 0);
    let id = text(&app.by(&app.agent).post(&path, form).await.ok(201)["id"]);
    app.by(&app.agent).put(&format!("/messages/{id}/schedule"), json!({"send_at": null})).await.ok(200);
    app.pass(SignedDuration::from_secs(1));
    app.by(&app.agent).post(&format!("/messages/{id}/undo"), json!({})).await.problem(409, "too_late");
}
