//! `sonnim restore`: an archive back into an empty place.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use store::{Settings, Store};

use crate::archive::{self, Manifest, Name};
use crate::config::Config;
use crate::failure::Failure;
use crate::{keys, open, postgres};

/// What was restored.
#[derive(Debug, serde::Serialize)]
pub struct Restored {
    /// The archive's own words.
    #[serde(flatten)]
    pub manifest: Manifest,
    /// Replies that were waiting to be sent, now marked as failed.
    pub unsent: u64,
    /// The archive held the secret key.
    pub with_key: bool,
}

/// How to restore.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Send what was waiting to be sent.
    pub resend: bool,
    /// The old secret key is lost: let the next start make a new one.
    pub new_key: bool,
}

/// What a waiting reply says after a restore.
const UNSENT: &str = "Restored from a backup: it is not known whether this was sent afterwards. Look, then send it again.";

/// Unpacks an archive beside the data, proves it, makes it fit to run, and only then moves it into place.
///
/// # Errors
/// [`Failure::Refused`] when there is data already, or the archive was made by a newer version or for the other database.
pub async fn restore(config: &Config, file: &Path, options: Options, now: jiff::Timestamp) -> Result<Restored, Failure> {
    refuse_existing(config).await?;
    std::fs::create_dir_all(&config.data)?;
    let staging = Staging::new(&config.data)?;
    let manifest = read(file, &staging.0).await?;
    fits(config, &manifest)?;
    let key = take_key(config, &staging.0)?;

    let unsent = if config.set.database.url.is_some() {
        postgres::restore(config.set.database.url.as_ref(), &archive::place(&staging.0, &Name::Dump)).await?;
        settle(&config.store(), &manifest, &staging.0, options, now).await?
    } else {
        // Made fit beside the data folder: a restore that is killed leaves nothing that could be started by mistake.
        settle(&Settings { data: staging.0.clone(), ..config.store() }, &manifest, &staging.0, options, now).await?
    };
    into_place(config, &staging.0, &manifest)?;
    Ok(Restored { manifest, unsent, with_key: key })
}

/// Unpacks and proves an archive, then throws it away.
///
/// # Errors
/// When the archive or the database in it is not sound.
pub async fn check(file: &Path) -> Result<Manifest, Failure> {
    let staging = Staging::new(&std::env::temp_dir())?;
    read(file, &staging.0).await
}

async fn read(file: &Path, staging: &Path) -> Result<Manifest, Failure> {
    let archive = File::open(file).map_err(Failure::failed(file.display().to_string()))?;
    let manifest = archive::unpack(BufReader::new(archive), staging)?;
    let database = match manifest.database.as_str() {
        "sqlite" => Name::Sqlite,
        "postgres" => Name::Dump,
        other => return Err(Failure::Failed(format!("the archive holds an unknown database: {other:?}"))),
    };
    let database = archive::place(staging, &database);
    if !database.exists() {
        return Err(Failure::Failed("the archive holds no database".into()));
    }
    if manifest.database == "sqlite" {
        let report = store::upkeep::check_file(&database).await?;
        if let Some(damage) = report.damage.first() {
            return Err(Failure::Failed(format!("the database in the archive is damaged: {damage}")));
        }
    }
    if let Some(newer) = manifest.schema.iter().find(|step| !store::migrate::known().any(|known| known == step.as_str())) {
        return Err(Failure::Refused(format!(
            "the archive was made by a newer Sonnim ({}, schema step {newer}): restore it with that version or a later one",
            manifest.sonnim
        )));
    }
    Ok(manifest)
}

fn fits(config: &Config, manifest: &Manifest) -> Result<(), Failure> {
    match (manifest.database.as_str(), config.set.database.url.is_some()) {
        ("sqlite", true) => Err(Failure::Refused("the archive holds an embedded database, but PostgreSQL is configured: unset DATABASE_URL".into())),
        ("postgres", false) => Err(Failure::Refused("the archive holds a PostgreSQL database: set DATABASE_URL to an empty one".into())),
        _ => Ok(()),
    }
}

async fn refuse_existing(config: &Config) -> Result<(), Failure> {
    for name in ["sonnim.db", "blobs"] {
        let path = config.data.join(name);
        let is_empty_folder = std::fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_none());
        if path.exists() && !is_empty_folder {
            return Err(Failure::Refused(format!(
                "{} exists already: a restore never overwrites; move it away or give another --data",
                path.display()
            )));
        }
    }
    if let Some(url) = &config.set.database.url
        && !store::upkeep::postgres_is_empty(url).await?
    {
        return Err(Failure::Refused("the PostgreSQL database is not empty: a restore never overwrites; create a new one".into()));
    }
    Ok(())
}

/// Whether the archive brings a key, which must not replace another one.
fn take_key(config: &Config, staging: &Path) -> Result<bool, Failure> {
    let brought = archive::place(staging, &Name::Key);
    if !brought.exists() {
        return Ok(false);
    }
    let brought = std::fs::read_to_string(brought)?;
    let there = match &config.secret_key {
        Some(key) => Some(key.expose().to_owned()),
        None => std::fs::read_to_string(keys::path(&config.data)).ok(),
    };
    if there.is_some_and(|there| there.trim() != brought.trim()) {
        return Err(Failure::Refused("another secret key is here already than the one in the archive: move it away first".into()));
    }
    Ok(true)
}

async fn settle(settings: &Settings, manifest: &Manifest, staging: &Path, options: Options, now: jiff::Timestamp) -> Result<u64, Failure> {
    let store = Store::open(settings, now).await?;
    let result = settle_open(&store, settings, manifest, staging, options, now).await;
    store.leave(now).await;
    result
}

async fn settle_open(
    store: &Store,
    settings: &Settings,
    manifest: &Manifest,
    staging: &Path,
    options: Options,
    now: jiff::Timestamp,
) -> Result<u64, Failure> {
    if settings.blobs.is_some() {
        for name in manifest.entries.keys().filter_map(|name| Name::parse(name)) {
            if let Name::Blob(workspace, _) = &name {
                store.blobs().restore(*workspace, std::fs::read(archive::place(staging, &name))?.into()).await?;
            }
        }
    }
    let mut tx = store.begin(now).await?;
    let settled = store::upkeep::settle_after_restore(&mut tx, options.resend, UNSENT).await?;
    if options.new_key {
        store::upkeep::forget(&mut tx, open::KEY_FINGERPRINT).await?;
    }
    tx.commit().await?;
    Ok(settled.unsent)
}

/// The database comes last: without it, nothing starts on half a restore.
fn into_place(config: &Config, staging: &Path, manifest: &Manifest) -> Result<(), Failure> {
    let data = &config.data;
    for leftover in ["sonnim.db-wal", "sonnim.db-shm"] {
        let _ = std::fs::remove_file(data.join(leftover));
        let _ = std::fs::remove_file(staging.join(leftover));
    }
    if staging.join("blobs").exists() && config.set.blobs.bucket.is_none() {
        let _ = std::fs::remove_dir(data.join("blobs"));
        std::fs::rename(staging.join("blobs"), data.join("blobs"))?;
    }
    let mut moves = vec![("sonnim.toml", "sonnim.toml.from-backup")];
    if config.secret_key.is_none() && !keys::path(data).exists() {
        moves.push(("secret.key", "secret.key"));
    }
    if manifest.database == "sqlite" {
        moves.push(("sonnim.db", "sonnim.db"));
    }
    for (from, to) in moves {
        if staging.join(from).exists() {
            std::fs::rename(staging.join(from), data.join(to))?;
        }
    }
    File::open(data)?.sync_all()?;
    Ok(())
}

/// A folder beside the data that goes away with us.
struct Staging(PathBuf);

impl Staging {
    fn new(beside: &Path) -> Result<Self, Failure> {
        use std::os::unix::fs::DirBuilderExt;
        let folder = beside.join(format!(".sonnim-restore-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::DirBuilder::new().mode(0o700).create(&folder).map_err(Failure::failed(folder.display().to_string()))?;
        Ok(Self(folder))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
