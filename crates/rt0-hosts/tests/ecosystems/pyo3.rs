//! maturin and PyO3, in Python.
