//! A customer's card.

use model::customer::{Customer, InCompany};
use model::phone::Phone;
use model::{CompanyId, CustomerId, EventKind, Permission, Scope};
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
    /// Every phone number, the main one first.
    pub phones: Option<Vec<String>>,
    /// The company; `Some(None)` takes them out of theirs.
    pub company: Option<Option<CompanyId>>,
}

/// Most phone numbers of a customer.
const MOST_PHONES: usize = 10;

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
    if let Some(phones) = changes.phones {
        after.phones = read_phones(&phones)?;
    }
    if let Some(company) = changes.company {
        after.company = match company {
            Some(id) => {
                let company = store::company::get(tx, scope.workspace, id).await?.ok_or_else(|| Refusal::unknown("company_id"))?;
                Some(InCompany { id, name: company.name })
            }
            None => None,
        };
    }
    if after == before {
        return Ok(before);
    }
    store::customer::update(tx, scope.workspace, &after).await?;
    if after.phones != before.phones {
        store::customer::put_phones(tx, scope.workspace, id, &after.phones).await?;
    }
    after.version += 1;
    tx.record(scope.workspace, scope.actor, (None, None), EventKind::CustomerUpdated { customer: id }).await?;
    if after.company != before.company {
        for company in [&before.company, &after.company].into_iter().flatten() {
            let kind = EventKind::CompanyUpdated { company: company.id, change: "customers".into() };
            tx.record(scope.workspace, scope.actor, (None, None), kind).await?;
        }
    }
    Ok(after)
}

fn read_phones(texts: &[String]) -> Result<Vec<Phone>, Refusal> {
    if texts.len() > MOST_PHONES {
        return Err(Refusal::invalid("phones", "too_many", format!("{MOST_PHONES} phone numbers are the most.")));
    }
    let mut read: Vec<Phone> = Vec::with_capacity(texts.len());
    for text in texts {
        let wrong = |_| Refusal::invalid("phones", "invalid", format!("{text:?} is no phone number. Write one like +82 10-1234-5678."));
        let phone: Phone = text.parse().map_err(wrong)?;
        if !read.contains(&phone) {
            read.push(phone);
        }
    }
    Ok(read)
}

fn language_tag(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let fits = (2..=35).contains(&text.len()) && text.split('-').all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    if fits { Ok(text.to_owned()) } else { Err(Refusal::invalid("language", "invalid", "Write a language tag like en or ko.")) }
}
