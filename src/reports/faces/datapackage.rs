//! `datapackage.json`: what a folder of tables holds, as Frictionless Data Package (v1, tabular)
//! says it, from the same catalogue as everything else.

use serde::Serialize;
use serde_json::{Value, json};

use crate::clock::At;
use crate::csv_text::Dialect;
use crate::messages::Lang;
use crate::reports::cell::moment;
use crate::reports::tables::TableName;
use crate::reports::tables::catalogue::{About, Kind, title};

/// A file of the folder.
pub struct Resource {
    pub table: TableName,
    pub dialect: Dialect,
    /// From the folder.
    pub path: String,
    pub bytes: u64,
    /// In hex.
    pub sha256: String,
}

/// What the folder is about.
#[derive(Debug, Clone)]
pub struct Package {
    pub name: String,
    pub title: String,
    pub description: String,
    pub created: At,
    pub lang: Lang,
}

#[derive(Serialize)]
struct Descriptor<'a> {
    profile: &'static str,
    name: &'a str,
    title: &'a str,
    description: &'a str,
    created: String,
    sources: [Value; 1],
    resources: Vec<Value>,
}

pub fn written(package: &Package, resources: &[Resource]) -> serde_json::Result<Vec<u8>> {
    let descriptor = Descriptor {
        profile: "tabular-data-package",
        name: &package.name,
        title: &package.title,
        description: &package.description,
        created: moment(package.created),
        sources: [json!({ "title": "Maaltal" })],
        resources: resources.iter().map(|resource| described(resource, package.lang)).collect(),
    };
    serde_json::to_vec_pretty(&descriptor)
}

fn described(resource: &Resource, lang: Lang) -> Value {
    let Resource { table, dialect, path, bytes, sha256 } = resource;
    let table_of = table.table();
    let name = match dialect {
        Dialect::Rfc4180 => table.to_string(),
        other => format!("{table}.{other}"),
    };
    let fields: Vec<Value> =
        table.columns().into_iter().map(|about| field(*table, *dialect, about, lang)).collect();
    json!({
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "title": table.title(lang),
        "description": table_of.about.replace('\n', " "),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": bytes,
        "hash": format!("sha256:{sha256}"),
        "dialect": {
            "csvddfVersion": 1.2,
            "delimiter": char::from(dialect.delimiter()).to_string(),
            "lineTerminator": "\r\n",
            "quoteChar": "\"",
            "doubleQuote": true,
            "skipInitialSpace": false,
            "header": true,
            "caseSensitiveHeader": true,
        },
        "schema": { "fields": fields, "missingValues": [""] },
        "maaltal:table_version": table_of.version,
    })
}

fn field(table: TableName, dialect: Dialect, about: About, lang: Lang) -> Value {
    let mark = dialect.decimal_mark().to_string();
    let number = json!({ "type": "number", "decimalChar": mark, "bareNumber": true });
    let mut field = match about.kind {
        Kind::Text | Kind::Word => json!({ "type": "string" }),
        Kind::Integer => json!({ "type": "integer", "bareNumber": true }),
        Kind::Year => json!({ "type": "year" }),
        Kind::Decimal | Kind::Percent | Kind::Money => number,
        Kind::Date => json!({ "type": "date", "format": "default" }),
        Kind::Partial => json!({
            "type": "string",
            "constraints": { "pattern": "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?" },
        }),
        Kind::Moment => json!({ "type": "datetime", "format": "any" }),
        Kind::Boolean => {
            json!({ "type": "boolean", "trueValues": ["true"], "falseValues": ["false"] })
        }
    };
    field["name"] = json!(about.name);
    field["title"] = json!(title(lang, table.as_str(), about.name));
    field["description"] = json!(format!("{} ({})", about.text, about.kind.word()));
    if about.name == "programme" {
        field["constraints"] = json!({ "required": true });
    }
    field
}
