//! The workloads.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::LocalSet;

use crate::client::{Client, Requests};
use crate::data::{self, CUSTOMERS};
use crate::environment::{ADDRESS, Environment, Server};
use crate::live;
use crate::measure::{Figures, Meter};
use crate::run::Variant;
use crate::sink::Lmtp;
use crate::text::{Dice, line, planted, words};
use crate::{Failure, Options, chat, process, restart};

/// One repetition of a scenario.
pub async fn once(options: &Options, environment: &Environment, name: &str, variant: Variant) -> Result<Figures, Failure> {
    let title = variant.title(name);
    if matches!(name, "storm" | "restart") {
        return restart::once(options, environment, name, variant, title).await;
    }
    let server = environment.serve().await?;
    let bench = Bench { options, environment, server: &server, variant, title };
    match name {
        "start" => Ok(Figures { name: bench.title, operations: 1, p50: Some(server.start_ms), ..Figures::default() }),
        "idle" => bench.idle().await,
        "inbox" => bench.inbox().await,
        "open" => bench.open().await,
        "search" => bench.search().await,
        "views" => bench.views().await,
        "bulk" => bench.bulk().await,
        "create" => bench.create().await,
        "reply" => bench.reply().await,
        "events" => bench.events().await,
        "live" => live::screens(&bench).await,
        "chat" => chat::pairs(&bench).await,
        "room" => chat::room(&bench).await,
        "streams" => chat::streams(&bench).await,
        _ => bench.ingest().await,
    }
}

/// One repetition, and what it needs.
pub struct Bench<'a> {
    options: &'a Options,
    pub(crate) environment: &'a Environment,
    pub(crate) server: &'a Server,
    pub(crate) variant: Variant,
    pub(crate) title: String,
}

/// The requests of one operation, in turn.
type Operation = Vec<Vec<u8>>;

impl<'a> Bench<'a> {
    pub(crate) fn new(options: &'a Options, environment: &'a Environment, server: &'a Server, variant: Variant, title: &str) -> Self {
        Self { options, environment, server, variant, title: title.to_owned() }
    }
}

impl Bench<'_> {
    pub(crate) fn requests(&self) -> &Requests {
        &self.environment.agent
    }

    pub(crate) async fn client(&self) -> Result<Client, Failure> {
        Client::connect(self.server.http).await
    }

    /// Clients that each send the next operation as soon as the last is answered.
    async fn closed_loop(&self, length: Duration, make: impl Fn(usize) -> Operation + 'static) -> Result<Vec<Duration>, Failure> {
        let latencies = Rc::new(RefCell::new(Vec::new()));
        let next = Rc::new(RefCell::new(0_usize));
        let make = Rc::new(make);
        let deadline = Instant::now() + length;
        let local = LocalSet::new();
        let mut clients = Vec::new();
        for _ in 0..self.variant.clients {
            let mut client = self.client().await?;
            let (latencies, next, make) = (latencies.clone(), next.clone(), make.clone());
            clients.push(local.spawn_local(async move {
                while Instant::now() < deadline {
                    let n = next.replace_with(|n| *n + 1);
                    let operation = make(n);
                    let begun = Instant::now();
                    for request in &operation {
                        let (status, body) = client.call(request).await?;
                        if !(200..300).contains(&status) {
                            return Err::<(), Failure>(format!("{status}: {}", String::from_utf8_lossy(body)).into());
                        }
                    }
                    latencies.borrow_mut().push(begun.elapsed());
                }
                Ok(())
            }));
        }
        local
            .run_until(async {
                for client in clients {
                    client.await??;
                }
                Ok::<(), Failure>(())
            })
            .await?;
        Ok(latencies.take())
    }

    pub(crate) fn length(&self) -> Duration {
        Duration::from_secs(self.options.seconds)
    }

    async fn timed(&self, make: impl Fn(usize) -> Operation + Clone + 'static) -> Result<Figures, Failure> {
        self.closed_loop(Duration::from_millis(500), make.clone()).await?;
        let meter = Meter::start(self.environment, self.server);
        let latencies = self.closed_loop(self.length(), make).await?;
        Ok(meter.stop(&self.title, &latencies))
    }

    async fn idle(&self) -> Result<Figures, Failure> {
        tokio::time::sleep(Duration::from_secs(5)).await;
        let pid = self.server.pid();
        Ok(Figures {
            name: self.title.clone(),
            operations: 1,
            shared_memory: Some(process::pss_mb(pid)),
            peak_memory: Some(process::peak_mb(pid)),
            ..Figures::default()
        })
    }

    async fn inbox(&self) -> Result<Figures, Failure> {
        let request = self.requests().get("/conversations?view=all_open&limit=50");
        let page = self.client().await?.json(&request).await?;
        let rows = page["items"].as_array().map_or(0, Vec::len);
        if rows != 50 {
            return Err(format!("the page has {rows} rows, not 50").into());
        }
        self.timed(move |_| vec![request.clone()]).await
    }

    async fn open(&self) -> Result<Figures, Failure> {
        let mut client = self.client().await?;
        let long: Vec<String> = self.find(&mut client, data::LONG, |c| c["message_count"].as_i64() >= Some(50)).await?;
        let requests = self.requests().clone();
        self.timed(move |n| {
            let id = &long[n % long.len()];
            vec![requests.get(&format!("/conversations/{id}")), requests.get(&format!("/conversations/{id}/timeline?limit=50"))]
        })
        .await
    }

    /// The newest open conversations that fit.
    async fn find(&self, client: &mut Client, most: usize, fits: impl Fn(&Value) -> bool) -> Result<Vec<String>, Failure> {
        let mut found = Vec::new();
        let mut cursor = String::new();
        for _ in 0..2_000 {
            let page = client.json(&self.requests().get(&format!("/conversations?view=all_open&limit=100{cursor}"))).await?;
            let items = page["items"].as_array().cloned().unwrap_or_default();
            found.extend(items.iter().filter(|c| fits(c)).filter_map(|c| c["id"].as_str().map(str::to_owned)));
            match page["next"].as_str() {
                Some(next) if found.len() < most => cursor = format!("&cursor={next}"),
                _ => break,
            }
        }
        found.truncate(most);
        if found.is_empty() { Err("there are no such conversations: choose --size small or million".into()) } else { Ok(found) }
    }

    async fn search(&self) -> Result<Figures, Failure> {
        let requests = self.requests().clone();
        if self.variant.sought.starts_with("rare") {
            for n in [0, 399] {
                let page = self.client().await?.json(&requests.get(&format!("/search?q={}&limit=50", planted(n)))).await?;
                let hits = page["items"].as_array().map_or(0, Vec::len);
                if hits != 50 {
                    return Err(format!("{} was found in {hits} conversations, not 50", planted(n)).into());
                }
            }
        }
        let sought = self.variant.sought;
        self.timed(move |n| vec![requests.get(&looked_for(sought, n * 7))]).await
    }

    /// The counts of 20 saved views.
    async fn views(&self) -> Result<Figures, Failure> {
        let mut client = self.client().await?;
        let requests = self.requests().clone();
        let known = client.json(&requests.get("/views")).await?;
        for n in known["items"].as_array().map_or(0, Vec::len)..20 {
            client.json(&requests.send("POST", "/views", &view(n))).await?;
        }
        let request = requests.get("/view-counts");
        self.timed(move |_| vec![request.clone()]).await
    }

    /// 10,000 conversations get a priority, as one bulk action; timed until the last one has it.
    async fn bulk(&self) -> Result<Figures, Failure> {
        let mut client = self.client().await?;
        let requests = self.requests().clone();
        let counted = client.json(&requests.get("/conversations?q=number:%3C10001&limit=1")).await?;
        let first = counted["items"][0]["priority"].as_str().unwrap_or_default();
        let next = if first == "high" { "low" } else { "high" };
        let filter = json!({ "field": "number", "operator": "less_than", "value": 10_001 });
        let begun = Instant::now();
        let meter = Meter::start(self.environment, self.server);
        let form = json!({ "filter": filter, "actions": [{ "kind": "set_priority", "priority": next }] });
        let made = client.json(&requests.send("POST", "/bulk-actions", &form)).await?;
        let path = format!("/bulk-actions/{}", made["id"].as_str().unwrap_or_default());
        loop {
            let now = client.json(&requests.get(&path)).await?;
            if now["state"] == "done" {
                let figures = meter.stop(&self.title, &[begun.elapsed()]);
                let changed = now["changed"].as_f64().unwrap_or_default();
                let each = |ms: Option<f64>| ms.map(|ms| ms / changed.max(1.0));
                let name = format!("bulk, {changed} conversations");
                let per_second = Some(changed / begun.elapsed().as_secs_f64());
                return Ok(Figures { name, per_second, app_cpu: each(figures.app_cpu), database_cpu: each(figures.database_cpu), ..figures });
            }
            if begun.elapsed() > Duration::from_secs(600) {
                return Err(format!("the bulk action did not end: {now}").into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) fn new_conversation(requests: &Requests, inbox: &str, n: usize) -> Vec<u8> {
        let mut dice = Dice::new(n as u64 ^ 0x00ab_cdef);
        let customer = dice.below(CUSTOMERS);
        let body = json!({
            "inbox_id": inbox, "customer": { "email": format!("customer{customer:03}@customers.example") },
            "subject": line(&mut dice, 6), "text": words(&mut dice, 80), "direction": "incoming",
        });
        requests.send("POST", "/conversations", &body)
    }

    async fn create(&self) -> Result<Figures, Failure> {
        let (requests, inbox) = (self.requests().clone(), self.environment.inbox.clone());
        self.timed(move |n| vec![Self::new_conversation(&requests, &inbox, n)]).await
    }

    async fn reply(&self) -> Result<Figures, Failure> {
        let mut client = self.client().await?;
        let ids = self.find(&mut client, 1_000, |_| true).await?;
        let requests = self.requests().clone();
        let sink = &self.environment.sink;
        let before = sink.taken();
        let meter = Meter::start(self.environment, self.server);
        let latencies = self
            .closed_loop(self.length(), move |n| {
                let text = words(&mut Dice::new(n as u64 ^ 0x5e1f), 60);
                vec![requests.send("POST", &format!("/conversations/{}/replies", ids[n % ids.len()]), &json!({ "text": text }))]
            })
            .await?;
        let deadline = Instant::now() + Duration::from_secs(120);
        while sink.taken() < before + latencies.len() {
            if Instant::now() > deadline {
                return Err(format!("only {} of {} replies reached the sink", sink.taken() - before, latencies.len()).into());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(meter.stop(&self.title, &latencies))
    }

    async fn events(&self) -> Result<Figures, Failure> {
        let mut reader = self.client().await?;
        reader.open_stream(&self.environment.agent.get("/stream")).await?;
        reader.wait_for(b"event: hello").await?;
        let mut writer = self.client().await?;
        let mut latencies = Vec::new();
        let meter = Meter::start(self.environment, self.server);
        let deadline = Instant::now() + self.length();
        let mut n = 0;
        while Instant::now() < deadline {
            let request = Self::new_conversation(self.requests(), &self.environment.inbox, n);
            n += 1;
            let begun = Instant::now();
            let (answer, seen) = tokio::join!(writer.json(&request), reader.wait_for(br#""kind":"message.received""#));
            seen?;
            latencies.push(begun.elapsed());
            answer?;
        }
        Ok(meter.stop(&self.title, &latencies))
    }

    async fn total(&self, client: &mut Client) -> Result<i64, Failure> {
        let counts = client.json(&self.requests().get("/conversation-counts")).await?;
        Ok(counts["all_open"].as_i64().unwrap_or_default())
    }

    async fn ingest(&self) -> Result<Figures, Failure> {
        let mails = self.variant.operations.unwrap_or(500);
        let run = free_run();
        let mut client = self.client().await?;
        let before = self.total(&mut client).await?;
        let mut connections = Vec::new();
        for _ in 0..self.variant.clients {
            connections.push(Lmtp::connect(self.server.lmtp).await?);
        }
        let made: Rc<Vec<(String, String)>> = Rc::new((0..mails).map(|n| mail(n, run)).collect());
        let meter = Meter::start(self.environment, self.server);
        let latencies = Rc::new(RefCell::new(Vec::new()));
        let next = Rc::new(RefCell::new(0_usize));
        let local = LocalSet::new();
        let mut senders = Vec::new();
        for mut connection in connections {
            let (latencies, next, made) = (latencies.clone(), next.clone(), made.clone());
            senders.push(local.spawn_local(async move {
                while let Some((from, mail)) = made.get(next.replace_with(|n| *n + 1)) {
                    let begun = Instant::now();
                    connection.deliver(from, ADDRESS, mail).await?;
                    latencies.borrow_mut().push(begun.elapsed());
                }
                Ok::<(), Failure>(())
            }));
        }
        local
            .run_until(async {
                for sender in senders {
                    sender.await??;
                }
                Ok::<(), Failure>(())
            })
            .await?;
        let deadline = Instant::now() + Duration::from_secs(600);
        while self.total(&mut client).await? < before + mails as i64 {
            if Instant::now() > deadline {
                return Err("not all mails became conversations within 10 minutes".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(meter.stop(&self.title, &latencies.take()))
    }
}

/// A search's path; `n` varies it.
fn looked_for(sought: &str, n: usize) -> String {
    let one = |list: &[&str]| list[n % list.len()].to_owned();
    let encoded = |text: String| text.bytes().map(|b| format!("%{b:02X}")).collect::<Vec<_>>().concat();
    let best = |text: String| format!("/search?q={}&limit=50", encoded(text));
    match sought {
        "rare word" => best(planted(n)),
        "rare word, newest" => format!("/search?q={}&limit=50&sort=newest", planted(n)),
        "common word" => best(one(&["order ", "parcel ", "delivery ", "refund "])),
        "two words" => best(one(&["order refund ", "invoice address ", "waiting parcel ", "bartononly order "])),
        "Korean word" => best(one(&["환불을 ", "배송 ", "영수증이 ", "주문 취소 "])),
        "prefix" => best(one(&["or", "ord", "par", "b", "quin", "zq0", "환", "배소"])),
        "phrase" => best(one(&["\"order refund\"", "\"please help\"", "\"parcel not arrived\""])),
        "word and filter" => best(one(&["is:open refund", "assignee:me order", "is:unassigned \"my order\"", "is:resolved 환불"])),
        "customer" => format!("/search?q={}&limit=10&customers=6", encoded(one(&["customer0", "customer123@customers.example", "bar", "ost"]))),
        "punctuation" => best("!!! ??? … *".to_owned()),
        "10,000 characters" => format!("/search?q={}&limit=50", "order+refund+".repeat(770)),
        _ => format!("/conversations?q={}&limit=50", encoded(one(&["order", &planted(n), "bartam", "\"order refund\"", "is:open quinawen"]))),
    }
}

/// One of 20 views such as teams keep.
fn view(n: usize) -> Value {
    let is = |field: &str, operator: &str, value: Value| json!({ "field": field, "operator": operator, "value": value });
    let set = |field: &str, operator: &str| json!({ "field": field, "operator": operator });
    let open = is("status", "is_any_of", json!(["open"]));
    let filter = match n % 10 {
        0 => json!({ "all": [open, is("assignee", "is_any_of", json!(["me"]))] }),
        1 => json!({ "all": [open, set("assignee", "is_not_set")] }),
        2 => json!({ "all": [open, is("last_activity", "after", json!("-7d"))] }),
        3 => json!({ "all": [open, is("unread", "is", json!(true))] }),
        4 => json!({ "all": [open, is("message_count", "more_than", json!(10))] }),
        5 => json!({ "all": [is("status", "is_any_of", json!(["resolved"])), is("created", "after", json!("-30d"))] }),
        6 => json!({ "all": [open, is("text", "contains", json!(planted(n)))] }),
        7 => json!({ "all": [open, is("text", "contains", json!("refund"))] }),
        8 => json!({ "all": [open, is("priority", "is_any_of", json!(["urgent"]))] }),
        _ => {
            json!({ "any": [is("participant", "is_any_of", json!(["customer001@customers.example"])), is("priority", "is_any_of", json!(["high"]))] })
        }
    };
    json!({ "name": format!("View {n}"), "audience": { "kind": "personal" }, "filter": filter })
}

/// Tells the Message-IDs of runs apart.
#[expect(clippy::disallowed_methods, reason = "any number that differs from run to run will do")]
fn free_run() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos())
}

fn mail(n: usize, run: u128) -> (String, String) {
    let mut dice = Dice::new(n as u64 ^ 0x6d61_696c);
    let customer = dice.below(CUSTOMERS);
    let from = format!("customer{customer:03}@customers.example");
    let subject = line(&mut dice, 6);
    let body = words(&mut dice, 80).replace('\n', "\r\n");
    let mail = format!(
        "From: Customer {customer} <{from}>\r\nTo: {ADDRESS}\r\nSubject: {subject}\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n\
         Message-ID: <{run}.{n}@customers.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    );
    (from, mail)
}
