//! Work with chats by the API: passing on to a queue, inviting a colleague, watching, whispering, taking over, greeting, calling back.
//! Success, forbidden, another workspace, invalid; and what the customer sees of each, or does not.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{conversation, inbox, text};
use common::{Ask, Person, TestApp};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Lets the listeners come to the end of the log.
async fn listen(app: &TestApp) {
    app.settled().await;
    let (mut place, mut more) = (None, true);
    while more {
        let (now, again) = desk::routing::listen(&app.app.desk, place).await.unwrap();
        (place, more) = (Some(now), again);
    }
    let (mut place, mut more) = (None, true);
    while more {
        let (now, again) = desk::notification::listen(&app.app.desk, place).await.unwrap();
        (place, more) = (Some(now), again);
    }
}

async fn online(app: &TestApp, who: &Person) {
    app.by(who).put("/availability/me", json!({"state": "online"})).await.ok(200);
}

async fn queue(app: &TestApp, name: &str, filter: Value, agents: &[&Person]) -> String {
    let agents: Vec<String> = agents.iter().map(|a| a.agent.id.to_string()).collect();
    let form = json!({"name": name, "filter": filter, "agent_ids": agents, "rule": {"offers": false, "same_agent": true}});
    text(&app.by(&app.owner).post("/queues", form).await.ok(201)["id"])
}

/// What nothing is like.
fn nothing() -> Value {
    json!({"field": "subject", "operator": "contains", "value": "no such words at all"})
}

/// A visitor with a chat.
struct Customer<'a> {
    app: &'a TestApp,
    key: String,
    token: String,
    id: String,
}

impl<'a> Customer<'a> {
    async fn writes(app: &'a TestApp, change: impl FnOnce(&mut Value)) -> Self {
        let inbox = inbox(app, &app.owner, "help@haru.example").await;
        let mut form = json!({
            "enabled": true, "name": null, "theme": {"colour": "#2563eb", "position": "right"},
            "pre_chat": {"when": "never"}, "files": {"enabled": true, "max_bytes": 1_000_000}, "page": false, "typing_preview": true,
            "identity_required": false, "full_names": false, "mail_after": 300
        });
        change(&mut form);
        let key = text(&app.by(&app.owner).put(&format!("/inboxes/{inbox}/widget"), form).await.ok(200)["key"]);
        Self::at(app, key).await
    }

    async fn at(app: &'a TestApp, key: String) -> Self {
        let session = app.anyone().post(&format!("/widget/{key}/session"), json!({"locale": "ko"})).await.ok(200);
        let mut made = Self { app, key, token: text(&session["token"]), id: String::new() };
        let begun = made.ask().post(&made.path("/conversations"), json!({"text": "Where is my parcel?"})).await.ok(201);
        made.id = text(&begun["conversation"]["id"]);
        app.pass(SignedDuration::from_secs(1));
        made
    }

    /// Somebody else at the same site, a second later.
    async fn another(&self) -> Self {
        Self::at(self.app, self.key.clone()).await
    }

    async fn asks_to_be_called(&self, at: Option<Timestamp>) {
        let path = self.path(&format!("/conversations/{}/callback", self.id));
        self.ask().post(&path, json!({"phone": "+82 10-1234-5678", "at": at})).await.ok(204);
    }

    fn ask(&self) -> Ask<'_> {
        self.app.with_token(&self.token)
    }

    fn path(&self, rest: &str) -> String {
        format!("/widget/{}{rest}", self.key)
    }

    async fn sees(&self) -> Value {
        self.ask().get(&self.path("/conversations")).await.ok(200)["items"][0].clone()
    }

    async fn reads(&self) -> Vec<Value> {
        let page = self.ask().get(&self.path(&format!("/conversations/{}/messages", self.id))).await.ok(200);
        page["items"].as_array().unwrap().clone()
    }

    fn chat(&self, rest: &str) -> String {
        format!("/conversations/{}{rest}", self.id)
    }
}

async fn shown(app: &TestApp, who: &Person, path: &str) -> Value {
    app.by(who).get(path).await.ok(200)
}

async fn kinds(app: &TestApp, who: &Person, path: &str) -> Vec<String> {
    let line = app.by(who).get(&format!("{path}/timeline")).await.ok(200);
    line["items"].as_array().unwrap().iter().filter_map(|i| i["event"]["kind"].as_str().map(str::to_owned)).collect()
}

async fn told(app: &TestApp, who: &Person) -> Vec<String> {
    let list = app.by(who).get("/notifications").await.ok(200);
    list["items"].as_array().unwrap().iter().map(|n| text(&n["kind"])).collect()
}

#[tokio::test]
async fn a_chat_is_passed_to_a_queue_with_a_note_and_the_customer_hears_the_new_wait() {
    let app = TestApp::new().await;
    listen(&app).await;
    let first = queue(&app, "Front desk", json!({"all": []}), &[&app.agent]).await;
    let second = queue(&app, "Returns", nothing(), &[&app.agent, &app.admin]).await;
    online(&app, &app.agent).await;
    listen(&app).await;
    let customer = Customer::writes(&app, |_| ()).await;
    listen(&app).await;
    let path = customer.chat("");
    assert_eq!(shown(&app, &app.agent, &path).await["assignee"]["id"], app.agent.agent.id.to_string());
    app.by(&app.agent).post(&format!("{path}/replies"), json!({"text": "I ask the others."})).await.ok(201);
    listen(&app).await;
    assert_eq!(customer.sees().await["state"], "active");

    // Nobody else is there for Returns: it waits for somebody, and does not come back by itself while the admin is only away.
    online(&app, &app.admin).await;
    let admin = format!("/agents/{}/work", app.admin.agent.id);
    app.by(&app.owner).put(&admin, json!({"capacity": {"total": 1, "chat": 1, "mail": 1}, "skill_ids": []})).await.ok(200);
    let other = conversation(&app, &app.owner, &text(&shown(&app, &app.agent, &path).await["inbox"]["id"]), "jun@shop.example", "Hello").await;
    app.by(&app.owner).patch(&format!("/conversations/{}", text(&other["id"])), json!({"assignee_id": app.admin.agent.id})).await.ok(200);
    listen(&app).await;
    let form = json!({"queue_id": second, "note": {"text": "canary-note: wants the money back"}});
    let passed = app.by(&app.agent).patch(&path, form).await.ok(200);
    assert_eq!(passed["assignee"], Value::Null);
    listen(&app).await;
    let after = customer.sees().await;
    assert_eq!((&after["state"], &after["wait"]["reason"], &after["agent"]), (&json!("waiting"), &json!("transferred"), &Value::Null));
    assert!(customer.reads().await.iter().all(|m| !m.to_string().contains("canary-note")), "the note is for colleagues");
    let line = app.by(&app.agent).get(&format!("{path}/timeline")).await.ok(200);
    let items = line["items"].as_array().unwrap();
    let routed = items.iter().map(|i| &i["event"]).find(|e| e["data"]["why"]["code"] == "transferred").unwrap();
    assert_eq!((&routed["data"]["queue_name"], &routed["actor"]["name"]), (&json!("Returns"), &json!(app.agent.agent.name)));
    assert!(items.iter().any(|i| i["message"]["kind"] == "note"));

    // As soon as the admin has room, they get it: the filter of Returns would not have taken it.
    app.by(&app.owner).put(&format!("/conversations/{}/status", text(&other["id"])), json!({"status": {"kind": "resolved"}})).await.ok(200);
    listen(&app).await;
    let now = shown(&app, &app.agent, &path).await;
    assert_eq!(now["assignee"]["id"], app.admin.agent.id.to_string());
    assert_eq!(customer.sees().await["state"], "active");

    // What does not go.
    app.by(&app.viewer).patch(&path, json!({"queue_id": first})).await.problem(403, "forbidden");
    app.by(&app.stranger).patch(&path, json!({"queue_id": first})).await.problem(404, "not_found");
    app.by(&app.agent).patch(&path, json!({"queue_id": "que_0000000000000"})).await.problem(422, "invalid");
    app.by(&app.agent).patch(&path, json!({"queue_id": first, "assignee_id": null})).await.problem(422, "invalid");
    app.by(&app.owner).delete(&format!("/queues/{second}")).await.ok(204);
    app.by(&app.agent).patch(&path, json!({"queue_id": second})).await.problem(422, "invalid");
    app.by(&app.agent).put(&format!("{path}/status"), json!({"status": {"kind": "pending"}})).await.ok(200);
    app.by(&app.agent).patch(&path, json!({"queue_id": first})).await.problem(409, "not_open");
}

#[tokio::test]
async fn a_letter_is_passed_on_and_comes_back_only_when_nobody_else_is_there() {
    let app = TestApp::new().await;
    listen(&app).await;
    let only = queue(&app, "Mail", json!({"all": []}), &[]).await;
    let help = inbox(&app, &app.owner, "help@haru.example").await;
    online(&app, &app.agent).await;
    listen(&app).await;
    let path = format!("/conversations/{}", text(&conversation(&app, &app.owner, &help, "mina@shop.example", "Hi").await["id"]));
    listen(&app).await;
    assert_eq!(shown(&app, &app.agent, &path).await["assignee"]["id"], app.agent.agent.id.to_string());
    online(&app, &app.admin).await;
    app.by(&app.agent).patch(&path, json!({"queue_id": only})).await.ok(200);
    listen(&app).await;
    assert_eq!(shown(&app, &app.agent, &path).await["assignee"]["id"], app.admin.agent.id.to_string());
    app.by(&app.agent).put("/availability/me", json!({"state": "offline"})).await.ok(200);
    app.by(&app.admin).patch(&path, json!({"queue_id": only})).await.ok(200);
    listen(&app).await;
    assert_eq!(shown(&app, &app.agent, &path).await["assignee"]["id"], app.admin.agent.id.to_string(), "better they than nobody");
}

#[tokio::test]
async fn a_colleague_is_invited_comes_writes_under_their_own_name_and_leaves() {
    let app = TestApp::new().await;
    listen(&app).await;
    let customer = Customer::writes(&app, |_| ()).await;
    let path = customer.chat("");
    app.by(&app.agent).patch(&path, json!({"assignee_id": app.agent.agent.id})).await.ok(200);
    let guests = format!("{path}/guests");
    let form = json!({"agent_id": app.admin.agent.id, "note": {"text": "canary-note: you know parcels"}});
    app.by(&app.viewer).post(&guests, form.clone()).await.problem(403, "forbidden");
    app.by(&app.stranger).post(&guests, form.clone()).await.problem(404, "not_found");
    for nobody in [&app.viewer, &app.stranger, &app.agent] {
        app.by(&app.agent).post(&guests, json!({"agent_id": nobody.agent.id})).await.problem(422, "invalid");
    }
    app.by(&app.admin).put(&format!("{guests}/me"), json!({})).await.problem(409, "not_invited");
    app.by(&app.agent).post(&guests, form.clone()).await.ok(204);
    app.by(&app.agent).post(&guests, json!({"agent_id": app.admin.agent.id})).await.ok(204);
    listen(&app).await;
    assert_eq!(told(&app, &app.admin).await, ["invited"], "told once");
    let detail = shown(&app, &app.admin, &path).await;
    assert_eq!((&detail["guests"][0]["agent"]["name"], &detail["guests"][0]["joined_at"]), (&json!(app.admin.agent.name), &Value::Null));
    assert_eq!(app.by(&app.admin).get("/my-chats").await.ok(200)["items"], json!([]));

    app.by(&app.admin).put(&format!("{guests}/me"), json!({})).await.ok(204);
    app.by(&app.admin).put(&format!("{guests}/me"), json!({})).await.ok(204);
    assert_eq!(app.by(&app.admin).get("/my-chats").await.ok(200)["items"][0]["id"], customer.id);
    assert_eq!(app.by(&app.stranger).get("/my-chats").await.ok(200)["items"], json!([]));
    app.by(&app.admin).post(&format!("{path}/replies"), json!({"text": "It is in Busan."})).await.ok(201);
    let read = customer.reads().await;
    let given = app.admin.agent.name.split(' ').next().unwrap();
    assert_eq!((&read[1]["text"], &read[1]["name"]), (&json!("It is in Busan."), &json!(given)));
    assert!(!Value::from(read).to_string().contains("canary"), "what colleagues tell each other stays inside");
    assert_eq!(shown(&app, &app.agent, &path).await["assignee"]["id"], app.agent.agent.id.to_string(), "whose chat it is has not changed");

    app.by(&app.admin).delete(&format!("{guests}/me")).await.ok(204);
    app.by(&app.admin).delete(&format!("{guests}/me")).await.ok(204);
    assert_eq!(app.by(&app.admin).get("/my-chats").await.ok(200)["items"], json!([]));
    let events = app.by(&app.agent).get(&format!("{path}/timeline")).await.ok(200);
    let changes: Vec<String> = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|i| i["event"]["kind"] == "conversation.invited")
        .map(|i| text(&i["event"]["data"]["change"]))
        .collect();
    assert_eq!(changes.len(), 3, "{changes:?}");
    let help = text(&shown(&app, &app.agent, &path).await["inbox"]["id"]);
    let letter = conversation(&app, &app.owner, &help, "jun@shop.example", "A letter").await;
    let guests = format!("/conversations/{}/guests", text(&letter["id"]));
    app.by(&app.agent).post(&guests, json!({"agent_id": app.admin.agent.id})).await.problem(409, "not_a_chat");
}

#[tokio::test]
async fn a_supervisor_watches_whispers_and_takes_over_and_the_customer_hears_nothing_of_it() {
    let app = TestApp::new().await;
    listen(&app).await;
    let customer = Customer::writes(&app, |_| ()).await;
    let path = customer.chat("");
    app.by(&app.agent).patch(&path, json!({"assignee_id": app.agent.agent.id})).await.ok(200);
    let chats = format!("/agents/{}/chats", app.agent.agent.id);
    app.by(&app.agent).get(&chats).await.problem(403, "forbidden");
    app.by(&app.stranger).get(&chats).await.problem(404, "not_found");
    let list = app.by(&app.admin).get(&chats).await.ok(200);
    assert_eq!((&list["items"][0]["conversation"]["id"], &list["items"][0]["queue_name"]), (&json!(customer.id), &Value::Null));

    for verb in ["watch", "whispers", "take-over"] {
        let form = json!({"text": "canary-whisper"});
        app.by(&app.agent).post(&format!("{path}/{verb}"), form.clone()).await.problem(403, "forbidden");
        app.by(&app.stranger).post(&format!("{path}/{verb}"), form).await.problem(404, "not_found");
    }
    let before = customer.sees().await;
    app.by(&app.admin).post(&format!("{path}/watch"), json!({})).await.ok(204);
    app.by(&app.admin).put(&format!("{path}/read"), json!({"read": true, "quietly": true})).await.ok(204);
    assert_eq!(customer.sees().await, before, "watching shows nowhere");
    assert_eq!(shown(&app, &app.admin, &path).await["unread"], false);
    let audit = app.by(&app.admin).get("/audit").await.ok(200);
    assert!(audit["items"].as_array().unwrap().iter().any(|e| e["kind"] == "chat.watched" && e["actor"]["name"] == app.admin.agent.name));
    assert!(!kinds(&app, &app.agent, &path).await.contains(&"chat.watched".to_owned()));
    let events = app.by(&app.agent).get(&format!("{path}/events")).await;
    assert!(!events.text.contains("chat.watched"), "not even by the log");

    let said = app.by(&app.admin).post(&format!("{path}/whispers"), json!({"text": "canary-whisper: offer a refund"})).await.ok(201);
    assert_eq!((&said["kind"], &said["whispered_to"]["name"]), (&json!("note"), &json!(app.agent.agent.name)));
    app.by(&app.admin).post(&format!("{path}/whispers"), json!({"text": " "})).await.problem(422, "invalid");
    listen(&app).await;
    assert_eq!(told(&app, &app.agent).await, ["whispered"]);
    let everything = format!("{}{}", customer.sees().await, Value::from(customer.reads().await));
    assert!(!everything.contains("canary"), "{everything}");

    assert_eq!(app.by(&app.admin).post(&format!("{path}/take-over"), json!({})).await.ok(200)["assignee"]["name"], app.admin.agent.name);
    app.by(&app.admin).post(&format!("{path}/whispers"), json!({"text": "To myself"})).await.problem(409, "nobody_there");
    listen(&app).await;
    assert_eq!(told(&app, &app.agent).await, ["taken_over", "whispered"]);
    assert!(kinds(&app, &app.agent, &path).await.contains(&"conversation.taken_over".to_owned()));
    assert_eq!(customer.sees().await["agent"]["name"], app.admin.agent.name.split(' ').next().unwrap());
}

#[tokio::test]
async fn an_agent_greets_with_one_press_and_the_customer_still_waits_for_an_answer() {
    let app = TestApp::new().await;
    listen(&app).await;
    queue(&app, "Chats", json!({"all": []}), &[]).await;
    listen(&app).await;
    let customer = Customer::writes(&app, |s| {
        s["agent_greeting"] = json!({
            "en": "Hello {{ customer.first_name | default(\"there\") }}, I am {{ agent.first_name }}.",
            "ko": "안녕하세요, {{ agent.first_name }}입니다."
        });
    })
    .await;
    let path = customer.chat("");
    listen(&app).await;
    let given = app.agent.agent.name.split(' ').next().unwrap();
    let words = format!("안녕하세요, {given}입니다.");
    assert_eq!(shown(&app, &app.agent, &path).await["greeting"], words);
    assert_eq!(shown(&app, &app.viewer, &path).await["greeting"], Value::Null);
    let greet = format!("{path}/chat/greet");
    app.by(&app.viewer).post(&greet, json!({})).await.problem(403, "forbidden");
    app.by(&app.stranger).post(&greet, json!({})).await.problem(404, "not_found");
    app.by(&app.agent).post(&greet, json!({})).await.ok(201);
    app.by(&app.agent).post(&greet, json!({})).await.problem(409, "no_greeting");
    assert_eq!(customer.reads().await[1]["text"], words);
    listen(&app).await;
    let now = shown(&app, &app.agent, &path).await;
    assert_eq!((&now["assignee"]["name"], &now["greeting"]), (&json!(app.agent.agent.name), &Value::Null));
    assert!(now["waiting_since"].is_string(), "a greeting is no answer");
    let board = app.by(&app.owner).get("/live-board").await.ok(200);
    assert_eq!(board["queues"][0]["answered"], 0, "nor does it count as one");
    app.by(&app.agent).post(&format!("{path}/replies"), json!({"text": "It is in Busan."})).await.ok(201);
    listen(&app).await;
    assert_eq!(app.by(&app.owner).get("/live-board").await.ok(200)["queues"][0]["answered"], 1);
}

#[tokio::test]
async fn a_widget_greets_by_itself_when_an_agent_takes_the_chat_and_refuses_a_greeting_that_cannot_be_filled_in() {
    let app = TestApp::new().await;
    listen(&app).await;
    let customer = Customer::writes(&app, |s| {
        s["agent_greeting"] = json!({"en": "Hello {{ customer.first_name | default(\"there\") }}"});
        s["greets_itself"] = json!(true);
    })
    .await;
    app.by(&app.agent).patch(&customer.chat(""), json!({"assignee_id": app.admin.agent.id})).await.ok(200);
    assert_eq!(customer.reads().await.len(), 1, "nobody greets for somebody else");
    app.by(&app.agent).patch(&customer.chat(""), json!({"assignee_id": app.agent.agent.id})).await.ok(200);
    let read = customer.reads().await;
    assert_eq!((read.len(), &read[1]["text"]), (2, &json!("Hello there")), "a name that we made up is no name");
    let path = format!("/inboxes/{}/widget", text(&shown(&app, &app.agent, &customer.chat("")).await["inbox"]["id"]));
    let mut form = app.by(&app.owner).get(&path).await.ok(200)["settings"].clone();
    form["agent_greeting"] = json!({"en": "Hello {{ customer.secret }}"});
    app.by(&app.owner).put(&path, form).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_customer_who_waits_asks_to_be_called_and_an_agent_calls() {
    let app = TestApp::new().await;
    listen(&app).await;
    let customer = Customer::writes(&app, |s| s["callback"] = json!(true)).await;
    let path = customer.chat("");
    app.by(&app.agent).patch(&path, json!({"assignee_id": app.agent.agent.id})).await.ok(200);
    let ask = customer.path(&format!("/conversations/{}/callback", customer.id));
    let phone = "+82 10-1234-5678";
    for wrong in
        [json!({"phone": "call me"}), json!({"phone": phone, "at": "2020-01-01T00:00:00Z"}), json!({"phone": phone, "at": "2099-01-01T00:00:00Z"})]
    {
        customer.ask().post(&ask, wrong).await.problem(422, "invalid");
    }
    app.anyone().post(&ask, json!({"phone": phone})).await.problem(401, "session_expired");
    let other = app.anyone().post(&customer.path("/session"), json!({})).await.ok(200);
    app.with_token(&text(&other["token"])).post(&ask, json!({"phone": phone})).await.problem(404, "not_found");
    app.by(&app.agent).post(&format!("{path}/chat/called"), json!({})).await.problem(409, "no_callback");
    customer.ask().post(&ask, json!({"phone": phone})).await.ok(204);
    listen(&app).await;
    assert_eq!(customer.sees().await["callback"]["phone"], "•••5678");
    assert!(told(&app, &app.agent).await.contains(&"customer_message".to_owned()));
    let detail = shown(&app, &app.agent, &path).await;
    assert_eq!(detail["callback"]["phone"], phone);
    assert!(detail["due_at"].is_string());
    let card = app.by(&app.agent).get(&format!("/customers/{}", text(&detail["customer"]["id"]))).await.ok(200);
    assert_eq!(card["phones"], json!([phone]));
    assert!(kinds(&app, &app.agent, &path).await.contains(&"chat.callback_requested".to_owned()));
    app.by(&app.viewer).post(&format!("{path}/chat/called"), json!({})).await.problem(403, "forbidden");
    app.by(&app.stranger).post(&format!("{path}/chat/called"), json!({})).await.problem(404, "not_found");
    app.by(&app.agent).post(&format!("{path}/chat/called"), json!({})).await.ok(204);
    app.by(&app.agent).post(&format!("{path}/chat/called"), json!({})).await.ok(204);
    let done = shown(&app, &app.agent, &path).await;
    assert_eq!((done["callback"]["called_at"].is_string(), &done["due_at"]), (true, &Value::Null));
    assert_eq!(customer.sees().await["callback"], Value::Null);
}

#[tokio::test]
async fn nobody_is_called_where_the_widget_does_not_offer_it() {
    let app = TestApp::new().await;
    let customer = Customer::writes(&app, |_| ()).await;
    let config = app.anyone().get(&customer.path("")).await.ok(200);
    assert_eq!(config["callback"], false);
    let ask = customer.path(&format!("/conversations/{}/callback", customer.id));
    customer.ask().post(&ask, json!({"phone": "+82 10-1234-5678"})).await.problem(409, "no_callback");
}

/// How many wait and are to be called, and since when the first waits.
async fn board(app: &TestApp) -> (Value, Value, Value) {
    let queue = app.by(&app.owner).get("/live-board").await.ok(200)["queues"][0].clone();
    (queue["waiting"].clone(), queue["calls"].clone(), queue["longest_since"].clone())
}

async fn room_for_one(app: &TestApp, who: &Person) {
    let work = json!({"capacity": {"total": 1, "chat": 1, "mail": 1}, "skill_ids": []});
    app.by(&app.owner).put(&format!("/agents/{}/work", who.agent.id), work).await.ok(200);
}

#[tokio::test]
async fn a_chat_that_a_queue_gives_is_greeted_once_with_an_offer_and_without() {
    for offers in [false, true] {
        TestApp::both(async |app| {
            listen(&app).await;
            let made = queue(&app, "Chats", json!({"all": []}), &[&app.agent, &app.admin]).await;
            let form = json!({"name": "Chats", "filter": {"all": []}, "agent_ids": [app.agent.agent.id, app.admin.agent.id],
                "rule": {"offers": offers, "accept_seconds": 30, "silence_seconds": 60}});
            app.by(&app.owner).put(&format!("/queues/{made}"), form).await.ok(200);
            online(&app, &app.agent).await;
            listen(&app).await;
            let customer = Customer::writes(&app, |s| {
                s["agent_greeting"] = json!({"en": "Hello, I am {{ agent.first_name }}."});
                s["greets_itself"] = json!(true);
            })
            .await;
            listen(&app).await;
            if offers {
                assert_eq!(customer.reads().await.len(), 1, "nobody has it yet");
                app.by(&app.agent).post(&format!("/offers/{}/accept", customer.id), json!({})).await.ok(204);
                listen(&app).await;
            }
            let given = |who: &Person| who.agent.name.split(' ').next().unwrap().to_owned();
            let read = customer.reads().await;
            assert_eq!((read.len(), &read[1]["text"]), (2, &json!(format!("Hello, I am {}.", given(&app.agent)))), "offers: {offers}");
            assert_eq!(read[1]["name"], given(&app.agent));
            let path = customer.chat("");
            assert!(shown(&app, &app.agent, &path).await["waiting_since"].is_string(), "a greeting is no answer");
            // Who says nothing more loses it to a colleague, who does not greet again.
            online(&app, &app.admin).await;
            app.by(&app.agent).put("/availability/me", json!({"state": "busy"})).await.ok(200);
            app.pass(SignedDuration::from_secs(61));
            app.by(&app.admin).post("/availability/me/active", json!({})).await.ok(204);
            let mut tx = app.app.begin().await.unwrap();
            desk::routing::run(&mut tx, app.scope(&app.owner).await.workspace).await.unwrap();
            tx.commit().await.unwrap();
            listen(&app).await;
            if offers {
                app.by(&app.admin).post(&format!("/offers/{}/accept", customer.id), json!({})).await.ok(204);
            }
            assert_eq!(shown(&app, &app.agent, &path).await["assignee"]["id"], app.admin.agent.id.to_string());
            assert_eq!(customer.reads().await.len(), 2, "greeted once");
        })
        .await;
    }
}

#[tokio::test]
async fn a_chat_is_given_where_the_greeting_cannot_be_said() {
    let app = TestApp::new().await;
    listen(&app).await;
    queue(&app, "Chats", json!({"all": []}), &[&app.agent]).await;
    online(&app, &app.agent).await;
    listen(&app).await;
    let customer = Customer::writes(&app, |s| {
        // Filled in, nothing is left of it.
        s["agent_greeting"] = json!({"en": "{{ customer.first_name }}"});
        s["greets_itself"] = json!(true);
    })
    .await;
    listen(&app).await;
    assert_eq!(shown(&app, &app.agent, &customer.chat("")).await["assignee"]["id"], app.agent.agent.id.to_string());
    assert_eq!(customer.reads().await.len(), 1);
}

#[tokio::test]
async fn who_waits_for_a_call_stands_in_nobodys_way_and_keeps_their_turn() {
    TestApp::both(async |app| {
        listen(&app).await;
        queue(&app, "Chats", json!({"all": []}), &[&app.agent]).await;
        room_for_one(&app, &app.agent).await;
        let first = Customer::writes(&app, |s| s["callback"] = json!(true)).await;
        let second = first.another().await;
        listen(&app).await;
        assert_eq!((&first.sees().await["wait"]["ahead"], &second.sees().await["wait"]["ahead"]), (&json!(0), &json!(1)));
        let both = board(&app).await;
        assert_eq!((&both.0, &both.1), (&json!(2), &json!(0)));

        first.asks_to_be_called(None).await;
        listen(&app).await;
        let told = first.sees().await;
        assert_eq!((&told["state"], &told["wait"], &told["callback"]["phone"]), (&json!("waiting"), &Value::Null, &json!("•••5678")));
        assert_eq!(second.sees().await["wait"]["ahead"], 0, "nobody stands before them");
        let one = board(&app).await;
        assert_eq!((&one.0, &one.1), (&json!(1), &json!(1)));
        assert!(one.2.as_str() > both.2.as_str(), "the longest wait is the other one's: {} {}", one.2, both.2);

        // Who writes again waits for an answer again, where they stood; asked again, they wait for the call.
        app.pass(SignedDuration::from_secs(1));
        first.ask().post(&first.path(&format!("/conversations/{}/messages", first.id)), json!({"text": "Or here?"})).await.ok(201);
        listen(&app).await;
        assert_eq!((&first.sees().await["wait"]["ahead"], &second.sees().await["wait"]["ahead"]), (&json!(0), &json!(1)));
        assert_eq!(board(&app).await, both);
        app.pass(SignedDuration::from_secs(1));
        first.asks_to_be_called(None).await;
        listen(&app).await;
        assert_eq!(board(&app).await, one);

        // The first agent with room gets them first all the same, and whoever telephones is not silent.
        online(&app, &app.agent).await;
        listen(&app).await;
        let path = first.chat("");
        let mine = json!(app.agent.agent.id);
        assert_eq!((&shown(&app, &app.agent, &path).await["assignee"]["id"], &board(&app).await.1), (&mine, &json!(0)));
        assert_eq!(shown(&app, &app.agent, &second.chat("")).await["assignee"], Value::Null);
        app.by(&app.agent).post(&format!("{path}/chat/called"), json!({})).await.ok(204);
        listen(&app).await;
        let called = shown(&app, &app.agent, &path).await;
        assert_eq!((&called["waiting_since"], &called["assignee"]["id"]), (&Value::Null, &mine), "the call was the answer");
        app.by(&app.agent).put(&format!("{path}/status"), json!({"status": {"kind": "resolved"}})).await.ok(200);
        listen(&app).await;
        assert_eq!(shown(&app, &app.agent, &second.chat("")).await["assignee"]["id"], mine, "and now the next");
    })
    .await;
}

#[tokio::test]
async fn who_wants_to_be_called_later_is_given_to_an_agent_then() {
    TestApp::both(async |app| {
        listen(&app).await;
        queue(&app, "Chats", json!({"all": []}), &[&app.agent]).await;
        room_for_one(&app, &app.agent).await;
        let first = Customer::writes(&app, |s| s["callback"] = json!(true)).await;
        let second = first.another().await;
        let at = app.app.now() + SignedDuration::from_hours(2);
        first.asks_to_be_called(Some(at)).await;
        online(&app, &app.agent).await;
        listen(&app).await;
        let (path, mine) = (first.chat(""), json!(app.agent.agent.id));
        assert_eq!(shown(&app, &app.agent, &path).await["assignee"], Value::Null, "not before it suits");
        assert_eq!(shown(&app, &app.agent, &second.chat("")).await["assignee"]["id"], mine, "and nobody waits for that");
        assert_eq!(app.by(&app.agent).post("/next-conversation", json!({})).await.ok(200)["conversation_id"], Value::Null);
        app.by(&app.agent).put(&format!("{}/status", second.chat("")), json!({"status": {"kind": "resolved"}})).await.ok(200);
        listen(&app).await;
        assert_eq!(shown(&app, &app.agent, &path).await["assignee"], Value::Null);

        // The hour has come: the job that waited for it looks again.
        app.pass(SignedDuration::from_hours(2));
        app.by(&app.agent).post("/availability/me/active", json!({})).await.ok(204);
        let now = app.app.now();
        let due = app.desk().store.claim_jobs(now, now + std::time::Duration::from_secs(60), 100).await.unwrap();
        assert!(due.iter().any(|j| j.job == Some(model::Job::Route {})), "a job waits for the hour");
        let mut tx = app.app.begin().await.unwrap();
        desk::routing::run(&mut tx, app.scope(&app.owner).await.workspace).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(shown(&app, &app.agent, &path).await["assignee"]["id"], mine);
    })
    .await;
}
