//! The API document, and what is generated from it.

use std::path::Path;
use std::process::{Command, ExitCode};

/// Where the document is kept.
pub const DOCUMENT: &str = "docs/openapi.json";

/// Writes the document and the web client's types.
pub fn run(root: &Path) -> ExitCode {
    let text = match document(root) {
        Ok(text) => text,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    };
    if let Err(error) = std::fs::write(root.join(DOCUMENT), text) {
        eprintln!("{DOCUMENT}: {error}");
        return ExitCode::FAILURE;
    }
    println!("wrote {DOCUMENT}");
    if !root.join("web/api/schema.d.ts").exists() {
        return ExitCode::SUCCESS;
    }
    if root.join("web/node_modules").exists() {
        let types = Command::new("npm").args(["run", "--silent", "api"]).current_dir(root.join("web")).status();
        if !types.is_ok_and(|status| status.success()) {
            eprintln!("npm run api failed in web/");
            return ExitCode::FAILURE;
        }
        println!("wrote web/api/schema.d.ts");
    } else {
        println!("web/node_modules is not there, so the client's types were left as they are: run npm ci in web/ first");
    }
    ExitCode::SUCCESS
}

/// What `sonnim openapi` prints.
pub fn document(root: &Path) -> Result<String, String> {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "sonnim", "--", "openapi"])
        .current_dir(root)
        .output()
        .map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(format!("sonnim openapi failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|e| e.to_string())
}
