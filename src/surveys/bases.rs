//! What rules with a base need: the pairs of base and question that are tallied crossed.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::subject;
use super::editions::Editions;
use super::release::TableKey;
use super::shares::ShareRule;
use super::{release_json, releases, rows, tally};
use crate::error::{Error, Result};
use crate::ids::{ProgrammeId, QuestionnaireId};
use crate::store::{AsOf, Db};

/// A pair that a rule needs of a questionnaire, with the options that are in the base.
#[derive(Debug, PartialEq, Eq)]
struct Pair {
    base: String,
    options: BTreeSet<String>,
    question: String,
}

/// From now on what a rule needs is tallied, and once for what is there already. What was released
/// before stays out of it: beside what is known of it, it would tell of single people. What no
/// rule needs any more, since this one was `before`, is let go of, so that a mistyped base can be put right, unless some of
/// it is released: two bases of one question could be subtracted. `others` are all other rules of
/// the programme that are in use. Under the programme's lock, once in a transaction.
pub fn change(
    db: &mut Db,
    programme: ProgrammeId,
    before: Option<&ShareRule>,
    rule: Option<&ShareRule>,
    others: &[ShareRule],
) -> Result<()> {
    let of_rule = |rule: Option<&ShareRule>| {
        let codes = rule.filter(|rule| rule.base.is_some()).map(|rule| rule.questionnaires.clone());
        codes.unwrap_or_default()
    };
    let codes = [of_rule(before), of_rule(rule)].concat();
    if codes.is_empty() {
        return Ok(());
    }
    let known = rows::questionnaires::by_codes(db, programme, &codes)?;
    let all: BTreeMap<String, QuestionnaireId> =
        known.into_iter().map(|(id, code, _)| (code, id)).collect();
    let ids: Vec<QuestionnaireId> = all.values().copied().collect();
    tally::hold(db, &ids)?;
    for (code, id) in all {
        let editions = Editions::load(db, id, AsOf::NOW)?;
        let pairs = |rule: &ShareRule| match rule.questionnaires.contains(&code) {
            true => pairs(&editions, rule),
            false => Vec::new(),
        };
        let needed = rule.map(pairs).unwrap_or_default();
        let elsewhere: Vec<Pair> = others.iter().flat_map(pairs).collect();
        for (base, options, question) in releases::crossings(db, id)? {
            let pair = Pair { base, options, question };
            let in_use = needed.contains(&pair) || elsewhere.contains(&pair);
            if !in_use && !is_released(db, id, &editions, &pair)? {
                tally::uncross(db, id, &pair.base, &pair.question)?;
            }
        }
        for Pair { base, options, question } in needed {
            let crossings = releases::crossings(db, id)?;
            let told = editions.may_cross(&crossings, &base, &options, &question);
            if !told || !tally::cross(db, id, &base, &options, &question)? {
                return Err(Error::Conflict("crossed_otherwise"));
            }
        }
    }
    Ok(())
}

/// Whether anything was released of what a rule tells apart by its base.
pub fn any_released(db: &mut Db, programme: ProgrammeId, rule: &ShareRule) -> Result<bool> {
    for (id, ..) in rows::questionnaires::by_codes(db, programme, &rule.questionnaires)? {
        let editions = Editions::load(db, id, AsOf::NOW)?;
        for pair in pairs(&editions, rule) {
            if is_released(db, id, &editions, &pair)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The pairs that a rule needs of a questionnaire that it names.
fn pairs(editions: &Editions, rule: &ShareRule) -> Vec<Pair> {
    let asked = |name: &str| {
        editions.all().iter().any(|edition| subject(&edition.definition, name).is_some())
    };
    let base = rule.base.as_ref().and_then(|base| base.asked_in(asked).zip(Some(&base.options)));
    let Some((base, options)) = base else { return Vec::new() };
    let questions = rule.questions.iter().filter(|name| asked(name));
    let pair = |question: &String| Pair {
        base: base.clone(),
        options: options.iter().cloned().collect(),
        question: question.clone(),
    };
    questions.map(pair).collect()
}

/// Whether some release has the pair, be there anybody in it or not.
fn is_released(db: &mut Db, id: QuestionnaireId, editions: &Editions, pair: &Pair) -> Result<bool> {
    let table = |edition| {
        let base = editions.variant(edition, &pair.base)?;
        let question = editions.variant(edition, &pair.question)?;
        Some(TableKey::Crossed { base, options: pair.options.clone(), question })
    };
    let tables: BTreeSet<TableKey> = editions.all().iter().filter_map(table).collect();
    for plan in rows::releases::plans(db, id)? {
        if release_json::read_plan(&plan)?.tables().any(|table| tables.contains(&table)) {
            return Ok(true);
        }
    }
    Ok(false)
}
