//! The source as these tests read it.

use std::path::{Path, PathBuf};

/// One file, by its path from the root, with its code and its comments apart.
pub struct Source {
    pub path: String,
    pub text: String,
    /// Without comments, and without the unit tests at the end.
    pub code: String,
}

impl Source {
    /// The slice or floor folder that it lies in: `programmes` for `src/programmes/codes.rs`.
    pub fn module(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inside.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    pub fn file(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    pub fn has(&self, word: &str) -> bool {
        self.code.lines().any(|line| has_word(line, word))
    }
}

/// Whether the word stands in the line, and not as a part of a longer one.
pub fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let starts = !word.starts_with(part) || !before.is_some_and(part);
        let ends = !word.ends_with(part) || !after.is_some_and(part);
        starts && ends
    })
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &str) -> String {
    let full = root().join(path);
    std::fs::read_to_string(&full).unwrap_or_else(|error| panic!("{}: {error}", full.display()))
}

/// All Rust files below a folder.
pub fn sources(folder: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    collect(&root().join(folder), &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "no source in {folder}");
    paths
        .into_iter()
        .map(|path| {
            let relative = path.strip_prefix(root()).expect("below the root");
            let path = relative.to_str().expect("UTF-8").to_string();
            let text = read(&path);
            let code = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or(&text);
            let code = code.lines().map(without_comment).collect::<Vec<_>>().join("\n");
            Source { path, text, code }
        })
        .collect()
}

fn without_comment(line: &str) -> &str {
    // `//` in an address within a string is no comment.
    match line.find("//") {
        Some(at) if !line[..at].ends_with(':') => line[..at].trim_end(),
        _ => line,
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// Fails with all findings at once.
pub fn none(findings: Vec<String>, rule: &str) {
    assert!(findings.is_empty(), "{rule}:\n  {}", findings.join("\n  "));
}
