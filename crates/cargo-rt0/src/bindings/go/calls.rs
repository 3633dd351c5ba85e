//! A function's signature and body, and what the bridge has for it.

use serde::Serialize;

use super::super::model::{Function, Later, Param, Pass, Type, Value};
use super::bridge::{self, Bridge, Invoke, Passed, Shape};
use super::names::{Scope, comment, exported, local};
use super::types::{Types, cgo};

/// A function or a method, ready to write.
#[derive(Serialize)]
pub(super) struct Call {
    pub docs: Vec<String>,
    /// `func (c *Counter) Add(more uint64) (uint64, error)`
    pub signature: String,
    pub lines: Vec<String>,
}

/// The calls of a library, and what they need in C.
pub(super) struct Calls<'a> {
    pub types: &'a Types<'a>,
    prefix: &'a str,
    pub shapes: Vec<Shape>,
    pub invokes: Vec<Invoke>,
    pub bridges: Vec<Bridge>,
    /// The functions of the library that are called.
    pub symbols: Vec<String>,
}

/// What becomes of the parameters.
#[derive(Default)]
struct Body {
    signature: Vec<String>,
    before: Vec<String>,
    args: Vec<String>,
    /// The handles, which must be there until the call has returned.
    held: Vec<String>,
    passed: Passed,
    keeps: bool,
    /// The callbacks without an address, of this call.
    bare: Vec<Type>,
}

impl<'a> Calls<'a> {
    pub fn new(prefix: &'a str, types: &'a Types<'a>) -> Calls<'a> {
        Calls {
            types,
            prefix,
            shapes: Vec::new(),
            invokes: Vec::new(),
            bridges: Vec::new(),
            symbols: Vec::new(),
        }
    }

    /// `class`: the handle's, for a method.
    pub fn of(&mut self, function: &Function, names: &mut Scope, class: Option<&str>) -> Call {
        let words = match (&function.method, class) {
            (Some(method), Some(_)) => &method.name,
            _ => &function.name,
        };
        let wanted = exported(words);
        let name = match class.is_none() && self.types.has(&wanted) {
            // A type and a function can't have one name.
            true => names.claim(&format!("Get{wanted}")),
            false => names.claim(&wanted),
        };
        let mut scope = Scope::of_function();
        let mut body = Body {
            passed: Passed::new(&self.table()),
            ..Body::default()
        };
        let mut params = function
            .params
            .iter()
            .filter(|param| !param.user)
            .enumerate();
        let receiver = class.map(|class| {
            let name = scope.claim("h");
            let (_, param) = params.next().expect("a method has its handle");
            body.held.push(name.clone());
            body.args.push(format!("{name}.raw()"));
            body.passed.param(0, param, None);
            format!("({name} *{class}) ")
        });
        for (at, param) in params {
            let name = scope.claim(&local(&param.name));
            self.param(&mut body, at, param, &name, &mut scope);
        }
        if body.keeps {
            body.signature.push("lifetime ...Lifetime".to_owned());
        }
        let value = function.result.as_ref();
        let (lines, gives) = match (&function.later, &function.or) {
            (Some(later), _) => {
                body.signature.insert(0, "ctx context.Context".to_owned());
                (self.later(function, later, &body), self.result(value, true))
            }
            (None, None) => (self.checked(function, &body), self.result(value, true)),
            (None, Some(_)) => (self.direct(function, &body), self.result(value, false)),
        };
        Call {
            docs: comment(&documentation(function, body.keeps)),
            signature: format!(
                "func {}{name}({}){gives}",
                receiver.unwrap_or_default(),
                body.signature.join(", ")
            ),
            lines,
        }
    }

    /// What it gives, as it stands in the signature.
    fn result(&mut self, value: Option<&Value>, fails: bool) -> String {
        match (value.map(|value| self.kind(value, !fails)), fails) {
            (None, true) => " error".to_owned(),
            (None, false) => String::new(),
            (Some(ty), true) => format!(" ({ty}, error)"),
            (Some(ty), false) => format!(" {ty}"),
        }
    }

    fn kind(&self, value: &Value, direct: bool) -> String {
        let maybe = if value.optional && !direct { "*" } else { "" };
        match &value.ty {
            Type::Text => format!("{maybe}string"),
            Type::Slice { of, .. } => format!("[]{}", self.types.value(of)),
            Type::Handle { name, .. } => format!("*{}", self.types.name(name)),
            Type::Callback { params, result, .. } => self.types.function(params, result, None),
            ty => format!("{maybe}{}", self.types.value(ty)),
        }
    }

    /// What it gives together with an error.
    fn zero(&self, value: Option<&Value>) -> String {
        let none = match value {
            None => return String::new(),
            Some(Value {
                ty: Type::Text,
                optional: false,
            }) => "\"\"".to_owned(),
            Some(Value { ty, optional }) => match ty {
                Type::Slice { .. } | Type::Handle { .. } | Type::Callback { .. } => {
                    "nil".to_owned()
                }
                _ if *optional => "nil".to_owned(),
                ty => self.types.zero(ty),
            },
        };
        format!("{none}, ")
    }

    fn table(&self) -> String {
        format!("rt0go_{}", self.prefix)
    }

    fn symbol(&mut self, symbol: &str) {
        self.symbols.push(symbol.to_owned());
    }

    /// A call that returns a status.
    fn checked(&mut self, function: &Function, body: &Body) -> Vec<String> {
        let value = function.result.as_ref();
        let symbol = &function.symbol;
        self.symbol(symbol);
        let bridge = bridge::checked(symbol, &body.passed, value);
        self.bridges.push(bridge);
        let none = self.zero(value);
        let mut lines = loaded(&none);
        lines.extend(with_error(&body.before, &none));
        lines.push(format!("r := C.rt0_{symbol}({})", body.args.join(", ")));
        lines.extend(body.kept_alive());
        self.given(&mut lines, value, &none, "failure(r.code, r.err)");
        lines
    }

    /// After a call that returned a status.
    fn given(&mut self, lines: &mut Vec<String>, value: Option<&Value>, none: &str, failure: &str) {
        lines.push("if r.code != 0 {".to_owned());
        lines.push(format!("\treturn {none}{failure}"));
        lines.push("}".to_owned());
        let Some(Value { ty, optional }) = value else {
            lines.push("return nil".to_owned());
            return;
        };
        let absent = |condition: &str| {
            vec![
                format!("if {condition} {{"),
                "\treturn nil, nil".to_owned(),
                "}".to_owned(),
            ]
        };
        let types = self.types;
        match (ty, optional) {
            (Type::Text, false) => lines.push("return takeText(r.out, r.len), nil".to_owned()),
            (Type::Text, true) => {
                lines.extend(absent("r.out == nil"));
                lines.push("value := takeText(r.out, r.len)".to_owned());
                lines.push("return &value, nil".to_owned());
            }
            (Type::Slice { of, .. }, optional) => {
                if *optional {
                    lines.extend(absent("r.out == nil"));
                }
                let of = types.value(of);
                lines.push(format!(
                    "return takeSlice[{of}](unsafe.Pointer(r.out), r.len), nil"
                ));
            }
            (Type::Handle { name, .. }, optional) => {
                if *optional {
                    lines.extend(absent("r.out == 0"));
                }
                lines.push(format!("return own{}(r.out), nil", types.name(name)));
            }
            (ty @ Type::Callback { .. }, _) => {
                let number = self.invoke(ty);
                lines.push(format!("return invoke{number}(r.out), nil"));
            }
            (ty, false) => lines.push(format!("return {}, nil", types.as_go(ty, "r.out"))),
            (ty, true) => {
                lines.extend(absent("!r.some"));
                lines.push(format!("value := {}", types.as_go(ty, "r.out")));
                lines.push("return &value, nil".to_owned());
            }
        }
    }

    /// A call that returns its result.
    fn direct(&mut self, function: &Function, body: &Body) -> Vec<String> {
        let symbol = &function.symbol;
        self.symbol(symbol);
        let bridge = bridge::direct(function, &body.passed);
        self.bridges.push(bridge);
        let mut lines = vec!["must(load())".to_owned()];
        lines.extend(body.before.iter().map(|line| match line.strip_prefix('!') {
            Some(call) => format!("{call}\nmust(err)"),
            None => line.clone(),
        }));
        let call = format!("C.rt0_{symbol}({})", body.args.join(", "));
        let Some(value) = &function.result else {
            lines.push(call);
            lines.extend(body.kept_alive());
            return lines;
        };
        lines.push(format!("r := {call}"));
        lines.extend(body.kept_alive());
        lines.push(match &value.ty {
            ty @ Type::Callback { .. } => format!("return invoke{}(r)", self.invoke(ty)),
            ty => format!("return {}", self.types.as_go(ty, "r")),
        });
        lines
    }

    /// An op.
    fn later(&mut self, function: &Function, later: &Later, body: &Body) -> Vec<String> {
        let value = function.result.as_ref();
        self.symbol(&later.begin);
        self.symbol(&later.end);
        self.bridges.push(bridge::begun(later, &body.passed));
        self.bridges
            .push(bridge::ended(&self.table(), later, value));
        let none = self.zero(value);
        let mut lines = loaded(&none);
        lines.extend(with_error(&body.before, &none));
        let args: String = body.args.iter().map(|arg| format!("{arg}, ")).collect();
        let own = match later.timeout_ms {
            ..0 => "Forever".to_owned(),
            ms => format!("{ms}*time.Millisecond"),
        };
        lines.push(format!(
            "op, err := run(ctx, \"{}\", {own}, func(ms C.int32_t, queue C.uintptr_t, tag C.uint64_t) begun {{",
            function.symbol
        ));
        lines.push(format!(
            "\treturn C.rt0_{}({args}ms, queue, tag)",
            later.begin
        ));
        lines.push("})".to_owned());
        lines.extend(body.kept_alive());
        lines.push("if err != nil {".to_owned());
        lines.push(format!("\treturn {none}err"));
        lines.push("}".to_owned());
        lines.push(format!("r := C.rt0_{}(op)", later.end));
        self.given(&mut lines, value, &none, "ended(ctx, r.code, r.err)");
        lines
    }

    fn param(&mut self, body: &mut Body, at: usize, param: &Param, name: &str, scope: &mut Scope) {
        let types = self.types;
        let optional = param.optional;
        let mut shape = None;
        match &param.ty {
            Type::Text if optional => {
                body.signature.push(format!("{name} *string"));
                let at = scope.claim(&format!("{name}At"));
                let length = scope.claim(&format!("{name}Len"));
                body.before
                    .push(format!("{at}, {length} := optionalText({name})"));
                body.args.extend([at, length]);
            }
            Type::Text => {
                body.signature.push(format!("{name} string"));
                body.args.push(format!(
                    "(*C.char)(unsafe.Pointer(unsafe.StringData({name})))"
                ));
                body.args.push(format!("C.size_t(len({name}))"));
            }
            Type::Slice { of, .. } => {
                body.signature.push(format!("{name} []{}", types.value(of)));
                body.args.push(format!(
                    "(*{})(unsafe.Pointer(unsafe.SliceData({name})))",
                    cgo(of)
                ));
                body.args.push(format!("C.size_t(len({name}))"));
            }
            Type::Handle { name: class, pass } => {
                debug_assert_ne!(*pass, Pass::Given);
                body.signature
                    .push(format!("{name} *{}", types.name(class)));
                body.args.push(format!("{name}.raw()"));
                body.held.push(name.to_owned());
            }
            Type::Reference { mutable, to } => {
                let (star, place) = match *mutable || optional {
                    true => ("*", ""),
                    false => ("", "&"),
                };
                body.signature
                    .push(format!("{name} {star}{}", types.value(to)));
                body.args
                    .push(format!("(*{})(unsafe.Pointer({place}{name}))", cgo(to)));
            }
            ty @ Type::Callback {
                params,
                result,
                user,
            } => {
                body.signature
                    .push(format!("{name} {}", types.function(params, result, *user)));
                body.keeps = true;
                let again = match user {
                    Some(_) => 0,
                    None => body.bare.iter().filter(|bare| *bare == ty).count(),
                };
                let number = self.shape(ty, again);
                shape = Some(number);
                let entry = scope.claim(&format!("{name}Entry"));
                if user.is_some() {
                    body.before
                        .push(format!("{entry} := enter(shape{number}({name}), lifetime)"));
                    body.args.push(format!("{entry}.number()"));
                } else {
                    body.bare.push(ty.clone());
                    let slot = scope.claim(&format!("{name}Slot"));
                    body.before.push(format!(
                        "!{entry}, {slot}, err := enterBare(shape{number}({name}), lifetime, &slots{number})"
                    ));
                    body.args.push(format!("{entry}.number()"));
                    body.args.push(slot);
                }
                body.before.push(format!("defer {entry}.leave()"));
            }
            ty => {
                body.signature.push(format!("{name} {}", types.value(ty)));
                body.args.push(types.as_c(ty, name));
            }
        }
        body.passed.param(at, param, shape);
    }

    fn shape(&mut self, ty: &Type, again: usize) -> usize {
        let known = self.shapes.iter().find(|shape| shape.is(ty, again));
        if let Some(shape) = known {
            return shape.number;
        }
        let number = self.shapes.len();
        self.shapes.push(Shape::new(number, ty, again, self.types));
        number
    }

    fn invoke(&mut self, ty: &Type) -> usize {
        if let Some(invoke) = self.invokes.iter().find(|invoke| invoke.is(ty)) {
            return invoke.number;
        }
        let number = self.invokes.len();
        self.invokes.push(Invoke::new(number, ty, self.types));
        number
    }
}

impl Body {
    fn kept_alive(&self) -> impl Iterator<Item = String> {
        self.held
            .iter()
            .map(|name| format!("runtime.KeepAlive({name})"))
    }
}

/// Before a call that reports errors.
fn loaded(none: &str) -> Vec<String> {
    vec![
        "if err := load(); err != nil {".to_owned(),
        format!("\treturn {none}err"),
        "}".to_owned(),
    ]
}

/// Lines of which those with a mark set an error.
fn with_error(lines: &[String], none: &str) -> Vec<String> {
    let one = |line: &String| match line.strip_prefix('!') {
        Some(call) => format!("{call}\nif err != nil {{\n\treturn {none}err\n}}"),
        None => line.clone(),
    };
    let all: Vec<_> = lines.iter().map(one).collect();
    all.iter()
        .flat_map(|line| line.lines())
        .map(str::to_owned)
        .collect()
}

/// The author's documentation, and what a caller must know besides.
fn documentation(function: &Function, keeps: bool) -> String {
    let mut notes = Vec::new();
    if let Some(or) = &function.or {
        let does = match (or.as_str(), &function.result) {
            ("abort", _) => "Aborts".to_owned(),
            (_, None) => "Just returns".to_owned(),
            (or, _) => format!("Gives `{or}`"),
        };
        notes.push(format!(
            "{does} when the library is not ready or the call panics."
        ));
    }
    if let Some(later) = &function.later {
        notes.push(match later.timeout_ms {
            ..0 => "It is cancelled when ctx is done.".to_owned(),
            limit => format!("It is cancelled when ctx is done, and given up after {limit} ms."),
        });
    }
    if keeps {
        notes.push("With Keep, the library may call back when this has returned.".to_owned());
    }
    if function.docs.is_empty() {
        return notes.join("\n");
    }
    match notes.is_empty() {
        true => function.docs.clone(),
        false => format!("{}\n\n{}", function.docs, notes.join("\n")),
    }
}
