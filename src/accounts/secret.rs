//! What must never be shown: passwords and tokens, from the body to where they are used.

use hmac::digest::Output;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

/// A password or a token. It goes out in answers that hand one over, and never into a log.
#[derive(Clone, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Password)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database keeps of a random token: enough to know it again, useless to a thief.
    pub fn fingerprint(&self) -> Vec<u8> {
        let hash: Output<Sha256> = Sha256::digest(self.0.as_bytes());
        hash.to_vec()
    }

    /// Whether the fingerprint is that of this token, in constant time.
    pub fn is_of(&self, fingerprint: &[u8]) -> bool {
        self.fingerprint().ct_eq(fingerprint).into()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    /// By way of any JSON value, since serde's own message repeats what it could not take.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Ok(Secret(text)),
            _ => Err(serde::de::Error::custom("expected a string")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_repeated() {
        let secret = Secret::new("grenaa-gymnasium-og-hf");
        assert!(!format!("{secret:?}").contains("grenaa"));
        let error = serde_json::from_str::<Secret>("123456789").expect_err("a number");
        assert!(!error.to_string().contains("1234"));
    }

    #[test]
    fn a_fingerprint_knows_its_token_only() {
        let token = Secret::new("a");
        assert!(token.is_of(&token.fingerprint()));
        assert!(!Secret::new("b").is_of(&token.fingerprint()));
        assert!(!token.is_of(&[]));
    }
}
