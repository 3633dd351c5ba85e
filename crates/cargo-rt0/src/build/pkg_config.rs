//! The files that tell build systems where a library is. They can be moved together with it.

use std::path::Path;

use super::project::Project;

/// How the compiler asks for its own unwinder.
pub const UNWINDER: &str = "-lunwind";

/// What goes into the files.
pub struct Files<'a> {
    /// The crate.
    pub project: &'a Project,
    /// The library's prefix.
    pub prefix: &'a str,
    /// What a program needs when it links the archive.
    pub native: Option<&'a str>,
    /// Whether the archive contains the unwinder.
    pub unwinder: bool,
    /// The target.
    pub target: &'a str,
    /// The directory of the files.
    pub out: &'a Path,
}

impl Files<'_> {
    /// `NAME.pc`: the shared library; with `pkg-config --static`, also what the archive needs.
    pub fn shared(&self) -> String {
        let mut out = self.head();
        out.push_str(&format!(
            "Libs: -L${{libdir}} -l{}\n",
            self.project.crate_name
        ));
        if let Some(private) = self.private() {
            out.push_str(&format!("Libs.private: {private}\n"));
        }
        out
    }

    /// `NAME-static.pc`: the archive alone, because `-lNAME` would find the shared library first. Every
    /// linker and every build system accepts the archive's path, while CMake loses the folder of a
    /// `-l:libNAME.a`. But pkgconf drops the escapes in a path that does not belong to an option.
    pub fn archive(&self) -> String {
        let mut out = self.head();
        let private = self.private().unwrap_or_default();
        let name = &self.project.crate_name;
        let archive = match is_plain(self.out) {
            true => format!("${{libdir}}/lib{name}.a"),
            false => format!("-L${{libdir}} -l:lib{name}.a"),
        };
        out.push_str(&format!("Libs: {archive} {private}\n"));
        out
    }

    fn head(&self) -> String {
        let about = match self.project.description.lines().next() {
            Some(line) if !line.trim().is_empty() => line.trim(),
            _ => "A library that boots itself",
        };
        // A dollar would begin a variable, a hash would begin a comment.
        let about = about.replace(['$', '#', '\\'], " ");
        format!(
            "prefix={}\nlibdir=${{prefix}}\nincludedir=${{prefix}}\n\n\
             Name: {}\nDescription: {about}\nVersion: {}\nCflags: -I${{includedir}}\n",
            prefix(self.out),
            self.project.crate_name,
            self.project.version
        )
    }

    /// A linker takes a member of an archive only when something refers to it; a host that calls no export
    /// still expects the library to start.
    fn private(&self) -> Option<String> {
        let native = self.native?;
        let asked = ask_for(self.target, &format!("{}_state", self.prefix));
        // Every compiler driver adds the unwinder that fits how it links, and a statically linked program
        // cannot use a shared one.
        let is_unwinder = |word: &str| word == "-lgcc_s" || self.unwinder && word == UNWINDER;
        let native = native.split_whitespace().filter(|word| !is_unwinder(word));
        // The unwinder in the archive finds its tables by this.
        let tables = self.unwinder.then_some("-Wl,--eh-frame-hdr");
        let all: Vec<_> = [asked.as_str()]
            .into_iter()
            .chain(tables)
            .chain(native)
            .collect();
        Some(all.join(" "))
    }
}

/// The option that tells a linker to look for a symbol. GNU's linkers, LLVM's and mold (from version 2)
/// accept this spelling, and cgo lets it pass. To Apple's linker `-undefined` means something else.
fn ask_for(target: &str, symbol: &str) -> String {
    match target.contains("-apple-") {
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
    let mut escaped = String::new();
    for c in out.to_string_lossy().chars() {
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

    use super::{ask_for, prefix};

    #[test]
    fn paths_of_every_kind_can_stand_in_a_file() {
        for plain in ["/a/b-c_d+e.f", "/größe"] {
            assert_eq!(prefix(Path::new(plain)), "${pcfiledir}", "{plain}");
        }
        let odd = prefix(Path::new("/a b/it's/\"$x\"/#1"));
        assert_eq!(odd, "/a\\ b/it\\'s/\\\"$x\\\"/\\#1");
    }

    #[test]
    fn apples_linker_has_a_word_of_its_own() {
        let asked =
            ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"].map(|t| ask_for(t, "x_state"));
        assert_eq!(asked, ["-Wl,-undefined=x_state", "-Wl,-u,_x_state"]);
    }
}
