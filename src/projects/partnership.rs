//! Whether a project's partners are on one level of education or across levels.

use std::collections::HashSet;

use super::content::NamedOrganisation;
use crate::ids::CodeId;
use crate::programmes::codes::Codebook;
use crate::programmes::organisations::OrganisationKind;
use crate::store::types::text_enum;

text_enum! {
    /// How holder and partners stand to each other in the tree of education levels, whose highest
    /// nodes are compared: `stx` and `eud` are both upper secondary. Organisations that give no
    /// education, such as companies, are left out.
    pub enum Partnership {
        /// No partner is recorded, or fewer than two of all give education.
        None = "none",
        /// All that give education do so on the same level.
        Horizontal = "horizontal",
        /// They give education on several levels.
        Vertical = "vertical",
        /// Of at least one it is not known whether it gives education, and which.
        Unknown = "unknown",
    }
}

impl Partnership {
    pub fn of(
        holder: &NamedOrganisation,
        partners: &[NamedOrganisation],
        book: &Codebook,
    ) -> Partnership {
        if partners.is_empty() {
            return Partnership::None;
        }
        let mut tops = HashSet::new();
        let (mut giving, mut unknown) = (0, 0);
        for one in partners.iter().chain([holder]) {
            match (one.education_type, one.kind) {
                (Some(level), _) => {
                    giving += 1;
                    tops.insert(top(level, book));
                }
                (None, None | Some(OrganisationKind::Education)) => unknown += 1,
                (None, Some(_)) => {}
            }
        }
        match (tops.len(), unknown, giving) {
            // Whatever the others are, it is across levels already.
            (2.., _, _) => Partnership::Vertical,
            (_, 1.., _) => Partnership::Unknown,
            (_, 0, 2..) => Partnership::Horizontal,
            _ => Partnership::None,
        }
    }
}

fn top(level: CodeId, book: &Codebook) -> CodeId {
    book.above(level).last().copied().unwrap_or(level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programmes::codes::{Code, CodeList};

    fn book() -> Codebook {
        let tree = [
            ("grundskole", None),
            ("ungdomsuddannelse", None),
            ("gymnasial", Some("ungdomsuddannelse")),
            ("stx", Some("gymnasial")),
            ("eud", Some("ungdomsuddannelse")),
        ];
        let code = |(code, parent): (&str, Option<&str>)| Code {
            id: CodeId::new(),
            list: CodeList::EducationLevel,
            code: code.to_string(),
            parent: parent.map(str::to_string),
            name_da: code.to_string(),
            name_en: code.to_string(),
            position: 1,
            retired: false,
            version: 1,
        };
        Codebook::of(tree.into_iter().map(code).collect())
    }

    /// The first is the holder; `company` and `?` are kinds, everything else is a level.
    fn of(words: &[&str]) -> Partnership {
        let book = book();
        let organisation = |word: &&str| NamedOrganisation {
            code: word.to_string(),
            name: word.to_string(),
            kind: (*word == "company").then_some(OrganisationKind::Company),
            education_type: book.find(CodeList::EducationLevel, word).map(|code| code.id),
        };
        let all: Vec<NamedOrganisation> = words.iter().map(organisation).collect();
        Partnership::of(&all[0], &all[1..], &book)
    }

    #[test]
    fn branches_of_one_level_are_one_level() {
        assert_eq!(of(&["stx", "eud", "gymnasial"]), Partnership::Horizontal);
        assert_eq!(of(&["stx", "grundskole"]), Partnership::Vertical);
        assert_eq!(of(&["stx"]), Partnership::None);
    }

    #[test]
    fn what_gives_no_education_is_left_out() {
        assert_eq!(of(&["stx", "company"]), Partnership::None);
        assert_eq!(of(&["company", "stx", "eud"]), Partnership::Horizontal);
        assert_eq!(of(&["company", "stx", "grundskole"]), Partnership::Vertical);
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        assert_eq!(of(&["stx", "?"]), Partnership::Unknown);
        assert_eq!(of(&["?", "company"]), Partnership::Unknown);
        // It is across levels whatever the unknown one is.
        assert_eq!(of(&["stx", "?", "grundskole"]), Partnership::Vertical);
    }
}
