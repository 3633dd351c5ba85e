//! The C prototype of an export: its parameters flattened, its result as out-parameters.

use rt0_abi::decode::{Export, Handle, Type};

use super::lower::{Known, element, no_form, pointee};
use super::{CType, Scope, length};

/// A C function, ready to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prototype {
    /// Its symbol.
    pub symbol: String,
    /// What it returns.
    pub result: CType,
    /// Its parameters by name.
    pub params: Vec<(String, CType)>,
    /// What a caller must know and the types do not say, one sentence each.
    pub notes: Vec<String>,
}

/// The longest line of a header.
const WIDTH: usize = 100;

impl Prototype {
    /// The prototype on one line, without the semicolon.
    pub fn line(&self) -> String {
        self.result
            .declare(&format!("{}({})", self.symbol, self.list().join(", ")))
    }

    /// The prototype with its semicolon, over several lines if one would be too long.
    pub fn declaration(&self) -> String {
        let line = self.line();
        if line.len() < WIDTH {
            return format!("{line};");
        }
        let list = self.list().join(",\n    ");
        let call = format!("{}(\n    {list})", self.symbol);
        // A result that is a function pointer continues after the parameters.
        format!("{};", self.result.declare(&call))
    }

    fn list(&self) -> Vec<String> {
        match self.params.as_slice() {
            [] => vec!["void".to_owned()],
            params => params.iter().map(|(name, ty)| ty.declare(name)).collect(),
        }
    }
}

/// The prototype of an exported function; of an async one, that of its blocking twin. `prefix` is the library's.
///
/// # Errors
/// A type of it has no form in C: a sentence.
pub fn of_export(export: &Export, known: &Known<'_>, prefix: &str) -> Result<Prototype, String> {
    let mut notes = Vec::new();
    let (result, outs) = match &export.result {
        Type::Result(value) => {
            let mut outs = outs(value, known, prefix, &mut notes)?;
            outs.push(err());
            (CType::name("int32_t"), outs)
        }
        Type::Unit => (CType::name("void"), Vec::new()),
        value => (element(value, known)?, Vec::new()),
    };
    let mut params = params(export, known, &outs, &mut notes)?;
    if let Some(or) = &export.or {
        let then = match (or.raw(), &export.result) {
            ("abort", _) => "Aborts the process".to_owned(),
            (_, Type::Unit) => "Just returns".to_owned(),
            (or, _) => format!("Returns `{or}`"),
        };
        notes.push(format!(
            "{then} when the library is not ready or the call panics."
        ));
    }
    params.extend(outs);
    Ok(Prototype {
        symbol: export.symbol.to_string(),
        result,
        params,
        notes,
    })
}

/// The call that begins an async export, with `more` parameters after its own.
///
/// # Errors
/// As [`of_export`].
pub fn of_begin(export: &Export, known: &Known<'_>, more: Params) -> Result<Prototype, String> {
    let mut notes = Vec::new();
    let mut params = params(export, known, &more, &mut notes)?;
    params.extend(more);
    Ok(Prototype {
        symbol: format!("{}_begin", export.symbol),
        result: CType::name("int32_t"),
        params,
        notes,
    })
}

/// The call that takes the result of an async export, with `first` before the places for the result.
///
/// # Errors
/// As [`of_export`].
pub fn of_end(
    export: &Export,
    known: &Known<'_>,
    prefix: &str,
    first: Params,
) -> Result<Prototype, String> {
    let Type::Result(value) = &export.result else {
        return Err("an async export must return a `Result`".to_owned());
    };
    let mut notes = Vec::new();
    let mut params = first;
    params.extend(outs(value, known, prefix, &mut notes)?);
    params.push(err());
    Ok(Prototype {
        symbol: format!("{}_end", export.symbol),
        result: CType::name("int32_t"),
        params,
        notes,
    })
}

/// The parameter for an error's text.
pub fn err() -> (String, CType) {
    let text = CType::pointer(CType::name("char"));
    ("err".to_owned(), CType::pointer(text))
}

/// The parameters that the author has written, under names that these others leave free.
fn params(
    export: &Export,
    known: &Known<'_>,
    others: &[(String, CType)],
    notes: &mut Vec<String>,
) -> Result<Params, String> {
    let mut scope = Scope::beside(known);
    for (name, _) in others {
        scope.take(name);
    }
    let mut params = Vec::new();
    for param in &export.params {
        let first = params.len();
        push_param(&param.name, &param.ty, known, &mut scope, &mut params)
            .map_err(|why| format!("parameter `{}`: {why}", param.name))?;
        let name = &params[first].0;
        match &param.ty {
            Type::Option(_) => notes.push(format!("`{name}` may be NULL, for none.")),
            Type::Owned(_) => notes.push(format!("This call closes `{name}`.")),
            _ => {}
        }
    }
    Ok(params)
}

/// The call that closes a handle.
pub fn of_handle_free(handle: &Handle) -> Prototype {
    let ty = CType::pointer(CType::name(&*handle.name));
    Prototype {
        symbol: format!("{}_free", handle.name),
        result: CType::name("int32_t"),
        params: vec![("handle".to_owned(), ty)],
        notes: Vec::new(),
    }
}

/// Parameters, or places for results, by name.
pub type Params = Vec<(String, CType)>;

fn push_param(
    name: &str,
    ty: &Type,
    known: &Known<'_>,
    scope: &mut Scope<'_>,
    into: &mut Params,
) -> Result<(), String> {
    let inner = match ty {
        Type::Option(inner) => inner,
        ty => ty,
    };
    let flat = match inner {
        Type::Str | Type::String => Some(CType::const_pointer(CType::name("char"))),
        Type::Slice { mutable: true, of } => Some(CType::pointer(element(of, known)?)),
        Type::Slice { of, .. } | Type::Vec(of) => Some(CType::const_pointer(element(of, known)?)),
        _ => None,
    };
    if let Some(pointer) = flat {
        let name = scope.claim_two(name);
        let len = length(&name);
        into.extend([(name, pointer), (len, CType::name("size_t"))]);
        return Ok(());
    }
    let ctype = match inner {
        Type::Owned(handle) => CType::pointer(handle_type(handle, known)?),
        _ => element(ty, known)?,
    };
    into.push((scope.claim(name), ctype));
    Ok(())
}

/// The out-parameters for the value of a `Result`, without `err`.
fn outs(
    value: &Type,
    known: &Known<'_>,
    prefix: &str,
    notes: &mut Vec<String>,
) -> Result<Params, String> {
    let out = |ty| ("out".to_owned(), CType::pointer(ty));
    let (value, optional) = match value {
        Type::Option(inner) => (&**inner, true),
        value => (value, false),
    };
    let none = if optional {
        ", or NULL when there is none"
    } else {
        ""
    };
    let element_type = match value {
        Type::Unit if !optional => return Ok(Vec::new()),
        Type::Str | Type::String => {
            notes.push(format!(
                "`*out` receives a text{none}: free it with {prefix}_free. `out_len` may be NULL."
            ));
            CType::name("char")
        }
        Type::Vec(of) => {
            notes.push(format!(
                "`*out` receives a buffer of `*out_len` elements{none}: free it with {prefix}_free."
            ));
            element(of, known)?
        }
        Type::Owned(handle) => {
            let handle = handle_type(handle, known)?;
            let free = handle.declare("");
            notes.push(format!(
                "`*out` receives a handle{none}: close it with {free}_free."
            ));
            return Ok(vec![out(CType::pointer(handle))]);
        }
        // A function pointer can itself be null.
        Type::Function { .. } => return Ok(vec![out(element(value, known)?)]),
        value => {
            let mut outs = vec![out(element(value, known)?)];
            if optional {
                notes.push("`*out_some` says whether there is a value.".into());
                outs.push(("out_some".into(), CType::pointer(CType::name("bool"))));
            }
            return Ok(outs);
        }
    };
    let len = CType::pointer(CType::name("size_t"));
    Ok(vec![
        out(CType::pointer(element_type)),
        ("out_len".to_owned(), len),
    ])
}

fn handle_type(ty: &Type, known: &Known<'_>) -> Result<CType, String> {
    match ty {
        Type::Handle(_) => pointee(ty, known),
        ty => Err(no_form(
            &Type::Owned(Box::new(ty.clone())),
            "unless it is a handle",
        )),
    }
}
