//! The listener that keeps what waits in step with what happens, each event once.

use std::collections::{BTreeMap, HashMap};

use model::event::Cursor;
use model::{Actor, ConversationId, Event, EventKind, MessageId, Timestamp, WorkspaceId};
use store::Error;

use super::settle::{all_that_wait, settle};
use crate::Desk;

/// Its name in the table of listeners.
pub const LISTENER: &str = "routing";
/// Events looked at in one go.
const BATCH: usize = 500;

/// What a piece of the log means for one workspace.
#[derive(Default)]
struct News {
    conversations: Vec<ConversationId>,
    /// When an agent answered, and with which message.
    answers: Vec<(ConversationId, MessageId, Timestamp)>,
    /// Queues changed: everything is looked at.
    everything: bool,
}

/// Reads the log from a place on, keeps what waits in step, and decides; where it stands then, and whether there is more. Without
/// any queue nothing is written. Two nodes that do this at once do it once.
pub async fn listen(desk: &Desk, from: Option<Cursor>) -> Result<(Cursor, bool), Error> {
    let place = match from {
        Some(place) => place,
        None => begin(desk).await?,
    };
    let mut conn = desk.store.read().await?;
    let events = store::event::after(&mut conn, place, BATCH).await?.events;
    let (more, last) = (events.len() == BATCH, events.last().map_or(place, |e| e.cursor));
    let routed = if events.iter().any(concerns_us) { store::routing::workspaces(&mut conn).await? } else { Vec::new() };
    drop(conn);
    if !events.iter().any(|e| concerns_us(e) && routed.contains(&e.workspace)) && !more {
        return Ok((last, false));
    }
    let mut tx = desk.begin().await?;
    let Some(kept) = store::listener::take(&mut tx, LISTENER).await? else { return Ok((place, false)) };
    for (workspace, news) in news(events.iter().filter(|e| e.cursor > kept && routed.contains(&e.workspace))) {
        store::routing::lock(&mut tx, workspace).await?;
        let queues = store::queue::list(&mut tx, workspace).await?;
        let mut conversations = news.conversations;
        if news.everything {
            conversations.extend(all_that_wait(&mut tx, workspace).await?);
            conversations.sort();
            conversations.dedup();
        }
        let answers = first_answers(&mut tx, workspace, &news.answers).await?;
        settle(&mut tx, workspace, &queues, &conversations, &answers).await?;
        super::run(&mut tx, workspace).await?;
    }
    if last > kept {
        store::listener::move_to(&mut tx, LISTENER, last).await?;
    }
    tx.commit().await?;
    Ok((last, more))
}

/// The place that was kept; a new listener begins at the end of the log.
async fn begin(desk: &Desk) -> Result<Cursor, Error> {
    let mut tx = desk.begin().await?;
    store::listener::start(&mut tx, LISTENER).await?;
    let place = store::listener::place(&mut tx, LISTENER).await?.unwrap_or_default();
    tx.commit().await?;
    Ok(place)
}

/// By workspace, in an order that is the same on every node.
fn news<'a>(events: impl Iterator<Item = &'a Event>) -> BTreeMap<WorkspaceId, News> {
    let mut found: BTreeMap<WorkspaceId, News> = BTreeMap::new();
    for event in events.filter(|e| concerns_us(e)) {
        let news = found.entry(event.workspace).or_default();
        news.everything |= matches!(event.kind, EventKind::QueueUpdated { .. });
        let Some(conversation) = event.conversation else { continue };
        if !news.conversations.contains(&conversation) {
            news.conversations.push(conversation);
        }
        if let (EventKind::MessageReplied { message }, Actor::Agent(_)) = (&event.kind, event.actor) {
            news.answers.push((conversation, *message, event.at));
        }
    }
    found
}

/// When an agent first answered each conversation. A greeting is no answer.
async fn first_answers(
    tx: &mut store::Tx,
    workspace: WorkspaceId,
    answers: &[(ConversationId, MessageId, Timestamp)],
) -> Result<HashMap<ConversationId, Timestamp>, Error> {
    let messages: Vec<MessageId> = answers.iter().map(|(_, message, _)| *message).collect();
    let greetings = store::chat::greetings_among(tx, workspace, &messages).await?;
    let mut first = HashMap::new();
    for (conversation, _, at) in answers.iter().filter(|(_, message, _)| !greetings.contains(message)) {
        first.entry(*conversation).or_insert(*at);
    }
    Ok(first)
}

fn concerns_us(event: &Event) -> bool {
    matches!(
        &event.kind,
        EventKind::ConversationCreated {}
            | EventKind::ConversationAssigned { .. }
            | EventKind::ConversationUpdated { .. }
            | EventKind::ConversationStatusChanged { .. }
            | EventKind::ConversationTagged { .. }
            | EventKind::ConversationFieldsChanged { .. }
            | EventKind::ConversationShelved { .. }
            | EventKind::ConversationRestored { .. }
            | EventKind::ConversationMerged { .. }
            | EventKind::ConversationUnmerged { .. }
            | EventKind::ConversationSplit { .. }
            | EventKind::MessageReceived { .. }
            | EventKind::MessageReplied { .. }
            | EventKind::ChatStarted { .. }
            | EventKind::ChatEnded { .. }
            | EventKind::ChatCallbackRequested { .. }
            | EventKind::ChatCalled { .. }
            | EventKind::AvailabilityChanged { .. }
            | EventKind::QueueUpdated { .. }
            | EventKind::SkillUpdated { .. }
            | EventKind::AgentUpdated { .. }
            | EventKind::TeamUpdated { .. }
            | EventKind::InboxUpdated { .. }
            | EventKind::WorkspaceUpdated {}
    )
}
