//! `cargo rt0 trace`

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use cargo_rt0::{Error, Result, progress};
use rt0_trace::run::{self, Request};
use rt0_trace::text::Style;
use rt0_trace::{chrome, html, svg, text};

use crate::output::Outputs;

/// Show what happens when a library is loaded, starts and ends, as a time line
#[derive(clap::Args)]
#[command(after_help = "\
The library is loaded, called and left in a process of its own, under the same watchdog as `cargo rt0 doctor`. Or
PROGRAM is run, which loads it; what it prints is printed when it has ended, and its standard input is empty.

A library that was built with rt0 tells what it does inside, and how it is called; calls are written as for the doctor.
Of any other is shown what can be seen from outside. docs/trace.md says what each bar means.

The JSON can be opened in https://ui.perfetto.dev and in chrome://tracing.

Exit codes: 0 all went well, 1 it hung, crashed, or could not start, 2 bad input or usage.

Examples:
  cargo rt0 trace libgreeter.so
  cargo rt0 trace libgreeter.so --shutdown --html trace.html
  cargo rt0 trace libz.so.1 --call 'zlibVersion() -> str'
  cargo rt0 trace libgreeter.so --json trace.json -- python3 app.py")]
pub struct Args {
    /// The library
    #[arg(value_name = "LIB")]
    library: PathBuf,
    /// A call into it and what it returns; may be given more than once
    #[arg(long, value_name = "CALL")]
    call: Vec<String>,
    /// The call that comes before all others
    #[arg(long, value_name = "CALL")]
    setup: Option<String>,
    /// Shut the library down before the process exits, by this call or the one that the library describes
    #[arg(long, value_name = "CALL", num_args = 0..=1, default_missing_value = "")]
    shutdown: Option<String>,
    /// How long a step may take [default: 10s], or PROGRAM [default: 60s]
    #[arg(long, value_name = "TIME")]
    deadline: Option<String>,
    /// Do not ask the dynamic loader to say what it does: that makes a load slower
    #[arg(long)]
    no_loader: bool,
    /// Write a page with the drawing; `-` is standard output, in place of the time line, here and below
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the drawing alone
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Write the events in Chrome's format
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A program that loads the library, and its arguments
    #[arg(last = true, value_name = "PROGRAM")]
    program: Vec<String>,
}

pub fn run(args: Args) -> Result<ExitCode> {
    let follows = !args.program.is_empty();
    if follows && (!args.call.is_empty() || args.setup.is_some() || args.shutdown.is_some()) {
        return Err(Error::input(
            "--call, --setup and --shutdown are for a trace without PROGRAM, which makes its own calls",
        ));
    }
    let to = Outputs::of([&args.html, &args.svg, &args.json])?;
    let done = run::run(&Request {
        library: args.library,
        calls: args.call,
        setup: args.setup,
        shutdown: args.shutdown,
        program: args.program,
        no_loader: args.no_loader,
        deadline: args.deadline,
    })
    .map_err(|error| Error::input(error.to_string()))?;
    let trace = &done.trace;
    let events = progress::json(&chrome::chrome(trace));
    let texts = [html::html(trace), svg::svg(trace), events];
    to.write(&text::text(trace, style()), texts)?;
    let failed = trace.problem.is_some();
    let printed = done.printed.trim_end();
    if !printed.is_empty() && (follows || failed) {
        progress::line(&format!("it printed:\n{printed}"));
    }
    if !done.stacks.is_empty() {
        progress::line(done.stacks.trim_end());
    }
    Ok(ExitCode::from(u8::from(failed)))
}

/// As the terminal and its owner want it.
fn style() -> Style {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let color = std::io::stdout().is_terminal() && !is_set("NO_COLOR");
    let width = std::env::var("COLUMNS").ok();
    let width = width.and_then(|width| width.parse().ok()).unwrap_or(80);
    // The first of them that is set counts.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"];
    let locale = locale.iter().find(|name| is_set(name));
    let locale = locale.and_then(|name| std::env::var(name).ok());
    let locale = locale.unwrap_or_default().to_ascii_lowercase();
    Style {
        width: usize::clamp(width, 70, 160),
        color,
        blocks: locale.contains("utf-8") || locale.contains("utf8"),
    }
}
