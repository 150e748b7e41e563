//! Everybody who works in the queues, as they are now.

use std::collections::HashMap;

use jiff::SignedDuration;
use model::availability::{Availability, Because, Load, Medium, Settings, State};
use model::queue::Queue;
use model::routing::{FEWEST, Flow, Stage, Worker};
use model::{AgentId, Inboxes, QueueId, Role, SkillId, TeamId, Timestamp, WorkspaceId};
use store::availability::Person;
use store::routing::Entry;
use store::{Conn, Error};

/// Everybody who works in the queues, and what they have in hand.
pub struct Floor {
    /// What the workspace says about availability.
    pub settings: Settings,
    /// Everybody who ever said something, on-line or not.
    pub people: Vec<Person>,
    /// What each of those who are at work has in hand.
    pub load: HashMap<AgentId, Load>,
    /// Those who may be given something now.
    pub workers: Vec<Worker>,
    /// What is offered now.
    pub offered: Vec<Entry>,
    /// When the first slot is free by itself.
    pub frees_at: Option<Timestamp>,
}

impl Floor {
    /// Reads it: eight queries, whatever the number of agents. Cost: O(agents + their open conversations).
    pub async fn read(conn: &mut Conn, workspace: WorkspaceId, queues: &[Queue], now: Timestamp) -> Result<Self, Error> {
        let settings = store::routing::desk(conn, workspace).await?.map(|d| d.settings).unwrap_or_default();
        let people = store::availability::list(conn, workspace).await?;
        let at_work: Vec<AgentId> =
            people.iter().filter(|p| p.availability.effective(&settings, now).0.is_at_work()).map(|p| p.availability.agent).collect();
        let silent: Vec<(QueueId, u32)> = queues.iter().map(|q| (q.id, q.rule.silent_minutes)).collect();
        let filled = store::routing::filled(conn, workspace, &at_work, &silent, now).await?;
        let offered = store::routing::of_stage(conn, workspace, Stage::Offered).await?;
        let mut load: HashMap<AgentId, Load> = HashMap::new();
        for f in &filled {
            load.entry(f.agent).or_default().add(f.medium, i32::from(f.count));
        }
        for entry in &offered {
            if let Some(agent) = entry.agent {
                load.entry(agent).or_default().add(entry.medium(), 1);
            }
        }
        let frees_at = filled.iter().filter_map(|f| f.frees_at).min();
        let mut floor = Self { settings, people, load, workers: Vec::new(), offered, frees_at };
        floor.workers = floor.find_workers(conn, workspace, queues, now).await?;
        Ok(floor)
    }

    async fn find_workers(&self, conn: &mut Conn, workspace: WorkspaceId, queues: &[Queue], now: Timestamp) -> Result<Vec<Worker>, Error> {
        let online: Vec<&Person> = self.people.iter().filter(|p| p.availability.effective(&self.settings, now).0 == State::Online).collect();
        if online.is_empty() {
            return Ok(Vec::new());
        }
        let inboxes = store::inbox::list(conn, workspace).await?;
        let mut skills = store::skill::of_agents(conn, workspace).await?;
        let mut teams: HashMap<AgentId, Vec<TeamId>> = HashMap::new();
        if queues.iter().any(|q| !q.teams.is_empty()) {
            for team in store::team::list(conn, workspace).await? {
                for member in team.members {
                    teams.entry(member).or_default().push(team.id);
                }
            }
        }
        let nothing = Vec::new();
        let seen = |agent: AgentId, role: Role| {
            if role >= Role::Admin {
                return Inboxes::All;
            }
            Inboxes::Only(inboxes.iter().filter(|i| i.open_to_all || i.members.contains(&agent)).map(|i| i.id).collect())
        };
        Ok(online
            .into_iter()
            .map(|p| {
                let teams = teams.get(&p.availability.agent).unwrap_or(&nothing);
                let skills = skills.remove(&p.availability.agent).unwrap_or_default();
                self.worker(&p.availability, seen(p.availability.agent, p.role), skills, teams, queues)
            })
            .collect())
    }

    /// An agent as the decision sees them.
    pub(super) fn worker(&self, v: &Availability, inboxes: Inboxes, skills: Vec<SkillId>, teams: &[TeamId], queues: &[Queue]) -> Worker {
        Worker {
            agent: v.agent,
            takes: v.on,
            capacity: v.capacity,
            load: self.load.get(&v.agent).copied().unwrap_or_default(),
            idle_since: v.idle_since,
            routed_at: v.routed_at,
            newcomer_at: v.newcomer_at,
            skills,
            queues: queues.iter().filter(|q| q.has(v.agent, teams)).map(|q| q.id).collect(),
            inboxes,
        }
    }

    /// An agent's name.
    pub fn name(&self, agent: AgentId) -> String {
        self.people.iter().find(|p| p.availability.agent == agent).map(|p| p.name.clone()).unwrap_or_default()
    }

    /// How an agent really is now. Somebody who never said anything is nobody's business.
    pub fn state(&self, agent: AgentId, now: Timestamp) -> Option<(State, Option<Because>)> {
        self.people.iter().find(|p| p.availability.agent == agent).map(|p| p.availability.effective(&self.settings, now))
    }

    /// How a queue flows for one kind of work. Two queries.
    pub async fn flow(&self, conn: &mut Conn, workspace: WorkspaceId, queue: &Queue, medium: Medium, now: Timestamp) -> Result<Flow, Error> {
        let mut flow = Flow::default();
        for w in self.workers.iter().filter(|w| w.queues.contains(&queue.id) && w.takes.has(medium)) {
            flow.slots += i64::from(w.capacity.of(medium));
            flow.free += i64::from(w.load.spare(medium, w.capacity));
        }
        let (known, mean) = store::routing::handled(conn, workspace, queue.id).await?;
        flow.handle = usize::try_from(known).is_ok_and(|n| n >= FEWEST).then(|| SignedDuration::from_millis(mean));
        let hour = now - SignedDuration::from_hours(1);
        let arrivals = store::routing::arrivals(conn, workspace, hour).await?;
        flow.arrivals = arrivals.iter().find(|(q, _)| *q == queue.id).map_or(0, |(_, n)| *n);
        Ok(flow)
    }
}
