//! Devices that notifications are pushed to, and the sound of notifications.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TestApp, notification_settings, push_device};
use serde_json::json;

#[tokio::test]
async fn a_device_is_switched_on_listed_and_switched_off() {
    let app = TestApp::new().await;
    let key = app.by(&app.agent).get("/push-key").await.ok(200);
    assert_eq!(key["public_key"].as_str().unwrap().len(), 87);
    assert_eq!(app.by(&app.viewer).get("/push-key").await.ok(200), key, "one for the installation");
    let put = || app.by(&app.agent).header("user-agent", "Firefox on a laptop").put("/push-devices", push_device("https://push.example/send/1"));
    let first = put().await.ok(200);
    assert_eq!((&first["user_agent"], &first["current"], &first["pushed_at"]), (&json!("Firefox on a laptop"), &json!(true), &json!(null)));
    assert_eq!(put().await.ok(200), first, "the same one");
    let other = app.another_browser(&app.agent).await;
    let list = app.by(&other).get("/push-devices").await.ok(200);
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["current"]), (1, &json!(false)));
    assert!(!list.to_string().contains("push.example"), "where a device is reached is told to nobody");

    let path = format!("/push-devices/{}", first["id"].as_str().unwrap());
    for stranger in [&app.admin, &app.stranger] {
        assert_eq!(app.by(stranger).get("/push-devices").await.ok(200)["items"], json!([]));
        app.by(stranger).delete(&path).await.problem(404, "not_found");
    }
    app.by(&other).delete(&path).await.ok(204);
    app.by(&other).delete(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn row_38_signing_out_switches_the_device_off() {
    let app = TestApp::new().await;
    app.by(&app.agent).put("/push-devices", push_device("https://push.example/send/1")).await.ok(200);
    let other = app.another_browser(&app.agent).await;
    app.by(&app.agent).delete("/session").await.ok(204);
    assert_eq!(app.by(&other).get("/push-devices").await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn row_47_only_https_addresses_and_real_keys_are_taken() {
    let app = TestApp::new().await;
    for bad in ["http://push.example/x", "file:///etc/passwd", "https://a@b.example/x", ""] {
        let problem = app.by(&app.agent).put("/push-devices", push_device(bad)).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "endpoint", "{bad}");
    }
    for field in ["p256dh", "auth"] {
        let mut form = push_device("https://push.example/x");
        form[field] = json!("AAAA");
        assert_eq!(app.by(&app.agent).put("/push-devices", form).await.problem(422, "invalid")["errors"][0]["field"], field);
    }
    // A program has no browser to show anything.
    app.with_token(&app.agent.token).put("/push-devices", push_device("https://push.example/x")).await.problem(403, "forbidden");
    app.anyone().get("/push-key").await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn a_sound_is_kept_and_silence_is_the_default() {
    let app = TestApp::new().await;
    let get = async || app.by(&app.agent).get("/notification-settings").await.ok(200)["sound"].clone();
    assert_eq!(get().await, json!({"name": "none", "volume": 60}));
    let with = |sound: serde_json::Value| {
        let mut form = notification_settings();
        form["sound"] = sound;
        form
    };
    app.by(&app.agent).put("/notification-settings", with(json!({"name": "chime", "volume": 30}))).await.ok(200);
    assert_eq!(get().await, json!({"name": "chime", "volume": 30}));
    app.by(&app.agent).put("/notification-settings", with(json!({"name": "chime", "volume": 101}))).await.problem(422, "invalid");
    app.by(&app.agent).put("/notification-settings", with(json!({"name": "horn", "volume": 10}))).await.problem(422, "invalid");
}
