//! Verbs about skills, and about how much an agent has at once.

use model::availability::{Availability, Capacity};
use model::queue::{MOST_SKILLS, Skill};
use model::{AgentId, EventKind, Permission, Scope, SkillId};
use store::Tx;

use crate::{Refusal, line};

/// A skill, as it is to be.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Form {
    pub name: String,
    /// A language tag, such as `ko`.
    pub language: Option<String>,
}

fn skill(id: SkillId, form: &Form) -> Result<Skill, Refusal> {
    let language = match form.language.as_deref().map(str::trim).filter(|l| !l.is_empty()) {
        Some(tag) if (2..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphabetic()) => Some(tag.to_ascii_lowercase()),
        Some(_) => return Err(Refusal::invalid("language", "invalid", "Write the language as a tag, such as ko or en.")),
        None => None,
    };
    Ok(Skill { id, name: line::line("name", &form.name, 60)?, language })
}

fn taken(error: store::Error) -> Refusal {
    match error {
        store::Error::Duplicate(_) => Refusal::invalid("name", "taken", "A skill has this name already."),
        other => other.into(),
    }
}

async fn changed(tx: &mut Tx, scope: &Scope, skill: SkillId, change: &str) -> Result<(), Refusal> {
    Ok(tx.record(scope.workspace, scope.actor, (None, None), EventKind::SkillUpdated { skill, change: change.into() }).await?)
}

/// Makes a skill. For admins.
///
/// # Errors
/// [`Refusal::Invalid`] when the name is taken in whatever case, or the language is no tag.
pub async fn create(tx: &mut Tx, scope: &Scope, form: &Form) -> Result<Skill, Refusal> {
    scope.require(Permission::QueueManage)?;
    if store::skill::list(tx, scope.workspace).await?.len() >= MOST_SKILLS {
        return Err(Refusal::invalid("name", "too_many", format!("{MOST_SKILLS} skills are the most.")));
    }
    let made = skill(tx.new_id(), form)?;
    store::skill::insert(tx, scope.workspace, &made).await.map_err(taken)?;
    changed(tx, scope, made.id, "created").await?;
    Ok(made)
}

/// Changes a skill for everybody who has it. For admins.
///
/// # Errors
/// As [`create`]; [`Refusal::NotFound`].
pub async fn update(tx: &mut Tx, scope: &Scope, id: SkillId, form: &Form) -> Result<Skill, Refusal> {
    scope.require(Permission::QueueManage)?;
    store::skill::find(tx, scope.workspace, id).await?.ok_or(Refusal::NotFound)?;
    let after = skill(id, form)?;
    store::skill::update(tx, scope.workspace, &after).await.map_err(taken)?;
    changed(tx, scope, id, "changed").await?;
    Ok(after)
}

/// Deletes a skill: nobody has it any more, and no queue asks for it. For admins.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn delete(tx: &mut Tx, scope: &Scope, id: SkillId) -> Result<(), Refusal> {
    scope.require(Permission::QueueManage)?;
    for mut queue in store::queue::list(tx, scope.workspace).await? {
        let before = queue.rule.clone();
        queue.rule.required.retain(|s| *s != id);
        queue.rule.preferred.retain(|s| *s != id);
        if queue.rule != before {
            queue.updated_at = tx.now();
            store::queue::update(tx, scope.workspace, &mut queue).await?;
        }
    }
    if !store::skill::delete(tx, scope.workspace, id).await? {
        return Err(Refusal::NotFound);
    }
    changed(tx, scope, id, "deleted").await
}

/// Says how much an agent has at once, and what they can do. For admins.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Invalid`] for a number that is too large or a skill that is not there.
pub async fn set_work(tx: &mut Tx, scope: &Scope, agent: AgentId, capacity: Capacity, skills: &[SkillId]) -> Result<Availability, Refusal> {
    scope.require(Permission::QueueManage)?;
    store::agent::find(tx, scope.workspace, agent).await?.ok_or(Refusal::NotFound)?;
    if [capacity.total, capacity.chat, capacity.mail].into_iter().any(|n| n > Capacity::MOST) {
        return Err(Refusal::invalid("capacity", "invalid", format!("{} at once are the most.", Capacity::MOST)));
    }
    let known = store::skill::list(tx, scope.workspace).await?;
    let twice = skills.iter().enumerate().any(|(at, id)| skills[..at].contains(id));
    if twice || skills.iter().any(|id| !known.iter().any(|s| s.id == *id)) {
        return Err(Refusal::unknown("skill_ids"));
    }
    let now = tx.now();
    let before = store::availability::find(tx, scope.workspace, agent).await?.unwrap_or_else(|| Availability::new(agent, now));
    let after = Availability { capacity, ..before };
    store::availability::put(tx, scope.workspace, &after).await?;
    store::skill::set_of_agent(tx, scope.workspace, agent, skills).await?;
    let kind = EventKind::AgentUpdated { agent, change: "work".into() };
    tx.record(scope.workspace, scope.actor, (None, None), kind).await?;
    Ok(after)
}
