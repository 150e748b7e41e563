//! `sonnim mail inspect`: what we understand of raw mails, in order, whatever is in them.

use std::collections::BTreeMap;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use channels::email::Mail;

/// A mail that takes longer gets an error line, and the next ones go on.
const BUDGET: Duration = Duration::from_secs(5);
/// Deep nesting must end in an error, not in a stack overflow, which nothing can catch.
const STACK: usize = 64 * 1024 * 1024;

type Read = fn(&Path) -> Mail;

/// Prints one line of JSON for each file, in order. Ends early without complaint when the reader of our output goes away.
pub fn run(files: &[PathBuf], out: &mut impl Write) -> std::io::Result<()> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    match print_all(files, read, threads, BUDGET, out) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn read(file: &Path) -> Mail {
    std::fs::read(file).map_or_else(|error| failed(error.to_string()), |raw| channels::email::understand(&raw))
}

fn failed(error: impl Into<String>) -> Mail {
    Mail { error: Some(error.into()), ..Mail::default() }
}

struct Work {
    files: Vec<PathBuf>,
    next: AtomicUsize,
    started: Mutex<BTreeMap<usize, Instant>>,
    read: Read,
}

fn print_all(files: &[PathBuf], read: Read, threads: usize, budget: Duration, out: &mut impl Write) -> std::io::Result<()> {
    let work = Arc::new(Work { files: files.to_vec(), next: AtomicUsize::new(0), started: Mutex::new(BTreeMap::new()), read });
    let (done, results) = mpsc::channel();
    for _ in 0..threads.min(files.len()) {
        spawn(&work, &done)?;
    }
    let mut ready = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        let line = loop {
            if let Some(line) = ready.remove(&at) {
                break line;
            }
            if let Ok((index, line)) = results.recv_timeout(Duration::from_millis(50)) {
                if index >= at {
                    ready.insert(index, line);
                }
                continue;
            }
            if work.elapsed(at).is_some_and(|elapsed| elapsed > budget) {
                // The thread is lost to this mail: another takes its place. The process does not wait for it at its end.
                spawn(&work, &done)?;
                break line(file, &failed(format!("not understood within {} s", budget.as_secs_f32())));
            }
        };
        work.started.lock().unwrap_or_else(PoisonError::into_inner).remove(&at);
        out.write_all(line.as_bytes())?;
    }
    out.flush()
}

fn spawn(work: &Arc<Work>, done: &mpsc::Sender<(usize, String)>) -> std::io::Result<()> {
    let (work, done) = (work.clone(), done.clone());
    thread::Builder::new().stack_size(STACK).spawn(move || work.run(&done)).map(drop)
}

impl Work {
    fn run(&self, done: &mpsc::Sender<(usize, String)>) {
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = self.files.get(at) else { return };
            self.started.lock().unwrap_or_else(PoisonError::into_inner).insert(at, Instant::now());
            let mail = catch_unwind(AssertUnwindSafe(|| (self.read)(file))).unwrap_or_else(|_| failed("understanding it failed"));
            if done.send((at, line(file, &mail))).is_err() {
                return;
            }
        }
    }

    fn elapsed(&self, at: usize) -> Option<Duration> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner).get(&at).map(Instant::elapsed)
    }
}

#[derive(serde::Serialize)]
struct Line<'a> {
    file: std::borrow::Cow<'a, str>,
    #[serde(flatten)]
    mail: &'a Mail,
}

fn line(file: &Path, mail: &Mail) -> String {
    let mut line = serde_json::to_string(&Line { file: file.to_string_lossy(), mail })
        .unwrap_or_else(|error| serde_json::json!({ "file": file.to_string_lossy(), "error": error.to_string() }).to_string());
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragile(file: &Path) -> Mail {
        match file.to_str() {
            Some("panics") => panic!("poison"),
            Some("hangs") => {
                thread::sleep(Duration::from_secs(30));
                Mail::default()
            }
            _ => Mail { subject: Some("fine".into()), ..Mail::default() },
        }
    }

    #[test]
    fn a_panic_and_a_hang_cost_one_line_each_and_the_order_holds() {
        let files: Vec<PathBuf> = ["a", "panics", "hangs", "b", "hangs", "c"].map(PathBuf::from).into();
        let mut out = Vec::new();
        print_all(&files, fragile, 1, Duration::from_millis(200), &mut out).unwrap();
        let lines: Vec<serde_json::Value> = String::from_utf8(out).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        let seen: Vec<_> = lines.iter().map(|l| (l["file"].as_str().unwrap(), l["error"].is_null())).collect();
        assert_eq!(seen, [("a", true), ("panics", false), ("hangs", false), ("b", true), ("hangs", false), ("c", true)]);
    }
}
