//! `sonnim backup`: everything in one archive, while Sonnim runs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use desk::Desk;
use store::Dialect;

use crate::archive::{Manifest, Name, Writer};
use crate::config::Config;
use crate::failure::Failure;
use crate::{keys, open, postgres};

/// Writes the archive; says what is in it.
///
/// The database is copied first and the blobs after it, so every blob that the copy names is in the archive: blobs are
/// written before the rows that name them.
///
/// # Errors
/// [`Failure::Refused`] when `to` exists already. A failed backup leaves no file behind.
pub async fn backup(desk: &Desk, config: &Config, to: &Path, with_key: bool) -> Result<Manifest, Failure> {
    if to == Path::new("-") {
        let (manifest, mut out) = write(desk, config, with_key, std::io::stdout().lock()).await?;
        out.flush()?;
        return Ok(manifest);
    }
    if to.exists() {
        return Err(Failure::Refused(format!("{} exists already: a backup never overwrites", to.display())));
    }
    let draft = Draft::beside(to)?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft.0).map_err(Failure::failed(draft.0.display().to_string()))?;
    let (manifest, out) = write(desk, config, with_key, std::io::BufWriter::new(file)).await?;
    out.into_inner().map_err(Failure::failed("writing the archive"))?.sync_all()?;
    // A link, not a rename: should somebody have made the file meanwhile, theirs stays.
    std::fs::hard_link(&draft.0, to).map_err(Failure::failed(to.display().to_string()))?;
    Ok(manifest)
}

async fn write<W: Write>(desk: &Desk, config: &Config, with_key: bool, out: W) -> Result<(Manifest, W), Failure> {
    let now = desk.clock.now();
    let mut writer = Writer::new(out, now);
    // Counted first: whatever arrives meanwhile, the copy holds at least this much.
    let counts = store::upkeep::counts(&mut desk.store.read().await?).await?;
    let database = match desk.store.dialect() {
        Dialect::Sqlite => {
            let copy = Draft(config.data.join(format!(".backup-{}.db", std::process::id())));
            let _ = std::fs::remove_file(&copy.0);
            desk.store.snapshot_to(&copy.0).await?;
            writer.file(&Name::Sqlite, &copy.0)?;
            "sqlite"
        }
        Dialect::Postgres => {
            let dump = Draft(config.data.join(format!(".backup-{}.dump", std::process::id())));
            postgres::dump(config.set.database.url.as_ref(), &dump.0).await?;
            writer.file(&Name::Dump, &dump.0)?;
            "postgres"
        }
    };
    let mut conn = desk.store.read().await?;
    let schema = store::upkeep::schema_steps(&mut conn).await?;
    for (workspace, sha256) in store::blob::all_outside(&mut conn).await? {
        let bytes = desk.store.blobs().get(&mut conn, workspace, &sha256).await?;
        let bytes = bytes.ok_or_else(|| Failure::Failed(format!("blob {sha256} went away while it was read")))?;
        writer.bytes(&Name::Blob(workspace, sha256), &bytes)?;
    }
    drop(conn);
    writer.bytes(&Name::Config, configuration(config).as_bytes())?;
    if with_key {
        let key = match &config.secret_key {
            Some(key) => key.expose().as_bytes().to_vec(),
            None => std::fs::read(keys::path(&config.data))?,
        };
        writer.bytes(&Name::Key, &key)?;
    }
    writer.finish(Manifest {
        format: 0,
        sonnim: env!("CARGO_PKG_VERSION").into(),
        made_at: now,
        database: database.into(),
        schema,
        counts: counts.into_iter().map(|(name, n)| (name.to_owned(), n)).collect::<BTreeMap<_, _>>(),
        key_fingerprint: Some(open::fingerprint(&desk.keys)),
        entries: BTreeMap::new(),
    })
}

/// The configuration in force, for reading: secrets are left out.
fn configuration(config: &Config) -> String {
    let mut text = String::from("# The configuration in force when the backup was made. Secrets are left out.\n");
    for (key, value, source) in config.describe() {
        let comment = if value.contains('•') || matches!(key, "data" | "config" | "secret_key") { "# " } else { "" };
        let _ = writeln!(text, "{comment}{key} = {value}  # {source}");
    }
    text
}

/// A file that goes away with us.
struct Draft(PathBuf);

impl Draft {
    fn beside(file: &Path) -> Result<Self, Failure> {
        let name = file.file_name().ok_or_else(|| Failure::Usage(format!("{} is not a file name", file.display())))?;
        Ok(Self(file.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()))))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
