//! UniFFI, in Python.
