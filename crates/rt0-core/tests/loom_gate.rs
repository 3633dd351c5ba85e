//! The gate's state machine. loom drives it through every interleaving that it tries, up to a bound. Run
//! with: `RUSTFLAGS="--cfg loom" cargo test -p rt0-core --release --test loom_gate`.
//!
//! The stand-in for the process is small: a boot thread is a loom thread, and a boot writes a cell that no
//! atomic protects. Each thread that passes the gate reads that cell. loom fails the test if any interleaving
//! lets a thread read it without having seen the write.
#![cfg(loom)]

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed, Ordering::SeqCst, fence};
use loom::thread;

use rt0_core::Status;
use rt0_core::protocol::gate::{Gate, Process, State};
use rt0_core::sync::Deadline;

/// One library in one process.
struct World {
    gate: Gate,
    /// What boot makes and calls use.
    product: UnsafeCell<u32>,
    boots: AtomicUsize,
    /// How many threads the operating system will still give.
    threads: AtomicUsize,
    /// How many stacks there is memory for, for boots on the caller's thread.
    stacks: AtomicUsize,
    /// The number of the first boot that succeeds.
    succeeds_from: usize,
    /// Whether calls boot a failed library again.
    retries: bool,
    /// Once this many boots have run, calls must pause before a retry, and the pause is never over in the test.
    pause_from: usize,
    /// Whether what is left of a failed generation ends in time.
    failed_ends: bool,
    /// Whether a boot may begin.
    may_start: bool,
    /// Whether calls wait until a shutdown is over.
    waits: bool,
    /// Whether a boot thread that was made runs during the test.
    threads_run: AtomicBool,
    /// How often a thread did what is to be done before the first call, in tests that want to know.
    first_calls: Option<AtomicUsize>,
}

impl World {
    fn new(threads: usize, succeeds: bool) -> Arc<World> {
        World::with(threads, succeeds, |_| ())
    }

    fn with(threads: usize, succeeds: bool, change: impl FnOnce(&mut World)) -> Arc<World> {
        let mut world = World {
            gate: Gate::new(),
            product: UnsafeCell::new(0),
            boots: AtomicUsize::new(0),
            threads: AtomicUsize::new(threads),
            stacks: AtomicUsize::new(usize::MAX),
            succeeds_from: if succeeds { 1 } else { usize::MAX },
            retries: false,
            pause_from: usize::MAX,
            failed_ends: true,
            may_start: true,
            waits: false,
            threads_run: AtomicBool::new(true),
            first_calls: None,
        };
        change(&mut world);
        Arc::new(world)
    }

    fn counting_first_calls() -> Arc<World> {
        let mut world = World::new(0, true);
        Arc::get_mut(&mut world).unwrap().first_calls = Some(AtomicUsize::new(0));
        world
    }

    fn first_calls(&self) -> usize {
        self.first_calls.as_ref().unwrap().load(Relaxed)
    }

    /// What the thread that has claimed the boot does.
    fn boot(&self) {
        let number = self.boots.fetch_add(1, Relaxed) + 1;
        // SAFETY: only the claimer writes, and nobody reads before the gate has opened; loom checks.
        self.product.with_mut(|product| unsafe { *product += 1 });
        assert!(self.gate.finish(number >= self.succeeds_from));
    }

    fn boot_thread(&self) {
        if self.gate.claim() {
            self.boot();
        }
    }

    /// Ends the generation, as `shutdown::begin` and what comes after it do. If a boot or a retry is under
    /// way, waits for it first. False: there was nothing to end, or another thread was ending it.
    fn shut_down(&self) -> bool {
        loop {
            let state = self.gate.state();
            match state {
                State::Cold | State::Stopping => return false,
                State::Ready | State::Uncalled | State::Failed => {
                    if self.gate.begin_stop().is_some() {
                        break;
                    }
                }
                State::Scheduled | State::Booting | State::Retrying => {
                    self.gate.wait_while(state, Deadline::Never);
                }
            }
        }
        self.clear();
        assert!(self.gate.end_stop());
        true
    }

    /// Clears what ends with a generation.
    fn clear(&self) {
        // SAFETY: only the thread that ends the generation writes, and `in_flight` keeps away the calls that
        // would read; loom checks.
        self.product.with_mut(|product| unsafe { *product += 10 });
    }
}

/// A world whose generation is in this state: READY, UNCALLED or FAILED.
fn world_in(state: State, change: impl FnOnce(&mut World)) -> Arc<World> {
    let world = World::with(0, state != State::Failed, change);
    assert!(world.gate.schedule());
    world.boot_thread();
    if state == State::Ready {
        assert!(world.gate.open());
    }
    assert_eq!(world.gate.state(), state);
    world
}

/// The states in which a shutdown can begin.
const STOPPABLE: [State; 3] = [State::Ready, State::Uncalled, State::Failed];

/// A thread of the process, at the gate.
struct Caller {
    world: Arc<World>,
    constructor: bool,
    /// The caller makes a thread that boots for it when the boot thread does not come.
    stand_in: bool,
    own: bool,
}

fn caller(world: &Arc<World>) -> Caller {
    Caller {
        world: world.clone(),
        constructor: false,
        stand_in: false,
        own: false,
    }
}

impl Caller {
    fn pass(&self, deadline: Deadline) -> Result<u32, Status> {
        self.world.gate.pass(self, deadline)?;
        // SAFETY: behind the gate nobody writes; loom checks.
        Ok(self.world.product.with(|product| unsafe { *product }))
    }
}

impl Process for Caller {
    fn may_start(&self) -> Result<(), Status> {
        self.world.may_start.then_some(()).ok_or(Status::NotStarted)
    }

    fn make_thread(&self) -> bool {
        let left = self.world.threads.load(Relaxed);
        if left == 0 {
            return false;
        }
        self.world.threads.store(left - 1, Relaxed);
        if self.world.threads_run.load(Relaxed) {
            spawn_boot_thread(&self.world);
        }
        true
    }

    fn boot_here(&self) -> Result<(), Status> {
        if self.stand_in {
            let world = self.world.clone();
            thread::spawn(move || world.boot());
            return Ok(());
        }
        let left = self.world.stacks.load(Relaxed);
        if left == 0 {
            // The next caller finds memory again.
            self.world.stacks.store(1, Relaxed);
            assert!(self.world.gate.give_up(false));
            return Err(Status::NoThread);
        }
        self.world.boot();
        Ok(())
    }

    fn on_own_thread(&self) -> bool {
        self.own
    }

    fn first_call(&self) {
        if let Some(count) = &self.world.first_calls {
            count.fetch_add(1, Relaxed);
        }
    }

    fn grace(&self) -> Option<Deadline> {
        (self.constructor || self.stand_in).then_some(Deadline::At(0))
    }

    fn failure(&self) -> Status {
        Status::BootFailed
    }

    fn may_retry(&self) -> bool {
        let paused = self.world.boots.load(Relaxed) >= self.world.pause_from;
        self.world.retries && !paused && !self.own
    }

    fn end_failed(&self, _deadline: Deadline) -> bool {
        self.world.clear();
        self.world.failed_ends
    }

    fn waits_for_shutdown(&self) -> bool {
        self.world.waits && !self.own
    }
}

/// Spawns the boot thread.
fn spawn_boot_thread(world: &Arc<World>) -> thread::JoinHandle<()> {
    let world = world.clone();
    thread::spawn(move || world.boot_thread())
}

fn spawn_call(caller: Caller, deadline: Deadline) -> thread::JoinHandle<Result<u32, Status>> {
    thread::spawn(move || caller.pass(deadline))
}

/// Tries every interleaving with at most three forced switches. Tests with more threads, for which that would
/// take minutes, use `check_up_to` with a number of their own.
fn check(test: impl Fn() + Sync + Send + 'static) {
    check_up_to(3, test);
}

/// Tries every interleaving with at most this many forced switches. A soak asks for one more with
/// `RT0_MORE_SWITCHES=1`.
fn check_up_to(forced_switches: usize, test: impl Fn() + Sync + Send + 'static) {
    let more = std::env::var("RT0_MORE_SWITCHES").map_or(0, |more| more.parse().unwrap());
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(forced_switches + more);
    model.check(test);
}

/// Two waiters show that all are woken, not just one, and race for the first call.
#[test]
fn waiters_see_what_the_boot_thread_made() {
    check(waiters_see_the_boot::<2>);
}

/// As many threads as loom allows.
#[test]
fn three_waiters_see_what_the_boot_thread_made() {
    check_up_to(1, waiters_see_the_boot::<3>);
}

fn waiters_see_the_boot<const WAITERS: usize>() {
    let world = World::new(1, true);
    assert!(world.gate.schedule());
    let waiters = [(); WAITERS].map(|()| spawn_call(caller(&world), Deadline::Never));
    world.boot_thread();
    for waiter in waiters {
        assert_eq!(waiter.join().unwrap(), Ok(1));
    }
    assert!(world.gate.is_ready());
    assert_eq!(world.boots.load(Relaxed), 1);
}

#[test]
fn of_callers_that_find_it_cold_one_makes_the_thread_and_all_pass() {
    // The boot thread is a third thread.
    check_up_to(2, || {
        let world = World::new(1, true);
        let other = spawn_call(caller(&world), Deadline::Never);
        assert_eq!(caller(&world).pass(Deadline::Never), Ok(1));
        assert_eq!(other.join().unwrap(), Ok(1));
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

#[test]
fn a_boot_that_fails_answers_every_waiter() {
    check(|| {
        let world = World::new(1, false);
        assert!(world.gate.schedule());
        let waiters = [(); 2].map(|()| spawn_call(caller(&world), Deadline::Never));
        world.boot_thread();
        for waiter in waiters {
            assert_eq!(waiter.join().unwrap(), Err(Status::BootFailed));
        }
        assert_eq!(world.gate.state(), State::Failed);
    });
}

#[test]
fn a_boot_that_is_late_serves_the_next_call() {
    check(|| {
        let world = World::new(1, true);
        assert!(world.gate.schedule());
        let boot = spawn_boot_thread(&world);
        // In the model a deadline passes at once: the call is served or refused, but never stuck.
        let early = caller(&world).pass(Deadline::At(0));
        assert!(matches!(early, Ok(1) | Err(Status::NotReady)), "{early:?}");
        assert_eq!(caller(&world).pass(Deadline::Never), Ok(1));
        boot.join().unwrap();
    });
}

#[test]
fn asking_does_not_begin_a_boot() {
    check(|| {
        let world = World::new(1, true);
        assert_eq!(caller(&world).pass(Deadline::Passed), Err(Status::NotReady));
        assert_eq!(world.gate.state(), State::Cold);
    });
}

#[test]
fn the_thread_inside_dlopen_claims_what_the_boot_thread_cannot() {
    check(|| {
        let world = World::new(0, true);
        // The constructor made a thread, which is stuck behind the loader lock.
        assert!(world.gate.schedule());
        let other = spawn_call(caller(&world), Deadline::Never);
        let constructor = Caller {
            constructor: true,
            ..caller(&world)
        };
        assert_eq!(constructor.pass(Deadline::Never), Ok(1));
        assert_eq!(other.join().unwrap(), Ok(1));
        // Its `dlopen` returns, and the boot thread comes after all: there is nothing left for it to claim.
        world.boot_thread();
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

#[test]
fn the_boot_thread_and_the_thread_inside_dlopen_never_both_boot() {
    check(|| {
        let world = World::new(0, true);
        assert!(world.gate.schedule());
        let boot = spawn_boot_thread(&world);
        let constructor = Caller {
            constructor: true,
            ..caller(&world)
        };
        assert_eq!(constructor.pass(Deadline::Never), Ok(1));
        boot.join().unwrap();
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

#[test]
fn a_stand_in_boots_what_the_boot_thread_cannot_while_its_caller_waits() {
    check_up_to(2, || {
        let world = World::new(0, true);
        // The boot thread is stuck behind the loader.
        assert!(world.gate.schedule());
        let other = spawn_call(caller(&world), Deadline::Never);
        let impatient = Caller {
            stand_in: true,
            ..caller(&world)
        };
        assert_eq!(impatient.pass(Deadline::Never), Ok(1));
        assert_eq!(other.join().unwrap(), Ok(1));
        // The boot thread comes free: there is nothing left for it to claim.
        world.boot_thread();
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

#[test]
fn the_boot_thread_and_a_stand_in_never_both_boot() {
    check(|| {
        let world = World::new(0, true);
        assert!(world.gate.schedule());
        let boot = spawn_boot_thread(&world);
        let impatient = Caller {
            stand_in: true,
            ..caller(&world)
        };
        // A caller that has made a stand-in still has its deadline.
        let early = impatient.pass(Deadline::At(1));
        assert!(matches!(early, Ok(1) | Err(Status::NotReady)), "{early:?}");
        assert_eq!(impatient.pass(Deadline::Never), Ok(1));
        boot.join().unwrap();
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

#[test]
fn a_caller_without_a_thread_and_the_thread_inside_dlopen_never_both_boot() {
    check(|| {
        let world = World::new(0, true);
        let other = spawn_call(caller(&world), Deadline::Never);
        let constructor = Caller {
            constructor: true,
            ..caller(&world)
        };
        assert_eq!(constructor.pass(Deadline::Never), Ok(1));
        assert_eq!(other.join().unwrap(), Ok(1));
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

#[test]
fn without_a_thread_one_caller_boots_and_the_others_wait() {
    check_up_to(2, || {
        let world = World::new(0, true);
        let others = [(); 2].map(|()| spawn_call(caller(&world), Deadline::Never));
        assert_eq!(caller(&world).pass(Deadline::Never), Ok(1));
        for other in others {
            assert_eq!(other.join().unwrap(), Ok(1));
        }
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

#[test]
fn a_constructor_without_a_thread_leaves_the_boot_to_the_callers() {
    check(|| {
        let world = World::new(1, true);
        // The first call can come before the constructor has given up.
        assert!(world.gate.schedule());
        let call = spawn_call(caller(&world), Deadline::Never);
        assert!(world.gate.unschedule());
        assert_eq!(call.join().unwrap(), Ok(1));
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

#[test]
fn a_boot_given_up_for_lack_of_memory_is_taken_up_by_the_next_caller() {
    check(|| {
        let world = World::new(0, true);
        world.stacks.store(0, Relaxed);
        let other = spawn_call(caller(&world), Deadline::Never);
        let here = caller(&world).pass(Deadline::Never);
        let there = other.join().unwrap();
        let refused = [here, there]
            .iter()
            .filter(|result| **result == Err(Status::NoThread))
            .count();
        // Only the caller that met the shortage is told of it, and nobody is left waiting.
        assert_eq!(refused, 1, "{here:?} {there:?}");
        assert!(here == Ok(1) || there == Ok(1));
    });
}

#[test]
fn the_librarys_own_threads_are_refused_before_ready_and_pass_after() {
    check(|| {
        let world = World::new(0, true);
        assert!(world.gate.schedule());
        let boot = spawn_boot_thread(&world);
        let own = Caller {
            own: true,
            ..caller(&world)
        };
        let early = own.pass(Deadline::Never);
        assert!(matches!(early, Ok(1) | Err(Status::CalledFromBoot)));
        boot.join().unwrap();
        assert_eq!(own.pass(Deadline::Never), Ok(1));
    });
}

/// Whatever such a thread waited for might be waiting for it.
#[test]
fn the_librarys_own_threads_never_wait() {
    check(|| {
        let world = World::with(0, false, |world| world.retries = true);
        let own = Caller {
            own: true,
            ..caller(&world)
        };
        assert!(world.gate.schedule());
        assert_eq!(own.pass(Deadline::At(0)), Err(Status::CalledFromBoot));
        assert!(world.gate.claim());
        assert_eq!(own.pass(Deadline::At(0)), Err(Status::CalledFromBoot));
        world.boot();
        assert!(world.gate.begin_retry());
        assert_eq!(own.pass(Deadline::At(0)), Err(Status::Stopped));
        assert!(world.gate.end_retry());
        assert_eq!(own.pass(Deadline::At(0)), Err(Status::Stopped));
    });
}

#[test]
fn finishing_twice_changes_nothing() {
    check(|| {
        let world = World::new(0, true);
        assert!(world.gate.schedule());
        assert!(world.gate.claim());
        assert!(world.gate.finish(true));
        assert!(!world.gate.finish(false));
        assert_eq!(world.gate.state(), State::Uncalled);
    });
}

fn spawn_shutdown(world: &Arc<World>) -> thread::JoinHandle<bool> {
    let world = world.clone();
    thread::spawn(move || world.shut_down())
}

#[test]
fn of_two_stops_one_wins_and_calls_are_refused_or_boot_afresh() {
    check_up_to(2, || {
        let world = world_in(State::Uncalled, |_| ());
        let other = spawn_shutdown(&world);
        let call = spawn_call_without_read(&world);
        let won = usize::from(world.shut_down());
        let won = won + usize::from(other.join().unwrap());
        let call = call.join().unwrap();
        assert!(matches!(call, Ok(()) | Err(Status::Stopped)), "{call:?}");
        // Each shutdown has ended a different generation, and the one left over is still there.
        let there = world.gate.state().reported() == State::Ready;
        assert_eq!(won + usize::from(there), world.boots.load(Relaxed));
    });
}

/// A caller that does not read what the boot made, because the generation may be ended meanwhile.
fn spawn_call_without_read(world: &Arc<World>) -> thread::JoinHandle<Result<(), Status>> {
    let world = world.clone();
    thread::spawn(move || world.gate.pass(&caller(&world), Deadline::Never))
}

#[test]
fn of_two_stops_of_one_generation_one_wins_whatever_it_was_in() {
    for state in STOPPABLE {
        check(move || {
            let world = world_in(state, |_| ());
            let other = spawn_shutdown(&world);
            let won = world.shut_down();
            assert_ne!(won, other.join().unwrap(), "{state:?}");
            assert_eq!(world.gate.state(), State::Cold);
        });
    }
}

#[test]
fn a_stop_says_what_it_has_stopped() {
    for state in STOPPABLE {
        check(move || {
            let world = world_in(state, |_| ());
            assert_eq!(world.gate.begin_stop(), Some(state));
            assert_eq!(world.gate.begin_stop(), None);
            assert!(world.gate.reopen(state));
            assert_eq!(world.gate.state(), state);
            assert!(!world.gate.reopen(state));
            assert!(!world.gate.end_stop());
        });
    }
}

#[test]
fn a_stop_waits_for_the_boot_that_is_under_way_and_ends_it() {
    for succeeds in [true, false] {
        check(move || {
            let world = World::new(0, succeeds);
            assert!(world.gate.schedule());
            let boot = spawn_boot_thread(&world);
            assert!(world.shut_down());
            boot.join().unwrap();
            assert_eq!(world.gate.state(), State::Cold);
            assert_eq!(world.boots.load(Relaxed), 1);
        });
    }
}

/// The boot comes to nothing, and so does the stop. Nobody is left waiting.
#[test]
fn a_stop_does_not_wait_for_a_boot_that_was_taken_back() {
    check(|| {
        let world = World::new(0, true);
        assert!(world.gate.schedule());
        let stop = spawn_shutdown(&world);
        assert!(world.gate.unschedule());
        assert!(!stop.join().unwrap());
        assert!(world.gate.schedule());
        assert!(world.gate.claim());
        let stop = spawn_shutdown(&world);
        assert!(world.gate.give_up(false));
        assert!(!stop.join().unwrap());
    });
}

#[test]
fn calls_that_wait_for_a_shutdown_go_on_when_it_is_called_off() {
    for state in STOPPABLE {
        check(move || {
            let world = world_in(state, |world| world.waits = true);
            let call = spawn_call(caller(&world), Deadline::Never);
            let former = world.gate.begin_stop().unwrap();
            assert_eq!(former.reported(), state.reported());
            assert!(world.gate.reopen(former));
            let expected = if state == State::Failed {
                Err(Status::BootFailed)
            } else {
                Ok(1)
            };
            assert_eq!(call.join().unwrap(), expected, "{state:?}");
            assert_eq!(world.gate.state().reported(), state.reported());
            assert_eq!(world.boots.load(Relaxed), 1);
        });
    }
}

/// A stop that is called off does not count as the first call.
#[test]
fn a_generation_that_nobody_has_called_still_has_its_first_call_after_a_stop_that_is_called_off() {
    check(|| {
        let world = World::counting_first_calls();
        assert!(world.gate.schedule());
        world.boot_thread();
        let call = spawn_call(caller(&world), Deadline::Never);
        let former = world.gate.begin_stop().unwrap();
        assert!(world.gate.reopen(former));
        if world.gate.is_ready() {
            assert_ne!(world.first_calls(), 0);
        }
        let result = call.join().unwrap();
        assert!(matches!(result, Ok(1) | Err(Status::Stopped)), "{result:?}");
        assert_eq!(caller(&world).pass(Deadline::Never), Ok(1));
        assert_ne!(world.first_calls(), 0);
    });
}

/// What only a first call can do is done before any call takes the hot path.
#[test]
fn the_gate_opens_after_the_first_call_has_done_its_part() {
    check(|| {
        let world = World::counting_first_calls();
        assert!(world.gate.schedule());
        world.boot_thread();
        assert!(!world.gate.is_ready());
        let call = spawn_call(caller(&world), Deadline::Never);
        if world.gate.is_ready() {
            // Release in `open` pairs with the Acquire in `is_ready`.
            assert_ne!(world.first_calls(), 0);
        }
        assert_eq!(caller(&world).pass(Deadline::Never), Ok(1));
        assert_ne!(world.first_calls(), 0);
        assert_eq!(call.join().unwrap(), Ok(1));
    });
}

/// The process ends: a boot that nobody has claimed is taken back. If a boot was claimed, it sees the end or
/// the end sees it.
#[test]
fn the_end_of_the_process_and_a_boot_never_miss_each_other() {
    check(|| {
        let world = World::new(0, true);
        assert!(world.gate.schedule());
        let ending = Arc::new(AtomicBool::new(false));
        let boot = thread::spawn({
            let (world, ending) = (world.clone(), ending.clone());
            move || {
                if world.gate.claim() {
                    // As `boot::run` and `Page::end_has_begun` do.
                    fence(SeqCst);
                    if ending.load(Relaxed) {
                        assert!(world.gate.give_up(false));
                    } else {
                        world.boot();
                    }
                }
            }
        });
        // As `exit::process::begin` does.
        ending.store(true, Relaxed);
        fence(SeqCst);
        world.gate.unschedule();
        if world.gate.state() == State::Cold {
            // Nobody boots behind our back.
            boot.join().unwrap();
            assert_eq!(world.gate.state(), State::Cold);
            assert_eq!(world.boots.load(Relaxed), 0);
        } else {
            world.gate.wait_while(State::Booting, Deadline::Never);
            boot.join().unwrap();
        }
    });
}

#[test]
fn a_failed_generation_can_be_ended_and_booted_again() {
    check(|| {
        let world = World::new(1, false);
        assert!(world.gate.schedule());
        world.boot_thread();
        let call = spawn_call(caller(&world), Deadline::Never);
        assert_eq!(world.gate.begin_stop(), Some(State::Failed));
        assert!(world.gate.end_stop());
        // The call came before, during or after the end. After the end it boots, and fails once more.
        let result = call.join().unwrap();
        assert!(
            matches!(result, Err(Status::BootFailed | Status::Stopped)),
            "{result:?}"
        );
    });
}

#[test]
fn a_stop_that_is_called_off_lets_calls_through_again() {
    check(|| {
        let world = World::new(0, true);
        assert!(world.gate.schedule());
        world.boot_thread();
        let call = spawn_call(caller(&world), Deadline::Never);
        // The call may have been the first, or may not have come yet.
        let former = world.gate.begin_stop().unwrap();
        assert_eq!(former.reported(), State::Ready);
        assert!(world.gate.reopen(former));
        let result = call.join().unwrap();
        assert!(matches!(result, Ok(1) | Err(Status::Stopped)), "{result:?}");
        assert_eq!(caller(&world).pass(Deadline::Never), Ok(1));
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

#[test]
fn a_stop_of_a_failed_generation_that_is_called_off_leaves_it_failed() {
    check(|| {
        let world = World::new(0, false);
        assert!(world.gate.schedule());
        world.boot_thread();
        let call = spawn_call(caller(&world), Deadline::Never);
        let former = world.gate.begin_stop();
        assert_eq!(former, Some(State::Failed));
        assert!(world.gate.reopen(State::Failed));
        let result = call.join().unwrap();
        assert!(
            matches!(result, Err(Status::BootFailed | Status::Stopped)),
            "{result:?}"
        );
        assert_eq!(world.gate.state(), State::Failed);
    });
}

#[test]
fn a_boot_given_up_goes_back_to_the_boot_thread_that_is_on_its_way() {
    check(|| {
        let world = World::new(0, true);
        assert!(world.gate.schedule());
        let boot = thread::spawn({
            let world = world.clone();
            move || {
                // As the shipped boot thread does.
                while !world.gate.claim() {
                    world.gate.wait_while(State::Booting, Deadline::Never);
                    if world.gate.state() != State::Scheduled {
                        return;
                    }
                }
                world.boot();
            }
        });
        if world.gate.claim() {
            assert!(world.gate.give_up(true));
        }
        assert_eq!(caller(&world).pass(Deadline::Never), Ok(1));
        boot.join().unwrap();
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

#[test]
fn a_thread_left_over_from_an_ended_generation_does_not_begin_the_next() {
    check(|| {
        let world = World::new(1, true);
        let own = Caller {
            own: true,
            ..caller(&world)
        };
        assert_eq!(own.pass(Deadline::Never), Err(Status::Stopped));
        assert_eq!(world.gate.state(), State::Cold);
    });
}

/// A library whose first boot has failed, and whose calls retry.
fn failed_world(threads: usize, change: impl FnOnce(&mut World)) -> Arc<World> {
    let world = World::with(threads, true, |world| {
        world.retries = true;
        world.succeeds_from = 2;
        change(world);
    });
    assert!(world.gate.schedule());
    world.boot_thread();
    assert_eq!(world.gate.state(), State::Failed);
    world
}

/// What passing calls read after a retry: 1 from each of the two boots, and 10 from the thread that ended the
/// failed one.
const AFTER_RETRY: Result<u32, Status> = Ok(12);

#[test]
fn of_callers_that_find_a_failed_boot_one_begins_the_next_and_all_pass() {
    // Once with a boot thread, which is a third thread, and once with the boot on the caller's own thread.
    for (threads, forced_switches) in [(1, 2), (0, 3)] {
        check_up_to(forced_switches, move || {
            let world = failed_world(threads, |_| ());
            let other = spawn_call(caller(&world), Deadline::Never);
            assert_eq!(caller(&world).pass(Deadline::Never), AFTER_RETRY);
            assert_eq!(other.join().unwrap(), AFTER_RETRY);
            assert_eq!(world.boots.load(Relaxed), 2);
        });
    }
}

#[test]
fn of_three_callers_that_find_a_failed_boot_one_begins_the_next() {
    check_up_to(1, || {
        let world = failed_world(0, |_| ());
        let others = [(); 2].map(|()| spawn_call(caller(&world), Deadline::Never));
        assert_eq!(caller(&world).pass(Deadline::Never), AFTER_RETRY);
        for other in others {
            assert_eq!(other.join().unwrap(), AFTER_RETRY);
        }
        assert_eq!(world.boots.load(Relaxed), 2);
    });
}

#[test]
fn a_retry_that_fails_answers_all_who_waited_for_it_and_the_pause_begins_anew() {
    check(|| {
        // The pause since the first failure is over, but not the one since the second.
        let world = failed_world(0, |world| {
            world.succeeds_from = usize::MAX;
            world.pause_from = 2;
        });
        let other = spawn_call(caller(&world), Deadline::Never);
        let here = caller(&world).pass(Deadline::Never);
        assert_eq!(here, Err(Status::BootFailed));
        assert_eq!(other.join().unwrap(), Err(Status::BootFailed));
        assert_eq!(world.boots.load(Relaxed), 2);
        assert_eq!(world.gate.state(), State::Failed);
    });
}

#[test]
fn without_a_pause_each_call_still_retries_once_at_most() {
    check(|| {
        let world = failed_world(0, |world| world.succeeds_from = usize::MAX);
        let other = spawn_call(caller(&world), Deadline::Never);
        let here = caller(&world).pass(Deadline::Never);
        assert_eq!(here, Err(Status::BootFailed));
        assert_eq!(other.join().unwrap(), Err(Status::BootFailed));
        let boots = world.boots.load(Relaxed);
        assert!((2..=3).contains(&boots), "{boots}");
    });
}

#[test]
fn a_failed_generation_that_does_not_go_in_time_stays_failed() {
    check(|| {
        let world = failed_world(0, |world| world.failed_ends = false);
        let other = spawn_call(caller(&world), Deadline::Never);
        let here = caller(&world).pass(Deadline::Never);
        for result in [here, other.join().unwrap()] {
            assert!(
                matches!(result, Err(Status::NotReady | Status::BootFailed)),
                "{result:?}"
            );
        }
        assert_eq!(world.gate.state(), State::Failed);
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

/// For example, the process exits: a call that waits for the retry is not left waiting for the boot after it.
#[test]
fn a_retry_after_which_no_boot_may_begin_leaves_nobody_waiting() {
    check(|| {
        let world = failed_world(0, |world| world.may_start = false);
        let other = spawn_call(caller(&world), Deadline::Never);
        let here = caller(&world).pass(Deadline::Never);
        assert_eq!(here, Err(Status::NotStarted));
        assert_eq!(other.join().unwrap(), Err(Status::NotStarted));
        assert_eq!(world.gate.state(), State::Cold);
        assert_eq!(world.boots.load(Relaxed), 1);
    });
}

#[test]
fn the_librarys_own_threads_and_those_who_only_ask_never_retry() {
    check(|| {
        let world = failed_world(0, |_| ());
        let own = Caller {
            own: true,
            ..caller(&world)
        };
        assert_eq!(own.pass(Deadline::Never), Err(Status::BootFailed));
        let asks = caller(&world).pass(Deadline::Passed);
        assert_eq!(asks, Err(Status::BootFailed));
        // A left-over thread does not wait for the retry of another thread, either.
        let other = spawn_call(caller(&world), Deadline::Never);
        let result = own.pass(Deadline::Never);
        let refused = [Status::BootFailed, Status::Stopped, Status::CalledFromBoot];
        assert!(
            result == AFTER_RETRY || result.is_err_and(|status| refused.contains(&status)),
            "{result:?}"
        );
        assert_eq!(other.join().unwrap(), AFTER_RETRY);
        assert_eq!(world.boots.load(Relaxed), 2);
    });
}

#[test]
fn a_shutdown_and_a_retry_never_both_end_a_failed_generation() {
    check(|| {
        let world = failed_world(0, |_| ());
        let call = spawn_call_without_read(&world);
        let stopped = world.gate.begin_stop();
        if stopped.is_some() {
            world.clear();
            assert!(world.gate.end_stop());
        }
        let result = call.join().unwrap();
        match stopped {
            // The stop came in time, or the retry was over.
            Some(_) => assert!(
                matches!(result, Ok(()) | Err(Status::Stopped)),
                "{result:?}"
            ),
            None => assert_eq!(result, Ok(())),
        }
    });
}

/// As `shutdown::begin` does, the stop waits until the retry has ended, in a boot or in nothing.
#[test]
fn a_shutdown_waits_for_a_retry_and_ends_what_has_come_of_it() {
    for failed_ends in [true, false] {
        check(move || {
            let world = failed_world(0, |world| world.failed_ends = failed_ends);
            let call = spawn_call_without_read(&world);
            let ended = world.shut_down();
            let result = call.join().unwrap();
            // A stop can come to nothing only between the failed generation and the next.
            let there = world.gate.state().reported() == State::Ready;
            assert!(ended || there, "{result:?}");
            assert!(failed_ends || ended, "{result:?}");
            let expected = match result {
                Ok(()) => true,
                Err(Status::Stopped) => ended,
                // The retry came to nothing: the call gets NOT_READY or the failure itself.
                Err(Status::NotReady | Status::BootFailed) => !failed_ends,
                Err(_) => false,
            };
            assert!(expected, "{result:?}");
        });
    }
}

#[test]
fn calls_that_wait_for_a_shutdown_boot_afresh_and_are_never_refused() {
    check_up_to(2, || {
        let world = World::with(0, true, |world| world.waits = true);
        assert!(world.gate.schedule());
        world.boot_thread();
        let calls = [(); 2].map(|()| spawn_call_without_read(&world));
        assert_eq!(
            world.gate.begin_stop().map(State::reported),
            Some(State::Ready)
        );
        assert!(world.gate.end_stop());
        for call in calls {
            assert_eq!(call.join().unwrap(), Ok(()));
        }
        assert!(world.boots.load(Relaxed) <= 2);
    });
}

#[test]
fn a_call_that_waits_for_a_shutdown_is_refused_at_its_deadline() {
    check(|| {
        let world = World::with(0, true, |world| world.waits = true);
        assert!(world.gate.schedule());
        world.boot_thread();
        assert_eq!(
            world.gate.begin_stop().map(State::reported),
            Some(State::Ready)
        );
        let late = caller(&world).pass(Deadline::At(0));
        assert_eq!(late, Err(Status::Stopped));
        let own = Caller {
            own: true,
            ..caller(&world)
        };
        assert_eq!(own.pass(Deadline::Never), Err(Status::Stopped));
        assert!(world.gate.end_stop());
    });
}

/// One thread notices that what the boot has made is lost, another ends the generation, and a third calls.
#[test]
fn what_is_lost_fails_once_and_a_shutdown_ends_it() {
    check(|| {
        let world = World::new(0, true);
        assert!(world.gate.schedule());
        world.boot_thread();
        let noticing = spawn_loss(&world);
        let call = spawn_call_without_read(&world);
        let stopped = world.gate.begin_stop();
        let noticed = noticing.join().unwrap();
        let result = call.join().unwrap();
        assert_eq!(noticed, stopped == Some(State::Failed));
        assert!(stopped.is_some());
        assert!(matches!(
            result,
            Ok(()) | Err(Status::BootFailed | Status::Stopped)
        ));
        assert!(world.gate.end_stop());
        assert_eq!(world.gate.state(), State::Cold);
    });
}

/// Meanwhile a first call opens the gate.
#[test]
fn of_two_who_notice_a_loss_one_says_so_and_the_next_call_boots_afresh() {
    check_up_to(2, || {
        let world = World::with(0, true, |world| world.retries = true);
        assert!(world.gate.schedule());
        world.boot_thread();
        let first = spawn_loss(&world);
        let call = spawn_call_without_read(&world);
        let second = world.gate.lose();
        let first = first.join().unwrap();
        let result = call.join().unwrap();
        assert!(first || second);
        // Both only if the call has booted in between, which it does once.
        let both = first && second;
        assert!(!both || world.boots.load(Relaxed) == 2);
        assert!(result.is_ok() || both && result == Err(Status::BootFailed));
    });
}

fn spawn_loss(world: &Arc<World>) -> thread::JoinHandle<bool> {
    let world = world.clone();
    thread::spawn(move || world.gate.lose())
}
