//! From the description in the file to the model.

use std::collections::HashSet;

use rt0_abi::Status;
use rt0_abi::decode::{self, Description, Export, Gives};

use super::{
    Code, Enum, FORMAT, Field, Function, Handle, Later, Library, Method, Model, Named, Param, Pass,
    Struct, Type, Value,
};
use crate::c::lifecycle::STATES;
use crate::error::{Error, Result};
use crate::header;

/// The model of a library. `file` is its file's name without the system's beginning and ending.
///
/// # Errors
/// The file has no `#[rt0::init]`, or a type has no form in C.
pub fn of(description: &Description, file: &str) -> Result<Model> {
    let library = description.library.as_ref().ok_or_else(|| {
        Error::input(
            "it has exports but no #[rt0::init], so it can't start, and nothing can be freed: add one",
        )
    })?;
    let prefix = &*library.prefix;
    // Whatever C has no form for, no other language has.
    let header = header::generate(description, file)?;
    let structs = header::ordered(&description.structs).map_err(Error::input)?;
    let build = Build {
        prefix,
        handles: description.handles.iter().map(|h| &*h.name).collect(),
    };
    Ok(Model {
        format: FORMAT,
        library: Library {
            name: Named::new(prefix),
            crate_name: library.krate.to_string(),
            version: library.version.to_string(),
            abi: library.abi,
            docs: docs(&library.docs),
            file: plain_file(file).unwrap_or(prefix).to_owned(),
            ops: library.ops,
            events: library.events,
        },
        statuses: Status::ALL
            .iter()
            .map(|status| Code {
                name: Named::new(status.name()),
                code: status.code().into(),
                docs: status.text().to_owned(),
            })
            .collect(),
        codes: build.codes(&description.codes),
        states: (0..)
            .zip(STATES)
            .map(|(code, (name, text))| Code {
                name: Named::new(name),
                code,
                docs: text.to_owned(),
            })
            .collect(),
        enums: description
            .enums
            .iter()
            .map(|e| build.enumeration(e))
            .collect(),
        structs: structs.into_iter().map(|s| build.structure(s)).collect(),
        handles: description
            .handles
            .iter()
            .map(|handle| Handle {
                name: build.name(&handle.name),
                docs: docs(&handle.docs),
                free: format!("{}_free", handle.name),
            })
            .collect(),
        functions: description
            .exports
            .iter()
            .map(|export| build.function(export))
            .collect(),
        header,
    })
}

struct Build<'a> {
    prefix: &'a str,
    handles: HashSet<&'a str>,
}

impl Build<'_> {
    fn name(&self, name: &str) -> Named {
        Named::without(self.prefix, name)
    }

    /// One name for each number: the first.
    fn codes(&self, codes: &[decode::Variant]) -> Vec<Code> {
        let mut seen = HashSet::new();
        let prefix = format!("{}_ERROR", self.prefix.to_ascii_uppercase());
        let known = codes.iter().filter(|code| {
            (1..=i64::from(i32::MAX)).contains(&code.value) && seen.insert(code.value)
        });
        known
            .map(|code| Code {
                name: Named::without(&prefix, &code.name),
                code: code.value.into(),
                docs: docs(&code.docs),
            })
            .collect()
    }

    fn enumeration(&self, item: &decode::Enum) -> Enum {
        let variant = |variant: &decode::Variant| Code {
            name: Named::without(&screaming(&item.name), &variant.name),
            code: value(&item.repr, variant.value),
            docs: docs(&variant.docs),
        };
        Enum {
            name: self.name(&item.name),
            docs: docs(&item.docs),
            integer: self.ty(&item.repr),
            variants: item.variants.iter().map(variant).collect(),
        }
    }

    fn structure(&self, item: &decode::Struct) -> Struct {
        let field = |field: &decode::Param| Field {
            name: Named::new(plain(&field.name)),
            docs: docs(&field.docs),
            ty: self.ty(unwrapped(&field.ty).0),
        };
        Struct {
            name: self.name(&item.name),
            docs: docs(&item.docs),
            fields: item.fields.iter().map(field).collect(),
        }
    }

    fn function(&self, export: &Export) -> Function {
        let (result, fails) = match &export.result {
            decode::Type::Result(value) => (&**value, true),
            value => (value, false),
        };
        let result = (*result != decode::Type::Unit).then(|| {
            let (ty, optional) = unwrapped(result);
            let ty = match self.ty(ty) {
                Type::Handle { name, .. } => Type::Handle {
                    name,
                    pass: Pass::Given,
                },
                ty => ty,
            };
            Value { ty, optional }
        });
        let name = self.name(&export.symbol);
        let params = self.params(&export.params);
        Function {
            method: self.method(&name, &params),
            name,
            symbol: export.symbol.to_string(),
            docs: docs(&export.docs),
            params,
            result,
            or: (!fails).then(|| {
                let or = export.or.as_ref();
                or.map_or_else(|| "()".to_owned(), ToString::to_string)
            }),
            later: match export.gives {
                Gives::Later { timeout_ms } => Some(Later {
                    begin: format!("{}_begin", export.symbol),
                    end: format!("{}_end", export.symbol),
                    timeout_ms,
                }),
                _ => None,
            },
        }
    }

    fn params(&self, params: &[decode::Param]) -> Vec<Param> {
        let mut all: Vec<Param> = Vec::new();
        for param in params {
            let (ty, optional) = unwrapped(&param.ty);
            let ty = self.ty(ty);
            let user = is_user(&ty) && all.last_mut().is_some_and(gets_it_back);
            all.push(Param {
                name: Named::new(plain(&param.name)),
                ty,
                optional,
                user,
            });
        }
        all
    }

    /// A function whose first parameter is a handle that must be there is a method of it.
    fn method(&self, name: &Named, params: &[Param]) -> Option<Method> {
        let first = params.first().filter(|first| !first.optional)?;
        let Type::Handle { name: handle, .. } = &first.ty else {
            return None;
        };
        let own = self.name(handle).words;
        let short = match name.words.strip_prefix(&own[..]) {
            Some(rest)
                if rest
                    .first()
                    .is_some_and(|word| !word.starts_with(|c: char| c.is_ascii_digit())) =>
            {
                name.shortened(rest)
            }
            _ => name.clone(),
        };
        Some(Method {
            handle: handle.clone(),
            name: short,
        })
    }

    fn ty(&self, ty: &decode::Type) -> Type {
        let handle = |name: &decode::Name, pass| Type::Handle {
            name: name.to_string(),
            pass,
        };
        match ty {
            decode::Type::Unit | decode::Type::Void => Type::Void,
            decode::Type::Bool => Type::Bool,
            decode::Type::Int { signed, bits } => Type::Int {
                signed: *signed,
                bits: *bits,
            },
            decode::Type::Float(bits) => Type::Float { bits: *bits },
            decode::Type::Char => Type::Char,
            decode::Type::Str | decode::Type::String => Type::Text,
            decode::Type::Slice { mutable, of } => Type::Slice {
                mutable: *mutable,
                of: Box::new(self.ty(of)),
            },
            decode::Type::Vec(of) => Type::Slice {
                mutable: false,
                of: Box::new(self.ty(of)),
            },
            decode::Type::Struct(name) => Type::Struct {
                name: name.to_string(),
            },
            decode::Type::Enum(name) => Type::Enum {
                name: name.to_string(),
            },
            decode::Type::Handle(name) => handle(name, Pass::Shared),
            decode::Type::Owned(inner) => match &**inner {
                decode::Type::Handle(name) => handle(name, Pass::Taken),
                inner => self.ty(inner),
            },
            decode::Type::Reference { mutable, to } => match &**to {
                decode::Type::Handle(name) if self.handles.contains(&**name) => handle(
                    name,
                    if *mutable {
                        Pass::Exclusive
                    } else {
                        Pass::Shared
                    },
                ),
                to => Type::Reference {
                    mutable: *mutable,
                    to: Box::new(self.ty(to)),
                },
            },
            decode::Type::Pointer { mutable, to } => Type::Pointer {
                mutable: *mutable,
                to: Box::new(self.ty(to)),
            },
            decode::Type::Function { params, result } => Type::Callback {
                params: params.iter().map(|ty| self.ty(unwrapped(ty).0)).collect(),
                result: Box::new(self.ty(unwrapped(result).0)),
                user: None,
            },
            // `unwrapped` has taken these off where C allows them.
            decode::Type::Option(inner) | decode::Type::Result(inner) => self.ty(inner),
        }
    }
}

/// The type without its `Option`, and whether it had one.
fn unwrapped(ty: &decode::Type) -> (&decode::Type, bool) {
    match ty {
        decode::Type::Option(inner) => (inner, true),
        ty => (ty, false),
    }
}

/// Whether it is an address that a callback may get back.
fn is_user(ty: &Type) -> bool {
    matches!(ty, Type::Pointer { to, .. } if **to == Type::Void)
}

/// Whether this parameter is a callback that gets the address after it back. Notes which of its own parameters that is.
fn gets_it_back(param: &mut Param) -> bool {
    let Type::Callback { params, user, .. } = &mut param.ty else {
        return false;
    };
    *user = the_user_among(params);
    user.is_some()
}

/// A callback has one such parameter, the first or the last: otherwise nobody knows which it is.
fn the_user_among(params: &[Type]) -> Option<usize> {
    let mut users = (0..params.len()).filter(|&at| is_user(&params[at]));
    let at = users
        .next()
        .filter(|&at| at == 0 || at + 1 == params.len())?;
    users.next().is_none().then_some(at)
}

/// The name of a file, if it may stand in code; else it is looked for under the library's own name.
fn plain_file(file: &str) -> Option<&str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-+".contains(c);
    (!file.is_empty() && file.chars().all(plain)).then_some(file)
}

/// The description has every value as an `i64`, whatever its type reads.
fn value(ty: &decode::Type, stored: i64) -> i128 {
    match ty {
        decode::Type::Int {
            signed: false,
            bits,
        } if stored < 0 => {
            let bits = if *bits == 0 { 64 } else { *bits };
            i128::from(stored) + (1i128 << bits)
        }
        _ => stored.into(),
    }
}

/// A Rust name without the mark of a raw one.
fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// `search_SortOrder` as its variants begin: `SEARCH_SORT_ORDER`.
fn screaming(name: &str) -> String {
    let mut out = String::new();
    let mut before_is_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && before_is_lower {
            out.push('_');
        }
        before_is_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.push(c.to_ascii_uppercase());
    }
    out
}

/// A doc comment without the blank that stands before each line of `///`.
fn docs(text: &decode::Text) -> String {
    let shown = |line: &str| {
        let line: String = line
            .chars()
            .filter(|&c| c == '\t' || !decode::is_hidden(c))
            .collect();
        line.trim_end().to_owned()
    };
    let mut lines: Vec<String> = text.raw().lines().map(shown).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let blank = lines.iter().take_while(|line| line.is_empty()).count();
    lines.drain(..blank);
    if lines
        .iter()
        .all(|line| line.is_empty() || line.starts_with(' '))
    {
        for line in lines.iter_mut().filter(|line| !line.is_empty()) {
            line.remove(0);
        }
    }
    lines.join("\n")
}
