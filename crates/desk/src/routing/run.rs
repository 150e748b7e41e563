//! One decision about everything that waits in a workspace.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Place;

use jiff::Timestamp;
use model::availability::{Because, Medium, State};
use model::queue::{Queue, seconds};
use model::routing::{Decision, Flow, QueueNow, Snapshot, Stage, Waiting, decide, tell};
use model::{Actor, ConversationId, EventKind, Job, QueueId, SkillId, WorkspaceId};
use store::routing::{Entry, Unanswered};
use store::{Error, Tx};

use super::Floor;
use super::apply::{Hands, hand_over, offer_over, waits_again};

/// An agent who seems to be gone is looked for again at most so often: their signs come in the meantime.
const STEP: i64 = 5_000;
/// So many who wait in a chat are told anew each time.
const MOST_TOLD: usize = 200;
/// What overflows is decided anew, so often.
const ROUNDS: usize = 3;

/// Looks at all that waits in a workspace and does what is to be done: notes who went away, ends offers, takes back what is not
/// answered, gives what can be given, and says when to look again. Does nothing where there is no queue.
pub async fn run(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), Error> {
    let Some(desk) = store::routing::lock(tx, workspace).await? else { return Ok(()) };
    let queues = store::queue::list(tx, workspace).await?;
    if queues.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let skills: HashMap<SkillId, String> = store::skill::list(tx, workspace).await?.into_iter().map(|s| (s.id, s.name)).collect();
    let hands = Hands { workspace, queues: &queues, skills: &skills };
    let mut alarm = Alarm { now, at: None };
    look_at_people(tx, workspace, &desk.settings, &mut alarm).await?;
    let mut floor = Floor::read(tx, workspace, &queues, now).await?;
    let returned = look_at_offers(tx, workspace, &floor, &mut alarm).await? | look_at_work(tx, &hands, &floor, &mut alarm).await?;
    if returned {
        floor = Floor::read(tx, workspace, &queues, now).await?;
    }
    alarm.set(floor.frees_at);
    let zone = crate::queue::zone(tx, workspace).await?;
    let lines: Vec<QueueNow> = queues
        .iter()
        .map(|q| QueueNow { id: q.id, rule: q.rule.clone(), closed: (!q.rule.is_open(now, &zone)).then(|| q.rule.opens_at(now, &zone)) })
        .collect();
    for round in 0..ROUNDS {
        let (mut entries, waiting) = read_waiting(tx, workspace).await?;
        if waiting.is_empty() {
            break;
        }
        let snapshot = Snapshot { now, waiting, workers: floor.workers.clone(), queues: lines.clone() };
        let mut decisions = decide(&snapshot);
        // Conversations are locked in the order of their ids, as everybody does who locks several.
        decisions.sort_by_key(Decision::conversation);
        let mut moved = false;
        for decision in &decisions {
            let Some(entry) = entries.get_mut(&decision.conversation()) else { continue };
            match decision {
                Decision::Give { until, .. } => {
                    if hands.give(tx, entry, decision, Actor::System).await? {
                        alarm.set(*until);
                    }
                }
                Decision::Move { .. } => {
                    moved = true;
                    hands.pass_on(tx, entry, decision).await?;
                }
                Decision::Wait { held, again, .. } => {
                    alarm.set(*again);
                    if entry.held.as_deref() != Some(held.as_str()) {
                        store::routing::hold(tx, workspace, entry.id, held.as_str()).await?;
                    }
                }
            }
        }
        if !moved || round + 1 == ROUNDS {
            break;
        }
        floor = Floor::read(tx, workspace, &queues, now).await?;
    }
    tell_those_who_wait(tx, workspace, &queues, &lines).await?;
    alarm.keep(tx, workspace, desk.wake_at).await
}

/// When to look again.
struct Alarm {
    now: Timestamp,
    at: Option<Timestamp>,
}

impl Alarm {
    fn set(&mut self, at: Option<Timestamp>) {
        if let Some(at) = at.filter(|at| *at > self.now) {
            self.at = Some(self.at.map_or(at, |other| other.min(at)));
        }
    }

    /// One job at a time waits for it.
    async fn keep(&self, tx: &mut Tx, workspace: WorkspaceId, before: Option<Timestamp>) -> Result<(), Error> {
        let kept = before.filter(|at| *at > self.now);
        if kept == self.at {
            return Ok(());
        }
        if let Some(at) = kept {
            store::job::drop_due(tx, workspace, &Job::Route {}, at).await?;
        }
        if let Some(at) = self.at {
            tx.enqueue_at(workspace, &Job::Route {}, at).await?;
        }
        store::routing::set_wake(tx, workspace, self.at).await
    }
}

/// Notes who went away by themselves, or came back; those whose shift is over hand over what they have.
async fn look_at_people(tx: &mut Tx, workspace: WorkspaceId, settings: &model::availability::Settings, alarm: &mut Alarm) -> Result<(), Error> {
    let now = tx.now();
    for person in store::availability::list(tx, workspace).await? {
        let v = person.availability;
        let (state, because) = v.effective(settings, now);
        if state != v.told {
            store::availability::tell(tx, workspace, v.agent, state, (v.reason.as_deref(), because, None)).await?;
            let kind = EventKind::AvailabilityChanged { agent: v.agent, state, reason: v.reason.clone() };
            tx.record(workspace, Actor::System, (None, None), kind).await?;
            if because == Some(Because::ShiftOver) {
                let over = model::availability::Availability { state: State::Offline, told: state, reason: None, since: now, ..v.clone() };
                store::availability::put(tx, workspace, &over).await?;
                hand_over(tx, workspace, v.agent, "shift_over").await?;
            }
        }
        if let Some(at) = v.changes_at(settings, now) {
            let ms = at.as_millisecond();
            let exact = v.shift_ends_at == Some(at);
            alarm.set(if exact { Some(at) } else { Timestamp::from_millisecond((ms + STEP - 1) / STEP * STEP).ok() });
        }
    }
    Ok(())
}

/// Ends offers whose time is over, or whose agent takes nothing now. Whether there was one.
async fn look_at_offers(tx: &mut Tx, workspace: WorkspaceId, floor: &Floor, alarm: &mut Alarm) -> Result<bool, Error> {
    let mut ended = false;
    for entry in &floor.offered {
        let Some(agent) = entry.agent else { continue };
        let takes = floor.workers.iter().any(|w| w.agent == agent && w.takes.has(entry.medium()));
        let over = entry.until.is_none_or(|until| until <= alarm.now);
        if takes && !over {
            alarm.set(entry.until);
            continue;
        }
        let mut entry = entry.clone();
        waits_again(&mut entry, tx, !over);
        store::routing::update(tx, workspace, &entry).await?;
        let scope = model::Scope::system(workspace);
        if let Some(c) = store::conversation::get(tx, &scope, entry.conversation).await? {
            offer_over(tx, workspace, &c, agent, if over { "expired" } else { "withdrawn" }, Actor::System).await?;
        }
        ended = true;
    }
    Ok(ended)
}

/// Takes back what an agent does not answer in time, and chats of those who went away. Whether there was one.
async fn look_at_work(tx: &mut Tx, hands: &Hands<'_>, floor: &Floor, alarm: &mut Alarm) -> Result<bool, Error> {
    let mut taken = false;
    for Unanswered { mut entry, since, to_call } in store::routing::assigned(tx, hands.workspace).await? {
        let (Some(agent), Some(queue)) = (entry.agent, hands.queues.iter().find(|q| q.id == entry.queue)) else { continue };
        let gone = floor.state(agent, alarm.now).is_some_and(|(state, _)| !state.is_at_work());
        if gone && queue.rule.return_when_gone && entry.medium() == Medium::Chat {
            taken |= hands.take_back(tx, &mut entry, "agent_gone", true).await?;
            continue;
        }
        // Who telephones writes nothing.
        let Some(after) = queue.rule.silence_seconds.filter(|_| !to_call) else { continue };
        let at = entry.assigned_at.unwrap_or(entry.entered_at).max(since) + seconds(after);
        if at <= alarm.now {
            taken |= hands.take_back(tx, &mut entry, "agent_silent", false).await?;
        } else {
            alarm.set(Some(at));
        }
    }
    Ok(taken)
}

/// What waits, with its rows.
pub(super) async fn read_waiting(tx: &mut Tx, workspace: WorkspaceId) -> Result<(HashMap<ConversationId, Entry>, Vec<Waiting>), Error> {
    let languages: HashMap<String, SkillId> =
        store::skill::list(tx, workspace).await?.into_iter().filter_map(|s| Some((s.language?, s.id))).collect();
    let skill = |tag: &str| languages.get(tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase().as_str()).copied();
    let rows = store::routing::waiting(tx, workspace, skill).await?;
    let waiting = rows.iter().map(|(_, w)| w.clone()).collect();
    Ok((rows.into_iter().map(|(e, _)| (e.conversation, e)).collect(), waiting))
}

/// Reckons what those who wait in a chat are told. What did not change is not written.
async fn tell_those_who_wait(tx: &mut Tx, workspace: WorkspaceId, queues: &[Queue], lines: &[QueueNow]) -> Result<(), Error> {
    let mut waiting: Vec<Entry> = store::routing::of_stage(tx, workspace, Stage::Waiting).await?;
    waiting.extend(store::routing::of_stage(tx, workspace, Stage::Offered).await?);
    // Who waits for a call is before nobody: an agent gets to them in their turn, but they do not stand in this line.
    let to_call = store::callback::awaited(tx, workspace).await?;
    waiting.retain(|e| e.medium() == Medium::Chat && !to_call.contains(&e.conversation));
    if waiting.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    // As the decision goes: what is more urgent first, then who waits longer.
    let urgency: HashMap<ConversationId, i64> = {
        let ids: Vec<ConversationId> = waiting.iter().map(|e| e.conversation).collect();
        let listed = store::conversation::listed_by_ids(tx, &model::Scope::system(workspace), &ids).await?;
        listed.into_iter().map(|l| (l.conversation.id, l.conversation.priority.as_i64())).collect()
    };
    waiting.sort_by_key(|e| (std::cmp::Reverse(urgency.get(&e.conversation).copied().unwrap_or(1)), e.since, e.id));
    let floor = Floor::read(tx, workspace, queues, now).await?;
    let mut flows: HashMap<QueueId, (Flow, i64)> = HashMap::new();
    for entry in waiting.into_iter().take(MOST_TOLD) {
        let Some(queue) = queues.iter().find(|q| q.id == entry.queue) else { continue };
        let (flow, ahead) = match flows.entry(queue.id) {
            Place::Occupied(known) => known.into_mut(),
            Place::Vacant(place) => place.insert((floor.flow(tx, workspace, queue, Medium::Chat, now).await?, 0)),
        };
        let open = lines.iter().any(|l| l.id == queue.id && l.closed.is_none());
        let told = tell(entry.told, *ahead, flow, open, now);
        *ahead += 1;
        let same = entry.told.is_some_and(|t| (t.ahead, t.slots, t.reason) == (told.ahead, told.slots, told.reason) && t.wait(now) == told.wait(now));
        if !same {
            store::routing::tell(tx, workspace, entry.id, &told).await?;
        }
    }
    Ok(())
}
