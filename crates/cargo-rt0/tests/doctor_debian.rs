//! `cargo rt0 doctor` on libraries that many programs use: it must have nothing against them but what is true.
//!
//! On Linux only: elsewhere the tool says that it can not watch a process.
#![cfg(target_os = "linux")]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::rt0;
use serde_json::Value;

/// A library of Debian 12.
struct Library {
    package: &'static str,
    file: &'static str,
    /// Options: how it is called.
    words: &'static [&'static str],
    /// What is true of it, with the reason. A race need not be met each time.
    known: &'static [(&'static str, &'static str)],
}

const fn sound(
    package: &'static str,
    file: &'static str,
    words: &'static [&'static str],
) -> Library {
    Library {
        package,
        file,
        words,
        known: &[],
    }
}

const LIBRARIES: &[Library] = &[
    sound(
        "zlib1g",
        "libz.so.1",
        &[
            "--call",
            "zlibVersion() -> str",
            "--call",
            "crc32(u64 0, str \"hello\", u32 5) -> u64 = 907060870",
        ],
    ),
    sound(
        "libsqlite3-0",
        "libsqlite3.so.0",
        &[
            "--setup",
            "sqlite3_initialize() -> i32 = 0",
            "--call",
            "sqlite3_libversion() -> str",
            "--call",
            "sqlite3_complete(str \"select 1;\") -> i32 = 1",
        ],
    ),
    Library {
        package: "libcurl4",
        file: "libcurl.so.4",
        words: &[
            "--setup",
            "curl_global_init(i64 3) -> i32 = 0",
            "--call",
            "curl_version() -> str",
            "--shutdown",
            "curl_global_cleanup()",
        ],
        known: &[
            (
                "load-loader-lock",
                "its first call has libsasl2 open plugins, with dlopen",
            ),
            (
                "call-small-stack",
                "its first call has libsasl2 open plugins, 20 KiB deep on the caller's stack",
            ),
            (
                "fork-busy",
                "curl_version takes a lock of libldap's, which has no fork handler",
            ),
            (
                "unload-repeated",
                "libraries below it leave 7 KiB behind each time",
            ),
        ],
    },
    Library {
        package: "libssl3",
        file: "libcrypto.so.3",
        words: &[
            "--call",
            "OPENSSL_init_crypto(u64 2, ptr null) -> i32 = 1",
            "--call",
            "OpenSSL_version(i32 0) -> str",
        ],
        known: &[(
            "exit-during-boot",
            "its exit handler frees what a thread in its first call is just making",
        )],
    },
    sound(
        "libssl3",
        "libssl.so.3",
        &[
            "--call",
            "OPENSSL_init_ssl(u64 0, ptr null) -> i32 = 1",
            "--call",
            "TLS_method() -> ptr != null",
        ],
    ),
    sound(
        "libuv1",
        "libuv.so.1",
        &[
            "--call",
            "uv_version_string() -> str",
            "--call",
            "uv_hrtime() -> u64",
        ],
    ),
    Library {
        package: "libglib2.0-0",
        file: "libglib-2.0.so.0",
        words: &[
            "--call",
            "g_str_hash(str \"abc\") -> u32 = 193485963",
            "--call",
            "g_get_monotonic_time() -> i64",
        ],
        known: &[
            ("elf-needed-unused", "nothing is taken from libm"),
            (
                "load-no-keys",
                "its constructor aborts without a thread-specific key",
            ),
        ],
    },
    sound(
        "liblua5.4-0",
        "liblua5.4.so.0",
        &["--call", "lua_version(ptr null) -> f64 = 504"],
    ),
    sound(
        "libpq5",
        "libpq.so.5",
        &[
            "--call",
            "PQlibVersion() -> i32",
            "--call",
            "PQisthreadsafe() -> i32 = 1",
        ],
    ),
    sound(
        "libxml2",
        "libxml2.so.2",
        &[
            "--setup",
            "xmlInitParser()",
            "--call",
            "xmlStrlen(str \"abc\") -> i32 = 3",
            "--shutdown",
            "xmlCleanupParser()",
        ],
    ),
    sound(
        "libarchive13",
        "libarchive.so.13",
        &["--call", "archive_version_string() -> str"],
    ),
    sound(
        "libbrotli1",
        "libbrotlienc.so.1",
        &[
            "--call",
            "BrotliEncoderMaxCompressedSize(usize 100) -> usize",
        ],
    ),
    sound(
        "libbz2-1.0",
        "libbz2.so.1.0",
        &["--call", "BZ2_bzlibVersion() -> str"],
    ),
    sound(
        "libexpat1",
        "libexpat.so.1",
        &["--call", "XML_ExpatVersion() -> str"],
    ),
    sound(
        "liblz4-1",
        "liblz4.so.1",
        &["--call", "LZ4_compressBound(i32 100) -> i32 = 116"],
    ),
    sound(
        "liblzma5",
        "liblzma.so.5",
        &["--call", "lzma_version_string() -> str"],
    ),
    sound(
        "libncurses6",
        "libncurses.so.6",
        &["--call", "curses_version() -> str"],
    ),
    sound(
        "libnghttp2-14",
        "libnghttp2.so.14",
        &["--call", "nghttp2_version(i32 0) -> ptr != null"],
    ),
    sound(
        "libpcre2-8-0",
        "libpcre2-8.so.0",
        &["--call", "pcre2_config_8(u32 8, buffer 64) -> i32"],
    ),
    sound(
        "libpng16-16",
        "libpng16.so.16",
        &["--call", "png_access_version_number() -> u32"],
    ),
    sound(
        "libuuid1",
        "libuuid.so.1",
        &["--call", "uuid_is_null(buffer 16) -> i32 = 1"],
    ),
    sound(
        "libzstd1",
        "libzstd.so.1",
        &[
            "--call",
            "ZSTD_versionString() -> str",
            "--call",
            "ZSTD_compressBound(usize 100) -> usize",
        ],
    ),
    sound(
        "libicu72",
        "libicuuc.so.72",
        &["--call", "u_errorName_72(i32 0) -> str = \"U_ZERO_ERROR\""],
    ),
    // Only its file: dlopen refuses it, for the reason that is told.
    Library {
        package: "libjemalloc2",
        file: "libjemalloc.so.2",
        words: &["--only", "elf"],
        known: &[(
            "elf-static-tls",
            "it is made for programs that are linked with it: glibc has no room for 2.6 KiB later",
        )],
    },
    Library {
        package: "libsystemd0",
        file: "libsystemd.so.0",
        words: &["--call", "sd_booted() -> i32"],
        known: &[("elf-needed-unused", "nothing is taken from libcap")],
    },
    Library {
        package: "libprotobuf32",
        file: "libprotobuf.so.32",
        words: &[
            "--call",
            "_ZN6google8protobuf8internal13VerifyVersionEiiPKc(i32 3021012, i32 3021000, str \"f.cc\")",
        ],
        known: &[(
            "load-no-memory",
            "libstdc++ needs a thread-local, for which glibc has no memory",
        )],
    },
    sound(
        "libevent-2.1-7",
        "libevent-2.1.so.7",
        &["--call", "event_get_version() -> str"],
    ),
];

/// How many must be there.
const ENOUGH: usize = 20;

#[test]
#[ignore = "takes eight minutes; `cargo xtask soak` runs it"]
fn nothing_is_said_against_libraries_that_is_not_true() {
    install_the_missing();
    let (mut seen, mut alarms) = (0, Vec::new());
    for library in LIBRARIES {
        let Some(path) = place(library.file) else {
            println!("{} is not here", library.file);
            continue;
        };
        seen += 1;
        let found = alarms_of(library, &path);
        println!("{}: {} alarms", library.file, found.len());
        alarms.extend(found);
    }
    assert!(seen >= ENOUGH, "only {seen} libraries are here");
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
}

fn alarms_of(library: &Library, path: &Path) -> Vec<String> {
    let mut command = rt0();
    command
        .arg("doctor")
        .arg(path)
        .args(library.words)
        .args(["--json", "-", "--quiet"]);
    for (id, reason) in library.known {
        command.arg("--exclude").arg(format!("{id}={reason}"));
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let json: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{}: {e}: {said}", library.file));
    let checks = json["checks"].as_array().unwrap();
    checks
        .iter()
        .filter(|check| check["outcome"] != "pass" && check["outcome"] != "skip")
        .map(|check| {
            format!(
                "{}: {} {}: {}",
                library.file, check["id"], check["outcome"], check["evidence"]
            )
        })
        .collect()
}

/// Where Debian has it, for this processor.
fn place(file: &str) -> Option<PathBuf> {
    let folders = [
        format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH),
        "/usr/lib".to_owned(),
        "/usr/lib64".to_owned(),
    ];
    folders
        .iter()
        .map(|folder| Path::new(folder).join(file))
        .find(|path| path.exists())
}

/// If the soak has asked for this, and it may. Without it, whatever is there is enough if it is twenty.
fn install_the_missing() {
    let missing: Vec<&str> = LIBRARIES
        .iter()
        .filter(|library| place(library.file).is_none())
        .map(|library| library.package)
        .collect();
    if missing.is_empty() || std::env::var_os("RT0_SOAK").is_none() {
        return;
    }
    let installed = Command::new("apt-get")
        .args(["install", "-y", "--no-install-recommends"])
        .args(&missing)
        .stdout(Stdio::null())
        .status();
    println!("apt-get install {}: {installed:?}", missing.join(" "));
}
