//! Connection tests and OAuth 2 permissions, as the desk asks for them.

use channels::email::channel::{endpoint, smtp_server};
use channels::email::dial::{Credentials, Dialer};
use channels::email::fault::Fault;
use channels::email::oauth::{self, OAuthApp, Verifier};
use channels::email::probe::{self, IncomingProbe, OutgoingProbe, Step, StepName, Target};
use channels::email::sign_in::SignIn;
use desk::Keys;
use desk::ports::{AuthoriseError, Boxed, MailboxProbe, Probe, ProbeStep, Provider};
use model::inbox::{Auth, Incoming, Outgoing};
use model::{EmailAddress, Secret};

use crate::config::{Config, OAuthApp as Registered};
use crate::failure::Failure;
use crate::mail;

/// Talks to other people's mail servers on the desk's behalf.
pub struct Prober {
    dialer: Dialer,
    host: String,
    keys: Keys,
    sign_in: SignIn,
    google: Registered,
    microsoft: Registered,
    web: reqwest::Client,
}

/// Asks providers for tokens: no redirects, and an answer soon.
fn web() -> Result<reqwest::Client, Failure> {
    crate::open::choose_crypto();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_secs(15))
        .build()
        .map_err(Failure::failed("OAuth 2"))
}

fn app(registered: &Registered, provider: Provider, redirect: &str) -> Result<OAuthApp, AuthoriseError> {
    let provider = match provider {
        Provider::Google => oauth::Provider::Google,
        Provider::Microsoft => oauth::Provider::Microsoft,
    };
    let (Some(id), Some(secret)) = (&registered.client_id, &registered.client_secret) else {
        return Err(AuthoriseError::NotConfigured);
    };
    let redirect = redirect.parse().map_err(|_| AuthoriseError::NotConfigured)?;
    OAuthApp::new(provider, id.clone(), secret.expose().to_owned(), redirect, registered.tenant.as_deref()).map_err(|_| AuthoriseError::NotConfigured)
}

/// How this installation signs in at mail servers: by password, and by the apps that it has registered.
///
/// # Errors
/// When TLS cannot be set up.
pub fn sign_in(config: &Config, public_url: &str) -> Result<SignIn, Failure> {
    let redirect = format!("{public_url}/api/v1/oauth/callback");
    let google = app(&config.set.oauth.google, Provider::Google, &redirect).ok();
    let microsoft = app(&config.set.oauth.microsoft, Provider::Microsoft, &redirect).ok();
    Ok(SignIn::new(web()?, google, microsoft, mail::now))
}

impl Prober {
    /// With the configuration's trust and applications.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(config: &Config, keys: Keys, host: String) -> Result<Self, Failure> {
        let (google, microsoft) = (config.set.oauth.google.clone(), config.set.oauth.microsoft.clone());
        // A person waits for the answer: less patience than for mail on its way.
        let dialer = mail::dialer_with(config, probe::PATIENCE)?;
        let sign_in = sign_in(config, "http://localhost")?;
        Ok(Self { dialer, host, keys, sign_in, google, microsoft, web: web()? })
    }

    fn app(&self, provider: Provider, redirect: &str) -> Result<OAuthApp, AuthoriseError> {
        let registered = match provider {
            Provider::Google => &self.google,
            Provider::Microsoft => &self.microsoft,
        };
        app(registered, provider, redirect)
    }

    /// Nothing is kept between the two requests, so the verifier comes from our key: nobody else can tell it.
    fn verifier(&self) -> Verifier {
        Verifier::new(self.keys.signing.derive("oauth verifier"))
    }

    /// Credentials for a test; a permission that the provider no longer honours shows as a refused sign-in.
    async fn credentials(&self, auth: Auth, user: &str, secret: Option<&Secret>) -> Credentials {
        let secret = secret.cloned().unwrap_or_else(|| Secret::new(""));
        match self.sign_in.credentials(auth, user, &secret).await {
            Ok(signed) => signed.credentials,
            Err(_) => Credentials::Bearer { user: user.to_owned(), token: String::new() },
        }
    }
}

impl MailboxProbe for Prober {
    fn probe(&self, wanted: Probe) -> Boxed<'_, Vec<ProbeStep>> {
        Box::pin(async move {
            let incoming = match &wanted.incoming {
                // A permission that is not given yet is tested by the provider's own page.
                Some(Incoming::Imap(imap)) if imap.auth == Auth::Password || wanted.secrets.incoming.is_some() => Some(IncomingProbe {
                    endpoint: endpoint(&imap.host, imap.port, imap.security),
                    credentials: self.credentials(imap.auth, &imap.user_name, wanted.secrets.incoming.as_ref()).await,
                    folder: imap.folder.clone(),
                }),
                _ => None,
            };
            let outgoing = match &wanted.outgoing {
                Some(Outgoing::Smtp(smtp)) if smtp.auth == Auth::Password || wanted.secrets.outgoing.is_some() => {
                    let mut server = smtp_server(smtp, None);
                    if let (Some(user), Some(secret)) = (&smtp.user_name, &wanted.secrets.outgoing) {
                        server.credentials = Some(self.credentials(smtp.auth, user, Some(secret)).await);
                    }
                    Some(OutgoingProbe { server, address: wanted.address.to_string(), hello: self.host.clone() })
                }
                _ => None,
            };
            let report = probe::probe(&self.dialer, &probe::Probe { incoming, outgoing }).await;
            report.steps.into_iter().map(step).collect()
        })
    }

    fn authorise_url(&self, provider: Provider, address: &EmailAddress, redirect: &str, state: &str) -> Result<String, AuthoriseError> {
        Ok(self.app(provider, redirect)?.authorize_url(state, &self.verifier(), address.as_str()).into())
    }

    fn redeem<'a>(&'a self, provider: Provider, code: &'a str, redirect: &'a str) -> Boxed<'a, Result<Secret, AuthoriseError>> {
        Box::pin(async move {
            let app = self.app(provider, redirect)?;
            let tokens = app.exchange(&self.web, code, &self.verifier(), mail::now()).await;
            let tokens = tokens.map_err(|error| AuthoriseError::Refused(error.to_string()))?;
            tokens.refresh_token.map(Secret::new).ok_or_else(|| AuthoriseError::Refused("no refresh token was given".into()))
        })
    }
}

fn step(step: Step) -> ProbeStep {
    ProbeStep {
        name: match step.name {
            StepName::Dns => "dns",
            StepName::Connect => "connect",
            StepName::Tls => "tls",
            StepName::SignIn => "sign_in",
            StepName::Folder => "folder",
            StepName::Fetch => "fetch",
            StepName::Recipient => "recipient",
        },
        target: match step.target {
            Target::Incoming => "incoming",
            Target::Outgoing => "outgoing",
        },
        ok: step.ok,
        ms: step.ms,
        detail: step.detail,
        fault: step.fault.map(Fault::as_str),
        server_said: step.server_said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prober(client_id: Option<&str>) -> Prober {
        let flags = crate::config::Flags { data: "/nowhere".into(), ..Default::default() };
        let mut config = Config::load(&flags, []).unwrap();
        config.set.oauth.google = Registered { client_id: client_id.map(str::to_owned), client_secret: Some(Secret::new("canary")), tenant: None };
        Prober::new(&config, Keys::new([1; 32]), "help.example".into()).unwrap()
    }

    #[tokio::test]
    async fn a_closed_port_is_named_as_what_it_is() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let smtp = model::inbox::Smtp {
            host: "127.0.0.1".into(),
            port: free,
            security: model::inbox::Security::None,
            user_name: None,
            auth: Auth::Password,
        };
        let wanted = Probe {
            address: "help@acme.example".parse().unwrap(),
            incoming: None,
            outgoing: Some(Outgoing::Smtp(smtp)),
            secrets: model::inbox::MailboxSecrets::default(),
        };
        let steps = prober(None).probe(wanted).await;
        let failed: Vec<_> = steps.iter().filter(|s| s.ok == Some(false)).map(|s| (s.name, s.target, s.fault)).collect();
        assert_eq!(failed, [("connect", "outgoing", Some("refused"))]);
    }

    #[test]
    fn without_a_client_id_nobody_is_sent_to_a_provider() {
        let address = "help@acme.example".parse().unwrap();
        let ask = |p: &Prober| p.authorise_url(Provider::Google, &address, "https://help.example/api/v1/oauth/callback", "state-1");
        assert_eq!(ask(&prober(None)), Err(AuthoriseError::NotConfigured));
        let url = ask(&prober(Some("id-1"))).unwrap();
        assert!(url.starts_with("https://accounts.google.com/") && url.contains("state=state-1") && !url.contains("canary"), "{url}");
    }
}
