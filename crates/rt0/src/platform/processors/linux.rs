//! Linux: the processors on which the kernel lets the process run, and no more than its control group has time
//! for.
//!
//! ```text
//!   /proc/self/cgroup      0::/a/b                         4:cpu,cpuacct:/a/b
//!   version                2                               1, which counts if both are there
//!   read, up to the root   /sys/fs/cgroup/a/b/cpu.max      /sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us
//!                          /sys/fs/cgroup/a/cpu.max        /sys/fs/cgroup/cpu/a/cpu.cfs_quota_us
//!                          ...                             ..., and cpu.cfs_period_us if there is a quota
//! ```

use std::ffi::c_int;
use std::fs::{self, File};
use std::io::Read;

/// `None`: std has to be asked.
pub(super) fn count() -> Option<usize> {
    match allowed()? {
        // No quota makes it less.
        1 => Some(1),
        allowed => Some(allowed.min(quota("")?.max(1))),
    }
}

/// On how many processors the kernel lets this process run.
fn allowed() -> Option<usize> {
    unsafe extern "C" {
        /// Linux.
        fn sched_getaffinity(process: c_int, len: usize, set: *mut u64) -> c_int;
    }
    // As large as the C library's, which is also std's.
    let mut set = [0; 16];
    // SAFETY: the C library writes at most that many bytes. 0 is the calling thread.
    let result = unsafe { sched_getaffinity(0, size_of_val(&set), set.as_mut_ptr()) };
    let count: u32 = set.iter().map(|word| word.count_ones()).sum();
    (result == 0 && count > 0).then_some(count as usize)
}

/// The control group's processor time as a number of processors, rounded down; `usize::MAX` if it is not
/// limited. `root` is where the files are.
fn quota(root: &str) -> Option<usize> {
    let mut buffer = [0; 4096];
    let Some(groups) = read(&format!("{root}/proc/self/cgroup"), &mut buffer)? else {
        return Some(usize::MAX);
    };
    let Some((version, group)) = group(groups) else {
        return Some(usize::MAX);
    };
    // The usual form, for which there is nothing to interpret.
    let parts = || group.split('/').skip(1);
    let plain = |part: &str| !matches!(part, "" | "." | "..");
    if !group.starts_with('/') || !(group == "/" || parts().all(plain)) {
        return None;
    }
    let group = group.trim_end_matches('/');
    match version {
        Version::One => quota_1(&format!("{root}/sys/fs/cgroup/cpu"), group),
        Version::Two => quota_2(&format!("{root}/sys/fs/cgroup"), group),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Version {
    One,
    Two,
}

/// The process's group for processor time: of version 1 the last that is listed, otherwise of version 2 the
/// first.
fn group(groups: &str) -> Option<(Version, &str)> {
    groups.split('\n').fold(None, |found, line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let version = match fields.next() {
            Some("") => Version::Two,
            Some(list) if list.split(',').any(|name| name == "cpu") => Version::One,
            _ => return found,
        };
        if found.is_some() && version == Version::Two {
            return found;
        }
        fields.next().map(|path| (version, path))
    })
}

fn quota_1(mount: &str, group: &str) -> Option<usize> {
    let mut least = usize::MAX;
    for (at, dir) in up(group).enumerate() {
        let number = |file: &str| {
            let mut buffer = [0; 64];
            let text = read(&format!("{mount}{dir}/{file}"), &mut buffer)?;
            Some(text.map(|text| text.trim().parse::<usize>().ok()))
        };
        let limit = number("cpu.cfs_quota_us")?;
        if at == 0 && limit.is_none() {
            // It may be mounted elsewhere.
            return None;
        }
        // -1 is no number, and no limit.
        if let Some(Some(limit)) = limit
            && let Some(Some(period @ 1..)) = number("cpu.cfs_period_us")?
        {
            least = least.min(limit / period);
        }
    }
    Some(least)
}

fn quota_2(mount: &str, group: &str) -> Option<usize> {
    let mut least = usize::MAX;
    for (at, dir) in up(group).enumerate() {
        let mut buffer = [0; 64];
        let Some(text) = read(&format!("{mount}{dir}/cpu.max"), &mut buffer)? else {
            let controllers = format!("{mount}{dir}/cgroup.controllers");
            // The root has no limit; and the group may be none of version 2, or not to be seen from here.
            if at == 0 && !fs::exists(controllers).unwrap_or(false) {
                return Some(usize::MAX);
            }
            continue;
        };
        let (limit, period) = text.lines().next()?.split_once(' ')?;
        let period = period.split(' ').next()?;
        if let (Ok(limit), Ok(period @ 1..)) = (limit.parse::<usize>(), period.parse::<usize>()) {
            least = least.min(limit / period);
        }
    }
    Some(least)
}

/// The group, the one that it is in, and so on up to the root, which is empty.
fn up(group: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(group), |group| {
        group.rfind('/').map(|end| &group[..end])
    })
}

/// A small file's text. `Some(None)`: it can't be opened. `None`: it is not what was expected, and std may
/// see more in it.
fn read<'a>(path: &str, buffer: &'a mut [u8]) -> Option<Option<&'a str>> {
    let Ok(mut file) = File::open(path) else {
        return Some(None);
    };
    // The kernel gives a small file in one piece.
    let len = file.read(buffer).ok().filter(|len| *len < buffer.len())?;
    str::from_utf8(&buffer[..len]).ok().map(Some)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const MAX: Option<usize> = Some(usize::MAX);

    /// The quota in this tree: paths and what is in the files.
    #[track_caller]
    fn is(expected: Option<usize>, groups: &str, files: &[(&str, &str)]) {
        let root = tempfile::tempdir().expect("a directory");
        let groups = ("proc/self/cgroup", groups);
        for (path, text) in files.iter().chain([&groups]) {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("a directory")).expect("it is ours");
            fs::write(path, text).expect("it is ours");
        }
        let root = root.path().to_str().expect("UTF-8");
        assert_eq!(quota(root), expected, "{groups:?} {files:?}");
    }

    const V1: &str = "sys/fs/cgroup/cpu/cpu.cfs_quota_us";
    const V1_PERIOD: &str = "sys/fs/cgroup/cpu/cpu.cfs_period_us";
    const V1_A: &str = "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us";
    const V1_A_PERIOD: &str = "sys/fs/cgroup/cpu/a/cpu.cfs_period_us";

    #[test]
    fn version_1() {
        let root = "5:cpu,cpuacct:/\n4:memory:/x\n0::/\n";
        is(MAX, root, &[(V1, "-1\n"), (V1_PERIOD, "100000\n")]);
        is(Some(3), root, &[(V1, "399999\n"), (V1_PERIOD, "100000\n")]);
        is(Some(0), root, &[(V1, "50000\n"), (V1_PERIOD, "100000\n")]);
        is(MAX, root, &[(V1, "50000\n"), (V1_PERIOD, "0\n")]);
        is(MAX, root, &[(V1, "50000\n")]);
        // Nested: the least counts.
        let both = |inner, outer| {
            [
                (V1_A, inner),
                (V1_A_PERIOD, "100000"),
                (V1, outer),
                (V1_PERIOD, "100000"),
            ]
        };
        is(Some(2), "1:cpu:/a\n", &both("200000", "-1"));
        is(Some(2), "1:cpu:/a\n", &both("-1", "200000"));
        is(Some(2), "1:cpu:/a\n", &both("300000", "200000"));
        // It counts before version 2, wherever that is listed.
        let two = ("sys/fs/cgroup/cpu.max", "700000 100000\n");
        let one = [(V1, "400000\n"), (V1_PERIOD, "100000\n"), two];
        is(Some(4), "0::/\n1:cpu:/\n", &one);
        is(Some(4), "1:cpu:/\n0::/\n", &one);
        // Mounted elsewhere, or the group of a container's host: std looks further.
        is(None, "1:cpu:/\n", &[]);
        is(None, "1:cpu:/docker/x\n", &one);
    }

    #[test]
    fn version_2() {
        let controllers = ("sys/fs/cgroup/cgroup.controllers", "cpu\n");
        is(MAX, "0::/\n", &[controllers]);
        is(MAX, "0::/\n", &[]);
        let at_root = |text| [("sys/fs/cgroup/cpu.max", text), controllers];
        is(MAX, "0::/\n", &at_root("max 100000\n"));
        is(Some(2), "0::/\n", &at_root("250000 100000\n"));
        is(MAX, "0::/\n", &at_root("250000 0\n"));
        // Version 1 has no processors here.
        is(
            Some(2),
            "3:cpuset:/x\n2:cpuacct:/y\n0::/\n",
            &at_root("250000 100000\n"),
        );
        // Nested: the least counts, and a level without the controller says nothing.
        let nested = |inner, outer| {
            [
                ("sys/fs/cgroup/a/b/c/cpu.max", inner),
                ("sys/fs/cgroup/a/b/cgroup.controllers", ""),
                ("sys/fs/cgroup/a/cpu.max", outer),
                controllers,
            ]
        };
        is(
            Some(3),
            "0::/a/b/c\n",
            &nested("max 100000\n", "300000 100000\n"),
        );
        is(
            Some(1),
            "0::/a/b/c\n",
            &nested("100000 100000\n", "300000 100000\n"),
        );
        is(
            Some(3),
            "0::/a/b\n",
            &nested("100000 100000\n", "300000 100000\n"),
        );
        // It is not to be seen from here: as for std, no limit.
        is(MAX, "0::/elsewhere\n", &nested("", "300000 100000\n"));
    }

    #[test]
    fn no_group_or_one_that_std_has_to_interpret() {
        is(MAX, "", &[]);
        is(MAX, "7:memory:/a\n", &[]);
        for odd in ["/../a", "/a//b", "a", "", "/a/", "/.", "//"] {
            is(None, &format!("0::{odd}\n"), &[]);
        }
        is(None, &"9:name=x:/\n".repeat(400), &[]);
        is(None, "0::/\n", &[("sys/fs/cgroup/cpu.max", "")]);
        is(None, "0::/\n", &[("sys/fs/cgroup/cpu.max", "1000\n")]);
    }

    #[test]
    fn here_it_is_what_std_says() {
        if let Some(count) = count() {
            assert_eq!(count, crate::platform::processors::of_std());
        }
    }
}
