mod garbage;
mod people;
mod there_and_back;

use std::collections::BTreeMap;

use rust_xlsxwriter::Workbook;

use super::*;
use crate::error::Faults;

/// Sheets by name, each a list of rows.
fn book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).expect("a name");
        for (row, cells) in (0..).zip(*rows) {
            for (column, text) in (0..).zip(*cells) {
                // Figures as people have them in Excel.
                match text.parse::<f64>() {
                    Ok(number) => sheet.write_number(row, column, number).expect("a number"),
                    Err(_) => sheet.write_string(row, column, *text).expect("a text"),
                };
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn taken(bytes: &[u8]) -> Read {
    read(bytes, None, &BTreeMap::new()).unwrap_or_else(|faults| panic!("{faults}"))
}

fn refused(bytes: &[u8]) -> Faults {
    match read(bytes, None, &BTreeMap::new()) {
        Err(faults) => faults,
        Ok(read) => panic!("taken: {read:#?}"),
    }
}
