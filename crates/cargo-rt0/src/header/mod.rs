//! Writes the C header, from the description alone.

mod comment;
mod constants;
#[cfg(test)]
pub(crate) mod tests;
mod types;

pub(crate) use types::ordered;

use std::collections::HashSet;

use rt0_abi::decode::{Description, Export, Gives, Name};

use crate::c::{self, Known, Prototype, lifecycle};
use crate::error::{Error, Result};
use crate::symbols;

/// Writes the header of a library. `name` is the library's file name without `lib` and its ending, for a file
/// that has exports but no `#[rt0::init]` and hence no prefix of its own.
///
/// The same description always gives the same text.
///
/// # Errors
/// C has no form for a type.
pub fn generate(description: &Description, name: &str) -> Result<String> {
    written(description, name, Form::Header)
}

/// The same declarations without a line for the preprocessor, for other languages that read C: cffi, LuaJIT, PHP.
/// Those know `int32_t`, `size_t` and `bool`.
///
/// # Errors
/// As [`generate`].
pub fn plain(description: &Description, name: &str) -> Result<String> {
    written(description, name, Form::Plain)
}

/// Who reads the declarations.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A C or C++ compiler.
    Header,
    /// A reader that knows C's types and has no preprocessor.
    Plain,
}

fn written(description: &Description, name: &str, form: Form) -> Result<String> {
    let library = description.library.as_ref();
    let prefix = library.map_or_else(|| symbols::prefix_from(name), |l| l.prefix.to_string());
    let upper = prefix.to_ascii_uppercase();
    let known = Known::of(description);

    let mut out = comment::first(&match library {
        Some(l) => format!(
            "The C header of {} {}, written by cargo rt0.",
            l.krate, l.version
        ),
        None => "A C header, written by cargo rt0.".to_owned(),
    });
    let guard = format!("{upper}_RT0_H");
    if form == Form::Header {
        out.push_str(&format!("#ifndef {guard}\n#define {guard}\n\n"));
        out.push_str("#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n");
        out.push_str("#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
    }
    if let Some(library) = library {
        out.push_str(&constants::all(&upper, library, form));
        out.push_str(&constants::codes(&description.codes));
    }
    if has_ops(description) {
        out.push_str(&types::opaque(&c::ops::types(&prefix)));
    }
    out.push_str(&types::forward(description));
    for item in &description.enums {
        let text = types::enumeration(item, form)
            .map_err(|why| Error::input(format!("enum `{}`: {why}", item.name)))?;
        out.push_str(&format!("{text}\n"));
    }
    for item in types::ordered(&description.structs).map_err(Error::input)? {
        let text = types::structure(item, &known)
            .map_err(|why| Error::input(format!("struct `{}`: {why}", item.name)))?;
        out.push_str(&format!("{text}\n"));
    }
    for (export, prototype) in description
        .exports
        .iter()
        .zip(prototypes(description, &prefix)?)
    {
        declare(&mut out, export.docs.raw(), &prototype.call);
        for call in prototype.later.iter().flatten() {
            declare(&mut out, "", call);
        }
    }
    for handle in &description.handles {
        let docs = format!(
            "Closes a handle that the library gave as `{} *`.",
            handle.name
        );
        declare(&mut out, &docs, &c::of_handle_free(handle));
    }
    if let Some(library) = library {
        let ops = library.ops.then(|| c::ops::calls(&prefix));
        let events = library.events.then(|| c::events::call(&prefix));
        let own = ops.into_iter().flatten().chain(events);
        for call in own.chain(lifecycle::calls(&prefix)) {
            declare(&mut out, "", &call);
        }
    }
    if form == Form::Header {
        out.push_str(&format!(
            "#ifdef __cplusplus\n}}\n#endif\n\n#endif /* {guard} */\n"
        ));
    }
    Ok(out)
}

/// The C functions of one export.
#[derive(Clone, Debug)]
pub struct Prototypes {
    /// The one of its name.
    pub call: Prototype,
    /// For an async export, those that begin and end it.
    pub later: Option<[Prototype; 2]>,
}

/// The prototypes of the exports, in the description's order.
///
/// # Errors
/// C has no form for a type: the error names the export.
pub fn prototypes(description: &Description, prefix: &str) -> Result<Vec<Prototypes>> {
    let known = Known::of(description);
    let one = |export: &Export| {
        let of = || {
            let mut call = c::of_export(export, &known, prefix)?;
            let later = c::ops::of_async(export, &known, prefix)?;
            if later.is_some() {
                call.notes.push(c::ops::twin_note(export));
            }
            Ok(Prototypes { call, later })
        };
        of().map_err(|why: String| Error::input(format!("export `{}`: {why}", export.symbol)))
    };
    description.exports.iter().map(one).collect()
}

/// Whether the header needs the types of ops and queues.
fn has_ops(description: &Description) -> bool {
    description
        .library
        .as_ref()
        .is_some_and(|library| library.ops)
        || description.exports.iter().any(is_async)
}

fn is_async(export: &Export) -> bool {
    matches!(export.gives, Gives::Later { .. })
}

fn declare(out: &mut String, docs: &str, prototype: &Prototype) {
    out.push_str(&comment::with_notes(docs, &prototype.notes));
    out.push_str(&format!("{}\n\n", prototype.declaration()));
}

/// Checks every name at file scope. A name that is reserved in C, or that stands for two things, is better an
/// error here than in the host's compiler. [`crate::description::read`] calls this.
pub(crate) fn check_names(description: &Description) -> Result<()> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut check = |kind: &str, name: &str, what_to_do: &str| {
        let refused = Name::new(name).map_or_else(Some, |name| c::refusal(&name));
        // The macros put a crate's prefix before each name: without a prefix it could clash with any name of
        // the host's.
        let bare = !name.trim_start_matches('_').contains('_');
        let refused = refused.or(bare.then_some("it has no prefix"));
        let is_new = seen.insert(name.to_owned());
        let why = refused.or((!is_new).then_some("the name is already taken"));
        why.map_or(Ok(()), |why| {
            Err(Error::input(format!("{kind} `{name}`: {why}{what_to_do}")))
        })
    };
    const PREFIX: &str = ": set `[package.metadata.rt0] prefix = \"...\"` in Cargo.toml";
    const EXPORT: &str = ": rename it with `#[rt0::export(name = \"...\")]`";
    const RENAME: &str = ": rename it";
    if let Some(library) = &description.library {
        // A prefix may be a keyword, because it never stands alone.
        check("prefix", &format!("{}_", library.prefix), PREFIX)?;
        if library.prefix.starts_with('_') {
            let prefix = &library.prefix;
            return Err(Error::input(format!(
                "prefix `{prefix}`: names that begin with an underscore are reserved for the compiler{PREFIX}"
            )));
        }
        let upper = library.prefix.to_ascii_uppercase();
        for name in constants::names(&upper) {
            check("constant", &name, PREFIX)?;
        }
        for name in rt0_abi::LIFECYCLE {
            let name = format!("{}_{name}", library.prefix);
            check("lifecycle call", &name, PREFIX)?;
        }
        if library.ops {
            for name in rt0_abi::OP_TYPES.iter().chain(&rt0_abi::OPS) {
                let name = format!("{}_{name}", library.prefix);
                check("name of async exports", &name, PREFIX)?;
            }
        }
        if library.events {
            let name = format!("{}_{}", library.prefix, rt0_abi::EVENTS);
            check("call", &name, PREFIX)?;
        }
    }
    for code in &description.codes {
        check("error", &c::constant(&code.name), RENAME)?;
    }
    for handle in &description.handles {
        check("handle", &handle.name, RENAME)?;
        check("call", &format!("{}_free", handle.name), RENAME)?;
    }
    for item in &description.structs {
        check("struct", &item.name, RENAME)?;
    }
    for item in &description.enums {
        check("enum", &item.name, RENAME)?;
        for variant in &item.variants {
            check("constant", &c::constant(&variant.name), RENAME)?;
        }
    }
    for export in &description.exports {
        check("export", &export.symbol, EXPORT)?;
        if is_async(export) {
            for half in ["begin", "end"] {
                let name = format!("{}_{half}", export.symbol);
                check("half of an async export", &name, EXPORT)?;
            }
        }
    }
    Ok(())
}
