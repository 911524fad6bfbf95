//! What the package hands to Python.

use pyo3::prelude::*;

#[pyfunction]
fn drift(hours: u64) -> u64 {
    hours * 2
}

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(drift, module)?)
}
