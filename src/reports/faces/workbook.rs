//! All tables as one Excel workbook: a sheet each, what it is about before them, and what the
//! columns say behind them. Rows are written as they are read, so that its size is not the
//! memory's.

use rust_xlsxwriter::{
    ColNum, DocProperties, Format, FormatAlign, FormatBorder, Formula, RowNum, Url, Workbook,
    Worksheet, XlsxError, utility,
};

use super::spoken;
use crate::error::{Error, Result};
use crate::messages::{self, Lang};
use crate::reports::cell::{Cell, bare_year, fixed, full_day};
use crate::reports::edition::Edition;
use crate::reports::tables::TableName;
use crate::reports::tables::catalogue::{About, Kind, title};
use crate::store::Db;

impl From<XlsxError> for Error {
    fn from(error: XlsxError) -> Error {
        Error::unexpected(error)
    }
}

/// A sheet holds no more rows.
const ROWS: RowNum = 1_048_576;
/// A cell holds no more.
const LONGEST: usize = 32_767;
const NARROWEST: usize = 8;
const WIDEST: usize = 60;

/// The workbook as a file.
pub fn build(db: &mut Db, edition: &Edition) -> Result<Vec<u8>> {
    let lang = edition.asked.lang;
    let mut book = Workbook::new();
    let title = say(lang, "report-title");
    let properties = DocProperties::new()
        .set_title(format!("{title}: {}", edition.programme_name()))
        .set_creation_datetime(&edition.made_at.utc());
    book.set_properties(&properties);
    let formats = Formats::new(lang);
    about(book.add_worksheet(), edition, &formats)?;
    for table in Edition::tables() {
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(lang, table.as_str()))?;
        Sheet::new(sheet, table, lang, &formats)?.write(db, edition)?;
    }
    columns(book.add_worksheet(), lang, &formats)?;
    Ok(book.save_to_buffer()?)
}

fn say(lang: Lang, id: &str) -> String {
    messages::text(lang, id, &[])
}

fn sheet_name(lang: Lang, table: &str) -> String {
    say(lang, &format!("sheet-{}", table.replace('_', "-")))
}

struct Formats {
    lang: Lang,
    heading: Format,
    header: Format,
    number_header: Format,
    text: Format,
}

impl Formats {
    fn new(lang: Lang) -> Formats {
        let header = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_background_color(0xE7EFF7)
            .set_border_bottom(FormatBorder::Thin);
        Formats {
            lang,
            heading: Format::new().set_bold().set_font_size(16),
            number_header: header.clone().set_align(FormatAlign::Right),
            header,
            text: Format::new().set_align(FormatAlign::Top),
        }
    }

    /// How a value of that kind is shown.
    fn of(&self, kind: Kind, cell: &Cell) -> Format {
        let format = self.text.clone();
        match (kind, cell) {
            (Kind::Year, _) | (_, Cell::Partial(_)) if !is_day(cell) => format.set_num_format("0"),
            (Kind::Integer, _) => format.set_num_format("#,##0"),
            (Kind::Decimal, Cell::Decimal(value)) if value % 1_000 != 0 => {
                format.set_num_format("#,##0.0##")
            }
            (Kind::Decimal, _) => format.set_num_format("#,##0"),
            (Kind::Percent, _) => format.set_num_format("0.0%"),
            (Kind::Money, _) => format.set_num_format("#,##0.00\\ \"kr.\""),
            (Kind::Date | Kind::Partial, _) => format.set_num_format(match self.lang {
                Lang::Da => "dd-mm-yyyy",
                Lang::En => "yyyy-mm-dd",
            }),
            (Kind::Moment, _) => format.set_num_format("yyyy-mm-dd hh:mm"),
            _ => format,
        }
    }
}

fn is_day(cell: &Cell) -> bool {
    matches!(cell, Cell::Partial(date) if full_day(*date).is_some())
}

fn about(sheet: &mut Worksheet, edition: &Edition, formats: &Formats) -> Result<()> {
    let lang = edition.asked.lang;
    sheet.set_name(sheet_name(lang, "about"))?;
    sheet.set_column_width(0, 34)?.set_column_width(1, 70)?;
    sheet.write_with_format(0, 0, say(lang, "report-title"), &formats.heading)?;
    let head = edition.audit_head.as_ref();
    let facts = [
        ("report-programme", edition.programme_name().to_string()),
        ("report-day", spoken::date(lang, &edition.day)),
        ("report-year", edition.asked.year.map(|year| year.to_string()).unwrap_or_default()),
        ("report-made", spoken::date(lang, &edition.made_at.day())),
        ("report-audit-head", head.map(|entry| entry.hash.clone()).unwrap_or_default()),
        ("report-audit-number", head.map(|entry| entry.number.to_string()).unwrap_or_default()),
    ];
    let mut row = 2;
    for (id, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
        sheet.write_with_format(row, 0, say(lang, id), &formats.header)?;
        sheet.write_string(row, 1, value)?;
        row += 1;
    }
    row += 1;
    for note in edition.notes("report-empty-means") {
        sheet.write_string(row, 0, note)?;
        row += 1;
    }
    row += 1;
    for table in Edition::tables() {
        let name = sheet_name(lang, table.as_str());
        let link = Url::new(format!("internal:'{name}'!A1")).set_text(&name);
        sheet.write_url(row, 0, link)?;
        sheet.write_string(row, 1, table.title(lang))?;
        row += 1;
    }
    Ok(())
}

/// What every column says, for whoever works on with the figures.
fn columns(sheet: &mut Worksheet, lang: Lang, formats: &Formats) -> Result<()> {
    sheet.set_name(sheet_name(lang, "columns"))?;
    let heads = ["sheet-columns-table", "sheet-columns-title", "sheet-columns-name"]
        .into_iter()
        .chain(["sheet-columns-kind", "sheet-columns-text"]);
    for (at, (id, width)) in (0..).zip(heads.zip([24, 32, 26, 26, 100])) {
        sheet.set_column_width(at, width)?;
        sheet.write_with_format(0, at, say(lang, id), &formats.header)?;
    }
    let mut row = 1;
    for table in Edition::tables() {
        for About { name, kind, text, .. } in table.columns() {
            sheet.write_string(row, 0, sheet_name(lang, table.as_str()))?;
            sheet.write_string(row, 1, title(lang, table.as_str(), name))?;
            sheet.write_string(row, 2, name)?;
            sheet.write_string(row, 3, kind.word())?;
            sheet.write_string(row, 4, text)?;
            row += 1;
        }
    }
    sheet.set_freeze_panes(1, 0)?.autofilter(0, 0, row - 1, 4)?;
    Ok(())
}

/// One table on its way into its sheet.
struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    table: TableName,
    columns: Vec<About>,
    lang: Lang,
    formats: &'a Formats,
    widths: Vec<usize>,
    /// Of the columns that add up, in their smallest unit; none where nothing is known.
    sums: Vec<Option<i64>>,
    row: RowNum,
}

impl<'a> Sheet<'a> {
    fn new(
        sheet: &'a mut Worksheet,
        table: TableName,
        lang: Lang,
        formats: &'a Formats,
    ) -> Result<Sheet<'a>> {
        let columns = table.columns();
        let widths = vec![NARROWEST; columns.len()];
        let sums = vec![None; columns.len()];
        Ok(Sheet { sheet, table, columns, lang, formats, widths, sums, row: 0 })
    }

    fn write(mut self, db: &mut Db, edition: &Edition) -> Result<()> {
        self.header()?;
        let mut reading = edition.reading(db, self.table)?;
        while let Some(rows) = reading.next_rows(db)? {
            for cells in rows {
                // One row is kept for the sums.
                if self.row + 1 >= ROWS {
                    return Err(Error::unexpected("more rows than a sheet of Excel holds"));
                }
                self.line(&cells)?;
            }
        }
        let (last_row, last_column) = (self.row - 1, ColNum::try_from(self.columns.len() - 1));
        let last_column = last_column.map_err(Error::unexpected)?;
        self.totals()?;
        self.sheet.autofilter(0, 0, last_row, last_column)?;
        self.sheet.set_freeze_panes(1, 0)?;
        for (at, width) in (0..).zip(&self.widths) {
            self.sheet.set_column_width(at, (*width + 2) as f64)?;
        }
        // Printed across, and as wide as the page.
        self.sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        self.sheet.set_repeat_rows(0, 0)?;
        Ok(())
    }

    fn header(&mut self) -> Result<()> {
        for (at, column) in (0..).zip(&self.columns) {
            let text = title(self.lang, self.table.as_str(), column.name);
            let format = match column.kind.is_number() {
                true => &self.formats.number_header,
                false => &self.formats.header,
            };
            self.sheet.write_string_with_format(0, at, &text, format)?;
            // A header wraps between its words, and has an arrow beside it.
            let word = text.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
            self.widths[usize::from(at)] = NARROWEST.max(word + 3);
        }
        self.row = 1;
        Ok(())
    }

    fn line(&mut self, cells: &[Cell]) -> Result<()> {
        for (index, cell) in cells.iter().enumerate() {
            let about = self.columns[index];
            let at = ColNum::try_from(index).map_err(Error::unexpected)?;
            self.cell(at, about.kind, cell)?;
            if let (true, Some(figure)) = (about.adds_up, cell.exact()) {
                self.sums[index] = Some(self.sums[index].unwrap_or(0).saturating_add(figure));
            }
            let length = spoken::text(self.lang, about.kind, cell).chars().count();
            self.widths[index] = self.widths[index].max(length.min(WIDEST));
        }
        self.row += 1;
        Ok(())
    }

    fn cell(&mut self, at: ColNum, kind: Kind, cell: &Cell) -> Result<()> {
        let (row, format) = (self.row, self.formats.of(kind, cell));
        let sheet = &mut self.sheet;
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) => {
                // As text, always: nothing in it is run.
                sheet.write_string_with_format(row, at, cut(text), &format)?;
            }
            Cell::Word(word) => {
                let text = spoken::word(self.lang, word);
                sheet.write_string_with_format(row, at, text, &format)?;
            }
            Cell::Integer(_) | Cell::Decimal(_) | Cell::Percent(_) | Cell::Money(_) => {
                sheet.write_number_with_format(row, at, number(cell), &format)?;
            }
            Cell::Date(day) => {
                sheet.write_datetime_with_format(row, at, day, &format)?;
            }
            Cell::Partial(date) => match (full_day(*date), bare_year(*date)) {
                (Some(day), _) => {
                    sheet.write_datetime_with_format(row, at, day, &format)?;
                }
                (None, Some(year)) => {
                    sheet.write_number_with_format(row, at, year, &format)?;
                }
                (None, None) => {
                    sheet.write_string_with_format(row, at, date.to_string(), &format)?;
                }
            },
            Cell::Moment(moment) => {
                let moment = moment.utc().naive_utc();
                sheet.write_datetime_with_format(row, at, moment, &format)?;
            }
            Cell::Boolean(value) => {
                let text = spoken::word(self.lang, if *value { "true" } else { "false" });
                sheet.write_string_with_format(row, at, text, &format)?;
            }
        }
        Ok(())
    }

    /// Sums of what is seen: they follow the filter.
    fn totals(&mut self) -> Result<()> {
        if self.sums.iter().all(Option::is_none) {
            return Ok(());
        }
        let first = self.columns.iter().position(|column| column.adds_up);
        for (index, column) in self.columns.iter().enumerate() {
            let at = ColNum::try_from(index).map_err(Error::unexpected)?;
            let format = self.formats.of(column.kind, &Cell::Empty);
            let format = format.set_bold().set_border_top(FormatBorder::Thin);
            let Some(sum) = self.sums[index] else {
                let text = match first == Some(index + 1) || (index == 0 && first == Some(0)) {
                    true => say(self.lang, "report-total"),
                    false => String::new(),
                };
                self.sheet.write_string_with_format(self.row, at, text, &format)?;
                continue;
            };
            let (from, to) =
                (utility::row_col_to_cell(1, at), utility::row_col_to_cell(self.row - 1, at));
            let formula = Formula::new(format!("=SUBTOTAL(109,{from}:{to})"));
            let formula = formula.set_result(number(&of_kind(column.kind, sum)).to_string());
            self.sheet.write_formula_with_format(self.row, at, formula, &format)?;
        }
        Ok(())
    }
}

fn of_kind(kind: Kind, figure: i64) -> Cell {
    match kind {
        Kind::Money => Cell::Money(figure),
        Kind::Percent => Cell::Percent(figure),
        Kind::Decimal => Cell::Decimal(figure),
        _ => Cell::Integer(figure),
    }
}

/// The nearest double: a workbook holds nothing else.
fn number(cell: &Cell) -> f64 {
    let text = match cell {
        Cell::Integer(value) => value.to_string(),
        Cell::Decimal(value) => fixed(*value, 3, '.'),
        // Of a whole, as Excel has them.
        Cell::Percent(value) => fixed(*value, 3, '.'),
        Cell::Money(value) => fixed(*value, 2, '.'),
        _ => String::new(),
    };
    text.parse().unwrap_or(0.0)
}

fn cut(text: &str) -> String {
    match text.chars().count() > LONGEST {
        true => text.chars().take(LONGEST - 1).chain(['…']).collect(),
        false => text.to_string(),
    }
}
