//! Reading and filling in a template.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Object, ObjectRepr};
use minijinja::{AutoEscape, Environment, ErrorKind, Value};

use super::context::{Context, FIELD, VARIABLES};
use super::placeholder::placeholders;
use crate::html;
use model::field::Key;

/// Longest template, in bytes.
pub const MOST_TEMPLATE: usize = 100_000;
/// Longest result, in bytes.
const MOST_RESULT: usize = 512 * 1024;
/// Steps that one template may take. There are no loops, so this only bounds how many variables stand in it.
const FUEL: u64 = 5_000;

/// A template that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It is too long, or makes something too long.
    #[error("the text is too long")]
    TooLong,
    /// There is no such variable.
    #[error("there is no variable {0}")]
    Unknown(String),
    /// It is not written as a template is.
    #[error("{0}")]
    Syntax(String),
}

impl TemplateError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Unknown(_) => "unknown_variable",
            Self::Syntax(_) => "bad_template",
        }
    }
}

/// A template filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Sanitised HTML.
    pub html: String,
    /// Variables that stand in it without a value and without a fallback: there is a hole in the text.
    pub missing: Vec<String>,
    /// What a person has to fill in.
    pub placeholders: Vec<String>,
}

/// Whether a template can be used: its form, its variables, and that it can be filled in at all.
///
/// # Errors
/// [`TemplateError`] names the variable or says what is wrong.
pub fn check(template: &str) -> Result<(), TemplateError> {
    render(template, &Context::default()).map(drop)
}

/// Fills a template in. It is sanitised HTML; what comes out is sanitised once more.
///
/// # Errors
/// As [`check`].
pub fn render(template: &str, context: &Context) -> Result<Rendered, TemplateError> {
    if template.len() > MOST_TEMPLATE {
        return Err(TemplateError::TooLong);
    }
    let source = plain_tags(template)?;
    let missing: Arc<Mutex<Vec<String>>> = Arc::default();
    let environment = environment(missing.clone());
    let parsed = environment.template_from_str(&source).map_err(|e| said(&e))?;
    let mut used: Vec<String> = parsed.undeclared_variables(true).into_iter().collect();
    used.sort();
    if let Some(unknown) = used.iter().find(|v| !VARIABLES.contains(&v.as_str()) && field_of(v).is_none()) {
        return Err(TemplateError::Unknown(unknown.clone()));
    }
    let filled = parsed.render(values(context, &used)).map_err(|e| said(&e))?;
    if filled.len() > MOST_RESULT {
        return Err(TemplateError::TooLong);
    }
    let html = html::sanitize_composed(&filled);
    let missing = std::mem::take(&mut *missing.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Rendered { placeholders: placeholders(&html::to_text(&html)), html, missing })
}

/// A variable without a value: prints nothing, is false, and gives way to `default`.
#[derive(Debug)]
struct Missing(String);

impl Object for Missing {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn render(self: &Arc<Self>, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

fn is_missing(value: &Value) -> bool {
    value.is_undefined() || value.downcast_object_ref::<Missing>().is_some()
}

/// Nothing but a few filters: no functions, no tests, no loader, and no way to switch the escaping off.
fn environment(missing: Arc<Mutex<Vec<String>>>) -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(20);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("default", |value: Value, other: String| if is_missing(&value) { Value::from(other) } else { value });
    for (name, change) in [("upper", str::to_uppercase as fn(&str) -> String), ("lower", str::to_lowercase), ("trim", |s: &str| s.trim().to_owned())]
    {
        environment.add_filter(name, move |value: Value| if is_missing(&value) { value } else { Value::from(change(&value.to_string())) });
    }
    environment.set_formatter(move |out, state, value| {
        if let Some(Missing(name)) = value.downcast_object_ref::<Missing>() {
            let mut missing = missing.lock().unwrap_or_else(PoisonError::into_inner);
            if !missing.iter().any(|m| m == name) {
                missing.push(name.clone());
            }
            return Ok(());
        }
        if value.is_undefined() {
            return Ok(());
        }
        minijinja::escape_formatter(out, state, value)
    });
    environment
}

/// The key of the custom field that a variable names.
fn field_of(variable: &str) -> Option<Key> {
    variable.strip_prefix(FIELD)?.parse().ok()
}

/// The custom fields that a template names, for those who know which there are.
///
/// # Errors
/// As [`check`].
pub fn fields_named(template: &str) -> Result<Vec<Key>, TemplateError> {
    let source = plain_tags(template)?;
    let environment = environment(Arc::default());
    let parsed = environment.template_from_str(&source).map_err(|e| said(&e))?;
    Ok(parsed.undeclared_variables(true).iter().filter_map(|v| field_of(v)).collect())
}

fn values(context: &Context, used: &[String]) -> BTreeMap<&'static str, BTreeMap<&'static str, Value>> {
    let mut all: BTreeMap<&'static str, BTreeMap<&'static str, Value>> = BTreeMap::new();
    let filled = |value: Option<&str>, name: &str| value.map_or_else(|| Value::from_object(Missing(name.to_owned())), Value::from);
    for variable in VARIABLES {
        let Some((noun, field)) = variable.split_once('.') else { continue };
        all.entry(noun).or_default().insert(field, filled(context.get(variable), variable));
    }
    let fields: BTreeMap<String, Value> =
        used.iter().filter_map(|v| field_of(v).map(|key| (key.to_string(), filled(context.field(key.as_str()), v)))).collect();
    all.entry("conversation").or_default().insert("field", Value::from(fields));
    all
}

/// The source for the engine: inside `{{ }}` and `{% %}` the HTML entities are characters again, and only what the little
/// language knows may stand there.
fn plain_tags(template: &str) -> Result<String, TemplateError> {
    let wrong = |text: &str| Err(TemplateError::Syntax(text.to_owned()));
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    loop {
        let next = ["{{", "{%", "{#"].iter().filter_map(|open| rest.find(open).map(|at| (at, *open))).min();
        let Some((at, open)) = next else { break };
        let close = match open {
            "{{" => "}}",
            "{%" => "%}",
            _ => return wrong("Comments ({# … #}) cannot be used here."),
        };
        out.push_str(&rest[..at]);
        let Some(end) = rest[at + 2..].find(close) else {
            return wrong(&format!("A {open} has no {close}."));
        };
        let inner = html_escape::decode_html_entities(&rest[at + 2..at + 2 + end]).replace('\u{a0}', " ").replace(['\u{201c}', '\u{201d}'], "\"");
        allowed(open, &inner)?;
        out.push_str(open);
        out.push_str(&inner);
        out.push_str(close);
        rest = &rest[at + 2 + end + 2..];
    }
    out.push_str(rest);
    Ok(out)
}

fn allowed(open: &str, inner: &str) -> Result<(), TemplateError> {
    if open == "{%" {
        let word = inner.trim_start_matches(['-', '+']).split_whitespace().next().unwrap_or_default().trim_end_matches('-');
        if !["if", "elif", "else", "endif"].contains(&word) {
            return Err(TemplateError::Syntax(format!("{{% {word} %}} cannot be used here; if, elif, else and endif can.")));
        }
    }
    // The engine's own words would print nothing: better to say so than to leave a hole.
    if let Some(own) = inner.split(|c: char| !c.is_alphanumeric() && c != '_').find(|w| ["self", "super", "loop", "caller"].contains(w)) {
        return Err(TemplateError::Unknown(own.to_owned()));
    }
    let mut quote = None;
    for c in inner.chars() {
        match quote {
            Some(q) if c == q => quote = None,
            Some(_) if matches!(c, '{' | '}' | '\\' | '%' | '#') => {
                return Err(TemplateError::Syntax(format!("{c} cannot stand in a fallback word.")));
            }
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || "_.|(),=!<>-".contains(c) => {}
            None => return Err(TemplateError::Syntax(format!("{c} cannot stand between {{{{ and }}}}."))),
        }
    }
    if quote.is_some() { Err(TemplateError::Syntax("A fallback word has no closing quote.".into())) } else { Ok(()) }
}

fn said(error: &minijinja::Error) -> TemplateError {
    match error.kind() {
        ErrorKind::OutOfFuel => TemplateError::TooLong,
        ErrorKind::UnknownFilter => TemplateError::Syntax("There is no such filter: default, upper, lower and trim can be used.".into()),
        kind => {
            let detail = error.detail().map_or_else(|| kind.to_string(), str::to_owned);
            TemplateError::Syntax(format!("The variable cannot be read: {detail}."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::workspace::Language;

    fn sample() -> Context {
        Context::sample("Olive Owner", "Haru", Language::En)
    }

    fn html(template: &str) -> String {
        render(template, &sample()).unwrap().html
    }

    #[test]
    fn variables_fallbacks_and_conditions_are_filled_in() {
        assert_eq!(html("<p>Hi {{ customer.first_name }}, #{{conversation.number}}</p>"), "<p>Hi Jamie, #1042</p>");
        assert_eq!(html("{{ customer.first_name | default(\"there\") }}"), "Jamie");
        assert_eq!(html("{% if customer.language == \"ko\" %}안녕하세요{% else %}Hello{% endif %}"), "Hello");
        // As the editor and the sanitiser leave it.
        assert_eq!(html("{{&nbsp;customer.name&nbsp;| upper }}"), "JAMIE RIVERA");
        assert_eq!(html("{% if conversation.subject &gt; \"\" %}x{% endif %}"), "x");
    }

    #[test]
    fn what_is_missing_is_told_unless_a_fallback_fills_it() {
        let nobody = Context::default();
        let rendered =
            render("<p>Hi {{ customer.first_name }}, {{ agent.name | default('we') }}{% if customer.email %}!{% endif %}</p>", &nobody).unwrap();
        assert_eq!((rendered.html.as_str(), rendered.missing), ("<p>Hi , we</p>", vec!["customer.first_name".to_owned()]));
        assert_eq!(render("{{ customer.name | upper | default('you') }}", &nobody).unwrap().html, "you");
    }

    #[test]
    fn custom_fields_are_variables_by_their_key() {
        let fields = [model::field::Field { key: "order_number".parse().unwrap(), ..field() }];
        let known = sample().with_fields(&fields);
        let template = "<p>{{ conversation.field.order_number }} {{ conversation.field.plan | default('none') }}{{ conversation.field.gone }}</p>";
        let rendered = render(template, &known).unwrap();
        assert_eq!((rendered.html.as_str(), rendered.missing), ("<p>(Order number) none</p>", vec!["conversation.field.gone".to_owned()]));
        let mut named: Vec<String> = fields_named(template).unwrap().iter().map(ToString::to_string).collect();
        named.sort();
        assert_eq!(named, ["gone", "order_number", "plan"]);
        for unknown in ["{{ conversation.field }}", "{{ conversation.field.Order }}", "{{ conversation.field.a.b }}", "{{ customer.field.a }}"] {
            assert!(matches!(check(unknown), Err(TemplateError::Unknown(_))), "{unknown}");
        }
    }

    fn field() -> model::field::Field {
        use model::{FieldId, Id};
        let at = "2026-11-22T10:00:00Z".parse().unwrap();
        model::field::Field {
            id: FieldId::from_raw(1),
            version: 1,
            key: "x".parse().unwrap(),
            label: model::field::Words { en: Some("Order number".into()), ko: None },
            help: model::field::Words::default(),
            kind: model::field::Kind::Text { max_length: 20 },
            inboxes: Vec::new(),
            shown_when: None,
            required: false,
            position: 1,
            archived_at: None,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn placeholders_are_found_after_the_variables() {
        let rendered = render("<p>{{ customer.first_name }}: [[ order number ]]</p>", &sample()).unwrap();
        assert_eq!(rendered.placeholders, ["order number"]);
    }

    #[test]
    fn row_49_a_template_sees_listed_variables_only() {
        for (template, unknown) in [
            ("{{ secret }}", "secret"),
            ("{{ customer.notes }}", "customer.notes"),
            ("{{ customer.name.__class__ }}", "customer.name.__class__"),
            ("{{ self }}", "self"),
            ("{{ agent }}", "agent"),
            ("{% if workspace.key %}x{% endif %}", "workspace.key"),
        ] {
            assert_eq!(check(template), Err(TemplateError::Unknown(unknown.into())), "{template}");
        }
    }

    #[test]
    fn row_49_nothing_loops_calls_includes_or_switches_the_escaping_off() {
        for template in [
            "{% for x in customer %}x{% endfor %}",
            "{% set x = 1 %}",
            "{% include \"/etc/passwd\" %}",
            "{% import \"x\" as y %}",
            "{% extends \"x\" %}",
            "{% macro x() %}{% endmacro %}",
            "{% autoescape false %}{{ customer.name }}{% endautoescape %}",
            "{% raw %}{{ customer.name }}{% endraw %}",
            "{%-for x in y-%}",
            "{# x #}",
            "{{ range(1000000) }}",
            "{{ customer.name() }}",
            "{{ customer.name | safe }}",
            "{{ customer.name | tojson }}",
            "{{ \"x\" * 1000000000 }}",
            "{{ [1, 2] }}",
            "{{ customer[\"name\"] }}",
            "{{ {} }}",
            "{{ 9 ** 9 ** 9 }}",
            "{{ customer.name ~ customer.name }}",
            "{{ debug() }}",
            "{{ \"a\\x41\" }}",
            "{{ \"open }}",
            "{{ customer.name",
            "{{ customer.<b>name</b> }}",
            "{% if customer.name %}",
        ] {
            assert!(check(template).is_err(), "{template}");
        }
    }

    #[test]
    fn row_49_a_template_has_a_budget() {
        assert_eq!(check(&"{{ customer.name }}".repeat(5_000)), Err(TemplateError::TooLong));
        assert_eq!(check(&"x".repeat(MOST_TEMPLATE + 1)), Err(TemplateError::TooLong));
        let deep = format!("{}x{}", "{% if agent.name %}".repeat(2_000), "{% endif %}".repeat(2_000));
        assert!(check(&deep).is_err());
        let parens = format!("{{{{ {}1{} }}}}", "(".repeat(5_000), ")".repeat(5_000));
        assert!(check(&parens).is_err());
    }

    #[test]
    fn row_49_a_customers_name_stays_words() {
        let mut context = sample();
        let evil = ["<img src=x onerror=alert(1)>", "{{ agent.name }}", "\" onmouseover=\"x", "javascript:alert(1)", "[[fill me]]"];
        for name in evil {
            context = Context::named(&context, name);
            let rendered =
                render("<p><a title=\"{{ customer.name }}\">{{ customer.name }}</a> <a href=\"{{ customer.name }}\">x</a></p>", &context).unwrap();
            assert!(
                !rendered.html.contains("<img") && !rendered.html.contains("onmouseover=\"x\"") && !rendered.html.contains("href=\"javascript"),
                "{}",
                rendered.html
            );
            assert!(!rendered.html.contains("Olive"), "{}", rendered.html);
            assert_eq!(rendered.placeholders, Vec::<String>::new());
        }
    }
}
