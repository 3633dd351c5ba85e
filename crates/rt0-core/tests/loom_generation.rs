//! Whole generations in a row, and the page that a fork wipes, driven through every interleaving by
//! loom. Run with: `RUSTFLAGS="--cfg loom" cargo test -p rt0-core --release --test loom_generation`.
//!
//! `loom_gate.rs` looks at each transition; this looks at what comes after what. A generation's product
//! is a cell that no atomic protects: boots write it, calls read it.
#![cfg(loom)]

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use loom::thread::{self, JoinHandle};

use rt0_core::Status;
use rt0_core::gate::{Gate, Process, State};
use rt0_core::sync::Deadline;

/// One process.
struct World {
    gate: Gate,
    /// How many generations have been booted, as the boots write it; no call may read it while one does.
    product: UnsafeCell<usize>,
    boots: AtomicUsize,
    /// How many of the boots fail, from the first on.
    failures: usize,
    /// How many boot threads there were.
    threads: AtomicUsize,
    /// Whether the operating system gives any.
    gives_threads: AtomicBool,
}

impl World {
    fn new(failures: usize) -> Arc<World> {
        Arc::new(World {
            gate: Gate::new(),
            product: UnsafeCell::new(0),
            boots: AtomicUsize::new(0),
            failures,
            threads: AtomicUsize::new(0),
            gives_threads: AtomicBool::new(true),
        })
    }

    /// What whoever has claimed does.
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

    /// Ends the present generation, in which no call is inside: `inflight` sees to that.
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

    /// Passes and looks; for tests in which nobody ends the generation meanwhile.
    fn look(&self) -> Result<usize, Status> {
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
}

fn spawn<R: 'static>(caller: Caller, run: impl FnOnce(&Caller) -> R + 'static) -> JoinHandle<R> {
    thread::spawn(move || run(&caller))
}

/// Every interleaving with at most so many forced switches: two where boot threads run beside the
/// callers, for with a third such a test runs for minutes. A soak asks for one more by
/// `RT0_MORE_SWITCHES=1`.
fn check(forced_switches: usize, test: impl Fn() + Sync + Send + 'static) {
    let more = std::env::var("RT0_MORE_SWITCHES").map_or(0, |more| more.parse().unwrap());
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(forced_switches + more);
    model.check(test);
}

/// One thread ends the generation, another's call begins the next: every call is served or told.
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
        // Whoever it was, exactly one boots the second generation, and it is there.
        assert_eq!(caller(&world).look(), Ok(2));
        assert_eq!(world.boots.load(Relaxed), 2);
        assert_eq!(world.threads.load(Relaxed), 2);
    });
}

/// The same without threads: the callers boot on their own.
#[test]
fn after_a_shutdown_one_of_two_callers_boots_without_a_thread() {
    check(3, || {
        let world = World::new(0);
        world.gives_threads.store(false, Relaxed);
        assert_eq!(caller(&world).look(), Ok(1));
        assert!(world.shut_down());
        let other = spawn(caller(&world), Caller::look);
        assert_eq!(caller(&world).look(), Ok(2));
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
        let ready = world.gate.state() == State::Ready;
        assert_eq!(world.boots.load(Relaxed), ended + usize::from(ready));
    });
}

/// A boot that has failed stays failed for all who ask; once it is ended, the next call tries again.
#[test]
fn a_failed_boot_that_is_ended_is_tried_again() {
    check(3, || {
        let world = World::new(1);
        assert_eq!(caller(&world).pass(), Err(Status::BootFailed));
        let other = spawn(caller(&world), Caller::pass);
        assert!(world.shut_down());
        let result = other.join().unwrap();
        assert!(
            matches!(result, Ok(()) | Err(Status::BootFailed | Status::Stopped)),
            "{result:?}"
        );
        assert_eq!(caller(&world).look(), Ok(2));
    });
}

/// A thread of the library's own that has outlived its generation begins nothing, and is served by the
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
        let left_over = spawn(left_over, Caller::look);
        assert_eq!(caller(&world).look(), Ok(2));
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

/// How far the parent had come when it was forked, and what the thread that forked was about to do: it
/// goes on with that in the child.
const FORKED: [State; 6] = State::ALL;

/// Drives a gate there.
fn reach(gate: &Gate, state: State) {
    let steps: &[fn(&Gate) -> bool] = match state {
        State::Cold => &[],
        State::Scheduled => &[Gate::schedule],
        State::Booting => &[Gate::schedule, Gate::claim],
        State::Ready => &[Gate::schedule, Gate::claim, |gate| gate.finish(true)],
        State::Failed => &[Gate::schedule, Gate::claim, |gate| gate.finish(false)],
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

/// What a thread that was in the middle of something when it forked does next, on the wiped page: all of
/// it must come to nothing.
fn goes_on(gate: &Gate, forked_in: State) -> bool {
    match forked_in {
        State::Cold | State::Ready | State::Failed => false,
        State::Scheduled => gate.unschedule() || gate.claim(),
        State::Booting => gate.finish(true) || gate.finish(false) || gate.give_up(true),
        State::Stopping => gate.reopen(State::Ready) || gate.end_stop(),
    }
}

/// In whatever state it was forked: the child's page is zero, what its thread was about to do comes to
/// nothing, and its callers boot exactly once.
#[test]
fn a_forks_child_boots_exactly_once_whatever_its_parent_was_doing() {
    for state in FORKED {
        check(2, move || {
            let world = World::new(0);
            reach(&world.gate, state);
            world.gate.wipe();
            assert_eq!(world.gate.state(), State::Cold);
            assert!(!goes_on(&world.gate, state), "{state:?}");
            assert_eq!(world.gate.state(), State::Cold);
            let other = spawn(caller(&world), Caller::look);
            assert_eq!(caller(&world).look(), Ok(1), "{state:?}");
            assert_eq!(other.join().unwrap(), Ok(1), "{state:?}");
            assert_eq!(world.boots.load(Relaxed), 1);
            assert_eq!(world.threads.load(Relaxed), 1);
        });
    }
}

/// A child ends its own generation and boots the next; its own child begins at zero again.
#[test]
fn a_childs_child_boots_exactly_once() {
    check(3, || {
        let world = World::new(0);
        reach(&world.gate, State::Ready);
        world.gate.wipe();
        // The child boots on its own stack, so that the model has no more threads than it needs.
        world.gives_threads.store(false, Relaxed);
        assert_eq!(caller(&world).look(), Ok(1));
        assert!(world.shut_down());
        assert_eq!(caller(&world).look(), Ok(2));
        world.gives_threads.store(true, Relaxed);
        world.gate.wipe();
        let other = spawn(caller(&world), Caller::look);
        assert_eq!(caller(&world).look(), Ok(3));
        assert_eq!(other.join().unwrap(), Ok(3));
        assert_eq!(world.boots.load(Relaxed), 3);
    });
}
