//! An agent asks for patience: the customer is told until when, and the agent is reminded.

use model::chat::Hold;
use model::{ConversationId, Permission, Scope, Timestamp};
use store::Tx;

use crate::conversation::to_change;
use crate::reminder::Form;
use crate::{Refusal, line};

/// Longest hold, in seconds.
const LONGEST: i64 = 24 * 3_600;

/// Puts a chat on hold until a time; none ends the hold. The agent's next answer ends it too.
///
/// # Errors
/// As [`to_change`]; [`Refusal::NotFound`] when it is no chat; [`Refusal::Invalid`] when the time is over or more than a day away;
/// [`Refusal::Conflict`] `ended` when it is over.
pub async fn hold(tx: &mut Tx, scope: &Scope, id: ConversationId, until: Option<Timestamp>, text: &str) -> Result<(), Refusal> {
    let conversation = to_change(tx, scope, Permission::ConversationReply, id).await?;
    let mut chat = store::chat::get(tx, scope.workspace, id).await?.ok_or(Refusal::NotFound)?;
    let now = tx.now();
    let Some(until) = until else {
        if chat.hold.take().is_some() {
            store::chat::update(tx, scope.workspace, &chat).await?;
            super::changed(tx, scope.workspace, scope.actor, &conversation, "resumed").await?;
        }
        return Ok(());
    };
    if chat.ended.is_some() {
        return Err(Refusal::conflict("ended", "This chat is over."));
    }
    if until <= now || until.as_second() - now.as_second() > LONGEST {
        return Err(Refusal::invalid("until", "invalid", "Pick a time within a day."));
    }
    let text = line::text("text", text.trim(), 500)?;
    let until = Timestamp::from_millisecond(until.as_millisecond()).unwrap_or(until);
    chat.hold = Some(Hold { until, text: text.clone() });
    store::chat::update(tx, scope.workspace, &chat).await?;
    super::changed(tx, scope.workspace, scope.actor, &conversation, "held").await?;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
    match crate::reminder::ask(tx, scope, id, Form { at: until, words, unless_answered: false }).await {
        // Twenty reminders wait already: the hold counts all the same.
        Ok(_) | Err(Refusal::Invalid { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Somebody passed a chat on: nobody keeps what its agent promised, and the customer waits again. Nothing where it is no chat.
pub(crate) async fn passed_on(tx: &mut Tx, scope: &Scope, conversation: &model::Conversation) -> Result<(), Refusal> {
    let Some(mut chat) = store::chat::get(tx, scope.workspace, conversation.id).await? else { return Ok(()) };
    let held = chat.hold.take().is_some();
    chat.passed_at = Some(tx.now());
    store::chat::update(tx, scope.workspace, &chat).await?;
    if held {
        super::changed(tx, scope.workspace, scope.actor, conversation, "resumed").await?;
    }
    Ok(())
}
