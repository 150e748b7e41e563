//! Texts with variables: saved replies, and the notes and replies of actions.
//!
//! A template is sanitised HTML with `{{ customer.first_name | default("there") }}` and `{% if … %}` in it. It sees the
//! variables of [`VARIABLES`] and nothing else, cannot loop, call or include, and has a budget of steps; what it makes is
//! escaped where a variable stands and sanitised as a whole.

mod context;
mod engine;
mod placeholder;

pub use context::{Context, VARIABLES, first_name, pick_language};
pub use engine::{MOST_TEMPLATE, Rendered, TemplateError, check, render};
pub use placeholder::placeholders;
