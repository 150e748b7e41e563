//! Visitors who look around: seen by agents where they agreed, described by their site, spoken to first.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use std::time::Duration;

use arrange::text;
use arrange::widget::{Browser, Stream};
use axum::http::StatusCode;
use common::TestApp;
use jiff::SignedDuration;
use model::{Role, Secret};
use serde_json::{Value, json};

/// Settings of a widget that tells who is on the site and says something first.
fn settings() -> Value {
    let mut form = arrange::widget::settings();
    form["live"] = json!(true);
    form["invitations"] = json!({"enabled": true, "days": 7, "per_visit": 1, "dismissed_days": 30, "rules": [{
        "id": "cart", "name": "A full cart", "enabled": true, "from": "team",
        "when": [{"kind": "attribute", "op": "at_least", "name": "cart_value", "value": "100"}],
        "words": {"en": "Any questions before you order?", "ko": "주문 전에 궁금한 점이 있으세요?"}
    }]});
    form
}

async fn widget(app: &TestApp, change: impl FnOnce(&mut Value)) -> (String, String) {
    arrange::widget::widget(app, |form| {
        *form = settings();
        change(form);
    })
    .await
}

async fn looks_at(browser: &Browser<'_>, page: &str) {
    let page = json!({"url": format!("https://shop.example/{page}"), "title": page, "referrer": "https://search.example/"});
    browser.ask().post(&browser.path("/stay"), json!({"page": page})).await.ok(204);
}

/// Holds a stream, as somebody who agreed.
async fn stays_on(browser: &Browser<'_>, node: &TestApp) -> Stream {
    let mut stream = Stream::open(node, &browser.key, &browser.token, &format!("after={}&live=true", browser.cursor)).await;
    stream.until("hello").await;
    stream
}

async fn stays(browser: &Browser<'_>) -> Stream {
    stays_on(browser, browser.app).await
}

/// Asks again until the answer is as wanted.
async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..400 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never: {what}")
}

async fn live(app: &TestApp) -> Vec<Value> {
    app.by(&app.agent).get("/visitors").await.ok(200)["items"].as_array().unwrap().clone()
}

async fn there(app: &TestApp, id: &str) -> Value {
    until("the visitor is in the list", async || live(app).await.into_iter().find(|v| v["id"] == id)).await
}

#[tokio::test]
async fn agents_see_who_is_on_the_site_and_what_it_says_of_them() {
    TestApp::both(async |app| {
        let (inbox, key) = widget(&app, |_| {}).await;
        let browser = Browser::open(&app, &key).await;
        looks_at(&browser, "bowls").await;
        assert_eq!(live(&app).await, Vec::<Value>::new(), "nobody is there without a stream");
        let stream = stays(&browser).await;
        let said = json!({"attributes": {"cart_value": 120.5, "plan": "pro", "trial": true}, "events": [{"name": "added_to_cart", "attributes": {"sku": "B-7"}}]});
        browser.ask().post(&browser.path("/stay"), said).await.ok(204);
        looks_at(&browser, "cart").await;
        let seen = there(&app, &browser.id).await;
        assert_eq!((seen["page"]["title"].as_str(), seen["pages"].as_i64(), seen["visits"].as_i64()), (Some("cart"), Some(2), Some(1)));
        assert_eq!((seen["inbox_id"].as_str(), seen["name"].as_str(), seen["here"].as_bool()), (Some(inbox.as_str()), None, Some(true)));
        let cart = seen["attributes"].as_array().unwrap().iter().find(|a| a["name"] == "cart_value").unwrap().clone();
        assert_eq!(cart, json!({"name": "cart_value", "value": 120.5, "proven": false}));
        let detail = app.by(&app.agent).get(&format!("/visitors/{}", browser.id)).await.ok(200);
        assert_eq!((detail["trail"].as_array().unwrap().len(), detail["events"][0]["name"].as_str()), (2, Some("added_to_cart")));
        assert_eq!(app.by(&app.agent).get("/visitors/sites").await.ok(200)["items"][0]["inbox_id"], inbox.as_str());

        // Whoever is in a chat is shown with it.
        browser.ask().post(&browser.path("/conversations"), json!({"text": "Hello"})).await.ok(201);
        assert!(there(&app, &browser.id).await["conversation_id"].is_string());
        drop(stream);
        until("the visitor is gone", async || live(&app).await.is_empty().then_some(())).await;

        // Another visit after half an hour.
        app.pass(SignedDuration::from_mins(31));
        looks_at(&browser, "bowls").await;
        let detail = app.by(&app.agent).get(&format!("/visitors/{}", browser.id)).await.ok(200);
        assert_eq!((detail["visitor"]["visits"].as_i64(), detail["visitor"]["pages"].as_i64()), (Some(2), Some(1)));
    })
    .await;
}

#[tokio::test]
async fn nothing_is_noted_where_the_inbox_does_not_want_it_and_all_is_forgotten_when_the_visitor_agrees_no_longer() {
    TestApp::both(async |app| {
        let (inbox, key) = widget(&app, |s| s["live"] = json!(false)).await;
        let browser = Browser::open(&app, &key).await;
        browser.ask().post(&browser.path("/stay"), json!({"attributes": {"plan": "pro"}})).await.problem(409, "not_live");
        let mut form = settings();
        form["page"] = json!(false);
        app.by(&app.owner).put(&format!("/inboxes/{inbox}/widget"), form).await.ok(200);
        looks_at(&browser, "secret").await;
        let detail = app.by(&app.agent).get(&format!("/visitors/{}", browser.id)).await.ok(200);
        assert_eq!((&detail["visitor"]["page"], detail["trail"].as_array().unwrap().len()), (&Value::Null, 0));

        browser.ask().post(&browser.path("/stay"), json!({"attributes": {"plan": "pro"}})).await.ok(204);
        browser.ask().delete(&browser.path("/stay")).await.ok(204);
        let detail = app.by(&app.agent).get(&format!("/visitors/{}", browser.id)).await.ok(200);
        assert_eq!(detail["visitor"]["attributes"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_too_much_is_too_much() {
    let app = TestApp::new().await;
    let (_, key) = widget(&app, |_| {}).await;
    let browser = Browser::open(&app, &key).await;
    let stay = browser.path("/stay");
    for bad in [
        json!({"attributes": {"<b>": 1}}),
        json!({"attributes": {"a": {"deep": 1}}}),
        json!({"attributes": {"a": "x".repeat(201)}}),
        json!({"attributes": (0..21).map(|n| (format!("a{n}"), json!(1))).collect::<serde_json::Map<_, _>>()}),
        json!({"events": [{"name": "9"}]}),
        json!({"events": (0..51).map(|_| json!({"name": "e"})).collect::<Vec<_>>()}),
        json!({"unknown": 1}),
    ] {
        let status = browser.ask().post(&stay, bad.clone()).await.status;
        assert!(status.is_client_error(), "{bad} {status}");
    }
    app.anyone().post(&stay, json!({})).await.problem(401, "session_expired");
    let mut refused = 0;
    for _ in 0..70 {
        refused += u32::from(browser.ask().post(&stay, json!({})).await.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused > 0);
    // Who may not invite sees nobody; nor does another workspace.
    app.by(&app.viewer).get("/visitors").await.problem(403, "forbidden");
    app.by(&app.stranger).get(&format!("/visitors/{}", browser.id)).await.problem(404, "not_found");
    app.by(&app.stranger).post(&format!("/visitors/{}/invitation", browser.id), json!({"text": "Hi"})).await.problem(404, "not_found");
    app.by(&app.agent).get("/visitors?cursor=x").await.problem(400, "malformed");
}

#[tokio::test]
async fn visitors_of_an_inbox_out_of_sight_are_out_of_sight() {
    let app = TestApp::new().await;
    let other = app.join("other@haru.example", Role::Agent).await;
    let inbox = arrange::closed_inbox(&app, "closed@haru.example", &[&other]).await;
    let made = app.by(&app.owner).put(&format!("/inboxes/{inbox}/widget"), settings()).await.ok(200);
    let browser = Browser::open(&app, made["key"].as_str().unwrap()).await;
    looks_at(&browser, "bowls").await;
    let _stream = stays(&browser).await;
    until("those who see the inbox see the visitor", async || {
        let list = app.by(&other).get("/visitors").await.ok(200);
        (!list["items"].as_array().unwrap().is_empty()).then_some(())
    })
    .await;
    assert_eq!(live(&app).await, Vec::<Value>::new());
    app.by(&app.agent).get(&format!("/visitors/{}", browser.id)).await.problem(404, "not_found");
    app.by(&app.agent).post(&format!("/visitors/{}/invitation", browser.id), json!({"text": "Hi"})).await.problem(404, "not_found");
    assert_eq!(app.by(&app.agent).get(&format!("/visitors?inbox_id={inbox}")).await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn an_agent_speaks_first_and_the_answer_is_a_chat_of_that_agent() {
    TestApp::both(async |app| {
        let (_, key) = widget(&app, |_| {}).await;
        let browser = Browser::open(&app, &key).await;
        looks_at(&browser, "bowls").await;
        let invitation = format!("/visitors/{}/invitation", browser.id);
        app.by(&app.agent).post(&invitation, json!({"text": "Hello"})).await.problem(409, "gone");
        let mut stream = stays(&browser).await;
        there(&app, &browser.id).await;
        app.by(&app.viewer).post(&invitation, json!({"text": "Hello"})).await.problem(403, "forbidden");
        app.by(&app.agent).post(&invitation, json!({"text": " "})).await.problem(422, "invalid");
        app.by(&app.agent).post(&invitation, json!({"text": "May I help you choose?"})).await.ok(204);
        assert_eq!(stream.until("invitation").await.data["text"], "May I help you choose?");
        assert_eq!(there(&app, &browser.id).await["invited"]["text"], "May I help you choose?");
        // Another page of the site: the words are still there.
        drop(stream);
        let mut stream = stays(&browser).await;
        stream.until("invitation").await;

        let begun = browser.ask().post(&browser.path("/conversations"), json!({"text": "Yes, please", "invitation": "agent"})).await.ok(201);
        assert_eq!(begun["conversation"]["invitation"]["text"], "May I help you choose?");
        let id = text(&begun["conversation"]["id"]);
        let listed = app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200);
        assert_eq!(listed["assignee"]["id"], app.agent.agent.id.to_string());
        let events = app.by(&app.agent).get(&format!("/conversations/{id}/timeline")).await.ok(200).to_string();
        assert!(events.contains("chat.invited") && events.contains("May I help you choose?"), "{events}");
        assert_eq!(there(&app, &browser.id).await["invited"], Value::Null);
        app.by(&app.agent).post(&invitation, json!({"text": "Again"})).await.problem(409, "in_chat");
    })
    .await;
}

#[tokio::test]
async fn what_a_rule_said_is_counted_and_begins_the_chat_in_our_own_words() {
    TestApp::both(async |app| {
        let (inbox, key) = widget(&app, |_| {}).await;
        let config = app.anyone().get(&format!("/widget/{key}?locale=ko")).await.ok(200);
        assert_eq!(config["invitations"]["rules"][0]["text"], "주문 전에 궁금한 점이 있으세요?");
        assert!(!config.to_string().contains("A full cart"), "the name is for the team");
        app.anyone().post(&format!("/widget/{key}/invitations/cart/shown"), json!({})).await.ok(204);
        app.anyone().post(&format!("/widget/{key}/invitations/none/shown"), json!({})).await.problem(404, "not_found");
        let browser = Browser::open(&app, &key).await;
        let begun = browser.ask().post(&browser.path("/conversations"), json!({"text": "Yes: how deep is it?", "invitation": "cart"})).await.ok(201);
        assert_eq!(begun["conversation"]["invitation"]["text"], "Any questions before you order?");
        let id = text(&begun["conversation"]["id"]);
        let events = app.by(&app.agent).get(&format!("/conversations/{id}/timeline")).await.ok(200).to_string();
        assert!(events.contains("A full cart"), "{events}");
        let counts = app.by(&app.owner).get(&format!("/inboxes/{inbox}/widget/invitations")).await.ok(200);
        assert_eq!(counts["items"], json!([{"id": "cart", "shown": 1, "answered": 1}]));
        app.by(&app.agent).get(&format!("/inboxes/{inbox}/widget/invitations")).await.problem(403, "forbidden");
        // What no rule says is not ours: the chat begins without it.
        let begun = browser.ask().post(&browser.path("/conversations"), json!({"text": "Hi", "invitation": "You owe me"})).await.ok(201);
        assert_eq!(begun["conversation"]["invitation"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn who_said_it_first_is_named_as_the_customer_saw_them() {
    TestApp::both(async |app| {
        for whole in [false, true] {
            let inbox = arrange::inbox(&app, &app.owner, if whole { "b@haru.example" } else { "a@haru.example" }).await;
            let mut form = settings();
            form["full_names"] = json!(whole);
            form["invitations"]["rules"][0]["from"] = json!("agent");
            let mut team = form["invitations"]["rules"][0].clone();
            team["id"] = json!("team");
            team["from"] = json!("team");
            form["invitations"]["rules"].as_array_mut().unwrap().push(team);
            let key = text(&app.by(&app.owner).put(&format!("/inboxes/{inbox}/widget"), form).await.ok(200)["key"]);
            let name = "Mina Park";
            app.by(&app.owner).patch(&format!("/agents/{}", app.agent.agent.id), json!({"name": name})).await.ok(200);
            let given = name.split(' ').next().unwrap();
            let (shown, other) = if whole { (name, given) } else { (given, name) };

            // By hand: in what is shown first, in what is listed, and in the thread.
            let browser = Browser::open(&app, &key).await;
            looks_at(&browser, "bowls").await;
            let mut stream = stays(&browser).await;
            there(&app, &browser.id).await;
            app.by(&app.agent).post(&format!("/visitors/{}/invitation", browser.id), json!({"text": "May I help?"})).await.ok(204);
            assert_eq!(stream.until("invitation").await.data["name"], shown);
            let begun = browser.ask().post(&browser.path("/conversations"), json!({"text": "Yes", "invitation": "agent"})).await.ok(201);
            assert_eq!((&begun["conversation"]["invitation"]["name"], &begun["conversation"]["agent"]["name"]), (&json!(shown), &json!(shown)));

            // By a rule in an agent's name: as the frame showed it, where it is one who answers there and is shown so.
            let browser = Browser::open(&app, &key).await;
            for (rule, by, kept) in [
                ("cart", json!(shown), json!(shown)),
                ("cart", json!(other), Value::Null),
                ("cart", json!(app.viewer.agent.name), Value::Null),
                ("cart", json!("The Police"), Value::Null),
                ("cart", Value::Null, Value::Null),
                ("team", json!(shown), Value::Null),
            ] {
                let form = json!({"text": "Yes", "invitation": rule, "invitation_by": by});
                let begun = browser.ask().post(&browser.path("/conversations"), form).await.ok(201);
                let words = &begun["conversation"]["invitation"];
                assert_eq!((&words["text"], &words["name"]), (&json!("Any questions before you order?"), &kept), "{rule} {by}");
                let initials = if kept.is_null() { Value::Null } else { json!(model::visitor::initials(shown)) };
                assert_eq!(words["initials"], initials);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn where_they_are_off_nothing_is_said_first() {
    let app = TestApp::new().await;
    let (inbox, key) = widget(&app, |s| s["invitations"]["enabled"] = json!(false)).await;
    assert_eq!(app.anyone().get(&format!("/widget/{key}")).await.ok(200)["invitations"], Value::Null);
    app.anyone().post(&format!("/widget/{key}/invitations/cart/shown"), json!({})).await.problem(404, "not_found");
    // A widget is made without: both are off.
    let plain = app.by(&app.owner).get(&format!("/inboxes/{inbox}/widget")).await.ok(200);
    assert_eq!(plain["settings"]["live"], true);
    let mut form = settings();
    form.as_object_mut().unwrap().remove("live");
    form.as_object_mut().unwrap().remove("invitations");
    let saved = app.by(&app.owner).put(&format!("/inboxes/{inbox}/widget"), form).await.ok(200);
    assert_eq!((&saved["settings"]["live"], &saved["settings"]["invitations"]["enabled"]), (&json!(false), &json!(false)));
    let mut bad = settings();
    bad["invitations"]["rules"][0]["when"][0]["value"] = json!("much");
    app.by(&app.owner).put(&format!("/inboxes/{inbox}/widget"), bad).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_visitor_on_two_nodes_is_there_until_both_streams_are_closed() {
    let Some(app) = TestApp::on_postgres(http::HttpSettings::default()).await else { return };
    let other = app.another_node().await;
    let (_, key) = widget(&app, |_| {}).await;
    let browser = Browser::open(&app, &key).await;
    looks_at(&browser, "bowls").await;
    let first = stays(&browser).await;
    let second = stays_on(&browser, &other).await;
    there(&app, &browser.id).await;
    // The agent is on one node, the words reach the visitor on the other.
    drop(first);
    // What this node wrote when its stream was closed (5 s later) is put right by the other at once.
    tokio::time::sleep(Duration::from_secs(6)).await;
    there(&app, &browser.id).await;
    let mut second = second;
    app.by(&app.agent).post(&format!("/visitors/{}/invitation", browser.id), json!({"text": "Hello over there"})).await.ok(204);
    assert_eq!(second.until("invitation").await.data["text"], "Hello over there");
    drop(second);
    until("the visitor is gone", async || live(&app).await.is_empty().then_some(())).await;
}

#[tokio::test]
async fn what_a_signed_identity_says_is_proven_and_the_anonymous_card_goes_into_the_known_one() {
    TestApp::both(async |app| {
        let (inbox, key) = widget(&app, |_| {}).await;
        let secret = Secret::new(&*text(&app.by(&app.owner).post(&format!("/inboxes/{inbox}/widget/secret"), json!({})).await.ok(200)["secret"]));
        let known = arrange::conversation(&app, &app.owner, &inbox, "mina@shop.example", "Where is my order?").await;
        let mina = text(&known["customer"]["id"]);
        let browser = Browser::open(&app, &key).await;
        let begun = browser.ask().post(&browser.path("/conversations"), json!({"text": "Hello"})).await.ok(201);
        let id = text(&begun["conversation"]["id"]);
        let anonymous = text(&app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200)["customer"]["id"]);
        assert_ne!(anonymous, mina);
        app.by(&app.agent).patch(&format!("/customers/{anonymous}"), json!({"notes": "Likes blue bowls."})).await.ok(200);
        let claims = json!({"sub": "u-1", "exp": app.app.now().as_second() + 600, "email": "mina@shop.example", "email_verified": true, "attributes": {"plan": "pro"}});
        let token = model::identity::sign(&claims, "HS256", &secret);
        let session = app.anyone().post(&format!("/widget/{key}/session"), json!({"token": browser.token, "identity": token})).await.ok(200);
        assert_eq!(session["conversations"].as_array().unwrap().len(), 1, "not what was said by mail, nor elsewhere");
        assert_eq!(app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200)["customer"]["id"], mina.as_str());
        app.by(&app.agent).get(&format!("/customers/{anonymous}")).await.problem(404, "not_found");
        assert_eq!(app.by(&app.agent).get(&format!("/customers/{mina}")).await.ok(200)["notes"], "Likes blue bowls.");
        let detail = app.by(&app.agent).get(&format!("/visitors/{}", browser.id)).await.ok(200);
        assert_eq!(detail["visitor"]["attributes"], json!([{"name": "plan", "value": "pro", "proven": true}]));
        // What the page says does not hide what is proven.
        app.with_token(session["token"].as_str().unwrap()).post(&browser.path("/stay"), json!({"attributes": {"plan": "free"}})).await.ok(204);
        let detail = app.by(&app.agent).get(&format!("/visitors/{}", browser.id)).await.ok(200);
        assert_eq!(detail["visitor"]["attributes"], json!([{"name": "plan", "value": "pro", "proven": true}]));
    })
    .await;
}

#[tokio::test]
async fn a_claimed_address_stays_a_claim() {
    TestApp::both(async |app| {
        let (_, key) = widget(&app, |_| {}).await;
        let browser = Browser::open(&app, &key).await;
        browser.ask().post(&browser.path("/visitor"), json!({"email": "free@shop.example"})).await.ok(200);
        let begun = browser.ask().post(&browser.path("/conversations"), json!({"text": "Hello"})).await.ok(201);
        let c = app.by(&app.agent).get(&format!("/conversations/{}", text(&begun["conversation"]["id"]))).await.ok(200);
        assert_eq!((c["chat"]["mail"].as_str(), &c["customer"]["email"]), (Some("free@shop.example"), &Value::Null));
        // Somebody who really writes from there is somebody else.
        let inbox = text(&c["inbox"]["id"]);
        let mail = arrange::conversation(&app, &app.owner, &inbox, "free@shop.example", "A mail").await;
        assert_ne!(mail["customer"]["id"], c["customer"]["id"]);
    })
    .await;
}
