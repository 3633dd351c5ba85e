//! A linker that the user's compiler flags name. It would replace this program as the linker, so it is taken
//! out of the flags, and this program runs it.

use std::path::PathBuf;

/// Takes each `-C linker=PROGRAM` out of the flags and returns the last program, which is the one that
/// counts.
pub fn take_linker(flags: &mut Vec<String>) -> Option<PathBuf> {
    let mut found = None;
    let mut kept = Vec::new();
    let mut rest = std::mem::take(flags).into_iter();
    while let Some(flag) = rest.next() {
        if flag == "-C" || flag == "--codegen" {
            match rest.next() {
                Some(value) => match value.strip_prefix("linker=") {
                    Some(program) => found = Some(program.into()),
                    None => kept.extend([flag, value]),
                },
                None => kept.push(flag),
            }
            continue;
        }
        let value = flag
            .strip_prefix("-C")
            .or_else(|| flag.strip_prefix("--codegen="));
        match value.and_then(|value| value.strip_prefix("linker=")) {
            Some(program) => found = Some(program.into()),
            None => kept.push(flag),
        }
    }
    *flags = kept;
    found
}

#[cfg(test)]
mod tests {
    use super::take_linker;

    #[test]
    fn every_way_to_name_a_linker_is_known() {
        for named in [
            "-C linker=x",
            "-Clinker=x",
            "--codegen linker=x",
            "--codegen=linker=x",
        ] {
            let text = format!("-C linker=first -Copt-level=1 {named} -C linker-flavor=gcc");
            let mut flags: Vec<String> = text.split(' ').map(str::to_owned).collect();
            assert_eq!(take_linker(&mut flags), Some("x".into()), "{named}");
            assert_eq!(flags, ["-Copt-level=1", "-C", "linker-flavor=gcc"]);
        }
    }
}
