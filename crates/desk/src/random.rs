//! Chance. The one place of the desk that asks for it; verbs take the words as arguments or from here.

use model::Secret;

/// `N` random bytes from the operating system's generator.
pub fn bytes<const N: usize>() -> [u8; N] {
    use rand::RngCore;
    let mut out = [0; N];
    rand::rng().fill_bytes(&mut out);
    out
}

/// A secret word of `N` random bytes, for links and cookies.
pub fn word<const N: usize>() -> Secret {
    Secret::new(model::token::word(&bytes::<N>()))
}
