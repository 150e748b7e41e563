//! Opening the installation: key, database, blobs, and the promise that they belong together.

use std::sync::Arc;

use desk::{Clock, Desk, Keys};
use store::Store;

use crate::config::Config;
use crate::failure::Failure;
use crate::keys;

/// Opens what `config` names. `public_url` is what links begin with.
///
/// # Errors
/// Also when the key is not the one that this database was set up with: then nothing sealed would open, and another
/// node's links and Message-IDs would not be ours.
pub async fn open(config: &Config, public_url: String) -> Result<Desk, Failure> {
    let clock = Clock::system();
    let store = Store::open(&config.store(), clock.now()).await?;
    let checked = match refuse_newer(&store).await {
        Ok(()) => agree_on_key(config, &store, &clock).await,
        Err(failure) => Err(failure),
    };
    match checked {
        Ok(keys) => Ok(Desk { store, keys, clock, public_url: Arc::from(public_url) }),
        Err(failure) => {
            store.leave(clock.now()).await;
            Err(failure)
        }
    }
}

/// A newer version's schema is nothing to guess at.
async fn refuse_newer(store: &Store) -> Result<(), Failure> {
    let steps = store::upkeep::schema_steps(&mut store.read().await?).await?;
    match steps.iter().find(|step| !store::migrate::known().any(|known| known == step.as_str())) {
        Some(newer) => Err(Failure::Failed(format!(
            "this database was written by a newer Sonnim (schema step {newer}): run that version, or restore an older backup"
        ))),
        None => Ok(()),
    }
}

/// The name under which the database keeps the key's fingerprint.
pub const KEY_FINGERPRINT: &str = "key_fingerprint";

/// What tells two keys apart and says nothing about either.
pub fn fingerprint(keys: &Keys) -> String {
    model::token::word(&keys.signing.derive("fingerprint")[..10])
}

async fn agree_on_key(config: &Config, store: &Store, clock: &Clock) -> Result<Keys, Failure> {
    let given = config.secret_key.as_ref().map(model::Secret::expose);
    let mut conn = store.read().await?;
    let mut known = store::upkeep::fact(&mut conn, KEY_FINGERPRINT).await?;
    drop(conn);
    if known.is_some() && given.is_none() && !keys::path(&config.data).exists() {
        return Err(Failure::Failed(format!(
            "{} is missing, and this database was set up with one: put it back from your backup, or set SONNIM_SECRET_KEY",
            keys::path(&config.data).display()
        )));
    }
    let keys = Keys::new(keys::load_or_make(&config.data, given)?);
    let ours = fingerprint(&keys);
    if known.is_none() {
        let mut tx = store.begin(clock.now()).await?;
        known = Some(store::upkeep::claim(&mut tx, KEY_FINGERPRINT, &ours).await?);
        tx.commit().await?;
    }
    match known {
        Some(known) if known != ours => Err(Failure::Failed(format!(
            "the secret key is not the one that this database was set up with (here {ours}, there {known}): put back the right \
             secret.key, or set SONNIM_SECRET_KEY to the same value on every node"
        ))),
        _ => Ok(keys),
    }
}

/// Runs a short command against the installation, and lets go of it properly whatever happens.
///
/// # Errors
/// As the command says.
pub fn with_desk<T>(config: &Config, command: impl AsyncFnOnce(&Desk) -> Result<T, Failure>) -> Result<T, Failure> {
    runtime()?.block_on(async {
        let desk = open(config, config.public_url(config.listen())).await?;
        let result = command(&desk).await;
        desk.store.leave(desk.clock.now()).await;
        result
    })
}

/// A small runtime for commands.
///
/// # Errors
/// When the system has no threads left.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::failed("starting"))
}

/// One crypto provider for every TLS connection of the process. Twice is once.
pub fn choose_crypto() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
