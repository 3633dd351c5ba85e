//! A function's body: what becomes of its parameters, the call, what becomes of its result.

use serde::Serialize;

use super::super::model::{Function, Param, Type, Value, shown};
use super::names::{Scope, docstring};
use super::types::{Types, is_number};

/// A function or a method, ready to write.
#[derive(Serialize)]
pub(super) struct Call {
    pub name: String,
    /// Between the parentheses of its definition.
    pub signature: String,
    pub returns: String,
    pub docs: Vec<String>,
    pub lines: Vec<String>,
    #[serde(rename = "async")]
    pub later: bool,
}

/// A function of the library as ctypes sees it.
#[derive(Serialize)]
pub(super) struct Raw {
    pub symbol: String,
    pub result: String,
    pub params: Vec<String>,
}

/// What C calls for one type of callback.
#[derive(Serialize)]
pub(super) struct Thunk {
    pub number: usize,
    pub result: String,
    pub params: Vec<String>,
    /// The names of the parameters, `user` among them if it gets an address back.
    pub names: Vec<String>,
    pub user: bool,
    /// What the host's function gets.
    pub args: Vec<String>,
    /// How what it gives is read: `_within(_index(_given), 0, 255, ...)`.
    pub convert: String,
    /// What C gets when the host's function fails.
    pub zero: &'static str,
    #[serde(skip)]
    ty: Type,
}

/// The calls of a library, and what they need.
pub(super) struct Calls<'a> {
    types: &'a Types<'a>,
    pub raw: Vec<Raw>,
    pub thunks: Vec<Thunk>,
}

/// Which of the functions of an export a body is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Async,
}

#[derive(Default)]
struct Body {
    signature: Vec<String>,
    before: Vec<String>,
    args: Vec<String>,
    argtypes: Vec<String>,
    /// After the call, if it succeeded or not.
    after: Vec<String>,
    /// After a call that succeeded.
    success: Vec<String>,
    /// The callbacks that are entered and left: their entries, and what makes these.
    entered: Vec<(String, String)>,
    /// What must live until an op is done.
    kept: Vec<String>,
}

impl<'a> Calls<'a> {
    pub fn new(types: &'a Types<'a>) -> Calls<'a> {
        Calls {
            types,
            raw: Vec::new(),
            thunks: Vec::new(),
        }
    }

    /// The call of this function under its name, and for an async one the one that waits.
    pub fn of(&mut self, function: &Function, scope: &mut Scope, method: bool) -> Vec<Call> {
        let words = match (&function.method, method) {
            (Some(as_method), true) => as_method.name.snake(),
            _ => function.name.snake(),
        };
        let name = scope.claim(&words);
        match &function.later {
            None => vec![self.one(function, name, Form::Plain, method)],
            Some(_) => {
                let twin = scope.claim(&format!("{words}_sync"));
                vec![
                    self.one(function, name, Form::Async, method),
                    self.one(function, twin, Form::Plain, method),
                ]
            }
        }
    }

    fn one(&mut self, function: &Function, name: String, form: Form, method: bool) -> Call {
        let mut scope = Scope::default();
        let mut body = Body::default();
        let mut params = function.params.iter();
        if method {
            params.next();
            body.signature.push("self".to_owned());
            body.handle("self", &function.params[0].ty, false);
        }
        for param in params {
            if !param.user {
                let name = scope.claim(&param.name.snake());
                self.param(&mut body, param, &name);
            }
        }
        let out = function
            .result
            .as_ref()
            .map(|value| self.result(function, value));
        let lines = match (form, &function.or) {
            (Form::Async, _) => {
                let timeout = scope.claim("timeout");
                body.signature.push("*".to_owned());
                body.signature
                    .push(format!("{timeout}: float | None = None"));
                self.begun_and_ended(function, &body, out.as_ref(), &timeout)
            }
            (Form::Plain, None) => self.checked(function, &body, out.as_ref()),
            (Form::Plain, Some(_)) => self.direct(function, &body, out.as_ref()),
        };
        let returns = function.result.as_ref().map_or_else(
            || "None".to_owned(),
            |value| {
                let hint = self.types.hint(&value.ty);
                if value.optional && !hint.ends_with("| None") {
                    format!("{hint} | None")
                } else {
                    hint
                }
            },
        );
        Call {
            name,
            signature: body.signature.join(", "),
            returns,
            docs: docstring(&documentation(function, form)),
            lines,
            later: form == Form::Async,
        }
    }

    fn raw(&mut self, symbol: &str, result: &str, params: Vec<String>) -> String {
        let raw = Raw {
            symbol: symbol.to_owned(),
            result: result.to_owned(),
            params,
        };
        if !self.raw.iter().any(|known| known.symbol == raw.symbol) {
            self.raw.push(raw);
        }
        format!("_{symbol}")
    }

    /// A call that returns a status.
    fn checked(&mut self, function: &Function, body: &Body, out: Option<&Out>) -> Vec<String> {
        let mut lines = body.before.clone();
        let given = (body.args.clone(), body.argtypes.clone());
        self.status(&mut lines, &function.symbol, given, body, out);
        lines
    }

    /// The call of a C function that returns a status: with these arguments of these types, then a place for each result
    /// and one for the error.
    fn status(
        &mut self,
        lines: &mut Vec<String>,
        symbol: &str,
        (mut args, mut argtypes): (Vec<String>, Vec<String>),
        body: &Body,
        out: Option<&Out>,
    ) {
        for (name, ctype) in out.iter().flat_map(|out| &out.places) {
            lines.push(format!("{name} = {ctype}()"));
            args.push(format!("_byref({name})"));
            argtypes.push("_c_void_p".to_owned());
        }
        lines.push("_err = _c_void_p()".to_owned());
        args.push("_byref(_err)".to_owned());
        argtypes.push("_c_void_p".to_owned());
        let raw = self.raw(symbol, "_c_int32", argtypes);
        let call = format!("_code = {raw}({})", args.join(", "));
        let value = out.map(|out| out.value.clone());
        body.called(lines, call, Some("_failure(_code, _err)"), value);
    }

    /// A call that returns its result.
    fn direct(&mut self, function: &Function, body: &Body, out: Option<&Out>) -> Vec<String> {
        let (ctype, hint, value) = match (&function.result, out) {
            (Some(result), Some(out)) => (
                self.types.ctype(&result.ty),
                self.types.hint_inside(&result.ty),
                Some(out.direct.clone()),
            ),
            _ => ("None".to_owned(), String::new(), None),
        };
        let raw = self.raw(&function.symbol, &ctype, body.argtypes.clone());
        let call = format!("{raw}({})", body.args.join(", "));
        let mut lines = body.before.clone();
        let call = match (&function.result, &value) {
            (
                Some(Value {
                    ty: Type::Struct { .. } | Type::Enum { .. },
                    ..
                }),
                _,
            ) => {
                format!("_given = {call}")
            }
            (_, Some(_)) => format!("_given: {hint} = {call}"),
            _ => call,
        };
        body.called(&mut lines, call, None, value);
        lines
    }

    /// An op.
    fn begun_and_ended(
        &mut self,
        function: &Function,
        body: &Body,
        out: Option<&Out>,
        timeout: &str,
    ) -> Vec<String> {
        let later = function.later.as_ref().expect("only async functions");
        let mut argtypes = body.argtypes.clone();
        argtypes.extend(
            ["c_int32", "c_void_p", "c_uint64", "c_void_p", "c_void_p"].map(|ty| format!("_{ty}")),
        );
        let begin = self.raw(&later.begin, "_c_int32", argtypes);
        let mut lines = body.before.clone();
        let args: String = body.args.iter().map(|arg| format!("{arg}, ")).collect();
        let kept: String = body.kept.iter().map(|name| format!("{name}, ")).collect();
        lines.push(format!("_ms = _milliseconds({timeout})"));
        lines.push("_op = await _run(".to_owned());
        lines.push("    lambda _queue, _tag, _place, _err: (".to_owned());
        lines.push(format!(
            "        {begin}({args}_ms, _queue, _tag, _place, _err)"
        ));
        lines.push("    ),".to_owned());
        lines.push(format!("    ({kept}),"));
        lines.push(")".to_owned());
        let given = (vec!["_op".to_owned()], vec!["_c_void_p".to_owned()]);
        self.status(&mut lines, &later.end, given, body, out);
        lines
    }

    fn param(&mut self, body: &mut Body, param: &Param, name: &str) {
        let ty = &param.ty;
        let optional = param.optional;
        let hint = self.types.hint_in(ty);
        let none = if optional && !hint.ends_with("| None") {
            " | None"
        } else {
            ""
        };
        body.signature.push(format!("{name}: {hint}{none}"));
        let void = || "_c_void_p".to_owned();
        match ty {
            Type::Text => {
                let encoded = format!("_utf8({name}, \"{name}\")");
                body.before.push(format!(
                    "_in_{name} = {}",
                    or_none(optional, name, &encoded)
                ));
                let len = or(
                    optional,
                    &format!("_in_{name}"),
                    &format!("len(_in_{name})"),
                    "0",
                );
                body.pass(format!("_in_{name}"), "_c_char_p".to_owned());
                body.pass(len, "_c_size_t".to_owned());
            }
            Type::Slice { mutable, of } => self.slice(body, name, *mutable, of, optional),
            Type::Handle { .. } => body.handle(name, ty, optional),
            Type::Reference { mutable, to } => {
                let place = match (&**to, mutable) {
                    (Type::Struct { .. }, _) => format!("{name}._to_c()"),
                    (_, true) => name.to_owned(),
                    (to, false) => {
                        format!(
                            "{}({})",
                            self.types.ctype(to),
                            self.types.to_c(to, name, name)
                        )
                    }
                };
                body.before
                    .push(format!("_in_{name} = {}", or_none(optional, name, &place)));
                body.pass(
                    or_none(
                        optional,
                        &format!("_in_{name}"),
                        &format!("_byref(_in_{name})"),
                    ),
                    // Not any address: ctypes refuses the place of another type, which could be too small.
                    format!("_POINTER({})", self.types.ctype(to)),
                );
                if *mutable && matches!(**to, Type::Struct { .. }) {
                    let back = format!("{name}._read_c(_in_{name})");
                    body.after.extend(if optional {
                        vec![format!("if {name} is not None:"), format!("    {back}")]
                    } else {
                        vec![back]
                    });
                }
            }
            Type::Callback { user, .. } => {
                let thunk = self.thunk(ty);
                let enter = if user.is_some() {
                    format!("_enter({name})")
                } else {
                    format!("_enter_bare(_BARE_{thunk}, {name})")
                };
                body.entered
                    .push((format!("_in_{name}"), or_none(optional, name, &enter)));
                if user.is_some() {
                    body.pass(
                        or_none(optional, &format!("_in_{name}"), &format!("_THUNK_{thunk}")),
                        void(),
                    );
                    body.pass(
                        or_none(optional, &format!("_in_{name}"), &format!("_in_{name}.key")),
                        void(),
                    );
                } else {
                    body.pass(
                        or_none(
                            optional,
                            &format!("_in_{name}"),
                            &format!("_in_{name}.thunk"),
                        ),
                        void(),
                    );
                }
            }
            Type::Struct { .. } => body.pass(format!("{name}._to_c()"), self.types.ctype(ty)),
            Type::Int { .. } | Type::Enum { .. } => {
                let mut passed = name.to_owned();
                if let Some((least, most)) = self.types.limits(ty) {
                    let checked = format!("_integer({name}, {least}, {most}, \"{name}\")");
                    if matches!(ty, Type::Enum { .. }) {
                        passed = format!("_in_{name}");
                        body.before.push(format!("{passed} = {checked}"));
                    } else {
                        // What most calls pass needs no call for that.
                        body.before.push(format!(
                            "if {name}.__class__ is not int or not {least} <= {name} <= {most}:"
                        ));
                        body.before.push(format!("    {name} = {checked}"));
                    }
                }
                body.pass(passed, self.types.ctype(ty));
            }
            ty => body.pass(name.to_owned(), self.types.ctype(ty)),
        }
    }

    fn slice(&self, body: &mut Body, name: &str, mutable: bool, of: &Type, optional: bool) {
        let (letter, ctype) = (self.types.letter(of), self.types.ctype(of));
        let made = match (of, mutable) {
            (Type::Struct { .. }, _) => {
                if mutable {
                    // What can be looked at only once, and what becomes shorter meanwhile, is changed all the same.
                    let all = or_none(optional, name, &format!("_elements({name}, \"{name}\")"));
                    body.before.push(format!("_all_{name} = {all}"));
                    format!("_structs({ctype}, _all_{name}, \"{name}\")")
                } else {
                    format!("_structs({ctype}, {name}, \"{name}\")")
                }
            }
            (of, false) if of.is_byte() => format!("_reading_bytes({name}, \"{name}\")"),
            (_, false) => format!("_reading({name}, {letter}, \"{name}\")"),
            (Type::Enum { name: class }, true) => {
                format!(
                    "_writing({name}, {letter}, \"{name}\", {})",
                    self.types.class(class)
                )
            }
            (of, true) => {
                let make = if matches!(of, Type::Bool) {
                    ", bool"
                } else {
                    ""
                };
                format!("_writing({name}, {letter}, \"{name}\"{make})")
            }
        };
        let made = or(
            optional,
            name,
            &made,
            if mutable && !matches!(of, Type::Struct { .. }) {
                "(None, 0, None)"
            } else {
                "(None, 0)"
            },
        );
        let back = mutable && !matches!(of, Type::Struct { .. });
        let third = if back {
            format!(", _back_{name}")
        } else {
            String::new()
        };
        body.before
            .push(format!("_in_{name}, _len_{name}{third} = {made}"));
        body.pass(format!("_in_{name}"), "_c_void_p".to_owned());
        body.pass(format!("_len_{name}"), "_c_size_t".to_owned());
        if back {
            body.after.push(format!("if _back_{name} is not None:"));
            body.after.push(format!("    _back_{name}()"));
        } else if mutable {
            let all = or(optional, name, &format!("_all_{name}"), "()");
            body.after
                .push(format!("for _one, _c in zip({all}, _in_{name} or ()):"));
            body.after.push("    _one._read_c(_c)".to_owned());
        }
        debug_assert!(!mutable || back || !is_number(of));
    }

    /// The number of what C calls for this type of callback.
    fn thunk(&mut self, ty: &Type) -> usize {
        if let Some(known) = self.thunks.iter().find(|thunk| thunk.ty == *ty) {
            return known.number;
        }
        let Type::Callback {
            params,
            result,
            user,
        } = ty
        else {
            unreachable!("only callbacks");
        };
        let number = self.thunks.len() + 1;
        let names = (0..params.len()).map(|at| match user {
            Some(user) if *user == at => "user".to_owned(),
            _ => format!("a{at}"),
        });
        let names: Vec<String> = names.collect();
        let seen = names.iter().filter(|name| *name != "user");
        let (convert, zero) = match &**result {
            Type::Void => ("None".to_owned(), "None"),
            Type::Float { .. } => ("float(_given)".to_owned(), "0.0"),
            Type::Bool => ("bool(_given)".to_owned(), "0"),
            Type::Char => ("_letter(_given)".to_owned(), "b\"\\0\""),
            result => match self.types.limits(result) {
                Some((least, most)) => (
                    format!("_within(_index(_given), {least}, {most}, \"the callback's result\")"),
                    "0",
                ),
                None => ("_address(_given)".to_owned(), "None"),
            },
        };
        self.thunks.push(Thunk {
            number,
            result: self.types.ctype(result),
            params: params.iter().map(|ty| self.types.ctype(ty)).collect(),
            args: shown(params, *user)
                .zip(seen)
                .map(|((_, ty), name)| self.types.value_of(ty, name))
                .collect(),
            names,
            user: user.is_some(),
            convert,
            zero,
            ty: ty.clone(),
        });
        number
    }

    /// The places for a result, and the value that comes out of them.
    fn result(&mut self, function: &Function, value: &Value) -> Out {
        let ty = &value.ty;
        let place = |name: &str, ctype: &str| (name.to_owned(), ctype.to_owned());
        let two = || vec![place("_out", "_c_void_p"), place("_len", "_c_size_t")];
        let maybe = |made: String| {
            if value.optional {
                format!("{made} if _out.value else None")
            } else {
                made
            }
        };
        match ty {
            Type::Text => Out {
                places: two(),
                value: maybe("_text(_out, _len)".to_owned()),
                direct: String::new(),
            },
            Type::Slice { of, .. } => {
                let made = match &**of {
                    of if of.is_byte() => "_bytes_of(_out, _len)".to_owned(),
                    Type::Struct { name } => {
                        let class = self.types.class(name);
                        format!("_structs_of(_out, _len, _{class}C, {class}._from_c)")
                    }
                    Type::Enum { name } => {
                        format!(
                            "_list_of(_out, _len, {}, {})",
                            self.types.letter(of),
                            self.types.class(name)
                        )
                    }
                    Type::Bool => "_list_of(_out, _len, \"B\", bool)".to_owned(),
                    of => format!("_numbers_of(_out, _len, {})", self.types.letter(of)),
                };
                Out {
                    places: two(),
                    value: maybe(made),
                    direct: String::new(),
                }
            }
            Type::Handle { name, .. } => Out {
                places: vec![place("_out", "_c_void_p")],
                value: maybe(format!("{}(_out.value)", self.types.class(name))),
                direct: String::new(),
            },
            Type::Callback { .. } => {
                let thunk = self.thunk(ty);
                let hint = self.types.hint(ty);
                let made =
                    |from: &str| format!("_cast(\"{hint}\", _function(_PROTO_{thunk}, {from}))");
                Out {
                    places: vec![place("_out", "_c_void_p")],
                    value: maybe(made("_out.value")),
                    direct: made("_given"),
                }
            }
            ty => {
                let mut places = vec![place("_out", &self.types.ctype(ty))];
                let from = if matches!(ty, Type::Struct { .. }) {
                    "_out"
                } else {
                    "_out.value"
                };
                let mut made = self.types.value_of(ty, from);
                if value.optional {
                    places.push(place("_some", "_c_bool"));
                    made = format!("{made} if _some.value else None");
                }
                debug_assert!(function.or.is_none() || !value.optional);
                Out {
                    places,
                    value: made,
                    direct: self.types.value_of(ty, "_given"),
                }
            }
        }
    }
}

/// The places that C writes a result to.
struct Out {
    /// Their names and types.
    places: Vec<(String, String)>,
    /// The result, from the places.
    value: String,
    /// The result, from what the call itself has returned: `_given`.
    direct: String,
}

impl Body {
    fn pass(&mut self, arg: String, ctype: String) {
        self.args.push(arg);
        self.argtypes.push(ctype);
    }

    fn handle(&mut self, name: &str, ty: &Type, optional: bool) {
        self.pass(
            or_none(optional, name, &format!("{name}._handle")),
            "_c_void_p".to_owned(),
        );
        self.kept.push(name.to_owned());
        if ty.is_taken() {
            if optional {
                self.success.push(format!("if {name} is not None:"));
                self.success.push(format!("    {name}._open = False"));
            } else {
                self.success.push(format!("{name}._open = False"));
            }
        }
    }

    /// The call, with its callbacks around it, and what comes after it.
    fn called(
        &self,
        lines: &mut Vec<String>,
        call: String,
        failure: Option<&str>,
        value: Option<String>,
    ) {
        // Last, so that nothing fails between an entry and its leave.
        match &self.entered[..] {
            [] => lines.push(call),
            [(entry, enter)] => {
                lines.push(format!("{entry} = {enter}"));
                lines.push("try:".to_owned());
                lines.push(format!("    {call}"));
                lines.push("finally:".to_owned());
                lines.push(format!("    _raised = _leave({entry})"));
            }
            many => {
                let entries: Vec<_> = many.iter().map(|(entry, _)| entry.as_str()).collect();
                lines.extend(entries.iter().map(|entry| format!("{entry} = None")));
                lines.push("try:".to_owned());
                let entering = many
                    .iter()
                    .map(|(entry, enter)| format!("    {entry} = {enter}"));
                lines.extend(entering);
                lines.push(format!("    {call}"));
                lines.push("finally:".to_owned());
                lines.push(format!("    _raised = _leave({})", entries.join(", ")));
            }
        }
        lines.extend(self.after.iter().cloned());
        if let Some(failure) = failure {
            lines.push("if _code:".to_owned());
            if self.entered.is_empty() {
                lines.push(format!("    raise {failure}"));
            } else {
                lines.push(format!("    raise _either(_raised, {failure})"));
            }
        }
        lines.extend(self.success.iter().cloned());
        match (value, self.entered.is_empty()) {
            (Some(value), true) => lines.push(format!("return {value}")),
            (Some(value), false) => {
                lines.push(format!("_result = {value}"));
                lines.push("if _raised is not None:".to_owned());
                lines.push("    raise _raised".to_owned());
                lines.push("return _result".to_owned());
            }
            (None, true) => {}
            (None, false) => {
                lines.push("if _raised is not None:".to_owned());
                lines.push("    raise _raised".to_owned());
            }
        }
    }
}

fn or(optional: bool, name: &str, some: &str, none: &str) -> String {
    if optional {
        format!("{none} if {name} is None else {some}")
    } else {
        some.to_owned()
    }
}

fn or_none(optional: bool, name: &str, some: &str) -> String {
    or(optional, name, some, "None")
}

/// The author's words, and what the signature does not say.
fn documentation(function: &Function, form: Form) -> String {
    let mut parts = Vec::new();
    if !function.docs.is_empty() {
        parts.push(function.docs.clone());
    }
    for param in &function.params {
        if param.ty.is_taken() {
            parts.push(format!("It closes `{}`.", param.name.snake()));
        }
    }
    match (&function.later, form) {
        (Some(later), Form::Async) => {
            let own = match later.timeout_ms {
                ms if ms < 0 => "no limit".to_owned(),
                ms => format!("the library's own, {ms} ms"),
            };
            parts.push(format!(
                "`timeout` is in seconds; None: {own}. A task that is cancelled cancels it."
            ));
        }
        (Some(_), Form::Plain) => parts.push("It waits until it is done.".to_owned()),
        (None, _) => {}
    }
    match function.or.as_deref() {
        None | Some("()") => {}
        Some("abort") => parts.push("It ends the process if the library can't answer.".to_owned()),
        Some(or) => parts.push(format!(
            "It raises nothing: it gives `{or}` if the library is not ready or the call panics."
        )),
    }
    parts.join("\n\n")
}
