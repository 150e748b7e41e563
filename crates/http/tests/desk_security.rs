//! Rows of the security list about conversations and what belongs to them. Each test is named after its row.
#![allow(clippy::unwrap_used, clippy::match_same_arms)]

mod arrange;
mod common;

use arrange::{conversation, desk, inbox, text, upload};
use axum::body::Body;
use axum::http::Method;
use common::TestApp;
use serde_json::{Value, json};

/// Something of the other workspace for every kind of id that a path can hold.
async fn theirs(app: &TestApp) -> Vec<(&'static str, String)> {
    let by = &app.stranger;
    let inbox = inbox(app, by, "help@other.example").await;
    let c = conversation(app, by, &inbox, "x@y.example", "Hello").await;
    let id = text(&c["id"]);
    let note = app.by(by).post(&format!("/conversations/{id}/notes"), json!({"text": "inside"})).await.ok(201);
    let file = upload(app, by, "a.txt", "text/plain", b"x").await.ok(201);
    let tag = app.by(by).post("/tags", json!({"name": "Theirs"})).await.ok(201);
    let team = app.by(by).post("/teams", json!({"name": "Theirs"})).await.ok(201);
    let invited = app.by(by).post("/invitations", json!({"email": "z@other.example", "name": "Z", "role": "agent"})).await.ok(201);
    let token = app.by(by).post("/tokens", json!({"name": "t", "scopes": ["read"]})).await.ok(201);
    let session = app.by(by).get("/session").await.ok(200);
    let mail = app
        .by(by)
        .header("content-type", "message/rfc822")
        .send(Method::POST, &format!("/inboxes/{inbox}/mail"), Body::from("Subject: x\r\n\r\nx"))
        .await
        .ok(202);
    let bulk = json!({"conversation_ids": [id], "actions": [{"kind": "assign_nobody"}]});
    let bulk = app.by(by).post("/bulk-actions", bulk).await.ok(202);
    let told = app.notification(by, id.parse().unwrap()).await;
    let post = |path: &'static str, form: Value| async move { text(&app.by(by).post(path, form).await.ok(201)["id"]) };
    let folder = post("/folders", json!({"name": "Shipping"})).await;
    let reply = json!({"name": "Hi", "visibility": {"kind": "everyone"}, "texts": [{"language": "en", "html": "<p>Hi</p>"}]});
    let reply = post("/saved-replies", reply).await;
    let made = post("/macros", json!({"name": "Mine", "visibility": {"kind": "everyone"}, "actions": [{"kind": "assign_me"}]})).await;
    let run = app.by(by).post(&format!("/conversations/{id}/macros/{made}/apply"), json!({})).await.ok(200);
    let view = post("/views", json!({"name": "Late", "audience": {"kind": "personal"}, "filter": {"all": []}})).await;
    let field = post("/fields", json!({"label": {"en": "Order"}, "type": {"kind": "number"}})).await;
    let status = post("/custom-statuses", json!({"name": "Theirs", "category": "open"})).await;
    let reminder = app.by(by).post(&format!("/conversations/{id}/reminders"), json!({"at": "2027-01-01T00:00:00Z"})).await.ok(201);
    let look = json!({"enabled": true, "theme": {"colour": "#0f554e", "position": "right"}, "pre_chat": {"when": "never"},
        "files": {"enabled": true, "max_bytes": 1_000_000}, "page": false, "typing_preview": false, "identity_required": false,
        "full_names": false, "mail_after": 300});
    let widget = app.by(by).put(&format!("/inboxes/{inbox}/widget"), look).await.ok(200);
    let browser = app.anyone().post(&format!("/widget/{}/session", text(&widget["key"])), json!({})).await.ok(200);
    let queue = post("/queues", json!({"name": "Theirs", "filter": {"all": []}})).await;
    vec![
        ("/offers/", id.clone()),
        ("/queues/", queue),
        ("/visitors/", text(&browser["visitor"]["id"])),
        ("/skills/", post("/skills", json!({"name": "Theirs"})).await),
        ("/conversations/", id),
        ("/custom-statuses/", status),
        ("/reminders/", text(&reminder["id"])),
        ("/companies/", post("/companies", json!({"name": "Theirs", "domains": ["acme.example"]})).await),
        ("/fields/", field),
        ("/folders/", folder),
        ("/saved-replies/", reply),
        ("/macros/", made),
        ("/macro-runs/", text(&run["id"])),
        ("/views/", view),
        ("/messages/", text(&note["id"])),
        ("/attachments/", text(&file["id"])),
        ("/tags/", text(&tag["id"])),
        ("/customers/", text(&c["customer"]["id"])),
        ("/inboxes/", inbox),
        ("/inbound-mail/", text(&mail["id"])),
        ("/agents/", by.agent.id.to_string()),
        ("/teams/", text(&team["id"])),
        ("/invitations/", text(&invited["id"])),
        ("/tokens/", text(&token["id"])),
        ("/sessions/", text(&session["session_id"])),
        ("/bulk-actions/", text(&bulk["id"])),
        ("/notifications/", told),
        ("/uploads/", text(&app.by(by).post("/uploads", json!({"filename": "a.txt", "size": 5})).await.ok(201)["id"])),
        ("/push-devices/", text(&app.by(by).put("/push-devices", common::push_device("https://push.example/theirs")).await.ok(200)["id"])),
        ("/blocked-senders/", text(&app.by(by).post("/blocked-senders", json!({"address": "eve@evil.example"})).await.ok(201)["id"])),
    ]
}

/// A body that each operation would take.
fn body(method: &str, path: &str) -> Value {
    match (method, path) {
        ("put", "/conversations/{id}/status") => json!({"status": {"kind": "pending"}}),
        ("put", "/conversations/{id}/tags") => json!({"tag_ids": []}),
        ("put", "/conversations/{id}/read") => json!({"read": true}),
        ("put", "/conversations/{id}/draft") => json!({"kind": "note", "html": "x"}),
        ("post", "/conversations/{id}/notes" | "/conversations/{id}/replies") => json!({"text": "x"}),
        ("post", "/conversations/{id}/reminders") => json!({"at": "2027-01-01T00:00:00Z"}),
        ("post", "/conversations/{id}/presence") => json!({"typing": false}),
        ("put", "/conversations/{id}/follow") => json!({"follows": true}),
        ("put", "/notifications/{id}/read") => json!({"read": true}),
        ("put", "/conversations/{id}/shelf") => json!({"kind": "trash"}),
        ("patch", "/companies/{id}") => json!({"name": "x"}),
        ("post", "/companies/{id}/take-in") => json!({"domain": "acme.example"}),
        ("post", "/companies/{id}/merge") => json!({"into": "com_0000000000002"}),
        ("post", "/tags/{id}/merge") => json!({"into": "tag_0000000000002"}),
        ("post", "/conversations/{id}/merge") => json!({"into": "cnv_0000000000002"}),
        ("post", "/conversations/{id}/split") => json!({"message_ids": ["msg_0000000000002"]}),
        ("post", "/conversations/{id}/side-conversations") => json!({"to": [{"address": "lee@maker.example"}], "subject": "x", "text": "x"}),
        ("post", "/conversations/{id}/transcripts") => json!({"to": ["lee@maker.example"]}),
        ("post", "/conversations/{id}/solve") => json!({"html": "<p>x</p>", "resolve": true}),
        ("post", "/messages/{id}/redactions") => json!({"words": ["secret"]}),
        ("put", "/messages/{id}/note") => json!({"text": "x"}),
        ("post", "/conversations/{id}/links") => json!({"kind": "related", "conversation_ids": ["cnv_0000000000002"]}),
        ("post", "/conversations/{id}/chat/hold") => json!({"until": "2026-11-22T11:00:00Z"}),
        ("put", "/inboxes/{id}/widget") => json!({
            "enabled": true, "theme": {"colour": "#2563eb", "position": "right"}, "pre_chat": {"when": "never"},
            "files": {"enabled": true, "max_bytes": 1_000_000}, "page": false, "typing_preview": false, "identity_required": false,
            "full_names": false, "mail_after": 300
        }),
        ("put", "/inboxes/{id}/connection") => json!({"incoming": {"kind": "none"}, "outgoing": {"kind": "none"}}),
        ("patch", "/folders/{id}" | "/saved-replies/{id}" | "/macros/{id}" | "/views/{id}") => json!({"name": "x"}),
        ("put", "/messages/{id}/schedule") => json!({"send_at": null}),
        ("patch", "/fields/{id}") => json!({"label": {"en": "x"}}),
        ("patch", "/tags/{id}" | "/teams/{id}" | "/agents/{id}" | "/customers/{id}" | "/inboxes/{id}") => json!({"name": "x"}),
        ("patch", "/conversations/{id}") => json!({"subject": "x"}),
        ("put", "/agents/{id}/availability") => json!({"state": "away"}),
        ("put", "/agents/{id}/work") => json!({"capacity": {"total": 5, "chat": 3, "mail": 5}, "skill_ids": []}),
        ("put", "/queues/{id}") => json!({"name": "x", "filter": {"all": []}}),
        ("put", "/skills/{id}") => json!({"name": "x"}),
        ("put", "/companies/{id}/representative") => json!({"agent_id": null}),
        ("post", "/conversations/{id}/guests") => json!({"agent_id": "agt_0000000000002"}),
        ("post", "/conversations/{id}/whispers") => json!({"text": "x"}),
        ("post", "/visitors/{id}/invitation") => json!({"text": "x"}),
        _ => json!({}),
    }
}

#[tokio::test]
async fn row_23_every_route_with_an_id_knows_only_its_own_workspace() {
    let app = TestApp::new().await;
    let theirs = theirs(&app).await;
    let document = serde_json::to_value(http::api::v1::document()).unwrap();
    let mut tried = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        // What visitors of widgets may do is in `widget.rs`.
        if !path.contains("{id}") || path.starts_with("/widget/") {
            continue;
        }
        let (_, id) = theirs.iter().find(|(prefix, _)| path.starts_with(prefix)).unwrap_or_else(|| panic!("no foreign id for {path}"));
        for method in operations.as_object().unwrap().keys().filter(|m| ["get", "post", "put", "patch", "delete"].contains(&m.as_str())) {
            let filled = path.replace("{id}", id).replace("{provider}", "google").replace("{macro}", "mac_0000000000002");
            let verb: Method = method.to_uppercase().parse().unwrap();
            let ask = app.by(&app.owner);
            let answer = match path.as_str() {
                "/inboxes/{id}/mail" => ask.header("content-type", "message/rfc822").send(verb, &filled, Body::from("Subject: x\r\n\r\nx")).await,
                _ => ask.json(verb, &filled, body(method, path)).await,
            };
            assert_eq!(answer.status.as_u16(), 404, "{method} {path}: {}", answer.text);
            assert!(!answer.text.contains("other.example"), "{}", answer.text);
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried}");
    // And nothing of it changed there.
    let c = app.by(&app.stranger).get(&format!("/conversations/{}", theirs[0].1)).await.ok(200);
    assert_eq!((&c["subject"], &c["status"]["kind"]), (&json!("Order 1042"), &json!("open")));
}

#[tokio::test]
async fn row_24_every_id_in_a_body_or_query_is_checked() {
    let app = TestApp::new().await;
    let theirs = theirs(&app).await;
    let of = |prefix: &str| theirs.iter().find(|(p, _)| *p == prefix).unwrap().1.clone();
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    let by = || app.by(&app.owner);
    for form in [json!({"assignee_id": of("/agents/")}), json!({"team_id": of("/teams/")}), json!({"inbox_id": of("/inboxes/")})] {
        by().patch(&path, form).await.problem(422, "invalid");
    }
    by().put(&format!("{path}/tags"), json!({"tag_ids": [of("/tags/")]})).await.problem(422, "invalid");
    for list in ["notes", "replies"] {
        by().post(&format!("{path}/{list}"), json!({"text": "x", "attachment_ids": [of("/attachments/")]})).await.problem(422, "invalid");
    }
    by().put(&format!("{path}/draft"), json!({"kind": "note", "html": "x", "attachment_ids": [of("/attachments/")]})).await.problem(422, "invalid");
    let start = |extra: Value| {
        let mut form =
            json!({"inbox_id": of("/inboxes/"), "customer": {"email": "a@b.example"}, "subject": "x", "text": "x", "direction": "incoming"});
        form.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        form
    };
    by().post("/conversations", start(json!({}))).await.problem(422, "invalid");
    let own = text(&by().get("/inboxes").await.ok(200)["items"][0]["id"]);
    by().post("/conversations", start(json!({"inbox_id": own, "customer": {"id": of("/customers/")}}))).await.problem(422, "invalid");
    by().post("/conversations", start(json!({"inbox_id": own, "assignee_id": of("/agents/")}))).await.problem(422, "invalid");
    by().post("/inboxes", json!({"name": "x", "address": "n@haru.example", "member_ids": [of("/agents/")]})).await.problem(422, "invalid");
    by().post("/connection-tests", json!({"address": "a@b.example", "inbox_id": of("/inboxes/")})).await;
    for (name, prefix) in
        [("inbox_id", "/inboxes/"), ("team_id", "/teams/"), ("assignee_id", "/agents/"), ("customer_id", "/customers/"), ("tag_id", "/tags/")]
    {
        let list = by().get(&format!("/conversations?view=all&{name}={}", of(prefix))).await.ok(200);
        assert_eq!(list["items"], json!([]), "{name}");
    }
    let c = by().get(&path).await.ok(200);
    assert_eq!((&c["assignee"], &c["team"], &c["tags"], &c["message_count"]), (&Value::Null, &Value::Null, &json!([]), &json!(1)));
}

#[tokio::test]
async fn row_24_a_deactivated_agent_and_a_viewer_are_given_nothing() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    app.by(&app.owner).patch(&path, json!({"assignee_id": app.viewer.agent.id.to_string()})).await.problem(422, "invalid");
    app.by(&app.owner).post(&format!("/agents/{}/deactivate", app.agent.agent.id), json!({})).await;
    app.by(&app.owner).patch(&path, json!({"assignee_id": app.agent.agent.id.to_string()})).await.problem(422, "invalid");
}

#[tokio::test]
async fn row_27_a_viewer_writes_nothing() {
    let app = TestApp::new().await;
    let (inbox, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    let tag = app.by(&app.owner).post("/tags", json!({"name": "t"})).await.ok(201);
    let tag_path = format!("/tags/{}", text(&tag["id"]));
    let note = app.by(&app.owner).post(&format!("{path}/notes"), json!({"text": "n"})).await.ok(201);
    let message = format!("/messages/{}", text(&note["id"]));
    for (method, path, body) in [
        ("PATCH", path.clone(), json!({"subject": "x"})),
        ("PUT", format!("{path}/status"), json!({"status": {"kind": "resolved"}})),
        ("PUT", format!("{path}/tags"), json!({"tag_ids": [tag["id"]]})),
        ("POST", format!("{path}/notes"), json!({"text": "x"})),
        ("POST", format!("{path}/replies"), json!({"text": "x"})),
        ("PUT", format!("{path}/draft"), json!({"kind": "note", "html": "x"})),
        ("DELETE", format!("{path}/draft"), json!({})),
        ("POST", format!("{message}/undo"), json!({})),
        ("POST", format!("{message}/retry"), json!({})),
        ("POST", "/tags".into(), json!({"name": "x"})),
        ("PATCH", tag_path.clone(), json!({"name": "x"})),
        ("DELETE", tag_path, json!({})),
        ("POST", "/inboxes".into(), json!({"name": "x", "address": "x@y.example"})),
        ("PATCH", format!("/inboxes/{inbox}"), json!({"name": "x"})),
        ("PUT", format!("/inboxes/{inbox}/connection"), json!({"incoming": {"kind": "none"}, "outgoing": {"kind": "none"}})),
        (
            "POST",
            "/conversations".into(),
            json!({"inbox_id": inbox, "customer": {"email": "a@b.example"}, "subject": "x", "text": "x", "direction": "incoming"}),
        ),
    ] {
        let answer = app.by(&app.viewer).json(method.parse().unwrap(), &path, body).await;
        assert_eq!(answer.status.as_u16(), 403, "{method} {path}: {}", answer.text);
    }
    // A token that only reads writes nothing either, whoever made it.
    let token = app.token(&app.owner, &[model::agent::TokenScope::Read]).await;
    app.with_token(&token).patch(&path, json!({"subject": "x"})).await.problem(403, "forbidden");
    app.with_token(&token).get(&path).await.ok(200);
    let c = app.by(&app.viewer).get(&path).await.ok(200);
    assert_eq!((&c["subject"], &c["message_count"]), (&json!("Order 1042"), &json!(2)));
}

#[tokio::test]
async fn row_28_unknown_and_privileged_fields_are_refused() {
    let app = TestApp::new().await;
    let (inbox, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    for extra in [
        json!({"version": 99}),
        json!({"number": 1}),
        json!({"customer_id": "cus_0000000000001"}),
        json!({"workspace_id": "wks_0000000000001"}),
        json!({"message_count": 0}),
        json!({"status": {"kind": "resolved"}}),
        json!({"merged_into": id}),
    ] {
        let mut form = json!({"subject": "Changed"});
        form.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        app.by(&app.agent).patch(&path, form).await.problem(400, "malformed");
    }
    app.by(&app.agent).post(&format!("{path}/notes"), json!({"text": "x", "author_id": "agt_0000000000001"})).await.problem(400, "malformed");
    app.by(&app.agent).post(&format!("{path}/replies"), json!({"text": "x", "from": "ceo@haru.example"})).await.problem(400, "malformed");
    app.by(&app.owner).patch(&format!("/inboxes/{inbox}"), json!({"incoming_secret": "x"})).await.problem(400, "malformed");
    let c = app.by(&app.agent).get(&path).await.ok(200);
    assert_eq!((&c["subject"], &c["message_count"]), (&json!("Order 1042"), &json!(1)));
}

#[tokio::test]
async fn garbage_is_answered_and_the_server_goes_on() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    for garbage in ["", "{", "[]", "null", "{\"subject\":1}", "{\"subject\":\"\\u0000\"}", "\u{feff}{}", "{\"assignee_id\":\"agt_x\"}"] {
        let answer = app
            .by(&app.agent)
            .header("content-type", "application/json")
            .send(Method::PATCH, &format!("/conversations/{id}"), Body::from(garbage))
            .await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{garbage:?}: {} {}", answer.status, answer.text);
    }
    for bad in ["x", "cnv_", "cnv_0000000000000", "msg_0000000000000", "cnv_ZZZZZZZZZZZZZ", "%00", "cnv_000000000000%2F"] {
        let status = app.by(&app.agent).get(&format!("/conversations/{bad}")).await.status.as_u16();
        assert!([400, 404].contains(&status), "{bad}: {status}");
    }
    app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200);
}
