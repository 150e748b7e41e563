//! Reading requests: JSON bodies, query strings and ids in paths. What does not fit is named.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::problem::Problem;

/// A JSON body, in or out. Unknown fields are refused where the type says `deny_unknown_fields`, as all of ours do.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let content_type = content_type.split(';').next().unwrap_or_default().trim();
        if !content_type.eq_ignore_ascii_case("application/json") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "malformed",
                "Malformed request",
                "Send JSON with Content-Type: application/json.",
            ));
        }
        let bytes = read_body(request, app).await?;
        parse(&bytes).map(Self)
    }
}

/// The body's bytes, or the problem with them.
pub async fn read_body(request: Request, app: &App) -> Result<Bytes, Problem> {
    Bytes::from_request(request, app).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(e) if e.status() == StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(app.settings.max_body),
        _ => Problem::malformed("The body did not arrive whole."),
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if has_nul(bytes) {
        return Err(Problem::malformed("Text must not contain NUL characters."));
    }
    // Serde would also take an array with the fields in order; the API does not.
    if bytes.trim_ascii_start().first().is_some_and(|b| *b != b'{') {
        return Err(Problem::malformed("The body is one JSON object."));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return Problem::malformed(format!("The body is not valid JSON: {inner}."));
        }
        field_problem(&path, &inner.to_string())
    })?;
    reader.end().map_err(|_| Problem::malformed("The body goes on after the JSON value."))?;
    Ok(value)
}

/// Whether an escape for NUL stands in the JSON; raw NULs are no JSON at all.
fn has_nul(bytes: &[u8]) -> bool {
    bytes.windows(6).enumerate().any(|(at, window)| window == b"\\u0000" && bytes[..at].iter().rev().take_while(|b| **b == b'\\').count() % 2 == 0)
}

fn field_problem(path: &str, message: &str) -> Problem {
    let quoted = message.split('`').nth(1).unwrap_or_default();
    let path = if path == "." { "" } else { path };
    // The path ends in the field itself, or in what holds it.
    let within = |field: &str| match path {
        "" => field.to_owned(),
        path if path == field || path.ends_with(&format!(".{field}")) => path.to_owned(),
        path => format!("{path}.{field}"),
    };
    let detail = message.split(" at line ").next().unwrap_or(message);
    if message.starts_with("unknown field") {
        return Problem::malformed(format!("There is no field {quoted:?} here.")).and_field(&within(quoted), "unknown", "Unknown field.");
    }
    if message.starts_with("duplicate field") {
        return Problem::malformed(format!("The field {quoted:?} is there twice."));
    }
    if message.starts_with("missing field") {
        return Problem::invalid(&within(quoted), "missing", "This field is needed.");
    }
    Problem::invalid(path, "invalid", detail)
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => Problem::internal(&error).into_response(),
        }
    }
}

/// The query string. Unknown parameters are refused where the type says so.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        if parts.uri.query().is_some_and(|q| q.contains("%00")) {
            return Err(Problem::malformed("Text must not contain NUL characters."));
        }
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|q| Self(q.0))
            .map_err(|rejection| Problem::malformed(format!("The query string does not fit: {}.", rejection.body_text())))
    }
}

/// The one id in the path. What is no id of this kind does not exist: 404.
#[derive(Debug, Clone, Copy)]
pub struct PathId<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        path.map(|p| Self(p.0)).map_err(|_| Problem::not_found())
    }
}

/// For `PATCH`: tells a field that is absent (`None`) from one that is null (`Some(None)`). Use with
/// `#[serde(default, deserialize_with = "crate::json::nullable")]`.
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: serde::Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Form {
        name: String,
        #[serde(default)]
        owner: Option<Owner>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Owner {
        email: model::EmailAddress,
    }

    fn problem(body: &str) -> String {
        format!("{:?}", parse::<Form>(body.as_bytes()).unwrap_err())
    }

    #[test]
    fn the_field_that_does_not_fit_is_named() {
        assert!(problem(r#"{"name":"x","owner":{"email":"nope"}}"#).contains(r#"field: "owner.email", code: "invalid""#));
        assert!(problem(r#"{"name":"x","owner":{}}"#).contains(r#"field: "owner.email", code: "missing""#));
        assert!(problem(r#"{"name":"x","owner":{"email":"a@b","role":"owner"}}"#).contains(r#"field: "owner.role", code: "unknown""#));
        assert!(problem(r#"{"name":"x","role":"owner"}"#).contains(r#"field: "role", code: "unknown""#));
        assert!(problem("{}").contains(r#"field: "name", code: "missing""#));
    }

    #[test]
    fn nul_is_refused_and_its_spelling_is_not() {
        assert!(problem("{\"name\":\"a\\u0000\"}").contains("NUL"));
        assert_eq!(parse::<Form>(br#"{"name":"a\\u0000"}"#).unwrap().name, "a\\u0000");
    }
}
