//! Companies, their domains, and who is in them.

use model::company::{Company, Domain, MOST_TAKEN_IN, path};
use model::customer::Customer;
use model::page::Page;
use model::text::Typed;
use model::{CompanyId, CustomerId, Id, Scope, WorkspaceId};

use crate::conversation::PageError;
use crate::{Conn, Error, Row, Tx, Value, args, customer, sql};

/// Counting the customers of a company in a list ends here.
pub const MOST_COUNTED: i64 = 1_000;

fn from_row(row: &Row) -> Result<Company, Error> {
    Ok(Company {
        id: row.id("id")?,
        version: row.int("version")?,
        name: row.text("name")?,
        domains: Vec::new(),
        external_id: row.maybe_text("external_id")?,
        notes: row.text("notes")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// A company with its domains. Two look-ups by key.
pub async fn get(conn: &mut Conn, workspace: WorkspaceId, id: CompanyId) -> Result<Option<Company>, Error> {
    let Some(row) = conn.fetch_optional(sql::company::GET, args![workspace, id]).await? else { return Ok(None) };
    let mut company = from_row(&row)?;
    for row in conn.fetch_all(sql::company::DOMAINS, args![workspace, id]).await? {
        // A domain that has become one of free mail since stays out.
        company.domains.extend(row.text("domain")?.parse::<Domain>().ok());
    }
    Ok(Some(company))
}

/// Those of some companies that there are, with their names.
pub async fn names(conn: &mut Conn, workspace: WorkspaceId, ids: &[CompanyId]) -> Result<Vec<(CompanyId, String)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT id, name FROM company WHERE workspace_id = $1 AND id {}", conn.is_one_of(2));
    let ids = conn.ids(ids.iter().map(|i| i.raw()));
    conn.fetch_built(sql, args![workspace, ids]).await?.iter().map(|r| Ok((r.id("id")?, r.text("name")?))).collect()
}

/// The companies that are called so, without case, at most 1,000.
pub async fn by_names(conn: &mut Conn, workspace: WorkspaceId, names: &[String]) -> Result<Vec<(CompanyId, String)>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = args![workspace];
    let mut any = Vec::new();
    for name in names {
        values.push(name.to_lowercase().into());
        any.push(format!("${}", values.len()));
    }
    let sql = format!("SELECT id, name FROM company WHERE workspace_id = $1 AND name_folded IN ({}) LIMIT 1000", any.join(", "));
    conn.fetch_built(sql, values).await?.iter().map(|r| Ok((r.id("id")?, r.text("name")?))).collect()
}

/// The company that a domain leads to, and its name.
pub async fn of_domain(conn: &mut Conn, workspace: WorkspaceId, domain: &Domain) -> Result<Option<(CompanyId, String)>, Error> {
    let row = conn.fetch_optional(sql::company::OF_DOMAIN, args![workspace, domain.as_str()]).await?;
    row.map(|r| Ok((r.id("company_id")?, r.text("name")?))).transpose()
}

/// How many companies there are.
pub async fn total(conn: &mut Conn, workspace: WorkspaceId) -> Result<i64, Error> {
    conn.fetch_one(sql::company::TOTAL, args![workspace]).await?.int("n")
}

/// A company as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The company.
    pub company: Company,
    /// How many of its customers the reader sees, counted up to [`MOST_COUNTED`].
    pub customers: i64,
}

/// Companies by name; with a query, those whose name and domains hold every word of it, the last of which may be the beginning of
/// one. Keyset pages. Cost: O(page) without a query; with one, O(companies that hold its rarest word).
pub async fn page(conn: &mut Conn, scope: &Scope, query: &str, cursor: Option<&str>, limit: usize) -> Result<Page<Listed>, PageError> {
    let mut values: Vec<Value> = args![scope.workspace];
    let mut bind = |value: Value| {
        values.push(value);
        values.len()
    };
    let mut conditions = String::new();
    let typed = model::text::typed(&in_words(query));
    for word in asked(&typed) {
        let holds = match word {
            Asked::Whole(word) => format!("w.word = ${}", bind(word.into())),
            Asked::Beginning { whole, from, to } => {
                format!("(w.word = ${} OR (w.word >= ${} AND w.word < ${}))", bind(whole.into()), bind(from.into()), bind(to.into()))
            }
        };
        conditions.push_str(&format!(" AND k.id IN (SELECT w.company_id FROM company_word w WHERE w.workspace_id = $1 AND {holds})"));
    }
    if typed.words.is_empty() && !query.trim().is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    if let Some(cursor) = cursor {
        let (id, name) = cursor.split_once('_').ok_or(PageError::BadCursor)?;
        let id: i64 = id.parse().map_err(|_| PageError::BadCursor)?;
        conditions.push_str(&format!(" AND (k.name_folded, k.id) > (${}, ${})", bind(name.into()), bind(id.into())));
    }
    let sight = customer::in_sight_as_u(scope);
    let sql = format!(
        "SELECT k.id, k.version, k.name, k.name_folded, k.external_id, k.notes, k.created_at, k.updated_at, \
         (SELECT COUNT(*) FROM (SELECT 1 FROM customer u WHERE u.workspace_id = $1 AND u.company_id = k.id{sight} LIMIT {MOST_COUNTED}) counted) \
         AS customers FROM company k WHERE k.workspace_id = $1{conditions} ORDER BY k.name_folded, k.id LIMIT {}",
        limit + 1
    );
    let rows = conn.fetch_built(sql, values).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push((Listed { company: from_row(row)?, customers: row.int("customers")? }, row.text("name_folded")?));
    }
    let page = Page::cut(found, limit, |(one, folded)| format!("{}_{folded}", one.company.id.raw()));
    let mut items: Vec<Listed> = page.items.into_iter().map(|(one, _)| one).collect();
    with_domains(conn, scope.workspace, &mut items).await?;
    Ok(Page { items, next: page.next })
}

async fn with_domains(conn: &mut Conn, workspace: WorkspaceId, items: &mut [Listed]) -> Result<(), Error> {
    if items.is_empty() {
        return Ok(());
    }
    let sql = format!("SELECT company_id, domain FROM company_domain WHERE workspace_id = $1 AND company_id {} ORDER BY domain", conn.is_one_of(2));
    let ids = conn.ids(items.iter().map(|i| i.company.id.raw()));
    for row in &conn.fetch_built(sql, args![workspace, ids]).await? {
        let (id, domain): (CompanyId, _) = (row.id("company_id")?, row.text("domain")?.parse::<Domain>());
        if let (Some(one), Ok(domain)) = (items.iter_mut().find(|i| i.company.id == id), domain) {
            one.company.domains.push(domain);
        }
    }
    Ok(())
}

enum Asked<'a> {
    Whole(&'a str),
    Beginning { whole: &'a str, from: &'a str, to: &'a str },
}

fn asked(typed: &Typed) -> Vec<Asked<'_>> {
    let last = typed.words.len().saturating_sub(1);
    typed
        .words
        .iter()
        .enumerate()
        .map(|(n, word)| match &typed.beginning {
            Some(b) if n == last => Asked::Beginning { whole: word, from: &b.from, to: &b.to },
            _ => Asked::Whole(word),
        })
        .collect()
}

/// Domains and names in pieces, as they are stored and asked for.
fn in_words(text: &str) -> String {
    text.replace(['@', '.', '-', '_', '+', '&', '/'], " ")
}

/// Writes a new company. [`Error::Duplicate`] when the external id is taken.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, c: &Company) -> Result<(), Error> {
    let values = args![workspace, c.id, c.name.as_str(), c.name.to_lowercase(), c.external_id.as_deref(), c.notes.as_str(), c.created_at];
    tx.execute(sql::company::INSERT, values).await?;
    for domain in &c.domains {
        tx.execute(sql::company::PUT_DOMAIN, args![workspace, domain.as_str(), c.id, domain.path()]).await?;
    }
    put_words(tx, workspace, c).await
}

/// Writes a changed company and raises its version. [`Error::Duplicate`] when the external id or a domain is taken.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, before: &Company, c: &mut Company) -> Result<(), Error> {
    let values = args![workspace, c.id, c.name.as_str(), c.name.to_lowercase(), c.external_id.as_deref(), c.notes.as_str(), c.updated_at];
    tx.execute(sql::company::UPDATE, values).await?;
    for domain in before.domains.iter().filter(|d| !c.domains.contains(d)) {
        tx.execute(sql::company::REMOVE_DOMAIN, args![workspace, domain.as_str(), c.id]).await?;
    }
    for domain in c.domains.iter().filter(|d| !before.domains.contains(d)) {
        tx.execute(sql::company::PUT_DOMAIN, args![workspace, domain.as_str(), c.id, domain.path()]).await?;
    }
    c.version += 1;
    if before.name != c.name || before.domains != c.domains {
        put_words(tx, workspace, c).await?;
    }
    Ok(())
}

async fn put_words(tx: &mut Tx, workspace: WorkspaceId, c: &Company) -> Result<(), Error> {
    tx.execute(sql::company::CLEAR_WORDS, args![workspace, c.id]).await?;
    let mut words = model::text::tokens(&in_words(&c.name));
    for domain in &c.domains {
        words.extend(model::text::tokens(&in_words(domain.as_str())));
    }
    words.sort_unstable();
    words.dedup();
    for word in words {
        tx.execute(sql::company::PUT_WORD, args![workspace, word, c.id]).await?;
    }
    Ok(())
}

/// Deletes a company; its customers are in none. False when there is none.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: CompanyId) -> Result<bool, Error> {
    tx.execute(sql::company::LEAVE, args![workspace, id]).await?;
    Ok(tx.execute(sql::company::DELETE, args![workspace, id]).await? == 1)
}

/// Puts one company in the place of another: its customers and domains go over, and filters of views name the other. The first is
/// deleted.
pub async fn merge(tx: &mut Tx, workspace: WorkspaceId, from: CompanyId, into: CompanyId) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(sql::company::MOVE, args![workspace, from, into]).await?;
    tx.execute(sql::company::MOVE_DOMAINS, args![workspace, from, into]).await?;
    tx.execute(sql::company::NAME_INSTEAD_IN_VIEWS, args![workspace, from.to_string(), into.to_string(), now]).await?;
    tx.execute(sql::company::DELETE, args![workspace, from]).await?;
    if let Some(company) = get(tx, workspace, into).await? {
        put_words(tx, workspace, &company).await?;
    }
    Ok(())
}

/// How many customers write from a domain, or from below it, and are in no company, counted up to [`MOST_TAKEN_IN`]. Those whom the
/// domain of another company fits better are not meant.
pub async fn candidates(conn: &mut Conn, workspace: WorkspaceId, id: CompanyId, domain: &Domain) -> Result<i64, Error> {
    conn.fetch_one(sql::company::CANDIDATES, from_domain(workspace, id, domain)).await?.int("n")
}

/// Takes in those whom [`candidates`] counts, at most [`MOST_TAKEN_IN`]; how many.
pub async fn take_in(tx: &mut Tx, workspace: WorkspaceId, id: CompanyId, domain: &Domain) -> Result<u64, Error> {
    tx.execute(sql::company::TAKE_IN, from_domain(workspace, id, domain)).await
}

fn from_domain(workspace: WorkspaceId, id: CompanyId, domain: &Domain) -> Vec<Value> {
    let path = domain.path();
    // Below it: what begins with it and a full stop. A slash comes right after that.
    let (from, to) = if domain.is_shared() { (String::new(), String::new()) } else { (format!("{path}."), format!("{path}/")) };
    args![workspace, path, from, to, id, i64::try_from(MOST_TAKEN_IN).unwrap_or(i64::MAX)]
}

/// Writes the paths of the domains that were there before these.
pub(crate) async fn fill_paths(conn: &mut Conn) -> Result<(), Error> {
    for row in conn.fetch_all("SELECT workspace_id, domain FROM company_domain", args![]).await? {
        let (at, domain) = (row.int("workspace_id")?, row.text("domain")?);
        let values = args![at, domain.as_str(), path(&domain)];
        conn.execute("UPDATE company_domain SET path = $3 WHERE workspace_id = $1 AND domain = $2", values).await?;
    }
    let mut after = (0, String::new());
    loop {
        let sql = "SELECT workspace_id, address_folded FROM customer_email WHERE (workspace_id, address_folded) > ($1, $2) \
            ORDER BY workspace_id, address_folded LIMIT 1000";
        let rows = conn.fetch_all(sql, args![after.0, after.1.as_str()]).await?;
        for row in &rows {
            after = (row.int("workspace_id")?, row.text("address_folded")?);
            let domain = after.1.rsplit('@').next().unwrap_or_default();
            let values = args![after.0, after.1.as_str(), path(domain)];
            conn.execute("UPDATE customer_email SET domain_path = $3 WHERE workspace_id = $1 AND address_folded = $2", values).await?;
        }
        if rows.len() < 1_000 {
            return Ok(());
        }
    }
}

/// The customers of a company whom the reader sees, by name. Keyset pages on one index.
pub async fn customers(conn: &mut Conn, scope: &Scope, id: CompanyId, cursor: Option<&str>, limit: usize) -> Result<Page<Customer>, PageError> {
    let mut values: Vec<Value> = args![scope.workspace, id];
    let mut after = "";
    if let Some(cursor) = cursor {
        let (id, name) = cursor.split_once('_').ok_or(PageError::BadCursor)?;
        let id: CustomerId = CustomerId::from_raw(id.parse().map_err(|_| PageError::BadCursor)?);
        values.extend(args![name, id]);
        after = " AND (u.name_folded, u.id) > ($3, $4)";
    }
    let sql = format!(
        "SELECT {}, u.name_folded FROM customer u WHERE u.workspace_id = $1 AND u.company_id = $2{}{after} ORDER BY u.name_folded, u.id LIMIT {}",
        customer::COLUMNS,
        customer::in_sight_as_u(scope),
        limit + 1
    );
    let rows = conn.fetch_built(sql, values).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push((customer::from_row(row)?, row.text("name_folded")?));
    }
    let page = Page::cut(found, limit, |(one, folded)| format!("{}_{folded}", one.id.raw()));
    Ok(Page { items: page.items.into_iter().map(|(one, _)| one).collect(), next: page.next })
}

/// How many of its customers the reader sees, counted up to [`MOST_COUNTED`].
pub async fn customer_count(conn: &mut Conn, scope: &Scope, id: CompanyId) -> Result<i64, Error> {
    let sight = customer::in_sight_as_u(scope);
    let sql = format!(
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM customer u WHERE u.workspace_id = $1 AND u.company_id = $2{sight} LIMIT {MOST_COUNTED}) counted"
    );
    conn.fetch_built(sql, args![scope.workspace, id]).await?.first().map_or(Ok(0), |r| r.int("n"))
}
