//! `cargo rt0 new`

use std::path::PathBuf;
use std::process::ExitCode;

use cargo_rt0::{Result, scaffold};

use crate::output;

/// Create a project: a library, and what loads it
#[derive(clap::Args)]
#[command(after_help = "\
The project depends on rt0 by this tool's version. If the tool was built in a checkout of rt0, or if --rt0-path names
one, it does so by path.

Exit codes: 0 created, 1 a file could not be written, 2 a bad name, a directory in use, no rt0 found.

Examples:
  cargo rt0 new greeter
  cargo rt0 new greeter --template pyo3
  cargo rt0 new greeter --path /tmp/greeter")]
pub struct Args {
    /// The crate's name
    name: String,
    /// Create it here [default: ./NAME]
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// Depend on the rt0 crate in this directory [default: the one in this tool's checkout, if any]
    #[arg(long, value_name = "DIR")]
    rt0_path: Option<PathBuf>,
    /// What the project is built with
    #[arg(long, value_enum, default_value_t)]
    template: scaffold::Template,
    /// Print only errors
    #[arg(short, long)]
    quiet: bool,
    /// Print what was created as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Result<ExitCode> {
    let created = scaffold::create(&scaffold::Options {
        name: args.name,
        path: args.path,
        rt0_path: args.rt0_path,
        template: args.template,
    })?;
    if args.json {
        output::json(&created)?;
    } else if !args.quiet {
        let commands: Vec<String> = std::iter::once(format!("cd {}", created.dir.display()))
            .chain(created.next)
            .map(|command| format!("  {command}\n"))
            .collect();
        let rt0 = match &created.rt0_path {
            Some(path) => format!("by path:\n  {}", path.display()),
            None => format!("{}.", created.rt0_version),
        };
        output::print(&format!(
            "Created {dir}. It depends on rt0 {rt0}\n\nNext:\n{commands}\n{more}\n",
            dir = created.dir.display(),
            commands = commands.concat(),
            more = created.more,
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
