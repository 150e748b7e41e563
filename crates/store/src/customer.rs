//! Customers, their addresses, and addresses that automatic mail no longer goes to.

use model::company::{self, Domain};
use model::customer::{Customer, CustomerEmail, InCompany, Suppression};
use model::phone;
use model::{CompanyId, CustomerId, EmailAddress, Id, Inboxes, Scope, Timestamp, WorkspaceId};

use crate::db::list;
use crate::{Conn, Error, Row, Tx, Value, args, sql};

/// Columns of a customer `u`, for every list that reads some.
pub(crate) const COLUMNS: &str = "u.id, u.name, u.email, u.language, u.notes, u.created_at, u.last_seen_at, u.conversation_count, u.version, \
    u.company_id, (SELECT k.name FROM company k WHERE k.workspace_id = u.workspace_id AND k.id = u.company_id) AS company_name";

pub(crate) fn from_row(row: &Row) -> Result<Customer, Error> {
    Ok(Customer {
        id: row.id("id")?,
        name: row.text("name")?,
        email: row.maybe_text("email")?.and_then(|e| e.parse().ok()),
        emails: Vec::new(),
        phones: Vec::new(),
        company: row
            .maybe_id("company_id")?
            .map(|id: CompanyId| Ok::<_, Error>(InCompany { id, name: row.maybe_text("company_name")?.unwrap_or_default() }))
            .transpose()?,
        language: row.maybe_text("language")?,
        notes: row.text("notes")?,
        created_at: row.time("created_at")?,
        last_seen_at: row.maybe_time("last_seen_at")?,
        conversation_count: row.int("conversation_count")?,
        version: row.int("version")?,
    })
}

/// A customer whom the reader may see: one with a conversation in an inbox in sight (everyone, for those who see all).
pub async fn get(conn: &mut Conn, scope: &Scope, id: CustomerId) -> Result<Option<Customer>, Error> {
    if !in_sight(conn, scope, id).await? {
        return Ok(None);
    }
    let Some(row) = conn.fetch_optional(sql::customer::GET, args![scope.workspace, id]).await? else { return Ok(None) };
    let mut customer = from_row(&row)?;
    for row in conn.fetch_all(sql::customer::EMAILS, args![scope.workspace, id]).await? {
        let suppressed = match (row.maybe_text("reason")?, row.maybe_time("at")?) {
            (Some(reason), Some(at)) => Some(Suppression { reason, at }),
            _ => None,
        };
        if let Ok(address) = row.text("address")?.parse() {
            customer.emails.push(CustomerEmail { address, verified: row.flag("verified")?, suppressed });
        }
    }
    for row in conn.fetch_all(sql::customer::PHONES, args![scope.workspace, id]).await? {
        customer.phones.extend(row.text("phone")?.parse::<phone::Phone>().ok());
    }
    Ok(Some(customer))
}

/// Leaves out customers `u` without a conversation in sight, unless everything is.
pub(crate) fn in_sight_as_u(scope: &Scope) -> String {
    match &scope.inboxes {
        Inboxes::All => String::new(),
        Inboxes::Only(ids) => format!(
            " AND EXISTS (SELECT 1 FROM conversation c WHERE c.workspace_id = u.workspace_id AND c.customer_id = u.id AND c.inbox_id IN {})",
            list(ids.iter().map(|i| i.raw()))
        ),
    }
}

async fn in_sight(conn: &mut Conn, scope: &Scope, id: CustomerId) -> Result<bool, Error> {
    let Inboxes::Only(ids) = &scope.inboxes else { return Ok(true) };
    let sql = format!(
        "SELECT 1 AS one FROM conversation WHERE workspace_id = $1 AND customer_id = $2 AND inbox_id IN {} LIMIT 1",
        list(ids.iter().map(|i| i.raw()))
    );
    Ok(!conn.fetch_built(sql, args![scope.workspace, id]).await?.is_empty())
}

/// Customers in sight whose name or address begins with a text, or whose phone number has these digits, at most `limit`. Cost:
/// two index ranges, or two of phone numbers.
pub async fn search(conn: &mut Conn, scope: &Scope, beginning: &str, limit: usize) -> Result<Vec<Customer>, Error> {
    let folded = beginning.trim().to_lowercase();
    let end = format!("{folded}\u{10ffff}");
    let sight = in_sight_as_u(scope);
    let sql = format!(
        "SELECT {COLUMNS} FROM customer u WHERE u.workspace_id = $1 AND (u.name_folded >= $2 AND u.name_folded < $3 OR u.id IN \
         (SELECT customer_id FROM customer_email WHERE workspace_id = $1 AND address_folded >= $2 AND address_folded < $3)){sight} \
         ORDER BY u.name_folded, u.id LIMIT {limit}"
    );
    let mut found: Vec<Customer> =
        conn.fetch_built(sql, args![scope.workspace, folded, end]).await?.iter().map(from_row).collect::<Result<_, _>>()?;
    if found.len() < limit {
        let by_phone = by_phone(conn, scope, beginning, limit - found.len()).await?;
        found.extend(by_phone.into_iter().filter(|c| found.iter().all(|f| f.id != c.id)).collect::<Vec<_>>());
    }
    Ok(found)
}

/// Customers in sight with a phone number that begins or ends with these digits, however it is written; none for what is no part
/// of a number. Cost: two or three index ranges.
pub async fn by_phone(conn: &mut Conn, scope: &Scope, text: &str, limit: usize) -> Result<Vec<Customer>, Error> {
    let Some(asked) = phone::asked(text) else { return Ok(Vec::new()) };
    let mut values: Vec<Value> = args![scope.workspace];
    let mut ranges = Vec::new();
    for (column, digits) in asked.beginnings.iter().map(|b| ("national", b)).chain([("reversed", &asked.ending)]) {
        let (from, to) = phone::range(digits);
        values.push(from.into());
        let from = values.len();
        let end = to.map(|to| {
            values.push(to.into());
            format!(" AND p.{column} < ${}", values.len())
        });
        let end = end.unwrap_or_default();
        ranges.push(format!("SELECT p.customer_id FROM customer_phone p WHERE p.workspace_id = $1 AND p.{column} >= ${from}{end}"));
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM customer u WHERE u.workspace_id = $1 AND u.id IN ({}){} ORDER BY u.name_folded, u.id LIMIT {limit}",
        ranges.join(" UNION "),
        in_sight_as_u(scope)
    );
    conn.fetch_built(sql, values).await?.iter().map(from_row).collect()
}

/// The customer who writes from an address, and whether it was ever proven.
pub async fn by_address(conn: &mut Conn, workspace: WorkspaceId, address: &EmailAddress) -> Result<Option<(CustomerId, bool)>, Error> {
    let row = conn.fetch_optional(sql::customer::BY_ADDRESS, args![workspace, address.folded()]).await?;
    row.map(|r| Ok((r.id("customer_id")?, r.flag("verified")?))).transpose()
}

/// A new customer with an address; in the company that the domain leads to, if any.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    name: &str,
    address: Option<&EmailAddress>,
    language: Option<&str>,
) -> Result<CustomerId, Error> {
    let id: CustomerId = tx.new_id();
    let now = tx.now();
    let email = address.map(EmailAddress::as_str);
    let company = match address {
        Some(address) => company_of(tx, workspace, &Domain::of(address)).await?,
        None => None,
    };
    tx.execute(sql::customer::INSERT, args![workspace, id, name, name.to_lowercase(), email, language, now, now, company]).await?;
    if let Some(address) = address {
        let values = args![workspace, address.folded(), address.as_str(), id, false, company::path(address.domain())];
        tx.execute(sql::customer::INSERT_EMAIL, values).await?;
    }
    crate::search::put_customer(tx, workspace, id, name, address.iter().map(|a| a.as_str())).await?;
    Ok(id)
}

/// The company that lists the first of these domains that any does.
async fn company_of(conn: &mut Conn, workspace: WorkspaceId, domains: &[Domain]) -> Result<Option<CompanyId>, Error> {
    for domain in domains {
        if let Some(row) = conn.fetch_optional(sql::customer::COMPANY_OF_DOMAIN, args![workspace, domain.as_str()]).await? {
            return row.id("company_id").map(Some);
        }
    }
    Ok(None)
}

/// Puts phone numbers in the place of those that a customer has.
pub async fn put_phones(tx: &mut Tx, workspace: WorkspaceId, id: CustomerId, phones: &[phone::Phone]) -> Result<(), Error> {
    tx.execute(sql::customer::CLEAR_PHONES, args![workspace, id]).await?;
    for (at, phone) in (0_i64..).zip(phones) {
        tx.execute(sql::customer::PUT_PHONE, args![workspace, id, at, phone.as_str(), phone.national(), phone.reversed()]).await?;
    }
    Ok(())
}

/// A mail from the address passed authentication.
pub async fn verify(tx: &mut Tx, workspace: WorkspaceId, address: &EmailAddress) -> Result<(), Error> {
    tx.execute(sql::customer::VERIFY, args![workspace, address.folded()]).await.map(drop)
}

/// The customer wrote just now.
pub async fn seen(tx: &mut Tx, workspace: WorkspaceId, id: CustomerId) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::customer::SEEN, args![workspace, id, now]).await.map(drop)
}

/// Whether nothing refers to a customer any more: no conversation, browser, address, or person of a site.
pub async fn is_unused(conn: &mut Conn, workspace: WorkspaceId, id: CustomerId) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::customer::USED, args![workspace, id]).await?.is_none())
}

/// Takes out a customer whom nothing refers to.
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, id: CustomerId) -> Result<(), Error> {
    crate::search::put_customer(tx, workspace, id, "", []).await?;
    tx.execute(sql::customer::REMOVE, args![workspace, id]).await.map(drop)
}

/// Changes what agents may change; phone numbers are written by [`put_phones`].
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, customer: &Customer) -> Result<(), Error> {
    let c = customer;
    let company = c.company.as_ref().map(|k| k.id);
    let values = args![workspace, c.id, c.name.as_str(), c.name.to_lowercase(), c.language.as_deref(), c.notes.as_str(), company];
    tx.execute(sql::customer::UPDATE, values).await?;
    crate::search::put_customer_again(tx, workspace, c).await
}

/// No more automatic mail to an address.
pub async fn suppress(tx: &mut Tx, workspace: WorkspaceId, address: &str, reason: &str) -> Result<(), Error> {
    let now: Timestamp = tx.now();
    tx.execute(sql::customer::SUPPRESS, args![workspace, address.to_lowercase(), reason, now]).await.map(drop)
}

/// Whether automatic mail may not go to an address.
pub async fn is_suppressed(conn: &mut Conn, workspace: WorkspaceId, address: &EmailAddress) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::customer::SUPPRESSED, args![workspace, address.folded()]).await?.is_some())
}
