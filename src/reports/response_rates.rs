//! The table `response_rates`: how many of those who could answer did.

use super::csv_out::Cell;
use super::results::{Page, SPLITS, Walk, name_level};
use super::tables::Kind::{Boolean, Integer, Percent, Text};
use super::tables::{Column, cells, column};
use crate::error::Result;
use crate::ids::QuestionnaireId;
use crate::programmes::codes::Codebook;
use crate::store::Db;
use crate::surveys::result_view::{GroupResponses, Share};

pub const ABOUT: &str = "\
How many of those who could answer have, of what is released: over the class sizes that links tell,
and over the participants counted. First the programme (`questionnaire` is empty; only links that
ask a core question), and then each questionnaire; each as a whole, by organisation, by education
level, by wave and by link.";

pub struct Row {
    programme: String,
    questionnaire: Option<String>,
    of: GroupResponses,
}

fn percent(share: Option<Share>) -> Cell {
    share.map(|share| Cell::Percent(share.percent.thousandths() / 100)).into()
}

pub const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column(
        "questionnaire",
        Text,
        "The questionnaire's code; empty for the programme's core questions over all of them.",
        |row| row.questionnaire.clone().into(),
    ),
    column(
        "group_kind",
        Text,
        "`whole`, `organisation`, `education_level`, `wave` or `link`.",
        |row| row.of.group.kind.as_str().into(),
    ),
    column(
        "group",
        Text,
        "The organisation's or level's code, the wave, or the link's id; empty for those with \
         none.",
        |row| {
            let group = &row.of.group;
            group.code.clone().or_else(|| group.link_id.map(|id| id.to_string())).into()
        },
    ),
    column(
        "group_label",
        Text,
        "The organisation's or level's name, or the link's label.",
        |row| row.of.group.label.clone().into(),
    ),
    column("responses", Integer, "Released responses, those on paper included.", |row| {
        row.of.responses.into()
    }),
    column("on_paper", Integer, "How many of them were given on paper.", |row| {
        row.of.on_paper.into()
    }),
    column(
        "of_classes_count",
        Integer,
        "Responses of the links that tell their class size: the numerator of `of_classes`.",
        |row| row.of.response_rate.map(|share| share.numerator).into(),
    ),
    column("of_classes_n", Integer, "What those classes add up to: the denominator.", |row| {
        row.of.response_rate.map(|share| share.denominator).into()
    }),
    column("of_classes", Percent, "`of_classes_count` over `of_classes_n`.", |row| {
        percent(row.of.response_rate)
    }),
    column(
        "links_without_size",
        Integer,
        "Links that don't tell their class size, so that they are not in `of_classes`.",
        |row| row.of.links_without_size.into(),
    ),
    column(
        "of_participants_count",
        Integer,
        "Responses of the links whose participants were counted: the numerator of \
         `of_participants`.",
        |row| row.of.participants.rate.map(|share| share.numerator).into(),
    ),
    column("of_participants_n", Integer, "Those participants: the denominator.", |row| {
        row.of.participants.rate.map(|share| share.denominator).into()
    }),
    column(
        "of_participants",
        Percent,
        "`of_participants_count` over `of_participants_n`.",
        |row| percent(row.of.participants.rate),
    ),
    column(
        "no_rate",
        Text,
        "Why `of_participants` is empty: `no_link`, `no_role` (the links are for neither pupils nor \
         teachers), `not_counted` or `shared` (links outside the group ask the same participants).",
        |row| row.of.participants.no_rate.map(|why| why.as_str()).into(),
    ),
    column(
        "links_without_counts",
        Integer,
        "Links of whose participants nobody was counted, so that they are not in \
         `of_participants`.",
        |row| row.of.participants.links_without_counts.into(),
    ),
    column(
        "over_activities",
        Boolean,
        "Whether `of_participants_n` adds counts of several activities, in which the same people \
         can stand twice.",
        |row| row.of.participants.over_activities.into(),
    ),
];

pub fn page(db: &mut Db, walk: &Walk, after: Option<QuestionnaireId>) -> Result<Page> {
    let Some((of, next)) = walk.next(db, after)? else { return Ok((Vec::new(), None)) };
    let book = Codebook::load(db, walk.programme)?;
    let mut rows = Vec::new();
    for (place, by) in SPLITS.into_iter().enumerate() {
        let groups = walk.results(db, of, Some(by))?.responses;
        // The whole comes first, and once is enough.
        for mut group in groups.into_iter().skip(usize::from(place > 0)) {
            name_level(&mut group.group, &book);
            let (programme, questionnaire) = (walk.code.to_string(), next.code.clone());
            rows.push(cells(COLUMNS, &Row { programme, questionnaire, of: group }));
        }
    }
    Ok((rows, Some(next.key)))
}
