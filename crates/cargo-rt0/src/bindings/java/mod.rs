//! Java 22 or later, by its foreign-function interface: a folder for Maven, which depends on nothing.
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
use super::model::{Code, Model, Named, Type};
use super::texts::{plain, sentence, summary};
use crate::error::{Error, Result};
use crate::image::MadeFor;
use calls::{Call, Callback, Calls, Given, Raw};
use names::{Scope, escaped, javadoc, xml};
use types::Types;

/// The language.
pub(super) struct Java;

macro_rules! source {
    ($path:literal, $file:literal) => {
        (
            concat!("src/main/java/{{ package }}/", $path, ".java"),
            include_str!(concat!("templates/", $file, ".java.j2")),
        )
    };
}

impl Language for Java {
    fn templates(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("pom.xml", include_str!("templates/pom.xml.j2")),
            ("README.md", include_str!("templates/README.md.j2")),
            (
                "src/main/java/module-info.java",
                include_str!("templates/module-info.java.j2"),
            ),
            source!("{{ main }}", "Main"),
            source!("{{ exception }}", "Failure"),
            source!("State", "State"),
            source!("Library", "Library"),
            source!("Native", "Native"),
            source!("Frame", "Frame"),
            source!("Memory", "Memory"),
            source!("Check", "Check"),
            source!("Callbacks", "Callbacks"),
            (
                "{% if handles %}src/main/java/{{ package }}/Held.java{% endif %}",
                include_str!("templates/Held.java.j2"),
            ),
            (
                "{% if ops %}src/main/java/{{ package }}/Ops.java{% endif %}",
                include_str!("templates/Ops.java.j2"),
            ),
            (
                "{% if structs %}src/main/java/{{ package }}/Structs.java{% endif %}",
                include_str!("templates/Structs.java.j2"),
            ),
            (
                "{% for item in handles %}src/main/java/{{ package }}/{{ item.class }}.java\n{% endfor %}",
                include_str!("templates/Handle.java.j2"),
            ),
            (
                "{% for item in enums %}src/main/java/{{ package }}/{{ item.class }}.java\n{% endfor %}",
                include_str!("templates/Enum.java.j2"),
            ),
            (
                "{% for item in structs %}src/main/java/{{ package }}/{{ item.class }}.java\n{% endfor %}",
                include_str!("templates/Struct.java.j2"),
            ),
        ]
    }

    fn view(&self, model: &Model, package: &Package) -> Result<Value> {
        package.check()?;
        if names::is_taken(&package.name) {
            return Err(Error::input(format!(
                "{:?} is a word of Java's: choose another name for the package with --package",
                package.name
            )));
        }
        Ok(Value::from(Serde(view(model, package))))
    }

    fn bundled(&self, package: &Package, bundle: &Bundle) -> String {
        let MadeFor {
            system, processor, ..
        } = bundle.made_for;
        // As Java says it, on macOS too.
        let processor = match processor {
            "arm64" => "aarch64",
            processor => processor,
        };
        format!(
            "src/main/resources/{}/{system}-{processor}/{}",
            package.name, bundle.file
        )
    }
}

/// What the templates see.
#[derive(Serialize)]
struct View {
    package: String,
    main: String,
    exception: String,
    library: String,
    prefix: String,
    variable: String,
    crate_name: String,
    version: String,
    abi: u32,
    docs: Vec<String>,
    summary: String,
    bundle: Option<String>,
    ops: bool,
    events: bool,
    limit: u32,
    imports: Vec<&'static str>,
    codes: Vec<Class>,
    statuses: Vec<Class>,
    states: Vec<Constant>,
    enums: Vec<EnumView>,
    structs: Vec<StructView>,
    handles: Vec<HandleView>,
    functions: Vec<Call>,
    raw: Vec<Raw>,
    callbacks: Vec<Callback>,
    given: Vec<Given>,
}

#[derive(Serialize)]
struct Class {
    class: String,
    code: i128,
    docs: Vec<String>,
}

#[derive(Serialize)]
struct Constant {
    name: String,
    value: String,
    docs: Vec<String>,
}

#[derive(Serialize)]
struct EnumView {
    class: String,
    integer: &'static str,
    docs: Vec<String>,
    constants: Vec<Constant>,
}

#[derive(Serialize)]
struct StructView {
    class: String,
    docs: Vec<String>,
    constant: String,
    layout: String,
    /// The record's components, with their types.
    components: String,
    fields: Vec<FieldView>,
    imports: Vec<&'static str>,
    /// What the record refuses.
    checks: Vec<String>,
}

#[derive(Serialize)]
struct FieldView {
    name: String,
    docs: String,
    read: String,
    write: String,
}

#[derive(Serialize)]
struct HandleView {
    class: String,
    docs: Vec<String>,
    free: String,
    imports: Vec<&'static str>,
    methods: Vec<Call>,
}

fn view(model: &Model, package: &Package) -> View {
    let prefix = &model.library.name.name;
    let mut scope = Scope::of_types();
    let main = scope.claim(&Named::new(&package.name).pascal());
    let exception = scope.claim(&format!("{main}Exception"));
    let mut classes: HashMap<&str, String> = HashMap::new();
    let enums = model.enums.iter().map(|item| &item.name);
    let structs = model.structs.iter().map(|item| &item.name);
    let handles = model.handles.iter().map(|item| &item.name);
    for name in enums.chain(structs).chain(handles) {
        classes.insert(&name.name, scope.claim(&name.pascal()));
    }
    let types = Types::new(model, classes);
    let mut calls = Calls::new(&types, &main, &exception);
    own(model, &mut calls);
    for function in &model.functions {
        calls.name_callbacks(function, &mut scope);
    }
    let handles = model
        .handles
        .iter()
        .map(|handle| {
            let mut scope = Scope::of_methods();
            let own = model.functions.iter().filter(|f| f.is_method_of(handle));
            let methods: Vec<Call> = own.flat_map(|f| calls.of(f, &mut scope, true)).collect();
            HandleView {
                class: types.class(&handle.name.name).to_owned(),
                docs: javadoc(&handle.docs),
                free: handle.free.clone(),
                imports: imports(methods.iter().flat_map(texts)),
                methods,
            }
        })
        .collect();
    let mut functions_scope = Scope::of_functions();
    let functions: Vec<Call> = model
        .functions
        .iter()
        .filter(|f| !model.handles.iter().any(|h| f.is_method_of(h)))
        .flat_map(|f| calls.of(f, &mut functions_scope, false))
        .collect();
    let (raw, callbacks, given) = (calls.raw, calls.callbacks, calls.given);
    let of_interfaces = callbacks
        .iter()
        .flat_map(|item| [&*item.returns, &*item.params])
        .chain(
            given
                .iter()
                .flat_map(|item| [&*item.returns, &*item.params]),
        );
    let imports = imports(
        functions
            .iter()
            .flat_map(texts)
            .chain(of_interfaces)
            .chain(["Duration"]),
    );
    let mut nested = Scope::of_types();
    let _ = (nested.claim(&main), nested.claim(&exception));
    let codes = errors(&model.codes, &mut nested);
    let statuses = errors(&model.statuses, &mut nested);
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
        crate_name: escaped(&model.library.crate_name),
        version: version(&model.library.version),
        abi: model.library.abi,
        docs: javadoc(docs),
        summary: xml(&summary(docs)),
        bundle: package.bundle.as_ref().map(|bundle| bundle.file.clone()),
        limit: 1024,
        imports,
        ops: model.library.ops,
        events: model.library.events,
        codes,
        statuses,
        states: constants(&model.states, "int"),
        enums: model
            .enums
            .iter()
            .map(|item| {
                let integer = types.enum_value(&item.name.name);
                EnumView {
                    class: types.class(&item.name.name).to_owned(),
                    integer,
                    docs: javadoc(&item.docs),
                    constants: constants(&item.variants, integer),
                }
            })
            .collect(),
        structs: model
            .structs
            .iter()
            .map(|item| record(item, &types))
            .collect(),
        handles,
        functions,
        raw,
        callbacks,
        given,
        main,
        exception,
    }
}

/// The functions that the package itself calls.
fn own(model: &Model, calls: &mut Calls<'_>) {
    let mut add = |name: &str, result: &str, params: &str| {
        calls.own(
            &format!("{}_{name}", model.library.name.name),
            result,
            params,
        );
    };
    for (name, result, params) in [
        ("start", "i", ""),
        ("wait", "i", "i"),
        ("state", "i", ""),
        ("last_error", "l", ""),
        ("shutdown", "i", "i"),
        ("report", "l", ""),
        ("free", "i", "l"),
    ] {
        add(name, result, params);
    }
    if model.library.ops {
        add("op_free", "i", "l");
        add("queue_new", "i", "ill");
        add("queue_free", "i", "l");
        add("queue_take", "i", "lllli");
    }
    if model.library.events {
        add("events", "i", "ill");
    }
    for handle in &model.handles {
        calls.own(&handle.free, "i", "l");
    }
}

/// What a file takes from Java's own packages, by what stands in it.
fn imports<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Vec<&'static str> {
    const ALL: &[&str] = &[
        "java.lang.foreign.MemorySegment",
        "java.lang.foreign.ValueLayout",
        "java.lang.ref.Reference",
        "java.nio.charset.StandardCharsets",
        "java.time.Duration",
        "java.util.List",
        "java.util.Objects",
        "java.util.Optional",
        "java.util.concurrent.CompletableFuture",
    ];
    let used = |path: &&&str| {
        let class = path.rsplit('.').next().unwrap_or_default();
        let is_word = |word: &str| word == class;
        texts.clone().any(|text| {
            text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .any(is_word)
        })
    };
    ALL.iter().filter(used).copied().collect()
}

fn texts(call: &Call) -> impl Iterator<Item = &str> + Clone {
    let own = [&*call.head, &*call.signature];
    own.into_iter().chain(call.lines.iter().map(|line| &**line))
}

fn errors(codes: &[Code], scope: &mut Scope) -> Vec<Class> {
    let one = |code: &Code| {
        let name = code.name.pascal();
        // An author's name comes first.
        let name = if scope.is_free(&name) {
            name
        } else {
            format!("Rt0{name}")
        };
        Class {
            class: scope.claim(&name),
            code: code.code,
            docs: javadoc(&sentence(&code.docs)),
        }
    };
    codes.iter().map(one).collect()
}

fn constants(codes: &[Code], integer: &str) -> Vec<Constant> {
    let mut scope = Scope::of_values();
    let one = |code: &Code| {
        let value = match (integer, i64::try_from(code.code)) {
            ("int", _) => code.code.to_string(),
            (_, Ok(value)) => format!("{value}L"),
            // The same bits.
            (_, Err(_)) => format!("{}L", code.code as u64 as i64),
        };
        Constant {
            name: scope.claim(&code.name.screaming()),
            value,
            docs: javadoc(&code.docs),
        }
    };
    codes.iter().map(one).collect()
}

fn record(item: &super::model::Struct, types: &Types<'_>) -> StructView {
    let mut scope = Scope::of_fields();
    let class = types.class(&item.name.name).to_owned();
    let (layout, offsets) = types.layout(&item.fields);
    let mut components = Vec::new();
    let mut checks = Vec::new();
    let mut fields = Vec::new();
    for (field, offset) in item.fields.iter().zip(offsets) {
        let name = scope.claim(&field.name.camel());
        components.push(format!("{} {name}", types.value_inside(&field.ty)));
        match &field.ty {
            Type::Int {
                signed: false,
                bits: 8 | 16 | 32,
            } => checks.push(format!("{};", types.given(&field.ty, &name, &name))),
            Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::Char => {}
            _ => checks.push(format!("Objects.requireNonNull({name}, \"{name}\");")),
        }
        let at = match offset {
            0 => "at".to_owned(),
            offset => format!("at + {offset}"),
        };
        fields.push(FieldView {
            docs: javadoc(&field.docs).join(" "),
            read: types.read(&field.ty, &at),
            write: types.write(&field.ty, &at, &format!("value.{name}()")),
            name,
        });
    }
    StructView {
        constant: types.layout_name(&item.name.name),
        docs: javadoc(&item.docs),
        imports: imports(components.iter().chain(&checks).map(|text| &**text)),
        components: components.join(", "),
        class,
        layout,
        fields,
        checks,
    }
}

/// A version that may stand in a file of Maven's.
fn version(version: &str) -> String {
    let version = plain(version);
    if version.is_empty() {
        "0".to_owned()
    } else {
        version
    }
}
