//! Java's bindings: right, in every thread, and at the end of the virtual machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use cargo_rt0::bindings::Lang;
use rt0_hosts::fixture::{Fixture, fixture};
use rt0_hosts::java::{Java, java_with_foreign_functions, joined, maven_repository};
use rt0_hosts::package::{without, written};
use rt0_hosts::require::skipped;
use rt0_hosts::soak::runs;
use rt0_hosts::target::named_target;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{scratch, source, workspace};

use crate::package::{CONFORM, cases, is_there};

/// Far longer than necessary; a soak makes a million calls.
fn limit() -> Duration {
    without::limit(Duration::from_secs(runs(120, 1800).into()))
}

/// The package and its host, compiled, and the library that they are for.
struct Made {
    java: Java,
    package: PathBuf,
    host: PathBuf,
    library: Fixture,
}

fn java(test: &str) -> Option<Java> {
    let java = named_target()
        .is_empty()
        .then(java_with_foreign_functions)
        .flatten();
    if java.is_none() {
        skipped(
            test,
            "it needs Java 22 or later with a compiler, and no other target",
        );
    }
    java
}

/// A folder for classes, which is empty.
fn classes(name: &str) -> PathBuf {
    let dir = scratch().join("bindings/java-classes").join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("the target directory can be written");
    dir
}

/// A package's classes. The compiler has nothing to say.
fn compiled(java: &Java, dir: &Path, name: &str) -> PathBuf {
    let out = classes(name);
    java.compile(&[&dir.join("src/main/java")], &[], &out)
        .succeeds();
    out
}

fn made(test: &str) -> Option<Made> {
    static CLASSES: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    let java = java(test)?;
    let library = fixture(CONFORM);
    let make = || {
        let dir = written(&library.library(), Lang::Java, "conform", false);
        let package = compiled(&java, &dir, "conform");
        let host = classes("host");
        java.compile(&[&source("bindings/ConformHost.java")], &[&package], &host)
            .succeeds();
        (package, host)
    };
    let (package, host) = CLASSES.get_or_init(make).clone();
    Some(Made {
        java,
        package,
        host,
        library,
    })
}

impl Made {
    /// The host with classes of these places before all others.
    fn host_with(&self, first: &[&Path], library: &str) -> Host {
        let places = [first, &[&self.package, &self.host]].concat();
        self.java
            .host()
            // What grows must be the library's.
            .args(["-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch"])
            .arg("-cp")
            .arg(joined(&places))
            .arg("ConformHost")
            .arg(cases())
            .env("CONFORM_LIBRARY", library)
            .limit(limit())
    }

    fn host(&self, words: &[&str]) -> Host {
        self.host_with(&[], &self.library.library()).args(words)
    }
}

#[track_caller]
fn right(test: &str, words: &[&str]) {
    if let Some(made) = made(test) {
        let said = without::ends_after(made.host(words), "right\n").run().ok();
        assert!(said.ends_with("right\n"), "{said}");
    }
}

hosts! {
    every_case_is_right: "cases";
    every_slice_of_numbers_can_be_a_segment: "segments";
    every_case_is_right_in_eight_threads: "threads";
    a_handle_is_closed_once_and_by_the_collector_at_the_latest: "handles";
    calls_leave_nothing: "leak", &runs(10_000, 1_000_000).to_string();
    /// Cancelled while they wait for their turn, and under way.
    async_calls_are_right_though_a_third_is_cancelled: "async", &runs(100, 10_000).to_string();
    /// More at once than a queue takes.
    async_calls_wait_for_their_turn: "async", "3000";
    a_callback_that_is_called_too_late_is_reported: "late";
    a_function_that_is_passed_again_after_a_shutdown_stays: "passedAgain";
    a_kept_function_is_held_until_the_shutdown: "kept";
    a_call_while_a_shutdown_is_held_up_gets_its_answer: "held_up";
    a_call_whose_queue_ends_as_it_begins_is_told: "cut";
    calls_go_on_over_shutdowns: "meanwhile", &runs(200, 5_000).to_string();
    async_calls_keep_no_virtual_machine_alive: "alive";
}

/// Without the package's hook, the host's own waits in vain for the library's end.
#[test]
fn a_virtual_machine_ends_while_threads_call_back() {
    let Some(made) = made("a_virtual_machine_ends_while_threads_call_back") else {
        return;
    };
    for _ in 0..runs(5, 200) {
        let host = without::ends_after(made.host(&["exit"]), "it ends\n");
        assert_eq!(host.run().exits(7), "it ends\nit was shut down\n");
    }
}

#[test]
fn a_handler_hears_of_events() {
    let Some(java) = java("a_handler_hears_of_events") else {
        return;
    };
    let dir = written(&fixture("herald").library(), Lang::Java, "herald", true);
    let package = compiled(&java, &dir, "herald");
    let out = classes("events");
    java.compile(&[&source("bindings/Events.java")], &[&package], &out)
        .succeeds();
    let resources = dir.join("src/main/resources");
    let ran = java
        .host()
        .arg("-cp")
        .arg(joined(&[&package, &resources, &out]))
        .arg("Events")
        .limit(limit())
        .run();
    assert_eq!(ran.ok(), "right\n");
}

/// Libraries with everything that a name or a text can do to code: the golden files of the generator.
#[test]
fn golden_files_are_java() {
    let Some(java) = java("golden_files_are_java") else {
        return;
    };
    for library in ["everything", "asynchronous"] {
        let golden = workspace().join("crates/cargo-rt0/src/bindings/golden");
        compiled(&java, &golden.join(library).join("java"), library);
    }
}

#[test]
fn a_library_that_does_not_fit_is_a_sentence() {
    let Some(made) = made("a_library_that_does_not_fit_is_a_sentence") else {
        return;
    };
    let refused = |library: &str| made.host_with(&[], library).arg("refused").run().ok();
    let said = refused("");
    assert!(
        said.contains("there is no libconform.so in the package or in ")
            && said.contains("CONFORM_LIBRARY is not set, and the system says: libconform.so: "),
        "{said}"
    );
    let said = refused("/nowhere/libconform.so");
    assert!(
        said.contains("that CONFORM_LIBRARY names can't be loaded: /nowhere/libconform.so: "),
        "{said}"
    );
    let said = refused(&fixture("probe").library());
    assert!(said.contains("is another library"), "{said}");
}

/// Classes of a package for another ABI, and of one with an export that the library does not have.
#[test]
fn another_abi_and_another_version_are_sentences() {
    let Some(made) = made("another_abi_and_another_version_are_sentences") else {
        return;
    };
    let library = made.library.library();
    let changed = |name: &str, class: &str, from: &str, to: &str| {
        let dir = written(&library, Lang::Java, name, false);
        let path = dir.join("src/main/java/conform").join(class);
        let text = fs::read_to_string(&path).expect("it was written");
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).expect("it was written");
        let out = classes(name);
        made.java
            .compile(&[&path], &[&made.package], &out)
            .succeeds();
        made.host_with(&[&out], &library).arg("refused").run().ok()
    };
    let said = changed("other-abi", "Library.java", "ABI = 2;", "ABI = 99;");
    assert!(
        said.contains("has ABI version 2, and these bindings are for 99"),
        "{said}"
    );
    let (from, to) = ("\"conform_add\"", "\"conform_subtract\"");
    let said = changed("other-version", "Native.java", from, to);
    assert!(
        said.contains("has no conform_subtract: it is another version"),
        "{said}"
    );
}

/// `mvn install` of a package with the library inside, and a program that depends on it; without a network.
#[test]
fn maven_installs_a_package_with_the_library_inside() {
    const TEST: &str = "maven_installs_a_package_with_the_library_inside";
    let Some(made) = made(TEST) else {
        return;
    };
    let repository = maven_repository().filter(|_| is_there("mvn"));
    let Some(repository) = repository else {
        return skipped(TEST, "it needs Maven's plugins; ci/setup.sh installs them");
    };
    let dir = written(&made.library.library(), Lang::Java, "bundled", true);
    let used = dir.with_file_name("used");
    let _ = fs::remove_dir_all(&used);
    fs::create_dir_all(used.join("src/main/java")).expect("the target directory can be written");
    for file in ["pom.xml", "src/main/java/Host.java"] {
        fs::copy(source("bindings/maven").join(file), used.join(file)).expect("it is committed");
    }
    let installed = repository.join("conform");
    let _ = fs::remove_dir_all(&installed);
    for dir in [&dir, &used] {
        made.java.maven(dir, &repository).run().succeeds();
    }
    let package = installed.join("conform/0.1.0/conform-0.1.0.jar");
    let host = used.join("target/host-1.jar");
    let ran = |host: Host| host.dir(&used).limit(limit()).run().ok();
    let places = joined(&[&package, &host]);
    let on_class_path = made.java.host().arg("-cp").arg(&places);
    assert_eq!(ran(on_class_path.arg("Host")), "3\n");
    // As a module, with all cases.
    let as_module = made
        .java
        .host()
        .args(["--enable-native-access=conform", "--add-modules=conform"])
        .arg("-p")
        .arg(&package)
        .arg("-cp")
        .arg(&made.host)
        .arg("ConformHost")
        .arg(cases())
        .arg("cases");
    assert!(ran(as_module).ends_with("right\n"));
}

/// The host of `examples/search`, on that example's own sources.
#[test]
fn the_examples_host_finds_words_and_lines() {
    let Some(java) = java("the_examples_host_finds_words_and_lines") else {
        return;
    };
    let search = fixture("search").library();
    let dir = written(&search, Lang::Java, "search", false);
    let package = compiled(&java, &dir, "search");
    let example = workspace().join("examples/search");
    let out = classes("search-host");
    java.compile(&[&example.join("hosts/java/Host.java")], &[&package], &out)
        .succeeds();
    let said = java
        .host()
        .arg("-cp")
        .arg(joined(&[&package, &out]))
        .arg("Host")
        .args(["tokio", "AND AND"])
        .env("SEARCH_LIBRARY", search)
        .env("SEARCH_DIR", example.join("src"))
        .limit(limit())
        .run()
        .ok();
    assert!(said.contains("java: tokio: "), "{said}");
    assert!(said.contains("java: AND AND: "), "{said}");
    assert!(
        !said.contains(" 0 hits") && said.contains(" lines with 'tokio', in "),
        "{said}"
    );
}
