//! What a template may see.

use model::field::{self, Field, Kind, Value, Words};
use model::workspace::Language;
use model::{Actor, Conversation, Inboxes, Scope};
use store::{Conn, Error};

/// What stands before the key of a custom field.
pub const FIELD: &str = "conversation.field.";

/// Every variable there is, in the order of the menu; besides, [`FIELD`] and the key of a custom field.
pub const VARIABLES: [&str; 12] = [
    "customer.first_name",
    "customer.name",
    "customer.email",
    "customer.language",
    "customer.company",
    "agent.first_name",
    "agent.name",
    "conversation.number",
    "conversation.subject",
    "inbox.name",
    "inbox.address",
    "workspace.name",
];

/// The values of [`VARIABLES`], for one conversation and one author. An empty one is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    values: Vec<(&'static str, String)>,
    /// By the key of the field.
    fields: Vec<(String, String)>,
    workspace_language: Language,
}

impl Context {
    /// The values for a conversation, as the actor writes them. Five look-ups by key, and one more where a custom
    /// field has a value.
    pub async fn of(conn: &mut Conn, scope: &Scope, c: &Conversation) -> Result<Self, Error> {
        let everyone = Scope { inboxes: Inboxes::All, ..scope.clone() };
        let customer = store::customer::get(conn, &everyone, c.customer).await?;
        let inbox = store::inbox::get(conn, scope.workspace, c.inbox).await?;
        let workspace = store::workspace::find(conn, scope.workspace).await?;
        let agent = match scope.actor {
            Actor::Agent(id) => store::agent::find(conn, scope.workspace, id).await?.map(|a| a.name),
            _ => None,
        };
        let (mut name, mut email, mut language, mut company) = (String::new(), String::new(), String::new(), String::new());
        if let Some(customer) = customer {
            let address = customer.email.as_ref().or(customer.emails.first().map(|e| &e.address));
            // Where no name is known, the card shows the beginning of the address; nobody is greeted so.
            if address.is_none_or(|a| a.local() != customer.name && a.as_str() != customer.name) {
                name = customer.name;
            }
            email = address.map(ToString::to_string).unwrap_or_default();
            language = customer.language.unwrap_or_default();
            company = customer.company.map(|k| k.name).unwrap_or_default();
        }
        let mut made = Self { workspace_language: workspace.as_ref().map(|w| w.language).unwrap_or_default(), ..Self::default() };
        let agent = agent.unwrap_or_default();
        made.set("customer.first_name", &first_name(&name));
        made.set("customer.name", &name);
        made.set("customer.email", &email);
        made.set("customer.language", &language);
        made.set("customer.company", &company);
        made.set("agent.first_name", &first_name(&agent));
        made.set("agent.name", &agent);
        made.set("conversation.number", &c.number.to_string());
        made.set("conversation.subject", &c.subject);
        made.set("inbox.name", inbox.as_ref().map_or("", |i| &i.name));
        made.set("inbox.address", inbox.as_ref().map_or("", |i| i.address.as_str()));
        made.set("workspace.name", workspace.as_ref().map_or("", |w| &w.name));
        let values = store::field::values_by_key(conn, scope.workspace, c.id).await?;
        if !values.is_empty() {
            let fields = store::field::list(conn, scope.workspace).await?;
            let korean = pick_language(&["en", "ko"], made.language(), made.workspace_language.as_str()) == Some("ko");
            for (id, key, value) in values {
                if let Some(field) = fields.iter().find(|f| f.id == id && f.archived_at.is_none()) {
                    made.set_field(key.as_str(), &said(field, &value, korean));
                }
            }
        }
        Ok(made)
    }

    /// Made-up values, to try a template out. The author is the agent who tries.
    pub fn sample(agent: &str, workspace: &str, language: Language) -> Self {
        let mut made = Self { workspace_language: language, ..Self::default() };
        let (name, subject) = match language {
            Language::En => ("Jamie Rivera", "My order has not arrived"),
            Language::Ko => ("김서연", "주문한 상품이 오지 않았어요"),
        };
        made.set("customer.first_name", &first_name(name));
        made.set("customer.name", name);
        made.set("customer.email", "jamie@example.com");
        made.set("customer.language", language.as_str());
        made.set("customer.company", "Rivera Trading");
        made.set("agent.first_name", &first_name(agent));
        made.set("agent.name", agent);
        made.set("conversation.number", "1042");
        made.set("conversation.subject", subject);
        made.set("inbox.name", "Support");
        made.set("inbox.address", "support@example.com");
        made.set("workspace.name", workspace);
        made
    }

    /// The same with something in each custom field: its label.
    #[must_use]
    pub fn with_fields(mut self, fields: &[Field]) -> Self {
        let korean = self.workspace_language == Language::Ko;
        for field in fields.iter().filter(|f| f.archived_at.is_none()) {
            let label = in_language(&field.label, korean).to_owned();
            self.set_field(field.key.as_str(), &format!("({label})"));
        }
        self
    }

    /// The value of a custom field by its key; none when it is missing.
    pub fn field(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The value of a variable; none when it is missing.
    pub fn get(&self, variable: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| *name == variable).map(|(_, value)| value.as_str())
    }

    /// The customer's language; the workspace's where it is not known.
    pub fn language(&self) -> &str {
        self.get("customer.language").unwrap_or(self.workspace_language.as_str())
    }

    /// The workspace's language.
    pub fn workspace_language(&self) -> Language {
        self.workspace_language
    }

    /// The same without the customer's name: it is one that we made up, and nobody is greeted so.
    #[must_use]
    pub(crate) fn nameless(mut self) -> Self {
        self.values.retain(|(variable, _)| !variable.starts_with("customer.first_name") && *variable != "customer.name");
        self
    }

    /// The same with another customer's name: for tests.
    #[cfg(test)]
    pub(super) fn named(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.values.retain(|(variable, _)| *variable != "customer.name");
        other.set("customer.name", name);
        other
    }

    fn set(&mut self, name: &'static str, value: &str) {
        self.values.extend(words(value).map(|v| (name, v)));
    }

    fn set_field(&mut self, key: &str, value: &str) {
        self.fields.extend(words(value).map(|v| (key.to_owned(), v)));
    }
}

/// A value is words: one line, and never a placeholder that somebody would have to fill in.
fn words(value: &str) -> Option<String> {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ").replace("[[", "[ [");
    (!value.is_empty()).then(|| value.chars().take(300).collect())
}

fn in_language(words: &Words, korean: bool) -> &str {
    let (first, second) = if korean { (&words.ko, &words.en) } else { (&words.en, &words.ko) };
    first.as_deref().or(second.as_deref()).unwrap_or_default()
}

/// A field's value as one writes it to a customer.
fn said(field: &Field, value: &Value, korean: bool) -> String {
    let option = |key: &str| {
        let found = field.kind.options().iter().find(|o| o.key() == key);
        found.map_or_else(|| key.to_owned(), |o| in_language(&o.label, korean).to_owned())
    };
    match (value, &field.kind) {
        (Value::Text(text), _) => text.clone(),
        (Value::Number(units), _) => field::decimal_to_json(*units).to_string(),
        (Value::Money(units), Kind::Money { currency }) => format!("{} {}", field::decimal_text(*units, currency.digits()), currency.as_str()),
        (Value::Money(units), _) => units.to_string(),
        (Value::Date(day), _) => day.to_string(),
        (Value::Choice(key), _) => option(key),
        (Value::Choices(keys), _) => keys.iter().map(|k| option(k)).collect::<Vec<_>>().join(", "),
        (Value::Checked, _) => if korean { "예" } else { "yes" }.to_owned(),
    }
}

/// The name to greet somebody by: the first word, but the whole name where it is written in Hangul, Han or Kana without a
/// space, for there the family name comes first.
pub fn first_name(name: &str) -> String {
    // "Park, Mina" is Mina.
    let name = name.split_once(',').map_or(name, |(_, first)| if first.trim().is_empty() { name } else { first }).trim();
    let eastern = |c: char| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
    if name.chars().any(eastern) {
        return name.to_owned();
    }
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

/// The best of some languages for a wish such as `ko-KR`: the same, then the same main language, then the fallback, then
/// the first.
pub fn pick_language<'a>(offered: &[&'a str], wish: &str, fallback: &str) -> Option<&'a str> {
    let main = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    let by = |wanted: &str| {
        let same = offered.iter().find(|o| o.eq_ignore_ascii_case(wanted));
        same.or_else(|| offered.iter().find(|o| !wanted.is_empty() && main(o) == main(wanted))).copied()
    };
    by(wish).or_else(|| by(fallback)).or_else(|| offered.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_greeted_as_they_are_called() {
        for (name, first) in [
            ("Mina Park", "Mina"),
            ("Park, Mina", "Mina"),
            ("김민지", "김민지"),
            ("田中 花子", "田中 花子"),
            ("  ", ""),
            ("Ana", "Ana"),
            ("Acme,", "Acme,"),
        ] {
            assert_eq!(first_name(name), first);
        }
    }

    #[test]
    fn the_customers_language_wins_then_the_workspaces() {
        assert_eq!(pick_language(&["en", "ko"], "ko-KR", "en"), Some("ko"));
        assert_eq!(pick_language(&["en", "ko"], "de", "ko"), Some("ko"));
        assert_eq!(pick_language(&["fr", "de"], "", "ko"), Some("fr"));
        assert_eq!(pick_language(&["pt", "pt-BR"], "pt-br", "en"), Some("pt-BR"));
        assert_eq!(pick_language(&[], "ko", "en"), None);
    }
}
