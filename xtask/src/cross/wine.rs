//! wine, as Debian has it (8.0): the libraries of Windows on this machine.
//!
//! Its files are in `target/cross/wine`, and so is its server's life: what is started here is ended here.
//! One library is added to them, which std needs and this wine does not have.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::targets::{Target, WINE};
use crate::run::{root, step, target as target_dir};

/// What ends all that runs.
const SERVER: &str = "/usr/lib/wine/wineserver64";

/// Where std takes its random numbers from (`ProcessPrng`, in bcryptprimitives.dll), by what this wine has for
/// that.
const RANDOM: &str = "#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *data, SIZE_T size)
{
    return RtlGenRandom(data, (ULONG)size);
}
";

/// A running wine. Dropped, it ends.
pub struct Wine {
    prefix: PathBuf,
}

impl Wine {
    /// Makes its files where there are none yet, and starts its server: started by a host, it would end with
    /// that.
    ///
    /// # Errors
    /// It can't be run.
    pub fn start(target: &Target) -> Result<Wine> {
        let dir = root().join(target_dir()).join("cross/wine");
        let wine = Wine {
            prefix: dir.join("prefix"),
        };
        fs::create_dir_all(&wine.prefix)
            .with_context(|| format!("can't make {}", wine.prefix.display()))?;
        wine.server("-p")?;
        let system = wine.prefix.join("drive_c/windows/system32");
        let random = system.join("bcryptprimitives.dll");
        // Its services too: those that a host starts keep the pipe open that the host prints to.
        let mut boot = wine.command(WINE);
        let boot = boot.args(["wineboot", "--init"]);
        let quiet = boot.stdout(Stdio::null()).stderr(Stdio::null());
        step("wine", quiet)?;
        if !random.exists() {
            make_random(target, &dir, &random)?;
        }
        Ok(wine)
    }

    /// What each of its programs needs in its environment: nothing of this machine's, no word of what wine
    /// thinks of it, and no debugger for one that crashes.
    pub fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("WINEPREFIX", self.prefix.display().to_string()),
            ("WINEDEBUG", "-all".to_owned()),
            (
                "WINEDLLOVERRIDES",
                "mscoree,mshtml=;winemenubuilder.exe,explorer.exe,winedbg.exe=d".to_owned(),
            ),
        ]
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.envs(self.environment()).env_remove("DISPLAY");
        command
    }

    fn server(&self, option: &str) -> Result<()> {
        let status = self
            .command(SERVER)
            .arg(option)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .with_context(|| format!("{SERVER} can't be run"))?;
        // 2: there is one already.
        ensure!(matches!(status.code(), Some(0 | 2)), "{SERVER}: {status}");
        Ok(())
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        // What is left then is nothing.
        let _ = self.server("-k");
        let _ = self.server("-w");
    }
}

fn make_random(target: &Target, dir: &Path, library: &Path) -> Result<()> {
    let source = dir.join("bcryptprimitives.c");
    fs::write(&source, RANDOM)?;
    // Beside it first: what was interrupted is made again.
    let new = dir.join("bcryptprimitives.dll");
    let mut compile = Command::new(target.compiler());
    compile
        .args(["-shared", "-O1", "-o"])
        .arg(&new)
        .arg(&source);
    step("what wine lacks", compile.arg("-ladvapi32"))?;
    fs::rename(&new, library)?;
    Ok(())
}
