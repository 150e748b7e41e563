//! What the decision promises, whatever comes in.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::Id;
use crate::queue::{LanguageMatch, Strategy as By};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).unwrap()
}

fn agent(n: i64) -> AgentId {
    AgentId::from_raw(n)
}

fn queue(n: i64, rule: Rule) -> QueueNow {
    QueueNow { id: QueueId::from_raw(n), rule, closed: None }
}

fn worker(n: i64, chat: u16) -> Worker {
    Worker {
        agent: agent(n),
        takes: Switches::default(),
        capacity: Capacity { total: chat, chat, mail: chat },
        load: Load::default(),
        idle_since: at(-1_000),
        routed_at: None,
        newcomer_at: None,
        skills: Vec::new(),
        queues: vec![QueueId::from_raw(1)],
        inboxes: Inboxes::All,
    }
}

fn waiting(n: i64) -> Waiting {
    Waiting {
        conversation: ConversationId::from_raw(n),
        queue: QueueId::from_raw(1),
        priority: Priority::Normal,
        since: at(-60 + n),
        entered: at(-60 + n),
        inbox: InboxId::from_raw(1),
        medium: Medium::Chat,
        language: None,
        last_agent: None,
        representative: None,
        newcomer: false,
        declined: Vec::new(),
        passed_by: None,
        call_at: None,
    }
}

fn plain() -> Rule {
    Rule { same_agent: false, representative: false, relax_seconds: None, lift_seconds: None, ..Rule::default() }
}

fn snapshot(rule: Rule, workers: Vec<Worker>, waiting: Vec<Waiting>) -> Snapshot {
    Snapshot { now: at(0), waiting, workers, queues: vec![queue(1, rule)] }
}

/// conversation → agent.
fn given(decisions: &[Decision]) -> Vec<(i64, i64)> {
    decisions
        .iter()
        .filter_map(|d| match d {
            Decision::Give { conversation, agent, .. } => Some((conversation.raw(), agent.raw())),
            _ => None,
        })
        .collect()
}

fn held(decisions: &[Decision]) -> Vec<&'static str> {
    decisions
        .iter()
        .filter_map(|d| match d {
            Decision::Wait { held, .. } => Some(held.as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn who_has_most_room_gets_it_and_nobody_more_than_they_have_room_for() {
    let mut busy = worker(1, 4);
    busy.load.chat = 3;
    let decisions = decide(&snapshot(plain(), vec![busy, worker(2, 2)], vec![waiting(1), waiting(2), waiting(3), waiting(4)]));
    assert_eq!(given(&decisions), [(1, 2), (2, 1), (3, 2)]);
    assert_eq!(held(&decisions), ["no_room"]);
}

#[test]
fn the_longest_idle_and_the_next_in_turn_are_found() {
    let idle = |n, since| Worker { idle_since: at(since), ..worker(n, 9) };
    let rule = Rule { strategy: By::LongestIdle, ..plain() };
    assert_eq!(given(&decide(&snapshot(rule, vec![idle(1, -5), idle(2, -50)], vec![waiting(1), waiting(2)]))), [(1, 2), (2, 1)]);
    let turn = |n, last| Worker { routed_at: Some(at(last)), ..worker(n, 9) };
    let rule = Rule { strategy: By::RoundRobin, ..plain() };
    let decisions = decide(&snapshot(rule, vec![turn(1, -5), turn(2, -50), worker(3, 9)], (1..=6).map(waiting).collect()));
    assert_eq!(given(&decisions), [(1, 3), (2, 2), (3, 1), (4, 3), (5, 2), (6, 1)]);
}

#[test]
fn what_was_passed_on_does_not_come_back_while_somebody_else_could_take_it() {
    let passed = |n| Waiting { passed_by: Some(agent(1)), last_agent: Some(agent(1)), ..waiting(n) };
    let mut full = worker(2, 1);
    full.load.chat = 1;
    let rule = Rule { same_agent: true, ..plain() };
    let both = decide(&snapshot(rule.clone(), vec![worker(1, 9), worker(2, 1)], vec![passed(1)]));
    assert_eq!(given(&both), [(1, 2)]);
    // Somebody else will have room: it waits for them.
    let waits = decide(&snapshot(rule.clone(), vec![worker(1, 9), full], vec![passed(1)]));
    assert_eq!((given(&waits), held(&waits)), (vec![], vec!["no_room"]));
    // Nobody else is there, or everybody else declined: better they than nobody.
    assert_eq!(given(&decide(&snapshot(rule.clone(), vec![worker(1, 9)], vec![passed(1)]))), [(1, 1)]);
    let declined = Waiting { declined: vec![agent(2)], ..passed(1) };
    assert_eq!(given(&decide(&snapshot(rule, vec![worker(1, 9), worker(2, 9)], vec![declined]))), [(1, 1)]);
}

#[test]
fn who_wants_to_be_called_is_given_in_turn_and_not_before_the_time_that_suits() {
    let soon = |n| Waiting { call_at: None, ..waiting(n) };
    let later = |n, when| Waiting { call_at: Some(at(when)), ..waiting(n) };
    // Without a time it has the turn that it had.
    assert_eq!(given(&decide(&snapshot(plain(), vec![worker(1, 1)], vec![soon(1), waiting(2)]))), [(1, 1)]);
    // With one it takes nobody's room until then …
    let both = |now| Snapshot { now: at(now), ..snapshot(plain(), vec![worker(1, 1)], vec![later(1, 900), waiting(2)]) };
    let waits = Decision::Wait { conversation: ConversationId::from_raw(1), held: Held::UntilCall, again: Some(at(900)) };
    assert_eq!((&decide(&both(0))[0], given(&decide(&both(0)))), (&waits, vec![(2, 1)]));
    // … and nor does it go on to another queue meanwhile.
    let rule = Rule { overflow: Some(QueueId::from_raw(2)), overflow_seconds: 30, ..plain() };
    let shut = Snapshot { queues: vec![queue(1, rule), queue(2, plain())], ..both(800) };
    assert_eq!(decide(&shut)[0], waits);
    // Then it goes before all who came after it.
    assert_eq!(given(&decide(&both(900))), [(1, 1)]);
}

#[test]
fn skills_are_required_for_a_while_and_then_preferred() {
    let korean = SkillId::from_raw(7);
    let speaks = Worker { skills: vec![korean], ..worker(1, 1) };
    let asks = |n| Waiting { language: Some(korean), ..waiting(n) };
    let rule = Rule { language: LanguageMatch::Required, relax_seconds: Some(120), ..plain() };
    let decisions = decide(&snapshot(rule.clone(), vec![worker(2, 5)], vec![asks(1)]));
    assert_eq!(decisions, [Decision::Wait { conversation: ConversationId::from_raw(1), held: Held::NobodySkilled, again: Some(at(61)) }]);
    let later = Snapshot { now: at(61), ..snapshot(rule.clone(), vec![worker(2, 5)], vec![asks(1)]) };
    assert_eq!(given(&decide(&later)), [(1, 2)]);
    let both = Snapshot { now: at(61), ..snapshot(rule, vec![worker(2, 5), speaks], vec![asks(1)]) };
    let decisions = decide(&both);
    assert!(matches!(&decisions[0], Decision::Give { agent: a, skills, .. } if *a == agent(1) && *skills == [korean]));
}

#[test]
fn the_agent_who_knows_the_customer_comes_first_and_is_waited_for_a_little() {
    let rule = Rule { same_agent: true, representative: true, hold_seconds: 120, ..plain() };
    let known = Waiting { last_agent: Some(agent(2)), ..waiting(1) };
    let mut full = worker(2, 1);
    let both = |full: &Worker, w: &Waiting| decide(&snapshot(rule.clone(), vec![worker(1, 9), full.clone()], vec![w.clone()]));
    assert!(matches!(both(&full, &known)[0], Decision::Give { chosen: Chosen::SameAgent, helped_before: true, .. }));
    full.load.chat = 1;
    assert_eq!(both(&full, &known), [Decision::Wait { conversation: ConversationId::from_raw(1), held: Held::ForTheirAgent, again: Some(at(61)) }]);
    let waited = Waiting { entered: at(-130), ..known.clone() };
    assert_eq!(given(&both(&full, &waited)), [(1, 1)]);
    full.takes.chat = false;
    assert_eq!(given(&both(&full, &known)), [(1, 1)], "nobody waits for who is not there");
    let represented = Waiting { representative: Some(agent(1)), ..known };
    assert!(matches!(both(&worker(2, 1), &represented)[0], Decision::Give { chosen: Chosen::Representative, .. }));
}

#[test]
fn newcomers_go_round_everybody() {
    let rule = Rule { newcomer_rota: true, ..plain() };
    let newcomer = |n| Waiting { newcomer: true, ..waiting(n) };
    let mut quick = worker(1, 50);
    quick.newcomer_at = Some(at(-1));
    let decisions = decide(&snapshot(rule, vec![quick, worker(2, 10), worker(3, 10)], (1..=6).map(newcomer).collect()));
    assert_eq!(given(&decisions), [(1, 2), (2, 3), (3, 1), (4, 2), (5, 3), (6, 1)]);
}

#[test]
fn what_waits_outside_the_hours_waits_until_they_begin_and_what_waited_enough_goes_on() {
    let mut shut = snapshot(plain(), vec![worker(1, 1)], vec![waiting(1)]);
    shut.queues[0].closed = Some(Some(at(3_600)));
    assert_eq!(decide(&shut), [Decision::Wait { conversation: ConversationId::from_raw(1), held: Held::Closed, again: Some(at(3_600)) }]);
    shut.queues.push(queue(2, plain()));
    shut.queues[0].rule.overflow = Some(QueueId::from_raw(2));
    shut.queues[0].rule.overflow_seconds = 30;
    let moved = Decision::Move { conversation: ConversationId::from_raw(1), from: QueueId::from_raw(1), to: QueueId::from_raw(2) };
    assert_eq!(decide(&shut), [moved]);
}

#[test]
fn who_declined_is_not_asked_again() {
    let rule = Rule { offers: true, accept_seconds: 20, ..plain() };
    let declined = Waiting { declined: vec![agent(1)], ..waiting(1) };
    let decisions = decide(&snapshot(rule.clone(), vec![worker(1, 5)], vec![declined, waiting(2)]));
    assert!(matches!(decisions[1], Decision::Give { until: Some(until), .. } if until == at(20)));
    assert_eq!(held(&decisions), ["declined"]);
}

#[test]
fn what_waited_too_long_goes_before_a_higher_queue() {
    let mut both = snapshot(Rule { priority: 1, lift_seconds: Some(3_600), ..plain() }, vec![worker(1, 1)], Vec::new());
    both.workers[0].queues.push(QueueId::from_raw(2));
    both.queues.push(queue(2, Rule { priority: 9, ..plain() }));
    let urgent = Waiting { queue: QueueId::from_raw(2), priority: Priority::Urgent, ..waiting(1) };
    both.waiting = vec![urgent, Waiting { since: at(-3_599), ..waiting(2) }];
    assert_eq!(given(&decide(&both)), [(1, 1)]);
    both.waiting[1].since = at(-3_600);
    assert_eq!(given(&decide(&both)), [(2, 1)]);
}

/// A workspace made by chance.
fn any_snapshot() -> impl proptest::strategy::Strategy<Value = Snapshot> {
    let rule = (1u8..9, 0usize..3, any::<bool>(), any::<bool>(), 0u32..120, any::<bool>(), prop::option::of(0i64..4), 0u32..90).prop_map(
        |(priority, by, offers, known, hold, rota, required, relax)| Rule {
            priority,
            strategy: By::ALL[by],
            offers,
            same_agent: known,
            representative: known,
            hold_seconds: hold,
            newcomer_rota: rota,
            required: required.map(SkillId::from_raw).into_iter().collect(),
            language: LanguageMatch::Required,
            relax_seconds: (relax > 30).then_some(relax),
            overflow: (relax % 7 == 0).then(|| QueueId::from_raw(3)),
            lift_seconds: (relax % 2 == 0).then_some(40),
            ..Rule::default()
        },
    );
    let worker = (
        1i64..30,
        any::<(bool, bool)>(),
        (0u16..6, 0u16..4, 0u16..4),
        (0u16..4, 0u16..4),
        prop::collection::vec(0i64..4, 0..3),
        0i64..7,
        any::<bool>(),
    )
        .prop_map(|(n, (chat, mail), (total, most_chat, most_mail), load, skills, queues, sees)| Worker {
            takes: Switches { chat, mail },
            capacity: Capacity { total, chat: most_chat, mail: most_mail },
            load: Load { chat: load.0, mail: load.1 },
            idle_since: at(-n),
            skills: skills.into_iter().map(SkillId::from_raw).collect(),
            queues: (1..=3).filter(|q| queues & (1 << (q - 1)) != 0).map(QueueId::from_raw).collect(),
            inboxes: if sees { Inboxes::All } else { Inboxes::Only(vec![InboxId::from_raw(1)]) },
            ..worker(n, 0)
        });
    let waits = (
        1i64..4,
        0i64..4,
        0i64..100,
        1i64..3,
        any::<(bool, bool)>(),
        prop::option::of(0i64..4),
        prop::option::of(1i64..30),
        prop::collection::vec(1i64..30, 0..4),
    )
        .prop_map(|(queue, priority, since, inbox, (chat, newcomer), language, last, declined)| Waiting {
            queue: QueueId::from_raw(queue),
            priority: Priority::from_i64(priority),
            since: at(-since),
            entered: at(-since),
            inbox: InboxId::from_raw(inbox),
            medium: if chat { Medium::Chat } else { Medium::Mail },
            language: language.map(SkillId::from_raw),
            last_agent: last.map(agent),
            newcomer,
            declined: declined.into_iter().map(agent).collect(),
            ..waiting(0)
        });
    (prop::collection::vec(rule, 3), prop::collection::vec(worker, 0..12), prop::collection::vec(waits, 0..40)).prop_map(
        |(rules, mut workers, mut waiting)| {
            workers.sort_by_key(|w| w.agent);
            workers.dedup_by_key(|w| w.agent);
            for (n, w) in (1..).zip(&mut waiting) {
                w.conversation = ConversationId::from_raw(n);
            }
            let queues = (1..).zip(rules).map(|(n, rule)| queue(n, rule)).collect();
            Snapshot { now: at(0), waiting, workers, queues }
        },
    )
}

proptest! {
    #[test]
    fn nobody_gets_too_much_or_what_is_not_for_them(s in any_snapshot()) {
        let mut load: HashMap<AgentId, Load> = s.workers.iter().map(|w| (w.agent, w.load)).collect();
        let decisions = decide(&s);
        prop_assert_eq!(decisions.len(), s.waiting.len());
        for d in &decisions {
            let Decision::Give { conversation, agent, queue, .. } = d else { continue };
            let w = s.waiting.iter().find(|w| w.conversation == *conversation).unwrap();
            let worker = s.workers.iter().find(|x| x.agent == *agent).unwrap();
            prop_assert!(worker.takes.has(w.medium) && worker.inboxes.include(w.inbox) && worker.queues.contains(queue));
            prop_assert!(!w.declined.contains(agent));
            let has = load.get_mut(agent).unwrap();
            prop_assert!(has.spare(w.medium, worker.capacity) > 0);
            has.add(w.medium, 1);
            prop_assert!(has.of(w.medium) <= worker.capacity.of(w.medium) && has.total() <= worker.capacity.total);
        }
    }

    #[test]
    fn an_equal_that_waited_longer_is_not_passed_over(s in any_snapshot()) {
        let decisions = decide(&s);
        let by: HashMap<ConversationId, &Decision> = decisions.iter().map(|d| (d.conversation(), d)).collect();
        for first in &s.waiting {
            if !matches!(by[&first.conversation], Decision::Wait { held: Held::NoRoom | Held::NobodyThere, .. }) {
                continue;
            }
            for second in &s.waiting {
                let equal = (first.queue, first.inbox, first.medium, first.priority, first.language) == (second.queue, second.inbox, second.medium, second.priority, second.language)
                    && first.since < second.since && first.declined.is_empty();
                if equal {
                    // By then there was no room for the first one, so there is none for the second; but an agent of its own.
                    let given = matches!(by[&second.conversation], Decision::Give { chosen: Chosen::Strategy(_) | Chosen::NewcomerRota, .. });
                    prop_assert!(!given, "{:?} before {:?}", second, first);
                }
            }
        }
    }

    #[test]
    fn the_same_in_is_the_same_out_in_whatever_order_it_comes(s in any_snapshot()) {
        let mut turned = s.clone();
        turned.waiting.reverse();
        turned.workers.reverse();
        prop_assert_eq!(decide(&s), decide(&turned));
    }

    #[test]
    fn turns_are_fair_within_one(agents in 1i64..12, conversations in 0i64..60, rota in any::<bool>()) {
        let rule = Rule { strategy: By::RoundRobin, newcomer_rota: rota, ..plain() };
        let workers = (1..=agents).map(|n| worker(n, 500)).collect();
        let decisions = decide(&snapshot(rule, workers, (1..=conversations).map(|n| Waiting { newcomer: rota, ..waiting(n) }).collect()));
        let mut counts: HashMap<i64, i64> = (1..=agents).map(|n| (n, 0)).collect();
        for (_, agent) in given(&decisions) {
            *counts.get_mut(&agent).unwrap() += 1;
        }
        prop_assert_eq!(counts.values().sum::<i64>(), conversations);
        prop_assert!(counts.values().max().unwrap() - counts.values().min().unwrap() <= 1);
    }
}

/// Chance that is the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Eight hours of 20 agents with 3 chats each, and some 2,000 customers: nobody has too much, everybody is served in the end,
/// nobody waits while somebody is free, and the agents share the work.
#[test]
fn a_day_of_load_is_shared_and_nobody_is_forgotten() {
    for strategy in By::ALL {
        let mut dice = Dice(42);
        let rule = Rule { strategy, ..plain() };
        let mut workers: Vec<Worker> = (1..=20).map(|n| worker(n, 3)).collect();
        let (mut line, mut at_work): (Vec<Waiting>, Vec<(i64, AgentId)>) = (Vec::new(), Vec::new());
        let (mut done, mut most_waited, mut came): (HashMap<AgentId, i64>, SignedDuration, i64) = (HashMap::new(), SignedDuration::ZERO, 0);
        for minute in 0..900 {
            let now = minute * 60;
            // A rush in the third hour.
            let rush = if (120..180).contains(&minute) { 9 } else { 5 };
            for _ in 0..if minute < 480 { dice.below(rush) + 2 } else { 0 } {
                came += 1;
                line.push(Waiting { conversation: ConversationId::from_raw(came), since: at(now), entered: at(now), ..waiting(0) });
            }
            at_work.retain(|(until, agent)| {
                let over = *until <= now;
                if over {
                    workers.iter_mut().find(|w| w.agent == *agent).unwrap().load.chat -= 1;
                }
                !over
            });
            let decisions = decide(&Snapshot { now: at(now), waiting: line.clone(), workers: workers.clone(), queues: vec![queue(1, rule.clone())] });
            for d in &decisions {
                let Decision::Give { conversation, agent, .. } = d else { continue };
                let worker = workers.iter_mut().find(|w| w.agent == *agent).unwrap();
                worker.load.chat += 1;
                (worker.idle_since, worker.routed_at) = (at(now), Some(at(now)));
                assert!(worker.load.chat <= 3);
                at_work.push((now + 240 + i64::try_from(dice.below(720)).unwrap(), *agent));
                *done.entry(*agent).or_default() += 1;
                let waited = line.extract_if(.., |w| w.conversation == *conversation).next().unwrap();
                most_waited = most_waited.max(at(now).duration_since(waited.since));
            }
            assert!(line.is_empty() || workers.iter().all(|w| w.load.chat == 3), "somebody waits while somebody is free");
        }
        assert!(line.is_empty(), "{strategy:?}: {} are forgotten", line.len());
        assert_eq!(done.values().sum::<i64>(), came);
        let (most, fewest) = (done.values().max().unwrap(), done.values().min().unwrap());
        assert!(most - fewest <= most / 5, "{strategy:?}: {fewest} to {most}");
        assert!(most_waited < SignedDuration::from_hours(2), "{strategy:?}: {most_waited}");
    }
}
