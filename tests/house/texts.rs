//! Every code that the source can answer with is written in Danish and English.

use std::collections::BTreeSet;

use maaltal::messages::{Lang, is_written};

use super::source::{none, read, root, sources};

/// Where a code stands, and in which position among the call's string literals.
const CALLS: &[(&str, &str, usize)] = &[
    ("Fault::at(", "fault", 1),
    ("Error::invalid(", "fault", 1),
    ("Error::Forbidden(", "problem", 0),
    ("Error::Conflict(", "problem", 0),
    ("Error::Unauthenticated(", "problem", 0),
    (".or_conflict(", "problem", 0),
];

/// What the floor itself answers with, outside of such calls.
const FLOOR: &[&str] = &[
    "fault-taken",
    "fault-length",
    "fault-range",
    "fault-email",
    "problem-not-found",
    "problem-malformed",
    "problem-invalid",
    "problem-stale",
    "problem-precondition-required",
    "problem-key-reused",
    "problem-too-large",
    "problem-too-slow",
    "problem-unsupported-media",
    "problem-slow-down",
    "problem-busy",
    "problem-no-database",
    "problem-unexpected",
    "problem-method-not-allowed",
    "problem-refused",
    "problem-uri-too-long",
];

/// The arguments of the call that `rest` starts in, up to its closing bracket.
fn arguments(rest: &str) -> Vec<String> {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    let mut arguments = vec![String::new()];
    for c in rest.chars() {
        let last = arguments.last_mut().expect("at least one");
        match c {
            _ if quoted => {
                last.push(c);
                quoted = escaped || c != '"';
                escaped = c == '\\' && !escaped;
                continue;
            }
            '"' => quoted = true,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                arguments.push(String::new());
                continue;
            }
            _ => {}
        }
        last.push(c);
    }
    arguments.into_iter().map(|argument| argument.trim().to_string()).collect()
}

/// A plain string literal; a variable's code stands elsewhere.
fn literal(argument: &str) -> Option<&str> {
    let inner = argument.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains(['"', '{', ' '])).then_some(inner)
}

#[test]
fn every_code_has_its_text() {
    let mut ids: BTreeSet<(String, String)> =
        FLOOR.iter().map(|id| (id.to_string(), "the floor".to_string())).collect();
    for source in sources("src") {
        for (call, kind, position) in CALLS {
            for (at, _) in source.code.match_indices(call) {
                let arguments = arguments(&source.code[at + call.len()..]);
                let code = arguments.get(*position).and_then(|argument| literal(argument));
                if let Some(code) = code {
                    ids.insert((format!("{kind}-{}", code.replace('_', "-")), source.path.clone()));
                }
            }
        }
    }
    assert!(ids.len() > FLOOR.len() + 10, "the codes are not found any more: {}", ids.len());
    let mut missing = Vec::new();
    for (id, path) in ids {
        for lang in [Lang::Da, Lang::En] {
            if !is_written(lang, &id) {
                missing.push(format!("{id} ({}) of {path}", lang.code()));
            }
        }
    }
    none(missing, "codes without a text in locales/");
}

/// The pages' templates and code name their texts by key, some of them by its beginning.
#[test]
fn every_text_of_a_page_is_written() {
    let mut written = BTreeSet::new();
    for lang in ["da", "en"] {
        let file = read(&format!("locales/{lang}/pages.ftl"));
        let keys = file.lines().filter_map(|line| line.split_once(" = "));
        written.extend(keys.map(|(key, _)| key.to_string()));
    }
    let mut named = BTreeSet::new();
    let mut missing = Vec::new();
    for (path, text) in pages() {
        for (at, _) in text.match_indices("\"page-") {
            let rest = &text[at + 1..];
            let key = rest.split('"').next().unwrap_or_default();
            let beginning = key.split('{').next().unwrap_or_default();
            let is_named = |one: &&String| {
                // `page-why` of `page-why-pupil`, and `page-{code}` of anything.
                **one == key || one.starts_with(&format!("{}-", beginning.trim_end_matches('-')))
            };
            let found: Vec<_> = written.iter().filter(is_named).cloned().collect();
            if found.is_empty() {
                missing.push(format!("{key} of {path}"));
            }
            named.extend(found);
        }
    }
    assert!(named.len() > 50, "the keys are not found any more: {}", named.len());
    none(missing, "keys without a text in locales/");
}

fn pages() -> Vec<(String, String)> {
    let folder = root().join("src/pages");
    let files = std::fs::read_dir(folder).expect("src/pages").map(|entry| {
        let path = entry.expect("an entry").path();
        (path.display().to_string(), std::fs::read_to_string(&path).unwrap_or_default())
    });
    files.collect()
}
