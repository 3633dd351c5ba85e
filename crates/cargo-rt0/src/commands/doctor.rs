//! `cargo rt0 doctor`

mod progress;

use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;

use cargo_rt0::progress::json;
use cargo_rt0::{Error, Result};
use rt0_doctor::check::{Check, Severity};
use rt0_doctor::checks;
use rt0_doctor::session::{self, Options, Session};

use self::progress::Progress;
use crate::output::{self, Outputs};

/// Check how any shared library treats its hosts, built with rt0 or not
#[derive(clap::Args)]
#[command(after_help = "\
Each check loads the library in a process of its own, under a watchdog that ends everything that it leaves
behind. What the library does to itself harms nobody else; what it does to your files, it does.

A library that was built with rt0 says itself how it is called: a plain call, one that needs its runtime, one
that calls back, and an async one, which is begun, waited for, ended, and then made by its blocking twin. For
others, give calls; without one, many checks are skipped. A call is NAME(TYPE VALUE, ...) -> TYPE = VALUE, with != for what must not be returned.
Types: bool, i8 to i64, u8 to u64, isize, usize, f32, f64, ptr, str; for arguments also text \"...\" (a pointer
and a length), buffer N (a pointer to N zero bytes), callback (a function of the doctor's).

Exit codes: 0 nothing is wrong, 1 a check failed or one that is required did not pass, 2 a check could not run, the
library can't be loaded, or bad input or usage.

Examples:
  cargo rt0 doctor libgreeter.so
  cargo rt0 doctor libz.so.1 --call 'zlibVersion() -> str' --only elf,load
  cargo rt0 doctor libadd.so --call 'add(i32 2, i32 3) -> i32 = 5' --shutdown 'stop() -> i32 = 0'
  cargo rt0 doctor libadd.so --config doctor.toml --sarif doctor.sarif --junit doctor.xml
  cargo rt0 doctor --explain fork-after-call")]
pub struct Args {
    /// The library
    #[arg(value_name = "LIB", required_unless_present_any = ["list", "explain"])]
    library: Option<PathBuf>,
    /// A call into it and what it returns; may be given more than once
    #[arg(long, value_name = "CALL")]
    call: Vec<String>,
    /// The call that comes before all others in each process
    #[arg(long, value_name = "CALL")]
    setup: Option<String>,
    /// The call that shuts the library down
    #[arg(long, value_name = "CALL")]
    shutdown: Option<String>,
    /// The C header that declares what the library exports
    #[arg(long, value_name = "FILE")]
    header: Option<PathBuf>,
    /// Read the same options from this file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Run only these checks or groups, with commas between them
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    only: Vec<String>,
    /// Leave a check out, and say why: ID='reason'
    #[arg(long, value_name = "ID=REASON")]
    exclude: Vec<String>,
    /// Fail unless this check passes: it is not enough that it is skipped
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    require: Vec<String>,
    /// Run each check that loads the library at least so often
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: Option<u32>,
    /// How long a step of a check may take on an idle machine [default: 10s]
    #[arg(long, value_name = "TIME")]
    deadline: Option<String>,
    /// How many checks run at the same time [default: one for each processor]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    /// List the checks
    #[arg(long)]
    list: bool,
    /// Print the page of a check
    #[arg(long, value_name = "ID")]
    explain: Option<String>,
    /// Run one check in this process, without a watchdog, for a debugger
    #[arg(long, value_name = "ID")]
    in_process: Option<String>,
    /// Write the results as JSON; `-` is standard output, in place of the table, here and below
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the results as JUnit's XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the results as SARIF 2.1.0
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
    /// Print no progress
    #[arg(short, long)]
    quiet: bool,
}

pub fn run(args: Args) -> Result<ExitCode> {
    if args.list {
        return list();
    }
    if let Some(id) = &args.explain {
        output::print(known(id)?.page)?;
        return Ok(ExitCode::SUCCESS);
    }
    let session = Session::new(&Options {
        library: args.library.unwrap_or_default(),
        calls: args.call,
        setup: args.setup,
        shutdown: args.shutdown,
        header: args.header,
        config: args.config,
        only: args.only,
        exclude: args.exclude,
        require: args.require,
        repeat: args.repeat,
        deadline: args.deadline,
        jobs: args.jobs.map(NonZero::get),
    })
    .map_err(input)?;
    if let Some(id) = &args.in_process {
        return in_process(&session, id);
    }
    let to = Outputs::of([&args.json, &args.junit, &args.sarif])?;
    let shown = Progress::new(session.len(), args.quiet);
    let report = session.run(&|event| shown.tell(event)).map_err(input)?;
    shown.end();
    let texts = [
        json(&report.to_json()),
        report.to_junit(),
        report.to_sarif(),
    ];
    to.write(&report.to_text(), texts)?;
    Ok(ExitCode::from(report.exit_code()))
}

fn list() -> Result<ExitCode> {
    let width = checks::all().map(|check| check.id.len()).max().unwrap_or(0);
    let level = |check: &Check| match check.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let line = |check: &Check| {
        format!(
            "{:width$}  {:7}  {:3}  {}\n",
            check.id,
            level(check),
            check.hazard,
            check.title
        )
    };
    output::print(&checks::all().map(line).collect::<String>())?;
    Ok(ExitCode::SUCCESS)
}

fn in_process(session: &Session, id: &str) -> Result<ExitCode> {
    let verdict = session.in_this_process(id).map_err(input)?;
    let (text, code) = match verdict {
        Ok(evidence) => (format!("{id}  PASS  {evidence}\n"), 0),
        Err(stop) => {
            let details = stop.details.map(|text| text + "\n").unwrap_or_default();
            let word = stop.outcome.word();
            let code = match word {
                "FAIL" => 1,
                "COULD NOT RUN" => 2,
                _ => 0,
            };
            (format!("{id}  {word}  {}\n{details}", stop.evidence), code)
        }
    };
    output::print(&text)?;
    // The library is still loaded: what it does at the exit of a process is another check's.
    Ok(ExitCode::from(code))
}

fn known(id: &str) -> Result<&'static Check> {
    session::known(id).map_err(input)
}

fn input(error: rt0_doctor::Error) -> Error {
    Error::input(error.to_string())
}
