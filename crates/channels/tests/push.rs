//! Web Push against a little push service: it takes messages over TLS, checks who sends, and reads them as a browser would.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods, missing_docs)]

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use channels::email::dial::Dialer;
use channels::email::tls;
use channels::push::Pusher;
use channels::web::is_public;
use desk::ports::{PushChannel as _, PushError, PushMessage};
use desk::push::{Subscription, VapidKeys};
use jiff::Timestamp;
use model::Secret;
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What the push service was sent.
struct Request {
    line: String,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

/// A push service at `localhost` that answers each request with the next of `answers`.
struct Service {
    port: u16,
    taken: tokio::sync::mpsc::UnboundedReceiver<Request>,
    root: rustls::pki_types::CertificateDer<'static>,
}

impl Service {
    async fn start(answers: &'static [&'static str]) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let config = tls::server_config(made.cert.pem().as_bytes(), made.signing_key.serialize_pem().as_bytes()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (send, taken) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            for answer in answers {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(mut stream) = TlsAcceptor::from(config.clone()).accept(stream).await else { continue };
                let mut bytes = Vec::new();
                let head = loop {
                    let mut more = [0; 4096];
                    let n = stream.read(&mut more).await.unwrap();
                    assert!(n > 0, "a whole request");
                    bytes.extend_from_slice(&more[..n]);
                    if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
                        break at;
                    }
                };
                let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
                let mut lines = text.split("\r\n");
                let line = lines.next().unwrap().to_owned();
                let headers: HashMap<String, String> =
                    lines.map(|l| l.split_once(": ").unwrap()).map(|(k, v)| (k.to_lowercase(), v.to_owned())).collect();
                let mut body = bytes[head + 4..].to_vec();
                let length: usize = headers["content-length"].parse().unwrap();
                while body.len() < length {
                    let mut more = [0; 4096];
                    let n = stream.read(&mut more).await.unwrap();
                    assert!(n > 0, "a whole body");
                    body.extend_from_slice(&more[..n]);
                }
                stream.write_all(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes()).await.unwrap();
                stream.shutdown().await.ok();
                send.send(Request { line, headers, body }).ok();
            }
        });
        Self { port, taken, root: made.cert.der().clone() }
    }

    fn pusher(&self, allowed: fn(IpAddr) -> bool) -> Pusher {
        let trust = tls::client_config(std::slice::from_ref(&self.root)).unwrap();
        Pusher::new(Dialer::new(trust, allowed, Duration::from_secs(5)))
    }
}

/// A browser that has subscribed. Its key reads one message.
struct Browser {
    key: EphemeralPrivateKey,
    public: Vec<u8>,
    secret: [u8; 16],
}

impl Browser {
    fn new() -> Self {
        let key = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let public = key.compute_public_key().unwrap().as_ref().to_vec();
        Self { key, public, secret: rand::random() }
    }

    fn subscription(&self, endpoint: String) -> Subscription {
        Subscription { endpoint, p256dh: URL_SAFE_NO_PAD.encode(&self.public), auth: URL_SAFE_NO_PAD.encode(self.secret) }
    }

    /// RFC 8291, from the receiver's side.
    fn read(self, body: &[u8]) -> Vec<u8> {
        let (salt, rest) = body.split_at(16);
        assert_eq!(u32::from_be_bytes(rest[..4].try_into().unwrap()), 4096);
        let (theirs, sealed) = rest[5..].split_at(rest[4].into());
        let shared = agree_ephemeral(self.key, &UnparsedPublicKey::new(&ECDH_P256, theirs), <[u8]>::to_vec).unwrap();
        let common = draw(&self.secret, &shared, &[b"WebPush: info\0".as_slice(), &self.public, theirs].concat(), 32);
        let key = draw(salt, &common, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = draw(salt, &common, b"Content-Encoding: nonce\0", 12);
        let key = ring::aead::LessSafeKey::new(ring::aead::UnboundKey::new(&ring::aead::AES_128_GCM, &key).unwrap());
        let mut sealed = sealed.to_vec();
        let nonce = ring::aead::Nonce::assume_unique_for_key(nonce.try_into().unwrap());
        let text = key.open_in_place(nonce, ring::aead::Aad::empty(), &mut sealed).unwrap();
        let end = text.iter().rposition(|b| *b != 0).unwrap();
        assert_eq!(text[end], 2, "the last record");
        text[..end].to_vec()
    }
}

struct Length(usize);
impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn draw(salt: &[u8], from: &[u8], about: &[u8], length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    Salt::new(HKDF_SHA256, salt).extract(from).expand(&[about], Length(length)).unwrap().fill(&mut out).unwrap();
    out
}

fn keys() -> VapidKeys {
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &SystemRandom::new()).unwrap();
    VapidKeys { public: URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()), private: Secret::new(STANDARD.encode(made.as_ref())) }
}

fn message() -> PushMessage {
    PushMessage {
        payload: "{\"title\":\"민지 님이 언급했습니다\"}".into(),
        topic: "abc_DEF-123".into(),
        keep_seconds: 14_400,
        urgent: true,
        contact: "https://help.haru.example".into(),
    }
}

#[tokio::test]
async fn a_push_service_can_tell_who_sends_and_only_the_browser_reads_it() {
    let mut service = Service::start(&["201 Created"]).await;
    let (browser, keys, now) = (Browser::new(), keys(), Timestamp::now());
    let origin = format!("https://localhost:{}", service.port);
    let to = browser.subscription(format!("{origin}/send/abc?x=1"));
    service.pusher(|_| true).push(&to, &message(), &keys, now).await.unwrap();
    let request = service.taken.recv().await.unwrap();
    assert_eq!(request.line, "POST /send/abc?x=1 HTTP/1.1");
    let header = |name: &str| request.headers[name].as_str();
    assert_eq!((header("ttl"), header("topic"), header("urgency"), header("content-encoding")), ("14400", "abc_DEF-123", "high", "aes128gcm"));
    assert_eq!(header("host"), format!("localhost:{}", service.port));

    // RFC 8292.
    let (token, key) = header("authorization").strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(key, keys.public);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let key = ring::signature::UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, URL_SAFE_NO_PAD.decode(key).unwrap());
    key.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap()).unwrap();
    assert_eq!((claims["aud"].as_str(), claims["sub"].as_str()), (Some(origin.as_str()), Some("https://help.haru.example")));
    let lasts = claims["exp"].as_i64().unwrap() - now.as_second();
    assert!((1..=86_400).contains(&lasts), "{lasts}");

    let clear = "민지".as_bytes();
    assert!(!request.body.windows(clear.len()).any(|w| w == clear));
    assert_eq!(browser.read(&request.body), message().payload);
}

#[tokio::test]
async fn answers_say_whether_to_try_again() {
    let service =
        Service::start(&["410 Gone", "404 Not Found", "403 Forbidden", "429 Too Many\r\nretry-after: 77", "503 Away", "400 Bad", "413 Large"]).await;
    let (pusher, keys) = (service.pusher(|_| true), keys());
    let to = Browser::new().subscription(format!("https://localhost:{}/x", service.port));
    let mut ends = Vec::new();
    for _ in 0..7 {
        ends.push(pusher.push(&to, &message(), &keys, Timestamp::now()).await.unwrap_err());
    }
    assert!(ends[..3].iter().all(|e| *e == PushError::Gone));
    assert!(matches!(&ends[3], PushError::Later { after: Some(after), .. } if after.as_secs() == 77));
    assert!(matches!(&ends[4], PushError::Later { after: None, .. }));
    assert!(ends[5..].iter().all(|e| matches!(e, PushError::Refused(_))));
}

#[tokio::test]
async fn row_47_nothing_is_pushed_to_private_networks_nor_without_https() {
    let mut service = Service::start(&["201 Created"]).await;
    let (pusher, keys) = (service.pusher(is_public), keys());
    let port = service.port;
    let browser = Browser::new();
    for endpoint in [
        format!("https://localhost:{port}/x"),
        format!("https://127.0.0.1:{port}/x"),
        format!("https://[::1]:{port}/x"),
        format!("https://[::ffff:127.0.0.1]:{port}/x"),
        format!("https://2130706433:{port}/x"),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        format!("http://localhost:{port}/x"),
    ] {
        let error = pusher.push(&browser.subscription(endpoint.clone()), &message(), &keys, Timestamp::now()).await.unwrap_err();
        assert!(matches!(error, PushError::Refused(_)), "{endpoint}: {error}");
    }
    assert!(service.taken.try_recv().is_err());
}

#[tokio::test]
async fn row_60_a_certificate_that_nobody_vouches_for_gets_no_message() {
    let mut service = Service::start(&["201 Created"]).await;
    let trust = tls::client_config(&[]).unwrap();
    let pusher = Pusher::new(Dialer::new(trust, |_| true, Duration::from_secs(5)));
    let to = Browser::new().subscription(format!("https://localhost:{}/x", service.port));
    let error = pusher.push(&to, &message(), &keys(), Timestamp::now()).await.unwrap_err();
    assert!(matches!(error, PushError::Later { .. }), "{error}");
    assert!(service.taken.try_recv().is_err());
}
