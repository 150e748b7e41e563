//! The web server itself, over TCP: those who take their time, and those who are told to go.
#![allow(clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use common::TestApp;
use http::server::{ServerSettings, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

async fn start(app: &TestApp, settings: ServerSettings) -> (SocketAddr, CancellationToken, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(serve(listener, app.router.clone(), settings, stop.clone()));
    (address, stop, serving)
}

fn impatient() -> ServerSettings {
    ServerSettings { header: Duration::from_millis(400), ..ServerSettings::default() }
}

/// What comes until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut text)).await.unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn a_head_that_drips_or_never_comes_ends_the_connection() {
    let app = TestApp::new().await;
    let (address, _stop, _) = start(&app, impatient()).await;
    for begin in ["", "G", "PRI * HTTP/2.0", "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: "] {
        let since = Instant::now();
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begin.as_bytes()).await.unwrap();
        // A byte now and then does not buy time.
        let (mut read, mut write) = stream.split();
        let drip = async {
            for _ in 0..100 {
                if !begin.is_empty() && write.write_all(b"x").await.is_err() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let mut text = Vec::new();
        tokio::select! {
            _ = read.read_to_end(&mut text) => {}
            () = drip => panic!("{begin:?} was waited for"),
        }
        assert!(since.elapsed() < Duration::from_secs(3), "{begin:?}: {:?}", since.elapsed());
        assert!(!String::from_utf8_lossy(&text).contains(" 200 "));
    }
}

#[tokio::test]
async fn a_connection_serves_several_requests_and_may_not_rest_for_ever() {
    let app = TestApp::new().await;
    let (address, _stop, _) = start(&app, impatient()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    for _ in 0..3 {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut block = [0; 4096];
        let count = stream.read(&mut block).await.unwrap();
        assert!(block[..count].starts_with(b"HTTP/1.1 200"));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let app = TestApp::new().await;
    let (address, _stop, _) = start(&app, ServerSettings::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(format!("GET / HTTP/1.1\r\nHost: a\r\nX-Long: {}", "x".repeat(200_000)).as_bytes()).await;
    let answer = rest(&mut stream).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn one_more_than_the_house_holds_waits_until_somebody_leaves() {
    let app = TestApp::new().await;
    let (address, _stop, _) = start(&app, ServerSettings { max_connections: 1, ..ServerSettings::default() }).await;
    let first = TcpStream::connect(address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut second = TcpStream::connect(address).await.unwrap();
    second.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut byte = [0];
    assert!(tokio::time::timeout(Duration::from_millis(200), second.read(&mut byte)).await.is_err(), "the second waits");
    drop(first);
    assert!(rest(&mut second).await.contains("TTP/1.1 200"));
}

#[tokio::test]
async fn on_stop_idle_connections_close_and_a_request_under_way_is_answered() {
    let app = TestApp::new().await;
    let (address, stop, serving) = start(&app, ServerSettings::default()).await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    let mut busy = TcpStream::connect(address).await.unwrap();
    let body = br#"{"email":"nobody@haru.example","password":"not the right one"}"#;
    let head = format!("POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
    busy.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.cancel();
    assert_eq!(rest(&mut idle).await, "");
    busy.write_all(body).await.unwrap();
    assert!(rest(&mut busy).await.starts_with("HTTP/1.1 401"));
    tokio::time::timeout(Duration::from_secs(5), serving).await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
