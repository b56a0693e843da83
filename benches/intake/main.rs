//! How fast answers are taken in: the durable intake against an endpoint that stores nothing and
//! against one transaction for each request, in one run, interleaved. See README.md beside it.

mod load;
mod postgres;
mod report;
mod server;

use std::path::{Path, PathBuf};
use std::time::Duration;

use load::Server;
use report::{Report, Sample};

const ROUNDS: usize = 5;
const CONNECTIONS: &[usize] = &[64, 256];
const ENDPOINTS: [Endpoint; 3] = [Endpoint::NoStore, Endpoint::Durable, Endpoint::Naive];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// The same reading and checking, and nothing is kept.
    NoStore,
    /// The product.
    Durable,
    /// One transaction for each request.
    Naive,
}

/// Where the database lies.
struct Medium {
    name: &'static str,
    folder: PathBuf,
    /// A library that makes each sync slower.
    preload: Option<PathBuf>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [command, place, doors @ ..] if command == "serve" => server::run(place, doors),
        arguments if arguments.iter().any(|argument| argument == "postgres") => postgres::run(),
        _ => sqlite(),
    }
}

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// How long a phase lasts. The first round only warms up.
fn span(round: usize) -> Duration {
    let seconds = setting("INTAKE_SECONDS").and_then(|text| text.parse().ok()).unwrap_or(2.0);
    Duration::from_secs_f64(if round == 0 { 0.5 } else { seconds })
}

fn rounds() -> usize {
    setting("INTAKE_ROUNDS").and_then(|text| text.parse().ok()).unwrap_or(ROUNDS)
}

/// How many at a time, one after the other.
fn connections() -> Vec<usize> {
    let only = setting("INTAKE_CONNECTIONS").and_then(|text| text.parse().ok());
    only.map_or(CONNECTIONS.to_vec(), |only| vec![only])
}

fn sqlite() {
    let disk = setting("INTAKE_DISK").unwrap_or_else(|| env!("CARGO_TARGET_TMPDIR").to_string());
    let mut media = media(Path::new(&disk));
    if let Some(only) = setting("INTAKE_MEDIUM") {
        media.retain(|medium| medium.name == only);
    }
    let servers: Vec<Server> = media
        .iter()
        .map(|medium| {
            let place = medium.folder.to_str().expect("UTF-8");
            let doors = server::seed(place, 1).expect("a link");
            Server::start(place, &doors, medium.preload.as_deref())
        })
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut report = Report::default();
    for round in 0..=rounds() {
        for (medium, server) in media.iter().zip(&servers) {
            for connections in connections() {
                for endpoint in ENDPOINTS {
                    server.forget_peak();
                    let servers = std::slice::from_ref(server);
                    let run = load::run(servers, endpoint, connections, span(round));
                    let run = runtime.block_on(run);
                    if round > 0 {
                        let peak = server.peak();
                        report.add(medium.name, connections, Sample { endpoint, run, peak });
                    }
                }
            }
        }
        eprintln!("round {round} of {}", rounds());
    }
    for medium in &media {
        let sync = probe(&medium.folder);
        let emulated = if medium.preload.is_some() { " and 1 ms of emulated sync" } else { "" };
        println!("{}: a sync of 4 kB takes {sync:.3} ms in the middle{emulated}", medium.name);
    }
    report.print();
    drop(servers);
    for medium in &media {
        std::fs::remove_dir_all(&medium.folder).unwrap_or_default();
    }
}

fn media(disk: &Path) -> Vec<Medium> {
    let folder = |below: &Path, name: &str| {
        let folder = below.join(format!("maaltal-intake-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    };
    let memory = Path::new("/dev/shm");
    let slow = folder(memory, "slow");
    let preload = slow_sync(&slow);
    let mut media = vec![
        Medium { name: "disk", folder: folder(disk, "disk"), preload: None },
        Medium { name: "tmpfs", folder: folder(memory, "tmpfs"), preload: None },
    ];
    match preload {
        Some(preload) => {
            media.push(Medium { name: "tmpfs + 1 ms", folder: slow, preload: Some(preload) });
        }
        None => eprintln!("no C compiler: without the emulated sync"),
    }
    media
}

/// A library whose syncs take a millisecond longer than those of the system.
fn slow_sync(folder: &Path) -> Option<PathBuf> {
    const SOURCE: &str = "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <unistd.h>\n\
        int fsync(int f) { int (*n)(int) = dlsym(RTLD_NEXT, \"fsync\"); usleep(1000); \
        return n(f); }\n\
        int fdatasync(int f) { int (*n)(int) = dlsym(RTLD_NEXT, \"fdatasync\"); usleep(1000); \
        return n(f); }\n";
    let (source, library) = (folder.join("slow.c"), folder.join("slow.so"));
    std::fs::write(&source, SOURCE).ok()?;
    let mut compiler = std::process::Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O2", "-o"]).arg(&library).arg(&source).arg("-ldl");
    compiler.status().ok()?.success().then_some(library)
}

/// Milliseconds that a sync takes there, the middle one of many.
fn probe(folder: &Path) -> f64 {
    use std::io::Write;
    let mut file = std::fs::File::create(folder.join("probe")).expect("a file");
    let mut took: Vec<Duration> = (0..200)
        .map(|_| {
            file.write_all(&[7; 4096]).expect("a block");
            let begun = std::time::Instant::now();
            file.sync_data().expect("a sync");
            begun.elapsed()
        })
        .collect();
    took.sort_unstable();
    took[took.len() / 2].as_secs_f64() * 1e3
}
