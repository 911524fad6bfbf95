//! The folder `book/` and the engine → the book's pages in `$OUT_DIR/book`. Never writes anywhere else.

#[path = "build/mod.rs"]
mod site;

fn main() -> anyhow::Result<()> {
    site::render()
}
