//! One installation to measure: set up by the command line as an operator would, then served by the real binary.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Settings, Store};

use crate::client::{Client, Requests};
use crate::cluster::Cluster;
use crate::data::{self, Place};
use crate::process;
use crate::sink::Sink;
use crate::{Failure, Options};

/// The inbox's address.
pub const ADDRESS: &str = "help@bench.example";

/// What a later run needs to go on with kept data.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Known {
    size: String,
    token: String,
    owner_token: String,
    inbox: String,
    sink_port: u16,
    load_seconds: f64,
}

/// The installation.
pub struct Environment {
    binary: PathBuf,
    folder: PathBuf,
    is_kept: bool,
    cluster: Option<Cluster>,
    database_url: Option<String>,
    postmaster: Option<u32>,
    /// Mail that leaves ends here.
    pub sink: Sink,
    /// Requests of a normal agent.
    pub agent: Requests,
    /// The inbox.
    pub inbox: String,
    owner: Requests,
    /// How long the data took to load.
    pub load_seconds: f64,
}

/// A running server; stopped when dropped.
pub struct Server {
    child: Child,
    /// Its web address.
    pub http: SocketAddr,
    /// Its LMTP address.
    pub lmtp: SocketAddr,
    /// From the start of the process to the first 200.
    pub start_ms: f64,
}

/// A port that is free now.
pub fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

#[expect(clippy::disallowed_methods, reason = "the data is dated back from today")]
fn now() -> Result<Timestamp, Failure> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(Timestamp::from_millisecond(since.as_millis() as i64)?)
}

impl Environment {
    /// Sets an installation up and loads its data, or finds it again.
    pub async fn prepare(options: &Options) -> Result<Self, Failure> {
        let binary =
            options.binary.canonicalize().map_err(|_| format!("{} is not there: cargo build --release -p sonnim", options.binary.display()))?;
        let is_kept = options.keep.is_some();
        let folder = options.keep.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("sonnim-bench-{}", std::process::id())));
        std::fs::create_dir_all(&folder)?;
        let cluster = if options.database == "postgres" { Some(Cluster::start(&folder.join("postgres"))?) } else { None };
        let database_url = match options.database.as_str() {
            "sqlite" => None,
            "postgres" => cluster.as_ref().map(|c| c.url.clone()),
            url => Some(url.to_owned()),
        };
        let known_file = folder.join("bench.json");
        let known: Option<Known> = std::fs::read(&known_file).ok().and_then(|b| serde_json::from_slice(&b).ok());
        let sink = Sink::start(known.as_ref().map_or(0, |k| k.sink_port)).await?;
        let requests = |token: &str| Requests { token: token.to_owned() };
        let mut this = Self {
            binary,
            folder,
            is_kept,
            cluster,
            database_url,
            postmaster: None,
            sink,
            agent: requests(""),
            owner: requests(""),
            inbox: String::new(),
            load_seconds: 0.0,
        };
        let known = match known {
            Some(known) if known.size == format!("{:?}", options.size) => known,
            Some(known) => return Err(format!("{} holds data of size {}", this.folder.display(), known.size).into()),
            None => {
                let known = this.set_up(options).await?;
                std::fs::write(&known_file, serde_json::to_vec(&known)?)?;
                known
            }
        };
        this.agent = requests(&known.token);
        this.owner = requests(&known.owner_token);
        this.inbox = known.inbox;
        this.load_seconds = known.load_seconds;
        if this.database_url.is_some() {
            this.find_postmaster().await?;
        }
        Ok(this)
    }

    async fn set_up(&self, options: &Options) -> Result<Known, Failure> {
        let password = "correct-horse-battery-bench";
        self.command(&["setup", "--workspace", "Bench", "--name", "Owner", "--email", "owner@bench.example", "--password-stdin"], password)?;
        let agent = ["agent", "create", "--name", "Agent", "--email", "agent@bench.example", "--role", "agent", "--password-stdin"];
        self.command(&agent, password)?;
        let sink = format!("smtp://{}", self.sink.address);
        let made = self.command(&["--json", "inbox", "create", "--name", "Help", "--address", ADDRESS, "--smtp-url", &sink], "")?;
        let made: serde_json::Value = serde_json::from_str(&made)?;
        let inbox = made["id"].as_str().ok_or("no inbox was made")?.to_owned();
        let token = self.command(&["token", "create", "--email", "agent@bench.example", "--scope", "write"], "")?;
        let owner_token = self.command(&["token", "create", "--email", "owner@bench.example", "--scope", "admin"], "")?;
        let store = self.open().await?;
        let mut conn = store.read().await?;
        let workspace = store::workspace::first(&mut conn).await?.ok_or("no workspace")?.id;
        let agents = store::agent::list(&mut conn, workspace).await?;
        let agent = agents.iter().find(|a| a.email.as_str().starts_with("agent@")).ok_or("no agent")?.id;
        drop(conn);
        let place = Place { workspace, inbox: inbox.parse()?, agent };
        let load_seconds = data::load(&store, place, options.size, now()?).await?;
        store.leave(now()?).await;
        let known = Known { size: format!("{:?}", options.size), token, owner_token, inbox, sink_port: self.sink.address.port(), load_seconds };
        // The undo window would only add a pause before delivery.
        let server = self.serve().await?;
        let mut client = Client::connect(server.http).await?;
        let owner = Requests { token: known.owner_token.clone() };
        client
            .json(&owner.send(
                "PATCH",
                &format!("/agents/{agent}"),
                &json!({ "preferences": { "theme": "system", "density": "comfortable", "undo_seconds": 0 } }),
            ))
            .await?;
        Ok(known)
    }

    /// The store, beside the server.
    pub async fn open(&self) -> Result<Store, Failure> {
        let settings = Settings { data: self.data(), database_url: self.database_url.clone().map(model::Secret::new), blobs: None };
        Ok(Store::open(&settings, now()?).await?)
    }

    async fn find_postmaster(&mut self) -> Result<(), Failure> {
        let store = self.open().await?;
        let row = store.read().await?.fetch_one("SELECT CAST(pg_backend_pid() AS BIGINT) AS pid", Vec::new()).await?;
        // A server on another machine has no process here, and then its time is not counted.
        self.postmaster = process::parent(row.int("pid")? as u32);
        store.leave(now()?).await;
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear().env("SONNIM_DATA", self.data()).env("SONNIM_LOG_LEVEL", "warn");
        // As behind a mail server of one's own, which checks SPF, DKIM and DMARC: no name server is asked here.
        command.env("SONNIM_MAIL_TRUSTED_AUTHSERV_ID", "mx.bench.example");
        // All visitors come from this machine.
        for limit in ["STREAMS_PER_ADDRESS", "MESSAGES_PER_ADDRESS", "MESSAGES_PER_VISITOR", "SESSIONS_PER_ADDRESS"] {
            command.env(format!("SONNIM_CHAT_{limit}"), "100000000");
        }
        if let Some(url) = &self.database_url {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// More agents; their requests.
    pub fn agents(&self, many: usize) -> Result<Vec<Requests>, Failure> {
        let mut all = Vec::with_capacity(many);
        for n in 0..many {
            let email = format!("agent{n}@bench.example");
            let (name, password) = (format!("Agent {n}"), "correct-horse-battery-bench");
            // There already where data is kept.
            let _ = self.command(&["agent", "create", "--name", &name, "--email", &email, "--role", "agent", "--password-stdin"], password);
            let token = self.command(&["token", "create", "--email", &email, "--scope", "write"], "")?;
            all.push(Requests { token });
        }
        Ok(all)
    }

    fn command(&self, arguments: &[&str], stdin: &str) -> Result<String, Failure> {
        let mut child = self.program().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(stdin.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            return Err(format!("sonnim {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Starts the server and waits for its first 200.
    pub async fn serve(&self) -> Result<Server, Failure> {
        let http = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let lmtp = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let mut command = self.program();
        command.args(["serve", "--listen", &http.to_string(), "--lmtp", &lmtp.to_string()]);
        let log = std::fs::File::create(self.folder.join("server.log"))?;
        let started = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let mut server = Server { child, http, lmtp, start_ms: 0.0 };
        loop {
            if let Ok(mut client) = Client::connect(http).await
                && let Ok((200, _)) = client.call(b"GET /readyz HTTP/1.1\r\nHost: bench\r\n\r\n").await
            {
                server.start_ms = started.elapsed().as_secs_f64() * 1000.0;
                return Ok(server);
            }
            if server.child.try_wait()?.is_some() || started.elapsed() > Duration::from_secs(60) {
                return Err(format!("the server does not start; see {}", self.folder.join("server.log").display()).into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Processor time of the database's own processes, in ms.
    pub fn database_cpu_ms(&self) -> Option<f64> {
        self.postmaster.map(process::tree_cpu_ms)
    }

    /// Requests of the owner.
    pub fn owner(&self) -> &Requests {
        &self.owner
    }

    /// Where everything is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.cluster = None;
        if !self.is_kept {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

impl Server {
    /// Takes its life at once, as a power cut would.
    pub fn kill(mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let deadline = Instant::now() + Duration::from_secs(30);
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
