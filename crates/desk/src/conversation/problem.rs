//! Conversations that belong together because somebody says so: related ones, and a problem with its cases. Solving the problem
//! answers each case's customer in their own thread.

use model::action::{Action, Actions, StatusTo};
use model::bulk::{self, Bulk, Selection};
use model::conversation_link::LinkKind;
use model::{Conversation, ConversationId, EventKind, Permission, SavedReplyId, Scope};
use store::Tx;

use super::{in_work, link, not_beside, to_change};
use crate::Refusal;
use crate::bulk::BulkError;

/// Most cases of a problem: as many as one bulk action writes to.
pub const MOST_CASES: usize = bulk::MOST_WRITTEN;

/// Links conversations to one: as related, or as cases of the problem that it is about. Those that are linked so already stay.
///
/// # Errors
/// [`Refusal::Invalid`] when one is out of sight, the conversation itself, a side conversation, or (as a case) a problem with
/// cases of its own; when there would be more than [`MOST_CASES`]; [`Refusal::Conflict`] `is_case` when the problem is itself a
/// case of another.
pub async fn connect(tx: &mut Tx, scope: &Scope, id: ConversationId, others: &[ConversationId], kind: LinkKind) -> Result<(), Refusal> {
    if !matches!(kind, LinkKind::Related | LinkKind::Problem) {
        return Err(Refusal::invalid("kind", "invalid", "Link them as related, or as cases of a problem."));
    }
    let workspace = scope.workspace;
    let here = to_change(tx, scope, Permission::ConversationWrite, id).await?;
    not_beside(&here)?;
    let mut others = others.to_vec();
    others.sort_unstable();
    others.dedup();
    if others.is_empty() {
        return Err(Refusal::invalid("conversation_ids", "missing", "Choose at least one conversation."));
    }
    if others.contains(&id) {
        return Err(Refusal::invalid("conversation_ids", "same", "Choose other conversations."));
    }
    let problem = kind == LinkKind::Problem;
    if problem {
        let links = store::conversation_link::of_conversation(tx, workspace, id).await?;
        if links.iter().any(|l| l.kind == LinkKind::Problem && l.follows) {
            return Err(Refusal::conflict("is_case", "It is a case of a problem itself. Link the cases to that problem."));
        }
    }
    let known = store::conversation_link::cases(tx, workspace, id, MOST_CASES + 1).await?;
    let new = others.iter().filter(|o| !known.contains(o)).count();
    if others.len() > MOST_CASES || problem && known.len() + new > MOST_CASES {
        return Err(Refusal::invalid("conversation_ids", "too_many", "500 cases are the most."));
    }
    for other in others {
        // The problem stays as it is, so only the order in which rows are written matters: links lock nothing.
        let there = found(tx, scope, other).await?;
        if problem && !store::conversation_link::cases(tx, workspace, other, 1).await?.is_empty() {
            let why = format!("#{} has cases of its own. Take them out of it first.", there.number);
            return Err(Refusal::invalid("conversation_ids", "is_problem", why));
        }
        link(tx, workspace, scope.actor, (other, there.inbox), (id, here.inbox), kind).await?;
    }
    Ok(())
}

async fn found(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<Conversation, Refusal> {
    let there = store::conversation::listed_by_id(tx, scope, id).await?.ok_or_else(|| Refusal::unknown("conversation_ids"))?.conversation;
    let unfit = |_| Refusal::invalid("conversation_ids", "not_in_work", format!("#{} is not worked on.", there.number));
    in_work(&there).map_err(unfit)?;
    not_beside(&there).map_err(unfit)?;
    Ok(there)
}

/// Takes away what somebody has linked, whichever way round.
///
/// # Errors
/// [`Refusal::NotFound`] when one of them is out of sight, or they are not linked by hand.
pub async fn disconnect(tx: &mut Tx, scope: &Scope, id: ConversationId, other: ConversationId) -> Result<(), Refusal> {
    scope.require(Permission::ConversationWrite)?;
    let (Some(here), Some(there)) =
        (store::conversation::listed_by_id(tx, scope, id).await?, store::conversation::listed_by_id(tx, scope, other).await?)
    else {
        return Err(Refusal::NotFound);
    };
    let mut gone = false;
    for kind in [LinkKind::Related, LinkKind::Problem] {
        if store::conversation_link::delete(tx, scope.workspace, id, other, kind).await? {
            gone = true;
            for c in [&here.conversation, &there.conversation] {
                let told = EventKind::ConversationUnlinked { link: kind };
                tx.record(scope.workspace, scope.actor, (Some(c.id), Some(c.inbox)), told).await?;
            }
        }
    }
    if gone { Ok(()) } else { Err(Refusal::NotFound) }
}

/// How a problem is solved.
#[derive(Debug, Clone)]
pub struct Solve {
    /// What each customer is told, a template.
    pub html: Option<String>,
    /// Or a saved reply, in each customer's language.
    pub saved_reply: Option<SavedReplyId>,
    /// The cases and the problem are resolved with it.
    pub resolve: bool,
}

/// Answers the customer of each case in sight, each in their own thread, and resolves them, as a bulk action of the actor: it
/// goes on where it was killed, says what became of each, and can be taken back while the replies' undo window is open.
///
/// # Errors
/// [`BulkError::Nothing`] when it has no case in sight; else as [`crate::bulk::begin`].
pub async fn solve(tx: &mut Tx, scope: &Scope, id: ConversationId, how: Solve) -> Result<Bulk, BulkError> {
    scope.require(Permission::ConversationReply)?;
    let problem = to_change(tx, scope, Permission::ConversationWrite, id).await?;
    let ids = store::conversation_link::cases(tx, scope.workspace, id, MOST_CASES).await?;
    let ids = store::conversation::in_sight_of(tx, scope, &ids).await?;
    let mut actions = vec![Action::SendReply { html: how.html, saved_reply_id: how.saved_reply }];
    if how.resolve {
        actions.push(Action::SetStatus { status: StatusTo::Resolved {} });
    }
    let actions = Actions::try_from(actions).map_err(|fault| Refusal::invalid("html", fault.code, fault.detail))?;
    let bulk = crate::bulk::begin(tx, scope, Selection::Chosen(ids), actions).await?;
    if how.resolve {
        let now = tx.now();
        let (to, custom) = super::wanted(tx, scope, model::Status::Resolved { at: now }.into()).await?;
        super::change_status::apply(tx, scope, problem, to, custom).await.map_err(|error| match error {
            super::ChangeStatusError::Refused(refusal) => refusal,
            super::ChangeStatusError::Status(error) => Refusal::invalid("resolve", "invalid", error.to_string()),
        })?;
    }
    Ok(bulk)
}
