//! Shapes of answers for the contract, found from the handlers' return types.

use std::cell::RefCell;
use std::collections::BTreeMap;

use utoipa::ToSchema;
use utoipa::openapi::{Ref, RefOr, Schema};

thread_local! {
    /// utoipa asks a return type for its responses but not for the shapes that they name, so
    /// those are set aside here while the route table is put together.
    static SEEN: RefCell<BTreeMap<String, RefOr<Schema>>> = const { RefCell::new(BTreeMap::new()) };
}

/// A reference to the shape of `T`, which is set aside for the contract's components.
pub fn schema_of<T: ToSchema>() -> RefOr<Schema> {
    let mut inner = Vec::new();
    T::schemas(&mut inner);
    SEEN.with_borrow_mut(|seen| {
        seen.extend(inner);
        seen.insert(T::name().into_owned(), T::schema());
    });
    Ref::from_schema_name(T::name()).into()
}

/// All shapes set aside so far on this thread.
pub fn take_schemas() -> BTreeMap<String, RefOr<Schema>> {
    SEEN.take()
}
