//! A private PostgreSQL, set as the rules of the benchmark say: everything durable, 512 MB of shared buffers.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Failure;
use crate::environment::free_port;

/// A running cluster; stopped when dropped.
pub struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    /// Address of its database.
    pub url: String,
}

fn as_postgres(program: &Path) -> Command {
    // PostgreSQL refuses to run as root.
    if std::env::var("USER").is_ok_and(|u| u != "root") && !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

fn is_root() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|s| s.lines().any(|l| l.starts_with("Uid:\t0\t")))
}

impl Cluster {
    /// Starts the cluster in a folder; makes it first when there is none.
    pub fn start(folder: &Path) -> Result<Self, Failure> {
        let mut bins: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .map_err(|_| "PostgreSQL is missing: apt-get install postgresql")?
            .flatten()
            .map(|e| e.path().join("bin"))
            .collect();
        bins.sort();
        let bin = bins.pop().ok_or("PostgreSQL is missing: apt-get install postgresql")?;
        std::fs::create_dir_all(folder)?;
        let folder = folder.canonicalize()?;
        let data = folder.join("data");
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        if !data.exists() {
            run(as_postgres(&bin.join("initdb")).arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]))?;
        }
        let port = free_port()?;
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=on -c synchronous_commit=on -c shared_buffers=512MB -c max_wal_size=4GB"
        );
        run(as_postgres(&bin.join("pg_ctl"))
            .arg("-D")
            .arg(&data)
            .args(["-w", "-t", "60", "-l"])
            .arg(data.join("server.log"))
            .args(["-o", &options, "start"]))?;
        Ok(Self { bin, folder, url: format!("postgres://postgres@127.0.0.1:{port}/postgres") })
    }
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = run(as_postgres(&self.bin.join("pg_ctl")).arg("-D").arg(self.folder.join("data")).args(["-m", "fast", "-w", "stop"]));
    }
}
