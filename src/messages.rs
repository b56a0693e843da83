//! What people read, in Danish and English, from `locales/`.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Da,
    En,
}

impl Lang {
    pub fn code(self) -> &'static str {
        match self {
            Lang::Da => "da",
            Lang::En => "en",
        }
    }

    /// The best of the two by an `Accept-Language` header; Danish when neither is asked for.
    pub fn accepted(header: &str) -> Lang {
        let mut best = (0.0, Lang::Da);
        for part in header.split(',') {
            let mut words = part.split(';').map(str::trim);
            let lang = match words.next().unwrap_or("").get(..2) {
                Some(tag) if tag.eq_ignore_ascii_case("da") => Lang::Da,
                Some(tag) if tag.eq_ignore_ascii_case("en") => Lang::En,
                _ => continue,
            };
            let quality = words
                .find_map(|word| word.strip_prefix("q="))
                .map_or(1.0, |quality| quality.parse().unwrap_or(0.0));
            if quality > best.0 {
                best = (quality, lang);
            }
        }
        best.1
    }
}

macro_rules! files {
    ($lang:literal) => {
        [
            include_str!(concat!("../locales/", $lang, "/problems.ftl")),
            include_str!(concat!("../locales/", $lang, "/accounts.ftl")),
            include_str!(concat!("../locales/", $lang, "/programmes.ftl")),
            include_str!(concat!("../locales/", $lang, "/projects.ftl")),
            include_str!(concat!("../locales/", $lang, "/participation.ftl")),
            include_str!(concat!("../locales/", $lang, "/surveys.ftl")),
            include_str!(concat!("../locales/", $lang, "/links.ftl")),
            include_str!(concat!("../locales/", $lang, "/indicators.ftl")),
            include_str!(concat!("../locales/", $lang, "/pages.ftl")),
        ]
    };
}

static DA: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle(langid!("da"), &files!("da")));
static EN: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle(langid!("en"), &files!("en")));

fn bundle(lang: LanguageIdentifier, files: &[&str]) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![lang]);
    bundle.set_use_isolating(false);
    for file in files {
        // A file that doesn't parse is found by the tests below; the rest of it still speaks.
        let resource = match FluentResource::try_new((*file).to_string()) {
            Ok(resource) => resource,
            Err((resource, _)) => resource,
        };
        let _ = bundle.add_resource(resource);
    }
    bundle
}

/// The message with that id, or the id itself where none is written.
pub fn text(lang: Lang, id: &str, args: &[(&'static str, String)]) -> String {
    let bundle = match lang {
        Lang::Da => &*DA,
        Lang::En => &*EN,
    };
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        return id.to_string();
    };
    let mut values = FluentArgs::new();
    for (name, value) in args {
        match *name {
            // As a number, so that one second is not some seconds.
            "seconds" | "decimals" => values.set(*name, FluentValue::try_number(value)),
            _ => values.set(*name, value.as_str()),
        }
    }
    bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
}

/// Whether a message is written: the tests hold every code to that.
pub fn is_written(lang: Lang, id: &str) -> bool {
    match lang {
        Lang::Da => DA.has_message(id),
        Lang::En => EN.has_message(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn ids(files: &[&str]) -> BTreeSet<String> {
        files
            .iter()
            .flat_map(|file| file.lines())
            .filter_map(|line| line.split_once(" ="))
            .filter(|(id, _)| !id.starts_with([' ', '#']))
            .map(|(id, _)| id.to_string())
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(ids(&files!("da")), ids(&files!("en")));
    }

    #[test]
    fn no_key_stands_twice() {
        for files in [files!("da"), files!("en")] {
            let keys = files.iter().map(|file| ids(&[file]).len()).sum::<usize>();
            let lines = files.iter().flat_map(|file| file.lines());
            let written = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
            assert_eq!((keys, written.count()), (ids(&files).len(), ids(&files).len()));
        }
    }

    #[test]
    fn danish_quotation_marks_are_danish() {
        for file in files!("da") {
            let foreign = file.lines().find(|line| line.contains(['\u{201c}', '\u{201d}']));
            assert_eq!(foreign, None);
        }
    }

    #[test]
    fn a_text_counts_in_its_language() {
        let wait = |lang, seconds: &str| {
            text(lang, "problem-slow-down", &[("seconds", seconds.to_string())])
        };
        assert_eq!(wait(Lang::Da, "1"), "For mange forsøg. Vent 1 sekund.");
        assert_eq!(wait(Lang::Da, "30"), "For mange forsøg. Vent 30 sekunder.");
        assert_eq!(wait(Lang::En, "1"), "Too many tries. Wait 1 second.");
        let number = |of: &str| {
            let args = [("min", "2"), ("max", "11"), ("of", of)];
            text(Lang::Da, "fault-number-of", &args.map(|(name, value)| (name, value.to_string())))
        };
        assert_eq!(
            number("steps"),
            "Her skal være fra 2 til 11 svarmuligheder ud over »ved ikke«."
        );
        assert_eq!(number("options"), "Her skal være fra 2 til 11 svarmuligheder.");
    }

    #[test]
    fn every_file_parses() {
        for file in files!("da").iter().chain(&files!("en")) {
            if let Err((_, errors)) = FluentResource::try_new((*file).to_string()) {
                panic!("{errors:?} in {file}");
            }
        }
    }

    #[test]
    fn the_language_asked_for_first_wins() {
        assert_eq!(Lang::accepted("en-GB,en;q=0.9,da;q=0.8"), Lang::En);
        assert_eq!(Lang::accepted("da, en;q=0.5"), Lang::Da);
        assert_eq!(Lang::accepted("de-DE,fr"), Lang::Da);
        assert_eq!(Lang::accepted("de, en;q=0.1"), Lang::En);
        assert_eq!(Lang::accepted(""), Lang::Da);
    }
}
