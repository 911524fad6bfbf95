//! Renders the book with mdBook: sources in `book/`, pages in `$OUT_DIR/book`.

use std::path::PathBuf;

use anyhow::Context;
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;

/// Renders the book of this crate.
pub(crate) fn render() -> anyhow::Result<()> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").context("cargo names the folder")?);
    let out = PathBuf::from(std::env::var_os("OUT_DIR").context("cargo names the output folder")?);
    for input in ["build.rs", "build", "book", "exercises"] {
        // A path that is not there would make cargo run this on every build.
        if root.join(input).exists() {
            println!("cargo::rerun-if-changed={input}");
        }
    }
    // Read here and not by `MDBook::load`, which would let the environment change the book.
    let mut config = Config::from_disk(root.join("book/book.toml"))?;
    config.build.create_missing = false;
    config.build.build_dir = out.join("book");
    MDBook::load_with_config(root.join("book"), config)?.build()
}
