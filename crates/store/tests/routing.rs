//! Availability, skills, queues and ways through them, each on both databases.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod common;

use common::{agent, both, inbox, now, workspace};
use model::availability::{Availability, Because, Capacity, Medium, Settings, State};
use model::conversation::{Channel, Conversation};
use model::filter::Filter;
use model::queue::{Queue, Rule, Skill};
use model::routing::Stage;
use model::{AgentId, ConversationId, CustomerId, InboxId, Priority, QueueId, Role, Status, WorkspaceId};
use store::routing::Entry;
use store::{Dialect, Error, Store, Tx};

struct World {
    store: Store,
    workspace: WorkspaceId,
    agent: AgentId,
    inbox: InboxId,
    customer: CustomerId,
}

async fn world(store: Store, name: &str) -> World {
    let (id, _) = workspace(&store, name).await;
    let agent = agent(&store, id, &format!("mina@{name}.example"), Role::Agent).await.id;
    let mut tx = store.begin(now()).await.unwrap();
    let inbox = inbox(&mut tx, id, &format!("help@{name}.example")).await.id;
    let address = format!("hana@{name}.example").parse().unwrap();
    let customer = store::customer::insert(&mut tx, id, "Hana", Some(&address), None).await.unwrap();
    tx.commit().await.unwrap();
    World { store, workspace: id, agent, inbox, customer }
}

fn after(seconds: i64) -> model::Timestamp {
    now() + jiff::SignedDuration::from_secs(seconds)
}

impl World {
    async fn tx(&self) -> Tx {
        self.store.begin(now()).await.unwrap()
    }

    async fn conversation(&self, tx: &mut Tx, n: i64, assignee: Option<AgentId>, waits: bool) -> ConversationId {
        let mut c = Conversation {
            id: tx.new_id(),
            number: store::conversation::next_number(tx, self.workspace).await.unwrap(),
            version: 1,
            inbox: self.inbox,
            customer: self.customer,
            subject: format!("{n}"),
            channel: Channel::Email,
            status: Status::Open,
            custom_status: None,
            priority: Priority::Normal,
            assignee,
            team: None,
            preview: String::new(),
            message_count: 0,
            reply_token: format!("token{n}{}", self.workspace),
            created_at: now(),
            updated_at: now(),
            last_activity_at: after(n),
            last_customer_at: Some(now()),
            last_reply_at: None,
            waiting_since: waits.then(now),
            due_at: None,
            merged_into: None,
            shelf: None,
            beside: None,
        };
        store::conversation::insert(tx, self.workspace, &mut c).await.unwrap();
        c.id
    }

    fn entry(tx: &Tx, conversation: ConversationId, queue: QueueId) -> Entry {
        Entry {
            id: tx.new_id(),
            conversation,
            queue,
            channel: "email".into(),
            stage: Stage::Waiting,
            since: now(),
            entered_at: now(),
            queued_at: now(),
            agent: None,
            until: None,
            declined: Vec::new(),
            held: None,
            told: None,
            newcomer: false,
            last_agent: None,
            assigned_at: None,
            answered_at: None,
            ended_at: None,
            outcome: None,
            passed_by: None,
        }
    }
}

#[tokio::test]
async fn what_an_agent_says_is_kept_and_signs_count_only_at_work() {
    both(|store| async move {
        let w = world(store.clone(), "haru").await;
        let other = world(store, "other").await;
        let mut tx = w.tx().await;
        assert!(!store::availability::sign(&mut tx, w.workspace, w.agent, true).await.unwrap());
        let said = Availability {
            state: State::Online,
            reason: Some("Back office".into()),
            signs_at: Some(now()),
            capacity: Capacity { total: 9, chat: 3, mail: 7 },
            ..Availability::new(w.agent, now())
        };
        store::availability::put(&mut tx, w.workspace, &said).await.unwrap();
        assert_eq!(store::availability::find(&mut tx, w.workspace, w.agent).await.unwrap(), Some(said.clone()));
        assert_eq!(store::availability::find(&mut tx, other.workspace, w.agent).await.unwrap(), None);
        assert!(store::availability::sign(&mut tx, w.workspace, w.agent, true).await.unwrap());
        store::availability::turn(&mut tx, w.workspace, w.agent, true).await.unwrap();
        store::availability::put(&mut tx, w.workspace, &said).await.unwrap();
        let kept = store::availability::list(&mut tx, w.workspace).await.unwrap().remove(0);
        assert_eq!((kept.availability.routed_at, kept.availability.newcomer_at, kept.name.as_str()), (Some(now()), Some(now()), "mina"));
        store::availability::tell(&mut tx, w.workspace, w.agent, State::Away, (Some("Lunch"), Some(Because::Idle), None)).await.unwrap();
        let line = store::availability::history(&mut tx, w.workspace, w.agent, 5).await.unwrap().remove(0);
        assert_eq!((line.state, line.reason.as_deref(), line.because.as_deref()), (State::Away, Some("Lunch"), Some("idle")));
        let foreign = store::availability::put(&mut tx, other.workspace, &said).await;
        assert!(matches!(foreign, Err(Error::Dangling(_))), "{foreign:?}");
    })
    .await;
}

#[tokio::test]
async fn skills_and_queues_are_kept_with_those_who_have_them() {
    both(|store| async move {
        let w = world(store, "haru").await;
        let mut tx = w.tx().await;
        let korean = Skill { id: tx.new_id(), name: "Korean".into(), language: Some("ko".into()) };
        store::skill::insert(&mut tx, w.workspace, &korean).await.unwrap();
        store::skill::set_of_agent(&mut tx, w.workspace, w.agent, &[korean.id]).await.unwrap();
        assert_eq!(store::skill::of_agents(&mut tx, w.workspace).await.unwrap()[&w.agent], [korean.id]);
        let mut queue = Queue {
            id: tx.new_id(),
            version: 1,
            name: "Chats".into(),
            position: 1,
            filter: Filter::everything(),
            teams: vec![],
            agents: vec![w.agent],
            rule: Rule { required: vec![korean.id], ..Rule::default() },
            created_at: now(),
            updated_at: now(),
        };
        assert!(!store::queue::any(&mut tx, w.workspace).await.unwrap());
        store::queue::insert(&mut tx, w.workspace, &queue).await.unwrap();
        queue.name = "Live".into();
        queue.agents.clear();
        store::queue::update(&mut tx, w.workspace, &mut queue).await.unwrap();
        assert_eq!(store::queue::list(&mut tx, w.workspace).await.unwrap(), [queue.clone()]);
        assert!(store::queue::any(&mut tx, w.workspace).await.unwrap());
        assert!(store::queue::delete(&mut tx, w.workspace, queue.id).await.unwrap());
        assert!(store::skill::delete(&mut tx, w.workspace, korean.id).await.unwrap());
        assert!(store::skill::of_agent(&mut tx, w.workspace, w.agent).await.unwrap().is_empty());
        tx.commit().await.unwrap();
        let mut tx = w.tx().await;
        let twice = Skill { id: tx.new_id(), name: "KOREAN".into(), language: None };
        store::skill::insert(&mut tx, w.workspace, &twice).await.unwrap();
        let again = Skill { id: tx.new_id(), ..twice };
        assert!(matches!(store::skill::insert(&mut tx, w.workspace, &again).await, Err(Error::Duplicate(_))));
    })
    .await;
}

#[tokio::test]
async fn a_conversation_is_on_one_way_at_a_time_and_what_is_in_hand_is_counted() {
    both(|store| async move {
        let w = world(store, "haru").await;
        let mut tx = w.tx().await;
        assert!(store::routing::lock(&mut tx, w.workspace).await.unwrap().is_none());
        store::routing::open_desk(&mut tx, w.workspace).await.unwrap();
        assert_eq!(store::routing::lock(&mut tx, w.workspace).await.unwrap().unwrap().settings, Settings::default());
        let queue: QueueId = tx.new_id();
        let waits = w.conversation(&mut tx, 1, None, true).await;
        let mine = w.conversation(&mut tx, 2, Some(w.agent), true).await;
        w.conversation(&mut tx, 3, Some(w.agent), false).await;
        let filled = store::routing::filled(&mut tx, w.workspace, &[w.agent], &[(queue, 10)], now()).await.unwrap();
        assert_eq!((filled.len(), filled[0].medium, filled[0].count), (1, Medium::Mail, 1), "an answered letter takes no room");
        assert_eq!(store::routing::in_hand(&mut tx, w.workspace, w.agent).await.unwrap(), [mine]);
        assert_eq!(store::routing::last_helper(&mut tx, w.workspace, w.customer, waits).await.unwrap(), Some(w.agent));
        assert!(!store::routing::is_newcomer(&mut tx, w.workspace, w.customer, waits).await.unwrap());
        let mut entry = World::entry(&tx, waits, queue);
        store::routing::insert(&mut tx, w.workspace, &entry).await.unwrap();
        let (found, seen) = store::routing::waiting(&mut tx, w.workspace, |_| None).await.unwrap().remove(0);
        assert_eq!((&found, seen.inbox, seen.priority), (&entry, w.inbox, Priority::Normal));
        assert_eq!(
            store::routing::line(&mut tx, w.workspace).await.unwrap(),
            [store::routing::Line { queue, waiting: 1, since: Some(now()), calls: 0 }]
        );
        // Who asks to be called waits in no line, until they write again or were called.
        let asked = |at| model::chat::Callback { phone: "+82 10-1234-5678".into(), wanted_at: Some(after(900)), at, called_at: None };
        let stands = async |tx: &mut store::Tx| {
            let line = store::routing::line(tx, w.workspace).await.unwrap()[0];
            let seen = store::routing::waiting(tx, w.workspace, |_| None).await.unwrap().remove(0).1;
            let awaited = store::callback::awaited(tx, w.workspace).await.unwrap().contains(&waits);
            (line.waiting, line.calls, line.since, seen.call_at, awaited)
        };
        store::callback::ask(&mut tx, w.workspace, waits, &asked(after(-5))).await.unwrap();
        assert_eq!(stands(&mut tx).await, (1, 0, Some(now()), None, false), "they have written since");
        store::callback::ask(&mut tx, w.workspace, waits, &asked(now())).await.unwrap();
        assert_eq!(stands(&mut tx).await, (0, 1, None, Some(after(900)), true));
        entry.stage = Stage::Assigned;
        store::routing::update(&mut tx, w.workspace, &entry).await.unwrap();
        assert!(store::routing::assigned(&mut tx, w.workspace).await.unwrap()[0].to_call);
        entry.stage = Stage::Waiting;
        store::routing::update(&mut tx, w.workspace, &entry).await.unwrap();
        assert!(store::callback::called(&mut tx, w.workspace, waits, w.agent).await.unwrap());
        assert_eq!(stands(&mut tx).await, (1, 0, Some(now()), None, false));
        entry.stage = Stage::Assigned;
        entry.agent = Some(w.agent);
        entry.declined = vec![w.agent];
        entry.assigned_at = Some(now());
        store::routing::update(&mut tx, w.workspace, &entry).await.unwrap();
        assert_eq!(store::routing::open(&mut tx, w.workspace, &[waits]).await.unwrap(), [entry.clone()]);
        assert_eq!(
            store::routing::assigned(&mut tx, w.workspace).await.unwrap(),
            [store::routing::Unanswered { entry: entry.clone(), since: now(), to_call: false }]
        );
        entry.answered_at = Some(after(40));
        entry.ended_at = Some(after(90));
        entry.stage = Stage::Ended;
        entry.outcome = Some("answered".into());
        store::routing::update(&mut tx, w.workspace, &entry).await.unwrap();
        assert!(store::routing::open(&mut tx, w.workspace, &[waits]).await.unwrap().is_empty());
        assert_eq!(store::routing::handled(&mut tx, w.workspace, queue).await.unwrap(), (1, 90_000));
        let today = store::routing::today(&mut tx, w.workspace, now()).await.unwrap();
        assert_eq!((today[0].1.offered, today[0].1.answered, today[0].1.answered_after, today[0].1.abandoned), (1, 1, 40_000, 0));
        assert_eq!(store::routing::in_time(&mut tx, w.workspace, now(), queue, 39_999).await.unwrap(), 0);
        assert_eq!(store::routing::in_time(&mut tx, w.workspace, now(), queue, 40_000).await.unwrap(), 1);
        let second = World::entry(&tx, waits, queue);
        store::routing::insert(&mut tx, w.workspace, &second).await.unwrap();
        let third = World::entry(&tx, waits, queue);
        assert!(matches!(store::routing::insert(&mut tx, w.workspace, &third).await, Err(Error::Duplicate(_))));
    })
    .await;
}

#[tokio::test]
async fn what_waits_and_what_came_today_are_found_by_their_indexes() {
    both(|store| async move {
        let w = world(store.clone(), "haru").await;
        let mut tx = w.tx().await;
        let queue: QueueId = tx.new_id();
        for n in 0..300 {
            let c = w.conversation(&mut tx, n, None, true).await;
            let mut entry = World::entry(&tx, c, queue);
            if (4..100).contains(&n) {
                entry.stage = Stage::Assigned;
                entry.assigned_at = Some(after(n));
            } else if n >= 100 {
                entry.stage = Stage::Ended;
                entry.ended_at = Some(after(n));
                entry.outcome = Some("answered".into());
                entry.entered_at = after(-100_000 + n);
            }
            store::routing::insert(&mut tx, w.workspace, &entry).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tx = w.tx().await;
        if store.dialect() == Dialect::Postgres {
            tx.execute("ANALYZE routing", vec![]).await.unwrap();
            tx.execute("SET LOCAL enable_seqscan = off", vec![]).await.unwrap();
        }
        let id = model::Id::raw(w.workspace);
        for (sql, index) in [
            (
                format!("SELECT id FROM routing WHERE workspace_id = {id} AND stage = 'waiting' AND stage <> 'ended' ORDER BY since, id"),
                "routing_line",
            ),
            (format!("SELECT COUNT(*) FROM routing WHERE workspace_id = {id} AND entered_at >= 1795000000000"), "routing_entered"),
            (
                format!(
                    "SELECT ended_at FROM routing WHERE workspace_id = {id} AND queue_id = 5 AND outcome = 'answered' ORDER BY ended_at DESC LIMIT 50"
                ),
                "routing_handled",
            ),
            (format!("SELECT id FROM routing WHERE workspace_id = {id} AND conversation_id = 5 AND stage <> 'ended'"), "routing_"),
        ] {
            let explain = tx.pick("EXPLAIN QUERY PLAN", "EXPLAIN");
            let column = tx.pick("detail", "QUERY PLAN");
            let rows = tx.fetch_built(format!("{explain} {sql}"), vec![]).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|r| r.text(column).unwrap()).collect();
            assert!(plan.iter().any(|l| l.contains(index)), "{:?} {sql}: {plan:?}", store.dialect());
        }
    })
    .await;
}
