//! The bridge: functions in C that cgo calls. Each gives its results by value, so that nothing of Go's must be moved to
//! the heap for them, and finds the library's function in a table.

use serde::Serialize;

use super::super::model::{Function, Later, Param, Type, Value, shown};
use super::types::{c, is_address, real};

/// What C calls for one type of callback.
#[derive(Serialize)]
pub(super) struct Shape {
    pub number: usize,
    /// Whether it gets the address back that it is found by.
    pub user: bool,
    /// As C calls it.
    pub result: String,
    pub params: Vec<String>,
    /// What stands in the frame: a type and a name.
    pub fields: Vec<String>,
    /// What fills the frame.
    pub fills: Vec<String>,
    /// What it gives: an expression, if it gives anything.
    pub gives: Option<String>,
    /// In Go: the type of the function.
    pub function: String,
    pub call: String,
    #[serde(skip)]
    ty: Type,
    #[serde(skip)]
    again: usize,
}

/// A function of the library's that it gives.
#[derive(Serialize)]
pub(super) struct Invoke {
    pub number: usize,
    /// In C.
    pub result: String,
    pub params: Vec<String>,
    pub cast: String,
    pub args: Vec<String>,
    pub gives: bool,
    pub gives_address: bool,
    /// In Go.
    pub function: String,
    pub signature: String,
    pub call: String,
    #[serde(skip)]
    ty: Type,
}

/// A function of the bridge, in C.
#[derive(Serialize)]
pub(super) struct Bridge {
    pub lines: Vec<String>,
}

/// What becomes of parameters in C.
#[derive(Clone, Default)]
pub(super) struct Passed {
    /// What the bridge's own names begin with.
    table: String,
    params: Vec<String>,
    args: Vec<String>,
    before: Vec<String>,
    after: Vec<String>,
}

impl Passed {
    /// Nothing yet.
    pub fn new(table: &str) -> Passed {
        Passed {
            table: table.to_owned(),
            ..Passed::default()
        }
    }

    /// The parameter of this number. `shape`: that of a callback.
    pub fn param(&mut self, at: usize, param: &Param, shape: Option<usize>) {
        let name = format!("p{at}");
        let own = self.table.clone();
        match (&param.ty, shape) {
            (Type::Text, _) => {
                self.params.push(format!("const char *{name}"));
                self.params.push(format!("size_t {name}_len"));
                self.args.extend([name.clone(), format!("{name}_len")]);
            }
            (Type::Slice { of, .. }, _) => {
                self.place(of, &name);
                self.params.push(format!("size_t {name}_len"));
                self.args.push(format!("{name}_len"));
            }
            (Type::Reference { to, .. }, _) => self.place(to, &name),
            (Type::Callback { user: None, .. }, Some(shape)) => {
                self.params.push(format!("uintptr_t {name}"));
                self.params.push(format!("int32_t {name}_slot"));
                self.before
                    .push(format!("uintptr_t {name}_before = {own}_here_{shape};"));
                self.before.push(format!("if ({name}_slot < 0)"));
                self.before
                    .push(format!("    {own}_here_{shape} = {name};"));
                self.args.push(format!(
                    "{name} == 0 ? 0 : (void *)({name}_slot < 0 ? {own}_shape_{shape} : {own}_slots_{shape}[{name}_slot])"
                ));
                self.after
                    .push(format!("{own}_here_{shape} = {name}_before;"));
            }
            (Type::Callback { .. }, Some(shape)) => {
                self.params.push(format!("uintptr_t {name}"));
                self.args
                    .push(format!("{name} == 0 ? 0 : (void *){own}_shape_{shape}"));
                self.args.push(format!("(void *){name}"));
            }
            (ty, _) => {
                self.params.push(format!("{} {name}", c(ty)));
                self.args.push(match is_address(ty) {
                    true => format!("(void *){name}"),
                    false => name,
                });
            }
        }
    }

    /// Where values are.
    fn place(&mut self, of: &Type, name: &str) {
        self.params.push(format!("{} *{name}", c(of)));
        self.args.push(match is_address(of) {
            true => format!("(void *){name}"),
            false => name.to_owned(),
        });
    }
}

/// The places for a result, and what is passed for them.
fn results(value: Option<&Value>) -> (Vec<String>, Vec<String>) {
    let Some(Value { ty, optional }) = value else {
        return (Vec::new(), Vec::new());
    };
    let place = |of: &Type| match is_address(of) {
        true => "(void *)&r.out".to_owned(),
        false => "&r.out".to_owned(),
    };
    let (mut fields, mut args) = match ty {
        Type::Text => (
            vec!["char *out".to_owned(), "size_t len".to_owned()],
            vec!["&r.out".to_owned(), "&r.len".to_owned()],
        ),
        Type::Slice { of, .. } => (
            vec![format!("{} *out", c(of)), "size_t len".to_owned()],
            vec![place(of), "&r.len".to_owned()],
        ),
        ty => (vec![format!("{} out", c(ty))], vec![place(ty)]),
    };
    let with_some = !matches!(
        ty,
        Type::Text | Type::Slice { .. } | Type::Handle { .. } | Type::Callback { .. }
    );
    if *optional && with_some {
        fields.push("bool some".to_owned());
        args.push("&r.some".to_owned());
    }
    (fields, args)
}

/// A call that returns a status.
pub(super) fn checked(symbol: &str, passed: &Passed, value: Option<&Value>) -> Bridge {
    let table = &passed.table;
    let (fields, args) = results(value);
    // Something must follow: cgo takes a type's name that ends with `const` for a C type with that word.
    let result = format!("struct rt0_{symbol}_r");
    let mut lines = vec![format!("{result} {{")];
    lines.extend(fields.iter().map(|field| format!("    {field};")));
    lines.push("    char *err;".to_owned());
    lines.push("    int32_t code;".to_owned());
    lines.push("};".to_owned());
    let all = passed
        .args
        .iter()
        .chain(&args)
        .cloned()
        .chain(["&r.err".to_owned()]);
    let call = format!(
        "r.code = {table}.{symbol}({});",
        all.collect::<Vec<_>>().join(", ")
    );
    wrap(&mut lines, &result, symbol, passed, &call);
    Bridge { lines }
}

/// The beginning of an op.
pub(super) fn begun(later: &Later, passed: &Passed) -> Bridge {
    let table = &passed.table;
    let mut passed = passed.clone();
    passed
        .params
        .extend(["int32_t ms", "uintptr_t queue", "uint64_t tag"].map(str::to_owned));
    let symbol = &later.begin;
    let call = format!(
        "r.code = {table}.{symbol}({});",
        passed
            .args
            .iter()
            .map(String::as_str)
            .chain(["ms", "(void *)queue", "tag", "(void *)&r.op", "&r.err"])
            .collect::<Vec<_>>()
            .join(", ")
    );
    let mut lines = Vec::new();
    wrap(&mut lines, "struct rt0go_begun", symbol, &passed, &call);
    Bridge { lines }
}

/// The end of an op.
pub(super) fn ended(table: &str, later: &Later, value: Option<&Value>) -> Bridge {
    let passed = Passed {
        params: vec!["uintptr_t op".to_owned()],
        args: vec!["(void *)op".to_owned()],
        ..Passed::new(table)
    };
    checked(&later.end, &passed, value)
}

fn wrap(lines: &mut Vec<String>, result: &str, symbol: &str, passed: &Passed, call: &str) {
    lines.push(head(result, symbol, passed));
    lines.push(format!("    {result} r = {{0}};"));
    lines.extend(passed.before.iter().map(|line| format!("    {line}")));
    lines.push(format!("    {call}"));
    lines.extend(passed.after.iter().map(|line| format!("    {line}")));
    lines.push("    return r;".to_owned());
    lines.push("}".to_owned());
}

fn head(result: &str, symbol: &str, passed: &Passed) -> String {
    let params = match passed.params.is_empty() {
        true => "void".to_owned(),
        false => passed.params.join(", "),
    };
    format!("static inline {result} rt0_{symbol}({params}) {{")
}

/// A call that returns its result.
pub(super) fn direct(function: &Function, passed: &Passed) -> Bridge {
    let table = &passed.table;
    let symbol = &function.symbol;
    let ty = function
        .result
        .as_ref()
        .map_or(&Type::Void, |value| &value.ty);
    let mut call = format!("{table}.{symbol}({})", passed.args.join(", "));
    if is_address(ty) {
        call = format!("(uintptr_t){call}");
    }
    let mut lines = vec![head(&c(ty), symbol, passed)];
    lines.extend(passed.before.iter().map(|line| format!("    {line}")));
    match (ty, passed.after.is_empty()) {
        (Type::Void, _) => lines.push(format!("    {call};")),
        (_, true) => lines.push(format!("    return {call};")),
        (ty, false) => lines.push(format!("    {} given = {call};", c(ty))),
    }
    lines.extend(passed.after.iter().map(|line| format!("    {line}")));
    if *ty != Type::Void && !passed.after.is_empty() {
        lines.push("    return given;".to_owned());
    }
    lines.push("}".to_owned());
    Bridge { lines }
}

impl Shape {
    /// `again`: how many callbacks of the same type without an address stand before it in the same call.
    pub fn is(&self, ty: &Type, again: usize) -> bool {
        self.ty == *ty && self.again == again
    }

    pub fn new(number: usize, ty: &Type, again: usize, types: &super::types::Types<'_>) -> Shape {
        let Type::Callback {
            params,
            result,
            user,
        } = ty
        else {
            unreachable!("only callbacks have a shape")
        };
        let all = params.iter().enumerate();
        let name = |at: usize| match Some(at) == *user {
            true => "user".to_owned(),
            false => format!("a{at}"),
        };
        let seen = || shown(params, *user);
        let mut fields: Vec<_> = seen().map(|(at, ty)| format!("{} a{at}", c(ty))).collect();
        let gives = (**result != Type::Void).then(|| match is_address(result) {
            true => "(void *)f.result".to_owned(),
            false => "f.result".to_owned(),
        });
        if gives.is_some() {
            fields.push(format!("{} result", c(result)));
        }
        if fields.is_empty() {
            // A struct of C's has a field.
            fields.push("char nothing".to_owned());
        }
        let args: Vec<_> = seen()
            .map(|(at, ty)| types.as_go(ty, &format!("f.a{at}")))
            .collect();
        let call = format!("function({})", args.join(", "));
        Shape {
            number,
            user: user.is_some(),
            result: match **result {
                Type::Void => "void ".to_owned(),
                _ => real(result),
            },
            params: all
                .map(|(at, ty)| format!("{}{}", real(ty), name(at)))
                .collect(),
            fields,
            fills: seen()
                .map(|(at, ty)| match is_address(ty) {
                    true => format!("f.a{at} = (uintptr_t)a{at};"),
                    false => format!("f.a{at} = a{at};"),
                })
                .collect(),
            function: types.function(params, result, *user),
            call: match (&**result, gives.is_some()) {
                (_, false) => call,
                (ty @ Type::Struct { .. }, _) => {
                    format!("given := {call}\nf.result = {}", types.as_c(ty, "given"))
                }
                (ty, _) => format!("f.result = {}", types.as_c(ty, &call)),
            },
            gives,
            ty: ty.clone(),
            again,
        }
    }
}

impl Invoke {
    pub fn is(&self, ty: &Type) -> bool {
        self.ty == *ty
    }

    pub fn new(number: usize, ty: &Type, types: &super::types::Types<'_>) -> Invoke {
        let Type::Callback { params, result, .. } = ty else {
            unreachable!("only functions are invoked")
        };
        let all = || params.iter().enumerate();
        let kinds: Vec<_> = params.iter().map(real).collect();
        let given = match **result {
            Type::Void => "void ".to_owned(),
            _ => real(result),
        };
        let args: Vec<_> = all()
            .map(|(at, ty)| types.as_c(ty, &format!("a{at}")))
            .collect();
        let args = std::iter::once("at".to_owned()).chain(args);
        let call = format!(
            "C.rt0go_invoke_{number}({})",
            args.collect::<Vec<_>>().join(", ")
        );
        let signature: Vec<_> = all()
            .map(|(at, ty)| format!("a{at} {}", types.value(ty)))
            .collect();
        Invoke {
            number,
            result: c(result),
            params: all().map(|(at, ty)| format!("{} a{at}", c(ty))).collect(),
            cast: format!(
                "({given}(*)({}))",
                if kinds.is_empty() {
                    "void".to_owned()
                } else {
                    kinds.join(", ")
                }
            ),
            args: all()
                .map(|(at, ty)| match is_address(ty) {
                    true => format!("(void *)a{at}"),
                    false => format!("a{at}"),
                })
                .collect(),
            gives: **result != Type::Void,
            gives_address: is_address(result) && **result != Type::Void,
            function: types.function(params, result, None),
            signature: format!(
                "func({}){}",
                signature.join(", "),
                match &**result {
                    Type::Void => String::new(),
                    result => format!(" {}", types.value(result)),
                }
            ),
            call: match &**result {
                Type::Void => call,
                ty @ Type::Struct { .. } => {
                    format!("given := {call}\nreturn {}", types.as_go(ty, "given"))
                }
                ty => format!("return {}", types.as_go(ty, &call)),
            },
            ty: ty.clone(),
        }
    }
}
