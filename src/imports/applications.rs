//! Applications, by the portal's number: the portal itself lives elsewhere, and nothing is typed
//! again.

use super::projects::ore;
use super::small::{Context, Loader};
use crate::error::Result;
use crate::participation::Outcome;
use crate::programmes::applications::{
    self, Application, ApplicationInput, CouncilDecision, DecisionOutcome, Recommendation,
    RecommendationKind,
};
use crate::programmes::codes::{CodeList, Codebook};
use crate::programmes::organisations::Register;
use crate::shape;
use crate::sheets::{Column, Row};
use crate::store::{AsOf, Db};

pub const COLUMNS: &[Column] = &[
    Column::new("application", &["code", "number", "ansøgning", "nummer"], "/code", true),
    Column::new("round", &["runde"], "/round", false),
    Column::new("applicant", &["ansøger"], "/applicant", false),
    Column::new("title", &["titel"], "/title", false),
    Column::new("summary", &["resumé", "resume"], "/summary", false),
    Column::new("focus_area", &["indsatsområde"], "/focus_area", false),
    Column::new("education_levels", &["uddannelsesniveauer"], "/education_levels", false),
    Column::new("applied_kr", &["ansøgt_kr", "ansøgt_beløb"], "/applied_ore", false),
    Column::new("received_on", &["modtaget"], "/received_on", false),
    Column::new("recommendation", &["indstilling"], "/recommendation/kind", false),
    Column::new("recommended_kr", &["indstillet_kr"], "/recommendation/amount_ore", false),
    Column::new("recommendation_note", &["indstilling_note"], "/recommendation/note", false),
    Column::new("decision", &["afgørelse"], "/decision/outcome", false),
    Column::new("granted_kr", &["bevilget_kr", "tilsagn_kr"], "/decision/amount_ore", false),
    Column::new("decided_on", &["afgjort"], "/decision/decided_on", false),
    Column::new("decision_note", &["afgørelse_note"], "/decision/note", false),
    Column::new("reason", &["begrundelse"], "/reason", false),
];

pub struct Applications<'a> {
    context: Context<'a>,
    book: Codebook,
    register: Register,
}

impl<'a> Applications<'a> {
    pub fn load(db: &mut Db, context: Context<'a>) -> Result<Applications<'a>> {
        Ok(Applications {
            context,
            book: Codebook::load(db, context.programme)?,
            register: Register::load(db, context.programme)?,
        })
    }

    fn code(&self, list: CodeList, text: &str) -> String {
        self.book.named(list, text).map_or_else(|| text.to_string(), |code| code.code.clone())
    }

    /// What the row says over what stands: what the file has no column for stays.
    fn fill(&self, input: &mut ApplicationInput, row: &mut Row, is_new: bool) {
        if is_new || row.has("round") {
            input.round = row.needed("round").to_string();
        }
        if is_new || row.has("title") {
            input.title = row.needed("title").to_string();
        }
        if is_new || row.has("applicant") {
            let text = row.needed("applicant");
            let known = self.register.named(text).map(str::to_string);
            input.applicant_name = known.is_none().then(|| text.to_string());
            input.applicant = known;
        }
        if row.has("summary") {
            input.summary = row.text("summary").map(str::to_string);
        }
        if row.has("focus_area") {
            let area = row.text("focus_area").map(|text| self.code(CodeList::FocusArea, text));
            input.focus_area = area;
        }
        if row.has("education_levels") {
            let all = row.list("education_levels").into_iter();
            let code = |text| self.code(CodeList::EducationLevel, text);
            input.education_levels = all.map(code).collect();
        }
        if row.has("applied_kr") {
            input.applied_ore = row.decimal("applied_kr", ore);
        }
        if row.has("received_on") {
            input.received_on = row.day("received_on");
        }
        if row.has("recommendation") {
            let before = input.recommendation.take();
            let kind = row.read("recommendation", "unknown_word", recommendation);
            input.recommendation = kind.map(|kind| Recommendation {
                kind,
                amount_ore: match row.has("recommended_kr") {
                    true => row.decimal("recommended_kr", ore),
                    false => before.as_ref().and_then(|one| one.amount_ore),
                },
                note: match row.has("recommendation_note") {
                    true => row.text("recommendation_note").map(str::to_string),
                    false => before.and_then(|one| one.note),
                },
            });
        }
        if row.has("decision") {
            let before = input.decision.take();
            let outcome = row.read("decision", "unknown_word", decision);
            input.decision = outcome.map(|outcome| CouncilDecision {
                outcome,
                amount_ore: match row.has("granted_kr") {
                    true => row.decimal("granted_kr", ore),
                    false => before.as_ref().and_then(|one| one.amount_ore),
                },
                decided_on: match row.has("decided_on") {
                    true => row.day("decided_on"),
                    false => before.as_ref().and_then(|one| one.decided_on),
                },
                note: match row.has("decision_note") {
                    true => row.text("decision_note").map(str::to_string),
                    false => before.and_then(|one| one.note),
                },
            });
        }
        input.reason = row.text("reason").map(str::to_string);
    }
}

impl Loader for Applications<'_> {
    fn key(&self, row: &Row) -> Option<String> {
        row.text("application").map(str::to_string)
    }

    fn put(&mut self, db: &mut Db, mut row: Row) -> Result<Outcome> {
        let Context { caller, programme, now } = self.context;
        let code = row.needed("application").to_string();
        let before = match applications::by_code(db, programme, &code)? {
            Some((id, _)) => Some(applications::get(db, caller, id, AsOf::NOW)?),
            None => None,
        };
        let mut input = input_of(code, before.as_ref());
        self.fill(&mut input, &mut row, before.is_none());
        row.check()?;
        shape::held(&input)?;
        match before {
            None => {
                applications::create(db, caller, programme, input, now)?;
                Ok(Outcome::Created)
            }
            Some(before) => {
                let (id, seen) = (before.id, before.version);
                let after = applications::update(db, caller, id, seen, input, now)?;
                let same = after.version == seen;
                Ok(if same { Outcome::Unchanged } else { Outcome::Corrected })
            }
        }
    }
}

/// An application as it would be written again.
fn input_of(code: String, before: Option<&Application>) -> ApplicationInput {
    let registered = before.and_then(|one| one.applicant.clone());
    let named = before.filter(|one| one.applicant.is_none());
    ApplicationInput {
        code,
        round: before.map(|one| one.round.clone()).unwrap_or_default(),
        applicant_name: named.map(|one| one.applicant_name.clone()),
        applicant: registered,
        title: before.map(|one| one.title.clone()).unwrap_or_default(),
        summary: before.and_then(|one| one.summary.clone()),
        focus_area: before.and_then(|one| one.focus_area.clone()),
        education_levels: before.map(|one| one.education_levels.clone()).unwrap_or_default(),
        applied_ore: before.and_then(|one| one.applied_ore),
        received_on: before.and_then(|one| one.received_on),
        recommendation: before.and_then(|one| one.recommendation.clone()),
        decision: before.and_then(|one| one.decision.clone()),
        reason: None,
    }
}

fn recommendation(text: &str) -> Option<RecommendationKind> {
    let word = text.to_lowercase();
    Some(match word.as_str() {
        "tilsagn" => RecommendationKind::Grant,
        "tilsagn med ændringer" => RecommendationKind::GrantWithChanges,
        "afslag" => RecommendationKind::Reject,
        word => word.parse().ok()?,
    })
}

fn decision(text: &str) -> Option<DecisionOutcome> {
    let word = text.to_lowercase();
    Some(match word.as_str() {
        "tilsagn" => DecisionOutcome::Granted,
        "afslag" => DecisionOutcome::Rejected,
        "tilbagetrukket" => DecisionOutcome::Withdrawn,
        word => word.parse().ok()?,
    })
}
