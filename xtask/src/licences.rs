//! Every dependency must be under a licence that a user of rt0 can live with.

use anyhow::{Result, bail};
use cargo_metadata::Metadata;
use spdx::{Expression, LicenseReq, ParseMode};

/// Licences that ask for no more than to be named.
const ALLOWED: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Checks every package in the lock file.
///
/// # Errors
/// One has no licence, or none of those.
pub fn check(metadata: &Metadata) -> Result<()> {
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        let stated = package.license.as_deref().unwrap_or("(none)");
        if !is_allowed(stated) {
            wrong.push(format!("{} {}: {stated}", package.name, package.version));
        }
    }
    if !wrong.is_empty() {
        bail!(
            "licences that are not on the list:\n  {}",
            wrong.join("\n  ")
        );
    }
    println!("    {} packages", metadata.packages.len());
    Ok(())
}

fn is_allowed(stated: &str) -> bool {
    let allowed = |requirement: &LicenseReq| {
        ALLOWED
            .iter()
            .any(|name| requirement.license.id().is_some_and(|id| id.name == *name))
    };
    // Old packages write `MIT/Apache-2.0`.
    Expression::parse_mode(stated, ParseMode::LAX)
        .is_ok_and(|expression| expression.evaluate(allowed))
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn one_good_choice_is_enough_and_a_demand_is_not_met_by_another() {
        assert!(is_allowed("MIT/Apache-2.0"));
        assert!(is_allowed("GPL-3.0-only OR MIT"));
        assert!(is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!is_allowed("MIT AND GPL-3.0-only"));
        assert!(!is_allowed("(none)"));
    }
}
