//! How long somebody waits, told honestly: rounded, with a floor, and never more than before without a reason.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Mean handle times are taken from so many of the last conversations.
pub const LAST: usize = 50;
/// Fewer than these say nothing.
pub const FEWEST: usize = 5;
/// The least that is told: less than a minute.
pub const FLOOR: SignedDuration = SignedDuration::from_mins(1);
/// The most; beyond it a number would be a lie.
pub const MOST: SignedDuration = SignedDuration::from_hours(4);

/// What a customer is told who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// So many come first.
    pub ahead: i64,
    /// About so long; [`FLOOR`] means less than a minute. None: nobody can say.
    pub expected: Option<SignedDuration>,
    /// Why it is longer than what was told before.
    pub reason: Option<WaitReason>,
}

/// Why a wait became longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitReason {
    /// Somebody more urgent came.
    MoreUrgent,
    /// Somebody who answers went away.
    AgentLeft,
    /// Those before take longer than usual.
    TakesLonger,
    /// It is outside the hours.
    Closed,
    /// It was passed on to other people.
    Transferred,
}

impl WaitReason {
    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MoreUrgent => "more_urgent",
            Self::AgentLeft => "agent_left",
            Self::TakesLonger => "takes_longer",
            Self::Closed => "closed",
            Self::Transferred => "transferred",
        }
    }

    /// From storage.
    pub fn from_stored(text: &str) -> Option<Self> {
        [Self::MoreUrgent, Self::AgentLeft, Self::TakesLonger, Self::Closed, Self::Transferred].into_iter().find(|r| r.as_str() == text)
    }
}

/// What is known of a queue when a wait is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Flow {
    /// Conversations that those who are there can have at once.
    pub slots: i64,
    /// Slots that are free now.
    pub free: i64,
    /// Mean time from given to done, of the last [`LAST`]; none when too few are known.
    pub handle: Option<SignedDuration>,
    /// Arrivals of the last hour.
    pub arrivals: i64,
}

/// What was told last, and from what it was reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Told {
    pub ahead: i64,
    pub slots: i64,
    /// Seconds from `at`; none: nobody could say.
    pub expected: Option<i64>,
    pub at: Timestamp,
    pub reason: Option<WaitReason>,
}

/// What to tell somebody with so many ahead.
pub fn expected(ahead: i64, flow: &Flow) -> Option<SignedDuration> {
    if flow.slots <= 0 {
        return None;
    }
    if ahead < flow.free {
        return Some(FLOOR);
    }
    let handle = flow.handle?;
    // Those ahead and oneself, as places become free one after the other.
    let turns = (ahead - flow.free.max(0) + 1) as f64 / flow.slots as f64;
    Some(rounded(SignedDuration::try_from_secs_f64(handle.as_secs_f64() * turns).unwrap_or(MOST)))
}

/// What to tell somebody who has not come yet: by Erlang C when arrivals say enough and nobody waits, else as the last one.
pub fn expected_for_newcomer(waiting: i64, flow: &Flow) -> Option<SignedDuration> {
    if waiting > 0 || flow.slots <= 0 {
        return expected(waiting, flow);
    }
    if flow.free > 0 {
        return Some(FLOOR);
    }
    let handle = flow.handle?;
    if flow.arrivals >= 20
        && let Some(queue) = super::erlang_c(flow.arrivals as f64 / 3_600.0, handle.as_secs_f64(), u32::try_from(flow.slots).unwrap_or(u32::MAX))
    {
        // Nobody is free now: the wait of those who wait, not the mean of all.
        let of_waiting = queue.average_wait / queue.wait_probability.max(0.01);
        return Some(rounded(SignedDuration::try_from_secs_f64(of_waiting).unwrap_or(MOST)));
    }
    expected(0, flow)
}

/// Rounded up: whole minutes, from ten minutes on five of them, from an hour on a quarter.
pub fn rounded(wait: SignedDuration) -> SignedDuration {
    let seconds = wait.as_secs().max(0);
    let step = match seconds {
        0..=600 => 60,
        601..=3_600 => 300,
        _ => 900,
    };
    let up = (seconds + step - 1) / step * step;
    SignedDuration::from_secs(up).clamp(FLOOR, MOST)
}

/// What to tell after what was told before: it counts down, and rises only with a reason.
pub fn tell(before: Option<Told>, ahead: i64, flow: &Flow, open: bool, now: Timestamp) -> Told {
    let fresh = expected(ahead, flow);
    let told = |expected: Option<SignedDuration>, reason| Told { ahead, slots: flow.slots, expected: expected.map(|e| e.as_secs()), at: now, reason };
    if !open {
        return told(None, Some(WaitReason::Closed));
    }
    let Some(before) = before else { return told(fresh, None) };
    // Whoever was passed on begins anew in another line: that is the reason, whatever the numbers were before.
    let begins = before.reason == Some(WaitReason::Transferred) && before.expected.is_none();
    let why = if begins {
        before.reason
    } else if ahead > before.ahead {
        Some(WaitReason::MoreUrgent)
    } else if flow.slots < before.slots {
        Some(WaitReason::AgentLeft)
    } else {
        None
    };
    let remaining = before.expected.map(|secs| SignedDuration::from_secs(secs) - now.duration_since(before.at));
    match (fresh, remaining) {
        (Some(fresh), Some(left)) if fresh <= rounded(left) => told(Some(fresh), before.reason.filter(|_| ahead == before.ahead)),
        (Some(fresh), Some(_)) if why.is_some() => told(Some(fresh), why),
        // A little more by reckoning alone is no news; what was promised stands, until it is plainly untrue.
        (Some(fresh), Some(left)) if left > SignedDuration::ZERO && fresh < rounded(left) * 2 => {
            Told { ahead, slots: flow.slots, expected: Some(left.as_secs()), at: now, reason: before.reason }
        }
        (Some(fresh), Some(_)) => told(Some(fresh), Some(WaitReason::TakesLonger)),
        (None, _) => told(None, why.or(before.reason)),
        (Some(fresh), None) => told(Some(fresh), before.reason.filter(|_| begins)),
    }
}

impl Told {
    /// What is known of somebody who was just passed on to another line: nothing but that.
    pub fn passed_on(now: Timestamp) -> Self {
        Self { ahead: 0, slots: 0, expected: None, at: now, reason: Some(WaitReason::Transferred) }
    }

    /// What it means at `now`.
    pub fn wait(&self, now: Timestamp) -> Wait {
        let expected = self.expected.map(|secs| rounded(SignedDuration::from_secs(secs) - now.duration_since(self.at)));
        Wait { ahead: self.ahead, expected, reason: self.reason }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).unwrap()
    }

    fn flow(slots: i64, handle: i64) -> Flow {
        Flow { slots, free: 0, handle: Some(SignedDuration::from_secs(handle)), arrivals: 0 }
    }

    fn minutes(wait: Option<SignedDuration>) -> Option<i64> {
        wait.map(|w| w.as_secs() / 60)
    }

    #[test]
    fn the_wait_is_those_ahead_by_the_places_there_are() {
        assert_eq!(minutes(expected(0, &flow(4, 480))), Some(2));
        assert_eq!(minutes(expected(7, &flow(4, 480))), Some(20));
        assert_eq!(minutes(expected(0, &Flow { free: 1, ..flow(4, 480) })), Some(1));
        assert_eq!(expected(0, &flow(0, 480)), None);
        assert_eq!(expected(3, &Flow { handle: None, ..flow(4, 480) }), None);
    }

    #[test]
    fn nobody_is_told_less_than_a_minute_or_more_than_can_be_known() {
        assert_eq!(rounded(SignedDuration::from_secs(3)), FLOOR);
        assert_eq!(rounded(SignedDuration::from_secs(61)).as_secs(), 120);
        assert_eq!(rounded(SignedDuration::from_secs(601)).as_secs(), 900);
        assert_eq!(rounded(SignedDuration::from_secs(3_601)).as_secs(), 4_500);
        assert_eq!(rounded(SignedDuration::from_hours(99)), MOST);
    }

    #[test]
    fn it_rises_with_a_reason() {
        let first = tell(None, 1, &flow(4, 480), true, at(0));
        assert_eq!((minutes(first.wait(at(0)).expected), first.reason), (Some(4), None));
        let urgent = tell(Some(first), 3, &flow(4, 480), true, at(60));
        assert_eq!((minutes(urgent.wait(at(60)).expected), urgent.reason), (Some(8), Some(WaitReason::MoreUrgent)));
        let left = tell(Some(first), 1, &flow(2, 480), true, at(60));
        assert_eq!(left.reason, Some(WaitReason::AgentLeft));
        let longer = tell(Some(first), 1, &flow(4, 4_800), true, at(60));
        assert_eq!(longer.reason, Some(WaitReason::TakesLonger));
        assert_eq!(tell(Some(first), 1, &flow(4, 480), false, at(60)).reason, Some(WaitReason::Closed));
    }

    #[test]
    fn whoever_is_passed_on_hears_the_new_wait_and_why() {
        let passed = Told::passed_on(at(0));
        let there = tell(Some(passed), 3, &flow(4, 480), true, at(1));
        assert_eq!((minutes(there.wait(at(1)).expected), there.reason), (Some(8), Some(WaitReason::Transferred)));
        let nobody = tell(Some(passed), 3, &flow(0, 480), true, at(1));
        assert_eq!((nobody.expected, nobody.reason), (None, Some(WaitReason::Transferred)));
        assert_eq!(tell(Some(there), 2, &flow(4, 480), true, at(60)).reason, None, "said once, until it moves on");
    }

    #[test]
    fn a_newcomer_is_told_by_erlang_c_when_arrivals_say_enough() {
        let busy = Flow { arrivals: 200, ..flow(12, 180) };
        // 200 an hour at 180 s are 10 Erlang in 12 places: who waits, waits AHT / (N - a) = 90 s.
        assert_eq!(minutes(expected_for_newcomer(0, &busy)), Some(2));
        assert_eq!(minutes(expected_for_newcomer(0, &Flow { free: 1, ..busy })), Some(1));
        assert_eq!(minutes(expected_for_newcomer(3, &flow(4, 480))), Some(8));
    }

    proptest! {
        #[test]
        fn what_is_told_never_rises_without_a_reason(steps in prop::collection::vec((0i64..20, 1i64..6, 30i64..900, 1i64..120), 1..40)) {
            let (mut before, mut now): (Option<Told>, i64) = (None, 0);
            for (ahead, slots, handle, pass) in steps {
                now += pass;
                let told = tell(before, ahead, &flow(slots, handle), true, at(now));
                if let Some(earlier) = before {
                    let (was, is) = (earlier.wait(at(now)).expected.unwrap(), told.wait(at(now)).expected.unwrap());
                    prop_assert!(is <= was || told.reason.is_some(), "{was:?} -> {is:?}");
                }
                before = Some(told);
            }
        }
    }
}
