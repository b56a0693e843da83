//! `Idempotency-Key`: a POST that creates can be sent again without creating twice.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::Body;
use crate::error::{Error, Fault, Faults};
use crate::once::Once;

pub struct IdempotencyKey(Option<String>);

impl IdempotencyKey {
    /// The key, bound to what was sent under it.
    pub fn bound_to<T>(self, body: &Body<T>) -> Once {
        self.bound_to_hash(body.hash)
    }

    pub fn bound_to_hash(self, hash: [u8; 32]) -> Once {
        Once::new(self.0, hash)
    }
}

impl FromRequest for IdempotencyKey {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(given) = request.headers().get("idempotency-key") else {
            return ready(Ok(IdempotencyKey(None)));
        };
        // Printable ASCII, as long as any client's random key.
        let fits = |key: &&str| (1..=128).contains(&key.len());
        ready(match given.to_str().ok().filter(fits) {
            Some(key) => Ok(IdempotencyKey(Some(key.to_string()))),
            None => {
                let fault = Fault::at("Idempotency-Key", "length").with("min", 1).with("max", 128);
                Err(Error::Malformed(Faults(vec![fault])))
            }
        })
    }
}

impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "Random, 1 to 128 characters: the same request under the same key creates once",
            ))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .build();
        vec![parameter]
    }
}
