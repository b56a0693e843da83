//! Tokens of links and codes for one answer each, as people read and type them.

use crate::error::{Error, Result};

/// Nothing in it is taken for something else: no 0 and O, no 1 and I. 5 bits each.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// 50 bits: at a hundred guesses a second among ten thousand links, a hit takes 35 years.
const TOKEN: usize = 10;

/// 40 bits; who guesses must guess at one link, and is slowed down there.
const CODE: usize = 8;

const CLASS_TOKEN: usize = 16;

pub fn new_token() -> Result<String> {
    random::<TOKEN>()
}

/// 80 bits: what it opens is looked up at every guess.
pub fn new_class_token() -> Result<String> {
    random::<CLASS_TOKEN>()
}

pub fn new_code() -> Result<String> {
    random::<CODE>()
}

fn random<const N: usize>() -> Result<String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Error::unexpected)?;
    // 256 is a multiple of 32: every letter is as likely as the others.
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

/// A token as it was typed, in the way it is kept; none where it can't be one.
pub fn read_token(typed: &str) -> Option<String> {
    read(typed, TOKEN)
}

/// The token of a class page; none where it can't be one. Those of links that were there before
/// class pages were have other letters, and are longer.
pub fn read_class_token(typed: &str) -> Option<String> {
    let fits = (CLASS_TOKEN..=2 * CLASS_TOKEN).contains(&typed.len())
        && typed.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then(|| typed.to_ascii_uppercase())
}

/// A code as it was typed, with the spaces and dashes that a person puts in.
pub fn read_code(typed: &str) -> Option<String> {
    read(typed, CODE)
}

fn read(typed: &str, length: usize) -> Option<String> {
    // Nobody types more than that, and what is longer need not be gone through.
    if typed.len() > 4 * length {
        return None;
    }
    let text: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let fits = text.len() == length && text.bytes().all(|byte| LETTERS.contains(&byte));
    fits.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_as_people_type_them() {
        let token = new_token().expect("randomness");
        assert_eq!(token.len(), 10);
        assert_eq!(read_token(&token).as_ref(), Some(&token));
        let typed = format!(" {}-{}", &token[..5].to_lowercase(), &token[5..]);
        assert_eq!(read_token(&typed).as_ref(), Some(&token));
        assert_eq!(read_token("ABCDEFGHJ0"), None);
        assert_eq!(read_token("ABC"), None);
        assert_eq!(read_token(&"A".repeat(1_000)), None);
        assert_eq!(read_token("ÆBCDEFGHJK"), None);
    }
}
