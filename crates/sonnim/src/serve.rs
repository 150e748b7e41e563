//! `sonnim serve` and `sonnim worker`: the only wiring. Opens everything, runs it side by side, and stops it in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use channels::email::Intake;
use channels::email::mailboxes::Mailboxes;
use channels::email::server::{self, Listener, Protocol};
use desk::push::Looking;
use desk::{Desk, account};
use futures_util::StreamExt;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, info, warn};

use crate::config::Config;
use crate::failure::Failure;
use crate::probe::Prober;
use crate::{logging, mail, open, probe};

/// Which roles a node plays.
#[derive(Debug, Clone, Copy)]
pub struct Roles {
    /// Web app, API, mail servers.
    pub web: bool,
    /// Background work.
    pub worker: bool,
}

/// What is still running this long after SIGTERM is cut off. Nothing accepted is lost by that: it is in the database.
const HARD_STOP: Duration = Duration::from_secs(25);

/// Runs until SIGTERM or SIGINT.
///
/// # Errors
/// When a port is taken, the database cannot be opened, or another node took over our number.
pub fn serve(config: &Config, roles: Roles) -> Result<(), Failure> {
    let started = Instant::now();
    logging::start(config)?;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if let Some(workers) = config.set.workers {
        runtime.worker_threads(workers.max(1));
    }
    let runtime = runtime.enable_all().build().map_err(Failure::failed("starting"))?;
    let result = runtime.block_on(run(config, roles, started));
    // Blocking work that hangs (a name lookup, say) must not hold the process.
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

async fn run(config: &Config, roles: Roles, started: Instant) -> Result<(), Failure> {
    for name in &config.strange_variables {
        warn!(name, "unknown variable");
    }
    // Ports first: a second instance by mistake fails here, before it touches the database.
    let web = if roles.web { Some(bind(config).await?) } else { None };
    let mail = if roles.web { mail::listeners(config).await? } else { Vec::new() };
    let listening = web.as_ref().map_or_else(|| config.listen(), |(_, address)| *address);
    let desk = open::open(config, config.public_url(listening)).await?;

    let _alone = if roles.worker { recover(config, &desk).await? } else { None };
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder().map_err(Failure::failed("metrics"))?;
    let node = Node { config, metrics, desk: desk.clone(), stop: CancellationToken::new(), tasks: TaskTracker::new() };
    node.keep_lease();
    node.housekeeping();
    for (protocol, listener) in mail {
        node.mail_server(protocol, listener)?;
    }
    if roles.worker {
        node.work()?;
    }
    if let Some((listener, address)) = web {
        node.web(listener)?;
        info!(%address, url = %desk.public_url, "listening");
    }
    if roles.web && account::needs_setup(&desk).await? {
        // To stdout, not into the log: whoever has this link becomes the owner.
        println!("Sonnim is running. Set it up here:\n\n  {}\n", account::issue_setup_link(&desk).await?);
    }
    info!(ms = started.elapsed().as_millis(), database = ?desk.store.dialect(), "Sonnim is up");

    let result = node.wait_for_the_end().await;
    node.tasks.close();
    if tokio::time::timeout(HARD_STOP, node.tasks.wait()).await.is_err() {
        warn!(tasks = node.tasks.len(), "still busy after {} s and cut off", HARD_STOP.as_secs());
    }
    desk.store.leave(desk.clock.now()).await;
    info!("stopped");
    result
}

async fn bind(config: &Config) -> Result<(TcpListener, SocketAddr), Failure> {
    let address = config.listen();
    let say = || {
        move |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Failure::Failed(format!("{address} is in use: is Sonnim running already? Choose another with --listen")),
            _ => Failure::Failed(format!("{address}: {error}")),
        }
    };
    let listener = TcpListener::bind(address).await.map_err(say())?;
    let address = listener.local_addr().map_err(say())?;
    Ok((listener, address))
}

/// After a crash, takes up at once what the last process had begun. The embedded database has one worker, which the lock
/// proves (commands never take it); elsewhere, leases end by themselves within two minutes.
async fn recover(config: &Config, desk: &Desk) -> Result<Option<std::fs::File>, Failure> {
    if desk.store.dialect() != store::Dialect::Sqlite {
        return Ok(None);
    }
    let path = config.data.join("worker.lock");
    let lock = std::fs::File::create(&path).map_err(Failure::failed(path.display().to_string()))?;
    if lock.try_lock().is_err() {
        warn!("another worker runs on this data folder");
        return Ok(None);
    }
    let mut tx = desk.begin().await?;
    let freed = store::upkeep::free_work(&mut tx).await?;
    tx.commit().await?;
    if freed > 0 {
        info!(jobs = freed, "taking up work that was under way when Sonnim stopped");
    }
    Ok(Some(lock))
}

/// One running node.
struct Node<'a> {
    config: &'a Config,
    desk: Desk,
    metrics: metrics_exporter_prometheus::PrometheusHandle,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Node<'_> {
    /// Runs a task until the node stops. Should it end before, the node stops too.
    fn run_until_stop(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = task => {}
            }
        });
    }

    /// Keeps our node number. When another node has it, ids could collide, so we stop at once.
    fn keep_lease(&self) {
        let (desk, stop) = (self.desk.clone(), self.stop.clone());
        self.run_until_stop(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(20)).await;
                match desk.store.keep_node(desk.clock.now()).await {
                    Ok(true) => {}
                    Ok(false) => {
                        error!("another node took our number (was this one asleep for a minute?); stopping");
                        stop.cancel();
                    }
                    Err(error) => warn!(%error, "the node's lease was not prolonged; next try in 20 s"),
                }
            }
        });
    }

    fn housekeeping(&self) {
        let desk = self.desk.clone();
        self.run_until_stop(async move { desk.store.relay().await });
        if self.config.set.blobs.bucket.is_some() {
            // Said at once, and not when the first large file comes.
            let desk = self.desk.clone();
            self.run_until_stop(async move {
                if let Err(error) = desk.store.blobs().check().await {
                    error!("large files cannot be stored: {error}. Mails with them stay with their senders until this is mended");
                }
            });
        }
        let desk = self.desk.clone();
        self.run_until_stop(async move {
            for second in 1_u64.. {
                tokio::time::sleep(Duration::from_secs(1)).await;
                if let Err(error) = desk.store.checkpoint(second.is_multiple_of(15)).await {
                    warn!(%error, "the write-ahead log was not folded in; next try in 1 s");
                }
            }
        });
    }

    fn web(&self, listener: TcpListener) -> Result<(), Failure> {
        let stop = self.stop.clone();
        let settings = http::HttpSettings {
            trusted_proxies: self.config.trusted_proxies()?,
            max_upload: self.config.max_mail(),
            metrics_token: self.config.set.metrics.token.clone(),
            chat: self.config.chat(),
            ..http::HttpSettings::default()
        };
        let host = mail::host_name(self.config, &self.desk.public_url);
        let prober = Arc::new(Prober::new(self.config, self.desk.keys.clone(), host)?);
        let app = http::App::new(self.desk.clone(), settings).with_metrics(self.metrics.clone()).with_probe(prober);
        let router = http::router(app).layer(from_fn(move |request, next| end_streams(stop.clone(), request, next)));
        self.tasks.spawn(http::server::serve(listener, router, http::server::ServerSettings::default(), self.stop.clone()));
        Ok(())
    }

    fn mail_server(&self, protocol: Protocol, listener: Listener) -> Result<(), Failure> {
        let host = mail::host_name(self.config, &self.desk.public_url);
        let settings = mail::server(self.config, &host)?;
        info!(?protocol, address = ?listener.local_addr(), "taking mail");
        let intake = Arc::new(Intake::new(self.desk.clone()));
        self.tasks.spawn(server::serve(listener, protocol, settings, intake, self.stop.clone()));
        Ok(())
    }

    fn work(&self) -> Result<(), Failure> {
        let host = mail::host_name(self.config, &self.desk.public_url);
        let dialer = mail::dialer(self.config)?;
        let sign_in = Arc::new(probe::sign_in(self.config, &self.desk.public_url)?);
        let channel = Arc::new(mail::channel(self.config, dialer.clone(), &host, sign_in.clone()));
        let push = Arc::new(mail::pusher(self.config)?);
        let runner = jobs::Runner { desk: self.desk.clone(), mail: channel, push, looking: Looking::default() };
        self.tasks.spawn(jobs::run(runner, self.stop.clone()));
        self.tasks.spawn(jobs::listen(self.desk.clone(), self.stop.clone()));
        self.tasks.spawn(jobs::route(self.desk.clone(), self.stop.clone()));
        let mailboxes = Mailboxes { desk: self.desk.clone(), dialer, sign_in, now: mail::now, jitter: rand::random::<f64> };
        self.tasks.spawn(mailboxes.read_all(self.stop.clone()));
        Ok(())
    }

    async fn wait_for_the_end(&self) -> Result<(), Failure> {
        let mut terminate = signal(SignalKind::terminate()).map_err(Failure::failed("signals"))?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::failed("signals"))?;
        tokio::select! {
            _ = terminate.recv() => info!("SIGTERM: finishing what is under way"),
            _ = interrupt.recv() => info!("SIGINT: finishing what is under way"),
            () = self.stop.cancelled() => return Err(Failure::Failed("stopped by itself; the log says why".into())),
        }
        self.stop.cancel();
        Ok(())
    }
}

/// Event streams never end by themselves: on stop they do, and their clients resume at another node or after the restart.
async fn end_streams(stop: CancellationToken, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_stream = response.headers().get("content-type").is_some_and(|t| t.as_bytes().starts_with(b"text/event-stream"));
    if !is_stream {
        return response;
    }
    response.map(|body| axum::body::Body::from_stream(body.into_data_stream().take_until(stop.cancelled_owned())))
}
