//! Conversations: lists, counts, changes.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{closed_inbox, conversation, desk, inbox, text};
use common::TestApp;
use model::Role;
use model::conversation_link::LinkKind;
use serde_json::{Value, json};

fn subjects(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|c| text(&c["subject"])).collect()
}

#[tokio::test]
async fn a_list_comes_in_pages_and_the_counts_agree() {
    let app = TestApp::new().await;
    let inbox = inbox(&app, &app.owner, "help@haru.example").await;
    for n in 0..5 {
        conversation(&app, &app.owner, &inbox, &format!("c{n}@shop.example"), "Hello").await;
        app.pass(jiff::SignedDuration::from_secs(1));
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.by(&app.agent).get(&format!("/conversations?limit=2{cursor}")).await.ok(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|c| c["customer"]["email"].clone()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["c4", "c3", "c2", "c1", "c0"].map(|n| json!(format!("{n}@shop.example"))));
    let counts = app.by(&app.agent).get("/conversation-counts").await.ok(200);
    assert_eq!((&counts["all_open"], &counts["unassigned"], &counts["mine"]), (&json!(5), &json!(5), &json!(0)));
    assert_eq!(counts["inboxes"][&inbox], 5);
}

#[tokio::test]
async fn row_48_columns_and_orders_come_from_a_list_and_bad_cursors_are_told() {
    let app = TestApp::new().await;
    for query in [
        "sort=subject",
        "sort=newest;drop table",
        "view=everything",
        "status=closed",
        "order=asc",
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=x",
        "cursor=1_cnv_x",
        "inbox_id=1",
        "tag_id=cnv_0000000000000",
        "assignee_id=' or 1=1 --",
    ] {
        let query = query.replace(' ', "%20").replace('\'', "%27").replace(';', "%3B");
        app.by(&app.agent).get(&format!("/conversations?{query}")).await.problem(400, "malformed");
    }
}

#[tokio::test]
async fn what_an_agent_changes_is_there_afterwards() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    let tag = app.by(&app.agent).post("/tags", json!({"name": "VIP", "color": "purple"})).await.ok(201);
    let me = app.agent.agent.id.to_string();
    app.by(&app.agent).patch(&path, json!({"subject": "Order 1043", "priority": "urgent", "assignee_id": me})).await.ok(200);
    let c = app.by(&app.agent).put(&format!("{path}/tags"), json!({"tag_ids": [tag["id"]]})).await.ok(200);
    assert_eq!(
        (&c["subject"], &c["priority"], &c["assignee"]["id"], &c["tags"][0]["name"]),
        (&json!("Order 1043"), &json!("urgent"), &json!(me), &json!("VIP"))
    );
    assert_eq!(app.by(&app.agent).get("/conversations?view=mine").await.ok(200)["items"][0]["id"], c["id"]);
    let c = app.by(&app.agent).patch(&path, json!({"assignee_id": null})).await.ok(200);
    assert_eq!(c["assignee"], Value::Null);
    let kinds = timeline_kinds(&app.by(&app.agent).get(&format!("{path}/timeline")).await.ok(200));
    assert_eq!(kinds, ["conversation.assigned", "conversation.tagged", "conversation.assigned", "conversation.updated", "message"]);
}

fn timeline_kinds(list: &Value) -> Vec<String> {
    let kind = |i: &Value| if i["type"] == "message" { "message".to_owned() } else { text(&i["event"]["kind"]) };
    list["items"].as_array().unwrap().iter().map(kind).collect()
}

#[tokio::test]
async fn a_timeline_has_no_gap_and_no_double_between_its_pages() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    for n in 0..4 {
        app.by(&app.agent).post(&format!("{path}/notes"), json!({"text": format!("note {n}")})).await.ok(201);
        app.by(&app.agent).patch(&path, json!({"subject": format!("Subject {n}")})).await.ok(200);
    }
    let whole = app.by(&app.agent).get(&format!("{path}/timeline")).await.ok(200);
    assert_eq!(whole["items"].as_array().unwrap().len(), 9);
    let (mut pieces, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.by(&app.agent).get(&format!("{path}/timeline?limit=2{cursor}")).await.ok(200);
        pieces.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(&pieces, whole["items"].as_array().unwrap());
}

#[tokio::test]
async fn a_status_is_set_and_a_snooze_needs_a_time_to_come() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}/status");
    let set = |status: Value| app.by(&app.agent).put(&path, json!({"status": status}));
    assert_eq!(set(json!({"kind": "resolved"})).await.ok(200)["status"], json!({"kind": "resolved", "at": "2026-11-22T10:00:00.000Z"}));
    assert_eq!(set(json!({"kind": "resolved"})).await.ok(200)["status"]["kind"], "resolved");
    let problem = set(json!({"kind": "snoozed", "until": "2026-11-22T09:00:00Z"})).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["code"], "in_the_past");
    assert_eq!(set(json!({"kind": "snoozed", "until": "2026-11-23T09:00:00Z"})).await.ok(200)["status"]["until"], "2026-11-23T09:00:00.000Z");
    assert_eq!(set(json!({"kind": "snoozed", "until": null})).await.ok(200)["status"], json!({"kind": "snoozed", "until": null}));
    for bad in [json!({"kind": "closed"}), json!({"kind": "snoozed"}), json!({"kind": "open", "by": "me"}), json!("open")] {
        let answer = set(bad.clone()).await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{bad}: {}", answer.text);
    }
    let mut conn = app.app.read().await.unwrap();
    let jobs = conn.fetch_all("SELECT run_at FROM job WHERE kind = 'wake_conversation'", vec![]).await.unwrap();
    assert_eq!(jobs[0].time("run_at").unwrap().to_string(), "2026-11-23T09:00:00Z");
}

#[tokio::test]
async fn a_change_against_an_old_version_is_a_conflict_that_shows_the_new_one() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    let answer = app.by(&app.agent).get(&path).await;
    let etag = answer.headers["etag"].to_str().unwrap().to_owned();
    app.by(&app.admin).patch(&path, json!({"subject": "Faster"})).await.ok(200);
    let problem = app.by(&app.agent).header("if-match", &etag).patch(&path, json!({"subject": "Slower"})).await.problem(409, "conflict");
    assert_eq!(problem["current"]["subject"], "Faster");
    let etag = app.by(&app.agent).get(&path).await.headers["etag"].to_str().unwrap().to_owned();
    app.by(&app.agent).header("if-match", &etag).patch(&path, json!({"subject": "Now"})).await.ok(200);
}

#[tokio::test]
async fn read_and_unread_are_each_agents_own() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let unread = async |p| app.by(p).get("/conversations").await.ok(200)["items"][0]["unread"] == true;
    assert!(unread(&app.agent).await);
    app.by(&app.agent).put(&format!("/conversations/{id}/read"), json!({"read": true})).await.ok(204);
    assert!(!unread(&app.agent).await);
    assert!(unread(&app.admin).await);
    app.by(&app.agent).put(&format!("/conversations/{id}/read"), json!({"read": false})).await.ok(204);
    assert!(unread(&app.agent).await);
}

#[tokio::test]
async fn a_conversation_out_of_sight_does_not_exist() {
    let app = TestApp::new().await;
    let closed = closed_inbox(&app, "secret@haru.example", &[]).await;
    let c = conversation(&app, &app.owner, &closed, "x@shop.example", "Secret words").await;
    let path = format!("/conversations/{}", text(&c["id"]));
    for sub in ["", "/timeline", "/messages", "/draft"] {
        app.by(&app.agent).get(&format!("{path}{sub}")).await.problem(404, "not_found");
    }
    app.by(&app.agent).patch(&path, json!({"subject": "x"})).await.problem(404, "not_found");
    assert_eq!(subjects(&app.by(&app.agent).get("/conversations?view=all").await.ok(200)), Vec::<String>::new());
    assert_eq!(app.by(&app.agent).get("/conversation-counts").await.ok(200)["all_open"], 0);
    assert_eq!(app.by(&app.admin).get(&path).await.ok(200)["subject"], "Order 1042");
}

#[tokio::test]
async fn a_conversation_moves_only_to_an_inbox_in_sight_and_leaves_those_who_cannot_follow() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    let helper = app.join("helper@haru.example", Role::Agent).await;
    let closed = closed_inbox(&app, "vip@haru.example", &[&helper]).await;
    app.by(&app.agent).patch(&path, json!({"assignee_id": app.agent.agent.id.to_string()})).await.ok(200);
    app.by(&app.agent).patch(&path, json!({"inbox_id": closed})).await.problem(422, "invalid");
    let c = app.by(&helper).patch(&path, json!({"inbox_id": closed})).await.ok(200);
    assert_eq!((&c["inbox"]["id"], &c["assignee"]), (&json!(closed), &Value::Null));
    app.by(&app.agent).get(&path).await.problem(404, "not_found");
    app.by(&helper).patch(&path, json!({"assignee_id": app.agent.agent.id.to_string()})).await.problem(422, "invalid");
}

#[tokio::test]
async fn an_agent_may_begin_a_conversation() {
    let app = TestApp::new().await;
    let inbox = inbox(&app, &app.owner, "help@haru.example").await;
    let form = |extra: Value| {
        let mut form =
            json!({"inbox_id": inbox, "customer": {"email": "new@shop.example"}, "subject": "Hello", "text": "We found it", "direction": "outgoing"});
        form.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        form
    };
    let c = app.by(&app.agent).post("/conversations", form(json!({}))).await.ok(201);
    let detail = app.by(&app.agent).get(&format!("/conversations/{}", text(&c["id"]))).await.ok(200);
    assert_eq!(detail["reply_to_defaults"]["to"][0]["address"], "new@shop.example");
    app.by(&app.viewer).post("/conversations", form(json!({}))).await.problem(403, "forbidden");
    for (extra, field) in [
        (json!({"inbox_id": "inb_0000000000002"}), "inbox_id"),
        (json!({"customer": {}}), "customer.email"),
        (json!({"subject": "a\r\nBcc: x@y"}), "subject"),
        (json!({"assignee_id": app.stranger.agent.id.to_string()}), "assignee_id"),
        (json!({"attachment_ids": ["att_0000000000002"]}), "attachment_ids"),
    ] {
        let problem = app.by(&app.agent).post("/conversations", form(extra)).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field);
    }
}

#[tokio::test]
async fn a_link_is_shown_to_those_who_see_both_ends() {
    let app = TestApp::new().await;
    let (_, here) = desk(&app).await;
    let closed = closed_inbox(&app, "board@haru.example", &[]).await;
    let there = text(&conversation(&app, &app.owner, &closed, "mina@shop.example", "Secret").await["id"]);
    let open = text(&conversation(&app, &app.owner, &inbox(&app, &app.owner, "sales@haru.example").await, "mina@shop.example", "Hello").await["id"]);
    let mut tx = app.desk().begin().await.unwrap();
    for (other, kind) in [(&there, LinkKind::SameMail), (&open, LinkKind::FollowUp)] {
        store::conversation_link::insert(&mut tx, app.here, other.parse().unwrap(), here.parse().unwrap(), kind, None).await.unwrap();
    }
    tx.commit().await.unwrap();

    let seen = app.by(&app.agent).get(&format!("/conversations/{here}")).await.ok(200);
    let links = seen["links"].as_array().unwrap();
    assert_eq!(links.len(), 1, "{links:?}");
    assert_eq!((&links[0]["kind"], &links[0]["follows"], &links[0]["conversation"]["id"]), (&json!("follow_up"), &json!(false), &json!(open)));
    assert_eq!(
        (&links[0]["conversation"]["subject"], &links[0]["conversation"]["inbox"]["address"]),
        (&json!("Order 1042"), &json!("sales@haru.example"))
    );
    assert!(!seen.to_string().contains(&there));
    let all = app.by(&app.owner).get(&format!("/conversations/{here}")).await.ok(200);
    assert_eq!(all["links"].as_array().unwrap().len(), 2);
    let back = app.by(&app.agent).get(&format!("/conversations/{open}")).await.ok(200);
    assert_eq!((&back["links"][0]["follows"], &back["links"][0]["conversation"]["id"]), (&json!(true), &json!(here)));
}

#[tokio::test]
async fn a_tag_is_merged_into_another_and_what_names_it_follows() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let tag = |name: &'static str| {
        let app = &app;
        async move { text(&app.by(&app.owner).post("/tags", json!({"name": name})).await.ok(201)["id"]) }
    };
    let (old, new) = (tag("refunds").await, tag("refund").await);
    app.by(&app.agent).put(&format!("/conversations/{id}/tags"), json!({"tag_ids": [old]})).await.ok(200);
    let form = json!({"name": "Close", "visibility": {"kind": "everyone"}, "actions": [{"kind": "add_tags", "tag_ids": [old]}]});
    let made = text(&app.by(&app.owner).post("/macros", form).await.ok(201)["id"]);
    let usage = format!("/tags/{old}/usage");
    assert_eq!(app.by(&app.owner).get(&usage).await.ok(200), json!({"conversations": 1, "views": 0, "macros": 1}));
    app.by(&app.agent).get(&usage).await.problem(403, "forbidden");
    let merge = format!("/tags/{old}/merge");
    app.by(&app.agent).post(&merge, json!({"into": new})).await.problem(403, "forbidden");
    app.by(&app.owner).post(&merge, json!({"into": old})).await.problem(422, "invalid");
    app.by(&app.owner).post(&merge, json!({"into": "tag_0000000000002"})).await.problem(422, "invalid");
    assert_eq!(app.by(&app.owner).post(&merge, json!({"into": new})).await.ok(200)["name"], "refund");
    assert_eq!(app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200)["tags"][0]["id"], json!(new));
    let macros = app.by(&app.owner).get("/macros").await.ok(200);
    let merged = macros["items"].as_array().unwrap().iter().find(|m| m["id"] == json!(made)).unwrap();
    assert_eq!(merged["actions"][0]["tag_ids"], json!([new]));
    app.by(&app.owner).post(&merge, json!({"into": new})).await.problem(404, "not_found");
}

#[tokio::test]
async fn the_files_of_a_conversation_are_listed_for_those_who_see_it() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let ask = app.by(&app.agent).header("content-type", "application/pdf");
    let upload = ask.send(axum::http::Method::POST, "/attachments?filename=a.pdf", axum::body::Body::from("%PDF-1.7")).await.ok(201);
    let note = app.by(&app.agent).post(&format!("/conversations/{id}/notes"), json!({"text": "n", "attachment_ids": [upload["id"]]})).await.ok(201);
    let path = format!("/conversations/{id}/attachments");
    let files = app.by(&app.viewer).get(&path).await.ok(200);
    assert_eq!((&files["items"][0]["message_id"], &files["items"][0]["file"]["filename"]), (&note["id"], &json!("a.pdf")));
    app.by(&app.stranger).get(&path).await.problem(404, "not_found");
    app.anyone().get(&path).await.problem(401, "not_signed_in");
}
