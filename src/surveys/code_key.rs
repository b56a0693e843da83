//! The key under which one-time codes are kept.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::error::{Error, Result};
use crate::ids::LinkId;

/// Says what the derived key is for. No dot in it: a JWT's signed text has one, so that neither
/// can pass for the other.
const LABEL: &[u8] = b"maaltal one-time codes";

/// A code has 40 bits, which who has the database could try out in minutes if it were kept as a
/// mere hash. Whoever changes the installation's key makes the codes that are not used yet
/// worthless.
#[derive(Clone)]
pub struct CodeKey(Hmac<Sha256>);

impl CodeKey {
    /// Derived from the key that signs access tokens, which the database never sees.
    pub fn of(signing_key: &[u8]) -> Result<CodeKey> {
        let keyed = |key: &[u8]| Hmac::<Sha256>::new_from_slice(key).map_err(Error::unexpected);
        let derived = keyed(signing_key)?.chain_update(LABEL).finalize().into_bytes();
        Ok(CodeKey(keyed(&derived)?))
    }

    /// A key for something else, which tells nothing of this one. No code is as long as a label.
    pub(super) fn derive(&self, label: &[u8]) -> [u8; 32] {
        self.0.clone().chain_update(label).finalize().into_bytes().into()
    }

    /// What is kept of a code: another one at every link.
    pub(super) fn hash(&self, link: LinkId, code: &str) -> Vec<u8> {
        let mac = self.0.clone().chain_update(link.0.as_bytes()).chain_update(code.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use sha2::Digest;

    use super::*;

    const CODE: &str = "4TZKQ7MB";

    fn key(signing_key: &[u8]) -> CodeKey {
        CodeKey::of(signing_key).expect("a key")
    }

    #[test]
    fn a_code_is_worth_something_at_its_own_link_only() {
        let (key, link) = (key(b"one installation"), LinkId::new());
        assert_eq!(key.hash(link, CODE), key.hash(link, CODE));
        assert_ne!(key.hash(link, CODE), key.hash(LinkId::new(), CODE));
    }

    #[test]
    fn without_the_key_no_code_can_be_tried_out() {
        let link = LinkId::new();
        let kept = key(b"one installation").hash(link, CODE);
        assert_ne!(kept, key(b"another installation").hash(link, CODE));
        let unkeyed = Sha256::new().chain_update(link.0.as_bytes()).chain_update(CODE.as_bytes());
        assert_ne!(kept, unkeyed.finalize().to_vec());
        // Nor is it the signing key itself: what stands in the database is no use for tokens.
        let signed = Hmac::<Sha256>::new_from_slice(b"one installation").expect("a key");
        let signed = signed.chain_update(link.0.as_bytes()).chain_update(CODE.as_bytes());
        assert_ne!(kept, signed.finalize().into_bytes().to_vec());
    }
}
