//! Making, changing and deleting a company.

use model::company::{BadDomain, Company, Domain, MOST_DOMAINS};
use model::{CompanyId, Permission, Scope};
use store::{Conn, Tx};

use super::told;
use crate::{Refusal, line};

/// Most companies of a workspace.
const MOST: i64 = 100_000;

/// A company to make. Domains are read here, so that each fault can be named.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Form {
    pub name: String,
    pub domains: Vec<String>,
    pub external_id: Option<String>,
    pub notes: String,
}

/// What is to change; none leaves it.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Patch {
    pub name: Option<String>,
    pub domains: Option<Vec<String>>,
    pub external_id: Option<Option<String>>,
    pub notes: Option<String>,
}

/// Makes a company. Customers who are there already stay where they are: see [`super::take_in`].
///
/// # Errors
/// [`Refusal::Invalid`] when a domain is none, one of free mail, or another company's; when the external id is taken.
pub async fn create(tx: &mut Tx, scope: &Scope, form: Form) -> Result<Company, Refusal> {
    scope.require(Permission::CompanyWrite)?;
    if store::company::total(tx, scope.workspace).await? >= MOST {
        return Err(Refusal::invalid("name", "too_many", "100,000 companies are the most."));
    }
    let now = tx.now();
    let id = tx.new_id();
    let company = Company {
        id,
        version: 1,
        name: line::line("name", &form.name, 120)?,
        domains: domains(tx, scope, id, &form.domains).await?,
        external_id: external_id(form.external_id)?,
        notes: line::text("notes", &form.notes, 10_000)?,
        created_at: now,
        updated_at: now,
    };
    store::company::insert(tx, scope.workspace, &company).await.map_err(taken)?;
    told(tx, scope, id, "created").await?;
    Ok(company)
}

/// Changes a company.
///
/// # Errors
/// As [`create`]; [`Refusal::NotFound`].
pub async fn update(tx: &mut Tx, scope: &Scope, id: CompanyId, patch: Patch) -> Result<Company, Refusal> {
    scope.require(Permission::CompanyWrite)?;
    let before = store::company::get(tx, scope.workspace, id).await?.ok_or(Refusal::NotFound)?;
    let mut after = before.clone();
    if let Some(name) = patch.name {
        after.name = line::line("name", &name, 120)?;
    }
    if let Some(these) = patch.domains {
        after.domains = domains(tx, scope, id, &these).await?;
    }
    if let Some(external) = patch.external_id {
        after.external_id = external_id(external)?;
    }
    if let Some(notes) = patch.notes {
        after.notes = line::text("notes", &notes, 10_000)?;
    }
    if after == before {
        return Ok(before);
    }
    after.updated_at = tx.now();
    store::company::update(tx, scope.workspace, &before, &mut after).await.map_err(taken)?;
    told(tx, scope, id, "changed").await?;
    Ok(after)
}

/// Deletes a company. Its customers and their conversations stay, in no company.
///
/// # Errors
/// [`Refusal::Forbidden`], [`Refusal::NotFound`].
pub async fn delete(tx: &mut Tx, scope: &Scope, id: CompanyId) -> Result<(), Refusal> {
    scope.require(Permission::CompanyManage)?;
    if !store::company::delete(tx, scope.workspace, id).await? {
        return Err(Refusal::NotFound);
    }
    told(tx, scope, id, "deleted").await
}

/// Reads domains, each once, in order, and none that leads elsewhere.
async fn domains(conn: &mut Conn, scope: &Scope, id: CompanyId, texts: &[String]) -> Result<Vec<Domain>, Refusal> {
    if texts.len() > MOST_DOMAINS {
        return Err(Refusal::invalid("domains", "too_many", format!("{MOST_DOMAINS} domains are the most.")));
    }
    let mut read = Vec::with_capacity(texts.len());
    for text in texts {
        let domain: Domain = text.parse().map_err(|fault| match fault {
            BadDomain::Form => Refusal::invalid("domains", "invalid", format!("{text:?} is no domain. Write one like example.com.")),
            BadDomain::FreeMail => {
                Refusal::invalid("domains", "free_mail", format!("Anybody can have an address at {}, so it stands for no company.", text.trim()))
            }
        })?;
        read.push(domain);
    }
    read.sort_unstable();
    read.dedup();
    for domain in &read {
        if let Some((other, name)) = store::company::of_domain(conn, scope.workspace, domain).await?
            && other != id
        {
            return Err(Refusal::invalid("domains", "taken", format!("{domain} is a domain of {name}.")));
        }
    }
    Ok(read)
}

fn external_id(given: Option<String>) -> Result<Option<String>, Refusal> {
    match given {
        Some(text) if !text.trim().is_empty() => line::line("external_id", &text, 120).map(Some),
        _ => Ok(None),
    }
}

fn taken(error: store::Error) -> Refusal {
    match error {
        store::Error::Duplicate(_) => Refusal::invalid("external_id", "taken", "Another company has this already."),
        other => other.into(),
    }
}
