//! The installation's secret: where it is kept, and how it comes to be.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::failure::Failure;

/// Where the secret stands in a data folder.
pub fn path(data: &Path) -> PathBuf {
    data.join("secret.key")
}

/// The secret of this installation: from `given` (`SONNIM_SECRET_KEY`, base64) when there is one, else from the data
/// folder, where the first start makes it, readable by its owner only.
///
/// # Errors
/// When the secret is not 32 bytes in base64, or the file can be neither read nor made.
pub fn load_or_make(data: &Path, given: Option<&str>) -> Result<[u8; 32], Failure> {
    if let Some(given) = given {
        return decode(given)
            .ok_or_else(|| Failure::Usage("SONNIM_SECRET_KEY must be 32 bytes in base64; make one with: head -c 32 /dev/urandom | base64".into()));
    }
    let file = path(data);
    match std::fs::read_to_string(&file) {
        Ok(text) => read(&file, &text),
        Err(error) if error.kind() == ErrorKind::NotFound => make(data, &file),
        Err(error) => Err(Failure::Failed(format!("{}: {error}", file.display()))),
    }
}

fn decode(text: &str) -> Option<[u8; 32]> {
    STANDARD.decode(text.trim()).ok()?.try_into().ok()
}

fn read(file: &Path, text: &str) -> Result<[u8; 32], Failure> {
    decode(text)
        .ok_or_else(|| Failure::Failed(format!("{} is damaged: it must hold 32 bytes in base64; put back the copy from your backup", file.display())))
}

/// Whole or not at all, and only one of two processes that start at once wins.
fn make(data: &Path, file: &Path) -> Result<[u8; 32], Failure> {
    let say = |error: std::io::Error| Failure::Failed(format!("{}: {error}", file.display()));
    std::fs::create_dir_all(data).map_err(say)?;
    let secret: [u8; 32] = rand::random();
    let draft = data.join(format!(".secret.key.{}", std::process::id()));
    let _ = std::fs::remove_file(&draft);
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).map_err(say)?;
    writeln!(out, "{}", STANDARD.encode(secret)).and_then(|()| out.sync_all()).map_err(say)?;
    let linked = std::fs::hard_link(&draft, file);
    let _ = std::fs::remove_file(&draft);
    match linked {
        Ok(()) => {
            std::fs::File::open(data).and_then(|folder| folder.sync_all()).map_err(say)?;
            Ok(secret)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(file, &std::fs::read_to_string(file).map_err(say)?),
        Err(error) => Err(say(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_first_start_makes_a_key_that_only_its_owner_reads_and_later_ones_find_it() {
        let data = tempfile::tempdir().unwrap();
        let made = load_or_make(data.path(), None).unwrap();
        assert_eq!(load_or_make(data.path(), None).unwrap(), made);
        assert_eq!(std::fs::metadata(path(data.path())).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 1);
    }

    #[test]
    fn ten_processes_that_start_at_once_agree_on_one_key() {
        let data = tempfile::tempdir().unwrap();
        // The draft's name carries the process id, so threads stand in for processes only with the link step raced.
        let keys: Vec<_> = (0..10).map(|_| load_or_make(data.path(), None).unwrap()).collect();
        assert!(keys.iter().all(|key| *key == keys[0]));
    }

    #[test]
    fn a_key_from_the_environment_wins_and_a_bad_one_is_refused() {
        let data = tempfile::tempdir().unwrap();
        let given = STANDARD.encode([7; 32]);
        assert_eq!(load_or_make(data.path(), Some(&given)).unwrap(), [7; 32]);
        assert!(matches!(load_or_make(data.path(), Some("short")), Err(Failure::Usage(_))));
        assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_damaged_key_file_is_never_replaced() {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(path(data.path()), "oops").unwrap();
        assert!(load_or_make(data.path(), None).is_err());
        assert_eq!(std::fs::read_to_string(path(data.path())).unwrap(), "oops");
    }
}
