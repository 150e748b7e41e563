//! What every handler may need, made once at start.

use std::sync::Arc;
use std::time::Duration;

use desk::Desk;
use desk::ports::MailboxProbe;
use metrics_exporter_prometheus::PrometheusHandle;
use model::Secret;

use crate::chat_hub::ChatHub;
use crate::flood::Flood;
use crate::hub::Hub;
use crate::network::Network;

/// Settings of the HTTP side.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Largest body of an ordinary request, in bytes.
    pub max_body: usize,
    /// Largest raw mail, in bytes.
    pub max_upload: usize,
    /// How long a request may take until its answer begins.
    pub deadline: Duration,
    /// Opens `/metrics` to whoever brings it as a bearer token; without it only this machine may look.
    pub metrics_token: Option<Secret>,
    /// How streams behave.
    pub streams: StreamSettings,
    /// How much visitors may do.
    pub chat: ChatLimits,
}

/// How much visitors of widgets may do.
#[derive(Debug, Clone, Copy)]
pub struct ChatLimits {
    /// Streams open at once of one visitor, and of one address. Visitors who have written may have ten times as many of an address: behind
    /// one there may be a whole company.
    pub streams: (usize, usize),
    /// Messages in a minute of one visitor, and of one address.
    pub messages: (u32, u32),
    /// Sessions in a minute of browsers that we do not know, of one address.
    pub sessions: u32,
    /// Sessions in a minute of one visitor with a good token, and of all such of one address: a page that is loaded opens one.
    pub returning: (u32, u32),
    /// Everything else (typing, read marks, pages of messages) in a minute of one visitor, and of one address.
    pub others: (u32, u32),
    /// Uploads in a minute of one visitor, and of one address.
    pub uploads: (u32, u32),
}

impl Default for ChatLimits {
    fn default() -> Self {
        Self { streams: (10, 200), messages: (30, 300), sessions: 120, returning: (60, 6_000), others: (240, 2_400), uploads: (20, 100) }
    }
}

/// How event streams behave.
#[derive(Debug, Clone, Copy)]
pub struct StreamSettings {
    /// How often a stream sends a sign of life.
    pub heart_beat: Duration,
    /// How often it asks whether its reader is still signed in, for what no event tells: a session that ran out, a row that
    /// was deleted by hand. Everything else ends a stream at once.
    pub recheck: Duration,
    /// How long a reader may take to accept the next frame. It comes back by itself.
    pub patience: Duration,
}

impl Default for StreamSettings {
    fn default() -> Self {
        Self { heart_beat: Duration::from_secs(15), recheck: Duration::from_secs(60), patience: Duration::from_secs(60) }
    }
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            max_body: 2 * 1024 * 1024,
            max_upload: desk::mail::MAX_SIZE,
            deadline: Duration::from_mins(1),
            metrics_token: None,
            streams: StreamSettings::default(),
            chat: ChatLimits::default(),
        }
    }
}

/// State of the router. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The verbs' store, keys, clock and address.
    pub desk: Desk,
    /// Settings.
    pub settings: Arc<HttpSettings>,
    /// Renders the metrics; none where nobody measures.
    pub metrics: Option<PrometheusHandle>,
    /// Tells the open streams what happens.
    pub hub: Arc<Hub>,
    /// Tells visitors' open streams what happens.
    pub chats: Arc<ChatHub>,
    /// Counts what visitors do.
    pub flood: Arc<Flood>,
    /// Tests other people's mail servers; none where nothing may be dialled.
    pub probe: Option<Arc<dyn MailboxProbe>>,
}

impl App {
    /// State for [`crate::router`].
    pub fn new(desk: Desk, settings: HttpSettings) -> Self {
        Self { desk, settings: Arc::new(settings), metrics: None, hub: Arc::default(), chats: Arc::default(), flood: Arc::default(), probe: None }
    }

    /// The same, with metrics to show.
    #[must_use]
    pub fn with_metrics(mut self, handle: PrometheusHandle) -> Self {
        self.metrics = Some(handle);
        self
    }

    /// The same, with somebody who tests mail servers.
    #[must_use]
    pub fn with_probe(mut self, probe: Arc<dyn MailboxProbe>) -> Self {
        self.probe = Some(probe);
        self
    }

    /// The time now.
    pub fn now(&self) -> model::Timestamp {
        self.desk.clock.now()
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<store::Conn, store::Error> {
        self.desk.store.read().await
    }

    /// Starts a use case.
    pub async fn begin(&self) -> Result<store::Tx, store::Error> {
        self.desk.begin().await
    }
}
