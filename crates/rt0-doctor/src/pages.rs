//! The pages of the checks, which `--explain` prints: docs/doctor/ID.md.

/// The page of a check.
macro_rules! page {
    ($id:literal) => {
        include_str!(concat!("../../../../../docs/doctor/", $id, ".md"))
    };
}

pub(crate) use page;
