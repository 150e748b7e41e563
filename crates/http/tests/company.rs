//! Companies, phone numbers, columns, groups and lists in bulk, over the API.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{closed_inbox, conversation, desk, inbox, text};
use common::{Person, TestApp, encoded};
use serde_json::{Value, json};

async fn company(app: &TestApp, by: &Person, name: &str, domains: &[&str]) -> Value {
    app.by(by).post("/companies", json!({"name": name, "domains": domains})).await.ok(201)
}

fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|c| text(&c["id"])).collect()
}

#[tokio::test]
async fn agents_make_companies_and_admins_merge_and_delete_them() {
    let app = TestApp::new().await;
    let made = company(&app, &app.agent, "Acme", &["https://www.ACME.example/", "acme.example"]).await;
    assert_eq!((&made["domains"], &made["customer_count"], &made["version"]), (&json!(["acme.example"]), &json!(0), &json!(1)));
    let path = format!("/companies/{}", text(&made["id"]));
    assert_eq!(app.by(&app.viewer).get(&path).await.ok(200), made);
    app.by(&app.viewer).post("/companies", json!({"name": "x"})).await.problem(403, "forbidden");
    app.by(&app.viewer).patch(&path, json!({"name": "x"})).await.problem(403, "forbidden");
    app.by(&app.viewer).get(&format!("{path}/candidates")).await.problem(403, "forbidden");
    app.by(&app.agent).delete(&path).await.problem(403, "forbidden");
    for ask in [app.by(&app.stranger).get(&path).await, app.by(&app.stranger).patch(&path, json!({"name": "x"})).await] {
        ask.problem(404, "not_found");
    }
    assert_eq!(app.by(&app.stranger).get("/companies").await.ok(200)["items"], json!([]));
    let edit = |name: &str| app.by(&app.agent).header("if-match", "\"1\"").patch(&path, json!({"name": name, "external_id": "A-1"}));
    assert_eq!(edit("Acme GmbH").await.ok(200)["version"], 2);
    assert_eq!(edit("Other").await.problem(409, "conflict")["current"]["name"], "Acme GmbH");
    let other = company(&app, &app.agent, "Beta", &["beta.example"]).await;
    app.by(&app.agent).post(&format!("{path}/merge"), json!({"into": other["id"]})).await.problem(403, "forbidden");
    app.by(&app.owner).post(&format!("{path}/merge"), json!({"into": made["id"]})).await.problem(422, "invalid");
    let theirs = company(&app, &app.stranger, "Theirs", &["acme.example"]).await;
    app.by(&app.owner).post(&format!("{path}/merge"), json!({"into": theirs["id"]})).await.problem(422, "invalid");
    let merged = app.by(&app.owner).post(&format!("{path}/merge"), json!({"into": other["id"]})).await.ok(200);
    assert_eq!(
        (&merged["name"], &merged["domains"], &merged["external_id"]),
        (&json!("Beta"), &json!(["acme.example", "beta.example"]), &json!("A-1"))
    );
    app.by(&app.owner).get(&path).await.problem(404, "not_found");
    app.by(&app.owner).delete(&format!("/companies/{}", text(&other["id"]))).await.ok(204);
    assert_eq!(app.by(&app.owner).get("/companies").await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn domains_that_do_not_fit_are_named() {
    let app = TestApp::new().await;
    company(&app, &app.agent, "Acme", &["acme.example"]).await;
    for (domains, code) in [
        (json!(["nothing"]), "invalid"),
        (json!(["gmail.com"]), "free_mail"),
        (json!(["naver.com"]), "free_mail"),
        (json!(["acme.example"]), "taken"),
        (json!(vec!["x.example"; 51]), "too_many"),
    ] {
        let problem = app.by(&app.agent).post("/companies", json!({"name": "Beta", "domains": domains})).await.problem(422, "invalid");
        assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!("domains"), &json!(code)), "{problem}");
    }
    app.by(&app.agent).post("/companies", json!({"name": " "})).await.problem(422, "invalid");
    app.by(&app.agent).get("/companies?cursor=x").await.problem(400, "malformed");
    app.by(&app.agent).get("/companies?limit=1000").await.problem(400, "malformed");
}

#[tokio::test]
async fn customers_join_by_their_domain_and_their_conversations_are_the_companys() {
    let app = TestApp::new().await;
    let inbox = inbox(&app, &app.owner, "help@haru.example").await;
    let early = text(&conversation(&app, &app.owner, &inbox, "early@acme.example", "Before").await["id"]);
    let acme = text(&company(&app, &app.agent, "Acme", &["acme.example"]).await["id"]);
    let late = text(&conversation(&app, &app.owner, &inbox, "late@acme.example", "After").await["id"]);
    conversation(&app, &app.owner, &inbox, "kim@naver.com", "Alone").await;
    let row = app.by(&app.agent).get(&format!("/conversations/{late}")).await.ok(200);
    assert_eq!(row["customer"]["company"], json!({"id": acme, "name": "Acme"}));
    assert_eq!(app.by(&app.agent).get(&format!("/conversations/{early}")).await.ok(200)["customer"]["company"], Value::Null);
    let candidates = app.by(&app.agent).get(&format!("/companies/{acme}/candidates")).await.ok(200);
    assert_eq!(candidates["items"], json!([{"domain": "acme.example", "customers": 1}]));
    app.by(&app.agent).post(&format!("/companies/{acme}/take-in"), json!({"domain": "other.example"})).await.problem(422, "invalid");
    let taken = app.by(&app.agent).post(&format!("/companies/{acme}/take-in"), json!({"domain": "acme.example"})).await.ok(200);
    assert_eq!(taken, json!({"taken": 1, "more": false}));
    assert_eq!(app.by(&app.agent).get(&format!("/companies/{acme}")).await.ok(200)["customer_count"], 2);
    assert_eq!(app.by(&app.agent).get(&format!("/companies/{acme}/customers?limit=1")).await.ok(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(ids(&app.by(&app.agent).get(&format!("/companies/{acme}/conversations")).await.ok(200)), [late.clone(), early.clone()]);
    app.by(&app.agent).put(&format!("/conversations/{late}/status"), json!({"status": {"kind": "resolved"}})).await.ok(200);
    assert_eq!(ids(&app.by(&app.agent).get(&format!("/companies/{acme}/conversations?open=true")).await.ok(200)), std::slice::from_ref(&early));
    let filter = encoded(&json!({"field": "company", "operator": "is_any_of", "value": [acme]}).to_string());
    assert_eq!(ids(&app.by(&app.agent).get(&format!("/conversations?view=all&filter={filter}")).await.ok(200)).len(), 2);
    let q = encoded(r#"company:"acme" is:resolved"#);
    assert_eq!(ids(&app.by(&app.agent).get(&format!("/conversations?q={q}")).await.ok(200)), std::slice::from_ref(&late));
    app.by(&app.agent).get(&format!("/conversations?q={}", encoded("company:nobody"))).await.problem(400, "malformed");
    let found = app.by(&app.agent).get("/search?q=acm&companies=5").await.ok(200);
    assert_eq!((&found["companies"][0]["company"]["name"], &found["companies"][0]["name_ranges"]), (&json!("Acme"), &json!([[0, 4]])));
    app.by(&app.agent).get("/search?q=acm&companies=50").await.problem(400, "malformed");
}

#[tokio::test]
async fn what_is_out_of_sight_counts_for_nobody() {
    let app = TestApp::new().await;
    let hidden = closed_inbox(&app, "secret@haru.example", &[]).await;
    let acme = text(&company(&app, &app.agent, "Acme", &["acme.example"]).await["id"]);
    conversation(&app, &app.owner, &hidden, "hana@acme.example", "Secret").await;
    assert_eq!(app.by(&app.owner).get(&format!("/companies/{acme}")).await.ok(200)["customer_count"], 1);
    assert_eq!(app.by(&app.agent).get(&format!("/companies/{acme}")).await.ok(200)["customer_count"], 0);
    for part in ["customers", "conversations"] {
        assert_eq!(app.by(&app.agent).get(&format!("/companies/{acme}/{part}")).await.ok(200)["items"], json!([]), "{part}");
    }
}

#[tokio::test]
async fn a_card_takes_a_company_and_phone_numbers() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let customer = text(&app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200)["customer"]["id"]);
    let path = format!("/customers/{customer}");
    let acme = company(&app, &app.agent, "Acme", &[]).await;
    let phones = json!(["+82 10-1234-5678", "02 123 4567", "+82 10-1234-5678"]);
    let card = app.by(&app.agent).patch(&path, json!({"company_id": acme["id"], "phones": phones})).await.ok(200);
    assert_eq!((&card["company"]["name"], &card["phones"]), (&json!("Acme"), &json!(["+82 10-1234-5678", "02 123 4567"])));
    for query in ["01012345678", "5678"] {
        assert_eq!(ids(&app.by(&app.agent).get(&format!("/customers?q={query}")).await.ok(200)), std::slice::from_ref(&customer));
        let found = app.by(&app.agent).get(&format!("/search?q={query}&customers=5")).await.ok(200);
        assert_eq!(found["customers"][0]["customer"]["id"], json!(customer));
    }
    let theirs = company(&app, &app.stranger, "Theirs", &[]).await;
    app.by(&app.agent).patch(&path, json!({"company_id": theirs["id"]})).await.problem(422, "invalid");
    app.by(&app.agent).patch(&path, json!({"phones": ["call me"]})).await.problem(422, "invalid");
    app.by(&app.viewer).patch(&path, json!({"company_id": null})).await.problem(403, "forbidden");
    assert_eq!(app.by(&app.agent).patch(&path, json!({"company_id": null, "phones": []})).await.ok(200)["company"], Value::Null);
}

#[tokio::test]
async fn a_view_keeps_its_columns_and_its_group() {
    let app = TestApp::new().await;
    app.by(&app.owner).post("/fields", json!({"label": {"en": "Order"}, "type": {"kind": "text"}})).await.ok(201);
    let form = |columns: Value| json!({"name": "Wide", "audience": {"kind": "personal"}, "filter": {"all": []}, "columns": columns, "group": "assignee", "sort": "priority_highest"});
    let columns = json!(["requester", "company", "field.order"]);
    let view = app.by(&app.agent).post("/views", form(columns.clone())).await.ok(201);
    assert_eq!((&view["columns"], &view["group"], &view["sort"]), (&columns, &json!("assignee"), &json!("priority_highest")));
    let path = format!("/views/{}", text(&view["id"]));
    let changed = app.by(&app.agent).patch(&path, json!({"group": null, "columns": ["tags"]})).await.ok(200);
    assert_eq!((&changed["columns"], &changed["group"]), (&json!(["tags"]), &Value::Null));
    assert_eq!(app.by(&app.agent).patch(&path, json!({"name": "Still"})).await.ok(200)["columns"], json!(["tags"]));
    for (bad, code) in [(json!(["mood"]), "invalid"), (json!(["tags", "tags"]), "invalid"), (json!(["field.gone"]), "invalid")] {
        app.by(&app.agent).post("/views", form(bad)).await.problem(422, code);
    }
}

#[tokio::test]
async fn a_list_is_divided_and_comes_with_fields() {
    let app = TestApp::new().await;
    let (_, one) = desk(&app).await;
    let inbox = inbox(&app, &app.owner, "other@haru.example").await;
    let two = text(&conversation(&app, &app.owner, &inbox, "x@else.example", "Second").await["id"]);
    app.by(&app.owner).post("/fields", json!({"label": {"en": "Order"}, "type": {"kind": "text"}})).await.ok(201);
    app.by(&app.agent).patch(&format!("/conversations/{one}"), json!({"fields": {"order": "A-1"}, "assignee_id": app.agent.agent.id})).await.ok(200);
    let rows = app.by(&app.agent).get("/conversations?with_fields=true&sort=created_oldest").await.ok(200);
    assert_eq!((&rows["items"][0]["field_values"], &rows["items"][1]["field_values"]), (&json!({"order": "A-1"}), &json!({})));
    assert!(app.by(&app.agent).get("/conversations").await.ok(200)["items"][0].get("field_values").is_none());
    let groups = app.by(&app.agent).get("/conversation-groups?view=all_open&group=assignee").await.ok(200);
    assert_eq!(groups["complete"], true);
    let items = groups["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["key"], &items[0]["total"], &items[1]["key"]), (2, &json!(app.agent.agent.id), &json!(1), &Value::Null));
    let filter = encoded(&items[1]["filter"].to_string());
    assert_eq!(ids(&app.by(&app.agent).get(&format!("/conversations?view=all_open&filter={filter}")).await.ok(200)), std::slice::from_ref(&two));
    for by in ["priority", "status", "inbox", "team", "company"] {
        let groups = app.by(&app.agent).get(&format!("/conversation-groups?view=all&group={by}")).await.ok(200);
        assert_eq!(groups["items"].as_array().unwrap().iter().map(|g| g["total"].as_i64().unwrap()).sum::<i64>(), 2, "{by}");
    }
    app.by(&app.agent).get("/conversation-groups?view=all").await.problem(400, "malformed");
    app.by(&app.agent).get("/conversation-groups?view=all&group=mood").await.problem(400, "malformed");
    assert_eq!(app.by(&app.stranger).get("/conversation-groups?view=all&group=inbox").await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn lists_that_a_filter_does_not_reach_are_worked_on_as_a_whole() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let all = json!({"all": []});
    let act = |view: &str| json!({"filter": {"all": []}, "view": view, "actions": [{"kind": "set_priority", "priority": "high"}]});
    for empty in ["trash", "spam", "following", "mentions"] {
        app.by(&app.agent).post("/bulk-actions", act(empty)).await.problem(422, "invalid");
    }
    app.by(&app.agent).put(&format!("/conversations/{id}/follow"), json!({"follows": true})).await.ok(204);
    assert_eq!(app.by(&app.agent).get("/conversation-counts").await.ok(200)["following"], 1);
    assert_eq!(app.by(&app.owner).get("/conversation-counts").await.ok(200)["following"], 0);
    assert_eq!(app.by(&app.agent).post("/bulk-actions", act("following")).await.ok(202)["total"], 1);
    app.by(&app.agent).put(&format!("/conversations/{id}/shelf"), json!({"kind": "trash"})).await.ok(200);
    let restore = json!({"filter": all, "view": "trash", "actions": [{"kind": "restore"}]});
    assert_eq!(app.by(&app.agent).post("/bulk-actions", restore).await.ok(202)["total"], 1);
    let both = json!({"conversation_ids": [id], "view": "trash", "actions": [{"kind": "restore"}]});
    app.by(&app.agent).post("/bulk-actions", both).await.problem(422, "invalid");
    app.by(&app.agent).post("/bulk-actions", act("mood")).await.problem(422, "invalid");
}

#[tokio::test]
async fn custom_fields_stand_in_templates() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let money = json!({"label": {"en": "Paid"}, "type": {"kind": "money", "currency": "EUR"}});
    app.by(&app.owner).post("/fields", money).await.ok(201);
    app.by(&app.agent).patch(&format!("/conversations/{id}"), json!({"fields": {"paid": 1250}})).await.ok(200);
    let html = "<p>{{ conversation.field.paid }}{{ customer.company | default('!') }}</p>";
    let filled = app.by(&app.agent).post("/template-previews", json!({"html": html, "conversation_id": id})).await.ok(200);
    assert_eq!(filled["html"], "<p>12.50 EUR!</p>");
    let sample = app.by(&app.agent).post("/template-previews", json!({"html": html})).await.ok(200);
    assert!(text(&sample["html"]).contains("(Paid)"), "{sample}");
    let reply = |html: &str| json!({"name": "Hi", "visibility": {"kind": "everyone"}, "texts": [{"language": "en", "html": html}]});
    app.by(&app.agent).post("/saved-replies", reply(html)).await.ok(201);
    let wrong = app.by(&app.agent).post("/saved-replies", reply("<p>{{ conversation.field.gone }}</p>")).await.problem(422, "invalid");
    assert_eq!(wrong["errors"][0]["code"], "unknown_variable");
}

#[tokio::test]
async fn the_count_of_a_view_follows_those_who_come_into_a_company_and_leave_it() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let customer = text(&app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200)["customer"]["id"]);
    let acme = text(&company(&app, &app.agent, "Acme", &[]).await["id"]);
    let filter = json!({"field": "company", "operator": "is_any_of", "value": [acme]});
    let view =
        text(&app.by(&app.agent).post("/views", json!({"name": "Acme", "audience": {"kind": "personal"}, "filter": filter})).await.ok(201)["id"]);
    let count = async || app.by(&app.agent).get("/view-counts").await.ok(200)["counts"][&view].clone();
    assert_eq!(count().await, json!(0));
    app.by(&app.agent).patch(&format!("/customers/{customer}"), json!({"company_id": acme})).await.ok(200);
    assert_eq!(count().await, json!(1));
    app.by(&app.owner).delete(&format!("/companies/{acme}")).await.ok(204);
    assert_eq!(count().await, json!(0));
}
