//! What the macros refuse because of a project's setup. Each test needs a project of its own.

mod project;

use project::Project;

const SMALLEST: &str = "#[rt0::init]\nfn init() {}\n";

#[test]
fn panic_abort_is_refused_with_a_sentence() {
    let project = Project::new(
        "with_panic_abort",
        ", default-features = false",
        "[profile.dev]\npanic = \"abort\"\n",
        SMALLEST,
    );
    let said = project.refusal("check");
    let sentence = "error: rt0 returns panics to the host as errors, which needs unwinding: remove \
                    `panic = \"abort\"` from this library's profile in Cargo.toml";
    assert!(said.contains(sentence), "{said}");
    assert_eq!(said.matches("\nerror: ").count(), 2, "{said}");
}

#[test]
fn async_functions_are_refused_without_the_feature_tokio() {
    let project = Project::new(
        "without_tokio",
        ", default-features = false",
        "",
        "#[rt0::init]\nasync fn init() {}\n\
         #[rt0::main]\nasync fn main() {}\n\
         #[rt0::exit]\nasync fn exit() {}\n",
    );
    let said = project.refusal("check");
    for what in ["init", "main", "exit"] {
        let sentence = format!(
            "error: an async {what} needs an async runtime: give the dependency `rt0` its feature \
             `tokio`, or take the `async` away"
        );
        assert!(said.contains(&sentence), "{what}: {said}");
    }
}

#[test]
fn async_exports_are_refused_without_the_feature_tokio() {
    let project = Project::new(
        "async_exports_without_tokio",
        ", default-features = false",
        "",
        "#[rt0::init(async_exports)]\nfn init() {}\n\
         #[rt0::handle]\npub struct Cursor(u32);\n\
         #[rt0::export]\nasync fn look(cursor: &Cursor) -> Result<u32, String> {\n    Ok(cursor.0)\n}\n",
    );
    let said = project.refusal("check");
    for (what, instead) in [
        ("an async export", "take the `async` away"),
        ("the option `async_exports`", "remove the option"),
    ] {
        let sentence = format!(
            "error: {what} needs an async runtime: give the dependency `rt0` its feature `tokio`, or {instead}"
        );
        assert!(said.contains(&sentence), "{what}: {said}");
    }
    assert_eq!(said.matches("\nerror: ").count(), 3, "{said}");
}

#[test]
fn events_are_refused_without_the_feature_tracing() {
    let project = Project::new(
        "events_without_tracing",
        ", default-features = false",
        "",
        "#[rt0::init(tracing)]\nfn init() {}\n",
    );
    let said = project.refusal("check");
    let sentence = "error: the option `tracing` needs the feature `tracing` of the dependency `rt0`: add it, or \
                    remove the option";
    assert!(said.contains(sentence), "{said}");
    assert_eq!(said.matches("\nerror: ").count(), 2, "{said}");
}

#[test]
fn async_exports_without_their_option_are_refused_by_the_linker_which_names_it() {
    // In a module, so that the compiler has several units to make objects of.
    let source = |option: &str| {
        format!(
            "#[rt0::init{option}]\nfn init() {{}}\n\
             mod inside {{\n    #[rt0::export]\n    \
             async fn fetch() -> Result<(), String> {{\n        Ok(())\n    }}\n}}\n"
        )
    };
    let project = Project::new("without_async_exports", "", "", &source(""));
    for how in [&["build"][..], &["build", "--release"]] {
        let output = project.cargo(how);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success(),
            "{how:?}: this was linked:\n{said}"
        );
        let name = "an_async_export_needs_rt0_init_with_async_exports";
        assert!(said.contains(name), "{how:?}: {said}");
    }
    let project = Project::new("with_async_exports", "", "", &source("(async_exports)"));
    let output = project.cargo(&["build"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
fn plain_functions_are_fine_without_the_feature_tokio() {
    let project = Project::new(
        "without_async",
        ", default-features = false",
        "",
        "#![deny(warnings)]\n\
         #[rt0::init]\nfn init() {}\n\
         #[rt0::main]\nfn main() {}\n\
         #[rt0::exit]\nfn exit() {}\n\
         #[rt0::export]\nfn size() -> Result<u64, String> {\n    Ok(7)\n}\n",
    );
    let output = project.cargo(&["check"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
fn a_prefix_that_c_can_not_use_is_refused() {
    let project = Project::new(
        "with_a_bad_prefix",
        ", default-features = false",
        "[package.metadata.rt0]\nprefix = \"1st\"\n",
        SMALLEST,
    );
    let said = project.refusal("check");
    let sentence = "error: `1st` can't be the prefix of the symbols, because it is not a C \
                    identifier: set another in Cargo.toml: [package.metadata.rt0] prefix = \"...\"";
    assert!(said.contains(sentence), "{said}");
}

#[test]
fn two_inits_in_modules_of_one_crate_are_refused() {
    let project = Project::new(
        "with_two_inits",
        ", default-features = false",
        "",
        "mod a {\n    #[rt0::init]\n    fn first() {}\n}\n\
         mod b {\n    #[rt0::init]\n    fn second() {}\n}\n",
    );
    let said = project.refusal("build");
    assert!(said.contains("is already defined"), "{said}");
    assert!(said.contains("#[rt0::init]"), "{said}");
}

#[test]
fn a_doc_comment_of_a_megabyte_compiles() {
    let docs = "/// A line of text, one of very many in this comment.\n".repeat(20_000);
    let source =
        format!("{SMALLEST}{docs}#[rt0::export(or = -1)]\nfn size() -> i32 {{\n    7\n}}\n");
    let project = Project::new("with_long_docs", ", default-features = false", "", &source);
    let output = project.cargo(&["build"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && !said.contains("warning"),
        "{said}"
    );
}
