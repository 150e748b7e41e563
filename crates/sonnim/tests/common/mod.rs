//! The real binary as a running node.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

pub const SONNIM: &str = env!("CARGO_BIN_EXE_sonnim");
pub const PASSWORD: &str = "correct horse battery staple";

pub fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(SONNIM);
    command.args(arguments).arg("--data").arg(data).env_clear().env("PATH", std::env::var("PATH").unwrap());
    // Tests have no name servers to ask.
    command.env("SONNIM_MAIL_CHECK_SENDERS", "false");
    command
}

pub fn run(data: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(data, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[track_caller]
pub fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A set-up installation with one inbox; gives back a token.
pub fn set_up(data: &Path) -> String {
    let form = ["setup", "--workspace", "Acme", "--name", "Kim", "--email", "kim@acme.example", "--password-stdin"];
    done(&run(data, &form, PASSWORD.as_bytes()));
    done(&run(data, &["inbox", "create", "--name", "Support", "--address", "help@acme.example"], b""));
    done(&run(data, &["token", "create", "--email", "kim@acme.example", "--scope", "admin"], b""))
}

pub struct Node {
    pub child: Child,
    pub web: SocketAddr,
    pub lmtp: SocketAddr,
    pub smtp: SocketAddr,
    log: Option<JoinHandle<String>>,
}

impl Node {
    /// Starts a node on free ports and waits until it is up.
    pub fn start(data: &Path) -> Self {
        let mut child = command(data, &["serve", "--listen", "127.0.0.1:0", "--lmtp", "127.0.0.1:0", "--smtp", "127.0.0.1:0"])
            .env("SONNIM_LOG_FORMAT", "json")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let (mut web, mut lmtp, mut smtp) = (None, None, None);
        loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the node ended");
            let entry: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}"));
            let address = || entry["address"].as_str().and_then(|a| a.trim_start_matches("Some(").trim_end_matches(')').parse().ok());
            match entry["message"].as_str().unwrap_or_default() {
                "taking mail" if entry["protocol"] == "Smtp" => smtp = address(),
                "taking mail" => lmtp = address(),
                "listening" => web = address(),
                "Sonnim is up" => break,
                _ => {}
            }
        }
        // Read on, or a full pipe would stop the node.
        let log = std::thread::spawn(move || {
            let mut rest = String::new();
            log.read_to_string(&mut rest).unwrap();
            rest
        });
        Self { child, web: web.unwrap(), lmtp: lmtp.unwrap(), smtp: smtp.unwrap(), log: Some(log) }
    }

    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// SIGTERM; the exit code, how long it took, and the rest of the log.
    pub fn stop(mut self) -> (Option<i32>, Duration, String) {
        let since = Instant::now();
        self.signal("-TERM");
        let code = self.child.wait().unwrap().code();
        let took = since.elapsed();
        (code, took, self.log.take().unwrap().join().unwrap())
    }

    pub fn get(&self, path: &str, token: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.web).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    pub fn post(&self, path: &str, token: &str, body: &str) -> u16 {
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
    pub fn answers(&self, token: &str) -> (String, Vec<String>) {
        let json = |path: &str| -> Value {
            let (_, body) = self.get(path, token);
            serde_json::from_str(&body[body.find('{').unwrap()..=body.rfind('}').unwrap()]).unwrap()
        };
        let id = json("/api/v1/conversations?view=all")["items"][0]["id"].as_str().unwrap().to_owned();
        let messages = json(&format!("/api/v1/conversations/{id}/messages"));
        let states = messages["items"].as_array().unwrap().iter().filter_map(|m| m["delivery"]["state"].as_str()).map(str::to_owned).collect();
        (id, states)
    }

    pub fn subjects(&self, token: &str) -> Vec<String> {
        let (status, body) = self.get("/api/v1/conversations?view=all&limit=100", token);
        assert_eq!(status, 200, "{body}");
        let json = &body[body.find('{').unwrap()..=body.rfind('}').unwrap()];
        let page: Value = serde_json::from_str(json).unwrap();
        page["items"].as_array().unwrap().iter().map(|c| c["subject"].as_str().unwrap().to_owned()).collect()
    }

    #[track_caller]
    pub fn wait_for(&self, token: &str, count: usize) -> Vec<String> {
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
pub fn deliver(lmtp: SocketAddr, number: usize) {
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

pub fn mail(number: usize) -> String {
    format!(
        "From: Ana <ana{number}@customer.example>\r\nTo: help@acme.example\r\nSubject: Mail {number}\r\n\
         Message-ID: <{number}@customer.example>\r\n\r\nHello {number}\r\n"
    )
}
