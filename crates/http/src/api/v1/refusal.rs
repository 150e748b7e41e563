//! Why a verb did nothing, as an answer.

use desk::Refusal;
use desk::conversation::ChangeStatusError;
use model::conversation::StatusError;

use crate::problem::Problem;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Forbidden(_) => Self::forbidden(),
            Refusal::NotFound => Self::not_found(),
            Refusal::Invalid { field, code, detail } => Self::invalid(field, code, detail),
            Refusal::Conflict { code, detail } => Self::state(code, detail),
            Refusal::Store(error) => error.into(),
        }
    }
}

impl From<ChangeStatusError> for Problem {
    fn from(error: ChangeStatusError) -> Self {
        match error {
            ChangeStatusError::Refused(refusal) => refusal.into(),
            ChangeStatusError::Status(StatusError::InThePast { now }) => {
                Self::invalid("status.until", "in_the_past", format!("Pick a time after {now:.0}."))
            }
            ChangeStatusError::Status(other) => Self::invalid("status.until", "too_far", other.to_string()),
        }
    }
}
