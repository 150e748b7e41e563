//! Lists in pages: `{items, next}`, `?cursor=&limit=`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// Rows of a page when the request does not say.
pub const DEFAULT_LIMIT: usize = 50;
/// Most rows of a page.
pub const MAX_LIMIT: usize = 100;

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct List<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Cursor of the next page; null at the end.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A list that is one page.
    pub fn whole<S: Into<T>>(items: impl IntoIterator<Item = S>) -> Self {
        Self { items: items.into_iter().map(Into::into).collect(), next: None }
    }
}

impl<T, S: Into<T>> From<model::page::Page<S>> for List<T> {
    fn from(page: model::page::Page<S>) -> Self {
        Self { items: page.items.into_iter().map(Into::into).collect(), next: page.next }
    }
}

/// The asked-for number of rows, within bounds.
pub fn limit(asked: Option<u32>) -> Result<usize, Problem> {
    match asked.map(|n| n as usize) {
        None => Ok(DEFAULT_LIMIT),
        Some(n) if (1..=MAX_LIMIT).contains(&n) => Ok(n),
        Some(_) => Err(Problem::malformed(format!("limit is a number from 1 to {MAX_LIMIT}."))),
    }
}

/// A cursor that we gave out; anything else is malformed.
pub fn cursor<T: std::str::FromStr>(given: Option<&str>) -> Result<Option<T>, Problem> {
    given.map(|text| text.parse().map_err(|_| Problem::malformed("This cursor is not one of ours."))).transpose()
}
