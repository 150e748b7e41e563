//! Custom fields: defined by admins, filled in by agents and macros, asked for when a conversation is resolved.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TestDesk, mail};
use desk::Refusal;
use desk::action::{ActionError, Change, Insert, apply, preview, undo};
use desk::conversation::{ChangeStatusError, Reply, ReplyError, change_status, reply};
use desk::field::{Form, Patch, Which, create, set, update};
use model::action::{Action, Actions, StatusTo};
use model::field::{Choice, Field, Kind, ShownWhen, Words};
use model::{ConversationId, Role, Scope, Status};
use serde_json::json;

fn admin(t: &TestDesk) -> Scope {
    Scope { permissions: Role::Admin.permissions(), ..t.scope() }
}

fn form(label: &str, kind: Kind) -> Form {
    let label = Words { en: Some(label.into()), ko: None };
    Form { key: None, label, help: Words::default(), kind, inboxes: Vec::new(), shown_when: None, required: false }
}

async fn define(t: &TestDesk, form: Form) -> Result<Field, Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    let field = create(&mut tx, &admin(t), form).await?;
    tx.commit().await.unwrap();
    Ok(field)
}

async fn change(t: &TestDesk, field: &Field, patch: Patch) -> Result<Field, Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    let field = update(&mut tx, &admin(t), field.id, patch).await?;
    tx.commit().await.unwrap();
    Ok(field)
}

async fn arrive(t: &TestDesk) -> ConversationId {
    t.receive(&mail("Hana Seo <hana@outside.example>", "Jar", "Where is my jar?")).await.conversation
}

async fn fill(t: &TestDesk, id: ConversationId, key: &str, value: serde_json::Value) -> Result<(), Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    set(&mut tx, &t.scope(), id, &[(Which::Key(key.into()), value)]).await?;
    tx.commit().await.unwrap();
    Ok(())
}

async fn resolve(t: &TestDesk, id: ConversationId) -> Result<(), ChangeStatusError> {
    let mut tx = t.desk.begin().await.unwrap();
    let now = tx.now();
    change_status(&mut tx, &t.scope(), id, Status::Resolved { at: now }).await?;
    tx.commit().await.unwrap();
    Ok(())
}

async fn value(t: &TestDesk, id: ConversationId, field: &Field) -> serde_json::Value {
    let values = store::field::values(&mut t.desk.store.read().await.unwrap(), t.workspace, id).await.unwrap();
    values.get(&field.id).map_or(serde_json::Value::Null, model::field::Value::to_json)
}

async fn changes(t: &TestDesk) -> usize {
    let mut conn = t.desk.store.read().await.unwrap();
    conn.fetch_all("SELECT id FROM event WHERE kind = 'conversation.fields_changed'", vec![]).await.unwrap().len()
}

fn missing(refusal: &Refusal) -> Vec<&str> {
    let Refusal::Fields { code: "fields_missing", faults } = refusal else { panic!("{refusal:?}") };
    faults.iter().map(|f| f.key.as_str()).collect()
}

#[tokio::test]
async fn a_field_is_defined_by_admins_and_what_does_not_fit_is_named() {
    let t = TestDesk::new().await;
    let order = define(&t, form("Order number", Kind::Number {})).await.unwrap();
    assert_eq!(order.key.as_str(), "order_number");
    assert_eq!(define(&t, form("Order number!", Kind::Number {})).await.unwrap().key.as_str(), "order_number_2");
    let mut tx = t.desk.begin().await.unwrap();
    assert!(matches!(create(&mut tx, &t.scope(), form("X", Kind::Number {})).await, Err(Refusal::Forbidden(_))));
    drop(tx);
    let refused = |form: Form| async { format!("{:?}", define(&t, form).await.unwrap_err()) };
    assert!(refused(Form { key: Some("order_number".into()), ..form("X", Kind::Number {}) }).await.contains("taken"));
    assert!(refused(Form { key: Some("Bad key".into()), ..form("X", Kind::Number {}) }).await.contains("\"key\""));
    assert!(refused(form(" ", Kind::Number {})).await.contains("\"label\""));
    assert!(refused(form("X", Kind::Pattern { pattern: "(".into(), max_length: 9 })).await.contains("type.pattern"));
    let when = ShownWhen { field_id: order.id, any_of: vec!["1".into()] };
    assert!(refused(Form { shown_when: Some(when), ..form("X", Kind::Number {}) }).await.contains("shown_when.field_id"));
    let gone = change(&t, &order, Patch { kind: Some(Kind::Date {}), ..Patch::default() }).await;
    assert!(matches!(gone, Err(Refusal::Invalid { field: "type", code: "fixed", .. })));
}

#[tokio::test]
async fn a_condition_keeps_its_field_in_use_and_never_waits_in_a_circle() {
    let t = TestDesk::new().await;
    let gift = define(&t, form("Gift", Kind::Checkbox {})).await.unwrap();
    let when = Some(ShownWhen { field_id: gift.id, any_of: vec!["true".into()] });
    let wrap = define(&t, Form { shown_when: when, ..form("Wrap", Kind::Checkbox {}) }).await.unwrap();
    let circle = Some(Some(ShownWhen { field_id: wrap.id, any_of: vec!["true".into()] }));
    let refused = change(&t, &gift, Patch { shown_when: circle, ..Patch::default() }).await;
    assert!(matches!(refused, Err(Refusal::Invalid { code: "circle", .. })));
    let away = || Patch { archived: Some(true), ..Patch::default() };
    assert!(matches!(change(&t, &gift, away()).await, Err(Refusal::Conflict { code: "field_in_use", .. })));
    change(&t, &wrap, away()).await.unwrap();
    assert!(change(&t, &gift, away()).await.unwrap().archived_at.is_some());
}

#[tokio::test]
async fn values_are_set_with_one_event_and_bad_ones_change_nothing() {
    let t = TestDesk::new().await;
    let id = arrive(&t).await;
    let order = define(&t, form("Order", Kind::Pattern { pattern: "[A-Z]{2}-[0-9]+".into(), max_length: 20 })).await.unwrap();
    fill(&t, id, "order", json!("AB-12")).await.unwrap();
    fill(&t, id, "order", json!("AB-12")).await.unwrap();
    assert_eq!((value(&t, id, &order).await, changes(&t).await), (json!("AB-12"), 1));
    for (key, bad) in [("order", json!("12")), ("mood", json!("good"))] {
        let refused = fill(&t, id, key, bad).await.unwrap_err();
        assert!(matches!(refused, Refusal::Fields { code: "invalid", ref faults } if faults[0].key == key), "{refused:?}");
    }
    assert_eq!((value(&t, id, &order).await, changes(&t).await), (json!("AB-12"), 1));
    fill(&t, id, "order", json!(null)).await.unwrap();
    assert_eq!(value(&t, id, &order).await, json!(null));
    let elsewhere = Form { inboxes: vec![t.inbox.id], ..form("Here", Kind::Number {}) };
    define(&t, elsewhere).await.unwrap();
    fill(&t, id, "here", json!(1)).await.unwrap();
}

#[tokio::test]
async fn resolving_by_hand_and_with_a_reply_asks_for_what_is_required() {
    let t = TestDesk::new().await;
    let id = arrive(&t).await;
    resolve(&t, id).await.unwrap();
    t.receive(&mail("Hana Seo <hana@outside.example>", "Re: Jar", "Hello?")).await;
    let id = arrive_again(&t).await;
    define(&t, Form { required: true, ..form("Order", Kind::Number {}) }).await.unwrap();
    let gift = define(&t, Form { required: true, ..form("Topic", Kind::Choice { options: vec![topic("gift"), topic("other")] }) }).await.unwrap();
    let when = Some(ShownWhen { field_id: gift.id, any_of: vec!["gift".into()] });
    define(&t, Form { required: true, shown_when: when, ..form("Wrap", Kind::Checkbox {}) }).await.unwrap();
    let ChangeStatusError::Refused(refusal) = resolve(&t, id).await.unwrap_err() else { panic!() };
    assert_eq!(missing(&refusal), ["order", "topic"]);
    let mut tx = t.desk.begin().await.unwrap();
    let now = tx.now();
    let words = Reply { text: Some("Done".into()), then: Some(Status::Resolved { at: now }.into()), ..Reply::default() };
    let ReplyError::Refused(refusal) = reply(&mut tx, &t.desk, &t.scope(), id, words).await.unwrap_err() else { panic!() };
    assert_eq!(missing(&refusal), ["order", "topic"]);
    drop(tx);
    fill(&t, id, "order", json!(12)).await.unwrap();
    fill(&t, id, "topic", json!("gift")).await.unwrap();
    let ChangeStatusError::Refused(refusal) = resolve(&t, id).await.unwrap_err() else { panic!() };
    assert_eq!(missing(&refusal), ["wrap"]);
    fill(&t, id, "topic", json!("other")).await.unwrap();
    resolve(&t, id).await.unwrap();
    assert_eq!(t.conversation(id).await.status.kind().as_str(), "resolved");
}

fn topic(key: &str) -> Choice {
    Choice { key: key.parse().ok(), label: Words { en: Some(key.into()), ko: None }, archived: false }
}

async fn arrive_again(t: &TestDesk) -> ConversationId {
    t.receive(&mail("Juno <juno@outside.example>", "Tea", "Where is my tea?")).await.conversation
}

#[tokio::test]
async fn a_macro_sets_a_field_says_so_before_and_takes_it_back() {
    let t = TestDesk::new().await;
    let id = arrive(&t).await;
    let order = define(&t, Form { required: true, ..form("Order", Kind::Number {}) }).await.unwrap();
    let note = define(&t, form("Note", Kind::Text { max_length: 20 })).await.unwrap();
    fill(&t, id, "note", json!("before")).await.unwrap();
    let list = |actions: Vec<Action>| Actions::try_from(actions).unwrap();
    let set_to = |field: &Field, value| Action::SetField { field_id: field.id, value };
    let done = || Action::SetStatus { status: StatusTo::Resolved {} };
    let foreseen = preview(t.desk.begin().await.unwrap(), &t.desk, &t.scope(), id, &list(vec![done()])).await.unwrap();
    assert!(matches!(foreseen.fault, Some(ActionError::At { at: 0, why: Refusal::Fields { code: "fields_missing", .. } })));
    let actions = list(vec![set_to(&order, json!(1.5)), set_to(&note, json!("after")), done()]);
    let foreseen = preview(t.desk.begin().await.unwrap(), &t.desk, &t.scope(), id, &actions).await.unwrap();
    assert!(foreseen.changes.iter().any(|c| matches!(c, Change::Field { key, to, .. } if key == "order" && *to == json!(1.5))));
    let mut tx = t.desk.begin().await.unwrap();
    let applied = apply(&mut tx, &t.desk, &t.scope(), id, &actions, Insert::Draft).await.unwrap();
    tx.commit().await.unwrap();
    fill(&t, id, "note", json!("since")).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    // What is needed to take it back is kept as JSON.
    let kept = serde_json::from_str(&serde_json::to_string(&applied.undo).unwrap()).unwrap();
    assert_eq!(applied.undo, kept);
    let undone = undo(&mut tx, &t.scope(), id, &kept).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(undone.restored, ["status", "fields"]);
    assert_eq!((undone.kept.len(), undone.kept[0].what, undone.kept[0].why), (1, "fields", "changed_since"));
    assert_eq!((value(&t, id, &order).await, value(&t, id, &note).await), (json!(null), json!("since")));
    let mut tx = t.desk.begin().await.unwrap();
    for (bad, place) in [(set_to(&order, json!("x")), "value"), (Action::SetField { field_id: model::Id::from_raw(9), value: json!(1) }, "field_id")]
    {
        let error = apply(&mut tx, &t.desk, &t.scope(), id, &list(vec![bad]), Insert::Draft).await.unwrap_err();
        let ActionError::At { at: 0, why: Refusal::Invalid { field, .. } } = error else { panic!("{error:?}") };
        assert_eq!(field, place);
    }
}

#[tokio::test]
async fn what_was_resolved_goes_back_to_resolved_although_a_field_is_empty() {
    let t = TestDesk::new().await;
    let id = arrive(&t).await;
    resolve(&t, id).await.unwrap();
    define(&t, Form { required: true, ..form("Order", Kind::Number {}) }).await.unwrap();
    let open = Actions::try_from(vec![Action::SetStatus { status: StatusTo::Open {} }]).unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    let applied = apply(&mut tx, &t.desk, &t.scope(), id, &open, Insert::Draft).await.unwrap();
    assert_eq!(undo(&mut tx, &t.scope(), id, &applied.undo).await.unwrap().restored, ["status"]);
}
