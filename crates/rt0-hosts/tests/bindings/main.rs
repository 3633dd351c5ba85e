//! Generated bindings, held against one list of calls with right answers: `hosts/bindings/cases.json`.

mod coverage;
mod cpp_cases;
mod in_cpp;
mod in_python;
mod package;
mod plain_header;
mod python_types;
