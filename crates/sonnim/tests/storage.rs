//! Large files in S3-compatible storage, on a real server that checks signatures: two nodes, backup, and what happens when
//! the storage refuses us or is away.
#![allow(clippy::unwrap_used)]

mod cluster;

use std::time::{Duration, Instant};

use cluster::{Node, Place, Postgres, S3, deliver, mail, noise, request, until};
use serde_json::json;

const SECRET: &str = "sonnim-test-secret";
const LARGE: usize = 300_000;
/// The same on every node.
const KEY: (&str, &str) = ("SONNIM_SECRET_KEY", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");

/// The one file of the conversation with this subject.
fn file_of(node: &Node, token: &str, subject: &str) -> cluster::Answer {
    let page = node.get(token, "/api/v1/conversations?view=all").json();
    let conversation = page["items"].as_array().unwrap().iter().find(|c| c["subject"] == subject).unwrap().clone();
    let messages = node.get(token, &format!("/api/v1/conversations/{}/messages", conversation["id"].as_str().unwrap())).json();
    let files: Vec<_> = messages["items"].as_array().unwrap().iter().flat_map(|m| m["attachments"].as_array().unwrap().clone()).collect();
    assert_eq!(files.len(), 1, "{messages}");
    node.get(token, &format!("/api/v1/attachments/{}", files[0]["id"].as_str().unwrap()))
}

fn upload(node: &Node, token: &str, bytes: &[u8]) -> cluster::Answer {
    let headers = [("authorization", format!("Bearer {token}")), ("content-type", "application/octet-stream".into())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    request(node.web, "POST", "/api/v1/attachments?filename=data.bin", &headers, bytes).unwrap()
}

#[test]
fn a_file_taken_by_one_node_is_given_by_another_and_comes_back_from_a_backup() {
    let Some(postgres) = Postgres::start() else { return };
    let s3 = S3::start();
    let (url, elsewhere) = (postgres.database("desk"), postgres.database("restored"));
    let environment = [&s3.environment("sonnim", SECRET)[..], &[("DATABASE_URL", url.as_str()), KEY]].concat();
    let (first, second) = (Place::new(&environment), Place::new(&environment));
    let token = first.set_up();
    let (a, b) = (first.start(), second.start());
    let file = noise(1, LARGE);
    assert_eq!(deliver(a.lmtp, &mail("With a file", &file)).unwrap(), 250);
    until("the mail is a conversation at the other node", 20, || b.subjects(&token) == ["With a file"]);
    assert_eq!(file_of(&b, &token, "With a file").body, file);

    let sent = noise(2, LARGE);
    let uploaded = upload(&b, &token, &sent).json()["id"].as_str().unwrap().to_owned();
    let id = b.get(&token, "/api/v1/conversations?view=all").json()["items"][0]["id"].as_str().unwrap().to_owned();
    let note = b.post(&token, &format!("/api/v1/conversations/{id}/notes"), &json!({"text": "See there", "attachment_ids": [uploaded]}));
    assert_eq!(note.status, 201, "{}", note.json());
    assert_eq!(a.get(&token, &format!("/api/v1/attachments/{uploaded}")).body, sent);
    for place in [&first, &second] {
        assert!(!place.data.path().join("blobs").exists(), "nothing large is kept on the node");
        assert_eq!(place.doctor("attachments").0, "ok");
    }

    let archive = first.data.path().join("backup.tar.gz");
    first.done(&["backup", "--with-key", "--to", archive.to_str().unwrap()], b"");
    let environment = [&s3.environment("restored", SECRET)[..], &[("DATABASE_URL", elsewhere.as_str()), KEY]].concat();
    let third = Place::new(&environment);
    third.done(&["restore", archive.to_str().unwrap()], b"");
    let c = third.start();
    until("the restored node knows the conversation", 10, || c.subjects(&token) == ["With a file"]);
    assert_eq!(c.get(&token, &format!("/api/v1/attachments/{uploaded}")).body, sent);
    assert!(!third.data.path().join("blobs").exists());
}

#[test]
fn storage_that_refuses_us_is_named_and_nothing_is_taken_that_could_not_be_kept() {
    let s3 = S3::start();
    let wrong = Place::new(&s3.environment("sonnim", "wrong"));
    let token = wrong.set_up();
    let (state, detail) = wrong.doctor("attachments");
    assert_eq!(state, "fail");
    assert!(detail.contains("SignatureDoesNotMatch") && detail.contains("secret_key"), "{detail}");
    assert!(!detail.contains("wrong") && !detail.contains(&s3.endpoint), "{detail}");
    let node = wrong.start();
    until("the start says so", 10, || node.log().contains("large files cannot be stored"));
    assert_eq!(deliver(node.lmtp, &mail("Too large to keep", &noise(3, LARGE))).unwrap() / 100, 4, "the sender keeps it");
    let answer = upload(&node, &token, &noise(3, LARGE));
    assert_eq!((answer.status, answer.json()["code"].as_str()), (503, Some("unavailable")));
    assert!(answer.headers.contains_key("retry-after"));
    // What needs no storage goes on.
    assert_eq!(deliver(node.lmtp, &mail("Small", b"")).unwrap(), 250);
    until("the small mail is a conversation", 20, || node.subjects(&token) == ["Small"]);
    drop(node);

    let missing = Place::new(&s3.environment("nothing-here", SECRET));
    missing.set_up();
    let (state, detail) = missing.doctor("attachments");
    assert_eq!(state, "fail");
    assert!(detail.contains("bucket") || detail.contains("AccessDenied"), "{detail}");
}

#[test]
fn storage_that_is_away_delays_and_loses_nothing() {
    let s3 = S3::start();
    let place = Place::new(&s3.environment("sonnim", SECRET));
    let token = place.set_up();
    // A node without a worker takes the mail; its raw bytes are in the storage.
    let (before, taken) = (noise(4, LARGE), noise(5, LARGE));
    let node = place.start();
    assert_eq!(deliver(node.lmtp, &mail("Before", &before)).unwrap(), 250);
    until("the first mail is a conversation", 20, || node.subjects(&token) == ["Before"]);
    node.stop();
    let node = place.start_with(&["--only", "web"]);
    assert_eq!(deliver(node.lmtp, &mail("Taken", &taken)).unwrap(), 250);
    node.stop();

    s3.stop();
    let node = place.start();
    let since = Instant::now();
    assert_eq!(deliver(node.lmtp, &mail("Later", &noise(6, LARGE))).unwrap() / 100, 4);
    assert_eq!(upload(&node, &token, &noise(6, LARGE)).status, 503);
    assert_eq!(file_of(&node, &token, "Before").status, 503);
    assert!(since.elapsed() < Duration::from_secs(15), "{:?}", since.elapsed());
    assert_eq!(place.doctor("attachments").0, "fail");
    assert_eq!(deliver(node.lmtp, &mail("Small", b"")).unwrap(), 250);
    until("a small mail is a conversation meanwhile", 20, || node.subjects(&token).contains(&"Small".to_owned()));
    // More tries than a mail that kills its worker gets.
    until("the taken mail was tried again and again", 60, || node.log().matches("a job could not be done").count() >= 5);
    assert_eq!(node.subjects(&token).len(), 2);

    s3.start_again();
    until("the taken mail is a conversation", 60, || node.subjects(&token).len() == 3);
    assert_eq!(file_of(&node, &token, "Taken").body, taken);
    assert_eq!(file_of(&node, &token, "Before").body, before);
    assert_eq!(node.get(&token, "/api/v1/inbound-mail?state=quarantined").json()["items"], json!([]));
}

/// Sends a piece of a file; how far it has come, or the refusal.
fn append(node: &Node, token: &str, id: &str, offset: usize, bytes: &[u8]) -> cluster::Answer {
    let (by, at) = (format!("Bearer {token}"), offset.to_string());
    let headers = [("authorization", by.as_str()), ("content-type", "application/partial-upload"), ("upload-offset", at.as_str())];
    request(node.web, "PATCH", &format!("/api/v1/uploads/{id}"), &headers, bytes).unwrap()
}

/// Sends the head of a longer piece and breaks off.
fn break_off(node: &Node, token: &str, id: &str, offset: usize, bytes: &[u8]) {
    use std::io::Write as _;
    let mut socket = std::net::TcpStream::connect(node.web).unwrap();
    let length = bytes.len() * 2;
    let head = format!(
        "PATCH /api/v1/uploads/{id} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nUpload-Offset: {offset}\r\nContent-Length: {length}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).unwrap();
    socket.write_all(bytes).unwrap();
}

#[test]
fn a_file_whose_pieces_go_to_two_nodes_by_turns_is_the_same_in_the_end() {
    const MIB: usize = 1024 * 1024;
    let Some(postgres) = Postgres::start() else { return };
    let s3 = S3::start();
    let url = postgres.database("desk");
    let environment = [&s3.environment("sonnim", SECRET)[..], &[("DATABASE_URL", url.as_str()), KEY]].concat();
    let (first, second) = (Place::new(&environment), Place::new(&environment));
    let token = first.set_up();
    let (a, b) = (first.start(), second.start());
    // The last piece is longer than what goes to the storage at once.
    let film = noise(7, 20 * MIB + 12_345);
    let form = json!({"filename": "film.bin", "content_type": "application/octet-stream", "size": film.len()});
    let begun = a.post(&token, "/api/v1/uploads", &form).json();
    let id = begun["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/uploads/{id}");
    let is_at = |node: &Node| usize::try_from(node.get(&token, &path).json()["offset"].as_u64().unwrap()).unwrap();
    let mut at = 0;
    for (n, length) in [4 * MIB, 4 * MIB, 100_000, MIB].into_iter().enumerate() {
        let (takes, other) = if n % 2 == 0 { (&b, &a) } else { (&a, &b) };
        let answer = append(takes, &token, &id, at, &film[at..at + length]);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        at += length;
        assert_eq!((is_at(other), is_at(takes)), (at, at));
    }
    // A node that asks where the other one has gone on since is told where.
    let late = append(&b, &token, &id, at - 5, &film[at - 5..at]);
    assert_eq!((late.status, late.json()["current"]["offset"].as_u64()), (409, Some(at as u64)));
    // What came of a piece before its line was cut is there, at the other node too.
    break_off(&b, &token, &id, at, &film[at..at + MIB]);
    until("the node has kept what came", 20, || is_at(&a) == at + MIB);
    at += MIB;
    // The node that took it dies; the other one finishes.
    drop(b);
    let done = append(&a, &token, &id, at, &film[at..]).json();
    let file = done["attachment"]["id"].as_str().unwrap_or_else(|| panic!("{done}")).to_owned();
    let b = second.start();
    assert_eq!(b.get(&token, &path).json()["attachment"]["id"], file.as_str());
    for node in [&a, &b] {
        assert!(node.get(&token, &format!("/api/v1/attachments/{file}")).body == film, "other bytes");
    }
    for place in [&first, &second] {
        assert!(!place.data.path().join("blobs").exists(), "nothing is kept on the node");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the node has the clock of this machine")]
fn pieces_that_nobody_wants_leave_the_storage() {
    let Some(postgres) = Postgres::start() else { return };
    let s3 = S3::start();
    let url = postgres.database("desk");
    let place = Place::new(&[&s3.environment("sonnim", SECRET)[..], &[("DATABASE_URL", url.as_str()), KEY]].concat());
    let token = place.set_up();
    let node = place.start();
    let begin = || {
        let form = json!({"filename": "a.bin", "content_type": "application/octet-stream", "size": LARGE});
        node.post(&token, "/api/v1/uploads", &form).json()["id"].as_str().unwrap().to_owned()
    };
    let bytes = noise(8, LARGE);
    let (given_up, left, finished) = (begin(), begin(), begin());
    for id in [&given_up, &left, &finished] {
        assert_eq!(append(&node, &token, id, 0, &bytes[..LARGE / 2]).status, 200);
    }

    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let blobs = store::BlobSettings {
        endpoint: Some(s3.endpoint.clone()),
        bucket: "sonnim".into(),
        region: "us-east-1".into(),
        access_key: Some("sonnim".into()),
        secret_key: Some(model::Secret::new(SECRET)),
    };
    let settings = store::Settings { data: folder.path().into(), database_url: Some(model::Secret::new(&url)), blobs: Some(blobs) };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let now = jiff::Timestamp::try_from(std::time::SystemTime::now()).unwrap();
        let store = store::Store::open(&settings, now).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let workspace = store::workspace::first(&mut conn).await.unwrap().unwrap().id;
        let mut places = Vec::new();
        for id in [&given_up, &left, &finished] {
            places.push(store::resumable::parts(&mut conn, workspace, id.parse().unwrap()).await.unwrap());
        }
        drop(conn);
        let there = async || {
            let mut there = Vec::new();
            for places in &places {
                assert_eq!(places.len(), 1);
                there.push(store.blobs().join_parts(workspace, places).await.is_ok());
            }
            there
        };
        // As the worker of a node tidies up, every hour.
        let tidy = async |hours: i64| {
            let clock = desk::Clock::from_fn(move || now + jiff::SignedDuration::from_hours(hours));
            let keys = desk::Keys::new([7; 32]);
            let desk = desk::Desk { store: store.clone(), keys, clock, public_url: "http://localhost".into() };
            desk::resumable::expire(&desk).await
        };
        assert_eq!(there().await, [true, true, true]);
        assert_eq!(append(&node, &token, &finished, LARGE / 2, &bytes[LARGE / 2..]).status, 200);
        assert_eq!(there().await, [true, true, false], "a file that is complete needs them no more");
        let by = format!("Bearer {token}");
        let answer = request(node.web, "DELETE", &format!("/api/v1/uploads/{given_up}"), &[("authorization", &by)], b"").unwrap();
        assert_eq!(answer.status, 204);
        tidy(0).await.unwrap();
        assert_eq!(there().await, [false, true, false]);
        assert_eq!(node.get(&token, &format!("/api/v1/uploads/{left}")).status, 200, "it has a day");

        s3.stop();
        tidy(25).await.unwrap_err();
        s3.start_again();
        until("the storage is back", 20, || place.doctor("attachments").0 == "ok");
        assert_eq!(there().await, [false, true, false]);
        tidy(25).await.unwrap();
        assert_eq!(there().await, [false, false, false]);
        for id in [&given_up, &left, &finished] {
            assert_eq!(node.get(&token, &format!("/api/v1/uploads/{id}")).status, 404);
        }
        store.leave(now).await;
    });
}
