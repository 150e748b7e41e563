//! What the customer thought of it.

use model::chat::Rating;
use model::{Actor, ConversationId};
use store::Tx;

use super::{Visit, theirs};
use crate::{Refusal, line};

/// Keeps the customer's score, 1 to 5; a later one takes its place.
///
/// # Errors
/// [`Refusal::NotFound`] when the chat is not theirs; [`Refusal::Invalid`] when the score or the comment does not fit.
pub async fn rate(tx: &mut Tx, visit: &Visit, id: ConversationId, score: i64, comment: Option<&str>) -> Result<(), Refusal> {
    if !(1..=5).contains(&score) {
        return Err(Refusal::invalid("score", "invalid", "A score is 1 to 5."));
    }
    let comment = comment.map(|c| line::text("comment", c.trim(), 2_000)).transpose()?.filter(|c| !c.is_empty());
    let (mut chat, conversation) = theirs(tx, visit, id).await?;
    chat.rating = Some(Rating { score, comment, at: tx.now() });
    store::chat::update(tx, visit.workspace, &chat).await?;
    Ok(super::changed(tx, visit.workspace, Actor::Customer(conversation.customer), &conversation, "rated").await?)
}
