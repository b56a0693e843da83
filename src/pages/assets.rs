//! What a page loads beside its HTML: a style that stands within it, allowed by its hash, and one
//! script at an address that changes with what it says.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// As it is sent: without indentation and without lines of comment.
fn squeezed(source: &str, comment: &str) -> String {
    let lines = source.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(comment));
    lines.collect::<Vec<_>>().join("\n")
}

pub static STYLE: LazyLock<String> = LazyLock::new(|| squeezed(include_str!("style.css"), "/*"));

/// For a Content-Security-Policy.
pub static STYLE_HASH: LazyLock<String> =
    LazyLock::new(|| STANDARD.encode(Sha256::digest(STYLE.as_bytes())));

pub static SCRIPT: LazyLock<String> = LazyLock::new(|| squeezed(include_str!("answer.js"), "//"));

/// Beside the pages, relative to them.
pub static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| {
    let hash = Sha256::digest(SCRIPT.as_bytes());
    format!("_/{}.js", URL_SAFE_NO_PAD.encode(&hash[..9]))
});

pub static EMBED: LazyLock<String> = LazyLock::new(|| squeezed(include_str!("embed.js"), "//"));
