//! A running node: start, mail in, stop, kill, several nodes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const SONNIM: &str = env!("CARGO_BIN_EXE_sonnim");
const PASSWORD: &str = "correct horse battery staple";

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(SONNIM);
    command.args(arguments).arg("--data").arg(data).env_clear().env("PATH", std::env::var("PATH").unwrap());
    // Tests have no name servers to ask.
    command.env("SONNIM_MAIL_CHECK_SENDERS", "false");
    command
}

fn run(data: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(data, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[track_caller]
fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A set-up installation with one inbox; gives back a token.
fn set_up(data: &Path) -> String {
    let form = ["setup", "--workspace", "Acme", "--name", "Kim", "--email", "kim@acme.example", "--password-stdin"];
    done(&run(data, &form, PASSWORD.as_bytes()));
    done(&run(data, &["inbox", "create", "--name", "Support", "--address", "help@acme.example"], b""));
    done(&run(data, &["token", "create", "--email", "kim@acme.example", "--scope", "admin"], b""))
}

struct Node {
    child: Child,
    web: SocketAddr,
    lmtp: SocketAddr,
    log: BufReader<ChildStderr>,
}

impl Node {
    /// Starts a node on free ports and waits until it is up.
    fn start(data: &Path) -> Self {
        let mut child = command(data, &["serve", "--listen", "127.0.0.1:0", "--lmtp", "127.0.0.1:0"])
            .env("SONNIM_LOG_FORMAT", "json")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let (mut web, mut lmtp) = (None, None);
        loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the node ended");
            let entry: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}"));
            let address = || entry["address"].as_str().and_then(|a| a.trim_start_matches("Some(").trim_end_matches(')').parse().ok());
            match entry["message"].as_str().unwrap_or_default() {
                "taking mail" => lmtp = address(),
                "listening" => web = address(),
                "Sonnim is up" => break,
                _ => {}
            }
        }
        Self { child, web: web.unwrap(), lmtp: lmtp.unwrap(), log }
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// SIGTERM; the exit code, how long it took, and the rest of the log.
    fn stop(mut self) -> (Option<i32>, Duration, String) {
        let since = Instant::now();
        self.signal("-TERM");
        let code = self.child.wait().unwrap().code();
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        (code, since.elapsed(), rest)
    }

    fn get(&self, path: &str, token: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.web).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    fn post(&self, path: &str, token: &str, body: &str) -> u16 {
        let mut stream = TcpStream::connect(self.web).unwrap();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// The first conversation's id and its answers' delivery states.
    fn answers(&self, token: &str) -> (String, Vec<String>) {
        let json = |path: &str| -> Value {
            let (_, body) = self.get(path, token);
            serde_json::from_str(&body[body.find('{').unwrap()..=body.rfind('}').unwrap()]).unwrap()
        };
        let id = json("/api/v1/conversations?view=all")["items"][0]["id"].as_str().unwrap().to_owned();
        let messages = json(&format!("/api/v1/conversations/{id}/messages"));
        let states = messages["items"].as_array().unwrap().iter().filter_map(|m| m["delivery"]["state"].as_str()).map(str::to_owned).collect();
        (id, states)
    }

    fn subjects(&self, token: &str) -> Vec<String> {
        let (status, body) = self.get("/api/v1/conversations?view=all&limit=100", token);
        assert_eq!(status, 200, "{body}");
        let json = &body[body.find('{').unwrap()..=body.rfind('}').unwrap()];
        let page: Value = serde_json::from_str(json).unwrap();
        page["items"].as_array().unwrap().iter().map(|c| c["subject"].as_str().unwrap().to_owned()).collect()
    }

    #[track_caller]
    fn wait_for(&self, token: &str, count: usize) -> Vec<String> {
        let since = Instant::now();
        loop {
            let subjects = self.subjects(token);
            if subjects.len() >= count {
                return subjects;
            }
            assert!(since.elapsed() < Duration::from_secs(20), "only {} of {count} arrived", subjects.len());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Speaks LMTP, and returns only after the server has taken the mail.
fn deliver(lmtp: SocketAddr, number: usize) {
    let stream = TcpStream::connect(lmtp).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    let mut out = stream;
    let mut expect = |code: &str| loop {
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        assert!(line.starts_with(code), "{line}");
        if !line[3..].starts_with('-') {
            return;
        }
    };
    expect("220");
    for (say, code) in [
        ("LHLO test\r\n".to_owned(), "250"),
        ("MAIL FROM:<ana@customer.example>\r\n".to_owned(), "250"),
        ("RCPT TO:<help@acme.example>\r\n".to_owned(), "250"),
        ("DATA\r\n".to_owned(), "354"),
        (mail(number) + ".\r\n", "250"),
    ] {
        out.write_all(say.as_bytes()).unwrap();
        expect(code);
    }
}

fn mail(number: usize) -> String {
    format!(
        "From: Ana <ana{number}@customer.example>\r\nTo: help@acme.example\r\nSubject: Mail {number}\r\n\
         Message-ID: <{number}@customer.example>\r\n\r\nHello {number}\r\n"
    )
}

#[test]
fn a_node_starts_answers_and_stops_at_sigterm() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let node = Node::start(data.path());
    assert_eq!(node.get("/healthz", "").0, 200);
    assert_eq!(node.get("/readyz", "").0, 200);
    assert_eq!(node.get("/api/v1/conversations", "wrong").0, 401);
    assert!(node.subjects(&token).is_empty());
    let (code, took, _) = node.stop();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn a_second_node_on_the_same_port_says_so() {
    let data = tempfile::tempdir().unwrap();
    set_up(data.path());
    let node = Node::start(data.path());
    let output = run(data.path(), &["serve", "--listen", &node.web.to_string()], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is in use"));
}

#[test]
fn commands_work_beside_a_running_node_and_a_mail_handed_in_by_one_arrives() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let node = Node::start(data.path());
    done(&run(data.path(), &["mail", "deliver"], mail(1).as_bytes()));
    assert_eq!(node.wait_for(&token, 1), ["Mail 1"]);
    let again = run(data.path(), &["setup", "--workspace", "B", "--name", "B", "--email", "b@b.example", "--password-stdin"], PASSWORD.as_bytes());
    assert_eq!(again.status.code(), Some(3), "{}", String::from_utf8_lossy(&again.stderr));
}

#[test]
fn kill_9_between_our_250_and_processing_loses_nothing_and_doubles_nothing() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let mut expected = Vec::new();
    for round in 0..3 {
        let mut node = Node::start(data.path());
        for number in round * 20..(round + 1) * 20 {
            deliver(node.lmtp, number);
            expected.push(format!("Mail {number}"));
        }
        node.child.kill().unwrap();
        node.child.wait().unwrap();
    }
    let node = Node::start(data.path());
    let mut found = node.wait_for(&token, expected.len());
    // Anything that came twice would come now.
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(node.subjects(&token).len(), expected.len());
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn sigterm_under_load_keeps_every_mail_that_was_taken() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let node = Node::start(data.path());
    let lmtp = node.lmtp;
    let sender = std::thread::spawn(move || {
        let mut taken = 0;
        while std::panic::catch_unwind(|| deliver(lmtp, taken)).is_ok() {
            taken += 1;
        }
        taken
    });
    std::thread::sleep(Duration::from_millis(400));
    let (code, took, _) = node.stop();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(25), "{took:?}");
    let taken = sender.join().unwrap();
    assert!(taken > 0);
    let node = Node::start(data.path());
    let arrived = node.wait_for(&token, taken.min(100)).len();
    assert!(arrived >= taken.min(100), "{arrived} of {taken}");
}

#[test]
fn a_backup_under_load_is_sound_and_what_waited_to_be_sent_is_not_sent_again() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let node = Node::start(data.path());
    for number in 0..30 {
        deliver(node.lmtp, number);
    }
    node.wait_for(&token, 30);
    let lmtp = node.lmtp;
    let load = std::thread::spawn(move || (30..60).for_each(|number| deliver(lmtp, number)));
    let archive = data.path().join("backup.tar.gz");
    done(&run(data.path(), &["backup", "--with-key", "--to", archive.to_str().unwrap()], b""));
    load.join().unwrap();
    let (_, _, log) = node.stop();
    assert!(!log.contains(PASSWORD) && !log.contains(&token) && !log.contains("customer.example"), "{log}");

    let other = tempfile::tempdir().unwrap();
    done(&run(other.path(), &["restore", archive.to_str().unwrap()], b""));
    done(&run(other.path(), &["doctor"], b""));
    let node = Node::start(other.path());
    assert!(node.wait_for(&token, 30).len() >= 30);
}

#[test]
fn a_reply_that_waited_at_the_backup_is_not_sent_after_the_restore_unless_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let node = Node::start(data.path());
    deliver(node.lmtp, 1);
    node.wait_for(&token, 1);
    let (id, _) = node.answers(&token);
    // The inbox has no way out yet, so the answer waits.
    assert_eq!(node.post(&format!("/api/v1/conversations/{id}/replies"), &token, r#"{"text":"Hello Ana"}"#), 201);
    let archive = data.path().join("backup.tar.gz");
    done(&run(data.path(), &["backup", "--with-key", "--to", archive.to_str().unwrap()], b""));
    drop(node);
    for (extra, expected) in [(None, &["failed"][..]), (Some("--resend"), &["undo_window", "queued"][..])] {
        let other = tempfile::tempdir().unwrap();
        let mut arguments = vec!["restore", archive.to_str().unwrap()];
        arguments.extend(extra);
        done(&run(other.path(), &arguments, b""));
        let node = Node::start(other.path());
        let (_, states) = node.answers(&token);
        assert!(states.len() == 1 && expected.contains(&states[0].as_str()), "{extra:?}: {states:?}");
    }
}

#[test]
fn the_first_start_prints_a_set_up_link_and_later_ones_do_not() {
    let data = tempfile::tempdir().unwrap();
    let first_line = |data: &Path| {
        let mut child = command(data, &["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("Sonnim is up") {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0);
        }
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(first_line(data.path()).contains("/setup?token="));
    set_up(data.path());
    assert_eq!(first_line(data.path()), "");
}
