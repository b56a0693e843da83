//! `openapi.yaml`, to which every request that is sent and every answer that comes is held.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::call::{Answer, Sent};

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml");
    let text = std::fs::read_to_string(path).expect("openapi.yaml");
    let document = yaml_serde::from_str(&text).expect("openapi.yaml is YAML");
    Contract { document, validators: Mutex::default() }
});

struct Contract {
    document: Value,
    /// By the place of the schema in the document; compiling one takes longer than using it.
    validators: Mutex<HashMap<String, std::sync::Arc<Validator>>>,
}

/// One operation and where it stands.
struct Operation<'a> {
    pointer: String,
    template: &'a str,
    value: &'a Value,
}

/// Every operation of the contract as method and path template.
pub fn operations() -> Vec<(String, String)> {
    let paths = CONTRACT.document["paths"].as_object().expect("paths");
    let of = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().expect("methods");
        methods.keys().map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

/// All that the contract has against a request.
pub fn faults_of_request(sent: &Sent) -> Vec<String> {
    let Some(operation) = CONTRACT.find(&sent.method, sent.path()) else {
        return vec!["no such operation".to_string()];
    };
    let mut faults = CONTRACT.faults_of_parameters(&operation, sent);
    let body = &operation.value["requestBody"];
    match (body.is_null(), &sent.body) {
        (true, Some(_)) => faults.push("a body that the contract does not take".to_string()),
        (true, None) => {}
        (false, None) => {
            if body["required"] == true {
                faults.push("the body is missing".to_string());
            }
        }
        (false, Some(bytes)) => {
            let at = format!("{}/requestBody", operation.pointer);
            faults.extend(CONTRACT.faults_of_content(&at, sent.header("content-type"), bytes));
        }
    }
    faults
}

/// All that the contract has against an answer.
pub fn faults_of_answer(sent: &Sent, answer: &Answer) -> Vec<String> {
    let kind = answer.header("content-type");
    let Some(operation) = CONTRACT.find(&sent.method, sent.path()) else {
        // Where nothing is there is a problem, in the same shape as everywhere.
        let problem = "/components/schemas/Problem";
        return CONTRACT.faults_of_json(problem, &answer.body).into_iter().collect();
    };
    let status = answer.status.to_string();
    let responses = operation.value["responses"].as_object().expect("responses");
    let key = if responses.contains_key(&status) { status.as_str() } else { "default" };
    if key == "default" && answer.status < 400 || !responses.contains_key(key) {
        return vec![format!("a status of {status}, which the contract does not tell of")];
    }
    let at = format!("{}/responses/{key}", operation.pointer);
    if responses[key]["content"].is_null() {
        let empty = answer.body.is_empty();
        return if empty { Vec::new() } else { vec!["a body where none is told of".to_string()] };
    }
    CONTRACT.faults_of_content(&at, kind, &answer.body)
}

impl Contract {
    /// The operation at an address; a literal part of a template wins over a parameter.
    fn find(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let paths = self.document["paths"].as_object()?;
        let mut fitting: Vec<_> = paths.iter().filter(|(one, _)| fits(one, path)).collect();
        fitting.sort_by_key(|(template, _)| template.matches('{').count());
        let method = method.to_lowercase();
        let (template, methods) =
            fitting.into_iter().find(|(_, methods)| methods.get(&method).is_some())?;
        let value = methods.get(&method)?;
        let pointer = format!("/paths/{}/{method}", template.replace('~', "~0").replace('/', "~1"));
        Some(Operation { pointer, template, value })
    }

    fn faults_of_parameters(&self, operation: &Operation, sent: &Sent) -> Vec<String> {
        let none = Vec::new();
        let described = operation.value["parameters"].as_array().unwrap_or(&none);
        let mut faults = Vec::new();
        let query = sent.query();
        for (index, parameter) in described.iter().enumerate() {
            let name = parameter["name"].as_str().expect("a name");
            let value = match parameter["in"].as_str() {
                Some("query") => query.iter().find(|(one, _)| one == name).map(|(_, v)| v.clone()),
                Some("header") => sent.header(name).map(str::to_string),
                _ => part_of_path(operation.template, sent.path(), name),
            };
            let at = format!("{}/parameters/{index}/schema", operation.pointer);
            match value {
                None if parameter["required"] == true => faults.push(format!("{name} is missing")),
                None => {}
                Some(value) => faults.extend(
                    self.faults_of_text(&at, &value).map(|fault| format!("{name}: {fault}")),
                ),
            }
        }
        let known = |name: &str| {
            described.iter().any(|one| one["in"] == "query" && one["name"].as_str() == Some(name))
        };
        let unknown = query.iter().filter(|(name, _)| !known(name));
        faults.extend(unknown.map(|(name, _)| format!("{name} is no query parameter")));
        faults
    }

    fn faults_of_content(&self, at: &str, kind: Option<&str>, body: &[u8]) -> Vec<String> {
        let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
        let escaped = kind.replace('/', "~1");
        let place = format!("{at}/content/{escaped}");
        let Some(content) = self.document.pointer(&place) else {
            return vec![format!("content of type {kind:?}, which the contract does not tell of")];
        };
        let is_json = kind.ends_with("json") && !content["schema"].is_null();
        if is_json {
            self.faults_of_json(&format!("{place}/schema"), body).into_iter().collect()
        } else {
            Vec::new()
        }
    }

    fn faults_of_json(&self, schema: &str, body: &[u8]) -> Option<String> {
        match serde_json::from_slice(body) {
            Ok(value) => self.fault(schema, &value),
            Err(error) => Some(format!("not JSON: {error}")),
        }
    }

    /// A value in an address is text, and may be meant as a figure.
    fn faults_of_text(&self, schema: &str, text: &str) -> Option<String> {
        let fault = self.fault(schema, &json!(text))?;
        let meant: Option<Value> = serde_json::from_str(text).ok();
        match meant {
            Some(value) => self.fault(schema, &value),
            None => Some(fault),
        }
    }

    fn fault(&self, schema: &str, value: &Value) -> Option<String> {
        let validator = self.validator(schema);
        let faults: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{}: {}", error.instance_path(), error.masked()))
            .collect();
        (!faults.is_empty()).then(|| faults.join("; "))
    }

    fn validator(&self, place: &str) -> std::sync::Arc<Validator> {
        let mut validators = self.validators.lock().expect("the validators");
        let made = validators.entry(place.to_string()).or_insert_with(|| {
            let schema = self.document.pointer(place).unwrap_or_else(|| panic!("no {place}"));
            // The components come along, so that references into them lead somewhere.
            let root = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "allOf": [schema],
                "components": self.document["components"],
            });
            let options = jsonschema::options().should_validate_formats(true);
            let validator = options.build(&root);
            validator.unwrap_or_else(|error| panic!("the schema at {place}: {error}")).into()
        });
        made.clone()
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (mut parts, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (parts.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part.starts_with('{') && !given.is_empty() => {}
            (Some(part), Some(given)) if part == given => {}
            _ => return false,
        }
    }
}

fn part_of_path(template: &str, path: &str, name: &str) -> Option<String> {
    let wanted = format!("{{{name}}}");
    let mut parts = template.split('/').zip(path.split('/'));
    parts.find(|(part, _)| *part == wanted).map(|(_, given)| super::call::decoded(given))
}

/// Whether an operation is described with that header.
pub fn takes_header(method: &str, template: &str, name: &str) -> bool {
    let operation = CONTRACT.find(method, template).expect("an operation");
    let described = operation.value["parameters"].as_array().into_iter().flatten();
    described.into_iter().any(|one| one["in"] == "header" && one["name"] == name)
}
