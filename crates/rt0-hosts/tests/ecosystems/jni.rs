//! The jni crate, in the Java virtual machine: `examples/jni`, in the jar that users install.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use cargo_rt0::scaffold::Template;
use rt0_hosts::fixture::{build_tool, cargo};
use rt0_hosts::require::skipped;
use rt0_hosts::soak::runs;
use rt0_hosts::source;
use rt0_hosts::watchdog::Host;

use crate::project::{self, BUILD_LIMIT, fresh};

const GENERATOR: &str = "jni";

/// What was built, as a user has it.
struct Installed {
    /// A folder with the jar and the classes of the host, and nothing else.
    dir: PathBuf,
    /// The classes of the jar without the native library, and where that is.
    classes: PathBuf,
    native: PathBuf,
}

/// Builds the example with its own script and installs it, once; `None` on a machine without a JDK.
fn installed(test: &str) -> Option<&'static Installed> {
    static INSTALLED: OnceLock<Installed> = OnceLock::new();
    has_jdk(test).then(|| {
        INSTALLED.get_or_init(|| {
            let example = project::example(GENERATOR);
            build(&example);
            let classes = fresh(dir().join("classes"));
            let dir = fresh(dir().join("installed"));
            std::fs::copy(built().join("engine.jar"), dir.join("engine.jar"))
                .expect("it was built");
            let hosts = source("ecosystems/jni/Host.java");
            Host::new("javac")
                .arg("-cp")
                .arg(dir.join("engine.jar"))
                .arg("-d")
                .args([&dir, &hosts])
                .limit(BUILD_LIMIT)
                .run()
                .ok();
            let copied = Host::new("cp")
                .arg("-r")
                .arg(built().join("java/engine"))
                .arg(&classes);
            copied.run().ok();
            let native = built().join("release");
            Installed {
                dir,
                classes,
                native,
            }
        })
    })
}

fn has_jdk(test: &str) -> bool {
    let has = ["javac", "jar", "java"].iter().all(|tool| {
        let mut command = std::process::Command::new(tool);
        command
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success())
    });
    if !has {
        skipped(test, "there is no JDK: ci/setup.sh installs one");
    }
    has
}

fn dir() -> PathBuf {
    project::dir(GENERATOR)
}

/// Where the build scripts put what they build.
fn built() -> PathBuf {
    project::cargo_dir(GENERATOR)
}

/// Runs the project's build script.
#[track_caller]
fn build(project: &Path) {
    building("sh", project).arg("build.sh").run().ok();
}

fn building(program: &str, project: &Path) -> Host {
    let host = build_tool(program, &built()).dir(project);
    // Where the JDK is, for machines on which that must be said.
    let host = match std::env::var_os("JAVA_HOME") {
        Some(home) => host.env("JAVA_HOME", home),
        None => host,
    };
    host.limit(BUILD_LIMIT)
}

/// The host as a program of a user's. It starts fast, and writes what it has to say of a crash to stderr.
fn java(installed: &Installed) -> Host {
    in_class_path(".:engine.jar").dir(&installed.dir)
}

fn in_class_path(path: &str) -> Host {
    java_by(&["env"], path)
}

/// Java, started by this command.
fn java_by(command: &[&str], path: &str) -> Host {
    Host::new(command[0])
        .args(&command[1..])
        .arg("java")
        .args([
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
        ])
        .args([
            "-XX:+ErrorFileToStderr",
            "-XX:-CreateCoredumpOnCrash",
            "-cp",
            path,
        ])
        .env("RT0_WORKERS", "2")
}

/// What the host says with the virtual machine's checks of JNI, which say on stdout what is wrong.
#[track_caller]
fn checked(test: &str, args: &[&str], environment: &[(&str, &str)]) -> Option<String> {
    let installed = installed(test)?;
    let host = java(installed).args(["-Xcheck:jni", "Host"]).args(args);
    Some(host.envs(environment.iter().copied()).run().ok())
}

const CALLS: &str = "1\none\nnull\n2\ntrue\none\n";

#[test]
fn calls_are_answered_at_once_after_the_load() {
    let Some(said) = checked("calls", &["calls"], &[]) else {
        return;
    };
    assert_eq!(said, CALLS);
}

#[test]
fn the_class_can_be_loaded_on_any_thread() {
    let Some(said) = checked("thread", &["thread"], &[("ENGINE_VM", "1")]) else {
        return;
    };
    assert_eq!(said, CALLS);
}

#[test]
fn threads_are_answered_while_init_needs_java() {
    for _ in 0..3 {
        let Some(said) = checked("many", &["many"], &[("ENGINE_VM", "1")]) else {
            return;
        };
        assert_eq!(said, "32 of 32\n");
    }
}

/// The boot thread comes late, so the thread that has loaded the library would boot: on a stack on which Java can't
/// run. Without the protection every second run crashes.
#[test]
fn no_thread_of_javas_boots_the_library() {
    let Some(installed) = installed("starved") else {
        return;
    };
    let on_one = ["taskset", "-c", "0"];
    if !Host::new("taskset")
        .args(["-c", "0", "true"])
        .run()
        .status
        .success()
    {
        return skipped("starved", "taskset can't choose processor 0");
    }
    for _ in 0..5 {
        let host = java_by(&on_one, ".:engine.jar").dir(&installed.dir);
        let host = host.args(["Host", "starved"]).env("ENGINE_VM", "1");
        assert_eq!(host.run().ok(), "1\n");
    }
}

#[test]
fn an_init_that_needs_java_on_a_thread_of_javas_is_refused() {
    let quiet = [("ENGINE_VM", "1"), ("RT0_START", "quiet")];
    let Some(said) = checked("quiet", &["fails"], &quiet) else {
        return;
    };
    let start = "java.lang.IllegalStateException: engine_jni: start-up failed: the library boots on a thread of Java's";
    for line in said.lines() {
        assert!(
            line.starts_with(start) && line.contains("RT0_START=lazy"),
            "{said}"
        );
    }
    let Some(said) = checked("quiet", &["calls"], &quiet[1..]) else {
        return;
    };
    assert_eq!(said, CALLS);
}

#[test]
fn errors_are_exceptions_with_their_texts() {
    let Some(said) = checked("errors", &["errors"], &[]) else {
        return;
    };
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines[0],
        "java.lang.IllegalArgumentException: the key must not be empty"
    );
    assert!(
        lines[1].starts_with("java.lang.NullPointerException"),
        "{said}"
    );
    assert!(
        lines[2].starts_with("java.lang.IllegalStateException: engine_jni: "),
        "{said}"
    );
    assert_eq!(lines[3..], ["java.lang.NullPointerException: watcher", "1"]);
}

#[test]
fn a_failed_init_is_an_exception_in_each_call() {
    let failed = "java.lang.IllegalStateException: engine_jni: start-up failed: ";
    for (longest, start, end) in [
        ("0", "the time after which", "must not be zero"),
        ("x", "invalid digit", "found in string"),
        ("panic", "panicked at src/lib.rs:", ": told to panic"),
    ] {
        let Some(said) = checked("fails", &["fails"], &[("ENGINE_LONGEST_MS", longest)]) else {
            return;
        };
        assert_eq!(said.lines().count(), 2);
        for line in said.lines() {
            let text = line.strip_prefix(failed).unwrap_or_default();
            assert!(text.starts_with(start) && text.ends_with(end), "{said}");
        }
    }
}

#[test]
fn futures_are_completed_by_the_librarys_threads() {
    let Some(said) = checked("futures", &["futures"], &[]) else {
        return;
    };
    let (said, last) = said.trim().rsplit_once('\n').expect("lines");
    assert_eq!(said, "true\nfalse\noneone");
    assert!(last.starts_with("java.lang.NullPointerException"), "{last}");
}

#[test]
fn a_future_of_a_library_that_ends_fails() {
    let Some(said) = checked("pending", &["pending"], &[]) else {
        return;
    };
    let text = "the library was shut down before the work was done";
    assert_eq!(
        said,
        format!("null java.lang.IllegalStateException: {text}\n")
    );
}

/// And the program ends when its main returns, although the library's threads know Java.
#[test]
fn watchers_run_on_daemons_and_may_throw() {
    let Some(installed) = installed("watched") else {
        return;
    };
    // It would not end.
    let limit = Duration::from_secs(30);
    let host = java(installed).args(["-Xcheck:jni", "Host", "watched"]);
    assert_eq!(host.limit(limit).run().ok(), "a put one true\n");
}

#[test]
fn there_is_one_runtime() {
    let Some(said) = checked("threads", &["threads"], &[]) else {
        return;
    };
    let (_, names) = said.trim().rsplit_once('\n').expect("two lines");
    assert_eq!(names, "{engine_jni-=2}");
}

#[test]
fn a_second_load_is_nothing_new() {
    let Some(installed) = installed("twice") else {
        return;
    };
    let native = installed.native.display();
    let path = format!(
        "{}:{}",
        installed.classes.display(),
        installed.dir.display()
    );
    let host = in_class_path(&path)
        .arg(format!("-Djava.library.path={native}"))
        .args(["-Xcheck:jni", "Host", "twice"])
        .arg(installed.native.join("libengine_jni.so"));
    assert_eq!(host.run().ok(), "1\n2\n");
}

/// The virtual machine refuses the same file. The jar brings a copy, which is a library of its own.
#[test]
fn a_second_class_loader_has_a_library_of_its_own_or_none() {
    let Some(installed) = installed("loaders") else {
        return;
    };
    let jar = java(installed).args(["-Xcheck:jni", "Host", "loaders", "engine.jar"]);
    assert_eq!(jar.run().ok(), "1\nanother engine: 1 null\n");
    let classes = installed.classes.display();
    let host = in_class_path(&format!("{classes}:{}", installed.dir.display()))
        .arg(format!(
            "-Djava.library.path={}",
            installed.native.display()
        ))
        .args(["Host", "loaders", &format!("{classes}/")]);
    let said = host.run().ok();
    assert!(
        said.starts_with("1\njava.lang.UnsatisfiedLinkError: "),
        "{said}"
    );
    assert!(
        said.contains("libengine_jni.so already loaded in another classloader"),
        "{said}"
    );
}

#[test]
fn a_library_that_is_not_there_is_said() {
    let Some(installed) = installed("missing") else {
        return;
    };
    let host = in_class_path(&format!(
        "{}:{}",
        installed.classes.display(),
        installed.dir.display()
    ))
    .arg("-Djava.library.path=/nowhere")
    .args(["Host", "fails"]);
    let said = host.run().ok();
    assert!(
        said.contains("no engine_jni in java.library.path: /nowhere"),
        "{said}"
    );
}

#[test]
fn nothing_is_left_of_the_unpacked_library() {
    let Some(installed) = installed("left") else {
        return;
    };
    let dir = fresh(dir().join("temporary"));
    let host = java(installed).arg(format!("-Djava.io.tmpdir={}", dir.display()));
    assert_eq!(host.args(["Host", "calls"]).run().ok(), CALLS);
    assert_eq!(dir.read_dir().expect("it is there").count(), 0);
}

/// An exit that waits for a thread that the virtual machine has parked waits for its whole time: longer than the
/// watchdog does.
const TOO_LONG: &str = "3600000";

#[test]
fn the_program_exits_while_threads_call_and_are_called_back() {
    let Some(installed) = installed("exit") else {
        return;
    };
    for run in 0..runs(5, 100) {
        // Zero: its main returns.
        let code = [42, 0][run as usize % 2];
        let micros = (run * 377 % 5000).to_string();
        let host = java(installed).args(["Host", "exit", &code.to_string(), &micros]);
        host.env("RT0_EXIT_TIMEOUT", TOO_LONG).run().exits(code);
    }
}

/// The hook waits for the callback, which waits for the hook.
#[test]
fn an_exit_inside_a_callback_waits_only_for_its_time() {
    let Some(installed) = installed("exit-inside") else {
        return;
    };
    let host = java(installed).args(["Host", "exit-inside", "42"]);
    host.env("RT0_EXIT_TIMEOUT", "300").run().exits(42);
}

/// No hook runs.
#[test]
fn a_halt_has_its_exit_code() {
    let Some(installed) = installed("halt") else {
        return;
    };
    for _ in 0..runs(5, 100) {
        let host = java(installed).args(["Host", "halt", "42"]);
        host.env("RT0_EXIT_TIMEOUT", "300").run().exits(42);
    }
}

#[test]
fn a_hook_of_the_application_gets_an_answer() {
    for _ in 0..3 {
        let Some(said) = checked("hook", &["hook"], &[]) else {
            return;
        };
        assert_eq!(said, "answered\n");
    }
}

#[test]
fn no_call_begins_the_library_again_after_the_end() {
    let Some(said) = checked("late", &["late"], &[("RT0_EXIT_TIMEOUT", TOO_LONG)]) else {
        return;
    };
    assert_eq!(
        said,
        "the Java virtual machine ends, and has ended the library\n"
    );
}

/// The virtual machine waits for its hooks without a limit.
#[test]
fn a_hook_that_waits_for_a_boot_without_an_end_is_told() {
    let environment = [("ENGINE_VM", "1"), ("RT0_EXIT_TIMEOUT", "300")];
    let Some(installed) = installed("early") else {
        return;
    };
    let host = java(installed).args(["Host", "early"]).envs(environment);
    let said = host.run().ok();
    assert!(
        said.starts_with("java.lang.IllegalStateException: ") && said.lines().count() == 1,
        "{said}"
    );
}

#[test]
fn processes_are_started_beside_the_library() {
    let Some(said) = checked("process", &["process"], &[]) else {
        return;
    };
    assert_eq!(said, "7\none\n");
}

#[test]
fn the_readmes_commands_run_the_demo() {
    let Some(installed) = installed("demo") else {
        return;
    };
    // Those that `installed` has run, and the one below.
    assert_eq!(
        project::readme(GENERATOR),
        ["sh build.sh\njava -jar target/engine.jar\n"]
    );
    let said = Host::new("java")
        .args(["-jar", "engine.jar"])
        .dir(&installed.dir)
        .run()
        .ok();
    let mut lines: Vec<&str> = said.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["got: Hello from Rust", "greeting: put", "texts: 1"]);
}

/// The engine's own tests, in a process without Java.
#[test]
fn cargo_test_needs_no_java() {
    let every_feature: &[&str] = &["--workspace"];
    let no_feature = &["--package", "rt0-jni", "--no-default-features"];
    for which in [every_feature, no_feature] {
        let ran = building(&cargo(), &project::example(GENERATOR))
            .args(["test", "--quiet", "--release"])
            .args(which)
            .run();
        ran.succeeds();
    }
}

/// `cargo rt0 new --template jni`, and its library beside the engine's in one program.
#[test]
fn a_new_project_is_built_and_runs_beside_another_library() {
    let Some(installed) = installed("new") else {
        return;
    };
    let created = project::new(GENERATOR, Template::Jni, "my-greeter");
    assert_eq!(
        created.next,
        ["sh build.sh", "java -jar target/my_greeter.jar"]
    );
    build(&created.dir);
    let jar = built().join("my_greeter.jar");
    let host = Host::new("java").arg("-jar").arg(&jar);
    assert_eq!(host.run().ok(), "Hello, Java!\ngreeted so far: 1\n");
    let path = format!(".:engine.jar:{}", jar.display());
    let host = in_class_path(&path).dir(&installed.dir).arg("-Xcheck:jni");
    let said = host
        .args(["Host", "two", "my_greeter.MyGreeter"])
        .env("RT0_EXIT_TIMEOUT", TOO_LONG)
        .run();
    assert_eq!(said.ok(), "1\nHello, Java!\none\n");
}

/// And nothing is visible that Java does not look up.
#[test]
fn the_library_in_the_jar_has_the_protections() {
    let Some(installed) = installed("protections") else {
        return;
    };
    let library = installed.native.join("libengine_jni.so");
    project::check_protections(&library);
}
