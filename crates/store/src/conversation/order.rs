//! The orders of lists, and how each is read from an index.

use crate::db::list;

/// Where the condition on the bucket comes in a statement of a list.
pub(crate) const BUCKETS: &str = " AND {bucket}";

/// The order that a list can be read in.
pub(crate) struct Order {
    pub key: &'static str,
    pub direction: &'static str,
    pub sign: &'static str,
    pub plain: &'static str,
    pub buckets: Vec<i64>,
}

impl Order {
    /// `ORDER BY`, with a page's key and direction.
    pub fn by(&self, plain: &str) -> String {
        format!("ORDER BY {plain}c.{} {d}, c.id {d}", self.key, d = self.direction)
    }

    /// The statement over all of its buckets.
    pub fn whole(&self, sql: &str) -> String {
        let condition = match self.buckets.as_slice() {
            [one] => format!("{}c.bucket = {one}", self.plain),
            // Nearly all of them: the index of everything is in order already.
            several => format!("+c.bucket IN {}", list(several.iter().copied())),
        };
        sql.replacen("{bucket}", &condition, 1)
    }

    /// The first `limit` of the statement, in order. No index has the urgent ones of every bucket in a row: those of each are read
    /// by themselves.
    pub fn first(&self, sql: &str, limit: usize) -> String {
        let by = self.by(self.plain);
        if self.key != "priority" || self.buckets.len() < 2 || !self.plain.is_empty() {
            return format!("({} {by} LIMIT {limit})", self.whole(sql));
        }
        let each: Vec<String> = self
            .buckets
            .iter()
            .map(|b| format!("SELECT * FROM ({} {by} LIMIT {limit}) b{b}", sql.replacen("{bucket}", &format!("c.bucket = {b}"), 1)))
            .collect();
        format!("(SELECT * FROM ({}) c {} LIMIT {limit})", each.join(" UNION ALL "), self.by(""))
    }
}
