//! Goes through the scenarios asked for.

use crate::environment::Environment;
use crate::measure::{Figures, medians};
use crate::{Failure, Options, report, scenario};

const ALL: [&str; 17] = [
    "start", "idle", "inbox", "open", "search", "views", "create", "reply", "events", "live", "bulk", "ingest", "chat", "room", "streams", "storm",
    "restart",
];

/// Runs everything that the options ask for, and prints it.
pub async fn run(options: &Options) -> Result<(), Failure> {
    let mut wanted: Vec<&str> = options.scenarios.iter().map(String::as_str).collect();
    if wanted.contains(&"all") {
        wanted = ALL.to_vec();
    }
    if let Some(unknown) = wanted.iter().find(|w| !ALL.contains(w) && **w != "data") {
        return Err(format!("there is no scenario {unknown}: {} or all", ALL.join(", ")).into());
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned();
    let environment = Environment::prepare(options).await?;
    eprintln!("data ready in {} ({:.0} s)", environment.folder().display(), environment.load_seconds);
    let mut figures = Vec::new();
    for name in wanted.into_iter().filter(|w| *w != "data") {
        for variant in variants(options, name) {
            eprintln!("{} …", variant.title(name));
            let mut repetitions: Vec<Figures> = Vec::new();
            for _ in 0..options.repetitions.max(1) {
                repetitions.push(scenario::once(options, &environment, name, variant).await?);
            }
            figures.push(medians(&repetitions));
        }
    }
    report::print(options, environment.load_seconds, &load, &figures)
}

/// One way to run a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    /// Clients or connections at once.
    pub clients: usize,
    /// Fixed number of operations; none for a length of time.
    pub operations: Option<usize>,
    /// What is looked for, in a search.
    pub sought: &'static str,
}

/// What the searches look for.
pub const SOUGHT: [&str; 12] = [
    "rare word",
    "rare word, newest",
    "common word",
    "two words",
    "Korean word",
    "prefix",
    "phrase",
    "word and filter",
    "customer",
    "punctuation",
    "10,000 characters",
    "list by a typed word",
];

impl Variant {
    /// How it is called in the table.
    pub fn title(self, name: &str) -> String {
        match (name, self.operations) {
            ("start" | "idle" | "bulk", _) => name.to_owned(),
            ("live", _) => format!("live, {} screens, {} events a second", self.clients, crate::live::RATE),
            ("chat", _) => format!("chat, {} pairs, {} messages a second", self.clients, crate::chat::RATE),
            ("room", Some(rate)) => format!("room, {} screens, {rate} messages a second", self.clients),
            ("storm", _) => format!("storm, {} widgets come back after a kill", self.clients),
            ("restart", _) => format!("restart, {} chats through a kill", self.clients),
            ("streams", _) => format!("streams, {} widgets open", self.clients),
            ("search", _) => format!("search: {}, {} at once", self.sought, self.clients),
            (_, Some(n)) => format!("{name}, {n} mails, {} at once", self.clients),
            _ => format!("{name}, {} at once", self.clients),
        }
    }
}

fn variants(options: &Options, name: &str) -> Vec<Variant> {
    let clients = |n: &[usize]| n.iter().map(|n| Variant { clients: *n, operations: None, sought: "" }).collect();
    match name {
        "create" => clients(&[1, 8]),
        "live" => clients(&[50]),
        "chat" => clients(&[100]),
        "room" => [10, 50].map(|rate| Variant { clients: 100, operations: Some(rate), sought: "" }).to_vec(),
        "streams" | "storm" => clients(&[options.streams]),
        "restart" => clients(&[1_000]),
        "ingest" => options.mails.iter().flat_map(|n| [1, 4].map(|c| Variant { clients: c, operations: Some(*n), sought: "" })).collect(),
        "search" => SOUGHT.map(|sought| Variant { clients: 4, operations: None, sought }).to_vec(),
        "start" | "idle" | "events" | "bulk" => clients(&[1]),
        _ => clients(&[4]),
    }
}
