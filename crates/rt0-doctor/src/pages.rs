//! The pages of the checks, which `--explain` prints: docs/doctor/ID.md. The crate has them in its folder `pages`: in
//! the repository a link to docs/doctor, in the published crate the files.

/// The page of a check.
macro_rules! page {
    ($id:literal) => {
        include_str!(concat!("../../../pages/", $id, ".md"))
    };
}

pub(crate) use page;
