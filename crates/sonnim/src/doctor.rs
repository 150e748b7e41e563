//! `sonnim doctor`: is this installation well, and if not, what to do.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Instant;

use desk::Desk;
use desk::ports::{MailboxProbe, Probe};
use model::inbox::{MailboxSecrets, Outgoing};
use serde::Serialize;

use crate::config::Config;
use crate::failure::Failure;
use crate::probe::Prober;
use crate::{keys, mail, open};

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Well.
    Ok,
    /// Works, but look at it.
    Warn,
    /// Does not work.
    Fail,
}

/// One line of the report.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// How it went.
    pub state: State,
    /// What was seen.
    pub detail: String,
    /// What to do, where something is to be done.
    pub advice: Option<String>,
}

/// All checks, in order.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The lines.
    pub checks: Vec<Check>,
}

impl Report {
    fn add(&mut self, name: impl Into<String>, state: State, detail: impl Into<String>, advice: &str) {
        let advice = Some(advice).filter(|a| !a.is_empty() && state != State::Ok).map(str::to_owned);
        self.checks.push(Check { name: name.into(), state, detail: detail.into(), advice });
    }

    /// The worst of all.
    pub fn state(&self) -> State {
        self.checks.iter().map(|check| check.state).max().unwrap_or(State::Ok)
    }

    /// For people.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for check in &self.checks {
            let word = match check.state {
                State::Ok => "ok  ",
                State::Warn => "warn",
                State::Fail => "FAIL",
            };
            let _ = writeln!(text, "{word}  {:<14} {}", check.name, check.detail);
            if let Some(advice) = &check.advice {
                let _ = writeln!(text, "      {:<14} → {advice}", "");
            }
        }
        let count = |state| self.checks.iter().filter(|check| check.state == state).count();
        let _ = writeln!(text, "{} ok, {} to look at, {} failed", count(State::Ok), count(State::Warn), count(State::Fail));
        text
    }
}

/// Looks at everything. Changes nothing, except that an older schema is brought up to date as any start would do.
///
/// # Errors
/// Only when not even a report can be made.
pub fn examine(config: &Config) -> Result<Report, Failure> {
    let mut report = Report::default();
    configuration(config, &mut report);
    data_folder(config, &mut report);
    let has_database = config.set.database.url.is_some() || config.data.join("sonnim.db").exists();
    if has_database {
        open::runtime()?.block_on(installation(config, &mut report));
    } else {
        report.add("database", State::Warn, "not set up yet", "run: sonnim serve, and open the set-up link that it prints");
    }
    Ok(report)
}

fn configuration(config: &Config, report: &mut Report) {
    match &config.file {
        None => report.add("configuration", State::Ok, "defaults, environment and flags; no file", ""),
        Some(file) => {
            let secret = config.describe().iter().any(|(_, value, source)| value.contains('•') && *source == "file");
            if secret && others_may_read(file) {
                report.add(
                    "configuration",
                    State::Warn,
                    format!("{} holds secrets, and others on this machine may read it", file.display()),
                    &format!("run: chmod 600 {}", file.display()),
                );
            } else {
                report.add("configuration", State::Ok, file.display().to_string(), "");
            }
        }
    }
    if !config.strange_variables.is_empty() {
        let detail = format!("unknown variables: {}", config.strange_variables.join(", "));
        report.add("environment", State::Warn, detail, "check the spelling: sonnim config shows what is in force");
    }
    let url = config.public_url(config.listen());
    match &config.set.public_url {
        None if !config.listen().ip().is_loopback() => {
            report.add("public URL", State::Warn, format!("not set, so links begin with {url}"), "set public_url to where people reach Sonnim");
        }
        Some(set) if set.scheme() == "http" && !is_local(set) => {
            report.add("public URL", State::Warn, format!("{url} is not encrypted"), "put a reverse proxy with TLS in front, and use https://");
        }
        _ => report.add("public URL", State::Ok, url, ""),
    }
    let mail = &config.set.mail;
    for (name, address) in [("web", Some(config.listen().to_string())), ("LMTP", mail.lmtp.clone()), ("SMTP", mail.smtp.clone())] {
        let Some(address) = address.filter(|a| !a.starts_with("unix:") && !a.ends_with(":0")) else { continue };
        match TcpListener::bind(&address) {
            Ok(_) => report.add(format!("{name} port"), State::Ok, format!("{address} is free: Sonnim is not running here"), ""),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                report.add(format!("{name} port"), State::Ok, format!("{address} is in use, by a running Sonnim most likely"), "");
            }
            Err(error) => report.add(
                format!("{name} port"),
                State::Fail,
                format!("{address}: {error}"),
                "choose another address, or (below port 1024) give the service CAP_NET_BIND_SERVICE",
            ),
        }
    }
}

fn is_local(url: &url::Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn others_may_read(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|m| m.permissions().mode() & 0o077 != 0)
}

fn data_folder(config: &Config, report: &mut Report) {
    let data = &config.data;
    if !data.is_dir() {
        report.add("data folder", State::Warn, format!("{} does not exist yet", data.display()), "the first start makes it");
        return;
    }
    let probe = data.join(format!(".doctor-{}", std::process::id()));
    let written = std::fs::write(&probe, b"sonnim");
    let _ = std::fs::remove_file(&probe);
    match written {
        Ok(()) => report.add("data folder", State::Ok, format!("{} can be written", data.display()), ""),
        Err(error) => {
            let advice = format!("give it to the user that runs Sonnim: chown -R sonnim {}", data.display());
            report.add("data folder", State::Fail, format!("{}: {error}", data.display()), &advice);
        }
    }
    if let Some(free) = free_megabytes(data) {
        let (state, advice) = match free {
            0..200 => (State::Fail, "make room: mail is refused with a temporary error when the disk is full"),
            200..2_000 => (State::Warn, "make room soon"),
            _ => (State::Ok, ""),
        };
        report.add("disk space", state, format!("{free} MB free"), advice);
    }
    let key = keys::path(data);
    if config.secret_key.is_some() {
        report.add("secret key", State::Ok, "from SONNIM_SECRET_KEY", "");
    } else if key.exists() {
        if others_may_read(&key) {
            report.add("secret key", State::Fail, format!("others may read {}", key.display()), &format!("run: chmod 600 {}", key.display()));
        } else {
            report.add("secret key", State::Ok, format!("{}, for its owner only", key.display()), "");
        }
    }
}

/// By `df`, which every system has, instead of a C call.
fn free_megabytes(folder: &Path) -> Option<u64> {
    let output = std::process::Command::new("df").arg("-Pm").arg(folder).output().ok()?;
    String::from_utf8(output.stdout).ok()?.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

async fn installation(config: &Config, report: &mut Report) {
    let started = Instant::now();
    let desk = match open::open(config, config.public_url(config.listen())).await {
        Ok(desk) => desk,
        Err(failure) => {
            let advice = if config.set.database.url.is_some() {
                "is PostgreSQL running, and are host, user and password in DATABASE_URL right?"
            } else {
                "see the message; if the file is damaged, restore your last backup"
            };
            return report.add("database", State::Fail, failure.to_string(), advice);
        }
    };
    report.add("database", State::Ok, format!("{:?}, opened in {} ms", desk.store.dialect(), started.elapsed().as_millis()), "");
    if let Err(error) = database(&desk, config, report).await {
        report.add("database", State::Fail, error.to_string(), "restore your last backup if this stays");
    }
    match desk.store.blobs().check().await {
        Ok(()) => report.add("attachments", State::Ok, "written, read and deleted a small one", ""),
        Err(error) => report.add("attachments", State::Fail, error.to_string(), "check [blobs], or the permissions of the folder blobs"),
    }
    if let Err(failure) = mailboxes(&desk, config, report).await {
        report.add("mailboxes", State::Fail, failure.to_string(), "");
    }
    desk.store.leave(desk.clock.now()).await;
}

/// Signs in to each mailbox, as far as a real mail would go; sends nothing.
async fn mailboxes(desk: &Desk, config: &Config, report: &mut Report) -> Result<(), Failure> {
    let mut conn = desk.store.read().await?;
    let mut wanted = Vec::new();
    for workspace in store::workspace::all(&mut conn).await? {
        for inbox in store::inbox::list(&mut conn, workspace.id).await?.into_iter().filter(|i| i.archived_at.is_none()) {
            let sealed = store::inbox::secrets(&mut conn, workspace.id, inbox.id).await?;
            wanted.push((inbox, sealed));
        }
    }
    drop(conn);
    let prober = Prober::new(config, desk.keys.clone(), mail::host_name(config, &desk.public_url))?;
    for (inbox, sealed) in wanted {
        let name = format!("mailbox {}", inbox.name);
        let open = |sealed: Option<Vec<u8>>| sealed.map(|s| desk.keys.open(&s)).transpose();
        let (Ok(incoming), Ok(outgoing)) = (open(sealed.incoming), open(sealed.outgoing)) else {
            report.add(name, State::Fail, "its password cannot be opened with this secret key", "enter it again in the inbox's settings");
            continue;
        };
        if inbox.outgoing == Outgoing::None {
            report.add(&name, State::Warn, "has no way out: replies wait", "add an outgoing server in the inbox's settings");
        }
        let probe = Probe {
            address: inbox.address,
            incoming: Some(inbox.incoming),
            outgoing: Some(inbox.outgoing),
            secrets: MailboxSecrets { incoming, outgoing },
        };
        let steps = prober.probe(probe).await;
        match steps.iter().find(|step| step.ok == Some(false)) {
            Some(step) => report.add(name, State::Fail, format!("{} mail: {}", step.target, step.detail), "see the inbox's settings"),
            None if steps.is_empty() => {}
            None => report.add(name, State::Ok, format!("{} steps tried, all well", steps.iter().filter(|s| s.ok == Some(true)).count()), ""),
        }
    }
    Ok(())
}

async fn database(desk: &Desk, config: &Config, report: &mut Report) -> Result<(), store::Error> {
    let mut conn = desk.store.read().await?;
    let steps = store::upkeep::schema_steps(&mut conn).await?;
    let newer: Vec<_> = steps.iter().filter(|step| !store::migrate::known().any(|known| known == step.as_str())).cloned().collect();
    if newer.is_empty() {
        report.add("schema", State::Ok, format!("up to date ({} steps)", steps.len()), "");
    } else {
        report.add("schema", State::Fail, format!("written by a newer Sonnim: {}", newer.join(", ")), "run the newer version");
    }
    let damage = store::upkeep::quick_check(&mut conn).await?;
    match damage.first() {
        None => report.add("integrity", State::Ok, "no damage found", ""),
        Some(first) => report.add("integrity", State::Fail, first.clone(), "stop Sonnim, keep a copy of the file, restore your last backup"),
    }
    if let Ok(wal) = std::fs::metadata(config.data.join("sonnim.db-wal"))
        && config.set.database.url.is_none()
    {
        let megabytes = wal.len() / 1024 / 1024;
        let state = if megabytes > 256 { State::Warn } else { State::Ok };
        report.add("write-ahead log", state, format!("{megabytes} MB"), "a reader may be stuck: restart Sonnim");
    }
    if let Some(theirs) = store::upkeep::clock(&mut conn).await? {
        let apart = (theirs.as_millisecond() - desk.clock.now().as_millisecond()).abs();
        let state = if apart > 5_000 {
            State::Fail
        } else if apart > 1_000 {
            State::Warn
        } else {
            State::Ok
        };
        report.add("clock", state, format!("{apart} ms from the database's"), "set both clocks by NTP");
    } else if desk.clock.now().as_millisecond() < model::id::EPOCH_MS {
        report.add("clock", State::Fail, format!("it says {}", desk.clock.now()), "set the clock");
    } else {
        report.add("clock", State::Ok, format!("it says {}", desk.clock.now()), "");
    }
    for (state, n) in store::upkeep::jobs(&mut conn).await? {
        if state == "parked" {
            report.add("jobs", State::Warn, format!("{n} gave up"), "look at the log for their errors");
        }
    }
    let quarantined = store::upkeep::quarantined(&mut conn).await?;
    if quarantined > 0 {
        let detail = format!("{quarantined} could not be processed");
        report.add("mail", State::Warn, detail, "open Settings → Quarantine, or run: sonnim mail replay --quarantined");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_given_only_where_something_is_to_be_done() {
        let mut report = Report::default();
        report.add("a", State::Ok, "fine", "do something");
        report.add("b", State::Fail, "broken", "mend it");
        assert_eq!(report.checks.iter().map(|c| c.advice.as_deref()).collect::<Vec<_>>(), [None, Some("mend it")]);
        assert_eq!(report.state(), State::Fail);
        assert!(report.to_text().ends_with("1 ok, 0 to look at, 1 failed\n"));
    }

    #[test]
    fn free_space_is_read() {
        assert!(free_megabytes(Path::new("/")).is_some());
    }
}
