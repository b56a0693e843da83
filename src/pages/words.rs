//! In which language a page speaks: its own words in Danish or English, the questionnaire's in
//! whichever it has.

use crate::messages::{self, Lang};
use crate::surveys::definition::Texts;

#[derive(Debug, Clone)]
pub struct Words {
    /// Of the page's own words.
    pub lang: Lang,
    /// Of the questionnaire's.
    pub shown: String,
}

impl Words {
    /// The language asked for in the address, else the link's, else the browser's, else the
    /// questionnaire's first one.
    pub fn choose(
        offered: &[String],
        asked: Option<&str>,
        link: Option<&str>,
        accepted: &str,
    ) -> Words {
        let offer = |tag: &str| offered.iter().find(|one| one.eq_ignore_ascii_case(tag));
        let shown = asked.and_then(offer).or_else(|| link.and_then(offer));
        let shown = shown.or_else(|| by_browser(offered, accepted)).or(offered.first());
        let shown = shown.cloned().unwrap_or_default();
        Words { lang: own(&shown, accepted), shown }
    }

    /// Where there is no questionnaire.
    pub fn plain(asked: Option<&str>, accepted: &str) -> Words {
        let lang = own(asked.unwrap_or_default(), accepted);
        Words { lang, shown: lang.code().to_string() }
    }

    pub fn t(&self, id: &str) -> String {
        messages::text(self.lang, id, &[])
    }

    pub fn with(&self, id: &str, args: &[(&'static str, String)]) -> String {
        messages::text(self.lang, id, args)
    }

    /// Whether the questionnaire is in another language than the page's own words.
    pub fn foreign(&self) -> bool {
        self.shown.split('-').next() != Some(self.lang.code())
    }

    pub fn of<'a>(&self, texts: &'a Texts) -> &'a str {
        let text = texts.get(&self.shown).or_else(|| texts.values().next());
        text.map(String::as_str).unwrap_or_default()
    }
}

fn own(shown: &str, accepted: &str) -> Lang {
    match shown.split('-').next() {
        Some("da") => Lang::Da,
        Some("en") => Lang::En,
        _ => Lang::accepted(accepted),
    }
}

/// The offered language that an `Accept-Language` header likes best.
fn by_browser<'a>(offered: &'a [String], accepted: &str) -> Option<&'a String> {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let mut best: Option<(f32, &String)> = None;
    for part in accepted.split(',') {
        let mut words = part.split(';').map(str::trim);
        let tag = words.next().unwrap_or_default();
        let quality = words
            .find_map(|word| word.strip_prefix("q="))
            .map_or(1.0, |quality| quality.parse().unwrap_or(0.0));
        let same = offered.iter().find(|one| one.eq_ignore_ascii_case(tag));
        let found = same.or_else(|| offered.iter().find(|one| primary(one) == primary(tag)));
        if let Some(found) = found
            && quality > best.map_or(0.0, |(quality, _)| quality)
        {
            best = Some((quality, found));
        }
    }
    best.map(|(_, found)| found)
}

pub fn is_rtl(tag: &str) -> bool {
    let primary = tag.split('-').next().unwrap_or_default();
    matches!(primary, "ar" | "fa" | "he" | "ur" | "ps" | "ckb" | "dv" | "yi")
}

/// What a language calls itself.
pub fn name(tag: &str) -> &str {
    match tag.split('-').next().unwrap_or_default() {
        "da" => "Dansk",
        "en" => "English",
        "de" => "Deutsch",
        "sv" => "Svenska",
        "no" | "nb" => "Norsk",
        "nn" => "Nynorsk",
        "fo" => "Føroyskt",
        "is" => "Íslenska",
        "kl" => "Kalaallisut",
        "fi" => "Suomi",
        "fr" => "Français",
        "es" => "Español",
        "it" => "Italiano",
        "nl" => "Nederlands",
        "pl" => "Polski",
        "pt" => "Português",
        "ro" => "Română",
        "tr" => "Türkçe",
        "uk" => "Українська",
        "ru" => "Русский",
        "lt" => "Lietuvių",
        "so" => "Soomaali",
        "ar" => "العربية",
        "fa" => "فارسی",
        "ur" => "اردو",
        "vi" => "Tiếng Việt",
        "zh" => "中文",
        _ => tag,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_goes_before_the_link_and_the_link_before_the_browser() {
        let offered = ["da", "en", "pt-BR"].map(String::from);
        let choose = |asked, link, accepted| Words::choose(&offered, asked, link, accepted).shown;
        assert_eq!(choose(Some("en"), Some("da"), "pt"), "en");
        assert_eq!(choose(Some("xx"), Some("en"), "pt"), "en");
        assert_eq!(choose(None, None, "de, pt;q=0.8, en;q=0.5"), "pt-BR");
        assert_eq!(choose(None, None, "de"), "da");
        let words = Words::choose(&offered, Some("pt-BR"), None, "en");
        assert!(words.foreign() && words.lang == Lang::En);
    }
}
