//! Files are not held in memory.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use common::{Node, set_up};

const MIB: usize = 1024 * 1024;

/// The most memory that a process ever had, in bytes.
fn high_water(node: &Node) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", node.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// Bytes that differ all along.
fn piece(number: usize) -> Vec<u8> {
    (0..64 * 1024).map(|at: usize| (at.wrapping_mul(31) ^ number.wrapping_mul(7) ^ (at >> 8)) as u8).collect()
}

/// Uploads a file of `size` bytes with an Idempotency-Key; its id.
fn upload(node: &Node, token: &str, size: usize) -> String {
    let mut stream = TcpStream::connect(node.web).unwrap();
    write!(
        stream,
        "POST /api/v1/attachments?filename=film.mp4 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: video/mp4\r\n\
         Idempotency-Key: upload-{size}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    for number in 0..size.div_ceil(64 * 1024) {
        stream.write_all(&piece(number)).unwrap();
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let at = answer.find("att_").unwrap();
    answer[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

/// Downloads a file, or a range of it, comparing as it comes; how many bytes came.
fn download(node: &Node, token: &str, id: &str, first: usize, range: &str) -> usize {
    let mut stream = TcpStream::connect(node.web).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    write!(stream, "GET /api/v1/attachments/{id} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{range}Connection: close\r\n\r\n")
        .unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let expected = if range.is_empty() { "HTTP/1.1 200" } else { "HTTP/1.1 206" };
    assert!(String::from_utf8_lossy(&head).starts_with(expected), "{}", String::from_utf8_lossy(&head));
    let (mut seen, mut block) = (0, vec![0; 64 * 1024]);
    let mut known = (usize::MAX, Vec::new());
    loop {
        let count = stream.read(&mut block).unwrap();
        if count == 0 {
            return seen;
        }
        for byte in &block[..count] {
            let at = first + seen;
            if known.0 != at / (64 * 1024) {
                known = (at / (64 * 1024), piece(at / (64 * 1024)));
            }
            assert_eq!(*byte, known.1[at % (64 * 1024)], "byte {at}");
            seen += 1;
        }
    }
}

#[test]
fn a_file_of_40_mib_goes_in_and_out_in_bounded_memory() {
    let data = tempfile::tempdir().unwrap();
    let token = set_up(data.path());
    let node = Node::start(data.path());
    let small = upload(&node, &token, MIB);
    assert_eq!(download(&node, &token, &small, 0, ""), MIB);
    let before = high_water(&node);

    let size = 40 * MIB;
    let id = upload(&node, &token, size);
    assert_eq!(download(&node, &token, &id, 0, ""), size);
    assert_eq!(download(&node, &token, &id, 20 * MIB, &format!("Range: bytes={}-\r\n", 20 * MIB)), 20 * MIB);
    let grown = high_water(&node).saturating_sub(before);
    assert!(grown < 30 * MIB, "memory grew by {} MiB for a file of 40 MiB", grown / MIB);
    assert_eq!(std::fs::read_dir(data.path().join("blobs/incoming")).unwrap().count(), 0, "nothing is left behind");
}
