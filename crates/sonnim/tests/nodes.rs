//! Nodes on PostgreSQL under load: the database crashes and comes back, a node is told to stop. What was acknowledged is there
//! afterwards, exactly once, and streams go on without a gap.
#![allow(clippy::unwrap_used)]

mod cluster;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cluster::{Node, Place, Postgres, deliver, mail, post, request, until};
use serde_json::{Value, json};

const KEY: (&str, &str) = ("SONNIM_SECRET_KEY", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");

/// Clients that write to a node until told to stop, and remember what it acknowledged.
struct Load {
    acknowledged: Arc<Mutex<HashSet<String>>>,
    refused: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    clients: Vec<std::thread::JoinHandle<()>>,
}

impl Load {
    fn start(node: &Node, token: &str, inbox: &str) -> Self {
        let mut load = Self { acknowledged: Arc::default(), refused: Arc::default(), over: Arc::default(), clients: Vec::new() };
        for client in 0..2 {
            load.client(format!("api {client}"), api(node.web, token, inbox));
            load.client(format!("mail {client}"), lmtp(node.lmtp));
        }
        load
    }

    /// Writes one thing after the other. What was not acknowledged is tried again, as mail servers and clients with an
    /// idempotency key do.
    fn client(&mut self, name: String, write: impl Fn(&str) -> bool + Send + 'static) {
        let (acknowledged, refused, over) = (self.acknowledged.clone(), self.refused.clone(), self.over.clone());
        self.clients.push(std::thread::spawn(move || {
            for n in 0.. {
                let subject = format!("{name} number {n} ends");
                while !write(&subject) {
                    refused.fetch_add(1, Ordering::SeqCst);
                    if over.load(Ordering::SeqCst) {
                        return;
                    }
                    std::thread::sleep(Duration::from_millis(100));
                }
                acknowledged.lock().unwrap().insert(subject);
                if over.load(Ordering::SeqCst) {
                    return;
                }
            }
        }));
    }

    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    fn end(self) -> HashSet<String> {
        self.over.store(true, Ordering::SeqCst);
        for client in self.clients {
            client.join().unwrap();
        }
        Arc::try_unwrap(self.acknowledged).unwrap().into_inner().unwrap()
    }
}

fn api(web: SocketAddr, token: &str, inbox: &str) -> impl Fn(&str) -> bool + Send + 'static {
    let (token, inbox) = (token.to_owned(), inbox.to_owned());
    move |subject| {
        let customer = json!({"email": format!("{}@shop.example", subject.replace(' ', "-")), "name": "Mina Park"});
        let form = json!({"inbox_id": inbox, "customer": customer, "subject": subject, "text": "Hello", "direction": "incoming"});
        match post(web, &token, "/api/v1/conversations", &form, subject) {
            Ok(answer) if answer.status == 201 => true,
            // Nobody knows how the first request with this key ended: look, as the answer says, before it is sent afresh.
            Ok(answer) if answer.status == 409 => {
                assert_eq!(answer.json()["code"], "in_progress");
                let authorization = format!("Bearer {token}");
                let newest = request(web, "GET", "/api/v1/conversations?view=all&limit=100", &[("authorization", &authorization)], b"");
                match newest {
                    Ok(page) if page.status == 200 => {
                        page.json()["items"].as_array().unwrap().iter().any(|c| c["subject"] == subject)
                            || post(web, &token, "/api/v1/conversations", &form, &format!("{subject} {:?}", Instant::now()))
                                .is_ok_and(|answer| answer.status == 201)
                    }
                    _ => false,
                }
            }
            Ok(answer) => {
                assert_eq!(answer.status, 503, "{}", String::from_utf8_lossy(&answer.body));
                assert!(answer.json()["code"] == "outcome_unknown" || answer.headers.contains_key("retry-after"));
                false
            }
            Err(_) => false,
        }
    }
}

fn lmtp(lmtp: SocketAddr) -> impl Fn(&str) -> bool + Send + 'static {
    move |subject| match deliver(lmtp, &mail(subject, b"")) {
        Ok(250) => true,
        Ok(code) => {
            assert_eq!(code / 100, 4, "never a final no: {code}");
            false
        }
        Err(_) => false,
    }
}

fn inbox(node: &Node, token: &str) -> String {
    node.get(token, "/api/v1/inboxes").json()["items"][0]["id"].as_str().unwrap().to_owned()
}

/// Subjects of new conversations that a stream was told of, in order.
fn told(stream: &cluster::Stream) -> Vec<String> {
    let created = |f: &cluster::Frame| (f.event == "conversation.created").then(|| f.data["conversation"]["subject"].as_str().unwrap().to_owned());
    stream.frames().iter().filter_map(created).collect()
}

/// Everything acknowledged is there, exactly once.
#[track_caller]
fn each_once(node: &Node, token: &str, acknowledged: &HashSet<String>) {
    let mut subjects = Vec::new();
    // A job whose claim was in doubt when the database went away is free again when its lease ends.
    until("everything acknowledged is a conversation", 150, || {
        subjects = node.subjects(token);
        acknowledged.iter().all(|subject| subjects.contains(subject))
    });
    let mut once = HashSet::new();
    let twice: Vec<&String> = subjects.iter().filter(|subject| !once.insert(*subject)).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn a_database_that_crashes_and_comes_back_costs_nothing_that_was_acknowledged() {
    let Some(postgres) = Postgres::start() else { return };
    let url = postgres.database("desk");
    let environment = [("DATABASE_URL", url.as_str()), KEY];
    let (first, second) = (Place::new(&environment), Place::new(&environment));
    let token = first.set_up();
    let (a, b) = (first.start(), second.start());
    let screen = b.stream(&token, "");
    until("the stream is open", 5, || !screen.frames().is_empty());
    let hello = screen.frames()[0].data["cursor"].as_str().unwrap().to_owned();
    let load = Load::start(&a, &token, &inbox(&a, &token));
    until("the load runs", 20, || load.count() >= 40);
    for round in 1..=2 {
        postgres.crash();
        let asked = Instant::now();
        assert_eq!(request(a.web, "GET", "/readyz", &[], b"").unwrap().status, 503);
        assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
        assert_eq!(request(a.web, "GET", "/healthz", &[], b"").unwrap().status, 200);
        let asked = Instant::now();
        let answer = a.get(&token, "/api/v1/conversations");
        assert_eq!(answer.status, 503);
        assert!(asked.elapsed() < Duration::from_secs(8), "{:?}", asked.elapsed());
        postgres.start_again();
        let (back, before) = (Instant::now(), load.count());
        until("both nodes are ready", 10, || [&a, &b].iter().all(|n| request(n.web, "GET", "/readyz", &[], b"").unwrap().status == 200));
        until("the load goes on", 20, || load.count() >= before + 40);
        println!("round {round}: 40 more were acknowledged {:?} after the database was back", back.elapsed());
    }
    assert!(load.refused.load(Ordering::SeqCst) > 0);
    let acknowledged = load.end();
    each_once(&b, &token, &acknowledged);

    // A stream that broke goes on where it was; one that held has everything already.
    let resumed = b.stream(&token, &format!("?after={hello}"));
    let all = a.subjects(&token).len();
    until("the stream tells everything", 30, || told(&resumed).len() == all);
    let cursors: HashSet<String> = resumed.frames().into_iter().filter(|f| f.event == "conversation.created").map(|f| f.id).collect();
    assert_eq!(cursors.len(), all, "each event once");
    if screen.ended().is_none() {
        until("the stream that held has everything", 30, || told(&screen).len() == all);
    }
    // And nodes hear each other at once again, not only by looking every second.
    until("the listeners are back", 15, || {
        let seen = told(&resumed).len();
        let subject = format!("afterwards {seen} ends");
        assert!(api(a.web, &token, &inbox(&a, &token))(&subject));
        std::thread::sleep(Duration::from_millis(300));
        told(&resumed).contains(&subject)
    });
}

#[test]
fn sigterm_under_load_ends_streams_at_once_and_keeps_everything_that_was_acknowledged() {
    let Some(postgres) = Postgres::start() else { return };
    let url = postgres.database("desk");
    let place = Place::new(&[("DATABASE_URL", url.as_str()), KEY]);
    let token = place.set_up();
    let node = place.start();
    let screens: Vec<_> = (0..5).map(|_| node.stream(&token, "")).collect();
    until("the streams are open", 5, || screens.iter().all(|s| !s.frames().is_empty()));
    let load = Load::start(&node, &token, &inbox(&node, &token));
    until("the load runs", 20, || load.count() >= 60);
    let asked = Instant::now();
    let (code, took) = node.stop();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "{took:?}");
    let acknowledged = load.end();
    until("the streams ended", 1, || screens.iter().all(|s| s.ended().is_some()));
    for screen in &screens {
        let after = screen.ended().unwrap() - asked;
        assert!(after < Duration::from_secs(2), "{after:?}");
    }
    println!("stopped after {took:?} with {} acknowledged", acknowledged.len());
    let node = place.start();
    each_once(&node, &token, &acknowledged);
    // The screens resume where they were cut, at whichever node.
    let last = screens[0].frames().iter().rev().find(|f| !f.id.is_empty()).unwrap().id.clone();
    let resumed = node.stream(&token, &format!("?after={last}"));
    let all = node.subjects(&token).len();
    until("what was missed is told", 10, || told(&screens[0]).len() + told(&resumed).len() == all);
    let parked: Value = serde_json::from_slice(&place.run(&["doctor", "--json"], b"").stdout).unwrap();
    assert!(!parked["checks"].as_array().unwrap().iter().any(|c| c["name"] == "jobs" || c["name"] == "mail"), "{parked}");
}
