//! What the mail channel needs from the configuration: names, trust, limits.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use channels::email::authenticate::Authenticator;
use channels::email::dial::{Dialer, may_reach_mail_server};
use channels::email::server::{Listener, Protocol, ServerSettings};
use channels::email::sign_in::SignIn;
use channels::email::{EmailChannel, tls};
use channels::push::Pusher;
use channels::web::is_public;
use model::Timestamp;
use tracing::warn;

use crate::config::Config;
use crate::failure::Failure;

/// How long one step of reaching a mail server may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The clock, as the channel takes it.
pub fn now() -> Timestamp {
    desk::Clock::system().now()
}

/// Our own name among mail servers: as configured, or the public address' host.
pub fn host_name(config: &Config, public_url: &str) -> String {
    let public = || public_url.parse::<url::Url>().ok().and_then(|url| url.host_str().map(str::to_owned));
    config.set.mail.hostname.clone().or_else(public).unwrap_or_else(|| "localhost".into())
}

/// Reaches other people's mail servers.
///
/// # Errors
/// When `mail.ca_certificates` cannot be read.
pub fn dialer(config: &Config) -> Result<Dialer, Failure> {
    dialer_with(config, PATIENCE)
}

/// The same, with another patience for each step.
///
/// # Errors
/// As for [`dialer`].
pub fn dialer_with(config: &Config, patience: Duration) -> Result<Dialer, Failure> {
    let extra = match &config.set.mail.ca_certificates {
        Some(file) => tls::certificates(&read(file)?).map_err(Failure::failed(file.display().to_string()))?,
        None => Vec::new(),
    };
    let trust = tls::client_config(&extra).map_err(Failure::failed("mail.ca_certificates"))?;
    Ok(Dialer::new(trust, may_reach_mail_server, patience))
}

/// The way to push services, whose addresses browsers tell: only the public internet is reached, and what the operator allows.
///
/// # Errors
/// When `web.ca_certificates` cannot be read.
pub fn pusher(config: &Config) -> Result<Pusher, Failure> {
    let extra = match &config.set.web.ca_certificates {
        Some(file) => tls::certificates(&read(file)?).map_err(Failure::failed(file.display().to_string()))?,
        None => Vec::new(),
    };
    let trust = tls::client_config(&extra).map_err(Failure::failed("web.ca_certificates"))?;
    let allowed = config.private_networks()?;
    Ok(Pusher::new(Dialer::new(trust, move |ip| is_public(ip) || allowed.iter().any(|n| n.contains(ip)), PATIENCE)))
}

/// The mail channel.
pub fn channel(config: &Config, dialer: Dialer, host: &str, sign_in: Arc<SignIn>) -> EmailChannel {
    let authenticator = if config.set.mail.check_senders.unwrap_or(true) && config.set.mail.trusted_authserv_id.is_none() {
        Authenticator::system(host).inspect_err(|error| warn!(%error, "senders are not checked by SPF, DKIM and DMARC")).ok()
    } else {
        None
    };
    EmailChannel::new(dialer, host, sign_in, authenticator, config.set.mail.trusted_authserv_id.clone())
}

/// Our own servers, bound to their ports: which, and where.
///
/// # Errors
/// When a port is taken.
pub async fn listeners(config: &Config) -> Result<Vec<(Protocol, Listener)>, Failure> {
    let mut bound = Vec::new();
    for (protocol, address) in [(Protocol::Lmtp, &config.set.mail.lmtp), (Protocol::Smtp, &config.set.mail.smtp)] {
        if let Some(address) = address {
            bound.push((protocol, Listener::bind(address).await.map_err(Failure::failed(format!("{protocol:?} at {address}")))?));
        }
    }
    Ok(bound)
}

/// Limits and certificate of our own servers.
///
/// # Errors
/// When the certificate or its key cannot be used.
pub fn server(config: &Config, host: &str) -> Result<ServerSettings, Failure> {
    let mut settings = ServerSettings::new(host, now);
    settings.max_size = config.max_mail();
    if let (Some(certificate), Some(key)) = (&config.set.mail.tls_certificate, &config.set.mail.tls_key) {
        let tls = tls::server_config(&read(certificate)?, &read(key)?);
        settings.tls = Some(tls.map_err(Failure::failed("mail.tls_certificate"))?);
    }
    Ok(settings)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(Failure::failed(file.display().to_string()))
}
