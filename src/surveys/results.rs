//! Results: what was answered, as far as it is released and may be seen.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::definition::{Definition, Kind, Question};
use super::editions::{Editions, Subject};
use super::release::{
    Among, Breakdown, Group, GroupKey, Ledger, Outcome, Source, TableKey, groups,
};
use super::response_rate::{self, Participants};
use super::result_view::{
    By, Change, GroupFigures, GroupKind, GroupResponses, OptionText, QuestionResults, ResultGroup,
    Results, differences, figures,
};
use super::rows::links::Part;
use super::rows::releases::{LinkInfo, SoFarRow, Whose};
use super::{ledgers, releases, rows, sight};
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{LinkId, ProgrammeId, ProjectId, QuestionnaireId, VersionId};
use crate::programmes::codes::Codebook;
use crate::programmes::organisations::Register;
use crate::projects;
use crate::store::{AsOf, Db, Store};

/// The waves that are held against each other.
const BEFORE: &str = "before";
const AFTER: &str = "after";

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub by: Option<By>,
    pub as_of: AsOf,
    pub now: At,
}

/// Whose results.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    Questionnaire(QuestionnaireId),
    Project(ProjectId),
    /// Core questions only: each added up over all questionnaires that ask it.
    Programme(ProgrammeId),
}

impl Of {
    fn whose(self) -> Whose {
        match self {
            Of::Questionnaire(id) => Whose::Questionnaire(id),
            Of::Project(id) => Whose::Project(id),
            Of::Programme(id) => Whose::Programme(id),
        }
    }
}

/// Releases what is due first, so that nobody has to wait for it, and then reads.
pub async fn fresh(store: &Store, caller: &Caller, of: Of, wanted: Wanted) -> Result<Results> {
    refresh(store, caller, of, wanted.as_of, wanted.now).await?;
    let caller = caller.clone();
    store.read(move |db| get(db, &caller, of, wanted)).await
}

/// Releases what is due, where somebody looks who may.
pub async fn refresh(store: &Store, caller: &Caller, of: Of, as_of: AsOf, now: At) -> Result<()> {
    if as_of != AsOf::NOW {
        return Ok(());
    }
    let asking = caller.clone();
    store.read(move |db| View::open(db, &asking, of, as_of).map(drop)).await?;
    releases::release_due_of(store, of.whose(), now).await
}

/// What is released of it.
pub fn get(db: &mut Db, caller: &Caller, of: Of, wanted: Wanted) -> Result<Results> {
    View::open(db, caller, of, wanted.as_of)?.results(db, wanted)
}

/// What is released of one link, for whoever it is handed back to. It is the same as the link's
/// part of the questionnaire's results split by link, through the same door.
pub(super) fn of_link(
    db: &mut Db,
    link: LinkId,
    asked: &Definition,
    now: At,
) -> Result<Vec<QuestionResults>> {
    let row = rows::links::find(db, link)?.ok_or(Error::NotFound)?;
    let of = Of::Questionnaire(row.questionnaire_id);
    let mut view = View::open(db, &Caller::Operator, of, AsOf::NOW)?;
    view.links.retain(|one| one.id == link);
    let mut results = view.results(db, Wanted { by: Some(By::Link), as_of: AsOf::NOW, now })?;
    for question in &mut results.questions {
        question.groups.retain(|one| one.group.link_id == Some(link));
    }
    // What only other versions ask is none of this class's.
    let is_asked = |one: &QuestionResults| {
        let code = one.question.split('.').next().unwrap_or_default();
        asked.question(code).is_some() && !one.groups.is_empty()
    };
    results.questions.retain(is_asked);
    Ok(results.questions)
}

/// The next questionnaire of a programme, its projects' included, in the order of making.
pub fn questionnaire_after(
    db: &mut Db,
    programme: ProgrammeId,
    after: Option<QuestionnaireId>,
) -> Result<Option<(QuestionnaireId, String)>> {
    Ok(rows::questionnaires::next(db, programme, after)?)
}

/// What the caller sees of the links, and the words for them.
struct View {
    of: Of,
    programme: ProgrammeId,
    links: Vec<LinkInfo>,
    register: Register,
    book: Codebook,
}

/// A question with all that was released of it, maybe over several questionnaires.
struct Asked {
    subject: Subject,
    core: Option<String>,
    questionnaires: Vec<String>,
    /// The place of the questionnaire's ledger, and the table in it.
    sources: Vec<(usize, TableKey)>,
}

impl View {
    fn open(db: &mut Db, caller: &Caller, of: Of, as_of: AsOf) -> Result<View> {
        let (programme, parts) = match of {
            Of::Questionnaire(id) => {
                let row = sight::questionnaire(db, caller, id)?;
                (row.programme_id, sight::parts(caller, &row)?)
            }
            Of::Project(id) => {
                let (programme, standing) = projects::standing(db, caller, id)?;
                let part: Part = (id, standing.limited_to().map(<[_]>::to_vec));
                (programme, Some(vec![part]))
            }
            Of::Programme(id) => {
                caller.reads_programme(id)?;
                (id, None)
            }
        };
        let mut links = rows::releases::links_of(db, of.whose())?;
        links.retain(|link| {
            link.created_at <= as_of.moment()
                && parts.as_deref().is_none_or(|parts| parts.iter().any(|part| is_in(link, part)))
        });
        let register = Register::load(db, programme)?;
        let book = Codebook::load(db, programme)?;
        Ok(View { of, programme, links, register, book })
    }

    fn results(&mut self, db: &mut Db, wanted: Wanted) -> Result<Results> {
        let mut ids: BTreeSet<QuestionnaireId> =
            self.links.iter().map(|link| link.questionnaire_id).collect();
        if let Of::Questionnaire(id) = self.of {
            ids.insert(id);
        }
        let mut all = Vec::with_capacity(ids.len());
        let mut asked: Vec<Asked> = Vec::new();
        let mut with_core: BTreeSet<VersionId> = BTreeSet::new();
        for (place, id) in ids.into_iter().enumerate() {
            let row = rows::questionnaires::find(db, id)?.ok_or(Error::NotFound)?;
            let editions = Editions::load(db, id, wanted.as_of)?;
            let core = editions.all().iter().filter(|edition| edition.asks_core());
            with_core.extend(core.map(|edition| edition.id));
            for subject in editions.subjects() {
                self.ask(&mut asked, subject, &row.code, place);
            }
            all.push(ledgers::of(db, id, wanted.as_of)?);
        }
        // Who was asked no core question is not among those whose answers are missing.
        if matches!(self.of, Of::Programme(_)) {
            self.links.retain(|link| with_core.contains(&link.version_id));
        }
        let seen: BTreeSet<LinkId> = self.links.iter().map(|link| link.id).collect();
        let reader = Reader { view: self, ledgers: &all, seen: &seen, by: wanted.by };
        Ok(Results {
            programme_id: self.programme,
            project_id: match self.of {
                Of::Project(id) => Some(id),
                _ => None,
            },
            questionnaire_id: match self.of {
                Of::Questionnaire(id) => Some(id),
                _ => None,
            },
            day: wanted.as_of.day(wanted.now),
            by: wanted.by,
            threshold: releases::threshold(db, self.programme)?.get(),
            responses: self.responses(db, wanted)?,
            questions: asked.into_iter().map(|one| reader.question(one)).collect(),
        })
    }

    /// A core question adds up over questionnaires, unless one questionnaire is asked for.
    fn ask(&self, asked: &mut Vec<Asked>, subject: Subject, questionnaire: &str, place: usize) {
        let core = subject.question.core.clone();
        if matches!(self.of, Of::Programme(_)) && core.is_none() {
            return;
        }
        let source = (place, TableKey::Question(subject.variant.clone()));
        let same = |one: &&mut Asked| {
            core.is_some() && one.core == core && one.subject.name == subject.name
        };
        if !matches!(self.of, Of::Questionnaire(_))
            && let Some(known) = asked.iter_mut().find(same)
        {
            known.sources.push(source);
            if known.questionnaires.last().is_none_or(|last| last != questionnaire) {
                known.questionnaires.push(questionnaire.to_string());
            }
            return;
        }
        let questionnaires = vec![questionnaire.to_string()];
        asked.push(Asked { subject, core, questionnaires, sources: vec![source] });
    }

    fn responses(&self, db: &mut Db, wanted: Wanted) -> Result<Vec<GroupResponses>> {
        let ids: Vec<LinkId> = self.links.iter().map(|link| link.id).collect();
        let mut last: HashMap<LinkId, SoFarRow> = HashMap::new();
        for row in rows::releases::so_far(db, &ids, wanted.as_of)? {
            last.insert(row.link_id, row);
        }
        let asked = Participants::load(db, self.programme, &self.links, &self.book, wanted.as_of)?;
        let mut groups: BTreeMap<GroupKey, response_rate::Group> = BTreeMap::new();
        groups.insert(GroupKey::Whole, response_rate::Group::default());
        for link in &self.links {
            let (n, paper) = last.get(&link.id).map_or((0, 0), |row| (row.n, row.paper));
            let own = wanted.by.map(|by| key_of(link, by));
            for key in std::iter::once(GroupKey::Whole).chain(own) {
                groups.entry(key).or_default().add(link, n, paper);
            }
        }
        let shown = |(key, sum): (GroupKey, response_rate::Group)| GroupResponses {
            group: self.group(&key),
            responses: sum.responses,
            on_paper: sum.paper,
            response_rate: sum.of_classes(),
            links_without_size: sum.without_size,
            participants: asked.rate(&sum),
        };
        Ok(groups.into_iter().map(shown).collect())
    }

    fn group(&self, key: &GroupKey) -> ResultGroup {
        let (kind, link_id, code, label) = match key {
            GroupKey::Whole => (GroupKind::Whole, None, None, None),
            GroupKey::Link(id) => {
                let link = self.links.iter().find(|link| link.id == *id);
                (GroupKind::Link, Some(*id), None, link.map(|link| link.label.clone()))
            }
            GroupKey::Organisation(id) => {
                let name = id.map(|id| self.register.name(id));
                (GroupKind::Organisation, None, self.register.code_of(*id), name)
            }
            GroupKey::Level(id) => (GroupKind::EducationLevel, None, self.book.word_of(*id), None),
            GroupKey::Wave(wave) => {
                let wave = Some(wave.clone()).filter(|wave| !wave.is_empty());
                (GroupKind::Wave, None, wave, None)
            }
        };
        ResultGroup { kind, link_id, code, label }
    }
}

/// Whether a link is in what a caller sees of a project.
fn is_in(link: &LinkInfo, (project, organisations): &Part) -> bool {
    let own = |own: &Vec<_>| link.organisation_id.is_some_and(|id| own.contains(&id));
    link.project_id == Some(*project) && organisations.as_ref().is_none_or(own)
}

fn key_of(link: &LinkInfo, by: By) -> GroupKey {
    match by {
        By::Link => GroupKey::Link(link.id),
        By::Organisation => GroupKey::Organisation(link.organisation_id),
        By::EducationLevel => GroupKey::Level(link.education_level_id),
        By::Wave => GroupKey::Wave(link.wave.clone().unwrap_or_default()),
    }
}

fn breakdown(by: By) -> Breakdown {
    match by {
        By::Link => Breakdown::Link,
        By::Organisation => Breakdown::Organisation,
        By::EducationLevel => Breakdown::Level,
        By::Wave => Breakdown::Wave,
    }
}

/// Reads what is released through the one door.
struct Reader<'a> {
    view: &'a View,
    ledgers: &'a [Arc<Ledger>],
    seen: &'a BTreeSet<LinkId>,
    by: Option<By>,
}

impl Reader<'_> {
    fn question(&self, asked: Asked) -> QuestionResults {
        let sources: Vec<Source> = asked
            .sources
            .iter()
            .filter_map(|(place, table)| {
                self.ledgers.get(*place).map(|ledger| Source { ledger, table })
            })
            .collect();
        let question = &asked.subject.question;
        let mut shown =
            vec![self.figures(question, &whole(self.groups(&sources, Breakdown::Whole, None)))];
        if let Some(by) = self.by {
            let all = self.groups(&sources, breakdown(by), None);
            shown.extend(all.iter().map(|group| self.figures(question, group)));
        }
        let statements = question.kind.statements();
        let statement = asked.subject.statement.as_ref();
        let statement = statement.and_then(|code| statements.iter().find(|one| one.code == *code));
        let options = question.options().iter().map(|option| OptionText {
            code: option.code.clone(),
            text: option.text.clone(),
            positive: option.positive,
            dont_know: option.dont_know,
        });
        QuestionResults {
            changes: self.changes(question, &sources),
            text: question.text.clone(),
            statement: statement.map(|one| one.text.clone()),
            unit: match &question.kind {
                Kind::Number { unit, .. } => unit.clone(),
                _ => None,
            },
            kind: word(&question.kind).to_string(),
            options: options.collect(),
            core: asked.core,
            versions: if asked.sources.len() == 1 { asked.subject.versions } else { Vec::new() },
            question: asked.subject.name,
            questionnaires: asked.questionnaires,
            groups: shown,
        }
    }

    fn groups(&self, sources: &[Source], by: Breakdown, wave: Option<&str>) -> Vec<Group> {
        groups(sources, by, Among { wave, links: Some(self.seen) })
    }

    fn figures(&self, question: &Question, group: &Group) -> GroupFigures {
        let (state, figures) = figures(question, &group.outcome);
        GroupFigures { group: self.view.group(&group.key), state, figures }
    }

    /// A link has one wave only, so there nothing can be held against each other.
    fn changes(&self, question: &Question, sources: &[Source]) -> Vec<Change> {
        let mut breakdowns = vec![Breakdown::Whole];
        breakdowns.extend(match self.by {
            Some(By::Organisation | By::EducationLevel) => self.by.map(breakdown),
            _ => None,
        });
        let mut changes = Vec::new();
        for by in breakdowns {
            let mut after: BTreeMap<GroupKey, Outcome> = self
                .groups(sources, by, Some(AFTER))
                .into_iter()
                .map(|g| (g.key, g.outcome))
                .collect();
            for before in self.groups(sources, by, Some(BEFORE)) {
                if let Some(after) = after.remove(&before.key) {
                    changes.push(self.change(question, &before, &after));
                }
            }
        }
        changes
    }

    fn change(&self, question: &Question, before: &Group, after: &Outcome) -> Change {
        let group = self.view.group(&before.key);
        let (before_state, before) = figures(question, &before.outcome);
        let (after_state, after) = figures(question, after);
        let both = before.as_ref().zip(after.as_ref());
        Change {
            group,
            differences: both.map(|(one, other)| differences(one, other)).unwrap_or_default(),
            mean_difference: both.and_then(|(one, other)| Some(other.mean? - one.mean?)),
            before_state,
            before,
            after_state,
            after,
        }
    }
}

/// All as one; nothing where nothing is released.
fn whole(mut groups: Vec<Group>) -> Group {
    groups.pop().unwrap_or(Group { key: GroupKey::Whole, outcome: Outcome::Empty })
}

fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Scale { .. } => "scale",
        Kind::Single { .. } => "single",
        Kind::Multiple { .. } => "multiple",
        Kind::Grid { .. } => "grid",
        Kind::Number { .. } => "number",
        Kind::Text { .. } => "text",
        Kind::Section => "section",
    }
}
