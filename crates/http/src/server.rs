//! The web server: HTTP/1.1 over TCP with limits on those who take their time. TLS and HTTP/2 are the reverse proxy's.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// Limits of the server.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// The head of a request must be here within this; also how long a connection may rest between two requests.
    pub header: Duration,
    /// Longest head of a request, in bytes; more is 431.
    pub max_head: usize,
    /// Connections at once. Who comes then waits to be let in.
    pub max_connections: usize,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self { header: Duration::from_secs(30), max_head: 64 * 1024, max_connections: 32_000 }
    }
}

/// Serves until `stop`. Then nobody new gets in, idle connections are closed, and requests under way are answered; resolves
/// when the last one is.
pub async fn serve(listener: TcpListener, router: Router, settings: ServerSettings, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(settings.max_connections.clamp(1, Semaphore::MAX_PERMITS)));
    let connections = TaskTracker::new();
    loop {
        let place = tokio::select! {
            () = stop.cancelled() => break,
            place = places.clone().acquire_owned() => place,
        };
        let (stream, peer) = tokio::select! {
            () = stop.cancelled() => break,
            arrival = listener.accept() => match arrival {
                Ok(arrival) => arrival,
                Err(error) => {
                    pause_after(&error).await;
                    continue;
                }
            },
        };
        let serve = connection(stream, peer, router.clone(), settings.clone(), stop.clone());
        connections.spawn(async move {
            let _place = place;
            serve.await;
        });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// A caller who left before we answered costs nothing. Anything else is most likely a lack of file descriptors: waiting is
/// the only cure.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "a web connection could not be accepted; waiting 100 ms");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, settings: ServerSettings, stop: CancellationToken) {
    // Events are small and must not wait for more to come.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move { Ok::<_, Infallible>(router.oneshot(request.map(Body::new)).await.unwrap_or_else(|never| match never {})) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(settings.header).max_buf_size(settings.max_head.max(8 * 1024));
    let mut serving = pin!(http.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        // The other side's doing: it stalled, spoke no HTTP, or went away.
        tracing::debug!(%error, "a web connection ended");
    }
}
