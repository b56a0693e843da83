//! What `validator` has against a value, told with a pointer to it.

use std::collections::BTreeMap;

use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::escaped;
use crate::error::{Fault, Faults, Result};

/// Holds a value to the rules of its type.
pub fn held(value: &impl Validate) -> Result<()> {
    let mut faults = Faults::default();
    if let Err(errors) = value.validate() {
        collect(&errors, "", &mut faults);
    }
    faults.check()
}

fn collect(errors: &ValidationErrors, prefix: &str, faults: &mut Faults) {
    // Sorted, so that the same input always gives the same answer.
    let fields: BTreeMap<_, _> = errors.errors().iter().collect();
    for (field, kind) in fields {
        let pointer = match field.as_ref() {
            "__all__" => prefix.to_string(),
            name => format!("{prefix}/{}", escaped(name)),
        };
        match kind {
            ValidationErrorsKind::Field(errors) => {
                for error in errors {
                    let mut fault = Fault::at(&pointer, error.code.clone());
                    for name in ["min", "max", "equal"] {
                        if let Some(value) = error.params.get(name) {
                            fault = fault.with(name, value);
                        }
                    }
                    faults.push(fault);
                }
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &pointer, faults),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{pointer}/{index}"), faults);
                }
            }
        }
    }
}
