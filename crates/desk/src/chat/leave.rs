//! The customer does not wait: answers go by mail.

use model::{Actor, ConversationId, EmailAddress};
use store::Tx;

use super::{Visit, session, theirs};
use crate::Refusal;

/// From now on agents' answers go to this address, as ordinary mail. Words that nobody saw go there too. Writing in the widget again
/// takes it back.
///
/// # Errors
/// [`Refusal::NotFound`] when the chat is not theirs; [`Refusal::Invalid`] when the address is one of our own.
pub async fn leave(tx: &mut Tx, visit: &Visit, id: ConversationId, email: EmailAddress) -> Result<(), Refusal> {
    let workspace = visit.workspace;
    if super::is_ours(tx, workspace, &email).await? {
        return Err(Refusal::invalid("email", "own", "This is our own address. Write yours."));
    }
    let mut visitor = store::visitor::lock(tx, workspace, visit.visitor.id).await?.ok_or(Refusal::NotFound)?;
    theirs(tx, visit, id).await?;
    if visitor.identity.is_none() {
        visitor.email = Some(email.clone());
        store::visitor::update(tx, workspace, &visitor).await?;
        session::tell(tx, workspace, &visitor).await?;
    }
    let (mut chat, conversation) = theirs(tx, visit, id).await?;
    let now = tx.now();
    chat.left_at = chat.left_at.or(Some(now));
    if chat.mail.as_ref() != Some(&email) {
        let who = model::Mailbox { name: visitor.name.clone(), address: email.clone() };
        store::participant::add(tx, workspace, id, &who, None).await?;
        chat.mail = Some(email);
    }
    // Nobody has to wait any more to see whether they look.
    chat.mail_due = None;
    super::mail::watch(tx, workspace, &mut chat, now).await?;
    store::chat::update(tx, workspace, &chat).await?;
    Ok(super::changed(tx, workspace, Actor::Customer(conversation.customer), &conversation, "left").await?)
}
