//! Where a filter is begun: at what few conversations have, or at the order of the list.

use model::field::word;
use model::filter::{Choice, Condition, Field, Filter, Operator, Reader, Value as Operand};
use model::{FieldId, Id, Scope};

use super::number;
use crate::db::{Dialect, list};
use crate::search::{Index, Words};
use crate::{Conn, Error, Value, args, search};

/// A text that messages are to hold.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(super) words: String,
    pub(super) phrase: bool,
    pub(super) index: Index,
    /// As the index is asked.
    pub(super) terms: String,
    pub(super) way: Way,
}

/// How it is found out whether a conversation holds a text, by how many do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The statement begins with those that hold it.
    Given,
    /// Few: the conversations can be looked up from there.
    Few,
    /// Some: those are read from the index once, and each conversation is looked for among them.
    Some,
    /// Many: each conversation's messages are asked, until the page is full.
    Many,
}

/// Where the words of a field are looked up.
pub(super) fn index_of(field: Field) -> Option<Index> {
    match field {
        Field::Text => Some(Index::Messages),
        Field::Subject => Some(Index::Subjects),
        _ => None,
    }
}

/// Whatever is rarer than this is looked up first, and the rest is checked on what was found.
const RARE: i64 = 2_000;
/// The same for messages with some words: what else there is must be read out of them.
const RARE_WORDS: i64 = 4_000;
/// Up to here, the index says sooner which messages hold some words than the messages do that a page would look at. SQLite reads a
/// million of them a second from there; PostgreSQL cannot without a look at each row.
const SOME_WORDS: i64 = 20_000;

/// As the index is asked for a condition's text, and what nearly the same messages hold, for counting; none when it has no words.
async fn terms(conn: &mut Conn, scope: &Scope, text: &str, phrase: bool) -> Result<Option<(String, String)>, Error> {
    let words = if phrase { model::text::tokens(text) } else { model::text::query_tokens(text) };
    if words.is_empty() {
        return Ok(None);
    }
    let fence = search::fence_for(conn, scope.workspace).await?;
    let dialect = conn.dialect();
    if phrase {
        let terms = search::in_a_row(dialect, &words, fence.as_deref());
        let nearly = search::nearly_in_a_row(dialect, &words);
        return Ok(Some((terms, nearly)));
    }
    let terms = Words::all(words).terms(dialect, fence.as_deref());
    Ok(Some((terms.clone(), terms)))
}

/// The texts that a filter asks for, with how common each is. Of a few conversations, the messages are asked in any case.
pub(crate) async fn texts(conn: &mut Conn, scope: &Scope, filter: &Filter, of_few: bool) -> Result<Vec<Text>, Error> {
    let mut texts: Vec<Text> = Vec::new();
    for condition in filter.conditions() {
        let (Operand::Text(text), Some(index)) = (condition.value(), index_of(condition.field())) else { continue };
        let phrase = condition.operator() == Operator::ContainsPhrase;
        if texts.iter().all(|t| t.words != *text || t.phrase != phrase || t.index != index)
            && let Some((terms, nearly)) = terms(conn, scope, text, phrase).await?
        {
            let way = if of_few { Way::Many } else { way(conn, index, &nearly).await? };
            texts.push(Text { words: text.clone(), phrase, index, terms, way });
        }
    }
    Ok(texts)
}

/// How to go about terms, by how many messages or subjects hold them.
async fn way(conn: &mut Conn, index: Index, terms: &str) -> Result<Way, Error> {
    let (table, holds) = (index.table(), search::holds(index, conn.dialect(), 1));
    let (hits, some) = match conn.dialect() {
        Dialect::Sqlite => {
            let sql = format!("SELECT COUNT(*) AS n FROM (SELECT 1 FROM {table} s WHERE {holds} LIMIT {}) found", SOME_WORDS + 1);
            (conn.fetch_aside(sql, args![terms]).await?.first().map_or(Ok(0), |r| r.int("n"))?, SOME_WORDS)
        }
        // To count, PostgreSQL would read all of them from the index. Its statistics know the common words.
        Dialect::Postgres => {
            let plan = conn.fetch_built(format!("EXPLAIN SELECT 1 FROM {table} s WHERE {holds}"), args![terms]).await?;
            let plan = plan.first().map(|r| r.text("QUERY PLAN")).transpose()?.unwrap_or_default();
            (plan.split("rows=").nth(1).and_then(|n| n.split(' ').next()).and_then(|n| n.parse().ok()).unwrap_or(0), 0)
        }
    };
    Ok(match hits {
        few if few <= RARE_WORDS => Way::Few,
        n if n <= some => Way::Some,
        _ => Way::Many,
    })
}

/// The conversations to begin with, when a condition that must hold is rare: a subquery of ids. Without one, a page walks its
/// index in order and is soon full. The text that it begins with need not be asked for again.
pub(crate) async fn rare(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    reader: &Reader,
    texts: &mut [Text],
) -> Result<Option<(String, Vec<Value>)>, Error> {
    for condition in filter.required() {
        let (Operand::Text(text), Some(index)) = (condition.value(), index_of(condition.field())) else { continue };
        let phrase = match condition.operator() {
            Operator::Contains => false,
            Operator::ContainsPhrase => true,
            _ => continue,
        };
        let known = texts.iter_mut().find(|t| t.way == Way::Few && t.words == *text && t.phrase == phrase && t.index == index);
        if let Some(text) = known {
            text.way = Way::Given;
            let values = args![scope.workspace, text.terms.as_str()];
            let holds = search::holds(index, conn.dialect(), 2);
            let sql = if index == Index::Subjects {
                format!("SELECT s.{} AS id FROM search_subject s WHERE {holds}", index.key(conn.dialect()))
            } else {
                format!("SELECT m.conversation_id AS id FROM {} WHERE {holds}", search::from(conn.dialect()))
            };
            return Ok(Some((sql, values)));
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
