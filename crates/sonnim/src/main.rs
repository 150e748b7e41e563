//! Sonnim: one binary, all roles.

mod archive;
mod backup;
mod cli;
mod command;
mod config;
mod demo;
mod doctor;
mod failure;
mod keys;
mod logging;
mod mail;
mod open;
mod postgres;
mod probe;
mod restore;
mod serve;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use cli::{Cli, Command, Part};
use config::{Config, Flags};
use failure::Failure;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.global.json;
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let line = if json {
                serde_json::json!({ "error": failure.code(), "detail": failure.to_string() }).to_string()
            } else {
                format!("sonnim: {failure}")
            };
            let _ = writeln!(std::io::stderr(), "{line}");
            failure.exit_code()
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    open::choose_crypto();
    let answer = Answer { json: cli.global.json };
    let mut flags = Flags { data: cli.global.data, config: cli.global.config, database_url: cli.global.database_url, ..Flags::default() };
    if let Command::Serve(serve) = &cli.command {
        flags.listen = serve.listen;
        flags.public_url.clone_from(&serve.public_url);
        flags.lmtp.clone_from(&serve.lmtp);
        flags.smtp.clone_from(&serve.smtp);
    }
    let load = || Config::load(&flags, std::env::vars_os().filter_map(|(n, v)| Some((n.into_string().ok()?, v.into_string().ok()?))));
    match cli.command {
        Command::Serve(cli::Serve { only, .. }) => {
            let roles = serve::Roles { web: only != Some(Part::Worker), worker: only != Some(Part::Web) };
            serve::serve(&load()?, roles)
        }
        Command::Worker => serve::serve(&load()?, serve::Roles { web: false, worker: true }),
        Command::Migrate => command::migrate(&load()?, answer),
        Command::Doctor => command::doctor(&load()?, answer),
        Command::Demo => demo::run(&load()?, answer),
        Command::Config => command::config(&load()?, answer),
        Command::Backup(backup) => command::backup(&load()?, &backup, answer),
        Command::Restore(restore) => command::restore(load, &restore, answer),
        Command::Mail(cli::Mail::Inspect { files }) => Ok(command::inspect::run(&files, &mut std::io::stdout().lock())?),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "sonnim", &mut std::io::stdout());
            Ok(())
        }
        Command::Setup(form) => command::people::set_up(&load()?, form, answer),
        Command::Agent(cli::Agent::Create(form)) => command::people::create_agent(&load()?, form, answer),
        Command::Agent(cli::Agent::List) => command::people::list_agents(&load()?, answer),
        Command::Token(cli::Token::Create(form)) => command::people::create_token(&load()?, form, answer),
        Command::Mail(cli::Mail::Deliver { to, file }) => command::mail::deliver(&load()?, &to, file.as_deref(), answer),
        Command::Mail(cli::Mail::Replay { quarantined, ids }) => command::mail::replay(&load()?, ids, quarantined, answer),
        Command::Inbox(cli::Inbox::Create(form)) => command::inbox::create(&load()?, *form, answer),
        Command::Inbox(cli::Inbox::List) => command::inbox::list(&load()?, answer),
        Command::Openapi => command::openapi(),
    }
}

/// How a command answers.
#[derive(Debug, Clone, Copy)]
struct Answer {
    json: bool,
}

impl Answer {
    /// Prints `value` as one line of JSON, or `text` for people.
    fn give(self, value: &impl serde::Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        let line = if self.json { serde_json::to_string(value).map_err(Failure::failed("printing"))? } else { text().trim_end().to_owned() };
        match writeln!(std::io::stdout(), "{line}") {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other?),
        }
    }
}
