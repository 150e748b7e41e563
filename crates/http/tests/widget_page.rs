//! The messenger's page and script, as other people's sites have them.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use axum::http::HeaderMap;
use common::TestApp;
use serde_json::{Value, json};

fn settings(origins: &[&str]) -> Value {
    json!({
        "enabled": true, "name": null, "theme": {"colour": "#0f554e", "position": "right"}, "greeting": {}, "away_text": {}, "origins": origins,
        "pre_chat": {"when": "never", "fields": []}, "files": {"enabled": true, "max_bytes": 1_000_000}, "page": false, "typing_preview": false,
        "identity_required": false, "full_names": false, "mail_after": 300
    })
}

fn word<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map(|v| v.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn the_page_stands_in_frames_of_allowed_sites_and_nowhere_else() {
    let app = TestApp::new().await;
    let inbox = arrange::inbox(&app, &app.owner, "help@shop.test").await;
    let path = format!("/inboxes/{inbox}/widget");
    let put = async |body: Value| app.by(&app.owner).put(&path, body).await.ok(200);
    let key = put(settings(&["https://shop.example", "https://*.shop.example"])).await["key"].as_str().unwrap().to_owned();
    let page = async |key: &str| app.anyone().get(&format!("//widget/{key}")).await;

    let answer = page(&key).await;
    assert_eq!(answer.status.as_u16(), 200);
    let policy = word(&answer.headers, "content-security-policy");
    assert!(policy.ends_with("frame-ancestors 'self' https://shop.example https://*.shop.example"), "{policy}");
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    assert!(!answer.headers.contains_key("x-frame-options"));
    assert_eq!(word(&answer.headers, "cross-origin-resource-policy"), "cross-origin");
    assert_eq!(word(&answer.headers, "cross-origin-embedder-policy"), "require-corp");
    assert!(!answer.headers.contains_key("set-cookie"));

    put(settings(&[])).await;
    assert!(word(&page(&key).await.headers, "content-security-policy").ends_with("frame-ancestors *"));
    let mut off = settings(&[]);
    off["enabled"] = json!(false);
    put(off).await;
    for key in [key.as_str(), "nobodys", "%2e%2e", "index.html"] {
        let answer = page(key).await;
        assert_eq!(answer.status.as_u16(), 404, "{key}");
        assert_eq!(word(&answer.headers, "x-frame-options"), "DENY", "{key}");
    }
}

#[tokio::test]
async fn pages_of_agents_stand_in_no_frame() {
    let app = TestApp::new().await;
    let answer = app.anyone().get("//").await;
    assert_eq!(word(&answer.headers, "x-frame-options"), "DENY");
    assert!(word(&answer.headers, "content-security-policy").contains("frame-ancestors 'none'"));
    assert_eq!(word(&answer.headers, "cross-origin-resource-policy"), "same-origin");
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn requests_of_the_messenger_are_answered_to_our_own_page_only() {
    let app = TestApp::new().await;
    let inbox = arrange::inbox(&app, &app.owner, "help@shop.test").await;
    let key = app.by(&app.owner).put(&format!("/inboxes/{inbox}/widget"), settings(&[])).await.ok(200)["key"].as_str().unwrap().to_owned();
    let answer = app.anyone().header("origin", "https://shop.example").header("sec-fetch-site", "cross-site").get(&format!("/widget/{key}")).await;
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
    answer.problem(403, "cross_site");
}
