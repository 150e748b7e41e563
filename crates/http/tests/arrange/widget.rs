//! The widget of an inbox, visitors' browsers and their streams.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::text;
use crate::common::{Ask, TestApp};

/// Settings as the API takes them.
pub fn settings() -> Value {
    json!({
        "enabled": true, "name": null, "theme": {"colour": "#2563eb", "position": "right"}, "greeting": {"en": "Hi", "ko": "안녕하세요"},
        "away_text": {}, "origins": [], "pre_chat": {"when": "never", "fields": []}, "files": {"enabled": true, "max_bytes": 1_000_000},
        "page": true, "typing_preview": true, "identity_required": false, "full_names": false, "mail_after": 300
    })
}

/// An inbox with a widget: its id and the key.
pub async fn widget(app: &TestApp, change: impl FnOnce(&mut Value)) -> (String, String) {
    let inbox = super::inbox(app, &app.owner, "help@haru.example").await;
    let mut form = settings();
    change(&mut form);
    let made = app.by(&app.owner).put(&format!("/inboxes/{inbox}/widget"), form).await.ok(200);
    (inbox, text(&made["key"]))
}

/// A visitor's browser.
pub struct Browser<'a> {
    pub app: &'a TestApp,
    pub key: String,
    pub id: String,
    pub token: String,
    pub cursor: String,
}

impl<'a> Browser<'a> {
    pub async fn open(app: &'a TestApp, key: &str) -> Self {
        Self::with(app, key, json!({"locale": "en"})).await
    }

    pub async fn with(app: &'a TestApp, key: &str, form: Value) -> Self {
        let session = app.anyone().post(&format!("/widget/{key}/session"), form).await.ok(200);
        Self { app, key: key.to_owned(), id: text(&session["visitor"]["id"]), token: text(&session["token"]), cursor: text(&session["cursor"]) }
    }

    pub fn ask(&self) -> Ask<'_> {
        self.app.with_token(&self.token)
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/widget/{}{rest}", self.key)
    }

    /// Begins a conversation; its id.
    pub async fn begins(&self, words: &str) -> String {
        text(&self.ask().post(&self.path("/conversations"), json!({"text": words})).await.ok(201)["conversation"]["id"])
    }

    pub async fn says(&self, id: &str, words: &str) -> Value {
        self.ask().post(&self.path(&format!("/conversations/{id}/messages")), json!({"text": words})).await.ok(201)
    }

    pub async fn sees(&self, id: &str) -> Vec<Value> {
        let page = self.ask().get(&self.path(&format!("/conversations/{id}/messages"))).await.ok(200);
        page["items"].as_array().unwrap().clone()
    }

    pub async fn conversation(&self, id: &str) -> Value {
        let list = self.ask().get(&self.path("/conversations")).await.ok(200);
        list["items"].as_array().unwrap().iter().find(|c| c["id"] == id).cloned().unwrap()
    }

    pub async fn stream(&self, after: &str) -> Stream {
        Stream::open(self.app, &self.key, &self.token, &format!("after={after}")).await
    }
}

/// A visitor's open stream.
pub struct Stream {
    pub frames: BodyDataStream,
    pub rest: String,
}

#[derive(Debug, Clone)]
pub struct Frame {
    pub event: String,
    pub id: String,
    pub data: Value,
}

impl Stream {
    pub async fn open(app: &TestApp, key: &str, token: &str, query: &str) -> Self {
        app.settled().await;
        let request = Request::get(format!("/api/v1/widget/{key}/stream?{query}")).header("authorization", format!("Bearer {token}"));
        let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { frames: response.into_body().into_data_stream(), rest: String::new() }
    }

    pub async fn read(&mut self) -> Option<Frame> {
        loop {
            while let Some(end) = self.rest.find("\n\n") {
                let block: String = self.rest.drain(..end + 2).collect();
                let field = |name: &str| block.lines().find_map(|l| l.strip_prefix(&format!("{name}: "))).unwrap_or_default().to_owned();
                let data: Value = serde_json::from_str(&field("data")).unwrap_or_default();
                let event = Some(field("event")).filter(|e| !e.is_empty()).or_else(|| data["kind"].as_str().map(str::to_owned));
                if let Some(event) = event {
                    return Some(Frame { event, id: field("id"), data });
                }
            }
            let chunk = self.frames.next().await?.ok()?;
            self.rest.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next frame with a name or kind.
    pub async fn until(&mut self, event: &str) -> Frame {
        let found = tokio::time::timeout(Duration::from_secs(10), async {
            loop {
                match self.read().await {
                    Some(frame) if frame.event == event => return frame,
                    Some(_) => {}
                    None => panic!("the stream ended before {event}"),
                }
            }
        });
        found.await.unwrap_or_else(|_| panic!("no {event} came"))
    }

    /// What comes until nothing comes for a while.
    pub async fn drain(&mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        while let Ok(Some(frame)) = tokio::time::timeout(Duration::from_millis(300), self.read()).await {
            frames.push(frame);
        }
        frames
    }
}
