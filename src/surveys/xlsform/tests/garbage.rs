//! Whatever is sent, it is taken or refused: nothing panics, and nothing fills the memory.

use std::io::Write;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::surveys::fixture::{self, Random};

#[test]
fn a_mutated_workbook_is_taken_or_refused() {
    let whole = write(&fixture::read(fixture::teachers()), "undervisere", "1").expect("a workbook");
    for seed in 0..100 {
        let random = &mut Random::new(seed);
        let mut bytes = whole.clone();
        for _ in 0..1 + random.below(20) {
            let at = random.below(bytes.len());
            bytes[at] = random.below(256) as u8;
        }
        bytes.truncate(bytes.len() - random.below(2) * random.below(bytes.len()));
        let _ = read(&bytes, None, &BTreeMap::new());
    }
}

/// The parts unpacked, changed, and packed again: so that the change comes through to the reader.
#[test]
fn a_workbook_with_changed_parts_is_taken_or_refused() {
    let whole = write(&fixture::read(fixture::teachers()), "undervisere", "1").expect("a workbook");
    let parts = parts(&whole);
    for seed in 0..200 {
        let random = &mut Random::new(seed);
        let chosen = random.below(parts.len());
        let mut parts = parts.clone();
        let content = &mut parts[chosen].1;
        for _ in 0..1 + random.below(6) {
            let at = random.below(content.len());
            let end = (at + random.below(30)).min(content.len());
            match random.below(4) {
                0 => drop(content.drain(at..end)),
                1 => content[at] = b"<>&\"'/=0A9\0\xff"[random.below(12)],
                2 => drop(content.splice(at..at, *b"99999999999")),
                _ => {
                    let copied: Vec<u8> = content[at..end].to_vec();
                    let to = random.below(content.len());
                    drop(content.splice(to..to, copied));
                }
            }
            if content.is_empty() {
                content.push(b'<');
            }
        }
        let _ = read(&packed(&parts), None, &BTreeMap::new());
    }
}

#[test]
fn cells_of_any_content_are_taken_or_refused() {
    const WORDS: &[&str] = &[
        "",
        "begin_group",
        "end_group",
        "begin_repeat",
        "select_one g",
        "select_multiple g",
        "note",
        "integer",
        "decimal",
        "range",
        "text",
        "a",
        "${a}",
        "${a} = 'x'",
        "not(",
        "((((",
        "1e999",
        "-",
        "selected(${a}, 'x')",
        ". > 0",
        "start=1 end=x",
        "table-list",
        "yes",
        "maaltal-intro",
        "label",
        "æ'\"",
        "=1",
        "${a} = '' and not(${b} != \"y\" or false())",
    ];
    for seed in 0..300 {
        let random = &mut Random::new(seed);
        let cells: Vec<Vec<&str>> = (0..1 + random.below(12))
            .map(|_| (0..10).map(|_| WORDS[random.below(WORDS.len())]).collect())
            .collect();
        let head: &[&str] = &[
            "type",
            "name",
            "label",
            "hint",
            "required",
            "relevant",
            "constraint",
            "appearance",
            "parameters",
            "maaltal_decimals",
        ];
        let rows: Vec<&[&str]> =
            std::iter::once(head).chain(cells.iter().map(Vec::as_slice)).collect();
        let choices: &[&[&str]] =
            &[&["list_name", "name", "label"], &["g", "x", "X"], &["g", "y", "Y"]];
        let bytes = book(&[("survey", &rows), ("choices", choices)]);
        let _ = read(&bytes, None, &BTreeMap::new());
    }
}

#[test]
fn brackets_without_end_are_refused() {
    let deep = format!("{}${{a}} = 'x'{}", "(".repeat(3_000), ")".repeat(3_000));
    let nots = format!("{}${{a}} = 'x'{}", "not(".repeat(3_000), ")".repeat(3_000));
    for text in [&deep, &nots] {
        assert!(super::super::expression::parse(text).is_err());
    }
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let mut parts =
        parts(&write(&fixture::read(fixture::teachers()), "x", "1").expect("a workbook"));
    parts.push(("xl/media/bomb.bin".to_string(), vec![0; 20 << 20]));
    let bomb = packed(&parts);
    assert!(bomb.len() < 100_000);
    assert_eq!(codes(&refused(&bomb)), ["xlsform_too_large"]);
    assert_eq!(codes(&refused(b"PK\x03\x04")), ["xlsform_unreadable"]);
    assert_eq!(codes(&refused(b"type;name;label")), ["xlsform_unreadable"]);
    assert_eq!(codes(&refused(b"")), ["xlsform_unreadable"]);
}

/// As a whole such a sheet would take 17 thousand million cells.
#[test]
fn a_cell_at_the_far_end_of_a_sheet_takes_no_room() {
    let mut far = Workbook::new();
    let sheet = far.add_worksheet();
    sheet.set_name("survey").expect("a name");
    sheet.write_string(0, 0, "type").expect("a cell");
    sheet.write_string(1_048_575, 16_383, "x").expect("a cell");
    let bytes = far.save_to_buffer().expect("a workbook");
    assert_eq!(codes(&refused(&bytes)), ["xlsform_too_many_cells"]);
}

fn codes(faults: &Faults) -> Vec<&str> {
    faults.0.iter().map(|fault| &*fault.code).collect()
}

type Part = (String, Vec<u8>);

fn parts(bytes: &[u8]) -> Vec<Part> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).expect("a part");
            let mut content = Vec::new();
            std::io::copy(&mut part, &mut content).expect("its content");
            (part.name().expect("a name").into_owned(), content)
        })
        .collect()
}

fn packed(parts: &[Part]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).expect("a part");
        writer.write_all(content).expect("its content");
    }
    writer.finish().expect("an archive").into_inner()
}
