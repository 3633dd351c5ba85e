//! What cargo's configuration, in files and in the environment, says about targets, linkers and flags.

use std::path::{Path, PathBuf};

use cargo_config2::{Config, ResolveOptions};

use crate::error::{Error, Result};

/// The configuration that cargo would use in a directory.
pub struct CargoConfig(Config);

impl CargoConfig {
    /// The configuration for this directory.
    ///
    /// # Errors
    /// A file or a variable cannot be read.
    pub fn load(from: &Path) -> Result<CargoConfig> {
        CargoConfig::load_with(from, ResolveOptions::default())
    }

    fn load_with(from: &Path, options: ResolveOptions) -> Result<CargoConfig> {
        let config = Config::load_with_options(from, options);
        config.map(CargoConfig).map_err(cannot_read)
    }

    /// The default of `--target`, if one is set. A custom target is the path of a file.
    ///
    /// # Errors
    /// Nothing fails at present.
    pub fn build_target(&self) -> Result<Option<String>> {
        let none: [&str; 0] = [];
        let mut targets = self.0.build_target_for_cli(none).map_err(cannot_read)?;
        // Cargo would build for each of several targets; this tool then builds for the host.
        Ok(targets.pop().filter(|_| targets.is_empty()))
    }

    /// The configured linker of a target.
    ///
    /// # Errors
    /// The compiler does not know the target, and there is a `[target.'cfg(...)']`.
    pub fn linker(&self, target: &str) -> Result<Option<PathBuf>> {
        self.0.linker(target).map_err(cannot_read)
    }

    /// The flags that cargo would give the compiler.
    ///
    /// # Errors
    /// As [`CargoConfig::linker`].
    pub fn rustflags(&self, target: &str) -> Result<Vec<String>> {
        let flags = self.0.rustflags(target).map_err(cannot_read)?;
        Ok(flags.map(|flags| flags.flags).unwrap_or_default())
    }
}

fn cannot_read(error: cargo_config2::Error) -> Error {
    Error::input("cannot read cargo's configuration").because(error)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Three targets that the compiler knows, and one that is not `cfg(unix)`.
    const ONE: &str = "x86_64-unknown-linux-gnu";
    const TWO: &str = "aarch64-unknown-linux-gnu";
    const THREE: &str = "x86_64-unknown-linux-musl";
    const WINDOWS: &str = "x86_64-pc-windows-gnu";

    /// An inner directory with the second text as its configuration, inside one with the first.
    fn nested(outer: &str, inner: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let below = dir.path().join("a/b");
        for (dir, text) in [(dir.path(), outer), (&below, inner)] {
            fs::create_dir_all(dir.join(".cargo")).unwrap();
            fs::write(dir.join(".cargo/config.toml"), text).unwrap();
        }
        (dir, below)
    }

    /// The configuration from only these files and variables, without those of this machine.
    fn load(from: &Path, variables: &[(&str, &str)]) -> CargoConfig {
        let options = ResolveOptions::default()
            .env(variables.iter().copied())
            .cargo_home(None);
        CargoConfig::load_with(from, options).unwrap()
    }

    #[test]
    fn the_nearest_file_wins_and_paths_are_relative_to_it() {
        let outer = format!(
            "[build]\ntarget = [\"{ONE}\"]\n[target.{ONE}]\nlinker = \"far\"\n\
             [target.{TWO}]\nlinker = \"bin/cc\"\n[target.'cfg(unix)']\nlinker = \"u\"\n"
        );
        let (dir, inner) = nested(&outer, &format!("[target.{ONE}]\nlinker = \"near\"\n"));
        let config = load(&inner, &[]);
        let linker = |target| config.linker(target).unwrap();
        assert_eq!(linker(ONE), Some("near".into()));
        assert_eq!(linker(TWO), Some(dir.path().join("bin/cc")));
        assert_eq!(linker(THREE), Some("u".into()));
        assert_eq!(linker(WINDOWS), None);
        assert!(config.rustflags(ONE).unwrap().is_empty());
        assert_eq!(config.build_target().unwrap().as_deref(), Some(ONE));
        let told = load(&inner, &[("CARGO_BUILD_TARGET", TWO)]);
        assert_eq!(told.build_target().unwrap().as_deref(), Some(TWO));
    }

    #[test]
    fn of_several_targets_none_is_the_default_and_a_file_is_a_path() {
        let (_dir, inner) = nested("", "[build]\ntarget = [\"a\", \"b\"]\n");
        assert_eq!(load(&inner, &[]).build_target().unwrap(), None);
        let (dir, inner) = nested("[build]\ntarget = \"own/x.json\"\n", "");
        let target = load(&inner, &[]).build_target().unwrap().unwrap();
        assert_eq!(Path::new(&target), dir.path().join("own/x.json"));
    }

    #[test]
    fn flags_are_joined_as_cargo_joins_them() {
        let outer = format!(
            "[build]\nrustflags = [\"-Cfar\"]\n[target.{ONE}]\nrustflags = \"-C one\"\n\
             [target.'cfg(unix)']\nrustflags = [\"-Cunix\"]\n"
        );
        let (_dir, inner) = nested(&outer, "[build]\nrustflags = [\"-Cnear\", \"x y\"]\n");
        let config = load(&inner, &[]);
        let flags = |target| config.rustflags(target).unwrap();
        assert_eq!(flags(ONE), ["-C", "one", "-Cunix"]);
        assert_eq!(flags(TWO), ["-Cunix"]);
        assert_eq!(flags(WINDOWS), ["-Cfar", "-Cnear", "x y"]);
    }

    #[test]
    fn flags_in_the_environment_go_before_files() {
        let (_dir, inner) = nested("", "[build]\nrustflags = [\"-Cfile\"]\n");
        let flags = |variables: &[(&str, &str)]| load(&inner, variables).rustflags(ONE).unwrap();
        let plain = ("RUSTFLAGS", " -C a  -Cb ");
        assert_eq!(flags(&[plain]), ["-C", "a", "-Cb"]);
        let encoded = ("CARGO_ENCODED_RUSTFLAGS", "-C\u{1f}a b");
        assert_eq!(flags(&[plain, encoded]), ["-C", "a b"]);
        assert!(flags(&[("CARGO_ENCODED_RUSTFLAGS", "")]).is_empty());
    }

    #[test]
    fn each_target_has_its_own_variable() {
        let (_dir, inner) = nested("", "");
        let name = "CARGO_TARGET_THUMBV8M_MAIN_NONE_EABI_LINKER";
        let config = load(&inner, &[(name, "ours")]);
        let linker = config.linker("thumbv8m.main-none-eabi").unwrap();
        assert_eq!(linker, Some("ours".into()));
    }

    #[test]
    fn a_cfg_is_judged_by_the_compiler() {
        let linker = |cfg: &str| {
            let (_dir, inner) = nested("", &format!("[target.'{cfg}']\nlinker = \"ours\"\n"));
            load(&inner, &[]).linker(ONE).unwrap()
        };
        let linux = linker("cfg(all(target_os = \"linux\", not(windows)))");
        assert_eq!(linux, Some("ours".into()));
        assert_eq!(linker("cfg(windows)"), None);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error() {
        let (_dir, inner) = nested("", "[build\n");
        let options = ResolveOptions::default().cargo_home(None);
        let error = CargoConfig::load_with(&inner, options).err().unwrap();
        assert!(error.chain().contains("config.toml"), "{}", error.chain());
    }
}
