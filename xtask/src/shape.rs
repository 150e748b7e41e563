//! The shape of the house, checked: arrows point downward, SQL stays in store, both languages say everything.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::api;

/// The rooms, each with those it may look into.
const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("store", &["model"]),
    ("desk", &["store", "model"]),
    ("channels", &["desk", "store", "model"]),
    ("jobs", &["desk", "store", "model"]),
    ("http", &["desk", "store", "model"]),
    ("sonnim", &["http", "jobs", "channels", "desk", "store", "model"]),
];

/// Longest Rust file.
const MOST_LINES: usize = 600;

/// Checks everything; prints each fault.
pub fn run(root: &Path) -> ExitCode {
    let mut faults = Vec::new();
    rooms(root, &mut faults);
    sources(root, &mut faults);
    languages(root, &mut faults);
    document(root, &mut faults);
    for fault in &faults {
        eprintln!("{fault}");
    }
    if faults.is_empty() {
        println!("shape: fine");
        ExitCode::SUCCESS
    } else {
        eprintln!("shape: {} faults", faults.len());
        ExitCode::FAILURE
    }
}

/// No room depends on one that is not below it.
fn rooms(root: &Path, faults: &mut Vec<String>) {
    for (room, below) in ROOMS {
        let file = root.join("crates").join(room).join("Cargo.toml");
        let Ok(text) = std::fs::read_to_string(&file) else {
            faults.push(format!("{}: not there", file.display()));
            continue;
        };
        for dependency in dependencies(&text) {
            let is_room = ROOMS.iter().any(|(name, _)| *name == dependency);
            if is_room && !below.contains(&dependency.as_str()) {
                faults.push(format!("crates/{room} depends on {dependency}, which is not below it"));
            }
            if matches!(dependency.as_str(), "sqlx" | "rusqlite") && *room != "store" {
                faults.push(format!("crates/{room} depends on {dependency}: SQL lives in crates/store"));
            }
        }
    }
}

/// The names under `[dependencies]` of a manifest. (Tests may look around.)
fn dependencies(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line == "[dependencies]";
        } else if inside && let Some(name) = line.split(['.', '=', ' ']).next().filter(|n| !n.is_empty() && !n.starts_with('#')) {
            names.push(name.to_owned());
        }
    }
    names
}

/// SQL only in store, no machine's own paths, no file longer than a reader's head.
fn sources(root: &Path, faults: &mut Vec<String>) {
    for file in files(&root.join("crates"), "rs") {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        if text.contains("sqlx::") && !shown.starts_with("crates/store/") {
            faults.push(format!("{shown}: sqlx outside store"));
        }
        let lines = text.lines().count();
        if lines > MOST_LINES && !shown.contains("/tests/") && !shown.ends_with("/tests.rs") {
            faults.push(format!("{shown}: {lines} lines; at most {MOST_LINES} fit in a reader's head"));
        }
    }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && path.file_name().is_none_or(|n| n != "target" && n != "node_modules" && n != "testdata") {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The message files of the app, wherever they are: `en.json` (or `app.en.json`) and `ko.json` beside it say the same keys, none empty.
fn languages(root: &Path, faults: &mut Vec<String>) {
    for english in files(&root.join("web"), "json") {
        let Some(name) = english.file_name().and_then(|n| n.to_str()).filter(|n| *n == "en.json" || n.ends_with(".en.json")) else { continue };
        let korean = english.with_file_name(name.replace("en.json", "ko.json"));
        let (en, ko) = (keys(&english, faults), keys(&korean, faults));
        for missing in en.difference(&ko) {
            faults.push(format!("{}: {missing} is missing", korean.strip_prefix(root).unwrap_or(&korean).display()));
        }
        for extra in ko.difference(&en) {
            faults.push(format!("{}: {extra} is missing", english.strip_prefix(root).unwrap_or(&english).display()));
        }
    }
}

fn keys(file: &Path, faults: &mut Vec<String>) -> BTreeSet<String> {
    let parsed = std::fs::read_to_string(file).map_err(|e| e.to_string()).and_then(|t| serde_json::from_str(&t).map_err(|e| e.to_string()));
    let mut found = BTreeSet::new();
    match parsed {
        Ok(value) => collect(&value, "", &mut found, &mut |key| faults.push(format!("{}: {key} is empty", file.display()))),
        Err(why) => faults.push(format!("{}: {why}", file.display())),
    }
    found
}

/// Plural forms differ by language, so they count as one key.
fn collect(value: &serde_json::Value, at: &str, found: &mut BTreeSet<String>, empty: &mut impl FnMut(&str)) {
    match value {
        serde_json::Value::Object(map) => {
            for (name, inner) in map {
                let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                collect(inner, &path, found, empty);
            }
        }
        other => {
            if other.as_str().is_some_and(str::is_empty) {
                empty(at);
            }
            let singular = ["_zero", "_one", "_two", "_few", "_many", "_other"].iter().find_map(|form| at.strip_suffix(form));
            found.insert(singular.unwrap_or(at).to_owned());
        }
    }
}

/// The API document in the repository is the one that the binary prints.
fn document(root: &Path, faults: &mut Vec<String>) {
    match (api::document(root), std::fs::read_to_string(root.join(api::DOCUMENT))) {
        (Err(why), _) => faults.push(why),
        (Ok(_), Err(error)) => faults.push(format!("{}: {error}; run cargo xtask api", api::DOCUMENT)),
        (Ok(fresh), Ok(kept)) if fresh != kept => faults.push(format!("{} is stale: run cargo xtask api", api::DOCUMENT)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_read_from_their_section_only() {
        let text =
            "[package]\nname = \"x\"\n[dependencies]\nhttp.workspace = true\nserde = \"1\"\n# jobs\n[dev-dependencies]\ndesk = { path = \"\" }\n";
        assert_eq!(dependencies(text), ["http", "serde"]);
    }

    #[test]
    fn plural_forms_of_a_message_are_one_key() {
        let mut keys = (BTreeSet::new(), BTreeSet::new());
        collect(&serde_json::json!({ "a": { "n_one": "1", "n_other": "2" } }), "", &mut keys.0, &mut |_| {});
        collect(&serde_json::json!({ "a": { "n_other": "2" } }), "", &mut keys.1, &mut |_| {});
        assert_eq!(keys.0, keys.1);
    }

    #[test]
    fn a_key_missing_in_one_language_is_a_fault() {
        let web = tempfile::tempdir().unwrap();
        std::fs::create_dir(web.path().join("web")).unwrap();
        std::fs::write(web.path().join("web/en.json"), r#"{"send":"Send","undo":"Undo"}"#).unwrap();
        std::fs::write(web.path().join("web/ko.json"), r#"{"send":"보내기"}"#).unwrap();
        let mut faults = Vec::new();
        languages(web.path(), &mut faults);
        assert_eq!(faults, ["web/ko.json: undo is missing"]);
    }
}
