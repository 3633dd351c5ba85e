//! `cargo rt0 build`, from the command line to programs that run.
//!
//! On Linux only: it looks for `libNAME.so`, and reads it with binutils.
#![cfg(target_os = "linux")]

mod common;

use common::{Probe, bad, both, good, rt0, run, script};
use snapbox::{assert_data_eq, str};
use std::collections::BTreeSet;
use std::fs;

const DECLARED: [&str; 11] = [
    "abi_version",
    "free",
    "in_archive",
    "last_error",
    "report",
    "shutdown",
    "start",
    "started",
    "state",
    "text",
    "wait",
];

fn declared(prefix: &str) -> BTreeSet<String> {
    DECLARED
        .iter()
        .map(|name| format!("{prefix}_{name}"))
        .collect()
}

/// The symbols that `nm` lists as defined and global.
fn defined(probe: &Probe, file: &str, option: &str) -> BTreeSet<String> {
    let path = probe.out(file);
    let text = run(
        "nm",
        &[option, "--defined-only", "-P", path.to_str().unwrap()],
    );
    let lines = text.lines().filter(|line| line.contains(' '));
    lines
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_way_to_link_shows_the_declared_symbols_only() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("with space"), "probe");
    for args in [
        &[][..],
        &["--", "-C", "link-arg=-fuse-ld=bfd"],
        &["--release"],
        &["--release", "--", "-C", "strip=symbols"],
        &["--profile", "fat"],
        &["--profile", "fat", "--", "-C", "link-arg=-fuse-ld=bfd"],
        &["--profile", "thin"],
    ] {
        good(&probe.build(args));
        assert_eq!(
            defined(&probe, "libprobe.so", "-D"),
            declared("probe"),
            "{args:?}"
        );
        let lib = probe.out("libprobe.so");
        let report = good(
            &rt0()
                .args(["inspect", "--json"])
                .arg(&lib)
                .output()
                .unwrap(),
        );
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["link"]["soname"], "libprobe.so");
        assert_eq!(report["link"]["pinned"], true);
        assert_eq!(report["link"]["bind_now"], true);
        let headers = run("readelf", &["-lW", lib.to_str().unwrap()]);
        assert!(headers.contains("GNU_RELRO"), "{args:?}: {headers}");
        assert_eq!(report["link"]["tls"], "dynamic");
        assert_eq!(report["std_inside"], true);
        assert_eq!(report["findings"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn rt0_is_compiled_for_size_unless_the_author_says_otherwise() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("probe"), "probe");
    let (log, wrapper) = (dir.path().join("log"), dir.path().join("wrapper"));
    let log_name = log.display();
    script(
        &wrapper,
        &format!("#!/bin/sh\necho \"$@\" >> '{log_name}'\nexec \"$@\"\n"),
    );
    let compiled = |args: &[&str], variables: &[(&str, &str)]| {
        let mut all = vec![("RUSTC_WRAPPER", wrapper.to_str().unwrap())];
        all.extend(variables);
        let output = probe.build_with(args, &all);
        good(&output);
        let said = both(&output);
        assert!(!said.contains("warning"), "{said}");
        let commands = fs::read_to_string(&log).unwrap();
        fs::remove_file(&log).unwrap();
        move |name: &str| {
            let name = format!("--crate-name {name} ");
            let mut lines = commands.lines();
            let line = lines.find(|line| line.contains(&name));
            line.unwrap_or_else(|| panic!("{name}: {commands}"))
                .to_owned()
        }
    };
    let (size, one) = ("-C opt-level=s", "-C codegen-units=1 ");
    let by_default = compiled(&["--release"], &[]);
    for (name, ours) in [("rt0_abi", true), ("leaky", false), ("probe", false)] {
        let line = by_default(name);
        assert_eq!(line.contains(size), ours, "{line}");
        assert_eq!(line.contains(one), ours, "{line}");
        if cfg!(target_arch = "x86_64") {
            assert!(line.contains("-Crelro-level=partial"), "{line}");
        }
    }
    let chosen = compiled(&["--release"], &[("CARGO_PROFILE_RELEASE_OPT_LEVEL", "2")]);
    assert!(chosen("rt0_abi").contains("-C opt-level=2"));
    // The probe's own profile, which chooses the units.
    let inherited = compiled(&["--profile", "fat"], &[])("rt0_abi");
    assert!(inherited.contains(size), "{inherited}");
    assert!(!compiled(&[], &[])("rt0_abi").contains("opt-level"));
}

/// Sets the probe's `keep` list.
fn keep(probe: &Probe, list: &str) {
    let path = probe.dir.join("Cargo.toml");
    let text = fs::read_to_string(&path).unwrap();
    let (before, after) = text.split_once("[package.metadata.rt0]\n").unwrap();
    let rest = after.split_once("[profile").unwrap().1;
    let keep = format!("[package.metadata.rt0]\nkeep = {list}\n[profile");
    fs::write(path, [before, &keep, rest].concat()).unwrap();
}

#[test]
fn what_the_author_exports_by_hand_is_kept_or_named() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(dir.path(), "probe");
    let check = |args: &[&str], more: &[&str], hidden: &[&str]| {
        let args = [&["--features", "by-hand"][..], args].concat();
        let output = probe.build(&args);
        good(&output);
        let mut wanted = declared("probe");
        wanted.extend(more.iter().map(|name| (*name).to_owned()));
        assert_eq!(defined(&probe, "libprobe.so", "-D"), wanted, "{args:?}");
        let warning = String::from_utf8(output.stderr).unwrap();
        let named: Vec<_> = hidden.iter().map(|name| format!("`{name}`")).collect();
        let named = format!("warning: `probe` exports {} by hand", named.join(", "));
        assert!(warning.contains(&named), "{args:?}: {warning}");
        let inspect = rt0().arg("inspect").arg(probe.out("libprobe.so")).output();
        good(&inspect.unwrap());
        if args.contains(&"--static") {
            assert_eq!(defined(&probe, "libprobe.a", "-g"), wanted, "{args:?}");
        }
        warning
    };
    let both = ["LEFT_BEHIND", "mine_one"];
    let said = check(&["--static"], &["PyInit_probe"], &both);
    assert_data_eq!(
        said,
        str![[r#"
warning: `probe` exports `LEFT_BEHIND`, `mine_one` by hand, but hosts see only what rt0 exports. To keep such a symbol visible, list it in Cargo.toml: [package.metadata.rt0] keep = ["LEFT_BEHIND"]; a * stands for any letters

"#]]
    );
    // Also when the build is up to date, and with all code in one module.
    check(&[], &["PyInit_probe"], &both);
    check(&["--profile", "fat"], &["PyInit_probe"], &both);

    keep(
        &probe,
        "[\"mine_*\", \"leaked_by_a_dependency\", \"nobody\"]",
    );
    let more = ["PyInit_probe", "mine_one", "leaked_by_a_dependency"];
    let said = check(&["--static"], &more, &both[..1]);
    assert_data_eq!(
        said,
        str![[r#"
warning: `probe` exports `LEFT_BEHIND` by hand, but hosts see only what rt0 exports. To keep such a symbol visible, list it in Cargo.toml: [package.metadata.rt0] keep = ["LEFT_BEHIND"]; a * stands for any letters
warning: [package.metadata.rt0] keep lists `nobody`, but `probe` exports no such symbol

"#]]
    );
    for args in [
        &["--profile", "thin", "--static"][..],
        &["--", "-C", "link-arg=-fuse-ld=bfd"],
    ] {
        check(args, &more, &both[..1]);
    }
    keep(&probe, "\"mine_*\"");
    let text = bad(&probe.build(&[]), 2).replace(dir.path().to_str().unwrap(), "[DIR]");
    assert_data_eq!(
        text,
        str![[r#"
error: [package.metadata.rt0] keep in [DIR]/Cargo.toml must be a list of symbols, such as ["my_hook", "my_*"]
  caused by: invalid type: string "mine_*", expected a sequence

"#]]
    );
}

#[test]
fn a_prefix_that_makes_names_of_the_c_library_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(dir.path(), "epoll");
    assert_data_eq!(
        bad(&probe.build(&[]), 1),
        str![[r#"
error: with the prefix `epoll` the library would define `epoll_wait`, which the C library defines too: callers of one would get the other, in this library as well. Choose another prefix in Cargo.toml: [package.metadata.rt0] prefix = "my_epoll"

"#]]
    );
    assert!(!probe.out("libepoll.so").exists());
    let new = rt0().current_dir(dir.path()).args(["new", "sem"]).output();
    assert_data_eq!(
        bad(&new.unwrap(), 2),
        str![[r#"
error: a library named "sem" would define sem_wait, which the C library defines too: callers of one would get the other. Choose another name, such as sem-lib

"#]]
    );
}

/// The built files do not contain the folders of this machine, but a panic still names its place. The user's
/// own flags still count, wherever they are set.
#[test]
fn no_folder_of_this_machine_is_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("pro ject"), "probe");
    // A dependency outside the workspace.
    let outside = dir.path().join("outside");
    fs::rename(probe.dir.join("leaky"), &outside).unwrap();
    let manifest = probe.dir.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(
        &manifest,
        text.replace("path = \"leaky\"", "path = \"../outside\""),
    )
    .unwrap();
    let leaky = "#[unsafe(no_mangle)] pub extern \"C\" fn leaked_by_a_dependency() -> i32 {\n\
                 let told = std::hint::black_box(if cfg!(by_user) { \"told by the user\" } else { \"\" });\n\
                 assert_ne!(told, \"nothing\"); 5 }\n";
    fs::write(outside.join("src/lib.rs"), leaky).unwrap();
    let config = "[build]\nrustflags = [\"--cfg\", \"from_file\"]\n";
    common::write(&probe.dir.join(".cargo/config.toml"), config);
    let lib = probe.dir.join("src/lib.rs");
    let text = fs::read_to_string(&lib).unwrap();
    let check = "#[cfg(not(any(from_file, by_user)))] compile_error!(\"no flag\");";
    fs::write(&lib, format!("{text}{check}")).unwrap();

    let folders = [
        dir.path().to_str().unwrap(),
        env!("CARGO_MANIFEST_DIR"),
        env!("HOME"),
    ];
    for args in [&["--release", "--static"][..], &["--static"]] {
        good(&probe.build(args));
        for file in ["libprobe.so", "libprobe.a"] {
            let bytes = fs::read(probe.out(file)).unwrap();
            for folder in folders {
                let mut places = bytes.windows(folder.len());
                let at = places.position(|place| place == folder.as_bytes());
                let text = at.map(|at| String::from_utf8_lossy(&bytes[at..][..200]).into_owned());
                assert_eq!(text, None, "{file} {args:?}");
            }
        }
        let bytes = fs::read(probe.out("libprobe.so")).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("leaky-0.0.0/src/lib.rs") && text.contains("src/lib.rs"));
    }

    // The second build has nothing to do. Then the user's flags come from another place.
    let loud = |variables: &[(&str, &str)]| {
        let mut command = rt0();
        command
            .current_dir(&probe.dir)
            .args(["build", "--static", "--offline", "--out", "out"]);
        command.env("CARGO_TARGET_DIR", probe.dir.join("target"));
        let output = command.envs(variables.iter().copied()).output().unwrap();
        good(&output);
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(!loud(&[]).contains("Compiling"));
    for flags in [
        ("RUSTFLAGS", "--cfg by_user"),
        ("CARGO_ENCODED_RUSTFLAGS", "--cfg\u{1f}by_user"),
    ] {
        assert!(loud(&[flags]).contains("Finished"));
        let bytes = fs::read(probe.out("libprobe.so")).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("told by the user") && !text.contains(folders[0]));
    }
}

#[test]
fn plain_cargo_build_in_between_does_no_harm() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(dir.path(), "probe");
    for _ in 0..2 {
        good(&probe.build(&[]));
        let mut cargo = std::process::Command::new(env!("CARGO"));
        cargo
            .current_dir(&probe.dir)
            .args(["build", "--offline", "-q"]);
        good(
            &cargo
                .env("CARGO_TARGET_DIR", probe.dir.join("target"))
                .output()
                .unwrap(),
        );
    }
    good(&probe.build(&["--static"]));
    fs::remove_dir_all(probe.dir.join("target/rt0")).unwrap();
    good(&probe.build(&["--static"]));
    assert!(
        fs::read_to_string(probe.out("probe.pc"))
            .unwrap()
            .contains("-lc")
    );
}

#[test]
fn what_cannot_be_built_is_one_clear_error() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(dir.path(), "probe");
    let text = bad(&probe.build(&["--features", "no-init"]), 1);
    assert_data_eq!(
        text,
        str![[r#"
error: the crate `probe` has no #[rt0::init], so nothing would start the library: put the attribute on the function that creates its state

"#]]
    );
    let text = bad(&probe.build(&["-p", "nobody"]), 2);
    assert_data_eq!(
        text,
        str![[r#"
error: the workspace has no package `nobody`

"#]]
    );
    let text = bad(&probe.build(&["--manifest-path", "nowhere/Cargo.toml"]), 2);
    assert_data_eq!(
        text,
        str![[r#"
error: cargo cannot read the project
  caused by: manifest path `nowhere/Cargo.toml` does not exist

"#]]
    );
    let text = both(&probe.build(&["--profile", "unheard-of"]));
    assert!(text.contains("cargo could not build"), "{text}");
    let lib = probe.dir.join("src/lib.rs");
    fs::write(
        &lib,
        format!("{} fn broken(", fs::read_to_string(&lib).unwrap()),
    )
    .unwrap();
    let output = probe.build(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(both(&output).contains("cargo could not build `probe`"));
}

#[test]
fn a_linker_in_the_configuration_is_the_one_that_runs() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(&dir.path().join("in ner"), "probe");
    let log = dir.path().join("log");
    let linker = dir.path().join("tools/my-linker");
    let text = format!(
        "#!/bin/sh\ncase \"$*\" in -print-* | *,--version) ;; *) echo ran >> '{}' ;; esac\nexec cc \"$@\"\n",
        log.display()
    );
    script(&linker, &text);
    let config = "[target.'cfg(target_os = \"linux\")']\nlinker = \"tools/my-linker\"\n";
    common::write(&dir.path().join(".cargo/config.toml"), config);
    good(&probe.build(&[]));
    assert_eq!(fs::read_to_string(log).unwrap(), "ran\n");
    assert_eq!(defined(&probe, "libprobe.so", "-D"), declared("probe"));
}

#[test]
fn the_answer_is_json_on_request() {
    let dir = tempfile::tempdir().unwrap();
    let probe = Probe::new(dir.path(), "probe");
    let built = good(&probe.build(&["--json", "--static"]));
    let built: serde_json::Value = serde_json::from_str(&built).unwrap();
    for key in [
        "library",
        "archive",
        "header",
        "pkg_config",
        "static_pkg_config",
    ] {
        assert!(
            probe.dir.join(built[key].as_str().unwrap()).is_file(),
            "{key}"
        );
    }
    assert_eq!(built["prefix"], "probe");
    assert_eq!(built["symbols"].as_array().unwrap().len(), DECLARED.len());
}
