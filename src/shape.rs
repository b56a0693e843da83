//! JSON read into a type: what doesn't fit, told with a pointer to it.

pub mod misfit;
mod rules;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub use rules::held;

use crate::error::Fault;

/// The value as its type, or the first thing in it that is not of that type.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Fault> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = pointer_to(error.path());
        fault(&pointer, &error.into_inner().to_string())
    })
}

/// A name as a JSON pointer writes it.
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that a JSON pointer writes so.
pub fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

fn pointer_to(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escaped(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// serde names the field of a missing or unknown one in its message only.
fn fault(pointer: &str, message: &str) -> Fault {
    let named = |rest: &str| rest.split('`').next().map(str::to_string);
    if let Some(name) = message.strip_prefix("missing field `").and_then(named) {
        return Fault::at(format!("{pointer}/{}", escaped(&name)), "required");
    }
    if let Some(name) = message.strip_prefix("unknown field `").and_then(named) {
        let last = format!("/{}", escaped(&name));
        let pointer = pointer.strip_suffix(&last).unwrap_or(pointer);
        return Fault::at(format!("{pointer}{last}"), "unknown_field");
    }
    misfit::fault(pointer, message)
}
