//! The decision. Greedy in the order of who waits: what stands first is asked first, and takes the best agent there is for it.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::{Chosen, Decision, Held, QueueNow, Snapshot, Waiting, Worker};
use crate::availability::Medium;
use crate::queue::{HIGHEST, LanguageMatch, Rule, Strategy, seconds};
use crate::{AgentId, InboxId, QueueId, SkillId};

/// What to do with each that waits, in the order in which they wait. The same in, the same out. No agent gets more than they
/// have room for, or what they do not see, do not work in, are not on-line for, or declined.
///
/// Cost: O(waiting · log waiting), and a look at the agents of the queue for each that is given, and once for each kind of
/// conversation that must wait.
pub fn decide(snapshot: &Snapshot) -> Vec<Decision> {
    let queues: HashMap<QueueId, &QueueNow> = snapshot.queues.iter().map(|q| (q.id, q)).collect();
    let mut order: Vec<(&Waiting, &QueueNow)> = snapshot.waiting.iter().filter_map(|w| Some((w, *queues.get(&w.queue)?))).collect();
    order.sort_by_cached_key(|(w, q)| rank(w, &q.rule, snapshot.now));
    let mut room = Room::new(snapshot);
    // Room only shrinks while we decide: what found nobody need not be asked again for another of its kind.
    let mut in_vain: HashMap<Likeness<'_>, Held> = HashMap::new();
    order.into_iter().map(|(w, q)| room.one(w, q, &queues, &mut in_vain)).collect()
}

/// Higher queues first, in them what is more urgent, then what has waited longer. What has waited too long goes before all.
fn rank(w: &Waiting, rule: &Rule, now: Timestamp) -> (Reverse<u8>, Reverse<i64>, Timestamp, i64) {
    use crate::Id;
    let lifted = rule.lift_seconds.is_some_and(|after| now.duration_since(w.since) >= seconds(after));
    let (queue, own) = if lifted { (HIGHEST + 1, 0) } else { (rule.priority, w.priority.as_i64()) };
    (Reverse(queue), Reverse(own), w.since, w.conversation.raw())
}

/// What two that wait must have in common to find nobody for the same reason.
#[derive(PartialEq, Eq, Hash)]
struct Likeness<'a> {
    queue: QueueId,
    inbox: InboxId,
    medium: Medium,
    language: Option<SkillId>,
    relaxed: bool,
    declined: &'a [AgentId],
    passed_by: Option<AgentId>,
}

/// Who still has room.
struct Room {
    now: Timestamp,
    workers: Vec<Worker>,
    by_agent: HashMap<AgentId, usize>,
    /// Workers of each queue; those who are full leave.
    of_queue: HashMap<QueueId, Vec<usize>>,
    full: HashSet<usize>,
    /// Turns of this decision, so that those of one instant have an order: worker → turn.
    turns: HashMap<usize, u32>,
    newcomer_turns: HashMap<usize, u32>,
    turn: u32,
}

impl Room {
    fn new(snapshot: &Snapshot) -> Self {
        let mut of_queue: HashMap<QueueId, Vec<usize>> = HashMap::new();
        for (at, worker) in snapshot.workers.iter().enumerate() {
            for queue in &worker.queues {
                of_queue.entry(*queue).or_default().push(at);
            }
        }
        Self {
            now: snapshot.now,
            workers: snapshot.workers.clone(),
            by_agent: snapshot.workers.iter().enumerate().map(|(at, w)| (w.agent, at)).collect(),
            of_queue,
            full: HashSet::new(),
            turns: HashMap::new(),
            newcomer_turns: HashMap::new(),
            turn: 0,
        }
    }

    fn one<'a>(
        &mut self,
        w: &'a Waiting,
        queue: &QueueNow,
        queues: &HashMap<QueueId, &QueueNow>,
        in_vain: &mut HashMap<Likeness<'a>, Held>,
    ) -> Decision {
        let rule = &queue.rule;
        if let Some(at) = w.call_at.filter(|at| *at > self.now) {
            return Decision::Wait { conversation: w.conversation, held: Held::UntilCall, again: Some(at) };
        }
        let overflows_at = rule.overflow.filter(|to| queues.contains_key(to)).map(|to| (w.entered + seconds(rule.overflow_seconds), to));
        let relaxes_at = rule.relax_seconds.map(|after| w.entered + seconds(after));
        let relaxed = relaxes_at.is_some_and(|at| at <= self.now);
        let now = self.now;
        let wait = |held, again: Option<Timestamp>| {
            let again = [again, overflows_at.map(|(at, _)| at), relaxes_at].into_iter().flatten().filter(|at| *at > now).min();
            Decision::Wait { conversation: w.conversation, held, again }
        };
        let overflow = || match overflows_at {
            Some((at, to)) if at <= now => Some(Decision::Move { conversation: w.conversation, from: queue.id, to }),
            _ => None,
        };
        if let Some(opens) = queue.closed {
            return overflow().unwrap_or_else(|| wait(Held::Closed, opens));
        }
        let wanted = Wanted::of(w, rule, relaxed);
        for (agent, chosen, on) in
            [(w.representative, Chosen::Representative, rule.representative), (w.last_agent, Chosen::SameAgent, rule.same_agent)]
        {
            let Some(at) = agent.filter(|_| on).and_then(|a| self.by_agent.get(&a).copied()) else { continue };
            if !self.may(at, w, queue.id) || self.gave_it_away(at, w, queue.id) {
                continue;
            }
            if self.has_room(at, w.medium) {
                return self.give(at, w, queue, chosen, &wanted);
            }
            let until = w.entered + seconds(rule.hold_seconds);
            if until > self.now {
                return wait(Held::ForTheirAgent, Some(until));
            }
        }
        let likeness = Likeness {
            queue: queue.id,
            inbox: w.inbox,
            medium: w.medium,
            language: w.language,
            relaxed,
            declined: &w.declined,
            passed_by: w.passed_by,
        };
        if let Some(held) = in_vain.get(&likeness) {
            return overflow().unwrap_or_else(|| wait(*held, None));
        }
        match self.best(w, queue, &wanted) {
            Ok((at, chosen)) => self.give(at, w, queue, chosen, &wanted),
            Err(held) => {
                in_vain.insert(likeness, held);
                overflow().unwrap_or_else(|| wait(held, None))
            }
        }
    }

    /// Whether an agent may have it at all, room or not.
    fn may(&self, at: usize, w: &Waiting, queue: QueueId) -> bool {
        let worker = &self.workers[at];
        worker.takes.has(w.medium) && worker.inboxes.include(w.inbox) && worker.queues.contains(&queue) && !w.declined.contains(&worker.agent)
    }

    /// Whether it was this agent who passed it on, while somebody else could take it: now, or when they have room again.
    fn gave_it_away(&self, at: usize, w: &Waiting, queue: QueueId) -> bool {
        w.passed_by == Some(self.workers[at].agent) && (0..self.workers.len()).any(|other| other != at && self.may(other, w, queue))
    }

    fn has_room(&self, at: usize, medium: Medium) -> bool {
        let worker = &self.workers[at];
        worker.load.spare(medium, worker.capacity) > 0
    }

    fn best(&mut self, w: &Waiting, queue: &QueueNow, wanted: &Wanted) -> Result<(usize, Chosen), Held> {
        let rota = queue.rule.newcomer_rota && w.newcomer;
        let full = &self.full;
        if let Some(list) = self.of_queue.get_mut(&queue.id) {
            list.retain(|at| !full.contains(at));
        }
        let mut found: Option<(usize, _)> = None;
        let mut held = Held::NobodyThere;
        for at in self.of_queue.get(&queue.id).into_iter().flatten().copied() {
            let worker = &self.workers[at];
            if !worker.takes.has(w.medium) || !worker.inboxes.include(w.inbox) {
                continue;
            }
            if w.declined.contains(&worker.agent) || self.gave_it_away(at, w, queue.id) {
                held = worse(held, Held::Declined);
            } else if !wanted.required.iter().all(|s| worker.skills.contains(s)) {
                held = worse(held, Held::NobodySkilled);
            } else if worker.load.spare(w.medium, worker.capacity) == 0 {
                held = worse(held, Held::NoRoom);
            } else {
                let key = self.key(at, w.medium, queue.rule.strategy, rota, wanted);
                if found.as_ref().is_none_or(|(_, best)| key < *best) {
                    found = Some((at, key));
                }
            }
        }
        // Those who became full while we decided could have been the one.
        if held == Held::NobodyThere && self.full.iter().any(|at| self.may(*at, w, queue.id)) {
            held = Held::NoRoom;
        }
        let chosen = if rota { Chosen::NewcomerRota } else { Chosen::Strategy(queue.rule.strategy) };
        found.map(|(at, _)| (at, chosen)).ok_or(held)
    }

    /// The smaller, the better.
    fn key(&self, at: usize, medium: Medium, strategy: Strategy, rota: bool, wanted: &Wanted) -> impl Ord + use<> {
        use crate::Id;
        let worker = &self.workers[at];
        let skills = wanted.preferred.iter().filter(|s| worker.skills.contains(s)).count();
        let idle = (worker.idle_since, self.turns.get(&at).copied().unwrap_or(0));
        let turn = |last: Option<Timestamp>, turns: &HashMap<usize, u32>| (last, turns.get(&at).copied().unwrap_or(0));
        // One tuple for all: what a strategy does not look at is the same for everybody.
        let rota_turn = if rota { turn(worker.newcomer_at, &self.newcomer_turns) } else { (None, 0) };
        let robin = if strategy == Strategy::RoundRobin { turn(worker.routed_at, &self.turns) } else { (None, 0) };
        let spare = if strategy == Strategy::SpareCapacity { worker.load.spare(medium, worker.capacity) } else { 0 };
        (rota_turn, Reverse(skills), robin, Reverse(spare), idle, worker.agent.raw())
    }

    fn give(&mut self, at: usize, w: &Waiting, queue: &QueueNow, chosen: Chosen, wanted: &Wanted) -> Decision {
        self.turn += 1;
        self.turns.insert(at, self.turn);
        let newcomer = w.newcomer && queue.rule.newcomer_rota;
        if newcomer {
            self.newcomer_turns.insert(at, self.turn);
        }
        let now = self.now;
        let worker = &mut self.workers[at];
        let load = (worker.load.of(w.medium), worker.capacity.of(w.medium));
        worker.load.add(w.medium, 1);
        worker.idle_since = now;
        worker.routed_at = Some(now);
        if newcomer {
            worker.newcomer_at = Some(now);
        }
        let (agent, skills) = (worker.agent, wanted.all().filter(|s| worker.skills.contains(s)).collect());
        if worker.load.spare(Medium::Chat, worker.capacity) == 0 && worker.load.spare(Medium::Mail, worker.capacity) == 0 {
            self.full.insert(at);
        }
        Decision::Give {
            conversation: w.conversation,
            queue: queue.id,
            agent,
            until: queue.rule.offers.then(|| now + seconds(queue.rule.accept_seconds)),
            chosen,
            skills,
            load,
            helped_before: w.last_agent == Some(agent),
            newcomer,
            medium: w.medium,
        }
    }
}

/// The telling reason of two: what is nearest to somebody who could.
fn worse(a: Held, b: Held) -> Held {
    let nearness = |h: Held| match h {
        Held::NoRoom => 3,
        Held::Declined => 2,
        Held::NobodySkilled => 1,
        _ => 0,
    };
    if nearness(b) > nearness(a) { b } else { a }
}

/// Skills that a conversation asks for.
struct Wanted {
    required: Vec<SkillId>,
    preferred: Vec<SkillId>,
}

impl Wanted {
    fn of(w: &Waiting, rule: &Rule, relaxed: bool) -> Self {
        let mut required = rule.required.clone();
        let mut preferred = rule.preferred.clone();
        match (w.language, rule.language) {
            (Some(language), LanguageMatch::Required) => required.push(language),
            (Some(language), LanguageMatch::Preferred) => preferred.push(language),
            _ => {}
        }
        if relaxed {
            preferred.append(&mut required);
        }
        Self { required, preferred }
    }

    fn all(&self) -> impl Iterator<Item = SkillId> + '_ {
        self.required.iter().chain(&self.preferred).copied()
    }
}
