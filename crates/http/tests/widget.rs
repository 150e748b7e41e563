//! The widget from the visitor's side, with an agent on the other: every route with a good token, without one, with another
//! visitor's, and with what does not fit.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::text;
use arrange::widget::{Browser, settings, widget};
use axum::body::Body;
use axum::http::Method;
use common::{Ask, Person, TestApp};
use jiff::SignedDuration;
use model::agent::TokenScope;
use serde_json::{Value, json};

async fn answers(app: &TestApp, who: &Person, id: &str, html: &str) -> Value {
    app.by(who).post(&format!("/conversations/{id}/replies"), json!({"html": html})).await.ok(201)
}

#[tokio::test]
async fn a_visitor_writes_an_agent_answers_and_the_visitor_sees_it_at_once() {
    TestApp::both(async |app| {
        let (_, key) = widget(&app, |_| {}).await;
        let browser = Browser::open(&app, &key).await;
        let mut stream = browser.stream(&browser.cursor).await;
        assert_eq!(stream.until("hello").await.data["cursor"], browser.cursor);
        let id = browser.begins("Where is my order?").await;
        let begun = stream.until("message").await;
        assert_eq!((begun.data["message"]["text"].as_str(), begun.data["message"]["from"].as_str()), (Some("Where is my order?"), Some("customer")));

        let listed = app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200);
        assert_eq!((listed["channel"].as_str(), listed["chat"]["state"].as_str()), (Some("chat"), Some("waiting")));
        assert!(listed["customer"]["name"].as_str().unwrap().starts_with("Visitor "));
        assert_eq!((listed["subject"].as_str(), listed["reply_to_defaults"]["to"].as_array().map(Vec::len)), (Some("Where is my order?"), Some(0)));

        let reply = answers(&app, &app.agent, &id, "<p>On its <b>way</b>.</p>").await;
        assert_eq!((reply["delivery"]["state"].as_str(), reply["to"].as_array().map(Vec::len)), (Some("sent"), Some(0)));
        let shown = stream.until("message").await;
        let message = &shown.data["message"];
        assert_eq!(
            (message["from"].as_str(), message["name"].as_str(), message["text"].as_str()),
            (Some("agent"), Some("agent"), Some("On its way."))
        );
        assert_eq!(message["html"], "<p>On its <b>way</b>.</p>");
        let conversation = stream.until("conversation").await;
        assert_eq!(
            (conversation.data["conversation"]["state"].as_str(), conversation.data["conversation"]["unread"].as_i64()),
            (Some("active"), Some(1))
        );
        assert!(!conversation.id.is_empty());

        // A reload: the same token, and everything is there.
        let again = app.anyone().post(&browser.path("/session"), json!({"token": browser.token})).await.ok(200);
        assert_eq!((again["token"].clone(), again["conversations"][0]["id"].as_str()), (Value::Null, Some(id.as_str())));
        let texts: Vec<_> = browser.sees(&id).await.iter().map(|m| text(&m["text"])).collect();
        assert_eq!(texts, ["Where is my order?", "On its way."]);
    })
    .await;
}

#[tokio::test]
async fn after_a_break_the_stream_goes_on_exactly_where_it_was() {
    TestApp::both(async |app| {
        let (_, key) = widget(&app, |_| {}).await;
        let browser = Browser::open(&app, &key).await;
        let id = browser.begins("one").await;
        let mut stream = browser.stream(&browser.cursor).await;
        stream.until("message").await;
        let last = stream.until("conversation").await.id;
        drop(stream);
        for n in 0..20 {
            answers(&app, &app.agent, &id, &format!("<p>answer {n}</p>")).await;
        }
        let mut stream = browser.stream(&last).await;
        let frames = stream.drain().await;
        let texts: Vec<_> = frames.iter().filter(|f| f.event == "message").map(|f| text(&f.data["message"]["text"])).collect();
        assert_eq!(texts, (0..20).map(|n| format!("answer {n}")).collect::<Vec<_>>());
        // Only the last frame of them says how far it is: a break before it begins with all of them again.
        let ids: Vec<_> = frames.iter().filter(|f| !f.id.is_empty()).collect();
        assert_eq!((ids.len(), ids[0].event.as_str()), (1, "conversation"));
        let mut next = browser.stream(&ids[0].id).await;
        assert!(next.drain().await.iter().all(|f| f.event == "hello"));
        for odd in ["nonsense", "9-9-9", "99999999999999-1"] {
            assert_eq!(browser.stream(odd).await.until("reload").await.event, "reload");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_is_far_behind_is_told_to_read_everything_again() {
    let app = TestApp::new().await;
    let (_, key) = widget(&app, |_| {}).await;
    let browser = Browser::open(&app, &key).await;
    let id = browser.begins("hello").await;
    let scope = app.scope(&app.agent).await;
    let place = id.parse().unwrap();
    let mut tx = app.desk().begin().await.unwrap();
    for n in 0..600 {
        let words = desk::conversation::Reply { text: Some(format!("{n}")), ..Default::default() };
        desk::conversation::reply(&mut tx, app.desk(), &scope, place, words).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(browser.stream(&browser.cursor).await.read().await.unwrap().event, "reload");
}

#[tokio::test]
async fn a_message_sent_twice_with_one_key_is_one_also_from_two_tabs_at_once() {
    TestApp::both(async |app| {
        let (_, key) = widget(&app, |_| {}).await;
        let browser = Browser::open(&app, &key).await;
        let id = browser.begins("hello").await;
        let path = browser.path(&format!("/conversations/{id}/messages"));
        let send = || browser.ask().header("idempotency-key", "k-1").post(&path, json!({"text": "once"}));
        let (a, b, c) = tokio::join!(send(), send(), send());
        let (a, b, c) = (a.ok(201), b.ok(201), c.ok(201));
        assert_eq!((&a["id"], &a["id"], &a["client_key"]), (&b["id"], &c["id"], &json!("k-1")));
        assert_eq!(browser.sees(&id).await.len(), 2);
        let path = browser.path("/conversations");
        let start = || browser.ask().header("idempotency-key", "k-3").post(&path, json!({"text": "another"}));
        let (a, b) = tokio::join!(start(), start());
        assert_eq!(a.ok(201)["conversation"]["id"], b.ok(201)["conversation"]["id"]);
        let list = browser.ask().get(&browser.path("/conversations")).await.ok(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        // The first words of two tabs at once make one customer.
        let fresh = Browser::open(&app, &key).await;
        let (a, b) = tokio::join!(fresh.begins("left"), fresh.begins("right"));
        let customer = async |id: &str| app.by(&app.owner).get(&format!("/conversations/{id}")).await.ok(200)["customer"]["id"].clone();
        assert_eq!(customer(&a).await, customer(&b).await);
    })
    .await;
}

#[tokio::test]
async fn nobody_gets_in_without_a_good_token_nor_into_what_is_another_visitors() {
    let app = TestApp::new().await;
    let (_, key) = widget(&app, |s| s["callback"] = json!(true)).await;
    let browser = Browser::open(&app, &key).await;
    let id = browser.begins("mine").await;
    let mine = text(&browser.sees(&id).await[0]["id"]);
    let other = Browser::open(&app, &key).await;
    let routes = [
        (Method::GET, "/conversations".into(), Value::Null),
        (Method::POST, "/conversations".into(), json!({"text": "x"})),
        (Method::POST, "/visitor".into(), json!({"name": "x"})),
        (Method::GET, format!("/conversations/{id}/messages"), Value::Null),
        (Method::POST, format!("/conversations/{id}/messages"), json!({"text": "x"})),
        (Method::POST, format!("/conversations/{id}/typing"), json!({"text": "x"})),
        (Method::POST, format!("/conversations/{id}/read"), json!({"message": mine})),
        (Method::POST, format!("/conversations/{id}/end"), Value::Null),
        (Method::POST, format!("/conversations/{id}/rating"), json!({"score": 5})),
        (Method::POST, format!("/conversations/{id}/transcript"), json!({"email": "a@b.example"})),
        (Method::POST, format!("/conversations/{id}/leave"), json!({"email": "a@b.example"})),
        (Method::POST, format!("/conversations/{id}/callback"), json!({"phone": "+82 10-1234-5678"})),
        (Method::POST, "/stay".into(), json!({"attributes": {"plan": "pro"}})),
        (Method::DELETE, "/stay".into(), Value::Null),
        (Method::DELETE, "/invitation".into(), Value::Null),
        (Method::DELETE, "/session".into(), Value::Null),
        (Method::POST, "/uploads?filename=a.txt".into(), json!("a")),
        (Method::GET, "/files/att_0000000000000".into(), Value::Null),
        (Method::GET, "/stream".into(), Value::Null),
    ];
    let agents = app.token(&app.owner, &[TokenScope::Admin]).await;
    for (method, path, form) in &routes {
        let path = format!("/widget/{key}{path}");
        let send = async |ask: Ask<'_>| {
            if form.is_null() { ask.send(method.clone(), &path, Body::empty()).await } else { ask.json(method.clone(), &path, form.clone()).await }
        };
        send(app.anyone()).await.problem(401, "session_expired");
        send(app.with_token("nonsense")).await.problem(401, "session_expired");
        send(app.with_token(&agents)).await.problem(401, "session_expired");
        send(app.by(&app.owner)).await.problem(401, "session_expired");
        if path.contains(&id) {
            send(other.ask()).await.problem(404, "not_found");
        }
        // A page of another site, whatever it has (row 46).
        send(browser.ask().header("origin", "https://evil.example")).await.problem(403, "cross_site");
        send(browser.ask().header("sec-fetch-site", "cross-site")).await.problem(403, "cross_site");
    }
    for foreign in ["https://evil.example", "null"] {
        app.anyone().header("origin", foreign).post(&format!("/widget/{key}/session"), json!({})).await.problem(403, "cross_site");
        browser.ask().header("origin", foreign).get(&browser.path("/stream")).await.problem(403, "cross_site");
        // Row 53: no page elsewhere reads an answer.
        let answer = app.anyone().header("origin", foreign).get(&format!("/widget/{key}")).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
    app.anyone().get("/widget/nonsense").await.problem(404, "not_found");
    app.anyone().post("/widget/nonsense/session", json!({})).await.problem(404, "not_found");
    // A token of one inbox is nothing at another.
    let second = arrange::inbox(&app, &app.owner, "shop@haru.example").await;
    let made = app.by(&app.owner).put(&format!("/inboxes/{second}/widget"), settings()).await.ok(200);
    app.with_token(&browser.token).get(&format!("/widget/{}/conversations", text(&made["key"]))).await.problem(401, "session_expired");
    assert_eq!(browser.sees(&id).await.len(), 1, "nothing was changed");
}

#[tokio::test]
async fn a_visitor_who_signs_out_is_forgotten_and_their_streams_end() {
    let app = TestApp::new().await;
    let (_, key) = widget(&app, |_| {}).await;
    let browser = Browser::open(&app, &key).await;
    browser.begins("hello").await;
    let mut stream = browser.stream(&browser.cursor).await;
    stream.until("hello").await;
    assert_eq!(browser.ask().delete(&browser.path("/session")).await.status, 204);
    stream.until("expired").await;
    assert!(stream.read().await.is_none());
    browser.ask().get(&browser.path("/conversations")).await.problem(401, "session_expired");
    let fresh = app.anyone().post(&browser.path("/session"), json!({"token": browser.token})).await.ok(200);
    assert_eq!(fresh["conversations"], json!([]));
    assert_ne!(fresh["token"], browser.token);
}

#[tokio::test]
async fn row_29_what_is_for_agents_only_never_reaches_a_visitor() {
    TestApp::both(async |app| {
        let canary = "CANARY-7f3a";
        let (_, key) = widget(&app, |_| {}).await;
        let browser = Browser::open(&app, &key).await;
        let mut stream = browser.stream(&browser.cursor).await;
        let id = browser.begins("hello").await;
        stream.until("conversation").await;
        let place = format!("/conversations/{id}");
        app.by(&app.agent).post(&format!("{place}/notes"), json!({"text": format!("note {canary}")})).await.ok(201);
        app.by(&app.agent).patch(&place, json!({"assignee_id": app.agent.agent.id, "note": {"text": canary}})).await.ok(200);
        app.by(&app.agent).patch(&place, json!({"priority": "high"})).await.ok(200);
        app.by(&app.agent).put(&format!("{place}/draft"), json!({"kind": "reply", "html": canary})).await;
        answers(&app, &app.agent, &id, "<p>Hello there</p>").await;
        // A mail to somebody else from the same conversation.
        let to_others = json!({"text": format!("for others {canary}"), "to": [{"address": format!("{canary}@else.example")}], "bcc": [{"address": "boss@haru.example"}]});
        app.by(&app.agent).post(&format!("{place}/replies"), to_others).await.ok(201);
        app.by(&app.agent).patch("/agents/me", json!({"signature_html": format!("<p>{canary}</p>")})).await;
        answers(&app, &app.agent, &id, "<p>And again</p>").await;
        app.pass(SignedDuration::from_hours(1));

        let mut all = String::new();
        for frame in stream.drain().await {
            all.push_str(&frame.data.to_string());
        }
        for path in ["/conversations".to_owned(), format!("/conversations/{id}/messages")] {
            all.push_str(&browser.ask().get(&browser.path(&path)).await.text);
        }
        all.push_str(&app.anyone().post(&browser.path("/session"), json!({"token": browser.token})).await.text);
        all.push_str(&app.anyone().get(&browser.path("")).await.text);
        for frame in browser.stream(&browser.cursor).await.drain().await {
            all.push_str(&frame.data.to_string());
        }
        assert!(all.contains("Hello there") && all.contains("And again"));
        for word in [canary, "haru.example", "boss", "priority", "note", "reply_token", "inbox_id", "version"] {
            assert!(!all.replace("\"inbox_name\":\"help\"", "").contains(word), "{word} in {all}");
        }
    })
    .await;
}

#[tokio::test]
async fn read_marks_and_typing_go_both_ways() {
    TestApp::both(async |app| {
        let (_, key) = widget(&app, |_| {}).await;
        let browser = Browser::open(&app, &key).await;
        let id = browser.begins("hello").await;
        let mut visitor = browser.stream(&browser.cursor).await;
        visitor.until("hello").await;
        let mut agent = arrange::Open::new(&app, &app.agent, "").await;
        assert_eq!(agent.next().await.event, "hello");

        let sign = browser.path(&format!("/conversations/{id}/typing"));
        assert_eq!(browser.ask().post(&sign, json!({"text": "my ord"})).await.status, 204);
        let typing = loop {
            let frame = agent.next().await;
            if frame.event == "visitor_typing" {
                break frame;
            }
        };
        assert_eq!((typing.data["text"].as_str(), typing.data["typing"].as_bool()), (Some("my ord"), Some(true)));

        app.by(&app.agent).post(&format!("/conversations/{id}/presence"), json!({"typing": true})).await;
        let shown = visitor.until("typing").await;
        assert_eq!((shown.data["name"].as_str(), shown.data["typing"].as_bool()), (Some("agent"), Some(true)));
        // A note is nobody's business.
        app.by(&app.owner).post(&format!("/conversations/{id}/presence"), json!({"typing": true, "internal": true})).await;

        app.by(&app.agent).put(&format!("/conversations/{id}/read"), json!({"read": true})).await;
        let seen = visitor.until("conversation").await;
        let first = browser.sees(&id).await[0]["id"].clone();
        assert_eq!(seen.data["conversation"]["agent_read"], first);

        let reply = answers(&app, &app.agent, &id, "<p>Yes?</p>").await;
        assert_eq!(browser.conversation(&id).await["unread"], 1);
        let read = browser.path(&format!("/conversations/{id}/read"));
        assert_eq!(browser.ask().post(&read, json!({"message": reply["id"]})).await.status, 204);
        assert_eq!(browser.conversation(&id).await["unread"], 0);
        let listed = app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200);
        assert_eq!(listed["chat"]["customer_read"], reply["id"]);
        browser.ask().post(&read, json!({"message": "msg_0000000000000"})).await.ok(204);
    })
    .await;
}

#[tokio::test]
async fn a_chat_is_held_resumed_ended_rated_and_opens_again() {
    let app = TestApp::new().await;
    let (_, key) = widget(&app, |_| {}).await;
    let browser = Browser::open(&app, &key).await;
    let id = browser.begins("hello").await;
    let place = format!("/conversations/{id}");
    let until = app.app.now() + SignedDuration::from_mins(10);
    let hold = json!({"until": until.to_string(), "text": "I look it up."});
    app.by(&app.viewer).post(&format!("{place}/chat/hold"), hold.clone()).await.problem(403, "forbidden");
    app.by(&app.stranger).post(&format!("{place}/chat/hold"), hold.clone()).await.problem(404, "not_found");
    app.by(&app.agent).post(&format!("{place}/chat/hold"), json!({"until": app.app.now().to_string()})).await.problem(422, "invalid");
    assert_eq!(app.by(&app.agent).post(&format!("{place}/chat/hold"), hold.clone()).await.status, 204);
    let held = browser.conversation(&id).await;
    assert_eq!((held["state"].as_str(), held["hold"]["text"].as_str()), (Some("on_hold"), Some("I look it up.")));
    let reminders = app.by(&app.agent).get(&format!("{place}/reminders")).await.ok(200);
    assert_eq!(reminders["items"].as_array().unwrap().len(), 1);
    answers(&app, &app.agent, &id, "<p>Found it.</p>").await;
    assert_eq!(browser.conversation(&id).await["state"], "active");

    assert_eq!(app.by(&app.agent).post(&format!("{place}/chat/end"), json!({})).await.status, 204);
    assert_eq!(browser.conversation(&id).await["state"], "ended");
    assert_eq!(app.by(&app.agent).get(&place).await.ok(200)["status"]["kind"], "resolved");
    let rate = browser.path(&format!("{place}/rating"));
    browser.ask().post(&rate, json!({"score": 6})).await.problem(422, "invalid");
    assert_eq!(browser.ask().post(&rate, json!({"score": 5, "comment": "Quick!"})).await.status, 204);
    assert_eq!(app.by(&app.agent).get(&place).await.ok(200)["chat"]["rating"]["comment"], "Quick!");

    browser.says(&id, "One more thing").await;
    let again = app.by(&app.agent).get(&place).await.ok(200);
    assert_eq!((again["status"]["kind"].as_str(), again["chat"]["state"].as_str()), (Some("open"), Some("active")));
    // The customer ends it while they wait for an answer: it stays open for the agent.
    assert_eq!(browser.ask().post(&browser.path(&format!("{place}/end")), json!({})).await.status, 204);
    let ended = app.by(&app.agent).get(&place).await.ok(200);
    assert_eq!((ended["status"]["kind"].as_str(), ended["chat"]["state"].as_str()), (Some("open"), Some("ended")));
    // A chat stays by itself: what others wrote must not come into it.
    let mail = arrange::conversation(&app, &app.owner, &text(&ended["inbox"]["id"]), "x@y.example", "else").await;
    app.by(&app.owner).post(&format!("{place}/merge"), json!({"into": mail["id"], "other_customer": true})).await.problem(409, "chat");
}

#[tokio::test]
async fn files_are_for_those_who_are_in_the_conversation() {
    let app = TestApp::new().await;
    let (_, key) = widget(&app, |s| s["files"]["max_bytes"] = json!(1_000)).await;
    let browser = Browser::open(&app, &key).await;
    let other = Browser::open(&app, &key).await;
    let upload = async |browser: &Browser<'_>, name: &str, kind: &str, bytes: &[u8]| {
        let ask = browser.ask().header("content-type", kind);
        ask.send(Method::POST, &browser.path(&format!("/uploads?filename={name}")), Body::from(bytes.to_vec())).await
    };
    let file = upload(&browser, "..%2Fevil.html", "text/html", b"<script>alert(1)</script>").await.ok(201);
    assert_eq!(file["name"], "evil.html");
    let id = text(&file["id"]);
    let get = |browser: &Browser<'_>| format!("{}?inline=1", browser.path(&format!("/files/{id}")));
    // Not yet on a message, and never somebody else's.
    browser.ask().get(&get(&browser)).await.problem(404, "not_found");
    other.ask().post(&other.path("/conversations"), json!({"text": "x", "attachments": [id]})).await.problem(422, "invalid");
    let begun = browser.ask().post(&browser.path("/conversations"), json!({"text": "", "attachments": [id]})).await.ok(201);
    assert_eq!(begun["message"]["files"][0]["name"], "evil.html");
    let answer = browser.ask().get(&get(&browser)).await;
    assert_eq!((answer.status.as_u16(), answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment")), (200, true));
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    other.ask().get(&get(&other)).await.problem(404, "not_found");
    assert_eq!(app.by(&app.agent).get(&format!("/attachments/{id}")).await.status, 200);
    // Too large, empty, and a note's file.
    upload(&browser, "a.bin", "application/octet-stream", &[0; 2_000]).await.problem(413, "too_large");
    upload(&browser, "a.bin", "application/octet-stream", &[]).await.problem(422, "invalid");
    let conversation = text(&begun["conversation"]["id"]);
    let secret = arrange::upload(&app, &app.agent, "secret.txt", "text/plain", b"inside").await.ok(201);
    app.by(&app.agent).post(&format!("/conversations/{conversation}/notes"), json!({"text": "n", "attachment_ids": [secret["id"]]})).await.ok(201);
    browser.ask().get(&browser.path(&format!("/files/{}", text(&secret["id"])))).await.problem(404, "not_found");
}

#[tokio::test]
async fn rows_15_45_and_57_floods_and_garbage_get_a_polite_no() {
    let app = TestApp::new().await;
    let (_, key) = widget(&app, |_| {}).await;
    let browser = Browser::open(&app, &key).await;
    let id = browser.begins("hello").await;
    let path = browser.path(&format!("/conversations/{id}/messages"));
    browser.ask().post(&path, json!({"text": "x".repeat(10_001)})).await.problem(422, "invalid");
    browser.ask().post(&path, json!({"text": "x".repeat(1024 * 1024)})).await.problem(422, "invalid");
    browser.ask().post(&path, json!({"text": "x".repeat(3 * 1024 * 1024)})).await.problem(413, "too_large");
    browser.ask().post(&path, json!({"text": "  \n "})).await.problem(422, "invalid");
    browser.ask().post(&path, json!({"text": "x", "from": "agent"})).await.problem(400, "malformed");
    browser.ask().post(&path, json!({"text": "a\u{0}b"})).await.problem(400, "malformed");
    for garbage in ["", "{", "[]", "null", "\u{1f600}", "{\"text\":1}"] {
        let answer = browser.ask().header("content-type", "application/json").send(Method::POST, &path, Body::from(garbage.to_owned())).await;
        assert!(answer.status.is_client_error(), "{garbage}: {}", answer.text);
    }
    app.pass(SignedDuration::from_mins(1));
    let mut refused = None;
    for _ in 0..40 {
        let answer = browser.ask().header("x-forwarded-for", "198.51.100.1").post(&path, json!({"text": "again"})).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.unwrap();
    assert!(refused.headers.contains_key("retry-after"));
    assert!(refused.problem(429, "too_many_requests")["detail"].as_str().unwrap().contains("Please wait"));
    // Sessions from one address; what it says of itself does not help (row 15).
    let mut last = 0;
    for n in 0..200 {
        let ask = app.anyone().from("203.0.113.77").header("x-forwarded-for", &format!("198.51.100.{n}"));
        last = ask.post(&format!("/widget/{key}/session"), json!({})).await.status.as_u16();
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    app.pass(SignedDuration::from_mins(1));
    let mut streams = Vec::new();
    for _ in 0..10 {
        streams.push(browser.stream(&browser.cursor).await);
    }
    browser.ask().get(&browser.path("/stream")).await.problem(429, "too_many_requests");
    drop(streams);
    browser.stream(&browser.cursor).await.until("hello").await;
}

#[tokio::test]
async fn what_is_asked_before_the_first_message_is_answered_and_agents_see_it() {
    let app = TestApp::new().await;
    let fields = json!([
        {"key": "name", "label": {"en": "Your name", "ko": "이름"}, "kind": "text", "required": true},
        {"key": "email", "label": {"en": "E-mail"}, "kind": "email", "required": true},
        {"key": "topic", "label": {"en": "Topic"}, "kind": "choice", "choices": ["Order", "Other"]}
    ]);
    let (_, key) = widget(&app, |s| s["pre_chat"] = json!({"when": "always", "fields": fields})).await;
    let config = app.anyone().get(&format!("/widget/{key}?locale=ko-KR")).await.ok(200);
    assert_eq!((config["greeting"].as_str(), config["pre_chat"]["fields"][0]["label"].as_str()), (Some("안녕하세요"), Some("이름")));
    let browser = Browser::open(&app, &key).await;
    let path = browser.path("/conversations");
    for bad in [json!({}), json!({"name": "Mina", "email": "nope"}), json!({"name": "Mina", "email": "a@b.example", "topic": "Else"})] {
        browser.ask().post(&path, json!({"text": "hi", "form": bad})).await.problem(422, "invalid");
    }
    let page = json!({"url": "https://shop.example/cart", "title": "Cart"});
    let form = json!({"name": "Mina Park", "email": "mina@new.example", "topic": "Order", "other": "x"});
    let begun = browser.ask().post(&path, json!({"text": "hi", "form": form, "page": page})).await.ok(201);
    let listed = app.by(&app.agent).get(&format!("/conversations/{}", text(&begun["conversation"]["id"]))).await.ok(200);
    // Nobody has proven the address: answers go there, and the card does not have it.
    assert_eq!((listed["customer"]["name"].as_str(), listed["customer"]["email"].as_str()), (Some("Mina Park"), None));
    assert_eq!(listed["chat"]["mail"], "mina@new.example");
    assert_eq!(
        (listed["chat"]["form"]["topic"].as_str(), listed["chat"]["page"]["url"].as_str()),
        (Some("Order"), Some("https://shop.example/cart"))
    );
    assert!(listed["chat"]["form"]["other"].is_null());
}

#[tokio::test]
async fn the_widget_of_an_inbox_is_for_admins_and_its_secret_shows_once() {
    let app = TestApp::new().await;
    let (inbox, key) = widget(&app, |_| {}).await;
    let path = format!("/inboxes/{inbox}/widget");
    app.by(&app.agent).get(&path).await.problem(403, "forbidden");
    app.by(&app.agent).put(&path, settings()).await.problem(403, "forbidden");
    app.by(&app.agent).post(&format!("{path}/secret"), json!({})).await.problem(403, "forbidden");
    app.by(&app.stranger).get(&path).await.problem(404, "not_found");
    app.by(&app.stranger).put(&path, settings()).await.problem(404, "not_found");
    let mut bad = settings();
    bad["origins"] = json!(["javascript:alert(1)"]);
    app.by(&app.owner).put(&path, bad).await.problem(422, "invalid");
    app.by(&app.owner).header("if-match", "\"99\"").put(&path, settings()).await.problem(409, "conflict");
    let secret = text(&app.by(&app.owner).post(&format!("{path}/secret"), json!({})).await.ok(200)["secret"]);
    let shown = app.by(&app.owner).get(&path).await;
    assert!(!shown.text.contains(secret.as_str()));
    assert_eq!((shown.body()["key"].as_str(), shown.body()["has_secret"].as_bool()), (Some(key.as_str()), Some(true)));
    let mut off = settings();
    off["enabled"] = json!(false);
    app.by(&app.owner).put(&path, off).await.ok(200);
    let browser = Browser::open(&app, &key).await;
    browser.ask().post(&browser.path("/conversations"), json!({"text": "x"})).await.problem(409, "disabled");
    app.by(&app.owner).patch(&format!("/inboxes/{inbox}"), json!({"archived": true})).await.ok(200);
    app.anyone().get(&format!("/widget/{key}")).await.problem(404, "not_found");
}

#[tokio::test]
async fn the_customer_on_one_node_and_the_agent_on_another() {
    let Some(app) = TestApp::on_postgres(http::HttpSettings::default()).await else { return };
    let node = app.another_node().await;
    let (_, key) = widget(&app, |_| {}).await;
    let browser = Browser::open(&app, &key).await;
    let mut visitor = browser.stream(&browser.cursor).await;
    visitor.until("hello").await;
    let mut agent = arrange::Open::new(&node, &node.agent, "").await;
    agent.next().await;
    let id = browser.begins("from the first node").await;
    loop {
        let frame = agent.next().await;
        if frame.event == "message.received" {
            assert_eq!(frame.data["message"]["text"], "from the first node");
            break;
        }
    }
    visitor.until("message").await;
    node.by(&node.agent).post(&format!("/conversations/{id}/presence"), json!({"typing": true})).await;
    assert_eq!(visitor.until("typing").await.data["typing"], true);
    answers(&node, &node.agent, &id, "<p>from the second</p>").await;
    assert_eq!(visitor.until("message").await.data["message"]["text"], "from the second");
    browser.ask().post(&browser.path(&format!("/conversations/{id}/typing")), json!({"text": "thank"})).await;
    loop {
        let frame = agent.next().await;
        if frame.event == "visitor_typing" {
            assert_eq!(frame.data["text"], "thank");
            break;
        }
    }
}

#[tokio::test]
async fn open_widgets_are_told_who_is_there_and_how_long_to_wait() {
    let app = TestApp::new().await;
    let (_, key) = widget(&app, |_| {}).await;
    let browser = Browser::open(&app, &key).await;
    assert!(app.anyone().get(&browser.path("")).await.ok(200)["team"].is_null(), "nobody has said when they are there");
    let mut stream = browser.stream(&browser.cursor).await;
    stream.until("hello").await;
    let queue = json!({"name": "Chats", "filter": {"all": []}, "agent_ids": [app.agent.agent.id]});
    app.by(&app.owner).post("/queues", queue).await.ok(201);
    app.app.chats.tell_now(&app.app).await.unwrap();
    let team = stream.until("team").await;
    assert!(team.data["team"]["people"].is_array(), "{}", team.data);

    // Nobody is on-line, so a chat waits.
    let (place, _) = desk::routing::listen(app.desk(), None).await.unwrap();
    let id = browser.begins("hello").await;
    stream.until("conversation").await;
    app.settled().await;
    desk::routing::listen(app.desk(), Some(place)).await.unwrap();
    app.app.chats.tell_now(&app.app).await.unwrap();
    let wait = stream.until("wait").await;
    assert_eq!((wait.data["conversation_id"].as_str(), wait.data["wait"]["ahead"].as_i64()), (Some(id.as_str()), Some(0)));
    assert_eq!(browser.conversation(&id).await["wait"], wait.data["wait"]);
}
