//! When a form was shown, signed, so that what comes back at once, or days later, is known. It is
//! looked at and not kept.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::code_key::CodeKey;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::LinkId;

const LABEL: &[u8] = b"maaltal forms' times of rendering";

/// Seconds that a person takes at the least, from opening a form to sending it.
const SHORTEST: i64 = 3;
/// Seconds after which a form is of another day.
const LONGEST: i64 = 86_400;

const TIME: usize = 8;
const SIGNATURE: usize = 12;

#[derive(Clone)]
pub struct StampKey(Hmac<Sha256>);

impl StampKey {
    pub fn of(key: &CodeKey) -> Result<StampKey> {
        Ok(StampKey(Hmac::new_from_slice(&key.derive(LABEL)).map_err(Error::unexpected)?))
    }

    fn signed(&self, link: LinkId, time: &[u8]) -> Hmac<Sha256> {
        self.0.clone().chain_update(link.0.as_bytes()).chain_update(time)
    }

    /// For a form of that link that is shown now.
    pub fn stamp(&self, link: LinkId, now: At) -> String {
        let time = now.seconds().to_be_bytes();
        let signature = self.signed(link, &time).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([&time[..], &signature[..SIGNATURE]].concat())
    }

    /// Whether it is one of ours for that link, and of a time in which a person fills in a form.
    pub fn is_good(&self, link: LinkId, stamp: &str, now: At) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(stamp) else { return false };
        let Some((time, signature)) = bytes.split_first_chunk::<TIME>() else { return false };
        let age = now.seconds().saturating_sub(i64::from_be_bytes(*time));
        signature.len() == SIGNATURE
            && self.signed(link, time).verify_truncated_left(signature).is_ok()
            && (SHORTEST..=LONGEST).contains(&age)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_good_for_its_link_and_as_long_as_people_take() {
        let key = |key: &[u8]| StampKey::of(&CodeKey::of(key).expect("a key")).expect("a key");
        let at = |seconds: i64| At::from_micros(seconds * 1_000_000).expect("a moment");
        let (own, link) = (key(b"one installation"), LinkId::new());
        let stamp = own.stamp(link, at(100));
        for (seconds, good) in
            [(99, false), (102, false), (103, true), (86_500, true), (86_501, false)]
        {
            assert_eq!(own.is_good(link, &stamp, at(seconds)), good, "{seconds}");
        }
        assert!(!own.is_good(LinkId::new(), &stamp, at(110)));
        assert!(!key(b"another installation").is_good(link, &stamp, at(110)));
        for made_up in ["", "x", "AAAA", &stamp[..20], &format!("{stamp}AAAA")] {
            assert!(!own.is_good(link, made_up, at(110)), "{made_up}");
        }
    }
}
