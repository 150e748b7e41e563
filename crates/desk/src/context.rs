//! What every use case may need, made once at start.

use std::sync::Arc;

use model::Timestamp;
use store::Store;

use crate::Keys;

/// The time now. Tests hand in their own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock. The one place that reads it.
    #[allow(clippy::disallowed_methods)]
    pub fn system() -> Self {
        Self(Arc::new(Timestamp::now))
    }

    /// A clock made by hand.
    pub fn from_fn(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// Now, in whole milliseconds, as stored.
    pub fn now(&self) -> Timestamp {
        let now = (self.0)();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}

/// The store, the keys, the clock and our public address. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    /// The store.
    pub store: Store,
    /// Signing and sealing.
    pub keys: Keys,
    /// The time.
    pub clock: Clock,
    /// Where people reach us, such as `https://help.example.com`, without a slash at the end. Links are made from it and
    /// never from a request's Host.
    pub public_url: Arc<str>,
}

impl Desk {
    /// Starts a use case now.
    pub async fn begin(&self) -> Result<store::Tx, store::Error> {
        self.store.begin(self.clock.now()).await
    }
}

/// Fresh random bytes, from the system's generator. The one place of the desk that draws them.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    rand::random()
}
