//! Running nodes to test with: the real binary on its own data, with LMTP, HTTP and streams spoken by hand.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Data folder and environment of a node.
pub struct Place {
    pub data: tempfile::TempDir,
    pub environment: Vec<(String, String)>,
}

impl Place {
    pub fn new(environment: &[(&str, &str)]) -> Self {
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { data: tempfile::tempdir().unwrap(), environment }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sonnim"));
        command.args(arguments).arg("--data").arg(self.data.path()).env_clear().env("PATH", std::env::var("PATH").unwrap());
        // Tests have no name servers to ask.
        command.env("SONNIM_MAIL_CHECK_SENDERS", "false").envs(self.environment.iter().cloned());
        command
    }

    /// Runs a command of the binary.
    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Runs a command that must succeed; what it printed.
    #[track_caller]
    pub fn done(&self, arguments: &[&str], input: &[u8]) -> String {
        let output = self.run(arguments, input);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// A workspace with one inbox; gives back a token.
    pub fn set_up(&self) -> String {
        let form = ["setup", "--workspace", "Acme", "--name", "Kim", "--email", "kim@acme.example", "--password-stdin"];
        self.done(&form, b"correct horse battery staple");
        self.done(&["inbox", "create", "--name", "Support", "--address", "help@acme.example"], b"");
        self.done(&["token", "create", "--email", "kim@acme.example", "--scope", "admin"], b"")
    }

    /// One check of the doctor: state and detail.
    pub fn doctor(&self, check: &str) -> (String, String) {
        let report: Value = serde_json::from_slice(&self.run(&["doctor", "--json"], b"").stdout).unwrap();
        let found = report["checks"].as_array().unwrap().iter().find(|c| c["name"] == check).unwrap().clone();
        (found["state"].as_str().unwrap().to_owned(), found["detail"].as_str().unwrap().to_owned())
    }

    /// Starts a node on free ports and waits until it is up.
    pub fn start(&self) -> Node {
        self.start_with(&[])
    }

    pub fn start_with(&self, more: &[&str]) -> Node {
        let arguments = [&["serve", "--listen", "127.0.0.1:0", "--lmtp", "127.0.0.1:0"], more].concat();
        let mut command = self.command(&arguments);
        command.env("SONNIM_LOG_FORMAT", "json").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let (mut web, mut lmtp, mut said) = (None, None, String::new());
        loop {
            let mut line = String::new();
            assert_ne!(lines.read_line(&mut line).unwrap(), 0, "the node ended");
            said.push_str(&line);
            let entry: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}"));
            let address = || entry["address"].as_str().and_then(|a| a.trim_start_matches("Some(").trim_end_matches(')').parse().ok());
            match entry["message"].as_str().unwrap_or_default() {
                "taking mail" => lmtp = address(),
                "listening" => web = address(),
                "Sonnim is up" => break,
                _ => {}
            }
        }
        // Read on, so that the node never waits for us.
        let log = Arc::new(Mutex::new(said));
        let to = log.clone();
        std::thread::spawn(move || lines.lines().map_while(Result::ok).for_each(|line| to.lock().unwrap().push_str(&(line + "\n"))));
        Node { child, web: web.unwrap(), lmtp: lmtp.unwrap(), log }
    }
}

/// A running node.
pub struct Node {
    pub child: Child,
    pub web: SocketAddr,
    pub lmtp: SocketAddr,
    log: Arc<Mutex<String>>,
}

/// What a request brought.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, String::from_utf8_lossy(&self.body)))
    }
}

impl Node {
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// SIGTERM; the exit code and how long it took.
    pub fn stop(mut self) -> (Option<i32>, Duration) {
        let since = Instant::now();
        self.terminate();
        (self.child.wait().unwrap().code(), since.elapsed())
    }

    pub fn terminate(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
    }

    pub fn get(&self, token: &str, path: &str) -> Answer {
        request(self.web, "GET", path, &[("authorization", &format!("Bearer {token}"))], b"").unwrap()
    }

    pub fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        post(self.web, token, path, body, "").unwrap()
    }

    /// All conversations' subjects.
    pub fn subjects(&self, token: &str) -> Vec<String> {
        let (mut subjects, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(token, &format!("/api/v1/conversations?view=all&limit=100{cursor}")).json();
            subjects.extend(page["items"].as_array().unwrap().iter().map(|c| c["subject"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return subjects,
            }
        }
    }

    /// Opens a stream; every frame's name, or the kind of what happened, and id until it ends.
    pub fn stream(&self, token: &str, query: &str) -> Stream {
        let mut socket = TcpStream::connect(self.web).unwrap();
        write!(socket, "GET /api/v1/stream{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n").unwrap();
        let (frames, ended) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(None)));
        let (to, end) = (frames.clone(), ended.clone());
        std::thread::spawn(move || {
            let (mut name, mut id) = (String::new(), String::new());
            for line in BufReader::new(socket).lines().map_while(Result::ok) {
                if let Some(named) = line.strip_prefix("event: ") {
                    named.clone_into(&mut name);
                } else if let Some(cursor) = line.strip_prefix("id: ") {
                    cursor.clone_into(&mut id);
                } else if let Some(data) = line.strip_prefix("data: ") {
                    let data: Value = serde_json::from_str(data).unwrap_or_default();
                    let event = data["event"]["kind"].as_str().map_or_else(|| name.clone(), str::to_owned);
                    to.lock().unwrap().push(Frame { event, id: id.clone(), data });
                } else if line.is_empty() {
                    name.clear();
                } else if line == "0" {
                    // The last chunk.
                    break;
                }
            }
            *end.lock().unwrap() = Some(Instant::now());
        });
        Stream { frames, ended }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A frame of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub event: String,
    pub id: String,
    pub data: Value,
}

/// A stream that is read in the background.
pub struct Stream {
    frames: Arc<Mutex<Vec<Frame>>>,
    ended: Arc<Mutex<Option<Instant>>>,
}

impl Stream {
    pub fn frames(&self) -> Vec<Frame> {
        self.frames.lock().unwrap().clone()
    }

    /// When it ended.
    pub fn ended(&self) -> Option<Instant> {
        *self.ended.lock().unwrap()
    }
}

/// One HTTP request on a connection of its own.
pub fn request(to: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
    let mut socket = TcpStream::connect(to)?;
    socket.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    socket.write_all((head + "\r\n").as_bytes())?;
    socket.write_all(body)?;
    let mut all = Vec::new();
    socket.read_to_end(&mut all)?;
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let end = all.windows(4).position(|w| w == b"\r\n\r\n").ok_or_else(cut)?;
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let headers: HashMap<String, String> =
        head.lines().skip(1).filter_map(|l| l.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let mut body = all[end + 4..].to_vec();
    if headers.get("transfer-encoding").is_some_and(|v| v == "chunked") {
        body = unchunk(&body).ok_or_else(cut)?;
    } else if headers.get("content-length").is_some_and(|v| v.parse() != Ok(body.len())) {
        return Err(cut());
    }
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(cut)?;
    Ok(Answer { status, headers, body })
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|w| w == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(end + 2..end + 2 + size)?);
        rest = rest.get(end + 4 + size..)?;
    }
}

/// A POST of JSON, with an idempotency key where given.
pub fn post(to: SocketAddr, token: &str, path: &str, body: &Value, key: &str) -> io::Result<Answer> {
    let authorization = format!("Bearer {token}");
    let mut headers = vec![("authorization", authorization.as_str()), ("content-type", "application/json")];
    if !key.is_empty() {
        headers.push(("idempotency-key", key));
    }
    request(to, "POST", path, &headers, body.to_string().as_bytes())
}

/// A mail with a file of so many bytes.
pub fn mail(name: &str, file: &[u8]) -> String {
    use base64::Engine as _;
    let mut text = format!(
        "From: Ana <ana@customer.example>\r\nTo: help@acme.example\r\nSubject: {name}\r\nMessage-ID: <{}@customer.example>\r\nMIME-Version: 1.0\r\n",
        name.replace(' ', "-")
    );
    if file.is_empty() {
        return text + &format!("\r\nHello, this is {name}\r\n");
    }
    text += "Content-Type: multipart/mixed; boundary=cut\r\n\r\n--cut\r\nContent-Type: text/plain\r\n\r\nSee the file\r\n--cut\r\n";
    text += "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"data.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    for line in base64::engine::general_purpose::STANDARD.encode(file).as_bytes().chunks(76) {
        text += std::str::from_utf8(line).unwrap();
        text += "\r\n";
    }
    text + "--cut--\r\n"
}

/// Bytes that do not compress and differ by seed.
pub fn noise(seed: u64, size: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..size).map(|_| next()).collect()
}

/// Hands a mail in by LMTP; the code of the server's last answer.
pub fn deliver(lmtp: SocketAddr, mail: &str) -> io::Result<u16> {
    let mut out = TcpStream::connect(lmtp)?;
    out.set_read_timeout(Some(Duration::from_secs(90)))?;
    let mut answers = BufReader::new(out.try_clone()?);
    let mut answer = || -> io::Result<u16> {
        loop {
            let mut line = String::new();
            if answers.read_line(&mut line)? < 4 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if line.as_bytes()[3] != b'-' {
                return line[..3].parse().map_err(|_| io::ErrorKind::InvalidData.into());
            }
        }
    };
    answer()?;
    for line in ["LHLO test", "MAIL FROM:<ana@customer.example>", "RCPT TO:<help@acme.example>", "DATA"] {
        write!(out, "{line}\r\n")?;
        let code = answer()?;
        if code >= 400 {
            return Ok(code);
        }
    }
    write!(out, "{mail}.\r\n")?;
    answer()
}

/// Waits until something is so.
#[track_caller]
pub fn until(what: &str, seconds: u64, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(seconds), "not within {seconds} s: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A tool of `bin/lib`.
pub fn tool(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bin/lib").join(name)
}

/// Runs a tool; what it printed.
#[track_caller]
pub fn use_tool(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// An S3 server of its own.
pub struct S3 {
    folder: tempfile::TempDir,
    pub endpoint: String,
}

impl S3 {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let endpoint = use_tool(Command::new(tool("test-s3")).arg("start").arg(folder.path()));
        Self { folder, endpoint }
    }

    /// As a crash does.
    pub fn stop(&self) {
        use_tool(Command::new(tool("test-s3")).arg("stop").arg(self.folder.path()));
    }

    pub fn start_again(&self) {
        use_tool(Command::new(tool("test-s3")).arg("start").arg(self.folder.path()));
    }

    /// The configuration of a node that uses it.
    pub fn environment<'a>(&'a self, bucket: &'a str, secret: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![
            ("SONNIM_BLOBS_BUCKET", bucket),
            ("SONNIM_BLOBS_ENDPOINT", &self.endpoint),
            ("SONNIM_BLOBS_ACCESS_KEY", "sonnim"),
            ("SONNIM_BLOBS_SECRET_KEY", secret),
        ]
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = Command::new(tool("test-s3")).arg("remove").arg(self.folder.path()).output();
    }
}

/// A PostgreSQL of its own that can crash, and keeps what it committed.
pub struct Postgres {
    folder: tempfile::TempDir,
    pub url: String,
}

impl Postgres {
    /// None where PostgreSQL is left out knowingly.
    pub fn start() -> Option<Self> {
        if std::env::var("SONNIM_TEST_SQLITE_ONLY").is_ok_and(|v| v == "1") {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        // PostgreSQL runs as a user of its own.
        use_tool(Command::new("chmod").arg("755").arg(folder.path()));
        let url =
            use_tool(Command::new(tool("test-postgres")).arg("start").arg(folder.path().join("cluster")).env("SONNIM_TEST_POSTGRES_DURABLE", "1"));
        Some(Self { folder, url })
    }

    pub fn crash(&self) {
        use_tool(Command::new(tool("test-postgres")).arg("crash").arg(self.folder.path().join("cluster")));
    }

    pub fn start_again(&self) {
        use_tool(Command::new(tool("test-postgres")).arg("start").arg(self.folder.path().join("cluster")));
    }

    /// A database in it.
    pub fn database(&self, name: &str) -> String {
        use_tool(Command::new("psql").args([&self.url, "-qc", &format!("CREATE DATABASE {name}")]));
        format!("{}/{name}", self.url.rsplit_once('/').unwrap().0)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = Command::new(tool("test-postgres")).arg("stop").arg(self.folder.path().join("cluster")).output();
    }
}
