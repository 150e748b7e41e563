//! The real binary, as an operator uses it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs `sonnim` with a clean environment.
fn sonnim(arguments: &[&str]) -> Output {
    sonnim_with(arguments, &[], b"")
}

fn sonnim_with(arguments: &[&str], environment: &[(&str, &str)], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sonnim"))
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap())
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {} {}", text(&output.stdout), text(&output.stderr)))
}

#[track_caller]
fn exits(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stderr)
}

/// An installation: a migrated database and a key.
fn installed() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    exits(&sonnim(&["migrate", "--data", path(data.path())]), 0);
    data
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn inspect_prints_one_line_for_each_file_in_order_also_for_files_that_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<String> = (0..40).map(|n| path(&folder.path().join(format!("{n}.eml"))).to_owned()).collect();
    for (n, file) in files.iter().enumerate().skip(1) {
        std::fs::write(file, format!("From: a@example.com\r\nSubject: {n}\r\n\r\nHello {n}\r\n")).unwrap();
    }
    let mut arguments = vec!["mail", "inspect", "--json"];
    arguments.extend(files.iter().map(String::as_str));
    let output = sonnim(&arguments);
    exits(&output, 0);
    let lines: Vec<Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|l| l["file"].as_str().unwrap()).collect::<Vec<_>>(), files);
    assert!(lines[0]["error"].is_string());
    assert!(lines[1..].iter().all(|line| line["error"].is_null()));
    let mut keys: Vec<_> = lines[1].as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let expected = [
        "attachments",
        "bounce",
        "cc",
        "date",
        "error",
        "file",
        "forwarded",
        "from",
        "html",
        "in_reply_to",
        "kind",
        "message_id",
        "quoted_text",
        "references",
        "reply_text",
        "reply_to",
        "subject",
        "text",
        "to",
    ];
    assert_eq!(keys, expected);
}

#[test]
fn exit_codes_tell_usage_from_failure_and_refusal() {
    let data = installed();
    exits(&sonnim(&["fly"]), 2);
    exits(&sonnim(&["serve", "--listen", "nowhere"]), 2);
    exits(&sonnim(&["restore", "--check", "/does/not/exist"]), 1);
    let existing = data.path().join("backup.tar.gz");
    std::fs::write(&existing, b"mine").unwrap();
    let output = sonnim(&["backup", "--data", path(data.path()), "--to", path(&existing), "--json"]);
    let error: Value = serde_json::from_str(&exits(&output, 3)).unwrap();
    assert_eq!(error["error"], "refused");
    assert_eq!(std::fs::read(&existing).unwrap(), b"mine");
}

#[test]
fn every_command_explains_itself() {
    let help = text(&sonnim(&["--help"]).stdout);
    assert!(help.contains("Exit codes"), "{help}");
    for command in ["serve", "setup", "backup", "restore", "doctor"] {
        let help = text(&sonnim(&[command, "--help"]).stdout);
        assert!(help.contains("Example"), "{command}: {help}");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(text(&sonnim(&["completions", shell]).stdout).contains("sonnim"), "{shell}");
    }
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let data = installed();
    let output = Command::new("python3")
        .args([
            "-c",
            "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(\"INSERT INTO schema_step VALUES ('9999_future', 'x')\"); c.commit()",
        ])
        .arg(data.path().join("sonnim.db"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = exits(&sonnim(&["migrate", "--data", path(data.path())]), 1);
    assert!(said.contains("newer Sonnim"), "{said}");
}

#[test]
fn the_configuration_in_force_is_shown_with_its_sources_and_without_secrets() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("sonnim.toml"), "listen = \"127.0.0.1:7\"\n[blobs]\nbucket = \"b\"\nsecret_key = \"canary-1\"\n").unwrap();
    let environment = [("DATABASE_URL", "postgres://u:canary-2@db/s"), ("SONNIM_SECRET_KEY", "canary-3")];
    let output = sonnim_with(&["config", "--data", path(data.path())], &environment, b"");
    exits(&output, 0);
    let shown = text(&output.stdout);
    assert!(shown.contains("listen = \"127.0.0.1:7\"  # file") && shown.contains("database.url = \"•••\"  # DATABASE_URL"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn a_mistake_in_the_file_is_named_by_its_line() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("sonnim.toml"), "# ours\nlisen = \"127.0.0.1:7\"\n").unwrap();
    let said = exits(&sonnim(&["config", "--data", path(data.path())]), 2);
    assert!(said.contains("sonnim.toml, line 2") && said.contains("lisen"), "{said}");
}

#[test]
fn the_doctor_is_content_with_a_fresh_installation_and_names_an_open_key() {
    use std::os::unix::fs::PermissionsExt;
    let data = installed();
    let doctor = || sonnim(&["doctor", "--json", "--data", path(data.path())]);
    let well = doctor();
    exits(&well, 0);
    let names: Vec<String> = json(&well)["checks"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect();
    for name in ["data folder", "disk space", "secret key", "database", "schema", "integrity", "clock", "attachments"] {
        assert!(names.iter().any(|n| n == name), "{name} in {names:?}");
    }
    std::fs::set_permissions(data.path().join("secret.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let ill = doctor();
    exits(&ill, 1);
    let report = json(&ill);
    let key = report["checks"].as_array().unwrap().iter().find(|c| c["name"] == "secret key").unwrap();
    assert_eq!(key["state"], "fail");
    assert!(key["advice"].as_str().unwrap().contains("chmod 600"));
}

#[test]
fn the_doctor_signs_in_to_mailboxes_and_names_the_fault() {
    let data = installed();
    let form = ["setup", "--workspace", "Acme", "--name", "Kim", "--email", "kim@acme.example", "--password-stdin", "--data", path(data.path())];
    exits(&sonnim_with(&form, &[], b"correct horse battery staple"), 0);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("smtp://{free}");
    let create = ["inbox", "create", "--name", "Support", "--address", "help@acme.example", "--smtp-url", &url, "--data", path(data.path())];
    exits(&sonnim(&create), 0);
    let ill = sonnim(&["doctor", "--json", "--data", path(data.path())]);
    exits(&ill, 1);
    let report = json(&ill);
    let check = report["checks"].as_array().unwrap().iter().find(|c| c["name"] == "mailbox Support").unwrap();
    assert!(check["detail"].as_str().unwrap().contains("Nobody listens"), "{check}");
    exits(&sonnim(&create), 3);
}

#[test]
fn a_foreign_or_missing_key_is_noticed_and_never_replaced() {
    let data = installed();
    let key = data.path().join("secret.key");
    let ours = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let said = exits(&sonnim(&["migrate", "--data", path(data.path())]), 1);
    assert!(said.contains("is missing") && !key.exists(), "{said}");
    std::fs::write(&key, "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n").unwrap();
    let said = exits(&sonnim(&["migrate", "--data", path(data.path())]), 1);
    assert!(said.contains("not the one"), "{said}");
    std::fs::write(&key, ours).unwrap();
    exits(&sonnim(&["migrate", "--data", path(data.path())]), 0);
}

#[test]
fn a_backup_comes_back_in_another_folder_and_never_over_existing_data() {
    let data = installed();
    let place = tempfile::tempdir().unwrap();
    let archive = place.path().join("sonnim.tar.gz");
    let made = sonnim(&["backup", "--data", path(data.path()), "--to", path(&archive), "--with-key", "--json"]);
    exits(&made, 0);
    assert_eq!(json(&made)["database"], "sqlite");
    exits(&sonnim(&["restore", "--check", path(&archive)]), 0);

    let said = exits(&sonnim(&["restore", "--data", path(data.path()), path(&archive)]), 3);
    assert!(said.contains("never overwrites"), "{said}");

    let other = place.path().join("other");
    exits(&sonnim(&["restore", "--data", path(&other), path(&archive)]), 0);
    exits(&sonnim(&["doctor", "--data", path(&other)]), 0);
    assert_eq!(std::fs::read(other.join("secret.key")).unwrap(), std::fs::read(data.path().join("secret.key")).unwrap());
    let left: Vec<_> = std::fs::read_dir(&other).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!left.iter().any(|name| name.starts_with('.')), "{left:?}");
}

#[test]
fn a_backup_without_the_key_asks_for_it_or_for_a_new_one() {
    let data = installed();
    let place = tempfile::tempdir().unwrap();
    let archive = place.path().join("sonnim.tar.gz");
    std::fs::write(data.path().join("sonnim.toml"), "[metrics]\ntoken = \"canary-secret\"\n").unwrap();
    exits(&sonnim(&["backup", "--data", path(data.path()), "--to", path(&archive)]), 0);
    let listing = Command::new("tar").args(["tzf", path(&archive)]).output().unwrap();
    assert!(!text(&listing.stdout).contains("secret.key"));
    let everything = Command::new("tar").args(["xzOf", path(&archive)]).output().unwrap();
    assert!(!text(&everything.stdout).contains("canary-secret"));

    let other = place.path().join("other");
    let restored = sonnim(&["restore", "--data", path(&other), path(&archive)]);
    assert!(text(&restored.stdout).contains("put yours back"));
    exits(&sonnim(&["migrate", "--data", path(&other)]), 1);
    std::fs::copy(data.path().join("secret.key"), other.join("secret.key")).unwrap();
    exits(&sonnim(&["migrate", "--data", path(&other)]), 0);

    let third = place.path().join("third");
    exits(&sonnim(&["restore", "--new-key", "--data", path(&third), path(&archive)]), 0);
    exits(&sonnim(&["migrate", "--data", path(&third)]), 0);
}

/// Needs PostgreSQL (bin/test starts one); says so when there is none.
#[test]
fn a_postgres_backup_comes_back_into_an_empty_database_only() {
    let Ok(server) = std::env::var("SONNIM_TEST_DATABASE_URL") else {
        assert!(std::env::var("SONNIM_TEST_SQLITE_ONLY").is_ok(), "set SONNIM_TEST_DATABASE_URL (bin/lib/test-postgres start DIR prints it)");
        return;
    };
    let psql = |sql: &str| {
        let output = Command::new("psql").args([&server, "-qc", sql]).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    let name = |n: &str| format!("sonnim_backup_{}_{n}", std::process::id());
    let url = |n: &str| format!("{}/{}", server.rsplit_once('/').unwrap().0, name(n));
    for n in ["a", "b"] {
        psql(&format!("CREATE DATABASE {}", name(n)));
    }
    let place = tempfile::tempdir().unwrap();
    let (first, second, archive) = (place.path().join("a"), place.path().join("b"), place.path().join("pg.tar.gz"));
    let on = |n: &str, data: &Path, arguments: &[&str], input: &[u8]| {
        sonnim_with(&[arguments, &["--data", path(data)]].concat(), &[("DATABASE_URL", &url(n))], input)
    };
    let form = ["setup", "--workspace", "Acme", "--name", "Kim", "--email", "kim@acme.example", "--password-stdin"];
    exits(&on("a", &first, &form, b"correct horse battery staple"), 0);
    let made = on("a", &first, &["backup", "--with-key", "--to", path(&archive), "--json"], b"");
    exits(&made, 0);
    assert_eq!((json(&made)["database"].as_str(), json(&made)["counts"]["agents"].as_i64()), (Some("postgres"), Some(1)));

    let said = exits(&on("a", &second, &["restore", path(&archive)], b""), 3);
    assert!(said.contains("not empty"), "{said}");
    exits(&sonnim(&["restore", "--data", path(&second), path(&archive)]), 3);
    exits(&on("b", &second, &["restore", path(&archive)], b""), 0);
    exits(&on("b", &second, &["doctor"], b""), 0);
    assert!(text(&on("b", &second, &["agent", "list"], b"").stdout).contains("kim@acme.example"));
    for n in ["a", "b"] {
        psql(&format!("DROP DATABASE {}", name(n)));
    }
}

#[test]
fn a_damaged_archive_changes_nothing() {
    let data = installed();
    let place = tempfile::tempdir().unwrap();
    let archive = place.path().join("sonnim.tar.gz");
    exits(&sonnim(&["backup", "--data", path(data.path()), "--to", path(&archive)]), 0);
    let mut bytes = std::fs::read(&archive).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    std::fs::write(&archive, bytes).unwrap();
    let other = place.path().join("other");
    exits(&sonnim(&["restore", "--data", path(&other), path(&archive)]), 1);
    assert_eq!(std::fs::read_dir(&other).map_or(0, Iterator::count), 0);
}
