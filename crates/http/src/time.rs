//! Times as the API writes them.

use serde::{Serialize, Serializer};

/// RFC 3339 in UTC with milliseconds: `2026-11-22T10:00:00.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, utoipa::ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-22T10:00:00.000Z")]
pub struct Time(pub model::Timestamp);

impl From<model::Timestamp> for Time {
    fn from(time: model::Timestamp) -> Self {
        Self(time)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_milliseconds() {
        let time = Time("2026-11-22T10:00:00Z".parse().unwrap());
        assert_eq!(serde_json::to_string(&time).unwrap(), "\"2026-11-22T10:00:00.000Z\"");
    }
}
