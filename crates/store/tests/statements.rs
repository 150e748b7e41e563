//! Every named statement is one that both databases understand.
#![allow(clippy::unwrap_used)]

mod common;

use store::{Dialect, dialect, sql};

#[tokio::test]
async fn every_named_statement_is_understood_by_both_databases() {
    common::both(|store| async move {
        let own = match store.dialect() {
            Dialect::Sqlite => {
                use dialect::sqlite as d;
                [
                    ("EVENTS_AFTER", d::EVENTS_AFTER),
                    ("EVENTS_BEHIND", d::EVENTS_BEHIND),
                    ("EVENT_HEAD", d::EVENT_HEAD),
                    ("CLAIM_JOBS", d::CLAIM_JOBS),
                    ("SEARCH_PUT", d::SEARCH_PUT),
                    ("SUBJECT_PUT", d::SUBJECT_PUT),
                    ("CUSTOMER_PUT", d::CUSTOMER_PUT),
                ]
            }
            Dialect::Postgres => {
                use dialect::postgres as d;
                [
                    ("EVENTS_AFTER", d::EVENTS_AFTER),
                    ("EVENTS_BEHIND", d::EVENTS_BEHIND),
                    ("EVENT_HEAD", d::EVENT_HEAD),
                    ("CLAIM_JOBS", d::CLAIM_JOBS),
                    ("SEARCH_PUT", d::SEARCH_PUT),
                    ("SUBJECT_PUT", d::SUBJECT_PUT),
                    ("CUSTOMER_PUT", d::CUSTOMER_PUT),
                ]
            }
        };
        let mut conn = store.read().await.unwrap();
        let mut refused = Vec::new();
        for (name, statement) in sql::ALL.iter().chain(own.iter()) {
            if let Err(error) = conn.prepare(statement).await {
                refused.push(format!("{name}: {error}"));
            }
        }
        assert!(refused.is_empty(), "{:?} refuses:\n{}", store.dialect(), refused.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn both_schemas_have_the_same_tables_and_columns() {
    let columns = std::sync::Mutex::new(Vec::new());
    common::both(|store| {
        let columns = &columns;
        async move {
            let mut conn = store.read().await.unwrap();
            let sql = conn.pick(
                "SELECT m.name AS t, c.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) c
                  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND (m.name NOT LIKE 'search%' OR m.name = 'search_word')",
                "SELECT CAST(table_name AS TEXT) AS t, CAST(column_name AS TEXT) AS c FROM information_schema.columns
                  WHERE table_schema = 'public' AND (table_name NOT LIKE 'search%' OR table_name = 'search_word')",
            );
            let rows = conn.fetch_all(sql, vec![]).await.unwrap();
            let mut found: Vec<String> = rows.iter().map(|r| format!("{}.{}", r.text("t").unwrap(), r.text("c").unwrap())).collect();
            found.sort();
            columns.lock().unwrap().push(found);
        }
    })
    .await;
    let columns = columns.into_inner().unwrap();
    if let [sqlite, postgres] = columns.as_slice() {
        assert_eq!(sqlite, postgres);
    }
}
