//! What has to be filled in before a conversation is resolved by hand.

use model::{Conversation, Scope, Status};
use store::Tx;

use crate::refusal::{FieldFault, Refusal};

/// Stops when a conversation is to be resolved and a field that it needs is empty. One short query where no field is
/// required. What Sonnim does by itself is not asked.
///
/// # Errors
/// [`Refusal::Fields`] `fields_missing` with every field that is missing.
pub async fn require(tx: &mut Tx, scope: &Scope, conversation: &Conversation, to: Status) -> Result<(), Refusal> {
    let resolves = matches!(to, Status::Resolved { .. }) && !matches!(conversation.status, Status::Resolved { .. });
    if !resolves || !store::field::any_required(tx, scope.workspace).await? {
        return Ok(());
    }
    let all = store::field::list(tx, scope.workspace).await?;
    let values = store::field::values(tx, scope.workspace, conversation.id).await?;
    let faults: Vec<FieldFault> = model::field::missing(&all, &values, conversation.inbox)
        .into_iter()
        .map(|f| FieldFault {
            key: f.key.to_string(),
            code: "missing",
            detail: format!("Fill in {}.", f.label.in_language(model::workspace::Language::En)),
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Refusal::Fields { code: "fields_missing", faults }) }
}
