//! The table.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Endpoint;
use super::load::Run;

/// One endpoint in one round.
pub struct Sample {
    pub endpoint: Endpoint,
    pub run: Run,
    pub peak: f64,
}

#[derive(Default)]
pub struct Report(BTreeMap<(&'static str, usize), BTreeMap<Endpoint, Vec<Sample>>>);

impl Report {
    pub fn add(&mut self, medium: &'static str, connections: usize, sample: Sample) {
        let place = self.0.entry((medium, connections)).or_default();
        place.entry(sample.endpoint).or_default().push(sample);
    }

    pub fn print(&self) {
        println!(
            "| medium | connections | endpoint | answers/s | p50 ms | p99 ms | peak MB | 503 | failed |"
        );
        println!("|---|---|---|---|---|---|---|---|---|");
        for ((medium, connections), endpoints) in &self.0 {
            for (endpoint, samples) in endpoints {
                let rate = middle(samples.iter().map(rate).collect());
                let mut took: Vec<Duration> =
                    samples.iter().flat_map(|sample| sample.run.took.iter().copied()).collect();
                took.sort_unstable();
                let peak = samples.iter().map(|sample| sample.peak).fold(0.0, f64::max);
                let refused: usize = samples.iter().map(|sample| sample.run.refused).sum();
                let failed: usize = samples.iter().map(|sample| sample.run.failed).sum();
                println!(
                    "| {medium} | {connections} | {endpoint:?} | {rate:.0} | {:.1} | {:.1} | \
                     {peak:.0} | {refused} | {failed} |",
                    percentile(&took, 0.5),
                    percentile(&took, 0.99)
                );
            }
        }
        println!("\n| medium | connections | durable / no-store | durable / naive |");
        println!("|---|---|---|---|");
        for ((medium, connections), endpoints) in &self.0 {
            let ratio = |to: Endpoint| {
                let Some(others) = endpoints.get(&to) else { return "–".to_string() };
                let pairs = endpoints[&Endpoint::Durable].iter().zip(others);
                let ratios: Vec<f64> = pairs.map(|(one, other)| rate(one) / rate(other)).collect();
                let (least, most) =
                    ratios.iter().fold((f64::MAX, 0.0_f64), |(l, m), r| (l.min(*r), m.max(*r)));
                format!("{:.2} ({least:.2} to {most:.2})", middle(ratios))
            };
            println!(
                "| {medium} | {connections} | {} | {} |",
                ratio(Endpoint::NoStore),
                ratio(Endpoint::Naive)
            );
        }
    }
}

fn rate(sample: &Sample) -> f64 {
    sample.run.took.len() as f64 / sample.run.seconds
}

fn middle(mut of: Vec<f64>) -> f64 {
    of.sort_unstable_by(f64::total_cmp);
    of[of.len() / 2]
}

fn percentile(sorted: &[Duration], share: f64) -> f64 {
    let at = (sorted.len() as f64 * share) as usize;
    sorted.get(at).map_or(f64::NAN, |took| took.as_secs_f64() * 1e3)
}
