//! Replies, notes, drafts and files.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use arrange::{closed_inbox, conversation, desk, text, upload};
use axum::body::Body;
use axum::http::Method;
use common::TestApp;
use model::Role;
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

#[tokio::test]
async fn a_reply_goes_to_the_customer_after_the_undo_window_and_can_be_taken_back() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}");
    let reply =
        app.by(&app.agent).post(&format!("{path}/replies"), json!({"html": "<p>On its <b>way</b></p>", "then": {"kind": "resolved"}})).await.ok(201);
    assert_eq!(
        (&reply["kind"], &reply["to"][0]["address"], &reply["delivery"]["state"]),
        (&json!("reply"), &json!("mina@shop.example"), &json!("undo_window"))
    );
    let c = app.by(&app.agent).get(&path).await.ok(200);
    assert_eq!((&c["status"]["kind"], &c["preview"]), (&json!("resolved"), &json!("On its way")));
    let undone = app.by(&app.agent).post(&format!("/messages/{}/undo", text(&reply["id"])), json!({})).await.ok(200);
    assert!(text(&undone["draft"]["html"]).contains("<b>way</b>"));
    let again = app.by(&app.agent).post(&format!("{path}/replies"), json!({"text": "On its way"})).await.ok(201);
    app.pass(jiff::SignedDuration::from_mins(2));
    app.by(&app.agent).post(&format!("/messages/{}/undo", text(&again["id"])), json!({})).await.problem(409, "too_late");
}

#[tokio::test]
async fn a_reply_that_did_not_see_the_newest_message_is_held_up() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}/replies");
    let first = app.by(&app.agent).post(&path, json!({"text": "One"})).await.ok(201);
    app.by(&app.admin).post(&path, json!({"text": "Two", "if_last_message_id": first["id"]})).await.ok(201);
    let three = json!({"text": "Three", "if_last_message_id": first["id"]});
    let problem = app.by(&app.agent).post(&path, three.clone()).await.problem(409, "newer_message");
    assert_eq!((&problem["current"][0]["reply_text"], &problem["current"][0]["author"]["name"]), (&json!("Two"), &json!("admin")));
    // What one wrote oneself, in another window, is no news.
    app.by(&app.admin).post(&path, three).await.ok(201);
}

#[tokio::test]
async fn row_13_and_51_names_of_recipients_are_one_line_and_stay_text() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}/replies");
    for name in ["Mina\r\nBcc: evil@x.example", "a\nb", "a\u{2028}b"] {
        let to = json!([{"address": "mina@shop.example", "name": name}]);
        app.by(&app.agent).post(&path, json!({"text": "Hi", "to": to})).await.problem(422, "invalid");
    }
    for address in ["a@b\r\nBcc: x@y", "a b@c", "nobody"] {
        app.by(&app.agent).post(&path, json!({"text": "Hi", "to": [{"address": address}]})).await.problem(422, "invalid");
    }
    let to = json!([{"address": "mina@shop.example", "name": "<a href=x>Mina</a>"}]);
    assert_eq!(app.by(&app.agent).post(&path, json!({"text": "Hi", "to": to})).await.ok(201)["to"][0]["name"], "<a href=x>Mina</a>");
    let subject = app.by(&app.agent).patch(&format!("/conversations/{id}"), json!({"subject": "a\r\nBcc: x@y"})).await;
    subject.problem(422, "invalid");
}

#[tokio::test]
async fn row_29_a_note_goes_to_nobody_and_its_words_stay_inside() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let note = app.by(&app.agent).post(&format!("/conversations/{id}/notes"), json!({"text": "canary-4711"})).await.ok(201);
    assert_eq!((&note["kind"], &note["to"], &note["delivery"]), (&json!("note"), &json!([]), &Value::Null));
    let mut conn = app.app.read().await.unwrap();
    assert!(conn.fetch_all("SELECT id FROM job WHERE kind = 'deliver_message'", vec![]).await.unwrap().is_empty());
    assert!(conn.fetch_all("SELECT address FROM message_recipient", vec![]).await.unwrap().is_empty());
    drop(conn);
    let c = app.by(&app.agent).get(&format!("/conversations/{id}")).await;
    assert!(!c.text.contains("canary"), "{}", c.text);
    let reply = app.by(&app.agent).post(&format!("/conversations/{id}/replies"), json!({"text": "Hello"})).await;
    assert!(!reply.text.contains("canary"));
}

#[tokio::test]
async fn row_08_to_12_markup_in_a_note_a_subject_and_names_does_nothing() {
    let app = TestApp::new().await;
    let (inbox, id) = desk(&app).await;
    for attack in [
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<form action=//evil><input name=p></form>",
        "<p style=\"background:url(//evil)\" onclick=x>y</p>",
        "<iframe srcdoc='<script>1</script>'></iframe>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<base href=//evil>",
        "<img src='https://t.example/p.gif'>",
    ] {
        let html = format!("<p>Hello</p>{attack}");
        let note = app.by(&app.agent).post(&format!("/conversations/{id}/notes"), json!({"html": html})).await.ok(201);
        let shown = text(&note["html"]);
        for bad in ["<script", "onerror=", "onclick=", "javascript:", "<svg", "<math", "<form", "<iframe", "style=", "<base", "<input", " src=\"h"] {
            // What is left of an attack may stand there as escaped text or in a quoted attribute, but never as markup.
            let live = shown.match_indices('<').any(|(at, _)| shown[at..].starts_with(bad));
            assert!(!live, "{attack} → {shown}");
        }
        assert!(!shown.contains(" src=\"http"), "{shown}");
    }
    let markup = "<img src=x onerror=alert(1)>";
    let form =
        json!({"inbox_id": inbox, "customer": {"email": "x@y.example", "name": markup}, "subject": markup, "text": markup, "direction": "incoming"});
    let c = app.by(&app.agent).post("/conversations", form).await;
    assert_eq!(c.headers["content-type"], "application/json");
    let c = c.ok(201);
    // JSON carries the words as they are; the app shows them as text. HTML fields carry them escaped or not at all.
    assert_eq!((&c["subject"], &c["customer"]["name"]), (&json!(markup), &json!(markup)));
    let messages = app.by(&app.agent).get(&format!("/conversations/{}/messages", text(&c["id"]))).await.ok(200);
    assert_eq!((&messages["items"][0]["html"], &messages["items"][0]["reply_text"]), (&Value::Null, &json!(markup)));
    let tag = app.by(&app.agent).post("/tags", json!({"name": markup})).await.ok(201);
    assert_eq!(tag["name"], markup);
}

#[tokio::test]
async fn row_30_bcc_is_told_to_agents_only_and_reaches_no_participants() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let form = json!({"text": "Hi", "to": [{"address": "mina@shop.example"}], "bcc": [{"address": "boss@haru.example"}]});
    let reply = app.by(&app.agent).post(&format!("/conversations/{id}/replies"), form).await.ok(201);
    assert_eq!(reply["bcc"][0]["address"], "boss@haru.example");
    let detail = app.by(&app.agent).get(&format!("/conversations/{id}")).await.ok(200);
    assert!(!detail["participants"].to_string().contains("boss"));
    assert!(!detail["reply_to_defaults"].to_string().contains("boss"));
}

#[tokio::test]
async fn a_draft_is_kept_for_its_author_and_a_faster_device_is_told() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let path = format!("/conversations/{id}/draft");
    app.by(&app.agent).get(&path).await.problem(404, "not_found");
    let first = app.by(&app.agent).put(&path, json!({"kind": "reply", "html": "<p>Dear<script>x</script></p>", "version": null})).await.ok(200);
    assert_eq!(first["html"], "<p>Dear</p>");
    let second = app.by(&app.agent).put(&path, json!({"kind": "note", "html": "<p>b</p>", "version": first["version"]})).await.ok(200);
    let stale =
        app.by(&app.agent).put(&path, json!({"kind": "note", "html": "<p>c</p>", "version": first["version"]})).await.problem(409, "conflict");
    assert_eq!(stale["current"], second);
    app.by(&app.admin).get(&path).await.problem(404, "not_found");
    let list = app.by(&app.agent).get("/drafts").await.ok(200);
    assert_eq!((&list["items"][0]["conversation"]["id"], &list["items"][0]["draft"]["html"]), (&json!(id), &json!("<p>b</p>")));
    app.by(&app.agent).post(&format!("/conversations/{id}/notes"), json!({"html": "<p>b</p>"})).await.ok(201);
    app.by(&app.agent).get(&path).await.problem(404, "not_found");
    app.by(&app.agent).delete(&path).await.ok(204);
    app.by(&app.viewer).put(&path, json!({"kind": "note", "html": "x"})).await.problem(403, "forbidden");
}

#[tokio::test]
async fn a_file_is_uploaded_sent_and_downloaded_again() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let file = upload(&app, &app.agent, "..%2F%EC%82%AC%EC%A7%84%0D%0A.png", "image/png", PNG).await.ok(201);
    assert_eq!((&file["filename"], &file["size"], &file["previewable"]), (&json!("사진.png"), &json!(PNG.len()), &json!(true)));
    let url = format!("/attachments/{}", text(&file["id"]));
    let html = format!("<p>Look</p><img src=\"/api/v1{url}\">");
    let note = app.by(&app.agent).post(&format!("/conversations/{id}/notes"), json!({"html": html, "attachment_ids": [file["id"]]})).await.ok(201);
    assert_eq!((&note["attachments"][0]["id"], &note["attachments"][0]["inline"]), (&file["id"], &json!(true)));
    assert!(text(&note["html"]).contains(&format!("<img src=\"/api/v1{url}?inline=1\">")), "{note}");
    let got = app.by(&app.viewer).get(&url).await;
    assert_eq!(got.headers["content-type"], "application/octet-stream");
    assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    assert_eq!(got.headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(got.headers["x-content-type-options"], "nosniff");
    let shown = app.by(&app.viewer).get(&format!("{url}?inline=1")).await;
    assert_eq!(shown.headers["content-type"], "image/png");
    assert!(shown.headers["content-disposition"].to_str().unwrap().starts_with("inline;"));
    let etag = shown.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(app.by(&app.viewer).header("if-none-match", &etag).get(&url).await.status.as_u16(), 304);
    app.by(&app.agent)
        .post(&format!("/conversations/{id}/notes"), json!({"text": "again", "attachment_ids": [file["id"]]}))
        .await
        .problem(422, "invalid");
}

#[tokio::test]
async fn row_16_and_17_dangerous_files_are_only_downloaded() {
    let app = TestApp::new().await;
    for (name, content_type, bytes) in [
        ("x.html", "text/html", b"<script>alert(1)</script>".as_slice()),
        ("x.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("x.png", "image/png", b"<html><script>alert(1)</script>"),
        ("x.jpg", "image/jpeg", PNG),
        ("x.txt", "text/plain", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("x.xml", "text/xml", b"<?xml version='1.0'?><x/>"),
    ] {
        let file = upload(&app, &app.agent, name, content_type, bytes).await.ok(201);
        let got = app.by(&app.agent).get(&format!("/attachments/{}?inline=1", text(&file["id"]))).await;
        assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment"), "{name}");
        assert_eq!(
            (&got.headers["content-type"], &got.headers["content-security-policy"]),
            (&"application/octet-stream".parse().unwrap(), &"sandbox; default-src 'none'".parse().unwrap()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn row_18_an_upload_is_stored_under_a_name_of_ours() {
    let app = TestApp::new().await;
    for name in ["..%2F..%2Fshell.php", "%2Fetc%2Fcron.d%2Fx", "..%5C..%5Cx.exe", ".htaccess"] {
        let big = vec![b'x'; 100_000];
        let file = upload(&app, &app.agent, name, "application/x-php", &big).await.ok(201);
        assert!(!text(&file["filename"]).contains(['/', '\\']) && !text(&file["filename"]).starts_with('.'));
    }
    let mut conn = app.app.read().await.unwrap();
    let rows = conn.fetch_all("SELECT sha256 FROM blob", vec![]).await.unwrap();
    assert!(rows.iter().all(|r| r.text("sha256").unwrap().bytes().all(|b| b.is_ascii_hexdigit())));
}

#[tokio::test]
async fn row_19_and_20_files_and_uploads_of_others_do_not_exist() {
    let app = TestApp::new().await;
    let (_, id) = desk(&app).await;
    let file = upload(&app, &app.agent, "a.txt", "text/plain", b"mine").await.ok(201);
    let url = format!("/attachments/{}", text(&file["id"]));
    app.anyone().get(&url).await.problem(401, "not_signed_in");
    app.by(&app.admin).get(&url).await.problem(404, "not_found");
    app.by(&app.stranger).get(&url).await.problem(404, "not_found");
    let with = json!({"text": "x", "attachment_ids": [file["id"]]});
    app.by(&app.admin).post(&format!("/conversations/{id}/notes"), with.clone()).await.problem(422, "invalid");
    app.by(&app.admin).post(&format!("/conversations/{id}/replies"), with).await.problem(422, "invalid");
    let draft = json!({"kind": "note", "html": "x", "attachment_ids": [file["id"]]});
    app.by(&app.admin).put(&format!("/conversations/{id}/draft"), draft).await.problem(422, "invalid");
    for guess in ["att_0000000000000", "1", "att_1", "../../etc/passwd"] {
        app.by(&app.agent).get(&format!("/attachments/{}", guess.replace('/', "%2F"))).await.problem(404, "not_found");
    }
    assert_eq!(app.by(&app.agent).get(&url).await.text, "mine");
}

#[tokio::test]
async fn row_25_and_26_who_loses_sight_of_an_inbox_loses_what_was_written_there() {
    let app = TestApp::new().await;
    let helper = app.join("helper@haru.example", Role::Agent).await;
    let closed = closed_inbox(&app, "vip@haru.example", &[&helper]).await;
    let c = text(&conversation(&app, &helper, &closed, "x@shop.example", "Hello").await["id"]);
    let file = upload(&app, &helper, "a.txt", "text/plain", b"inside").await.ok(201);
    let note = app.by(&helper).post(&format!("/conversations/{c}/notes"), json!({"text": "mine", "attachment_ids": [file["id"]]})).await.ok(201);
    let reply = app.by(&helper).post(&format!("/conversations/{c}/replies"), json!({"text": "mine"})).await.ok(201);
    app.by(&app.owner).patch(&format!("/inboxes/{closed}"), json!({"member_ids": []})).await.ok(200);
    let (note, reply) = (text(&note["id"]), text(&reply["id"]));
    app.by(&helper).post(&format!("/messages/{reply}/undo"), json!({})).await.problem(404, "not_found");
    app.by(&helper).post(&format!("/messages/{note}/retry"), json!({})).await.problem(404, "not_found");
    app.by(&helper).get(&format!("/messages/{reply}/raw")).await.problem(404, "not_found");
    app.by(&helper).get(&format!("/attachments/{}", text(&file["id"]))).await.problem(404, "not_found");
    app.by(&helper).post(&format!("/conversations/{c}/notes"), json!({"text": "x"})).await.problem(404, "not_found");
    app.by(&helper).put(&format!("/conversations/{c}/draft"), json!({"kind": "note", "html": "x"})).await.problem(404, "not_found");
    assert_eq!(app.by(&helper).get("/search?q=mine").await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn an_upload_has_its_own_limit_and_an_empty_one_is_refused() {
    let app = TestApp::new().await;
    upload(&app, &app.agent, "x", "a/b", b"").await.problem(422, "invalid");
    let big = vec![0; desk::attachment::MAX_BYTES + 1];
    upload(&app, &app.agent, "x", "a/b", &big).await.problem(413, "too_large");
    upload(&app, &app.agent, "x", "a/b", &big[..3 * 1024 * 1024]).await.ok(201);
    upload(&app, &app.viewer, "x", "a/b", b"x").await.problem(403, "forbidden");
    app.by(&app.agent).send(Method::POST, "/attachments", Body::from("x")).await.problem(400, "malformed");
}
