//! A crate's modules, and every path that its code contains. They are read from the tokens, so a `use`, a
//! re-export, an inline path and a path inside a macro are all the same.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// The name of a module: `["platform", "kernel"]`, empty for the crate's own file.
pub type Module = Vec<String>;

/// A path that starts inside the crate: its place, and what it names, relative to the crate.
pub struct Named {
    pub line: usize,
    pub path: Vec<String>,
}

/// One source file.
pub struct File {
    pub path: PathBuf,
    pub module: Module,
    pub named: Vec<Named>,
    /// Every word of its code, each with its first line; without modules that are only for tests.
    pub words: BTreeMap<String, usize>,
}

/// A crate's files.
pub struct Crate {
    pub files: Vec<File>,
    /// The modules of its macros. A path names a macro as if it were in the crate's own file.
    pub macros: HashMap<String, Module>,
}

impl Crate {
    /// Reads `lib.rs`, or `main.rs`, and every file that they declare, for any system.
    ///
    /// # Errors
    /// A file is missing, or is not Rust; or a module's path is not its name.
    pub fn read(folder: &Path) -> Result<Crate> {
        let mut found = Crate {
            files: Vec::new(),
            macros: HashMap::new(),
        };
        let top = ["lib.rs", "main.rs"].map(|name| folder.join(name));
        let top = top.iter().find(|path| path.exists());
        let top = top.context("there is no lib.rs and no main.rs")?;
        found.file(top, folder, Vec::new())?;
        Ok(found)
    }

    /// Reads one file, and the modules in its folder.
    fn file(&mut self, path: &Path, folder: &Path, module: Module) -> Result<()> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let tokens: TokenStream = text
            .parse()
            .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
        let mut reader = Reader {
            module: module.clone(),
            inside: module.clone(),
            named: Vec::new(),
            words: BTreeMap::new(),
            declared: Vec::new(),
            macros: Vec::new(),
        };
        reader
            .read(tokens)
            .with_context(|| path.display().to_string())?;
        for name in reader.macros {
            self.macros.insert(name, module.clone());
        }
        self.files.push(File {
            path: path.to_owned(),
            module: module.clone(),
            named: reader.named,
            words: reader.words,
        });
        for name in reader.declared {
            let inner = folder.join(&name);
            let mut file = inner.join("mod.rs");
            if !file.exists() {
                file = folder.join(format!("{name}.rs"));
            }
            let module = [module.as_slice(), &[name]].concat();
            self.file(&file, &inner, module)?;
        }
        Ok(())
    }

    /// The file's module that is the longest start of this path.
    pub fn module_of(&self, path: &[String]) -> Module {
        if let [name] = path
            && let Some(module) = self.macros.get(name)
        {
            return module.clone();
        }
        (0..=path.len())
            .rev()
            .map(|len| &path[..len])
            .find(|part| self.files.iter().any(|file| file.module == *part))
            .map(<[String]>::to_vec)
            .unwrap_or_default()
    }
}

/// Collects what one file contains.
struct Reader {
    /// The file's module.
    module: Module,
    /// The module of the current token, which can be a module with braces.
    inside: Module,
    named: Vec<Named>,
    words: BTreeMap<String, usize>,
    declared: Vec<String>,
    macros: Vec<String>,
}

impl Reader {
    fn read(&mut self, tokens: TokenStream) -> Result<()> {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        // Whether the attributes before an item say that it is only for tests.
        let mut for_tests = false;
        while at < tokens.len() {
            if let TokenTree::Ident(ident) = &tokens[at] {
                let line = ident.span().start().line;
                self.words.entry(ident.to_string()).or_insert(line);
            }
            at = match &tokens[at] {
                TokenTree::Punct(punct) if punct.as_char() == '#' => match tokens.get(at + 1) {
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
                        let text = group.stream().to_string().replace(' ', "");
                        ensure!(
                            !text.starts_with("path=") && !text.contains(",path="),
                            "#[{text}]: a module stands under its own name"
                        );
                        for_tests |= text == "cfg(test)";
                        self.read(group.stream())?;
                        at + 2
                    }
                    _ => at + 1,
                },
                TokenTree::Ident(ident) if *ident == "mod" => {
                    let after = self.declaration(&tokens, at, for_tests)?;
                    for_tests = false;
                    after
                }
                TokenTree::Ident(ident) if *ident == "macro_rules" => {
                    if let Some(TokenTree::Ident(name)) = tokens.get(at + 2) {
                        self.macros.push(name.to_string());
                    }
                    at + 3
                }
                TokenTree::Ident(ident) if *ident == "extern" => {
                    let text: String = tokens[at..tokens.len().min(at + 3)]
                        .iter()
                        .map(ToString::to_string)
                        .collect();
                    ensure!(
                        text != "externcrateself",
                        "`extern crate self` hides imports"
                    );
                    at + 1
                }
                // A macro of ours writes this for the author's code, with the author's paths.
                TokenTree::Ident(ident)
                    if (*ident == "quote" || *ident == "quote_spanned")
                        && matches!(tokens.get(at + 1), Some(TokenTree::Punct(_)))
                        && matches!(tokens.get(at + 2), Some(TokenTree::Group(_))) =>
                {
                    at + 3
                }
                TokenTree::Ident(ident) => match self.start(ident) {
                    Some(path) if is_path(&tokens, at + 1) => {
                        let line = ident.span().start().line;
                        self.path(&tokens, at + 1, &path, line)
                    }
                    _ => at + 1,
                },
                TokenTree::Group(group) => {
                    self.read(group.stream())?;
                    // An item ends here.
                    for_tests &= group.delimiter() != Delimiter::Brace;
                    at + 1
                }
                TokenTree::Punct(punct) => {
                    if punct.as_char() == ';' {
                        for_tests = false;
                    }
                    at + 1
                }
                TokenTree::Literal(_) => at + 1,
            };
        }
        Ok(())
    }

    /// Reads `mod name;` or `mod name { ... }`, at the word `mod`; returns where to continue.
    fn declaration(&mut self, tokens: &[TokenTree], at: usize, for_tests: bool) -> Result<usize> {
        let Some(TokenTree::Ident(name)) = tokens.get(at + 1) else {
            return Ok(at + 1);
        };
        match tokens.get(at + 2) {
            Some(TokenTree::Punct(_)) => {
                if !for_tests {
                    if self.inside != self.module {
                        bail!("`mod {name};` inside a module with braces");
                    }
                    let name = name.to_string();
                    if !self.declared.contains(&name) {
                        self.declared.push(name);
                    }
                }
                Ok(at + 3)
            }
            Some(TokenTree::Group(group)) => {
                if !for_tests {
                    self.inside.push(name.to_string());
                    self.read(group.stream())?;
                    self.inside.pop();
                }
                Ok(at + 3)
            }
            _ => Ok(at + 1),
        }
    }

    /// The start of a path that begins with this word, if the path stays in this crate.
    fn start(&self, ident: &Ident) -> Option<Vec<String>> {
        let mut inside = self.inside.clone();
        match ident.to_string().as_str() {
            "crate" => Some(Vec::new()),
            "self" => Some(inside),
            "super" => {
                inside.pop();
                Some(inside)
            }
            _ => None,
        }
    }

    /// Records the path, and everything that a group at its end names; `at` is after the path's first word.
    fn path(
        &mut self,
        tokens: &[TokenTree],
        mut at: usize,
        start: &[String],
        line: usize,
    ) -> usize {
        let mut path = start.to_vec();
        while is_path(tokens, at) {
            match &tokens[at + 2] {
                TokenTree::Ident(ident) if *ident == "super" => {
                    path.pop();
                }
                TokenTree::Ident(ident) => {
                    self.words.entry(ident.to_string()).or_insert(line);
                    path.push(ident.to_string());
                }
                TokenTree::Group(group) => {
                    self.group(group.stream(), &path);
                    return at + 3;
                }
                // `*` names the module itself; `<` begins a list of types.
                _ => break,
            }
            at += 3;
        }
        self.named.push(Named { line, path });
        at
    }

    /// The paths inside the braces of a `use`.
    fn group(&mut self, tokens: TokenStream, start: &[String]) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            let line = tokens[at].span().start().line;
            at = match &tokens[at] {
                TokenTree::Ident(ident) if *ident == "as" => at + 2,
                TokenTree::Ident(ident) if *ident == "self" => {
                    self.named.push(Named {
                        line,
                        path: start.to_vec(),
                    });
                    at + 1
                }
                TokenTree::Ident(ident) => {
                    self.words.entry(ident.to_string()).or_insert(line);
                    let path = [start, &[ident.to_string()]].concat();
                    self.path(&tokens, at + 1, &path, line)
                }
                TokenTree::Punct(punct) if punct.as_char() == '*' => {
                    self.named.push(Named {
                        line,
                        path: start.to_vec(),
                    });
                    at + 1
                }
                _ => at + 1,
            };
        }
    }
}

/// Whether `::` and something else follow.
fn is_path(tokens: &[TokenTree], at: usize) -> bool {
    let colon =
        |at| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    colon(at) && colon(at + 1) && tokens.get(at + 2).is_some()
}
