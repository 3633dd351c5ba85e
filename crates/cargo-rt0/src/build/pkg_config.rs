//! The files by which build systems find a library. They can be moved together with it.

use super::project::Project;

/// What goes into the files.
pub struct Files<'a> {
    /// The crate.
    pub project: &'a Project,
    /// The library's prefix.
    pub prefix: &'a str,
    /// What a program needs that links the archive.
    pub native: Option<&'a str>,
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

    /// `NAME-static.pc`: the archive alone, where a `-lNAME` would find the shared library first.
    pub fn archive(&self) -> String {
        let mut out = self.head();
        let private = self.private().unwrap_or_default();
        out.push_str(&format!(
            "Libs: -L${{libdir}} -l:lib{}.a {private}\n",
            self.project.crate_name
        ));
        out
    }

    fn head(&self) -> String {
        let about = match self.project.description.lines().next() {
            Some(line) if !line.trim().is_empty() => line.trim(),
            _ => "A library that boots itself",
        };
        // A dollar would begin a variable, a hash a comment.
        let about = about.replace(['$', '#', '\\'], " ");
        format!(
            "prefix=${{pcfiledir}}\nlibdir=${{prefix}}\nincludedir=${{prefix}}\n\n\
             Name: {}\nDescription: {about}\nVersion: {}\nCflags: -I${{includedir}}\n",
            self.project.crate_name, self.project.version
        )
    }

    /// A linker takes a member of an archive only when something asks for it; a host that calls no
    /// export still wants the library to start.
    fn private(&self) -> Option<String> {
        let native = self.native?;
        Some(format!("-Wl,-u,{}_state {native}", self.prefix))
    }
}
