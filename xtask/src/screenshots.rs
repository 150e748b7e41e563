//! The pictures of the documentation, from the real thing.

use std::path::Path;
use std::process::{Command, ExitCode};

/// Builds the binary with the web app in it and lets a browser draw the main pages of a demo shop into `docs/screenshots`.
pub fn run(root: &Path) -> ExitCode {
    let steps: [(&str, &str, &[&str]); 4] = [
        ("web", "npm", &["run", "--silent", "build"]),
        (".", env!("CARGO"), &["build", "--quiet", "--package", "sonnim"]),
        ("e2e", "npm", &["install", "--silent", "--no-audit", "--no-fund"]),
        ("e2e", "npm", &["run", "--silent", "screenshots"]),
    ];
    if !root.join("web/node_modules").exists() {
        eprintln!("web/node_modules is not there: run npm ci in web/ first");
        return ExitCode::FAILURE;
    }
    for (folder, program, arguments) in steps {
        match Command::new(program).args(arguments).current_dir(root.join(folder)).status() {
            Ok(status) if status.success() => {}
            Ok(_) => {
                eprintln!("{program} {} failed in {folder}", arguments.join(" "));
                return ExitCode::FAILURE;
            }
            Err(error) => {
                eprintln!("{program}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("wrote docs/screenshots");
    ExitCode::SUCCESS
}
