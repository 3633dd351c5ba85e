//! TypeScript for node 20 or later, by koffi: JavaScript with declarations, which nobody has to compile.
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
use super::model::{Code, Field, Function, Model, Named, Type};
use super::texts::{sentence, summary};
use crate::error::Result;
use calls::{Call, Calls, Raw, Thunk};
use names::{MEMBERS, OWN, Scope, comment, literal};
use types::{From, Types};

/// The language.
pub(super) struct TypeScript;

macro_rules! template {
    ($path:literal, $file:literal) => {
        ($path, include_str!(concat!("templates/", $file, ".j2")))
    };
}

impl Language for TypeScript {
    fn templates(&self) -> &'static [(&'static str, &'static str)] {
        &[
            template!("package.json", "package.json"),
            template!("README.md", "README.md"),
            template!("index.d.ts", "index.d.ts"),
            template!("index.js", "index.js"),
            template!("lib/library.js", "library.js"),
            template!("lib/errors.js", "errors.js"),
            template!("lib/types.js", "types.js"),
            template!("lib/memory.js", "memory.js"),
            template!("lib/callbacks.js", "callbacks.js"),
            template!("lib/thread.js", "thread.js"),
            template!("lib/lifecycle.js", "lifecycle.js"),
            template!("{% if ops %}lib/ops.js{% endif %}", "ops.js"),
        ]
    }

    fn view(&self, model: &Model, package: &Package) -> Result<Value> {
        package.check()?;
        package.is_none_of(names::STANDARD, "node")?;
        Ok(Value::from(Serde(view(model, package))))
    }

    fn bundled(&self, _: &Package, bundle: &Bundle) -> String {
        bundle.file.clone()
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
    bundle: Option<Bundled>,
    ops: bool,
    events: bool,
    error: String,
    statuses: Vec<ErrorView>,
    codes: Vec<ErrorView>,
    states: Vec<Variant>,
    enums: Vec<EnumView>,
    structs: Vec<StructView>,
    handles: Vec<HandleView>,
    functions: Vec<Call>,
    raw: Vec<Raw>,
    thunks: Vec<Thunk>,
}

/// The library inside the package, and the system that it is for, as npm calls it.
#[derive(Serialize)]
struct Bundled {
    file: String,
    os: &'static str,
    cpu: &'static str,
}

#[derive(Serialize)]
struct ErrorView {
    class: String,
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
    class: String,
    docs: Vec<String>,
    variants: Vec<Variant>,
    /// What a value is if there are no variants.
    hint: String,
}

#[derive(Serialize)]
struct StructView {
    class: String,
    /// What the names of the functions about it begin with.
    local: String,
    docs: Vec<String>,
    fields: Vec<FieldView>,
}

#[derive(Serialize)]
struct FieldView {
    name: String,
    hint: String,
    koffi: String,
    docs: Vec<String>,
    from_c: String,
    to_c: String,
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
    let error = format!("{}Error", Named::new(&package.name).pascal());
    let error = module.claim(&error);
    let mut classes: HashMap<&str, String> = HashMap::new();
    let names = model.enums.iter().map(|e| &e.name);
    let names = names.chain(model.structs.iter().map(|s| &s.name));
    for name in names.chain(model.handles.iter().map(|h| &h.name)) {
        classes.insert(&name.name, module.claim(&name.pascal()));
    }
    let codes = errors(&model.codes, &mut module);
    let statuses = errors(&model.statuses, &mut module);
    let types = Types::new(model, classes);
    let mut calls = Calls::new(&types);
    let handles = model
        .handles
        .iter()
        .map(|handle| {
            let mut scope = Scope::of_members(MEMBERS);
            let own = |f: &&Function| f.is_method_of(handle);
            let methods = model.functions.iter().filter(own);
            let methods = methods
                .flat_map(|f| calls.of(f, &mut scope, true))
                .collect();
            HandleView {
                class: types.class(&handle.name.name).to_owned(),
                docs: comment(&handle.docs),
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
        docs: comment(docs),
        summary: literal(&summary(docs)),
        bundle: package.bundle.as_ref().map(bundled),
        ops: model.library.ops,
        events: model.library.events,
        error,
        statuses,
        codes,
        states: variants(&model.states, false),
        enums: model
            .enums
            .iter()
            .map(|item| EnumView {
                class: types.class(&item.name.name).to_owned(),
                docs: comment(&item.docs),
                variants: variants(&item.variants, types.is_big(&item.integer)),
                hint: types.hint(&item.integer, From::Declarations),
            })
            .collect(),
        structs: model
            .structs
            .iter()
            .map(|item| {
                let mut scope = Scope::of_members(&[]);
                let mut one = |field: &Field| field_view(&types, &mut scope, field);
                StructView {
                    class: types.class(&item.name.name).to_owned(),
                    local: types.local(&item.name.name),
                    docs: comment(&item.docs),
                    fields: item.fields.iter().map(&mut one).collect(),
                }
            })
            .collect(),
        handles,
        functions,
        raw,
        thunks,
    }
}

fn field_view(types: &Types<'_>, scope: &mut Scope, field: &Field) -> FieldView {
    let name = scope.claim(&field.name.camel());
    let value = format!("value.{name}");
    FieldView {
        hint: types.hint_inside(&field.ty, From::Declarations),
        koffi: types.koffi(&field.ty),
        docs: comment(&field.docs),
        from_c: types.value_of(&field.ty, &value),
        to_c: match field.ty {
            // One that was left out is null.
            Type::Pointer { .. } | Type::Callback { .. } | Type::Reference { .. } => {
                format!("_t.pointer({value}, '{name}')")
            }
            ref ty => types.to_c(ty, &value, &format!("'{name}'")),
        },
        name,
    }
}

fn errors(codes: &[Code], module: &mut Scope) -> Vec<ErrorView> {
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
        ErrorView {
            class: module.claim(&class),
            code: code.code,
            docs: comment(&sentence(&code.docs)),
        }
    };
    codes.iter().map(one).collect()
}

fn variants(codes: &[Code], big: bool) -> Vec<Variant> {
    let mut scope = Scope::of_members(&[]);
    let one = |code: &Code| Variant {
        name: scope.claim(&code.name.pascal()),
        value: format!("{}{}", code.code, if big { "n" } else { "" }),
        docs: comment(&code.docs),
    };
    codes.iter().map(one).collect()
}

/// A version as npm has it, which is Cargo's way, too. Any other text is none.
fn version(version: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-+".contains(c);
    let numbers = version.split(['-', '+']).next().unwrap_or_default();
    let three = numbers.split('.').count() == 3;
    let number = |part: &str| part.parse::<u64>().is_ok_and(|n| n.to_string() == part);
    if three && numbers.split('.').all(number) && version.chars().all(plain) {
        version.to_owned()
    } else {
        "0.0.0".to_owned()
    }
}

/// What npm calls the system of this library.
fn bundled(bundle: &Bundle) -> Bundled {
    Bundled {
        file: bundle.file.clone(),
        os: match bundle.made_for.system {
            "windows" => "win32",
            "macos" => "darwin",
            system => system,
        },
        cpu: match bundle.made_for.processor {
            "x86_64" => "x64",
            "i686" => "ia32",
            "aarch64" => "arm64",
            "armv7l" => "arm",
            "ppc64le" => "ppc64",
            "loongarch64" => "loong64",
            processor => processor,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn a_version_is_one_of_npms() {
        for (rust, npm) in [
            ("0.1.0", "0.1.0"),
            ("1.0.0-beta.2", "1.0.0-beta.2"),
            ("1.0.0-rc1+abc", "1.0.0-rc1+abc"),
            ("1.0", "0.0.0"),
            ("1.0.01", "0.0.0"),
            ("", "0.0.0"),
            ("1.0.0-\"evil", "0.0.0"),
        ] {
            assert_eq!(version(rust), npm, "{rust}");
        }
    }
}
