//! Things to test with: inboxes, conversations, uploads, streams.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, missing_docs)]

pub mod widget;

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, StatusCode};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::common::{Answer, Person, TestApp};

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// An inbox that everyone sees.
pub async fn inbox(app: &TestApp, by: &Person, address: &str) -> String {
    text(&app.by(by).post("/inboxes", json!({"name": address.split('@').next(), "address": address})).await.ok(201)["id"])
}

/// An inbox that only these (and admins) see.
pub async fn closed_inbox(app: &TestApp, address: &str, members: &[&Person]) -> String {
    let members: Vec<String> = members.iter().map(|m| m.agent.id.to_string()).collect();
    let form = json!({"name": "Closed", "address": address, "open_to_all": false, "member_ids": members});
    text(&app.by(&app.owner).post("/inboxes", form).await.ok(201)["id"])
}

/// What a customer wrote, as a conversation.
pub async fn conversation(app: &TestApp, by: &Person, inbox: &str, email: &str, words: &str) -> Value {
    let form = json!({"inbox_id": inbox, "customer": {"email": email, "name": "Mina Park"}, "subject": "Order 1042", "text": words, "direction": "incoming"});
    app.by(by).post("/conversations", form).await.ok(201)
}

/// An inbox and a conversation in it.
pub async fn desk(app: &TestApp) -> (String, String) {
    let inbox = inbox(app, &app.owner, "help@haru.example").await;
    let c = conversation(app, &app.owner, &inbox, "mina@shop.example", "Where is my order?").await;
    (inbox, text(&c["id"]))
}

/// Uploads a file.
pub async fn upload(app: &TestApp, by: &Person, name: &str, content_type: &str, bytes: &[u8]) -> Answer {
    let ask = app.by(by).header("content-type", content_type);
    ask.send(Method::POST, &format!("/attachments?filename={name}"), Body::from(bytes.to_vec())).await
}

/// An open stream.
pub struct Open {
    frames: BodyDataStream,
    rest: String,
}

/// A frame: its name, or the kind of what happened; id, data.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub event: String,
    pub id: String,
    pub data: Value,
}

impl Open {
    /// Opens a stream, `query` such as `?after=0-1`.
    pub async fn new(app: &TestApp, by: &Person, query: &str) -> Self {
        Self::with(app, ("cookie", format!("sonnim_session={}", by.cookie)), query).await
    }

    /// Opens a stream with an API token.
    pub async fn by_token(app: &TestApp, token: &str) -> Self {
        Self::with(app, ("authorization", format!("Bearer {token}")), "").await
    }

    async fn with(app: &TestApp, header: (&str, String), query: &str) -> Self {
        app.settled().await;
        let request = Request::get(format!("/api/v1/stream{query}")).header(header.0, header.1);
        let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { frames: response.into_body().into_data_stream(), rest: String::new() }
    }

    /// The next frame within a time; none when the stream ended or nothing came.
    pub async fn next_within(&mut self, time: Duration) -> Option<Frame> {
        tokio::time::timeout(time, self.read()).await.ok().flatten()
    }

    async fn read(&mut self) -> Option<Frame> {
        loop {
            while let Some(end) = self.rest.find("\n\n") {
                let block: String = self.rest.drain(..end + 2).collect();
                let field = |name: &str| {
                    let prefix = format!("{name}: ");
                    block.lines().find_map(|l| l.strip_prefix(&prefix)).unwrap_or_default().to_owned()
                };
                let data: Value = serde_json::from_str(&field("data")).unwrap_or_default();
                let name = Some(field("event")).filter(|name| !name.is_empty());
                if let Some(event) = name.or_else(|| Some(data["event"]["kind"].as_str()?.to_owned())) {
                    return Some(Frame { event, id: field("id"), data });
                }
            }
            let chunk = self.frames.next().await?.ok()?;
            self.rest.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// How many signs of life come within a time. Other frames are thrown away.
    pub async fn beats_within(&mut self, time: Duration) -> usize {
        let mut beats = 0;
        let _ = tokio::time::timeout(time, async {
            while let Some(Ok(chunk)) = self.frames.next().await {
                beats += usize::from(chunk.starts_with(b":"));
            }
        })
        .await;
        beats
    }

    /// Asserts that the reader is told that the session is over, and that the stream ends then.
    #[track_caller]
    pub fn signed_out(mut self) -> impl Future<Output = ()> {
        let here = std::panic::Location::caller();
        async move {
            loop {
                let frame = self.next_within(Duration::from_millis(1_500)).await;
                match frame.as_ref().map(|f| f.event.as_str()) {
                    Some("signed_out") => break,
                    Some(_) => {}
                    None => panic!("the stream goes on, {here}"),
                }
            }
            assert_eq!(tokio::time::timeout(Duration::from_secs(1), self.read()).await, Ok(None), "{here}");
        }
    }

    /// The next frame; fails after three seconds.
    #[track_caller]
    pub fn next(&mut self) -> impl Future<Output = Frame> + '_ {
        let here = std::panic::Location::caller();
        async move { self.next_within(Duration::from_secs(3)).await.unwrap_or_else(|| panic!("no frame came, {here}")) }
    }

    /// The frames that come until nothing comes for a while.
    pub async fn drain(&mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        while let Some(frame) = self.next_within(Duration::from_millis(300)).await {
            frames.push(frame);
        }
        frames
    }
}
