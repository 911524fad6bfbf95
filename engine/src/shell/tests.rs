//! Scripts → the tree, its places and what stands around each command.
