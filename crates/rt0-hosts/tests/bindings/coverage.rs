//! Nothing that an export can have is without a case.

use std::collections::BTreeSet;
use std::fs;

use cargo_rt0::bindings::Model;
use cargo_rt0::bindings::model::{Function, Pass, Type};
use rt0::Status;
use serde_json::Value;

use crate::package::{cases, conform};

/// The types of one value. Each must stand in each of [`PLACES`].
const VALUES: [&str; 16] = [
    "bool", "i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize", "f32", "f64",
    "char", "enum", "struct",
];

const PLACES: [&str; 13] = [
    "parameter",
    "result",
    "optional result",
    "plain result",
    "parameter: slice of",
    "parameter: mutable slice of",
    "result: slice of",
    "callback's parameter",
    "field",
    "async parameter",
    "async result",
    "async parameter: slice of",
    "async result: slice of",
];

/// What a callback can give: what needs no check.
const GIVEN: [&str; 15] = [
    "i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize", "f32", "f64", "char",
    "pointer", "nothing",
];

/// Everything else.
const OTHERS: &[&str] = &[
    "parameter: pointer",
    "result: pointer",
    "plain result: pointer",
    "field: pointer",
    "callback's parameter: pointer",
    "parameter: text",
    "optional parameter: text",
    "result: text",
    "optional result: text",
    "async parameter: text",
    "async optional parameter: text",
    "async result: text",
    "async optional result: text",
    "optional parameter: slice of u32",
    "optional parameter: mutable slice of u32",
    "optional result: slice of u32",
    "parameter: reference to struct",
    "parameter: mutable reference to struct",
    "optional parameter: reference to struct",
    "optional parameter: mutable reference to struct",
    "async parameter: reference to struct",
    "async optional parameter: reference to struct",
    "parameter: reference to u32",
    "parameter: mutable reference to u32",
    "parameter: handle, shared",
    "parameter: handle, exclusive",
    "parameter: handle, taken",
    "optional parameter: handle, shared",
    "optional parameter: handle, exclusive",
    "optional parameter: handle, taken",
    "result: handle, given",
    "optional result: handle, given",
    "async parameter: handle, shared",
    "async parameter: handle, exclusive",
    "async parameter: handle, taken",
    "async optional parameter: handle, shared",
    "async result: handle, given",
    "async optional result: handle, given",
    "parameter: callback that gets its address last",
    "parameter: callback that gets its address first",
    "parameter: callback that gets no address",
    "optional parameter: callback that gets its address last",
    "result: callback that gets no address",
    "optional result: callback that gets no address",
    "field: callback that gets no address",
    "plain result: nothing",
    "result: nothing",
    "async result: nothing",
];

/// The statuses that a case must give.
const GIVEN_BY_CASES: [Status; 4] = [
    Status::Panicked,
    Status::InvalidArgument,
    Status::InvalidHandle,
    Status::TimedOut,
];

/// Those that no call of a list can give: they are of the boot, of the process, or of the queues that a binding keeps
/// to itself. (`HandleBusy` is given inside the callback `use`, `Stopped` and `Busy` in the tests of async calls.)
const OF_OTHER_TESTS: [Status; 18] = [
    Status::NotReady,
    Status::BootFailed,
    Status::CalledFromBoot,
    Status::WouldDeadlock,
    Status::Forked,
    Status::Stopped,
    Status::InvalidUtf8,
    Status::NotStarted,
    Status::NoThread,
    Status::NoBootEntry,
    Status::NotNotified,
    Status::HandleBusy,
    Status::NoMemory,
    Status::EndedBadly,
    Status::RuntimeLost,
    Status::Cancelled,
    Status::Busy,
    Status::NotDone,
];

fn steps() -> Vec<Value> {
    let text = fs::read_to_string(cases()).expect("it is committed");
    let all: Value = serde_json::from_str(&text).expect("JSON");
    let cases = all["cases"].as_array().expect("a list").clone();
    let steps = |case: Value| match case.get("steps") {
        Some(steps) => steps.as_array().expect("a list").clone(),
        None => vec![case],
    };
    cases.into_iter().flat_map(steps).collect()
}

/// How a type is called in the lists above. A new type stops the compiler here.
fn label(ty: &Type) -> String {
    match ty {
        Type::Void => "nothing".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int { signed, bits } => {
            let sign = if *signed { 'i' } else { 'u' };
            match bits {
                0 => format!("{sign}size"),
                bits => format!("{sign}{bits}"),
            }
        }
        Type::Float { bits } => format!("f{bits}"),
        Type::Char => "char".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Struct { .. } => "struct".to_owned(),
        Type::Enum { .. } => "enum".to_owned(),
        Type::Slice { mutable, of } => format!("{}slice of {}", changes(*mutable), label(of)),
        Type::Reference { mutable, to } => {
            format!("{}reference to {}", changes(*mutable), label(to))
        }
        Type::Pointer { .. } => "pointer".to_owned(),
        Type::Handle { pass, .. } => {
            let pass = match pass {
                Pass::Shared => "shared",
                Pass::Exclusive => "exclusive",
                Pass::Taken => "taken",
                Pass::Given => "given",
            };
            format!("handle, {pass}")
        }
        Type::Callback { user, .. } => {
            let user = match user {
                None => "no address",
                Some(0) => "its address first",
                Some(_) => "its address last",
            };
            format!("callback that gets {user}")
        }
    }
}

fn changes(mutable: bool) -> &'static str {
    if mutable { "mutable " } else { "" }
}

/// `PLACE: TYPE` for everything in a function.
fn of(function: &Function) -> Vec<String> {
    let later = if function.later.is_some() {
        "async "
    } else {
        ""
    };
    let maybe = |optional: bool| if optional { "optional " } else { "" };
    let mut all = Vec::new();
    for param in function.params.iter().filter(|param| !param.user) {
        all.push(format!(
            "{later}{}parameter: {}",
            maybe(param.optional),
            label(&param.ty)
        ));
        if let Type::Callback { params, result, .. } = &param.ty {
            all.extend(
                params
                    .iter()
                    .map(|ty| format!("callback's parameter: {}", label(ty))),
            );
            all.push(format!("callback's result: {}", label(result)));
        }
    }
    let plain = if function.or.is_some() { "plain " } else { "" };
    match &function.result {
        None => all.push(format!("{later}{plain}result: nothing")),
        Some(value) => {
            let maybe = maybe(value.optional);
            all.push(format!("{later}{maybe}{plain}result: {}", label(&value.ty)));
        }
    }
    all
}

fn covered(model: &Model, called: &BTreeSet<String>) -> BTreeSet<String> {
    let functions = model
        .functions
        .iter()
        .filter(|f| called.contains(&f.symbol));
    let fields = model.structs.iter().flat_map(|s| &s.fields);
    let fields = fields.map(|field| format!("field: {}", label(&field.ty)));
    functions.flat_map(of).chain(fields).collect()
}

fn called() -> BTreeSet<String> {
    let symbol = |step: Value| Some(step.get("call")?.as_str()?.to_owned());
    steps().into_iter().filter_map(symbol).collect()
}

#[test]
fn every_export_has_a_case() {
    let exports: BTreeSet<_> = conform()
        .functions
        .iter()
        .map(|f| f.symbol.clone())
        .collect();
    assert_eq!(called(), exports);
}

#[test]
fn every_type_has_a_case_in_every_place() {
    let places = PLACES
        .iter()
        .flat_map(|place| VALUES.map(|ty| wanted(place, ty)));
    let given = GIVEN.map(|ty| format!("callback's result: {ty}"));
    let others = OTHERS.iter().map(|other| (*other).to_owned());
    let all: BTreeSet<_> = places.chain(given).chain(others).collect();
    let covered = covered(&conform(), &called());
    let missing: Vec<_> = all.difference(&covered).collect();
    assert!(missing.is_empty(), "no case has: {missing:#?}");
    // A place or a type that this list does not know yet.
    let unknown: Vec<_> = covered.difference(&all).collect();
    assert!(unknown.is_empty(), "put these into the lists: {unknown:#?}");
}

fn wanted(place: &str, ty: &str) -> String {
    match place.strip_suffix(" of") {
        Some(_) => format!("{place} {ty}"),
        None => format!("{place}: {ty}"),
    }
}

#[test]
fn every_error_has_a_case() {
    let codes = steps()
        .into_iter()
        .filter_map(|step| step.get("fails")?.get("code")?.as_i64());
    let codes: BTreeSet<i64> = codes.collect();
    for status in Status::ALL {
        let by_case = GIVEN_BY_CASES.contains(status);
        assert_eq!(
            codes.contains(&i64::from(status.code())),
            by_case,
            "{status:?}"
        );
        assert_ne!(
            by_case,
            OF_OTHER_TESTS.contains(status),
            "{status:?} is in one of the lists"
        );
    }
    for named in &conform().codes {
        let named = i64::try_from(named.code).expect("an i32");
        assert!(codes.contains(&named), "no case fails with {named}");
    }
    assert!(
        codes.contains(&1) && codes.contains(&300),
        "with and without a number"
    );
}
