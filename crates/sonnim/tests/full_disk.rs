//! A disk that is really full: a small file system of its own under the data folder. What was taken is kept, what cannot be
//! kept is refused so that its sender tries again, and all goes on by itself once there is space.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use common::{Node, done, run, set_up};
use serde_json::Value;

const INSIDE: &str = "SONNIM_TEST_IN_NAMESPACE";
const HELP: &str = "this test mounts a small file system and may not. Run it as root with CAP_SYS_ADMIN (docker run --cap-add SYS_ADMIN), \
or where user namespaces are allowed, or leave it out knowingly with SONNIM_TEST_NO_MOUNTS=1";

/// Runs the test again in a mount namespace of its own, so that nothing of it stays behind. True inside.
fn in_own_namespace(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    if std::env::var("SONNIM_TEST_NO_MOUNTS").is_ok_and(|v| v == "1") {
        return false;
    }
    let probe = tempfile::tempdir().unwrap();
    let may = |flags: &&&str| {
        let mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", probe.path().to_str().unwrap()];
        Command::new("unshare").arg(flags).args(mount).output().is_ok_and(|o| o.status.success())
    };
    let flags = ["-m", "-Urm"].iter().find(may).expect(HELP);
    let this = std::env::current_exe().unwrap();
    let status = Command::new("unshare").arg(flags).arg(this).args([test, "--exact", "--nocapture"]).env(INSIDE, "1").status().unwrap();
    assert!(status.success(), "the test failed in its namespace; see above");
    false
}

fn mount(folder: &Path, size: &str) {
    std::fs::create_dir_all(folder).unwrap();
    let output = Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "none"]).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn mount_again(folder: &Path, size: &str) {
    assert!(Command::new("mount").args(["-o", &format!("remount,size={size}")]).arg(folder).status().unwrap().success());
}

/// Fills a file system to its last byte.
fn fill(folder: &Path) {
    let mut ballast = File::options().create(true).append(true).open(folder.join("ballast")).unwrap();
    for size in [256 * 1024, 4096, 1] {
        while ballast.write_all(&vec![0; size]).is_ok() {}
    }
}

fn free(folder: &Path) {
    std::fs::remove_file(folder.join("ballast")).unwrap();
}

fn letter(number: usize, size: usize) -> String {
    let line = "The kettle drips, and so does this line, again and again, until it is long.\r\n";
    format!(
        "From: Ana <ana@customer.example>\r\nTo: help@acme.example\r\nSubject: Mail {number}\r\nMessage-ID: <{number}@customer.example>\r\n\r\n{}",
        line.repeat(size / line.len())
    )
}

/// Hands a mail in by LMTP or SMTP; the answer to its last dot.
fn hand_in(to: SocketAddr, hello: &str, letter: &str) -> String {
    let mut out = TcpStream::connect(to).unwrap();
    out.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut answers = BufReader::new(out.try_clone().unwrap());
    let mut answer = || loop {
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        if line.as_bytes().get(3) != Some(&b'-') {
            return line.trim_end().to_owned();
        }
    };
    answer();
    for say in [format!("{hello} test"), "MAIL FROM:<ana@customer.example>".into(), "RCPT TO:<help@acme.example>".into(), "DATA".into()] {
        write!(out, "{say}\r\n").unwrap();
        let said = answer();
        assert!(said.starts_with('2') || said.starts_with('3'), "{say}: {said}");
    }
    write!(out, "{letter}.\r\n").unwrap();
    answer()
}

fn ask(node: &Node, token: &str, request: &str, content_type: &str, body: &[u8]) -> (u16, Value) {
    let mut stream = TcpStream::connect(node.web).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let length = body.len();
    write!(
        stream,
        "{request} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    )
    .unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap_or_default())
}

/// A node and what was taken by it.
struct Shop {
    node: Node,
    token: String,
    next: usize,
    taken: BTreeSet<String>,
}

impl Shop {
    fn open(data: &Path, token: String) -> Self {
        Self { node: Node::start(data), token, next: 0, taken: BTreeSet::new() }
    }

    /// Hands a mail in; the answer. What is taken is remembered.
    fn mail(&mut self, hello: &str, size: usize) -> String {
        let number = self.next;
        self.next += 1;
        let to = if hello == "LHLO" { self.node.lmtp } else { self.node.smtp };
        let answer = hand_in(to, hello, &letter(number, size));
        if answer.starts_with("250") {
            self.taken.insert(format!("Mail {number}"));
        }
        answer
    }

    /// Hands mails in until one is refused.
    fn mail_until_full(&mut self, size: usize) -> String {
        for _ in 0..400 {
            let answer = self.mail("LHLO", size);
            if !answer.starts_with("250") {
                return answer;
            }
        }
        panic!("400 mails were taken on a full disk");
    }

    fn subjects(&self) -> BTreeSet<String> {
        let (mut found, mut cursor) = (BTreeSet::new(), String::new());
        loop {
            let (status, page) = ask(&self.node, &self.token, &format!("GET /api/v1/conversations?view=all&limit=100{cursor}"), "", b"");
            assert_eq!(status, 200, "{page}");
            found.extend(page["items"].as_array().unwrap().iter().map(|c| c["subject"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }

    /// Every mail that was taken is a conversation, and no other is.
    fn all_is_processed(&self) {
        let since = Instant::now();
        loop {
            let found = self.subjects();
            if found == self.taken {
                break;
            }
            assert!(found.is_subset(&self.taken), "{:?} was refused and is there", found.difference(&self.taken));
            assert!(since.elapsed() < Duration::from_secs(60), "{} of {} arrived", found.len(), self.taken.len());
            std::thread::sleep(Duration::from_millis(200));
        }
        for state in ["received", "quarantined", "duplicate"] {
            let (_, page) = ask(&self.node, &self.token, &format!("GET /api/v1/inbound-mail?state={state}"), "", b"");
            assert_eq!(page["items"].as_array().unwrap().len(), 0, "{state}: {page}");
        }
    }

    fn upload(&self, size: usize) -> u16 {
        ask(&self.node, &self.token, "POST /api/v1/attachments?filename=a.bin", "application/octet-stream", &vec![7; size]).0
    }

    fn note(&self, id: &str, words: &str) -> u16 {
        let form = serde_json::json!({ "text": words }).to_string();
        ask(&self.node, &self.token, &format!("POST /api/v1/conversations/{id}/notes"), "application/json", form.as_bytes()).0
    }

    fn first(&self) -> String {
        let (_, page) = ask(&self.node, &self.token, "GET /api/v1/conversations?view=all&limit=1", "", b"");
        page["items"][0]["id"].as_str().unwrap().to_owned()
    }
}

/// No file of the blob store is half-written.
fn no_pieces_in(blobs: &Path) {
    let mut open = vec![blobs.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                let name = entry.file_name().into_string().unwrap();
                assert!(name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit()), "{name} was left behind");
            }
        }
    }
}

#[test]
fn a_full_data_folder_refuses_with_452_and_507_and_recovers_by_itself() {
    if !in_own_namespace("a_full_data_folder_refuses_with_452_and_507_and_recovers_by_itself") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    mount(data, "48m");
    let token = set_up(data);
    let mut shop = Shop::open(data, token);
    assert!(shop.mail("LHLO", 1_000).starts_with("250"));
    assert!(shop.mail("EHLO", 100_000).starts_with("250"));
    shop.all_is_processed();
    let id = shop.first();

    fill(data);
    // What SQLite has reserved may still be used up; then nothing more is taken, by any way.
    assert_eq!(shop.mail_until_full(50_000), "452 4.3.1 Storage is full, try again later");
    fill(data);
    assert_eq!(shop.mail("LHLO", 50_000), "452 4.3.1 Storage is full, try again later");
    assert_eq!(shop.mail("EHLO", 50_000), "452 4.3.1 Storage is full, try again later");
    assert_eq!(shop.mail("LHLO", 200_000), "452 4.3.1 Storage is full, try again later");
    assert_eq!(shop.upload(50_000), 507);
    assert_eq!(shop.upload(6 * 1024 * 1024), 507);
    assert_eq!(shop.note(&id, &"Is it dry? ".repeat(4_000)), 507);
    let raw = letter(100_000, 50_000);
    let inbox = ask(&shop.node, &shop.token, "GET /api/v1/inboxes", "", b"").1["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(ask(&shop.node, &shop.token, &format!("POST /api/v1/inboxes/{inbox}/mail"), "message/rfc822", raw.as_bytes()).0, 507);
    // Reading goes on.
    assert!(shop.subjects().is_subset(&shop.taken));
    assert_eq!(shop.node.get("/healthz", "").0, 200);
    std::thread::sleep(Duration::from_secs(3));

    free(data);
    let since = Instant::now();
    while !shop.mail("EHLO", 50_000).starts_with("250") {
        assert!(since.elapsed() < Duration::from_secs(15), "there is space, and mail is still refused");
        std::thread::sleep(Duration::from_millis(200));
    }
    shop.all_is_processed();
    assert_eq!((shop.upload(50_000), shop.upload(200_000), shop.note(&id, "Dry again.")), (201, 201, 201));
    let (_, timeline) = ask(&shop.node, &shop.token, &format!("GET /api/v1/conversations/{id}/messages"), "", b"");
    let notes = timeline["items"].as_array().unwrap().iter().filter(|m| m["kind"] == "note").count();
    assert_eq!(notes, 1, "the refused note is not there");
    let (code, _, _) = shop.node.stop();
    assert_eq!(code, Some(0));
    no_pieces_in(&data.join("blobs"));
    // Room enough for a doctor who asks for 200 MB.
    mount_again(data, "400m");
    done(&run(data, &["doctor"], b""));
}

#[test]
fn a_full_blob_folder_refuses_what_is_large_and_takes_what_is_small() {
    if !in_own_namespace("a_full_blob_folder_refuses_what_is_large_and_takes_what_is_small") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (data, blobs) = (folder.path(), folder.path().join("blobs"));
    let token = set_up(data);
    mount(&blobs, "2m");
    let mut shop = Shop::open(data, token);
    assert!(shop.mail("LHLO", 200_000).starts_with("250"));
    shop.all_is_processed();
    assert_eq!(shop.mail_until_full(300_000), "452 4.3.1 Storage is full, try again later");
    fill(&blobs);
    assert_eq!(shop.mail("EHLO", 200_000), "452 4.3.1 Storage is full, try again later");
    assert_eq!((shop.upload(200_000), shop.upload(6 * 1024 * 1024)), (507, 507));
    assert!(shop.mail("LHLO", 1_000).starts_with("250"));
    assert_eq!((shop.upload(1_000), shop.note(&shop.first(), "Small things go on.")), (201, 201));
    // The mails that were taken fill it too: it grows.
    free(&blobs);
    mount_again(&blobs, "8m");
    assert_eq!(shop.upload(200_000), 201);
    assert!(shop.mail("EHLO", 200_000).starts_with("250"));
    shop.all_is_processed();
    let (code, _, _) = shop.node.stop();
    assert_eq!(code, Some(0));
    no_pieces_in(&blobs);
}
