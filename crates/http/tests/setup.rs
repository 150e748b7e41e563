//! The first run.
#![allow(clippy::unwrap_used)]

mod common;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use common::TestApp;
use serde_json::{Value, json};
use tower::ServiceExt;

async fn post(router: &Router, body: Value) -> (u16, Value) {
    let request = Request::post("/api/v1/setup").header("content-type", "application/json").body(Body::from(body.to_string())).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

fn form(token: &str) -> Value {
    json!({
        "token": token,
        "workspace": {"name": "하루상점", "language": "ko", "time_zone": "Asia/Seoul"},
        "owner": {"name": "한소라", "email": "sora@haru.example", "password": "a long password"}
    })
}

#[tokio::test]
async fn the_link_sets_up_once_and_signs_the_owner_in() {
    let (app, router, _folder) = TestApp::bare().await;
    let link = desk::account::issue_setup_link(&app.desk).await.unwrap();
    let token = link.strip_prefix("https://help.haru.example/setup?token=").unwrap();
    let (status, me) = post(&router, form(token)).await;
    assert_eq!((status, &me["agent"]["role"], &me["workspace"]["name"]), (201, &json!("owner"), &json!("하루상점")));
    assert_eq!(me["agent"]["language"], "ko");
    assert!(!desk::account::needs_setup(&app.desk).await.unwrap());
    let (status, problem) = post(&router, form(token)).await;
    assert_eq!((status, &problem["code"]), (409, &json!("already_set_up")));
}

#[tokio::test]
async fn without_the_newest_link_nobody_sets_up() {
    let (app, router, _folder) = TestApp::bare().await;
    let old = desk::account::issue_setup_link(&app.desk).await.unwrap();
    desk::account::issue_setup_link(&app.desk).await.unwrap();
    for token in ["", "guess", "%", old.split('=').next_back().unwrap()] {
        let (status, problem) = post(&router, form(token)).await;
        assert_eq!((status, &problem["code"]), (409, &json!("link_expired")), "{token}");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_named_and_the_link_still_works() {
    let (app, router, _folder) = TestApp::bare().await;
    let link = desk::account::issue_setup_link(&app.desk).await.unwrap();
    let token = link.split('=').next_back().unwrap();
    for (part, field, value, named) in [
        ("owner", "password", "short", "owner.password"),
        ("owner", "email", "nobody", "owner.email"),
        ("owner", "name", "a\nb", "owner.name"),
        ("workspace", "name", " ", "workspace.name"),
        ("workspace", "time_zone", "Mars/Olympus", "workspace.time_zone"),
        ("workspace", "language", "xx", "workspace.language"),
    ] {
        let mut bad = form(token);
        bad[part][field] = json!(value);
        let (status, problem) = post(&router, bad).await;
        assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some(named)), "{problem}");
    }
    assert_eq!(post(&router, form(token)).await.0, 201);
}

#[tokio::test]
async fn of_many_set_ups_at_once_one_succeeds() {
    let (app, router, _folder) = TestApp::bare().await;
    let link = desk::account::issue_setup_link(&app.desk).await.unwrap();
    let token = link.split('=').next_back().unwrap().to_owned();
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let (router, token) = (router.clone(), token.clone());
            tokio::spawn(async move { post(&router, form(&token)).await.0 })
        })
        .collect();
    let mut done = 0;
    for attempt in tries {
        done += usize::from(attempt.await.unwrap() == 201);
    }
    assert_eq!(done, 1);
    assert_eq!(store::workspace::all(&mut app.read().await.unwrap()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_command_line_sets_up_by_the_same_code() {
    let (app, _router, _folder) = TestApp::bare().await;
    let form = || desk::account::SetUp {
        token: None,
        workspace: "Haru".into(),
        language: model::workspace::Language::En,
        time_zone: "UTC".into(),
        name: "Sora".into(),
        email: "sora@haru.example".parse().unwrap(),
        password: model::Secret::new("a long password"),
    };
    let (workspace, owner, entry) = desk::account::set_up(&app.desk, form(), None).await.unwrap();
    assert_eq!((workspace.name.as_str(), owner.role, entry.is_none()), ("Haru", model::Role::Owner, true));
    assert!(matches!(desk::account::set_up(&app.desk, form(), None).await, Err(desk::account::AccountError::AlreadySetUp)));
}
