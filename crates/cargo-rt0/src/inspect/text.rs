//! The report as aligned text.

use std::fmt::Write as _;

use rt0_abi::decode::shown;
use rt0_abi::linking;

use super::{About, Link, Protection, Report, State, Symbols, Tls, Versions};
use crate::image::Shape;

/// How many names are listed; the rest are only counted.
const LISTED: usize = 20;

pub fn write(report: &Report) -> String {
    let mut out = Lines(String::new());
    let shape = match report.shape {
        Shape::SharedLibrary => "shared library",
        Shape::Program => "program",
        Shape::Object => "object file",
        Shape::Archive => "archive",
    };
    out.row("file", &report.file);
    out.row(
        "kind",
        &format!(
            "{shape}, {}, {} bits, {}-endian",
            report.architecture, report.bits, report.endian
        ),
    );
    match &report.library {
        Some(about) => library(&mut out, about),
        None => out.row("library", "none: it has exports but no #[rt0::init]"),
    }
    if let Some(link) = &report.link {
        // Only Mach-O has versions.
        let soname = match link.versions {
            Some(_) => "install name",
            None => "soname",
        };
        out.row(soname, link.soname.as_deref().unwrap_or("none"));
        if let Some(Versions {
            current,
            compatibility,
        }) = &link.versions
        {
            out.row(
                "versions",
                &format!("current {current}, compatibility {compatibility}"),
            );
        }
        if let Some(system) = &link.oldest_system {
            out.row("system", &format!("{system} or later"));
        }
        needs(&mut out, link);
        out.row(
            "thread-locals",
            match link.tls {
                Tls::None => "none",
                Tls::Dynamic => "dynamic",
                Tls::Static => "static",
            },
        );
        out.row(
            "unloading",
            if link.pinned {
                "pinned by the linker (-z nodelete): stays loaded"
            } else if report
                .library
                .as_ref()
                .is_some_and(|about| about.pins_itself)
            {
                "pins itself when its constructor runs: stays loaded"
            } else {
                "dlclose unloads the file"
            },
        );
        out.row(
            "binding",
            if link.bind_now { "all at load" } else { "lazy" },
        );
    }
    out.row(
        "Rust's std",
        if report.std_inside {
            "inside"
        } else {
            "not inside"
        },
    );
    symbols(&mut out, &report.symbols);
    protections(&mut out, report);
    exports(&mut out, report);
    sizes(&mut out, report);
    relocations(&mut out, report);
    for finding in &report.findings {
        out.row("PROBLEM", finding);
    }
    out.0
}

struct Lines(String);

impl Lines {
    fn row(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.0, "{name:<15}{}", printable(value));
    }

    fn number(&mut self, name: &str, value: u64) {
        let _ = writeln!(self.0, "  {name:<17}{:>13}", thousands(value));
    }
}

/// A file must not be able to write escape sequences to the terminal.
fn printable(text: &str) -> String {
    text.chars().map(shown).collect()
}

fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().collect();
    String::from_utf8_lossy(&groups.join(&b","[..])).into_owned()
}

/// Which libraries the file needs, and why: a library of which it takes little might not be worth its load.
fn needs(out: &mut Lines, link: &Link) {
    if link.needed.is_empty() {
        out.row("needs", "nothing");
    }
    for (i, library) in link.needed.iter().enumerate() {
        let name = if i == 0 { "needs" } else { "" };
        let why = link.imports.get(library).map(|symbols| some(symbols));
        let why = why.map_or_else(String::new, |symbols| format!(" for {symbols}"));
        out.row(name, &format!("{library}{why}"));
    }
    if let Some(glibc) = &link.glibc {
        let why = some(&glibc.because_of);
        out.row("glibc", &format!("{} or later, for {why}", glibc.version));
    }
}

/// The first few of these names, and how many more there are.
fn some(names: &[String]) -> String {
    const FEW: usize = 3;
    let mut few = names[..names.len().min(FEW)].join(", ");
    if names.len() > FEW {
        let _ = write!(few, ", {} more", names.len() - FEW);
    }
    few
}

fn library(out: &mut Lines, about: &About) {
    out.row(
        "library",
        &format!(
            "{} {}, prefix {}, ABI {}",
            about.krate, about.version, about.prefix, about.abi_version
        ),
    );
    out.row(
        "starts",
        match about.start.as_str() {
            "load" => "when it is loaded (load)",
            "lazy" => "at the first call (lazy)",
            "manual" => "when the host starts it (manual)",
            "quiet" => "at the first call, without threads (quiet)",
            other => other,
        },
    );
    let wait = match about.wait_ms {
        ms if ms < 0 => "forever".to_owned(),
        ms if ms % 1000 == 0 => format!("{} s", ms / 1000),
        ms => format!("{ms} ms"),
    };
    out.row("calls wait", &wait);
    out.row("runtime", &about.runtime);
    let hooks = about.hooks.join(", ");
    out.row("hooks", if hooks.is_empty() { "none" } else { &hooks });
}

fn symbols(out: &mut Lines, symbols: &Symbols) {
    let visible = symbols.visible.len();
    if !symbols.checked {
        return out.row(
            "symbols",
            &format!("{visible} visible (not compared in this kind of file)"),
        );
    }
    if symbols.surplus.is_empty() && symbols.missing.is_empty() {
        return out.row(
            "symbols",
            &format!("{visible} visible, exactly the declared ones"),
        );
    }
    out.row("symbols", &format!("{visible} visible"));
    for (names, what) in [
        (&symbols.surplus, "visible, not declared"),
        (&symbols.missing, "declared, not visible"),
    ] {
        for name in names.iter().take(LISTED) {
            out.row("", &format!("{what}: {name}"));
        }
        if names.len() > LISTED {
            out.row("", &format!("{what}: {} more", names.len() - LISTED));
        }
    }
    if !symbols.surplus.is_empty() {
        out.row(
            "",
            "`cargo rt0 build` hides what is not declared; `hide_dependencies` of rt0-build,",
        );
        out.row("", "what comes from dependencies");
    }
}

fn protections(out: &mut Lines, report: &Report) {
    for (i, protection) in report.protections.iter().enumerate() {
        let state = match protection.state {
            State::Present => "yes",
            State::Missing => "MISSING",
            State::NotNeeded => "not needed",
            State::NotShown => "not shown",
        };
        let name = if i == 0 { "protections" } else { "" };
        let says = protection.says.as_ref();
        let says = says.map_or_else(String::new, |says| format!(": {says}"));
        out.row(name, &format!("{:<12}{state}{says}", protection.name));
    }
    let missing = |protection: &Protection| {
        protection.state == State::Missing && protection.name != linking::SYMBOLS.name
    };
    // On Apple's systems no linker can.
    let apple = report
        .link
        .as_ref()
        .is_some_and(|link| link.versions.is_some());
    if report.protections.iter().any(missing) && !apple {
        out.row(
            "",
            "only the linker can add what is missing: build with `cargo rt0 build`, or call",
        );
        out.row("", "`rt0_build::setup()` in build.rs");
    }
}

fn exports(out: &mut Lines, report: &Report) {
    out.row("exports", &report.exports.len().to_string());
    let longest = report.exports.iter().map(|call| call.prototype.len()).max();
    let width = longest.unwrap_or(0).min(60);
    for call in &report.exports {
        let mut policy = Vec::new();
        policy.extend(call.or.as_ref().map(|or| format!("or = {or}")));
        policy.extend(call.enter.then(|| "enter".to_owned()));
        if let Some(later) = &call.later {
            policy.push("async".to_owned());
            policy.extend(
                (later.timeout_ms >= 0).then(|| format!("timeout {} ms", later.timeout_ms)),
            );
        }
        let policy = policy.join(", ");
        let line = format!("  {:<1$}  {policy}", call.prototype, width);
        let _ = writeln!(out.0, "{}", printable(line.trim_end()));
    }
}

fn sizes(out: &mut Lines, report: &Report) {
    let size = &report.size;
    let stripped = if size.stripped {
        "stripped"
    } else {
        "not stripped"
    };
    out.row(
        "size",
        &format!("{} bytes, {stripped}", thousands(size.file)),
    );
    for (name, bytes) in [
        ("text", size.text),
        ("rodata", size.rodata),
        ("data", size.data),
        ("eh_frame", size.eh_frame),
        ("relocations", size.relocations),
        ("dynamic symbols", size.dynamic_symbols),
        ("description", size.description),
        ("debug", size.debug),
        ("other", size.other),
        ("(bss)", size.bss),
    ] {
        out.number(name, bytes);
    }
}

fn relocations(out: &mut Lines, report: &Report) {
    let Some(counts) = &report.relocations else {
        return;
    };
    out.row("relocations", &thousands(counts.total));
    for (name, count) in [
        ("relative", counts.relative),
        ("symbol", counts.symbol),
        ("call", counts.call),
        ("dynamic TLS", counts.dynamic_tls),
        ("static TLS", counts.static_tls),
        ("chosen", counts.chosen),
        ("other", counts.other),
    ] {
        if count > 0 {
            out.number(name, count);
        }
    }
}
