//! Visitors in the widget and agents on the other side.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::LocalSet;

use crate::client::{Client, Requests};
use crate::measure::{Figures, Meter, moments};
use crate::scenario::Bench;
use crate::{Failure, process};

/// Messages a second, both directions together.
pub const RATE: u32 = 200;
/// Agents' screens that hear everything.
const SCREENS: usize = 8;

/// A visitor: how it asks, and where the stream goes on.
pub struct Visitor {
    pub(crate) requests: Requests,
    pub(crate) path: String,
    pub(crate) cursor: String,
    pub(crate) conversation: String,
}

/// Makes the inbox's widget; its key.
pub async fn widget(bench: &Bench<'_>) -> Result<String, Failure> {
    let mut client = bench.client().await?;
    let settings = json!({
        "enabled": true, "name": null, "theme": { "colour": "#2563eb", "position": "right" }, "pre_chat": { "when": "never" },
        "files": { "enabled": true, "max_bytes": 1_000_000 }, "page": false, "typing_preview": false, "identity_required": false,
        "full_names": false, "mail_after": 86_400,
    });
    let path = format!("/inboxes/{}/widget", bench.environment.inbox);
    let made = client.json(&bench.environment.owner().send("PUT", &path, &settings)).await?;
    Ok(text(&made["key"]))
}

/// A string of an answer.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Visitor {
    /// A new browser.
    pub async fn open(client: &mut Client, key: &str) -> Result<Self, Failure> {
        let path = format!("/widget/{key}");
        let nobody = Requests { token: String::new() };
        let session = client.json(&nobody.send("POST", &format!("{path}/session"), &json!({ "locale": "en" }))).await?;
        Ok(Self { requests: Requests { token: text(&session["token"]) }, path, cursor: text(&session["cursor"]), conversation: String::new() })
    }

    /// The request for its stream, from where it was.
    pub fn stream(&self) -> Vec<u8> {
        self.requests.get(&format!("{}/stream?after={}", self.path, self.cursor))
    }
}

/// Pairs of a visitor and an agent who talk: a message each second from either side, latencies from the moment that it was due until it
/// is in the other side's stream. Agents' screens hear all of it.
pub async fn pairs(bench: &Bench<'_>) -> Result<Figures, Failure> {
    let key = widget(bench).await?;
    let mut client = bench.client().await?;
    let (mut visitors, mut streams) = (Vec::new(), Vec::new());
    for _ in 0..bench.variant.clients {
        let mut visitor = Visitor::open(&mut client, &key).await?;
        let path = format!("{}/conversations", visitor.path);
        let begun = client.json(&visitor.requests.send("POST", &path, &json!({ "text": "Hello, I have a question." }))).await?;
        visitor.conversation = text(&begun["conversation"]["id"]);
        let mut stream = bench.client().await?;
        stream.open_stream(&visitor.stream()).await?;
        stream.wait_for(b"event: hello").await?;
        streams.push(stream);
        visitors.push(visitor);
    }
    let mut screens = Vec::new();
    for _ in 0..SCREENS {
        let mut screen = bench.client().await?;
        screen.open_stream(&bench.requests().get("/stream")).await?;
        screen.wait_for(b"event: hello").await?;
        screens.push(screen);
    }
    let messages = RATE as usize * bench.length().as_secs().max(1) as usize;
    let due: Rc<RefCell<Vec<Instant>>> = Rc::default();
    let latencies: Rc<RefCell<Vec<Duration>>> = Rc::default();
    let n_visitors = visitors.len();
    let visitors = Rc::new(visitors);
    let requests = bench.requests().clone();
    let meter = Meter::start(bench.environment, bench.server);
    // Message n is of pair n / 2 and goes to the agent when it is even.
    let of = move |n: usize| (n / 2) % n_visitors;
    LocalSet::new()
        .run_until(async {
            let mut readers = Vec::new();
            for (pair, mut stream) in streams.into_iter().enumerate() {
                let (due, latencies) = (due.clone(), latencies.clone());
                let mine: Vec<usize> = (0..messages).filter(|n| n % 2 == 1 && of(*n) == pair).collect();
                readers.push(tokio::task::spawn_local(async move {
                    for n in mine {
                        stream.wait_for(format!("\"text\":\"to-visitor-{n}.").as_bytes()).await?;
                        let at = due.borrow()[n];
                        latencies.borrow_mut().push(at.elapsed());
                    }
                    Ok::<(), Failure>(())
                }));
            }
            for (screen, mut stream) in screens.into_iter().enumerate() {
                let (due, latencies) = (due.clone(), latencies.clone());
                let mut mine: HashSet<usize> = (0..messages).filter(|n| n % 2 == 0 && of(*n) % SCREENS == screen).collect();
                readers.push(tokio::task::spawn_local(async move {
                    while !mine.is_empty() {
                        let n: usize = stream.number_after(b"\"text\":\"to-agent-").await?;
                        if mine.remove(&n) {
                            let at = due.borrow()[n];
                            latencies.borrow_mut().push(at.elapsed());
                        }
                    }
                    Ok(())
                }));
            }
            let free: Rc<RefCell<Vec<Client>>> = Rc::default();
            let mut writers = Vec::new();
            let mut moments = moments(RATE, messages);
            for n in 0..messages {
                let at = moments.recv().await.ok_or("the clock stopped")?;
                due.borrow_mut().push(at);
                let visitor = &visitors[of(n)];
                let request = if n % 2 == 0 {
                    let path = format!("{}/conversations/{}/messages", visitor.path, visitor.conversation);
                    visitor.requests.send("POST", &path, &json!({ "text": format!("to-agent-{n}. Is it on its way?") }))
                } else {
                    let path = format!("/conversations/{}/replies", visitor.conversation);
                    requests.send("POST", &path, &json!({ "text": format!("to-visitor-{n}. It left on Monday.") }))
                };
                let known = free.borrow_mut().pop();
                let mut client = match known {
                    Some(client) => client,
                    None => bench.client().await?,
                };
                let free = free.clone();
                writers.push(tokio::task::spawn_local(async move {
                    client.json(&request).await?;
                    free.borrow_mut().push(client);
                    Ok::<(), Failure>(())
                }));
            }
            for task in writers.into_iter().chain(readers) {
                task.await??;
            }
            Ok::<(), Failure>(())
        })
        .await?;
    let figures = meter.stop(&bench.title, &latencies.take());
    Ok(Figures { per_second: Some(f64::from(RATE)), ..figures })
}

/// One conversation that many watch: a customer writes, and every agent's screen hears it. Latencies are of each message at each screen.
pub async fn room(bench: &Bench<'_>) -> Result<Figures, Failure> {
    let rate = u32::try_from(bench.variant.operations.unwrap_or(10))?;
    let key = widget(bench).await?;
    let mut client = bench.client().await?;
    let mut visitor = Visitor::open(&mut client, &key).await?;
    let path = format!("{}/conversations", visitor.path);
    let begun = client.json(&visitor.requests.send("POST", &path, &json!({ "text": "Hello, I have a question." }))).await?;
    visitor.conversation = text(&begun["conversation"]["id"]);
    let messages = rate as usize * bench.length().as_secs().max(1) as usize;
    let due: Rc<RefCell<Vec<Instant>>> = Rc::default();
    let latencies: Rc<RefCell<Vec<Duration>>> = Rc::default();
    let mut screens = Vec::new();
    for _ in 0..bench.variant.clients {
        let mut screen = bench.client().await?;
        screen.open_stream(&bench.requests().get("/stream")).await?;
        screen.wait_for(b"event: hello").await?;
        screens.push(screen);
    }
    let meter = Meter::start(bench.environment, bench.server);
    LocalSet::new()
        .run_until(async {
            let mut readers = Vec::new();
            for mut stream in screens {
                let (due, latencies) = (due.clone(), latencies.clone());
                readers.push(tokio::task::spawn_local(async move {
                    for _ in 0..messages {
                        let n: usize = stream.number_after(b"\"text\":\"to-all-").await?;
                        let at = due.borrow()[n];
                        latencies.borrow_mut().push(at.elapsed());
                    }
                    Ok::<(), Failure>(())
                }));
            }
            let path = format!("{}/conversations/{}/messages", visitor.path, visitor.conversation);
            let mut moments = moments(rate, messages);
            for n in 0..messages {
                let at = moments.recv().await.ok_or("the clock stopped")?;
                due.borrow_mut().push(at);
                client.json(&visitor.requests.send("POST", &path, &json!({ "text": format!("to-all-{n}. Is it on its way?") }))).await?;
            }
            for task in readers {
                task.await??;
            }
            Ok::<(), Failure>(())
        })
        .await?;
    let figures = meter.stop(&bench.title, &latencies.take());
    Ok(Figures { per_second: Some(f64::from(rate)), ..figures })
}

/// Many open widgets: each with a session and a stream. Latencies are of opening a stream; memory is of the server that holds them all.
pub async fn streams(bench: &Bench<'_>) -> Result<Figures, Failure> {
    let key = widget(bench).await?;
    let many = bench.variant.clients;
    let visitors = Rc::new(RefCell::new(Vec::new()));
    let latencies: Rc<RefCell<Vec<Duration>>> = Rc::default();
    let open: Rc<RefCell<Vec<Client>>> = Rc::default();
    let local = LocalSet::new();
    local
        .run_until(async {
            let mut client = bench.client().await?;
            for _ in 0..many {
                let visitor = Visitor::open(&mut client, &key).await?;
                visitors.borrow_mut().push(visitor.stream());
            }
            Ok::<(), Failure>(())
        })
        .await?;
    let before = process::pss_mb(bench.server.pid());
    let meter = Meter::start(bench.environment, bench.server);
    local
        .run_until(async {
            let mut tasks = Vec::new();
            for _ in 0..64 {
                let (visitors, latencies, open, to) = (visitors.clone(), latencies.clone(), open.clone(), bench.server.http);
                tasks.push(tokio::task::spawn_local(async move {
                    loop {
                        let Some(request) = visitors.borrow_mut().pop() else { return Ok::<(), Failure>(()) };
                        let begun = Instant::now();
                        let mut client = Client::connect(to).await?;
                        client.open_stream(&request).await?;
                        client.wait_for(b"event: hello").await?;
                        latencies.borrow_mut().push(begun.elapsed());
                        client.shrink();
                        open.borrow_mut().push(client);
                    }
                }));
            }
            for task in tasks {
                task.await??;
            }
            Ok::<(), Failure>(())
        })
        .await?;
    let figures = meter.stop(&bench.title, &latencies.take());
    let each = (process::pss_mb(bench.server.pid()) - before) * 1024.0 / many as f64;
    Ok(Figures { name: format!("{}, {each:.1} KiB each", bench.title), ..figures })
}
