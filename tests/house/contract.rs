//! `openapi.yaml` is the contract, and it is what the code writes.

use std::collections::BTreeSet;

use serde_json::Value;

use super::source::{none, read};

fn written() -> Value {
    serde_json::to_value(maaltal::app::openapi()).expect("JSON")
}

#[test]
fn the_file_is_what_the_code_writes() {
    let code = maaltal::app::openapi().to_yaml().expect("YAML");
    let file = read("openapi.yaml");
    if file.trim_end() != code.trim_end() {
        let differs = file.lines().zip(code.lines()).position(|(file, code)| file != code);
        let line = differs.map_or("its end".to_string(), |line| format!("line {}", line + 1));
        panic!("openapi.yaml differs from {line} on: cargo run -- openapi > openapi.yaml");
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                found.insert(reference.clone());
            }
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let contract = written();
    let mut found = BTreeSet::new();
    references(&contract, &mut found);
    assert!(!found.is_empty());
    let dead = found.into_iter().filter(|reference| {
        reference.strip_prefix('#').is_none_or(|pointer| contract.pointer(pointer).is_none())
    });
    none(dead.collect(), "references of openapi.yaml that lead nowhere");
}

/// Every operation with its address.
fn operations(contract: &Value) -> Vec<(String, String, &Value)> {
    let mut operations = Vec::new();
    for (path, methods) in contract["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            operations.push((method.to_uppercase(), path.clone(), operation));
        }
    }
    operations
}

#[test]
fn every_part_of_a_path_is_described() {
    let contract = written();
    let mut wrong = Vec::new();
    for (method, path, operation) in operations(&contract) {
        let in_path: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let none = Vec::new();
        let described: BTreeSet<&str> = operation["parameters"]
            .as_array()
            .unwrap_or(&none)
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        if in_path != described {
            wrong.push(format!("{method} {path} describes {described:?}"));
        }
    }
    none(wrong, "path parameters");
}

#[test]
fn every_operation_is_told() {
    let contract = written();
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for (method, path, operation) in operations(&contract) {
        let at = format!("{method} {path}");
        match operation["operationId"].as_str() {
            Some(name) if names.insert(name) => {}
            Some(name) => wrong.push(format!("{at}: another operation is called {name} too")),
            None => wrong.push(format!("{at} has no operationId")),
        }
        if operation["summary"].as_str().unwrap_or_default().trim().is_empty() {
            wrong.push(format!("{at} has no doc comment"));
        }
        let responses = operation["responses"].as_object().expect("responses");
        if !responses.keys().any(|status| status.starts_with('2')) {
            wrong.push(format!("{at} never succeeds"));
        }
        if path.starts_with("/api/") && !responses.contains_key("default") {
            wrong.push(format!("{at} has no problem to answer with"));
        }
        let creates = method == "POST" && responses.contains_key("201");
        let takes = |name: &str| {
            let parameters = operation["parameters"].as_array();
            parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == name))
        };
        // An account that is made from an invitation is made once by the invitation itself, a
        // response by the id that its form made, and whatever a version that was seen is made of
        // by that version.
        let once = path.ends_with("/accept") || path.ends_with("/responses") || takes("If-Match");
        if creates && !once && !takes("Idempotency-Key") {
            wrong.push(format!("{at} creates and takes no Idempotency-Key"));
        }
    }
    none(wrong, "operations of openapi.yaml");
}
