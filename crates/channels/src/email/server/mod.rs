//! Our own mail servers: LMTP (RFC 2033) behind an MTA, SMTP (RFC 5321) facing the world. One session engine speaks
//! both; it takes mail for recipients that exist and never relays.

mod command;
mod data;
mod session;
mod wire;

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, UnixListener},
    sync::Semaphore,
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};

use self::session::Session;
use super::{accept::Accept, dial::Stream};

/// The language spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// One answer for each recipient; spoken by the MTA in front of us.
    Lmtp,
    /// One answer for each mail; spoken by the world.
    Smtp,
}

/// What to do with a lone CR or LF inside DATA. Neither choice lets one end a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BareNewlines {
    /// Repaired to CRLF: sloppy senders get through, in one message.
    Normalise,
    /// Refused with 550 5.6.11.
    Reject,
}

/// Limits and manners of a server.
#[derive(Clone)]
pub struct ServerSettings {
    /// Our name in the greeting.
    pub host_name: String,
    /// Largest mail in bytes.
    pub max_size: usize,
    /// Recipients of one mail.
    pub max_recipients: usize,
    /// Connections at once.
    pub max_connections: usize,
    /// Connections at once from one address; loopback is not counted.
    pub max_connections_per_ip: usize,
    /// Bytes of unfinished mails held in memory by all connections together; at least `max_size`.
    pub max_buffered: usize,
    /// Longest command line in bytes.
    pub max_line: usize,
    /// Bad commands before the connection ends.
    pub max_errors: u32,
    /// Commands without a mail before the connection ends.
    pub max_idle_commands: u32,
    /// A whole command line, or one block of DATA, must arrive within this.
    pub idle: Duration,
    /// A whole mail must arrive within this.
    pub data: Duration,
    /// On stop, how long running mails may finish.
    pub grace: Duration,
    /// What to do with lone CR and LF.
    pub bare_newlines: BareNewlines,
    /// Offers STARTTLS when given.
    pub tls: Option<Arc<ServerConfig>>,
    /// The clock.
    pub now: fn() -> Timestamp,
}

impl ServerSettings {
    /// The usual limits (50 MiB mails, 5 minutes of silence) under the name `host_name`.
    pub fn new(host_name: impl Into<String>, now: fn() -> Timestamp) -> Self {
        Self {
            host_name: host_name.into(),
            max_size: 50 * 1024 * 1024,
            max_recipients: 100,
            max_connections: 200,
            max_connections_per_ip: 20,
            max_buffered: 256 * 1024 * 1024,
            max_line: 2048,
            max_errors: 20,
            max_idle_commands: 200,
            idle: Duration::from_mins(5),
            data: Duration::from_mins(30),
            grace: Duration::from_secs(10),
            bare_newlines: BareNewlines::Normalise,
            tls: None,
            now,
        }
    }
}

/// Where a server listens.
#[derive(Debug)]
pub enum Listener {
    /// A TCP port.
    Tcp(TcpListener),
    /// A unix socket; the file is removed when the listener goes.
    Unix(UnixListener, PathBuf),
}

impl Listener {
    /// Listens on `ip:port`, or on `unix:/path`. A stale socket file is replaced.
    ///
    /// # Errors
    /// As the operating system says.
    pub async fn bind(address: &str) -> io::Result<Self> {
        let Some(path) = address.strip_prefix("unix:") else {
            return Ok(Self::Tcp(TcpListener::bind(address).await?));
        };
        let path = Path::new(path);
        if path.exists() && std::os::unix::net::UnixStream::connect(path).is_err() {
            std::fs::remove_file(path)?;
        }
        Ok(Self::Unix(UnixListener::bind(path)?, path.to_owned()))
    }

    /// The TCP address, to learn the port after binding to port 0.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(tcp) => tcp.local_addr().ok(),
            Self::Unix(..) => None,
        }
    }

    async fn accept(&self) -> io::Result<(Box<dyn Stream>, Option<IpAddr>)> {
        match self {
            Self::Tcp(tcp) => {
                let (stream, peer) = tcp.accept().await?;
                stream.set_nodelay(true)?;
                Ok((Box::new(stream), Some(peer.ip().to_canonical())))
            }
            Self::Unix(unix, _) => {
                let (stream, _) = unix.accept().await?;
                Ok((Box::new(stream), None))
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            // Best effort: a file left behind is replaced by the next bind.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Serves until `stop`. Then nobody new gets in, idle sessions hear 421, and mails on their way may finish within the
/// grace time.
pub async fn serve<A: Accept>(listener: Listener, protocol: Protocol, settings: ServerSettings, accept: Arc<A>, stop: CancellationToken) {
    let settings = Arc::new(settings);
    let doors = Arc::new(Doors::new(&settings));
    let sessions = TaskTracker::new();
    loop {
        let arrival = tokio::select! {
            () = stop.cancelled() => break,
            arrival = listener.accept() => arrival,
        };
        let (stream, peer) = match arrival {
            Ok(arrival) => arrival,
            Err(error) => {
                // Out of file descriptors, most likely: waiting is the only cure.
                warn!(%error, "a mail connection could not be accepted; waiting 100 ms");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let session = Session::new(stream, peer, protocol, Arc::clone(&settings), Arc::clone(&accept), Arc::clone(&doors));
        let stop = stop.clone();
        match doors.enter(peer, &settings) {
            Some(place) => drop(sessions.spawn(async move {
                let _place = place;
                session.run(stop).await;
            })),
            None => drop(sessions.spawn(session.turn_away())),
        }
    }
    drop(listener);
    sessions.close();
    if timeout(settings.grace, sessions.wait()).await.is_err() {
        warn!(sessions = sessions.len(), "mail sessions were still busy after the grace time and were cut off");
    } else {
        info!("mail server stopped");
    }
}

/// Who is inside, and how much memory is left for mails on their way.
struct Doors {
    inside: Mutex<Inside>,
    buffered: Arc<Semaphore>,
}

#[derive(Default)]
struct Inside {
    total: usize,
    by_ip: HashMap<IpAddr, usize>,
}

/// The unit in which memory for mails is handed out.
const BLOCK: usize = 64 * 1024;

impl Doors {
    fn new(settings: &ServerSettings) -> Self {
        let blocks = settings.max_buffered.max(settings.max_size).div_ceil(BLOCK) + 1;
        Self { inside: Mutex::default(), buffered: Arc::new(Semaphore::new(blocks.min(Semaphore::MAX_PERMITS))) }
    }

    fn enter(self: &Arc<Self>, peer: Option<IpAddr>, settings: &ServerSettings) -> Option<Place> {
        let counted = peer.filter(|ip| !ip.is_loopback());
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.total >= settings.max_connections {
            return None;
        }
        if let Some(ip) = counted {
            let here = inside.by_ip.entry(ip).or_default();
            if *here >= settings.max_connections_per_ip {
                return None;
            }
            *here += 1;
        }
        inside.total += 1;
        Some(Place { doors: Arc::clone(self), counted })
    }
}

/// One connection's place; leaving frees it.
struct Place {
    doors: Arc<Doors>,
    counted: Option<IpAddr>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.doors.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.total -= 1;
        if let Some(ip) = self.counted
            && let Some(here) = inside.by_ip.get_mut(&ip)
        {
            *here -= 1;
            if *here == 0 {
                inside.by_ip.remove(&ip);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> ServerSettings {
        let mut settings = ServerSettings::new("mx.example.test", || Timestamp::UNIX_EPOCH);
        settings.max_connections = 3;
        settings.max_connections_per_ip = 2;
        settings
    }

    #[test]
    fn one_address_cannot_take_every_place() {
        let settings = settings();
        let doors = Arc::new(Doors::new(&settings));
        let greedy = Some(IpAddr::from([192, 0, 2, 1]));
        let _a = doors.enter(greedy, &settings).expect("first");
        let b = doors.enter(greedy, &settings).expect("second");
        assert!(doors.enter(greedy, &settings).is_none());
        assert!(doors.enter(Some(IpAddr::from([192, 0, 2, 2])), &settings).is_some());
        drop(b);
        assert!(doors.enter(greedy, &settings).is_some());
    }

    #[test]
    fn the_house_is_full_at_the_limit() {
        let settings = settings();
        let doors = Arc::new(Doors::new(&settings));
        let places: Vec<_> = (0..3).map(|_| doors.enter(None, &settings)).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(doors.enter(None, &settings).is_none());
    }
}
