//! Processor time and memory of other processes, read from `/proc`.

use std::fs;

/// Clock ticks per second: 100 on every Linux that we know.
const TICKS: f64 = 100.0;

/// Processor time in ms of a process and of its children that ended.
pub fn cpu_ms(pid: u32) -> f64 {
    let Some(fields) = stat(pid) else { return 0.0 };
    let ticks: f64 = fields[11..15].iter().filter_map(|f| f.parse::<f64>().ok()).sum();
    ticks * 1000.0 / TICKS
}

/// Processor time in ms of a process and of all below it.
pub fn tree_cpu_ms(pid: u32) -> f64 {
    cpu_ms(pid) + children(pid).into_iter().map(tree_cpu_ms).sum::<f64>()
}

/// The fields of `/proc/PID/stat` from the state on: a name may hold spaces and brackets.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    let fields: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
    (fields.len() > 15).then_some(fields)
}

/// The process that started this one.
pub fn parent(pid: u32) -> Option<u32> {
    stat(pid)?.get(1)?.parse().ok()
}

fn children(pid: u32) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|e| e.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|p| parent(*p) == Some(pid)).collect()
}

/// A line of a `/proc` file in MiB.
fn megabytes(file: &str, key: &str) -> f64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|l| l.starts_with(key));
    line.and_then(|l| l.split_whitespace().nth(1)?.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

/// The most memory that a process ever held, in MiB.
pub fn peak_mb(pid: u32) -> f64 {
    megabytes(&format!("/proc/{pid}/status"), "VmHWM:")
}

/// The proportional set size of a process, in MiB: shared pages count by their share.
pub fn pss_mb(pid: u32) -> f64 {
    megabytes(&format!("/proc/{pid}/smaps_rollup"), "Pss:")
}
