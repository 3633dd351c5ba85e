//! The pages of the checks, which `--explain` prints: docs/doctor/ID.md. The crate has them in its folder `pages`: in
//! the repository a link to docs/doctor, in the published crate the files. The build script finds them.

/// The page of a check.
macro_rules! page {
    ($id:literal) => {
        include_str!(concat!(env!("RT0_DOCTOR_PAGES"), "/", $id, ".md"))
    };
}

pub(crate) use page;
