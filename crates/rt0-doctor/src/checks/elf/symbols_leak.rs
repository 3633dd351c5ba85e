//! Symbols of somebody else's code: another library's calls may end here, or this one's there.

use std::collections::BTreeMap;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::{File, count};
use crate::pages::page;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-symbols-leak",
    severity: Severity::Error,
    hazard: "G4",
    title: "the file shows no symbols of what is only inside it",
    page: page!("elf-symbols-leak"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

fn run(file: &File<'_>) -> Verdict {
    let name = file.dynamic.soname.clone().unwrap_or_else(|| file.name());
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for symbol in &file.dynamic.exports {
        if let Some(owner) = owner(&symbol.name, &name) {
            found.entry(owner).or_default().push(&symbol.name);
        }
    }
    if found.is_empty() {
        let what = count(file.dynamic.exports.len(), "symbol", "symbols");
        return Ok(format!("{what}, none of which is known to be another's"));
    }
    let mut parts = Vec::new();
    let mut all = String::new();
    for (owner, mut symbols) in found {
        symbols.sort_unstable();
        parts.push(format!(
            "{} of {owner}, such as `{}`",
            symbols.len(),
            symbols[0]
        ));
        all.extend(
            symbols
                .iter()
                .take(MOST)
                .map(|symbol| format!("{owner}: {symbol}\n")),
        );
    }
    let evidence = format!("it exports what belongs to others: {}", parts.join("; "));
    Err(Stop::fail(evidence).with(all.trim_end()))
}

/// How many symbols of one owner are listed.
const MOST: usize = 20;

/// Libraries that are often linked in: a function that nothing else has, and what their own files are called.
const EMBEDDED: &[(&str, &str, &[&str])] = &[
    ("inflateInit2_", "zlib", &["libz", "zlib"]),
    ("deflateInit2_", "zlib", &["libz", "zlib"]),
    ("ZSTD_compress", "zstd", &["zstd"]),
    ("BZ2_bzCompress", "bzip2", &["bz2"]),
    ("LZ4_compress_default", "lz4", &["lz4"]),
    ("lzma_code", "xz", &["lzma"]),
    ("SSL_CTX_new", "OpenSSL", &["ssl", "tls"]),
    ("EVP_EncryptInit_ex", "OpenSSL", &["crypto"]),
    ("sqlite3_open_v2", "SQLite", &["sqlite", "sqlcipher"]),
    ("png_create_read_struct", "libpng", &["png"]),
    ("jpeg_CreateDecompress", "libjpeg", &["jpeg"]),
    ("XML_ParserCreate", "expat", &["expat"]),
    ("xmlReadMemory", "libxml2", &["xml2"]),
    ("curl_easy_init", "curl", &["curl"]),
    ("uv_loop_init", "libuv", &["uv", "node"]),
    ("lua_newstate", "Lua", &["lua"]),
    ("ffi_prep_cif", "libffi", &["ffi"]),
    ("mallctl", "jemalloc", &["jemalloc"]),
    ("tc_malloc", "tcmalloc", &["tcmalloc"]),
    ("mi_malloc", "mimalloc", &["mimalloc"]),
];

/// Allocators may replace these.
const ALLOCATORS: &[&str] = &[
    "malloc", "hoard", "memory", "san.so", "duma", "efence", "heap",
];

/// Whose symbol this is, if it is not the library's own.
fn owner(symbol: &str, library: &str) -> Option<&'static str> {
    let library = library.to_ascii_lowercase();
    let is_called = |names: &[&str]| names.iter().any(|name| library.contains(name));
    let is_std = is_called(&["libstd-", "librustc"]);
    if !is_std && is_rust(symbol) {
        return Some("Rust code");
    }
    if ["crosscall2", "_cgo_topofstack", "x_cgo_init"].contains(&symbol)
        || symbol.starts_with("_cgo_")
    {
        // Go's linker exports a few of these from every library; they are looked for across libraries.
        return Some("Go's runtime");
    }
    if ["malloc", "free", "realloc", "calloc"].contains(&symbol) && !is_called(ALLOCATORS) {
        return (!is_c_library(&library)).then_some("an allocator");
    }
    let (_, owner, names) = EMBEDDED.iter().find(|(known, ..)| *known == symbol)?;
    (!is_called(names)).then_some(*owner)
}

fn is_c_library(library: &str) -> bool {
    ["libc.", "ld-", "libc-"]
        .iter()
        .any(|name| library.starts_with(name))
}

/// Whether the name was given by rustc: mangled, or a part of std's own interface.
fn is_rust(symbol: &str) -> bool {
    const OWN: [&str; 8] = [
        "rust_eh_personality",
        "rust_begin_unwind",
        "rust_panic",
        "__rust_alloc",
        "__rust_dealloc",
        "__rust_realloc",
        "__rust_alloc_zeroed",
        "rust_metadata",
    ];
    let hash = |rest: &str| rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_legacy = || {
        symbol
            .strip_suffix('E')
            .and_then(|name| name.rsplit_once("17h"))
            .is_some_and(|(_, rest)| hash(rest))
    };
    OWN.contains(&symbol)
        || symbol.starts_with("_RNv")
        || symbol.starts_with("_RIN")
        || (symbol.starts_with("_ZN") && is_legacy())
}
