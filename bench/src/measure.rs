//! What a repetition measures, and the medians of several.

use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::environment::{Environment, Server};
use crate::process;

/// One line of the table. Times are in ms, memory in MiB; none where a workload has no such figure.
#[derive(Debug, Clone, Default, Serialize)]
#[allow(missing_docs)]
pub struct Figures {
    pub name: String,
    pub operations: usize,
    pub per_second: Option<f64>,
    pub p50: Option<f64>,
    pub p95: Option<f64>,
    pub p99: Option<f64>,
    /// Processor time of the server for one operation.
    pub app_cpu: Option<f64>,
    /// Processor time of PostgreSQL for one operation; SQLite's is the server's.
    pub database_cpu: Option<f64>,
    /// The most that was ever resident, where a page that is mapped twice counts twice.
    pub peak_memory: Option<f64>,
    /// The proportional set size at the end.
    pub shared_memory: Option<f64>,
}

/// Moments at which something is due, `count` of them, `rate` a second. A thread of its own keeps them: the runtime's timers are up to a
/// millisecond late, which would be counted as the server's.
pub fn moments(rate: u32, count: usize) -> UnboundedReceiver<Instant> {
    let (tell, told) = unbounded_channel();
    std::thread::spawn(move || {
        let begun = Instant::now();
        for n in 0..count {
            let at = begun + Duration::from_secs(1) / rate * n as u32;
            std::thread::sleep(at.saturating_duration_since(Instant::now()));
            if tell.send(at).is_err() {
                return;
            }
        }
    });
    told
}

/// Runs from its making to [`Meter::stop`].
pub struct Meter<'a> {
    environment: &'a Environment,
    server: &'a Server,
    started: Instant,
    app: f64,
    database: Option<f64>,
}

impl<'a> Meter<'a> {
    /// Starts.
    pub fn start(environment: &'a Environment, server: &'a Server) -> Self {
        let (app, database) = (process::cpu_ms(server.pid()), environment.database_cpu_ms());
        Self { environment, server, started: Instant::now(), app, database }
    }

    /// Stops; `latencies` are of each operation.
    pub fn stop(&self, name: &str, latencies: &[Duration]) -> Figures {
        let seconds = self.started.elapsed().as_secs_f64();
        let n = latencies.len().max(1) as f64;
        let mut ms: Vec<f64> = latencies.iter().map(|l| l.as_secs_f64() * 1000.0).collect();
        ms.sort_by(f64::total_cmp);
        let at = |share: f64| ms.get(((ms.len() as f64 * share).ceil() as usize).saturating_sub(1)).copied();
        let database = self.environment.database_cpu_ms().zip(self.database).map(|(now, before)| (now - before) / n);
        Figures {
            name: name.to_owned(),
            operations: ms.len(),
            per_second: Some(ms.len() as f64 / seconds),
            p50: at(0.50),
            p95: at(0.95),
            p99: at(0.99),
            app_cpu: Some((process::cpu_ms(self.server.pid()) - self.app) / n),
            database_cpu: database,
            peak_memory: Some(process::peak_mb(self.server.pid())),
            shared_memory: Some(process::pss_mb(self.server.pid())),
        }
    }
}

/// The median of each figure.
pub fn medians(repetitions: &[Figures]) -> Figures {
    let of = |figure: fn(&Figures) -> Option<f64>| {
        let mut all: Vec<f64> = repetitions.iter().filter_map(figure).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    };
    Figures {
        name: repetitions.first().map(|r| r.name.clone()).unwrap_or_default(),
        operations: repetitions.iter().map(|r| r.operations).sum(),
        per_second: of(|f| f.per_second),
        p50: of(|f| f.p50),
        p95: of(|f| f.p95),
        p99: of(|f| f.p99),
        app_cpu: of(|f| f.app_cpu),
        database_cpu: of(|f| f.database_cpu),
        peak_memory: of(|f| f.peak_memory),
        shared_memory: of(|f| f.shared_memory),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_each_figure_is_taken_on_its_own() {
        let figures = |p50, p99| Figures { p50: Some(p50), p99: Some(p99), ..Figures::default() };
        let median = medians(&[figures(1.0, 9.0), figures(3.0, 5.0), figures(2.0, 7.0)]);
        assert_eq!((median.p50, median.p99, median.peak_memory), (Some(2.0), Some(7.0), None));
    }
}
