//! Signing in and out, sessions, tokens.
#![allow(clippy::unwrap_used)]

mod common;

use common::{PASSWORD, TestApp, URL};
use jiff::SignedDuration;
use model::agent::TokenScope;
use serde_json::json;

#[tokio::test]
async fn signing_in_gives_me_and_a_cookie_that_scripts_cannot_read() {
    let app = TestApp::new().await;
    let answer = app.anyone().post("/session", json!({"email": " Agent@Haru.example", "password": PASSWORD})).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Secure") && cookie.contains("Path=/"));
    let word = answer.cookie().unwrap();
    let me = answer.ok(200);
    assert_eq!(me["agent"]["email"], "agent@haru.example");
    assert_eq!(me["workspace"]["public_url"], URL);
    assert!(me["permissions"].as_array().unwrap().contains(&json!("conversation.reply")));
    let again = app.anyone().header("cookie", &format!("a=b; sonnim_session={word}")).get("/session").await.ok(200);
    assert_eq!(again["session_id"], me["session_id"]);
}

#[tokio::test]
async fn nobody_is_not_signed_in_and_wrong_words_are_nobody() {
    let app = TestApp::new().await;
    app.anyone().get("/session").await.problem(401, "not_signed_in");
    app.anyone().header("cookie", "sonnim_session=guess").get("/session").await.problem(401, "not_signed_in");
    app.with_token("snm_guess").get("/session").await.problem(401, "not_signed_in");
    app.anyone().header("authorization", "Basic YTpi").get("/session").await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let app = TestApp::new().await;
    let answer = app.by(&app.agent).delete("/session").await;
    assert!(answer.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    answer.ok(204);
    app.by(&app.agent).get("/session").await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn a_session_ends_after_fourteen_idle_days_and_lives_on_while_used() {
    let app = TestApp::new().await;
    app.pass(SignedDuration::from_hours(13 * 24));
    app.by(&app.agent).get("/session").await.ok(200);
    // The use is noted beside the answer.
    for _ in 0..500 {
        let mut conn = app.app.read().await.unwrap();
        let sessions = store::session::of_agent(&mut conn, app.here, app.agent.agent.id, app.app.now()).await.unwrap();
        if sessions[0].last_seen_at == app.app.now() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    app.pass(SignedDuration::from_hours(13 * 24));
    app.by(&app.agent).get("/session").await.ok(200);
    app.by(&app.admin).get("/session").await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn somebody_sees_and_ends_their_own_sessions_only() {
    let app = TestApp::new().await;
    let second = app.another_browser(&app.agent).await;
    let list = app.by(&app.agent).get("/sessions").await.ok(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let other = list["items"].as_array().unwrap().iter().find(|s| s["current"] == false).unwrap()["id"].as_str().unwrap().to_owned();
    app.by(&app.admin).delete(&format!("/sessions/{other}")).await.problem(404, "not_found");
    app.by(&app.stranger).delete(&format!("/sessions/{other}")).await.problem(404, "not_found");
    app.by(&app.agent).delete("/sessions/nonsense").await.problem(404, "not_found");
    app.by(&app.agent).delete(&format!("/sessions/{other}")).await.ok(204);
    app.by(&second).get("/session").await.problem(401, "not_signed_in");
    app.by(&app.agent).get("/session").await.ok(200);
}

#[tokio::test]
async fn changing_the_password_ends_the_other_sessions() {
    let app = TestApp::new().await;
    let second = app.another_browser(&app.agent).await;
    let wrong = json!({"current": "not this one", "new": "another horse battery"});
    let problem = app.by(&app.agent).put("/agents/me/password", wrong).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "current");
    let weak = json!({"current": PASSWORD, "new": "short"});
    assert_eq!(app.by(&app.agent).put("/agents/me/password", weak).await.problem(422, "invalid")["errors"][0]["code"], "weak");
    let good = json!({"current": PASSWORD, "new": "another horse battery"});
    app.with_token(&app.agent.token).put("/agents/me/password", good.clone()).await.problem(403, "forbidden");
    app.by(&app.agent).put("/agents/me/password", good).await.ok(204);
    app.by(&app.agent).get("/session").await.ok(200);
    app.by(&second).get("/session").await.problem(401, "not_signed_in");
    let sign_in = |password: &str| app.anyone().post("/session", json!({"email": "agent@haru.example", "password": password}));
    sign_in(PASSWORD).await.problem(401, "wrong_credentials");
    sign_in("another horse battery").await.ok(200);
}

#[tokio::test]
async fn a_token_is_shown_once_and_does_what_its_scopes_and_its_agent_allow() {
    let app = TestApp::new().await;
    let made = app.by(&app.agent).post("/tokens", json!({"name": "CI", "scopes": ["read", "admin"]})).await.ok(201);
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("snm_") && secret.len() >= 4 + 51);
    let list = app.by(&app.agent).get("/tokens").await;
    assert!(!list.text.contains(secret));
    assert!(list.ok(200)["items"].as_array().unwrap().iter().any(|t| t["id"] == made["id"]));
    let me = app.with_token(secret).get("/session").await.ok(200);
    assert_eq!(me["session_id"], json!(null));
    app.with_token(secret).get("/audit").await.problem(403, "forbidden");
    let reader = app.token(&app.owner, &[TokenScope::Read]).await;
    assert_eq!(app.with_token(&reader).get("/session").await.ok(200)["permissions"], json!(["conversation.read"]));
    app.with_token(&reader).patch("/workspace", json!({"name": "X"})).await.problem(403, "forbidden");
    app.with_token(&reader).post("/tokens", json!({"name": "more", "scopes": ["admin"]})).await.problem(403, "forbidden");
    app.with_token(&reader).get("/tokens").await.problem(403, "forbidden");
    app.by(&app.agent).delete(&format!("/tokens/{}", made["id"].as_str().unwrap())).await.ok(204);
    app.with_token(secret).get("/session").await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn tokens_are_their_owners_and_viewers_have_none() {
    let app = TestApp::new().await;
    let made = app.by(&app.agent).post("/tokens", json!({"name": "CI", "scopes": ["read"]})).await.ok(201);
    let path = format!("/tokens/{}", made["id"].as_str().unwrap());
    app.by(&app.owner).delete(&path).await.problem(404, "not_found");
    app.by(&app.stranger).delete(&path).await.problem(404, "not_found");
    app.by(&app.viewer).post("/tokens", json!({"name": "CI", "scopes": ["read"]})).await.problem(403, "forbidden");
    app.by(&app.agent).post("/tokens", json!({"name": "CI", "scopes": []})).await.problem(422, "invalid");
    app.by(&app.agent).post("/tokens", json!({"name": "CI", "scopes": ["root"]})).await.problem(422, "invalid");
    let past = json!({"name": "CI", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"});
    app.by(&app.agent).post("/tokens", past).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_token_ends_at_its_time() {
    let app = TestApp::new().await;
    let form = json!({"name": "CI", "scopes": ["read"], "expires_at": "2026-11-22T11:00:00Z"});
    let made = app.by(&app.agent).post("/tokens", form).await.ok(201);
    let secret = made["secret"].as_str().unwrap();
    app.with_token(secret).get("/session").await.ok(200);
    app.pass(SignedDuration::from_hours(2));
    app.with_token(secret).get("/session").await.problem(401, "not_signed_in");
}
