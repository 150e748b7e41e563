//! `cargo run -p bench --release -- SCENARIO`: starts the real server on data of its own and measures it from outside.
//!
//! See `docs/benchmarks.md` for the workloads and the last table.

mod chat;
mod client;
mod cluster;
mod data;
mod environment;
mod live;
mod measure;
mod process;
mod report;
mod restart;
mod routing;
mod run;
mod scenario;
mod sink;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Anything that stops a run: it is printed and the run ends.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures a running Sonnim.
#[derive(Debug, Clone, Parser)]
#[command(after_help = "Examples:\n  bench all\n  bench inbox --size million --keep /tmp/bench-million\n  bench reply --database postgres --json")]
pub struct Options {
    /// start, idle, ingest, inbox, open, create, reply, search, views, events, live, bulk, chat, room, streams, storm, restart, all; routing: the decision alone, without a server; or data: only make the data
    #[arg(required = true)]
    pub scenarios: Vec<String>,
    /// sqlite; postgres for a private cluster (fsync on, 512 MB of shared buffers); or the postgres:// address of an empty database
    #[arg(long, default_value = "sqlite")]
    pub database: String,
    /// empty, small (20,000 conversations × 3 messages), messages (200,000 × 5), conversations (1,000,000 × 1) or million (1,000,000 × 5)
    #[arg(long, default_value = "small")]
    pub size: data::Size,
    /// Medians are taken over so many repetitions
    #[arg(long, default_value_t = 3)]
    pub repetitions: usize,
    /// Length of one repetition of the workloads that have no fixed number of operations
    #[arg(long, default_value_t = 5)]
    pub seconds: u64,
    /// Mails of the ingest workload
    #[arg(long, value_delimiter = ',', default_values_t = [500, 5000])]
    pub mails: Vec<usize>,
    /// Open widgets of the streams workload: both processes need as many open files
    #[arg(long, default_value_t = 10_000)]
    pub streams: usize,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
    /// The server to measure
    #[arg(long, default_value = "target/release/sonnim")]
    pub binary: PathBuf,
    /// Keep the data in this folder, and use it again when it is there [default: a temporary folder, removed at the end]
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if options.scenarios == ["routing"] {
        routing::run(options.repetitions);
        return ExitCode::SUCCESS;
    }
    // One thread: the clients must cost well under the server.
    let result =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::from).and_then(|r| r.block_on(run::run(&options)));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
