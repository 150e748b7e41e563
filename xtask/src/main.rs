//! Chores of the repository: `cargo xtask shape`, `cargo xtask api`, `cargo xtask screenshots`.

mod api;
mod screenshots;
mod shape;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask shape   fails on an upward dependency, SQL outside store, a message missing in a language, a stale API document
cargo xtask api     writes docs/openapi.json from `sonnim openapi` and the web client's types from it
cargo xtask screenshots   draws docs/screenshots: the main pages with a demo shop's data, in a real browser";

fn main() -> ExitCode {
    let root = root();
    match std::env::args().nth(1).as_deref() {
        Some("shape") => shape::run(&root),
        Some("api") => api::run(&root),
        Some("screenshots") => screenshots::run(&root),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// The repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}
