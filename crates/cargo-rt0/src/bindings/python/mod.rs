//! Python 3.9 or later, by ctypes: nothing to install.
//!
//! The templates hold the package; what is not in them is here: [`names`], [`types`], and the body of each function
//! ([`calls`]).

mod calls;
mod names;
mod types;

use std::collections::HashMap;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::language::{Bundle, Language, Package};
use super::model::{Code, Function, Model, Named, Type};
use super::texts::{literal, sentence, summary};
use crate::error::{Error, Result};
use calls::{Call, Calls, Raw, Thunk};
use names::{OWN, Scope, docstring};
use types::Types;

/// The language.
pub(super) struct Python;

macro_rules! template {
    ($path:literal, $file:literal) => {
        ($path, include_str!(concat!("templates/", $file, ".j2")))
    };
}

impl Language for Python {
    fn templates(&self) -> &'static [(&'static str, &'static str)] {
        &[
            template!("pyproject.toml", "pyproject.toml"),
            template!("build_backend.py", "build_backend.py"),
            template!("README.md", "README.md"),
            template!("{{ package }}/__init__.py", "init.py"),
            template!("{{ package }}/_library.py", "library.py"),
            template!("{{ package }}/_errors.py", "errors.py"),
            template!("{{ package }}/_types.py", "types.py"),
            template!("{{ package }}/_memory.py", "memory.py"),
            template!("{{ package }}/_callbacks.py", "callbacks.py"),
            template!("{% if ops %}{{ package }}/_ops.py{% endif %}", "ops.py"),
            template!("{{ package }}/py.typed", "py.typed"),
        ]
    }

    fn view(&self, model: &Model, package: &Package) -> Result<Value> {
        package.check()?;
        if names::is_keyword(&package.name) {
            return Err(Error::input(format!(
                "{:?} is a word of Python's: choose another name for the package with --package",
                package.name
            )));
        }
        package.is_none_of(names::STANDARD, "Python")?;
        Ok(Value::from(Serde(view(model, package))))
    }

    fn bundled(&self, package: &Package, bundle: &Bundle) -> String {
        format!("{}/{}", package.name, bundle.file)
    }
}

/// What the templates see.
#[derive(Serialize)]
struct View {
    package: String,
    library: String,
    prefix: String,
    variable: String,
    crate_name: String,
    version: String,
    abi: u32,
    docs: Vec<String>,
    summary: String,
    bundle: Option<String>,
    tag: String,
    ops: bool,
    events: bool,
    statuses: Vec<Exception>,
    codes: Vec<Exception>,
    state: String,
    states: Vec<Variant>,
    enums: Vec<EnumView>,
    structs: Vec<StructView>,
    handles: Vec<HandleView>,
    functions: Vec<Call>,
    raw: Vec<Raw>,
    thunks: Vec<Thunk>,
    classes: Vec<String>,
    public: Vec<String>,
}

#[derive(Serialize)]
struct Exception {
    class: String,
    code: i128,
    docs: Vec<String>,
}

#[derive(Serialize)]
struct Variant {
    name: String,
    value: i128,
    docs: Vec<String>,
}

#[derive(Serialize)]
struct EnumView {
    class: String,
    docs: Vec<String>,
    variants: Vec<Variant>,
}

#[derive(Serialize)]
struct StructView {
    class: String,
    docs: Vec<String>,
    fields: Vec<FieldView>,
}

#[derive(Serialize)]
struct FieldView {
    name: String,
    hint: String,
    ctype: String,
    docs: Vec<String>,
    from_c: String,
    to_c: String,
    is_struct: bool,
}

#[derive(Serialize)]
struct HandleView {
    class: String,
    docs: Vec<String>,
    free: String,
    methods: Vec<Call>,
}

fn view(model: &Model, package: &Package) -> View {
    let prefix = &model.library.name.name;
    let mut module = Scope::with(OWN);
    let mut classes: HashMap<&str, String> = HashMap::new();
    let claim = |module: &mut Scope, name: &Named| module.claim(&name.pascal());
    let enums: Vec<_> = model
        .enums
        .iter()
        .map(|e| (&e.name, claim(&mut module, &e.name)))
        .collect();
    let structs: Vec<_> = model
        .structs
        .iter()
        .map(|s| (&s.name, claim(&mut module, &s.name)))
        .collect();
    let handles: Vec<_> = model
        .handles
        .iter()
        .map(|h| (&h.name, claim(&mut module, &h.name)))
        .collect();
    for (name, class) in enums.iter().chain(&structs).chain(&handles) {
        classes.insert(&name.name, class.clone());
    }
    let codes = exceptions(&model.codes, &mut module);
    let statuses = exceptions(&model.statuses, &mut module);
    let of_types: Vec<_> = enums
        .iter()
        .chain(&structs)
        .map(|(_, class)| class.clone())
        .collect();
    let of_handles: Vec<_> = handles.iter().map(|(_, class)| class.clone()).collect();
    let types = Types::new(model, classes);
    let mut calls = Calls::new(&types);
    let handles = model
        .handles
        .iter()
        .map(|handle| {
            let mut scope = Scope::of_members(&["close"]);
            let own = |f: &&Function| f.is_method_of(handle);
            let methods = model.functions.iter().filter(own);
            let methods = methods
                .flat_map(|f| calls.of(f, &mut scope, true))
                .collect();
            HandleView {
                class: types.class(&handle.name.name).to_owned(),
                docs: docstring(&handle.docs),
                free: handle.free.clone(),
                methods,
            }
        })
        .collect();
    let functions: Vec<Call> = model
        .functions
        .iter()
        .filter(|f| !model.handles.iter().any(|h| f.is_method_of(h)))
        .flat_map(|f| calls.of(f, &mut module, false))
        .collect();
    let (raw, thunks) = (calls.raw, calls.thunks);
    let own = OWN
        .iter()
        .filter(|name| model.library.events || **name != "events");
    let mut public: Vec<String> = own.map(|&name| name.to_owned()).collect();
    public.extend(codes.iter().chain(&statuses).map(|e| e.class.clone()));
    public.extend(of_types.iter().chain(&of_handles).cloned());
    public.extend(functions.iter().map(|call| call.name.clone()));
    public.sort();
    let title = format!(
        "{} {}, by its own description.",
        model.library.crate_name, model.library.version
    );
    let docs = if model.library.docs.is_empty() {
        &title
    } else {
        &model.library.docs
    };
    View {
        package: package.name.clone(),
        library: model.library.file.clone(),
        prefix: prefix.clone(),
        variable: format!("{}_LIBRARY", prefix.to_ascii_uppercase()),
        crate_name: model.library.crate_name.clone(),
        version: version(&model.library.version),
        abi: model.library.abi,
        docs: docstring(docs),
        summary: literal(&summary(docs)),
        bundle: package.bundle.as_ref().map(|bundle| bundle.file.clone()),
        tag: package
            .bundle
            .as_ref()
            .map_or_else(|| "any".to_owned(), tag),
        ops: model.library.ops,
        events: model.library.events,
        statuses,
        codes,
        state: "State".to_owned(),
        states: variants(&model.states),
        enums: model
            .enums
            .iter()
            .map(|item| EnumView {
                class: types.class(&item.name.name).to_owned(),
                docs: docstring(&item.docs),
                variants: variants(&item.variants),
            })
            .collect(),
        structs: model
            .structs
            .iter()
            .map(|item| {
                let mut scope = Scope::of_members(&[]);
                let field = |field: &super::model::Field| {
                    let name = scope.claim(&field.name.snake());
                    FieldView {
                        hint: types.hint_inside(&field.ty),
                        ctype: types.ctype(&field.ty),
                        docs: field.docs.lines().map(str::to_owned).collect(),
                        from_c: types.value_of(&field.ty, &format!("c.{name}")),
                        to_c: types.to_c(&field.ty, &format!("self.{name}"), &name),
                        is_struct: matches!(field.ty, Type::Struct { .. }),
                        name,
                    }
                };
                StructView {
                    class: types.class(&item.name.name).to_owned(),
                    docs: docstring(&item.docs),
                    fields: item.fields.iter().map(field).collect(),
                }
            })
            .collect(),
        handles,
        functions,
        raw,
        thunks,
        classes: of_types,
        public,
    }
}

fn exceptions(codes: &[Code], module: &mut Scope) -> Vec<Exception> {
    let one = |code: &Code| {
        let name = code.name.pascal();
        let name = name.strip_suffix("Error").unwrap_or(&name);
        let class = format!("{name}Error");
        // An author's name comes first.
        let class = if module.is_free(&class) {
            class
        } else {
            format!("Rt0{class}")
        };
        Exception {
            class: module.claim(&class),
            code: code.code,
            docs: docstring(&sentence(&code.docs)),
        }
    };
    codes.iter().map(one).collect()
}

fn variants(codes: &[Code]) -> Vec<Variant> {
    // What every enum has already.
    let mut scope = Scope::with(&["mro"]);
    let one = |code: &Code| Variant {
        name: scope.claim(&code.name.screaming()),
        value: code.code,
        docs: code.docs.lines().map(str::to_owned).collect(),
    };
    codes.iter().map(one).collect()
}

/// A version as Python's packages have it (PEP 440): the numbers, and what came before a release as one of its own.
fn version(version: &str) -> String {
    let numbers: String = version
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let numbers = numbers.trim_matches('.');
    let numbers = if numbers.is_empty() { "0" } else { numbers };
    let rest = version.get(numbers.len()..).unwrap_or_default();
    let rest = rest.split('+').next().unwrap_or_default();
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let digits = if digits.is_empty() { "0" } else { &digits };
    match rest {
        "" => numbers.to_owned(),
        rest if rest.contains("alpha") => format!("{numbers}a{digits}"),
        rest if rest.contains("beta") => format!("{numbers}b{digits}"),
        rest if rest.contains("rc") => format!("{numbers}rc{digits}"),
        _ => format!("{numbers}.dev{digits}"),
    }
}

/// The platform of a wheel with this library inside.
fn tag(bundle: &Bundle) -> String {
    let for_ = bundle.made_for;
    match (for_.system, for_.processor) {
        // Since 11 only the first number counts.
        ("macos", processor) => match for_.oldest.unwrap_or((11, 0)) {
            (10, minor) => format!("macosx_10_{minor}_{processor}"),
            (major, _) => format!("macosx_{major}_0_{processor}"),
        },
        ("windows", "x86_64") => "win_amd64".to_owned(),
        ("windows", "aarch64") => "win_arm64".to_owned(),
        ("windows", _) => "win32".to_owned(),
        (system, processor) => format!("{system}_{processor}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Bundle, tag, version};
    use crate::image::MadeFor;

    #[test]
    fn a_wheel_for_macos_names_the_oldest_version_that_can_load_the_library() {
        for (oldest, processor, wanted) in [
            (Some((11, 0)), "arm64", "macosx_11_0_arm64"),
            (Some((12, 3)), "arm64", "macosx_12_0_arm64"),
            (Some((10, 12)), "x86_64", "macosx_10_12_x86_64"),
            (None, "arm64", "macosx_11_0_arm64"),
        ] {
            let bundle = Bundle {
                file: "libx.dylib".to_owned(),
                made_for: MadeFor {
                    system: "macos",
                    processor,
                    oldest,
                },
            };
            assert_eq!(tag(&bundle), wanted);
        }
    }

    #[test]
    fn a_version_is_one_of_pythons() {
        for (rust, python) in [
            ("0.1.0", "0.1.0"),
            ("1.0.0-beta.2", "1.0.0b2"),
            ("1.0.0-rc1+abc", "1.0.0rc1"),
            ("1.0.0+abc", "1.0.0"),
            ("1.0.0-x", "1.0.0.dev0"),
            ("", "0"),
            ("\"evil", "0.dev0"),
        ] {
            assert_eq!(version(rust), python, "{rust}");
        }
    }
}
