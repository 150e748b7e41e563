//! Two companies that are one.

use model::company::{Company, MOST_DOMAINS};
use model::{CompanyId, Permission, Scope};
use store::Tx;

use super::told;
use crate::Refusal;

/// Merges a company into another, which is returned: customers, domains and notes go over, views that ask for the one ask for the
/// other. The other's name and external id stay; the one's external id is taken where the other has none. There is no way back.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Invalid`] when `into` is no other company of the workspace, or they have too many domains.
pub async fn merge(tx: &mut Tx, scope: &Scope, from: CompanyId, into: CompanyId) -> Result<Company, Refusal> {
    scope.require(Permission::CompanyManage)?;
    let workspace = scope.workspace;
    let one = store::company::get(tx, workspace, from).await?.ok_or(Refusal::NotFound)?;
    let other = store::company::get(tx, workspace, into).await?.filter(|c| c.id != from).ok_or_else(|| Refusal::unknown("into"))?;
    if one.domains.len() + other.domains.len() > MOST_DOMAINS {
        return Err(Refusal::invalid("into", "too_many", format!("Together they have more than {MOST_DOMAINS} domains.")));
    }
    store::company::merge(tx, workspace, from, into).await?;
    let before = store::company::get(tx, workspace, into).await?.ok_or(Refusal::NotFound)?;
    let mut after = before.clone();
    after.external_id = after.external_id.or(one.external_id);
    if !one.notes.trim().is_empty() {
        let both = [after.notes.as_str(), one.notes.as_str()].into_iter().filter(|n| !n.trim().is_empty()).collect::<Vec<_>>().join("\n\n");
        after.notes = both.chars().take(10_000).collect();
    }
    after.updated_at = tx.now();
    store::company::update(tx, workspace, &before, &mut after).await?;
    told(tx, scope, from, "merged").await?;
    told(tx, scope, into, "changed").await?;
    Ok(after)
}
