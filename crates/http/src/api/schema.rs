//! Words of the model as the OpenAPI document spells them. For documentation only: `#[schema(value_type = schema::Role)]`.

use utoipa::ToSchema;

/// What a person may do in a workspace.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, missing_docs)]
pub enum Role {
    Owner,
    Admin,
    Agent,
    Viewer,
}

/// A language of the interface.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[allow(dead_code, missing_docs)]
pub enum Language {
    En,
    Ko,
}

/// What an API token may do, besides what its agent may.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, missing_docs)]
pub enum TokenScope {
    Read,
    Write,
    Admin,
    Mail,
}

/// Light, dark, or as the system says.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, missing_docs)]
pub enum Theme {
    System,
    Light,
    Dark,
}

/// Row height of lists.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, missing_docs)]
pub enum Density {
    Comfortable,
    Compact,
}
