//! The columns of a file, by their English and Danish names and in any order.

use csv::StringRecord;

use super::row::yes_or_no;
use crate::csv_text::unharm;
use crate::error::Fault;

/// A column that a kind of file may have.
#[derive(Debug)]
pub struct Column {
    /// What it is called, and what a file may call it besides.
    pub name: &'static str,
    pub others: &'static [&'static str],
    /// What is wrong at this pointer, or below it, is wrong in this column.
    pub pointer: &'static str,
    /// The file must have it.
    pub needed: bool,
}

impl Column {
    pub const fn new(
        name: &'static str,
        others: &'static [&'static str],
        pointer: &'static str,
        needed: bool,
    ) -> Column {
        Column { name, others, pointer, needed }
    }

    /// The first name besides the English one that is no English word itself.
    pub fn danish(&self) -> &'static str {
        const ENGLISH: &[&str] = &["code", "number", "role", "participant_role", "date", "value"];
        let danish = self.others.iter().find(|name| !ENGLISH.contains(name));
        danish.copied().unwrap_or(self.name)
    }
}

/// The column that tells what is wrong with a row.
pub const ERROR: &str = "error";

/// The column that tells a row of a template: without anything filled in it says nothing, while a
/// row that somebody made and that lacks its figure is a slip.
pub const TEMPLATE: Column = Column::new("template", &["skabelon"], "/template", false);

/// Which cell of a row is which column.
#[derive(Debug)]
pub struct Header {
    columns: &'static [Column],
    places: Vec<(&'static str, usize)>,
    names: Vec<String>,
}

impl Header {
    /// Or all that is wrong with it: the name that is meant, and a fault. What an export, or a file
    /// that came back with errors, has besides is passed over.
    pub fn read(
        columns: &'static [Column],
        passed_over: &[&str],
        header: &StringRecord,
    ) -> Result<Header, Vec<(String, Fault)>> {
        let mut faults = Vec::new();
        let mut places: Vec<(&str, usize)> = Vec::new();
        let names: Vec<String> = header.iter().map(|name| name.trim().to_string()).collect();
        for (index, name) in names.iter().enumerate() {
            let word = unharm(name).trim().to_lowercase().replace([' ', '-'], "_");
            let word = word.as_str();
            let found = columns.iter().find(|one| one.name == word || one.others.contains(&word));
            match found {
                Some(column) if places.iter().any(|(other, _)| *other == column.name) => {
                    faults.push((name.clone(), Fault::at("", "column_twice").with("value", name)));
                }
                Some(column) => places.push((column.name, index)),
                None if word == ERROR || word == "programme" || passed_over.contains(&word) => {}
                None => {
                    let fault = Fault::at("", "unknown_column").with("value", name);
                    faults.push((name.clone(), fault));
                }
            }
        }
        let header = Header { columns, places, names };
        for column in columns.iter().filter(|column| column.needed && !header.has(column.name)) {
            faults.push((column.name.to_string(), Fault::at("", "column_missing")));
        }
        if faults.is_empty() { Ok(header) } else { Err(faults) }
    }

    pub fn width(&self) -> usize {
        self.names.len()
    }

    pub fn has(&self, column: &str) -> bool {
        self.place(column).is_some()
    }

    fn place(&self, column: &str) -> Option<usize> {
        self.places.iter().find(|(one, _)| *one == column).map(|(_, place)| *place)
    }

    /// As the file calls it, or in English where it has no such column.
    pub fn name(&self, column: &str) -> String {
        let written = self.place(column).and_then(|place| self.names.get(place)).cloned();
        written.unwrap_or_else(|| column.to_string())
    }

    /// What stands in a cell; none where it is empty.
    pub fn cell<'a>(&self, cells: &'a StringRecord, column: &str) -> Option<&'a str> {
        let text = cells.get(self.place(column)?)?;
        Some(unharm(text.trim()).trim()).filter(|text| !text.is_empty())
    }

    /// Whether it is a row of a template in which nobody filled in any of those columns.
    pub fn is_unfilled(&self, cells: &StringRecord, filled_in: &[&str]) -> bool {
        let of_template = self.cell(cells, TEMPLATE.name).and_then(yes_or_no) == Some(true);
        of_template
            && !filled_in.is_empty()
            && filled_in.iter().all(|column| self.cell(cells, column).is_none())
    }

    /// Where what is wrong in a column is wrong in what is made of the row.
    pub fn pointer(&self, column: &str) -> &'static str {
        let found = self.columns.iter().find(|one| one.name == column);
        found.map_or("", |column| column.pointer)
    }

    /// The column that a pointer means.
    pub fn column(&self, pointer: &str) -> Option<&'static str> {
        let within = |column: &&Column| {
            let rest = pointer.strip_prefix(column.pointer);
            !column.pointer.is_empty()
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let found = self.columns.iter().filter(within).max_by_key(|column| column.pointer.len());
        found.map(|column| column.name)
    }

    /// Whether the row has as many cells as the header: otherwise it can't be told which is which,
    /// and a file that was cut ends like that.
    pub fn check_width(&self, cells: &StringRecord) -> Result<(), Fault> {
        let excess = cells.iter().skip(self.width()).any(|cell| !cell.trim().is_empty());
        if cells.len() < self.width() || excess {
            let fault = Fault::at("", "cells").with("expected", self.width());
            return Err(fault.with("found", cells.len()));
        }
        Ok(())
    }
}
