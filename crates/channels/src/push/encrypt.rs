//! RFC 8291: a message that only one browser can read. One record of aes128gcm (RFC 8188).

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::SystemRandom;

/// Length of a record; push services take no more.
const RECORD: usize = 4096;
/// Salt, record length, length of the key, the key itself.
const HEAD: usize = 16 + 4 + 1 + 65;
/// Messages are filled up to a multiple of this, so that their length tells little.
const STEP: usize = 256;

/// The device's key is none, or the message is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the message cannot be encrypted for this device")]
pub struct CannotEncrypt;

/// Bytes of a derived key.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// Encrypts a message for a device with its public key and secret. `salt` is fresh and random; the other key pair is made here,
/// used once and forgotten.
///
/// # Errors
/// [`CannotEncrypt`].
pub fn encrypt(message: &[u8], device_key: &[u8], secret: &[u8], salt: [u8; 16]) -> Result<Vec<u8>, CannotEncrypt> {
    let random = SystemRandom::new();
    let own = EphemeralPrivateKey::generate(&ECDH_P256, &random).map_err(|_| CannotEncrypt)?;
    let own_public = own.compute_public_key().map_err(|_| CannotEncrypt)?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, device_key);
    let shared = agree_ephemeral(own, &theirs, <[u8]>::to_vec).map_err(|_| CannotEncrypt)?;
    // A full record holds the message, one byte that ends it, and the tag.
    let most = RECORD - HEAD - 1 - AES_128_GCM.tag_len();
    if message.len() > most {
        return Err(CannotEncrypt);
    }
    let fill = (message.len().div_ceil(STEP) * STEP).min(most) - message.len();
    seal(message, fill, &shared, secret, device_key, own_public.as_ref(), salt)
}

fn seal(message: &[u8], fill: usize, shared: &[u8], secret: &[u8], theirs: &[u8], own: &[u8], salt: [u8; 16]) -> Result<Vec<u8>, CannotEncrypt> {
    let about = [b"WebPush: info\0".as_slice(), theirs, own].concat();
    let common = expand::<32>(secret, shared, &about)?;
    let key = expand::<16>(&salt, &common, b"Content-Encoding: aes128gcm\0")?;
    let nonce = expand::<12>(&salt, &common, b"Content-Encoding: nonce\0")?;
    let mut text = Vec::with_capacity(message.len() + fill + 17);
    text.extend_from_slice(message);
    // Here ends the message of the last record; what follows fills it up.
    text.push(2);
    text.resize(message.len() + 1 + fill, 0);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).map_err(|_| CannotEncrypt)?);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut text).map_err(|_| CannotEncrypt)?;
    let mut body = Vec::with_capacity(HEAD + text.len());
    body.extend_from_slice(&salt);
    body.extend_from_slice(&(RECORD as u32).to_be_bytes());
    body.push(u8::try_from(own.len()).map_err(|_| CannotEncrypt)?);
    body.extend_from_slice(own);
    body.extend_from_slice(&text);
    Ok(body)
}

fn expand<const N: usize>(salt: &[u8], from: &[u8], about: &[u8]) -> Result<[u8; N], CannotEncrypt> {
    let mut out = [0; N];
    let drawn = Salt::new(HKDF_SHA256, salt).extract(from);
    drawn.expand(&[about], Length(N)).and_then(|key| key.fill(&mut out)).map_err(|_| CannotEncrypt)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    }

    #[test]
    fn the_example_of_rfc_8291_comes_out_as_printed_there() {
        let body = seal(
            b"When I grow up, I want to be a watermelon",
            0,
            &bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"),
            &bytes("BTBZMqHH6r4Tts7J_aSIgg"),
            &bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            &bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"),
            bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().expect("16 bytes"),
        );
        let printed = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT\
            pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(body.expect("sealed")), printed);
    }

    #[test]
    fn messages_of_about_the_same_length_look_the_same_and_too_long_ones_are_refused() {
        let key = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).expect("a key");
        let key = key.compute_public_key().expect("a point");
        let length = |n: usize| encrypt(&vec![b'x'; n], key.as_ref(), &[1; 16], [2; 16]).map(|body| body.len());
        assert_eq!(length(10), length(200));
        assert_eq!(length(3_993), Ok(4_096));
        assert_eq!(length(3_994), Err(CannotEncrypt));
        assert_eq!(encrypt(b"x", &[4; 65], &[1; 16], [2; 16]), Err(CannotEncrypt), "no point of the curve");
    }
}
