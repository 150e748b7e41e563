//! The backup archive: what may be in it, how it is written, and how it is read without trusting it.
//!
//! A `.tar.gz` of plain files: `sonnim.db` or `database.dump`, `blobs/<workspace>/<sha256>`, `sonnim.toml` (no secrets),
//! `secret.key` on request, and `manifest.json` at the end, with the SHA-256 of all others.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use model::WorkspaceId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// The manifest's own name.
const MANIFEST: &str = "manifest.json";
/// Version of this layout.
const FORMAT: u32 = 1;

/// What an archive says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Layout of the archive.
    pub format: u32,
    /// Version of Sonnim that wrote it.
    pub sonnim: String,
    /// When.
    pub made_at: jiff::Timestamp,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// Schema steps of the database in it.
    pub schema: Vec<String>,
    /// How many of each noun there were, about.
    pub counts: BTreeMap<String, i64>,
    /// Tells keys apart.
    pub key_fingerprint: Option<String>,
    /// Every other entry.
    pub entries: BTreeMap<String, Entry>,
}

/// One entry of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Bytes.
    pub size: u64,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// The only names that an archive may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A SQLite database.
    Sqlite,
    /// A PostgreSQL dump.
    Dump,
    /// The configuration, without secrets.
    Config,
    /// The installation's secret.
    Key,
    /// A blob.
    Blob(WorkspaceId, String),
    /// The manifest.
    Manifest,
}

impl Name {
    /// Reads a name as it stands in an archive. Anything unexpected (`../`, an absolute path, a stranger) is none.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "sonnim.db" => Self::Sqlite,
            "database.dump" => Self::Dump,
            "sonnim.toml" => Self::Config,
            "secret.key" => Self::Key,
            MANIFEST => Self::Manifest,
            other => {
                let (workspace, sha256) = other.strip_prefix("blobs/")?.split_once('/')?;
                let is_hash = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                Self::Blob(workspace.parse().ok().filter(|_| is_hash)?, sha256.to_owned())
            }
        })
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite => f.write_str("sonnim.db"),
            Self::Dump => f.write_str("database.dump"),
            Self::Config => f.write_str("sonnim.toml"),
            Self::Key => f.write_str("secret.key"),
            Self::Blob(workspace, sha256) => write!(f, "blobs/{workspace}/{sha256}"),
            Self::Manifest => f.write_str(MANIFEST),
        }
    }
}

/// Writes an archive.
pub struct Writer<W: Write> {
    tar: tar::Builder<GzEncoder<W>>,
    entries: BTreeMap<String, Entry>,
    at: u64,
}

impl<W: Write> Writer<W> {
    /// An archive onto `out`. `at` is the time that its entries carry.
    pub fn new(out: W, at: jiff::Timestamp) -> Self {
        let mut tar = tar::Builder::new(GzEncoder::new(out, Compression::fast()));
        tar.mode(tar::HeaderMode::Deterministic);
        Self { tar, entries: BTreeMap::new(), at: u64::try_from(at.as_second()).unwrap_or_default() }
    }

    /// Adds bytes.
    pub fn bytes(&mut self, name: &Name, bytes: &[u8]) -> std::io::Result<()> {
        self.stream(name, bytes.len() as u64, bytes)
    }

    /// Adds a file.
    pub fn file(&mut self, name: &Name, file: &Path) -> std::io::Result<()> {
        let file = File::open(file)?;
        let size = file.metadata()?.len();
        self.stream(name, size, file.take(size))
    }

    fn stream(&mut self, name: &Name, size: u64, from: impl Read) -> std::io::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(self.at);
        header.set_entry_type(tar::EntryType::Regular);
        let mut hashing = Hashing::new(from);
        self.tar.append_data(&mut header, name.to_string(), &mut hashing)?;
        if hashing.size != size {
            return Err(std::io::Error::other(format!("{name} changed its size while it was read")));
        }
        if *name != Name::Manifest {
            self.entries.insert(name.to_string(), hashing.finish());
        }
        Ok(())
    }

    /// Writes the manifest (its `entries` are filled in here) and ends the archive.
    pub fn finish(mut self, manifest: Manifest) -> Result<(Manifest, W), Failure> {
        let manifest = Manifest { format: FORMAT, entries: std::mem::take(&mut self.entries), ..manifest };
        let text = serde_json::to_vec_pretty(&manifest).map_err(Failure::failed("writing the manifest"))?;
        self.bytes(&Name::Manifest, &text)?;
        Ok((manifest, self.tar.into_inner()?.finish()?))
    }
}

/// Unpacks an archive into `folder` (which is empty), and proves it against its manifest. Nothing is followed, nothing is
/// overwritten, and nothing with an unexpected name or type is unpacked.
///
/// # Errors
/// When anything is unexpected, missing, extra or different from the manifest.
pub fn unpack(archive: impl Read, folder: &Path) -> Result<Manifest, Failure> {
    let bad = |text: String| Failure::Failed(format!("this archive is not restored: {text}"));
    let mut tar = tar::Archive::new(GzDecoder::new(archive));
    let mut found = BTreeMap::new();
    let mut manifest = None;
    for entry in tar.entries().map_err(|e| bad(e.to_string()))? {
        let mut entry = entry.map_err(|e| bad(e.to_string()))?;
        let written = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(bad(format!("entry {written:?} is not a plain file")));
        }
        let name = Name::parse(&written).ok_or_else(|| bad(format!("entry {written:?} does not belong into a backup")))?;
        if name == Name::Manifest {
            let mut text = Vec::new();
            entry.read_to_end(&mut text).map_err(|e| bad(e.to_string()))?;
            manifest = Some(serde_json::from_slice::<Manifest>(&text).map_err(|e| bad(format!("{MANIFEST}: {e}")))?);
            continue;
        }
        let target = place(folder, &name);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        // `create_new`: an entry that comes twice is refused.
        let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&target).map_err(|e| bad(format!("{name}: {e}")))?;
        let mut hashing = Hashing::new(&mut entry);
        std::io::copy(&mut hashing, &mut out).map_err(|e| bad(format!("{name}: {e}")))?;
        out.sync_all()?;
        found.insert(written, hashing.finish());
    }
    let manifest = manifest.ok_or_else(|| bad(format!("{MANIFEST} is missing; was the archive cut off?")))?;
    if manifest.format != FORMAT {
        return Err(bad(format!("its format is {}, this version reads {FORMAT}", manifest.format)));
    }
    for (name, said) in &manifest.entries {
        match found.remove(name) {
            None => return Err(bad(format!("{name} is missing"))),
            Some(is) if is != *said => return Err(bad(format!("{name} is damaged"))),
            Some(_) => {}
        }
    }
    if let Some(extra) = found.keys().next() {
        return Err(bad(format!("{extra} is not in the manifest")));
    }
    Ok(manifest)
}

/// Where an entry is unpacked to: blobs as the local blob store keeps them.
pub fn place(folder: &Path, name: &Name) -> PathBuf {
    match name {
        Name::Blob(workspace, sha256) => folder.join("blobs").join(workspace.to_string()).join(&sha256[..2]).join(sha256),
        other => folder.join(other.to_string()),
    }
}

/// Reads through, and remembers what went by.
struct Hashing<R> {
    from: R,
    hash: Sha256,
    size: u64,
}

impl<R> Hashing<R> {
    fn new(from: R) -> Self {
        Self { from, hash: Sha256::new(), size: 0 }
    }

    fn finish(self) -> Entry {
        let sha256 = self.hash.finalize().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        Entry { size: self.size, sha256 }
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.from.read(buffer)?;
        self.hash.update(&buffer[..n]);
        self.size += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            format: FORMAT,
            sonnim: "0".into(),
            made_at: jiff::Timestamp::UNIX_EPOCH,
            database: "sqlite".into(),
            schema: Vec::new(),
            counts: BTreeMap::new(),
            key_fingerprint: None,
            entries: BTreeMap::new(),
        }
    }

    fn blob(bytes: &[u8]) -> Name {
        Name::parse(&format!("blobs/{}/{}", <WorkspaceId as model::Id>::from_raw(5), store::blob::digest(bytes))).unwrap()
    }

    fn good() -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), jiff::Timestamp::UNIX_EPOCH);
        writer.bytes(&Name::Sqlite, b"database").unwrap();
        writer.bytes(&blob(b"picture"), b"picture").unwrap();
        writer.finish(manifest()).unwrap().1
    }

    /// An archive with one hostile entry, as a hex editor would make it.
    fn hostile(path: &str, kind: tar::EntryType, link: Option<&str>) -> Vec<u8> {
        let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        if let Some(link) = link {
            header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
        }
        header.set_entry_type(kind);
        header.set_size(0);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append(&header, std::io::empty()).unwrap();
        tar.into_inner().unwrap().finish().unwrap()
    }

    fn refusal(archive: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("inside");
        std::fs::create_dir(&inside).unwrap();
        let error = unpack(archive, &inside).unwrap_err().to_string();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "something escaped");
        error
    }

    #[test]
    fn what_is_packed_unpacks() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = unpack(&good()[..], folder.path()).unwrap();
        assert_eq!(manifest.entries.len(), 2);
        assert_eq!(std::fs::read(place(folder.path(), &blob(b"picture"))).unwrap(), b"picture");
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for path in ["../evil", "/etc/evil", "blobs/../../evil", "a/../sonnim.db", "./sonnim.db", "evil", "blobs/wks_x/ab"] {
            assert!(refusal(&hostile(path, tar::EntryType::Regular, None)).contains("does not belong"), "{path}");
        }
    }

    #[test]
    fn links_devices_and_folders_are_refused() {
        use tar::EntryType as T;
        for kind in [T::Symlink, T::Link, T::Directory, T::Char, T::Fifo] {
            assert!(refusal(&hostile("sonnim.db", kind, Some("/etc/passwd"))).contains("not a plain file"), "{kind:?}");
        }
    }

    #[test]
    fn a_cut_off_or_changed_archive_is_refused() {
        let good = good();
        refusal(&good[..good.len() / 2]);
        refusal(b"not an archive");
        let mut writer = Writer::new(Vec::new(), jiff::Timestamp::UNIX_EPOCH);
        writer.bytes(&Name::Sqlite, b"other").unwrap();
        writer.entries.get_mut("sonnim.db").unwrap().sha256 = "0".repeat(64);
        assert!(refusal(&writer.finish(manifest()).unwrap().1).contains("damaged"));
    }

    #[test]
    fn an_entry_that_the_manifest_does_not_know_is_refused() {
        let mut writer = Writer::new(Vec::new(), jiff::Timestamp::UNIX_EPOCH);
        writer.bytes(&Name::Key, b"key").unwrap();
        writer.entries.clear();
        assert!(refusal(&writer.finish(manifest()).unwrap().1).contains("not in the manifest"));
    }

    #[test]
    fn an_entry_that_comes_twice_is_refused() {
        let mut writer = Writer::new(Vec::new(), jiff::Timestamp::UNIX_EPOCH);
        writer.bytes(&Name::Sqlite, b"one").unwrap();
        writer.bytes(&Name::Sqlite, b"two").unwrap();
        refusal(&writer.finish(manifest()).unwrap().1);
    }
}
