//! Custom fields and their values, on both databases.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{both, inbox, now, workspace};
use model::conversation::{Channel, Conversation};
use model::field::{Choice, Field, Kind, ShownWhen, Value, Values, Words};
use model::filter::{Condition, Custom, Field as Asks, Filter, Operator, Reader, Value as Operand};
use model::{ConversationId, CustomerId, FieldId, InboxId, Priority, Scope, Status, WorkspaceId};
use serde_json::json;
use store::conversation::{Asked, View};
use store::{Dialect, Error, Store, Tx};

fn field(id: FieldId, key: &str, kind: Kind) -> Field {
    Field {
        id,
        version: 1,
        key: key.parse().unwrap(),
        label: Words { en: Some(key.into()), ko: Some("주문".into()) },
        help: Words { en: None, ko: Some("도움말".into()) },
        kind,
        inboxes: Vec::new(),
        shown_when: None,
        required: false,
        position: 1,
        archived_at: None,
        created_at: now(),
        updated_at: now(),
    }
}

async fn place(store: &Store, name: &str) -> (WorkspaceId, InboxId, CustomerId) {
    let (id, _) = workspace(store, name).await;
    let mut tx = store.begin(now()).await.unwrap();
    let inbox = inbox(&mut tx, id, &format!("help@{name}.example")).await;
    let address = format!("hana@{name}.example").parse().unwrap();
    let customer = store::customer::insert(&mut tx, id, "Hana", Some(&address), None).await.unwrap();
    tx.commit().await.unwrap();
    (id, inbox.id, customer)
}

async fn conversation(tx: &mut Tx, (workspace, inbox, customer): (WorkspaceId, InboxId, CustomerId)) -> ConversationId {
    let mut conversation = Conversation {
        id: tx.new_id(),
        number: store::conversation::next_number(tx, workspace).await.unwrap(),
        version: 1,
        inbox,
        customer,
        beside: None,
        custom_status: None,
        due_at: None,
        subject: "Jar".into(),
        channel: Channel::Email,
        status: Status::Open,
        priority: Priority::Normal,
        assignee: None,
        team: None,
        preview: String::new(),
        message_count: 1,
        reply_token: format!("{:?}", tx.new_id::<ConversationId>()),
        created_at: now(),
        updated_at: now(),
        last_activity_at: now(),
        last_customer_at: None,
        last_reply_at: None,
        waiting_since: None,
        merged_into: None,
        shelf: None,
    };
    store::conversation::insert(tx, workspace, &mut conversation).await.unwrap();
    conversation.id
}

#[tokio::test]
async fn a_field_is_written_changed_and_put_in_order() {
    both(|store| async move {
        let (id, inbox, _) = place(&store, "haru").await;
        let (other, _) = workspace(&store, "other").await;
        let mut tx = store.begin(now()).await.unwrap();
        let option = Choice { key: "red".parse().ok(), label: Words { en: Some("Red".into()), ko: None }, archived: false };
        let mut colour = field(tx.new_id(), "colour", Kind::Choice { options: vec![option] });
        let mut order = field(tx.new_id(), "order", Kind::Pattern { pattern: "[0-9]+".into(), max_length: 9 });
        order.position = 2;
        for f in [&colour, &order] {
            store::field::insert(&mut tx, id, f).await.unwrap();
        }
        assert_eq!(store::field::list(&mut tx, id).await.unwrap(), [colour.clone(), order.clone()]);
        assert!(!store::field::any_required(&mut tx, id).await.unwrap());
        order.required = true;
        order.inboxes = vec![inbox];
        order.shown_when = Some(ShownWhen { field_id: colour.id, any_of: vec!["red".into()] });
        store::field::update(&mut tx, id, &mut order).await.unwrap();
        assert!(store::field::any_required(&mut tx, id).await.unwrap());
        store::field::place(&mut tx, id, colour.id, 3).await.unwrap();
        colour.position = 3;
        colour.archived_at = Some(now());
        store::field::update(&mut tx, id, &mut colour).await.unwrap();
        assert_eq!(store::field::list(&mut tx, id).await.unwrap(), [order.clone(), colour.clone()]);
        assert!(store::field::list(&mut tx, other).await.unwrap().is_empty());
        tx.commit().await.unwrap();
        let mut tx = store.begin(now()).await.unwrap();
        let again = field(tx.new_id(), "order", Kind::Number {});
        assert!(matches!(store::field::insert(&mut tx, id, &again).await, Err(Error::Duplicate(_))));
    })
    .await;
}

#[tokio::test]
async fn values_of_each_kind_are_kept_and_go_with_the_conversation() {
    both(|store| async move {
        let at = place(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        let option = |key: &str| Choice { key: key.parse().ok(), label: Words { en: Some(key.into()), ko: None }, archived: false };
        let options = || vec![option("red"), option("blue")];
        let kinds = [
            (Kind::Text { max_length: 500 }, json!("AB 12 환불 \u{1F600}")),
            (Kind::Number {}, json!(-12.5)),
            (Kind::Money { currency: "EUR".parse().unwrap() }, json!(1250)),
            (Kind::Date {}, json!("2026-11-22")),
            (Kind::Choice { options: options() }, json!("blue")),
            (Kind::MultiChoice { options: options() }, json!(["red", "blue"])),
            (Kind::Checkbox {}, json!(true)),
            (Kind::Link {}, json!(format!("https://haru.example/{}", "환".repeat(1_900)))),
            (Kind::Pattern { pattern: "[A-Z]+".into(), max_length: 9 }, json!("AB")),
        ];
        let one = conversation(&mut tx, at).await;
        let two = conversation(&mut tx, at).await;
        let mut expected = Values::new();
        for (n, (kind, json)) in kinds.into_iter().enumerate() {
            let f = field(tx.new_id(), &format!("f{n}"), kind);
            store::field::insert(&mut tx, at.0, &f).await.unwrap();
            let value = f.read(&json).unwrap().unwrap();
            store::field::put(&mut tx, at.0, one, f.id, Some(&value)).await.unwrap();
            expected.insert(f.id, value);
        }
        assert_eq!(store::field::values(&mut tx, at.0, one).await.unwrap(), expected);
        assert!(store::field::values(&mut tx, at.0, two).await.unwrap().is_empty());
        let (multi, _) = expected.iter().find(|(_, v)| matches!(v, Value::Choices(_))).unwrap();
        let fewer = Value::Choices(vec!["red".into()]);
        store::field::put(&mut tx, at.0, one, *multi, Some(&fewer)).await.unwrap();
        assert_eq!(store::field::values(&mut tx, at.0, one).await.unwrap().get(multi), Some(&fewer));
        store::field::put(&mut tx, at.0, one, *multi, None).await.unwrap();
        assert_eq!(store::field::values(&mut tx, at.0, one).await.unwrap().len(), expected.len() - 1);
        tx.execute("DELETE FROM conversation WHERE workspace_id = $1 AND id = $2", store::args![at.0, one]).await.unwrap();
        assert!(store::field::values(&mut tx, at.0, one).await.unwrap().is_empty());
    })
    .await;
}

/// What the database says of how it reads.
async fn plan(conn: &mut store::Conn, sql: &str, values: Vec<store::Value>) -> String {
    let explain = conn.pick("EXPLAIN QUERY PLAN", "EXPLAIN");
    let rows = conn.fetch_built(format!("{explain} {sql}"), values).await.unwrap();
    let column = conn.pick("detail", "QUERY PLAN");
    rows.iter().map(|r| r.text(column).unwrap()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_filter_by_value_is_answered_from_an_index() {
    both(|store| async move {
        let at = place(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        let order = field(tx.new_id(), "order", Kind::Text { max_length: 500 });
        let price = field(tx.new_id(), "price", Kind::Number {});
        for f in [&order, &price] {
            store::field::insert(&mut tx, at.0, f).await.unwrap();
        }
        let mut ids = Vec::new();
        for n in 0..3_000_i64 {
            let id = conversation(&mut tx, at).await;
            store::field::put(&mut tx, at.0, id, order.id, Some(&Value::Text(format!("A-{n}")))).await.unwrap();
            store::field::put(&mut tx, at.0, id, price.id, Some(&Value::Number(n * 10_000))).await.unwrap();
            ids.push(id);
        }
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        if store.dialect() == Dialect::Postgres {
            conn.fetch_built("ANALYZE field_value".into(), vec![]).await.unwrap();
            conn.fetch_built("ANALYZE conversation".into(), vec![]).await.unwrap();
        }
        let scope = Scope::system(at.0);
        let words = Filter::Is(Condition::new(Asks::Custom(Custom::from(&order)), Operator::IsAnyOf, Operand::Words(vec!["a-1234".into()])).unwrap());
        let number = Filter::Is(Condition::new(Asks::Custom(Custom::from(&price)), Operator::MoreThan, Operand::Number(29_980_000)).unwrap());
        for (filter, expected, index) in [(words, ids[1_234], "field_value_word"), (number, ids[2_999], "field_value_number")] {
            let reader = Reader { agent: None, teams: Vec::new(), now: now(), zone: jiff::tz::TimeZone::UTC };
            let asked = Asked { view: View::All, filter: Some((filter, reader)), ..Asked::default() };
            let page = store::conversation::page(&mut conn, &scope, &asked, None, 50).await.unwrap();
            assert_eq!(page.items.iter().map(|l| l.conversation.id).collect::<Vec<_>>(), [expected]);
            assert_eq!(store::conversation::count_asked(&mut conn, &scope, &asked, 1_000).await.unwrap(), 1);
            let (sql, values) = store::conversation::statement(&mut conn, &scope, &asked).await.unwrap();
            let plan = plan(&mut conn, &sql, values).await;
            assert!(plan.contains(index), "{plan}");
            assert!(!plan.contains("Seq Scan on field_value"), "{plan}");
        }
    })
    .await;
}
