//! The HTTP face of the tables, one file for each kind of thing that is taken out.

pub mod answers;
pub mod editions;
pub mod progress_report;
pub mod tables;

use actix_web::web::{Bytes, Data};
use futures_util::{Stream, stream};

use super::faces::answers::AnswersExport;
use super::{Export, TableName};
use crate::error::Result;
use crate::store::{Db, Store};

/// What is written part by part.
trait Parts: Send + 'static {
    fn next(&mut self, db: &mut Db) -> Result<Option<Vec<u8>>>;
}

impl Parts for Export {
    fn next(&mut self, db: &mut Db) -> Result<Option<Vec<u8>>> {
        self.next_part(db)
    }
}

impl Parts for AnswersExport {
    fn next(&mut self, db: &mut Db) -> Result<Option<Vec<u8>>> {
        self.next_part(db)
    }
}

/// One read for each part: no transaction waits for the client.
fn rest<P: Parts>(store: Data<Store>, export: P) -> impl Stream<Item = Result<Bytes>> {
    stream::try_unfold(export, move |mut export| {
        let store = store.clone();
        async move {
            let (part, export) = store.read(move |db| Ok((export.next(db)?, export))).await?;
            Ok(part.map(|part| (Bytes::from(part), export)))
        }
    })
}

fn columns(table: TableName) -> String {
    let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
    names.join(", ")
}
