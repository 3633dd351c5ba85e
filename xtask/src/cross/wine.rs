//! wine, in Debian's version 8.0: the libraries of Windows on this machine.
//!
//! Its files are in `target/cross/wine`. Its server is started and ended here. We add one library that std
//! needs and this wine lacks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::targets::{Target, WINE};
use crate::run::{root, step, target as target_dir};

/// wine's server, which can end all running programs.
const SERVER: &str = "/usr/lib/wine/wineserver64";

/// std's source of random numbers (`ProcessPrng`, in bcryptprimitives.dll), made from what this wine has.
const RANDOM: &str = "#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *data, SIZE_T size)
{
    return RtlGenRandom(data, (ULONG)size);
}
";

/// A running wine; dropping it ends it.
pub struct Wine {
    prefix: PathBuf,
}

impl Wine {
    /// Makes its files if there are none yet, and starts its server: if a host started the server, it would
    /// end with that host.
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
        // Starts its services too: if a host started them, they would keep the host's output pipe open.
        let mut boot = wine.command(WINE);
        let boot = boot.args(["wineboot", "--init"]);
        let quiet = boot.stdout(Stdio::null()).stderr(Stdio::null());
        step("wine", quiet)?;
        if !random.exists() {
            make_random(target, &dir, &random)?;
        }
        Ok(wine)
    }

    /// The environment for each of its programs: no path of this machine's own wine, no messages from wine,
    /// and no debugger after a crash.
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
        // 2: a server is already running.
        ensure!(matches!(status.code(), Some(0 | 2)), "{SERVER}: {status}");
        Ok(())
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        // If this fails, nothing more can be done.
        let _ = self.server("-k");
        let _ = self.server("-w");
    }
}

fn make_random(target: &Target, dir: &Path, library: &Path) -> Result<()> {
    let source = dir.join("bcryptprimitives.c");
    fs::write(&source, RANDOM)?;
    // Under another name first, so that an interrupted build is repeated.
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
