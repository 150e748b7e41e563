//! The counts of views, which are kept in mind and mended by the log: they say what a list of the view holds, whatever happens.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{closed_inbox, conversation, desk, text};
use common::{Person, TestApp};
use serde_json::{Value, json};

fn is(field: &str, operator: &str, value: impl Into<Value>) -> Value {
    json!({"field": field, "operator": operator, "value": value.into()})
}

/// One view for each kind of thing that can change.
fn filters(tag: &str) -> Vec<Value> {
    let open = is("status", "is_any_of", json!(["open"]));
    vec![
        json!({"all": [open, is("assignee", "is_any_of", json!(["me"]))]}),
        json!({"all": [open, {"field": "assignee", "operator": "is_not_set"}]}),
        json!({"all": [is("unread", "is", json!(true))]}),
        json!({"all": [is("tag", "is_any_of", json!([tag]))]}),
        json!({"all": [is("text", "contains", json!("refund"))]}),
        json!({"not": is("text", "contains_phrase", json!("my order"))}),
        json!({"all": [is("participant", "is_any_of", json!(["boss@shop.example"]))]}),
        json!({"any": [is("priority", "is_any_of", json!(["high"])), is("status", "is_any_of", json!(["resolved", "snoozed"]))]}),
        json!({"all": [is("message_count", "more_than", json!(1))]}),
        json!({"all": [is("created", "after", json!("-7d"))]}),
    ]
}

/// What each view of somebody holds, counted from its list.
async fn same(app: &TestApp, who: &Person, after: &str) -> Vec<usize> {
    let counts = app.by(who).get("/view-counts").await.ok(200)["counts"].clone();
    let mut all = Vec::new();
    for view in app.by(who).get("/views").await.ok(200)["items"].as_array().unwrap() {
        let id = text(&view["id"]);
        let page = app.by(who).get(&format!("/conversations?view_id={id}&limit=100")).await.ok(200);
        let listed = page["items"].as_array().unwrap().len();
        assert_eq!(counts[&id], json!(listed), "{} after {after}", view["name"]);
        all.push(listed);
    }
    assert_eq!(all.len(), 10);
    all
}

#[tokio::test]
async fn counts_say_what_the_lists_hold_whatever_happens() {
    TestApp::both(async |app| {
        let (inbox, first) = desk(&app).await;
        let closed = closed_inbox(&app, "vip@haru.example", &[]).await;
        let tag = text(&app.by(&app.owner).post("/tags", json!({"name": "Refund"})).await.ok(201)["id"]);
        for (n, filter) in filters(&tag).into_iter().enumerate() {
            let form = json!({"name": format!("View {n}"), "audience": {"kind": "everyone"}, "filter": filter});
            app.by(&app.owner).post("/views", form).await.ok(201);
        }
        let both = async |after: &str| (same(&app, &app.owner, after).await, same(&app, &app.agent, after).await);
        assert_eq!(both("the first look").await.0, [0, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
        let mut ids = vec![first];
        for n in 0..4 {
            let c = conversation(&app, &app.owner, &inbox, &format!("c{n}@shop.example"), "I want a refund").await;
            ids.push(text(&c["id"]));
        }
        assert_eq!(both("four more").await.0, [0, 5, 5, 0, 4, 4, 0, 0, 0, 5]);
        let hidden = conversation(&app, &app.owner, &closed, "vip@shop.example", "A refund, please").await;
        let (owner, agent) = both("one in a closed inbox").await;
        assert_eq!((owner[4], agent[4]), (5, 4));
        let me = app.agent.agent.id.to_string();
        let by = || app.by(&app.agent);
        let at = |n: usize, rest: &str| format!("/conversations/{}{rest}", ids[n]);
        by().patch(&at(0, ""), json!({"assignee_id": me, "priority": "high"})).await.ok(200);
        by().put(&at(0, "/read"), json!({"read": true})).await.ok(204);
        let (owner, agent) = both("taken and read").await;
        assert_eq!((owner[0], agent[0], owner[2], agent[2]), (0, 1, 6, 4));
        by().put(&at(1, "/tags"), json!({"tag_ids": [tag]})).await.ok(200);
        by().put(&at(1, "/status"), json!({"status": {"kind": "resolved"}})).await.ok(200);
        by().put(&at(2, "/status"), json!({"status": {"kind": "snoozed", "until": "2026-11-30T09:00:00Z"}})).await.ok(200);
        by().post(
            &at(3, "/replies"),
            json!({"text": "Here is what boss asked", "to": [{"address": "c2@shop.example"}], "cc": [{"address": "boss@shop.example"}]}),
        )
        .await
        .ok(201);
        by().post(&at(3, "/notes"), json!({"text": "a note about my order"})).await.ok(201);
        assert_eq!(both("a tag, two statuses, an answer and a note").await.1[3], 1);
        by().post(&at(4, "/merge"), json!({"into": ids[3], "other_customer": true})).await.ok(200);
        both("a merge").await;
        by().delete(&at(4, "/merge")).await.ok(200);
        both("its undo").await;
        by().put(&at(4, "/shelf"), json!({"kind": "trash"})).await.ok(200);
        both("the trash").await;
        app.by(&app.owner).delete(&at(4, "")).await.ok(204);
        both("gone for good").await;
        let other = text(&app.by(&app.owner).post("/tags", json!({"name": "Money back"})).await.ok(201)["id"]);
        app.by(&app.owner).put(&format!("/conversations/{}/tags", text(&hidden["id"])), json!({"tag_ids": [other]})).await.ok(200);
        app.by(&app.owner).post(&format!("/tags/{other}/merge"), json!({"into": tag})).await.ok(200);
        assert_eq!(both("two tags became one").await.0[3], 2);
        app.by(&app.owner).patch(&format!("/conversations/{}", text(&hidden["id"])), json!({"inbox_id": inbox})).await.ok(200);
        let (owner, agent) = both("moved to an inbox that all see").await;
        assert_eq!((owner[3], agent[3]), (2, 2));
        app.pass(jiff::SignedDuration::from_hours(24 * 8));
        assert_eq!(both("a week").await.0[9], 0);
    })
    .await;
}

#[tokio::test]
async fn more_than_can_be_kept_is_counted_anew() {
    TestApp::both(async |app| {
        let (inbox, first) = desk(&app).await;
        let filter = json!({"all": [is("status", "is_any_of", json!(["open"]))]});
        let form = json!({"name": "Open", "audience": {"kind": "everyone"}, "filter": filter});
        let view = text(&app.by(&app.owner).post("/views", form).await.ok(201)["id"]);
        let counted = async || app.by(&app.owner).get("/view-counts").await.ok(200)["counts"][&view].clone();
        assert_eq!(counted().await, 1);
        // More happens than is asked again one by one.
        for n in 0..205 {
            conversation(&app, &app.owner, &inbox, &format!("c{n}@shop.example"), "Hello").await;
        }
        assert_eq!(counted().await, 206);
        app.by(&app.owner).put(&format!("/conversations/{first}/status"), json!({"status": {"kind": "resolved"}})).await.ok(200);
        assert_eq!(counted().await, 205);
    })
    .await;
}
