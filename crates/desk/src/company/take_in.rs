//! Customers who were there before their company's domain was known.

use model::company::{Domain, MOST_TAKEN_IN};
use model::{CompanyId, Permission, Scope};
use store::Tx;

use super::told;
use crate::Refusal;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// How many are in the company now who were in none.
    pub taken: u64,
    /// There may be more: ask again.
    pub more: bool,
}

/// Takes in the customers who write from a domain of the company, or from below it, and are in no company, some thousands at a time.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Invalid`] when the domain is not one of the company's.
pub async fn take_in(tx: &mut Tx, scope: &Scope, id: CompanyId, domain: &str) -> Result<Taken, Refusal> {
    scope.require(Permission::CompanyWrite)?;
    let company = store::company::get(tx, scope.workspace, id).await?.ok_or(Refusal::NotFound)?;
    let domain: Domain = domain.parse().map_err(|_| Refusal::unknown("domain"))?;
    if !company.domains.contains(&domain) {
        return Err(Refusal::unknown("domain"));
    }
    let taken = store::company::take_in(tx, scope.workspace, id, &domain).await?;
    if taken > 0 {
        told(tx, scope, id, "took_in").await?;
    }
    Ok(Taken { taken, more: taken >= MOST_TAKEN_IN as u64 })
}
