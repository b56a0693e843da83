//! Where the installation is found, and the addresses of its print pages: a browser can't send a
//! bearer token along a link, so these carry a signed pass that is good for an hour. Nothing of it
//! is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::address::answer_address;
use super::code_key::CodeKey;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{LinkId, SessionId};

const LABEL: &[u8] = b"maaltal print pages' addresses";

/// Seconds.
pub const PASS_LASTS: i64 = 3_600;

const SIGNED: usize = 40;
const SIGNATURE: usize = 16;

#[derive(Clone)]
pub struct Site {
    public_url: String,
    key: Hmac<Sha256>,
}

/// What a pass lets its holder see: a link, as whoever asked for the pass sees it. It ends with
/// the session that it was asked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    pub link: LinkId,
    pub session: SessionId,
}

impl Site {
    pub fn new(public_url: &str, key: &CodeKey) -> Result<Site> {
        let key = Hmac::new_from_slice(&key.derive(LABEL)).map_err(Error::unexpected)?;
        Ok(Site { public_url: public_url.trim_end_matches('/').to_string(), key })
    }

    /// Where a link is answered, with a code filled in or without.
    pub fn answering(&self, token: &str, code: Option<&str>) -> String {
        answer_address(&self.public_url, token, code)
    }

    /// The page that is handed back to a class.
    pub fn class_page(&self, token: &str) -> String {
        format!("{}/r/{token}", self.public_url)
    }

    pub fn embed_script(&self) -> String {
        format!("{}/embed.js", self.public_url)
    }

    pub fn print_page(&self, pass: &str, page: &str) -> String {
        format!("{}/print/{pass}/{page}", self.public_url)
    }

    pub fn pass(&self, pass: Pass, now: At) -> String {
        let until = now.plus_seconds(PASS_LASTS).seconds().to_be_bytes();
        let said = [pass.link.0.as_bytes(), pass.session.0.as_bytes(), &until[..]].concat();
        let signature = self.key.clone().chain_update(&said).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([&said, &signature[..SIGNATURE]].concat())
    }

    /// One that is not ours, or of more than an hour ago, is a page that isn't there.
    pub fn read_pass(&self, text: &str, now: At) -> Result<Pass> {
        self.verified(text, now).ok_or(Error::NotFound)
    }

    fn verified(&self, text: &str, now: At) -> Option<Pass> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (said, signature) = bytes.split_first_chunk::<SIGNED>()?;
        let signed = self.key.clone().chain_update(said);
        if signature.len() != SIGNATURE || signed.verify_truncated_left(signature).is_err() {
            return None;
        }
        let until = i64::from_be_bytes(said.get(32..)?.try_into().ok()?);
        let id = |bytes: Option<&[u8]>| Uuid::from_slice(bytes?).ok();
        let pass =
            Pass { link: LinkId(id(said.get(..16))?), session: SessionId(id(said.get(16..32))?) };
        (now.seconds() < until).then_some(pass)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(key: &[u8]) -> Site {
        Site::new("https://maaltal.example/", &CodeKey::of(key).expect("a key")).expect("a site")
    }

    #[test]
    fn a_pass_is_good_for_an_hour_and_for_what_it_says() {
        let at = |seconds: i64| At::from_micros(seconds * 1_000_000).expect("a moment");
        let own = site(b"one installation");
        let pass = Pass { link: LinkId::new(), session: SessionId::new() };
        let text = own.pass(pass, at(100));
        assert_eq!(own.read_pass(&text, at(100)).expect("a pass"), pass);
        assert!(own.read_pass(&text, at(100 + PASS_LASTS - 1)).is_ok());
        assert!(own.read_pass(&text, at(100 + PASS_LASTS)).is_err());
        assert!(site(b"another installation").read_pass(&text, at(100)).is_err());
        for index in 0..text.len() {
            let mut letters = text.clone().into_bytes();
            letters[index] = if letters[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(letters).expect("letters");
            assert!(own.read_pass(&changed, at(100)).is_err(), "{index}");
        }
        assert!(own.read_pass("", at(100)).is_err());
    }

    #[test]
    fn addresses_have_no_double_slashes() {
        let own = site(b"one installation");
        assert_eq!(own.class_page("ABC"), "https://maaltal.example/r/ABC");
        assert_eq!(own.answering("ABC", Some("X")), "https://maaltal.example/s/ABC#X");
    }
}
