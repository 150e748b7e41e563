//! The table and the JSON.

use serde_json::json;

use crate::measure::Figures;
use crate::{Failure, Options};

/// Where and when it was measured.
fn circumstances() -> (usize, String) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (cores, std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned())
}

/// Prints the figures as `--json` says.
pub fn print(options: &Options, load_seconds: f64, load_before: &str, all: &[Figures]) -> Result<(), Failure> {
    let (cores, load) = circumstances();
    if options.json {
        let value = json!({
            "database": if options.database.starts_with("postgres") { "postgres" } else { "sqlite" },
            "size": format!("{:?}", options.size).to_lowercase(),
            "repetitions": options.repetitions, "cores": cores, "load_before": load_before, "load_after": load,
            "data_load_seconds": load_seconds, "figures": all,
        });
        println!("{}", serde_json::to_string_pretty(&value)?);
        return Ok(());
    }
    let database = if options.database.starts_with("postgres") { "PostgreSQL" } else { "SQLite" };
    println!("{database}, {:?}, {cores} cores, medians of {}, load before {load_before}, after {load}", options.size, options.repetitions);
    if load_seconds > 0.0 {
        println!("data loaded in {load_seconds:.0} s");
    }
    println!();
    println!("| workload | operations | per second | p50 ms | p95 ms | p99 ms | CPU ms app | CPU ms database | peak MiB | PSS MiB |");
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for f in all {
        let cell = |v: Option<f64>, digits: usize| v.map_or(String::from("–"), |v| format!("{v:.digits$}"));
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            f.name,
            f.operations,
            cell(f.per_second, 0),
            cell(f.p50, 2),
            cell(f.p95, 2),
            cell(f.p99, 2),
            cell(f.app_cpu, 2),
            cell(f.database_cpu, 2),
            cell(f.peak_memory, 0),
            cell(f.shared_memory, 0)
        );
    }
    Ok(())
}
