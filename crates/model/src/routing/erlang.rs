//! Erlang C: how long people wait in a line that is served by several.

/// What a line comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// How likely it is that somebody waits at all.
    pub wait_probability: f64,
    /// Mean wait of everybody, in seconds.
    pub average_wait: f64,
    spare: f64,
    handle: f64,
}

impl Line {
    /// The part that is answered within so many seconds.
    pub fn service_level(&self, within: f64) -> f64 {
        1.0 - self.wait_probability * (-self.spare * within / self.handle).exp()
    }
}

/// A line with so many arrivals a second, a mean handle time in seconds and so many places. None when the places do not
/// suffice: then it grows for ever.
pub fn erlang_c(arrivals: f64, handle: f64, places: u32) -> Option<Line> {
    let load = arrivals * handle;
    let n = f64::from(places);
    if !(load.is_finite() && load >= 0.0 && handle > 0.0) || load >= n {
        return None;
    }
    let blocked = (1..=places.min(100_000)).fold(1.0, |b, n| load * b / (f64::from(n) + load * b));
    let wait_probability = n * blocked / (n - load * (1.0 - blocked));
    Some(Line { wait_probability, average_wait: wait_probability * handle / (n - load), spare: n - load, handle })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_the_tables() {
        // 100 calls in half an hour, 180 s each, answered within 20 s.
        for (places, wait, asa, level) in
            [(11, 0.6821, 122.8, 0.3896), (12, 0.4494, 40.4, 0.6402), (13, 0.2853, 17.1, 0.7956), (14, 0.1741, 7.8, 0.8884)]
        {
            let line = erlang_c(100.0 / 1_800.0, 180.0, places).unwrap();
            assert!((line.wait_probability - wait).abs() < 0.000_05, "{places}: {line:?}");
            assert!((line.average_wait - asa).abs() < 0.06, "{places}: {line:?}");
            assert!((line.service_level(20.0) - level).abs() < 0.000_06, "{places}: {line:?}");
        }
    }

    #[test]
    fn a_line_that_only_grows_has_no_answer() {
        assert_eq!(erlang_c(100.0 / 1_800.0, 180.0, 10), None);
        assert_eq!(erlang_c(1.0, 0.0, 10), None);
        assert_eq!(erlang_c(f64::NAN, 180.0, 10), None);
        assert_eq!(erlang_c(0.0, 180.0, 1).map(|l| l.average_wait), Some(0.0));
    }
}
