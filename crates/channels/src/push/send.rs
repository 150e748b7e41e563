//! Handing a message to a push service.

use std::time::Duration;

use bytes::Bytes;
use desk::ports::{Boxed, PushChannel, PushError, PushMessage};
use desk::push::{Subscription, VapidKeys};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Request, Response, body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::time::timeout;
use url::Url;

use super::{authorization, encrypt};
use crate::email::dial::Dialer;

/// A push service may take this long to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The way to push services: https only, and only to where its dialer may connect.
pub struct Pusher {
    dialer: Dialer,
}

impl Pusher {
    /// Connects by `dialer`, which decides what may be reached.
    pub fn new(dialer: Dialer) -> Self {
        Self { dialer }
    }

    async fn hand_in(&self, to: &Subscription, message: &PushMessage, keys: &VapidKeys, now: Timestamp) -> Result<(), PushError> {
        let refused = |why: &str| PushError::Refused(why.to_owned());
        let url: Url = to.endpoint.parse().map_err(|_| refused("the address is none"))?;
        if url.scheme() != "https" {
            return Err(refused("the address is not https"));
        }
        let host = url.host_str().ok_or_else(|| refused("the address is none"))?.trim_matches(['[', ']']).to_owned();
        let (Some(key), Some(secret)) = (to.public_key(), to.secret()) else { return Err(refused("the device's keys are none")) };
        let body = encrypt(&message.payload, &key, &secret, rand::random()).map_err(|e| refused(&e.to_string()))?;
        let signed = authorization(keys, &url.origin().ascii_serialization(), &message.contact, now).map_err(|e| refused(&e.to_string()))?;
        let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let authority =
            url.port().map_or_else(|| url.host_str().unwrap_or_default().to_owned(), |port| format!("{}:{port}", url.host_str().unwrap_or_default()));
        let request = Request::post(target)
            .header("host", authority)
            .header("authorization", signed)
            .header("content-encoding", "aes128gcm")
            .header("content-type", "application/octet-stream")
            .header("content-length", body.len())
            .header("ttl", message.keep_seconds)
            .header("topic", &message.topic)
            .header("urgency", if message.urgent { "high" } else { "normal" })
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| refused("the address cannot be asked for"))?;
        let response = timeout(PATIENCE, self.ask(&host, url.port_or_known_default().unwrap_or(443), request)).await;
        let response = response.map_err(|_| later(None, "the push service did not answer"))??;
        judge(response).await
    }

    async fn ask(&self, host: &str, port: u16, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, PushError> {
        use crate::email::fault::Fault;
        let reach = |failure: crate::email::fault::Failure| match failure.fault {
            Fault::Blocked => PushError::Refused("the push service is at an address that is never connected to".into()),
            // A fault of theirs or of the line: the host is named in no log.
            _ => later(None, "the push service cannot be reached"),
        };
        let addresses = self.dialer.resolve(host, port).await.map_err(reach)?;
        let stream = self.dialer.connect(&addresses).await.map_err(reach)?;
        let stream = self.dialer.encrypt(host, Box::new(stream)).await.map_err(reach)?;
        let broken = |_| later(None, "the connection to the push service broke");
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        // Ends with the answer, which closes it.
        tokio::spawn(async move { drop(connection.await) });
        sender.send_request(request).await.map_err(broken)
    }
}

fn later(after: Option<Duration>, why: &str) -> PushError {
    PushError::Later { after, why: why.to_owned() }
}

async fn judge(response: Response<Incoming>) -> Result<(), PushError> {
    let status = response.status();
    let after = response.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok()).map(Duration::from_secs);
    // Read to the end, a little of it, so that the connection closes in peace.
    drop(Limited::new(response.into_body(), 16 * 1024).collect().await);
    match status.as_u16() {
        200..=299 => Ok(()),
        // 403: it was subscribed with another key than ours, so it never will work.
        403 | 404 | 410 => Err(PushError::Gone),
        408 | 425 | 429 | 500..=599 => Err(later(after, &format!("the push service said {status}"))),
        _ => Err(PushError::Refused(format!("the push service said {status}"))),
    }
}

impl PushChannel for Pusher {
    fn push<'a>(&'a self, to: &'a Subscription, message: &'a PushMessage, keys: &'a VapidKeys, now: Timestamp) -> Boxed<'a, Result<(), PushError>> {
        Box::pin(self.hand_in(to, message, keys, now))
    }
}
