//! What the tables of answers share: how they walk through questionnaires, and how they name
//! things.

use uuid::Uuid;

use super::catalogue::Walk;
use crate::error::Result;
use crate::ids::QuestionnaireId;
use crate::messages::Lang;
use crate::programmes::codes::{CodeList, Codebook};
use crate::reports::cell::Cell;
use crate::store::Db;
use crate::surveys::definition::Texts;
use crate::surveys::result_view::{By, GroupKind, QuestionResults, ResultGroup, Results};
use crate::surveys::results::{self, Of, Wanted};
use crate::surveys::{questionnaires, versions};

/// What the column with a questionnaire's title says.
pub const TITLE: &str = "\
What the questionnaire is called in its first language, and with that whether its answers are made \
up.";

/// How results are split up in the table, one after the other.
pub const SPLITS: [By; 4] = [By::Organisation, By::EducationLevel, By::Wave, By::Link];

impl Walk<'_> {
    /// Results as they stood at the moment of the walk.
    pub fn results(&self, db: &mut Db, of: Of, by: Option<By>) -> Result<Results> {
        let wanted = Wanted { by, as_of: self.as_of, now: self.now };
        results::get(db, self.caller, of, wanted)
    }

    /// The programme itself, and then one of its questionnaires after the other: whose rows come
    /// next, with the code of the questionnaire.
    pub fn next(&self, db: &mut Db, after: Option<Uuid>) -> Result<Option<(Of, Next)>> {
        let Some(after) = after else {
            let first = Next { key: Uuid::nil(), code: None };
            return Ok(Some((Of::Programme(self.programme), first)));
        };
        let next = results::questionnaire_after(db, self.programme, Some(QuestionnaireId(after)))?;
        let own = |(id, code): (QuestionnaireId, _)| {
            (Of::Questionnaire(id), Next { key: id.into(), code: Some(code) })
        };
        Ok(next.map(own))
    }
}

pub struct Next {
    pub key: Uuid,
    pub code: Option<String>,
}

/// As its newest version has it, in the first language.
pub fn title(db: &mut Db, walk: &Walk, id: QuestionnaireId) -> Result<String> {
    let of = questionnaires::get(db, walk.caller, id)?;
    let definition = match of.versions.last() {
        Some(number) => versions::get(db, walk.caller, id, *number)?.definition,
        None => of.definition,
    };
    let language = definition.languages.first();
    Ok(language.and_then(|language| definition.title.get(language)).cloned().unwrap_or_default())
}

pub fn name_level(group: &mut ResultGroup, book: &Codebook) {
    if let (GroupKind::EducationLevel, Some(code)) = (group.kind, &group.code) {
        let level = book.find(CodeList::EducationLevel, code);
        group.label = level.map(|level| level.name_da.clone());
    }
}

/// In that language where it is written, or else in the first that is.
pub fn spoken(texts: &Texts, lang: Lang) -> String {
    let own = texts.get(lang.code()).or_else(|| texts.get("da"));
    own.or_else(|| texts.values().next()).cloned().unwrap_or_default()
}

/// In Danish where it is written, or else in the first language that is.
pub fn first(texts: &Texts) -> String {
    spoken(texts, Lang::Da)
}

pub fn full_text(question: &QuestionResults, lang: Lang) -> String {
    let text = spoken(&question.text, lang);
    match &question.statement {
        Some(statement) => format!("{text} {}", spoken(statement, lang)),
        None => text,
    }
}

pub fn number(value: Option<f64>) -> Cell {
    // Answers are at most a million, far within what is exact.
    value.map(|value| Cell::Decimal((value * 1_000.0).round() as i64)).into()
}
