//! Verbs about queues.

use jiff::tz::TimeZone;
use model::filter::Filter;
use model::queue::{HIGHEST, MOST, MOST_ASKED, Queue, Rule};
use model::{AgentId, CompanyId, EventKind, Id as _, Permission, QueueId, Scope, TeamId};
use store::Tx;

use crate::order::arranged;
use crate::{Refusal, line};

/// A queue, as it is to be.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Form {
    pub name: String,
    /// Checked by [`crate::filter::read`].
    pub filter: Filter,
    pub teams: Vec<TeamId>,
    pub agents: Vec<AgentId>,
    pub rule: Rule,
}

/// Makes a queue, after the others. What waits and passes its filter comes into it. For admins.
///
/// # Errors
/// [`Refusal::Invalid`] when the name is taken, something in it is not here, or a number does not fit.
pub async fn create(tx: &mut Tx, scope: &Scope, form: Form) -> Result<Queue, Refusal> {
    scope.require(Permission::QueueManage)?;
    store::routing::open_desk(tx, scope.workspace).await?;
    store::routing::lock(tx, scope.workspace).await?;
    let all = store::queue::list(tx, scope.workspace).await?;
    if all.len() >= MOST {
        return Err(Refusal::invalid("name", "too_many", format!("{MOST} queues are the most.")));
    }
    let now = tx.now();
    let made = Queue {
        id: tx.new_id(),
        version: 1,
        name: line::line("name", &form.name, 60)?,
        position: all.iter().map(|q| q.position).max().unwrap_or(0) + 1,
        filter: form.filter,
        teams: form.teams,
        agents: form.agents,
        rule: form.rule,
        created_at: now,
        updated_at: now,
    };
    check(tx, scope, &made, &all).await?;
    store::queue::insert(tx, scope.workspace, &made).await.map_err(taken)?;
    changed(tx, scope, made.id, "created").await?;
    Ok(made)
}

/// Changes a queue. What waits is looked at anew. For admins.
///
/// # Errors
/// As [`create`]; [`Refusal::NotFound`].
pub async fn update(tx: &mut Tx, scope: &Scope, id: QueueId, form: Form) -> Result<Queue, Refusal> {
    scope.require(Permission::QueueManage)?;
    store::routing::lock(tx, scope.workspace).await?;
    let all = store::queue::list(tx, scope.workspace).await?;
    let before = all.iter().find(|q| q.id == id).cloned().ok_or(Refusal::NotFound)?;
    let mut after = Queue {
        name: line::line("name", &form.name, 60)?,
        filter: form.filter,
        teams: form.teams,
        agents: form.agents,
        rule: form.rule,
        updated_at: tx.now(),
        ..before
    };
    check(tx, scope, &after, &all).await?;
    store::queue::update(tx, scope.workspace, &mut after).await.map_err(taken)?;
    changed(tx, scope, id, "changed").await?;
    Ok(after)
}

/// Puts queues in the order in which their filters are asked; those that are not named follow. For admins.
///
/// # Errors
/// [`Refusal::Invalid`] when one is unknown or named twice.
pub async fn order(tx: &mut Tx, scope: &Scope, ids: &[QueueId]) -> Result<Vec<Queue>, Refusal> {
    scope.require(Permission::QueueManage)?;
    store::routing::lock(tx, scope.workspace).await?;
    let all = store::queue::list(tx, scope.workspace).await?;
    let known: Vec<QueueId> = all.iter().map(|q| q.id).collect();
    let wanted = arranged(&known, ids).ok_or_else(|| Refusal::invalid("queue_ids", "not_found", "Name each queue once."))?;
    for (position, id) in (1..).zip(&wanted) {
        if let Some(mut queue) = all.iter().find(|q| q.id == *id && q.position != position).cloned() {
            queue.position = position;
            store::queue::update(tx, scope.workspace, &mut queue).await?;
        }
    }
    changed(tx, scope, ids[0], "changed").await?;
    Ok(store::queue::list(tx, scope.workspace).await?)
}

/// Deletes a queue. What waits in it goes where the others take it, or to nobody. For admins.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn delete(tx: &mut Tx, scope: &Scope, id: QueueId) -> Result<(), Refusal> {
    scope.require(Permission::QueueManage)?;
    store::routing::lock(tx, scope.workspace).await?;
    for mut queue in store::queue::list(tx, scope.workspace).await?.into_iter().filter(|q| q.rule.overflow == Some(id)) {
        queue.rule.overflow = None;
        store::queue::update(tx, scope.workspace, &mut queue).await?;
    }
    if !store::queue::delete(tx, scope.workspace, id).await? {
        return Err(Refusal::NotFound);
    }
    changed(tx, scope, id, "deleted").await
}

/// Says who answers a company first. For those who manage companies.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Invalid`] for an agent who is not at work here.
pub async fn set_representative(tx: &mut Tx, scope: &Scope, company: CompanyId, agent: Option<AgentId>) -> Result<(), Refusal> {
    scope.require(Permission::CompanyWrite)?;
    store::company::get(tx, scope.workspace, company).await?.ok_or(Refusal::NotFound)?;
    if let Some(agent) = agent
        && store::agent::find(tx, scope.workspace, agent).await?.is_none_or(|a| a.deactivated_at.is_some())
    {
        return Err(Refusal::unknown("agent_id"));
    }
    store::queue::set_representative(tx, scope.workspace, company, agent).await?;
    let kind = EventKind::CompanyUpdated { company, change: "changed".into() };
    Ok(tx.record(scope.workspace, scope.actor, (None, None), kind).await?)
}

async fn check(tx: &mut Tx, scope: &Scope, q: &Queue, all: &[Queue]) -> Result<(), Refusal> {
    let rule = &q.rule;
    if !(1..=HIGHEST).contains(&rule.priority) {
        return Err(Refusal::invalid("rule.priority", "invalid", format!("A priority is a number from 1 to {HIGHEST}.")));
    }
    let day = 86_400;
    let times = [
        ("rule.accept_seconds", rule.accept_seconds, 5, 3_600),
        ("rule.hold_seconds", rule.hold_seconds, 0, day),
        ("rule.overflow_seconds", rule.overflow_seconds, 0, 7 * day),
        ("rule.relax_seconds", rule.relax_seconds.unwrap_or(0), 0, 7 * day),
        ("rule.lift_seconds", rule.lift_seconds.unwrap_or(60), 60, 30 * day),
        ("rule.silence_seconds", rule.silence_seconds.unwrap_or(30), 30, 7 * day),
        ("rule.answer_seconds", rule.answer_seconds, 5, 7 * day),
        ("rule.silent_minutes", rule.silent_minutes, 1, 24 * 60),
    ];
    for (field, value, least, most) in times {
        if !(least..=most).contains(&value) {
            return Err(Refusal::invalid(field, "invalid", format!("From {least} to {most}, please.")));
        }
    }
    if rule.hours.len() > 50 || rule.hours.iter().any(|h| !(1..=7).contains(&h.day) || h.from >= h.until) {
        return Err(Refusal::invalid("rule.hours", "invalid", "Each day is a number from 1 (Monday) to 7, and opens before it closes."));
    }
    let skills = store::skill::list(tx, scope.workspace).await?;
    let asked = rule.required.len() + rule.preferred.len();
    if asked > MOST_ASKED || rule.required.iter().chain(&rule.preferred).any(|id| !skills.iter().any(|s| s.id == *id)) {
        return Err(Refusal::unknown("rule.required"));
    }
    if let Some(to) = rule.overflow
        && (to == q.id || !all.iter().any(|o| o.id == to))
    {
        return Err(Refusal::unknown("rule.overflow"));
    }
    let teams = store::team::list(tx, scope.workspace).await?;
    if q.teams.iter().any(|id| !teams.iter().any(|t| t.id == *id)) {
        return Err(Refusal::unknown("team_ids"));
    }
    let agents = store::agent::list(tx, scope.workspace).await?;
    if q.agents.iter().any(|id| !agents.iter().any(|a| a.id == *id)) {
        return Err(Refusal::unknown("agent_ids"));
    }
    // Joined by primary key: each is named once.
    let unique = |ids: &mut dyn Iterator<Item = i64>| ids.collect::<std::collections::HashSet<_>>().len();
    if unique(&mut q.teams.iter().map(|t| t.raw())) != q.teams.len() || unique(&mut q.agents.iter().map(|a| a.raw())) != q.agents.len() {
        return Err(Refusal::invalid("agent_ids", "invalid", "Name each team and each agent once."));
    }
    Ok(())
}

fn taken(error: store::Error) -> Refusal {
    match error {
        store::Error::Duplicate(_) => Refusal::invalid("name", "taken", "A queue has this name already."),
        other => other.into(),
    }
}

async fn changed(tx: &mut Tx, scope: &Scope, queue: QueueId, change: &str) -> Result<(), Refusal> {
    Ok(tx.record(scope.workspace, scope.actor, (None, None), EventKind::QueueUpdated { queue, change: change.into() }).await?)
}

/// Where the workspace's clock stands.
pub(crate) async fn zone(conn: &mut store::Conn, workspace: model::WorkspaceId) -> Result<TimeZone, store::Error> {
    crate::notification::zone(conn, workspace, None).await
}
