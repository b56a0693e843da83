//! The columns of each kind of file, as docs/imports.md has them.

use std::fmt::Write;

use super::ImportKind;
use crate::sheets::Column;

/// What a kind's columns don't say by their names.
fn about(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Organisations => {
            "Key: `organisation`. `name` is needed for a new one. `education_type` is a code or name \
             of the list `education_level`; `kind` is `education` or another kind that the API \
             knows; `retired` is yes or no."
        }
        ImportKind::Projects => {
            "Key: `project`. `title`, `holder` and `status` (`planned`, `ongoing`, `completed`, \
             `cancelled`; planlagt, igangværende, afsluttet, aflyst) are needed for a new one. \
             `approaches` and `partners` hold several with `|` between. `period_start` and \
             `period_end` may be a year, a month or a day. Amounts are in kroner, with at most two \
             decimals; `grant_kr` is the only grant, or the sum of several that are there."
        }
        ImportKind::Targets => {
            "Key: `indicator`. An indicator that is not there is made with its first target: `title`, \
             `level` (`output`, `outcome`, `impact`), `unit` and `source` (`participation`, `manual`, \
             `survey`) are needed, and no `project` makes it a goal of the programme. Of one that is \
             there, another target is a revision, which needs a `reason`, and title, note, unit and \
             level can change. `role` and `education_level` hold several with `|` between. \
             `target_shape` is `at_least`, `at_least_percent`, `range`, `classes`, `per_company` or \
             `none`; where it is empty, `target_classes` makes it `classes` (`target` is the \
             estimated pupils), `target_max` makes it `range`, and `target` alone `at_least`."
        }
        ImportKind::Applications => {
            "Key: `application`, the portal's number. `round`, `applicant` and `title` are needed for \
             a new one. An `applicant` that is no organisation's code or name stays a name. \
             `education_levels` holds several with `|` between. `recommendation` is `grant`, \
             `grant_with_changes` or `reject` (tilsagn, tilsagn med ændringer, afslag); `decision` is \
             `granted`, `rejected` or `withdrawn` (tilsagn, afslag, tilbagetrukket), and empty while \
             it is not decided. Amounts are in kroner, with at most two decimals."
        }
        ImportKind::Participation => {
            "Key: project, activity, organisation, period, role, education level and counting. The \
             period is `period` (`2022`, or `2022/2023` for a school year) or `period_start` and \
             `period_end`. `activity` is its number or title. `counting` is `unique` or `attendances` \
             (unikke deltagere, deltagelser). `so_far` says that the figures are totals up to the end \
             of the period. `count_id` and `recorded_at` of an export are passed over."
        }
        ImportKind::Values => {
            "Key: `indicator` and `on_date`, and whether it is `reported`. The figure is what had \
             been reached by that day, in all. `reported` says that it is known from a report only, \
             and is for the secretariat."
        }
    }
}

/// The end of docs/imports.md.
pub fn markdown() -> String {
    let mut page = String::new();
    for kind in ImportKind::ALL {
        let head = "| column | other names | needed |\n|---|---|---|\n";
        // Writing to a String can't fail.
        let _ = write!(page, "\n### {kind}\n\n{}\n\n{head}", about(*kind));
        for Column { name, others, needed, .. } in kind.columns() {
            let others: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
            let needed = if *needed { "yes" } else { "" };
            let _ = writeln!(page, "| `{name}` | {} | {needed} |", others.join(", "));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const FILE: &str = "docs/imports.md";
    const START: &str = "## Columns\n";

    #[test]
    fn the_docs_are_what_the_catalogue_says() {
        let file = std::fs::read_to_string(FILE).unwrap_or_default();
        let columns = file.split_once(START).map(|(_, columns)| columns);
        assert!(
            columns == Some(markdown().as_str()),
            "{FILE} is not what the catalogue says; renew it with \
             `cargo test --lib write_the_columns -- --ignored`"
        );
    }

    #[test]
    #[ignore = "writes the end of docs/imports.md anew"]
    fn write_the_columns() {
        let file = std::fs::read_to_string(FILE).expect("the docs");
        let (start, _) = file.split_once(START).expect("a heading");
        std::fs::write(FILE, format!("{start}{START}{}", markdown())).expect("docs/ is written to");
    }

    #[test]
    fn no_name_means_two_columns() {
        for kind in ImportKind::ALL {
            let columns = kind.columns().iter();
            let names: Vec<&str> = columns
                .flat_map(|one| std::iter::once(one.name).chain(one.others.iter().copied()))
                .collect();
            let unique: HashSet<&&str> = names.iter().collect();
            assert_eq!(unique.len(), names.len(), "{kind}: {names:?}");
        }
    }
}
