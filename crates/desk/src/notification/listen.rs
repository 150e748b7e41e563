//! The listener that turns events into notifications, each once.

use jiff::tz::TimeZone;
use model::conversation::Bucket;
use model::event::Cursor;
use model::notification::{MAIL_AFTER, Notification, NotificationKind, PUSH_AFTER};
use model::{Actor, AgentId, Conversation, Event, EventKind, Job, MessageId, Scope, Timestamp, WorkspaceId};
use store::{Error, Tx};

use crate::Desk;

/// Its name in the table of listeners.
pub const LISTENER: &str = "notifications";
/// Events looked at in one go.
const BATCH: usize = 500;

/// Reads the log from a place on and notifies; where it stands then, and whether there is more. Whatever concerns nobody is
/// passed over without a transaction. Two nodes that do this at once notify once.
pub async fn listen(desk: &Desk, from: Option<Cursor>) -> Result<(Cursor, bool), Error> {
    let place = match from {
        Some(place) => place,
        None => begin(desk).await?,
    };
    let events = store::event::after(&mut desk.store.read().await?, place, BATCH).await?.events;
    let (more, last) = (events.len() == BATCH, events.last().map_or(place, |e| e.cursor));
    if !events.iter().any(concerns_somebody) && !more {
        return Ok((last, false));
    }
    let mut tx = desk.begin().await?;
    let Some(kept) = store::listener::take(&mut tx, LISTENER).await? else { return Ok((place, false)) };
    for event in events.iter().filter(|e| e.cursor > kept) {
        notify(&mut tx, event).await?;
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

fn concerns_somebody(event: &Event) -> bool {
    match &event.kind {
        EventKind::ConversationAssigned { assignee, .. } => assignee.is_some(),
        EventKind::ConversationBecameDue { .. }
        | EventKind::ReminderCame { .. }
        | EventKind::MessageNoted { .. }
        | EventKind::ConversationTakenOver { .. }
        | EventKind::ChatCallbackRequested { .. }
        | EventKind::ConversationCreated {} => true,
        EventKind::ConversationInvited { change, .. } => change == "invited",
        EventKind::MessageReplied { .. } => matches!(event.actor, Actor::Agent(_)),
        EventKind::MessageReceived { .. } => matches!(event.actor, Actor::Customer(_)),
        EventKind::OfferChanged { change, .. } => change == "offered",
        EventKind::ConversationStatusChanged { from, to, .. } => from == "snoozed" && to == "open" && event.actor == Actor::System,
        _ => false,
    }
}

/// Tells everyone whom an event concerns, but not those who did it.
pub async fn notify(tx: &mut Tx, event: &Event) -> Result<(), Error> {
    if !concerns_somebody(event) {
        return Ok(());
    }
    let (workspace, Some(id)) = (event.workspace, event.conversation) else { return Ok(()) };
    let scope = Scope::system(workspace);
    let Some(mut conversation) = store::conversation::get(tx, &scope, id).await? else { return Ok(()) };
    // What happens in a side conversation is told to those who have its parent, and to those who follow it itself.
    let mut aside = Vec::new();
    if let Some(parent) = conversation.beside {
        if matches!(event.kind, EventKind::ConversationCreated {}) {
            return Ok(());
        }
        aside = store::follower::list_before(tx, workspace, id, event.at).await?;
        let Some(parent) = crate::conversation::after_merges(tx, &scope, parent).await? else { return Ok(()) };
        conversation = parent;
    }
    // Nobody is told of spam, nor of what was thrown away meanwhile.
    if matches!(conversation.bucket(), Bucket::Trash | Bucket::Spam) {
        return Ok(());
    }
    for (agent, kind) in audience(tx, event, &conversation, &aside).await? {
        tell(tx, event, &conversation, agent, kind).await?;
    }
    Ok(())
}

/// Whom an event concerns. Each agent once: the first, more telling kind counts.
async fn audience(tx: &mut Tx, event: &Event, conversation: &Conversation, aside: &[AgentId]) -> Result<Vec<(AgentId, NotificationKind)>, Error> {
    use NotificationKind as K;
    let mut told: Vec<(AgentId, NotificationKind)> = Vec::new();
    let mut add = |agent: AgentId, kind: NotificationKind| {
        if event.actor.agent() != Some(agent) && !told.iter().any(|(a, _)| *a == agent) {
            told.push((agent, kind));
        }
    };
    let interested = match &event.kind {
        EventKind::ConversationAssigned { assignee: Some(agent), .. } => {
            add(*agent, K::Assigned);
            None
        }
        EventKind::ConversationBecameDue { .. } => {
            // What nobody has is the team's.
            if conversation.assignee.is_none()
                && let Some(team) = conversation.team
                && let Some(team) = store::team::find(tx, event.workspace, team).await?
            {
                for member in team.members {
                    add(member, K::Due);
                }
            }
            Some(K::Due)
        }
        EventKind::ReminderCame { agent, .. } => {
            add(*agent, K::Reminder);
            None
        }
        EventKind::OfferChanged { agent, .. } => {
            add(*agent, K::Offered);
            None
        }
        EventKind::ConversationInvited { agent, .. } => {
            add(*agent, K::Invited);
            None
        }
        EventKind::ConversationTakenOver { from } => {
            add(*from, K::TakenOver);
            None
        }
        EventKind::MessageNoted { message } => {
            // What is whispered is for one pair of ears.
            if let Some(agent) = store::whisper::to(tx, event.workspace, *message).await? {
                add(agent, K::Whispered);
                return Ok(told);
            }
            for agent in store::notification::mentioned(tx, event.workspace, *message).await? {
                add(agent, K::Mention);
            }
            Some(K::Colleague)
        }
        EventKind::MessageReplied { .. } => Some(K::Colleague),
        EventKind::MessageReceived { .. } | EventKind::ChatCallbackRequested { .. } => Some(K::CustomerMessage),
        EventKind::ConversationStatusChanged { .. } => Some(K::SnoozeEnded),
        EventKind::ConversationCreated {} if conversation.assignee.is_none() && conversation.bucket() == Bucket::Open => {
            for (agent, settings) in store::notification::all_settings(tx, event.workspace).await? {
                if !settings.new_unassigned.none() {
                    add(agent, K::NewUnassigned);
                }
            }
            None
        }
        _ => None,
    };
    if let Some(kind) = interested {
        if let Some(assignee) = conversation.assignee
            && !was_given_since(tx, event, conversation, assignee).await?
        {
            add(assignee, kind);
        }
        for follower in store::follower::list_before(tx, event.workspace, conversation.id, event.at).await?.iter().chain(aside) {
            add(*follower, kind);
        }
    }
    Ok(told)
}

/// Whether the assignee got the conversation only after an event: then the event is no news, but the assignment is.
async fn was_given_since(tx: &mut Tx, event: &Event, conversation: &Conversation, assignee: AgentId) -> Result<bool, Error> {
    let newest = store::event::of_conversation(tx, event.workspace, conversation.id, None, 50).await?;
    Ok(newest
        .iter()
        .take_while(|e| e.id > event.id)
        .any(|e| matches!(e.kind, EventKind::ConversationAssigned { assignee: Some(agent), .. } if agent == assignee)))
}

async fn tell(tx: &mut Tx, event: &Event, conversation: &Conversation, id: AgentId, kind: NotificationKind) -> Result<(), Error> {
    let workspace = event.workspace;
    let Some(agent) = store::agent::find(tx, workspace, id).await?.filter(|a| a.deactivated_at.is_none()) else { return Ok(()) };
    if !store::agent::visible_inboxes(tx, workspace, id, agent.role).await?.include(conversation.inbox) {
        return Ok(());
    }
    let settings = store::notification::settings(tx, workspace, id).await?;
    let ways = settings.ways(kind);
    if ways.none() {
        return Ok(());
    }
    let now = tx.now();
    let quiet = settings.quiet_hours.end(now, &zone(tx, workspace, agent.time_zone.as_deref()).await?);
    let waiting = ways.mail && store::notification::has_due(tx, workspace, id).await?;
    let notification = Notification {
        id: tx.new_id(),
        agent: id,
        kind,
        conversation: conversation.id,
        event: event.id,
        message: message_of(event),
        words: words_of(tx, event).await?,
        actor: event.actor,
        at: event.at,
        shown: ways.in_app,
        read_at: None,
        mail: ways.mail,
    };
    if !store::notification::insert(tx, workspace, &notification).await? {
        return Ok(());
    }
    if ways.mail && !waiting {
        let at: Timestamp = (now + MAIL_AFTER).max(quiet.unwrap_or(now));
        tx.enqueue_at(workspace, &Job::MailNotifications { agent: id }, at).await?;
    }
    let told = EventKind::NotificationChanged {
        agent: id,
        notification: Some(notification.id),
        about: Some(kind.as_str().to_owned()),
        desktop: ways.desktop && quiet.is_none(),
        quiet: quiet.is_some(),
    };
    if ways.desktop && quiet.is_none() {
        for device in store::push::of_agent(tx, workspace, id, now).await? {
            tx.enqueue_at(workspace, &Job::PushNotification { notification: notification.id, push: device.id }, now + PUSH_AFTER).await?;
        }
    }
    tx.record(workspace, event.actor, (Some(conversation.id), Some(conversation.inbox)), told).await
}

/// What an agent wrote for themselves.
async fn words_of(tx: &mut Tx, event: &Event) -> Result<Option<String>, Error> {
    let EventKind::ReminderCame { reminder, .. } = &event.kind else { return Ok(None) };
    let reminder = store::reminder::find(tx, event.workspace, *reminder).await?;
    Ok(reminder.map(|r| r.words).filter(|w| !w.is_empty()))
}

fn message_of(event: &Event) -> Option<MessageId> {
    event.kind.message()
}

/// The agent's time zone, or the workspace's.
pub(crate) async fn zone(conn: &mut store::Conn, workspace: WorkspaceId, own: Option<&str>) -> Result<TimeZone, Error> {
    let name = match own {
        Some(own) => Some(own.to_owned()),
        None => store::workspace::find(conn, workspace).await?.map(|w| w.time_zone),
    };
    Ok(name.and_then(|n| TimeZone::get(&n).ok()).unwrap_or(TimeZone::UTC))
}
