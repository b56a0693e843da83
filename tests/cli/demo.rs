//! `demo`, and what a newcomer takes out of it: the figures of the real projects.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::program::{Folder, failure, on, output};

type Row = HashMap<String, String>;

fn table(data: &Path, name: &str, programme: &str) -> Vec<Row> {
    let text = output(on(data, &["export", name, "--programme", programme]));
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("a table")
}

fn row<'a>(rows: &'a [Row], indicator: &str) -> &'a Row {
    let found = rows.iter().find(|row| row["indicator"] == indicator && row["row"] == "indicator");
    found.unwrap_or_else(|| panic!("no {indicator}"))
}

fn assert_row(row: &Row, expected: &[(&str, &str)]) {
    for (column, value) in expected {
        assert_eq!(row[*column], *value, "{column} of {row:?}");
    }
}

fn load() -> (Folder, std::path::PathBuf) {
    let folder = Folder::new();
    let data = folder.join("demo");
    output(on(&data, &["demo", "--load-only"]));
    (folder, data)
}

#[test]
fn the_real_figures_are_held_against_what_was_promised() {
    let (_folder, data) = load();
    let rows = table(&data, "progress", "nordjylland");
    assert_row(
        row(&rows, "labstem-nord-teacher"),
        &[
            ("project", "labstem-nord"),
            ("role", "teacher"),
            ("target", "45"),
            ("actual", "74"),
            ("percent", "164.4"),
            ("remaining", "0"),
            ("state", "exceeded"),
        ],
    );
    assert_row(
        row(&rows, "book-en-ekspert-pupil-ungdomsuddannelse"),
        &[("target", "1000"), ("actual", "540"), ("percent", "54.0"), ("state", "below")],
    );
    assert_row(
        row(&rows, "stem-cafeer-pupil-ungdomsuddannelse"),
        &[("target", "1265"), ("original_target", "1500"), ("state", "no_data")],
    );
    assert_row(
        row(&rows, "kram-pupil-stx"),
        &[
            ("education_level", "stx"),
            ("target", "448"),
            ("target_classes", "16"),
            ("actual", ""),
            ("at_broader_level", "500"),
            ("state", "no_data"),
        ],
    );
    assert_row(
        row(&rows, "kram-pupil-grundskole"),
        &[("target", "320"), ("target_classes", "16"), ("actual", "300"), ("state", "below")],
    );
    assert_row(
        row(&rows, "samarbejdsmodel-digital-companies"),
        &[("target", "1"), ("target_max", "3"), ("actual", "1"), ("state", "reached")],
    );
    // 300 + 500 + 540 + 215 pupils: the only ones that the report counts.
    assert_row(
        row(&rows, "boern-og-unge"),
        &[("project", ""), ("target", "30791"), ("actual", "1555"), ("over_activities", "true")],
    );
    let projects: std::collections::HashSet<_> =
        rows.iter().map(|row| row["project"].as_str()).collect();
    assert!(projects.contains("stroemby"), "a project without any target has its count shown");
}

#[test]
fn a_target_is_split_by_partner_school() {
    let (_folder, data) = load();
    let rows = table(&data, "progress", "midtjylland");
    let teachers = row(&rows, "bstem-1-01");
    assert_row(teachers, &[("role", "teacher"), ("target", "45"), ("activity", "1")]);
    let parts: Vec<_> = rows
        .iter()
        .filter(|row| row["indicator"] == "bstem-1-01" && row["row"] == "part")
        .map(|row| (row["organisation"].as_str(), row["target"].as_str()))
        .collect();
    assert_eq!(parts.len(), 9);
    assert!(parts.contains(&("aarhus-tech", "5")), "{parts:?}");
    assert!(parts.iter().all(|(_, target)| *target == "5"), "{parts:?}");
    let pupils: Vec<_> = rows.iter().filter(|row| row["role"] == "pupil").collect();
    assert!(pupils.iter().all(|row| row["target"] == "600"), "{pupils:?}");
    assert_eq!(pupils.len(), 2, "under two activities, and never added");
}

/// Of the 24 pupils who worked with someone outside school: 17 of the closed class, of whom 14
/// understand better, and 7 and 6 of the open class's first release. Its second is the tail.
#[test]
fn made_up_answers_say_so_and_meet_the_80_percent() {
    let (_folder, data) = load();
    let rows = table(&data, "progress", "midtjylland");
    let understand = row(&rows, "bstem-2-13");
    assert_row(
        understand,
        &[
            ("target_text", "mindst 80 %"),
            ("positive", "14"),
            ("base", "17"),
            ("missing", "0"),
            ("actual", "82.4"),
            ("actual_kind", "surveyed"),
            ("state", "exceeded"),
        ],
    );
    for (indicator, positive) in [("bstem-2-14", "9"), ("bstem-3-19", "14"), ("bstem-3-20", "18")] {
        let shown = [("positive", positive), ("base", "36"), ("state", "no_target")];
        assert_row(row(&rows, indicator), &shown);
    }
    // Four teachers of one school: there, and hidden.
    for indicator in ["bstem-1-05", "bstem-2-12"] {
        let hidden = [("state", "suppressed"), ("actual", ""), ("positive", ""), ("base", "")];
        assert_row(row(&rows, indicator), &hidden);
    }
    let surveyed: Vec<&Row> = rows.iter().filter(|row| row["actual_kind"] == "surveyed").collect();
    assert_eq!(surveyed.len(), 4);
    assert!(surveyed.iter().all(|row| row["title"].contains("opdigtede svar")), "{surveyed:?}");

    let results = table(&data, "results", "midtjylland");
    let links: std::collections::BTreeSet<&str> = results
        .iter()
        .filter(|row| row["group_kind"] == "link")
        .map(|row| row["group_label"].as_str())
        .collect();
    assert!(links.iter().all(|label| label.starts_with("Opdigtede svar: ")), "{links:?}");
    assert!(links.len() >= 2, "{links:?}");
}

#[test]
fn every_demo_looks_the_same_and_loading_again_changes_nothing() {
    let (_folder, data) = load();
    let look = |data: &Path| {
        let progress = output(on(data, &["export", "progress", "--programme", "midtjylland"]));
        // The ids of links are their own in each.
        let mut results = table(data, "results", "midtjylland");
        results.iter_mut().for_each(|row| drop(row.remove("group")));
        let mut results: Vec<String> = results
            .iter()
            .map(|row| format!("{:?}", row.iter().collect::<std::collections::BTreeMap<_, _>>()))
            .collect();
        results.sort();
        (progress, results, output(on(data, &["verify"])))
    };
    let first = look(&data);
    output(on(&data, &["demo", "--load-only"]));
    assert!(look(&data) == first, "loading again changed something");
    let (_folder, other) = load();
    let second = look(&other);
    assert_eq!(second.0, first.0);
    assert_eq!(second.1, first.1);
}

#[test]
fn what_is_exported_is_imported_again_unchanged() {
    let (folder, data) = load();
    for dialect in ["rfc4180", "dk-excel"] {
        let table = ["export", "participation", "--programme", "nordjylland", "--dialect", dialect];
        let text = output(on(&data, &table));
        let file = folder.join(dialect);
        std::fs::write(&file, text).expect("a file");
        let file = file.to_str().expect("UTF-8");
        let import = ["import", "participation", file, "--programme", "nordjylland"];
        let answer = on(&data, &import);
        let words = String::from_utf8_lossy(&answer.stderr).into_owned();
        output(answer);
        assert!(words.contains("7 rows: 0 created, 0 corrected, 7 unchanged"), "{words}");
    }
}

#[test]
fn a_file_with_errors_is_told_row_by_row_and_changes_nothing() {
    let (folder, data) = load();
    let before = output(on(&data, &["export", "participation", "--programme", "nordjylland"]));
    let file = folder.join("counts.csv");
    let text = "projekt;periode;rolle;uddannelsesniveau;tælling;deltagere\r\n\
                labstem-nord;2022;Elev;STX;unikke deltagere;120\r\n\
                labstem-nord;2022;Troldmand;STX;unikke deltagere;12\r\n\
                labstem-nord;2022;Elev;HTX;unikke deltagere;tolv\r\n";
    std::fs::write(&file, text).expect("a file");
    let import =
        ["import", "participation", file.to_str().expect("UTF-8"), "--programme", "nordjylland"];
    let answer = on(&data, &import);
    assert_eq!(answer.status.code(), Some(1));
    let errors = String::from_utf8(answer.stdout).expect("UTF-8");
    let mut lines = errors.lines();
    assert_eq!(lines.next(), Some("row,column,value,code,detail"));
    assert!(lines.next().is_some_and(|line| line.starts_with("3,rolle,Troldmand,")), "{errors}");
    assert!(lines.next().is_some_and(|line| line.starts_with("4,deltagere,tolv,")), "{errors}");
    assert_eq!(lines.next(), None);
    let after = output(on(&data, &["export", "participation", "--programme", "nordjylland"]));
    assert_eq!(after, before);
}

#[test]
fn the_records_of_a_fresh_demo_agree_with_each_other() {
    let (_folder, data) = load();
    let verdict = output(on(&data, &["verify"]));
    for chain in ["nordjylland: ", "midtjylland: ", "installation: "] {
        assert!(verdict.lines().any(|line| line.starts_with(chain)), "{verdict}");
    }
}

#[test]
fn a_demo_is_kept_until_a_fresh_one_is_asked_for() {
    let (_folder, data) = load();
    let sign_ins = || std::fs::read_to_string(data.join("sign-ins.txt")).expect("sign-ins");
    let first = sign_ins();
    for role in ["secretariat", "reader", "holder", "contributor"] {
        assert!(first.lines().any(|line| line.starts_with(role)), "{first}");
    }
    let mode = std::fs::metadata(data.join("sign-ins.txt")).expect("it").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    output(on(&data, &["demo", "--load-only"]));
    assert_eq!(sign_ins(), first);
    output(on(&data, &["demo", "--load-only", "--fresh"]));
    assert_ne!(sign_ins(), first);
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = Folder::new();
    let data = folder.join("thesis");
    std::fs::create_dir(&data).expect("a folder");
    std::fs::write(data.join("chapter-1.txt"), "years of work").expect("a file");
    failure(on(&data, &["demo", "--load-only"]), 2);
    failure(on(&data, &["demo", "--load-only", "--fresh"]), 2);
    let left: Vec<_> = std::fs::read_dir(&data).expect("it").collect();
    assert_eq!(left.len(), 1);
}
