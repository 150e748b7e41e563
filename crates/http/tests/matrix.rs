//! Every route against people who may not: another workspace, an inbox out of sight, a viewer, a token that only reads,
//! and forms with fields that do not exist. The routes come from the OpenAPI document, so a new one is in here from its
//! first day; when it takes a body, [`body`] must know one.
#![allow(clippy::unwrap_used, clippy::match_same_arms)]

mod common;

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Method;
use common::{Answer, Ask, Person, TestApp};
use model::agent::TokenScope;
use serde_json::{Value, json};

/// One of everything: first word of a path → id.
type World = BTreeMap<&'static str, String>;

struct Route {
    method: Method,
    path: String,
    takes_body: bool,
    open: bool,
}

impl Route {
    /// The first word of the path: what its id names.
    fn noun(&self) -> &str {
        self.path.split('/').nth(1).unwrap()
    }

    fn has_id(&self) -> bool {
        self.path.contains('{')
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    async fn ask(&self, ask: Ask<'_>, world: &World, extra: Option<(&str, Value)>) -> Answer {
        let id = world.get(self.noun()).cloned().unwrap_or_default();
        let path = self
            .path
            .replace("{id}", &id)
            .replace("{other}", &id)
            .replace("{provider}", "google")
            .replace("{macro}", world.get("macros").map_or("", String::as_str));
        if self.path == "/inboxes/{id}/mail" {
            let raw = Body::from("From: a@b.example\r\nSubject: x\r\n\r\nhello\r\n");
            return ask.header("content-type", "message/rfc822").send(self.method.clone(), &path, raw).await;
        }
        if self.path == "/attachments" {
            let ask = ask.header("content-type", "text/plain");
            return ask.send(self.method.clone(), "/attachments?filename=a.txt", Body::from("hello")).await;
        }
        if self.path == "/uploads/{id}" && self.takes_body {
            let ask = ask.header("content-type", "application/partial-upload").header("upload-offset", "0");
            return ask.send(self.method.clone(), &path, Body::from("he")).await;
        }
        if !self.takes_body {
            return ask.send(self.method.clone(), &path, Body::empty()).await;
        }
        let mut form = body(&self.name(), world);
        if let Some((field, value)) = extra {
            form[field] = value;
        }
        ask.json(self.method.clone(), &path, form).await
    }
}

async fn routes(app: &TestApp) -> Vec<Route> {
    let api = app.anyone().get("/openapi.json").await.ok(200);
    let mut out = Vec::new();
    // What visitors of widgets may do is in `widget.rs`.
    for (path, item) in api["paths"].as_object().unwrap().iter().filter(|(path, _)| !path.starts_with("/widget/")) {
        for (method, operation) in item.as_object().unwrap() {
            out.push(Route {
                method: Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(),
                path: path.clone(),
                takes_body: !operation["requestBody"].is_null(),
                open: operation["security"].as_array().is_some_and(|s| s.iter().any(|o| o.as_object().unwrap().is_empty())),
            });
        }
    }
    assert!(out.len() > 50);
    out
}

/// A form that the route takes from somebody who may.
fn body(route: &str, world: &World) -> Value {
    let id = |noun: &str| json!(world[noun]);
    match route {
        "PATCH /agents/{id}" => json!({"name": "Mina"}),
        "PUT /agents/me/password" => json!({"current": common::PASSWORD, "new": "another horse battery"}),
        "PATCH /workspace" => json!({"name": "Haru"}),
        "POST /teams" => json!({"name": "A new team"}),
        "PATCH /teams/{id}" => json!({"name": "Another name"}),
        "POST /invitations" => json!({"email": "somebody@new.example", "role": "viewer"}),
        "POST /tokens" => json!({"name": "CI", "scopes": ["read"]}),
        "POST /tags" => json!({"name": "A new tag", "color": "red"}),
        "POST /fields" => json!({"label": {"en": "A new field"}, "type": {"kind": "number"}}),
        "PATCH /fields/{id}" => json!({"label": {"en": "Another field"}}),
        "PUT /field-order" => json!({"field_ids": [id("fields")]}),
        "POST /custom-statuses" => json!({"name": "A new status", "category": "open"}),
        "PATCH /custom-statuses/{id}" => json!({"name": "Another status"}),
        "PUT /custom-status-order" => json!({"custom_status_ids": [id("custom-statuses")]}),
        "POST /conversations/{id}/reminders" => json!({"at": "2027-01-01T00:00:00Z"}),
        "POST /tags/{id}/merge" => json!({"into": id("tags")}),
        "PATCH /tags/{id}" => json!({"name": "Another tag"}),
        "POST /bulk-actions" => json!({"conversation_ids": [id("conversations")], "actions": [{"kind": "set_priority", "priority": "high"}]}),
        "POST /views" => json!({"name": "Late ones", "audience": {"kind": "personal"}, "filter": {"all": []}}),
        "PATCH /views/{id}" => json!({"name": "Another view"}),
        "POST /inboxes" => json!({"name": "New", "address": "new@new.example"}),
        "PATCH /inboxes/{id}" => json!({"name": "Another"}),
        "PUT /inboxes/{id}/connection" => json!({"incoming": {"kind": "none"}, "outgoing": {"kind": "none"}}),
        "POST /connection-tests" => json!({"address": "a@b.example"}),
        "POST /companies" => json!({"name": "A new company", "domains": ["new.example"]}),
        "PATCH /companies/{id}" => json!({"name": "Another company"}),
        "POST /companies/{id}/take-in" => json!({"domain": "acme.example"}),
        "POST /companies/{id}/merge" => json!({"into": id("companies")}),
        "PATCH /customers/{id}" => json!({"notes": "Likes tea"}),
        "POST /conversations" => {
            json!({"inbox_id": id("inboxes"), "customer": {"id": id("customers")}, "subject": "s", "text": "t", "direction": "incoming"})
        }
        "PATCH /conversations/{id}" => json!({"subject": "Another subject"}),
        "PUT /conversations/{id}/status" => json!({"status": {"kind": "pending"}}),
        "PUT /conversations/{id}/tags" => json!({"tag_ids": []}),
        "PUT /conversations/{id}/read" => json!({"read": true}),
        "POST /conversations/{id}/replies" | "POST /conversations/{id}/notes" => json!({"text": "hello"}),
        "PUT /conversations/{id}/draft" => {
            json!({"kind": "reply", "html": "<p>x</p>", "to": [], "cc": [], "bcc": [], "attachment_ids": [], "version": null})
        }
        "POST /conversations/{id}/side-conversations" => json!({"to": [{"address": "lee@maker.example"}], "subject": "Kettle", "text": "hello"}),
        "PUT /messages/{id}/note" => json!({"text": "mended"}),
        "POST /messages/{id}/redactions" => json!({"words": ["nothing of the kind"]}),
        "POST /conversations/{id}/links" => json!({"kind": "related", "conversation_ids": [id("conversations")]}),
        "POST /conversations/{id}/solve" => json!({"html": "<p>It is mended.</p>", "resolve": true}),
        "POST /folders" => json!({"name": "A new folder"}),
        "PATCH /folders/{id}" => json!({"name": "Another folder"}),
        "POST /saved-replies" => json!({"name": "Hi", "visibility": {"kind": "everyone"}, "texts": [{"language": "en", "html": "<p>Hi</p>"}]}),
        "PATCH /saved-replies/{id}" | "PATCH /macros/{id}" => json!({"name": "Another name"}),
        "POST /saved-replies/{id}/preview" | "POST /saved-replies/{id}/insert" => json!({"conversation_id": id("conversations")}),
        "POST /template-previews" => json!({"html": "<p>Hi</p>"}),
        "POST /macros" => json!({"name": "Close", "visibility": {"kind": "everyone"}, "actions": [{"kind": "assign_me"}]}),
        "POST /conversations/{id}/macros/{macro}/apply" => json!({}),
        "PUT /messages/{id}/schedule" => json!({"send_at": null}),
        "PUT /conversations/{id}/follow" => json!({"follows": true}),
        "PUT /notifications/read" => json!({}),
        "PUT /notifications/{id}/read" => json!({"read": true}),
        "PUT /notification-settings" => common::notification_settings(),
        "PUT /push-devices" => common::push_device("https://push.example/send/1"),
        "POST /uploads" => json!({"filename": "film.mp4", "content_type": "video/mp4", "size": 5}),
        "POST /conversations/{id}/transcripts" => json!({"to": ["somebody@new.example"]}),
        "PUT /conversations/{id}/shelf" => json!({"kind": "spam"}),
        "POST /conversations/{id}/merge" => json!({"into": id("conversations")}),
        "POST /conversations/{id}/split" => json!({"message_ids": [id("messages")]}),
        "POST /blocked-senders" => json!({"address": "eve@evil.example"}),
        "POST /conversations/{id}/presence" => json!({"typing": false}),
        "PUT /availability/me" | "PUT /agents/{id}/availability" => json!({"state": "away"}),
        "PUT /agents/{id}/work" => json!({"capacity": {"total": 5, "chat": 3, "mail": 5}, "skill_ids": []}),
        "PUT /availability-settings" => json!({"grace_seconds": 60, "idle_minutes": null, "reasons": []}),
        "POST /skills" => json!({"name": "A new skill"}),
        "PUT /skills/{id}" => json!({"name": "Another skill", "language": "ko"}),
        "POST /queues" => json!({"name": "A new queue", "filter": {"all": []}}),
        "PUT /queues/{id}" => json!({"name": "Another queue", "filter": {"all": []}}),
        "PUT /queue-order" => json!({"queue_ids": [id("queues")]}),
        "PUT /companies/{id}/representative" => json!({"agent_id": null}),
        "POST /conversations/{id}/chat/hold" => json!({"until": "2026-11-22T11:00:00Z", "text": "One moment."}),
        "POST /conversations/{id}/guests" => json!({"agent_id": id("agents"), "note": {"text": "Please look"}}),
        "POST /conversations/{id}/whispers" => json!({"text": "Offer a refund"}),
        "PUT /inboxes/{id}/widget" => json!({
            "enabled": true, "name": null, "theme": {"colour": "#2563eb", "position": "right"},
            "pre_chat": {"when": "never"}, "files": {"enabled": true, "max_bytes": 1_000_000}, "page": false, "typing_preview": false,
            "identity_required": false, "full_names": false, "mail_after": 300
        }),
        "POST /visitors/{id}/invitation" => json!({"text": "May I help you?"}),
        other => panic!("{other} takes a body: write one that fits into this test"),
    }
}

/// One of everything in somebody's workspace, in an inbox that only its members see.
async fn world(app: &TestApp, by: &Person, domain: &str) -> World {
    let post = |path: &'static str, form: Value| async move { app.by(by).post(path, form).await.ok(201)["id"].as_str().unwrap().to_owned() };
    let mut world = World::new();
    world.insert("agents", by.agent.id.to_string());
    world.insert("teams", post("/teams", json!({"name": "Returns"})).await);
    world.insert("invitations", post("/invitations", json!({"email": format!("new@{domain}"), "role": "agent"})).await);
    world.insert("tokens", post("/tokens", json!({"name": "t", "scopes": ["read"]})).await);
    world.insert("sessions", app.another_browser(by).await.session_id(app).await);
    world.insert("fields", post("/fields", json!({"label": {"en": "Order"}, "type": {"kind": "number"}})).await);
    world.insert("custom-statuses", post("/custom-statuses", json!({"name": "Waiting for parts", "category": "pending"})).await);
    world.insert("tags", post("/tags", json!({"name": "VIP", "color": "blue"})).await);
    let inbox = json!({"name": "Help", "address": format!("help@{domain}"), "open_to_all": false, "member_ids": []});
    world.insert("inboxes", post("/inboxes", inbox).await);
    let view = json!({"name": "Late", "audience": {"kind": "everyone"}, "filter": {"all": []}});
    world.insert("views", post("/views", view).await);
    let form = json!({"inbox_id": world["inboxes"], "customer": {"email": "cho@customer.example", "name": "Cho"},
                      "subject": "Where is it?", "text": "My parcel", "direction": "incoming"});
    let conversation = app.by(by).post("/conversations", form).await.ok(201);
    world.insert("conversations", conversation["id"].as_str().unwrap().to_owned());
    world.insert("customers", conversation["customer"]["id"].as_str().unwrap().to_owned());
    world.insert("companies", post("/companies", json!({"name": "Acme", "domains": ["acme.example"]})).await);
    let bulk = json!({"conversation_ids": [world["conversations"]], "actions": [{"kind": "assign_nobody"}]});
    world.insert("bulk-actions", app.by(by).post("/bulk-actions", bulk).await.ok(202)["id"].as_str().unwrap().to_owned());
    let upload = app.by(by).header("content-type", "text/plain").send(Method::POST, "/attachments?filename=a.txt", Body::from("x")).await.ok(201);
    let path = format!("/conversations/{}/notes", world["conversations"]);
    let note = app.by(by).post(&path, json!({"text": "n", "attachment_ids": [upload["id"]]})).await.ok(201);
    world.insert("messages", note["id"].as_str().unwrap().to_owned());
    world.insert("attachments", upload["id"].as_str().unwrap().to_owned());
    let path = format!("/inboxes/{}/mail", world["inboxes"]);
    let ask = app.by(by).header("content-type", "message/rfc822");
    let mail = ask.send(Method::POST, &path, Body::from("From: a@b.example\r\n\r\nhello\r\n")).await.ok(202);
    world.insert("inbound-mail", mail["id"].as_str().unwrap().to_owned());
    world.insert("uploads", post("/uploads", json!({"filename": "a.txt", "size": 5})).await);
    let device = common::push_device(&format!("https://push.example/send/{domain}"));
    world.insert("push-devices", app.by(by).put("/push-devices", device).await.ok(200)["id"].as_str().unwrap().to_owned());
    world.insert("folders", post("/folders", json!({"name": "Shipping"})).await);
    world.insert("saved-replies", post("/saved-replies", body("POST /saved-replies", &world)).await);
    world.insert("macros", post("/macros", body("POST /macros", &world)).await);
    let run = format!("/conversations/{}/macros/{}/apply", world["conversations"], world["macros"]);
    world.insert("macro-runs", app.by(by).post(&run, json!({})).await.ok(200)["id"].as_str().unwrap().to_owned());
    world.insert("blocked-senders", post("/blocked-senders", json!({"address": "eve@evil.example"})).await);
    let about = world["conversations"].parse().unwrap();
    world.insert("notifications", app.notification(by, about).await);
    world.insert("skills", post("/skills", json!({"name": "Korean", "language": "ko"})).await);
    world.insert("queues", post("/queues", json!({"name": "Chats", "filter": {"all": []}})).await);
    let widget = app.by(by).put(&format!("/inboxes/{}/widget", world["inboxes"]), body("PUT /inboxes/{id}/widget", &world)).await.ok(200);
    let session = app.anyone().post(&format!("/widget/{}/session", widget["key"].as_str().unwrap()), json!({})).await.ok(200);
    world.insert("visitors", session["visitor"]["id"].as_str().unwrap().to_owned());
    world.insert("offers", world["conversations"].clone());
    let reminders = format!("/conversations/{}/reminders", world["conversations"]);
    let reminder = app.by(by).post(&reminders, body("POST /conversations/{id}/reminders", &world)).await.ok(201);
    world.insert("reminders", reminder["id"].as_str().unwrap().to_owned());
    let draft = format!("/conversations/{}/draft", world["conversations"]);
    app.by(by).put(&draft, body("PUT /conversations/{id}/draft", &world)).await.ok(200);
    world
}

impl Person {
    async fn session_id(&self, app: &TestApp) -> String {
        app.by(self).get("/session").await.ok(200)["session_id"].as_str().unwrap().to_owned()
    }
}

fn report(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn row_23_every_route_with_an_id_of_another_workspace_is_not_found() {
    let app = TestApp::new().await;
    let theirs = world(&app, &app.stranger, "other.example").await;
    let mut wrong = Vec::new();
    for route in routes(&app).await.iter().filter(|r| r.has_id()) {
        let answer = route.ask(app.by(&app.owner), &theirs, None).await;
        if answer.status.as_u16() != 404 {
            wrong.push(format!("{}: {} {}", route.name(), answer.status, answer.text));
        }
        // Whose it is finds it: the ids above were real ones.
        if route.method == Method::GET && !route.path.contains("raw") && !route.path.contains("oauth") {
            let answer = route.ask(app.by(&app.stranger), &theirs, None).await;
            if answer.status.as_u16() != 200 {
                wrong.push(format!("{} by its owner: {} {}", route.name(), answer.status, answer.text));
            }
        }
    }
    report(&wrong);
}

#[tokio::test]
async fn row_24_ids_of_another_workspace_in_forms_are_refused() {
    let app = TestApp::new().await;
    let theirs = world(&app, &app.stranger, "other.example").await;
    let ours = world(&app, &app.owner, "haru.example").await;
    let conversation = format!("/conversations/{}", ours["conversations"]);
    let start = |field: &str, value: Value| {
        let mut form = body("POST /conversations", &ours);
        form[field] = value;
        form
    };
    let mut wrong = Vec::new();
    for (method, path, form) in [
        (Method::POST, "/conversations".to_owned(), start("inbox_id", json!(theirs["inboxes"]))),
        (Method::POST, "/conversations".to_owned(), start("customer", json!({"id": theirs["customers"]}))),
        (Method::POST, "/conversations".to_owned(), start("assignee_id", json!(theirs["agents"]))),
        (Method::POST, "/conversations".to_owned(), start("attachment_ids", json!([theirs["attachments"]]))),
        (Method::PATCH, conversation.clone(), json!({"assignee_id": theirs["agents"]})),
        (Method::PATCH, conversation.clone(), json!({"team_id": theirs["teams"]})),
        (Method::PATCH, conversation.clone(), json!({"inbox_id": theirs["inboxes"]})),
        (Method::PATCH, conversation.clone(), json!({"queue_id": theirs["queues"]})),
        (Method::PUT, format!("{conversation}/status"), json!({"status": {"kind": "custom", "custom_status_id": theirs["custom-statuses"]}})),
        (Method::PUT, "/custom-status-order".to_owned(), json!({"custom_status_ids": [theirs["custom-statuses"]]})),
        (Method::PUT, format!("{conversation}/tags"), json!({"tag_ids": [theirs["tags"]]})),
        (Method::POST, format!("{conversation}/replies"), json!({"text": "x", "attachment_ids": [theirs["attachments"]]})),
        (Method::POST, format!("{conversation}/notes"), json!({"text": "x", "attachment_ids": [theirs["attachments"]]})),
        (Method::POST, format!("{conversation}/merge"), json!({"into": theirs["conversations"]})),
        (Method::POST, format!("{conversation}/split"), json!({"message_ids": [theirs["messages"]]})),
        (Method::POST, "/inboxes".to_owned(), json!({"name": "n", "address": "n@n.example", "member_ids": [theirs["agents"]]})),
        (Method::PATCH, format!("/inboxes/{}", ours["inboxes"]), json!({"member_ids": [theirs["agents"]]})),
        (Method::POST, "/teams".to_owned(), json!({"name": "n", "member_ids": [theirs["agents"]]})),
        (Method::PATCH, format!("/teams/{}", ours["teams"]), json!({"member_ids": [theirs["agents"]]})),
        (Method::POST, "/invitations".to_owned(), json!({"email": "n@n.example", "role": "agent", "team_ids": [theirs["teams"]]})),
        (Method::POST, "/invitations".to_owned(), json!({"email": "n@n.example", "role": "agent", "inbox_ids": [theirs["inboxes"]]})),
        (Method::POST, "/views".to_owned(), json!({"name": "n", "audience": {"kind": "team", "team_id": theirs["teams"]}, "filter": {"all": []}})),
        (Method::PATCH, format!("/views/{}", ours["views"]), json!({"audience": {"kind": "team", "team_id": theirs["teams"]}})),
        (
            Method::POST,
            "/bulk-actions".to_owned(),
            json!({"conversation_ids": [theirs["conversations"]], "actions": [{"kind": "set_priority", "priority": "high"}]}),
        ),
        (Method::PATCH, format!("/customers/{}", ours["customers"]), json!({"company_id": theirs["companies"]})),
        (Method::POST, format!("/companies/{}/merge", ours["companies"]), json!({"into": theirs["companies"]})),
        (Method::POST, "/connection-tests".to_owned(), json!({"address": "a@b.example", "inbox_id": theirs["inboxes"]})),
        (Method::POST, "/queues".to_owned(), json!({"name": "n", "filter": {"all": []}, "team_ids": [theirs["teams"]]})),
        (Method::POST, "/queues".to_owned(), json!({"name": "n", "filter": {"all": []}, "agent_ids": [theirs["agents"]]})),
        (Method::POST, "/queues".to_owned(), json!({"name": "n", "filter": {"all": []}, "rule": {"required": [theirs["skills"]]}})),
        (Method::POST, "/queues".to_owned(), json!({"name": "n", "filter": {"all": []}, "rule": {"overflow": theirs["queues"]}})),
        (Method::PUT, "/queue-order".to_owned(), json!({"queue_ids": [theirs["queues"]]})),
        (
            Method::PUT,
            format!("/agents/{}/work", ours["agents"]),
            json!({"capacity": {"total": 5, "chat": 3, "mail": 5}, "skill_ids": [theirs["skills"]]}),
        ),
        (Method::PUT, format!("/companies/{}/representative", ours["companies"]), json!({"agent_id": theirs["agents"]})),
    ] {
        let answer = app.by(&app.owner).json(method.clone(), &path, form.clone()).await;
        if !matches!(answer.status.as_u16(), 404 | 422) {
            wrong.push(format!("{method} {path} {form}: {} {}", answer.status, answer.text));
        }
    }
    for (field, noun) in [
        ("assignee", "agents"),
        ("team", "teams"),
        ("inbox", "inboxes"),
        ("tag", "tags"),
        ("requester", "customers"),
        ("custom_status", "custom-statuses"),
        ("company", "companies"),
    ] {
        let filter = json!({"not": {"field": field, "operator": "is_any_of", "value": [theirs[noun]]}});
        let view = json!({"name": "n", "audience": {"kind": "personal"}, "filter": filter});
        app.by(&app.owner).post("/views", view).await.problem(422, "invalid");
        let query = common::encoded(&filter.to_string());
        app.by(&app.owner).get(&format!("/conversations?filter={query}")).await.problem(422, "invalid");
    }
    app.by(&app.owner).get(&format!("/conversations?view_id={}", theirs["views"])).await.problem(404, "not_found");
    for query in ["inbox_id", "team_id", "assignee_id", "customer_id", "tag_id"] {
        let noun = if query == "assignee_id" { "agents".to_owned() } else { query.replace("_id", "s").replace("inboxs", "inboxes") };
        let answer = app.by(&app.owner).get(&format!("/conversations?view=all&{query}={}", theirs[noun.as_str()])).await;
        if answer.status.as_u16() == 200 && answer.body()["items"] != json!([]) {
            wrong.push(format!("{query}: {}", answer.text));
        }
    }
    report(&wrong);
}

#[tokio::test]
async fn row_25_and_26_what_is_in_an_inbox_out_of_sight_is_not_found() {
    let app = TestApp::new().await;
    let hidden = world(&app, &app.owner, "haru.example").await;
    let mut wrong = Vec::new();
    let nouns = ["conversations", "messages", "attachments", "inboxes"];
    for route in routes(&app).await.iter().filter(|r| r.has_id() && nouns.contains(&r.noun())) {
        let answer = route.ask(app.by(&app.agent), &hidden, None).await;
        // Where the role alone forbids the route, 403 says nothing about the id.
        let for_admins = route.noun() == "inboxes"
            || [
                "DELETE /conversations/{id}",
                "POST /messages/{id}/redactions",
                "POST /conversations/{id}/watch",
                "POST /conversations/{id}/whispers",
                "POST /conversations/{id}/take-over",
            ]
            .contains(&route.name().as_str());
        if !matches!(answer.status.as_u16(), 404 | 403) || (answer.status.as_u16() == 403 && !for_admins) {
            wrong.push(format!("{}: {} {}", route.name(), answer.status, answer.text));
        }
    }
    for path in ["/conversations?view=all", "/search?q=parcel", "/customers?q=cho", "/drafts"] {
        let list = app.by(&app.agent).get(path).await.ok(200);
        if path != "/customers?q=cho" && list["items"] != json!([]) {
            wrong.push(format!("{path}: {list}"));
        }
    }
    let list = app.by(&app.agent).get(&format!("/customers/{}/conversations", hidden["customers"])).await;
    if list.status.as_u16() == 200 && list.body()["items"] != json!([]) {
        wrong.push(format!("a customer's conversations: {}", list.text));
    }
    report(&wrong);
}

#[tokio::test]
async fn row_27_a_viewer_and_a_reading_token_change_nothing() {
    let app = TestApp::new().await;
    let ours = world(&app, &app.owner, "haru.example").await;
    app.by(&app.owner).patch(&format!("/inboxes/{}", ours["inboxes"]), json!({"open_to_all": true})).await.ok(200);
    let reading = app.token(&app.owner, &[TokenScope::Read]).await;
    // What somebody may do to their own things, and doors for people who are not signed in.
    let own = [
        "DELETE /session",
        "PUT /agents/me/password",
        "PUT /conversations/{id}/read",
        "POST /conversations/{id}/presence",
        "DELETE /sessions/{id}",
        "PUT /notifications/read",
        "PUT /notifications/{id}/read",
        "PUT /notification-settings",
        "PUT /push-devices",
        "DELETE /push-devices/{id}",
    ];
    let mut wrong = Vec::new();
    for route in routes(&app).await.iter().filter(|r| !r.method.is_safe() && !r.open && !own.contains(&r.name().as_str())) {
        for (who, ask) in [("viewer", app.by(&app.viewer)), ("reading token", app.with_token(&reading))] {
            let answer = route.ask(ask, &ours, None).await;
            if answer.status.as_u16() != 403 {
                wrong.push(format!("{} by {who}: {} {}", route.name(), answer.status, answer.text));
            }
        }
    }
    report(&wrong);
}

#[tokio::test]
async fn row_28_every_form_refuses_fields_that_it_does_not_have() {
    let app = TestApp::new().await;
    let ours = world(&app, &app.owner, "haru.example").await;
    let mut wrong = Vec::new();
    for route in routes(&app).await.iter().filter(|r| r.takes_body && !r.open) {
        if ["/attachments", "/inboxes/{id}/mail", "/uploads/{id}"].contains(&route.path.as_str()) {
            continue;
        }
        for (field, value) in [("surprise", json!(1)), ("workspace_id", json!("wks_0000000000002")), ("created_at", json!("2020-01-01T00:00:00Z"))] {
            let answer = route.ask(app.by(&app.owner), &ours, Some((field, value))).await;
            if answer.status.as_u16() != 400 || answer.body()["code"] != "malformed" {
                wrong.push(format!("{} with {field}: {} {}", route.name(), answer.status, answer.text));
            }
        }
    }
    report(&wrong);
}
