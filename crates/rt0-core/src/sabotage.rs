//! Switches that each remove one protection, to show that the tests of that protection then fail. All are off
//! in every normal build. `cargo xtask sabotage` builds with one at a time, by `--cfg rt0_sabotage="NAME"`,
//! and checks which tests fail.

macro_rules! switches {
    ($($(#[doc = $doc:literal])+ $switch:ident = $name:literal;)+) => {
        $($(#[doc = $doc])+ pub const $switch: bool = cfg!(rt0_sabotage = $name);)+

        /// The names of all switches.
        pub const ALL: &[&str] = &[$($name),+];
    };
}

switches! {
    /// The kernel is not asked to clear the generation page in a fork's child.
    NO_WIPE = "no-wipe";
    /// `fork` is not asked to call the handler that clears it.
    NO_FORK_HANDLER = "no-fork-handler";
    /// `exit` is not asked to call us.
    NO_EXIT_HANDLER = "no-exit-handler";
    /// The constructor does not register the exit handler.
    NO_FIRST_HANDLER = "no-first-handler";
    /// The first call does not register the exit handler again.
    NO_SECOND_HANDLER = "no-second-handler";
    /// The entry in `.fini_array` does nothing.
    NO_FINI = "no-fini";
    /// A library that is unmapped leaves its thread and its memory behind.
    NO_UNLOAD_JOIN = "no-unload-join";
    /// std's thread-locals are registered with the C library, under the loader lock.
    NO_THREAD_ATEXIT = "no-thread-atexit";
    /// The constructor does not look up the symbols that std will need.
    NO_LOOK_AHEAD = "no-look-ahead";
    /// The thread inside the `dlopen` that loads the library never boots it itself.
    NO_INLINE_BOOT = "no-inline-boot";
    /// The boot thread claims the boot at once, even while that `dlopen` goes on.
    NO_BARRIER = "no-barrier";
    /// The same, but only in a process without `dlsym`.
    NO_SECOND_BARRIER = "no-second-barrier";
    /// A call never makes a second thread for a boot that is stuck behind the loader.
    NO_STAND_IN = "no-stand-in";
    /// `rt0::ready_with` waits before it calls the closure that releases the caller's lock.
    NO_WAIT_OUTSIDE = "no-wait-outside";
    /// A shutdown does not wait for guards that belong to no thread.
    NO_TRAVELLING_COUNT = "no-travelling-count";
    /// A guard of a fork's parent that is dropped in the child is taken off the list.
    NO_FORKED_GUARD = "no-forked-guard";
    /// The guards in a lost generation count, too.
    NO_LOST_GUARDS = "no-lost-guards";
    /// Whoever reaches the runtime through the guards that travel does not look whether it is lost.
    NO_GUARDED_LOOK = "no-guarded-look";
    /// Those who wait without a thread wait on their executor's thread.
    NO_WAITERS_THREAD = "no-waiters-thread";
    /// A boot that is begun for a future leaves to the host what the thread has open that begins it.
    NO_ASKER = "no-asker";
    /// A boot is begun for futures although none waits any more.
    NO_STILL_ASKED = "no-still-asked";
    /// Neither a shutdown nor another registration waits until the events are told.
    NO_EVENTS_BARRIER = "no-events-barrier";
    /// Events are told although the generation has ended.
    NO_END_OF_EVENTS = "no-end-of-events";
    /// Events that the callback for events causes are told, and it may register another.
    NO_REFUSED_EVENTS = "no-refused-events";
    /// A fork's child has its parent's callback for events.
    NO_FORKED_EVENTS = "no-forked-events";
    /// A report shows the steps of another generation, or of a fork's parent.
    NO_OWN_STEPS = "no-own-steps";
    /// Whatever `RT0_TRACE` names is opened, also a pipe that nobody reads from.
    NO_PLAIN_FILE = "no-plain-file";
    /// A future that waits for the boot and is dropped leaves its waker in the list.
    NO_WAITER_LEAVES = "no-waiter-leaves";
    /// When a closure that waited for the boot forks, the child goes on with those that are next.
    NO_FORKED_CLOSURES = "no-forked-closures";
    /// A shutdown does not wait until all who waited for the boot are awake.
    NO_SETTLED_WAITERS = "no-settled-waiters";
    /// A closure that has waited for a boot is told of the next as if that had called it.
    NO_NEXT_BOOT = "no-next-boot";
    /// A shutdown that finds no boot leaves those alone who wait for one.
    NO_STOPPED_WAITERS = "no-stopped-waiters";
    /// A library that has ended with its host's virtual machine boots again, and ends once more with the process.
    NO_END_AHEAD = "no-end-ahead";
    /// A boot that the end of the library has not waited for lets calls through when it is done.
    NO_CLOSED_BOOT = "no-closed-boot";
    /// Who asked to be told of the exit of the process, before it waits, is not told.
    NO_WORD_OF_EXIT = "no-word-of-exit";
    /// Those who wait for the boot are woken while the process exits, too.
    NO_SLEEP_AT_EXIT = "no-sleep-at-exit";
    /// Neither the kernel nor the handler clears the page: a fork's child does not know that it is one.
    NO_FORK_DETECTION = "no-fork-detection";
    /// A child of `_Fork` or a raw clone boots, whatever may be locked there.
    NO_FORKED_ERROR = "no-forked-error";
    /// A child that has the same id as its parent, in another PID namespace, is taken for the parent.
    NO_INCARNATION = "no-incarnation";
    /// The note that a thread is ending the generation is kept outside the page: a fork's child believes it.
    NO_WIPED_CLAIM = "no-wiped-claim";
    /// Threads are identified by what the kernel calls them, whatever it answers.
    NO_THREAD_POINTER = "no-thread-pointer";
    /// Only the kernel is asked for the time, and nobody checks whether it answers.
    NO_OTHER_CLOCK = "no-other-clock";
    /// A wait that the kernel refuses is taken for one that has ended.
    NO_NAP = "no-nap";
    /// Nobody notes that a thread is in `fork` before `fork` calls the library's handler in the child.
    NO_FORK_PREPARE = "no-fork-prepare";
    /// The code that refuses a call in such a child allocates, as it does elsewhere.
    NO_FIXED_TEXT = "no-fixed-text";
    /// A call announces itself before it checks whether there is a generation to be inside of.
    NO_LOOK_FIRST = "no-look-first";
    /// A fork does not wait for the sections of a boot that take std's locks.
    NO_HOLD = "no-hold";
    /// Each boot installs a panic hook of its own, behind a lock that a fork can leave locked.
    NO_LASTING_HOOK = "no-lasting-hook";
    /// The start policy `quiet` does no more than `lazy`.
    NO_QUIET_INLINE = "no-quiet-inline";
    /// A caller that gets no thread does not boot on its own.
    NO_INLINE_FALLBACK = "no-inline-fallback";
    /// A call that has waited for a failed boot begins the next at once, as only a later call may.
    NO_SINGLE_RETRY = "no-single-retry";
    /// A call that would boot again does not wait for a boot thread that has not passed the loader yet.
    NO_LATE_WAIT = "no-late-wait";
    /// If a runtime gets only some of its threads, these are not told that it was given up.
    NO_BUILDER_GUARD = "no-builder-guard";
    /// A load into a namespace of its own makes a thread, too.
    NO_NAMESPACE_CHECK = "no-namespace-check";
    /// In such a namespace the host's C library is not told that the process has threads.
    NO_THREAD_TOLD_OF = "no-thread-told-of";
    /// In such a namespace the library's keys are not kept apart from the host's.
    NO_KEYS_APART = "no-keys-apart";
    /// The library's threads block no signals.
    NO_SIGNAL_BLOCK = "no-signal-block";
    /// The value that the linker gives to an undefined symbol is taken for null.
    NO_ABSENT_CHECK = "no-absent-check";
    /// A signal mask is replaced, not added to.
    NO_MASK_KEPT = "no-mask-kept";
    /// SIGABRT stays unblocked on the library's threads, as faults do.
    NO_ABORT_BLOCK = "no-abort-block";
    /// No garbage collector's signal is unblocked on the library's threads.
    NO_COLLECTOR_SIGNALS = "no-collector-signals";
    /// Nobody checks whether the host has a handler for these signals.
    NO_HANDLER_CHECK = "no-handler-check";
    /// Nobody checks whether the host's first thread, or the thread that loaded the library, blocks them.
    NO_BLOCKED_CHECK = "no-blocked-check";
    /// Signals that the first thread blocks only while it makes a thread count as blocked.
    NO_MOMENT_CHECK = "no-moment-check";
    /// The first call does not make the library's threads look again.
    NO_SECOND_LOOK = "no-second-look";
    /// The library's idle threads are not told to look again.
    NO_MEETING = "no-meeting";
    /// A library that the linker has not pinned does not pin itself.
    NO_PIN = "no-pin";
    /// A loader that has refused to keep the library is not asked again.
    NO_SECOND_PIN = "no-second-pin";
    /// A call on a thread that the boot waits for is treated like any other.
    NO_OWN_THREAD_CHECK = "no-own-thread-check";
    /// A handle that is not open is taken for another handle of its type.
    NO_HANDLE_CHECK = "no-handle-check";
    /// The first call of a thread that ends takes back the announcements of all of them.
    NO_CALL_COUNT = "no-call-count";
    /// In a fork's child the calls of its parent's other threads are taken for its own.
    NO_FIRST_NUMBER = "no-first-number";
    /// A thread that is inside a call of its parent's generation counts it as one of the child's.
    NO_SLOT_LEFT = "no-slot-left";
    /// Nobody checks whether every thread has its thread-local at the same distance.
    NO_FIXED_CHECK = "no-fixed-check";
    /// A slot to which a thread pointer leads is taken for the thread's own.
    NO_OWNER_CHECK = "no-owner-check";
    /// The key in a slot is that of a thread, in whatever generation, also of a fork's parent.
    NO_PASS_IN_KEY = "no-pass-in-key";
    /// A shutdown does not wait for calls that are inside.
    NO_IN_FLIGHT = "no-in-flight";
    /// The environment is also believed in a process with more rights than its caller.
    NO_SECURE_CHECK = "no-secure-check";
    /// When the boot thread has been joined, nobody checks which calls it has left announced.
    NO_SECOND_COUNT = "no-second-count";
    /// A shutdown on the loading thread takes another thread's `dlopen` for its own after a second.
    NO_PATIENCE = "no-patience";
    /// A thread that has called `exit` shuts the library down itself, without its thread-locals.
    NO_SHUTDOWN_ELSEWHERE = "no-shutdown-elsewhere";
    /// The thread that ends the process counts as if it were not inside a call.
    NO_EXIT_INSIDE = "no-exit-inside";
    /// A thread that one generation's shutdown joins does not hold up the shutdown of any other generation,
    /// not even in a fork's child.
    NO_JOINED_NUMBER = "no-joined-number";
    /// A call looks up the present generation again in place of the one that it has entered, also where the
    /// process may be another one by then.
    NO_KEPT_ENTRY = "no-kept-entry";
    /// Only the number of the threads that hold up a shutdown is reported.
    NO_NAMES_INSIDE = "no-names-inside";
    /// The runtime's descriptors may get the numbers of stdin, stdout and stderr.
    NO_HIGH_NUMBERS = "no-high-numbers";
    /// On the library's own threads, the runtime used is the one that was entered there.
    NO_OWN_HANDLE = "no-own-handle";
    /// Nobody checks whether the runtime's descriptors are still its own.
    NO_LOST_CHECK = "no-lost-check";
    /// Code that waits for async code relies on the call around it to hold off a shutdown.
    NO_OWN_ANNOUNCEMENT = "no-own-announcement";
    /// A lost generation is ended as if it were not lost: its runtime and its state are dropped.
    NO_LOST_LEFT = "no-lost-left";
    /// A call that finds the runtime lost first waits for the call around it before it boots again.
    NO_NESTED_RETRY = "no-nested-retry";
    /// A runtime whose descriptors we are not allowed to check is taken to be lost.
    NO_REFUSED_LOOK = "no-refused-look";
    /// The descriptor numbers of a runtime that ended with a panic are taken to be its own for ever.
    NO_FORGOTTEN_NUMBERS = "no-forgotten-numbers";
    /// The arguments and the environment are not copied, although the author asks for them.
    NO_ARGUMENTS_COPY = "no-arguments-copy";
    /// The kernel is asked for its fence on every thread when a shutdown needs it.
    NO_EARLY_FENCE = "no-early-fence";
    /// A call that is refused during a shutdown keeps its processor.
    NO_WAY_GIVEN = "no-way-given";
    /// The exit of the process leaves the gate to the thread that ends the library.
    NO_GATE_FIRST = "no-gate-first";
    /// tokio reads the environment itself.
    NO_OWN_GETENV = "no-own-getenv";
    /// The load waits for the boot.
    NO_EARLY_RETURN = "no-early-return";
    /// The first caller of a cold library does not begin the boot.
    NO_FIRST_CALLER = "no-first-caller";
    /// Every negative time means for ever.
    NO_TIME_CHECK = "no-time-check";
    /// A wait has no deadline.
    NO_DEADLINE = "no-deadline";
    /// A signal ends a wait as if its time were over.
    NO_INTERRUPT_CHECK = "no-interrupt-check";
    /// What rt0 itself waits for or runs on a host's thread can be cancelled half-way.
    NO_CANCEL_SHIELD = "no-cancel-shield";
    /// Calls can be cancelled half-way even if their author, or their form, rules that out.
    NO_CALL_SHIELD = "no-call-shield";
    /// A call at the gate has a large frame.
    NO_SMALL_FRAME = "no-small-frame";
    /// Two threads may end one generation.
    NO_CLAIM = "no-claim";
    /// The boot thread is not joined when its generation ends.
    NO_JOIN = "no-join";
    /// A shutdown that continues what an exit has left unfinished does not wait for calls.
    NO_RESUME_WAIT = "no-resume-wait";
    /// A shutdown goes on in a child that was forked in the middle of it.
    NO_FORKED_END = "no-forked-end";
    /// A call that is inside passes the gate once more when it wants the runtime.
    NO_HELD_RUNTIME = "no-held-runtime";
    /// No call waits for the end of a shutdown.
    NO_SHUTDOWN_WAIT = "no-shutdown-wait";
    /// A failed boot is tried again at once.
    NO_RETRY_PAUSE = "no-retry-pause";
    /// The exit of the process waits as long as it takes.
    NO_EXIT_BOUND = "no-exit-bound";
    /// A library that can be unmapped does not pin itself when its main outlives the exit's time.
    NO_EXIT_PIN = "no-exit-pin";
    /// Threads keep the names that the C library gives them.
    NO_THREAD_NAMES = "no-thread-names";
    /// Destructors that a thread has registered for its end are not run.
    NO_LOCALS_DROPPED = "no-locals-dropped";
    /// The error text of a failed boot is not kept.
    NO_STORED_TEXT = "no-stored-text";
    /// Settings in the host's environment are ignored.
    NO_SETTINGS = "no-settings";
    /// The boot writes to stdout that it runs.
    NO_SILENCE = "no-silence";
    /// In a fork's child nothing points to what its parent has made.
    NO_KEPT_GENERATION = "no-kept-generation";
    /// In a fork's child nothing points to what its parent's threads had for themselves.
    NO_KEPT_LOCALS = "no-kept-locals";
    /// In a fork's child nothing points to what tokio has made for the parent's workers.
    NO_KEPT_WORKERS = "no-kept-workers";
    /// A boot does not check whether std will find a key for its threads.
    NO_KEY_CHECK = "no-key-check";
    /// A thread-local is touched for the first time even if there is no memory for it.
    NO_LOCALS_CHECK = "no-locals-check";
    /// A thread is made even if nothing but its stack fits into memory.
    NO_ROOM_CHECK = "no-room-check";
    /// Windows: nobody checks who holds the loader's lock.
    NO_LOADER_LOCK_CHECK = "no-loader-lock-check";
    /// Windows: we wait for the end of a thread as long as it takes.
    NO_JOIN_LIMIT = "no-join-limit";
    /// Windows: a thread holds no reference to the file that its code is in.
    NO_MODULE_REFERENCE = "no-module-reference";
    /// Windows: the end of the process waits for threads, as it does elsewhere.
    NO_DEAD_THREADS = "no-dead-threads";
    /// Memory that a call may change can be passed twice, and can extend beyond the last address.
    NO_OVERLAP_CHECK = "no-overlap-check";
    /// The padding between a struct's fields goes to the host as it is.
    NO_PADDING_CLEARED = "no-padding-cleared";
    /// Each generation counts its handles from the beginning.
    NO_HANDLE_COUNTER = "no-handle-counter";
    /// A handle that is freed during a shutdown is not told apart from one that is closed.
    NO_STOPPED_FREE = "no-stopped-free";
    /// A panic is not caught before it leaves the library.
    NO_PANIC_CATCH = "no-panic-catch";
    /// A constructor does not check whether an earlier call has begun the boot.
    NO_BEGUN_CHECK = "no-begun-check";
    /// In C: a boot function that returns counts as done.
    NO_NOTIFY_CHECK = "no-notify-check";
    /// In C: a thread that notifies a boot that is over is not told so.
    NO_NOTIFY_ONCE = "no-notify-once";
    /// In C: a fork's child does not look for what its parent has left.
    NO_LEFT_OVER = "no-left-over";
    /// In C: a runtime's own threads are not recognised.
    NO_OWN_MARK = "no-own-mark";
    /// In C: at its end a thread is detached from whichever generation there is.
    NO_DETACH_CHECK = "no-detach-check";
    /// In C: a table is not checked.
    NO_TABLE_CHECK = "no-table-check";
    /// The unwinder asks the loader even for the library's own frames.
    NO_OWN_TABLE_FIRST = "no-own-table-first";
    /// The unwinder inside the library is not set up before another one goes through our frames.
    NO_UNWINDER_SET_UP = "no-unwinder-set-up";
    /// Threads are made by clone(2) even where there is a C library.
    NO_C_LIBRARY_CHECK = "no-c-library-check";
    /// A thread without a C library keeps the thread pointer of the one that made it.
    NO_OWN_POINTER = "no-own-pointer";
    /// A thread without a C library blocks no signals.
    NO_RAW_SIGNAL_BLOCK = "no-raw-signal-block";
    /// A thread without a C library has no guard page below its stack.
    NO_GUARD = "no-guard";
    /// A thread without a C library does not give its stack back.
    NO_STACK_RETURN = "no-stack-return";
    /// If a thread without a C library can't be made, the process ends.
    NO_CLONE_ERROR = "no-clone-error";
    /// An op may be completed by several.
    NO_ONE_COMPLETION = "no-one-completion";
    /// An op is published as done before its outcome is stored.
    NO_OUTCOME_FIRST = "no-outcome-first";
    /// The tag of an op comes some time after the op is seen to be done.
    NO_TAG_ORDER = "no-tag-order";
    /// An op that can't begin after all keeps its place in the queue.
    NO_PLACE_BACK = "no-place-back";
    /// A shutdown silences the callback queues that were made while it ended the others.
    NO_NEWER_QUEUE = "no-newer-queue";
    /// A queue that has ended says that it is full.
    NO_END_OF_FULL = "no-end-of-full";
    /// A queue says that it has ended although a tag may come.
    NO_LAST_TAG = "no-last-tag";
    /// The host gets an op's handle after the op has started.
    NO_OP_FIRST = "no-op-first";
    /// A shutdown leaves open ops as they are.
    NO_STOPPED_OPS = "no-stopped-ops";
    /// An op that a shutdown without a generation has ended keeps its future, if another thread has begun to run it.
    NO_WAKE_OF_STOPPED = "no-wake-of-stopped";
    /// A shutdown does not wait for those who have woken a future and are about to pass it on.
    NO_LAST_WAKE = "no-last-wake";
    /// A shutdown leaves the results that are handles of the generation that has ended.
    NO_REVOKED_RESULTS = "no-revoked-results";
    /// A fork's child has its parent's ops and queues.
    NO_WIPED_OPS = "no-wiped-ops";
    /// No byte is written to the descriptor of a queue.
    NO_BELL = "no-bell";
    /// A byte is written to the descriptor of a queue without a look at whose it is by now.
    NO_BELL_CHECK = "no-bell-check";
    /// A queue has a descriptor also where no thread of the library would make it readable.
    NO_QUIET_BELL = "no-quiet-bell";
    /// The descriptor of a queue that has ended is not shut down, only closed.
    NO_BELL_END = "no-bell-end";
    /// A queue goes on after a shutdown.
    NO_OPEN_QUEUE = "no-open-queue";
    /// A queue that is freed does not wake those who take from it.
    NO_FREED_QUEUE = "no-freed-queue";
    /// Any number of ops may begin on a queue.
    NO_QUEUE_LIMIT = "no-queue-limit";
    /// An op that is cancelled goes on.
    NO_OP_CANCEL = "no-op-cancel";
    /// A function that takes `rt0::Cancel` is dropped like any other.
    NO_TOLD_CANCEL = "no-told-cancel";
    /// An op has no deadline.
    NO_OP_DEADLINE = "no-op-deadline";
    /// The thread for the deadline of an op is made after a handle was taken from the host.
    NO_CLOCK_FIRST = "no-clock-first";
    /// Ops stay open when the runtime is lost.
    NO_LOST_OPS = "no-lost-ops";
    /// Who wakes a future does not notice that the runtime is lost.
    NO_LOSS_AT_WAKE = "no-loss-at-wake";
    /// A thread of a lost runtime that finds that out when the next generation has begun ends the process.
    NO_FORMER_THREADS = "no-former-threads";
    /// An op whose time is over before its future is stored is done while the future still holds handles.
    NO_FUTURE_ANNOUNCED = "no-future-announced";
    /// Who tells the ops of a lost runtime, and is slow, tells those of the next generation, too.
    NO_LOST_NUMBER = "no-lost-number";
    /// Who looks for tags and does not wait does not notice that the runtime is lost.
    NO_LOSS_AT_LOOK = "no-loss-at-look";
    /// The thread of a callback queue does not begin to look for a lost runtime when an op begins.
    NO_CALLER_LOOKS = "no-caller-looks";
    /// Who waits for tags does not sleep while the runtime is lost.
    NO_SLEEP_WHEN_LOST = "no-sleep-when-lost";
    /// A callback queue's thread goes on in a fork's child that has ops of its own.
    NO_FORKED_CALLS = "no-forked-calls";
    /// Who waits, where no thread looks at the clock, looks at it no sooner than it had to when the wait began.
    NO_EARLIER_DEADLINE = "no-earlier-deadline";
    /// The end ahead of the process does not say that a callback of the host's has not returned.
    NO_END_OF_PARTS = "no-end-of-parts";
    /// An op that ends before the library is ready keeps what it was begun with until then.
    NO_WAIT_GIVEN_UP = "no-wait-given-up";
    /// A `Cancel` is not told that its op is done.
    NO_WORD_OF_DONE = "no-word-of-done";
    /// An op that begins while the runtime is lost is not looked at again.
    NO_LATE_LOSS = "no-late-loss";
    /// A handle is not held for the time of an op that uses it.
    NO_KEPT_HANDLES = "no-kept-handles";
    /// The kind of an op is not checked when its result is taken.
    NO_KIND_CHECK = "no-kind-check";
    /// The result of an op that was freed before is left in memory.
    NO_DISPOSED_RESULT = "no-disposed-result";
    /// A callback queue may still be calling back when it was freed or the library was shut down.
    NO_CALLBACK_END = "no-callback-end";
    /// Those who wait for ops or tags go on waiting when the library ends for good.
    NO_REFUSED_WAITS = "no-refused-waits";
    /// Those who wait for ops or tags do not drive a runtime that calls drive.
    NO_DRIVEN_WAITS = "no-driven-waits";
    /// The blocking twin of an async export waits on the library's own threads.
    NO_TWIN_CHECK = "no-twin-check";
    /// Who waits for an op or a tag does not look whether this thread drives the runtime already.
    NO_DRIVER_CHECK = "no-driver-check";
    /// The kernel is not asked whether the process has a dynamic loader.
    NO_LOADER_CHECK = "no-loader-check";
}
