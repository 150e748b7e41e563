//! How much visitors do in a minute, counted in memory: each message, sign and page of theirs would else be a write more. Each node
//! counts for itself; what guards a secret is counted in the store ([`crate::limits`]).

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError};

use model::Timestamp;

use crate::problem::Problem;

/// A window, in seconds.
const WINDOW: i64 = 60;
/// Counters kept; beyond that, those of minutes that are over go.
const MOST: usize = 200_000;

/// The counters.
#[derive(Default)]
pub struct Flood(Mutex<HashMap<u64, (i64, u32)>>);

impl Flood {
    /// Counts one; 429 with the time to wait when it is one too many.
    ///
    /// # Errors
    /// [`Problem::slow_down`].
    pub fn take(&self, now: Timestamp, what: &'static str, who: &str, most: u32) -> Result<(), Problem> {
        let mut hasher = DefaultHasher::new();
        (what, who).hash(&mut hasher);
        let window = now.as_second().div_euclid(WINDOW);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, (at, _)| *at == window);
        }
        let count = counts.entry(hasher.finish()).or_insert((window, 0));
        if count.0 != window {
            *count = (window, 0);
        }
        count.1 = count.1.saturating_add(1);
        if count.1 <= most {
            return Ok(());
        }
        let wait = WINDOW - now.as_second().rem_euclid(WINDOW);
        Err(Problem::slow_down(wait as u64, format!("That was a lot at once. Please wait {wait} seconds, then go on.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_too_many_waits_for_the_next_minute_and_others_do_not() {
        let flood = Flood::default();
        let now: Timestamp = "2026-11-23T10:00:10Z".parse().unwrap();
        for _ in 0..3 {
            flood.take(now, "messages", "a", 3).unwrap();
        }
        assert_eq!(flood.take(now, "messages", "a", 3).unwrap_err().code(), "too_many_requests");
        flood.take(now, "messages", "b", 3).unwrap();
        flood.take(now, "typing", "a", 3).unwrap();
        flood.take(now + std::time::Duration::from_secs(50), "messages", "a", 3).unwrap();
    }
}
