//! A function's signature and body.

use serde::Serialize;

use super::super::model::{Function, Param, Pass, Type, Value};
use super::names::{Names, comment};
use super::types::Types;

/// A function or a method, ready to write.
#[derive(Serialize)]
pub(super) struct Call {
    pub docs: Vec<String>,
    /// The line before its first declaration, if it is a template.
    pub template: Option<String>,
    /// The line before the definition of a method that is one.
    pub template_again: Option<&'static str>,
    /// Inside the class, for a method.
    pub declaration: String,
    pub definition: String,
    pub lines: Vec<String>,
}

/// Which of the functions of an export it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// It gives its result.
    Waits,
    /// It gives an operation.
    Future,
    /// It is given what to call.
    Then,
}

/// What becomes of the parameters.
#[derive(Default)]
struct Body {
    signature: Vec<String>,
    args: Vec<String>,
    before: Vec<String>,
    /// What the end of the call is told of.
    after: Vec<String>,
    /// How the method treats its handle.
    qualifier: &'static str,
}

pub(super) struct Calls<'a> {
    pub types: &'a Types<'a>,
}

impl Calls<'_> {
    /// The call of this function; for an async one, those that begin it as well. `class`: the handle's, for a method.
    pub fn of(&self, function: &Function, names: &mut Names, class: Option<&str>) -> Vec<Call> {
        let words = match (&function.method, class) {
            (Some(method), Some(_)) => method.name.snake(),
            _ => function.name.snake(),
        };
        let name = names.claim(&words);
        let mut all = vec![self.one(function, &name, Form::Waits, class)];
        if function.later.is_some() {
            let later = names.claim(&format!("{words}_async"));
            all.push(self.one(function, &later, Form::Future, class));
            all.push(self.one(function, &later, Form::Then, class));
        }
        all
    }

    fn one(&self, function: &Function, name: &str, form: Form, class: Option<&str>) -> Call {
        let mut names = Names::new();
        let mut body = Body::default();
        let mut params = function.params.iter().peekable();
        if let Some(first) = params.next_if(|_| class.is_some()) {
            self.this(&mut body, first);
        }
        while let Some(param) = params.next() {
            let gets_it_back = params.next_if(|next| next.user).is_some();
            let name = names.claim(&param.name.snake());
            self.param(&mut body, param, &name, gets_it_back);
        }
        let ns = &self.types.ns;
        let gives = self.gives(function.result.as_ref());
        let value = function.result.as_ref().map_or_else(
            || "void".to_owned(),
            |value| self.result(value, function.or.is_some()),
        );
        let mut tail = Vec::new();
        let (returns, template, lines) = match (form, &function.or, &function.later) {
            (Form::Waits, Some(_), _) => (value.clone(), None, self.direct(function, &body)),
            (Form::Waits, None, _) | (_, _, None) => {
                let lines = checked(function, &body, &gives);
                (format!("{ns}::outcome<{value}>"), None, lines)
            }
            (form, _, Some(later)) => {
                let then = (form == Form::Then).then(|| names.claim("then"));
                let timeout = names.claim("timeout");
                let begin = format!("::{}", later.begin);
                let end = format!("::{}", later.end);
                let lines = started(&body, &gives, &begin, &end, &timeout, then.as_deref());
                tail.extend(then.map(|then| format!("Then {then}")));
                tail.push(format!("{ns}::detail::limit {timeout}"));
                match form {
                    Form::Then => (
                        format!("{ns}::outcome<{ns}::canceller>"),
                        Some(format!(
                            "template <class Then, class = {ns}::detail::hears<Then, {value}>>"
                        )),
                        lines,
                    ),
                    _ => (format!("{ns}::operation<{value}>"), None, lines),
                }
            }
        };
        let list = |before: String, with_default: bool, indent: &str| {
            let mut all = body.signature.clone();
            all.extend(tail.iter().cloned());
            if let Some(timeout) = all.last_mut().filter(|_| with_default && !tail.is_empty()) {
                timeout.push_str(&format!(" = {ns}::forever"));
            }
            listed(&before, &all, body.qualifier, indent)
        };
        let own = class.map_or_else(String::new, |class| format!("{class}::"));
        Call {
            docs: comment(&documentation(function, form)),
            declaration: list(format!("{returns} {name}"), true, "    "),
            definition: list(format!("inline {returns} {own}{name}"), class.is_none(), ""),
            template_again: template.as_ref().map(|_| "template <class Then, class>"),
            template,
            lines,
        }
    }

    /// The handle of a method.
    fn this(&self, body: &mut Body, param: &Param) {
        body.args.push("this->get()".to_owned());
        if let Type::Handle { pass, name } = &param.ty {
            body.qualifier = match pass {
                Pass::Shared => " const",
                Pass::Taken => " &&",
                Pass::Exclusive | Pass::Given => "",
            };
            if *pass == Pass::Taken {
                let class = self.types.class(name);
                body.after.push(format!("detail::closes<{class}>{{*this}}"));
            }
        }
    }

    fn param(&self, body: &mut Body, param: &Param, name: &str, gets_it_back: bool) {
        let (types, ns) = (self.types, &self.types.ns);
        let maybe = |ty: String| match param.optional {
            true => format!("std::optional<{ty}>"),
            false => ty,
        };
        let constant = |mutable: bool| if mutable { "" } else { "const " };
        match &param.ty {
            Type::Text => {
                let ty = maybe("std::string_view".to_owned());
                body.signature.push(format!("{ty} {name}"));
                body.flat(name);
            }
            Type::Slice { mutable, of } => {
                let of = types.value(of);
                let of = match (mutable, of.ends_with('*')) {
                    (true, _) => of,
                    (false, true) => format!("{of}const"),
                    (false, false) => format!("const {of}"),
                };
                let ty = maybe(format!("{ns}::span<{of}>"));
                body.signature.push(format!("{ty} {name}"));
                body.flat(name);
            }
            Type::Handle { name: class, pass } => {
                let class = types.class(class);
                let (sign, get) = match (pass, param.optional) {
                    (Pass::Taken, _) => {
                        let ty = maybe(class);
                        body.after.push(format!("detail::closes<{ty}>{{{name}}}"));
                        (format!("{ty} {name}"), !param.optional)
                    }
                    (pass, optional) => {
                        let sign = if optional { "*" } else { "&" };
                        let constant = constant(*pass != Pass::Shared);
                        (format!("{constant}{class} {sign}{name}"), !optional)
                    }
                };
                body.signature.push(sign);
                body.args.push(match get {
                    true => format!("{name}.get()"),
                    false => format!("detail::get({name})"),
                });
            }
            Type::Reference { mutable, to } => {
                let (sign, at) = match param.optional {
                    true => ("*", name.to_owned()),
                    false => ("&", format!("&{name}")),
                };
                let (constant, to) = (constant(*mutable), types.value(to));
                body.signature.push(format!("{constant}{to} {sign}{name}"));
                body.args.push(format!("detail::place({at})"));
            }
            Type::Callback {
                params,
                result,
                user,
            } => {
                let user = user.filter(|_| gets_it_back);
                let signature = types.signature(params, result, user);
                body.signature
                    .push(format!("{ns}::callback<{signature}> {name}"));
                let which = match user {
                    Some(0) => "first",
                    Some(_) => "last",
                    None => "bare",
                };
                body.args.push(format!("{name}.{which}_or_null()"));
                match user {
                    Some(_) => body.args.push(format!("{name}.user()")),
                    None => body
                        .before
                        .push(format!("const auto rt0_in_{name} = {name}.inside();")),
                }
                body.after.push(name.to_owned());
            }
            ty @ Type::Struct { .. } => {
                body.signature
                    .push(format!("const {} &{name}", types.value(ty)));
                body.args.push(format!("detail::to_c({name})"));
            }
            ty @ (Type::Enum { .. } | Type::Pointer { .. }) => {
                let ty = types.value(ty);
                body.signature.push(declare(&ty, name));
                body.args.push(format!("detail::to_c({name})"));
            }
            ty => {
                body.signature.push(format!("{} {name}", types.value(ty)));
                body.args.push(name.to_owned());
            }
        }
    }

    /// The type of what it gives.
    fn result(&self, value: &Value, direct: bool) -> String {
        let (types, ns) = (self.types, &self.types.ns);
        let ty = match &value.ty {
            Type::Text => "std::string".to_owned(),
            Type::Slice { of, .. } => format!("{ns}::buffer<{}>", types.value(of)),
            Type::Handle { name, .. } => types.class(name),
            ty => return self.plain(ty, value.optional && !direct),
        };
        match value.optional {
            true => format!("std::optional<{ty}>"),
            false => ty,
        }
    }

    fn plain(&self, ty: &Type, optional: bool) -> String {
        let value = self.types.value(ty);
        match optional && !matches!(ty, Type::Callback { .. }) {
            true => format!("std::optional<{value}>"),
            false => value,
        }
    }

    /// What reads the result.
    fn gives(&self, value: Option<&Value>) -> String {
        let Some(value) = value else {
            return "detail::gives_nothing".to_owned();
        };
        let maybe = if value.optional { "_maybe" } else { "" };
        let types = self.types;
        match &value.ty {
            Type::Text => format!("detail::gives_text{maybe}"),
            Type::Slice { of, .. } => format!("detail::gives_slice{maybe}<{}>", types.value(of)),
            Type::Handle { name, .. } => {
                format!("detail::gives_handle{maybe}<{}>", types.class(name))
            }
            ty @ Type::Callback { .. } => format!("detail::gives<{}>", types.value(ty)),
            ty => format!("detail::gives{maybe}<{}>", types.value(ty)),
        }
    }

    /// A call that returns its result.
    fn direct(&self, function: &Function, body: &Body) -> Vec<String> {
        let mut lines = vec!["detail::must_be_known();".to_owned()];
        lines.extend(body.before.iter().cloned());
        let call = body.call(&format!("::{}", function.symbol), &[], "    ");
        let given = function.result.as_ref().map(|value| {
            let ty = self.types.value(&value.ty);
            move |call: &str| format!("return detail::from_c<{ty}>({call});")
        });
        let after = body
            .after
            .iter()
            .filter(|name| !name.starts_with("detail::"));
        let after: Vec<_> = after
            .map(|name| format!("detail::returned({name});"))
            .collect();
        let closed = body
            .after
            .iter()
            .filter(|name| name.starts_with("detail::"));
        let closed: Vec<_> = closed
            .map(|closes| format!("{closes}.succeeded();"))
            .collect();
        match given {
            Some(given) if after.is_empty() && closed.is_empty() => lines.push(given(&call)),
            Some(given) => {
                lines.push(format!("const auto rt0_given = {call};"));
                lines.extend(closed);
                lines.extend(after);
                lines.push(given("rt0_given"));
            }
            None => {
                lines.push(format!("{call};"));
                lines.extend(closed);
                lines.extend(after);
            }
        }
        lines
    }
}

impl Body {
    /// An address and a number.
    fn flat(&mut self, name: &str) {
        self.args.push(format!("detail::data({name})"));
        self.args.push(format!("detail::size({name})"));
    }

    fn after(&self) -> String {
        let after = self.after.iter().map(|after| format!(", {after}"));
        after.collect()
    }

    /// The call of this function, with more arguments at the end.
    fn call(&self, function: &str, more: &[&str], indent: &str) -> String {
        let mut args = self.args.clone();
        args.extend(more.iter().map(|&arg| arg.to_owned()));
        listed(function, &args, "", indent)
    }
}

/// The longest line, with what else may stand on it.
const WIDTH: usize = 80;

/// `before(items)after`, over several lines if one would be too long. `indent` is that of the line that it is on.
fn listed(before: &str, items: &[String], after: &str, indent: &str) -> String {
    let line = format!("{before}({}){after}", items.join(", "));
    if line.len() + indent.len() < WIDTH || items.is_empty() {
        return line;
    }
    let between = format!(",\n{indent}    ");
    format!("{before}(\n{indent}    {}){after}", items.join(&between))
}

/// A type before a name.
pub(super) fn declare(ty: &str, name: &str) -> String {
    let space = if ty.ends_with('*') { "" } else { " " };
    format!("{ty}{space}{name}")
}

/// A call that returns a status.
fn checked(function: &Function, body: &Body, gives: &str) -> Vec<String> {
    let mut lines = body.before.clone();
    let call = body.call(
        &format!("::{}", function.symbol),
        &["rt0_out..."],
        "        ",
    );
    lines.push(format!("return detail::call<{gives}>("));
    lines.push(format!(
        "    [&](auto... rt0_out) {{ return {call}; }}{});",
        body.after()
    ));
    lines
}

/// A call that begins an op.
fn started(
    body: &Body,
    gives: &str,
    begin: &str,
    end: &str,
    timeout: &str,
    then: Option<&str>,
) -> Vec<String> {
    let start = if then.is_some() {
        "start_then"
    } else {
        "start"
    };
    let then = then.map_or_else(String::new, |then| format!(", std::move({then})"));
    let time = format!("{timeout}.milliseconds()");
    let call = body.call(begin, &[&time, "rt0_queue..."], "        ");
    vec![
        format!("return detail::{start}<{gives}>("),
        format!("    [&](auto... rt0_queue) {{ return {call}; }},"),
        format!(
            "    [](auto... rt0_out) {{ return {end}(rt0_out...); }}{then}{});",
            body.after()
        ),
    ]
}

/// The author's documentation, and what a caller must know besides.
fn documentation(function: &Function, form: Form) -> String {
    let limit = match &function.later {
        Some(later) if later.timeout_ms >= 0 => {
            format!(" It is given up after {} ms", later.timeout_ms)
        }
        _ => String::new(),
    };
    let own = |text: &str| match limit.is_empty() {
        true => format!("{text}."),
        false => format!("{text}.{limit}, or after `timeout`."),
    };
    let note = match (form, &function.or) {
        (Form::Waits, Some(or)) => {
            let does = match (or.as_str(), &function.result) {
                ("abort", _) => "Aborts".to_owned(),
                (_, None) => "Just returns".to_owned(),
                (or, _) => format!("Gives `{or}`"),
            };
            format!("{does} when the library is not ready or the call panics.")
        }
        (Form::Waits, None) if !limit.is_empty() => format!("Waits until it is done.{limit}."),
        (Form::Waits, None) => String::new(),
        (Form::Future, _) => own("Begins it and does not wait"),
        (Form::Then, _) => own(
            "Begins it, does not wait, and calls `then` with the result on the thread of async calls",
        ),
    };
    match (function.docs.is_empty(), note.is_empty()) {
        (_, true) => function.docs.clone(),
        (true, false) => note,
        (false, false) => format!("{}\n\n{note}", function.docs),
    }
}
