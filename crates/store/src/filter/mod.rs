//! A filter read as SQL. Agrees with [`model::filter::Filter::matches`] on both databases; a test proves it.

mod start;

use jiff::tz::TimeZone;
use model::conversation::Bucket;
use model::field::{day_number, word};
use model::filter::{Choice, Condition, Custom, Field, Filter, Operator, Reader, Value as Operand};
use model::{Id, Scope};

pub(crate) use start::{Text, few, rare, texts};

use crate::db::{Dialect, list};
use crate::search::Index;
use crate::{Conn, Error, Value, search};
use start::{Way, index_of};

/// A statement on its way: its text and its arguments.
#[derive(Debug)]
pub(crate) struct Query {
    pub sql: String,
    pub values: Vec<Value>,
    dialect: Dialect,
    /// How each text of the filter is asked: from [`texts`].
    texts: Vec<Text>,
}

impl Query {
    /// With the texts of the filter that [`Self::condition`] will read, if any.
    pub(crate) fn new(conn: &Conn, sql: String, values: Vec<Value>, texts: Vec<Text>) -> Self {
        Self { sql, values, dialect: conn.dialect(), texts }
    }

    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }

    /// A filter on `c`, a conversation of workspace `$1`, as an expression that is true or false and never null.
    pub(crate) fn condition(&mut self, filter: &Filter, reader: &Reader) -> String {
        match filter {
            Filter::All(parts) => self.group(parts, " AND ", "1 = 1", reader),
            Filter::Any(parts) => self.group(parts, " OR ", "1 = 0", reader),
            Filter::Not(one) => format!("NOT {}", self.condition(one, reader)),
            Filter::Is(condition) => self.one(condition, reader),
        }
    }

    fn group(&mut self, parts: &[Filter], between: &str, empty: &str, reader: &Reader) -> String {
        if parts.is_empty() {
            return format!("({empty})");
        }
        let parts: Vec<String> = parts.iter().map(|p| self.condition(p, reader)).collect();
        format!("({})", parts.join(between))
    }

    fn one(&mut self, condition: &Condition, reader: &Reader) -> String {
        if let Field::Custom(custom) = condition.field() {
            return self.custom(custom, condition, reader);
        }
        let positive = match condition.value() {
            // Only custom fields hold these.
            Operand::Words(_) | Operand::Day(_) => "(1 = 0)".into(),
            Operand::Choices(choices) => self.choices(condition.field(), choices, reader),
            Operand::Addresses(addresses) => {
                let any: Vec<String> = addresses.iter().map(|a| format!("${}", self.bind(a.as_str()))).collect();
                format!(
                    "EXISTS (SELECT 1 FROM participant p WHERE p.workspace_id = $1 AND p.conversation_id = c.id AND p.address_folded IN ({}))",
                    any.join(", ")
                )
            }
            Operand::Number(n) => {
                let column = if condition.field() == Field::Number { "number" } else { "message_count" };
                let sign = match condition.operator() {
                    Operator::LessThan => "<",
                    Operator::MoreThan => ">",
                    _ => "=",
                };
                format!("(c.{column} {sign} ${})", self.bind(*n))
            }
            Operand::When(when) => {
                let (column, guard) = time(condition.field());
                let sign = if condition.operator() == Operator::Before { "<" } else { ">=" };
                let n = self.bind(when.from(reader.now));
                format!("({guard}c.{column} IS NOT NULL AND c.{column} {sign} ${n})")
            }
            Operand::Period(period) => {
                let (column, guard) = time(condition.field());
                let (from, to) = period.bounds(reader);
                let (from, to) = (self.bind(from), self.bind(to));
                format!("({guard}c.{column} IS NOT NULL AND c.{column} >= ${from} AND c.{column} < ${to})")
            }
            Operand::Flag(flag) => {
                let not = if *flag { "" } else { "NOT " };
                if condition.field() == Field::Unread {
                    let n = self.bind(reader.agent.map_or(0, Id::raw));
                    let mine = format!("SELECT 1 FROM read_state f WHERE f.workspace_id = $1 AND f.agent_id = ${n} AND f.conversation_id = c.id");
                    // The time 0: marked as unread by hand, whether a customer wrote or not.
                    format!(
                        "{not}((c.last_customer_at IS NOT NULL AND NOT EXISTS ({mine} AND f.read_at >= c.last_customer_at)) \
                         OR EXISTS ({mine} AND f.read_at = 0))"
                    )
                } else {
                    format!(
                        "{not}EXISTS (SELECT 1 FROM message m JOIN attachment x ON x.workspace_id = $1 AND x.message_id = m.id \
                         WHERE m.workspace_id = $1 AND m.conversation_id = c.id AND NOT x.inline)"
                    )
                }
            }
            Operand::Text(text) => {
                let phrase = condition.operator() == Operator::ContainsPhrase;
                let index = index_of(condition.field());
                let known = self.texts.iter().find(|t| t.words == *text && t.phrase == phrase && Some(t.index) == index);
                let Some(Text { terms, way, index, .. }) = known else {
                    return no_words(condition);
                };
                let (terms, way, index) = (terms.clone(), *way, *index);
                match (way, self.dialect) {
                    (Way::Given, _) => "(1 = 1)".into(),
                    _ if index == Index::Subjects => self.subject(text, terms, phrase, way),
                    (Way::Few | Way::Some, _) => {
                        let n = self.bind(terms);
                        let holds = search::holds(Index::Messages, self.dialect, n);
                        // The `+` keeps the planner on the order of the page.
                        let plain = if way == Way::Some { "+" } else { "" };
                        format!("{plain}c.id IN (SELECT m.conversation_id FROM {} WHERE {holds})", search::from(self.dialect))
                    }
                    (_, Dialect::Postgres) => {
                        let n = self.bind(terms);
                        format!(
                            "EXISTS (SELECT 1 FROM message m JOIN search s ON s.message_id = m.id WHERE m.workspace_id = $1 \
                             AND m.conversation_id = c.id AND {} OFFSET 0)",
                            search::holds(Index::Messages, self.dialect, n)
                        )
                    }
                    // The index is slow to say whether one message holds a word; the text says it quicker.
                    (_, Dialect::Sqlite) => {
                        let tokens = if phrase { model::text::tokens(text) } else { model::text::query_tokens(text) };
                        let n = self.bind(tokens.join(" "));
                        format!(
                            "EXISTS (SELECT 1 FROM message m WHERE m.workspace_id = $1 AND m.conversation_id = c.id AND \
                             text_holds(m.subject, COALESCE(m.from_name, ''), COALESCE(m.from_address, ''), m.reply_text, ${n}, {}))",
                            i32::from(phrase)
                        )
                    }
                }
            }
            Operand::Nothing => match condition.field() {
                Field::CustomStatus => "c.custom_status_id IS NOT NULL".into(),
                Field::Assignee => "c.assignee_id IS NOT NULL".into(),
                Field::Team => "c.team_id IS NOT NULL".into(),
                Field::Tag => "EXISTS (SELECT 1 FROM conversation_tag g WHERE g.workspace_id = $1 AND g.conversation_id = c.id)".into(),
                Field::Company => format!("{IN_COMPANY} IS NOT NULL)"),
                Field::Follower => format!("{FOLLOWED})"),
                Field::Mentioned => format!("{MENTIONED})"),
                field => {
                    let (column, guard) = time(field);
                    format!("({guard}c.{column} IS NOT NULL)")
                }
            },
        };
        match condition.operator() {
            Operator::IsNoneOf | Operator::DoesNotContain | Operator::IsNotSet => format!("NOT ({positive})"),
            _ => positive,
        }
    }

    /// Words of the subject alone.
    fn subject(&mut self, text: &str, terms: String, phrase: bool, way: Way) -> String {
        let key = Index::Subjects.key(self.dialect);
        match (way, self.dialect) {
            (Way::Given | Way::Few | Way::Some, _) => {
                let n = self.bind(terms);
                let holds = search::holds(Index::Subjects, self.dialect, n);
                format!("{}c.id IN (SELECT s.{key} FROM {} s WHERE {holds})", if way == Way::Some { "+" } else { "" }, Index::Subjects.table())
            }
            (_, Dialect::Postgres) => {
                let n = self.bind(terms);
                let holds = search::holds(Index::Subjects, self.dialect, n);
                format!("EXISTS (SELECT 1 FROM search_subject s WHERE s.{key} = c.id AND {holds} OFFSET 0)")
            }
            (_, Dialect::Sqlite) => {
                let tokens = if phrase { model::text::tokens(text) } else { model::text::query_tokens(text) };
                let n = self.bind(tokens.join(" "));
                format!("text_holds(c.subject, '', '', '', ${n}, {})", i32::from(phrase))
            }
        }
    }

    /// A condition on a custom field: there is, or is not, a part that compares so. Without a comparison, any part at all.
    fn custom(&mut self, custom: Custom, condition: &Condition, reader: &Reader) -> String {
        let compared = match condition.value() {
            Operand::Words(words) => {
                let any: Vec<String> = words.iter().map(|w| format!("${}", self.bind(word(w)))).collect();
                format!(" AND v.word IN ({})", any.join(", "))
            }
            Operand::Number(_) | Operand::Day(_) => {
                let (sign, n) = number(condition, reader);
                format!(" AND v.number {sign} ${}", self.bind(n))
            }
            Operand::Text(part) => {
                let part = word(part);
                let holds = if self.dialect == Dialect::Sqlite { "instr" } else { "strpos" };
                // Nothing is a part of no text.
                let something = if part.is_empty() { " AND 1 = 0" } else { "" };
                format!(" AND {holds}(v.word, ${}) > 0{something}", self.bind(part))
            }
            _ => String::new(),
        };
        let not = match (condition.value(), condition.operator()) {
            (Operand::Flag(false), _) | (_, Operator::IsNoneOf | Operator::IsNotSet | Operator::DoesNotContain) => "NOT ",
            _ => "",
        };
        let id = custom.id.raw();
        format!("{not}EXISTS (SELECT 1 FROM field_value v WHERE v.workspace_id = $1 AND v.conversation_id = c.id AND v.field_id = {id}{compared})")
    }

    fn choices(&mut self, field: Field, choices: &[Choice], reader: &Reader) -> String {
        if field == Field::Tag {
            let tags = ids(choices, reader);
            return format!(
                "EXISTS (SELECT 1 FROM conversation_tag g WHERE g.workspace_id = $1 AND g.conversation_id = c.id AND g.tag_id IN {})",
                list(tags)
            );
        }
        let those = list(ids(choices, reader));
        match field {
            Field::Company => return format!("{IN_COMPANY} IN {those})"),
            Field::Follower => return format!("{FOLLOWED} AND f.agent_id IN {those})"),
            Field::Mentioned => return format!("{MENTIONED} AND n.agent_id IN {those})"),
            _ => {}
        }
        let words: Vec<&'static str> = choices
            .iter()
            .filter_map(|c| match c {
                Choice::Status(kind) => Some(kind.as_str()),
                Choice::Channel(channel) => Some(channel.as_str()),
                _ => None,
            })
            .collect();
        match field {
            Field::Status | Field::Channel => {
                let column = if field == Field::Status { "status" } else { "channel" };
                let any: Vec<String> = words.into_iter().map(|w| format!("${}", self.bind(w))).collect();
                format!("(c.{column} IN ({}))", any.join(", "))
            }
            Field::Priority | Field::Inbox | Field::Requester => format!("(c.{} IN {those})", column(field)),
            // Of nobody, or of no team: compared with nothing, SQL says neither yes nor no.
            _ if ids(choices, reader).is_empty() => "(1 = 0)".into(),
            _ => {
                let column = column(field);
                format!("(c.{column} IS NOT NULL AND c.{column} IN {those})")
            }
        }
    }
}

/// Up to a test of the company, and a bracket.
const IN_COMPANY: &str = "EXISTS (SELECT 1 FROM customer u WHERE u.workspace_id = $1 AND u.id = c.customer_id AND u.company_id";
/// Up to a test of the agent, if any, and a bracket.
const FOLLOWED: &str = "EXISTS (SELECT 1 FROM follower f WHERE f.workspace_id = $1 AND f.conversation_id = c.id";
/// As [`FOLLOWED`].
const MENTIONED: &str = "EXISTS (SELECT 1 FROM message m JOIN mention n ON n.workspace_id = $1 AND n.message_id = m.id \
    WHERE m.workspace_id = $1 AND m.conversation_id = c.id";

/// A text without words: no message holds it.
fn no_words(condition: &Condition) -> String {
    if condition.operator() == Operator::DoesNotContain { "NOT (1 = 0)".into() } else { "(1 = 0)".into() }
}

/// How the number of a custom field compares, and with what.
fn number(condition: &Condition, reader: &Reader) -> (&'static str, i64) {
    let sign = match condition.operator() {
        Operator::LessThan | Operator::Before => "<",
        Operator::MoreThan => ">",
        Operator::After => ">=",
        _ => "=",
    };
    let n = match condition.value() {
        Operand::Number(n) => *n,
        Operand::Day(day) => day_number(day.from(reader.today())),
        _ => 1,
    };
    (sign, n)
}

fn column(field: Field) -> &'static str {
    match field {
        Field::Priority => "priority",
        Field::Inbox => "inbox_id",
        Field::Requester => "customer_id",
        Field::Team => "team_id",
        Field::CustomStatus => "custom_status_id",
        _ => "assignee_id",
    }
}

fn ids(choices: &[Choice], reader: &Reader) -> Vec<i64> {
    let mut out = Vec::new();
    for choice in choices {
        match choice {
            Choice::Priority(v) => out.push(v.as_i64()),
            Choice::Agent(v) => out.push(v.raw()),
            Choice::Me => out.extend(reader.agent.map(Id::raw)),
            Choice::Team(v) => out.push(v.raw()),
            Choice::MyTeams => out.extend(reader.teams.iter().map(|t| t.raw())),
            Choice::Inbox(v) => out.push(v.raw()),
            Choice::Customer(v) => out.push(v.raw()),
            Choice::Company(v) => out.push(v.raw()),
            Choice::Tag(v) => out.push(v.raw()),
            Choice::CustomStatus(v) => out.push(v.raw()),
            Choice::Status(_) | Choice::Channel(_) => {}
        }
    }
    out
}

/// A time's column, and what else must hold for it to mean that.
fn time(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::Created => ("created_at", ""),
        Field::Updated => ("updated_at", ""),
        Field::LastActivity => ("last_activity_at", ""),
        Field::LastCustomerMessage => ("last_customer_at", ""),
        Field::LastReply => ("last_reply_at", ""),
        Field::Due => ("due_at", ""),
        Field::SnoozedUntil => ("status_time", "c.status = 'snoozed' AND "),
        Field::ResolvedAt => ("status_time", "c.status = 'resolved' AND "),
        _ => ("waiting_since", ""),
    }
}

/// The buckets that a filter can find anything in; none when it may be any. Lets a page read the index of the bucket.
pub(crate) fn buckets(filter: &Filter) -> Option<Vec<i64>> {
    let mut found: Option<Vec<i64>> = None;
    for condition in filter.required() {
        if let (Field::Status, Operator::IsAnyOf, Operand::Choices(choices)) = (condition.field(), condition.operator(), condition.value()) {
            let mut these: Vec<i64> = choices
                .iter()
                .filter_map(|c| match c {
                    Choice::Status(kind) => Some(kind.bucket().as_i64()),
                    _ => None,
                })
                .collect();
            these.sort_unstable();
            these.dedup();
            found = Some(found.map_or(these.clone(), |f| f.into_iter().filter(|b| these.contains(b)).collect()));
        }
    }
    found
}

/// Every bucket that lists show unless asked for another.
pub(crate) const SHOWN: [Bucket; 3] = [Bucket::Open, Bucket::Snoozed, Bucket::Resolved];

/// Who asks, for the conditions that depend on it. Reads the reader's teams only where a filter asks for them.
pub async fn reader(conn: &mut Conn, scope: &Scope, filter: &Filter, now: model::Timestamp) -> Result<Reader, Error> {
    let agent = scope.actor.agent();
    let wanted = filter.conditions().iter().any(|c| matches!(c.value(), Operand::Choices(list) if list.contains(&Choice::MyTeams)));
    let teams = match agent {
        Some(agent) if wanted => crate::team::of_agent(conn, scope.workspace, agent).await?,
        _ => Vec::new(),
    };
    let zone = if filter.depends_on_zone() { zone(conn, scope).await? } else { TimeZone::UTC };
    Ok(Reader { agent, teams, now, zone })
}

/// The zone that the days of whoever asks begin in: the agent's own, or else the workspace's.
pub async fn zone(conn: &mut Conn, scope: &Scope) -> Result<TimeZone, Error> {
    let agent = scope.actor.agent().map_or(0, Id::raw);
    let row = conn.fetch_optional(crate::sql::workspace::ZONE, crate::args![scope.workspace, agent]).await?;
    let name = row.map(|r| r.text("time_zone")).transpose()?.unwrap_or_default();
    Ok(TimeZone::get(&name).unwrap_or(TimeZone::UTC))
}
