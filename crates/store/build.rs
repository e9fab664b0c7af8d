//! Finds the migrations.

fn main() -> Result<(), String> {
    steps::collect()
}
