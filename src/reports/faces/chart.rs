//! Charts as inline SVG: for print and screen, with nothing loaded and nothing run. The table that
//! a chart is drawn from stands below it.

use std::fmt::Write;

/// From dark to light, so that they differ in grey too.
const FILLS: [&str; 4] = ["#0b3d6b", "#4f93c9", "#b9d4ea", "#e4edf5"];
const WIDTH: i64 = 640;

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

/// A box of each series' colour with its name; nothing for one alone.
fn legend(svg: &mut String, series: &[String], y: i64) -> i64 {
    if series.len() < 2 {
        return 0;
    }
    let mut x = 0;
    for (at, name) in series.iter().enumerate() {
        let _ = write!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"12\" height=\"12\" fill=\"{}\" stroke=\"#0b3d6b\"/>\
             <text x=\"{}\" y=\"{}\">{}</text>",
            fill(at),
            x + 18,
            y + 11,
            escaped(name)
        );
        x += 40 + 7 * i64::try_from(name.chars().count()).unwrap_or(0);
    }
    24
}

/// Lying bars, each under its label: labels may be long.
pub fn bars(words: &Words, bars: &[Bar]) -> String {
    const BAR: i64 = 16;
    const ROOM: i64 = 440;
    let each = 1.max(i64::try_from(words.series.len()).unwrap_or(1));
    let row = 20 + each * (BAR + 2) + 10;
    let rows = i64::try_from(bars.len()).unwrap_or(0);
    let top = if words.series.len() > 1 { 24 } else { 0 };
    let mut svg = open(words, top + rows * row);
    legend(&mut svg, words.series, 0);
    let longest = bars.iter().flat_map(|bar| bar.values.iter().filter_map(|(v, _)| *v)).max();
    let longest = longest.unwrap_or(0).max(1);
    for (index, bar) in (0..).zip(bars) {
        let y = top + index * row;
        let _ = write!(svg, "<text x=\"0\" y=\"{}\">{}</text>", y + 14, escaped(&bar.label));
        for (series, (value, text)) in bar.values.iter().enumerate() {
            let y = y + 20 + i64::try_from(series).unwrap_or(0) * (BAR + 2);
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
        }
    }
    svg + "</svg>"
}

/// Standing columns, their parts one on the other.
pub fn columns(words: &Words, columns: &[Column]) -> String {
    const ROOM: i64 = 180;
    let top = 24;
    let count = i64::try_from(columns.len()).unwrap_or(0).max(1);
    let step = (WIDTH / count).min(128);
    let width = step * 5 / 8;
    let mut svg = open(words, top + 20 + ROOM + 24);
    legend(&mut svg, words.series, 0);
    let highest = columns.iter().map(|one| one.parts.iter().sum::<i64>()).max().unwrap_or(0).max(1);
    let ground = top + 20 + ROOM;
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
        let _ = write!(
            svg,
            "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>\
             <text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            y - 5,
            escaped(&column.text),
            ground + 17,
            escaped(&column.label)
        );
    }
    let _ = write!(
        svg,
        "<line x1=\"0\" y1=\"{ground}\" x2=\"{}\" y2=\"{ground}\" stroke=\"#333\"/></svg>",
        count * step
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
        for width in ["width=\"440\"", "width=\"220\"", "width=\"0\""] {
            assert!(svg.contains(width), "{width}: {svg}");
        }
    }
}
