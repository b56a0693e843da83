//! What is looked for in what is stored, and all that is stored, as text.

use std::net::Ipv4Addr;

use maaltal::clock::At;
use maaltal::store::{Conn, Store};

use crate::words::words;

/// What is known of those who answered, each in all the forms in which it could be kept.
pub struct Traces {
    /// A name to tell it by, and the bytes.
    parts: Vec<(String, Vec<u8>)>,
    begun: At,
    ended: At,
}

impl Traces {
    pub fn new(begun: At, ended: At) -> Traces {
        let mut traces = Traces { parts: Vec::new(), begun, ended };
        // As the log, the JSON and PostgreSQL write a minute, in UTC.
        for minute in begun.seconds() / 60..=ended.seconds() / 60 {
            let at = At::from_micros(minute * 60_000_000).expect("a minute").utc();
            traces.text(&at.format("%Y-%m-%d %H:%M:").to_string());
            traces.text(&at.format("%Y-%m-%dT%H:%M:").to_string());
        }
        traces
    }

    pub fn text(&mut self, text: &str) {
        self.parts.push((text.to_string(), text.as_bytes().to_vec()));
    }

    pub fn address(&mut self, address: Ipv4Addr) {
        self.text(&address.to_string());
        self.bytes(&format!("bytes of {address}"), &address.octets());
    }

    /// As they are, and as text shows them.
    pub fn bytes(&mut self, name: &str, bytes: &[u8]) {
        self.parts.push((name.to_string(), bytes.to_vec()));
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.parts.push((format!("{name}, in lower case"), hex.clone().into_bytes()));
        self.parts.push((format!("{name}, in upper case"), hex.to_uppercase().into_bytes()));
    }

    pub fn id(&mut self, id: uuid::Uuid) {
        self.text(&id.to_string());
        self.bytes(&format!("bytes of {id}"), id.as_bytes());
    }

    /// All that is found, each with the place.
    pub fn found_in(&self, place: &str, bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        // Most positions begin none of the parts.
        let mut beginning = vec![Vec::new(); 1 << 16];
        for (name, part) in &self.parts {
            beginning[pair(part)].push((name, part));
        }
        for position in 0..bytes.len().saturating_sub(1) {
            let rest = &bytes[position..];
            let here = beginning[pair(rest)].iter().filter(|(_, part)| rest.starts_with(part));
            found.extend(here.map(|(name, _)| format!("{place}: {name}")));
        }
        for window in bytes.windows(8) {
            let window: [u8; 8] = window.try_into().expect("eight bytes");
            for number in [i64::from_be_bytes(window), i64::from_le_bytes(window)] {
                if self.is_moment(number) {
                    found.push(format!("{place}: the moment {number} in 8 bytes"));
                }
            }
        }
        // SQLite keeps milliseconds in 6 bytes.
        for window in bytes.windows(6) {
            let number = window.iter().fold(0, |number, byte| number << 8 | i64::from(*byte));
            if self.is_moment(number) {
                found.push(format!("{place}: the moment {number} in 6 bytes"));
            }
        }
        for digits in bytes.split(|byte| !byte.is_ascii_digit()) {
            let number = std::str::from_utf8(digits).ok().and_then(|text| text.parse().ok());
            if number.is_some_and(|number| self.is_moment(number) || self.is_second(number)) {
                found.push(format!("{place}: the moment {number:?} in digits"));
            }
        }
        found
    }

    /// In micro- or milliseconds since 1970 or, as PostgreSQL counts, since 2000.
    fn is_moment(&self, number: i64) -> bool {
        const YEAR_2000: i64 = 946_684_800_000_000;
        let micros = self.begun.micros()..=self.ended.micros();
        micros.contains(&number)
            || micros.contains(&number.saturating_add(YEAR_2000))
            || micros.contains(&number.saturating_mul(1_000))
    }

    fn is_second(&self, number: i64) -> bool {
        (self.begun.seconds()..=self.ended.seconds()).contains(&number)
    }
}

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

pub fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Every table with all its rows, as the engine writes them.
pub fn dump(store: &Store) -> String {
    let is_sqlite = store.engine() == maaltal::store::Engine::Sqlite;
    let tables = words(
        store,
        if is_sqlite {
            "SELECT name AS words FROM sqlite_master WHERE type = 'table'"
        } else {
            "SELECT tablename::text AS words FROM pg_tables WHERE schemaname = 'public'"
        },
    );
    assert!(tables.iter().any(|table| table == "responses"), "{tables:?}");
    let mut all = String::new();
    for table in tables {
        all.push_str(&format!("\n{table}\n"));
        let query = if is_sqlite {
            let columns = format!(
                "SELECT 'quote(\"' || name || '\")' AS words FROM pragma_table_info('{table}')"
            );
            let row = words(store, &columns).join(" || ' ' || ");
            format!("SELECT {row} AS words FROM \"{table}\"")
        } else {
            format!("SELECT t::text AS words FROM {table} t")
        };
        all.push_str(&words(store, &query).join("\n"));
    }
    all
}

/// Commands that change what a test looks at.
pub fn run(store: &Store, commands: &str) {
    use diesel::connection::SimpleConnection;
    let done = store.write_batch_here(|db| {
        match db.conn() {
            Conn::Sqlite(c) => c.batch_execute(commands)?,
            Conn::Postgres(c) => c.batch_execute(commands)?,
        }
        Ok(())
    });
    done.unwrap_or_else(|error| panic!("{commands}: {error}"));
}

#[test]
fn what_is_there_is_found() {
    let at = |micros: i64| At::from_micros(micros).expect("a moment");
    let (begun, ended) = (1_700_000_000_000_000, 1_700_000_002_000_000);
    let mut traces = Traces::new(at(begun), at(ended));
    traces.address(Ipv4Addr::new(127, 0, 0, 77));
    traces.text("Kikkert");
    let micros = begun + 700_000;
    let since_2000 = micros - 946_684_800_000_000;
    let planted: Vec<Vec<u8>> = vec![
        b"x127.0.0.77".to_vec(),
        b"x7f00004d".to_vec(),
        b"xX'7F00004D'".to_vec(),
        vec![1, 127, 0, 0, 77],
        b"Kikkert/7".to_vec(),
        b"2023-11-14 22:13:20.7+00".to_vec(),
        b"2023-11-14T22:13:20Z".to_vec(),
        micros.to_be_bytes().to_vec(),
        micros.to_le_bytes().to_vec(),
        since_2000.to_be_bytes().to_vec(),
        (micros / 1_000).to_be_bytes()[2..].to_vec(),
        format!("at {micros}").into_bytes(),
        format!("at {} ", micros / 1_000).into_bytes(),
        format!("at {} ", micros / 1_000_000).into_bytes(),
    ];
    for bytes in planted {
        assert!(!traces.found_in("here", &bytes).is_empty(), "{bytes:?}");
    }
    let harmless = format!("127.0.0.7 2023-11-14 {} Kikker", begun - 60_000_000);
    assert_eq!(traces.found_in("here", harmless.as_bytes()), Vec::<String>::new());
}
