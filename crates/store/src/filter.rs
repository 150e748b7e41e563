//! A filter read as SQL. Agrees with [`model::filter::Filter::matches`] on both databases; a test proves it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::conversation::Bucket;
use model::field::{day_number, word};
use model::filter::{Choice, Condition, Custom, Field, Filter, Operator, Reader, Value as Operand};
use model::{FieldId, Id, Scope, Timestamp};

use crate::db::{Dialect, list};
use crate::search::{Index, Words};
use crate::{Conn, Error, Value, args, search};

/// A statement on its way: its text and its arguments.
#[derive(Debug)]
pub(crate) struct Query {
    pub sql: String,
    pub values: Vec<Value>,
    dialect: Dialect,
    /// How each text of the filter is asked: from [`texts`].
    texts: Vec<Text>,
}

/// A text that messages are to hold.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    words: String,
    phrase: bool,
    index: Index,
    /// As the index is asked.
    terms: String,
    /// Few messages hold it: the conversations are looked up from there. Else each conversation's messages are asked.
    is_rare: bool,
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
                let Some(Text { terms, is_rare, index, .. }) = known else {
                    return no_words(condition);
                };
                let (terms, is_rare, index) = (terms.clone(), *is_rare, *index);
                match (is_rare, self.dialect) {
                    _ if index == Index::Subjects => self.subject(text, terms, phrase, is_rare),
                    (true, _) => {
                        let n = self.bind(terms);
                        let holds = search::holds(Index::Messages, self.dialect, n);
                        format!("c.id IN (SELECT m.conversation_id FROM {} WHERE {holds})", search::from(self.dialect))
                    }
                    (false, Dialect::Postgres) => {
                        let n = self.bind(terms);
                        format!(
                            "EXISTS (SELECT 1 FROM message m JOIN search s ON s.message_id = m.id WHERE m.workspace_id = $1 \
                             AND m.conversation_id = c.id AND {} OFFSET 0)",
                            search::holds(Index::Messages, self.dialect, n)
                        )
                    }
                    // The index is slow to say whether one message holds a word; the text says it quicker.
                    (false, Dialect::Sqlite) => {
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
    fn subject(&mut self, text: &str, terms: String, phrase: bool, is_rare: bool) -> String {
        let key = Index::Subjects.key(self.dialect);
        match (is_rare, self.dialect) {
            (true, _) => {
                let n = self.bind(terms);
                let holds = search::holds(Index::Subjects, self.dialect, n);
                format!("c.id IN (SELECT s.{key} FROM {} s WHERE {holds})", Index::Subjects.table())
            }
            (false, Dialect::Postgres) => {
                let n = self.bind(terms);
                let holds = search::holds(Index::Subjects, self.dialect, n);
                format!("EXISTS (SELECT 1 FROM search_subject s WHERE s.{key} = c.id AND {holds} OFFSET 0)")
            }
            (false, Dialect::Sqlite) => {
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
            Field::Priority | Field::Inbox | Field::Requester => format!("(c.{} IN {})", column(field), list(ids(choices, reader))),
            _ => {
                let column = column(field);
                format!("(c.{column} IS NOT NULL AND c.{column} IN {})", list(ids(choices, reader)))
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

/// Where the words of a field are looked up.
fn index_of(field: Field) -> Option<Index> {
    match field {
        Field::Text => Some(Index::Messages),
        Field::Subject => Some(Index::Subjects),
        _ => None,
    }
}

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
        Operand::Day(day) => day_number(day.from(reader.today)),
        _ => 1,
    };
    (sign, n)
}

/// The conversations of a condition on a custom field that only those with a value can meet, from an index of the values. Its
/// one argument is `$2`.
fn having(id: FieldId, condition: &Condition, reader: &Reader) -> Option<(String, Value)> {
    let (compared, value) = match (condition.value(), condition.operator()) {
        (Operand::Words(words), Operator::IsAnyOf) => {
            let words: Vec<String> = words.iter().map(|w| word(w)).collect();
            ("word IN (SELECT value FROM json_each($2))".to_owned(), Value::from(crate::row::to_json(&words)))
        }
        (Operand::Number(_) | Operand::Day(_) | Operand::Flag(true), _) => {
            let (sign, n) = number(condition, reader);
            (format!("number {sign} $2"), Value::from(n))
        }
        _ => return None,
    };
    let id = id.raw();
    Some((format!("SELECT v.conversation_id AS id FROM field_value v WHERE v.workspace_id = $1 AND v.field_id = {id} AND v.{compared}"), value))
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

/// Whatever is rarer than this is looked up first, and the rest is checked on what was found.
const RARE: i64 = 2_000;
/// The same for messages with some words: what else there is must be read out of them.
const RARE_WORDS: i64 = 4_000;

/// As the index is asked for a condition's text; none when it has no words.
async fn terms(conn: &mut Conn, scope: &Scope, text: &str, phrase: bool) -> Result<Option<String>, Error> {
    let words = if phrase { model::text::tokens(text) } else { model::text::query_tokens(text) };
    if words.is_empty() {
        return Ok(None);
    }
    let fence = search::fence_for(conn, scope.workspace).await?;
    Ok(Some(if phrase {
        search::in_a_row(conn.dialect(), &words, fence.as_deref())
    } else {
        Words::all(words).terms(conn.dialect(), fence.as_deref())
    }))
}

/// The texts that a filter asks for, with how common each is. Of a few conversations, the messages are asked in any case.
pub(crate) async fn texts(conn: &mut Conn, scope: &Scope, filter: &Filter, of_few: bool) -> Result<Vec<Text>, Error> {
    let mut texts: Vec<Text> = Vec::new();
    for condition in filter.conditions() {
        let (Operand::Text(text), Some(index)) = (condition.value(), index_of(condition.field())) else { continue };
        let phrase = condition.operator() == Operator::ContainsPhrase;
        if texts.iter().all(|t| t.words != *text || t.phrase != phrase || t.index != index)
            && let Some(terms) = terms(conn, scope, text, phrase).await?
        {
            let is_rare = !of_few && is_rare(conn, index, &terms).await?;
            texts.push(Text { words: text.clone(), phrase, index, terms, is_rare });
        }
    }
    Ok(texts)
}

/// Whether few messages or subjects hold the terms.
async fn is_rare(conn: &mut Conn, index: Index, terms: &str) -> Result<bool, Error> {
    let (table, holds) = (index.table(), search::holds(index, conn.dialect(), 1));
    let hits = match conn.dialect() {
        Dialect::Sqlite => {
            let sql = format!("SELECT COUNT(*) AS n FROM (SELECT 1 FROM {table} s WHERE {holds} LIMIT {}) found", RARE_WORDS + 1);
            conn.fetch_aside(sql, args![terms]).await?.first().map_or(Ok(0), |r| r.int("n"))?
        }
        // To count, PostgreSQL would read all of them from the index. Its statistics know the common words.
        Dialect::Postgres => {
            let plan = conn.fetch_built(format!("EXPLAIN SELECT 1 FROM {table} s WHERE {holds}"), args![terms]).await?;
            let plan = plan.first().map(|r| r.text("QUERY PLAN")).transpose()?.unwrap_or_default();
            plan.split("rows=").nth(1).and_then(|n| n.split(' ').next()).and_then(|n| n.parse().ok()).unwrap_or(0)
        }
    };
    Ok(hits <= RARE_WORDS)
}

/// The conversations to begin with, when a condition that must hold is rare: a subquery of ids. Without one, a page walks its
/// index in order and is soon full.
pub(crate) async fn rare(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    reader: &Reader,
    texts: &[Text],
) -> Result<Option<(String, Vec<Value>)>, Error> {
    for condition in filter.required() {
        let (Operand::Text(text), Some(index)) = (condition.value(), index_of(condition.field())) else { continue };
        let phrase = match condition.operator() {
            Operator::Contains => false,
            Operator::ContainsPhrase => true,
            _ => continue,
        };
        if let Some(Text { terms, .. }) = texts.iter().find(|t| t.is_rare && t.words == *text && t.phrase == phrase && t.index == index) {
            if index == Index::Subjects {
                let (key, holds) = (index.key(conn.dialect()), search::holds(index, conn.dialect(), 2));
                return Ok(Some((format!("SELECT s.{key} AS id FROM search_subject s WHERE {holds}"), args![scope.workspace, terms.as_str()])));
            }
            let (from, holds) = (search::from(conn.dialect()), search::holds(Index::Messages, conn.dialect(), 2));
            return Ok(Some((format!("SELECT m.conversation_id AS id FROM {from} WHERE {holds}"), args![scope.workspace, terms.as_str()])));
        }
    }
    // PostgreSQL knows its numbers and decides by itself.
    match conn.dialect() {
        Dialect::Sqlite => match few(conn, scope, filter).await? {
            Some(sql) => Ok(Some((sql, args![scope.workspace]))),
            None => custom(conn, scope, filter, reader).await,
        },
        Dialect::Postgres => Ok(None),
    }
}

/// The few conversations that a custom field's value leaves: a subquery of ids.
async fn custom(conn: &mut Conn, scope: &Scope, filter: &Filter, reader: &Reader) -> Result<Option<(String, Vec<Value>)>, Error> {
    for condition in filter.required() {
        let Field::Custom(field) = condition.field() else { continue };
        let Some((sql, value)) = having(field.id, condition, reader) else { continue };
        let values = vec![Value::from(scope.workspace), value];
        let probe = format!("SELECT COUNT(*) AS n FROM ({sql} LIMIT {})", RARE + 1);
        if conn.fetch_built(probe, values.clone()).await?.first().map_or(Ok(0), |r| r.int("n"))? <= RARE {
            return Ok(Some((sql, values)));
        }
    }
    Ok(None)
}

/// The few conversations that a tag, a customer, a company, a follower or a status of the workspace's own leaves, when a filter must have them: a subquery of ids in workspace `$1`.
pub(crate) async fn few(conn: &mut Conn, scope: &Scope, filter: &Filter) -> Result<Option<String>, Error> {
    for condition in filter.required() {
        let (Operand::Choices(choices), Operator::IsAnyOf) = (condition.value(), condition.operator()) else { continue };
        let those: Vec<i64> = choices
            .iter()
            .filter_map(|c| match c {
                Choice::Tag(t) => Some(t.raw()),
                Choice::Customer(c) => Some(c.raw()),
                Choice::CustomStatus(s) => Some(s.raw()),
                Choice::Company(c) => Some(c.raw()),
                Choice::Agent(a) => Some(a.raw()),
                Choice::Me => scope.actor.agent().map(Id::raw),
                _ => None,
            })
            .collect();
        let sql = match condition.field() {
            Field::Tag => format!("SELECT g.conversation_id AS id FROM conversation_tag g WHERE g.workspace_id = $1 AND g.tag_id IN {}", list(those)),
            Field::Requester => format!("SELECT k.id FROM conversation k WHERE k.workspace_id = $1 AND k.customer_id IN {}", list(those)),
            Field::CustomStatus => {
                format!("SELECT k.id FROM conversation k WHERE k.workspace_id = $1 AND k.custom_status_id IN {}", list(those))
            }
            Field::Company => format!(
                "SELECT k.id FROM customer u JOIN conversation k ON k.workspace_id = $1 AND k.customer_id = u.id \
                 WHERE u.workspace_id = $1 AND u.company_id IN {}",
                list(those)
            ),
            Field::Follower => format!("SELECT f.conversation_id AS id FROM follower f WHERE f.workspace_id = $1 AND f.agent_id IN {}", list(those)),
            _ => continue,
        };
        let probe = format!("SELECT COUNT(*) AS n FROM ({sql} LIMIT {}) found", RARE + 1);
        if conn.fetch_built(probe, args![scope.workspace]).await?.first().map_or(Ok(0), |r| r.int("n"))? <= RARE {
            return Ok(Some(sql));
        }
    }
    Ok(None)
}

/// Who asks, for the conditions that depend on it. Reads the reader's teams only where a filter asks for them.
pub async fn reader(conn: &mut Conn, scope: &Scope, filter: &Filter, now: model::Timestamp) -> Result<Reader, Error> {
    let agent = scope.actor.agent();
    let wanted = filter.conditions().iter().any(|c| matches!(c.value(), Operand::Choices(list) if list.contains(&Choice::MyTeams)));
    let teams = match agent {
        Some(agent) if wanted => crate::team::of_agent(conn, scope.workspace, agent).await?,
        _ => Vec::new(),
    };
    let today = if filter.depends_on_day() { today(conn, scope, now).await? } else { Date::ZERO };
    Ok(Reader { agent, teams, now, today })
}

/// The day where the workspace is.
async fn today(conn: &mut Conn, scope: &Scope, now: Timestamp) -> Result<Date, Error> {
    let zone = crate::workspace::find(conn, scope.workspace).await?.map(|w| w.time_zone).unwrap_or_default();
    Ok(now.to_zoned(TimeZone::get(&zone).unwrap_or(TimeZone::UTC)).date())
}
