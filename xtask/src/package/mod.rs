//! `cargo xtask package`: the public crates as packages, and whether they are enough.
//!
//! A crate that builds in the repository can still be broken once it is published: a file outside its folder, a
//! dependency without a version, a new project that names a path. So the packages are put into a registry of their own,
//! which takes the place of the public one, together with every other package that they need; and from there the tool
//! is installed, and makes and builds a project.

mod crates;
mod index;
mod registry;
mod using;

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::run::{cargo, projects, step, target, timed};
use crates::Public;
use registry::Registry;

/// How thoroughly.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Options {
    /// Also build each package by itself, and a new project of each template
    #[arg(long)]
    pub full: bool,
    /// Fail if something is missing that only a release needs
    #[arg(long)]
    pub release: bool,
}

/// What neither the tool nor a new project is made of. (The adapters are not either, but their generators are heavy.)
const UNUSED: [&str; 2] = ["rt0-build", "rt0-capi"];

/// Packages, and uses what was packaged.
///
/// # Errors
/// A crate lacks what a registry wants, can't be packaged, or its package is not enough.
pub fn run(options: Options) -> Result<()> {
    let projects = projects()?;
    let main = timed("what a registry wants of each crate", || {
        let main = Public::find(None)?;
        let mut all = main.clone();
        for project in &projects {
            all.extend(Public::find(Some(project))?);
        }
        crates::check(&all, options.release)?;
        anyhow::Ok(main)
    })?;
    let out = target().join("packages");
    fs::create_dir_all(&out).with_context(|| format!("can't make {}", out.display()))?;
    let mut registry = Registry::new(&out)?;
    step(
        "the packages",
        cargo("package --workspace --no-verify --offline --allow-dirty --quiet")
            .args(crates::excluded()?)
            // Left out on purpose: the address of the repository, until there is one.
            .arg("--no-metadata"),
    )?;
    timed("a registry of them, and of what they need", || {
        registry.add_dependencies(None)?;
        for project in &projects {
            registry.add_dependencies(Some(project))?;
        }
        registry.add_own(&main, &target().join("package"))?;
        registry.write()
    })?;
    let mut all = main;
    for project in &projects {
        let own = Public::find(Some(project))?;
        ensure!(own.len() == 1, "{}: not one adapter", project.display());
        let words = "package --no-verify --allow-dirty --quiet --no-metadata --package";
        let mut package = cargo(words);
        package.current_dir(project).arg(&own[0].name);
        // rt0 is found where it will be: in the registry.
        registry.used_by(&mut package);
        package.env("CARGO_TARGET_DIR", out.join("adapters"));
        step(&format!("the package {}", own[0].name), &mut package)?;
        registry.add_own(&own, &out.join("adapters/package"))?;
        registry.write()?;
        all.extend(own);
    }
    registry.forget_old(&all)?;
    using::install(&registry)?;
    using::new(&registry, "c", true)?;
    if options.full {
        for template in ["pyo3", "napi", "uniffi", "jni"] {
            using::new(&registry, template, false)?;
        }
    }
    let unused = |public: &&Public| UNUSED.contains(&&*public.name);
    for public in all.iter().filter(|it| options.full || unused(it)) {
        using::build(&registry, public)?;
    }
    println!("{} packages are enough.", all.len());
    Ok(())
}
