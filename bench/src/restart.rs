//! The server loses its life in the middle of chats, and comes back: what that costs, and that it costs nobody a word.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::LocalSet;

use crate::chat::{Visitor, widget};
use crate::client::{Client, Requests};
use crate::environment::{Environment, Server};
use crate::measure::{Figures, Meter};
use crate::run::Variant;
use crate::scenario::Bench;
use crate::{Failure, Options};

/// Messages that each side of a chat says while the server comes and goes.
const WORDS: usize = 4;
/// Agents who take chats, and how many each takes.
const AGENTS: usize = 10;
const ROOM: usize = 80;
/// Nothing takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// One repetition of `storm` (open widgets that all come back at once) or `restart` (chats in which both sides write all the while).
/// Latencies are of the streams: from the moment that the new server is ready until each is back.
pub async fn once(options: &Options, environment: &Environment, name: &str, variant: Variant, title: String) -> Result<Figures, Failure> {
    let first = environment.serve().await?;
    let bench = Bench::new(options, environment, &first, variant, &title);
    let key = widget(&bench).await?;
    let mut visitors = Vec::with_capacity(variant.clients);
    let mut client = bench.client().await?;
    for _ in 0..variant.clients {
        visitors.push(Visitor::open(&mut client, &key).await?);
    }
    match name {
        "storm" => storm(environment, first, visitors, &title).await,
        _ => chats(environment, first, visitors, &title).await,
    }
}

/// Opens all streams, 64 at a time; each one's time from `since`.
async fn open_all(server: &Server, visitors: &[Visitor], since: Option<Instant>) -> Result<(Vec<Client>, Vec<Duration>), Failure> {
    let requests: Rc<RefCell<Vec<Vec<u8>>>> = Rc::new(RefCell::new(visitors.iter().map(Visitor::stream).collect()));
    let open: Rc<RefCell<Vec<(Client, Duration)>>> = Rc::default();
    let http = server.http;
    LocalSet::new()
        .run_until(async {
            let mut tasks = Vec::new();
            for _ in 0..64 {
                let (requests, open) = (requests.clone(), open.clone());
                tasks.push(tokio::task::spawn_local(async move {
                    loop {
                        let Some(request) = requests.borrow_mut().pop() else { return Ok::<(), Failure>(()) };
                        let begun = since.unwrap_or_else(Instant::now);
                        let mut client = Client::connect(http).await?;
                        client.open_stream(&request).await?;
                        client.wait_for(b"event: hello").await?;
                        client.shrink();
                        open.borrow_mut().push((client, begun.elapsed()));
                    }
                }));
            }
            for task in tasks {
                task.await??;
            }
            Ok::<(), Failure>(())
        })
        .await?;
    Ok(open.take().into_iter().unzip())
}

async fn storm(environment: &Environment, first: Server, visitors: Vec<Visitor>, title: &str) -> Result<Figures, Failure> {
    let (streams, _) = open_all(&first, &visitors, None).await?;
    first.kill()?;
    drop(streams);
    let second = environment.serve().await?;
    let meter = Meter::start(environment, &second);
    let (streams, latencies) = open_all(&second, &visitors, Some(Instant::now())).await?;
    let figures = meter.stop(title, &latencies);
    drop(streams);
    Ok(figures)
}

/// What both sides of the chats know of the server, and what came of their words.
struct Floor {
    /// Where the server is; nowhere while it is dead.
    at: Cell<Option<std::net::SocketAddr>>,
    ready: Cell<Instant>,
    back: RefCell<Vec<Duration>>,
    /// Frames of agents' words, by chat and word.
    heard: RefCell<HashMap<(usize, usize), HashSet<String>>>,
    sent: Cell<usize>,
    over: Cell<bool>,
}

impl Floor {
    async fn address(&self) -> std::net::SocketAddr {
        loop {
            if let Some(at) = self.at.get() {
                return at;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn chats(environment: &Environment, first: Server, mut visitors: Vec<Visitor>, title: &str) -> Result<Figures, Failure> {
    let agents = environment.agents(AGENTS)?;
    let mut client = Client::connect(first.http).await?;
    let owner = environment.owner();
    client.json(&owner.send("PUT", "/availability-settings", &json!({ "grace_seconds": 3_600, "idle_minutes": null, "reasons": [] }))).await?;
    for agent in &agents {
        let me = client.json(&agent.send("PUT", "/availability/me", &json!({ "state": "online" }))).await?;
        let id = me["availability"]["agent_id"].as_str().ok_or("no agent")?;
        let work = json!({ "capacity": { "total": ROOM, "chat": ROOM, "mail": 1 }, "skill_ids": [] });
        client.json(&owner.send("PUT", &format!("/agents/{id}/work"), &work)).await?;
    }
    let filter = json!({ "field": "channel", "operator": "is_any_of", "value": ["chat"] });
    let queue = json!({ "name": format!("Chats {}", first.pid()), "filter": filter, "rule": { "return_when_gone": false, "silent_minutes": 600 } });
    client.json(&owner.send("POST", "/queues", &queue)).await?;
    for (n, visitor) in visitors.iter_mut().enumerate() {
        let path = format!("{}/conversations", visitor.path);
        let begun = client.json(&visitor.requests.send("POST", &path, &json!({ "text": format!("Hello, this is number {n}.") }))).await?;
        begun["conversation"]["id"].as_str().unwrap_or_default().clone_into(&mut visitor.conversation);
    }
    drop(client);
    let many = visitors.len();
    let floor = Rc::new(Floor {
        at: Cell::new(Some(first.http)),
        ready: Cell::new(Instant::now()),
        back: RefCell::default(),
        heard: RefCell::default(),
        sent: Cell::new(0),
        over: Cell::new(false),
    });
    let (visitors, agent) = (Rc::new(visitors), Rc::new(environment.agent.clone()));
    let second = LocalSet::new()
        .run_until(async {
            let mut tasks = Vec::new();
            for chat in 0..many {
                tasks.push(tokio::task::spawn_local(listen(floor.clone(), visitors.clone(), chat)));
                for side in [Side::Visitor, Side::Agent] {
                    tasks.push(tokio::task::spawn_local(speak(floor.clone(), visitors.clone(), agent.clone(), chat, side)));
                }
            }
            // In the middle of it.
            while floor.sent.get() < many * WORDS / 2 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            floor.at.set(None);
            first.kill()?;
            let second = environment.serve().await?;
            floor.back.borrow_mut().clear();
            floor.ready.set(Instant::now());
            floor.at.set(Some(second.http));
            let meter = Meter::start(environment, &second);
            let deadline = Instant::now() + PATIENCE;
            let all = |floor: &Floor| floor.sent.get() == many * WORDS * 2 && floor.heard.borrow().len() == many * WORDS;
            while !all(&floor) && Instant::now() < deadline {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            floor.over.set(true);
            let figures = meter.stop(title, &floor.back.borrow());
            for task in tasks {
                task.abort();
            }
            Ok::<_, Failure>((second, figures))
        })
        .await;
    let (second, figures) = second?;
    let heard = floor.heard.take();
    let unheard = many * WORDS - heard.len();
    let twice = heard.values().filter(|ids| ids.len() > 1).count();
    let store = environment.open().await?;
    let mut conn = store.read().await?;
    let mut count = async |sql: String| Ok::<i64, Failure>(conn.fetch_built(sql, Vec::new()).await?.first().ok_or("no count")?.int("n")?);
    let like = format!("word % of the %, {}.", std::process::id());
    let stored = count(format!("SELECT COUNT(*) AS n FROM message WHERE text LIKE '{like}'")).await?;
    let distinct =
        count(format!("SELECT COUNT(*) AS n FROM (SELECT DISTINCT conversation_id, text FROM message WHERE text LIKE '{like}') x")).await?;
    let double = "SELECT COUNT(*) AS n FROM (SELECT conversation_id FROM event WHERE kind = 'conversation.assigned' GROUP BY conversation_id HAVING COUNT(*) > 1) x";
    let double = count(double.to_owned()).await?;
    let over = format!(
        "SELECT COUNT(*) AS n FROM (SELECT agent_id FROM routing WHERE stage <> 'ended' AND agent_id IN (SELECT id FROM agent WHERE name LIKE 'Agent %') GROUP BY agent_id HAVING COUNT(*) > {ROOM}) x"
    );
    let over = count(over).await?;
    drop(second);
    let lost = (many * WORDS * 2) as i64 - distinct;
    let name = format!(
        "{title}: {lost} words lost, {} stored twice, {unheard} not heard, {twice} heard twice, {double} chats assigned twice, {over} agents over capacity",
        stored - distinct
    );
    Ok(Figures { name, ..figures })
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Visitor,
    Agent,
}

/// Says its words one after the other, each with its key, until the server has it.
async fn speak(floor: Rc<Floor>, visitors: Rc<Vec<Visitor>>, agent: Rc<Requests>, chat: usize, side: Side) {
    let visitor = &visitors[chat];
    let pid_of_run = &visitor.conversation;
    for n in 0..WORDS {
        let who = if side == Side::Visitor { "visitor" } else { "agent" };
        let text = json!({ "text": format!("word {n} of the {who}, {}.", std::process::id()) });
        let key = format!("{pid_of_run}-{who}-{n}");
        let request = match side {
            Side::Visitor => {
                let path = format!("{}/conversations/{}/messages", visitor.path, visitor.conversation);
                visitor.requests.once(&path, &text, &key)
            }
            Side::Agent => agent.once(&format!("/conversations/{}/replies", visitor.conversation), &text, &key),
        };
        loop {
            let at = floor.address().await;
            let said = async {
                let mut client = Client::connect(at).await?;
                client.json(&request).await
            };
            if tokio::time::timeout(Duration::from_secs(20), said).await.is_ok_and(|answer| answer.is_ok()) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        floor.sent.set(floor.sent.get() + 1);
    }
}

/// Follows a chat's stream, across the death of the server, from the last frame that was seen.
async fn listen(floor: Rc<Floor>, visitors: Rc<Vec<Visitor>>, chat: usize) {
    let visitor = &visitors[chat];
    let mut cursor = visitor.cursor.clone();
    while !floor.over.get() {
        let at = floor.address().await;
        let followed: Result<(), Failure> = async {
            let mut client = Client::connect(at).await?;
            client.open_stream(&visitor.requests.get(&format!("{}/stream?after={cursor}", visitor.path))).await?;
            loop {
                let frame = client.frame().await?;
                if frame.contains("event: hello") {
                    floor.back.borrow_mut().push(floor.ready.get().elapsed());
                }
                if let Some(id) = frame.lines().find_map(|l| l.strip_prefix("id: ")) {
                    id.clone_into(&mut cursor);
                }
                for n in 0..WORDS {
                    if frame.contains("\"kind\":\"message\"") && frame.contains(&format!("\"text\":\"word {n} of the agent, ")) {
                        let id = frame.split("\"message\":{\"id\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
                        floor.heard.borrow_mut().entry((chat, n)).or_default().insert(id.to_owned());
                    }
                }
            }
        }
        .await;
        if followed.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
