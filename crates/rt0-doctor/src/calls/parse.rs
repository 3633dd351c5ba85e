//! Reads `add(i32 2, i32 3) -> i32 = 5`.

use super::{Arg, Call, Expect, Kind, Ty, Value};

/// Reads a call: `NAME(TYPE VALUE, ...) [-> TYPE [= VALUE | != VALUE]]`.
///
/// # Errors
/// It is none: a sentence that says what was expected where.
pub fn parse(text: &str) -> Result<Call, String> {
    let mut reader = Reader { text, rest: text };
    reader.call().map_err(|why| {
        let at = text.len() - reader.rest.len();
        format!(
            "the call `{text}` can't be read at letter {}: {why}",
            at + 1
        )
    })
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn call(&mut self) -> Result<Call, String> {
        let symbol = self.word();
        if symbol.is_empty() {
            return Err("a function's name comes first".to_owned());
        }
        self.expect("(")?;
        let mut args = Vec::new();
        while !self.take(")") {
            if !args.is_empty() {
                self.expect(",")?;
            }
            args.push(self.arg()?);
        }
        let mut call = Call {
            symbol: symbol.to_owned(),
            kind: match args.contains(&Arg::Callback) {
                true => Kind::CallsBack,
                false => Kind::Plain,
            },
            args,
            result: Ty::Void,
            expect: Expect::Anything,
            later: None,
        };
        if self.take("->") {
            call.result = self.ty()?;
            if self.take("=") {
                call.expect = Expect::Is(self.value(call.result)?);
            } else if self.take("!=") {
                call.expect = Expect::IsNot(self.value(call.result)?);
            }
        }
        self.blank();
        match self.rest.is_empty() {
            true => Ok(call),
            false if call.result == Ty::Void => Err("`-> TYPE` or the end is expected".to_owned()),
            false => Err("`= VALUE`, `!= VALUE` or the end is expected".to_owned()),
        }
    }

    fn arg(&mut self) -> Result<Arg, String> {
        let before = self.rest;
        match self.word() {
            "callback" => return Ok(Arg::Callback),
            "text" => return Ok(Arg::Text(self.string()?)),
            "buffer" => {
                let size = self.number()?;
                return match size {
                    0..=0x100_0000 => Ok(Arg::Buffer(size as usize)),
                    _ => Err("a buffer has at most 16 MiB".to_owned()),
                };
            }
            _ => self.rest = before,
        }
        let ty = self.ty()?;
        match ty {
            Ty::Void => Err("no argument is `void`".to_owned()),
            Ty::Ptr if self.keyword("null") => Ok(Arg::Null),
            ty => Ok(match self.value(ty)? {
                Value::Int(value) => Arg::Int(ty, value),
                Value::Float(value) => Arg::Float(ty, value),
                Value::Str(text) => Arg::Str(text),
                Value::Void => unreachable!("refused above"),
            }),
        }
    }

    fn ty(&mut self) -> Result<Ty, String> {
        self.blank();
        if self.take("()") {
            return Ok(Ty::Void);
        }
        let before = self.rest;
        let name = self.word();
        Ty::named(name).ok_or_else(|| {
            self.rest = before;
            format!(
                "`{name}` is no type: bool, i8 to i64, u8 to u64, isize, usize, f32, f64, ptr, str, \
                 and for arguments text, buffer, callback"
            )
        })
    }

    fn value(&mut self, ty: Ty) -> Result<Value, String> {
        Ok(match ty {
            Ty::Void => return Err("`void` has no value".to_owned()),
            Ty::Str => Value::Str(self.string()?),
            Ty::F32 | Ty::F64 => {
                let word = self.number_word();
                let value: f64 = word.parse().map_err(|_| format!("`{word}` is no number"))?;
                Value::Float(if ty == Ty::F32 {
                    f64::from(value as f32)
                } else {
                    value
                })
            }
            Ty::Bool if self.keyword("true") => Value::Int(1),
            Ty::Bool if self.keyword("false") => Value::Int(0),
            Ty::Ptr if self.keyword("null") => Value::Int(0),
            ty => {
                let value = self.number()?;
                let (low, high) = ty.range().unwrap_or((i128::MIN, i128::MAX));
                if !(low..=high).contains(&value) {
                    return Err(format!("{value} is not a value of {}", ty.name()));
                }
                Value::Int(value)
            }
        })
    }

    fn number(&mut self) -> Result<i128, String> {
        let word = self.number_word();
        let (negative, digits) = match word.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, word),
        };
        let value = match digits.strip_prefix("0x") {
            Some(digits) => i128::from_str_radix(digits, 16),
            None => digits.parse(),
        };
        let value: i128 = value.map_err(|_| format!("`{word}` is no whole number"))?;
        Ok(if negative { -value } else { value })
    }

    /// A text in quotes, with `\"`, `\\`, `\n`, `\t` and `\0`.
    fn string(&mut self) -> Result<String, String> {
        self.expect("\"")?;
        let mut out = String::new();
        let mut letters = self.rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(out);
                }
                '\\' => match letters.next() {
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, 't')) => out.push('\t'),
                    Some((_, '0')) => out.push('\0'),
                    Some((_, letter @ ('"' | '\\'))) => out.push(letter),
                    _ => return Err("a backslash is followed by \", \\, n, t or 0".to_owned()),
                },
                letter => out.push(letter),
            }
        }
        Err("the text has no end: a `\"` is missing".to_owned())
    }

    fn blank(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, what: &str) -> bool {
        self.blank();
        let rest = self.rest.strip_prefix(what);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, what: &str) -> Result<(), String> {
        match self.take(what) {
            true => Ok(()),
            false => Err(format!("`{what}` is expected")),
        }
    }

    fn keyword(&mut self, what: &str) -> bool {
        let before = self.rest;
        let found = self.word() == what;
        if !found {
            self.rest = before;
        }
        found
    }

    fn word(&mut self) -> &'a str {
        self.run(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '$' | '.' | '@'))
    }

    fn number_word(&mut self) -> &'a str {
        self.run(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '+'))
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        self.blank();
        let start = self.text.len() - self.rest.len();
        self.rest = self.rest.trim_start_matches(belongs);
        &self.text[start..self.text.len() - self.rest.len()]
    }
}
