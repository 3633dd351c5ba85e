//! A library that is preloaded into programs that know nothing of it.

use std::process::{Command, Output};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Subject, program as programs};

/// The check.
pub const CHECK: Check = Check {
    id: "load-preload",
    severity: Severity::Error,
    hazard: "G9",
    title: "programs run as before with the library preloaded",
    page: page!("load-preload"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// Programs that most systems have, and what they are to do.
const PROGRAMS: [(&str, &[&str]); 6] = [
    ("true", &[]),
    ("sh", &["-c", "echo one; echo two | cat; exit 3"]),
    ("bash", &["-c", "x=$(echo inner); echo $x; (exit 4)"]),
    ("ls", &["-d", "/"]),
    ("env", &["-u", "LD_PRELOAD", "true"]),
    (
        "python3",
        &[
            "-c",
            "import os, sys; print(sum(range(10))); sys.stdout.flush(); os._exit(5)",
        ],
    ),
];

fn run(subject: &Subject) -> Verdict {
    let path = subject.plan.library.to_string_lossy();
    if path.contains([' ', ':']) {
        return Err(Stop::could_not(
            "LD_PRELOAD can't name a path with a blank or a colon in it",
        ));
    }
    let mut ran = Vec::new();
    for (program, arguments) in PROGRAMS {
        subject.step(&format!("running {program}"));
        let mut command = Command::new(program);
        command.args(arguments).env_remove("LD_PRELOAD");
        let Ok(before) = programs::run(&mut command) else {
            continue;
        };
        subject.step(&format!("running {program} with the library preloaded"));
        let after = programs::run(command.env("LD_PRELOAD", &subject.plan.library));
        let after = after.map_err(|e| Stop::could_not(format!("{program} can't be run: {e}")))?;
        if after.has_flooded {
            return Err(Stop::fail(format!("{program} prints without end")));
        }
        compare(program, &before.output, &after.output)?;
        ran.push(program);
    }
    match ran.is_empty() {
        true => Err(Stop::skip("none of the programs is here")),
        false => Ok(format!("{} did", ran.join(", "))),
    }
}

fn compare(program: &str, before: &Output, after: &Output) -> Result<(), Stop> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if before.status != after.status {
        let stop = Stop::fail(format!(
            "{program} ends with {} instead of {}",
            after.status, before.status
        ));
        return Err(stop.with(text(&after.stderr)));
    }
    for (stream, before, after) in [
        ("standard output", &before.stdout, &after.stdout),
        ("standard error", &before.stderr, &after.stderr),
    ] {
        if before != after {
            let line = text(after);
            let line = line.lines().next().unwrap_or_default();
            return Err(Stop::fail(format!(
                "{program} prints something else to {stream}: {line:?}"
            )));
        }
    }
    Ok(())
}
