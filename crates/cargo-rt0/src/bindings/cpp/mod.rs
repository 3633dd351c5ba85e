//! C++17, by the C header: header files only, and a target for CMake.
//!
//! The templates hold what is the same for all libraries. What is not is here: [`names`], [`types`], and the signature
//! and body of each function ([`calls`]).

mod calls;
mod names;
mod types;

use std::collections::HashMap;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::language::{Bundle, Language, Package};
use super::model::{Code, Enum, Field, Handle, Model, Named, Struct, Type};
use super::texts::plain;
use crate::error::Result;
use calls::{Call, Calls, declare};
use names::{Names, TypeNames, comment, namespace};
use types::Types;

/// The language.
pub(super) struct Cpp;

macro_rules! template {
    ($path:literal, $file:literal) => {
        ($path, include_str!(concat!("templates/", $file, ".j2")))
    };
}

impl Language for Cpp {
    fn templates(&self) -> &'static [(&'static str, &'static str)] {
        &[
            template!("CMakeLists.txt", "CMakeLists.txt"),
            template!("README.md", "README.md"),
            template!(
                "lib/cmake/{{ package }}/{{ package }}-config.cmake",
                "config.cmake"
            ),
            template!(
                "lib/cmake/{{ package }}/{{ package }}-config-version.cmake",
                "version.cmake"
            ),
            template!("include/{{ ns }}.hpp", "main.hpp"),
            template!("include/{{ ns }}/mode.hpp", "mode.hpp"),
            template!("include/{{ ns }}/process.hpp", "process.hpp"),
            template!("include/{{ ns }}/errors.hpp", "errors.hpp"),
            template!("include/{{ ns }}/memory.hpp", "memory.hpp"),
            template!("include/{{ ns }}/callbacks.hpp", "callbacks.hpp"),
            template!("include/{{ ns }}/call.hpp", "call.hpp"),
            template!("{% if ops %}include/{{ ns }}/ops.hpp{% endif %}", "ops.hpp"),
            ("include/{{ ns }}/{{ prefix }}.h", "{{ header }}"),
        ]
    }

    fn view(&self, model: &Model, package: &Package) -> Result<Value> {
        package.check()?;
        Ok(Value::from(Serde(view(model, package))))
    }

    fn bundled(&self, _package: &Package, bundle: &Bundle) -> String {
        format!("lib/{}", bundle.file)
    }
}

/// What the templates see.
#[derive(Serialize)]
struct View {
    package: String,
    /// The namespace.
    ns: String,
    /// What macros begin with.
    #[serde(rename = "macro")]
    macros: String,
    prefix: String,
    upper: String,
    library: String,
    variable: String,
    crate_name: String,
    version: String,
    numbers: String,
    abi: u32,
    docs: Vec<String>,
    bundle: Option<String>,
    header: String,
    ops: bool,
    events: bool,
    errors: Vec<ErrorView>,
    /// The class of the author's errors.
    own: Own,
    own_error: String,
    wrong: String,
    state_type: String,
    states: Vec<Variant>,
    enums: Vec<EnumView>,
    structs: Vec<StructView>,
    handles: Vec<HandleView>,
    functions: Vec<Call>,
}

/// The calls that every package has.
#[derive(Serialize)]
struct Own {
    event: &'static str,
    events: &'static str,
    forever: &'static str,
    report: &'static str,
    shutdown: &'static str,
    start: &'static str,
    state: &'static str,
    wait: &'static str,
}

const OWN: Own = Own {
    event: "event",
    events: "events",
    forever: "forever",
    report: "report",
    shutdown: "shutdown",
    start: "start",
    state: "state",
    wait: "wait",
};

#[derive(Serialize)]
struct ErrorView {
    name: String,
    base: String,
    code: i128,
    docs: Vec<String>,
}

#[derive(Serialize)]
struct Variant {
    name: String,
    value: String,
    docs: Vec<String>,
}

#[derive(Serialize)]
struct EnumView {
    name: String,
    raw: String,
    integer: String,
    docs: Vec<String>,
    variants: Vec<Variant>,
}

#[derive(Serialize)]
struct StructView {
    name: String,
    raw: String,
    docs: Vec<String>,
    fields: Vec<FieldView>,
}

#[derive(Serialize)]
struct FieldView {
    declaration: String,
    docs: Vec<String>,
}

#[derive(Serialize)]
struct HandleView {
    name: String,
    raw: String,
    free: String,
    docs: Vec<String>,
    methods: Vec<Call>,
}

fn view(model: &Model, package: &Package) -> View {
    let library = &model.library;
    let ns = namespace(&package.name);
    let mut type_names = TypeNames::new();
    let mut names: HashMap<&str, String> = HashMap::new();
    let enums = model.enums.iter().map(|e| &e.name);
    let structs = model.structs.iter().map(|s| &s.name);
    let handles = model.handles.iter().map(|h| &h.name);
    for name in enums.chain(structs).chain(handles) {
        names.insert(&name.name, type_names.claim(name));
    }
    let state_type = type_names.claim(&Named::new("state"));
    let types = Types::new(&ns, names);
    let calls = Calls { types: &types };
    let mut module = Names::of_package();
    let functions = model.functions.iter();
    let functions = functions.filter(|f| !model.handles.iter().any(|h| f.is_method_of(h)));
    let (errors, own_error, wrong) = errors(model);
    View {
        package: package.name.clone(),
        macros: ns.to_ascii_uppercase(),
        prefix: library.name.name.clone(),
        upper: library.name.name.to_ascii_uppercase(),
        library: library.file.clone(),
        variable: format!("{}_LIBRARY", library.name.name.to_ascii_uppercase()),
        crate_name: library.crate_name.clone(),
        version: plain(&library.version),
        numbers: numbers(&library.version),
        abi: library.abi,
        docs: comment(match library.docs.is_empty() {
            true => &library.crate_name,
            false => &library.docs,
        }),
        bundle: package.bundle.as_ref().map(|bundle| bundle.file.clone()),
        header: model.header.clone(),
        ops: library.ops,
        events: library.events,
        errors,
        own: OWN,
        own_error,
        wrong,
        state_type,
        states: variants(
            &model.states,
            &Type::Int {
                signed: true,
                bits: 32,
            },
        ),
        enums: model
            .enums
            .iter()
            .map(|item| enumeration(item, &types))
            .collect(),
        structs: model
            .structs
            .iter()
            .map(|item| structure(item, &types))
            .collect(),
        functions: functions
            .flat_map(|f| calls.of(f, &mut module, None))
            .collect(),
        handles: model
            .handles
            .iter()
            .map(|h| handle(h, model, &calls))
            .collect(),
        ns,
    }
}

/// The errors with names; the names of the author's other errors, and of that of another library.
fn errors(model: &Model) -> (Vec<ErrorView>, String, String) {
    let mut names = Names::of_errors();
    // The statuses first: the templates use them by name.
    let view = |code: &Code, base: &str, names: &mut Names| ErrorView {
        name: names.claim(&code.name.snake()),
        base: base.to_owned(),
        code: code.code,
        docs: comment(&code.docs),
    };
    let statuses = model.statuses.iter();
    let mut all: Vec<_> = statuses
        .map(|code| view(code, "error", &mut names))
        .collect();
    let own = names.claim("library_error");
    let wrong = names.claim("wrong_library");
    all.extend(model.codes.iter().map(|code| view(code, &own, &mut names)));
    (all, own, wrong)
}

fn enumeration(item: &Enum, types: &Types<'_>) -> EnumView {
    EnumView {
        name: types.name(&item.name.name).to_owned(),
        raw: item.name.name.clone(),
        integer: types.raw(&item.integer),
        docs: comment(&item.docs),
        variants: variants(&item.variants, &item.integer),
    }
}

fn structure(item: &Struct, types: &Types<'_>) -> StructView {
    let mut names = Names::new();
    let field = |field: &Field| FieldView {
        declaration: declare(&types.value(&field.ty), &names.claim(&field.name.snake())),
        docs: comment(&field.docs),
    };
    StructView {
        name: types.name(&item.name.name).to_owned(),
        raw: item.name.name.clone(),
        docs: comment(&item.docs),
        fields: item.fields.iter().map(field).collect(),
    }
}

fn handle(item: &Handle, model: &Model, calls: &Calls<'_>) -> HandleView {
    let mut names = Names::of_handle();
    let class = calls.types.name(&item.name.name);
    let own = model.functions.iter().filter(|f| f.is_method_of(item));
    HandleView {
        name: class.to_owned(),
        raw: item.name.name.clone(),
        free: item.free.clone(),
        docs: comment(&item.docs),
        methods: own
            .flat_map(|f| calls.of(f, &mut names, Some(class)))
            .collect(),
    }
}

fn variants(codes: &[Code], integer: &Type) -> Vec<Variant> {
    let mut names = Names::new();
    let one = |code: &Code| Variant {
        name: names.claim(&code.name.snake()),
        value: literal(code.code, integer),
        docs: comment(&code.docs),
    };
    codes.iter().map(one).collect()
}

/// A number of this type as C++ reads it.
fn literal(value: i128, ty: &Type) -> String {
    match ty {
        // There are no negative literals, and the number without its sign is too large.
        _ if value == i64::MIN.into() => format!("{} - 1", value + 1),
        Type::Int { signed: false, .. } if value > i64::MAX.into() => format!("{value}u"),
        _ => value.to_string(),
    }
}

/// A version as CMake has it: numbers.
fn numbers(version: &str) -> String {
    let number = |c: &char| c.is_ascii_digit() || *c == '.';
    let numbers: String = version.chars().take_while(number).collect();
    match numbers.trim_matches('.') {
        "" => "0".to_owned(),
        numbers => numbers.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Type;
    use super::{literal, numbers, plain};

    #[test]
    fn a_number_is_a_literal() {
        let ty = |signed| Type::Int { signed, bits: 64 };
        assert_eq!(literal(-1, &ty(true)), "-1");
        assert_eq!(
            literal(i64::MIN.into(), &ty(true)),
            "-9223372036854775807 - 1"
        );
        assert_eq!(
            literal(u64::MAX.into(), &ty(false)),
            "18446744073709551615u"
        );
    }

    #[test]
    fn a_version_is_one_of_cmakes() {
        for (rust, cmake) in [("0.1.0", "0.1.0"), ("1.0.0-beta.2", "1.0.0"), ("x", "0")] {
            assert_eq!(numbers(rust), cmake);
        }
        assert_eq!(plain("1.0.0-a+b\"\n*/"), "1.0.0-a+b");
    }
}
