//! The API through its own front door: every test on SQLite and on PostgreSQL, every request and
//! answer held to `openapi.yaml`.

/// Makes each function a test on each engine: `framework::sqlite::knows_no_such_address`.
/// A function that is left out is dead code, which clippy refuses.
macro_rules! api_tests {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[actix_web::test]
            async fn $name() {
                super::$name(&crate::harness::App::on(maaltal::store::Engine::Sqlite).await).await;
            })+
        }

        mod postgres {
            $(#[actix_web::test]
            async fn $name() {
                super::$name(&crate::harness::App::on(maaltal::store::Engine::Postgres).await).await;
            })+
        }
    };
}

mod accounts;
mod audit;
mod codes;
mod count_rules;
mod counts;
mod framework;
mod harness;
mod imports;
mod indicators;
mod matrix;
mod organisations;
mod pages;
mod progress;
mod surveys;
mod writing;
