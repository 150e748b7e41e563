//! The mail side of a node: servers that take mail, readers that fetch it, and the channel that understands and sends it.

use std::sync::Arc;
use std::time::Duration;

use channels::email::authenticate::Authenticator;
use channels::email::dial::{Dialer, may_reach_mail_server};
use channels::email::server::{self, Listener, Protocol, ServerSettings};
use channels::email::{EmailChannel, Intake, tls};
use desk::Desk;
use jiff::Timestamp;
use tracing::{info, warn};

use crate::config::Config;
use crate::failure::Failure;

/// How long a mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);

/// Opens connections to mail servers; trusts the public authorities and `mail.ca_certificates`.
pub fn dialer(config: &Config) -> Result<Dialer, Failure> {
    let roots = match &config.set.mail.ca_certificates {
        Some(file) => {
            let pem = std::fs::read(file).map_err(|e| Failure::Usage(format!("mail.ca_certificates: {}: {e}", file.display())))?;
            tls::certificates(&pem).map_err(|e| Failure::Usage(format!("mail.ca_certificates: {e}")))?
        }
        None => Vec::new(),
    };
    let tls = tls::client_config(&roots).map_err(|e| Failure::Usage(format!("mail.ca_certificates: {e}")))?;
    Ok(Dialer::new(tls, may_reach_mail_server, PATIENCE))
}

/// Our name in mail.
pub fn host_name(config: &Config, desk: &Desk) -> String {
    let from_url = || desk.public_url.split("://").nth(1).and_then(|rest| rest.split([':', '/']).next()).unwrap_or("localhost").to_owned();
    config.set.mail.hostname.clone().unwrap_or_else(from_url)
}

/// The channel that understands and sends mail.
pub fn channel(config: &Config, desk: &Desk) -> Result<EmailChannel, Failure> {
    let host = host_name(config, desk);
    let upstream = config.set.mail.trusted_authserv_id.clone();
    let authenticator = if upstream.is_some() {
        None
    } else {
        Authenticator::system(host.clone())
            .map_err(|error| warn!(%error, "no name server is known: SPF, DKIM and DMARC are not checked"))
            .ok()
    };
    Ok(EmailChannel::new(dialer(config)?, host, authenticator, upstream))
}

/// A mail server that is bound and waits to serve.
pub struct Server {
    listener: Listener,
    protocol: Protocol,
    settings: ServerSettings,
}

/// Binds the mail servers of the configuration.
pub async fn bind(config: &Config, host: &str) -> Result<Vec<Server>, Failure> {
    let mail = &config.set.mail;
    let tls = match (&mail.tls_certificate, &mail.tls_key) {
        (Some(certificate), Some(key)) => {
            let read = |file: &std::path::PathBuf| std::fs::read(file).map_err(|e| Failure::Usage(format!("{}: {e}", file.display())));
            Some(tls::server_config(&read(certificate)?, &read(key)?).map_err(|e| Failure::Usage(format!("mail.tls_certificate: {e}")))?)
        }
        _ => None,
    };
    let mut servers = Vec::new();
    for (protocol, address) in [(Protocol::Lmtp, &mail.lmtp), (Protocol::Smtp, &mail.smtp)] {
        let Some(address) = address else { continue };
        let listener = Listener::bind(address).await.map_err(|e| Failure::Failed(format!("{address}: {e}")))?;
        info!(?protocol, %address, "mail server listening");
        let settings = ServerSettings { max_size: config.max_mail(), tls: tls.clone(), ..ServerSettings::new(host, now) };
        servers.push(Server { listener, protocol, settings });
    }
    Ok(servers)
}

impl Server {
    /// Serves until told to stop.
    pub async fn serve(self, desk: Desk, stop: tokio_util::sync::CancellationToken) {
        server::serve(self.listener, self.protocol, self.settings, Arc::new(Intake::new(desk)), stop).await;
    }
}

/// The machine's clock, for the wire.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// From 0 to 1.
pub fn jitter() -> f64 {
    rand::random()
}
