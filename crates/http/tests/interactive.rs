//! Messages of a chat that offer something: answers to press, cards, questions; and what the customer makes of them.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::text;
use common::{Ask, TestApp};
use serde_json::{Value, json};

/// A chat that an agent has; its inbox, the widget's key, the visitor's token, the conversation.
struct Chat<'a> {
    app: &'a TestApp,
    key: String,
    token: String,
    id: String,
}

impl<'a> Chat<'a> {
    async fn begin(app: &'a TestApp) -> Self {
        let (_, key) = arrange::widget::widget(app, |_| {}).await;
        Self::visitor(app, &key).await
    }

    async fn visitor(app: &'a TestApp, key: &str) -> Self {
        let session = app.anyone().post(&format!("/widget/{key}/session"), json!({"locale": "en"})).await.ok(200);
        let token = text(&session["token"]);
        let begun = app.with_token(&token).post(&format!("/widget/{key}/conversations"), json!({"text": "My boots leak"})).await.ok(201);
        Self { app, key: key.to_owned(), token, id: text(&begun["conversation"]["id"]) }
    }

    fn ask(&self) -> Ask<'_> {
        self.app.with_token(&self.token)
    }

    fn path(&self) -> String {
        format!("/widget/{}/conversations/{}/messages", self.key, self.id)
    }

    async fn offers(&self, words: &str, interactive: Value) -> Value {
        let form = json!({"html": words, "interactive": interactive});
        self.app.by(&self.app.owner).post(&format!("/conversations/{}/replies", self.id), form).await.ok(201)
    }

    async fn last(&self) -> Value {
        self.ask().get(&self.path()).await.ok(200)["items"].as_array().unwrap().last().cloned().unwrap()
    }
}

#[tokio::test]
async fn a_pressed_answer_is_said_once_and_reads_as_a_message() {
    TestApp::both(async |app| pressed(&app).await).await;
}

async fn pressed(app: &TestApp) {
    let chat = Chat::begin(app).await;
    let said = chat.offers("<p>What shall we do?</p>", json!({"kind": "quick_replies", "choices": ["Refund", "New pair"]})).await;
    assert_eq!(said["html"], "<p>What shall we do?</p><ul><li>Refund</li><li>New pair</li></ul>");
    assert_eq!(said["interactive"]["choices"], json!(["Refund", "New pair"]));
    let seen = chat.last().await;
    assert_eq!((&seen["html"], &seen["interactive"]["kind"]), (&json!("<p>What shall we do?</p>"), &json!("quick_replies")));

    let answer = json!({"answer": {"to": said["id"], "choice": "Money"}});
    chat.ask().post(&chat.path(), answer).await.problem(422, "invalid");
    let press = |choice: &str| json!({"answer": {"to": said["id"], "choice": choice}});
    let pressed = chat.ask().post(&chat.path(), press("New pair")).await.ok(201);
    assert_eq!((&pressed["text"], &pressed["answers"]), (&json!("New pair"), &said["id"]));
    chat.ask().post(&chat.path(), press("Refund")).await.problem(409, "answered");
    let list = app.by(&app.owner).get(&format!("/conversations/{}/messages", chat.id)).await.ok(200);
    assert_eq!((&list["items"][0]["text"], &list["items"][0]["answers"]), (&json!("New pair"), &said["id"]));

    // Somebody else's chat has nothing to answer there, and one's own message offers nothing.
    let other = Chat::visitor(app, &chat.key).await;
    other.ask().post(&other.path(), press("Refund")).await.problem(404, "not_found");
    other.ask().post(&chat.path(), press("Refund")).await.problem(404, "not_found");
    let own = json!({"answer": {"to": pressed["id"], "choice": "x"}});
    chat.ask().post(&chat.path(), own).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_form_is_filled_in_and_its_address_is_where_answers_go() {
    let app = TestApp::new().await;
    let chat = Chat::begin(&app).await;
    let questions = json!([
        {"label": "Order number", "kind": "text", "required": true},
        {"label": "Your mail", "kind": "email"},
        {"label": "Size", "kind": "choice", "choices": ["40", "41"]}
    ]);
    let said = chat.offers("", json!({"kind": "form", "questions": questions})).await;
    let fill = |form: Value| json!({"answer": {"to": said["id"], "form": form}});
    chat.ask().post(&chat.path(), fill(json!({"2": "41"}))).await.problem(422, "invalid");
    chat.ask().post(&chat.path(), fill(json!({"0": "4711", "2": "12"}))).await.problem(422, "invalid");
    let form = json!({"0": "4711", "1": "mina@home.example", "2": "41"});
    let filled = chat.ask().post(&chat.path(), fill(form)).await.ok(201);
    assert_eq!(filled["text"], "Order number: 4711\nYour mail: mina@home.example\nSize: 41");
    let visitor = chat.ask().post(&format!("/widget/{}/session", chat.key), json!({"token": chat.token})).await.ok(200);
    assert_eq!(visitor["visitor"]["email"], "mina@home.example");
}

#[tokio::test]
async fn a_card_shows_a_file_of_its_message_and_leads_to_the_web_only() {
    let app = TestApp::new().await;
    let chat = Chat::begin(&app).await;
    let picture = text(&arrange::upload(&app, &app.owner, "boots.png", "image/png", b"\x89PNG\r\n\x1a\n0000").await.ok(201)["id"]);
    let card = |url: &str| json!({"kind": "cards", "cards": [{"title": "Boots", "picture": picture, "links": [{"label": "Look", "url": url}]}]});
    let replies = format!("/conversations/{}/replies", chat.id);
    let send = |url: &str, files: Value| json!({"html": "<p>These?</p>", "interactive": card(url), "attachment_ids": files});
    app.by(&app.owner).post(&replies, send("javascript:alert(1)", json!([picture]))).await.problem(422, "invalid");
    app.by(&app.owner).post(&replies, send("https://shop.example", json!([]))).await.problem(422, "invalid");
    app.by(&app.owner).post(&replies, send("https://shop.example/a?b=1&c=2", json!([picture]))).await.ok(201);
    let seen = chat.last().await;
    assert_eq!(seen["interactive"]["cards"][0]["picture"], picture);
    assert_eq!((&seen["files"][0]["id"], &seen["files"][0]["inline"]), (&json!(picture), &json!(true)));
    let file = chat.ask().get(&format!("/widget/{}/files/{picture}", chat.key)).await;
    assert_eq!(file.status.as_u16(), 200);
}

#[tokio::test]
async fn outside_a_chat_nothing_can_be_pressed() {
    let app = TestApp::new().await;
    let (_, id) = arrange::desk(&app).await;
    let form = json!({"text": "Which?", "interactive": {"kind": "quick_replies", "choices": ["A"]}});
    app.by(&app.owner).post(&format!("/conversations/{id}/replies"), form).await.problem(422, "invalid");
}

#[tokio::test]
async fn words_that_are_taken_out_of_a_message_are_gone_from_what_it_offered() {
    let app = TestApp::new().await;
    let chat = Chat::begin(&app).await;
    let said = chat.offers("<p>Is it 4111111111111111?</p>", json!({"kind": "quick_replies", "choices": ["Yes", "No"]})).await;
    let form = json!({"words": ["4111111111111111"]});
    app.by(&app.owner).post(&format!("/messages/{}/redactions", text(&said["id"])), form).await.ok(200);
    let seen = chat.last().await;
    assert_eq!(seen["id"], said["id"]);
    assert!(!seen.to_string().contains("4111"), "{seen}");
    assert_eq!(seen["interactive"], Value::Null);
}
