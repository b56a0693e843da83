//! What a password must be, and how it is kept: argon2id, as a PHC string.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use super::secret::Secret;
use crate::error::{Error, Fault, Result};

const SHORTEST: usize = 15;
const LONGEST: usize = 256;
/// So often must one have chosen, where a straight run is one choice.
const FEWEST_CHOICES: usize = 8;
/// So many letters and digits must be left without known words; two years are not enough.
const FEWEST_LEFT: usize = 10;

/// Rows that fingers follow, forwards and backwards.
const ROWS: &[&str] = &[
    "12345678901234567890",
    "abcdefghijklmnopqrstuvwxyzæøå",
    "qwertyuiopå",
    "asdfghjklæø",
    "zxcvbnm",
];

static KNOWN_BAD: LazyLock<Vec<String>> = LazyLock::new(|| {
    let lines = include_str!("known_bad.txt").lines();
    let words = lines.filter(|line| !line.starts_with('#')).map(folded);
    longest_first(words.filter(|word| !word.is_empty()).collect())
});

/// Of a password that nobody knows: an unknown account is verified against it.
static NOBODYS: LazyLock<String> = LazyLock::new(|| {
    let secret = super::token::random();
    secret.and_then(|secret| hash(&secret)).unwrap_or_default()
});

/// What about the password is too easy to guess, for whoever has that mail and name. There are no
/// rules of composition: length and being one's own is what makes a password strong.
pub fn check(password: &Secret, mail: &str, name: &str) -> Result<(), Fault> {
    let at = |code: &'static str| Err(Fault::at("/password", code));
    let text = password.expose();
    if !(SHORTEST..=LONGEST).contains(&text.chars().count()) {
        return Err(Fault::at("/password", "length").with("min", SHORTEST).with("max", LONGEST));
    }
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    if repeats(&letters) {
        return at("password_repeats");
    }
    if choices(&letters) < FEWEST_CHOICES {
        return at("password_in_a_row");
    }
    let text = folded(text);
    if is_made_of(&text, &own_words(mail, name)) {
        return at("password_own_name");
    }
    if is_made_of(&text, &KNOWN_BAD) {
        return at("password_known");
    }
    Ok(())
}

/// One short unit over and over: as good as the unit alone.
fn repeats(letters: &[char]) -> bool {
    let longest = (letters.len() / 2).min(SHORTEST - 1);
    (1..=longest).any(|unit| letters.iter().zip(&letters[unit..]).all(|(one, next)| one == next))
}

/// How often one had to choose: a straight run of three or more, or one letter held down, is a
/// single choice.
fn choices(letters: &[char]) -> usize {
    let mut choices = 0;
    let mut rest = letters;
    while !rest.is_empty() {
        let longest = ROWS.iter().map(|row| run(rest, row)).chain([held(rest)]).max().unwrap_or(1);
        rest = &rest[if longest >= 3 { longest } else { 1 }..];
        choices += 1;
    }
    choices
}

/// How many letters from the start follow the row, forwards or backwards.
fn run(letters: &[char], row: &str) -> usize {
    let forwards: Vec<char> = row.chars().collect();
    let backwards: Vec<char> = row.chars().rev().collect();
    let longest = |row: &[char]| {
        let follow = |from: usize| {
            letters.iter().zip(&row[from..]).take_while(|(letter, next)| letter == next).count()
        };
        (0..row.len()).map(follow).max().unwrap_or(0)
    };
    longest(&forwards).max(longest(&backwards))
}

fn held(letters: &[char]) -> usize {
    letters.iter().take_while(|&letter| Some(letter) == letters.first()).count()
}

/// Whether little but padding is left without these words.
fn is_made_of(text: &str, words: &[String]) -> bool {
    let mut rest = text.to_string();
    for word in words {
        rest = rest.replace(word.as_str(), " ");
    }
    let left = rest.chars().filter(|c| *c != ' ').count();
    rest != text && left < FEWEST_LEFT
}

/// The parts of mail address and name that are long enough to mean somebody, and the service.
fn own_words(mail: &str, name: &str) -> Vec<String> {
    let parts = format!("{mail} {name}");
    let parts = parts.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() >= 3);
    let whole = [mail, name, mail.split('@').next().unwrap_or_default(), "maaltal", "måltal"];
    let words = parts.chain(whole).map(folded).filter(|word| word.chars().count() >= 3);
    longest_first(words.collect())
}

/// In small letters, the usual stand-ins read as letters, without spaces and signs.
fn folded(text: &str) -> String {
    let letter = |c: char| match c {
        '@' => 'a',
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '$' => 's',
        other => other,
    };
    text.to_lowercase().chars().map(letter).filter(|c| c.is_alphanumeric()).collect()
}

/// So that `password` goes before `pass`.
fn longest_first(mut words: Vec<String>) -> Vec<String> {
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words
}

fn argon2id() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(Error::unexpected)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The PHC string to keep. Takes tens of milliseconds: in the service only [`super::hasher`]
/// calls it.
pub fn hash(password: &Secret) -> Result<String> {
    let hash = argon2id()?.hash_password(password.expose().as_bytes());
    hash.map(|hash| hash.to_string()).map_err(Error::unexpected)
}

/// Whether it is the password. Where there is none to compare with, it takes as long to say no.
pub fn verify(password: &Secret, hash: Option<&str>) -> Result<bool> {
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(&NOBODYS)) else {
        return Err(Error::unexpected("a kept password hash can't be read"));
    };
    let same = argon2id()?.verify_password(password.expose().as_bytes(), &parsed).is_ok();
    Ok(same && hash.is_some())
}

/// Makes what the first look at an unknown account would have to wait for.
pub fn warm_up() {
    LazyLock::force(&NOBODYS);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(password: &str) -> Option<String> {
        let check = check(&Secret::new(password), "mette.kirk@labstem.dk", "Mette Kirkegaard");
        check.err().map(|fault| fault.code.to_string())
    }

    #[test]
    fn long_and_one_s_own_is_enough() {
        for good in [
            "fjorten krabber på dækket",
            "uden-tal-eller-store-bogstaver",
            "mette spiser blå gulerødder",
            "kXw8vR2nTq5mZbY",
            "e7f3a90bd41c52688f0e",
            "ingen ved hvad fjorden gemmer",
            "Ørkenrotten drak kaffe 17",
            "skolens tage dryppede på Frederik",
        ] {
            assert_eq!(refusal(good), None, "{good}");
        }
    }

    #[test]
    fn what_is_quickly_guessed_is_refused() {
        for (bad, code) in [
            ("kort", "length"),
            ("fjortentegn123", "length"),
            ("aaaaaaaaaaaaaaaa", "password_repeats"),
            ("abcabcabcabcabcabc", "password_repeats"),
            ("passwordpassword", "password_repeats"),
            ("Krabbe7Krabbe7Krabbe7", "password_repeats"),
            ("123456789012345", "password_in_a_row"),
            ("987654321098765", "password_in_a_row"),
            ("abcdefghijklmno", "password_in_a_row"),
            ("qwertyuiopasdfghjkl", "password_in_a_row"),
            ("qwertyuiop12345!", "password_in_a_row"),
            ("aaaaabbbbbccccc", "password_in_a_row"),
            ("mettekirkegaard2024", "password_own_name"),
            ("Mette.Kirk@labstem.dk", "password_own_name"),
            ("maaltal-maaltal-24!", "password_own_name"),
            ("Password-2024-2025", "password_known"),
            ("P@ssw0rd!P@ssw0rd1", "password_known"),
            ("adgangskode#2024!", "password_known"),
            ("Sommer2024Danmark", "password_known"),
            ("correct horse battery staple", "password_known"),
            ("1qaz2wsx3edc4rfv", "password_known"),
        ] {
            assert_eq!(refusal(bad).as_deref(), Some(code), "{bad}");
        }
        assert_eq!(refusal(&"kø".repeat(129)).as_deref(), Some("length"));
    }

    #[test]
    fn a_password_is_known_by_its_hash_only() {
        let password = Secret::new("fjorten krabber på dækket");
        let kept = hash(&password).expect("a hash");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify(&password, Some(&kept)).expect("an answer"));
        assert!(!verify(&Secret::new("fjorten krabber"), Some(&kept)).expect("an answer"));
        assert!(!verify(&password, None).expect("an answer"));
        assert!(verify(&password, Some("no hash")).is_err());
    }
}
