//! Log lines: text for people, or JSON for machines. To stderr, so that stdout carries answers only.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::config::{Config, LogFormat};
use crate::failure::Failure;

/// Starts logging for a process that runs on.
///
/// # Errors
/// When the level is not one.
pub fn start(config: &Config) -> Result<(), Failure> {
    let level = config.set.log.level.as_deref().unwrap_or("info");
    let filter = EnvFilter::try_new(level)
        .map_err(|_| Failure::Usage(format!("log.level: {level:?} is not a level such as info, or sonnim=debug,http=info")))?;
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match config.set.log.format.unwrap_or(LogFormat::Text) {
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).try_init(),
        LogFormat::Text => log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
    };
    started.map_err(Failure::failed("logging"))
}
