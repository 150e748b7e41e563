//! Who really sent a mail: SPF, DKIM and DMARC, evaluated here or read from an upstream server that the admin trusts.

use std::{borrow::Cow, net::IpAddr, time::Duration};

use mail_auth::{
    AuthenticatedMessage, DkimOutput, DkimResult, DmarcResult, Error, MessageAuthenticator, SpfOutput, SpfResult,
    dkim::DkimError,
    dmarc::verify::DmarcParameters,
    hickory_resolver::{config::ResolverConfig, config::ResolverOpts, system_conf::read_system_conf},
    spf::verify::SpfParameters,
};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};

use super::headers::{fields, without};

/// More signatures than any real mail carries; each costs a pass over the body.
const MAX_SIGNATURES: usize = 10;

/// The outcome of one method, in the words of RFC 8601.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is who it says.
    Pass,
    /// It is not.
    Fail,
    /// It probably is not.
    SoftFail,
    /// The domain says nothing either way.
    Neutral,
    /// Nothing to check.
    #[default]
    None,
    /// It could not be checked now.
    TempError,
    /// It can never be checked: a record or signature is broken.
    PermError,
}

impl Verdict {
    fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "pass" => Self::Pass,
            "fail" | "hardfail" | "policy" => Self::Fail,
            "softfail" => Self::SoftFail,
            "neutral" => Self::Neutral,
            "none" | "bestguesspass" => Self::None,
            "temperror" => Self::TempError,
            "permerror" => Self::PermError,
            _ => return None,
        })
    }

    /// Of several signatures the best one speaks.
    fn rank(self) -> u8 {
        match self {
            Self::Pass => 6,
            Self::TempError => 5,
            Self::Fail => 4,
            Self::SoftFail => 3,
            Self::Neutral => 2,
            Self::PermError => 1,
            Self::None => 0,
        }
    }
}

/// What is known about the origin of a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// The sending server may speak for the envelope sender's domain.
    pub spf: Verdict,
    /// A domain has signed the mail.
    pub dkim: Verdict,
    /// One of the two holds for the domain that readers see.
    pub dmarc: Verdict,
    /// The domain that readers see; `None` when From names none or several.
    pub header_from_domain: Option<String>,
}

impl Authentication {
    /// True when the mail is really from the domain in From. Nothing less lets a stranger join a conversation or an
    /// agent speak by mail.
    pub fn proves_author(&self) -> bool {
        self.dmarc == Verdict::Pass && self.header_from_domain.is_some()
    }
}

/// Why there is no resolver.
#[derive(Debug, thiserror::Error)]
#[error("the DNS resolver cannot be set up: {0}")]
pub struct ResolverError(String);

/// Evaluates mail.
pub struct Authenticator {
    resolver: MessageAuthenticator,
    host: String,
    patience: Duration,
}

/// The envelope, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    /// The server that handed the mail over **from outside**; `None` behind an MTA of our own, where SPF says nothing.
    pub ip: Option<IpAddr>,
    /// What it called itself.
    pub helo: Option<&'a str>,
    /// MAIL FROM; `None` is the null sender.
    pub envelope_from: Option<&'a str>,
}

impl Authenticator {
    /// Asks the system's name servers, and waits 2 seconds at most for all answers.
    ///
    /// # Errors
    /// When the system names no server.
    pub fn system(host: impl Into<String>) -> Result<Self, ResolverError> {
        let (config, options) = read_system_conf().map_err(|error| ResolverError(error.to_string()))?;
        Self::new(config, options, host, Duration::from_secs(2))
    }

    /// Asks the given name servers; `host` is our own name, `patience` the time for all answers together.
    ///
    /// # Errors
    /// When the configuration cannot be used.
    pub fn new(config: ResolverConfig, options: ResolverOpts, host: impl Into<String>, patience: Duration) -> Result<Self, ResolverError> {
        let resolver = MessageAuthenticator::new(config, options).map_err(|error| ResolverError(error.to_string()))?;
        Ok(Self { resolver, host: host.into(), patience })
    }

    /// Evaluates a mail. Never fails: what cannot be asked is [`Verdict::TempError`].
    pub async fn check(&self, raw: &[u8], origin: Origin<'_>) -> Authentication {
        let deadline = Instant::now() + self.patience;
        let signatures = fields(raw).iter().filter(|field| field.is("DKIM-Signature")).count();
        let too_many = signatures > MAX_SIGNATURES;
        let raw = if too_many { without(raw, |field| field.is("DKIM-Signature")) } else { Cow::Borrowed(raw) };
        let Some(message) = AuthenticatedMessage::parse(&raw) else {
            let broken = Verdict::PermError;
            return Authentication { spf: Verdict::None, dkim: broken, dmarc: broken, header_from_domain: None };
        };

        let helo = origin.helo.unwrap_or_default();
        let sender = origin.envelope_from.unwrap_or_default();
        let spf = async {
            let Some(ip) = origin.ip else { return Some(SpfOutput::default()) };
            let parameters = if sender.is_empty() {
                SpfParameters::verify_ehlo(ip, helo, &self.host)
            } else {
                SpfParameters::verify_mail_from(ip, helo, &self.host, sender)
            };
            timeout_at(deadline, self.resolver.verify_spf(parameters)).await.ok()
        };
        let dkim = async { timeout_at(deadline, self.resolver.verify_dkim(&message)).await.ok() };
        let (spf, dkim) = futures_util::future::join(spf, dkim).await;

        let spf_verdict = spf.as_ref().map_or(Verdict::TempError, |output| of_spf(output.result()));
        let dkim_verdict = match &dkim {
            _ if too_many => Verdict::PermError,
            Some(outputs) => of_dkim(outputs),
            None if signatures == 0 => Verdict::None,
            None => Verdict::TempError,
        };
        let missed = spf.is_none() || dkim.is_none();
        let (spf, dkim) = (spf.unwrap_or_default(), dkim.unwrap_or_default());
        let mail_from = sender.rsplit_once('@').map_or(helo, |(_, domain)| domain);
        let parameters = DmarcParameters::new(&message, &dkim, mail_from, &spf);
        let dmarc = match timeout_at(deadline, self.resolver.verify_dmarc(parameters)).await {
            Err(_) => Verdict::TempError,
            Ok(output) => match of_dmarc(&output.result()) {
                // Without all answers nothing can be called false.
                Verdict::Fail | Verdict::None if missed => Verdict::TempError,
                verdict => verdict,
            },
        };
        let header_from_domain = one_domain(&message.from);
        Authentication { spf: spf_verdict, dkim: dkim_verdict, dmarc, header_from_domain }
    }
}

fn of_spf(result: SpfResult) -> Verdict {
    match result {
        SpfResult::Pass => Verdict::Pass,
        SpfResult::Fail => Verdict::Fail,
        SpfResult::SoftFail => Verdict::SoftFail,
        SpfResult::Neutral => Verdict::Neutral,
        SpfResult::TempError => Verdict::TempError,
        SpfResult::PermError => Verdict::PermError,
        SpfResult::None => Verdict::None,
    }
}

fn of_dkim(outputs: &[DkimOutput<'_>]) -> Verdict {
    let each = outputs.iter().map(|output| match output.result() {
        DkimResult::Pass => Verdict::Pass,
        // The library calls a body that was changed on the way neutral; everybody else calls it what it is.
        DkimResult::Fail(_) | DkimResult::Neutral(Error::Dkim(DkimError::FailedBodyHashMatch)) => Verdict::Fail,
        DkimResult::Neutral(_) => Verdict::Neutral,
        DkimResult::PermError(_) => Verdict::PermError,
        DkimResult::TempError(_) => Verdict::TempError,
        DkimResult::None => Verdict::None,
    });
    each.max_by_key(|verdict| verdict.rank()).unwrap_or_default()
}

fn of_dmarc(result: &DmarcResult) -> Verdict {
    match result {
        DmarcResult::Pass => Verdict::Pass,
        DmarcResult::Fail(_) => Verdict::Fail,
        DmarcResult::TempError(_) => Verdict::TempError,
        DmarcResult::PermError(_) => Verdict::PermError,
        DmarcResult::None => Verdict::None,
    }
}

fn one_domain(from: &[String]) -> Option<String> {
    let mut domains = from.iter().filter_map(|address| address.rsplit_once('@')).map(|(_, d)| d.to_ascii_lowercase());
    let first = domains.next()?;
    domains.all(|other| other == first).then_some(first)
}

/// Reads what the upstream server `authserv_id` wrote into Authentication-Results; `None` when it wrote nothing. Use
/// this only behind a server that removes such headers from outside mail, as RFC 8601 demands.
pub fn read_upstream(raw: &[u8], authserv_id: &str) -> Option<Authentication> {
    let mut found: Option<Authentication> = None;
    let (mut spf, mut dkim, mut dmarc) = (None, None, None);
    for field in fields(raw).iter().filter(|field| field.is("Authentication-Results")) {
        let Some((id, results)) = results(field.value) else { continue };
        if !id.eq_ignore_ascii_case(authserv_id) {
            continue;
        }
        let known = found.get_or_insert_default();
        let mut dkim_here: Option<Verdict> = None;
        for result in results {
            // The topmost header of a method counts; it is the youngest.
            match result.method.as_str() {
                "spf" => spf = spf.or(Some(result.verdict)),
                "dkim" => {
                    dkim_here = dkim_here.into_iter().chain([result.verdict]).max_by_key(|verdict| verdict.rank());
                }
                "dmarc" if dmarc.is_none() => {
                    dmarc = Some(result.verdict);
                    known.header_from_domain = result.header_from;
                }
                _ => {}
            }
        }
        dkim = dkim.or(dkim_here);
    }
    let mut found = found?;
    found.spf = spf.unwrap_or_default();
    found.dkim = dkim.unwrap_or_default();
    found.dmarc = dmarc.unwrap_or_default();
    if found.header_from_domain.is_none() {
        let header = &raw[..raw.windows(4).position(|w| w == b"\r\n\r\n").map_or(raw.len(), |end| end + 4)];
        found.header_from_domain = AuthenticatedMessage::parse(header).and_then(|message| one_domain(&message.from));
    }
    Some(found)
}

/// The mail without headers that only we may write: X-Sonnim-* and Authentication-Results under our own name
/// (security row 4). Applied to everything that arrives, before anything is read from it.
pub fn strip_own_headers<'a>(raw: &'a [u8], authserv_id: &str) -> Cow<'a, [u8]> {
    without(raw, |field| {
        let ours = field.name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"x-sonnim-"));
        let about = field.is("Authentication-Results") || field.is("ARC-Authentication-Results");
        ours || (about && results(field.value).is_none_or(|(id, _)| id.eq_ignore_ascii_case(authserv_id)))
    })
}

struct MethodResult {
    method: String,
    verdict: Verdict,
    header_from: Option<String>,
}

/// Reads `authserv-id [version]; method=result property=value …; …`.
fn results(value: &[u8]) -> Option<(String, Vec<MethodResult>)> {
    let value = without_comments(&String::from_utf8_lossy(value));
    let mut clauses = value.split(';').map(str::trim);
    let first = clauses.next()?;
    // ARC's header starts with an instance.
    let first = if first.starts_with("i=") { clauses.next()? } else { first };
    let id = first.split_whitespace().next()?.trim_matches('"').to_owned();
    let results = clauses.filter_map(|clause| {
        let mut words = clause.split_whitespace();
        let (method, verdict) = words.next()?.split_once('=')?;
        let method = method.split('/').next().unwrap_or_default().to_ascii_lowercase();
        let header_from = words.find_map(|word| word.strip_prefix("header.from=")).map(|from| {
            let from = from.trim_matches('"');
            from.rsplit_once('@').map_or(from, |(_, domain)| domain).to_ascii_lowercase()
        });
        Some(MethodResult { method, verdict: Verdict::parse(verdict.trim_matches('"'))?, header_from })
    });
    Some((id, results.collect()))
}

/// Comments (in parentheses, nested, outside quotes) become spaces; so do semicolons inside quotes.
fn without_comments(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for c in value.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => {
                quoted = !quoted;
                out.push(c);
            }
            '(' if !quoted => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                out.push(' ');
            }
            ';' if quoted => out.push(' '),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: &[u8] = b"Received: by mx\r\n\
        Authentication-Results: mx.shop.test;\r\n\tspf=softfail (not; (really) sure) smtp.mailfrom=a@b.c;\r\n\
        \tdkim=fail header.d=x.y; dkim=pass header.d=example.org;\r\n\tdmarc=pass (p=REJECT) header.from=Example.org\r\n\
        Authentication-Results: mx.shop.test; spf=pass; dmarc=fail header.from=evil.example\r\n\
        Authentication-Results: other.test; dkim=pass\r\nFrom: a@example.org\r\n\r\nbody";

    #[test]
    fn an_upstream_server_s_results_are_read() {
        let read = read_upstream(HEADERS, "MX.shop.test").expect("results");
        let expected =
            Authentication { spf: Verdict::SoftFail, dkim: Verdict::Pass, dmarc: Verdict::Pass, header_from_domain: Some("example.org".into()) };
        assert_eq!(read, expected);
        assert!(read.proves_author());
    }

    #[test]
    fn results_of_others_are_not_believed() {
        assert_eq!(read_upstream(HEADERS, "mx.elsewhere.test"), None);
        assert_eq!(read_upstream(b"Authentication-Results: x.test (mx.shop.test); dmarc=pass\r\n\r\n", "mx.shop.test"), None);
    }

    #[test]
    fn headers_that_only_we_may_write_are_stripped() {
        let raw = b"x-sonnim-agent: 1\r\nX-Sonnim: stays\r\nAuthentication-Results: (hi) \"mx.shop.test\" 1;\r\n dmarc=pass\r\n\
            Authentication-Results: other.test; dmarc=pass\r\nAUTHENTICATION-RESULTS : mx.SHOP.test; none\r\nSubject: hi\r\n\r\nX-Sonnim-Agent: body\r\n";
        let stripped = strip_own_headers(raw, "mx.shop.test");
        assert_eq!(
            String::from_utf8_lossy(&stripped),
            "X-Sonnim: stays\r\nAuthentication-Results: other.test; dmarc=pass\r\nSubject: hi\r\n\r\nX-Sonnim-Agent: body\r\n"
        );
    }

    #[test]
    fn verdicts_are_written_in_the_words_of_the_rfc() {
        let words = [Verdict::SoftFail, Verdict::TempError, Verdict::None].map(|v| serde_json::to_string(&v).expect("json"));
        assert_eq!(words, ["\"softfail\"", "\"temperror\"", "\"none\""]);
    }
}
