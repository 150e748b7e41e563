//! The effective configuration: defaults, then the file, then the environment, then flags.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use model::Secret;
use serde::Deserialize;
use store::{BlobSettings, Settings};

use crate::failure::Failure;

/// Everything that can be set, as it is in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
    /// `SONNIM_SECRET_KEY`: instead of `secret.key` in the data folder.
    pub secret_key: Option<Secret>,
    /// All else.
    pub set: File,
    sources: Vec<(&'static str, &'static str)>,
    /// Variables that start with `SONNIM_` but mean nothing to us.
    pub strange_variables: Vec<String>,
}

/// The configuration file. Every key may be left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct File {
    pub listen: Option<SocketAddr>,
    pub public_url: Option<url::Url>,
    pub trusted_proxies: Vec<String>,
    pub workers: Option<usize>,
    pub database: Database,
    pub mail: Mail,
    pub blobs: Blobs,
    pub log: Log,
    pub oauth: OAuth,
    pub metrics: Metrics,
    pub web: Web,
    pub chat: Chat,
}

/// `[chat]`: how much visitors may do.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Chat {
    /// Streams at once.
    pub streams_per_address: Option<usize>,
    /// Messages of one visitor in a minute.
    pub messages_per_visitor: Option<u32>,
    /// Messages in a minute; of lesser things, eight times as many.
    pub messages_per_address: Option<u32>,
    /// Sessions in a minute.
    pub sessions_per_address: Option<u32>,
}

/// `[web]`: requests of ours to addresses that others name, such as push services.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Web {
    /// Networks that may be reached although they are not of the public internet.
    pub private_networks: Vec<String>,
    /// Further authorities that may vouch for web servers (PEM).
    pub ca_certificates: Option<PathBuf>,
}

/// `[metrics]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Metrics {
    pub token: Option<Secret>,
}

/// `[database]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Database {
    pub url: Option<Secret>,
}

/// `[mail]`: the embedded mail servers. Addresses are `ip:port` or `unix:/path`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Mail {
    pub lmtp: Option<String>,
    pub smtp: Option<String>,
    pub hostname: Option<String>,
    pub tls_certificate: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    /// Further authorities that may vouch for mail servers (PEM).
    pub ca_certificates: Option<PathBuf>,
    /// A server in front of us whose Authentication-Results are believed.
    pub trusted_authserv_id: Option<String>,
    pub max_megabytes: Option<usize>,
    /// Whether SPF, DKIM and DMARC are looked up.
    pub check_senders: Option<bool>,
}

/// `[blobs]`: S3-compatible storage for big attachments.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Blobs {
    pub bucket: Option<String>,
    pub endpoint: Option<String>,
    pub region: Option<String>,
    pub access_key: Option<String>,
    pub secret_key: Option<Secret>,
}

/// `[log]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Log {
    pub format: Option<LogFormat>,
    pub level: Option<String>,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// `[oauth.google]` and `[oauth.microsoft]`: the applications registered there, for mailboxes that sign in by OAuth 2.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct OAuth {
    pub google: OAuthApp,
    pub microsoft: OAuthApp,
}

/// One registered application.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct OAuthApp {
    pub client_id: Option<String>,
    pub client_secret: Option<Secret>,
    /// Microsoft's directory; `common` when left out.
    pub tenant: Option<String>,
}

/// What flags say; they win over everything.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Flags {
    pub data: PathBuf,
    pub config: Option<PathBuf>,
    pub database_url: Option<Secret>,
    pub listen: Option<SocketAddr>,
    pub public_url: Option<url::Url>,
    pub lmtp: Option<String>,
    pub smtp: Option<String>,
}

type Setter = fn(&mut File, &str) -> Result<(), String>;

fn parsed<T: std::str::FromStr>(text: &str) -> Result<Option<T>, String>
where
    T::Err: std::fmt::Display,
{
    text.parse().map(Some).map_err(|e: T::Err| e.to_string())
}

#[allow(clippy::unnecessary_wraps)]
fn secret(text: &str) -> Result<Option<Secret>, String> {
    Ok(Some(Secret::new(text)))
}

/// Every variable, and what it sets. `DATABASE_URL` is the one without our prefix, because everybody uses that name.
const VARIABLES: &[(&str, Setter)] = &[
    ("SONNIM_LISTEN", |f, v| parsed(v).map(|v| f.listen = v)),
    ("SONNIM_PUBLIC_URL", |f, v| parsed(v).map(|v| f.public_url = v)),
    ("SONNIM_TRUSTED_PROXIES", |f, v| {
        f.trusted_proxies = v.split(',').map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect();
        Ok(())
    }),
    ("SONNIM_WORKERS", |f, v| parsed(v).map(|v| f.workers = v)),
    ("DATABASE_URL", |f, v| secret(v).map(|v| f.database.url = v)),
    ("SONNIM_DATABASE_URL", |f, v| secret(v).map(|v| f.database.url = v)),
    ("SONNIM_MAIL_LMTP", |f, v| parsed(v).map(|v| f.mail.lmtp = v)),
    ("SONNIM_MAIL_SMTP", |f, v| parsed(v).map(|v| f.mail.smtp = v)),
    ("SONNIM_MAIL_HOSTNAME", |f, v| parsed(v).map(|v| f.mail.hostname = v)),
    ("SONNIM_MAIL_TLS_CERTIFICATE", |f, v| parsed(v).map(|v| f.mail.tls_certificate = v)),
    ("SONNIM_MAIL_TLS_KEY", |f, v| parsed(v).map(|v| f.mail.tls_key = v)),
    ("SONNIM_MAIL_MAX_MEGABYTES", |f, v| parsed(v).map(|v| f.mail.max_megabytes = v)),
    ("SONNIM_MAIL_CA_CERTIFICATES", |f, v| parsed(v).map(|v| f.mail.ca_certificates = v)),
    ("SONNIM_MAIL_TRUSTED_AUTHSERV_ID", |f, v| parsed(v).map(|v| f.mail.trusted_authserv_id = v)),
    ("SONNIM_MAIL_CHECK_SENDERS", |f, v| parsed(v).map(|v| f.mail.check_senders = v)),
    ("SONNIM_BLOBS_BUCKET", |f, v| parsed(v).map(|v| f.blobs.bucket = v)),
    ("SONNIM_BLOBS_ENDPOINT", |f, v| parsed(v).map(|v| f.blobs.endpoint = v)),
    ("SONNIM_BLOBS_REGION", |f, v| parsed(v).map(|v| f.blobs.region = v)),
    ("SONNIM_BLOBS_ACCESS_KEY", |f, v| parsed(v).map(|v| f.blobs.access_key = v)),
    ("SONNIM_BLOBS_SECRET_KEY", |f, v| secret(v).map(|v| f.blobs.secret_key = v)),
    ("SONNIM_LOG_FORMAT", |f, v| {
        f.log.format = Some(match v {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => return Err("use text or json".into()),
        });
        Ok(())
    }),
    ("SONNIM_LOG_LEVEL", |f, v| parsed(v).map(|v| f.log.level = v)),
    ("SONNIM_WEB_PRIVATE_NETWORKS", |f, v| {
        f.web.private_networks = v.split(',').map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect();
        Ok(())
    }),
    ("SONNIM_WEB_CA_CERTIFICATES", |f, v| parsed(v).map(|v| f.web.ca_certificates = v)),
    ("SONNIM_CHAT_STREAMS_PER_ADDRESS", |f, v| parsed(v).map(|v| f.chat.streams_per_address = v)),
    ("SONNIM_CHAT_MESSAGES_PER_VISITOR", |f, v| parsed(v).map(|v| f.chat.messages_per_visitor = v)),
    ("SONNIM_CHAT_MESSAGES_PER_ADDRESS", |f, v| parsed(v).map(|v| f.chat.messages_per_address = v)),
    ("SONNIM_CHAT_SESSIONS_PER_ADDRESS", |f, v| parsed(v).map(|v| f.chat.sessions_per_address = v)),
    ("SONNIM_METRICS_TOKEN", |f, v| secret(v).map(|v| f.metrics.token = v)),
    ("SONNIM_OAUTH_GOOGLE_CLIENT_ID", |f, v| parsed(v).map(|v| f.oauth.google.client_id = v)),
    ("SONNIM_OAUTH_GOOGLE_CLIENT_SECRET", |f, v| secret(v).map(|v| f.oauth.google.client_secret = v)),
    ("SONNIM_OAUTH_MICROSOFT_CLIENT_ID", |f, v| parsed(v).map(|v| f.oauth.microsoft.client_id = v)),
    ("SONNIM_OAUTH_MICROSOFT_CLIENT_SECRET", |f, v| secret(v).map(|v| f.oauth.microsoft.client_secret = v)),
    ("SONNIM_OAUTH_MICROSOFT_TENANT", |f, v| parsed(v).map(|v| f.oauth.microsoft.tenant = v)),
];

/// Read elsewhere than in [`VARIABLES`].
const OTHER_VARIABLES: &[&str] =
    &["SONNIM_DATA", "SONNIM_CONFIG", "SONNIM_SECRET_KEY", "SONNIM_PASSWORD", "SONNIM_IMAP_PASSWORD", "SONNIM_SMTP_PASSWORD"];

impl Config {
    /// Puts the configuration together. `environment` is the process's, or a test's.
    ///
    /// # Errors
    /// [`Failure::Usage`] that names the file's line, or the variable.
    pub fn load(flags: &Flags, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, Failure> {
        let environment: Vec<(String, String)> = environment.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let get = |name: &str| environment.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());

        let mut set = File::default();
        let mut sources = Sources::new(&set);
        let file = flags.config.clone().or_else(|| Some(flags.data.join("sonnim.toml")).filter(|f| f.exists()));
        if let Some(file) = &file {
            set = read(file)?;
            sources.mark(&set, "file");
        }
        for (name, setter) in VARIABLES {
            if let Some(value) = get(name) {
                setter(&mut set, value).map_err(|why| Failure::Usage(format!("{name}: {why}")))?;
                sources.mark(&set, name);
            }
        }
        let Flags { database_url, listen, public_url, lmtp, smtp, .. } = flags.clone();
        set.database.url = database_url.or(set.database.url);
        set.listen = listen.or(set.listen);
        set.public_url = public_url.or(set.public_url);
        set.mail.lmtp = lmtp.or(set.mail.lmtp);
        set.mail.smtp = smtp.or(set.mail.smtp);
        sources.mark(&set, "flag");

        let known = |name: &str| VARIABLES.iter().any(|(n, _)| *n == name) || OTHER_VARIABLES.contains(&name);
        let strange_variables = environment.iter().map(|(n, _)| n.clone()).filter(|n| n.starts_with("SONNIM_") && !known(n)).collect();
        let config = Self {
            data: flags.data.clone(),
            file,
            secret_key: get("SONNIM_SECRET_KEY").map(Secret::new),
            set,
            sources: sources.found,
            strange_variables,
        };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), Failure> {
        let bad = |text: &str| Err(Failure::Usage(text.to_owned()));
        if let Some(url) = &self.set.public_url {
            if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
                return bad("public_url must be an http:// or https:// address");
            }
            if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
                return bad("public_url must be scheme, host and port only: Sonnim serves from the root of its host name");
            }
        }
        if let Some(url) = &self.set.database.url
            && !["postgres://", "postgresql://"].iter().any(|scheme| url.expose().starts_with(scheme))
        {
            return bad("the database URL must start with postgres://; leave it out for the embedded database");
        }
        if self.set.mail.tls_certificate.is_some() != self.set.mail.tls_key.is_some() {
            return bad("mail.tls_certificate and mail.tls_key belong together: set both or neither");
        }
        let blobs = &self.set.blobs;
        if blobs.bucket.is_none() && (blobs.endpoint.is_some() || blobs.access_key.is_some() || blobs.secret_key.is_some()) {
            return bad("blobs.bucket is missing, though other [blobs] keys are set");
        }
        if self.set.mail.max_megabytes.is_some_and(|n| !(1..=50).contains(&n)) {
            return bad("mail.max_megabytes must be between 1 and 50");
        }
        for (key, address) in [("mail.lmtp", &self.set.mail.lmtp), ("mail.smtp", &self.set.mail.smtp)] {
            if let Some(address) = address
                && !address.starts_with("unix:/")
                && address.parse::<SocketAddr>().is_err()
            {
                return Err(Failure::Usage(format!("{key}: {address:?} is neither ip:port nor unix:/path")));
            }
        }
        self.private_networks()?;
        self.trusted_proxies().map(drop)
    }

    /// Reverse proxies whose word about the client's address is believed.
    ///
    /// # Errors
    /// When one is neither an address nor a network.
    pub fn trusted_proxies(&self) -> Result<Vec<http::network::Network>, Failure> {
        self.set.trusted_proxies.iter().map(|p| p.parse().map_err(|why| Failure::Usage(format!("trusted_proxies: {why}")))).collect()
    }

    /// Networks that requests to addresses named by others may reach although they are not public.
    ///
    /// # Errors
    /// When one is neither an address nor a network.
    pub fn private_networks(&self) -> Result<Vec<http::network::Network>, Failure> {
        self.set.web.private_networks.iter().map(|p| p.parse().map_err(|why| Failure::Usage(format!("web.private_networks: {why}")))).collect()
    }

    /// How much visitors of widgets may do.
    pub fn chat(&self) -> http::app::ChatLimits {
        let chat = &self.set.chat;
        let mut limits = http::app::ChatLimits::default();
        limits.streams.1 = chat.streams_per_address.unwrap_or(limits.streams.1);
        limits.messages.0 = chat.messages_per_visitor.unwrap_or(limits.messages.0);
        if let Some(messages) = chat.messages_per_address {
            limits.messages.1 = messages;
            limits.others.1 = messages.saturating_mul(8);
        }
        if let Some(sessions) = chat.sessions_per_address {
            limits.sessions = sessions;
            limits.returning.1 = sessions.saturating_mul(50);
        }
        limits
    }

    /// Where the web server listens.
    pub fn listen(&self) -> SocketAddr {
        self.set.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)))
    }

    /// Where people reach us, without a slash at the end. Without `public_url`, this machine at the port in use.
    pub fn public_url(&self, listening: SocketAddr) -> String {
        match &self.set.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://localhost:{}", listening.port()),
        }
    }

    /// For the store.
    pub fn store(&self) -> Settings {
        Settings {
            data: self.data.clone(),
            database_url: self.set.database.url.clone(),
            blobs: self.set.blobs.bucket.clone().map(|bucket| BlobSettings {
                bucket,
                endpoint: self.set.blobs.endpoint.clone(),
                region: self.set.blobs.region.clone().unwrap_or_else(|| "us-east-1".into()),
                access_key: self.set.blobs.access_key.clone(),
                secret_key: self.set.blobs.secret_key.clone(),
            }),
        }
    }

    /// The largest mail that is taken, in bytes.
    pub fn max_mail(&self) -> usize {
        self.set.mail.max_megabytes.unwrap_or(50) * 1024 * 1024
    }

    /// Key, value and source of everything in force. No secrets: those show as `•••`.
    pub fn describe(&self) -> Vec<(&'static str, String, &'static str)> {
        let mut out = vec![("data", quoted(&self.data.display().to_string()), "flag")];
        if let Some(file) = &self.file {
            out.push(("config", quoted(&file.display().to_string()), "flag"));
        }
        if self.secret_key.is_some() {
            out.push(("secret_key", quoted("•••"), "SONNIM_SECRET_KEY"));
        }
        for (key, value) in values(&self.set) {
            let source = self.sources.iter().find(|(k, _)| *k == key).map_or("default", |(_, source)| *source);
            let value = value.or_else(|| (key == "listen").then(|| quoted(&self.listen().to_string())));
            out.extend(value.map(|value| (key, value, source)));
        }
        out
    }
}

fn read(file: &Path) -> Result<File, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| Failure::Usage(format!("{}: {e}", file.display())))?;
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        Failure::Usage(format!("{}, line {line}: {}", file.display(), error.message()))
    })
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The keys in the file's order, with their values as TOML.
fn values(f: &File) -> Vec<(&'static str, Option<String>)> {
    fn shown<T: ToString>(value: Option<&T>) -> Option<String> {
        value.map(|v| quoted(&v.to_string()))
    }
    fn hidden(value: Option<&Secret>) -> Option<String> {
        value.map(|_| quoted("•••"))
    }
    let path = |p: &Option<PathBuf>| p.as_ref().map(|p| quoted(&p.display().to_string()));
    let proxies = (!f.trusted_proxies.is_empty()).then(|| serde_json::Value::from(f.trusted_proxies.clone()).to_string());
    let networks = (!f.web.private_networks.is_empty()).then(|| serde_json::Value::from(f.web.private_networks.clone()).to_string());
    let format = f.log.format.map(|format| if format == LogFormat::Json { "json" } else { "text" });
    vec![
        ("listen", shown(f.listen.as_ref())),
        ("public_url", shown(f.public_url.as_ref())),
        ("trusted_proxies", proxies),
        ("workers", f.workers.map(|n| n.to_string())),
        ("database.url", hidden(f.database.url.as_ref())),
        ("mail.lmtp", shown(f.mail.lmtp.as_ref())),
        ("mail.smtp", shown(f.mail.smtp.as_ref())),
        ("mail.hostname", shown(f.mail.hostname.as_ref())),
        ("mail.tls_certificate", path(&f.mail.tls_certificate)),
        ("mail.tls_key", path(&f.mail.tls_key)),
        ("mail.ca_certificates", path(&f.mail.ca_certificates)),
        ("mail.trusted_authserv_id", shown(f.mail.trusted_authserv_id.as_ref())),
        ("mail.max_megabytes", f.mail.max_megabytes.map(|n| n.to_string())),
        ("mail.check_senders", f.mail.check_senders.map(|on| on.to_string())),
        ("blobs.bucket", shown(f.blobs.bucket.as_ref())),
        ("blobs.endpoint", shown(f.blobs.endpoint.as_ref())),
        ("blobs.region", shown(f.blobs.region.as_ref())),
        ("blobs.access_key", shown(f.blobs.access_key.as_ref())),
        ("blobs.secret_key", hidden(f.blobs.secret_key.as_ref())),
        ("log.format", shown(format.as_ref())),
        ("log.level", shown(f.log.level.as_ref())),
        ("web.private_networks", networks),
        ("web.ca_certificates", path(&f.web.ca_certificates)),
        ("metrics.token", hidden(f.metrics.token.as_ref())),
        ("chat.streams_per_address", f.chat.streams_per_address.map(|n| n.to_string())),
        ("chat.messages_per_visitor", f.chat.messages_per_visitor.map(|n| n.to_string())),
        ("chat.messages_per_address", f.chat.messages_per_address.map(|n| n.to_string())),
        ("chat.sessions_per_address", f.chat.sessions_per_address.map(|n| n.to_string())),
        ("oauth.google.client_id", shown(f.oauth.google.client_id.as_ref())),
        ("oauth.google.client_secret", hidden(f.oauth.google.client_secret.as_ref())),
        ("oauth.microsoft.client_id", shown(f.oauth.microsoft.client_id.as_ref())),
        ("oauth.microsoft.client_secret", hidden(f.oauth.microsoft.client_secret.as_ref())),
        ("oauth.microsoft.tenant", shown(f.oauth.microsoft.tenant.as_ref())),
    ]
}

/// Who set what last, found by comparing before and after.
struct Sources {
    before: Vec<(&'static str, Option<String>)>,
    secret: Option<Secret>,
    found: Vec<(&'static str, &'static str)>,
}

impl Sources {
    fn new(file: &File) -> Self {
        Self { before: values(file), secret: file.database.url.clone(), found: Vec::new() }
    }

    fn mark(&mut self, file: &File, source: &'static str) {
        let after = values(file);
        for (old, new) in self.before.iter().zip(&after) {
            let replaced = new.0 == "database.url" && file.database.url != self.secret;
            if old.1 != new.1 || replaced {
                self.found.retain(|(key, _)| *key != new.0);
                self.found.push((new.0, source));
            }
        }
        self.before = after;
        self.secret.clone_from(&file.database.url);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, environment: &[(&str, &str)], flags: Flags) -> Result<Config, Failure> {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join("sonnim.toml"), text).unwrap();
        let flags = Flags { data: data.path().to_owned(), ..flags };
        Config::load(&flags, environment.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_file() {
        let file = "listen = \"127.0.0.1:1\"\n[mail]\nlmtp = \"127.0.0.1:2\"\nsmtp = \"127.0.0.1:3\"\n";
        let flags = Flags { listen: Some("127.0.0.1:9".parse().unwrap()), ..Flags::default() };
        let config = load(file, &[("SONNIM_LISTEN", "127.0.0.1:5"), ("SONNIM_MAIL_LMTP", "127.0.0.1:6")], flags).unwrap();
        assert_eq!(config.listen().port(), 9);
        assert_eq!(config.set.mail.lmtp.as_deref().unwrap(), "127.0.0.1:6");
        assert_eq!(config.set.mail.smtp.as_deref().unwrap(), "127.0.0.1:3");
        let sources: Vec<_> = config.describe().into_iter().filter(|l| l.0.contains('l')).map(|(k, _, s)| (k, s)).collect();
        assert!(sources.contains(&("listen", "flag")) && sources.contains(&("mail.lmtp", "SONNIM_MAIL_LMTP")), "{sources:?}");
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_the_line() {
        let error = load("listen = \"127.0.0.1:1\"\n\n[mail]\nlmpt = \"127.0.0.1:2\"\n", &[], Flags::default()).unwrap_err();
        assert!(error.to_string().contains("line 4") && error.to_string().contains("lmpt"), "{error}");
    }

    #[test]
    fn a_bad_variable_is_named() {
        let error = load("", &[("SONNIM_LISTEN", "here")], Flags::default()).unwrap_err();
        assert!(error.to_string().starts_with("SONNIM_LISTEN"), "{error}");
    }

    #[test]
    fn secrets_do_not_show() {
        let file = "[database]\nurl = \"postgres://u:canary@h/d\"\n[blobs]\nbucket = \"b\"\nsecret_key = \"canary\"\n";
        let config = load(file, &[("SONNIM_SECRET_KEY", "canary")], Flags::default()).unwrap();
        assert!(!format!("{config:?} {:?}", config.describe()).contains("canary"));
    }

    #[test]
    fn a_public_url_with_a_path_is_refused() {
        assert!(load("public_url = \"https://example.com/help\"", &[], Flags::default()).is_err());
        let config = load("public_url = \"https://example.com/\"", &[], Flags::default()).unwrap();
        assert_eq!(config.public_url("127.0.0.1:1".parse().unwrap()), "https://example.com");
    }

    #[test]
    fn a_strange_variable_is_noticed_but_no_error() {
        // Kubernetes sets SONNIM_PORT for a service of that name.
        let config = load("", &[("SONNIM_PORT", "tcp://10.0.0.1:80")], Flags::default()).unwrap();
        assert_eq!(config.strange_variables, ["SONNIM_PORT"]);
    }

    #[test]
    fn private_networks_are_addresses_or_networks() {
        assert_eq!(load("[web]\nprivate_networks = [\"10.0.0.0/8\", \"::1\"]", &[], Flags::default()).unwrap().private_networks().unwrap().len(), 2);
        assert!(load("", &[("SONNIM_WEB_PRIVATE_NETWORKS", "push.local")], Flags::default()).is_err());
    }

    #[test]
    fn trusted_proxies_are_addresses_or_networks() {
        assert!(load("trusted_proxies = [\"10.0.0.0/8\", \"::1\"]", &[], Flags::default()).is_ok());
        for bad in ["proxy.local", "10.0.0.0/33", "10.0.0/8"] {
            assert!(load(&format!("trusted_proxies = [\"{bad}\"]"), &[], Flags::default()).is_err(), "{bad}");
        }
    }
}
