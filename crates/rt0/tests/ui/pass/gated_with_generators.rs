//! The gate above and below attributes that treat a function as binding generators do.
#![deny(warnings)]

use rt0_generators::{copies, methods, renames, wraps};

#[rt0::init]
fn init() {}

type Outcome<T> = Result<T, rt0::Error>;

#[wraps]
#[rt0::gated]
pub fn below(number: u32) -> Outcome<u32> {
    Ok(number + 1)
}

#[rt0::gated]
#[wraps]
pub fn above(number: u32) -> Outcome<u32> {
    Ok(number + 1)
}

mod napi {
    pub mod bindgen_prelude {
        #[allow(non_camel_case_types)]
        pub mod sys {
            pub type napi_env = u32;
            pub type napi_callback_info = u32;
            pub type napi_value = u32;
        }
    }
}

#[copies]
#[rt0::gated]
fn copied_below(number: u32) -> Outcome<u32> {
    Ok(number + 1)
}

#[rt0::gated]
#[copies]
fn copied_above(number: u32) -> Outcome<u32> {
    Ok(number + 1)
}

#[renames]
#[rt0::gated(or = -1)]
pub fn size_below(number: i32) -> i32 {
    number + 1
}

#[rt0::gated(or = -1)]
#[renames]
pub fn size_above(number: i32) -> i32 {
    number + 1
}

#[unsafe(no_mangle)]
#[rt0::gated(or = -1)]
pub extern "system" fn named_above(number: i32) -> i32 {
    number + 1
}

pub struct Engine(u32);

#[methods]
impl Engine {
    #[keep]
    #[rt0::gated]
    pub fn first(&self, number: u32) -> Outcome<u32> {
        Ok(self.0 + number)
    }

    #[rt0::gated]
    #[keep]
    pub fn last(&mut self) -> Outcome<u32> {
        self.0 += 1;
        Ok(self.0)
    }
}

fn main() {
    assert_eq!(below::called(1).unwrap(), 2);
    assert_eq!(above::called(1).unwrap(), 2);
    assert_eq!(copied_below_c_callback(1, 1), 3);
    assert_eq!(copied_above_c_callback(1, 1), 3);
    // Safe enough: the attribute says it of functions that get a virtual machine's pointers.
    assert_eq!(unsafe { copied_below_accessor(1, 1) }, Ok(3));
    assert_eq!(unsafe { copied_above_accessor(1, 1) }, Ok(3));
    assert_eq!(Java_org_example_size_below(1), 2);
    assert_eq!(Java_org_example_size_above(1), 2);
    assert_eq!(named_above(1), 2);
    let mut engine = Engine(1);
    assert_eq!(engine.first_called(1).unwrap(), 2);
    assert_eq!(engine.last_called().unwrap(), 2);
}
