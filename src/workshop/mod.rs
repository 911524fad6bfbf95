//! The participant's folder: laying it down, watching it, checking it, remembering progress.
