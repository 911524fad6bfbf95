//! Nothing: this package only names the one that holds the schema.
