//! The one place that turns errors into answers: `application/problem+json` with a stable code.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::account::AccountError;
use model::scope::Forbidden;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

/// What a handler answers.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Path of the field, such as `owner.email`.
    pub field: String,
    /// Stable code: `missing`, `invalid`, `unknown`, `too_long`, `too_short`, `taken`, `not_found`.
    pub code: String,
    /// For people.
    pub detail: String,
}

/// An answer that says no.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    current: Option<serde_json::Value>,
    retry_after: Option<u64>,
}

const OUTCOME_UNKNOWN: &str = "outcome_unknown";

/// Marks the answer to a request of which nobody knows whether it was done.
#[derive(Debug, Clone, Copy)]
pub struct OutcomeUnknown;

/// How a problem is written.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Names the kind of problem: `/problems/{code}`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Stable code, such as `not_found`.
    pub code: String,
    /// The kind in a few words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// With a conflict: how the thing is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<serde_json::Value>,
}

impl Problem {
    /// Any problem. Prefer the named ones.
    pub fn new(status: StatusCode, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner { status, code, title, detail: detail.into(), errors: Vec::new(), current: None, retry_after: None }))
    }

    /// 400: the request is not well-formed.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "Malformed request", detail)
    }

    /// 401: nobody is signed in.
    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_signed_in", "Not signed in", "Sign in, or send a valid API token.")
    }

    /// 403: the role or token does not allow it.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", "Your role or token does not allow this.")
    }

    /// 404: it does not exist, or not for this reader.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", "There is nothing here, or you may not see it.")
    }

    /// 409: somebody else was faster; carries how the thing is now.
    pub fn conflict(detail: impl Into<String>, current: Option<serde_json::Value>) -> Self {
        let mut problem = Self::new(StatusCode::CONFLICT, "conflict", "Conflict", detail);
        problem.0.current = current;
        problem
    }

    /// 409 with a code of its own.
    pub fn state(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, "Conflict", detail)
    }

    /// Carries how things are now.
    #[must_use]
    pub fn and_current(mut self, current: Option<serde_json::Value>) -> Self {
        self.0.current = current;
        self
    }

    /// 422: a field does not fit.
    pub fn invalid(field: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Something does not fit", "Correct the fields named in errors.")
            .and_field(field, code, detail)
    }

    /// Adds a field.
    #[must_use]
    pub fn and_field(mut self, field: &str, code: &str, detail: impl Into<String>) -> Self {
        self.0.errors.push(FieldError { field: field.into(), code: code.into(), detail: detail.into() });
        self
    }

    /// 413: too many bytes.
    pub fn too_large(max: usize) -> Self {
        let detail = format!("Send at most {max} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "Too large", detail)
    }

    /// 429: wait.
    pub fn too_many_requests(retry_after_seconds: u64) -> Self {
        let detail = format!("Too many tries. Try again in {retry_after_seconds} seconds.");
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Too many requests", detail);
        problem.0.retry_after = Some(retry_after_seconds);
        problem
    }

    /// 429, for customers.
    pub fn slow_down(retry_after_seconds: u64, detail: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Too many requests", detail);
        problem.0.retry_after = Some(retry_after_seconds.max(1));
        problem
    }

    /// 401: a visitor's token is good for nothing.
    pub fn no_visitor() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "session_expired", "Session expired", "Open the chat again.")
    }

    /// 503: worth another try.
    pub fn unavailable() -> Self {
        let mut problem =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not available", "Not available just now. Try again in a moment.");
        problem.0.retry_after = Some(2);
        problem
    }

    /// 503: the database went away while it committed. An `Idempotency-Key` stays taken, so that a repeat does nothing twice.
    pub fn outcome_unknown() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            OUTCOME_UNKNOWN,
            "Outcome unknown",
            "The database went away at the last moment. Look whether it was done before you send it again.",
        )
    }

    /// 500: our fault. The cause is logged here and not told.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(error = %cause, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", "Something went wrong on our side. It was logged.")
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Its code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let problem = *self.0;
        let body = ProblemBody {
            kind: format!("/problems/{}", problem.code),
            code: problem.code.into(),
            title: problem.title.into(),
            status: problem.status.as_u16(),
            detail: problem.detail,
            errors: problem.errors,
            current: problem.current,
        };
        let json = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (problem.status, [(header::CONTENT_TYPE, "application/problem+json")], json).into_response();
        if problem.code == OUTCOME_UNKNOWN {
            response.extensions_mut().insert(OutcomeUnknown);
        }
        if let Some(seconds) = problem.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        use store::Error as E;
        match error {
            E::Unavailable(cause) => {
                tracing::warn!(error = %cause, "the store is not available");
                Self::unavailable()
            }
            E::InDoubt(cause) => {
                tracing::warn!(error = %cause, "the store went away while it committed");
                Self::outcome_unknown()
            }
            E::StorageFull => {
                tracing::error!("the storage is full");
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage_full", "Storage full", "The server's storage is full. Nothing was changed.")
            }
            // Verbs handle the duplicates and dangling ids that they expect; what comes here lost a race.
            E::Duplicate(_) => Self::conflict("It exists already.", None),
            E::Dangling(_) => Self::conflict("It refers to something that is gone, or is still in use.", None),
            other => Self::internal(&other),
        }
    }
}

impl From<Forbidden> for Problem {
    fn from(_: Forbidden) -> Self {
        Self::forbidden()
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        use AccountError as E;
        let detail = error.to_string();
        match error {
            E::Forbidden(_) => Self::forbidden(),
            E::NotFound => Self::not_found(),
            E::Invalid { field, code, detail } => Self::invalid(field, code, detail),
            E::WrongCredentials => {
                Self::new(StatusCode::UNAUTHORIZED, "wrong_credentials", "Wrong address or password", "The address or the password is wrong.")
            }
            E::LinkExpired => Self::state("link_expired", "This link was used already or has expired. Ask for a new one."),
            E::AlreadySetUp => Self::state("already_set_up", "Sonnim is set up already. Sign in."),
            E::LastOwner => Self::state("last_owner", "At least one owner must remain. Make somebody else an owner first."),
            E::Yourself => Self::state("yourself", detail),
            E::TeamInUse => Self::state("team_in_use", "Conversations are still with this team. Move them first."),
            E::Store(error) => error.into(),
            E::Hash(error) => Self::internal(&error),
        }
    }
}

/// The answers that every route may give, for the OpenAPI document.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub enum Problems {
    /// The request is malformed, or has an unknown field.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(#[to_schema] ProblemBody),
    /// Not signed in.
    #[response(status = 401, content_type = "application/problem+json")]
    NotSignedIn(#[to_schema] ProblemBody),
    /// Not allowed.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] ProblemBody),
    /// Not found, or not visible.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] ProblemBody),
    /// Somebody else was faster, or the state does not allow it.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] ProblemBody),
    /// A field does not fit.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(#[to_schema] ProblemBody),
    /// Too many requests.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(#[to_schema] ProblemBody),
}
