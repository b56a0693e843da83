fn main() {
    println!("{}", maaltal::app::openapi().to_yaml().unwrap_or_default());
}
