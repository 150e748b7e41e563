//! The widget: the messenger of an inbox on somebody's site.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::InboxId;
use crate::proactive::Invitations;

/// The widget of an inbox. Its key is public: it stands in the page of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Widget {
    /// Whose it is.
    pub inbox: InboxId,
    /// What the site's page names it by.
    pub key: String,
    /// Rises with each change; the ETag.
    pub version: i64,
    /// How it looks and what it does.
    pub settings: Settings,
    /// There is a secret to sign identities with.
    pub has_secret: bool,
    /// Made.
    pub created_at: Timestamp,
    /// Changed.
    pub updated_at: Timestamp,
}

/// How a widget looks and what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "independent settings, not a state")]
pub struct Settings {
    /// Visitors may write.
    pub enabled: bool,
    /// What stands at its top; the inbox's name when none.
    pub name: Option<String>,
    /// How it looks.
    pub theme: Theme,
    /// Words at its top, by language.
    pub greeting: Words,
    /// Words when nobody is there, by language.
    pub away_text: Words,
    /// Sites that may show it, such as `https://shop.example`; none: any site.
    pub origins: Vec<String>,
    /// What is asked before the first message.
    pub pre_chat: PreChat,
    /// Files from visitors.
    pub files: Files,
    /// The page that a visitor looks at may be told, where the visitor agrees.
    pub page: bool,
    /// Agents see what a visitor writes before it is sent.
    pub typing_preview: bool,
    /// Only visitors whom the site has identified may write.
    pub identity_required: bool,
    /// Visitors see agents' whole names.
    pub full_names: bool,
    /// Seconds until agents' words that nobody saw go by mail.
    pub mail_after: u32,
    /// Agents see who is on the site, where the visitor agrees.
    pub live: bool,
    /// What the widget says first.
    pub invitations: Invitations,
    /// An agent's first words in a chat, by language: a template, as saved replies are.
    pub agent_greeting: Words,
    /// They are said by themselves when an agent takes a chat.
    pub greets_itself: bool,
    /// Customers who wait may ask to be called.
    pub callback: bool,
}

/// A text in several languages.
pub type Words = BTreeMap<String, String>;

/// The colour of a widget whose owner has not chosen one: our own, as the launcher has it before anything is loaded. White on it has a
/// contrast of 8.6.
pub const OUR_COLOUR: &str = "#0f554e";

/// Colours and place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Theme {
    /// `#rrggbb`.
    pub colour: String,
    /// Side of the page.
    pub position: Position,
}

/// Side of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Position {
    #[default]
    Right,
    Left,
}

/// What is asked before the first message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)]
pub struct PreChat {
    pub when: When,
    pub fields: Vec<Field>,
}

/// When it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Never.
    #[default]
    Never,
    /// Each time.
    Always,
    /// When nobody is there.
    Away,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name in the answer. `name` and `email` say who somebody is.
    pub key: String,
    /// The question, by language.
    pub label: Words,
    /// What sort of answer.
    pub kind: FieldKind,
    /// It must be answered.
    #[serde(default)]
    pub required: bool,
    /// Answers to choose from.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// What sort of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum FieldKind {
    Text,
    Email,
    LongText,
    Choice,
    Consent,
}

impl FieldKind {
    /// As in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Email => "email",
            Self::LongText => "long_text",
            Self::Choice => "choice",
            Self::Consent => "consent",
        }
    }

    /// Whether an answer fits that is not empty.
    pub fn takes(self, answer: &str, choices: &[String]) -> bool {
        let most = if self == Self::LongText { 2_000 } else { 300 };
        let fits = match self {
            Self::Text | Self::LongText => answer.chars().count() <= most,
            Self::Email => answer.parse::<crate::EmailAddress>().is_ok(),
            Self::Choice => choices.iter().any(|c| c == answer),
            Self::Consent => matches!(answer, "true" | "false"),
        };
        fits && (self == Self::LongText || !answer.chars().any(char::is_control))
    }
}

/// Files from visitors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Files {
    pub enabled: bool,
    pub max_bytes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enabled: true,
            name: None,
            theme: Theme::default(),
            greeting: Words::new(),
            away_text: Words::new(),
            origins: Vec::new(),
            pre_chat: PreChat::default(),
            files: Files::default(),
            page: false,
            typing_preview: false,
            identity_required: false,
            full_names: false,
            mail_after: 300,
            live: false,
            invitations: Invitations::default(),
            agent_greeting: Words::new(),
            greets_itself: false,
            callback: false,
        }
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self { colour: OUR_COLOUR.into(), position: Position::Right }
    }
}

impl Default for Files {
    fn default() -> Self {
        Self { enabled: true, max_bytes: MOST_FILE_BYTES / 2 }
    }
}

/// Largest file that a widget may take.
pub const MOST_FILE_BYTES: u32 = 20 * 1024 * 1024;
/// Languages that a widget speaks.
pub const LOCALES: [&str; 2] = ["en", "ko"];

/// A setting that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Fault {
    pub field: &'static str,
    pub code: &'static str,
    pub detail: String,
}

pub(crate) fn fault(field: &'static str, code: &'static str, detail: impl Into<String>) -> Result<(), Fault> {
    Err(Fault { field, code, detail: detail.into() })
}

pub(crate) fn check_words(field: &'static str, words: &Words, most: usize) -> Result<(), Fault> {
    for (locale, text) in words {
        if locale.is_empty() || locale.len() > 20 || !locale.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return fault(field, "invalid", "Name a language by its tag, such as en or ko.");
        }
        if text.chars().count() > most {
            return fault(field, "too_long", format!("Use at most {most} characters."));
        }
    }
    if words.len() > 50 { fault(field, "too_many", "At most 50 languages.") } else { Ok(()) }
}

/// An origin as browsers write it: `https://shop.example`, with a port where it has one, and nothing after it.
pub fn is_origin(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let (host, port) = rest.split_once(':').map_or((rest, None), |(h, p)| (h, Some(p)));
    let host = host.strip_prefix("*.").unwrap_or(host);
    let is_host = !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|l| !l.is_empty() && l.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
    is_host && port.is_none_or(|p| p.parse::<u16>().is_ok_and(|n| n > 0 && n.to_string() == p))
}

impl Settings {
    /// Whether they can be kept.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn check(&self) -> Result<(), Fault> {
        if self.name.as_ref().is_some_and(|n| n.trim().is_empty() || n.chars().count() > 80 || n.chars().any(char::is_control)) {
            return fault("name", "invalid", "Write a name of at most 80 characters, in one line.");
        }
        let digits = self.theme.colour.strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return fault("theme.colour", "invalid", "Write a colour as #rrggbb.");
        }
        check_words("greeting", &self.greeting, 500)?;
        check_words("away_text", &self.away_text, 500)?;
        check_words("agent_greeting", &self.agent_greeting, 1_000)?;
        if self.origins.len() > 100 {
            return fault("origins", "too_many", "At most 100 sites.");
        }
        if let Some(bad) = self.origins.iter().find(|o| !is_origin(o)) {
            return fault("origins", "invalid", format!("{bad:?} is no site. Write it like https://shop.example."));
        }
        if self.pre_chat.fields.len() > 20 {
            return fault("pre_chat.fields", "too_many", "At most 20 questions.");
        }
        for (at, field) in self.pre_chat.fields.iter().enumerate() {
            let key = &field.key;
            if key.is_empty() || key.len() > 40 || !key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
                return fault("pre_chat.fields", "invalid", "A key has small letters, digits and underscores, at most 40.");
            }
            if self.pre_chat.fields[..at].iter().any(|f| f.key == *key) {
                return fault("pre_chat.fields", "taken", format!("The key {key:?} is there twice."));
            }
            check_words("pre_chat.fields", &field.label, 200)?;
            if field.choices.len() > 50 || field.choices.iter().any(|c| c.trim().is_empty() || c.chars().count() > 200) {
                return fault("pre_chat.fields", "invalid", "At most 50 choices of at most 200 characters.");
            }
            if (field.kind == FieldKind::Choice) == field.choices.is_empty() {
                return fault("pre_chat.fields", "invalid", "A choice has choices, and nothing else has.");
            }
        }
        if self.files.max_bytes == 0 || self.files.max_bytes > MOST_FILE_BYTES {
            return fault("files.max_bytes", "invalid", format!("Between 1 and {MOST_FILE_BYTES} bytes."));
        }
        self.invitations.check()?;
        if !(30..=86_400).contains(&self.mail_after) {
            return fault("mail_after", "invalid", "Between 30 seconds and a day.");
        }
        Ok(())
    }

    /// The name at its top.
    pub fn name_or<'a>(&'a self, inbox: &'a str) -> &'a str {
        self.name.as_deref().unwrap_or(inbox)
    }

    /// An agent's name as visitors see it.
    pub fn shown_name(&self, agent: &str) -> String {
        shown_name(agent, self.full_names)
    }
}

/// An agent's name as visitors see it: whole, or the given name.
pub fn shown_name(agent: &str, whole: bool) -> String {
    if whole { agent.to_owned() } else { crate::visitor::given_name(agent) }
}

/// The words in a language, or in the first one that there is.
pub fn words_in<'a>(words: &'a Words, locale: &str) -> &'a str {
    let base = locale.split('-').next().unwrap_or_default();
    words.get(locale).or_else(|| words.get(base)).or_else(|| words.get("en")).or_else(|| words.values().next()).map_or("", String::as_str)
}

/// The best of our languages for a language tag: `ko` for anything Korean, else `en`; none for an empty one.
pub fn locale_of(tag: &str) -> Option<&'static str> {
    let base = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    LOCALES.into_iter().find(|l| *l == base).or((!base.is_empty()).then_some("en"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_perhaps_a_port() {
        for good in ["https://shop.example", "http://localhost:8080", "https://*.shop.example", "https://xn--o39an51b2re.kr"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in
            ["shop.example", "https://", "https://shop.example/", "https://a b", "https://a;b", "ftp://a", "https://A.example", "https://a:0", "*"]
        {
            assert!(!is_origin(bad), "{bad}");
        }
    }

    #[test]
    fn settings_that_say_nothing_are_good_and_read_back() {
        let settings = Settings::default();
        assert_eq!(settings.check(), Ok(()));
        assert_eq!(serde_json::from_str::<Settings>(&serde_json::to_string(&settings).unwrap()).unwrap(), settings);
        assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), settings);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let of = |change: &dyn Fn(&mut Settings)| {
            let mut settings = Settings::default();
            change(&mut settings);
            settings.check().unwrap_err().field
        };
        assert_eq!(of(&|s| s.theme.colour = "red; background: url(x)".into()), "theme.colour");
        assert_eq!(of(&|s| s.origins = vec!["https://a.example; script-src *".into()]), "origins");
        assert_eq!(of(&|s| s.mail_after = 1), "mail_after");
        assert_eq!(of(&|s| s.files.max_bytes = u32::MAX), "files.max_bytes");
        let field = Field { key: "topic".into(), label: Words::new(), kind: FieldKind::Choice, required: false, choices: Vec::new() };
        assert_eq!(of(&|s| s.pre_chat.fields = vec![field.clone()]), "pre_chat.fields");
    }

    #[test]
    fn words_fall_back_from_a_region_to_its_language_and_to_english() {
        let words = Words::from([("en".into(), "Hi".into()), ("ko".into(), "안녕하세요".into())]);
        assert_eq!((words_in(&words, "ko-KR"), words_in(&words, "fr"), words_in(&Words::new(), "ko")), ("안녕하세요", "Hi", ""));
        assert_eq!((locale_of("ko-KR"), locale_of("fr"), locale_of("")), (Some("ko"), Some("en"), None));
    }
}
