//! One function for each kind of record.

use alloc::vec::Vec;

use super::note::{Items, number, text};
use super::{
    Description, Enum, Export, Gives, Handle, Library, NEWER, Name, Param, Struct, Symbol, Text,
    Type, Variant, Word,
};
use crate::record::{ABI_VERSION, FUTURE, kind, tag};

impl Description {
    pub(super) fn add(&mut self, kind: u32, desc: &[u8]) -> Result<(), &'static str> {
        let items = Items(desc);
        match kind {
            kind::LIBRARY => {
                if self.library.is_some() {
                    return Err("it holds two library records");
                }
                self.library = Some(library(items)?);
            }
            kind::EXPORT => self.exports.push(export(items)?),
            kind::STRUCT => {
                let (head, fields) = parts(items, tag::FIELD)?;
                self.structs.push(Struct {
                    name: head.name()?,
                    docs: head.docs,
                    fields: typed(fields)?,
                });
            }
            kind::ENUM => self.enums.push(enumeration(items)?),
            kind::HANDLE => {
                let (head, _) = parts(items, tag::PARAM)?;
                self.handles.push(Handle {
                    name: head.name()?,
                    docs: head.docs,
                });
            }
            kind::SYMBOL => {
                let (head, _) = parts(items, tag::PARAM)?;
                self.symbols.push(Symbol::new(head.name)?);
            }
            kind::CODES => self.codes.extend(variants(parts(items, tag::VARIANT)?.1)?),
            kind::HOOK => self.hooks.push(parts(items, tag::PARAM)?.0.name()?),
            // A later version added this kind of record: this reader skips it.
            _ => {}
        }
        Ok(())
    }
}

fn library(items: Items<'_>) -> Result<Library, &'static str> {
    let (mut prefix, mut krate) = ("", "");
    let (mut version, mut start, mut runtime, mut docs, mut own) = ("", "", "", "", "");
    let (mut abi, mut wait_ms, mut pins_itself) = (0, 0, false);
    let (mut ops, mut events) = (false, false);
    for item in items {
        let (tag, body) = item?;
        match tag {
            tag::NAME => prefix = text(body)?,
            tag::CRATE => krate = text(body)?,
            tag::VERSION => version = text(body)?,
            tag::ABI => {
                abi = u32::try_from(number(body)?).map_err(|_| "an impossible ABI version")?
            }
            tag::START => start = text(body)?,
            tag::WAIT_MS => wait_ms = number(body)?,
            tag::RUNTIME => runtime = text(body)?,
            tag::DOCS => docs = text(body)?,
            tag::PINS_ITSELF => pins_itself = number(body)? != 0,
            tag::OWN_FUNCTIONS => own = text(body)?,
            tag::OPS => ops = number(body)? != 0,
            tag::EVENTS => events = number(body)? != 0,
            _ => {}
        }
    }
    if abi > ABI_VERSION {
        return Err(NEWER);
    }
    if prefix.is_empty() {
        return Err("the library's record has no name");
    }
    Ok(Library {
        prefix: Name::new(prefix)?,
        krate: Word::new(if krate.is_empty() { prefix } else { krate })?,
        version: version.into(),
        abi,
        start: start.into(),
        wait_ms,
        runtime: runtime.into(),
        docs: docs.into(),
        pins_itself,
        own_functions: own
            .split(' ')
            .filter(|name| !name.is_empty())
            .map(Text::from)
            .collect(),
        ops,
        events,
    })
}

/// What comes before the first part of a record, or what one part holds.
#[derive(Default)]
struct Part<'a> {
    name: &'a str,
    rust_name: Option<Word>,
    docs: Text,
    ty: Option<Type>,
    value: i64,
    or: Option<Text>,
    enter: bool,
    form: i64,
    timeout_ms: Option<i64>,
}

impl Part<'_> {
    fn name(&self) -> Result<Name, &'static str> {
        Name::new(self.name)
    }
}

type Parts<'a> = (Part<'a>, Vec<Part<'a>>);

fn parts(items: Items<'_>, opens: u8) -> Result<Parts<'_>, &'static str> {
    let mut head = Part::default();
    let mut parts: Vec<Part<'_>> = Vec::new();
    for item in items {
        let (tag, body) = item?;
        if tag == opens {
            parts.push(Part {
                name: text(body)?,
                ..Part::default()
            });
            continue;
        }
        let part = parts.last_mut().unwrap_or(&mut head);
        match tag {
            tag::NAME => part.name = text(body)?,
            tag::RUST_NAME => part.rust_name = Some(Word::new(text(body)?)?),
            tag::DOCS => part.docs = text(body)?.into(),
            tag::TYPE => part.ty = Some(Type::decode(body)?),
            tag::VALUE => part.value = number(body)?,
            tag::OR => part.or = Some(text(body)?.into()),
            tag::ENTER => part.enter = number(body)? != 0,
            tag::ASYNC => part.form = number(body)?,
            tag::TIMEOUT_MS => part.timeout_ms = Some(number(body)?),
            _ => {}
        }
    }
    if head.name.is_empty() {
        return Err("a record has no name");
    }
    Ok((head, parts))
}

fn typed(parts: Vec<Part<'_>>) -> Result<Vec<Param>, &'static str> {
    parts
        .into_iter()
        .map(|part| {
            Ok(Param {
                name: Word::new(part.name)?,
                docs: part.docs,
                ty: part.ty.ok_or("a parameter or a field has no type")?,
            })
        })
        .collect()
}

fn export(items: Items<'_>) -> Result<Export, &'static str> {
    let (head, params) = parts(items, tag::PARAM)?;
    Ok(Export {
        symbol: head.name()?,
        rust_name: head.rust_name,
        docs: head.docs,
        params: typed(params)?,
        result: head.ty.ok_or("an export has no result type")?,
        or: head.or,
        enter: head.enter,
        gives: match head.form {
            0 => Gives::AtOnce,
            FUTURE => Gives::Later {
                timeout_ms: head.timeout_ms.unwrap_or(-1),
            },
            // A form that this reader does not know: it would describe the C functions wrongly.
            _ => return Err(NEWER),
        },
    })
}

fn enumeration(items: Items<'_>) -> Result<Enum, &'static str> {
    let (head, variants) = parts(items, tag::VARIANT)?;
    Ok(Enum {
        name: head.name()?,
        docs: head.docs,
        repr: head.ty.ok_or("an enum has no integer type")?,
        variants: self::variants(variants)?,
    })
}

fn variants(parts: Vec<Part<'_>>) -> Result<Vec<Variant>, &'static str> {
    parts
        .into_iter()
        .map(|part| {
            Ok(Variant {
                name: part.name()?,
                docs: part.docs,
                value: part.value,
            })
        })
        .collect()
}
