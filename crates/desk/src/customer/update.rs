//! A customer's card.

use model::customer::Customer;
use model::{CustomerId, EventKind, Permission, Scope};
use store::Tx;

use crate::{Refusal, line};

/// What is to change; none leaves it.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Display name.
    pub name: Option<String>,
    /// Language tag such as `ko` or `en-GB`; `Some(None)` clears it.
    pub language: Option<Option<String>>,
    /// What agents should know.
    pub notes: Option<String>,
}

/// Changes what agents may change on a customer's card.
///
/// # Errors
/// [`Refusal::NotFound`] when the customer never wrote to an inbox in sight; [`Refusal::Invalid`].
pub async fn update(tx: &mut Tx, scope: &Scope, id: CustomerId, changes: Changes) -> Result<Customer, Refusal> {
    scope.require(Permission::CustomerWrite)?;
    let before = store::customer::get(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    let mut after = before.clone();
    if let Some(name) = changes.name {
        after.name = line::line("name", &name, 120)?;
    }
    if let Some(language) = changes.language {
        after.language = language.map(|l| language_tag(&l)).transpose()?;
    }
    if let Some(notes) = changes.notes {
        after.notes = line::text("notes", &notes, 10_000)?;
    }
    if after == before {
        return Ok(before);
    }
    store::customer::update(tx, scope.workspace, &after).await?;
    after.version += 1;
    tx.record(scope.workspace, scope.actor, (None, None), EventKind::CustomerUpdated { customer: id }).await?;
    Ok(after)
}

fn language_tag(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let fits = (2..=35).contains(&text.len()) && text.split('-').all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    if fits { Ok(text.to_owned()) } else { Err(Refusal::invalid("language", "invalid", "Write a language tag like en or ko.")) }
}
