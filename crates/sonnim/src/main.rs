//! Sonnim: one binary, all roles.

use std::io::Write;

fn main() -> std::io::Result<()> {
    // The command line proper lives in `cli`; until it lands, `mail inspect --json FILE…` is all there is.
    let files: Vec<String> = std::env::args().skip(1).skip_while(|a| a != "--json").skip(1).collect();
    let mut out = std::io::stdout().lock();
    for file in files {
        let mail = std::fs::read(&file).map_or_else(
            |error| channels::email::Mail { error: Some(error.to_string()), ..Default::default() },
            |raw| channels::email::understand(&raw),
        );
        let mut line = serde_json::to_value(&mail)?;
        if let Some(object) = line.as_object_mut() {
            object.insert("file".into(), file.into());
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}
