//! Who may know whom. DESIGN.md, section 3, tells why.

use super::source::{Source, has_word, none, root, sources};

/// From the bottom up; who stands on the same step may not see each other either.
const STEPS: &[&[&str]] = &[
    &["store"],
    &["audit"],
    &["accounts"],
    &["programmes"],
    &["projects"],
    &["participation"],
    // Holds who answered against who took part.
    &["surveys"],
    &["indicators"],
    &["imports"],
    &["progress_reports"],
    &["reports"],
    &["pages"],
];

/// The thin floor under every slice, and what stands above all of them.
const FLOOR: &[&str] = &[
    "clock",
    "csv_text",
    "ids",
    "error",
    "messages",
    "mail",
    "versioned",
    "once",
    "paging",
    "http",
    "problem",
    "quantity",
    "shape",
    "sheets",
];
const ROOF: &[&str] =
    &["app", "cli", "config", "demo", "health", "lib", "main", "telemetry", "transfer"];

fn step(module: &str) -> Option<usize> {
    STEPS.iter().position(|step| step.contains(&module))
}

/// Domain files of the slices: everything but the HTTP face and the pages.
fn is_domain(source: &Source) -> bool {
    step(source.module()).is_some() && !is_face(source)
}

fn is_face(source: &Source) -> bool {
    source.file() == "routes.rs"
        || source.path.contains("/routes/")
        || source.path.starts_with("src/pages/")
}

fn is_rows(source: &Source) -> bool {
    source.file() == "rows.rs" || source.path.contains("/rows/")
}

fn findings(applies: impl Fn(&Source) -> bool, words: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources("src").iter().filter(|source| applies(source)) {
        let found = words.iter().filter(|word| source.has(word));
        findings.extend(found.map(|word| format!("{} has `{word}`", source.path)));
    }
    findings
}

#[test]
fn every_module_has_its_place() {
    let unknown = sources("src")
        .iter()
        .map(|source| source.module().to_string())
        .filter(|module| step(module).is_none())
        .filter(|module| !FLOOR.contains(&module.as_str()) && !ROOF.contains(&module.as_str()))
        .collect();
    none(unknown, "modules that tests/house/arrows.rs has no place for");
}

#[test]
fn the_domain_knows_no_web() {
    none(
        findings(is_domain, &["actix_web", "crate::http", "StatusCode"]),
        "the domain is HTTP-free",
    );
}

#[test]
fn the_faces_know_no_queries() {
    none(
        findings(is_face, &["diesel", "store::schema", "on_each"]),
        "routes and pages ask the domain",
    );
}

#[test]
fn rows_know_neither_caller_nor_status() {
    none(findings(is_rows, &["Caller", "Standing", "StatusCode", "Error"]), "rows only query");
}

#[test]
fn slices_look_down_only() {
    let mut up = Vec::new();
    for source in sources("src") {
        let Some(own) = step(source.module()) else { continue };
        for (other, names) in STEPS.iter().enumerate() {
            for name in *names {
                let allowed = other < own || *name == source.module();
                let reached = source.code.lines().any(|line| names_module(line, name));
                if reached && !allowed {
                    up.push(format!("{} looks at {name}", source.path));
                }
            }
        }
    }
    none(up, "slices look down only");
}

/// `crate::projects::…`, or `projects` in a `use crate::{…}` line.
fn names_module(line: &str, module: &str) -> bool {
    if has_word(line, &format!("crate::{module}")) {
        return true;
    }
    line.trim_start().starts_with("use crate::{") && has_word(line, module)
}

#[test]
fn the_floor_knows_no_slice() {
    let on_floor = |source: &Source| FLOOR.contains(&source.module());
    let slices: Vec<&str> = STEPS[1..].iter().flat_map(|step| step.iter().copied()).collect();
    let mut up = Vec::new();
    for source in sources("src").iter().filter(|source| on_floor(source)) {
        for slice in &slices {
            if source.code.lines().any(|line| names_module(line, slice)) {
                up.push(format!("{} looks at {slice}", source.path));
            }
        }
    }
    none(up, "the floor lies under the slices");
}

#[test]
fn only_config_reads_the_environment() {
    let elsewhere = |source: &Source| source.path != "src/config.rs";
    // The build's own settings (`env!`) are no environment.
    let words = ["std::env::var", "std::env::vars", "env::var", "env::vars", "env::var_os"];
    none(findings(elsewhere, &words), "settings are read in config.rs");
}

#[test]
fn only_the_clock_reads_the_clock() {
    let elsewhere = |source: &Source| source.path != "src/clock.rs";
    let words = ["Utc::now", "Local::now", "SystemTime", "UNIX_EPOCH", "now_utc", "UtcDateTime"];
    none(findings(elsewhere, &words), "time is handed in, from clock.rs");
    // Durations are measured with `Instant`, and only where nothing is decided by them.
    let no_trace = |source: &Source| source.path != "src/http/trace.rs";
    none(
        findings(no_trace, &["time::Instant", "Instant::now"]),
        "time is handed in, from clock.rs",
    );
    none(
        findings(elsewhere, &["CURRENT_TIMESTAMP", "now()", "datetime('now')"])
            .into_iter()
            .filter(|finding| finding.contains("CURRENT") || finding.contains("datetime("))
            .collect(),
        "the database's clock is no clock of ours",
    );
}

#[test]
fn rows_do_not_leave() {
    let mut leaving = Vec::new();
    for source in sources("src") {
        let lines: Vec<&str> = source.code.lines().collect();
        for (index, _) in lines.iter().enumerate().filter(|(_, line)| is_struct(line)) {
            // The attributes right above the struct.
            let start = lines[..index]
                .iter()
                .rposition(|line| line.trim().is_empty() || line.trim() == "}")
                .map_or(0, |at| at + 1);
            let above = lines[start..index].join(" ");
            let is_row =
                ["Queryable", "Insertable", "AsChangeset", "Selectable", "QueryableByName"]
                    .iter()
                    .any(|derive| has_word(&above, derive));
            if is_row && has_word(&above, "Serialize") {
                leaving.push(format!("{}: {}", source.path, lines[index].trim()));
            }
        }
    }
    none(leaving, "what leaves has a type of its own");
}

fn is_struct(line: &str) -> bool {
    let line = line.trim_start();
    ["struct ", "pub struct ", "pub(crate) struct ", "pub(super) struct "]
        .iter()
        .any(|start| line.starts_with(start))
}

#[test]
fn files_are_short_enough_to_read() {
    let mut long = Vec::new();
    for source in sources("src").iter().chain(&sources("tests")) {
        // One table of tables for both engines can't be two files.
        let lines = source.text.lines().count();
        if lines > 450 && source.path != "src/store/schema.rs" {
            long.push(format!("{} has {lines} lines", source.path));
        }
    }
    none(long, "a file past about 400 lines is asking to be two");
}

#[test]
fn nothing_is_left_undone() {
    let words = ["todo!", "unimplemented!", "dbg!", "TODO", "FIXME", "XXX"];
    let mut left = Vec::new();
    for source in sources("src").iter().chain(&sources("tests")) {
        if source.path == "tests/house/arrows.rs" {
            continue;
        }
        for word in words.iter().filter(|word| source.text.lines().any(|l| has_word(l, word))) {
            left.push(format!("{} has {word}", source.path));
        }
    }
    none(left, "what is not done is not written");
}

#[test]
fn both_trees_have_the_same_migrations() {
    let names = |engine: &str| {
        let folder = root().join("migrations").join(engine);
        let entries = std::fs::read_dir(folder).expect("a migration tree");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
