//! `cargo rt0 install`

use std::process::ExitCode;

use cargo_rt0::{Result, install};

use crate::output;

/// Build a library and install it as packagers do: versioned, with files for pkg-config and CMake
#[derive(clap::Args)]
#[command(after_help = "\
Builds with the profile `release`, unless --profile names another, and installs, for version 1.2.3 of `shop`:

  PREFIX/lib/libshop.so.1.2.3          with the soname libshop.so.1
  PREFIX/lib/libshop.so.1, libshop.so  links to it
  PREFIX/lib/libshop.a
  PREFIX/include/shop/shop.h
  PREFIX/lib/pkgconfig/shop.pc, shop-static.pc
  PREFIX/lib/cmake/shop/shopConfig.cmake, shopConfigVersion.cmake
  PREFIX/lib/debug/.build-id/ab/cdef.debug  if the profile makes debug information
  PREFIX/share/licenses/shop/LICENSE

The soname has `0.2` of version 0.2.3, and `0.0.3` of 0.0.3. Folders that are not absolute are below PREFIX.
Cargo.toml can choose, too: [package.metadata.rt0.install] soversion = \"2\", header-dir = \"shop-2\".

Either all files are installed or none.

Exit codes: 0 installed, 1 the build failed or a file could not be written, 2 no such project or library, a bad option.

Examples:
  cargo rt0 install --prefix \"$HOME/.local\"
  cargo rt0 install --destdir debian/tmp --prefix /usr --libdir lib/x86_64-linux-gnu --debug-info keep
  cargo rt0 install --destdir pkg --prefix /usr --library-type cdylib --locked --offline
  CARGO_PROFILE_RELEASE_DEBUG=line-tables-only cargo rt0 install")]
pub struct Args {
    #[command(flatten)]
    options: install::Options,
    /// Print what was installed as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Result<ExitCode> {
    let installed = install::install(&args.options)?;
    if args.json {
        output::json(&installed)?;
    } else if !args.options.compile.quiet {
        let lines = installed.files.iter().map(|file| match &file.link {
            Some(to) => format!("{} -> {to}\n", file.path.display()),
            None => format!("{}\n", file.path.display()),
        });
        output::print(&lines.collect::<String>())?;
    }
    Ok(ExitCode::SUCCESS)
}
