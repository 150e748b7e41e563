//! Companies: who several customers write for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{CompanyId, EmailAddress, Timestamp};

/// Most domains of a company.
pub const MOST_DOMAINS: usize = 50;
/// Most customers that are taken in at once.
pub const MOST_TAKEN_IN: usize = 10_000;

/// A company whose people write to us. A customer is in one at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Id.
    pub id: CompanyId,
    /// Rises with each change; the `ETag`.
    pub version: i64,
    /// Name: one line, at most 120 characters.
    pub name: String,
    /// Its mail domains, in alphabetical order: whoever is new and writes from one of them, or from below it, is in this company.
    pub domains: Vec<Domain>,
    /// What another system calls it; no two companies of a workspace share one.
    pub external_id: Option<String>,
    /// What agents should know.
    pub notes: String,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

/// A mail domain that may stand for a company: lower case, with a dot, and none that anybody can have an address at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Domain(String);

/// Why a text is no domain of a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDomain {
    /// It is no domain.
    #[error("write a domain like example.com")]
    Form,
    /// Anybody can have an address there.
    #[error("anybody can have an address there, so it stands for no company")]
    FreeMail,
}

impl Domain {
    /// As it is compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The domains that an address is at, the longest first: `eu.acme.com` and `acme.com`. None where anybody can have an address.
    /// Below an ending that strangers share ([`Domain::is_shared`]) nothing is said of those above.
    pub fn of(address: &EmailAddress) -> Vec<Self> {
        let Ok(whole) = address.domain().parse::<Self>() else { return Vec::new() };
        let above = whole.0.match_indices('.').filter_map(|(at, _)| whole.0[at + 1..].parse::<Self>().ok());
        let above: Vec<Self> = above.take_while(|domain| !domain.is_shared()).take(MOST_ABOVE).collect();
        std::iter::once(whole).chain(above).collect()
    }

    /// Whether those below it have nothing to do with each other, such as `co.kr` and `github.io`: it stands for itself alone.
    pub fn is_shared(&self) -> bool {
        let country = |ending: &str| ending.len() == 2;
        match self.0.split_once('.') {
            Some((kind, ending)) => (country(ending) && ENDINGS.contains(&kind)) || SHARED.contains(&self.0.as_str()),
            None => true,
        }
    }

    /// Its labels from the last one on: what is below it begins like it.
    pub fn path(&self) -> String {
        path(&self.0)
    }
}

/// The labels of a domain from the last one on: `com.acme.eu`.
pub fn path(domain: &str) -> String {
    domain.to_lowercase().rsplit('.').collect::<Vec<_>>().join(".")
}

/// Most domains above an address's own that are looked up.
const MOST_ABOVE: usize = 8;

/// What countries divide themselves into.
const ENDINGS: [&str; 24] = [
    "ac", "asn", "co", "com", "edu", "go", "gob", "gov", "gouv", "govt", "hs", "id", "mil", "ms", "ne", "net", "nhs", "nom", "or", "org", "pe",
    "plc", "re", "sch",
];

/// Domains at which strangers get one below.
const SHARED: [&str; 22] = [
    "appspot.com",
    "azurewebsites.net",
    "blogspot.com",
    "cafe24.com",
    "cloudfront.net",
    "eu.org",
    "firebaseapp.com",
    "fly.dev",
    "github.io",
    "gitlab.io",
    "herokuapp.com",
    "imweb.me",
    "myshopify.com",
    "netlify.app",
    "onmicrosoft.com",
    "pages.dev",
    "tistory.com",
    "uk.com",
    "us.com",
    "vercel.app",
    "web.app",
    "wordpress.com",
];

impl FromStr for Domain {
    type Err = BadDomain;

    /// Takes `example.com`, and what people paste: `@example.com`, `https://www.example.com/about`.
    fn from_str(text: &str) -> Result<Self, BadDomain> {
        let text = text.trim().to_lowercase();
        let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(&text);
        let text = text.split(['/', '?', '#']).next().unwrap_or_default();
        let text = text.rsplit('@').next().unwrap_or_default();
        let text = text.strip_prefix("www.").unwrap_or(text).trim_end_matches('.');
        let label =
            |l: &str| (1..=63).contains(&l.len()) && !l.starts_with('-') && !l.ends_with('-') && l.chars().all(|c| c.is_alphanumeric() || c == '-');
        let last_is_no_number = text.rsplit('.').next().is_some_and(|l| !l.chars().all(|c| c.is_ascii_digit()));
        if text.len() > 253 || !text.contains('.') || !text.split('.').all(label) || !last_is_no_number {
            return Err(BadDomain::Form);
        }
        if is_free_mail(text) {
            return Err(BadDomain::FreeMail);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Domain {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Providers that have a name of their own in front of any ending: `yahoo.co.jp`, `hotmail.fr`.
const FREE_NAMES: [&str; 7] = ["gmail", "googlemail", "yahoo", "ymail", "hotmail", "outlook", "live"];

/// Domains at which anybody can have an address.
const FREE_DOMAINS: [&str; 76] = [
    "aol.com",
    "att.net",
    "bigpond.com",
    "bluewin.ch",
    "bol.com.br",
    "btinternet.com",
    "chol.com",
    "comcast.net",
    "cox.net",
    "daum.net",
    "dreamwiz.com",
    "duck.com",
    "empas.com",
    "fastmail.com",
    "fastmail.fm",
    "foxmail.com",
    "free.fr",
    "freemail.hu",
    "freenet.de",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "hanafos.com",
    "hanmail.net",
    "hey.com",
    "hushmail.com",
    "icloud.com",
    "inbox.lv",
    "inbox.ru",
    "interia.pl",
    "kakao.com",
    "korea.com",
    "laposte.net",
    "libero.it",
    "list.ru",
    "lycos.co.kr",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "msn.com",
    "nate.com",
    "naver.com",
    "o2.pl",
    "onet.pl",
    "orange.fr",
    "paran.com",
    "passport.com",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.ch",
    "protonmail.com",
    "qq.com",
    "rediffmail.com",
    "rocketmail.com",
    "sbcglobal.net",
    "seznam.cz",
    "sfr.fr",
    "sina.com",
    "sohu.com",
    "t-online.de",
    "tutanota.com",
    "uol.com.br",
    "verizon.net",
    "virgilio.it",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "yandex.com",
    "yandex.ru",
    "126.com",
    "163.com",
];

/// Whether anybody can have an address at a domain, given in lower case.
pub fn is_free_mail(domain: &str) -> bool {
    let name = domain.split('.').next().unwrap_or_default();
    let ending = domain.split('.').skip(1).all(|l| l.len() <= 3);
    FREE_DOMAINS.contains(&domain) || (FREE_NAMES.contains(&name) && ending)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_domain_is_read_from_what_people_paste() {
        for text in ["acme.example", " @ACME.example ", "https://www.acme.example/about?x", "mina@acme.example", "acme.example."] {
            assert_eq!(text.parse::<Domain>().unwrap().as_str(), "acme.example", "{text}");
        }
        assert_eq!("예시.한국".parse::<Domain>().unwrap().as_str(), "예시.한국");
        for bad in ["", "acme", "acme..example", "-acme.example", "a b.example", "192.0.2.1", &"a".repeat(300)] {
            assert_eq!(bad.parse::<Domain>(), Err(BadDomain::Form), "{bad}");
        }
    }

    #[test]
    fn a_free_mail_domain_stands_for_no_company() {
        for free in ["gmail.com", "GMAIL.com", "naver.com", "hanmail.net", "yahoo.co.jp", "hotmail.fr", "163.com", "me.com"] {
            assert_eq!(free.parse::<Domain>(), Err(BadDomain::FreeMail), "{free}");
        }
        for own in ["navercorp.com", "yahoo.example", "live.nation.example", "kakao.corp.example", "mail.acme.example"] {
            assert!(own.parse::<Domain>().is_ok(), "{own}");
        }
    }

    #[test]
    fn an_address_is_at_its_domain_and_at_those_above_but_for_what_strangers_share() {
        let of = |address: &str| Domain::of(&address.parse().unwrap()).iter().map(|d| d.as_str().to_owned()).collect::<Vec<_>>();
        assert_eq!(of("kim@naver.com"), Vec::<String>::new());
        assert_eq!(of("Kim@Acme.example"), ["acme.example"]);
        assert_eq!(of("kim@a.EU.acme.com"), ["a.eu.acme.com", "eu.acme.com", "acme.com"]);
        assert_eq!(of("kim@shop.acme.co.kr"), ["shop.acme.co.kr", "acme.co.kr"]);
        assert_eq!(of("kim@acme.github.io"), ["acme.github.io"]);
        // A provider's own people are nobody's customers by their domain, either.
        assert_eq!(of("kim@corp.gmail.com"), ["corp.gmail.com"]);
        assert_eq!("eu.acme.com".parse::<Domain>().unwrap().path(), "com.acme.eu");
    }
}
