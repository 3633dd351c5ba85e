//! The files that tell build systems where a library is. They can be moved together with it.

use std::path::Path;

use rt0_abi::linking::Linker;

/// How the compiler asks for its own unwinder.
pub const UNWINDER: &str = "-lunwind";

/// What the files say of the library.
#[derive(Clone, Debug)]
pub struct Library {
    /// Its name, as the crate is called in Rust.
    pub name: String,
    /// The crate's version.
    pub version: String,
    /// What the crate says about itself.
    pub description: String,
    /// What its symbols begin with.
    pub prefix: String,
    /// What a program needs when it links the archive.
    pub native: Option<String>,
    /// Whether the archive contains the unwinder.
    pub unwinder: bool,
    /// The target.
    pub target: String,
}

/// Where the library and its header are, as values of pkg-config's variables.
#[derive(Clone, Debug)]
pub struct Dirs {
    /// `prefix`
    pub prefix: String,
    /// `libdir`
    pub libdir: String,
    /// `includedir`
    pub includedir: String,
    /// The header's folder below it: empty, or a path that begins with `/`.
    pub header: String,
    /// Whether the archive can be named by its path.
    pub by_path: bool,
}

impl Dirs {
    /// All files are in one folder, beside the pkg-config file. pkgconf drops the escapes in a path that does not
    /// belong to an option, so only a plain path can stand alone.
    pub fn one(out: &Path) -> Dirs {
        Dirs {
            prefix: prefix(out),
            libdir: "${prefix}".to_owned(),
            includedir: "${prefix}".to_owned(),
            header: String::new(),
            by_path: is_plain(out),
        }
    }
}

impl Library {
    /// `NAME.pc`: the shared library; with `pkg-config --static`, also what the archive needs.
    pub fn shared(&self, dirs: &Dirs) -> String {
        let mut out = self.head(dirs);
        out.push_str(&format!("Libs: -L${{libdir}} -l{}\n", self.name));
        let private = self.private().join(" ");
        if !private.is_empty() {
            out.push_str(&format!("Libs.private: {private}\n"));
        }
        out
    }

    /// `NAME-static.pc`: the archive alone, because `-lNAME` would find the shared library first. Every
    /// linker and every build system accepts the archive's path, while CMake loses the folder of a
    /// `-l:libNAME.a`.
    pub fn archive(&self, dirs: &Dirs) -> String {
        let is_apples = Linker::of_target(&self.target) == Linker::Apple;
        let archive = match dirs.by_path {
            true => format!("${{libdir}}/lib{}.a", self.name),
            // Apple's linker has no word for an archive that lies beside a shared library.
            false if is_apples => format!("-Wl,${{libdir}}/lib{}.a", self.name),
            false => format!("-L${{libdir}} -l:lib{}.a", self.name),
        };
        self.only(dirs, &archive)
    }

    /// `NAME.pc` where there is no shared library beside the archive.
    pub fn archive_alone(&self, dirs: &Dirs) -> String {
        self.only(dirs, &format!("-L${{libdir}} -l{}", self.name))
    }

    fn only(&self, dirs: &Dirs, archive: &str) -> String {
        let private = self.private().join(" ");
        format!("{}Libs: {archive} {private}\n", self.head(dirs))
    }

    fn head(&self, dirs: &Dirs) -> String {
        let about = match self.description.lines().next() {
            Some(line) if !line.trim().is_empty() => line.trim(),
            _ => "A library that boots itself",
        };
        // A dollar would begin a variable, a hash would begin a comment.
        let about = about.replace(['$', '#', '\\'], " ");
        let Dirs {
            prefix,
            libdir,
            includedir,
            header,
            ..
        } = dirs;
        format!(
            "prefix={prefix}\nlibdir={libdir}\nincludedir={includedir}\n\n\
             Name: {}\nDescription: {about}\nVersion: {}\nCflags: -I${{includedir}}{header}\n",
            self.name, self.version
        )
    }

    /// What a program needs that links the archive, one option each; nothing if no archive was built. A linker takes
    /// a member of an archive only when something refers to it; a host that calls no export still expects the
    /// library to start.
    pub fn private(&self) -> Vec<String> {
        let Some(native) = &self.native else {
            return Vec::new();
        };
        let asked = ask_for(&self.target, &format!("{}_state", self.prefix));
        // Every compiler driver adds the unwinder that fits how it links, and a statically linked program
        // cannot use a shared one.
        let is_unwinder = |word: &str| word == "-lgcc_s" || self.unwinder && word == UNWINDER;
        let native = native.split_whitespace().filter(|word| !is_unwinder(word));
        // The unwinder in the archive finds its tables by this.
        let tables = self.unwinder.then_some("-Wl,--eh-frame-hdr");
        [asked.as_str()]
            .into_iter()
            .chain(tables)
            .chain(native)
            .map(str::to_owned)
            .collect()
    }
}

/// The option that tells a linker to look for a symbol. GNU's linkers, LLVM's and mold (from version 2)
/// accept this spelling, and cgo lets it pass. To Apple's linker `-undefined` means something else.
fn ask_for(target: &str, symbol: &str) -> String {
    match Linker::of_target(target) == Linker::Apple {
        true => format!("-Wl,-u,_{symbol}"),
        false => format!("-Wl,-undefined={symbol}"),
    }
}

/// The folder of the files: the one that this file is in, even when they are moved. But pkg-config does not
/// quote that path if it has blanks, quotes and the like: such a path is written out, and the file can't be
/// moved.
fn prefix(out: &Path) -> String {
    if is_plain(out) {
        return "${pcfiledir}".to_owned();
    }
    escaped(out)
}

/// A path with what pkg-config would read as the end of a word escaped.
pub fn escaped(path: &Path) -> String {
    let mut escaped = String::new();
    for c in path.to_string_lossy().chars() {
        if is_special(c) && c != '$' {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn is_plain(path: &Path) -> bool {
    !path.to_string_lossy().contains(is_special)
}

fn is_special(c: char) -> bool {
    c.is_whitespace() || c.is_ascii_punctuation() && !"/._-+,:@=%^~".contains(c)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Dirs, Library, ask_for, prefix};

    #[test]
    fn paths_of_every_kind_can_stand_in_a_file() {
        for plain in ["/a/b-c_d+e.f", "/größe"] {
            assert_eq!(prefix(Path::new(plain)), "${pcfiledir}", "{plain}");
        }
        let odd = prefix(Path::new("/a b/it's/\"$x\"/#1"));
        assert_eq!(odd, "/a\\ b/it\\'s/\\\"$x\\\"/\\#1");
    }

    #[test]
    fn an_archive_beside_a_shared_library_is_named_as_the_linker_knows_it() {
        let named = |target: &str, out: &str| {
            let library = Library {
                name: "x".to_owned(),
                version: "1.0.0".to_owned(),
                description: String::new(),
                prefix: "x".to_owned(),
                native: None,
                unwinder: false,
                target: target.to_owned(),
            };
            let text = library.archive(&Dirs::one(Path::new(out)));
            let line = text.lines().find_map(|line| line.strip_prefix("Libs: "));
            line.unwrap_or_default().trim_end().to_owned()
        };
        for target in ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"] {
            assert_eq!(named(target, "/a"), "${libdir}/libx.a");
        }
        let odd = "/a b";
        assert_eq!(
            named("x86_64-unknown-linux-gnu", odd),
            "-L${libdir} -l:libx.a"
        );
        assert_eq!(named("aarch64-apple-darwin", odd), "-Wl,${libdir}/libx.a");
    }

    #[test]
    fn apples_linker_has_a_word_of_its_own() {
        let asked =
            ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"].map(|t| ask_for(t, "x_state"));
        assert_eq!(asked, ["-Wl,-undefined=x_state", "-Wl,-u,_x_state"]);
    }
}
