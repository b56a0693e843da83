//! Charts as inline SVG: for print and screen, with nothing loaded and nothing run. The table that
//! a chart is drawn from stands below it.

use std::fmt::Write;

/// From dark to light, so that they differ in grey too.
const FILLS: [&str; 4] = ["#0b3d6b", "#4f93c9", "#b9d4ea", "#e4edf5"];
/// In its own units: as wide as a phone, so that the letters are readable there.
const WIDTH: i64 = 360;
/// A line of a legend or a label.
const LINE: i64 = 18;
/// As many letters of the size that the style gives as fit into the width.
const LETTERS: usize = 46;

/// A line of a bar chart; of each series its length and what is written beside it.
pub struct Bar {
    pub label: String,
    pub values: Vec<(Option<i64>, String)>,
}

/// A column of a column chart: its parts, one on the other.
pub struct Column {
    pub label: String,
    pub parts: Vec<i64>,
    /// Written on top.
    pub text: String,
}

/// What a chart is called, says to those who can't see it, and what its series are.
pub struct Words<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    pub series: &'a [String],
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn open(words: &Words, height: i64) -> String {
    let Words { id, title, description, .. } = words;
    let (title, description) = (escaped(title), escaped(description));
    format!(
        "<svg class=\"chart\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" \
         viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\">\
         <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{description}</desc>"
    )
}

fn fill(series: usize) -> &'static str {
    FILLS[series % FILLS.len()]
}

/// A box of each series' colour with its name, one under the other; nothing for one alone. How high
/// that is.
fn legend(svg: &mut String, series: &[String]) -> i64 {
    if series.len() < 2 {
        return 0;
    }
    let mut y = 0;
    for (at, name) in series.iter().enumerate() {
        let _ = write!(
            svg,
            "<rect x=\"0\" y=\"{y}\" width=\"12\" height=\"12\" fill=\"{}\" \
             stroke=\"#0b3d6b\"/><text x=\"18\" y=\"{}\">{}</text>",
            fill(at),
            y + 11,
            escaped(name)
        );
        y += LINE;
    }
    y + 6
}

fn legend_height(series: &[String]) -> i64 {
    legend(&mut String::new(), series)
}

/// A label in lines that fit, broken between words.
fn lines(label: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in label.split(' ') {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > LETTERS {
            lines.push(word.to_string());
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(0)
}

/// Lying bars, each under its label: labels may be long.
pub fn bars(words: &Words, bars: &[Bar]) -> String {
    const BAR: i64 = 16;
    /// The rest is for what is written beside the longest.
    const ROOM: i64 = 150;
    let each = whole(words.series.len().max(1)) * (BAR + 2);
    let labels: Vec<Vec<String>> = bars.iter().map(|bar| lines(&bar.label)).collect();
    let height = |label: &Vec<String>| whole(label.len()) * LINE + each + 10;
    let top = legend_height(words.series);
    let mut svg = open(words, top + labels.iter().map(height).sum::<i64>());
    legend(&mut svg, words.series);
    let longest = bars.iter().flat_map(|bar| bar.values.iter().filter_map(|(v, _)| *v)).max();
    let longest = longest.unwrap_or(0).max(1);
    let mut y = top;
    for (bar, label) in bars.iter().zip(&labels) {
        for line in label {
            let _ = write!(svg, "<text x=\"0\" y=\"{}\">{}</text>", y + 13, escaped(line));
            y += LINE;
        }
        for (series, (value, text)) in bar.values.iter().enumerate() {
            let length = value.unwrap_or(0).max(0);
            let width = i64::try_from(i128::from(length) * i128::from(ROOM) / i128::from(longest));
            let width = width.unwrap_or(ROOM);
            let _ = write!(
                svg,
                "<rect x=\"0\" y=\"{y}\" width=\"{width}\" height=\"{BAR}\" fill=\"{}\" \
                 stroke=\"#0b3d6b\"/><text x=\"{}\" y=\"{}\">{}</text>",
                fill(series),
                width + 6,
                y + 13,
                escaped(text)
            );
            y += BAR + 2;
        }
        y += 10;
    }
    svg + "</svg>"
}

/// Standing columns, their parts one on the other.
pub fn columns(words: &Words, columns: &[Column]) -> String {
    const ROOM: i64 = 150;
    let top = legend_height(words.series) + 20;
    let step = (WIDTH / whole(columns.len()).max(1)).min(72);
    let width = step * 5 / 8;
    // What would run into its neighbours stands in the table only.
    let fits = columns.iter().all(|one| whole(one.text.chars().count()) * 8 <= step);
    let mut svg = open(words, top + ROOM + 24);
    legend(&mut svg, words.series);
    let highest = columns.iter().map(|one| one.parts.iter().sum::<i64>()).max().unwrap_or(0).max(1);
    let ground = top + ROOM;
    for (index, column) in (0..).zip(columns) {
        let x = index * step + (step - width) / 2;
        let mut y = ground;
        for (series, part) in column.parts.iter().enumerate() {
            let height = i128::from(*part) * i128::from(ROOM) / i128::from(highest);
            let height = i64::try_from(height).unwrap_or(0);
            y -= height;
            let _ = write!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{}\" \
                 stroke=\"#0b3d6b\"/>",
                fill(series)
            );
        }
        let middle = x + width / 2;
        let mut write_at = |y: i64, text: &str| {
            let _ = write!(
                svg,
                "<text x=\"{middle}\" y=\"{y}\" text-anchor=\"middle\">{}</text>",
                escaped(text)
            );
        };
        if fits {
            write_at(y - 5, &column.text);
        }
        write_at(ground + 17, &column.label);
    }
    let _ = write!(
        svg,
        "<line x1=\"0\" y1=\"{ground}\" x2=\"{}\" y2=\"{ground}\" stroke=\"#333\"/></svg>",
        whole(columns.len()).max(1) * step
    );
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_text_and_bars_are_to_scale() {
        let series = ["Beløb".to_string()];
        let words = Words { id: "c", title: "<b>&", description: "\"", series: &series };
        let bar = |label: &str, value| Bar {
            label: label.to_string(),
            values: vec![(value, "tekst".to_string())],
        };
        let svg = bars(&words, &[bar("<script>", Some(100)), bar("b", Some(50)), bar("c", None)]);
        assert!(svg.contains("&lt;script&gt;") && !svg.contains("<script>"), "{svg}");
        assert!(svg.contains("&lt;b&gt;&amp;"), "{svg}");
        for width in ["width=\"150\"", "width=\"75\"", "width=\"0\""] {
            assert!(svg.contains(width), "{width}: {svg}");
        }
    }

    #[test]
    fn what_is_written_stays_inside() {
        let series = ["Forventet".to_string(), "Nået".to_string()];
        let words = Words { id: "c", title: "t", description: "d", series: &series };
        let label = "STEM-kompetencer målrettet nordjyske virksomheders behov (4)".to_string();
        let svg = bars(&words, &[Bar { label, values: vec![(Some(1), "1".to_string())] }]);
        assert!(svg.contains(">STEM-kompetencer målrettet nordjyske<"), "{svg}");
        assert!(svg.contains(">virksomheders behov (4)<"), "{svg}");
        let column = |label: i32| Column {
            label: label.to_string(),
            parts: vec![495_000_000, 0],
            text: "4.950.000".to_string(),
        };
        let five: Vec<Column> = (2019..2024).map(column).collect();
        assert!(columns(&words, &five).contains("4.950.000"));
        let ten: Vec<Column> = (2019..2029).map(column).collect();
        let svg = columns(&words, &ten);
        assert!(!svg.contains("4.950.000") && svg.contains("2028"), "{svg}");
    }
}
