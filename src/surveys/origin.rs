//! Who may embed a link: origins, as browsers write them.

use std::net::Ipv6Addr;

use crate::error::Fault;

/// The origin in the one way it is kept: scheme and host in small letters, the port only where it
/// isn't the scheme's own. Anything more than these three (a path, a wildcard, a user) is refused,
/// since it goes into a header that decides who may frame the page.
pub fn read(text: &str, pointer: &str) -> Result<String, Fault> {
    parse(text).ok_or_else(|| Fault::at(pointer, "not_an_origin"))
}

fn parse(text: &str) -> Option<String> {
    if text.len() > 300 || !text.is_ascii() {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://")?;
    let own_port: u16 = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    let (host, port) = match rest.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']')?;
            let address: Ipv6Addr = address.parse().ok()?;
            let port = if after.is_empty() { None } else { Some(after.strip_prefix(':')?) };
            (format!("[{address}]"), port)
        }
        None => match rest.split_once(':') {
            Some((host, port)) => (named(host)?, Some(port)),
            None => (named(rest)?, None),
        },
    };
    let port = match port {
        None => own_port,
        // Digits only: `+80` is read as a number, and is no port.
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
        Some(_) => return None,
    };
    match port {
        0 => None,
        port if port == own_port => Some(format!("{scheme}://{host}")),
        port => Some(format!("{scheme}://{host}:{port}")),
    }
}

fn named(host: &str) -> Option<String> {
    let label = |label: &str| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(fits)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (host.len() <= 253 && host.split('.').all(label)).then(|| host.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for (text, kept) in [
            ("https://www.hjoerring-gymnasium.dk", "https://www.hjoerring-gymnasium.dk"),
            ("HTTPS://Laering.AAU.dk:443", "https://laering.aau.dk"),
            ("http://localhost:8000", "http://localhost:8000"),
            ("https://xn--lring-fra.dk:8443", "https://xn--lring-fra.dk:8443"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(parse(text).as_deref(), Some(kept), "{text}");
        }
    }

    #[test]
    fn anything_more_is_refused() {
        for text in [
            "",
            "*",
            "www.aau.dk",
            "https://",
            "https://*.aau.dk",
            "https://aau.dk/",
            "https://aau.dk/stem",
            "https://aau.dk?x",
            "https://aau.dk#x",
            "https://user@aau.dk",
            "https://aau.dk:0",
            "https://aau.dk:+80",
            "https://aau.dk:99999",
            "https://aau.dk:",
            "https://aau.dk; script-src *",
            "https://aau.dk https://region.dk",
            "https://-aau.dk",
            "https://aau..dk",
            "https://læring.dk",
            "ftp://aau.dk",
            "javascript:alert(1)",
            "null",
            "https://[::1",
            "https://[::1]x",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
