//! A library of any shape: anything that a crafted file could describe, but so close to correct that most of
//! it can be read.

use arbitrary::Arbitrary;
use rt0_abi::{NOTE_NAME, kind, tag};

/// Names and texts that are worth trying, besides those that the fuzzer invents.
const TEXTS: [&str; 48] = [
    "",
    "a",
    "a_",
    "a_2",
    "a_len",
    "a__len",
    "class",
    "class_",
    "out",
    "out_len",
    "err",
    "errno",
    "stdin",
    "EOF",
    "UINT32_MAX",
    "st_atime",
    "si_pid",
    "x_S0",
    "x_E0",
    "x_H0",
    "x_f0",
    "X_OK",
    "X_ERROR",
    "x_free",
    "co_await",
    "größe",
    "r#type",
    "_",
    "__x",
    "_X",
    "int32_t",
    "FILE",
    "*/",
    "/*",
    "??/",
    "a\\",
    "\\\n",
    "// a",
    "a\nb",
    "\u{1b}[2J",
    "\u{9b}",
    "\u{202e}",
    "\u{2028}",
    "\"",
    "x); int y(",
    "#define x y",
    "-2",
    "abort",
];

/// A text.
#[derive(Arbitrary, Clone, Debug)]
pub enum Words {
    Known(u8),
    Two(u8, u8),
    Many(u8, u8),
    Own(String),
}

impl Words {
    fn text(&self) -> String {
        let known = |at: &u8| TEXTS[usize::from(*at) % TEXTS.len()];
        match self {
            Words::Known(at) => known(at).to_owned(),
            Words::Two(one, two) => format!("{}{}", known(one), known(two)),
            Words::Many(at, times) => known(at).repeat(usize::from(*times)),
            Words::Own(text) => text.clone(),
        }
    }
}

/// A type, usually a real one.
#[derive(Arbitrary, Clone, Debug)]
pub enum Ty {
    Leaf(u8),
    Wrap(u8, Box<Ty>),
    Struct(u8),
    Enum(u8),
    Handle(u8),
    Function(Vec<Ty>, Box<Ty>),
}

impl Ty {
    fn code(&self, out: &mut Vec<u8>) {
        let one = |of: &[u8], at: &u8| of[usize::from(*at) % of.len()];
        let mut named = |code: u8, letter: char, at: &u8| {
            let name = format!("x_{letter}{}", at % 4);
            out.push(code);
            out.push(name.len() as u8);
            out.extend_from_slice(name.as_bytes());
        };
        match self {
            Ty::Leaf(at) => out.push(one(b"0baslxIhtmyZfdcvrg?", at)),
            Ty::Wrap(at, inner) => {
                out.push(one(b"pP&%[]wBoR", at));
                inner.code(out);
            }
            Ty::Struct(at) => named(b'S', 'S', at),
            Ty::Enum(at) => named(b'E', 'E', at),
            Ty::Handle(at) => named(b'H', 'H', at),
            Ty::Function(params, result) => {
                out.push(b'F');
                out.push(params.len() as u8);
                params.iter().take(255).for_each(|param| param.code(out));
                result.code(out);
            }
        }
    }
}

/// A parameter, a field or a variant.
#[derive(Arbitrary, Clone, Debug)]
pub struct Part {
    name: Words,
    ty: Ty,
    docs: Option<Words>,
    value: i64,
    times: u8,
}

/// When an export gives its result, usually in a form that a reader knows.
#[derive(Arbitrary, Clone, Debug)]
pub struct Later {
    other_form: Option<i64>,
    timeout_ms: Option<i64>,
}

/// One record besides the library's own.
#[derive(Arbitrary, Clone, Debug)]
pub enum Record {
    Export(
        Option<Words>,
        Vec<Part>,
        Ty,
        Option<Words>,
        Words,
        Option<Later>,
    ),
    Struct(Option<Words>, Vec<Part>, Words),
    Enum(Option<Words>, Vec<Part>, u8, Words),
    Handle(Option<Words>, Words),
    Other(u8, Vec<(u8, Words)>),
}

/// The whole library.
#[derive(Arbitrary, Clone, Debug)]
pub struct Library {
    prefix: Option<Words>,
    krate: Option<Words>,
    version: Words,
    docs: Words,
    has_init: bool,
    has_ops: bool,
    has_events: bool,
    records: Vec<Record>,
}

struct Note(Vec<u8>);

impl Note {
    fn item(&mut self, tag: u8, body: &[u8]) {
        self.0.push(tag);
        self.0.extend_from_slice(&(body.len() as u32).to_le_bytes());
        self.0.extend_from_slice(body);
    }

    fn text(&mut self, tag: u8, text: &Words) {
        self.item(tag, text.text().as_bytes());
    }

    fn ty(&mut self, ty: &Ty) {
        let mut code = Vec::new();
        ty.code(&mut code);
        self.item(tag::TYPE, &code);
    }

    fn name(&mut self, own: &Option<Words>, usual: String) {
        match own {
            Some(own) => self.text(tag::NAME, own),
            None => self.item(tag::NAME, usual.as_bytes()),
        }
    }

    fn parts(&mut self, opens: u8, parts: &[Part]) {
        for part in parts {
            for _ in 0..=part.times % 8 {
                self.text(opens, &part.name);
                if opens == tag::VARIANT {
                    self.item(tag::VALUE, &part.value.to_le_bytes());
                } else {
                    self.ty(&part.ty);
                }
                if let Some(docs) = &part.docs {
                    self.text(tag::DOCS, docs);
                }
            }
        }
    }

    fn end(self, kind: u32, out: &mut Vec<u8>) {
        for word in [4, self.0.len() as u32, kind] {
            out.extend_from_slice(&word.to_le_bytes());
        }
        out.extend_from_slice(&NOTE_NAME);
        out.extend_from_slice(&self.0);
        out.resize(out.len().next_multiple_of(4), 0);
    }
}

impl Library {
    /// The library as a file describes it.
    pub fn notes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.has_init {
            let mut note = Note(Vec::new());
            note.name(&self.prefix, "x".to_owned());
            if let Some(krate) = &self.krate {
                note.text(tag::CRATE, krate);
            }
            note.text(tag::VERSION, &self.version);
            let has_more = self.has_ops || self.has_events;
            note.item(tag::ABI, &(1 + i64::from(has_more)).to_le_bytes());
            note.item(tag::OPS, &i64::from(self.has_ops).to_le_bytes());
            note.item(tag::EVENTS, &i64::from(self.has_events).to_le_bytes());
            note.text(tag::DOCS, &self.docs);
            note.end(kind::LIBRARY, &mut out);
        }
        for (at, record) in self.records.iter().enumerate() {
            record.write(at, &mut out);
        }
        out
    }
}

impl Record {
    fn write(&self, at: usize, out: &mut Vec<u8>) {
        let mut note = Note(Vec::new());
        match self {
            Record::Export(name, params, result, or, docs, later) => {
                note.name(name, format!("x_f{at}"));
                note.ty(result);
                if let Some(or) = or {
                    note.text(tag::OR, or);
                }
                if let Some(later) = later {
                    let form = later.other_form.unwrap_or(rt0_abi::FUTURE);
                    note.item(tag::ASYNC, &form.to_le_bytes());
                    if let Some(ms) = later.timeout_ms {
                        note.item(tag::TIMEOUT_MS, &ms.to_le_bytes());
                    }
                }
                note.text(tag::DOCS, docs);
                note.parts(tag::PARAM, params);
                note.end(kind::EXPORT, out);
            }
            Record::Struct(name, fields, docs) => {
                note.name(name, format!("x_S{at}"));
                note.text(tag::DOCS, docs);
                note.parts(tag::FIELD, fields);
                note.end(kind::STRUCT, out);
            }
            Record::Enum(name, variants, repr, docs) => {
                note.name(name, format!("x_E{at}"));
                note.ty(&Ty::Leaf(repr % 12));
                note.text(tag::DOCS, docs);
                note.parts(tag::VARIANT, variants);
                note.end(kind::ENUM, out);
            }
            Record::Handle(name, docs) => {
                note.name(name, format!("x_H{at}"));
                note.text(tag::DOCS, docs);
                note.end(kind::HANDLE, out);
            }
            Record::Other(kind, items) => {
                for (tag, text) in items {
                    note.text(tag % 26, text);
                }
                note.end(u32::from(kind % 9), out);
            }
        }
    }
}
