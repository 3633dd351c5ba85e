//! An empty Debian in a folder: another compiler, another C library, and nothing of this machine's.
//!
//! debootstrap makes it, once. What runs in it sees the repository, for reading, under the same path as outside; in the
//! target directory's place it has an empty folder of its own.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::run::{root, runs, said, step, target};

/// The release: the stable one.
pub const RELEASE: &str = "trixie";

/// Debian's packages in it, besides the smallest system: what the READMEs ask for, and the certificates.
const PACKAGES: &str = "ca-certificates,cargo,gcc,libc6-dev,python3,rustc";

/// Makes the folder's mounts and runs a script inside. They end with this shell: they are in a namespace of their own.
const INSIDE: &str = r#"set -e
dir=$1 repository=$2 target=$3 script=$4 more=$5 at=$6
if [ -n "$repository" ]; then
    mkdir -p "$dir$repository" "$dir/target"
    mount --bind -o ro "$repository" "$dir$repository"
    [ -d "$dir$target" ] || mkdir -p "$dir$target"
    mount --bind "$dir/target" "$dir$target"
fi
[ -z "$more" ] || mount --bind -o ro "$more" "$dir$at"
mount -t proc proc "$dir/proc"
exec chroot "$dir" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin HOME=/root CARGO_INCREMENTAL=0 sh -ec "$script"
"#;

/// The folder with that Debian.
pub struct Debian {
    dir: PathBuf,
    /// Whether what runs in it sees the repository.
    sees_repository: bool,
    /// Another folder that it sees, for reading, and where.
    more: (PathBuf, String),
}

impl Debian {
    /// Makes it, if it is not there yet.
    ///
    /// # Errors
    /// A tool or the right to use it is missing, or a package can't be had.
    pub fn find() -> Result<Debian> {
        ensure!(
            fs::metadata("/proc/self")?.uid() == 0,
            "an empty Debian takes root's rights: run this as root"
        );
        ensure!(
            runs("debootstrap"),
            "debootstrap is missing: bash ci/setup.sh installs it"
        );
        // The name changes with the packages: then another is made.
        let kind = format!("{RELEASE}-{}", PACKAGES.replace(',', "-"));
        let dir = target().join("debian").join(kind);
        if !dir.exists() {
            make(&dir)?;
        }
        let debian = Debian {
            dir,
            sees_repository: true,
            more: (PathBuf::new(), String::new()),
        };
        // This machine may trust more, and ask elsewhere for names.
        for file in ["/etc/ssl/certs/ca-certificates.crt", "/etc/resolv.conf"] {
            if Path::new(file).exists() {
                debian.put(Path::new(file), file)?;
            }
        }
        fs::create_dir_all(target())?;
        Ok(debian)
    }

    /// A new copy with this name, which sees nothing of the repository.
    ///
    /// # Errors
    /// It can't be made.
    pub fn copy(&self, name: &str) -> Result<Debian> {
        let dir = target().join("debian").join(name);
        if dir.exists() {
            fs::remove_dir_all(&dir)?;
        }
        let mut copied = Command::new("cp");
        copied
            .args(["-a", "--reflink=auto"])
            .arg(&self.dir)
            .arg(&dir);
        step("a copy of the empty Debian", &mut copied)?;
        // What earlier runs have left.
        for left in ["target", "root", "updated", "updated-target"] {
            let _ = fs::remove_dir_all(dir.join(left));
        }
        fs::create_dir_all(dir.join("root"))?;
        Ok(Debian {
            dir,
            sees_repository: false,
            more: (PathBuf::new(), String::new()),
        })
    }

    /// The same, which also sees this folder, for reading.
    pub fn with(self, folder: &Path, at: &str) -> Debian {
        Debian {
            more: (folder.to_owned(), at.to_owned()),
            ..self
        }
    }

    /// A command that runs a script of sh inside.
    pub fn command(&self, script: &str) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", INSIDE, "sh"]);
        command.arg(&self.dir);
        match self.sees_repository {
            true => command.arg(root()).arg(target()),
            false => command.args(["", ""]),
        };
        command.arg(script).arg(&self.more.0).arg(&self.more.1);
        command
    }

    /// Copies a file to this path inside.
    ///
    /// # Errors
    /// It can't be read or written.
    pub fn put(&self, file: &Path, path: &str) -> Result<()> {
        let to = self.outside(path);
        fs::copy(file, &to)
            .with_context(|| format!("can't copy {} to {}", file.display(), to.display()))?;
        Ok(())
    }

    /// Copies the repository's files, as they are now, into this new folder inside, without those of these names. Returns
    /// where it is, outside.
    ///
    /// # Errors
    /// A file can't be read or written.
    pub fn checkout(&self, path: &str, but: &[&str]) -> Result<PathBuf> {
        let copy = self.outside(path);
        if copy.exists() {
            fs::remove_dir_all(&copy)?;
        }
        let files = said(Command::new("git").current_dir(root()).arg("ls-files"))?;
        for file in files.lines().filter(|file| !but.contains(file)) {
            let (from, to) = (root().join(file), copy.join(file));
            // A link to a folder is one in the copy, too; a file that was removed is not there.
            if from.is_symlink() {
                fs::create_dir_all(to.parent().context("it is in a folder")?)?;
                std::os::unix::fs::symlink(fs::read_link(&from)?, &to)?;
            } else if from.exists() {
                fs::create_dir_all(to.parent().context("it is in a folder")?)?;
                fs::copy(&from, &to).with_context(|| format!("can't copy {file}"))?;
            }
        }
        Ok(copy)
    }

    /// Where this path inside is.
    pub fn outside(&self, path: &str) -> PathBuf {
        self.dir.join(path.trim_start_matches('/'))
    }
}

/// As a whole, or not at all.
fn make(dir: &Path) -> Result<()> {
    let half = dir.with_extension("half");
    if half.exists() {
        fs::remove_dir_all(&half)?;
    }
    fs::create_dir_all(&half)?;
    step(
        &format!("an empty Debian ({RELEASE})"),
        Command::new("debootstrap")
            .args([
                "--variant=minbase",
                &format!("--include={PACKAGES}"),
                RELEASE,
            ])
            .arg(&half)
            .stdout(std::process::Stdio::null()),
    )?;
    fs::rename(&half, dir)?;
    Ok(())
}
