//! `cargo xtask newcomer`: both READMEs' commands, one after the other, in an empty Debian: with nothing of this checkout
//! but the files that git knows, and nothing of this machine but its Rust.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::debian::Debian;
use crate::run::{said, step};

/// Where things are inside.
const CHECKOUT: &str = "/root/rt0";
const RUST: &str = "/opt/rust";

/// What the READMEs ask for besides Rust, a C compiler and Python.
const TOOLS: &str = "make cmake pkg-config";

/// A C program that finds the installed library by CMake, and another by pkg-config.
const CONSUMER: &str = r#"
mkdir -p /root/consumer && cd /root/consumer
cat >main.c <<'END'
#include <stdio.h>
#include <shop.h>
int main(void) { printf("ABI %u\n", (unsigned)shop_abi_version()); return 0; }
END
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.16)
project(consumer C)
find_package(shop REQUIRED)
add_executable(main main.c)
target_link_libraries(main shop::shop)
END
cmake -S . -B build -DCMAKE_PREFIX_PATH=/root/stage/usr >/dev/null
cmake --build build >/dev/null
LD_LIBRARY_PATH=/root/stage/usr/lib build/main
export PKG_CONFIG_SYSROOT_DIR=/root/stage PKG_CONFIG_PATH=/root/stage/usr/lib/pkgconfig
cc -o by_pkg_config main.c $(pkg-config --cflags --libs shop)
LD_LIBRARY_PATH=/root/stage/usr/lib ./by_pkg_config
"#;

/// Runs them.
///
/// # Errors
/// A command fails.
pub fn run() -> Result<()> {
    let debian = Debian::find()?.copy("newcomer")?;
    let sysroot = said(Command::new("rustc").args(["--print", "sysroot"]))?;
    fs::create_dir_all(debian.outside(RUST))?;
    let debian = debian.with(Path::new(sysroot.trim()), RUST);
    debian.checkout(CHECKOUT, &[])?;
    let inside = |script: &str| {
        debian.command(&format!(
            "export PATH={RUST}/bin:/root/.cargo/bin:$PATH\n{script}"
        ))
    };
    step(
        "the tools that the READMEs ask for",
        &mut inside(&format!(
            "apt-get -qq update && apt-get -qq -o APT::Sandbox::User=root install -y {TOOLS} >/dev/null"
        )),
    )?;
    step(
        "cargo install",
        &mut inside(&format!(
            "cd {CHECKOUT} && cargo install --quiet --locked --path crates/cargo-rt0"
        )),
    )?;
    step(
        "cargo rt0 new",
        &mut inside("cd /root && cargo rt0 new shop"),
    )?;
    let readme = fs::read_to_string(debian.outside("/root/shop/README.md"))?;
    fs::write(
        debian.outside("/root/commands"),
        crate::msrv::shell_commands(&readme),
    )?;
    step(
        "the commands of its README",
        &mut inside("cd /root/shop && sh -ex ../commands"),
    )?;
    step(
        "cargo rt0 install",
        &mut inside(
            "cd /root/shop && cargo rt0 install --destdir /root/stage --prefix /usr --libdir lib && find /root/stage -type f -o -type l",
        ),
    )?;
    step("a program that finds it", &mut inside(CONSUMER))?;
    step(
        "cargo xtask demo",
        &mut inside(&format!("cd {CHECKOUT} && cargo xtask demo")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::root;

    /// What a page has behind prompts, without remarks.
    fn typed(page: &str) -> Vec<String> {
        let page = fs::read_to_string(root().join(page)).unwrap();
        let lines = page.lines().filter_map(|line| line.strip_prefix("$ "));
        let commands = lines.map(|line| line.split(" #").next().unwrap_or(line).trim_end());
        commands.map(str::to_owned).collect()
    }

    /// `run` does the same, in other folders.
    #[test]
    fn the_pages_have_no_other_commands_than_are_run() {
        let install = "cargo install --path crates/cargo-rt0";
        let expected = [
            "cargo xtask demo",
            install,
            "cd .. && cargo rt0 new shop",
            "cd shop && cat README.md",
        ];
        assert_eq!(typed("README.md"), expected);
        assert_eq!(typed("docs/getting-started.md")[0], install);
    }
}
