//! Whole generations in a row, and the page that a fork wipes. loom drives them through every interleaving
//! that it tries, up to a bound. Run with: `RUSTFLAGS="--cfg loom" cargo test -p rt0-core --release --test
//! loom_generation`.
//!
//! `loom_gate.rs` looks at each transition; this file looks at sequences of them. A generation's product is a
//! cell that no atomic protects: boots write it and calls read it.
#![cfg(loom)]

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use loom::thread::{self, JoinHandle};

use rt0_core::Status;
use rt0_core::protocol::gate::{Gate, Process, State};
use rt0_core::sync::Deadline;

/// One process.
struct World {
    gate: Gate,
    /// How many generations have been booted. The boots write it, and no call may read it during a boot.
    product: UnsafeCell<usize>,
    boots: AtomicUsize,
    /// How many boots fail, counted from the first.
    failures: usize,
    /// How many boot threads were made.
    threads: AtomicUsize,
    /// Whether the operating system gives threads.
    gives_threads: AtomicBool,
    /// Whether calls boot a failed library again.
    retries: bool,
}

impl World {
    fn new(failures: usize) -> Arc<World> {
        World::with(failures, false)
    }

    /// A world whose first `failures` boots fail, and whose calls boot again after a failure.
    fn retrying(failures: usize) -> Arc<World> {
        World::with(failures, true)
    }

    fn with(failures: usize, retries: bool) -> Arc<World> {
        Arc::new(World {
            gate: Gate::new(),
            product: UnsafeCell::new(0),
            boots: AtomicUsize::new(0),
            failures,
            threads: AtomicUsize::new(0),
            gives_threads: AtomicBool::new(true),
            retries,
        })
    }

    /// What the thread that has claimed the boot does.
    fn boot(&self) {
        let boot = self.boots.fetch_add(1, Relaxed);
        // SAFETY: only the claimer writes, and nobody reads before the gate has opened; loom checks.
        self.product
            .with_mut(|product| unsafe { *product = boot + 1 });
        assert!(self.gate.finish(boot >= self.failures));
    }

    /// As the shipped boot thread does.
    fn boot_thread(&self) {
        while !self.gate.claim() {
            self.gate.wait_while(State::Booting, Deadline::Never);
            if self.gate.state() != State::Scheduled {
                return;
            }
        }
        self.boot();
    }

    /// Ends the present generation. No call is inside: `in_flight` makes sure of that.
    fn shut_down(&self) -> bool {
        let stops = self.gate.begin_stop().is_some();
        if stops {
            assert!(self.gate.end_stop());
        }
        stops
    }
}

/// A thread of the process, at the gate.
struct Caller {
    world: Arc<World>,
    own: bool,
}

fn caller(world: &Arc<World>) -> Caller {
    Caller {
        world: world.clone(),
        own: false,
    }
}

impl Caller {
    fn pass(&self) -> Result<(), Status> {
        self.world.gate.pass(self, Deadline::Never)
    }

    /// Passes and reads the product. For tests in which nobody ends the generation meanwhile.
    fn pass_and_read(&self) -> Result<usize, Status> {
        self.pass()?;
        // SAFETY: behind the gate nobody writes; loom checks.
        Ok(self.world.product.with(|product| unsafe { *product }))
    }
}

impl Process for Caller {
    fn may_start(&self) -> Result<(), Status> {
        Ok(())
    }

    fn make_thread(&self) -> bool {
        assert!(!self.own, "a thread of the library's own begins a boot");
        if !self.world.gives_threads.load(Relaxed) {
            return false;
        }
        self.world.threads.fetch_add(1, Relaxed);
        let world = self.world.clone();
        thread::spawn(move || world.boot_thread());
        true
    }

    fn boot_here(&self) -> Result<(), Status> {
        self.world.boot();
        Ok(())
    }

    fn on_own_thread(&self) -> bool {
        self.own
    }

    fn grace(&self) -> Option<Deadline> {
        None
    }

    fn failure(&self) -> Status {
        Status::BootFailed
    }

    fn may_retry(&self) -> bool {
        self.world.retries && !self.own
    }

    fn end_failed(&self, _deadline: Deadline) -> bool {
        // SAFETY: only the thread that retries writes, and the gate lets only one retry; loom checks.
        self.world
            .product
            .with_mut(|product| unsafe { *product = 0 });
        true
    }

    fn waits_for_shutdown(&self) -> bool {
        false
    }
}

fn spawn<R: 'static>(caller: Caller, run: impl FnOnce(&Caller) -> R + 'static) -> JoinHandle<R> {
    thread::spawn(move || run(&caller))
}

/// Tries every interleaving with at most this many forced switches: two where boot threads run beside the
/// callers, because with three such a test runs for minutes. A soak asks for one more with
/// `RT0_MORE_SWITCHES=1`.
fn check(forced_switches: usize, test: impl Fn() + Sync + Send + 'static) {
    let more = std::env::var("RT0_MORE_SWITCHES").map_or(0, |more| more.parse().unwrap());
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(forced_switches + more);
    model.check(test);
}

/// One thread ends the generation, and another's call begins the next: every call is served or told why not.
#[test]
fn after_a_shutdown_another_caller_boots_the_next_generation() {
    check(2, || {
        let world = World::new(0);
        assert_eq!(caller(&world).pass(), Ok(()));
        let other = spawn(caller(&world), Caller::pass);
        assert!(world.shut_down());
        let result = other.join().unwrap();
        match result {
            Ok(()) => {}
            Err(Status::Stopped) => assert_eq!(world.boots.load(Relaxed), 1),
            other => panic!("{other:?}"),
        }
        // Exactly one caller boots the second generation, and that generation is there.
        assert_eq!(caller(&world).pass_and_read(), Ok(2));
        assert_eq!(world.boots.load(Relaxed), 2);
        assert_eq!(world.threads.load(Relaxed), 2);
    });
}

/// As the test before, but without threads: the callers boot on their own.
#[test]
fn after_a_shutdown_one_of_two_callers_boots_without_a_thread() {
    check(3, || {
        let world = World::new(0);
        world.gives_threads.store(false, Relaxed);
        assert_eq!(caller(&world).pass_and_read(), Ok(1));
        assert!(world.shut_down());
        let other = spawn(caller(&world), Caller::pass_and_read);
        assert_eq!(caller(&world).pass_and_read(), Ok(2));
        assert_eq!(other.join().unwrap(), Ok(2));
        assert_eq!(world.boots.load(Relaxed), 2);
    });
}

#[test]
fn two_shutdowns_end_one_generation_each() {
    check(2, || {
        let world = World::new(0);
        assert_eq!(caller(&world).pass(), Ok(()));
        let other = spawn(caller(&world), |caller| {
            usize::from(caller.world.shut_down())
        });
        let mut ended = usize::from(world.shut_down());
        let again = caller(&world).pass();
        assert!(matches!(again, Ok(()) | Err(Status::Stopped)), "{again:?}");
        ended += other.join().unwrap();
        assert!(ended >= 1);
        let ready = world.gate.state().reported() == State::Ready;
        assert_eq!(world.boots.load(Relaxed), ended + usize::from(ready));
    });
}

/// A failed boot stays failed for all who ask. Once it has been ended, the next call tries again.
#[test]
fn a_failed_boot_that_is_ended_is_tried_again() {
    check(2, || {
        let world = World::new(1);
        assert_eq!(caller(&world).pass(), Err(Status::BootFailed));
        let other = spawn(caller(&world), Caller::pass);
        assert!(world.shut_down());
        let result = other.join().unwrap();
        assert!(
            matches!(result, Ok(()) | Err(Status::BootFailed | Status::Stopped)),
            "{result:?}"
        );
        assert_eq!(caller(&world).pass_and_read(), Ok(2));
    });
}

/// One of the library's own threads, which has outlived its generation, begins nothing. It is served by the
/// generation that others have begun.
#[test]
fn a_thread_left_over_begins_nothing_and_disturbs_nobody() {
    check(2, || {
        let world = World::new(0);
        assert_eq!(caller(&world).pass(), Ok(()));
        assert!(world.shut_down());
        let left_over = Caller {
            own: true,
            ..caller(&world)
        };
        let left_over = spawn(left_over, Caller::pass_and_read);
        assert_eq!(caller(&world).pass_and_read(), Ok(2));
        let result = left_over.join().unwrap();
        assert!(
            matches!(
                result,
                Ok(2) | Err(Status::Stopped | Status::CalledFromBoot)
            ),
            "{result:?}"
        );
        assert_eq!(world.boots.load(Relaxed), 2);
    });
}

/// No call has come yet: the first call opens the gate, or the shutdown comes before it.
#[test]
fn a_first_call_and_the_shutdown_before_it_leave_one_generation_after_the_other() {
    check(2, || {
        let world = World::new(0);
        assert!(world.gate.schedule());
        world.boot_thread();
        assert_eq!(world.gate.state(), State::Uncalled);
        let first = spawn(caller(&world), Caller::pass);
        assert!(world.shut_down());
        let result = first.join().unwrap();
        assert!(
            matches!(result, Ok(()) | Err(Status::Stopped)),
            "{result:?}"
        );
        assert_eq!(caller(&world).pass_and_read(), Ok(2));
        assert_eq!(world.gate.state(), State::Ready);
        assert_eq!(world.boots.load(Relaxed), 2);
    });
}

/// A call ends a failed generation and boots the next, which a shutdown ends.
#[test]
fn after_a_retry_and_a_shutdown_the_next_call_boots_the_third() {
    check(2, || {
        let world = World::retrying(1);
        // The caller that began the boot gets its error, and a later one tries again.
        assert_eq!(caller(&world).pass(), Err(Status::BootFailed));
        assert_eq!(world.boots.load(Relaxed), 1);
        world.gives_threads.store(false, Relaxed);
        let other = spawn(caller(&world), Caller::pass_and_read);
        assert_eq!(caller(&world).pass_and_read(), Ok(2));
        assert_eq!(other.join().unwrap(), Ok(2));
        assert!(world.shut_down());
        assert_eq!(caller(&world).pass_and_read(), Ok(3));
        assert_eq!(world.boots.load(Relaxed), 3);
    });
}

/// A shutdown meets a retry: it ends the failed generation while that is cleared away, or the next one.
#[test]
fn a_shutdown_during_a_retry_ends_one_of_the_two_generations_or_none() {
    check(2, || {
        let world = World::retrying(1);
        assert_eq!(caller(&world).pass(), Err(Status::BootFailed));
        world.gives_threads.store(false, Relaxed);
        let call = spawn(caller(&world), Caller::pass);
        let ended = world.shut_down();
        let result = call.join().unwrap();
        match result {
            Ok(()) => assert!(world.boots.load(Relaxed) >= 2),
            Err(Status::Stopped) => assert!(ended),
            other => panic!("{other:?}"),
        }
        let boots = world.boots.load(Relaxed);
        let there = world.gate.state().reported() == State::Ready;
        assert_eq!(
            caller(&world).pass_and_read(),
            Ok(if there { boots } else { boots + 1 })
        );
    });
}

/// How far the parent had come when it was forked. The thread that forked was in the middle of something, and
/// goes on with that in the child.
const FORKED: [State; 8] = State::ALL;

/// Drives a gate to this state.
fn reach(gate: &Gate, state: State) {
    let steps: &[fn(&Gate) -> bool] = match state {
        State::Cold => &[],
        State::Scheduled => &[Gate::schedule],
        State::Booting => &[Gate::schedule, Gate::claim],
        State::Uncalled => &[Gate::schedule, Gate::claim, |gate| gate.finish(true)],
        State::Ready => &[
            Gate::schedule,
            Gate::claim,
            |gate| gate.finish(true),
            Gate::open,
        ],
        State::Failed => &[Gate::schedule, Gate::claim, |gate| gate.finish(false)],
        State::Retrying => &[
            Gate::schedule,
            Gate::claim,
            |gate| gate.finish(false),
            Gate::begin_retry,
        ],
        State::Stopping => &[
            Gate::schedule,
            Gate::claim,
            |gate| gate.finish(true),
            |gate| gate.begin_stop().is_some(),
        ],
    };
    for step in steps {
        assert!(step(gate));
    }
    assert_eq!(gate.state(), state);
}

/// What a thread that was in the middle of something when it forked does next, on the wiped page: all of it
/// must come to nothing.
fn continue_after_fork(gate: &Gate, forked_in: State) -> bool {
    let reopens = |former: &State| gate.reopen(*former);
    match forked_in {
        State::Cold => false,
        State::Scheduled => gate.unschedule() || gate.claim(),
        State::Booting => gate.finish(true) || gate.finish(false) || gate.give_up(true),
        State::Uncalled => gate.open() || gate.begin_stop().is_some(),
        State::Ready => gate.begin_stop().is_some(),
        State::Failed => gate.begin_retry() || gate.begin_stop().is_some(),
        State::Retrying => gate.leave_failed() || gate.end_retry(),
        State::Stopping => {
            let former = [State::Ready, State::Uncalled, State::Failed];
            former.iter().any(reopens) || gate.end_stop()
        }
    }
}

/// Whatever state the parent was in: the child's page is zero, what its thread was about to do comes to
/// nothing, and its callers boot exactly once.
#[test]
fn a_forks_child_boots_exactly_once_whatever_its_parent_was_doing() {
    for state in FORKED {
        // Once wiped, all states are the same word, so only one of them is checked more thoroughly.
        let forced_switches = if state == State::Uncalled { 2 } else { 1 };
        check(forced_switches, move || {
            let world = World::new(0);
            reach(&world.gate, state);
            world.gate.wipe();
            assert_eq!(world.gate.state(), State::Cold);
            assert!(!continue_after_fork(&world.gate, state), "{state:?}");
            assert_eq!(world.gate.state(), State::Cold);
            let other = spawn(caller(&world), Caller::pass_and_read);
            assert_eq!(caller(&world).pass_and_read(), Ok(1), "{state:?}");
            assert_eq!(other.join().unwrap(), Ok(1), "{state:?}");
            assert_eq!(world.boots.load(Relaxed), 1);
            assert_eq!(world.threads.load(Relaxed), 1);
        });
    }
}

/// A child ends its own generation and boots the next. Its own child begins at zero again.
#[test]
fn a_childs_child_boots_exactly_once() {
    check(2, || {
        let world = World::new(0);
        reach(&world.gate, State::Ready);
        world.gate.wipe();
        // The child boots on its own stack, so that the model has no more threads than it needs.
        world.gives_threads.store(false, Relaxed);
        assert_eq!(caller(&world).pass_and_read(), Ok(1));
        assert!(world.shut_down());
        assert_eq!(caller(&world).pass_and_read(), Ok(2));
        world.gives_threads.store(true, Relaxed);
        world.gate.wipe();
        let other = spawn(caller(&world), Caller::pass_and_read);
        assert_eq!(caller(&world).pass_and_read(), Ok(3));
        assert_eq!(other.join().unwrap(), Ok(3));
        assert_eq!(world.boots.load(Relaxed), 3);
    });
}
