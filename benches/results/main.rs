//! Whether results take as long however many have answered: the same links with few and with very
//! many responses, asked in turns. See README.md beside it.

mod load;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use load::Loaded;
use maaltal::accounts::Caller;
use maaltal::store::{AsOf, Store};
use maaltal::surveys::result_view::By;
use maaltal::surveys::results::{self, Of, Wanted};

const SIZES: [usize; 2] = [1_000, 1_000_000];
const ROUNDS: usize = 5;
/// So often each is asked for in a round.
const TIMES: usize = 4;
/// As a whole, and split up by link.
const SPLITS: [(&str, Option<By>); 2] = [("whole", None), ("by link", Some(By::Link))];

/// A database with so many responses.
struct Place {
    folder: PathBuf,
    loaded: Loaded,
    /// How long each answer took, by split.
    took: [Vec<Duration>; 2],
    /// How long the first took where the newest release of each link had just come, and the first
    /// of a process that was just started.
    first: [Vec<Duration>; 2],
}

fn main() {
    // Cargo itself adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked: Vec<usize> = arguments.iter().filter_map(|text| text.parse().ok()).collect();
    let once = arguments.iter().any(|argument| argument == "once");
    let sizes = if asked.is_empty() { SIZES.to_vec() } else { asked };
    let disk = std::env::var("RESULTS_DISK");
    let disk = disk.unwrap_or_else(|_| env!("CARGO_TARGET_TMPDIR").to_string());
    let mut places: Vec<Place> =
        sizes.iter().map(|size| place(Path::new(&disk), *size, once)).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    for round in 0..=ROUNDS {
        for _ in 0..TIMES {
            for place in &mut places {
                for (split, (_, by)) in SPLITS.iter().enumerate() {
                    let begun = Instant::now();
                    runtime.block_on(ask(&place.loaded.store, &place.loaded, *by));
                    // The first round only warms up.
                    if round > 0 {
                        place.took[split].push(begun.elapsed());
                    }
                }
            }
        }
    }
    for _ in 0..ROUNDS {
        for place in &mut places {
            for (kind, known) in [true, false].into_iter().enumerate() {
                let store = load::open(&place.folder).expect("the database");
                if known {
                    let until = AsOf::at(place.loaded.before_closing);
                    runtime.block_on(read(&store, &place.loaded, None, until));
                }
                let begun = Instant::now();
                runtime.block_on(ask(&store, &place.loaded, None));
                place.first[kind].push(begun.elapsed());
            }
        }
    }
    print(&mut places);
    for place in places {
        drop(place.loaded);
        std::fs::remove_dir_all(&place.folder).unwrap_or_default();
    }
}

fn place(disk: &Path, size: usize, once: bool) -> Place {
    let folder = disk.join(format!("maaltal-results-{}-{size}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let begun = Instant::now();
    let loaded = load::load(&folder, size, once).expect("it loads");
    println!(
        "{} responses to {} links in {:.1} s, {} releases; {} links recounted, {} differ",
        loaded.responses,
        load::LINKS,
        begun.elapsed().as_secs_f64(),
        loaded.releases,
        loaded.recounted,
        loaded.differences
    );
    Place { folder, loaded, took: Default::default(), first: Default::default() }
}

/// What `GET /questionnaires/{id}/results` does, up to the bytes of its body.
async fn ask(store: &Store, loaded: &Loaded, by: Option<By>) {
    let released = read(store, loaded, by, AsOf::NOW).await;
    assert_eq!(released, loaded.responses as i64, "all are released");
}

/// How many responses were released by then.
async fn read(store: &Store, loaded: &Loaded, by: Option<By>, as_of: AsOf) -> i64 {
    let wanted = Wanted { by, as_of, now: loaded.now };
    let of = Of::Questionnaire(loaded.questionnaire);
    let results = results::fresh(store, &Caller::Operator, of, wanted).await.expect("results");
    std::hint::black_box(serde_json::to_vec(&results).expect("JSON"));
    results.responses[0].responses
}

fn print(places: &mut [Place]) {
    println!(
        "\n| results | responses | releases | least ms | middle ms | most ms | of the fewest |"
    );
    println!("|---|---|---|---|---|---|---|");
    let names = SPLITS.map(|(name, _)| name);
    let names = names.into_iter().chain(["first after a release", "first after a start"]);
    for (row, name) in names.enumerate() {
        let mut base = None;
        for place in places.iter_mut() {
            let took = place.took.iter_mut().chain(&mut place.first).nth(row).expect("a row");
            took.sort_unstable();
            let ms = |at: usize| took[at].as_secs_f64() * 1e3;
            let middle = ms(took.len() / 2);
            println!(
                "| {name} | {} | {} | {:.2} | {middle:.2} | {:.2} | {:.2} |",
                place.loaded.responses,
                place.loaded.releases,
                ms(0),
                ms(took.len() - 1),
                middle / *base.get_or_insert(middle)
            );
        }
    }
}
