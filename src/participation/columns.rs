//! The columns of a file of counts, by their Danish and English names.

use csv::StringRecord;

use super::Counting;
use crate::error::Fault;
use crate::sheets::{Column, Header, TEMPLATE};

pub const PROJECT: &str = "project";
pub const ACTIVITY: &str = "activity";
pub const ORGANISATION: &str = "organisation";
pub const PERIOD: &str = "period";
pub const PERIOD_START: &str = "period_start";
pub const PERIOD_END: &str = "period_end";
pub const ROLE: &str = "participant_role";
pub const EDUCATION_LEVEL: &str = "education_level";
pub const COUNTING: &str = "counting";
pub const PARTICIPANTS: &str = "participants";
pub const WOMEN: &str = "women";
pub const MEN: &str = "men";
pub const OTHER_GENDER: &str = "other_gender";
pub const NOTE: &str = "note";
pub const SO_FAR: &str = "so_far";

/// What a person fills in of a template's row.
pub const FILLED_IN: &[&str] = &[PARTICIPANTS, WOMEN, MEN, OTHER_GENDER, NOTE, SO_FAR];

pub const COLUMNS: &[Column] = &[
    Column::new(PROJECT, &["projekt"], "/project", true),
    Column::new(ACTIVITY, &["aktivitet"], "/activity", false),
    Column::new(ORGANISATION, &[], "/organisation", false),
    Column::new(PERIOD, &["periode"], "/period", false),
    Column::new(PERIOD_START, &["periode_start"], "/period/start", false),
    Column::new(PERIOD_END, &["periode_slut"], "/period/end", false),
    Column::new(ROLE, &["role", "deltagerrolle", "rolle"], "/role", true),
    Column::new(EDUCATION_LEVEL, &["uddannelsesniveau"], "/education_level", false),
    Column::new(COUNTING, &["tælling"], "/counting", true),
    Column::new(PARTICIPANTS, &["deltagere", "antal"], "/participants", true),
    Column::new(WOMEN, &["kvinder"], "/women", false),
    Column::new(MEN, &["mænd"], "/men", false),
    Column::new(OTHER_GENDER, &["andet_køn"], "/other_gender", false),
    Column::new(NOTE, &["bemærkning"], "/note", false),
    Column::new(SO_FAR, &["indtil_nu"], "/so_far", false),
    TEMPLATE,
];

/// What an export has besides.
const PASSED_OVER: &[&str] = &["count_id", "recorded_at"];

/// The columns that a file has, or all that is wrong with them.
pub fn header(row: &StringRecord) -> Result<Header, Vec<(String, Fault)>> {
    let header = Header::read(COLUMNS, PASSED_OVER, row);
    let no_period = |has: &dyn Fn(&str) -> bool| !has(PERIOD) && !has(PERIOD_END);
    let missing = || (PERIOD.to_string(), Fault::at("", "column_missing"));
    match header {
        Ok(header) if no_period(&|column| header.has(column)) => Err(vec![missing()]),
        Ok(header) => Ok(header),
        Err(mut faults) => {
            // Among what is wrong elsewhere it is told too.
            let words: Vec<String> = row.iter().map(|word| word.trim().to_lowercase()).collect();
            let has = |name: &str| {
                let column = COLUMNS.iter().find(|one| one.name == name);
                column.is_some_and(|one| {
                    words.iter().any(|word| word == one.name || one.others.contains(&word.as_str()))
                })
            };
            if no_period(&has) {
                faults.push(missing());
            }
            Err(faults)
        }
    }
}

/// The column that a pointer into a count means.
pub fn at(header: &Header, pointer: &str, cells: &StringRecord) -> Option<&'static str> {
    if !pointer.starts_with("/period") {
        return header.column(pointer);
    }
    let by_days = header.cell(cells, PERIOD).is_none();
    Some(match pointer {
        "/period/start" if by_days => PERIOD_START,
        "/period/end" if by_days => PERIOD_END,
        "/period" if by_days && header.has(PERIOD_START) => PERIOD_START,
        _ => PERIOD,
    })
}

pub fn counting(text: &str) -> Option<Counting> {
    match text.to_lowercase().as_str() {
        "unique" | "unikke" | "unikke deltagere" | "unique participants" => Some(Counting::Unique),
        "attendances" | "deltagelser" => Some(Counting::Attendances),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_in_danish_and_in_any_order() {
        let row = ["Antal", "Tælling", "Rolle", "Periode", "Projekt", "Andet køn", "count_id"];
        let header = header(&StringRecord::from(row.to_vec())).expect("a header");
        let cells = ["300", "unikke", "Elev", "2022", "kram", "", "7"];
        let cells = &StringRecord::from(cells.to_vec());
        assert_eq!(header.cell(cells, PROJECT), Some("kram"));
        assert_eq!(header.cell(cells, PARTICIPANTS), Some("300"));
        assert_eq!(header.cell(cells, OTHER_GENDER), None);
        assert_eq!(header.cell(cells, WOMEN), None);
        assert_eq!(header.name(PARTICIPANTS), "Antal");
        assert_eq!(header.name(WOMEN), "women");
    }

    #[test]
    fn all_that_is_wrong_with_a_header_is_told() {
        let row = StringRecord::from(vec!["project", "antal", "participants", "skole"]);
        let faults = header(&row).expect_err("faults");
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
}
