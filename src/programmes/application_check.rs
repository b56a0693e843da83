//! The rules that an application keeps.

use super::application_rows::Content;
use super::applications::RecommendationKind;
use super::applications::{ApplicationInput, CouncilDecision, DecisionOutcome, Recommendation};
use super::codes::{CodeList, Codebook, each_once};
use super::organisations::Register;
use super::rounds::RoundBook;
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::ProgrammeId;
use crate::store::{AsOf, Db};

/// Holds the input to the rules. What is retired may stay where the application has it already,
/// and so may what the round was not open to: it may have happened so.
pub fn checked(
    db: &mut Db,
    programme: ProgrammeId,
    input: ApplicationInput,
    old: Option<&Content>,
    now: At,
) -> Result<Content> {
    let book = Codebook::load(db, programme)?;
    let register = Register::load(db, programme)?;
    let rounds = RoundBook::load(db, programme, AsOf::NOW)?;
    let mut faults = Faults::default();

    let round = rounds.find(&input.round);
    let round = faults.keep(
        round.ok_or_else(|| Fault::at("/round", "unknown_round").with("value", &input.round)),
    );
    let had = old.and_then(|old| old.applicant);
    let applicant = input
        .applicant
        .as_deref()
        .and_then(|code| faults.keep(register.choose_or_keep(code, had.as_slice(), "/applicant")));
    match (&input.applicant, &input.applicant_name) {
        (None, None) => faults.push(Fault::at("/applicant", "required")),
        (Some(_), Some(_)) => faults.push(Fault::at("/applicant_name", "one_applicant")),
        _ => {}
    }
    let had = old.and_then(|old| old.focus_area);
    let focus_area = input.focus_area.as_deref().and_then(|word| {
        let list = CodeList::FocusArea;
        faults.keep(book.choose_or_keep(list, word, had.as_slice(), "/focus_area"))
    });
    let had = old.map_or(&[][..], |old| &old.education_levels);
    let levels = &input.education_levels;
    let education_levels = each_once(levels, "/education_levels", &mut faults, |word, pointer| {
        book.choose_or_keep(CodeList::EducationLevel, word, had, pointer)
    });
    let days = [
        ("/received_on", input.received_on),
        ("/decision/decided_on", input.decision.as_ref().and_then(|one| one.decided_on)),
    ];
    for (pointer, day) in days {
        if day.is_some_and(|day| day > now.day()) {
            faults.push(Fault::at(pointer, "after_today").with("today", now.day()));
        }
    }
    check_recommendation(input.recommendation.as_ref(), &mut faults);
    check_decision(input.decision.as_ref(), &mut faults);
    let (Some(round), true) = (round, faults.0.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    Ok(Content {
        round,
        applicant,
        applicant_name: input.applicant_name,
        title: input.title,
        summary: input.summary,
        focus_area,
        education_levels,
        applied_ore: input.applied_ore,
        received_on: input.received_on,
        recommendation: input.recommendation,
        decision: input.decision,
        removed: false,
    })
}

fn check_recommendation(given: Option<&Recommendation>, faults: &mut Faults) {
    let refused = given.is_some_and(|one| one.kind == RecommendationKind::Reject);
    if refused && given.is_some_and(|one| one.amount_ore.is_some()) {
        faults.push(Fault::at("/recommendation/amount_ore", "nothing_granted"));
    }
}

fn check_decision(given: Option<&CouncilDecision>, faults: &mut Faults) {
    let Some(decision) = given else { return };
    let granted = decision.outcome == DecisionOutcome::Granted;
    if granted && decision.decided_on.is_none() {
        faults.push(Fault::at("/decision/decided_on", "required"));
    }
    match (granted, decision.amount_ore) {
        (true, None) => faults.push(Fault::at("/decision/amount_ore", "required")),
        (false, Some(_)) => faults.push(Fault::at("/decision/amount_ore", "nothing_granted")),
        _ => {}
    }
}
