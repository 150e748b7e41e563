//! Writes stub pages when the web app or the messenger is not built, so that cargo works without Node.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{env, fs, path::Path};

const STUB: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sonnim</title>\
<h1>Sonnim</h1><p>The web app is not built yet: run <code>bin/run</code>, or <code>npm ci &amp;&amp; npm run build</code> in <code>web/</code>.</p></html>\n";

fn main() {
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../web/app/dist");
    for folder in [dist.clone(), dist.join("widget")] {
        if !folder.join("index.html").exists() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("index.html"), STUB).unwrap();
        }
    }
    println!("cargo::rerun-if-changed={}", dist.display());
}
