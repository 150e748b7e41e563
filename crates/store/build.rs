//! Turns each named statement of `sql/<noun>.sql` into a constant: `sql::conversation::PAGE`.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=sql");
    let mut nouns: Vec<_> = fs::read_dir("sql").unwrap().map(|f| f.unwrap().path()).collect();
    nouns.sort();
    let (mut modules, mut all) = (String::new(), String::new());
    for path in nouns {
        let noun = path.file_stem().unwrap().to_str().unwrap().to_owned();
        writeln!(modules, "/// Statements of `sql/{noun}.sql`.\npub mod {noun} {{").unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for block in text.split("-- name: ").skip(1) {
            let (name, body) = block.split_once('\n').unwrap();
            let (doc, sql): (Vec<_>, Vec<_>) = body.lines().partition(|l| l.starts_with("--"));
            let sql = sql.join("\n").trim().trim_end_matches(';').to_owned();
            let constant = name.trim().to_uppercase();
            for line in doc {
                writeln!(modules, "    ///{}", line.trim_start_matches('-')).unwrap();
            }
            writeln!(modules, "    #[doc = \"Statement `{}`.\"]\n    pub const {constant}: &str = r#\"{sql}\"#;", name.trim()).unwrap();
            writeln!(all, "    (\"{noun}::{constant}\", {noun}::{constant}),").unwrap();
        }
        modules.push_str("}\n");
    }
    let out = format!(
        "{modules}\n/// Every named statement, for the test that prepares them on both databases.\npub const ALL: &[(&str, &str)] = &[\n{all}];\n"
    );
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("sql.rs"), out).unwrap();
}
