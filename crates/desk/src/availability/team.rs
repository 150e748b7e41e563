//! Who is there to chat with, as a customer is told.

use jiff::SignedDuration;
use model::availability::Medium;
use model::filter::{Choice, Field, Operator, Value};
use model::queue::Queue;
use model::routing::expected_for_newcomer;
use model::{AgentId, InboxId, Timestamp, WorkspaceId};
use store::{Conn, Error};

use crate::routing::Floor;

/// Who is there to chat with in an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// It is within the hours of a queue that takes chats of the inbox, or there is no such queue.
    pub open: bool,
    /// When it opens, when it is not open.
    pub opens_at: Option<Timestamp>,
    /// Those who are on-line for chats there, with their names.
    pub people: Vec<(AgentId, String)>,
    /// How long somebody who comes now waits; none: nobody can say.
    pub expected: Option<SignedDuration>,
}

/// Who is there to chat with in an inbox at `now`. Without queues nobody is known to be, and it counts as open.
pub async fn team(conn: &mut Conn, workspace: WorkspaceId, inbox: InboxId, now: Timestamp) -> Result<Team, Error> {
    let nobody = Team { open: true, opens_at: None, people: Vec::new(), expected: None };
    let queues: Vec<Queue> = store::queue::list(conn, workspace).await?.into_iter().filter(|q| may_take_chats_of(q, inbox)).collect();
    if queues.is_empty() {
        return Ok(nobody);
    }
    let zone = crate::queue::zone(conn, workspace).await?;
    let open = queues.iter().any(|q| q.rule.is_open(now, &zone));
    let opens_at = if open { None } else { queues.iter().filter_map(|q| q.rule.opens_at(now, &zone)).min() };
    let floor = Floor::read(conn, workspace, &queues, now).await?;
    let there = |w: &&model::routing::Worker| w.takes.chat && w.capacity.chat > 0 && w.inboxes.include(inbox) && !w.queues.is_empty();
    let mut people: Vec<(AgentId, String)> = floor.workers.iter().filter(there).map(|w| (w.agent, floor.name(w.agent))).collect();
    people.sort_by(|a, b| a.1.cmp(&b.1));
    let expected = if open && !people.is_empty() {
        let waiting = store::routing::line(conn, workspace).await?;
        let first = &queues[0];
        let flow = floor.flow(conn, workspace, first, Medium::Chat, now).await?;
        expected_for_newcomer(waiting.iter().filter(|l| l.queue == first.id).map(|l| l.waiting).sum(), &flow)
    } else {
        None
    };
    Ok(Team { open, opens_at, people: if open { people } else { Vec::new() }, expected })
}

/// Whether a queue may take chats of an inbox, by the conditions that must hold. The rest is known when somebody writes.
fn may_take_chats_of(queue: &Queue, inbox: InboxId) -> bool {
    queue.filter.required().iter().all(|c| {
        let Value::Choices(choices) = c.value() else { return true };
        let is_it = |choice: &Choice| match choice {
            Choice::Inbox(id) => *id == inbox,
            Choice::Channel(channel) => Medium::from(*channel) == Medium::Chat,
            _ => false,
        };
        match (c.field(), c.operator()) {
            (Field::Inbox | Field::Channel, Operator::IsAnyOf) => choices.iter().any(is_it),
            (Field::Inbox | Field::Channel, Operator::IsNoneOf) => !choices.iter().any(is_it),
            _ => true,
        }
    })
}
