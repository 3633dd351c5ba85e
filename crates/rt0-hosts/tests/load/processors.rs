//! tokio gets as many workers as std counts processors, in whatever control group.

use std::fs;
use std::path::Path;
use std::process::Command;

use rt0_hosts::fixture::fixture;
use rt0_hosts::require::{is_root, skipped};
use rt0_hosts::steps::opening;
use rt0_hosts::temporary::Temporary;
use rt0_hosts::watchdog::Host;

/// A process's groups, and the files that std and the library read of them.
type Tree = (&'static str, &'static [(&'static str, &'static str)]);

const TREES: [Tree; 9] = [
    ("0::/\n", &[("cgroup.controllers", "")]),
    (
        "0::/a/b\n",
        &[
            ("a/b/cgroup.controllers", ""),
            ("a/b/cpu.max", "max 100000\n"),
            ("a/cpu.max", "100000 100000\n"),
        ],
    ),
    (
        "0::/a/b\n",
        &[
            ("a/b/cgroup.controllers", ""),
            ("a/b/cpu.max", "199999 100000\n"),
            ("a/cpu.max", "300000 100000\n"),
        ],
    ),
    ("0::/a/b\n", &[("a/cpu.max", "100000 100000\n")]),
    (
        "0::/../a\n",
        &[
            ("a/cgroup.controllers", ""),
            ("a/cpu.max", "100000 100000\n"),
        ],
    ),
    (
        "2:cpu,cpuacct:/a\n0::/\n",
        &[
            ("cpu/a/cpu.cfs_quota_us", "-1\n"),
            ("cpu/a/cpu.cfs_period_us", "100000\n"),
            ("cpu/cpu.cfs_quota_us", "100000\n"),
            ("cpu/cpu.cfs_period_us", "100000\n"),
        ],
    ),
    (
        "0::/\n2:cpu:/\n",
        &[
            ("cgroup.controllers", ""),
            ("cpu.max", "100000 100000\n"),
            ("cpu/cpu.cfs_quota_us", "200000\n"),
            ("cpu/cpu.cfs_period_us", "100000\n"),
        ],
    ),
    (
        "2:cpu,cpuacct:/a\n",
        &[
            ("cpu,cpuacct/a/cpu.cfs_quota_us", "50000\n"),
            ("cpu,cpuacct/a/cpu.cfs_period_us", "100000\n"),
        ],
    ),
    (
        "3:cpuset:/a\n2:cpuacct:/a\n",
        &[("cpu.max", "100000 100000\n")],
    ),
];

/// Puts the files of `$0` where the control groups are, for the command that follows.
const SCRIPT: &str = "mount -t tmpfs none /sys/fs/cgroup && cp -r \"$0\"/tree/. /sys/fs/cgroup && \
                      mount --bind \"$0\"/groups /proc/$$/cgroup && exec \"$@\"";

fn within(dir: &Path, program: &Path, args: &[&str]) -> String {
    let ran = Host::new("unshare")
        .args(["--mount", "sh", "-c", SCRIPT])
        .arg(dir)
        .arg(program)
        .args(args)
        .run();
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

#[test]
fn a_worker_for_each_processor_that_std_counts() {
    let name = "a_worker_for_each_processor_that_std_counts";
    let may = || Command::new("unshare").args(["--mount", "true"]).status();
    if !is_root() || !may().is_ok_and(|status| status.success()) {
        return skipped(name, "only root can mount other files");
    }
    let steps = format!(
        "load {} call1 hello_wait 20000 take hello_report hello_free",
        fixture("hello").library()
    );
    let steps: Vec<_> = steps.split_whitespace().collect();
    let this = std::env::current_exe().expect("/proc is here");
    let of_std = [
        "--exact",
        "processors::counted_by_std",
        "--ignored",
        "--nocapture",
    ];
    for (groups, files) in &TREES {
        let dir = Temporary::new("processors");
        fs::write(dir.path().join("groups"), groups).expect("it is ours");
        for (path, text) in *files {
            let path = dir.path().join("tree").join(path);
            fs::create_dir_all(path.parent().expect("a directory")).expect("it is ours");
            fs::write(path, text).expect("it is ours");
        }
        let number = |said: &str, before: &str| {
            let (_, after) = said.split_once(before).unwrap_or_else(|| panic!("{said}"));
            let digits = after.chars().take_while(char::is_ascii_digit);
            digits.collect::<String>()
        };
        let std = within(dir.path(), &this, &of_std);
        let library = within(dir.path(), &opening(), &steps);
        assert_eq!(
            number(&library, "\"workers\":"),
            number(&std, "processors: "),
            "{groups:?} {files:?}"
        );
    }
}

/// The inner half of the test above.
#[test]
#[ignore = "runs in a process of its own"]
fn counted_by_std() {
    let count = std::thread::available_parallelism().map_or(1, |count| count.get());
    println!("processors: {count}");
}
