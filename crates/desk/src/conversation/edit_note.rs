//! An author mends a note; how it read before stays to be seen.

use model::message::MessageKind;
use model::scope::Forbidden;
use model::{EventKind, MessageId, Permission, Scope};
use store::Tx;

use super::{Note, mention, to_change};
use crate::Refusal;

/// Puts other words into a note of the actor's own. Files stay; whoever is newly named is told.
///
/// # Errors
/// [`Refusal::NotFound`] when it is no note in sight; [`Refusal::Forbidden`] when somebody else wrote it.
pub async fn edit_note(tx: &mut Tx, scope: &Scope, id: MessageId, note: Note) -> Result<(), Refusal> {
    scope.require(Permission::ConversationWrite)?;
    let shown = store::message::get(tx, scope, id).await?.filter(|m| m.message.kind == MessageKind::Note).ok_or(Refusal::NotFound)?;
    if shown.message.author != scope.actor {
        return Err(Forbidden(Permission::ConversationWrite).into());
    }
    let before = to_change(tx, scope, Permission::ConversationWrite, shown.message.conversation).await?;
    if (shown.message.html.as_ref(), shown.message.text.as_str()) == (note.html(), note.text()) {
        return Ok(());
    }
    let named = mention::resolve(tx, scope, before.inbox, note.mentions()).await?;
    let known = store::notification::mentioned(tx, scope.workspace, id).await?;
    let new: Vec<_> = named.into_iter().filter(|agent| !known.contains(agent)).collect();
    let written = shown.edited_at.unwrap_or(shown.message.created_at);
    store::redaction::keep_version(tx, scope.workspace, &shown.message, written).await?;
    let mut after = shown.message;
    after.html = note.html().cloned();
    after.text = note.text().to_owned();
    after.reply_text.clone_from(&after.text);
    store::message::rewrite(tx, scope.workspace, &after).await?;
    mention::write(tx, scope, id, before.id, &new).await?;
    tx.record(scope.workspace, scope.actor, (Some(before.id), Some(before.inbox)), EventKind::MessageEdited { message: id }).await?;
    Ok(())
}
