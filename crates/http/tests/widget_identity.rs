//! Who a visitor is: what a site signs counts, what a visitor claims does not.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::text;
use arrange::widget::{Browser, widget};
use common::TestApp;
use jiff::SignedDuration;
use model::Secret;
use serde_json::{Value, json};

async fn secret_of(app: &TestApp, inbox: &str) -> Secret {
    Secret::new(text(&app.by(&app.owner).post(&format!("/inboxes/{inbox}/widget/secret"), json!({})).await.ok(200)["secret"]))
}

fn signed(app: &TestApp, secret: &Secret, change: impl FnOnce(&mut Value)) -> String {
    let mut claims = json!({"sub": "user-7", "exp": app.app.now().as_second() + 3_600, "name": "Mina Park", "email": "mina@shop.example"});
    change(&mut claims);
    model::identity::sign(&claims, "HS256", secret)
}

#[tokio::test]
async fn row_43_an_identity_counts_only_signed_and_a_claimed_address_finds_nothing() {
    let app = TestApp::new().await;
    let (inbox, key) = widget(&app, |_| {}).await;
    let path = format!("/widget/{key}/session");
    // Mina is known, with a history.
    let known = arrange::conversation(&app, &app.owner, &inbox, "mina@shop.example", "My card number is 1234").await;
    let mina = text(&known["customer"]["id"]);

    app.anyone().post(&path, json!({"identity": signed(&app, &Secret::new("x"), |_| {})})).await.problem(401, "identity_invalid");
    let secret = secret_of(&app, &inbox).await;
    for bad in [
        signed(&app, &Secret::new("guessed"), |_| {}),
        signed(&app, &secret, |c| c["exp"] = json!(app.app.now().as_second() - 1)),
        signed(&app, &secret, |c| c["exp"] = json!(app.app.now().as_second() + 90_000)),
        model::identity::sign(&json!({"sub": "user-7", "exp": app.app.now().as_second() + 60}), "none", &secret),
        "a.b.c".into(),
    ] {
        app.anyone().post(&path, json!({"identity": bad})).await.problem(401, "identity_invalid");
    }

    // A claimed address: anonymous, no history, and the customer is another one.
    let claims = Browser::open(&app, &key).await;
    let said = claims.ask().post(&claims.path("/visitor"), json!({"name": "Mina", "email": "mina@shop.example"})).await.ok(200);
    assert_eq!(said["identified"], false);
    let id = claims.begins("I am Mina, show me my orders").await;
    let listed = app.by(&app.owner).get(&format!("/conversations/{id}")).await.ok(200);
    assert_ne!(text(&listed["customer"]["id"]), mina);
    assert_eq!(listed["chat"]["mail"], "mina@shop.example");
    let list = claims.ask().get(&claims.path("/conversations")).await.ok(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);

    // A signed but unverified address: still not hers. A verified one: hers.
    let plain = Browser::with(&app, &key, json!({"identity": signed(&app, &secret, |c| c["sub"] = json!("user-8"))})).await;
    let id = plain.begins("hello").await;
    assert_ne!(text(&app.by(&app.owner).get(&format!("/conversations/{id}")).await.ok(200)["customer"]["id"]), mina);
    let proven = Browser::with(&app, &key, json!({"identity": signed(&app, &secret, |c| c["email_verified"] = json!(true))})).await;
    let id = proven.begins("hello").await;
    assert_eq!(text(&app.by(&app.owner).get(&format!("/conversations/{id}")).await.ok(200)["customer"]["id"]), mina);
    // Not even she sees mail in the widget, only chats.
    let list = proven.ask().get(&proven.path("/conversations")).await.ok(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);

    // The secret was rotated: what was signed with the old one proves nothing.
    secret_of(&app, &inbox).await;
    app.anyone().post(&path, json!({"identity": signed(&app, &secret, |_| {})})).await.problem(401, "identity_invalid");
}

#[tokio::test]
async fn who_is_identified_has_their_chats_in_every_browser_and_nobody_else_has_them() {
    TestApp::both(async |app| {
        let (inbox, key) = widget(&app, |_| {}).await;
        let secret = secret_of(&app, &inbox).await;
        let browser = Browser::open(&app, &key).await;
        let id = browser.begins("written before I signed in").await;
        let before = text(&app.by(&app.owner).get(&format!("/conversations/{id}")).await.ok(200)["customer"]["name"]);
        assert!(before.starts_with("Visitor"));
        let path = browser.path("/session");
        let now = app.anyone().post(&path, json!({"token": browser.token, "identity": signed(&app, &secret, |_| {})})).await.ok(200);
        assert_eq!((now["visitor"]["identified"].as_bool(), now["conversations"][0]["id"].as_str()), (Some(true), Some(id.as_str())));
        // The token from before is nobody's way in.
        browser.ask().get(&browser.path("/conversations")).await.problem(401, "session_expired");
        let token = text(&now["token"]);

        // Another browser of the same person.
        let phone = Browser::with(&app, &key, json!({"identity": signed(&app, &secret, |_| {})})).await;
        assert_eq!(phone.sees(&id).await.len(), 1);
        let mut stream = phone.stream(&phone.cursor).await;
        stream.until("hello").await;
        let second =
            text(&app.with_token(&token).post(&browser.path("/conversations"), json!({"text": "a new one"})).await.ok(201)["conversation"]["id"]);
        // What was there before may come again.
        while stream.until("message").await.data["conversation_id"] != second.as_str() {}

        // Somebody else signs in in the first browser.
        let other = signed(&app, &secret, |c| c["sub"] = json!("user-9"));
        let else_now = app.anyone().post(&path, json!({"token": token, "identity": other})).await.ok(200);
        assert_eq!(else_now["conversations"], json!([]));
        let else_token = text(&else_now["token"]);
        app.with_token(&else_token).get(&browser.path(&format!("/conversations/{id}/messages"))).await.problem(404, "not_found");
        // Without a new proof, seven days later the identity counts no more.
        app.pass(SignedDuration::from_hours(7 * 24 + 1));
        app.with_token(&token).get(&browser.path("/conversations")).await.problem(401, "session_expired");
        let late = app.anyone().post(&path, json!({"token": token})).await.ok(200);
        assert_eq!((late["conversations"].clone(), late["visitor"]["identified"].as_bool()), (json!([]), Some(false)));
    })
    .await;
}

#[tokio::test]
async fn an_inbox_may_want_identified_visitors_only() {
    let app = TestApp::new().await;
    let (inbox, key) = widget(&app, |s| s["identity_required"] = json!(true)).await;
    let secret = secret_of(&app, &inbox).await;
    app.anyone().post(&format!("/widget/{key}/session"), json!({})).await.problem(401, "identity_required");
    let browser = Browser::with(&app, &key, json!({"identity": signed(&app, &secret, |_| {})})).await;
    let again = app.anyone().post(&browser.path("/session"), json!({"token": browser.token})).await.ok(200);
    assert_eq!(again["visitor"]["name"], "Mina Park");
    // A claim does not change who the site says that it is.
    browser.ask().post(&browser.path("/visitor"), json!({"name": "The CEO"})).await.problem(409, "identified");
}
