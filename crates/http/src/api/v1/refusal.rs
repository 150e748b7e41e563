//! Why a verb did nothing, as an answer.

use desk::Refusal;
use desk::conversation::ChangeStatusError;
use desk::filter::FilterError;
use model::conversation::StatusError;

use crate::problem::Problem;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Forbidden(_) => Self::forbidden(),
            Refusal::NotFound => Self::not_found(),
            Refusal::Invalid { field, code, detail } => Self::invalid(field, code, detail),
            Refusal::Conflict { code, detail } => Self::state(code, detail),
            Refusal::Fields { code, faults } => {
                let problem = if code == "fields_missing" {
                    Self::new(
                        axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                        code,
                        "Fields are missing",
                        "Fill in the fields named in errors, then resolve it.",
                    )
                } else {
                    Self::new(
                        axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                        "invalid",
                        "Something does not fit",
                        "Correct the fields named in errors.",
                    )
                };
                faults.into_iter().fold(problem, |p, f| p.and_field(&format!("fields.{}", f.key), f.code, f.detail))
            }
            Refusal::Store(error) => error.into(),
        }
    }
}

impl From<FilterError> for Problem {
    fn from(error: FilterError) -> Self {
        match error {
            FilterError::Fault(fault) => {
                let place = if fault.place.is_empty() { "filter".to_owned() } else { format!("filter.{}", fault.place) };
                Self::malformed("The filter cannot be read. Correct the place named in errors.").and_field(&place, "invalid", fault.detail)
            }
            FilterError::Query(fault) => {
                let place = format!("q[{}..{}]", fault.from, fault.to);
                Self::malformed("The query cannot be read. Correct the part named in errors.").and_field(&place, "invalid", fault.detail)
            }
            FilterError::Unknown(field) => Self::invalid(&format!("filter.{field}"), "not_found", "There is no such thing here."),
            FilterError::Store(error) => error.into(),
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
