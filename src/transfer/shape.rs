//! Which tables travel, and how a row of each is written and read on either engine. Columns and keys
//! are read from `store/schema.rs`, so that a new column can't be forgotten; a table that stands in
//! neither list here fails the tests of the house.

use crate::ids::ProgrammeId;
use crate::store::Engine;

const SCHEMA: &str = include_str!("../store/schema.rs");

/// How a row belongs to a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// It is the programme.
    Itself,
    /// By its `programme_id`.
    Programme,
    /// By a column that names a row of another table.
    Of(&'static str, &'static str),
    /// By the chain of the audit trail.
    Chain,
}
use Within::*;

/// Tables that travel: what is pointed at stands before what points at it.
pub const TRAVELS: &[(&str, Within)] = &[
    ("programmes", Itself),
    ("codes", Programme),
    ("organisations", Programme),
    ("rounds", Programme),
    ("round_versions", Of("round_id", "rounds")),
    ("round_codes", Of("version_id", "round_versions")),
    ("applications", Programme),
    ("application_versions", Of("application_id", "applications")),
    ("application_levels", Of("version_id", "application_versions")),
    ("reported_fact_versions", Programme),
    ("projects", Programme),
    ("project_versions", Of("project_id", "projects")),
    ("project_approaches", Of("version_id", "project_versions")),
    ("project_partners", Of("version_id", "project_versions")),
    ("project_grants", Of("version_id", "project_versions")),
    ("project_extensions", Of("version_id", "project_versions")),
    ("activities", Of("project_id", "projects")),
    ("spending_versions", Of("project_id", "projects")),
    ("change_request_versions", Of("project_id", "projects")),
    ("period_locks", Of("project_id", "projects")),
    ("period_openings", Of("project_id", "projects")),
    ("progress_reports", Programme),
    ("progress_report_versions", Of("report_id", "progress_reports")),
    ("report_reminders", Of("report_id", "progress_reports")),
    ("memberships", Programme),
    ("counts", Programme),
    ("count_versions", Of("count_id", "counts")),
    ("imports", Programme),
    ("indicators", Programme),
    ("indicator_codes", Of("indicator_id", "indicators")),
    ("target_versions", Of("indicator_id", "indicators")),
    ("target_parts", Of("version_id", "target_versions")),
    ("value_versions", Of("indicator_id", "indicators")),
    ("questionnaires", Programme),
    ("questionnaire_versions", Of("questionnaire_id", "questionnaires")),
    ("core_questions", Programme),
    ("core_question_uses", Of("core_question_id", "core_questions")),
    ("links", Programme),
    ("link_codes", Of("link_id", "links")),
    ("class_pages", Of("link_id", "links")),
    ("responses", Of("link_id", "links")),
    ("tallies", Of("link_id", "links")),
    ("crossings", Of("questionnaire_id", "questionnaires")),
    ("releases", Of("link_id", "links")),
    ("audit_entries", Chain),
];

/// Tables that stay where they are, and why.
pub const STAYS: &[(&str, &str)] = &[
    ("users", "accounts are the installation's; who a programme names travels in accounts.jsonl"),
    ("sessions", "nobody is signed in on the other side"),
    ("refresh_tokens", "they are keys to sessions"),
    ("password_resets", "they are keys to accounts"),
    ("idempotency_keys", "requests to another address"),
    ("invitations", "open ones are keys; of the others the audit trail tells"),
    ("machine_tokens", "they are keys"),
    ("import_rows", "of files that are worked on or were refused"),
    ("import_steps", "of files that are worked on or were refused"),
    ("import_faults", "of files that are worked on or were refused"),
    ("nightly_tasks", "of the installation"),
];

/// A column as both engines know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnShape {
    pub name: &'static str,
    pub kind: Kind,
    pub nullable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Uid,
    Binary,
    Json,
    Text,
    Date,
    Instant,
    Bool,
    Integer,
    BigInt,
}

/// A table of `schema.rs`.
#[derive(Debug, Clone)]
pub struct TableShape {
    pub name: &'static str,
    pub key: Vec<&'static str>,
    pub columns: Vec<ColumnShape>,
}

/// All tables of `schema.rs`, by reading it; one that can't be read is left out, which the tests of
/// the house see.
pub fn shapes() -> Vec<TableShape> {
    let mut tables: Vec<TableShape> = Vec::new();
    for line in SCHEMA.lines().map(str::trim) {
        if let Some((name, rest)) = line.split_once(" (")
            && let Some(key) = rest.strip_suffix(") {")
        {
            let key = key.split(',').map(str::trim).collect();
            tables.push(TableShape { name, key, columns: Vec::new() });
        }
        let Some((name, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> "))
        else {
            continue;
        };
        let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
        let Some(kind) = Kind::of(inner.unwrap_or(kind)) else { continue };
        if let Some(table) = tables.last_mut() {
            table.columns.push(ColumnShape { name, kind, nullable: inner.is_some() });
        }
    }
    tables
}

impl Kind {
    fn of(word: &str) -> Option<Kind> {
        Some(match word {
            "Uid" => Kind::Uid,
            "Binary" => Kind::Binary,
            "Jsonb" => Kind::Json,
            "Text" => Kind::Text,
            "Date" => Kind::Date,
            "Instant" => Kind::Instant,
            "Bool" => Kind::Bool,
            "Integer" => Kind::Integer,
            "BigInt" => Kind::BigInt,
            _ => return None,
        })
    }
}

impl ColumnShape {
    /// Whether it names an account.
    pub fn is_account(&self) -> bool {
        let name = self.name;
        self.kind == Kind::Uid && (name == "user_id" || name == "actor_id" || name.ends_with("_by"))
    }

    /// Its value as JSON.
    fn written(&self, engine: Engine) -> String {
        let name = self.name;
        match (engine, self.kind) {
            (Engine::Sqlite, Kind::Uid | Kind::Binary) => {
                format!("CASE WHEN \"{name}\" IS NULL THEN NULL ELSE lower(hex(\"{name}\")) END")
            }
            (Engine::Sqlite, Kind::Json) => format!("json(\"{name}\")"),
            (Engine::Sqlite, Kind::Bool) => format!("json(iif(\"{name}\", 'true', 'false'))"),
            (Engine::Postgres, Kind::Uid) => format!("replace(\"{name}\"::text, '-', '')"),
            (Engine::Postgres, Kind::Binary) => format!("encode(\"{name}\", 'hex')"),
            (Engine::Postgres, Kind::Date) => format!("to_char(\"{name}\", 'YYYY-MM-DD')"),
            (Engine::Postgres, Kind::Instant) => {
                format!("(extract(epoch FROM \"{name}\") * 1000000)::bigint")
            }
            _ => format!("\"{name}\""),
        }
    }

    /// Its value out of the JSON of a row, which is called `value`.
    fn read(&self, engine: Engine) -> String {
        let name = self.name;
        if engine == Engine::Sqlite {
            return match self.kind {
                Kind::Uid | Kind::Binary => format!("unhex(json_extract(value, '$.{name}'))"),
                Kind::Json if self.nullable => format!(
                    "CASE WHEN json_type(value, '$.{name}') = 'null' THEN NULL \
                     ELSE jsonb(value -> '$.{name}') END"
                ),
                Kind::Json => format!("jsonb(value -> '$.{name}')"),
                _ => format!("json_extract(value, '$.{name}')"),
            };
        }
        let text = format!("(value ->> '{name}')");
        match self.kind {
            Kind::Uid => format!("{text}::uuid"),
            Kind::Binary => format!("decode({text}, 'hex')"),
            Kind::Json if self.nullable => {
                format!("NULLIF(value -> '{name}', 'null'::jsonb)")
            }
            Kind::Json => format!("value -> '{name}'"),
            Kind::Text => text,
            Kind::Date => format!("{text}::date"),
            // Exact: a double would not be.
            Kind::Instant => format!(
                "'epoch'::timestamptz + ({text}::bigint / 1000000) * interval '1 second' \
                 + ({text}::bigint % 1000000) * interval '1 microsecond'"
            ),
            Kind::Bool => format!("{text}::boolean"),
            Kind::Integer => format!("{text}::integer"),
            Kind::BigInt => format!("{text}::bigint"),
        }
    }
}

impl TableShape {
    /// All rows of a programme as JSON objects in the order of their keys, which is that of their
    /// bytes on both engines.
    pub fn select(&self, engine: Engine, filter: &str) -> String {
        let pairs: Vec<String> = self
            .columns
            .iter()
            .map(|column| format!("'{}', {}", column.name, column.written(engine)))
            .collect();
        let pairs = pairs.join(", ");
        let object = match engine {
            Engine::Sqlite => format!("json_object({pairs})"),
            Engine::Postgres => format!("json_build_object({pairs})::text"),
        };
        let key: Vec<String> = self.key.iter().map(|name| self.in_order(engine, name)).collect();
        format!(
            "SELECT {object} AS line FROM {} WHERE {filter} ORDER BY {}",
            self.name,
            key.join(", ")
        )
    }

    fn in_order(&self, engine: Engine, name: &str) -> String {
        let is_text = self.columns.iter().any(|one| one.name == name && one.kind == Kind::Text);
        let collate = if engine == Engine::Postgres && is_text { " COLLATE \"C\"" } else { "" };
        format!("\"{name}\"{collate}")
    }

    /// Inserts rows out of a JSON array, in its order.
    pub fn insert(&self, engine: Engine) -> String {
        let names: Vec<String> =
            self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let values: Vec<String> = self.columns.iter().map(|column| column.read(engine)).collect();
        let (names, values) = (names.join(", "), values.join(", "));
        let from = match engine {
            Engine::Sqlite => "json_each(?1)",
            Engine::Postgres => {
                "jsonb_array_elements($1::jsonb) WITH ORDINALITY AS rows (value, n) ORDER BY n"
            }
        };
        format!("INSERT INTO {} ({names}) SELECT {values} FROM {from}", self.name)
    }

    pub fn accounts(&self) -> impl Iterator<Item = &ColumnShape> {
        self.columns.iter().filter(|column| column.is_account())
    }
}

/// Which rows of a table are the programme's.
pub fn filter(engine: Engine, table: &str, programme: ProgrammeId) -> String {
    let id = match engine {
        Engine::Sqlite => format!("x'{}'", programme.0.simple()),
        Engine::Postgres => format!("'{}'::uuid", programme.0),
    };
    let within = TRAVELS.iter().find(|(name, _)| *name == table).map(|(_, within)| *within);
    let own = match within {
        Some(Itself) => format!("{table}.id = {id}"),
        Some(Programme) => format!("{table}.programme_id = {id}"),
        Some(Chain) => format!("{table}.chain = {id}"),
        // Looked up row by row: SQLite would hold a list of all parents in memory.
        Some(Of(column, parent)) => {
            let parents = filter(engine, parent, programme);
            format!(
                "EXISTS (SELECT 1 FROM {parent} WHERE {parent}.id = {table}.{column} AND {parents})"
            )
        }
        // Nothing of a table that doesn't travel.
        None => "1 = 0".to_string(),
    };
    match table {
        // One that is under way has its rows here.
        "imports" => format!("{own} AND imports.finished_at IS NOT NULL"),
        _ => own,
    }
}

/// The tables that travel, in their order.
pub fn travelling() -> Vec<TableShape> {
    let all = shapes();
    let find = |(name, _): &(&str, Within)| all.iter().find(|table| table.name == *name).cloned();
    TRAVELS.iter().filter_map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_travels_or_stays_for_a_reason() {
        let known: BTreeSet<&str> =
            TRAVELS.iter().map(|one| one.0).chain(STAYS.iter().map(|one| one.0)).collect();
        assert_eq!(known.len(), TRAVELS.len() + STAYS.len(), "a table stands in both lists");
        let there: BTreeSet<&str> = shapes().iter().map(|table| table.name).collect();
        let tables = SCHEMA.matches("diesel::table! {").count();
        assert_eq!(there.len(), tables, "schema.rs is not read any more");
        let missing: Vec<_> = there.difference(&known).collect();
        assert!(missing.is_empty(), "neither in TRAVELS nor in STAYS: {missing:?}");
        let gone: Vec<_> = known.difference(&there).collect();
        assert!(gone.is_empty(), "no such table in schema.rs: {gone:?}");
    }

    #[test]
    fn what_is_pointed_at_stands_first() {
        for (place, (name, within)) in TRAVELS.iter().enumerate() {
            if let Of(column, parent) = within {
                let first = TRAVELS.iter().position(|(other, _)| other == parent);
                assert!(first.is_some_and(|first| first < place), "{name} before {parent}");
                let table = shapes().into_iter().find(|table| table.name == *name);
                let table = table.expect("a table");
                assert!(table.columns.iter().any(|one| one.name == *column), "{name}.{column}");
            }
        }
    }

    #[test]
    fn every_column_is_known() {
        let columns = SCHEMA.lines().filter(|line| line.contains(" -> ") && line.ends_with(','));
        let known: usize = shapes().iter().map(|table| table.columns.len()).sum();
        assert_eq!(columns.count(), known);
    }
}
