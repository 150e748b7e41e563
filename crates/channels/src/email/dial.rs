//! Reaching a mail server: resolve, check the address, connect, encrypt. IMAP, SMTP and the connection tests all come
//! through here, so that one place decides what may be reached and whom to trust.

use std::{
    fmt, io,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{
    fault::{Failure, Fault},
    tls::{HandshakeFault, handshake_fault},
};

/// A byte stream: TCP, a unix socket, or TLS on either.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug> Stream for T {}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Security {
    /// TLS from the first byte (ports 993, 465).
    Tls,
    /// TLS after STARTTLS, which must be offered (ports 143, 587, 25).
    StartTls,
    /// None. Passwords are sent only to loopback and private addresses this way.
    None,
}

/// Where a mail server is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// Host name, or an address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
}

/// How to sign in. `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Credentials {
    /// User name and password.
    Password {
        /// User name, most often the address.
        user: String,
        /// Password.
        password: String,
    },
    /// An OAuth2 access token (XOAUTH2, OAUTHBEARER).
    Bearer {
        /// The mailbox's address.
        user: String,
        /// Access token.
        token: String,
    },
}

impl Credentials {
    /// The user name.
    pub fn user(&self) -> &str {
        match self {
            Self::Password { user, .. } | Self::Bearer { user, .. } => user,
        }
    }

    /// The part that no log, error or answer may hold.
    pub fn secret(&self) -> &str {
        match self {
            Self::Password { password, .. } => password,
            Self::Bearer { token, .. } => token,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if matches!(self, Self::Password { .. }) { "Password" } else { "Bearer" };
        f.debug_struct(kind).finish_non_exhaustive()
    }
}

/// Opens connections.
#[derive(Clone)]
pub struct Dialer {
    tls: Arc<ClientConfig>,
    allowed: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
    patience: Duration,
}

impl Dialer {
    /// Trusts what `tls` trusts, connects only to what `allowed` lets through, and waits `patience` for each step.
    pub fn new(tls: Arc<ClientConfig>, allowed: impl Fn(IpAddr) -> bool + Send + Sync + 'static, patience: Duration) -> Self {
        Self { tls, allowed: Arc::new(allowed), patience }
    }

    /// How long each step may take.
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// The addresses of `host`, those that may be reached.
    ///
    /// # Errors
    /// [`Fault::Dns`] without an address, [`Fault::Blocked`] when none may be reached, [`Fault::Timeout`].
    pub async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Failure> {
        let found: Vec<SocketAddr> = match timeout(self.patience, lookup_host((host, port))).await {
            Err(_) => return Err(Failure::new(Fault::Timeout, format!("Looking up {host} took too long."))),
            Ok(Err(_)) => {
                return Err(Failure::new(Fault::Dns, format!("The host name {host} does not exist; is it spelt right?")));
            }
            Ok(Ok(found)) => found.collect(),
        };
        if found.is_empty() {
            return Err(Failure::new(Fault::Dns, format!("The host name {host} has no address.")));
        }
        let reachable: Vec<_> = found.into_iter().filter(|addr| (self.allowed)(addr.ip().to_canonical())).collect();
        if reachable.is_empty() {
            return Err(Failure::new(Fault::Blocked, format!("{host} is at an address that is never connected to.")));
        }
        Ok(reachable)
    }

    /// Connects to the first of `addresses` that answers.
    ///
    /// # Errors
    /// The last address' [`Fault::Refused`] or [`Fault::Timeout`].
    pub async fn connect(&self, addresses: &[SocketAddr]) -> Result<TcpStream, Failure> {
        let mut last = Failure::new(Fault::Refused, "There is no address to connect to.");
        for &address in addresses {
            last = match timeout(self.patience, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // Small commands must not wait for each other; a stream without the option works too.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
                    Failure::new(Fault::Refused, format!("Nobody listens at {address}; is the port right?"))
                }
                Ok(Err(error)) => Failure::new(Fault::Refused, format!("{address} cannot be reached: {error}.")),
                Err(_) => Failure::new(Fault::Timeout, format!("{address} did not answer; a firewall in between?")),
            };
        }
        Err(last)
    }

    /// Encrypts, verifying that the certificate is trusted and for `host`.
    ///
    /// # Errors
    /// [`Fault::Certificate`], [`Fault::Tls`] or [`Fault::Timeout`].
    pub async fn encrypt(&self, host: &str, stream: Box<dyn Stream>) -> Result<Box<dyn Stream>, Failure> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Failure::new(Fault::Dns, format!("{host} is not a host name.")))?;
        let handshake = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream);
        match timeout(self.patience, handshake).await {
            Err(_) => Err(Failure::new(Fault::Timeout, "The TLS handshake got no answer; does this port want STARTTLS or none instead of TLS?")),
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            Ok(Err(error)) => Err(match handshake_fault(&error) {
                HandshakeFault::Certificate(why) => Failure::new(Fault::Certificate, format!("The certificate of {host} was refused: {why}.")),
                HandshakeFault::Protocol(why) => Failure::new(Fault::Tls, format!("No TLS with {host}: {why}.")),
            }),
        }
    }
}

/// The rule for mail servers that admins enter: anything but link-local (with the clouds' metadata services),
/// unspecified, multicast and broadcast addresses. Private networks are allowed: many mail servers live there.
pub fn may_reach_mail_server(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => !(v4.is_link_local() || v4.is_unspecified() || v4.is_multicast() || v4.is_broadcast() || v4.octets()[0] == 0),
        IpAddr::V6(v6) => !(v6.is_unicast_link_local() || v6.is_unspecified() || v6.is_multicast() || embeds_blocked_v4(v6)),
    }
}

/// NAT64 and 6to4 can carry a blocked IPv4 address in an IPv6 one; so can Amazon's own metadata address.
fn embeds_blocked_v4(v6: Ipv6Addr) -> bool {
    let part = v6.segments();
    let v4 = |hi: u16, lo: u16| IpAddr::from([(hi >> 8) as u8, hi as u8, (lo >> 8) as u8, lo as u8]);
    match (part[0], part[1]) {
        (0x64, 0xff9b) => !may_reach_mail_server(v4(part[6], part[7])),
        (0x2002, _) => !may_reach_mail_server(v4(part[1], part[2])),
        (0xfd00, 0x0ec2) => true,
        _ => false,
    }
}

/// True for addresses where a password may travel without TLS.
pub(crate) fn is_near(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_services_are_out_of_reach_in_every_spelling() {
        for ip in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
            "fe80::1",
            "fd00:ec2::254",
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
        ] {
            assert!(!may_reach_mail_server(ip.parse().expect("an address")), "{ip}");
        }
    }

    #[test]
    fn mail_servers_at_home_and_abroad_are_in_reach() {
        for ip in ["127.0.0.1", "10.0.0.5", "192.168.1.2", "203.0.113.9", "2001:db8::25", "fd12::25", "::1"] {
            assert!(may_reach_mail_server(ip.parse().expect("an address")), "{ip}");
        }
    }

    #[test]
    fn credentials_do_not_show_themselves() {
        let shown = format!("{:?}", Credentials::Password { user: "ada".into(), password: "hunter2".into() });
        assert!(!shown.contains("hunter2") && !shown.contains("ada"));
    }
}
