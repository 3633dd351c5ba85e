//! Forks of a host that has the library loaded.

use std::time::Duration;

use rt0_core::Status;
use rt0_hosts::fixture::{alone, fixture, plain};
use rt0_hosts::python;
use rt0_hosts::require::{is_root, skipped};
use rt0_hosts::soak::runs;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::temporary::Temporary;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{Ran, cc};

/// The ways to make a child in which `fork`'s handlers do not run.
const BEHIND_THE_HANDLERS: [&str; 2] = ["_Fork", "clone"];

/// The host `hosts/fork/forks.c`, with these words. It watches each child itself, and stops at the first that
/// hangs; hundreds of children take long on a busy machine.
fn forks(words: &str) -> Host {
    Host::new(cc::c("fork/forks.c", &[]))
        .limit(Duration::from_secs(240))
        .arg(fixture("probe").library())
        .args(words.split_whitespace())
}

/// What the host prints about a child that has booted this generation.
fn booted(generation: u32) -> String {
    format!(
        "done 1, state 0, code 1 (it did not work), by hand 1, ping 1, generation {generation}, \
         fork_child 1, own 1, freed 0, last_error 1"
    )
}

/// What the host prints about a child in which nothing can be started.
fn refused() -> String {
    format!(
        "done 1, state 0, code -6 (probe: {}), by hand -6, ping -1, generation -1, fork_child -1, own 0, \
         freed 0, last_error 1",
        Status::Forked
    )
}

/// Runs rounds of `hosts/fork/forks.c`; each child must end like this.
#[track_caller]
fn rounds(kind: &str, number: usize, micros: u32, work: &str, end: &str) {
    let host = forks(&format!("rounds {kind} {number} {micros} {work}"));
    let said = Said::of(&host.run());
    let (mut booted, mut refused) = (0, 0);
    match end {
        "booted" => booted = number,
        "refused" => refused = number,
        _ => panic!("no such end: {end}"),
    }
    assert_eq!(
        said.one("children"),
        format!("{booted} booted, {refused} refused, 0 hung, 0 odd"),
        "{}",
        said.text()
    );
}

/// The child of a `fork`, made by the first thread or another.
#[test]
fn after_boot_a_forks_child_boots_and_lives() {
    for words in ["once fork", "thread fork"] {
        let said = Said::of(&forks(words).run());
        assert_eq!(said.one("child"), booted(2));
        assert_eq!(
            said.one("lifecycle"),
            "wait 0, start 0, report 1, freed 0, shutdown 0"
        );
        assert_eq!(said.one("exit"), "7");
        assert_eq!(said.one("parent"), "0");
    }
}

#[test]
fn during_boot_a_forks_child_boots_its_own() {
    let host = forks("once fork booting").env("PROBE_BOOT", "sleep:300");
    let said = Said::of(&host.run());
    assert_eq!(said.one("child"), booted(2));
    assert_eq!(said.one("exit"), "7");
}

#[test]
fn at_any_moment_with_eight_threads_calling_a_forks_child_boots() {
    rounds("fork", 100, 30_000, "call", "booted");
    rounds("fork", 100, 3_000, "call", "booted");
}

#[test]
fn at_any_moment_after_the_load_a_forks_child_boots() {
    rounds("fork", 200, 1_000, "none", "booted");
}

#[test]
fn while_other_threads_hold_the_lock_of_malloc_a_forks_child_boots() {
    rounds("fork", 100, 20_000, "malloc", "booted");
}

/// std keeps panic hooks behind a lock, and a thread that panics holds it.
#[test]
fn while_other_threads_panic_a_forks_child_boots() {
    rounds("fork", 300, 50_000, "panic", "booted");
}

/// Every call of the host gets an answer, and the text names the library.
#[test]
fn behind_the_handlers_of_several_threads_every_call_gives_the_named_error() {
    for kind in BEHIND_THE_HANDLERS {
        for (words, boot, freed) in [
            (format!("once {kind}"), "", Status::Forked.code()),
            (format!("thread {kind}"), "", Status::Forked.code()),
            // A child has inherited nothing that could be freed.
            (format!("once {kind} booting"), "sleep:300", 0),
        ] {
            let said = Said::of(&forks(&words).env("PROBE_BOOT", boot).run());
            assert_eq!(said.one("child"), refused(), "{words}");
            assert_eq!(
                said.one("lifecycle"),
                format!("wait -6, start -6, report 0, freed {freed}, shutdown -6"),
                "{words}"
            );
            assert_eq!(said.one("exit"), "7");
            assert_eq!(said.one("parent"), "0", "it frees what the child could not");
        }
    }
}

#[test]
fn behind_the_handlers_of_one_thread_the_child_boots() {
    for kind in BEHIND_THE_HANDLERS {
        let host = forks(&format!("once {kind} now")).env("RT0_START", "lazy");
        let said = Said::of(&host.run());
        assert_eq!(said.one("child"), booted(1), "{kind}");
        assert_eq!(said.one("exit"), "7");
    }
}

#[test]
fn behind_the_handlers_at_any_moment_with_eight_threads_calling_the_child_is_refused() {
    for kind in BEHIND_THE_HANDLERS {
        rounds(kind, 100, 30_000, "call", "refused");
        rounds(kind, 100, 1_000, "none", "refused");
    }
}

/// In such a child an allocation usually waits forever.
#[test]
fn behind_the_handlers_with_malloc_locked_for_ever_the_child_does_not_hang() {
    for kind in BEHIND_THE_HANDLERS {
        rounds(kind, 150, 20_000, "malloc", "refused");
    }
}

/// A `fork` does not repair what `_Fork` broke.
#[test]
fn the_forks_child_of_a_child_that_is_refused_is_refused_too() {
    for kind in BEHIND_THE_HANDLERS {
        let said = Said::of(&forks(&format!("again {kind}")).run());
        assert_eq!(said.one("grandchild"), refused(), "{kind}");
        assert_eq!(said.one("status"), "0");
    }
    let said = Said::of(&forks("again fork").run());
    assert_eq!(said.one("grandchild"), booted(2));
}

/// Without std inside, it needs no lock of the C library as long as it makes no thread.
#[test]
fn a_library_that_may_be_unmapped_boots_in_every_child() {
    let library = plain("bare", "unpinned").library();
    for kind in ["fork", "_Fork"] {
        let steps = format!("call bare_boot {kind} call bare_boot join call bare_boot");
        let said = Said::of(&load(&library, &steps).run());
        assert_eq!(said.one("child bare_boot"), "2", "{kind}");
        assert_eq!(said.all("bare_boot"), ["1", "1"]);
    }
}

#[test]
fn children_of_children_each_boot_the_next_generation() {
    let said = Said::of(&forks("deep 4").run());
    assert_eq!(said.all("generation"), ["2 1", "3 1", "4 1", "5 1"]);
    assert_eq!(said.one("status"), "0");
}

/// A thousand in a soak.
#[test]
fn many_forks_in_a_row_leave_nothing_in_the_parent() {
    let count = runs(300, 1000);
    let said = Said::of(&forks(&format!("row {count}")).run());
    assert_eq!(
        said.one("children"),
        format!("{count} booted, 0 refused, 0 hung, 0 odd")
    );
    assert_eq!(said.one("more threads"), "0");
    assert_eq!(said.one("more files"), "0");
    assert_eq!(said.one("more mappings"), "0");
    let kib: i64 = said.one("more kib").parse().expect("a number");
    // It counts nine tenths of the forks: less than a tenth of a KiB each.
    assert!(kib < i64::from(count) * 9 / 100, "{}", said.text());
}

/// Two forks, a new session, and no descriptor left, not even those of the parent's runtime.
#[test]
fn a_daemon_that_has_closed_every_descriptor_boots() {
    let said = Said::of(&forks("daemon").run());
    assert_eq!(said.one("first"), "0");
    assert_eq!(said.one("daemon"), "0, shutdown 0, wait 0");
    assert_eq!(said.one("boots"), booted(2));
}

#[test]
fn a_fork_in_a_callback_lets_the_child_return_from_the_call() {
    let said = Said::of(&forks("inside").run());
    assert_eq!(said.one("status"), "0");
    assert_eq!(said.one("returned"), "5 5, shutdown 0");
    assert_eq!(said.one("boots"), booted(2));
    assert_eq!(said.one("parent's shutdown"), "0");
}

/// Runs `hosts/fork/inside.c`, which prints what is wrong.
#[track_caller]
fn its_parents_calls_do_not_count(whose: &str) {
    let host = cc::linked("fork/inside.c", &fixture("probe"));
    assert_eq!(Host::compiled(host).arg(whose).run().ok(), "");
}

#[test]
fn the_call_in_which_a_child_was_made_does_not_hold_its_shutdown_up() {
    its_parents_calls_do_not_count("own");
}

#[test]
fn a_call_of_another_thread_of_its_parents_does_not_hold_a_childs_shutdown_up() {
    its_parents_calls_do_not_count("other");
}

#[test]
fn a_fork_during_a_shutdown_boots_and_exits_with_its_own_code() {
    let said = Said::of(&forks("shutting 100").run());
    assert_eq!(said.one("good"), "100", "{}", said.text());
}

/// The first process of a container has number 1, and so has its child if that is the first process of
/// another container: the number does not show that it is a child. A thread of the parent does not hold up
/// the child either.
#[test]
fn a_child_with_its_parents_number_is_a_child() {
    let test = "a_child_with_its_parents_number_is_a_child";
    if !is_root() {
        return skipped(test, "only root can make a namespace of process ids");
    }
    let said = Said::of(&forks("namespace").run());
    assert_eq!(said.one("status"), "0");
    assert_eq!(said.one("child"), booted(2));
    assert_eq!(said.one("shutdown"), "0");
}

/// In a child, everything that the parent, its runtime and its threads have allocated is still reachable: a
/// leak checker reports nothing when the child exits, whether it has booted or not.
#[test]
fn a_child_that_exits_has_no_leaks() {
    let test = "a_child_that_exits_has_no_leaks";
    let checker = "-fsanitize=leak";
    if !cc::has("fork/forks.c", &[checker]) {
        return skipped(test, "the C compiler has no checker of leaks");
    }
    // A child without a runtime, whose boot thread has ended.
    for child in ["", "call1 silent_wait 20000"] {
        let library = fixture("silent").library();
        let steps = format!("load {library} call1 silent_wait 20000 fork {child} exit 0 join");
        let host = Host::new(cc::c("steps.c", &[checker]));
        let ran = host.args(steps.split_whitespace()).run();
        assert!(ran.status.success(), "{ran}");
    }
    for words in ["exits fork", "exits calls"] {
        let run = || {
            let host = Host::new(cc::c("fork/forks.c", &[checker]));
            let host = host.arg(fixture("probe").library());
            host.args(words.split_whitespace()).run()
        };
        // Where a thread of the parent's was allocating at the fork, the child hangs in the leak checker.
        let hung = |ran: &Ran| ran.stdout == b"exit = -1\n";
        let mut ran = run();
        for _ in 0..2 {
            if hung(&ran) {
                ran = run();
            }
        }
        // The leak checker prints to stderr that each of the parent's threads is missing.
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success() && said == "exit = 7\n", "{ran}");
    }
}

#[test]
fn vfork_with_exec_and_posix_spawn_run_their_program_while_eight_threads_call() {
    let program = cc::c("fork/forks.c", &[]);
    let words = format!("spawn {} 100", program.display());
    let said = Said::of(&forks(&words).run());
    assert_eq!(said.one("good"), "100");
}

#[test]
fn workers_of_a_python_host_that_has_loaded_before_it_forks_boot() {
    let test = "workers_of_a_python_host_that_has_loaded_before_it_forks_boot";
    let Some(python) = python() else {
        return skipped(test, "there is no python3");
    };
    let ran = Host::new(&python)
        // Newer versions warn about every fork with threads.
        .args(["-W", "ignore"])
        .arg(rt0_hosts::source("fork/forks.py"))
        .arg(fixture("probe").library())
        .run();
    assert_eq!(ran.ok(), "[(1, 2, True)]\n(1, 2, True)\n7\n(0, 1, True)\n");
}

#[test]
fn fork_child_boots() {
    let steps = "call probe_generation fork threads call probe_state call probe_generation \
                 call probe_fork_child call probe_boots threads take probe_report probe_free join \
                 call probe_generation call probe_fork_child call probe_boots";
    let said = Said::of(&load(&fixture("probe").library(), steps).run());
    let [before, after] = said.all("child threads")[..] else {
        panic!("{}", said.text());
    };
    assert_eq!(before, "1");
    assert_ne!(
        after,
        "1",
        "the child has threads of its own\n{}",
        said.text()
    );
    assert_eq!(said.one("child probe_state"), "0", "COLD");
    assert_eq!(said.one("child probe_generation"), "2");
    assert_eq!(said.one("child probe_fork_child"), "1");
    // The child's copy of the counter goes on from the parent's.
    assert_eq!(said.one("child probe_boots"), "2");
    assert!(
        said.one("child probe_report")
            .contains("\"fork_child\":true"),
        "{}",
        said.text()
    );
    // The parent does not notice.
    assert_eq!(said.all("probe_generation"), ["1", "1"]);
    assert_eq!(said.one("probe_fork_child"), "0");
    assert_eq!(said.one("probe_boots"), "1");
}

#[test]
fn fork_during_boot() {
    let steps = "fork call probe_generation call probe_fork_child join call probe_generation";
    let host = load(&fixture("probe").library(), steps);
    let said = Said::of(&host.env("PROBE_BOOT", "sleep:300").run());
    assert_eq!(said.one("child probe_fork_child"), "1");
    assert_eq!(said.one("probe_generation"), "1");
}

#[test]
fn a_childs_shutdown_is_its_own() {
    let steps = "call probe_ping fork call probe_ping call1 probe_shutdown 20000 alone \
                 call probe_generation join call probe_state call probe_generation \
                 call1 probe_shutdown 20000";
    let said = Said::of(&load(&fixture("probe").library(), steps).run());
    assert_eq!(said.one("child probe_shutdown"), "0");
    assert_eq!(said.one("child alone"), "1");
    assert_eq!(said.one("child probe_generation"), "3");
    assert_eq!(said.one("probe_state"), "3");
    assert_eq!(said.one("probe_generation"), "1");
    assert_eq!(said.one("probe_shutdown"), "0");
}

/// The host's own handler runs before the library's, which must not touch what the host's handler has booted.
#[test]
fn a_fork_handler_of_the_host_boots_the_child() {
    let host = cc::c("fork/forkhook.c", &["-pthread"]);
    let ran = Host::new(host).arg(fixture("probe").library()).run();
    assert_eq!(ran.ok(), "parent 1\nhandler 2\nchild 2\nparent 1\n");
}

/// In the child, the copy of the boot thread continues with the parent's init: it must not end the boot that
/// the child has begun for itself. (Nothing is called before that: on a busy machine the caller itself could
/// boot, and its copy would go on as a host.)
#[test]
fn an_init_that_forks_leaves_the_childs_own_generation_alone() {
    let dir = Temporary::new("init-forks");
    let file = dir.path().join("answer");
    let steps = format!("written {} call probe_generation", file.display());
    let script = format!("fork;main-tells:{}", file.display());
    let host = load(&fixture("probe").library(), &steps);
    let said = Said::of(&host.env("PROBE_BOOT", script).run());
    assert_eq!(said.one("probe_generation"), "1");
    assert_eq!(std::fs::read_to_string(&file).unwrap_or_default(), "2");
}

/// The runtime that the parent entered for its init is not the one that the child's own boot made.
#[test]
fn the_child_of_an_init_that_forks_uses_its_own_runtime() {
    let dir = Temporary::new("init-forks-runtime");
    let file = dir.path().join("child");
    for start in ["quiet", "lazy"] {
        let steps = format!("call hush_works written {}", file.display());
        let host = load(&fixture("hush").library(), &steps)
            .env("RT0_START", start)
            .env("HUSH_FORK", &file)
            .limit(Duration::from_secs(30));
        let said = Said::of(&host.run());
        assert_eq!(said.one("hush_works"), "7", "{start}");
        // The author's error, with code 1; a value that went through a runtime; and the same runtime each time.
        let child = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(child, "1 7 true", "{start}");
        std::fs::remove_file(&file).expect("it was written");
    }
}

/// In the child, the copy of the thread that shuts down the parent's generation continues: it must not end
/// the generation that the child has booted for itself.
#[test]
fn an_exit_that_forks_leaves_the_childs_own_generation_alone() {
    let steps = "call calm_open call1 calm_shutdown 20000 split call calm_state call calm_open \
                 call1 calm_shutdown 20000 call calm_state call calm_open join call calm_open";
    let host = load(&fixture("calm").library(), steps)
        .env("CALM_EXIT", "forks")
        .limit(Duration::from_secs(30));
    let said = Said::of(&host.run());
    // The child's first call was that of exit.
    assert_eq!(said.all("child calm_state"), ["3", "0"]);
    assert_eq!(said.all("child calm_open"), ["2", "1"]);
    assert_eq!(said.one("child calm_shutdown"), "0");
    // The parent's calls belong to the parent.
    let opened = said.all("calm_open");
    assert_eq!(opened, ["1", "1", "1", "2"], "{}", said.text());
    assert_eq!(said.all("calm_shutdown"), ["0"; 3], "{}", said.text());
}

/// The same for the drop of the state.
#[test]
fn a_destructor_that_forks_leaves_the_childs_own_generation_alone() {
    let steps = "call probe_ping call1 probe_shutdown 20000 split call probe_state \
                 call probe_generation call1 probe_shutdown 20000 call probe_state join \
                 call probe_generation";
    let host = load(&fixture("probe").library(), steps)
        .env("PROBE_BOOT", "drop-forks")
        .limit(Duration::from_secs(30));
    let said = Said::of(&host.run());
    assert_eq!(said.all("child probe_state"), ["3", "0"]);
    assert_eq!(said.one("child probe_generation"), "2");
    assert_eq!(said.one("child probe_shutdown"), "0");
    assert_eq!(said.all("probe_state"), ["0", "0"], "{}", said.text());
    assert_eq!(said.all("probe_generation"), ["2", "3"]);
}

/// A fork waits while code holds locks of std, but not forever.
#[test]
fn a_fork_waits_for_the_stretches_in_which_boot_holds_locks() {
    let library = alone("fleeting").library();
    let child = |steps: &str| {
        let host = load(&library, steps).env("FLEETING_HOLD", "60000");
        let said = Said::of(&host.run());
        assert_eq!(said.one("fleeting_ping"), "1");
        said.one("child fleeting_stretch").to_owned()
    };
    let ends_meanwhile = "until fleeting_stretch 1 begin1 fleeting_let_go 40 \
                          fork call fleeting_stretch join end call fleeting_ping";
    assert_eq!(child(ends_meanwhile), "2");
    // But not for ever.
    let ends_later = "until fleeting_stretch 1 fork call fleeting_stretch join \
                      call1 fleeting_let_go 0 call fleeting_ping";
    assert_eq!(child(ends_later), "1");
}

/// glibc makes keys without a lock. musl's `fork`, up to 1.2.3, copies that lock even while another thread
/// holds it.
#[test]
fn a_fork_waits_while_a_boot_makes_its_keys() {
    let host = Host::new(cc::c("fork/slow_keys.c", &["-rdynamic"])).arg(fixture("probe").library());
    let said = Said::of(&host.run());
    assert_eq!(said.one("half made"), "0");
    assert_eq!((said.one("child ping"), said.one("ping")), ("1", "1"));
}

/// glibc's `fork` copies the lock around the handlers of `exit` even while another thread holds it.
#[test]
fn a_fork_waits_while_a_first_call_registers_for_the_exit() {
    let host = Host::new(cc::c("fork/slow_exit.c", &["-rdynamic"])).arg(fixture("probe").library());
    let said = Said::of(&host.run());
    assert_eq!(said.one("half registered"), "0");
    assert_eq!(said.one("ping"), "1");
}
