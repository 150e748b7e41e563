//! Files in and out, piece by piece: ranges, limits, repeats.
#![allow(clippy::unwrap_used)]

mod arrange;
mod common;

use std::convert::Infallible;

use arrange::{text, upload};
use axum::body::{Body, Bytes};
use axum::http::Method;
use common::TestApp;

/// 300,000 bytes, no two of them alike for long.
fn film() -> Vec<u8> {
    let mut bytes = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
    bytes.extend((0..300_000_u32).map(|n| (n % 251) as u8));
    bytes
}

#[tokio::test]
async fn a_range_of_a_file_is_sent_as_it_is_asked_for() {
    let app = TestApp::new().await;
    for film in [film(), film()[..1000].to_vec()] {
        let id = text(&upload(&app, &app.agent, "film.mp4", "video/mp4", &film).await.ok(201)["id"]);
        let path = format!("/attachments/{id}?inline=1");
        let whole = app.by(&app.agent).header("accept-encoding", "gzip, br").get(&path).await;
        assert_eq!((whole.status.as_u16(), whole.headers["accept-ranges"].to_str().unwrap()), (200, "bytes"));
        assert_eq!(whole.headers["content-type"], "video/mp4");
        assert_eq!(whole.headers["content-length"].to_str().unwrap(), film.len().to_string());
        assert!(!whole.headers.contains_key("content-encoding"));
        let etag = whole.headers["etag"].to_str().unwrap().to_owned();

        let part = app.by(&app.agent).header("range", "bytes=100-199").header("if-range", &etag).get(&path).await;
        assert_eq!((part.status.as_u16(), part.headers["content-length"].to_str().unwrap()), (206, "100"));
        assert_eq!(part.headers["content-range"].to_str().unwrap(), format!("bytes 100-199/{}", film.len()));
        assert_eq!(
            (&part.headers["content-type"], &part.headers["x-content-type-options"]),
            (&whole.headers["content-type"], &whole.headers["x-content-type-options"])
        );
        assert_eq!(part.text, String::from_utf8_lossy(&film[100..200]));
        let tail = app.by(&app.agent).header("range", "bytes=-5").get(&path).await;
        assert_eq!((tail.status.as_u16(), tail.text), (206, String::from_utf8_lossy(&film[film.len() - 5..]).into_owned()));
        let beyond = app.by(&app.agent).header("range", "bytes=400000-").get(&path).await;
        assert_eq!((beyond.status.as_u16(), beyond.headers["content-range"].to_str().unwrap()), (416, format!("bytes */{}", film.len()).as_str()));
        let other = app.by(&app.agent).header("range", "bytes=0-9").header("if-range", "\"other\"").get(&path).await;
        assert_eq!(other.status.as_u16(), 200);
        let known = app.by(&app.agent).header("if-none-match", &etag).get(&path).await;
        assert_eq!(known.status.as_u16(), 304);
    }
}

#[tokio::test]
async fn a_range_is_for_those_who_may_see_the_file() {
    let app = TestApp::new().await;
    let id = text(&upload(&app, &app.agent, "film.mp4", "video/mp4", &film()).await.ok(201)["id"]);
    for other in [&app.admin, &app.stranger] {
        app.by(other).header("range", "bytes=0-9").get(&format!("/attachments/{id}")).await.problem(404, "not_found");
    }
    app.anyone().header("range", "bytes=0-9").get(&format!("/attachments/{id}")).await.problem(401, "not_signed_in");
}

/// A body that tells no length.
fn endless(pieces: usize) -> Body {
    Body::from_stream(tokio_stream::iter((0..pieces).map(|_| Ok::<_, Infallible>(Bytes::from(vec![1; 1024 * 1024])))))
}

#[tokio::test]
async fn more_than_is_allowed_is_refused_when_it_is_told_and_when_it_comes() {
    let app = TestApp::new().await;
    let ask = || app.by(&app.agent).header("content-type", "application/octet-stream");
    ask().header("content-length", "60000000").send(Method::POST, "/attachments?filename=a", Body::empty()).await.problem(413, "too_large");
    ask().send(Method::POST, "/attachments?filename=a", endless(60)).await.problem(413, "too_large");
    ask().send(Method::POST, "/attachments?filename=a", Body::empty()).await.problem(422, "invalid");
    let taken = ask().send(Method::POST, "/attachments?filename=a", endless(7)).await.ok(201);
    assert_eq!(taken["size"], 7 * 1024 * 1024);
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let app = TestApp::new().await;
    let pieces = (0..9).map(|n| if n < 8 { Ok(Bytes::from(vec![1; 1024 * 1024])) } else { Err(std::io::Error::other("gone")) });
    let ask = app.by(&app.agent).header("content-type", "application/octet-stream");
    ask.send(Method::POST, "/attachments?filename=a", Body::from_stream(tokio_stream::iter(pieces))).await.problem(400, "malformed");
    let mut conn = app.app.read().await.unwrap();
    assert!(store::blob::all_outside(&mut conn).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_upload_with_a_key_is_done_once() {
    let app = TestApp::new().await;
    let send = |key: &'static str, bytes: Vec<u8>| {
        let ask = app.by(&app.agent).header("content-type", "video/mp4").header("idempotency-key", key);
        ask.header("content-length", &bytes.len().to_string()).send(Method::POST, "/attachments?filename=film.mp4", Body::from(bytes))
    };
    let first = send("k1", film()).await.ok(201);
    let again = send("k1", film()).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.ok(201)["id"], first["id"]);
    assert_ne!(send("k2", film()).await.ok(201)["id"], first["id"]);
    send("k1", b"shorter".to_vec()).await.problem(422, "idempotency_key_reused");
}

#[tokio::test]
async fn a_mail_handed_in_is_stored_as_it_came_and_an_empty_one_is_refused() {
    let app = TestApp::new().await;
    let inbox = arrange::inbox(&app, &app.owner, "help@haru.example").await;
    let path = format!("/inboxes/{inbox}/mail");
    let ask = || app.by(&app.owner).header("content-type", "message/rfc822");
    let mail = format!("From: a@b.example\r\nSubject: Long\r\n\r\n{}", "word ".repeat(40_000));
    let taken = ask().send(Method::POST, &path, Body::from(mail.clone())).await.ok(202);
    let raw = app.by(&app.owner).get(&format!("/inbound-mail/{}/raw", text(&taken["id"]))).await;
    assert_eq!((raw.status.as_u16(), raw.text), (200, mail));
    assert_eq!(raw.headers["content-type"], "message/rfc822");
    for blank in [String::new(), " \r\n".repeat(50_000)] {
        ask().send(Method::POST, &path, Body::from(blank)).await.problem(422, "invalid");
    }
    ask().send(Method::POST, &path, endless(51)).await.problem(413, "too_large");
}

/// Bytes that end in the middle.
fn broken(bytes: &[u8]) -> Body {
    let pieces = [Ok(Bytes::copy_from_slice(bytes)), Err(std::io::Error::other("gone"))];
    Body::from_stream(tokio_stream::iter(pieces))
}

async fn append(app: &TestApp, id: &str, at: usize, body: Body) -> common::Answer {
    let ask = app.by(&app.agent).header("content-type", "application/partial-upload").header("upload-offset", &at.to_string());
    ask.send(Method::PATCH, &format!("/uploads/{id}"), body).await
}

#[tokio::test]
async fn a_file_in_pieces_survives_broken_connections_and_is_the_same_in_the_end() {
    TestApp::both(async |app| {
        let film = film();
        let form = serde_json::json!({"filename": "../film.mp4", "content_type": "video/mp4", "size": film.len()});
        let begun = app.by(&app.agent).post("/uploads", form).await.ok(201);
        let id = text(&begun["id"]);
        assert_eq!((&begun["offset"], &begun["filename"], &begun["attachment"]), (&0.into(), &"film.mp4".into(), &serde_json::Value::Null));
        append(&app, &id, 0, broken(&film[..100_000])).await.problem(400, "malformed");
        let state = app.by(&app.agent).get(&format!("/uploads/{id}")).await;
        assert_eq!((state.headers["upload-offset"].to_str().unwrap(), state.headers["upload-complete"].to_str().unwrap()), ("100000", "?0"));
        let elsewhere = append(&app, &id, 0, Body::from(film[..10].to_vec())).await.problem(409, "offset_elsewhere");
        assert_eq!(elsewhere["current"]["offset"], 100_000);
        assert_eq!(append(&app, &id, 100_000, Body::from(film[100_000..250_000].to_vec())).await.ok(200)["offset"], 250_000);
        append(&app, &id, 250_000, Body::from(vec![1; 60_000])).await.problem(413, "too_large");
        let done = append(&app, &id, 250_000, Body::from(film[250_000..].to_vec())).await.ok(200);
        let file = text(&done["attachment"]["id"]);
        assert_eq!(done["attachment"]["size"], film.len());
        let back = app.by(&app.agent).get(&format!("/attachments/{file}?inline=1")).await;
        assert_eq!(back.headers["etag"].to_str().unwrap(), format!("\"{}\"", store::blob::digest(&film)));
        // An answer that was lost is given again.
        assert_eq!(append(&app, &id, 250_000, Body::from(film[250_000..].to_vec())).await.ok(200)["attachment"]["id"], file);
        assert_eq!(app.by(&app.agent).get(&format!("/uploads/{id}")).await.ok(200)["attachment"]["id"], file);
        app.by(&app.agent).delete(&format!("/uploads/{id}")).await.ok(204);
        assert_eq!(app.by(&app.agent).get(&format!("/attachments/{file}")).await.status.as_u16(), 200);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_append_at_once_one_does() {
    let app = TestApp::new().await;
    let id = text(&app.by(&app.agent).post("/uploads", serde_json::json!({"filename": "a", "size": 200_000})).await.ok(201)["id"]);
    let (one, other) = tokio::join!(append(&app, &id, 0, Body::from(vec![1; 200_000])), append(&app, &id, 0, Body::from(vec![2; 200_000])));
    let mut codes = [one.status.as_u16(), other.status.as_u16()];
    codes.sort_unstable();
    assert!(codes == [200, 409] || codes == [200, 200], "{codes:?}");
    let file = text(&app.by(&app.agent).get(&format!("/uploads/{id}")).await.ok(200)["attachment"]["id"]);
    let etag = app.by(&app.agent).get(&format!("/attachments/{file}")).await.headers["etag"].to_str().unwrap().to_owned();
    assert!([1, 2].iter().any(|n| etag == format!("\"{}\"", store::blob::digest(&vec![*n; 200_000]))), "of one piece");
}

#[tokio::test]
async fn row_20_a_file_in_pieces_is_its_owners_within_limits_and_for_a_day() {
    let app = TestApp::new().await;
    let begin = |size: i64| app.by(&app.agent).post("/uploads", serde_json::json!({"filename": "a", "size": size}));
    for size in [0, -1, 50 * 1024 * 1024 + 1] {
        assert_eq!(begin(size).await.problem(422, "invalid")["errors"][0]["field"], "size");
    }
    app.by(&app.viewer).post("/uploads", serde_json::json!({"filename": "a", "size": 1})).await.problem(403, "forbidden");
    let id = text(&begin(10).await.ok(201)["id"]);
    let path = format!("/uploads/{id}");
    for other in [&app.admin, &app.stranger] {
        app.by(other).get(&path).await.problem(404, "not_found");
        app.by(other).delete(&path).await.problem(404, "not_found");
        let ask = app.by(other).header("upload-offset", "0");
        ask.send(Method::PATCH, &path, Body::from("hello")).await.problem(404, "not_found");
    }
    let ask = app.by(&app.agent).header("content-type", "application/partial-upload");
    ask.send(Method::PATCH, &path, Body::from("hello")).await.problem(400, "malformed");
    for _ in 0..49 {
        begin(10).await.ok(201);
    }
    begin(10).await.problem(409, "too_many_uploads");
    app.pass(jiff::SignedDuration::from_hours(25));
    app.by(&app.agent).get(&path).await.problem(404, "not_found");
    begin(10).await.ok(201);
}
