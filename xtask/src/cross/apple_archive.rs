//! Archives for Apple's systems: those of two libraries, each with tokio and std inside, in one C program.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use object::{Object, ObjectSection, read::macho::MachOFile64};

use super::lld::zig;
use crate::run::{root, said, target as target_dir};

/// The name of the second library, which is built in a folder of this name.
pub const OTHER: &str = "near";

/// What both libraries have inside, and the host itself, too: it must not be taken for theirs.
const HOST: &str = "\
#include <stdint.h>
int32_t far_port(uint16_t *out, char **err);
int32_t near_port(uint16_t *out, char **err);
void *__rust_alloc(void) { return 0; }
int rt0_init_of_this_library = 1;
int far_hidden(void) { return 9; }
int main(void)
{
    uint16_t port;
    return far_port(&port, 0) + near_port(&port, 0);
}
";

/// What the host shows besides.
const OF_HOST: [&str; 5] = [
    "__rust_alloc",
    "_mh_execute_header",
    "far_hidden",
    "main",
    "rt0_init_of_this_library",
];

/// Links the program in `dir`, where the archives are in `out` and `near/out`, and looks into it. `visible`: what `far`
/// shows.
///
/// # Errors
/// It can't be linked, or shows more than the two libraries declare.
pub fn check(triple: &str, dir: &Path, compiler: &Path, visible: &[&str]) -> Result<()> {
    fs::write(dir.join("host.c"), HOST)?;
    let (processor, apples) = match triple.starts_with("aarch64-") {
        true => ("aarch64", "arm64"),
        false => ("x86_64", "x86_64"),
    };
    let zig = zig().context("zig is missing")?;
    let cache = root().join(target_dir()).join("cross/zig");
    said(
        Command::new(zig.join("zig"))
            .current_dir(dir)
            .env("ZIG_GLOBAL_CACHE_DIR", &cache)
            .env("ZIG_LOCAL_CACHE_DIR", &cache)
            .args(["cc", "-target", &format!("{processor}-macos.11.0")])
            .args(["-fno-sanitize=all", "-c", "host.c", "-o", "host.o"]),
    )?;
    let flags = [flags(dir, "far")?, flags(&dir.join(OTHER), OTHER)?].concat();
    for collected in [false, true] {
        let mut link = Command::new(compiler);
        link.current_dir(dir)
            .args(["-arch", apples, "-mmacosx-version-min=11.0", "host.o"])
            .args(&flags)
            .args(["-o", "host"]);
        if collected {
            link.arg("-Wl,-dead_strip");
        }
        said(&mut link)?;
        look(&dir.join("host"), visible, collected)?;
    }
    Ok(())
}

/// The flags of an archive's pkg-config file.
fn flags(dir: &Path, name: &str) -> Result<Vec<String>> {
    let folder = dir.join("out");
    let path = folder.join(format!("{name}-static.pc"));
    let text = fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Libs: "));
    let line = line.context("no flags")?;
    let line = line.replace("${libdir}", &folder.to_string_lossy());
    Ok(line.split_whitespace().map(str::to_owned).collect())
}

/// `collected`: the linker has thrown away what nothing refers to, even if others could see it.
fn look(program: &Path, visible: &[&str], collected: bool) -> Result<()> {
    let bytes = fs::read(program)?;
    let file = MachOFile64::<object::Endianness>::parse(&*bytes)?;
    let found = file.exports()?;
    let name = |name: &[u8]| {
        let name = name.strip_prefix(b"_").unwrap_or(name);
        String::from_utf8_lossy(name).into_owned()
    };
    let found: BTreeSet<_> = found.iter().map(|export| name(export.name())).collect();
    let other = format!("{OTHER}_");
    let of_other = visible.iter().map(|name| name.replace("far_", &other));
    let wanted = visible.iter().chain(&OF_HOST).map(ToString::to_string);
    let wanted: BTreeSet<_> = wanted.chain(of_other).collect();
    let surplus: Vec<_> = found.difference(&wanted).collect();
    let missing: Vec<_> = wanted.difference(&found).collect();
    ensure!(surplus.is_empty(), "the program shows {surplus:?}");
    ensure!(missing.is_empty() || collected, "it hides {missing:?}");
    let sizes = |start: &str| -> Vec<u64> {
        let named = |name: &str| name.starts_with(start);
        let sections = file.sections();
        let found = sections.filter(|section| section.name().is_ok_and(named));
        found.map(|section| section.size()).collect()
    };
    // A constructor and a table for each library.
    ensure!(sizes("__mod_init_func") == [16], "not two constructors");
    ensure!(
        sizes("__rt0_init") == [8, 8],
        "not a table for each library"
    );
    Ok(())
}
