//! Access tokens (JWT, HS256 and nothing else), and the secrets that stand in links.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, EncodingKey, Header, Validation, decode, encode,
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use super::secret::Secret;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{SessionId, UserId};

/// How long an access token is taken, in seconds.
pub const ACCESS_SECONDS: i64 = 15 * 60;

const ISSUER: &str = "maaltal";
const AUDIENCE: &str = "maaltal-api";
const SHORTEST_KEY: usize = 32;
/// How far another instance's clock may be ahead of this one's, in seconds.
const SKEW_SECONDS: i64 = 60;

/// Parts of keys that stand in manuals and samples everywhere.
const SAMPLE_KEYS: &[&str] = &[
    "0123456789",
    "123456789012",
    "abcdefghijkl",
    "a-string-secret",
    "at-least-256-bits",
    "change-me",
    "change_me",
    "changeme",
    "change-this",
    "example",
    "insecure",
    "not-a-secret",
    "replace-me",
    "replace_me",
    "sample",
    "secret-key",
    "secretkey",
    "your-256-bit-secret",
    "your-secret",
];

/// What an access token says: RFC 7519's registered claims, and the session it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub exp: i64,
    pub iat: i64,
    iss: String,
    aud: String,
    pub sub: UserId,
    pub jti: Uuid,
    pub sid: SessionId,
}

/// What a link that is handed on leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    Invitation,
    PasswordReset,
}

impl LinkKind {
    fn label(self) -> &'static [u8] {
        // No dot in them: a JWT's signed text has one, so that neither can pass for the other.
        match self {
            LinkKind::Invitation => b"maaltal invitation ",
            LinkKind::PasswordReset => b"maaltal password reset ",
        }
    }
}

/// Signs and reads what the service hands out.
#[derive(Clone)]
pub struct Tokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    links: Hmac<Sha256>,
}

impl Tokens {
    /// Refuses keys that others could know or guess.
    pub fn new(signing_key: &[u8]) -> Result<Tokens, String> {
        check_key(signing_key)?;
        // Only the first one in the process counts, and all are the same.
        let _ = HS256.install_default();
        let links = Hmac::new_from_slice(signing_key).map_err(|error| error.to_string())?;
        Ok(Tokens {
            signing: EncodingKey::from_secret(signing_key),
            verifying: DecodingKey::from_secret(signing_key),
            links,
        })
    }

    /// An access token for a session.
    pub fn access(&self, user: UserId, session: SessionId, now: At) -> Result<Secret> {
        let claims = Claims {
            exp: now.seconds() + ACCESS_SECONDS,
            iat: now.seconds(),
            iss: ISSUER.to_string(),
            aud: AUDIENCE.to_string(),
            sub: user,
            jti: Uuid::new_v4(),
            sid: session,
        };
        let token = encode(&Header::new(Algorithm::HS256), &claims, &self.signing);
        token.map(Secret::new).map_err(Error::unexpected)
    }

    /// What a token says, if it is ours and in force at `now`.
    pub fn verify(&self, token: &str, now: At) -> Result<Claims> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        // By the clock that is handed in, below.
        rules.validate_exp = false;
        let token = decode::<Claims>(token, &self.verifying, &rules);
        let claims = token.map_err(|_| Error::Unauthenticated("bad_token"))?.claims;
        if claims.iat > now.seconds() + SKEW_SECONDS {
            return Err(Error::Unauthenticated("bad_token"));
        }
        if claims.exp <= now.seconds() {
            return Err(Error::Unauthenticated("token_expired"));
        }
        Ok(claims)
    }

    /// The secret of a link, from the id of its row: a request that is sent again is given the
    /// same one, though the database can't tell it.
    pub fn link(&self, kind: LinkKind, id: impl Into<Uuid>) -> Secret {
        let mac = self.links.clone().chain_update(kind.label()).chain_update(id.into().as_bytes());
        Secret::new(URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    /// The bytes of a machine token, from the id of its row, for the same reason.
    pub fn machine_token(&self, id: UserId) -> [u8; 32] {
        let mac = self.links.clone().chain_update(b"maaltal machine token ");
        mac.chain_update(id.0.as_bytes()).finalize().into_bytes().into()
    }
}

/// 32 random bytes, for a refresh token.
pub fn random() -> Result<Secret> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(Error::unexpected)?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
}

fn check_key(key: &[u8]) -> Result<(), String> {
    if key.is_empty() {
        return Err("the signing key is empty".to_string());
    }
    if key.len() < SHORTEST_KEY {
        return Err(format!(
            "the signing key has {} bytes; {SHORTEST_KEY} or more are needed",
            key.len()
        ));
    }
    let text = String::from_utf8_lossy(key).to_lowercase();
    if SAMPLE_KEYS.iter().any(|sample| text.contains(sample)) {
        return Err("the signing key is a sample that everybody knows; make a random one".into());
    }
    // Random bytes, and random letters or hex digits, have many more.
    let mut distinct = key.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 8 {
        return Err("the signing key repeats a few bytes; make a random one".to_string());
    }
    Ok(())
}

struct Hs256(Hmac<Sha256>);

impl Hs256 {
    fn new(
        algorithm: Algorithm,
        family: AlgorithmFamily,
        key: &[u8],
    ) -> jsonwebtoken::errors::Result<Box<Hs256>> {
        if algorithm != Algorithm::HS256 || family != AlgorithmFamily::Hmac {
            return Err(ErrorKind::InvalidAlgorithm.into());
        }
        let mac = Hmac::new_from_slice(key).map_err(|_| ErrorKind::InvalidKeyFormat)?;
        Ok(Box::new(Hs256(mac)))
    }
}

impl signature::Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl signature::Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let mac = self.0.clone().chain_update(message);
        mac.verify_slice(signature).map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

/// jsonwebtoken's own backends link either `rsa` (RUSTSEC-2023-0071) or C code.
static HS256: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Hs256::new(*algorithm, key.family(), key.as_bytes())?),
    verifier_factory: |algorithm, key| {
        Ok(Hs256::new(*algorithm, key.family(), key.try_get_as_bytes()?)?)
    },
    key_utils: KeyUtils::new_unimplemented(),
};

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"rB2x!kQ9-vT5w_zN8m@pL4s#dF7g&hJ3";
    const OTHER: &[u8] = b"uY6e?aC1+oX0i=bV9n%qM2t~lK5r^jH8";

    fn at(seconds: i64) -> At {
        At::from_micros(1_700_000_000_000_000).expect("a moment").plus_seconds(seconds)
    }

    fn tokens(key: &[u8]) -> Tokens {
        Tokens::new(key).expect("a key that is good enough")
    }

    fn code(result: Result<Claims>) -> &'static str {
        match result {
            Err(Error::Unauthenticated(code)) => code,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_token_holds_for_a_quarter_of_an_hour_by_the_clock_handed_in() {
        let (tokens, user, session) = (tokens(KEY), UserId::new(), SessionId::new());
        let token = tokens.access(user, session, at(0)).expect("a token");
        let claims = tokens.verify(token.expose(), at(899)).expect("in force");
        assert_eq!((claims.sub, claims.sid), (user, session));
        assert_eq!(code(tokens.verify(token.expose(), at(900))), "token_expired");
        assert_eq!(code(tokens.verify(token.expose(), at(-61))), "bad_token");
    }

    #[test]
    fn another_key_is_refused() {
        let token = tokens(OTHER).access(UserId::new(), SessionId::new(), at(0)).expect("a token");
        assert_eq!(code(tokens(KEY).verify(token.expose(), at(1))), "bad_token");
    }

    #[test]
    fn every_claim_and_the_one_algorithm_are_required() {
        let tokens = tokens(KEY);
        let good = tokens.access(UserId::new(), SessionId::new(), at(0)).expect("a token");
        let payload = good.expose().split('.').nth(1).expect("three parts").to_string();
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64"))
                .expect("JSON");
        let signed = |claims: &serde_json::Value| {
            encode(&Header::new(Algorithm::HS256), claims, &tokens.signing).expect("a token")
        };
        assert!(tokens.verify(&signed(&claims), at(1)).is_ok());
        for name in ["exp", "iat", "iss", "aud", "sub", "jti", "sid"] {
            let mut without = claims.clone();
            without.as_object_mut().expect("an object").remove(name);
            assert_eq!(code(tokens.verify(&signed(&without), at(1))), "bad_token", "{name}");
        }
        for (name, wrong) in [("iss", "another"), ("aud", "another"), ("sid", "no id")] {
            let mut other = claims.clone();
            other[name] = wrong.into();
            assert_eq!(code(tokens.verify(&signed(&other), at(1))), "bad_token", "{name}");
        }
        for algorithm in ["none", "HS512", "RS256"] {
            let header = format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#);
            let rest = good.expose().split_once('.').expect("a dot").1;
            let forged = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header));
            assert_eq!(code(tokens.verify(&forged, at(1))), "bad_token", "{algorithm}");
        }
        for nonsense in ["", ".", "..", "a.b.c", "æøå"] {
            assert_eq!(code(tokens.verify(nonsense, at(1))), "bad_token");
        }
    }

    #[test]
    fn keys_that_others_could_know_are_refused() {
        for key in [
            &b""[..],
            b"short",
            b"changeme-changeme-changeme-changeme",
            b"a-string-secret-at-least-256-bits-long",
            b"0123456789abcdef0123456789abcdef",
            &[7; 32],
        ] {
            assert!(Tokens::new(key).is_err(), "{}", String::from_utf8_lossy(key));
        }
    }

    #[test]
    fn a_link_is_the_same_again_and_no_other() {
        let (tokens, id) = (tokens(KEY), Uuid::now_v7());
        let link = |kind, id| tokens.link(kind, id).expose().to_string();
        assert_eq!(link(LinkKind::Invitation, id), link(LinkKind::Invitation, id));
        assert_ne!(link(LinkKind::Invitation, id), link(LinkKind::PasswordReset, id));
        assert_ne!(link(LinkKind::Invitation, id), link(LinkKind::Invitation, Uuid::now_v7()));
    }
}
