//! The columns of a file of counts, by their Danish and English names, and what their cells say.

use csv::StringRecord;

use super::Counting;
use super::csv_in::Sheet;
use crate::csv_text::unharm;
use crate::error::Fault;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    Project,
    Activity,
    Organisation,
    Period,
    PeriodStart,
    PeriodEnd,
    Role,
    EducationLevel,
    Counting,
    Participants,
    Women,
    Men,
    OtherGender,
    Note,
    SoFar,
}

/// Each column with its names, the English one first.
const COLUMNS: &[(Column, &[&str])] = &[
    (Column::Project, &["project", "projekt"]),
    (Column::Activity, &["activity", "aktivitet"]),
    (Column::Organisation, &["organisation"]),
    (Column::Period, &["period", "periode"]),
    (Column::PeriodStart, &["period_start", "periode_start"]),
    (Column::PeriodEnd, &["period_end", "periode_slut"]),
    (Column::Role, &["participant_role", "role", "deltagerrolle", "rolle"]),
    (Column::EducationLevel, &["education_level", "uddannelsesniveau"]),
    (Column::Counting, &["counting", "tælling"]),
    (Column::Participants, &["participants", "deltagere", "antal"]),
    (Column::Women, &["women", "kvinder"]),
    (Column::Men, &["men", "mænd"]),
    (Column::OtherGender, &["other_gender", "andet_køn"]),
    (Column::Note, &["note", "bemærkning"]),
    (Column::SoFar, &["so_far", "indtil_nu"]),
];

/// What an export, or a file that came back with errors, has besides.
const IGNORED: &[&str] = &["programme", "count_id", "recorded_at", ERROR];

/// The column that tells what is wrong with a row.
pub const ERROR: &str = "error";

const NEEDED: [Column; 4] = [Column::Project, Column::Role, Column::Counting, Column::Participants];

/// Which cell of a row is which column.
#[derive(Debug)]
pub struct Header {
    places: Vec<(Column, usize)>,
    names: Vec<String>,
}

impl Header {
    /// Or all that is wrong with it: the name that is meant, and a fault.
    pub fn read(sheet: &Sheet) -> Result<Header, Vec<(String, Fault)>> {
        let mut faults = Vec::new();
        let mut places: Vec<(Column, usize)> = Vec::new();
        let names: Vec<String> = sheet.header.iter().map(|name| name.trim().to_string()).collect();
        for (index, name) in names.iter().enumerate() {
            let word = unharm(name).trim().to_lowercase().replace([' ', '-'], "_");
            let found = COLUMNS.iter().find(|(_, words)| words.contains(&word.as_str()));
            match found {
                Some((column, _)) if places.iter().any(|(other, _)| other == column) => {
                    faults.push((name.clone(), Fault::at("", "column_twice").with("value", name)));
                }
                Some((column, _)) => places.push((*column, index)),
                None if IGNORED.contains(&word.as_str()) => {}
                None => {
                    let fault = Fault::at("", "unknown_column").with("value", name);
                    faults.push((name.clone(), fault));
                }
            }
        }
        let header = Header { places, names };
        for column in NEEDED {
            if header.place(column).is_none() {
                faults.push((header.name(column), Fault::at("", "column_missing")));
            }
        }
        if header.place(Column::Period).is_none() && header.place(Column::PeriodEnd).is_none() {
            faults.push((header.name(Column::Period), Fault::at("", "column_missing")));
        }
        if faults.is_empty() { Ok(header) } else { Err(faults) }
    }

    pub fn width(&self) -> usize {
        self.names.len()
    }

    fn place(&self, column: Column) -> Option<usize> {
        self.places.iter().find(|(one, _)| *one == column).map(|(_, place)| *place)
    }

    /// As the file calls it, or in English where it has no such column.
    pub fn name(&self, column: Column) -> String {
        let written = self.place(column).and_then(|place| self.names.get(place)).cloned();
        let english = || COLUMNS.iter().find(|(one, _)| *one == column)?.1.first();
        written.or_else(|| english().map(ToString::to_string)).unwrap_or_default()
    }

    /// What stands in a cell; none where it is empty.
    pub fn cell<'a>(&self, cells: &'a StringRecord, column: Column) -> Option<&'a str> {
        let text = cells.get(self.place(column)?)?;
        Some(unharm(text.trim()).trim()).filter(|text| !text.is_empty())
    }

    /// The column that a pointer into a count means.
    pub fn column(&self, pointer: &str, cells: &StringRecord) -> Option<Column> {
        let by_days = || self.cell(cells, Column::Period).is_none();
        Some(match pointer {
            "/project" => Column::Project,
            "/activity" => Column::Activity,
            "/organisation" => Column::Organisation,
            "/period/start" if by_days() => Column::PeriodStart,
            "/period/end" if by_days() => Column::PeriodEnd,
            "/period" if by_days() && self.place(Column::PeriodStart).is_some() => {
                Column::PeriodStart
            }
            pointer if pointer.starts_with("/period") => Column::Period,
            "/role" => Column::Role,
            "/education_level" => Column::EducationLevel,
            "/counting" => Column::Counting,
            "/participants" => Column::Participants,
            "/women" => Column::Women,
            "/men" => Column::Men,
            "/other_gender" => Column::OtherGender,
            "/note" => Column::Note,
            "/so_far" => Column::SoFar,
            _ => return None,
        })
    }
}

/// A whole number, as a spreadsheet may have written it: `540`, `540,0`. A mark before three
/// digits could be either language's thousands, and is refused.
pub fn figure(text: &str, decimal_mark: char) -> Option<i64> {
    let (whole, rest) = text.split_once(decimal_mark).unwrap_or((text, "0"));
    if !matches!(rest, "0" | "00") {
        return None;
    }
    whole.parse().ok()
}

pub fn counting(text: &str) -> Option<Counting> {
    match text.to_lowercase().as_str() {
        "unique" | "unikke" | "unikke deltagere" | "unique participants" => Some(Counting::Unique),
        "attendances" | "deltagelser" => Some(Counting::Attendances),
        _ => None,
    }
}

pub fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "ja" | "true" | "sand" | "x" | "1" => Some(true),
        "no" | "nej" | "false" | "falsk" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::participation::csv_in;

    #[test]
    fn columns_in_danish_and_in_any_order() {
        let sheet = csv_in::read(
            "Antal;Tælling;Rolle;Periode;Projekt;Andet køn;count_id\n300;unikke;Elev;2022;kram;;7"
                .as_bytes(),
        )
        .expect("a sheet");
        let header = Header::read(&sheet).expect("a header");
        let cells = &sheet.records.first().expect("a row").cells;
        assert_eq!(header.cell(cells, Column::Project), Some("kram"));
        assert_eq!(header.cell(cells, Column::Participants), Some("300"));
        assert_eq!(header.cell(cells, Column::OtherGender), None);
        assert_eq!(header.cell(cells, Column::Women), None);
        assert_eq!(header.name(Column::Participants), "Antal");
        assert_eq!(header.name(Column::Women), "women");
    }

    #[test]
    fn all_that_is_wrong_with_a_header_is_told() {
        let sheet =
            csv_in::read(b"project,antal,participants,skole\nkram,1,1,1\n").expect("a sheet");
        let faults = Header::read(&sheet).expect_err("faults");
        let told: Vec<(&str, &str)> =
            faults.iter().map(|(name, fault)| (name.as_str(), &*fault.code)).collect();
        assert_eq!(
            told,
            [
                ("participants", "column_twice"),
                ("skole", "unknown_column"),
                ("participant_role", "column_missing"),
                ("counting", "column_missing"),
                ("period", "column_missing"),
            ]
        );
    }

    #[test]
    fn figures_are_whole() {
        assert_eq!(figure("540", ','), Some(540));
        assert_eq!(figure("540,0", ','), Some(540));
        assert_eq!(figure("540.00", '.'), Some(540));
        for text in ["1.265", "1,265", "540,5", "", "ca. 540", "1 265"] {
            assert_eq!(figure(text, ','), None, "{text}");
        }
        assert_eq!(figure("540,0", '.'), None);
    }
}
