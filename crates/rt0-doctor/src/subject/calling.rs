//! All calls of a plan, ready to be made where nothing may be allocated.

use super::{Library, Prepared, Subject};
use crate::verdict::Stop;

/// Calls that are ready. As long as they are answered as they should be, making them allocates nothing.
pub struct Calls(Vec<One>);

struct One {
    step: String,
    call: Prepared,
}

impl Calls {
    /// All calls of the plan. `place` says where they are made: "in the fork's child".
    ///
    /// # Errors
    /// There is no such function in the library.
    pub fn of(subject: &Subject, library: &Library, place: &str) -> Result<Calls, Stop> {
        let one = |call: Prepared| One {
            step: format!("calling {} {place}", call.call().label()),
            call,
        };
        Ok(Calls(
            subject.prepare_all(library)?.into_iter().map(one).collect(),
        ))
    }

    /// What a process does with the library: the setup call, all calls, and the shutdown call, as far as they are known.
    ///
    /// # Errors
    /// There is no such function in the library.
    pub fn whole_life(subject: &Subject, library: &Library) -> Result<Calls, Stop> {
        let plan = &subject.plan;
        let all = plan.setup.iter().chain(&plan.calls).chain(&plan.shutdown);
        let one = |call| {
            let call = library.prepare(call)?;
            Ok(One {
                step: format!("calling {} again and again", call.call().label()),
                call,
            })
        };
        Ok(Calls(all.map(one).collect::<Result<_, Stop>>()?))
    }

    /// The same calls, after the library was loaded again: the arguments stay where they are.
    ///
    /// # Errors
    /// There is no such function in it.
    pub fn look_up_again(&mut self, library: &Library) -> Result<(), Stop> {
        self.0
            .iter_mut()
            .try_for_each(|one| one.call.look_up_again(library))
    }

    /// This one only.
    pub(super) fn only(call: Prepared) -> Calls {
        Calls(vec![One {
            step: format!("calling {}", call.call().label()),
            call,
        }])
    }

    /// Makes every call once, in order.
    ///
    /// # Errors
    /// One is not answered as it should be.
    pub fn answered(&self, subject: &Subject) -> Result<(), Stop> {
        for one in &self.0 {
            subject.step(&one.step);
            one.call.check()?;
        }
        Ok(())
    }

    /// Makes every call once, whatever it answers.
    pub fn returned(&self, subject: &Subject) {
        for one in &self.0 {
            subject.step(&one.step);
            one.call.invoke();
        }
    }

    /// Makes every call once, without a word: for threads of which several call at the same time.
    ///
    /// # Errors
    /// One is not answered as it should be.
    pub fn quietly(&self) -> Result<(), Stop> {
        self.0.iter().try_for_each(|one| one.call.check())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}
