//! Which tests notice which protection's absence.

/// What is to happen when a protection is out.
pub struct Expected {
    /// The switch in `rt0-core/src/sabotage.rs`.
    pub switch: &'static str,
    /// The test files that are run, all of them.
    pub files: &'static [&'static str],
    /// The tests in them that turn red; all others stay green.
    pub red: &'static [&'static str],
}

const fn without(
    switch: &'static str,
    files: &'static [&'static str],
    red: &'static [&'static str],
) -> Expected {
    Expected { switch, files, red }
}

/// What only a library that leaves nothing behind can pass.
const UNLOADING: &[&str] = &[
    "closed_at_once_it_leaves_nothing_behind",
    "closed_during_boot_it_waits_for_the_boot",
    "it_can_be_shut_down_before",
    "its_main_is_told_to_stop_and_awaited",
    "ten_thousand_loads_leave_nothing_behind",
    "the_host_forks_and_exits_after_it_is_gone",
];

pub const EXPECTED: &[Expected] = &[
    without(
        "no-wipe",
        &["fork"],
        &[
            "a_fork_handler_of_the_host_boots_the_child",
            "a_library_that_may_be_unmapped_boots_in_every_child",
            "behind_the_handlers_at_any_moment_with_eight_threads_calling_the_child_is_refused",
            "behind_the_handlers_of_several_threads_every_call_gives_the_named_error",
            "behind_the_handlers_with_malloc_locked_for_ever_the_child_does_not_hang",
            "the_forks_child_of_a_child_that_is_refused_is_refused_too",
        ],
    ),
    without(
        "no-fork-handler",
        &["fork"],
        &[
            "behind_the_handlers_at_any_moment_with_eight_threads_calling_the_child_is_refused",
            "behind_the_handlers_of_several_threads_every_call_gives_the_named_error",
            "behind_the_handlers_with_malloc_locked_for_ever_the_child_does_not_hang",
            "the_forks_child_of_a_child_that_is_refused_is_refused_too",
        ],
    ),
    without(
        "no-exit-handler",
        &["exit"],
        &[
            "busy_workers_and_the_statics_of_a_host_that_has_it_preloaded",
            "busy_workers_and_the_statics_of_a_host_that_is_linked_with_the_library",
            "busy_workers_and_the_statics_of_a_host_that_never_calls",
            "busy_workers_and_the_statics_of_a_host_that_opens_it_in_another_namespace",
            "busy_workers_and_the_statics_of_a_host_that_opens_the_library",
            "exit_handlers_of_the_host_may_call",
        ],
    ),
    without(
        "no-first-handler",
        &["exit"],
        &["busy_workers_and_the_statics_of_a_host_that_never_calls"],
    ),
    without(
        "no-second-handler",
        &["exit"],
        &[
            "busy_workers_and_the_statics_of_a_host_that_has_it_preloaded",
            "busy_workers_and_the_statics_of_a_host_that_is_linked_with_the_library",
        ],
    ),
    without("no-fini", &["unload_core"], UNLOADING),
    without("no-unload-join", &["unload_core"], UNLOADING),
    without(
        "no-thread-atexit",
        &["loader_lock", "thread_exit"],
        &[
            "a_constructor_in_the_same_dlopen_is_answered_whatever_boot_does",
            "a_constructor_in_another_dlopen_is_answered_by_a_boot_that_needs_no_loader",
            "a_constructor_in_another_dlopen_may_come_just_after_the_load",
            "a_thread_that_a_constructor_waits_for_is_answered_by_a_boot_that_needs_no_loader",
            "a_thread_that_a_constructor_waits_for_never_waits_longer_than_its_deadline",
            "what_is_registered_while_a_thread_ends_is_run_as_long_as_there_are_rounds",
        ],
    ),
    without(
        "no-look-ahead",
        &["loader_lock"],
        &[
            "a_constructor_in_another_dlopen_is_answered_by_a_boot_that_needs_no_loader",
            "a_constructor_in_another_dlopen_may_come_just_after_the_load",
            "a_thread_that_a_constructor_waits_for_is_answered_by_a_boot_that_needs_no_loader",
        ],
    ),
    without(
        "no-inline-boot",
        &["loader_lock"],
        &["a_constructor_in_the_same_dlopen_is_answered_whatever_boot_does"],
    ),
    without(
        "no-barrier",
        &["loader_lock"],
        &["a_constructor_in_the_same_dlopen_is_answered_whatever_boot_does"],
    ),
    without(
        "no-stand-in",
        &["loader_lock"],
        &[
            "a_constructor_in_another_dlopen_is_answered_by_a_boot_that_needs_no_loader",
            "a_constructor_in_another_dlopen_may_come_just_after_the_load",
            "a_thread_that_a_constructor_waits_for_is_answered_by_a_boot_that_needs_no_loader",
        ],
    ),
    without(
        "no-single-retry",
        &["retry"],
        &[
            "a_boot_that_failed_once_serves_afterwards",
            "a_shutdown_waits_for_the_next_boot",
            "many_callers_that_wait_for_a_boot_get_its_error",
            "many_failed_boots_leave_nothing_behind",
            "of_many_callers_one_boots_and_the_others_wait",
            "the_authors_choice_and_the_hosts",
            "the_librarys_own_threads_never_try_again",
            "waiting_and_a_host_that_only_asks",
            "waiting_for_the_next_boot_ends_with_the_deadline",
        ],
    ),
    without(
        "no-quiet-inline",
        &["quiet"],
        &[
            "a_failed_boot_is_tried_again_without_a_thread",
            "a_forks_child_boots_its_own_and_is_alone",
            "a_host_can_make_any_library_without_a_main_quiet",
            "a_library_with_a_main_says_that_it_needs_a_thread",
            "of_callers_at_once_one_boots_and_the_others_wait",
            "other_calls_wait_for_such_a_boot_with_their_deadlines",
            "the_first_call_boots_on_its_own_thread_and_no_other_is_made",
            "the_start_function_boots_on_the_hosts_thread",
            "what_the_author_asks_a_thread_for_leaves_none",
        ],
    ),
    without(
        "no-inline-fallback",
        &["scarce"],
        &["few_threads", "threads_that_are_forbidden"],
    ),
    without(
        "no-builder-guard",
        &["scarce"],
        &[
            "few_threads",
            "little_memory",
            "threads_that_can_be_had_again",
        ],
    ),
    without(
        "no-namespace-check",
        &["copies"],
        &["namespaces_of_their_own"],
    ),
    without(
        "no-keys-apart",
        &["copies"],
        &["in_another_namespace_the_hosts_keys_keep_their_values"],
    ),
    without(
        "no-low-files-check",
        &["streams"],
        &["the_numbers_of_closed_streams_stay_free"],
    ),
    without(
        "no-signal-block",
        &["manners", "signals"],
        &[
            "a_profilers_signals_are_taken_by_the_host",
            "signal_mask",
            "signal_mask_in_the_next_generation_and_in_a_forks_child",
            "signal_mask_of_a_boot_that_a_call_began",
            "signals_of_a_descriptor_are_taken_by_the_host",
            "signals_to_the_process_are_taken_by_the_host",
        ],
    ),
    without("no-pin", &["unload"], &["closed_at_once"]),
    without(
        "no-own-thread-check",
        &["gate"],
        &["a_call_from_init_is_answered"],
    ),
    without(
        "no-handle-check",
        &["parameters", "several"],
        &["bad_arguments", "what_belongs_to_another_is_refused"],
    ),
    without(
        "no-in-flight",
        &["handles", "shutdown"],
        &[
            "a_call_that_blocks_on_the_runtime_holds_a_shutdown_up",
            "a_call_that_stays_holds_a_shutdown_up",
            "a_guard_that_outlives_another_holds_a_shutdown_up",
            "a_shutdown_waits_for_calls_that_use_the_state",
        ],
    ),
    without(
        "no-own-getenv",
        &["environment"],
        &["the_environment_is_not_read_after_the_load"],
    ),
    without(
        "no-secure-check",
        &["arguments"],
        &["a_setuid_host_ignores_the_settings"],
    ),
    without(
        "no-panic-catch",
        &["failure"],
        &[
            "init_error_and_panic_from_python",
            "init_panic",
            "or_abort_ends_the_process",
            "panics_and_codes_of_calls",
            "panics_are_printed_when_asked_for",
        ],
    ),
    without(
        "no-fork-detection",
        &["fork"],
        &[
            "a_childs_shutdown_is_its_own",
            "a_daemon_that_has_closed_every_descriptor_boots",
            "a_fork_during_a_shutdown_boots_and_exits_with_its_own_code",
            "a_fork_handler_of_the_host_boots_the_child",
            "a_fork_in_a_callback_lets_the_child_return_from_the_call",
            "a_library_that_may_be_unmapped_boots_in_every_child",
            "a_thousand_forks_in_a_row_leave_nothing_in_the_parent",
            "after_boot_a_forks_child_boots_and_lives",
            "at_any_moment_after_the_load_a_forks_child_boots",
            "at_any_moment_with_eight_threads_calling_a_forks_child_boots",
            "behind_the_handlers_at_any_moment_with_eight_threads_calling_the_child_is_refused",
            "behind_the_handlers_of_several_threads_every_call_gives_the_named_error",
            "behind_the_handlers_with_malloc_locked_for_ever_the_child_does_not_hang",
            "children_of_children_each_boot_the_next_generation",
            "during_boot_a_forks_child_boots_its_own",
            "fork_child_boots",
            "fork_during_boot",
            "the_forks_child_of_a_child_that_is_refused_is_refused_too",
            "while_other_threads_hold_the_lock_of_malloc_a_forks_child_boots",
            "while_other_threads_panic_a_forks_child_boots",
            "workers_of_a_python_host_that_has_loaded_before_it_forks_boot",
        ],
    ),
    without(
        "no-forked-error",
        &["fork"],
        &[
            "behind_the_handlers_at_any_moment_with_eight_threads_calling_the_child_is_refused",
            "behind_the_handlers_of_several_threads_every_call_gives_the_named_error",
            "behind_the_handlers_with_malloc_locked_for_ever_the_child_does_not_hang",
            "the_forks_child_of_a_child_that_is_refused_is_refused_too",
        ],
    ),
    without(
        "no-fork-prepare",
        &["fork"],
        &[
            "a_fork_handler_of_the_host_boots_the_child",
            "the_forks_child_of_a_child_that_is_refused_is_refused_too",
        ],
    ),
    without(
        "no-fixed-text",
        &["fork"],
        &[
            "behind_the_handlers_at_any_moment_with_eight_threads_calling_the_child_is_refused",
            "behind_the_handlers_of_several_threads_every_call_gives_the_named_error",
            "behind_the_handlers_with_malloc_locked_for_ever_the_child_does_not_hang",
        ],
    ),
    without(
        "no-look-first",
        &["fork"],
        &[
            "behind_the_handlers_at_any_moment_with_eight_threads_calling_the_child_is_refused",
            "behind_the_handlers_with_malloc_locked_for_ever_the_child_does_not_hang",
        ],
    ),
    without(
        "no-lasting-hook",
        &["fork"],
        &["while_other_threads_panic_a_forks_child_boots"],
    ),
];
