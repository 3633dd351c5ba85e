//! A function's body: what becomes of its parameters, the call, what becomes of its result.

use serde::Serialize;

use super::super::model::{Function, Named, Param, Type, Value, shown};
use super::names::{Scope, javadoc};
use super::types::{Carrier, Types, element, is_address};

// What stands beside an author's parameters, in names that those never have: they have no underscore inside.
const LIMIT: &str = "limit_ms";
const PLACE: &str = "its_place";
const ELEMENT: &str = "an_element";

/// A method, ready to write.
#[derive(Serialize)]
pub(super) struct Call {
    pub docs: Vec<String>,
    /// What stands before its name.
    pub head: String,
    pub name: String,
    pub signature: String,
    pub throws: String,
    pub lines: Vec<String>,
}

/// A function of the library's as Java's linker sees it.
#[derive(Serialize)]
pub(super) struct Raw {
    pub symbol: String,
    pub result: String,
    pub descriptor: String,
    /// With their types.
    pub params: String,
    pub args: String,
    /// Whether it gives a struct, which needs memory.
    pub allocates: bool,
}

/// A type of callback: what a host writes, and what C calls.
#[derive(Serialize)]
pub(super) struct Callback {
    pub interface: String,
    pub docs: String,
    pub returns: String,
    pub params: String,
    /// The C function's, in Java.
    pub c_result: String,
    pub c_params: String,
    pub descriptor: String,
    /// The class that each C parameter has, and the result first.
    pub classes: String,
    /// Whether it gets its number back.
    pub user: bool,
    /// What is done with the values of C.
    pub args: String,
    pub convert: String,
    pub zero: String,
}

/// A function of the library's that a call has given.
#[derive(Serialize)]
pub(super) struct Given {
    pub interface: String,
    pub docs: String,
    pub returns: String,
    pub params: String,
    /// Their names.
    pub args: String,
    pub descriptor: String,
    pub call: String,
    pub allocates: bool,
}

/// The calls of a library, and what they need.
pub(super) struct Calls<'a> {
    types: &'a Types<'a>,
    pub raw: Vec<Raw>,
    pub callbacks: Vec<Callback>,
    pub given: Vec<Given>,
    /// The package's class.
    main: &'a str,
    /// Its exception.
    exception: &'a str,
    /// The interfaces that callbacks have, by function and parameter.
    interfaces: Vec<(String, String, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Waits,
    Async { timeout: bool },
}

/// How slices of numbers are passed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slices {
    Arrays,
    Segments,
}

#[derive(Default)]
struct Body {
    /// What the method gives.
    returns: String,
    signature: Vec<String>,
    /// Before anything else: what may be refused.
    before: Vec<String>,
    /// With the frame at hand.
    inside: Vec<String>,
    args: Vec<String>,
    params: Vec<Carrier>,
    /// After the call, whether it succeeded or not.
    after: Vec<String>,
    success: Vec<String>,
    entered: Vec<String>,
    /// What must be there until the call is over.
    held: Vec<String>,
    framed: bool,
}

/// The places for a result, and the value that comes out of them.
struct Out {
    places: Vec<(&'static str, u64)>,
    value: String,
    direct: String,
}

impl<'a> Calls<'a> {
    pub fn new(types: &'a Types<'a>, main: &'a str, exception: &'a str) -> Calls<'a> {
        Calls {
            types,
            raw: Vec::new(),
            callbacks: Vec::new(),
            given: Vec::new(),
            main,
            exception,
            interfaces: Vec::new(),
        }
    }

    /// A function that every library of a kind has, of these types: letters of [`plain`].
    pub fn own(&mut self, symbol: &str, result: &str, params: &str) {
        let params: Vec<Carrier> = params.chars().map(plain).collect();
        self.raw(symbol, result.chars().next().map(plain), &params);
    }

    /// Gives names to the interfaces of a function's callbacks.
    pub fn name_callbacks(&mut self, function: &Function, scope: &mut Scope) {
        let mut add = |of: &Named, ty: &Type, last: &str| {
            if matches!(ty, Type::Callback { .. }) {
                let wanted = format!("{}{last}", of.pascal());
                let key = (function.symbol.clone(), last.to_owned());
                self.interfaces.push((key.0, key.1, scope.claim(&wanted)));
            }
        };
        for param in &function.params {
            add(&function.name, &param.ty, &param.name.pascal());
        }
        if let Some(result) = &function.result {
            add(&function.name, &result.ty, "Result");
        }
    }

    fn interface(&self, function: &Function, last: &str) -> String {
        let known = |(symbol, name, _): &&(String, String, String)| {
            *symbol == function.symbol && name == last
        };
        let found = self.interfaces.iter().find(known);
        found.map_or_else(String::new, |(_, _, interface)| interface.clone())
    }

    /// The methods of this function.
    pub fn of(&mut self, function: &Function, scope: &mut Scope, method: bool) -> Vec<Call> {
        let named = match (&function.method, method) {
            (Some(as_method), true) => &as_method.name,
            _ => &function.name,
        };
        let mut slices = vec![Slices::Arrays];
        if takes_segments(function) {
            slices.push(Slices::Segments);
        }
        let name = scope.claim(&named.camel());
        let mut all: Vec<Call> = slices
            .iter()
            .map(|&slices| self.one(function, &name, Form::Waits, slices, method))
            .collect();
        if function.later.is_some() {
            let name = scope.claim(&format!("{}Async", named.camel()));
            for &slices in &slices {
                for timeout in [false, true] {
                    let form = Form::Async { timeout };
                    all.push(self.one(function, &name, form, slices, method));
                }
            }
        }
        all
    }

    fn one(
        &mut self,
        function: &Function,
        name: &str,
        form: Form,
        slices: Slices,
        method: bool,
    ) -> Call {
        let mut scope = Scope::of_locals();
        let mut body = Body::default();
        let mut params = function.params.iter();
        if method {
            params.next();
            body.handle("this", &function.params[0].ty, false);
        }
        for param in params {
            if !param.user {
                let name = scope.claim(&param.name.camel());
                self.param(&mut body, function, param, &name, &mut scope, form, slices);
            }
        }
        let docs = documentation(function, form, slices);
        let out = function
            .result
            .as_ref()
            .map(|value| self.result(function, value));
        let returns = function.result.as_ref().map_or_else(
            || "void".to_owned(),
            |value| self.returns(function, value, false),
        );
        let generic = if body.entered.is_empty() {
            ""
        } else {
            "<X extends Exception> "
        };
        let mut throws: Vec<&str> = Vec::new();
        body.returns.clone_from(&returns);
        let (returns, lines) = match (form, &function.or) {
            (Form::Async { timeout }, _) => {
                if timeout {
                    body.signature.push("Duration timeout".to_owned());
                }
                let value = function.result.as_ref().map_or_else(
                    || "Void".to_owned(),
                    |value| self.returns(function, value, true),
                );
                let lines = self.begun_and_ended(function, &body, out.as_ref(), timeout);
                (format!("CompletableFuture<{value}>"), lines)
            }
            (Form::Waits, None) => {
                throws.push(self.exception);
                (returns, self.checked(function, &mut body, out.as_ref()))
            }
            (Form::Waits, Some(_)) => (returns, self.direct(function, &mut body, out.as_ref())),
        };
        if !body.entered.is_empty() {
            throws.push("X");
        }
        let throws = if throws.is_empty() {
            String::new()
        } else {
            format!(" throws {}", throws.join(", "))
        };
        let kind = if method { "public" } else { "public static" };
        Call {
            docs: javadoc(&docs),
            head: format!("{kind} {generic}{returns}"),
            name: name.to_owned(),
            signature: body.signature.join(", "),
            throws,
            lines,
        }
    }

    fn returns(&self, function: &Function, value: &Value, boxed: bool) -> String {
        let ty = match &value.ty {
            Type::Callback { .. } => {
                format!("{}.{}", self.main, self.interface(function, "Result"))
            }
            ty if boxed || value.optional => self.types.boxed(ty),
            ty => self.types.value(ty),
        };
        if value.optional {
            format!("Optional<{ty}>")
        } else {
            ty
        }
    }

    fn raw(&mut self, symbol: &str, result: Option<Carrier>, params: &[Carrier]) {
        if self.raw.iter().any(|known| known.symbol == symbol) {
            return;
        }
        let allocates = result
            .as_ref()
            .is_some_and(|result| result.java == "MemorySegment");
        self.raw.push(Raw {
            symbol: symbol.to_owned(),
            descriptor: descriptor(result.as_ref(), params),
            result: result.map_or_else(|| "void".to_owned(), |result| result.java),
            params: declared(params),
            args: (0..params.len())
                .map(|at| format!("a{at}"))
                .collect::<Vec<_>>()
                .join(", "),
            allocates,
        });
    }

    /// The call of a C function that returns a status: a place for each result and one for the error, the call, the
    /// check, and what is done with the result.
    fn status(
        &mut self,
        lines: &mut Vec<String>,
        symbol: &str,
        (mut args, mut params): (Vec<String>, Vec<Carrier>),
        body: &Body,
        out: Option<&Out>,
        returns: bool,
    ) {
        for (name, size) in out.iter().flat_map(|out| &out.places) {
            lines.push(format!("long {name} = frame.place({size});"));
            args.push((*name).to_owned());
            params.push(address());
        }
        lines.push("long err = frame.err();".to_owned());
        args.push("err".to_owned());
        params.push(address());
        let carrier = self.types.argument(&Type::Int {
            signed: true,
            bits: 32,
        });
        self.raw(symbol, Some(carrier), &params);
        lines.push(format!("int code = Native.{symbol}({});", args.join(", ")));
        lines.extend(body.after.iter().cloned());
        lines.push("if (code != 0) {".to_owned());
        let error = format!("{}.of(code, err)", self.exception);
        lines.push(if body.entered.is_empty() {
            format!("    throw {error};")
        } else {
            format!(
                "    throw Callbacks.<X>either({error}, {});",
                body.entered.join(", ")
            )
        });
        lines.push("}".to_owned());
        lines.extend(body.success.iter().cloned());
        body.give(lines, out.map(|out| &*out.value), returns);
    }

    /// A call that returns a status.
    fn checked(&mut self, function: &Function, body: &mut Body, out: Option<&Out>) -> Vec<String> {
        body.framed = true;
        let mut inside = body.inside.clone();
        let given = (std::mem::take(&mut body.args), carriers(&body.params));
        self.status(&mut inside, &function.symbol, given, body, out, false);
        body.around(inside, "Frame.open()")
    }

    /// A call that returns its result.
    fn direct(&mut self, function: &Function, body: &mut Body, out: Option<&Out>) -> Vec<String> {
        let result = function
            .result
            .as_ref()
            .map(|value| self.types.answer(&value.ty));
        let mut inside = body.inside.clone();
        let mut args = body.args.clone();
        if result.as_ref().is_some_and(|r| r.java == "MemorySegment") {
            args.insert(0, "frame".to_owned());
            body.framed = true;
        }
        let call = format!("Native.{}({})", function.symbol, args.join(", "));
        let java = result.as_ref().map(|result| result.java.clone());
        self.raw(&function.symbol, result, &body.params);
        match java {
            Some(java) => inside.push(format!("{java} given = {call};")),
            None => inside.push(format!("{call};")),
        }
        inside.extend(body.after.iter().cloned());
        inside.extend(body.success.iter().cloned());
        body.give(&mut inside, out.map(|out| &*out.direct), false);
        body.around(inside, "Frame.always()")
    }

    /// An op.
    fn begun_and_ended(
        &mut self,
        function: &Function,
        body: &Body,
        out: Option<&Out>,
        timeout: bool,
    ) -> Vec<String> {
        let later = function.later.as_ref().expect("only async functions");
        let mut params = carriers(&body.params);
        let int = Type::Int {
            signed: true,
            bits: 32,
        };
        params.push(self.types.argument(&int));
        params.extend((0..4).map(|_| address()));
        self.raw(&later.begin, Some(self.types.argument(&int)), &params);
        let ms = if timeout {
            "Library.milliseconds(timeout)"
        } else {
            "-1"
        };
        let mut lines = body.before.clone();
        lines.push(format!("int {LIMIT} = {ms};"));
        let args: String = body.args.iter().map(|arg| format!("{arg}, ")).collect();
        let begin = format!("Native.{}({args}{LIMIT}, queue, tag, op, err)", later.begin);
        let framed = begin.contains("frame.") || !body.inside.is_empty();
        let frame = if framed { "frame" } else { "_" };
        lines.push(format!(
            "return Ops.run(({frame}, queue, tag, op, err) -> {{"
        ));
        lines.extend(body.inside.iter().map(|line| format!("    {line}")));
        lines.push(format!("    return {begin};"));
        lines.push("}, (frame, op) -> {".to_owned());
        let mut end = Vec::new();
        let given = (vec!["op".to_owned()], vec![address()]);
        let after = Body {
            success: body.success.clone(),
            ..Body::default()
        };
        self.status(&mut end, &later.end, given, &after, out, true);
        lines.extend(end.iter().map(|line| format!("    {line}")));
        let kept: String = body.held.iter().map(|name| format!(", {name}")).collect();
        lines.push(format!("}}{kept});"));
        lines
    }

    #[expect(clippy::too_many_arguments, reason = "what a parameter depends on")]
    fn param(
        &mut self,
        body: &mut Body,
        function: &Function,
        param: &Param,
        name: &str,
        scope: &mut Scope,
        form: Form,
        slices: Slices,
    ) {
        let types = self.types;
        let (ty, optional) = (&param.ty, param.optional);
        match ty {
            Type::Text => {
                let local = scope.claim(&format!("{name}Utf8"));
                body.sign("String", name);
                let encoded = format!("Memory.utf8({name}, \"{name}\")");
                body.before.push(format!(
                    "byte[] {local} = {};",
                    or_null(optional, name, &encoded)
                ));
                body.flat(&format!("frame.bytes({local})"), &local, optional, "length");
            }
            Type::Slice { mutable, of } => match (element(of), slices) {
                (Some((array, _)), Slices::Segments) if !matches!(**of, Type::Bool) => {
                    self.segment(body, name, *mutable, of, array, scope, form);
                }
                (Some((array, word)), _) => {
                    let ty = format!("{array}[]");
                    body.sign(&ty, name);
                    body.must_be_there(name, optional);
                    let local = if form == Form::Waits {
                        name.to_owned()
                    } else {
                        // The call may have to wait for its turn.
                        let local = scope.claim(&format!("{name}Now"));
                        let copy = or_null(optional, name, &format!("{name}.clone()"));
                        body.before.push(format!("{ty} {local} = {copy};"));
                        local
                    };
                    let make = format!("frame.{}({local})", lower(word));
                    if *mutable {
                        let at = scope.claim(&format!("{name}At"));
                        body.framed = true;
                        body.inside.push(format!("long {at} = {make};"));
                        body.after.push(format!("Memory.back({at}, {local});"));
                        body.flat(&at, &local, optional, "length");
                    } else {
                        body.flat(&make, &local, optional, "length");
                    }
                }
                (None, _) => self.list(body, name, *mutable, of, optional, scope),
            },
            Type::Handle { name: class, .. } => {
                body.sign(types.class(class), name);
                body.handle(name, ty, optional);
            }
            Type::Reference { mutable, to } => {
                self.reference(body, name, *mutable, to, optional, scope);
            }
            Type::Callback {
                params,
                result,
                user,
            } => {
                let interface = self.callback(function, param, params, result, *user);
                body.sign(&format!("{}.{interface}<X>", self.main), name);
                body.must_be_there(name, optional);
                let local = scope.claim(&format!("{name}Entry"));
                body.entered.push(local.clone());
                let stub = if user.is_some() {
                    body.before.push(format!(
                        "Callbacks.Entry {local} = Callbacks.enter({name});"
                    ));
                    format!("Callbacks.{interface}Stub.STUB")
                } else {
                    body.before.push(format!(
                        "Callbacks.Entry {local} = Callbacks.enterBare({name});"
                    ));
                    format!("{local}.stub(Callbacks.{interface}Stub.POOL)")
                };
                body.pass(or(optional, name, &stub, "0"), address());
                if user.is_some() {
                    let key = format!("{local}.key");
                    body.pass(or(optional, name, &key, "0"), address());
                }
            }
            Type::Struct { name: class } => {
                body.sign(types.class(class), name);
                body.must_be_there(name, false);
                body.framed = true;
                let at = scope.claim(&format!("{name}At"));
                let size = types.size(ty);
                body.inside
                    .push(format!("long {at} = frame.place({size});"));
                body.inside.push(format!("{};", types.write(ty, &at, name)));
                body.pass(format!("Memory.at({at}, {size})"), types.argument(ty));
            }
            ty if is_address(ty) => {
                body.sign("MemorySegment", name);
                body.must_be_there(name, false);
                body.held.push(name.to_owned());
                body.pass(types.given(ty, name, name), address());
            }
            ty => {
                body.sign(&types.value(ty), name);
                if matches!(ty, Type::Enum { .. }) {
                    body.must_be_there(name, false);
                }
                let value = types.given(ty, name, name);
                let carrier = types.argument(ty);
                if form != Form::Waits && value != name {
                    // What is refused is refused at once.
                    let local = scope.claim(&format!("{name}Now"));
                    body.before
                        .push(format!("{} {local} = {value};", carrier.java));
                    body.pass(local, carrier);
                } else {
                    body.pass(value, carrier);
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a slice depends on")]
    fn segment(
        &self,
        body: &mut Body,
        name: &str,
        mutable: bool,
        of: &Type,
        array: &str,
        scope: &mut Scope,
        form: Form,
    ) {
        let size = self.types.size(of);
        body.sign("MemorySegment", name);
        let length = scope.claim(&format!("{name}Length"));
        body.before.push(format!(
            "long {length} = Memory.count({name}, {size}, \"{name}\");"
        ));
        if form != Form::Waits {
            let local = scope.claim(&format!("{name}Now"));
            let layout = match array {
                "byte" => "JAVA_BYTE".to_owned(),
                array => format!("JAVA_{}_UNALIGNED", array.to_ascii_uppercase()),
            };
            body.before.push(format!(
                "{array}[] {local} = {name}.toArray(ValueLayout.{layout});"
            ));
            body.pass(format!("frame.{array}s({local})"), address());
            body.pass(length, address());
            return;
        }
        let at = scope.claim(&format!("{name}At"));
        body.framed = true;
        body.held.push(name.to_owned());
        let way = if mutable { "writing" } else { "reading" };
        body.inside.push(format!(
            "long {at} = frame.{way}({name}, {size}, \"{name}\");"
        ));
        if mutable {
            body.after.push(format!("Memory.back({at}, {name});"));
        }
        body.pass(at, address());
        body.pass(length, address());
    }

    fn list(
        &self,
        body: &mut Body,
        name: &str,
        mutable: bool,
        of: &Type,
        optional: bool,
        scope: &mut Scope,
    ) {
        let types = self.types;
        let (class, size) = (types.value_inside(of), types.size(of));
        body.sign(&format!("List<{class}>"), name);
        let local = scope.claim(&format!("{name}Now"));
        let how = if mutable { "changed" } else { "copied" };
        let copy = format!("Memory.{how}({name}, \"{name}\")");
        let copy = or_null(optional, name, &copy);
        body.before.push(format!("List<{class}> {local} = {copy};"));
        let write = types.write(of, PLACE, ELEMENT);
        let make = format!("frame.list({local}, {size}, ({PLACE}, {ELEMENT}) -> {write})");
        if mutable {
            let at = scope.claim(&format!("{name}At"));
            body.framed = true;
            body.inside.push(format!("long {at} = {make};"));
            let read = types.read(of, PLACE);
            body.after.push(format!(
                "Memory.back({at}, {name}, {local}, {size}, {PLACE} -> {read});"
            ));
            body.flat(&at, &local, optional, "size()");
        } else {
            body.flat(&make, &local, optional, "size()");
        }
    }

    fn reference(
        &self,
        body: &mut Body,
        name: &str,
        mutable: bool,
        to: &Type,
        optional: bool,
        scope: &mut Scope,
    ) {
        let types = self.types;
        let size = types.size(to);
        let at = scope.claim(&format!("{name}At"));
        body.framed = true;
        let value = if mutable {
            let class = types.value_inside(to);
            body.sign(&format!("{class}[]"), name);
            body.before.push(format!(
                "Check.one({name} == null ? {} : {name}.length, \"{name}\");",
                if optional { "1" } else { "0" }
            ));
            if is_object(to) {
                let one = format!("Objects.requireNonNull({name}[0], \"{name}[0]\");");
                body.before.push(if optional {
                    format!("if ({name} != null) {one}")
                } else {
                    one
                });
            }
            format!("{name}[0]")
        } else if optional && !is_address(to) {
            body.sign(&types.boxed(to), name);
            name.to_owned()
        } else {
            body.sign(&types.value_inside(to), name);
            if is_object(to) {
                body.must_be_there(name, optional);
            }
            name.to_owned()
        };
        if matches!(to, Type::Int { signed: false, bits } if [8, 16, 32].contains(bits)) {
            let check = format!("{};", types.given(to, &value, name));
            let check = if optional {
                format!("if ({name} != null) {check}")
            } else {
                check
            };
            body.before.push(check);
        }
        body.inside.push(format!(
            "long {at} = {};",
            or(optional, name, &format!("frame.place({size})"), "0")
        ));
        let write = format!("{};", types.write(to, &at, &value));
        let guard = |lines: &mut Vec<String>, line: String| {
            if optional {
                lines.push(format!("if ({name} != null) {{"));
                lines.push(format!("    {line}"));
                lines.push("}".to_owned());
            } else {
                lines.push(line);
            }
        };
        guard(&mut body.inside, write);
        if mutable {
            guard(
                &mut body.after,
                format!("{name}[0] = {};", types.read(to, &at)),
            );
        }
        body.pass(at, address());
    }

    /// The interface of a callback, and what C calls for it.
    fn callback(
        &mut self,
        function: &Function,
        param: &Param,
        params: &[Type],
        result: &Type,
        user: Option<usize>,
    ) -> String {
        let types = self.types;
        let interface = self.interface(function, &param.name.pascal());
        if self
            .callbacks
            .iter()
            .any(|known| known.interface == interface)
        {
            return interface;
        }
        let from: Vec<Carrier> = params.iter().map(|ty| types.answer(ty)).collect();
        let c_params = from.iter().enumerate().map(|(at, carrier)| {
            let name = match user {
                Some(user) if user == at => "user".to_owned(),
                _ => format!("a{at}"),
            };
            format!("{} {name}", carrier.java)
        });
        let to = (*result != Type::Void).then(|| types.argument(result));
        let args = shown(params, user).map(|(at, ty)| types.taken(ty, &format!("a{at}")));
        let what = "the callback's result";
        let (convert, zero) = match result {
            Type::Void => (String::new(), String::new()),
            Type::Struct { .. } => {
                let (size, write) = (types.size(result), types.write(result, "at", "result"));
                (
                    format!("Memory.struct({size}, at -> {write})"),
                    format!("Memory.struct({size}, at -> {{ }})"),
                )
            }
            Type::Bool => ("result".to_owned(), "false".to_owned()),
            result => {
                let carrier = types.argument(result).java;
                let zero = match carrier.as_str() {
                    "int" | "long" => "0".to_owned(),
                    carrier => format!("({carrier}) 0"),
                };
                (types.given(result, "result", what), zero)
            }
        };
        let carrier = |to: &Option<Carrier>| {
            to.as_ref()
                .map_or_else(|| "void".to_owned(), |to| to.java.clone())
        };
        let classes = std::iter::once(carrier(&to)).chain(from.iter().map(|c| c.java.clone()));
        self.callbacks.push(Callback {
            docs: format!("What {{@code {}}} calls back.", function.name.camel()),
            returns: types.value_inside(result),
            params: self.shown_params(params, user),
            c_result: carrier(&to),
            c_params: c_params.collect::<Vec<_>>().join(", "),
            descriptor: descriptor(to.as_ref(), &from),
            classes: classes
                .map(|class| format!("{class}.class"))
                .collect::<Vec<_>>()
                .join(", "),
            user: user.is_some(),
            args: args.collect::<Vec<_>>().join(", "),
            convert,
            zero,
            interface: interface.clone(),
        });
        interface
    }

    fn shown_params(&self, params: &[Type], user: Option<usize>) -> String {
        let one = |(at, ty)| format!("{} a{at}", self.types.value_inside(ty));
        shown(params, user).map(one).collect::<Vec<_>>().join(", ")
    }

    /// The interface of a function of the library's.
    fn given(&mut self, function: &Function, params: &[Type], result: &Type) -> String {
        let types = self.types;
        let interface = self.interface(function, "Result");
        if self.given.iter().any(|known| known.interface == interface) {
            return interface;
        }
        let to: Vec<Carrier> = params.iter().map(|ty| types.argument(ty)).collect();
        let from = (*result != Type::Void).then(|| types.answer(result));
        let allocates = from
            .as_ref()
            .is_some_and(|from| from.java == "MemorySegment");
        let mut args: Vec<String> = params
            .iter()
            .enumerate()
            .map(|(at, ty)| {
                let name = format!("a{at}");
                match ty {
                    Type::Struct { .. } => {
                        let size = types.size(ty);
                        let write = types.write(ty, "at", &name);
                        format!("Memory.struct({size}, at -> {write})")
                    }
                    ty => types.given(ty, &name, &name),
                }
            })
            .collect();
        if allocates {
            args.insert(0, "(SegmentAllocator) frame".to_owned());
        }
        args.insert(0, "function".to_owned());
        let call = format!("{interface}Call.HANDLE.invokeExact({})", args.join(", "));
        let call = match &from {
            None => format!("{call};"),
            Some(from) => {
                let given = format!("(({}) {call})", from.java);
                format!("return {};", types.taken(result, &given))
            }
        };
        self.given.push(Given {
            docs: format!(
                "What {{@code {}}} gives: a function of the library's.",
                function.name.camel()
            ),
            returns: types.value_inside(result),
            params: self.shown_params(params, None),
            descriptor: descriptor(from.as_ref(), &to),
            call,
            allocates,
            args: (0..params.len())
                .map(|at| format!("a{at}"))
                .collect::<Vec<_>>()
                .join(", "),
            interface: interface.clone(),
        });
        interface
    }

    /// The places for a result, and the value that comes out of them.
    fn result(&mut self, function: &Function, value: &Value) -> Out {
        let types = self.types;
        let ty = &value.ty;
        let two = || vec![("out", 8), ("len", 8)];
        let maybe = |made: String| {
            if value.optional {
                format!("Memory.i64(out) == 0 ? Optional.empty() : Optional.of({made})")
            } else {
                made
            }
        };
        match ty {
            Type::Text => Out {
                places: two(),
                value: maybe("Memory.takeText(out, len)".to_owned()),
                direct: String::new(),
            },
            Type::Slice { of, .. } => {
                let made = match element(of) {
                    Some((_, word)) => format!("Memory.take{word}(out, len)"),
                    None => format!(
                        "Memory.takeList(out, len, {}, {PLACE} -> {})",
                        types.size(of),
                        types.read(of, PLACE)
                    ),
                };
                Out {
                    places: two(),
                    value: maybe(made),
                    direct: String::new(),
                }
            }
            Type::Handle { name, .. } => Out {
                places: vec![("out", 8)],
                value: maybe(format!("new {}(Memory.i64(out))", types.class(name))),
                direct: String::new(),
            },
            Type::Callback { params, result, .. } => {
                let interface = self.given(function, params, result);
                let made = |from: &str| format!("Callbacks.give{interface}({from})");
                Out {
                    places: vec![("out", 8)],
                    value: maybe(made("Memory.i64(out)")),
                    direct: made("given"),
                }
            }
            ty => {
                let mut places = vec![("out", types.size(ty).max(1))];
                let mut made = types.read(ty, "out");
                if value.optional {
                    places.push(("some", 1));
                    made = format!("Memory.bool(some) ? Optional.of({made}) : Optional.empty()");
                }
                Out {
                    places,
                    value: made,
                    direct: types.taken(ty, "given"),
                }
            }
        }
    }
}

impl Body {
    fn sign(&mut self, ty: &str, name: &str) {
        self.signature.push(format!("{ty} {name}"));
    }

    fn pass(&mut self, arg: String, carrier: Carrier) {
        self.args.push(arg);
        self.params.push(carrier);
    }

    /// Null is refused with the parameter's name.
    fn must_be_there(&mut self, name: &str, optional: bool) {
        if !optional {
            self.before
                .push(format!("Objects.requireNonNull({name}, \"{name}\");"));
        }
    }

    /// Elements, and how many.
    fn flat(&mut self, at: &str, of: &str, optional: bool, length: &str) {
        self.framed = true;
        self.pass(at.to_owned(), address());
        let length = format!("{of}.{length}");
        self.pass(or(optional, of, &length, "0"), address());
    }

    fn handle(&mut self, name: &str, ty: &Type, optional: bool) {
        let number = if name == "this" {
            "number()".to_owned()
        } else {
            format!("{name}.number()")
        };
        self.pass(or(optional, name, &number, "0"), address());
        self.held.push(name.to_owned());
        self.must_be_there(name, optional || name == "this");
        if ty.is_taken() {
            let taken = if name == "this" {
                "taken();".to_owned()
            } else {
                format!("{name}.taken();")
            };
            if optional {
                self.success.push(format!("if ({name} != null) {{"));
                self.success.push(format!("    {taken}"));
                self.success.push("}".to_owned());
            } else {
                self.success.push(taken);
            }
        }
    }

    /// What the call gives, unless a callback has thrown.
    fn give(&self, lines: &mut Vec<String>, value: Option<&str>, returns: bool) {
        if self.entered.is_empty() {
            match value {
                Some(value) => lines.push(format!("return {value};")),
                None if returns => lines.push("return null;".to_owned()),
                None => {}
            }
            return;
        }
        let check = format!("Callbacks.<X>check({});", self.entered.join(", "));
        match value {
            Some(value) => {
                // Not `var`: of the two sides of a `? :` it would make an Optional of anything.
                lines.push(format!("{} result = {value};", self.returns));
                lines.push(check);
                lines.push("return result;".to_owned());
            }
            None => lines.push(check),
        }
    }

    /// The lines of a call, with what they need around them.
    fn around(&self, inside: Vec<String>, frame: &str) -> Vec<String> {
        let mut lines = self.before.clone();
        let mut last: Vec<String> = Vec::new();
        if !self.entered.is_empty() {
            last.push(format!("Callbacks.leave({});", self.entered.join(", ")));
        }
        let fences = self.held.iter();
        last.extend(fences.map(|name| format!("Reference.reachabilityFence({name});")));
        if !self.framed && last.is_empty() {
            lines.extend(inside);
            return lines;
        }
        lines.push(if self.framed {
            format!("try (Frame frame = {frame}) {{")
        } else {
            "try {".to_owned()
        });
        lines.extend(inside.iter().map(|line| format!("    {line}")));
        if last.is_empty() {
            lines.push("}".to_owned());
        } else {
            lines.push("} finally {".to_owned());
            lines.extend(last.iter().map(|line| format!("    {line}")));
            lines.push("}".to_owned());
        }
        lines
    }
}

/// Whether a function has slices of numbers, all of which must be there: then it takes segments, too. Beside one that
/// may be missing, `null` would be both.
fn takes_segments(function: &Function) -> bool {
    let numbers = |param: &&Param| match &param.ty {
        Type::Slice { of, .. } => element(of).is_some() && !matches!(**of, Type::Bool),
        _ => false,
    };
    let mut all = function.params.iter().filter(numbers).peekable();
    all.peek().is_some() && all.all(|param| !param.optional)
}

/// Whether a value is an object in Java, which can be null.
fn is_object(ty: &Type) -> bool {
    is_address(ty) || matches!(ty, Type::Struct { .. } | Type::Enum { .. })
}

fn address() -> Carrier {
    Carrier {
        java: "long".to_owned(),
        layout: "JAVA_LONG".to_owned(),
    }
}

/// `i`: an `int`; `l`: a `long`, or an address.
fn plain(letter: char) -> Carrier {
    match letter {
        'i' => Carrier {
            java: "int".to_owned(),
            layout: "JAVA_INT".to_owned(),
        },
        _ => address(),
    }
}

fn carriers(all: &[Carrier]) -> Vec<Carrier> {
    all.iter()
        .map(|carrier| Carrier {
            java: carrier.java.clone(),
            layout: carrier.layout.clone(),
        })
        .collect()
}

fn descriptor(result: Option<&Carrier>, params: &[Carrier]) -> String {
    let layouts = params.iter().map(|carrier| &*carrier.layout);
    match result {
        None => format!(
            "FunctionDescriptor.ofVoid({})",
            layouts.collect::<Vec<_>>().join(", ")
        ),
        Some(result) => {
            let all: Vec<_> = std::iter::once(&*result.layout).chain(layouts).collect();
            format!("FunctionDescriptor.of({})", all.join(", "))
        }
    }
}

fn declared(params: &[Carrier]) -> String {
    let one = |(at, carrier): (usize, &Carrier)| format!("{} a{at}", carrier.java);
    params
        .iter()
        .enumerate()
        .map(one)
        .collect::<Vec<_>>()
        .join(", ")
}

fn lower(word: &str) -> String {
    let mut word = word.to_owned();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    word
}

fn or(optional: bool, name: &str, some: &str, none: &str) -> String {
    if optional {
        format!("{name} == null ? {none} : {some}")
    } else {
        some.to_owned()
    }
}

fn or_null(optional: bool, name: &str, some: &str) -> String {
    or(optional, name, some, "null")
}

/// The author's words, and what the signature does not say.
fn documentation(function: &Function, form: Form, slices: Slices) -> String {
    let mut parts = Vec::new();
    if !function.docs.is_empty() {
        parts.push(function.docs.clone());
    }
    for param in &function.params {
        let name = param.name.camel();
        if param.ty.is_taken() {
            parts.push(format!("It closes `{name}`."));
        }
        if param.optional {
            parts.push(format!("`{name}` may be null: none."));
        }
        if matches!(param.ty, Type::Reference { mutable: true, .. }) {
            parts.push(format!("`{name}` has one element, which the call changes."));
        }
    }
    if slices == Slices::Segments && form == Form::Waits {
        parts.push("A native segment is passed as it is, and must be open until the call returns; another is copied.".to_owned());
    }
    match (&function.later, form) {
        (Some(later), Form::Async { timeout }) => {
            let own = match later.timeout_ms {
                ms if ms < 0 => "It has no time limit".to_owned(),
                ms => format!("Its time limit is the library's own, {ms} ms"),
            };
            parts.push(if timeout {
                "It is given up after this time. Cancelling the future cancels it.".to_owned()
            } else {
                format!("{own}. Cancelling the future cancels it.")
            });
        }
        (Some(_), Form::Waits) => parts.push("It waits until it is done.".to_owned()),
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
