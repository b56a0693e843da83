//! What kind of question a row is, and whether a group is a grid.

use super::choices::Listed;
use super::columns::code_of;
use super::condition::Asked;
use super::constraint::{self, Bounds, Of};
use super::numbers::{decimal, decimals, step};
use super::places::Place;
use super::read::{Reader, flag};
use super::rows::{Node, Type};
use super::sheets::Row;
use crate::error::Fault;
use crate::surveys::definition::{ChoiceOption, Decimal, Kind, Statement};

/// Of a text that says nothing of its length.
const LENGTH: u32 = 1_000;
/// The largest number in the smallest unit, as the definition has it.
const MOST_UNITS: i64 = 1_000_000;

type Grid<'r> = (Kind, bool, Option<&'r Row>, Place);

impl Reader<'_> {
    /// None where it is none that can be taken, which is told.
    pub fn kind(&mut self, row: &Row, kind: &Type) -> Option<(Kind, Place)> {
        let mut place = Place { row: row.number, bounds: "constraint", ..Place::default() };
        let kind = match kind {
            Type::SelectOne(list) => {
                let (listed, options) = self.options(row, list, &mut place)?;
                self.name(row, Some(&listed), false);
                self.unbounded(row);
                match has_word(self.columns.get(row, "appearance"), "likert") {
                    true => Kind::Scale { options },
                    false => Kind::Single { options },
                }
            }
            Type::SelectMultiple(list) => {
                let (listed, options) = self.options(row, list, &mut place)?;
                self.name(row, Some(&listed), true);
                let bounds = self.bounds(row, Of::Chosen, 0);
                let whole = |bound: Option<Decimal>| {
                    bound.and_then(|bound| bound.units(0)).and_then(|one| u32::try_from(one).ok())
                };
                let (min_chosen, max_chosen) = (whole(bounds.min), whole(bounds.max));
                Kind::Multiple { options, min_chosen, max_chosen }
            }
            Type::Integer | Type::Decimal | Type::Range => {
                self.name(row, None, false);
                if *kind == Type::Range {
                    place.bounds = "parameters";
                }
                self.number(row, kind)
            }
            Type::Text => {
                self.name(row, None, false);
                let max = self.bounds(row, Of::Length, 0).max.and_then(|max| max.units(0));
                let max = max.map_or(LENGTH, |max| u32::try_from(max).unwrap_or_default());
                Kind::Text { max_length: max }
            }
            Type::Note => Kind::Section,
            _ => {
                let fault = Fault::at(self.at(row, "type"), "xlsform_type");
                self.faults.push(fault.with("value", self.columns.get(row, "type")));
                return None;
            }
        };
        Some((kind, place))
    }

    fn options(
        &mut self,
        row: &Row,
        list: &str,
        place: &mut Place,
    ) -> Option<(Vec<Listed>, Vec<ChoiceOption>)> {
        let Some(listed) = self.lists.get(list) else {
            let fault = Fault::at(self.at(row, "type"), "xlsform_no_list");
            self.faults.push(fault.with("value", list));
            return None;
        };
        place.options = listed.iter().map(|one| one.row).collect();
        Some((listed.clone(), listed.iter().map(|one| one.option.clone()).collect()))
    }

    /// From here on conditions can ask about it.
    fn name(&mut self, row: &Row, listed: Option<&[Listed]>, several: bool) {
        let name = self.columns.get(row, "name");
        self.name_as(name, code_of(name), listed, several);
    }

    fn name_as(&mut self, name: &str, subject: String, listed: Option<&[Listed]>, several: bool) {
        let named = |one: &Listed| (one.name.clone(), one.option.code.clone());
        let options = listed.map(|listed| listed.iter().map(named).collect());
        self.names.insert(name.to_string(), Asked { subject, options, several });
    }

    fn unbounded(&mut self, row: &Row) {
        let text = self.columns.get(row, "constraint");
        if !text.is_empty() {
            let fault = Fault::at(self.at(row, "constraint"), "xlsform_constraint");
            self.faults.push(fault.with("value", text));
        }
    }

    fn bounds(&mut self, row: &Row, of: Of, decimals: u8) -> Bounds {
        let text = self.columns.get(row, "constraint");
        if text.is_empty() {
            return Bounds::default();
        }
        constraint::read(text, of, step(decimals)).unwrap_or_else(|part| {
            let fault = Fault::at(self.at(row, "constraint"), "xlsform_constraint");
            self.faults.push(fault.with("value", part));
            Bounds::default()
        })
    }

    fn number(&mut self, row: &Row, kind: &Type) -> Kind {
        let mut within = Bounds::default();
        let decimals = match kind {
            Type::Range => {
                let (bounds, decimals) = self.range(row);
                within = bounds;
                decimals
            }
            Type::Integer => 0,
            _ => match self.columns.get(row, "maaltal_decimals") {
                "" => self.decimals(row),
                text => text.parse().unwrap_or_else(|_| {
                    let fault = Fault::at(self.at(row, "maaltal_decimals"), "not_a_number");
                    self.faults.push(fault);
                    0
                }),
            },
        };
        let own = self.bounds(row, Of::Number, decimals);
        let most = MOST_UNITS * step(decimals).thousandths();
        let min = own.min.max(within.min);
        let max = own.max.into_iter().chain(within.max).min();
        if min.is_none() || max.is_none() {
            let at = self.at(row, "constraint");
            let shown = |bound: Option<Decimal>, most: i64| {
                bound.unwrap_or(Decimal::from_thousandths(most)).to_string()
            };
            let note = Fault::at(at, "xlsform_bounds").with("min", shown(min, -most));
            self.notes.push(note.with("max", shown(max, most)));
        }
        let unit = self.texts(row, "maaltal_unit");
        Kind::Number {
            min: min.unwrap_or(Decimal::from_thousandths(-most)),
            max: max.unwrap_or(Decimal::from_thousandths(most)),
            unit: Some(unit).filter(|unit| !unit.is_empty()),
            decimals,
        }
    }

    /// As many decimals as its bounds leave room for, two as a rule.
    fn decimals(&self, row: &Row) -> u8 {
        let text = self.columns.get(row, "constraint");
        let fits = |places: &u8| {
            let bounds = match text {
                "" => Ok(Bounds::default()),
                text => constraint::read(text, Of::Number, step(*places)),
            };
            bounds.is_ok_and(|bounds| {
                let mut ends = bounds.min.into_iter().chain(bounds.max);
                ends.all(|end| end.units(*places).is_some_and(|units| units.abs() <= MOST_UNITS))
            })
        };
        [2, 1, 3, 0].into_iter().find(fits).unwrap_or(2)
    }

    /// `start=0 end=10 step=1`, as these are where nothing is said.
    fn range(&mut self, row: &Row) -> (Bounds, u8) {
        let text = self.columns.get(row, "parameters");
        let (mut start, mut end, mut by) = (Some("1"), Some("10"), Some("1"));
        let mut is_good = true;
        for part in text.split([' ', ',', ';']).filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("start", value)) => start = Some(value),
                Some(("end", value)) => end = Some(value),
                Some(("step", value)) => by = Some(value),
                _ => is_good = false,
            }
        }
        let (start, end) = (start.and_then(decimal), end.and_then(decimal));
        let by = by.and_then(decimal).map(|by| (by, decimals(by)));
        let by = by.filter(|(by, places)| *by == step(*places));
        match (start, end, by) {
            (Some(min), Some(max), Some((_, places))) if is_good => {
                (Bounds { min: Some(min), max: Some(max) }, places)
            }
            _ => {
                let fault = Fault::at(self.at(row, "parameters"), "xlsform_parameters");
                self.faults.push(fault.with("value", text));
                (Bounds::default(), 0)
            }
        }
    }

    /// Rows on one list in a table: by `table-list`, or by a row of labels above rows without.
    pub fn grid<'r>(&mut self, group: &Row, children: &[Node<'r>]) -> Option<Grid<'r>> {
        let columns = self.columns;
        let appearance = |row: &Row, word: &str| has_word(columns.get(row, "appearance"), word);
        let mut rows = Vec::with_capacity(children.len());
        for child in children {
            let Node::Row(row, Type::SelectOne(list)) = child else { return None };
            rows.push((*row, list));
        }
        let header = rows.first().filter(|(row, _)| appearance(row, "label")).map(|(row, _)| *row);
        if header.is_some() {
            rows.remove(0);
        }
        let no_labels = || rows.iter().all(|(row, _)| appearance(row, "list-nolabel"));
        let is_table = appearance(group, "table-list") || (header.is_some() && no_labels());
        let (_, list) = *rows.first()?;
        let plain = |row: &Row| {
            let fields = ["relevant", "constraint", "choice_filter", "maaltal_core"];
            fields.iter().all(|field| columns.get(row, field).is_empty())
                && columns.texts(row, "hint").is_empty()
        };
        if !is_table || !rows.iter().all(|(row, one)| *one == list && plain(row)) {
            return None;
        }
        let required: Vec<bool> =
            rows.iter().map(|(row, _)| flag(columns, row, "required", &mut self.faults)).collect();
        let all = required.iter().all(|one| *one);
        if !all && required.contains(&true) {
            return None;
        }
        let mut place = Place { row: group.number, bounds: "constraint", ..Place::default() };
        let (listed, options) = self.options(rows.first()?.0, list, &mut place)?;
        let name = columns.get(group, "name");
        let mut statements = Vec::with_capacity(rows.len());
        for (row, _) in &rows {
            let full = columns.get(row, "name");
            let own = full.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
            let code = code_of(own.unwrap_or(full));
            self.name_as(full, format!("{}.{code}", code_of(name)), Some(&listed), false);
            statements.push(Statement { code, text: self.texts(row, "label") });
            place.statements.push(row.number);
        }
        Some((Kind::Grid { statements, options }, all, header, place))
    }
}

/// An appearance is a list of words.
fn has_word(appearance: &str, word: &str) -> bool {
    appearance.split_whitespace().any(|one| one.eq_ignore_ascii_case(word))
}
