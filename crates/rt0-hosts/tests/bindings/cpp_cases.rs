//! `cases.json` as C++: a function for each case, by the names that a reader of docs/bindings/cpp.md expects.

use std::collections::BTreeMap;
use std::fmt::Write;

use cargo_rt0::bindings::Model;
use cargo_rt0::bindings::model::{Function, Param, Pass, Type};
use serde_json::Value;

/// The whole of `cases.hpp`.
pub fn all(model: &Model, cases: &Value) -> String {
    let mut out = String::from("// Written from cases.json by cpp_cases.rs.\n");
    let mut calls = String::new();
    let cases = cases["cases"].as_array().expect("a list");
    let mut count = 0;
    for (at, case) in cases.iter().enumerate() {
        let alone = vec![case.clone()];
        let steps = case["steps"].as_array().unwrap_or(&alone);
        if steps.iter().any(|step| step["last"] == true) {
            continue;
        }
        let mut one = Case {
            model,
            out: String::new(),
            handles: BTreeMap::new(),
        };
        steps.iter().for_each(|step| one.step(step));
        let handles = one.handles.iter();
        let handles: String = handles
            .map(|(name, ty)| format!("    {ty} {name};\n"))
            .collect();
        write!(
            out,
            "\nstatic void case_{at}([[maybe_unused]] form how) {{\n    [[maybe_unused]] notes noted;\n{handles}{}}}\n",
            one.out
        )
        .expect("into memory");
        writeln!(calls, "    case_{at}(how);").expect("into memory");
        count += 1;
    }
    format!(
        "{out}\nstatic void all_cases(form how) {{\n{calls}}}\n\nstatic const int CASES = {count};\n"
    )
}

struct Case<'a> {
    model: &'a Model,
    out: String,
    /// The handles, with their types.
    handles: BTreeMap<String, String>,
}

impl Case<'_> {
    fn step(&mut self, step: &Value) {
        if let Some(name) = step["close"].as_str() {
            self.line(&format!("    {name}.reset();"));
        } else if let Some(lines) = step["noted"].as_array() {
            self.noted(lines);
        } else {
            self.call(step);
        }
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// What `note` was called with: its parameters have the types of the last callback that was one.
    fn noted(&mut self, lines: &[Value]) {
        let mixed = lines
            .iter()
            .any(|line| line.as_array().map(Vec::len) == Some(5));
        let types = if mixed {
            self.callback_of("conform_mixed")
        } else {
            self.callback_of("conform_tell")
        };
        self.line("    notes wanted;");
        for line in lines {
            let line = line.as_array().expect("a list");
            let values: Vec<_> = line
                .iter()
                .zip(&types)
                .map(|(value, ty)| self.value(value, ty))
                .collect();
            self.line(&format!("    note(wanted, {});", values.join(", ")));
        }
        self.line("    must(noted == wanted, \"what was noted\");");
        self.line("    noted.clear();");
    }

    fn callback_of(&self, symbol: &str) -> Vec<Type> {
        let function = self.function(symbol);
        let callback = function.params.iter().find_map(|param| match &param.ty {
            Type::Callback { params, user, .. } => Some(shown(params, *user)),
            _ => None,
        });
        callback.expect("it has one")
    }

    fn function(&self, symbol: &str) -> &Function {
        let found = self.model.functions.iter().find(|f| f.symbol == symbol);
        found.expect("a function of the library")
    }

    fn call(&mut self, step: &Value) {
        let symbol = step["call"].as_str().expect("a symbol").to_owned();
        let function = self.function(&symbol).clone();
        let text = literal(&step.to_string());
        self.line("    {");
        self.line(&format!("        const char *step = {text};"));
        let args = step["args"].as_array().expect("a list");
        let params = function.params.iter().filter(|param| !param.user);
        let passed: Vec<_> = params
            .zip(args)
            .enumerate()
            .map(|(at, (param, arg))| self.argument(at, param, arg))
            .collect();
        let (target, mut passed) = target(&function, passed);
        let only_async = step["only"] == "async";
        let timeout = step["timeout_ms"].as_u64();
        let timeout = timeout.map(|ms| format!("std::chrono::milliseconds({ms})"));
        let list = passed.join(", ");
        let result = self.result(&function);
        let waits = format!("ask([&] {{ return {target}({list}); }})");
        let given = match (&function.later, step["gives"]["new"].as_str()) {
            (None, _) => waits,
            (Some(_), _) => {
                let mut with_time = passed.clone();
                with_time.extend(timeout.clone());
                let future = format!(
                    "ask([&] {{ return {target}_async({}).get(); }})",
                    with_time.join(", ")
                );
                passed.push("then".to_owned());
                passed.extend(timeout);
                let then = format!(
                    "ask_then<{result}>([&](auto then) {{ return {target}_async({}); }})",
                    passed.join(", ")
                );
                let first = if only_async { future.clone() } else { waits };
                format!("how == form::waits ? {first} : how == form::future ? {future} : {then}")
            }
        };
        self.line(&format!("        [[maybe_unused]] auto given = {given};"));
        self.check(step, &function, &result);
        for (at, after) in step["after"].as_object().into_iter().flatten() {
            let at: usize = at.parse().expect("an index");
            let param = function
                .params
                .iter()
                .filter(|param| !param.user)
                .nth(at)
                .expect("it is one");
            let wanted = self.stored(&param.ty, after);
            self.line(&format!("        same(arg{at}, {wanted}, step);"));
        }
        self.line("    }");
    }

    /// Declares what an argument needs, and gives what is passed.
    fn argument(&mut self, at: usize, param: &Param, arg: &Value) -> String {
        let name = format!("arg{at}");
        if let Some(handle) = arg["handle"].as_str().filter(|_| arg["callback"].is_null()) {
            return match (&param.ty, param.optional) {
                (
                    Type::Handle {
                        pass: Pass::Taken, ..
                    },
                    _,
                ) => format!("std::move({handle})"),
                (_, true) => format!("&{handle}"),
                (_, false) => handle.to_owned(),
            };
        }
        if arg.is_null() {
            return match &param.ty {
                Type::Text
                | Type::Slice { .. }
                | Type::Handle {
                    pass: Pass::Taken, ..
                } => "std::nullopt".to_owned(),
                _ => "nullptr".to_owned(),
            };
        }
        let declared = match &param.ty {
            Type::Callback {
                params: _,
                result,
                user: _,
            } => self.callback(arg, result),
            ty => self.stored(ty, arg),
        };
        self.line(&format!("        auto {name} = {declared};"));
        match (&param.ty, param.optional) {
            (Type::Reference { .. }, true) => format!("&{name}"),
            _ => name,
        }
    }

    /// A value that stands in a variable.
    fn stored(&self, ty: &Type, value: &Value) -> String {
        match ty {
            Type::Slice { of, .. } => self.array(of, value),
            Type::Reference { to, .. } => self.value(value, to),
            ty => self.value(value, ty),
        }
    }

    fn array(&self, of: &Type, value: &Value) -> String {
        let values = value.as_array().expect("a list");
        let all: Vec<_> = values.iter().map(|one| self.value(one, of)).collect();
        format!(
            "std::array<{}, {}>{{{}}}",
            self.ty(of),
            all.len(),
            all.join(", ")
        )
    }

    fn callback(&self, arg: &Value, result: &Type) -> String {
        let result = self.ty(result);
        match arg["callback"].as_str().expect("a name") {
            "same" => "[](const auto &one) { return number(one); }".to_owned(),
            "double" => {
                format!("[](const auto &one) {{ return static_cast<{result}>(number(one) * 2); }}")
            }
            "plus_one" => {
                format!("[](const auto &one) {{ return static_cast<{result}>(number(one) + 1); }}")
            }
            "note" => format!(
                "[&](const auto &...all) -> {result} {{ using made = {result}; note(noted, all...); return made(); }}"
            ),
            "fail" => format!("[](const auto &...) -> {result} {{ throw failed(); }}"),
            "use" => {
                let handle = arg["handle"].as_str().expect("a name");
                format!("[&](const auto &) {{ return {handle}.value(); }}")
            }
            other => panic!("an unknown callback: {other}"),
        }
    }

    fn check(&mut self, step: &Value, function: &Function, result: &str) {
        if let Some(fails) = step.get("fails") {
            if fails == "callback" {
                let code = if step.to_string().contains("\"use\"") {
                    "conform::codes::handle_busy"
                } else {
                    "OF_CALLBACK"
                };
                self.line(&format!(
                    "        fails(given, {code}, nullptr, nullptr, step);"
                ));
                return;
            }
            let text = |key: &str| {
                fails[key]
                    .as_str()
                    .map_or_else(|| "nullptr".to_owned(), literal)
            };
            let code = fails["code"].as_i64().expect("a number");
            self.line(&format!(
                "        fails(given, {code}, {}, {}, step);",
                text("text"),
                text("has")
            ));
            let class = match (fails["name"].as_str(), code) {
                (Some(name), _) => name.to_ascii_lowercase(),
                (None, 1..) => "library_error".to_owned(),
                (None, code) => {
                    let status = self.model.statuses.iter();
                    let named = status.filter(|status| status.code == code.into());
                    named.map(|status| status.name.snake()).collect()
                }
            };
            self.line(&format!(
                "        is_class<conform::errors::{class}>(step);"
            ));
            return;
        }
        self.line("        succeeded(given, step);");
        let Some(gives) = step.get("gives") else {
            return;
        };
        let value = function.result.as_ref().expect("it gives something");
        if let Some(name) = gives["new"].as_str() {
            let ty = result
                .trim_start_matches("std::optional<")
                .trim_end_matches('>');
            self.handles.insert(name.to_owned(), ty.to_owned());
            let star = if value.optional { "*" } else { "" };
            self.line(&format!("        {name} = std::move({star}given.value());"));
        } else if let Some(args) = gives["function"]["args"].as_array() {
            let wanted = &gives["function"]["gives"];
            self.line(&format!(
                "        must(given.value()({}) == {wanted}, step);",
                args[0]
            ));
        } else if gives["any"].is_null() {
            let wanted = match (&value.ty, gives.is_null()) {
                (Type::Pointer { .. } | Type::Callback { .. }, true) => "nullptr".to_owned(),
                (_, true) => {
                    self.line("        must(!given.value().has_value(), step);");
                    return;
                }
                (ty, false) => self.stored(ty, gives),
            };
            self.line(&format!("        same(given.value(), {wanted}, step);"));
        }
    }

    /// What a function gives, as C++ has it.
    fn result(&self, function: &Function) -> String {
        let Some(value) = &function.result else {
            return "void".to_owned();
        };
        let ty = match &value.ty {
            Type::Text => "std::string".to_owned(),
            Type::Slice { of, .. } => format!("conform::buffer<{}>", self.ty(of)),
            // Never the result of an async export, whose result alone must be named.
            Type::Callback { .. } => return "void".to_owned(),
            ty => self.ty(ty),
        };
        match value.optional {
            true => format!("std::optional<{ty}>"),
            false => ty,
        }
    }

    fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::Void => "void".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Int { signed, bits: 0 } => match signed {
                true => "std::ptrdiff_t".to_owned(),
                false => "std::size_t".to_owned(),
            },
            Type::Int { signed, bits } => {
                format!("std::{}int{bits}_t", if *signed { "" } else { "u" })
            }
            Type::Float { bits: 32 } => "float".to_owned(),
            Type::Float { .. } => "double".to_owned(),
            Type::Char => "char".to_owned(),
            Type::Struct { name } | Type::Enum { name } | Type::Handle { name, .. } => {
                name.replace("conform_", "conform::")
            }
            Type::Pointer { mutable, to } => {
                let constant = if *mutable { "" } else { "const " };
                format!("{constant}{} *", self.ty(to))
            }
            other => panic!("no value: {other:?}"),
        }
    }

    fn value(&self, value: &Value, ty: &Type) -> String {
        let cpp = || self.ty(ty);
        match (ty, value) {
            (Type::Text, Value::String(text)) => {
                format!("std::string_view({}, {})", literal(text), text.len())
            }
            (Type::Char, Value::String(text)) => format!("'{text}'"),
            (Type::Enum { .. }, Value::String(name)) => {
                let own = name.strip_prefix("CONFORM_").expect("a prefix");
                let own = own.split_once('_').expect("its enum").1;
                format!("{}::{}", cpp(), own.to_ascii_lowercase())
            }
            (Type::Enum { .. }, value) => format!("static_cast<{}>({})", cpp(), value["raw"]),
            (Type::Float { .. }, Value::String(text)) => match text.as_str() {
                "nan" => format!("static_cast<{}>(NAN)", cpp()),
                "inf" => format!("static_cast<{}>(INFINITY)", cpp()),
                _ => format!("static_cast<{}>(-INFINITY)", cpp()),
            },
            (Type::Int { signed: true, .. }, Value::String(text))
                if text == "-9223372036854775808" =>
            {
                format!("{}({} - 1)", cpp(), "-9223372036854775807")
            }
            (Type::Int { signed, .. }, Value::String(text)) => {
                format!("{}({text}{})", cpp(), if *signed { "" } else { "u" })
            }
            (Type::Struct { name }, Value::Object(fields)) => {
                let of = self.model.structs.iter().find(|s| s.name.name == *name);
                let all: Vec<_> = of
                    .expect("a struct of the library")
                    .fields
                    .iter()
                    .map(|field| match &field.ty {
                        Type::Callback { .. } => "nullptr".to_owned(),
                        ty => self.value(&fields[&field.name.name], ty),
                    })
                    .collect();
                format!("{}{{{}}}", cpp(), all.join(", "))
            }
            (Type::Pointer { .. }, Value::Null) => format!("static_cast<{}>(nullptr)", cpp()),
            (Type::Pointer { .. }, value) => {
                format!("reinterpret_cast<{}>(std::uintptr_t{{{value}}})", cpp())
            }
            (_, value) => format!("static_cast<{}>({value})", cpp()),
        }
    }
}

/// What is called, and the arguments that are left for it.
fn target(function: &Function, mut passed: Vec<String>) -> (String, Vec<String>) {
    let own = function.symbol.trim_start_matches("conform_");
    let taken = |name: &str| match name {
        "int" => "int_".to_owned(),
        name => name.to_owned(),
    };
    let first = function.params.first().filter(|param| !param.optional);
    match first.map(|param| &param.ty) {
        Some(Type::Handle { name, .. }) => {
            let class = name.trim_start_matches("conform_").to_ascii_lowercase();
            let short = own.strip_prefix(&format!("{class}_")).unwrap_or(own);
            let object = passed.remove(0);
            (format!("{object}.{}", taken(short)), passed)
        }
        _ => (format!("conform::{}", taken(own)), passed),
    }
}

fn shown(params: &[Type], user: Option<usize>) -> Vec<Type> {
    let all = params.iter().enumerate();
    let all = all.filter(|(at, _)| Some(*at) != user);
    all.map(|(_, ty)| ty.clone()).collect()
}

/// A text as a literal.
fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            byte => write!(out, "\\{byte:03o}").expect("into memory"),
        }
    }
    out.push('"');
    out
}
