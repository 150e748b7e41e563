//! Speaking first: an agent to a visitor, or a rule of the widget.

use model::chat::Invitation;
use model::proactive::{BY_HAND, LONGEST, Speaker};
use model::stay::Invited;
use model::visitor::Visitor;
use model::widget::{Widget, words_in};
use model::{AgentId, Conversation, EventKind, InboxId, Permission, Scope, VisitorId, WorkspaceId};
use store::{Error, Tx};

use crate::chat::Visit;
use crate::conversation::can_answer;
use crate::{Refusal, line};

/// An agent writes to somebody who is on the site and has not written. They see it beside the launcher; their answer begins a chat
/// that is this agent's.
///
/// # Errors
/// [`Refusal::Forbidden`]; [`Refusal::NotFound`] when the visitor is in no inbox in sight; [`Refusal::Conflict`] `gone` when they are
/// not there any more, `in_chat` when they talk already; [`Refusal::Invalid`].
pub async fn invite(tx: &mut Tx, scope: &Scope, id: VisitorId, text: &str) -> Result<Visitor, Refusal> {
    scope.require(Permission::VisitorInvite)?;
    let workspace = scope.workspace;
    let by = scope.actor.agent().ok_or(model::scope::Forbidden(Permission::VisitorInvite))?;
    let text = line::text("text", text.trim(), LONGEST)?;
    if text.is_empty() {
        return Err(Refusal::invalid("text", "missing", "Write something."));
    }
    let now = tx.now();
    let visitor = store::visitor::lock(tx, workspace, id).await?.filter(|v| scope.inboxes.include(v.inbox)).ok_or(Refusal::NotFound)?;
    let widget = store::widget::get(tx, workspace, visitor.inbox).await?.filter(|w| w.settings.live && w.settings.enabled);
    let stay = store::stay::get(tx, workspace, id).await?;
    let (Some(widget), Some(mut stay)) = (widget, stay.filter(|_| visitor.is_connected(now))) else {
        return Err(Refusal::conflict("gone", "This visitor is not there any more."));
    };
    if !store::stay::chats(tx, workspace, &[id]).await?.is_empty() {
        return Err(Refusal::conflict("in_chat", "This visitor is in a chat already."));
    }
    let agent = store::agent::find(tx, workspace, by).await?.ok_or(Refusal::NotFound)?;
    let name = widget.settings.shown_name(&agent.name);
    stay.invitation = Some(Invited { by, name, text, at: now });
    store::stay::put(tx, workspace, &stay).await?;
    Ok(visitor)
}

/// The visitor closed an agent's invitation.
///
/// # Errors
/// When the store does not answer.
pub async fn dismiss(tx: &mut Tx, visit: &Visit) -> Result<(), Error> {
    if let Some(mut stay) = store::stay::get(tx, visit.workspace, visit.visitor.id).await?.filter(|s| s.invitation.is_some()) {
        stay.invitation = None;
        store::stay::put(tx, visit.workspace, &stay).await?;
    }
    Ok(())
}

/// A rule's invitation was shown in some browser.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such rule, or it is off.
pub async fn shown(tx: &mut Tx, workspace: WorkspaceId, widget: &Widget, rule: &str) -> Result<(), Refusal> {
    widget.settings.invitations.active().find(|r| r.id == rule && widget.settings.enabled).ok_or(Refusal::NotFound)?;
    Ok(store::stay::shown(tx, workspace, widget.inbox, rule).await?)
}

/// The words that a new chat answers: as we said them, not as the browser says that we did. None when they are not ours (any more).
/// `by` is the agent in whose name a rule said them, as the visitor saw it: one of those who answer there, or it is left out.
pub(crate) async fn resolve(tx: &mut Tx, visit: &Visit, visitor: &Visitor, named: &str, by: Option<&str>) -> Result<Option<Invitation>, Error> {
    let workspace = visit.workspace;
    if named == BY_HAND {
        let now = tx.now();
        let Some(mut stay) = store::stay::get(tx, workspace, visitor.id).await? else { return Ok(None) };
        let Some(invited) = stay.invited(now).cloned() else { return Ok(None) };
        stay.invitation = None;
        store::stay::put(tx, workspace, &stay).await?;
        return Ok(Some(Invitation { text: invited.text, rule: None, agent: Some(invited.by), name: Some(invited.name) }));
    }
    let Some(rule) = visit.widget.settings.invitations.rule(named) else { return Ok(None) };
    store::stay::answered(tx, workspace, visitor.inbox, named).await?;
    let text = words_in(&rule.words, &visitor.locale).to_owned();
    let name = match by.filter(|_| rule.from == Speaker::Agent) {
        Some(by) => shown_name(tx, visit, by).await?,
        None => None,
    };
    Ok(Some(Invitation { text, rule: Some(rule.name.clone()), agent: None, name }))
}

/// A name as visitors of the widget see it, where somebody who answers there has it.
async fn shown_name(tx: &mut Tx, visit: &Visit, name: &str) -> Result<Option<String>, Error> {
    let settings = &visit.widget.settings;
    for agent in store::agent::list(tx, visit.workspace).await? {
        let shown = settings.shown_name(&agent.name);
        if shown == name && can_answer(tx, &Scope::system(visit.workspace), agent.id, visit.visitor.inbox).await? {
            return Ok(Some(shown));
        }
    }
    Ok(None)
}

/// A chat has begun with an answer to our words: the log says so, and the agent who wrote them has it.
pub(crate) async fn accept(tx: &mut Tx, workspace: WorkspaceId, conversation: &mut Conversation, invitation: &Invitation) -> Result<(), Error> {
    let place = (Some(conversation.id), Some(conversation.inbox));
    let by = invitation.agent.map_or(model::Actor::System, model::Actor::Agent);
    let kind = EventKind::ChatInvited { text: invitation.text.clone(), rule: invitation.rule.clone() };
    tx.record(workspace, by, place, kind).await?;
    if let Some(agent) = invitation.agent {
        give(tx, workspace, conversation, agent, conversation.inbox).await?;
    }
    Ok(())
}

async fn give(tx: &mut Tx, workspace: WorkspaceId, conversation: &mut Conversation, agent: AgentId, inbox: InboxId) -> Result<(), Error> {
    let scope = Scope::system(workspace);
    // Whoever went home meanwhile does not get it: a queue gives it to somebody else.
    if !can_answer(tx, &scope, agent, inbox).await? {
        return Ok(());
    }
    let before = conversation.clone();
    let now = tx.now();
    if conversation.assign(Some(agent), before.team, now) {
        store::conversation::update(tx, workspace, &before, conversation).await?;
        let kind = EventKind::ConversationAssigned { assignee: Some(agent), team: before.team, note: None };
        tx.record(workspace, model::Actor::Agent(agent), (Some(conversation.id), Some(inbox)), kind).await?;
    }
    Ok(())
}
