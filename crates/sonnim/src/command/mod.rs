//! The smaller commands, one file per noun. Each parses, calls, prints.

pub mod inbox;
pub mod inspect;
pub mod mail;
pub mod people;

use std::fmt::Write as _;

use serde_json::json;

use crate::config::Config;
use crate::failure::Failure;
use crate::open::{runtime, with_desk};
use crate::{Answer, cli, doctor};

/// One line for each item.
pub fn lines_of<T>(items: &[T], line: impl Fn(&T) -> String) -> String {
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `sonnim migrate`: opening brings the schema up to date.
pub fn migrate(config: &Config, answer: Answer) -> Result<(), Failure> {
    let steps = with_desk(config, async |desk| {
        let mut conn = desk.store.read().await?;
        Ok(store::upkeep::schema_steps(&mut conn).await?)
    })?;
    answer.give(&json!({ "steps": steps }), || format!("The schema is up to date: {}", steps.join(", ")))
}

/// `sonnim doctor`. Exit code 1 when something does not work.
pub fn doctor(config: &Config, answer: Answer) -> Result<(), Failure> {
    let report = doctor::examine(config)?;
    answer.give(&json!({ "state": report.state(), "checks": report.checks }), || report.to_text())?;
    if report.state() == doctor::State::Fail { Err(Failure::Failed("something does not work; see above".into())) } else { Ok(()) }
}

/// `sonnim config`.
pub fn config(config: &Config, answer: Answer) -> Result<(), Failure> {
    let lines = config.describe();
    let object: serde_json::Map<_, _> =
        lines.iter().map(|(key, value, source)| ((*key).to_owned(), json!({ "value": value, "source": source }))).collect();
    answer.give(&object, || lines_of(&lines, |(key, value, source)| format!("{key} = {value}  # {source}")))
}

/// `sonnim backup`.
pub fn backup(config: &Config, wanted: &cli::Backup, answer: Answer) -> Result<(), Failure> {
    let to_stdout = wanted.to.as_os_str() == "-";
    let manifest = with_desk(config, async |desk| crate::backup::backup(desk, config, &wanted.to, wanted.with_key).await)?;
    if to_stdout {
        return Ok(());
    }
    answer.give(&manifest, || {
        let n = |name: &str| manifest.counts.get(name).copied().unwrap_or_default();
        let key = if wanted.with_key { "with" } else { "without" };
        format!(
            "{}: {} conversations, {} messages, {} files, {key} secret.key",
            wanted.to.display(),
            n("conversations"),
            n("messages"),
            manifest.entries.len()
        )
    })
}

/// `sonnim restore`.
pub fn restore(load: impl FnOnce() -> Result<Config, Failure>, wanted: &cli::Restore, answer: Answer) -> Result<(), Failure> {
    if wanted.check {
        let manifest = runtime()?.block_on(crate::restore::check(&wanted.archive))?;
        return answer.give(&manifest, || format!("{} is sound: made {} by Sonnim {}", wanted.archive.display(), manifest.made_at, manifest.sonnim));
    }
    let config = load()?;
    let options = crate::restore::Options { resend: wanted.resend, new_key: wanted.new_key };
    let now = desk::Clock::system().now();
    let done = runtime()?.block_on(crate::restore::restore(&config, &wanted.archive, options, now))?;
    answer.give(&done, || {
        let mut text = format!("Restored into {}.\n", config.data.display());
        if done.unsent > 0 {
            let _ = writeln!(text, "{} replies that were waiting to be sent are marked as failed; agents can send them again.", done.unsent);
        }
        if !done.with_key && !wanted.new_key && config.secret_key.is_none() && !crate::keys::path(&config.data).exists() {
            text.push_str("The archive holds no secret.key: put yours back before you start, or restore with --new-key.\n");
        }
        text.push_str("Next: sonnim doctor\n");
        text
    })
}

/// `sonnim openapi`: the document as it is served, for people to read and compare.
pub fn openapi() -> Result<(), Failure> {
    let text = http::api::v1::document().to_pretty_json().map_err(Failure::failed("the API document"))?;
    println!("{text}");
    Ok(())
}
