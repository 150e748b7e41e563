//! Custom fields over the API.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)]

mod arrange;
mod common;

use arrange::{conversation, desk, inbox, text};
use axum::http::Method;
use common::{TestApp, encoded};
use serde_json::{Value, json};

fn form(label: &str, kind: Value) -> Value {
    json!({"label": {"en": label, "ko": "주문"}, "type": kind})
}

async fn field(app: &TestApp, form: Value) -> Value {
    app.by(&app.owner).post("/fields", form).await.ok(201)
}

fn keys(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|f| text(&f["key"])).collect()
}

#[tokio::test]
async fn admins_define_fields_and_agents_read_them() {
    let app = TestApp::new().await;
    let made = field(&app, form("Order number", json!({"kind": "text"}))).await;
    assert_eq!((&made["key"], &made["type"], &made["version"]), (&json!("order_number"), &json!({"kind": "text", "max_length": 500}), &json!(1)));
    let path = format!("/fields/{}", text(&made["id"]));
    app.by(&app.agent).post("/fields", form("X", json!({"kind": "number"}))).await.problem(403, "forbidden");
    app.by(&app.agent).patch(&path, json!({"required": true})).await.problem(403, "forbidden");
    app.by(&app.agent).put("/field-order", json!({"field_ids": [made["id"]]})).await.problem(403, "forbidden");
    assert_eq!(app.by(&app.agent).get(&path).await.ok(200), made);
    app.by(&app.stranger).get(&path).await.problem(404, "not_found");
    app.by(&app.stranger).patch(&path, json!({"required": true})).await.problem(404, "not_found");
    let theirs = app.by(&app.stranger).get("/fields").await.ok(200);
    assert_eq!(theirs["items"], json!([]));
    let options = json!({"kind": "choice", "options": [{"label": {"en": "Red"}}, {"label": {"ko": "파랑"}}]});
    let colour = field(&app, form("Colour", options)).await;
    assert_eq!(colour["type"]["options"][0]["key"], "red");
    let edit = |name: &str| app.by(&app.owner).header("if-match", "\"1\"").patch(&path, json!({"label": {"en": name}}));
    assert_eq!(edit("Order no.").await.ok(200)["version"], 2);
    assert_eq!(edit("Order").await.problem(409, "conflict")["current"]["label"]["en"], "Order no.");
    let ordered = app.by(&app.owner).put("/field-order", json!({"field_ids": [colour["id"]]})).await.ok(200);
    assert_eq!(keys(&ordered), ["colour", "order_number"]);
    app.by(&app.owner).patch(&path, json!({"archived": true})).await.ok(200);
    assert_eq!(keys(&app.by(&app.agent).get("/fields").await.ok(200)), ["colour"]);
    assert_eq!(keys(&app.by(&app.agent).get("/fields?archived=true").await.ok(200)), ["order_number"]);
    app.by(&app.owner).patch(&path, json!({"archived": false})).await.ok(200);
}

#[tokio::test]
async fn definitions_that_do_not_fit_name_the_part() {
    let app = TestApp::new().await;
    let theirs = inbox(&app, &app.stranger, "help@other.example").await;
    for (bad, place) in [
        (json!({"label": {}, "type": {"kind": "number"}}), "label"),
        (json!({"key": "1", "label": {"en": "x"}, "type": {"kind": "number"}}), "key"),
        (form("x", json!({"kind": "choice", "options": []})), "type.options"),
        (form("x", json!({"kind": "pattern", "pattern": "(a"})), "type.pattern"),
        (json!({"label": {"en": "x"}, "type": {"kind": "number"}, "inbox_ids": [theirs]}), "inbox_ids"),
    ] {
        assert_eq!(app.by(&app.owner).post("/fields", bad.clone()).await.problem(422, "invalid")["errors"][0]["field"], place, "{bad}");
    }
    app.by(&app.owner).post("/fields", form("x", json!({"kind": "money", "currency": "XYZ"}))).await.problem(422, "invalid");
    app.by(&app.owner).post("/fields", form("x", json!({"kind": "mood"}))).await.problem(422, "invalid");
    let theirs = app.by(&app.stranger).post("/fields", form("Theirs", json!({"kind": "checkbox"}))).await.ok(201);
    let foreign = json!({"label": {"en": "x"}, "type": {"kind": "number"}, "shown_when": {"field_id": theirs["id"], "any_of": ["true"]}});
    assert_eq!(app.by(&app.owner).post("/fields", foreign).await.problem(422, "invalid")["errors"][0]["field"], "shown_when.field_id");
    app.by(&app.owner).put("/field-order", json!({"field_ids": [theirs["id"]]})).await.problem(422, "invalid");
}

#[tokio::test]
async fn values_are_patched_by_key_and_stand_in_the_detail_and_the_timeline() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    field(&app, form("Order", json!({"kind": "pattern", "pattern": "[0-9]{4}"}))).await;
    field(&app, form("Price", json!({"kind": "money", "currency": "KRW"}))).await;
    let changed = app.by(&app.agent).patch(&path, json!({"fields": {"order": "1234", "price": 9000}})).await.ok(200);
    let seen = app.by(&app.agent).get(&path).await.ok(200);
    assert_eq!((&seen["fields"], &seen["version"]), (&json!({"order": "1234", "price": 9000}), &changed["version"]));
    let wrong = app.by(&app.agent).patch(&path, json!({"fields": {"order": "12", "mood": 1, "price": null}})).await.problem(422, "invalid");
    let named: Vec<String> = wrong["errors"].as_array().unwrap().iter().map(|e| text(&e["field"])).collect();
    assert_eq!(named, ["fields.mood", "fields.order"]);
    assert_eq!(app.by(&app.agent).get(&path).await.ok(200)["fields"], json!({"order": "1234", "price": 9000}));
    app.by(&app.agent).header("if-match", "\"1\"").patch(&path, json!({"fields": {"price": 1}})).await.problem(409, "conflict");
    app.by(&app.agent).patch(&path, json!({"fields": {"price": null}})).await.ok(200);
    let line = app.by(&app.agent).get(&format!("{path}/timeline")).await.ok(200);
    let events: Vec<&Value> = line["items"].as_array().unwrap().iter().filter(|i| i["event"]["kind"] == "conversation.fields_changed").collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["event"]["data"]["changes"][0]["from"], 9000);
    app.by(&app.stranger).patch(&path, json!({"fields": {"order": "1111"}})).await.problem(404, "not_found");
}

#[tokio::test]
async fn resolving_without_a_required_field_is_a_problem_of_its_own() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    field(&app, json!({"key": "order", "label": {"en": "Order"}, "type": {"kind": "number"}, "required": true})).await;
    let resolved = json!({"status": {"kind": "resolved"}});
    let stopped = app.by(&app.agent).put(&format!("/conversations/{id}/status"), resolved.clone()).await.problem(422, "fields_missing");
    assert_eq!((&stopped["errors"][0]["field"], &stopped["errors"][0]["code"]), (&json!("fields.order"), &json!("missing")));
    let reply = json!({"text": "Done", "then": {"kind": "resolved"}});
    app.by(&app.agent).post(&format!("/conversations/{id}/replies"), reply).await.problem(422, "fields_missing");
    app.by(&app.agent).patch(&format!("/conversations/{id}"), json!({"fields": {"order": 12}})).await.ok(200);
    app.by(&app.agent).put(&format!("/conversations/{id}/status"), resolved).await.ok(200);
}

#[tokio::test]
async fn views_and_queries_ask_for_custom_fields() {
    let app = TestApp::new().await;
    let (inbox, id) = desk(&app).await;
    conversation(&app, &app.owner, &inbox, "other@shop.example", "Hello").await;
    field(&app, form("Order", json!({"kind": "text"}))).await;
    app.by(&app.agent).patch(&format!("/conversations/{id}"), json!({"fields": {"order": "AB-1234"}})).await.ok(200);
    let known = app.by(&app.agent).get("/filter-fields").await.ok(200);
    let own = known["items"].as_array().unwrap().iter().find(|f| f["field"] == "field.order").unwrap();
    assert_eq!(
        (&own["kind"], &own["operators"]),
        (&json!("word"), &json!(["is_any_of", "is_none_of", "contains", "does_not_contain", "is_set", "is_not_set"]))
    );
    let filter = json!({"all": [{"field": "field.order", "operator": "is_any_of", "value": ["ab-1234"]}]});
    let view = app.by(&app.agent).post("/views", json!({"name": "Order", "audience": {"kind": "personal"}, "filter": filter})).await.ok(201);
    assert_eq!(view["filter"], filter);
    for query in [
        format!("view_id={}", text(&view["id"])),
        format!("q={}", encoded("field.order:AB-1234")),
        format!("q={}", encoded("field.order:*b-12*")),
        format!("filter={}", encoded(&filter.to_string())),
    ] {
        let found = app.by(&app.agent).get(&format!("/conversations?{query}")).await.ok(200);
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{query}");
        assert_eq!(found["items"][0]["id"], json!(id));
    }
    assert_eq!(app.by(&app.agent).get("/view-counts").await.ok(200)["counts"][text(&view["id"])], 1);
    app.by(&app.agent).get(&format!("/conversations?q={}", encoded("field.mood:x"))).await.problem(400, "malformed");
    let theirs = encoded(&filter.to_string());
    app.by(&app.stranger).get(&format!("/conversations?filter={theirs}")).await.problem(400, "malformed");
}

#[tokio::test]
async fn macros_and_bulk_work_set_fields() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let order = field(&app, form("Order", json!({"kind": "number"}))).await;
    let keep = |value: Value| json!({"name": "Set", "visibility": {"kind": "everyone"}, "actions": [{"kind": "set_field", "field_id": order["id"], "value": value}]});
    assert_eq!(app.by(&app.agent).post("/macros", keep(json!("x"))).await.problem(422, "invalid")["errors"][0]["field"], "actions[0].value");
    let theirs = app.by(&app.stranger).post("/fields", form("Theirs", json!({"kind": "number"}))).await.ok(201);
    let foreign =
        json!({"name": "Set", "visibility": {"kind": "everyone"}, "actions": [{"kind": "set_field", "field_id": theirs["id"], "value": 1}]});
    assert_eq!(app.by(&app.agent).post("/macros", foreign).await.problem(422, "invalid")["errors"][0]["field"], "actions[0].field_id");
    let made = app.by(&app.agent).post("/macros", keep(json!(7))).await.ok(201);
    let preview =
        app.by(&app.agent).json(Method::POST, &format!("/conversations/{id}/macros/{}/preview", text(&made["id"])), json!({})).await.ok(200);
    assert_eq!((&preview["changes"][0]["kind"], &preview["changes"][0]["to"]), (&json!("field"), &json!(7)));
    let run = app.by(&app.agent).post(&format!("/conversations/{id}/macros/{}/apply", text(&made["id"])), json!({})).await.ok(200);
    assert_eq!(app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200)["fields"], json!({"order": 7}));
    app.by(&app.agent).post(&format!("/macro-runs/{}/undo", text(&run["id"])), json!({})).await.ok(200);
    assert_eq!(app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200)["fields"], json!({}));
}
