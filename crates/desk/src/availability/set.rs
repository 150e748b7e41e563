//! Saying whether one is there, and the signs of it.

use model::availability::{Availability, LONGEST_REASON, MOST_REASONS, Settings, State, Switches};
use model::scope::Forbidden;
use model::{AgentId, EventKind, Permission, Scope, Timestamp};
use store::Tx;

use crate::{Refusal, line};

/// What an agent says of themselves; none leaves it.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Form {
    pub state: Option<State>,
    /// A word for it; `Some(None)`: none.
    pub reason: Option<Option<String>>,
    pub on: Option<Switches>,
    /// When the shift ends; `Some(None)`: open.
    pub shift_ends_at: Option<Option<Timestamp>>,
    /// Whoever goes off-line gives back what customers wait for.
    pub hand_over: bool,
}

/// Says whether an agent is there: for oneself, or as an admin for somebody else.
///
/// # Errors
/// [`Refusal::Forbidden`] for a viewer, or for somebody else without the permission; [`Refusal::NotFound`];
/// [`Refusal::Invalid`] for a reason that is too long, or a shift that is over.
pub async fn set(tx: &mut Tx, scope: &Scope, agent: AgentId, form: Form) -> Result<Availability, Refusal> {
    scope.require(Permission::ConversationWrite)?;
    let own = scope.actor.agent() == Some(agent);
    if !own {
        scope.require(Permission::QueueManage)?;
    }
    let person = store::agent::find(tx, scope.workspace, agent).await?.filter(|a| a.deactivated_at.is_none()).ok_or(Refusal::NotFound)?;
    if !person.role.may(Permission::ConversationReply) {
        return Err(Forbidden(Permission::ConversationReply).into());
    }
    let now = tx.now();
    // The desk first, as whoever decides does: what is handed over is given on in the same breath.
    store::routing::open_desk(tx, scope.workspace).await?;
    let desk = store::routing::lock(tx, scope.workspace).await?;
    let settings = desk.map(|d| d.settings).unwrap_or_default();
    let before = store::availability::find(tx, scope.workspace, agent).await?.unwrap_or_else(|| Availability::new(agent, now));
    let mut after = before.clone();
    if let Some(state) = form.state {
        after.state = state;
        after.since = now;
        after.reason = None;
        if before.effective(&settings, now).0 != State::Online {
            after.idle_since = now;
        }
    }
    if let Some(reason) = form.reason {
        after.reason = match reason {
            Some(word) if !word.trim().is_empty() => Some(line::line("reason", &word, LONGEST_REASON)?),
            _ => None,
        };
    }
    after.on = form.on.unwrap_or(after.on);
    match form.shift_ends_at {
        Some(Some(end)) if end <= now => return Err(Refusal::invalid("shift_ends_at", "in_the_past", "Pick a time to come.")),
        Some(end) => after.shift_ends_at = end,
        // A new day's work has no end yet.
        None if after.state != State::Offline && before.shift_ends_at.is_some_and(|end| end <= now) => after.shift_ends_at = None,
        None => {}
    }
    if own {
        (after.signs_at, after.active_at) = (Some(now), Some(now));
    } else if before.signs_at.is_none() {
        after.signs_at = Some(now);
    }
    after.told = after.effective(&settings, now).0;
    if after == before {
        return Ok(after);
    }
    store::availability::put(tx, scope.workspace, &after).await?;
    if (after.told, &after.reason) != (before.told, &before.reason) {
        let by = scope.actor.agent();
        store::availability::tell(tx, scope.workspace, agent, after.told, (after.reason.as_deref(), None, by)).await?;
    }
    if form.hand_over && after.state == State::Offline {
        crate::routing::hand_over(tx, scope.workspace, agent, "handed_over").await?;
    }
    let kind = EventKind::AvailabilityChanged { agent, state: after.told, reason: after.reason.clone() };
    tx.record(scope.workspace, scope.actor, (None, None), kind).await?;
    Ok(after)
}

/// A sign of the agent's app, or with `touched` of the agent. Nothing to do for who is off-line by their own word; whoever
/// was thought to be gone or idle is back.
pub async fn alive(tx: &mut Tx, scope: &Scope, touched: bool) -> Result<(), store::Error> {
    let Some(agent) = scope.actor.agent() else { return Ok(()) };
    if !store::availability::sign(tx, scope.workspace, agent, touched).await? {
        return Ok(());
    }
    let (Some(desk), Some(now_is)) = (store::routing::desk(tx, scope.workspace).await?, store::availability::find(tx, scope.workspace, agent).await?)
    else {
        return Ok(());
    };
    let (state, because) = now_is.effective(&desk.settings, tx.now());
    if state == now_is.told {
        return Ok(());
    }
    store::availability::tell(tx, scope.workspace, agent, state, (now_is.reason.as_deref(), because, None)).await?;
    let kind = EventKind::AvailabilityChanged { agent, state, reason: now_is.reason };
    tx.record(scope.workspace, scope.actor, (None, None), kind).await
}

/// Says how long signs count, and which reasons there are. For admins.
///
/// # Errors
/// [`Refusal::Invalid`] when a number or a reason does not fit.
pub async fn put_settings(tx: &mut Tx, scope: &Scope, mut settings: Settings) -> Result<Settings, Refusal> {
    scope.require(Permission::QueueManage)?;
    if !(30..=3_600).contains(&settings.grace_seconds) {
        return Err(Refusal::invalid("grace_seconds", "invalid", "From 30 seconds to an hour, please."));
    }
    if settings.idle_minutes.is_some_and(|m| !(1..=480).contains(&m)) {
        return Err(Refusal::invalid("idle_minutes", "invalid", "From one minute to eight hours, please."));
    }
    if settings.reasons.len() > MOST_REASONS {
        return Err(Refusal::invalid("reasons", "too_many", format!("{MOST_REASONS} reasons are the most.")));
    }
    for reason in &mut settings.reasons {
        reason.name = line::line("reasons", &reason.name, LONGEST_REASON)?;
    }
    let names: Vec<String> = settings.reasons.iter().map(|r| r.name.to_lowercase()).collect();
    if names.iter().enumerate().any(|(at, name)| names[..at].contains(name)) {
        return Err(Refusal::invalid("reasons", "taken", "Name each reason once."));
    }
    store::routing::open_desk(tx, scope.workspace).await?;
    store::routing::lock(tx, scope.workspace).await?;
    store::routing::put_settings(tx, scope.workspace, &settings).await?;
    tx.record(scope.workspace, scope.actor, (None, None), EventKind::WorkspaceUpdated {}).await?;
    Ok(settings)
}
