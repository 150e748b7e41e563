//! The core: problems, bodies, the description, assets, health, Idempotency-Key.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use axum::body::Body;
use axum::http::Method;
use common::TestApp;
use http::{HttpSettings, etag};
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let app = TestApp::new().await;
    app.by(&app.agent).get("/nothing").await.problem(404, "not_found");
    app.by(&app.agent).send(Method::DELETE, "/workspace", Body::empty()).await.problem(405, "method_not_allowed");
    app.by(&app.agent).get("/agents/nonsense").await.problem(404, "not_found");
    app.by(&app.agent).get(&format!("/agents/{}", "tok_0000000000002")).await.problem(404, "not_found");
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let app = TestApp::new().await;
    let send =
        |body: &str| app.by(&app.owner).header("content-type", "application/json").send(Method::PATCH, "/workspace", Body::from(body.to_owned()));
    for body in ["", "{", "[]", "\"x\"", "[\"name\"]", "{\"name\":\"a\"} more", "{\"name\":\"a\",\"name\":\"b\"}"] {
        send(body).await.problem(400, "malformed");
    }
    send("{\"name\":1}").await.problem(422, "invalid");
    let long = format!("{{\"name\":\"{}\"}}", "x".repeat(3 * 1024 * 1024));
    send(&long).await.problem(413, "too_large");
}

#[tokio::test]
async fn the_description_is_openapi_3_1_and_names_every_answer() {
    let app = TestApp::new().await;
    let api = app.anyone().get("/openapi.json").await.ok(200);
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"), "{}", api["openapi"]);
    assert_eq!(api["servers"][0]["url"], "/api/v1");
    let schemas = api["components"]["schemas"].as_object().unwrap();
    let mut references = Vec::new();
    collect_references(&api, &mut references);
    let mut wrong: Vec<String> = references
        .iter()
        .map(|reference| reference.strip_prefix("#/components/schemas/").unwrap())
        .filter(|name| !schemas.contains_key(*name))
        .map(|name| format!("{name} is not described"))
        .collect();
    let mut operations = std::collections::HashSet::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let names = path.split('/').filter(|p| p.starts_with('{')).map(|p| p.trim_matches(['{', '}']));
            for (fault, is_so) in [
                ("has no tag", !operation["tags"][0].is_string()),
                ("has no summary", !operation["summary"].is_string()),
                ("does not describe its problems", operation["responses"]["401"].is_null()),
                ("has an operationId that another has", !operations.insert(id)),
                ("does not describe an id in its path", names.clone().any(|name| !parameters.iter().any(|p| p["name"] == name && p["in"] == "path"))),
            ] {
                if is_so {
                    wrong.push(format!("{method} {path} {fault}"));
                }
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn collect_references(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                out.push(reference.to_owned());
            }
            map.values().for_each(|v| collect_references(v, out));
        }
        Value::Array(list) => list.iter().for_each(|v| collect_references(v, out)),
        _ => {}
    }
}

#[tokio::test]
async fn every_route_wants_somebody_signed_in_but_for_the_doors() {
    let app = TestApp::new().await;
    // The key of a widget says which one; it lets nobody in.
    let inbox = arrange::inbox(&app, &app.owner, "door@haru.example").await;
    let path = format!("/inboxes/{inbox}/widget");
    let settings = app.by(&app.owner).get(&path).await.ok(200)["settings"].clone();
    let key = arrange::text(&app.by(&app.owner).put(&path, settings).await.ok(200)["key"]);
    let api = app.anyone().get("/openapi.json").await.ok(200);
    let ids = regex::Regex::new(r"\{[^}]+\}").unwrap();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let open = operation["security"].as_array().is_some_and(|s| s.iter().any(|o| o.as_object().unwrap().is_empty()));
            if open || path.contains("oauth/callback") {
                continue;
            }
            let path = path.replace("{provider}", "google").replace("{key}", &key);
            let path = ids.replace_all(&path, "x_0000000000002").into_owned();
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = app.anyone().json(method.clone(), &path, json!({})).await;
            assert_eq!(answer.status.as_u16(), 401, "{method} {path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn the_documentation_comes_from_our_own_files() {
    let app = TestApp::new().await;
    let page = app.anyone().get("//api").await;
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(page.text.contains("/api/docs.js") && !page.text.contains("http://") && !page.text.contains("https://"));
    assert!(!page.text.contains("onload=") && page.text.matches("<script").count() == 1);
    assert_eq!(app.anyone().get("//api/docs.js").await.status.as_u16(), 200);
    assert_eq!(app.anyone().get("//api/docs.css").await.status.as_u16(), 200);
}

#[tokio::test]
async fn pages_of_the_app_are_its_one_page_and_missing_files_are_missing() {
    let app = TestApp::new().await;
    let page = |path: &'static str| app.anyone().header("accept", "text/html").get(path);
    let home = page("//").await;
    assert!(home.text.contains("Sonnim") && home.headers["cache-control"] == "no-cache");
    assert_eq!(page("//conversations/cnv_0000000000002").await.text, home.text);
    assert_eq!(page("//assets/missing.js").await.status.as_u16(), 404);
    assert_eq!(page("//../Cargo.toml").await.status.as_u16(), 404);
    assert_eq!(page("//.env").await.status.as_u16(), 404);
    let tag = home.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(app.anyone().header("accept", "text/html").header("if-none-match", &tag).get("//").await.status.as_u16(), 304);
    assert_eq!(app.anyone().post("//inbox", json!({})).await.status.as_u16(), 404);
}

#[tokio::test]
async fn health_is_told_to_all_and_metrics_to_this_machine_or_with_the_token() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let token = Some(model::Secret::new("scrape"));
    let app = TestApp::with(HttpSettings { metrics_token: token, ..HttpSettings::default() }).await;
    assert_eq!(app.anyone().get("//healthz").await.text, "ok\n");
    assert_eq!(app.anyone().get("//readyz").await.text, "ready\n");
    app.anyone().get("//metrics").await.problem(404, "not_found");
    let mut with = app;
    with.router = http::router(with.app.clone().with_metrics(recorder.handle()));
    with.anyone().get("//metrics").await.problem(404, "not_found");
    assert_eq!(with.anyone().from("127.0.0.1").get("//metrics").await.status.as_u16(), 200);
    assert_eq!(with.with_token("scrape").get("//metrics").await.status.as_u16(), 200);
    with.with_token("wrong").get("//metrics").await.problem(404, "not_found");
}

#[tokio::test]
async fn answers_of_the_api_are_not_kept_by_anybody() {
    let app = TestApp::new().await;
    assert_eq!(app.by(&app.agent).get("/session").await.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_post_sent_twice_with_one_key_does_its_work_once() {
    let app = TestApp::new().await;
    let ask = |name: &str| app.by(&app.owner).header("idempotency-key", "key-1").post("/teams", json!({"name": name}));
    let first = ask("Returns").await.ok(201);
    let again = ask("Returns").await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.headers["content-type"], "application/json");
    assert_eq!(again.ok(201), first);
    ask("Refunds").await.problem(422, "idempotency_key_reused");
    assert_eq!(app.by(&app.owner).get("/teams").await.ok(200)["items"].as_array().unwrap().len(), 1);
    // Another person's key is another key.
    app.by(&app.admin).header("idempotency-key", "key-1").post("/teams", json!({"name": "Refunds"})).await.ok(201);
}

#[tokio::test]
async fn a_refused_post_gives_its_key_back() {
    let app = TestApp::new().await;
    let ask = |body: Value| app.by(&app.owner).header("idempotency-key", "key-2").post("/teams", body);
    ask(json!({"name": ""})).await.problem(422, "invalid");
    ask(json!({"name": "Returns"})).await.ok(201);
    app.by(&app.owner).header("idempotency-key", &"x".repeat(201)).post("/teams", json!({"name": "B"})).await.problem(400, "malformed");
}

#[tokio::test]
async fn what_fails_after_it_was_committed_says_that_its_outcome_is_unknown_and_is_done_once() {
    let app = TestApp::new().await;
    let (_, conversation) = arrange::desk(&app).await;
    let file = arrange::text(&arrange::upload(&app, &app.agent, "a.txt", "text/plain", b"hello").await.ok(201)["id"]);
    // A row that hangs on the note without being read, and cannot be read when the note is told: after the commit.
    let broken = format!("UPDATE attachment SET size = 'no number' WHERE id = {}", model::Id::raw(file.parse::<model::AttachmentId>().unwrap()));
    let mut tx = app.desk().begin().await.unwrap();
    tx.execute_built(&broken, vec![]).await.unwrap();
    tx.commit().await.unwrap();
    let path = format!("/conversations/{conversation}/notes");
    let form = json!({"text": "Look at this", "attachment_ids": [file]});
    let ask = || app.by(&app.agent).header("idempotency-key", "key-4").post(&path, form.clone());
    ask().await.problem(503, "outcome_unknown");
    // The key stays taken: a repeat is told so, and nothing is done twice.
    ask().await.problem(409, "in_progress");
    let count = "SELECT COUNT(*) AS n FROM message WHERE kind = 'note'";
    assert_eq!(app.app.read().await.unwrap().fetch_one(count, vec![]).await.unwrap().int("n").unwrap(), 1);
}

#[tokio::test]
async fn parallel_posts_with_one_key_do_their_work_once() {
    let app = std::sync::Arc::new(TestApp::new().await);
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move {
                app.by(&app.owner).header("idempotency-key", "key-3").post("/tokens", json!({"name": "CI", "scopes": ["read"]})).await.status.as_u16()
            })
        })
        .collect();
    for attempt in tries {
        let status = attempt.await.unwrap();
        assert!(matches!(status, 201 | 409), "{status}");
    }
    // One from the arrangement, one from here.
    assert_eq!(app.by(&app.owner).get("/tokens").await.ok(200)["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn if_match_reads_our_etags_and_refuses_others() {
    use axum::extract::FromRequestParts;
    let app = TestApp::new().await;
    let read = |value: &'static str| {
        let mut parts = axum::http::Request::get("/").header("if-match", value).body(()).unwrap().into_parts().0;
        let app = app.app.clone();
        async move { etag::IfMatch::from_request_parts(&mut parts, &app).await.map(|m| m.0).map_err(|p| p.code()) }
    };
    assert_eq!(read("\"12\"").await, Ok(Some(12)));
    assert_eq!(read("W/\"12\"").await, Ok(Some(12)));
    assert_eq!(read("*").await, Ok(None));
    assert_eq!(read("12").await, Err("malformed"));
}
