use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;

use super::Counting;
use super::key::Series;
use super::ledger::{Figures, State, Stored};
use super::period::Period;
use crate::clock::At;
use crate::ids::{
    ActivityId, CodeId, CountId, OrganisationId, ProgrammeId, ProjectId, UserId, VersionId,
};
use crate::paging::Page;
use crate::store::schema::{count_versions, counts};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

/// SQLite binds about 32,000 values in one statement.
const CHUNK: usize = 500;

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = counts, treat_none_as_default_value = false)]
pub struct CountRow {
    pub id: CountId,
    pub programme_id: ProgrammeId,
    pub project_id: ProjectId,
    pub natural_key: String,
    pub series_key: String,
    pub activity_id: Option<ActivityId>,
    pub organisation_id: Option<OrganisationId>,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub role_id: CodeId,
    pub education_level_id: Option<CodeId>,
    pub counting: Counting,
    pub created_at: At,
}

impl CountRow {
    pub fn series(&self) -> Series {
        Series {
            activity: self.activity_id,
            organisation: self.organisation_id,
            role: self.role_id,
            education_level: self.education_level_id,
            counting: self.counting,
        }
    }
}

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = count_versions, treat_none_as_default_value = false)]
pub struct VersionRow {
    pub id: VersionId,
    pub count_id: CountId,
    pub number: i32,
    pub participants: i32,
    pub women: Option<i32>,
    pub men: Option<i32>,
    pub other_gender: Option<i32>,
    pub so_far: Option<i32>,
    pub note: Option<String>,
    pub withdrawn: bool,
    pub reason: Option<String>,
    pub recorded_at: At,
    pub recorded_by: Option<UserId>,
    pub superseded_at: Option<At>,
}

/// A count of a series with its current version, as the ledger takes it.
#[derive(Queryable)]
struct StandingRow {
    project: ProjectId,
    series: String,
    id: CountId,
    start: NaiveDate,
    end: NaiveDate,
    number: i32,
    participants: i32,
    genders: (Option<i32>, Option<i32>, Option<i32>),
    so_far: Option<i32>,
    note: Option<String>,
    withdrawn: bool,
}

impl StandingRow {
    fn stored(self) -> (ProjectId, String, Stored) {
        let (women, men, other) = self.genders;
        let figures = Figures { participants: self.participants, genders: [women, men, other] };
        let state =
            State { figures, so_far: self.so_far, note: self.note, withdrawn: self.withdrawn };
        let period = Period::stored(self.start, self.end);
        (self.project, self.series, Stored { id: self.id, number: self.number, period, state })
    }
}

/// All counts of these series of one project as they stand, withdrawn ones too.
pub fn standing(
    db: &mut Db,
    project: ProjectId,
    series: &[&str],
) -> QueryResult<Vec<(ProjectId, String, Stored)>> {
    let mut all = Vec::new();
    for chunk in series.chunks(CHUNK) {
        let rows: Vec<StandingRow> = on_each!(db, |c| counts::table
            .inner_join(count_versions::table)
            .filter(counts::project_id.eq(project))
            .filter(counts::series_key.eq_any(chunk))
            .filter(count_versions::superseded_at.is_null())
            .select((
                counts::project_id,
                counts::series_key,
                counts::id,
                counts::period_start,
                counts::period_end,
                count_versions::number,
                count_versions::participants,
                (count_versions::women, count_versions::men, count_versions::other_gender),
                count_versions::so_far,
                count_versions::note,
                count_versions::withdrawn,
            ))
            .load(c))?;
        all.extend(rows.into_iter().map(StandingRow::stored));
    }
    Ok(all)
}

/// What a plan writes.
#[derive(Debug, Default)]
pub struct Writes {
    /// Counts of which a new version takes the place of the current one.
    pub superseded: Vec<CountId>,
    pub counts: Vec<CountRow>,
    pub versions: Vec<VersionRow>,
}

pub fn write(db: &mut Db, writes: &Writes, now: At) -> QueryResult<()> {
    for ids in writes.superseded.chunks(CHUNK) {
        on_each!(db, |c| diesel::update(count_versions::table)
            .filter(count_versions::count_id.eq_any(ids))
            .filter(count_versions::superseded_at.is_null())
            .set(count_versions::superseded_at.eq(now))
            .execute(c))?;
    }
    for rows in writes.counts.chunks(CHUNK) {
        on_each!(db, |c| diesel::insert_into(counts::table).values(rows).execute(c))?;
    }
    for rows in writes.versions.chunks(CHUNK) {
        on_each!(db, |c| diesel::insert_into(count_versions::table).values(rows).execute(c))?;
    }
    Ok(())
}

pub fn programme_of(db: &mut Db, id: CountId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| counts::table.find(id).select(counts::programme_id).first(c).optional())
}

pub fn find(db: &mut Db, id: CountId) -> QueryResult<Option<(CountRow, VersionRow)>> {
    on_each!(db, |c| counts::table
        .inner_join(count_versions::table)
        .filter(counts::id.eq(id))
        .filter(count_versions::superseded_at.is_null())
        .select((CountRow::as_select(), VersionRow::as_select()))
        .first(c)
        .optional())
}

/// The newest versions first.
pub fn history(db: &mut Db, id: CountId, page: &Page<i32>) -> QueryResult<Vec<VersionRow>> {
    on_each!(db, |c| count_versions::table
        .filter(count_versions::count_id.eq(id))
        .filter(count_versions::number.lt(page.after.unwrap_or(i32::MAX)))
        .order(count_versions::number.desc())
        .limit(page.fetch())
        .select(VersionRow::as_select())
        .load(c))
}

/// Which counts of a project are looked for.
#[derive(Debug, Default)]
pub struct Choice<'a> {
    /// The organisations that the view is limited to.
    pub limited_to: Option<&'a [OrganisationId]>,
    pub activity: Option<ActivityId>,
    pub organisation: Option<OrganisationId>,
    pub role: Option<CodeId>,
    pub education_level: Option<CodeId>,
    pub counting: Option<Counting>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub withdrawn: bool,
}

pub fn list(
    db: &mut Db,
    project: ProjectId,
    choice: &Choice,
    as_of: AsOf,
    page: &Page<CountId>,
) -> QueryResult<Vec<(CountRow, VersionRow)>> {
    on_each!(db, |c| {
        let mut query = counts::table
            .inner_join(count_versions::table)
            .filter(counts::project_id.eq(project))
            .filter(recorded_as_of!(count_versions, as_of))
            .order(counts::id)
            .limit(page.fetch())
            .select((CountRow::as_select(), VersionRow::as_select()))
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(counts::id.gt(id));
        }
        if let Some(organisations) = choice.limited_to {
            query = query.filter(counts::organisation_id.eq_any(organisations));
        }
        if let Some(id) = choice.activity {
            query = query.filter(counts::activity_id.eq(id));
        }
        if let Some(id) = choice.organisation {
            query = query.filter(counts::organisation_id.eq(id));
        }
        if let Some(id) = choice.role {
            query = query.filter(counts::role_id.eq(id));
        }
        if let Some(id) = choice.education_level {
            query = query.filter(counts::education_level_id.eq(id));
        }
        if let Some(counting) = choice.counting {
            query = query.filter(counts::counting.eq(counting));
        }
        if let Some(day) = choice.from {
            query = query.filter(counts::period_end.ge(day));
        }
        if let Some(day) = choice.to {
            query = query.filter(counts::period_start.le(day));
        }
        if !choice.withdrawn {
            query = query.filter(count_versions::withdrawn.eq(false));
        }
        query.load(c)
    })
}

pub fn periods(
    db: &mut Db,
    programme: ProgrammeId,
    as_of: AsOf,
) -> QueryResult<Vec<(ProjectId, NaiveDate, NaiveDate)>> {
    on_each!(db, |c| counts::table
        .inner_join(count_versions::table)
        .filter(recorded_as_of!(count_versions, as_of))
        .filter(count_versions::withdrawn.eq(false))
        .filter(counts::programme_id.eq(programme))
        .select((counts::project_id, counts::period_start, counts::period_end))
        .distinct()
        .load(c))
}

#[derive(Queryable)]
pub struct TotalRow {
    pub project: ProjectId,
    pub activity: Option<ActivityId>,
    pub organisation: Option<OrganisationId>,
    pub role: CodeId,
    pub education_level: Option<CodeId>,
    pub counting: Counting,
    pub participants: Option<i64>,
}

/// `begun_by` leaves out the counts whose period starts later.
pub fn totals(
    db: &mut Db,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    begun_by: Option<NaiveDate>,
    as_of: AsOf,
) -> QueryResult<Vec<TotalRow>> {
    on_each!(db, |c| {
        let mut query = counts::table
            .inner_join(count_versions::table)
            .filter(recorded_as_of!(count_versions, as_of))
            .filter(count_versions::withdrawn.eq(false))
            .filter(counts::programme_id.eq(programme))
            .group_by((
                counts::project_id,
                counts::activity_id,
                counts::organisation_id,
                counts::role_id,
                counts::education_level_id,
                counts::counting,
            ))
            .select((
                counts::project_id,
                counts::activity_id,
                counts::organisation_id,
                counts::role_id,
                counts::education_level_id,
                counts::counting,
                diesel::dsl::sum(count_versions::participants),
            ))
            .into_boxed();
        if let Some(project) = project {
            query = query.filter(counts::project_id.eq(project));
        }
        if let Some(day) = begun_by {
            query = query.filter(counts::period_start.le(day));
        }
        query.load(c)
    })
}

/// The counts of a programme, in the order in which they were first put.
pub fn of_programme(
    db: &mut Db,
    programme: ProgrammeId,
    page: &Page<CountId>,
) -> QueryResult<Vec<CountRow>> {
    on_each!(db, |c| {
        let mut query = counts::table
            .filter(counts::programme_id.eq(programme))
            .order(counts::id)
            .limit(page.fetch())
            .select(CountRow::as_select())
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(counts::id.gt(id));
        }
        query.load(c)
    })
}

/// All versions of some counts, each count's oldest first.
pub fn versions(db: &mut Db, ids: &[CountId]) -> QueryResult<Vec<VersionRow>> {
    on_each!(db, |c| count_versions::table
        .filter(count_versions::count_id.eq_any(ids))
        .order((count_versions::count_id, count_versions::number))
        .select(VersionRow::as_select())
        .load(c))
}
