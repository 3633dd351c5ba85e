//! `cargo rt0 new`

use std::path::PathBuf;
use std::process::ExitCode;

use cargo_rt0::{Result, scaffold};

use crate::output;

/// Make a project: a library, a host in C, a host in Python
#[derive(clap::Args)]
#[command(after_help = "\
The project depends on rt0 by a path to the checkout that this tool was built from, because rt0 is
not published yet.

Exit codes: 0 made, 1 a file could not be written, 2 a bad name, a directory in use, no rt0 there.

Examples:
  cargo rt0 new greeter
  cargo rt0 new greeter --path /tmp/greeter")]
pub struct Args {
    /// The crate's name
    name: String,
    /// Where to make it [default: ./NAME]
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// The directory of the rt0 crate [default: that of this tool's checkout]
    #[arg(long, value_name = "DIR")]
    rt0_path: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(short, long)]
    quiet: bool,
    /// Print what was made as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Result<ExitCode> {
    let created = scaffold::create(&scaffold::Options {
        name: args.name,
        path: args.path,
        rt0_path: args.rt0_path,
    })?;
    if args.json {
        output::json(&created)?;
    } else if !args.quiet {
        output::print(&format!(
            "Made {dir}. It depends on rt0 by a path, as rt0 is not published yet:\n  {rt0}\n\n\
             Next:\n  cd {dir}\n  cargo rt0 build\n  python3 hosts/host.py\n\n\
             README.md has the commands for C.\n",
            dir = created.dir.display(),
            rt0 = created.rt0_path.display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
