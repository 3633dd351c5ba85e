//! A function's body: what becomes of its parameters, the call, what becomes of its result.
//!
//! A call without callbacks is made on this thread, and its results are read from places that all such calls share. A
//! call with callbacks goes to a thread of the package's (`templates/callbacks.js.j2` says why), which gets addresses.

use serde::Serialize;

use super::super::model::{Function, Param, Type, Value, shown};
use super::names::{Scope, comment};
use super::types::{From, Types};

/// A function or a method, ready to write.
#[derive(Serialize)]
pub(super) struct Call {
    pub name: String,
    /// Between the parentheses of its declaration, with types.
    pub declared: String,
    /// Between the parentheses of its definition.
    pub signature: String,
    pub returns: String,
    pub docs: Vec<String>,
    /// What stands in the comment of the definition: the types of the parameters and of the result.
    pub types: Vec<String>,
    pub lines: Vec<String>,
    #[serde(rename = "async")]
    pub later: bool,
}

/// A function of the library as koffi sees it.
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
    /// Which of the arguments is the one that the call was given back; -1 if none is.
    pub user: i64,
    /// What the host's function gets, from the list of arguments `a`.
    pub args: Vec<String>,
    /// How what it gives is read: `_t.u8(given, RESULT)`.
    pub convert: String,
    /// What C gets when the host's function fails.
    pub zero: &'static str,
    /// Whether the library gives such functions, too: how the host's arguments `a` go to it, and what comes back.
    pub theirs: bool,
    pub to_theirs: Vec<String>,
    pub of_theirs: String,
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
    /// Whether the call has callbacks, so another thread makes it.
    relayed: bool,
    params: Vec<Seen>,
    before: Vec<String>,
    /// What lets the library call callbacks: after everything in `before`, which may fail.
    entered: Vec<String>,
    args: Vec<String>,
    argtypes: Vec<String>,
    /// After the call, if it succeeded or not.
    after: Vec<String>,
    /// After a call that succeeded.
    success: Vec<String>,
    /// What must live until the call is done: whose addresses it has.
    held: Vec<String>,
}

/// A parameter as the host sees it.
struct Seen {
    name: String,
    /// Its type in the declarations, and in the code.
    types: [String; 2],
    optional: bool,
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
            (Some(as_method), true) => as_method.name.camel(),
            _ => function.name.camel(),
        };
        let name = scope.claim(&words);
        match &function.later {
            None => vec![self.one(function, name, Form::Plain, method)],
            Some(_) => {
                let twin = scope.claim(&format!("{words}Sync"));
                vec![
                    self.one(function, name, Form::Async, method),
                    self.one(function, twin, Form::Plain, method),
                ]
            }
        }
    }

    fn one(&mut self, function: &Function, name: String, form: Form, method: bool) -> Call {
        let mut scope = Scope::default();
        let mut body = Body {
            relayed: function
                .params
                .iter()
                .any(|param| matches!(param.ty, Type::Callback { .. })),
            ..Body::default()
        };
        let mut params = function.params.iter();
        if method {
            params.next();
            body.handle("this", "this._handle", &function.params[0].ty, false);
        }
        for param in params {
            if !param.user {
                let name = scope.claim(&param.name.camel());
                self.param(&mut body, param, &name);
            }
        }
        let out = function
            .result
            .as_ref()
            .map(|value| self.result(&body, value));
        let lines = match (form, &function.or) {
            (Form::Async, _) => {
                let options = scope.claim("options");
                body.params.push(Seen {
                    name: options.clone(),
                    types: ["CallOptions", "import('./index.js').CallOptions"].map(str::to_owned),
                    optional: true,
                });
                self.begun_and_ended(function, &body, out.as_ref(), &options)
            }
            (Form::Plain, None) => {
                let mut lines = Vec::new();
                if function.later.is_some() {
                    lines.push("_c.canWait();".to_owned());
                }
                self.checked(&mut lines, function, &body, out.as_ref());
                lines
            }
            (Form::Plain, Some(_)) => self.direct(function, &body, out.as_ref()),
        };
        let returns = |from| {
            let value = function.result.as_ref().map_or_else(
                || "void".to_owned(),
                |value| or_undefined(self.types.hint(&value.ty, from), value.optional),
            );
            match form {
                Form::Async => format!("Promise<{value}>"),
                Form::Plain => value,
            }
        };
        let mut types = body.commented();
        types.push(format!("@returns {{{}}}", returns(From::Code)));
        Call {
            name,
            declared: body.declared(),
            signature: body.signature(),
            returns: returns(From::Declarations),
            docs: comment(&documentation(function, form)),
            types,
            lines,
            later: form == Form::Async,
        }
    }

    fn raw(&mut self, symbol: &str, result: &str, params: Vec<String>) {
        if !self.raw.iter().any(|known| known.symbol == symbol) {
            self.raw.push(Raw {
                symbol: symbol.to_owned(),
                result: result.to_owned(),
                params,
            });
        }
    }

    /// A call that returns a status.
    fn checked(
        &mut self,
        lines: &mut Vec<String>,
        function: &Function,
        body: &Body,
        out: Option<&Out>,
    ) {
        lines.extend(body.before.iter().cloned());
        let given = (body.args.clone(), body.argtypes.clone());
        self.status(lines, &function.symbol, given, body, out);
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
        lines.extend(out.iter().flat_map(|out| out.before.iter().cloned()));
        for (place, ty) in out.iter().flat_map(|out| &out.places) {
            args.push(place.clone());
            argtypes.push((*ty).to_owned());
        }
        let places = body.places();
        args.push(format!("{places}.err"));
        argtypes.push("'uintptr_t'".to_owned());
        self.raw(symbol, "'int32_t'", argtypes);
        let failure = format!("_l.failure(_code, {places})");
        let call = format!("const _code = {};", body.call(symbol, &args));
        body.called(
            lines,
            call,
            Some(&failure),
            out.map(|out| out.value.clone()),
        );
    }

    /// A call that returns its result.
    fn direct(&mut self, function: &Function, body: &Body, out: Option<&Out>) -> Vec<String> {
        let result = function.result.as_ref();
        let koffi = result.map_or_else(|| "'void'".to_owned(), |value| self.types.koffi(&value.ty));
        self.raw(&function.symbol, &koffi, body.argtypes.clone());
        let call = body.call(&function.symbol, &body.args);
        let call = match result {
            Some(_) => format!("const _given = {call};"),
            None => format!("{call};"),
        };
        let mut lines = body.before.clone();
        body.called(&mut lines, call, None, out.map(|out| out.direct.clone()));
        lines
    }

    /// An op.
    fn begun_and_ended(
        &mut self,
        function: &Function,
        body: &Body,
        out: Option<&Out>,
        options: &str,
    ) -> Vec<String> {
        let later = function.later.as_ref().expect("only async functions");
        let mut argtypes = body.argtypes.clone();
        argtypes.extend(
            ["int32_t", "uintptr_t", "uint64_t", "uintptr_t", "uintptr_t"]
                .map(|ty| format!("'{ty}'")),
        );
        self.raw(&later.begin, "'int32_t'", argtypes);
        let args: String = body.args.iter().map(|arg| format!("{arg}, ")).collect();
        let mut lines = body.before.clone();
        lines.push("const _op = await _o.run(".to_owned());
        lines.push("  (_queue, _tag, _ms) =>".to_owned());
        lines.push(format!(
            "    _l.{}({args}_ms, _queue, _tag, _P.op, _P.err),",
            later.begin
        ));
        lines.push(format!("  {options},"));
        lines.push(format!("  [{}],", body.held.join(", ")));
        lines.push(");".to_owned());
        let given = (vec!["_op".to_owned()], vec!["'uintptr_t'".to_owned()]);
        self.status(&mut lines, &later.end, given, body, out);
        lines
    }

    fn param(&mut self, body: &mut Body, param: &Param, name: &str) {
        let (ty, optional) = (&param.ty, param.optional);
        body.params.push(Seen {
            name: name.to_owned(),
            types: [From::Declarations, From::Code].map(|from| self.types.hint_in(ty, from)),
            optional,
        });
        match ty {
            Type::Text if body.relayed => {
                let made = or_null(optional, name, &format!("_m.encoded({name}, '{name}')"));
                body.array(name, &made, "'const char *'");
            }
            Type::Text => {
                let (text, length) = (name.to_owned(), format!("_m.length({name}, '{name}')"));
                if optional {
                    body.pass(format!("{text} ?? null"), "'const char *'");
                    body.pass(format!("{name} == null ? 0 : {length}"), "'size_t'");
                } else {
                    body.pass(text, "'const char *'");
                    body.pass(length, "'size_t'");
                }
            }
            Type::Slice { mutable, of } => self.slice(body, name, *mutable, of, optional),
            Type::Handle { name: handle, .. } => {
                let class = self.types.class(handle);
                let number = format!("_m.handle({name}, {class}, '{name}')");
                let number = if optional {
                    format!("{name} == null ? 0n : {number}")
                } else {
                    number
                };
                body.handle(name, &number, ty, optional);
            }
            Type::Reference { mutable, to } => self.reference(body, name, *mutable, to, optional),
            Type::Callback { user, .. } => {
                let thunk = self.thunk(ty);
                let bare = if user.is_some() { "" } else { "Bare" };
                let entered = format!("_call.enter{bare}({thunk}, {name})");
                let made = or_null(optional, name, &entered);
                body.entered.push(format!("const _in_{name} = {made};"));
                let dot = if optional { "?." } else { "." };
                let or = if optional { " ?? null" } else { "" };
                body.pass(format!("_in_{name}{dot}thunk{or}"), "'void *'");
                if user.is_some() {
                    body.pass(format!("_in_{name}{dot}key{or}"), "'void *'");
                }
            }
            Type::Int { .. } | Type::Enum { .. } | Type::Char => {
                let (wrong, least, most) = self.outside(ty, name);
                body.before.push(format!(
                    "if ({wrong}) throw _t.outside({name}, {least}, {most}, '{name}');"
                ));
                body.pass(name.to_owned(), &self.types.koffi(ty));
            }
            Type::Struct { .. } => {
                let made = self.types.to_c(ty, name, &format!("'{name}'"));
                body.pass(made, &self.types.koffi(ty));
            }
            Type::Bool => body.pass(format!("_t.flag({name}, '{name}')"), "'bool'"),
            Type::Float { .. } => {
                body.pass(format!("_t.float({name}, '{name}')"), &self.types.koffi(ty));
            }
            ty => body.pass(name.to_owned(), &self.types.koffi(ty)),
        }
    }

    /// The condition under which a value is none of this integer's, and the least and the most that are.
    fn outside(&self, ty: &Type, name: &str) -> (String, String, String) {
        let (signed, bits) = self.types.integral(ty);
        let (least, most) = if signed {
            (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
        } else {
            (0, (1i128 << bits) - 1)
        };
        if bits == 64 {
            let cut = if signed { "asIntN" } else { "asUintN" };
            let wrong =
                format!("typeof {name} !== 'bigint' || BigInt.{cut}(64, {name}) !== {name}");
            return (wrong, format!("{least}n"), format!("{most}n"));
        }
        let kept = match (signed, bits) {
            (true, 32) => format!("({name} | 0)"),
            (false, 32) => format!("{name} >>> 0"),
            (true, bits) => format!("({name} << {0}) >> {0}", 32 - bits),
            (false, _) => format!("({name} & {most})"),
        };
        let wrong = format!("typeof {name} !== 'number' || {name} !== {kept}");
        (wrong, least.to_string(), most.to_string())
    }

    fn reference(&self, body: &mut Body, name: &str, mutable: bool, to: &Type, optional: bool) {
        let made = match (to, mutable) {
            (Type::Struct { name: of }, _) => {
                format!(
                    "_m.struct(_t.{}, {name}, _t.{}C, '{name}'{})",
                    self.types.koffi(to),
                    self.types.local(of),
                    changes(mutable)
                )
            }
            (to, true) => format!("_m.changed({name}, {}, '{name}')", self.types.array(to)),
            (Type::Bool, false) => format!("Uint8Array.of(Number({name}))"),
            (to, false) => format!(
                "{}.of({})",
                self.types.array(to),
                self.types.to_c(to, name, &format!("'{name}'"))
            ),
        };
        let made = or_null(optional, name, &made);
        body.before.push(format!("const _in_{name} = {made};"));
        body.pass_place(&format!("_in_{name}"), "'void *'");
        if let (Type::Struct { name: of }, true) = (to, mutable) {
            let back = format!(
                "_m.structBack({name}, _in_{name}, _t.{}, _t.{}Of);",
                self.types.koffi(to),
                self.types.local(of)
            );
            body.after.push(back);
        }
    }

    fn slice(&self, body: &mut Body, name: &str, mutable: bool, of: &Type, optional: bool) {
        let array = self.types.array(of);
        let check = |of: &Type| match self.types.plain(of) {
            Type::Int { .. } => {
                let (signed, bits) = self.types.integral(of);
                format!("_t.{}{bits}", if signed { "i" } else { "u" })
            }
            Type::Float { .. } => "_t.float".to_owned(),
            Type::Bool => "_t.flag".to_owned(),
            _ => "_t.pointer".to_owned(),
        };
        if let Type::Struct { name: class } = of {
            let (koffi, local) = (self.types.koffi(of), self.types.local(class));
            let changes = changes(mutable);
            let made = format!("_m.structs({name}, _t.{koffi}, _t.{local}C, '{name}'{changes})");
            let made = or_null(optional, name, &made);
            body.before.push(format!("const _in_{name} = {made};"));
            body.pass_place(&format!("_in_{name}"), "'void *'");
            let length = if optional {
                format!("{name}?.length ?? 0")
            } else {
                format!("{name}.length")
            };
            body.pass(length, "'size_t'");
            if mutable {
                body.after.push(format!(
                    "_m.structsBack({name}, _in_{name}, _t.{koffi}, _t.{local}Of);"
                ));
            }
            return;
        }
        let changes = changes(mutable);
        let made = match of {
            of if of.is_byte() => format!("_m.bytes({name}, '{name}')"),
            Type::Int { .. } | Type::Float { .. } => {
                format!(
                    "_m.numbers({name}, {array}, {}, '{name}'{changes})",
                    check(of)
                )
            }
            of => format!(
                "_m.copied({name}, {array}, {}, '{name}'{changes})",
                check(of)
            ),
        };
        let made = or_null(optional, name, &made);
        body.array(name, &made, "'void *'");
        if mutable && !of.is_byte() {
            let make = if matches!(of, Type::Bool) {
                ", Boolean"
            } else {
                ""
            };
            body.after
                .push(format!("_m.back({name}, _in_{name}{make});"));
        }
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
        let convert = match &**result {
            Type::Void => "undefined".to_owned(),
            Type::Float { .. } => "_t.float(given, RESULT)".to_owned(),
            Type::Bool => "_t.flag(given, RESULT)".to_owned(),
            result @ (Type::Int { .. } | Type::Enum { .. } | Type::Char | Type::Struct { .. }) => {
                self.types.to_c(result, "given", "RESULT")
            }
            _ => "_t.pointer(given, RESULT)".to_owned(),
        };
        let zero = match &**result {
            Type::Void => "undefined",
            Type::Bool => "false",
            Type::Float { .. } | Type::Int { .. } | Type::Enum { .. } | Type::Char => "0",
            _ => "null",
        };
        let inner = |at: usize| format!("a[{at}]");
        let seen: Vec<usize> = (0..params.len()).filter(|&at| Some(at) != *user).collect();
        self.thunks.push(Thunk {
            number,
            result: self.types.koffi(result),
            params: params.iter().map(|ty| self.types.koffi(ty)).collect(),
            user: user.map_or(-1, |at| i64::try_from(at).unwrap_or(-1)),
            args: shown(params, *user)
                .zip(&seen)
                .map(|((_, ty), &at)| self.types.value_of(ty, &inner(at)))
                .collect(),
            convert,
            zero,
            theirs: false,
            to_theirs: params
                .iter()
                .enumerate()
                .map(|(at, ty)| self.types.to_c(ty, &inner(at), &format!("'argument {at}'")))
                .collect(),
            of_theirs: self.types.value_of(result, "given"),
            ty: ty.clone(),
        });
        number
    }

    /// The places for a result, and the value that comes out of them.
    fn result(&mut self, body: &Body, value: &Value) -> Out {
        const PLACE: &str = "'uintptr_t'";
        let ty = &value.ty;
        let p = body.places();
        let out = || (format!("{p}.out"), PLACE);
        let two = || vec![out(), (format!("{p}.len"), PLACE)];
        let maybe = |made: String| {
            if value.optional {
                format!("{p}.u64[0] === 0n ? undefined : {made}")
            } else {
                made
            }
        };
        let any = |made: String| format!("/** @type {{any}} */ ({made})");
        let made = |places, value| Out {
            before: Vec::new(),
            places,
            value,
            direct: String::new(),
        };
        match ty {
            Type::Text => made(two(), maybe(format!("_m.text({p})"))),
            Type::Slice { of, .. } => {
                let array = format!("_m.array({p}, {})", self.types.array(of));
                let value = match &**of {
                    Type::Struct { name } => format!(
                        "_m.structsOf({p}, _t.{}, _t.{}Of)",
                        self.types.koffi(of),
                        self.types.local(name)
                    ),
                    Type::Enum { .. } => any(format!("Array.from({array})")),
                    Type::Bool => format!("Array.from({array}, Boolean)"),
                    _ => array,
                };
                made(two(), maybe(value))
            }
            Type::Handle { name, .. } => made(
                vec![out()],
                maybe(format!("new {}({p}.u64[0])", self.types.class(name))),
            ),
            Type::Callback { .. } => {
                let thunk = self.thunk(ty);
                self.thunks[thunk - 1].theirs = true;
                Out {
                    direct: any(format!("_c.theirs({thunk}, _given)")),
                    ..made(
                        vec![out()],
                        maybe(any(format!("_c.theirs({thunk}, {p}.u64[0])"))),
                    )
                }
            }
            Type::Struct { name } => {
                let koffi = self.types.koffi(ty);
                let of = format!("_t.{}Of", self.types.local(name));
                let mut places = vec![(body.place("_out"), "'void *'")];
                let mut value_ = format!("{of}(_m.read(_out, _t.{koffi}))");
                if value.optional {
                    places.push((format!("{p}.some"), PLACE));
                    value_ = format!("{p}.u8[16] === 0 ? undefined : {value_}");
                }
                Out {
                    before: vec![format!("const _out = _m.room(_t.{koffi});")],
                    direct: format!("{of}(_given)"),
                    ..made(places, value_)
                }
            }
            ty => {
                let place = format!("{p}.{}[0]", self.types.place(ty));
                let value_ = match ty {
                    Type::Bool => format!("{place} !== 0"),
                    Type::Enum { .. } => any(place),
                    Type::Int { .. } | Type::Float { .. } | Type::Char => place,
                    _ => format!("_m.pointer({place})"),
                };
                let mut places = vec![out()];
                let mut value_ = value_;
                if value.optional {
                    places.push((format!("{p}.some"), PLACE));
                    value_ = format!("{p}.u8[16] === 0 ? undefined : {value_}");
                }
                let direct = self.types.value_of(ty, "_given");
                Out {
                    direct: match ty {
                        Type::Enum { .. } => any(direct),
                        _ => direct,
                    },
                    ..made(places, value_)
                }
            }
        }
    }
}

/// The places that C writes a result to.
struct Out {
    /// What makes them.
    before: Vec<String>,
    /// Them, and their types.
    places: Vec<(String, &'static str)>,
    /// The result, from the places.
    value: String,
    /// The result, from what the call itself has returned: `_given`.
    direct: String,
}

impl Body {
    fn pass(&mut self, arg: String, koffi: &str) {
        self.args.push(arg);
        self.argtypes.push(koffi.to_owned());
    }

    /// The places that the call writes to: those that all share, or its own.
    fn places(&self) -> &'static str {
        if self.relayed { "_p" } else { "_P" }
    }

    /// An array's memory, as the call gets it.
    fn place(&self, array: &str) -> String {
        let how = if self.relayed { "address" } else { "place" };
        format!("_m.{how}({array})")
    }

    fn pass_place(&mut self, array: &str, koffi: &str) {
        let place = self.place(array);
        self.pass(place, koffi);
        self.held.push(array.to_owned());
    }

    /// An array, and how many elements it has.
    fn array(&mut self, name: &str, made: &str, koffi: &str) {
        let array = format!("_in_{name}");
        self.before.push(format!("const {array} = {made};"));
        let place = self.place(&array);
        self.pass(place, koffi);
        let null = made.contains("== null");
        self.pass(
            if null {
                format!("{array}?.length ?? 0")
            } else {
                format!("{array}.length")
            },
            "'size_t'",
        );
        self.held.push(array);
    }

    fn handle(&mut self, name: &str, number: &str, ty: &Type, optional: bool) {
        self.pass(number.to_owned(), "'uintptr_t'");
        self.held.push(name.to_owned());
        if ty.is_taken() {
            let dot = if optional { "?." } else { "." };
            self.success.push(format!("{name}{dot}_closed();"));
        }
    }

    fn call(&self, symbol: &str, args: &[String]) -> String {
        let args = args.join(", ");
        if self.relayed {
            let held = self.held.join(", ");
            format!("_call.run('{symbol}', () => [{args}], [{held}])")
        } else {
            format!("_l.{symbol}({args})")
        }
    }

    /// The call, with what stands around it if it has callbacks, and what comes after it.
    fn called(
        &self,
        lines: &mut Vec<String>,
        call: String,
        failure: Option<&str>,
        value: Option<String>,
    ) {
        if self.relayed {
            lines.insert(0, "const _call = new _c.Call();".to_owned());
            if failure.is_some() {
                lines.insert(0, "const _p = new _m.Places();".to_owned());
            }
        }
        lines.extend(self.entered.iter().cloned());
        lines.push(call);
        lines.extend(self.after.iter().cloned());
        if let Some(failure) = failure {
            let failure = if self.relayed {
                format!("_call.either({failure})")
            } else {
                failure.to_owned()
            };
            lines.push(format!("if (_code !== 0) throw {failure};"));
        }
        lines.extend(self.success.iter().cloned());
        match (value, self.relayed) {
            (Some(value), false) => lines.push(format!("return {value};")),
            (Some(value), true) => {
                lines.push(format!("const _result = {value};"));
                lines.push("_call.check();".to_owned());
                lines.push("return _result;".to_owned());
            }
            (None, false) => {}
            (None, true) => lines.push("_call.check();".to_owned()),
        }
    }

    /// Whether the parameter may be left out: it and all after it may be missing.
    fn can_be_left_out(&self, at: usize) -> bool {
        self.params[at..].iter().all(|param| param.optional)
    }

    fn declared(&self) -> String {
        let one = |(at, param): (usize, &Seen)| {
            let ty = &param.types[0];
            if self.can_be_left_out(at) {
                format!("{}?: {ty}", param.name)
            } else {
                format!(
                    "{}: {}",
                    param.name,
                    or_undefined(ty.clone(), param.optional)
                )
            }
        };
        let all: Vec<_> = self.params.iter().enumerate().map(one).collect();
        all.join(", ")
    }

    fn signature(&self) -> String {
        let names: Vec<_> = self.params.iter().map(|param| &*param.name).collect();
        names.join(", ")
    }

    fn commented(&self) -> Vec<String> {
        let one = |(at, param): (usize, &Seen)| {
            let ty = &param.types[1];
            if self.can_be_left_out(at) {
                format!("@param {{{ty}}} [{}]", param.name)
            } else {
                let ty = or_undefined(ty.clone(), param.optional);
                format!("@param {{{ty}}} {}", param.name)
            }
        };
        self.params.iter().enumerate().map(one).collect()
    }
}

/// The last argument of what makes memory that the call changes.
fn changes(mutable: bool) -> &'static str {
    if mutable { ", true" } else { "" }
}

fn or_undefined(hint: String, optional: bool) -> String {
    match (optional, hint.contains("=>")) {
        (false, _) => hint,
        (true, true) => format!("({hint}) | undefined"),
        (true, false) => format!("{hint} | undefined"),
    }
}

fn or_null(optional: bool, name: &str, some: &str) -> String {
    if optional {
        format!("{name} == null ? null : {some}")
    } else {
        some.to_owned()
    }
}

/// The author's words, and what the signature does not say.
fn documentation(function: &Function, form: Form) -> String {
    let mut parts = Vec::new();
    if !function.docs.is_empty() {
        parts.push(function.docs.clone());
    }
    for param in &function.params {
        if param.ty.is_taken() {
            parts.push(format!("It closes `{}`.", param.name.camel()));
        }
    }
    match (&function.later, form) {
        (Some(later), Form::Async) => {
            let own = match later.timeout_ms {
                ms if ms < 0 => "no limit".to_owned(),
                ms => format!("the library's own, {ms} ms"),
            };
            parts.push(format!(
                "`options.timeout` is in milliseconds; without it: {own}. `options.signal` cancels it."
            ));
        }
        (Some(_), Form::Plain) => parts.push(
            "It waits until it is done, and nothing else runs on this thread meanwhile.".to_owned(),
        ),
        (None, _) => {}
    }
    match function.or.as_deref() {
        None | Some("()") => {}
        Some("abort") => parts.push("It ends the process if the library can't answer.".to_owned()),
        Some(or) => parts.push(format!(
            "It throws nothing: it gives `{or}` if the library is not ready or the call panics."
        )),
    }
    parts.join("\n\n")
}
