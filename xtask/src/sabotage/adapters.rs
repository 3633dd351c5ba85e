//! Which tests notice when a protection is missing in an adapter: `crates/rt0-{pyo3,napi,jni,uniffi}/src/sabotage.rs`.
//!
//! The projects of `examples/` have workspaces of their own, with the adapter as a member and rt0 as a dependency. The
//! compiler that leaves out a protection is used for members only, so an adapter has switches of its own.

/// What must happen when a protection of an adapter is taken out.
pub struct Adapted {
    /// The switch, which begins with the adapter's name.
    pub switch: &'static str,
    /// The tests that must fail. Only these are run: others build for minutes, or may fail, too.
    pub red: &'static [&'static str],
}

impl Adapted {
    /// The module of host tests to run.
    pub fn module(&self) -> String {
        format!("ecosystems/{}", adapter(self.switch))
    }
}

/// The adapter that a switch belongs to.
fn adapter(switch: &str) -> &str {
    switch.split('-').next().unwrap_or_default()
}

const fn without(switch: &'static str, red: &'static [&'static str]) -> Adapted {
    Adapted { switch, red }
}

pub const ADAPTED: &[Adapted] = &[
    without(
        "pyo3-no-detach",
        &["pyo3::threads_wait_for_an_init_that_needs_the_interpreter"],
    ),
    without("pyo3-no-end", &["pyo3::calls_after_the_end_are_refused"]),
    without(
        "pyo3-no-forgotten-setup",
        &["pyo3::the_crates_own_tests_run_in_rust"],
    ),
    without(
        "pyo3-no-wait-for-callbacks",
        &["pyo3::the_interpreter_ends_when_a_callback_has_ended_and_no_other_begins"],
    ),
    without(
        "pyo3-no-forked-callbacks",
        &["pyo3::a_child_that_is_forked_after_the_end_has_callbacks_of_its_own"],
    ),
    without(
        "pyo3-no-refused-task",
        &["pyo3::an_init_that_fails_is_an_exception"],
    ),
    without("pyo3-no-panic", &["pyo3::the_crates_own_tests_run_in_rust"]),
    without("pyo3-no-signals", &["pyo3::ctrl_c_ends_a_wait"]),
    without(
        "napi-no-end",
        &["napi::the_library_ends_with_the_last_environment_and_boots_for_the_next"],
    ),
    without(
        "napi-no-wait-aside",
        &["napi::the_event_loop_turns_while_promises_wait_for_the_boot"],
    ),
    without(
        "napi-no-refused-task",
        &["napi::a_failed_boot_is_an_exception_and_a_rejected_promise"],
    ),
    without(
        "napi-no-word-of-exit",
        &["napi::an_end_while_workers_call_back_keeps_the_code_and_waits_for_nothing"],
    ),
    without(
        "jni-no-daemons",
        &["jni::watchers_run_on_daemons_and_may_throw"],
    ),
    without(
        "jni-no-hook",
        &["jni::a_future_of_a_library_that_ends_fails"],
    ),
    without(
        "jni-no-dropped-work",
        &["jni::a_future_of_a_library_that_ends_fails"],
    ),
    without(
        "jni-no-stack-check",
        &["jni::an_init_that_needs_java_on_a_thread_of_javas_is_refused"],
    ),
    without(
        "uniffi-no-runtime",
        &["uniffi::calls_are_answered_at_once_and_awaited"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;

    #[test]
    fn every_switch_of_the_adapters_is_here() {
        let adapters: BTreeSet<_> = ADAPTED.iter().map(|one| adapter(one.switch)).collect();
        let mut switches = BTreeSet::new();
        for adapter in adapters {
            let file = format!("crates/rt0-{adapter}/src/sabotage.rs");
            let text = fs::read_to_string(crate::run::root().join(file)).unwrap();
            let names = text.split("cfg!(rt0_sabotage = \"").skip(1);
            switches.extend(names.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
        let expected: BTreeSet<_> = ADAPTED.iter().map(|one| one.switch.to_owned()).collect();
        assert_eq!(switches, expected);
    }
}
