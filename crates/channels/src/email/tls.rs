//! TLS for every mail connection: one way to trust, one way to name what went wrong.

use std::{io, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};

/// What is wrong with a certificate or key file.
#[derive(Debug, thiserror::Error)]
pub enum TlsSetupError {
    /// No certificate in the file.
    #[error("the file holds no PEM certificate")]
    NoCertificate,
    /// No private key in the file.
    #[error("the file holds no PEM private key")]
    NoKey,
    /// The file is not PEM.
    #[error("the file cannot be read as PEM: {0}")]
    Pem(#[from] io::Error),
    /// Key and certificate do not fit each other or use something that is not supported.
    #[error("certificate and key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

/// Trusts the public certificate authorities and `extra_roots` (a company's own authority). Host names are always
/// verified; there is no way to turn that off.
///
/// # Errors
/// [`TlsSetupError::Unusable`] when an extra root is not a certificate.
pub fn client_config(extra_roots: &[CertificateDer<'static>]) -> Result<Arc<ClientConfig>, TlsSetupError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for root in extra_roots {
        roots.add(root.clone())?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?.with_root_certificates(roots).with_no_client_auth();
    Ok(Arc::new(config))
}

/// The certificate and key our own servers show on STARTTLS.
///
/// # Errors
/// When the PEM texts hold no usable certificate chain and key.
pub fn server_config(certificates_pem: &[u8], key_pem: &[u8]) -> Result<Arc<ServerConfig>, TlsSetupError> {
    let chain = certificates(certificates_pem)?;
    let key: PrivateKeyDer<'static> = rustls_pemfile::private_key(&mut &*key_pem)?.ok_or(TlsSetupError::NoKey)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?.with_no_client_auth().with_single_cert(chain, key)?;
    Ok(Arc::new(config))
}

/// The certificates of a PEM text.
///
/// # Errors
/// When there is none or the text is not PEM.
pub fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsSetupError> {
    let found = rustls_pemfile::certs(&mut &*pem).collect::<Result<Vec<_>, _>>()?;
    if found.is_empty() { Err(TlsSetupError::NoCertificate) } else { Ok(found) }
}

/// Why a handshake failed, told apart because the admin must do different things.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeFault {
    /// The certificate is not for this host, not trusted, or out of date.
    #[error("certificate: {0}")]
    Certificate(String),
    /// The other side does not speak TLS here, or no common version or cipher.
    #[error("TLS: {0}")]
    Protocol(String),
}

/// Names the fault of a failed handshake.
pub fn handshake_fault(error: &io::Error) -> HandshakeFault {
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(reason)) => HandshakeFault::Certificate(certificate_reason(reason)),
        Some(rustls::Error::NoCertificatesPresented) => HandshakeFault::Certificate("the server showed none".into()),
        Some(rustls::Error::InvalidMessage(_)) => {
            HandshakeFault::Protocol("the server does not speak TLS on this port (try another port or STARTTLS)".into())
        }
        Some(other) => HandshakeFault::Protocol(other.to_string()),
        None => HandshakeFault::Protocol(format!("the server broke off the handshake ({error})")),
    }
}

fn certificate_reason(reason: &rustls::CertificateError) -> String {
    use rustls::CertificateError as E;
    match reason {
        E::NotValidForName | E::NotValidForNameContext { .. } => {
            format!("it belongs to another host name ({reason})")
        }
        E::Expired | E::ExpiredContext { .. } => "it has expired".into(),
        E::NotValidYet | E::NotValidYetContext { .. } => "it is not valid yet".into(),
        E::UnknownIssuer => "it was issued by an authority that is not trusted here (self-signed?)".into(),
        other => other.to_string(),
    }
}
