//! Go, by cgo: a module that loads the library when it is first needed.
//!
//! The templates hold what is the same for all libraries. What is not is here: [`names`], [`types`], the signature and
//! body of each function ([`calls`]), and the functions in C that those call ([`bridge`]).

mod bridge;
mod calls;
mod names;
mod types;

use std::collections::HashMap;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::language::{Bundle, Language, Package};
use super::model::{Code, Enum, Handle, Model, Named, Struct};
use super::texts::{literal, plain};
use crate::error::Result;
use bridge::{Bridge, Invoke, Shape};
use calls::{Call, Calls};
use names::{Scope, comment, exported, package};
use types::Types;

/// The language.
pub(super) struct Go;

macro_rules! template {
    ($file:literal) => {
        ($file, include_str!(concat!("templates/", $file, ".j2")))
    };
    ($path:literal, $file:literal) => {
        ($path, include_str!(concat!("templates/", $file, ".j2")))
    };
}

impl Language for Go {
    fn templates(&self) -> &'static [(&'static str, &'static str)] {
        &[
            template!("go.mod"),
            template!("README.md"),
            template!("library/README.md", "library.md"),
            template!("bridge.h"),
            template!("bridge.c"),
            template!("errors.go"),
            template!("types.go"),
            template!("memory.go"),
            template!("library.go"),
            template!(
                "{% if shapes or events %}callbacks.go{% endif %}",
                "callbacks.go"
            ),
            template!("{% if handles %}cleanup.go{% endif %}", "cleanup.go"),
            template!("{% if handles %}finalizer.go{% endif %}", "finalizer.go"),
            template!("{% if ops %}ops.go{% endif %}", "ops.go"),
            template!("functions.go"),
            template!("without_cgo.go"),
            ("{{ prefix }}.h", "{{ header }}"),
        ]
    }

    fn view(&self, model: &Model, package: &Package) -> Result<Value> {
        package.check()?;
        package.is_none_of(names::STANDARD, "Go")?;
        Ok(Value::from(Serde(view(model, package))))
    }

    fn bundled(&self, _package: &Package, bundle: &Bundle) -> String {
        format!("library/{}", bundle.file)
    }
}

/// What the templates see.
#[derive(Serialize)]
struct View {
    /// The name of the package.
    package: String,
    /// Its documentation.
    docs: Vec<String>,
    prefix: String,
    library: String,
    variable: String,
    crate_name: String,
    version: String,
    abi: u32,
    bundle: Option<String>,
    header: String,
    ops: bool,
    events: bool,
    errors: Vec<ErrorView>,
    /// How the templates call rt0's own errors, by their words.
    own: HashMap<String, String>,
    wrong: String,
    states: Vec<Variant>,
    enums: Vec<EnumView>,
    structs: Vec<StructView>,
    handles: Vec<HandleView>,
    functions: Vec<Call>,
    shapes: Vec<Shape>,
    invokes: Vec<Invoke>,
    bridges: Vec<Bridge>,
    /// The functions of the library that are called.
    table: Vec<String>,
    /// What the functions import.
    imports: Vec<&'static str>,
    /// Which of the package's own functions they call.
    uses: HashMap<&'static str, bool>,
}

#[derive(Serialize)]
struct ErrorView {
    name: String,
    code: i128,
    docs: Vec<String>,
    /// The documentation as a literal on one line.
    text: String,
}

#[derive(Serialize)]
struct Variant {
    name: String,
    value: i128,
    /// What it is called in C, as a literal.
    text: String,
    docs: Vec<String>,
    /// Whether another has the number, too, and came first.
    again: bool,
}

#[derive(Serialize)]
struct EnumView {
    name: String,
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
    name: String,
    ty: String,
    docs: Vec<String>,
}

#[derive(Serialize)]
struct HandleView {
    name: String,
    free: String,
    docs: Vec<String>,
    methods: Vec<Call>,
}

fn view(model: &Model, made: &Package) -> View {
    let library = &model.library;
    let prefix = &library.name.name;
    let mut module = Scope::of_package();
    let mut names: HashMap<&str, String> = HashMap::new();
    let enums = model.enums.iter().map(|e| &e.name);
    let structs = model.structs.iter().map(|s| &s.name);
    let handles = model.handles.iter().map(|h| &h.name);
    for name in enums.chain(structs).chain(handles) {
        names.insert(&name.name, module.claim(&exported(name)));
    }
    let types = Types::new(names);
    let (errors, own, wrong) = errors(model, &mut module);
    let states = variants("State", &model.states, &mut module);
    let enums = model
        .enums
        .iter()
        .map(|item| enumeration(item, &types, &mut module))
        .collect();
    let mut calls = Calls::new(prefix, &types);
    let functions = model.functions.iter();
    let functions = functions.filter(|f| !model.handles.iter().any(|h| f.is_method_of(h)));
    let functions: Vec<_> = functions.map(|f| calls.of(f, &mut module, None)).collect();
    let handles: Vec<_> = model
        .handles
        .iter()
        .map(|item| handle(item, model, &mut calls))
        .collect();
    let methods = handles.iter().flat_map(|handle| &handle.methods);
    let all: Vec<_> = functions.iter().chain(methods).collect();
    let lines = all.iter().flat_map(|call| &call.lines);
    let used: Vec<_> = lines
        .chain(all.iter().map(|call| &call.signature))
        .collect();
    let is_used = |mark: &str| used.iter().any(|line| line.contains(mark));
    let imports = ["context", "runtime", "time", "unsafe"].into_iter();
    let imports = imports
        .filter(|name| used.iter().any(|line| names_package(line, name)))
        .collect();
    let helpers = [
        "enter",
        "enterBare",
        "must",
        "optionalText",
        "takeSlice",
        "takeText",
    ];
    let uses = helpers.map(|name| {
        (
            name,
            is_used(&format!("{name}(")) || is_used(&format!("{name}[")),
        )
    });
    let table = table(model, &calls.symbols);
    View {
        package: package(&made.name),
        docs: comment(match library.docs.is_empty() {
            true => &library.crate_name,
            false => &library.docs,
        }),
        prefix: prefix.clone(),
        library: library.file.clone(),
        variable: format!("{}_LIBRARY", prefix.to_ascii_uppercase()),
        crate_name: library.crate_name.clone(),
        version: plain(&library.version),
        abi: library.abi,
        bundle: made.bundle.as_ref().map(|bundle| bundle.file.clone()),
        header: model.header.clone(),
        ops: library.ops,
        events: library.events,
        errors,
        own,
        wrong,
        states,
        enums,
        structs: model
            .structs
            .iter()
            .map(|item| structure(item, &types))
            .collect(),
        handles,
        functions,
        shapes: calls.shapes,
        invokes: calls.invokes,
        bridges: calls.bridges,
        table,
        imports,
        uses: uses.into(),
    }
}

/// Whether a line has a name of this package of Go's.
fn names_package(line: &str, name: &str) -> bool {
    let mark = format!("{name}.");
    let mut found = line.match_indices(&mark);
    found.any(|(at, _)| !line[..at].ends_with(|c: char| c.is_ascii_alphanumeric()))
}

/// The library's functions that the package calls.
fn table(model: &Model, symbols: &[String]) -> Vec<String> {
    let library = &model.library;
    let mut own = vec![
        "start",
        "wait",
        "state",
        "last_error",
        "shutdown",
        "report",
        "free",
    ];
    if library.ops {
        own.extend(["op_cancel", "queue_new", "queue_free", "queue_take"]);
    }
    if library.events {
        own.push("events");
    }
    let own = own
        .iter()
        .map(|name| format!("{}_{name}", library.name.name));
    let frees = model.handles.iter().map(|handle| handle.free.clone());
    own.chain(frees).chain(symbols.iter().cloned()).collect()
}

/// The errors with names; the names of rt0's own by their words; that of the error of another library.
fn errors(model: &Model, names: &mut Scope) -> (Vec<ErrorView>, HashMap<String, String>, String) {
    let view = |code: &Code, names: &mut Scope| ErrorView {
        name: names.claim(&format!("Err{}", exported(&code.name))),
        code: code.code,
        docs: comment(&code.docs),
        text: literal(&comment(&code.docs).join(" ")),
    };
    let mut own = HashMap::new();
    let mut all = Vec::new();
    for status in &model.statuses {
        let view = view(status, names);
        own.insert(status.name.snake(), view.name.clone());
        all.push(view);
    }
    let wrong = names.claim("ErrWrongLibrary");
    all.extend(model.codes.iter().map(|code| view(code, names)));
    (all, own, wrong)
}

fn variants(ty: &str, codes: &[Code], names: &mut Scope) -> Vec<Variant> {
    let mut seen = Vec::new();
    let mut all = Vec::new();
    for code in codes {
        all.push(Variant {
            name: names.claim(&format!("{ty}{}", exported(&code.name))),
            value: code.code,
            text: literal(&exported(&code.name)),
            docs: comment(&code.docs),
            again: seen.contains(&code.code),
        });
        seen.push(code.code);
    }
    all
}

fn enumeration(item: &Enum, types: &Types<'_>, names: &mut Scope) -> EnumView {
    let name = types.name(&item.name.name);
    EnumView {
        name: name.to_owned(),
        integer: types.value(&item.integer),
        docs: comment(&item.docs),
        variants: variants(name, &item.variants, names),
    }
}

fn structure(item: &Struct, types: &Types<'_>) -> StructView {
    let mut names = Scope::default();
    let mut field = |name: &Named, ty, docs: &str| FieldView {
        name: names.claim(&exported(name)),
        ty,
        docs: comment(docs),
    };
    StructView {
        name: types.name(&item.name.name).to_owned(),
        raw: item.name.name.clone(),
        docs: comment(&item.docs),
        fields: item
            .fields
            .iter()
            .map(|of| field(&of.name, types.value(&of.ty), &of.docs))
            .collect(),
    }
}

fn handle(item: &Handle, model: &Model, calls: &mut Calls<'_>) -> HandleView {
    let mut names = Scope::of_handle();
    let class = calls.types.name(&item.name.name).to_owned();
    let own = model.functions.iter().filter(|f| f.is_method_of(item));
    HandleView {
        free: item.free.clone(),
        docs: comment(&item.docs),
        methods: own.map(|f| calls.of(f, &mut names, Some(&class))).collect(),
        name: class,
    }
}
