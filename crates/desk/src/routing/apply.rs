//! Making a decision true: the conversation, its row, and what is told of it.

use std::collections::HashMap;

use model::conversation::{Bucket, Channel, StatusKind};
use model::queue::Queue;
use model::routing::{Decision, Stage, Why};
use model::{Actor, AgentId, Conversation, ConversationId, EventKind, Scope, SkillId, WorkspaceId};
use store::routing::Entry;
use store::{Error, Tx};

/// What a decision is made true with.
pub(super) struct Hands<'a> {
    pub workspace: WorkspaceId,
    pub queues: &'a [Queue],
    pub skills: &'a HashMap<SkillId, String>,
}

impl Hands<'_> {
    /// Gives or offers one. False when it is no longer to be had: somebody took it by hand meanwhile.
    pub async fn give(&self, tx: &mut Tx, entry: &mut Entry, decision: &Decision, actor: Actor) -> Result<bool, Error> {
        let Decision::Give { agent, until, newcomer, .. } = decision else { return Ok(false) };
        let scope = Scope::system(self.workspace);
        let Some(c) = store::conversation::get(tx, &scope, entry.conversation).await? else { return Ok(false) };
        if c.assignee.is_some() || c.status.kind() != StatusKind::Open || c.bucket() != Bucket::Open {
            return Ok(false);
        }
        entry.agent = Some(*agent);
        entry.held = None;
        entry.until = *until;
        if until.is_some() {
            entry.stage = Stage::Offered;
            store::routing::update(tx, self.workspace, entry).await?;
            offer_over(tx, self.workspace, &c, *agent, "offered", Actor::System).await?;
        } else {
            let is_chat = c.channel == Channel::Chat;
            self.assigned(tx, entry, c, *agent, actor, self.why(decision)).await?;
            if is_chat {
                crate::chat::greet_for(tx, self.workspace, *agent, entry.conversation).await?;
            }
        }
        store::availability::turn(tx, self.workspace, *agent, *newcomer).await?;
        Ok(true)
    }

    /// The agent has it now.
    pub async fn assigned(&self, tx: &mut Tx, entry: &mut Entry, c: Conversation, agent: AgentId, actor: Actor, why: Why) -> Result<(), Error> {
        entry.stage = Stage::Assigned;
        entry.agent = Some(agent);
        entry.until = None;
        entry.assigned_at = Some(tx.now());
        store::routing::update(tx, self.workspace, entry).await?;
        let place = (Some(c.id), Some(c.inbox));
        assign(tx, self.workspace, c, Some(agent), actor).await?;
        let kind = EventKind::ConversationRouted { queue: entry.queue, queue_name: self.name(entry), agent: Some(agent), why };
        tx.record(self.workspace, actor, place, kind).await
    }

    /// Passes one on to another queue.
    pub async fn pass_on(&self, tx: &mut Tx, entry: &mut Entry, decision: &Decision) -> Result<(), Error> {
        let Decision::Move { to, .. } = decision else { return Ok(()) };
        let why = Why::new("overflow").with("from", self.name(entry));
        entry.queue = *to;
        entry.queued_at = tx.now();
        store::routing::update(tx, self.workspace, entry).await?;
        self.told_to_wait(tx, entry, why).await
    }

    /// Takes one back from an agent.
    pub async fn take_back(&self, tx: &mut Tx, entry: &mut Entry, code: &str, asked_again: bool) -> Result<bool, Error> {
        let scope = Scope::system(self.workspace);
        let Some(agent) = entry.agent else { return Ok(false) };
        let Some(c) = store::conversation::get(tx, &scope, entry.conversation).await?.filter(|c| c.assignee == Some(agent)) else {
            return Ok(false);
        };
        assign(tx, self.workspace, c, None, Actor::System).await?;
        waits_again(entry, tx, asked_again);
        store::chat::passed(tx, self.workspace, entry.conversation).await?;
        store::routing::update(tx, self.workspace, entry).await?;
        let name = store::agent::find(tx, self.workspace, agent).await?.map(|a| a.name).unwrap_or_default();
        self.told_to_wait(tx, entry, Why::new(code).with("agent", name)).await?;
        Ok(true)
    }

    async fn told_to_wait(&self, tx: &mut Tx, entry: &Entry, why: Why) -> Result<(), Error> {
        let Some((inbox, _)) = store::conversation::route(tx, self.workspace, entry.conversation).await? else { return Ok(()) };
        let kind = EventKind::ConversationRouted { queue: entry.queue, queue_name: self.name(entry), agent: None, why };
        tx.record(self.workspace, Actor::System, (Some(entry.conversation), Some(inbox)), kind).await
    }

    fn name(&self, entry: &Entry) -> String {
        self.queues.iter().find(|q| q.id == entry.queue).map(|q| q.name.clone()).unwrap_or_default()
    }

    /// Why an agent is the one, so that it can be said in any language.
    pub fn why(&self, decision: &Decision) -> Why {
        let Decision::Give { chosen, skills, load, helped_before, newcomer, medium, .. } = decision else { return Why::default() };
        let mut names: Vec<&String> = skills.iter().filter_map(|s| self.skills.get(s)).collect();
        names.dedup();
        let mut why = Why::new(chosen.code()).with("load", load.0).with("capacity", load.1).with("medium", medium.as_str());
        if !names.is_empty() {
            why = why.with("skills", names.into_iter().cloned().collect::<Vec<_>>());
        }
        if *helped_before {
            why = why.with("helped_before", true);
        }
        if *newcomer {
            why = why.with("newcomer", true);
        }
        why
    }
}

/// It waits again, in the queue that it was in.
pub(super) fn waits_again(entry: &mut Entry, tx: &Tx, asked_again: bool) {
    if let Some(agent) = entry.agent.take()
        && !asked_again
        && !entry.declined.contains(&agent)
    {
        entry.declined.push(agent);
    }
    entry.stage = Stage::Waiting;
    (entry.until, entry.assigned_at) = (None, None);
    entry.queued_at = tx.now();
}

/// Tells exactly the agent what became of an offer, and keeps the notification of it in step.
pub(super) async fn offer_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    c: &Conversation,
    agent: AgentId,
    change: &str,
    actor: Actor,
) -> Result<(), Error> {
    if change != "offered" {
        store::notification::read_offers(tx, workspace, agent, c.id).await?;
    }
    let kind = EventKind::OfferChanged { agent, change: change.to_owned() };
    tx.record(workspace, actor, (Some(c.id), Some(c.inbox)), kind).await
}

async fn assign(tx: &mut Tx, workspace: WorkspaceId, before: Conversation, to: Option<AgentId>, actor: Actor) -> Result<(), Error> {
    let mut after = before.clone();
    if !after.assign(to, before.team, tx.now()) {
        return Ok(());
    }
    store::conversation::update(tx, workspace, &before, &mut after).await?;
    let kind = EventKind::ConversationAssigned { assignee: to, team: after.team, note: None };
    tx.record(workspace, actor, (Some(after.id), Some(after.inbox)), kind).await
}

/// Gives back to the queues what an agent has in hand: what a customer waits for, and chats. What no queue takes stays.
/// The caller holds the workspace's lock.
pub(crate) async fn hand_over(tx: &mut Tx, workspace: WorkspaceId, agent: AgentId, code: &str) -> Result<(), Error> {
    let queues = store::queue::list(tx, workspace).await?;
    if queues.is_empty() {
        return Ok(());
    }
    let ids: Vec<ConversationId> = store::routing::in_hand(tx, workspace, agent).await?;
    let mut entries: HashMap<ConversationId, Entry> =
        store::routing::open(tx, workspace, &ids).await?.into_iter().map(|e| (e.conversation, e)).collect();
    let skills = HashMap::new();
    let hands = Hands { workspace, queues: &queues, skills: &skills };
    for id in ids {
        if let Some(mut entry) = entries.remove(&id) {
            hands.take_back(tx, &mut entry, code, true).await?;
            continue;
        }
        // It came by another way than a queue: one of them may take it now.
        let Some(c) = store::conversation::get(tx, &Scope::system(workspace), id).await?.filter(|c| c.assignee == Some(agent)) else { continue };
        if !super::settle::has_a_queue(tx, workspace, &queues, id).await? {
            continue;
        }
        assign(tx, workspace, c, None, Actor::System).await?;
        super::settle::settle(tx, workspace, &queues, &[id], &HashMap::new()).await?;
    }
    Ok(())
}
