//! The command line: what can be asked for. What happens then is in `command/` and in a file per larger verb.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use model::agent::TokenScope;
use model::workspace::Language;
use model::{EmailAddress, Role, Secret};

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 tried and failed; 2 asked for wrongly (unknown flag, bad configuration); 3 refused or nothing to do.
Secrets are read from stdin or the environment, never from arguments, where every user of the machine could see them.";

/// Sonnim: customer service from one binary.
#[derive(Debug, Parser)]
#[command(name = "sonnim", version, about, after_help = EXIT_CODES, propagate_version = true)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// The data folder: database, attachments, secret key
    #[arg(long, global = true, env = "SONNIM_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// The configuration file [default: sonnim.toml in the data folder, if there]
    #[arg(long, global = true, env = "SONNIM_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// postgres://… instead of the embedded database; with a password in it, set DATABASE_URL instead
    #[arg(long, global = true, value_name = "URL", value_parser = parse_secret)]
    pub database_url: Option<Secret>,
    /// Answer in JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// Everything that the binary does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run Sonnim: web app, API, mail servers and background work
    #[command(after_help = "Examples:\n  sonnim serve\n  sonnim serve --data /var/lib/sonnim --listen 0.0.0.0:8080 --lmtp 127.0.0.1:2424\n  \
        DATABASE_URL=postgres://sonnim@db/sonnim sonnim serve --only web")]
    Serve(Serve),
    /// Run background work only: incoming mailboxes, delivery, timers
    #[command(after_help = "Example:\n  DATABASE_URL=postgres://sonnim@db/sonnim sonnim worker")]
    Worker,
    /// Bring the database's schema up to date, then stop
    Migrate,
    /// Check database, storage, mailboxes, clock and permissions, and say what to do
    #[command(after_help = "Examples:\n  sonnim doctor\n  sonnim doctor --json | jq '.checks[] | select(.state != \"ok\")'")]
    Doctor,
    /// Set up the workspace and its owner (as the browser does at first start)
    #[command(after_help = "Example:\n  printf %s \"$PASSWORD\" | sonnim setup --workspace 'Acme' --name 'Kim Minji' \
        --email minji@acme.example --password-stdin --language ko")]
    Setup(Setup),
    /// Inboxes: the addresses that customers write to
    #[command(subcommand)]
    Inbox(Inbox),
    /// Agents: the people who answer
    #[command(subcommand)]
    Agent(Agent),
    /// API tokens
    #[command(subcommand)]
    Token(Token),
    /// Mail: hand in, look into, process again
    #[command(subcommand)]
    Mail(Mail),
    /// Write everything into one archive, while Sonnim runs
    #[command(after_help = "Examples:\n  sonnim backup --to /backups/sonnim.tar.gz\n  sonnim backup --to - --with-key | age -r KEY > sonnim.age\n\n\
        Without secret.key (--with-key), stored mailbox passwords cannot be opened after a restore, and replies to older mails\n\
        are not recognised by their Message-ID. Keep the key in your password store, or protect the archive like a password.")]
    Backup(Backup),
    /// Bring a backup back into an empty data folder (and, for PostgreSQL, an empty database)
    #[command(
        after_help = "Examples:\n  sonnim restore --data /var/lib/sonnim /backups/sonnim.tar.gz\n  sonnim restore --check /backups/sonnim.tar.gz\n\n\
        Replies that had not been sent when the backup was made are marked as failed, for nobody can know whether they\n\
        went out afterwards: an agent looks and sends them again. --resend queues them instead."
    )]
    Restore(Restore),
    /// Fill an empty data folder with a made-up shop: 500 customers, 3,000 conversations in English and Korean
    #[command(after_help = "Example:\n  sonnim demo --data ./data-demo && sonnim serve --data ./data-demo\n\n\
        Prints the log-ins. Refuses an installation that is set up already.")]
    Demo,
    /// Print the configuration in force, without secrets
    Config,
    /// Print the OpenAPI document
    Openapi,
    /// Print a completion script for your shell
    #[command(after_help = "Example:\n  sonnim completions bash > /etc/bash_completion.d/sonnim")]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// `sonnim serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where the web server listens [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Where the LMTP server listens: ip:port or unix:/path [default: off]
    #[arg(long, value_name = "ADDR")]
    pub lmtp: Option<String>,
    /// Where the SMTP server listens [default: off]
    #[arg(long, value_name = "ADDR")]
    pub smtp: Option<String>,
    /// Where people reach us, such as https://help.example.com; links in mails begin with it
    #[arg(long, value_name = "URL")]
    pub public_url: Option<url::Url>,
    /// Run one role of the two
    #[arg(long, value_name = "ROLE")]
    pub only: Option<Part>,
}

/// A role of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Web app, API, mail servers.
    Web,
    /// Background work.
    Worker,
}

/// `sonnim setup`.
#[derive(Debug, Args)]
pub struct Setup {
    /// The workspace's name, as customers see it
    #[arg(long)]
    pub workspace: String,
    /// The owner's name
    #[arg(long)]
    pub name: String,
    /// The owner's address, to sign in with
    #[arg(long)]
    pub email: EmailAddress,
    /// Read the owner's password from stdin (or set SONNIM_PASSWORD)
    #[arg(long)]
    pub password_stdin: bool,
    /// en or ko
    #[arg(long, default_value = "en")]
    pub language: Language,
    /// IANA time zone, such as Asia/Seoul
    #[arg(long, default_value = "UTC")]
    pub time_zone: String,
}

/// `sonnim inbox …`.
#[derive(Debug, Subcommand)]
pub enum Inbox {
    /// Add an inbox
    #[command(after_help = "Examples:\n  sonnim inbox create --name Support --address help@acme.example --smtp-url smtp://127.0.0.1:25\n  \
        SONNIM_IMAP_PASSWORD=… SONNIM_SMTP_PASSWORD=… sonnim inbox create --name Support --address help@acme.example \\\n    \
        --imap-url imaps://help%40acme.example@imap.acme.example/INBOX \\\n    --smtp-url smtps://help%40acme.example@smtp.acme.example\n\n\
        Schemes: smtps:// and imaps:// are TLS from the start; smtp+starttls:// and imap+starttls:// must upgrade; smtp:// and\n\
        imap:// are plain text, and take no password except to this machine. Without --imap-url, mail is delivered to Sonnim\n\
        by LMTP, SMTP or API.")]
    Create(Box<InboxCreate>),
    /// List the inboxes
    List,
}

/// `sonnim inbox create`.
#[derive(Debug, Args)]
pub struct InboxCreate {
    /// Name for agents
    #[arg(long)]
    pub name: String,
    /// The address that customers write to
    #[arg(long)]
    pub address: EmailAddress,
    /// How mail goes out; the password comes from SONNIM_SMTP_PASSWORD
    #[arg(long, value_name = "URL")]
    pub smtp_url: Option<url::Url>,
    /// How mail is fetched; the password comes from SONNIM_IMAP_PASSWORD
    #[arg(long, value_name = "URL")]
    pub imap_url: Option<url::Url>,
    /// Only its members see it, instead of everyone
    #[arg(long)]
    pub members_only: bool,
}

/// `sonnim agent …`.
#[derive(Debug, Subcommand)]
pub enum Agent {
    /// Add an agent
    #[command(
        after_help = "Example:\n  printf %s \"$PASSWORD\" | sonnim agent create --name 'Lee Jun' --email jun@acme.example --role agent --password-stdin"
    )]
    Create(AgentCreate),
    /// List the agents
    List,
}

/// `sonnim agent create`.
#[derive(Debug, Args)]
pub struct AgentCreate {
    /// Name
    #[arg(long)]
    pub name: String,
    /// Address to sign in with
    #[arg(long)]
    pub email: EmailAddress,
    /// owner, admin, agent or viewer
    #[arg(long, default_value = "agent")]
    pub role: Role,
    /// Read the password from stdin (or set SONNIM_PASSWORD)
    #[arg(long)]
    pub password_stdin: bool,
    /// en or ko
    #[arg(long, default_value = "en")]
    pub language: Language,
}

/// `sonnim token …`.
#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make a token for an agent; prints only the token, once
    #[command(after_help = "Example:\n  TOKEN=$(sonnim token create --email jun@acme.example --scope write)")]
    Create(TokenCreate),
}

/// `sonnim token create`.
#[derive(Debug, Args)]
pub struct TokenCreate {
    /// Whose token: it can do what this agent can, within its scopes
    #[arg(long)]
    pub email: EmailAddress,
    /// read, write, admin or mail; repeat for several
    #[arg(long = "scope", value_name = "SCOPE", default_value = "write", value_parser = parse_scope)]
    pub scopes: Vec<TokenScope>,
    /// What it is for
    #[arg(long, default_value = "made on the command line")]
    pub name: String,
    /// Ends after so many days
    #[arg(long, value_name = "DAYS")]
    pub expires_in: Option<u16>,
}

/// `sonnim mail …`.
#[derive(Debug, Subcommand)]
pub enum Mail {
    /// Take a raw mail from stdin or a file; durable when this returns
    #[command(after_help = "Examples:\n  sonnim mail deliver < mail.eml\n  sonnim mail deliver --to help@acme.example mail.eml")]
    Deliver {
        /// The recipient, when it differs from the mail's own
        #[arg(long, value_name = "ADDRESS")]
        to: Vec<EmailAddress>,
        /// The mail; stdin when left out
        file: Option<PathBuf>,
    },
    /// Print what Sonnim understands of mails, one JSON object per line; needs no data folder
    #[command(after_help = "Example:\n  sonnim mail inspect --json *.eml | jq .reply_text")]
    Inspect {
        /// The mails
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Process stored mails again: those named, or all in quarantine
    #[command(after_help = "Examples:\n  sonnim mail replay mail_0123456789abc\n  sonnim mail replay --quarantined")]
    Replay {
        /// All that could not be processed
        #[arg(long, conflicts_with = "ids")]
        quarantined: bool,
        /// Ids, as the quarantine page shows them
        #[arg(required_unless_present = "quarantined")]
        ids: Vec<model::InboundMailId>,
    },
}

/// `sonnim backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// The archive to write; - for stdout. Never overwrites
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// Put secret.key into the archive
    #[arg(long)]
    pub with_key: bool,
}

/// `sonnim restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// The archive
    pub archive: PathBuf,
    /// Only verify the archive; change nothing
    #[arg(long)]
    pub check: bool,
    /// Send what was waiting to be sent, even if some of it may have gone out already
    #[arg(long)]
    pub resend: bool,
    /// The old secret.key is lost: make a new one at the next start. Mailbox passwords must then be entered again
    #[arg(long)]
    pub new_key: bool,
}

#[allow(clippy::unnecessary_wraps)]
fn parse_secret(text: &str) -> Result<Secret, std::convert::Infallible> {
    Ok(Secret::new(text))
}

fn parse_scope(text: &str) -> Result<TokenScope, String> {
    serde_json::from_value(text.into()).map_err(|_| "use read, write, admin or mail".into())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
