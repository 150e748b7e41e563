//! How long one decision takes with 1,000 agents and 10,000 conversations that wait. Nothing but the decision: no server.

use std::time::{Duration, Instant};

use model::availability::{Capacity, Load, Medium, Switches};
use model::queue::{LanguageMatch, Rule, Strategy};
use model::routing::{Decision, QueueNow, Snapshot, Waiting, Worker, decide};
use model::{AgentId, ConversationId, Id, InboxId, Inboxes, Priority, QueueId, SkillId, Timestamp};

/// So many agents …
const AGENTS: i64 = 1_000;
/// … and so many that wait.
const WAITING: i64 = 10_000;

fn queues() -> Vec<QueueNow> {
    (1..=20)
        .map(|n| {
            let rule = Rule {
                priority: u8::try_from(n % 9 + 1).unwrap_or(5),
                strategy: Strategy::ALL[usize::try_from(n % 3).unwrap_or(0)],
                language: if n % 4 == 0 { LanguageMatch::Required } else { LanguageMatch::Preferred },
                newcomer_rota: n % 5 == 0,
                ..Rule::default()
            };
            QueueNow { id: QueueId::from_raw(n), rule, closed: None }
        })
        .collect()
}

/// As `busy` says, everybody has room or nobody.
fn snapshot(busy: bool) -> Snapshot {
    let now = Timestamp::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
    let workers = (1..=AGENTS)
        .map(|n| Worker {
            agent: AgentId::from_raw(n),
            takes: Switches::default(),
            capacity: Capacity::default(),
            load: if busy { Load { chat: 4, mail: 8 } } else { Load::default() },
            idle_since: now - Duration::from_secs(n.unsigned_abs() % 600),
            routed_at: None,
            newcomer_at: None,
            skills: (1..=5).filter(|s| n % (s + 1) == 0).map(SkillId::from_raw).collect(),
            queues: (1..=20).filter(|q| n % 20 + 1 == *q || n % 7 == q % 7).map(QueueId::from_raw).collect(),
            inboxes: Inboxes::All,
        })
        .collect();
    let waiting = (1..=WAITING)
        .map(|n| Waiting {
            conversation: ConversationId::from_raw(n),
            queue: QueueId::from_raw(n % 20 + 1),
            priority: Priority::from_i64(n % 4),
            since: now - Duration::from_secs(n.unsigned_abs() % 900),
            entered: now - Duration::from_secs(n.unsigned_abs() % 900),
            inbox: InboxId::from_raw(n % 5 + 1),
            medium: if n % 2 == 0 { Medium::Chat } else { Medium::Mail },
            language: (n % 3 == 0).then(|| SkillId::from_raw(n % 5 + 1)),
            last_agent: (n % 4 == 0).then(|| AgentId::from_raw(n % AGENTS + 1)),
            representative: None,
            newcomer: n % 6 == 0,
            declined: Vec::new(),
            passed_by: None,
            call_at: None,
        })
        .collect();
    Snapshot { now, waiting, workers, queues: queues() }
}

/// Decides again and again, and prints the median and the slowest.
pub fn run(repetitions: usize) {
    for (name, busy) in [("everybody has room", false), ("nobody has room", true)] {
        let snapshot = snapshot(busy);
        let mut times: Vec<Duration> = Vec::new();
        let mut given = 0;
        for _ in 0..repetitions.max(1) * 7 {
            let began = Instant::now();
            let decisions = decide(&snapshot);
            times.push(began.elapsed());
            given = decisions.iter().filter(|d| matches!(d, Decision::Give { .. })).count();
        }
        times.sort();
        let (median, slowest) = (times[times.len() / 2], times[times.len() - 1]);
        println!("routing, {AGENTS} agents, {WAITING} waiting, {name}: {given} given, median {median:.1?}, slowest {slowest:.1?}");
    }
}
