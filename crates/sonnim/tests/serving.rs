//! A running node: start, mail in, stop, kill, several nodes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{Node, PASSWORD, command, deliver, done, mail, run, set_up};

#[test]
fn a_node_starts_answers_and_stops_at_sigterm() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let node = Node::start(data.path());
    assert_eq!(node.get("/healthz", "").0, 200);
    assert_eq!(node.get("/readyz", "").0, 200);
    assert_eq!(node.get("/api/v1/conversations", "wrong").0, 401);
    assert!(node.subjects(&token).is_empty());
    let (code, took, _) = node.stop();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn a_second_node_on_the_same_port_says_so() {
    let data = tempfile::tempdir().unwrap();
    set_up(data.path());
    let node = Node::start(data.path());
    let output = run(data.path(), &["serve", "--listen", &node.web.to_string()], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is in use"));
}

#[test]
fn commands_work_beside_a_running_node_and_a_mail_handed_in_by_one_arrives() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let node = Node::start(data.path());
    done(&run(data.path(), &["mail", "deliver"], mail(1).as_bytes()));
    assert_eq!(node.wait_for(&token, 1), ["Mail 1"]);
    let again = run(data.path(), &["setup", "--workspace", "B", "--name", "B", "--email", "b@b.example", "--password-stdin"], PASSWORD.as_bytes());
    assert_eq!(again.status.code(), Some(3), "{}", String::from_utf8_lossy(&again.stderr));
}

#[test]
fn kill_9_between_our_250_and_processing_loses_nothing_and_doubles_nothing() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let mut expected = Vec::new();
    for round in 0..3 {
        let mut node = Node::start(data.path());
        for number in round * 20..(round + 1) * 20 {
            deliver(node.lmtp, number);
            expected.push(format!("Mail {number}"));
        }
        node.child.kill().unwrap();
        node.child.wait().unwrap();
    }
    let node = Node::start(data.path());
    let mut found = node.wait_for(&token, expected.len());
    // Anything that came twice would come now.
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(node.subjects(&token).len(), expected.len());
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn sigterm_under_load_keeps_every_mail_that_was_taken() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let node = Node::start(data.path());
    let lmtp = node.lmtp;
    let sender = std::thread::spawn(move || {
        let mut taken = 0;
        while std::panic::catch_unwind(|| deliver(lmtp, taken)).is_ok() {
            taken += 1;
        }
        taken
    });
    std::thread::sleep(Duration::from_millis(400));
    let (code, took, _) = node.stop();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(25), "{took:?}");
    let taken = sender.join().unwrap();
    assert!(taken > 0);
    let node = Node::start(data.path());
    let arrived = node.wait_for(&token, taken.min(100)).len();
    assert!(arrived >= taken.min(100), "{arrived} of {taken}");
}

#[test]
fn a_backup_under_load_is_sound_and_what_waited_to_be_sent_is_not_sent_again() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let node = Node::start(data.path());
    for number in 0..30 {
        deliver(node.lmtp, number);
    }
    node.wait_for(&token, 30);
    let lmtp = node.lmtp;
    let load = std::thread::spawn(move || (30..60).for_each(|number| deliver(lmtp, number)));
    let archive = data.path().join("backup.tar.gz");
    done(&run(data.path(), &["backup", "--with-key", "--to", archive.to_str().unwrap()], b""));
    load.join().unwrap();
    let (_, _, log) = node.stop();
    assert!(!log.contains(PASSWORD) && !log.contains(&token) && !log.contains("customer.example"), "{log}");

    let other = tempfile::tempdir().unwrap();
    done(&run(other.path(), &["restore", archive.to_str().unwrap()], b""));
    done(&run(other.path(), &["doctor"], b""));
    let node = Node::start(other.path());
    assert!(node.wait_for(&token, 30).len() >= 30);
}

#[test]
fn a_reply_that_waited_at_the_backup_is_not_sent_after_the_restore_unless_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let node = Node::start(data.path());
    deliver(node.lmtp, 1);
    node.wait_for(&token, 1);
    let (id, _) = node.answers(&token);
    // The inbox has no way out yet, so the answer waits.
    assert_eq!(node.post(&format!("/api/v1/conversations/{id}/replies"), &token, r#"{"text":"Hello Ana"}"#), 201);
    let archive = data.path().join("backup.tar.gz");
    done(&run(data.path(), &["backup", "--with-key", "--to", archive.to_str().unwrap()], b""));
    drop(node);
    for (extra, expected) in [(None, &["failed"][..]), (Some("--resend"), &["undo_window", "queued"][..])] {
        let other = tempfile::tempdir().unwrap();
        let mut arguments = vec!["restore", archive.to_str().unwrap()];
        arguments.extend(extra);
        done(&run(other.path(), &arguments, b""));
        let node = Node::start(other.path());
        let (_, states) = node.answers(&token);
        assert!(states.len() == 1 && expected.contains(&states[0].as_str()), "{extra:?}: {states:?}");
    }
}

#[test]
fn the_first_start_prints_a_set_up_link_and_later_ones_do_not() {
    let data = tempfile::tempdir().unwrap();
    let first_line = |data: &Path| {
        let mut child = command(data, &["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("Sonnim is up") {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0);
        }
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(first_line(data.path()).contains("/setup?token="));
    set_up(data.path());
    assert_eq!(first_line(data.path()), "");
}
