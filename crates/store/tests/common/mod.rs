//! Runs a test on both databases: SQLite in a folder of its own, PostgreSQL in a database of its own, cloned from a
//! migrated template. Include it with `mod common;`.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};

use model::agent::{Agent, Preferences};
use model::company::Company;
use model::inbox::{Acknowledgement, ClosedPolicy, Health, Inbox, Incoming, Outgoing};
use model::workspace::{Language, Workspace};
use model::{CompanyId, Role, Secret, Timestamp, WorkspaceId};
use sqlx::{Connection as _, Executor as _, PgConnection};
use store::{Settings, Store, Tx};

const MISSING: &str = "SONNIM_TEST_DATABASE_URL is not set, so the PostgreSQL half cannot run. Start one with \
`bin/lib/test-postgres start DIR`, or set SONNIM_TEST_SQLITE_ONLY=1 to leave it out knowingly.";

/// The instant at which tests happen.
pub fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

/// Runs a test on SQLite, then on PostgreSQL. Without a PostgreSQL it fails, unless SONNIM_TEST_SQLITE_ONLY=1.
pub async fn both<F, Fut>(test: F)
where
    F: Fn(Store) -> Fut,
    Fut: Future<Output = ()>,
{
    at_both(async |settings| {
        let store = Store::open(&settings, now()).await.unwrap();
        test(store.clone()).await;
        store.leave(now()).await;
    })
    .await;
}

/// The same for a test that opens its store itself.
pub async fn at_both(test: impl AsyncFn(Settings)) {
    let folder = tempfile::tempdir().unwrap();
    test(Settings { data: folder.path().into(), database_url: None, blobs: None }).await;

    let Ok(url) = std::env::var("SONNIM_TEST_DATABASE_URL") else {
        assert!(std::env::var("SONNIM_TEST_SQLITE_ONLY").is_ok_and(|v| v == "1"), "{MISSING}");
        return;
    };
    let name = fresh_database(&url).await;
    test(Settings { data: folder.path().into(), database_url: Some(on(&url, &name)), blobs: None }).await;
    let mut admin = PgConnection::connect(&url).await.unwrap();
    run(&mut admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
}

fn on(url: &str, database: &str) -> Secret {
    let (server, _) = url.rsplit_once('/').expect("a URL with a database");
    Secret::new(format!("{server}/{database}"))
}

async fn run(admin: &mut PgConnection, sql: String) {
    admin.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
}

/// A new database that has this version's schema. Other test processes may do the same at the same time.
async fn fresh_database(url: &str) -> String {
    let mut hasher = DefaultHasher::new();
    for (name, text) in store::migrate::STEPS {
        (name, text).hash(&mut hasher);
    }
    include_str!("../../src/dialect/postgres.rs").hash(&mut hasher);
    let template = format!("sonnim_template_{:016x}", hasher.finish());
    let mut admin = PgConnection::connect(url).await.expect("the PostgreSQL of SONNIM_TEST_DATABASE_URL answers");
    admin.execute("SELECT pg_advisory_lock(424242)").await.unwrap();
    let known = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(&template).fetch_optional(&mut admin).await.unwrap();
    if known.is_none() {
        let raw = format!("{template}_raw");
        run(&mut admin, format!("DROP DATABASE IF EXISTS {raw} WITH (FORCE)")).await;
        run(&mut admin, format!("CREATE DATABASE {raw}")).await;
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { data: folder.path().into(), database_url: Some(on(url, &raw)), blobs: None };
        Store::open(&settings, now()).await.unwrap().leave(now()).await;
        // Only a whole template gets the name.
        run(&mut admin, format!("ALTER DATABASE {raw} RENAME TO {template}")).await;
    }
    let name = format!("sonnim_test_{}", model::token::word(&rand::random::<[u8; 10]>()));
    run(&mut admin, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    name
}

/// A workspace with an owner, whose address is `owner@NAME.example`.
pub async fn workspace(store: &Store, name: &str) -> (WorkspaceId, Agent) {
    let mut tx = store.begin(now()).await.unwrap();
    let workspace = Workspace { id: tx.new_id(), name: name.into(), language: Language::En, time_zone: "UTC".into(), created_at: now() };
    store::workspace::insert(&mut tx, &workspace).await.unwrap();
    tx.commit().await.unwrap();
    let owner = agent(store, workspace.id, &format!("owner@{name}.example"), Role::Owner).await;
    (workspace.id, owner)
}

/// An agent of a workspace.
pub async fn agent(store: &Store, workspace: WorkspaceId, email: &str, role: Role) -> Agent {
    let mut tx = store.begin(now()).await.unwrap();
    let agent = Agent {
        id: tx.new_id(),
        name: email.split('@').next().unwrap().to_owned(),
        email: email.parse().unwrap(),
        role,
        language: Language::En,
        time_zone: None,
        signature_html: String::new(),
        deactivated_at: None,
        created_at: now(),
        last_seen_at: None,
        preferences: Preferences::default(),
    };
    store::agent::insert(&mut tx, workspace, &agent, Some("hash")).await.unwrap();
    tx.commit().await.unwrap();
    agent
}

/// An inbox that takes delivered mail and that everybody of the workspace sees.
pub async fn inbox(tx: &mut Tx, workspace: WorkspaceId, address: &str) -> Inbox {
    let inbox = Inbox {
        id: tx.new_id(),
        name: "Help".into(),
        address: address.parse().unwrap(),
        from_name: None,
        signature_html: String::new(),
        open_to_all: true,
        members: Vec::new(),
        acknowledgement: Acknowledgement::default(),
        closed_policy: ClosedPolicy::NewAfter { days: 3 },
        incoming: Incoming::Delivered,
        outgoing: Outgoing::None,
        incoming_health: Health::Off,
        outgoing_health: Health::Off,
        created_at: now(),
        archived_at: None,
    };
    store::inbox::insert(tx, workspace, &inbox).await.unwrap();
    inbox
}

/// A company with these domains.
pub async fn company(tx: &mut Tx, workspace: WorkspaceId, name: &str, domains: &[&str]) -> CompanyId {
    let company = Company {
        id: tx.new_id(),
        version: 1,
        name: name.into(),
        domains: domains.iter().map(|d| d.parse().unwrap()).collect(),
        external_id: None,
        notes: String::new(),
        created_at: now(),
        updated_at: now(),
    };
    store::company::insert(tx, workspace, &company).await.unwrap();
    company.id
}
