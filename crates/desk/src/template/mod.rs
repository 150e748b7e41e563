//! Texts with variables: saved replies, and the notes and replies of actions.
//!
//! A template is sanitised HTML with `{{ customer.first_name | default("there") }}` and `{% if … %}` in it. It sees the
//! variables of [`VARIABLES`] and nothing else, cannot loop, call or include, and has a budget of steps; what it makes is
//! escaped where a variable stands and sanitised as a whole.

mod context;
mod engine;
mod placeholder;

pub use context::{Context, FIELD, VARIABLES, first_name, pick_language};
pub use engine::{MOST_TEMPLATE, Rendered, TemplateError, check, fields_named, render};
pub use placeholder::placeholders;

use model::WorkspaceId;
use store::Conn;

/// The first custom field that a template names and the workspace does not have. Asks the store only where it names any.
///
/// # Errors
/// Only those of the store: a template that cannot be read names none.
pub async fn unknown_field(conn: &mut Conn, workspace: WorkspaceId, template: &str) -> Result<Option<String>, store::Error> {
    let named = fields_named(template).unwrap_or_default();
    if named.is_empty() {
        return Ok(None);
    }
    let fields = store::field::list(conn, workspace).await?;
    Ok(named.into_iter().find(|key| fields.iter().all(|f| f.key != *key)).map(|key| format!("{FIELD}{key}")))
}
