//! Why a command ended, and with which exit code.

use std::process::ExitCode;

/// A command did not do what was asked. The text goes to stderr as it stands.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It was tried and went wrong. Exit code 1.
    #[error("{0}")]
    Failed(String),
    /// It was asked for in a way that makes no sense. Exit code 2, as for an unknown flag.
    #[error("{0}")]
    Usage(String),
    /// Nothing was changed, because what is there already forbids it or because there was nothing to do. Exit code 3.
    #[error("{0}")]
    Refused(String),
}

impl Failure {
    /// The word for programs, in `--json`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Failed(_) => "failed",
            Self::Usage(_) => "usage",
            Self::Refused(_) => "refused",
        }
    }

    /// What the process ends with.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Failed(_) => ExitCode::from(1),
            Self::Usage(_) => ExitCode::from(2),
            Self::Refused(_) => ExitCode::from(3),
        }
    }

    /// [`Self::Failed`] with what was being done in front: `failed("reading backup.tar.gz")`.
    pub fn failed<E: std::fmt::Display>(doing: impl Into<String>) -> impl FnOnce(E) -> Self {
        let doing = doing.into();
        move |error| Self::Failed(format!("{doing}: {error}"))
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Duplicate(_) => Self::Refused(error.to_string()),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}
