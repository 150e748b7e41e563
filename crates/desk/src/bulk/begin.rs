//! Beginning, stopping and taking back.

use model::action::{Action, Actions};
use model::bulk::{self, Bulk, Place, Selection, State};
use model::filter::Filter;
use model::scope::Forbidden;
use model::{BulkId, Job, Permission, Scope, ShelfKind};
use store::Tx;
use store::conversation::{Asked, View};

use crate::Refusal;
use crate::action::ActionError;

/// Bulk actions of one agent at work at the same time.
const MOST_AT_WORK: i64 = 3;

/// Why nothing was begun.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    /// A permission is lacking, something is not there, or a field does not fit.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// One of the actions does not fit.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// More conversations than one bulk action takes.
    #[error("this is for more than {most} conversations; narrow it down")]
    TooMany {
        /// The most.
        most: usize,
    },
    /// Nothing is chosen.
    #[error("no conversation is chosen")]
    Nothing,
    /// Others of the same agent are still at work.
    #[error("wait for one of your other bulk actions to end")]
    Busy,
    /// It is at work, or was taken back already.
    #[error("it cannot be stopped or taken back as it stands")]
    NotNow,
}

impl From<store::Error> for BulkError {
    fn from(error: store::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Forbidden> for BulkError {
    fn from(error: Forbidden) -> Self {
        Self::Refused(error.into())
    }
}

/// Begins a bulk action. The filter in it has been read by [`crate::filter::read`].
///
/// # Errors
/// [`BulkError`] says what to do.
pub async fn begin(tx: &mut Tx, scope: &Scope, selection: Selection, actions: Actions) -> Result<Bulk, BulkError> {
    scope.require(Permission::ConversationWrite)?;
    let agent = scope.actor.agent().ok_or(Forbidden(Permission::ConversationWrite))?;
    crate::action::check(&actions)?;
    if let Some(at) = actions.iter().position(|a| matches!(a, Action::InsertReply { .. })) {
        let why = Refusal::invalid("", "invalid", "A reply to be read before it is sent needs somebody to read it. Send it, or leave it out.");
        return Err(ActionError::At { at, why }.into());
    }
    let writes = actions.iter().any(Action::writes_to_customer);
    if writes {
        scope.require(Permission::ConversationReply)?;
    }
    if actions.iter().any(|a| matches!(a, Action::Shelve { shelf: ShelfKind::Trash })) {
        scope.require(Permission::ConversationDelete)?;
    }
    let most = if writes { bulk::MOST_WRITTEN } else { bulk::MOST };
    let now = tx.now();
    let (selection, total) = match selection {
        Selection::Filter(filter) => {
            let total = count(tx, scope, None, &filter, most + 1).await?;
            (Selection::Filter(filter), total)
        }
        Selection::Within(place, filter) => {
            let total = count(tx, scope, Some(place), &filter, most + 1).await?;
            (Selection::Within(place, filter), total)
        }
        Selection::Chosen(mut ids) => {
            ids.sort_unstable();
            ids.dedup();
            let total = ids.len();
            if total > bulk::MOST_CHOSEN {
                return Err(BulkError::TooMany { most: bulk::MOST_CHOSEN });
            }
            if store::conversation::in_sight_of(tx, scope, &ids).await?.len() != total {
                return Err(Refusal::unknown("conversation_ids").into());
            }
            (Selection::Chosen(ids), total)
        }
    };
    match total {
        0 => return Err(BulkError::Nothing),
        n if n > most => return Err(BulkError::TooMany { most }),
        _ => {}
    }
    if store::bulk_action::at_work(tx, scope.workspace, agent).await? >= MOST_AT_WORK {
        return Err(BulkError::Busy);
    }
    let bulk = Bulk {
        id: tx.new_id(),
        agent,
        selection,
        actions,
        state: State::Running,
        total: i64::try_from(total).unwrap_or(i64::MAX),
        seen: 0,
        changed: 0,
        failed: 0,
        cursor: None,
        created_at: now,
        ended_at: None,
    };
    store::bulk_action::insert(tx, scope.workspace, &bulk).await?;
    tx.enqueue(scope.workspace, &Job::WorkBulk { bulk: bulk.id }).await?;
    super::told(tx, scope, &bulk).await?;
    Ok(bulk)
}

async fn count(tx: &mut Tx, scope: &Scope, place: Option<Place>, filter: &Filter, most: usize) -> Result<usize, store::Error> {
    let now = tx.now();
    let reader = store::filter::reader(tx, scope, filter, now).await?;
    let asked = Asked { view: view_of(place), filter: Some((filter.clone(), reader)), ..Asked::default() };
    store::conversation::count_asked(tx, scope, &asked, most).await
}

/// The list that a selection is taken from.
pub(super) fn view_of(place: Option<Place>) -> View {
    match place {
        None => View::All,
        Some(Place::Trash) => View::Trash,
        Some(Place::Spam) => View::Spam,
        Some(Place::Following) => View::Following,
        Some(Place::Mentions) => View::Mentions,
    }
}

async fn own(tx: &mut Tx, scope: &Scope, id: BulkId) -> Result<Bulk, BulkError> {
    scope.require(Permission::ConversationWrite)?;
    let bulk = store::bulk_action::lock(tx, scope.workspace, id).await?;
    bulk.filter(|b| scope.actor.agent() == Some(b.agent)).ok_or(BulkError::Refused(Refusal::NotFound))
}

/// Stops one that is at work. What was done stays, and can be taken back.
///
/// # Errors
/// [`BulkError::NotNow`] when it is through already; not found when it is not the actor's own.
pub async fn cancel(tx: &mut Tx, scope: &Scope, id: BulkId) -> Result<Bulk, BulkError> {
    let mut bulk = own(tx, scope, id).await?;
    if bulk.state != State::Running {
        return Err(BulkError::NotNow);
    }
    bulk.state = State::Cancelled;
    bulk.ended_at = Some(tx.now());
    store::bulk_action::update(tx, scope.workspace, &bulk).await?;
    super::told(tx, scope, &bulk).await?;
    Ok(bulk)
}

/// Begins to take one back that is through or was stopped. What somebody has changed again since stays.
///
/// # Errors
/// As [`cancel`].
pub async fn take_back(tx: &mut Tx, scope: &Scope, id: BulkId) -> Result<Bulk, BulkError> {
    let mut bulk = own(tx, scope, id).await?;
    if !matches!(bulk.state, State::Done | State::Cancelled) {
        return Err(BulkError::NotNow);
    }
    bulk.state = State::Undoing;
    bulk.cursor = None;
    bulk.seen = 0;
    bulk.ended_at = None;
    store::bulk_action::update(tx, scope.workspace, &bulk).await?;
    tx.enqueue(scope.workspace, &Job::WorkBulk { bulk: bulk.id }).await?;
    super::told(tx, scope, &bulk).await?;
    Ok(bulk)
}
