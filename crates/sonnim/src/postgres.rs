//! PostgreSQL's own tools, for backups. The password goes through the environment, never through arguments.

use std::path::Path;
use std::process::Stdio;

use model::Secret;
use tokio::process::Command;

use crate::failure::Failure;

/// Writes a consistent dump of the database.
///
/// # Errors
/// Also when `pg_dump` is not installed, or older than the server.
pub async fn dump(url: Option<&Secret>, to: &Path) -> Result<(), Failure> {
    let mut command = tool("pg_dump", url)?;
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(to);
    run("pg_dump", command).await
}

/// Brings a dump back into an empty database, all or nothing.
///
/// # Errors
/// Also when `pg_restore` is not installed.
pub async fn restore(url: Option<&Secret>, from: &Path) -> Result<(), Failure> {
    let url_dbname = database(url)?;
    let mut command = tool("pg_restore", url)?;
    command.args(["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--dbname", &url_dbname]).arg(from);
    run("pg_restore", command).await
}

fn parse(url: Option<&Secret>) -> Result<url::Url, Failure> {
    let url = url.ok_or_else(|| Failure::Usage("no PostgreSQL database is configured".into()))?;
    url.expose().parse().map_err(|_| Failure::Usage("the database URL is not a postgres:// address".into()))
}

fn database(url: Option<&Secret>) -> Result<String, Failure> {
    let url = parse(url)?;
    let name = decoded(url.path().trim_start_matches('/'));
    Ok(if name.is_empty() { decoded(url.username()) } else { name })
}

/// Percent-decodes a part of an address.
pub fn decoded(text: &str) -> String {
    url::form_urlencoded::parse(format!("x={}", text.replace('+', "%2B")).as_bytes()).next().map(|(_, v)| v.into_owned()).unwrap_or_default()
}

fn tool(name: &str, url: Option<&Secret>) -> Result<Command, Failure> {
    let parsed = parse(url)?;
    let mut command = Command::new(name);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut set = |name: &str, value: String| {
        if !value.is_empty() {
            command.env(name, value);
        }
    };
    set("PGHOST", decoded(parsed.host_str().unwrap_or_default()));
    set("PGPORT", parsed.port().map(|p| p.to_string()).unwrap_or_default());
    set("PGUSER", decoded(parsed.username()));
    set("PGPASSWORD", decoded(parsed.password().unwrap_or_default()));
    set("PGDATABASE", database(url)?);
    for (key, value) in parsed.query_pairs() {
        match key.as_ref() {
            "host" => set("PGHOST", value.into_owned()),
            "port" => set("PGPORT", value.into_owned()),
            "user" => set("PGUSER", value.into_owned()),
            "password" => set("PGPASSWORD", value.into_owned()),
            "sslmode" => set("PGSSLMODE", value.into_owned()),
            "sslrootcert" => set("PGSSLROOTCERT", value.into_owned()),
            _ => {}
        }
    }
    Ok(command)
}

async fn run(name: &str, mut command: Command) -> Result<(), Failure> {
    let output = command.output().await.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::Failed(format!(
            "{name} is not installed: install PostgreSQL's client tools (Debian: apt-get install postgresql-client), at least as new as the server"
        )),
        _ => Failure::Failed(format!("{name}: {error}")),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure::Failed(format!("{name} failed: {}", said.trim().lines().last().unwrap_or("it gave no reason"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_in_the_environment_and_not_in_the_arguments() {
        let url = Secret::new("postgres://kim:p%40ss+w@db.example:5433/help%20desk?sslmode=require");
        let command = tool("pg_dump", Some(&url)).unwrap();
        let of = |name: &str| {
            let found = command.as_std().get_envs().find(|(n, _)| *n == name).and_then(|(_, v)| v);
            found.unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(
            [of("PGHOST"), of("PGPORT"), of("PGUSER"), of("PGPASSWORD"), of("PGDATABASE"), of("PGSSLMODE")],
            ["db.example", "5433", "kim", "p@ss+w", "help desk", "require"]
        );
        assert_eq!(command.as_std().get_args().count(), 0);
    }
}
