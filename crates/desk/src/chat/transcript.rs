//! The customer asks for what was said, by mail.

use model::workspace::Language;
use model::{Actor, ConversationId, EmailAddress, Job};
use store::Tx;

use super::{Visit, theirs};
use crate::Refusal;

/// Most transcripts to one address in a day, and of one visitor.
const MOST_A_DAY: i64 = 3;

/// Queues a mail with all that the customer can see of a chat, to the address that is known of them. An address that nobody has proven
/// gets what we said, and not what the visitor wrote.
///
/// # Errors
/// [`Refusal::NotFound`] when the chat is not theirs; [`Refusal::Invalid`] when the address is another one; [`Refusal::Conflict`]
/// `nobody_answered` before an agent wrote (else anybody could have us mail their words to strangers), `too_many_transcripts`.
pub async fn transcript(tx: &mut Tx, visit: &Visit, id: ConversationId, email: &EmailAddress) -> Result<(), Refusal> {
    let workspace = visit.workspace;
    let (chat, conversation) = theirs(tx, visit, id).await?;
    let own = chat.mail.as_ref().is_some_and(|m| m.folded() == email.folded())
        || visit.visitor.email.as_ref().is_some_and(|m| m.folded() == email.folded())
        || store::chat::has_address(tx, workspace, conversation.customer, email).await?;
    if !own {
        return Err(Refusal::invalid("email", "not_yours", "It goes to your own address only. Tell it first."));
    }
    let answered = store::chat::last_author(tx, workspace, id).await?;
    let Some(by) = answered else { return Err(Refusal::conflict("nobody_answered", "Nobody has answered yet.")) };
    for key in [email.folded(), visit.visitor.id.to_string()] {
        let bucket = format!("chat_transcript:{workspace}:{}", &model::token::hash(&key)[..32]);
        if store::throttle::hit(tx, &bucket, 86_400).await? > MOST_A_DAY {
            return Err(Refusal::conflict("too_many_transcripts", "You have had this sent often today. Try again tomorrow."));
        }
    }
    let language = if chat.locale == "ko" { Language::Ko } else { Language::En };
    tx.enqueue(workspace, &Job::SendTranscript { conversation: id, to: email.clone(), notes: false, by, language, asked: true }).await?;
    Ok(super::changed(tx, workspace, Actor::Customer(conversation.customer), &conversation, "transcript").await?)
}
