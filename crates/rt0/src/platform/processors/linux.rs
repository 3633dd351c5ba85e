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

use std::ffi::{CStr, c_int};

use rt0_core::library::settings::decimal;
use rt0_core::platform::kernel::read_at_once;

/// `None`: std has to be asked.
pub(super) fn count() -> Option<usize> {
    match allowed()? {
        // No quota makes it less.
        1 => Some(1),
        allowed => Some(allowed.min(quota(b"")?.max(1))),
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
/// limited. `root` is where the files are. (Not inlined: whoever counts would have this buffer on its stack as long as
/// the runtime is built, which would touch a page more.)
#[inline(never)]
fn quota(root: &[u8]) -> Option<usize> {
    let mut buffer = [0; 4096];
    let Some(groups) = read([root, b"/proc/self", b"", b"/cgroup"], &mut buffer)? else {
        return Some(usize::MAX);
    };
    let Some((version, group)) = group(groups) else {
        return Some(usize::MAX);
    };
    let quota = match version {
        Version::One => quota_1,
        Version::Two => quota_2,
    };
    if group == b"/" {
        return quota(root, b"");
    }
    // The usual form, for which there is nothing to interpret.
    let plain = |part: &[u8]| !matches!(part, b"" | b"." | b"..");
    let (before, mut rest) = cut(group, b'/')?;
    while let Some((_, others)) = cut(rest, b'/').filter(|(part, _)| plain(part)) {
        rest = others;
    }
    if !before.is_empty() || !plain(rest) || cut(rest, b'/').is_some() {
        return None;
    }
    quota(root, group)
}

#[derive(Clone, Copy, PartialEq)]
enum Version {
    One,
    Two,
}

/// The process's group for processor time: of version 1 the last that is listed, otherwise of version 2 the
/// first.
fn group(groups: &[u8]) -> Option<(Version, &[u8])> {
    let mut found = None;
    let mut rest = groups;
    while !rest.is_empty() {
        let (line, lines) = cut(rest, b'\n').unwrap_or((rest, b""));
        rest = lines;
        let Some((mut names, path)) = cut(line, b':').and_then(|(_, fields)| cut(fields, b':'))
        else {
            continue;
        };
        if names.is_empty() {
            found = found.or(Some((Version::Two, path)));
        }
        while !names.is_empty() {
            let (name, others) = cut(names, b',').unwrap_or((names, b""));
            names = others;
            if name == b"cpu" {
                found = Some((Version::One, path));
            }
        }
    }
    found
}

/// The least quota of the group, the one that it is in, and so on up to the root. Version 1 has the groups for
/// processor time in a folder of their own.
fn quota_1(root: &[u8], group: &[u8]) -> Option<usize> {
    let mut least = usize::MAX;
    for dir in up(group) {
        let (mut limit, mut period) = ([0; 64], [0; 64]);
        let file = |name, buffer| read([root, b"/sys/fs/cgroup/cpu", dir, name], buffer);
        let limit = file(b"/cpu.cfs_quota_us", &mut limit)?;
        if limit.is_none() && dir.len() == group.len() {
            // It may be mounted elsewhere.
            return None;
        }
        // -1 is no number, and no limit.
        if let Some(limit) = limit.and_then(number) {
            if let Some(period @ 1..) = file(b"/cpu.cfs_period_us", &mut period)?.and_then(number) {
                least = least.min(limit / period);
            }
        }
    }
    Some(least)
}

/// The same for version 2.
fn quota_2(root: &[u8], group: &[u8]) -> Option<usize> {
    let mut least = usize::MAX;
    for dir in up(group) {
        let (mut text, mut controllers) = ([0; 64], [0; 64]);
        let file = |name, buffer| read([root, b"/sys/fs/cgroup", dir, name], buffer);
        let Some(text) = file(b"/cpu.max", &mut text)? else {
            // The root has no limit; and the group may be none of version 2, or not to be seen from here.
            let is_none = dir.len() == group.len()
                && matches!(file(b"/cgroup.controllers", &mut controllers), Some(None));
            if is_none {
                return Some(usize::MAX);
            }
            continue;
        };
        let (limit, period) = cut(text, b' ')?;
        if let (Some(limit), Some(period @ 1..)) = (number(limit), number(period)) {
            least = least.min(limit / period);
        }
    }
    Some(least)
}

/// The group, the one that it is in, and so on up to the root, which is empty.
fn up(group: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::successors(Some(group), |dir| {
        let end = dir.iter().rposition(|byte| *byte == b'/')?;
        Some(&dir[..end])
    })
}

/// What is before this byte, and what after it. (std's iterators over text would be a large part of what this
/// file adds to a library.)
#[inline(never)]
fn cut(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| *byte == at)?;
    Some((&text[..end], &text[end + 1..]))
}

/// The number that is the first word.
fn number(text: &[u8]) -> Option<usize> {
    let ends = |byte: &u8| matches!(byte, b' ' | b'\n');
    let end = text.iter().position(ends).unwrap_or(text.len());
    decimal(&text[..end])?.try_into().ok()
}

/// A small file's text. `Some(None)`: it can't be read. `None`: its path or its text is too long, and std may
/// see more in it.
#[inline(never)]
fn read<'a>(path: [&[u8]; 4], buffer: &'a mut [u8]) -> Option<Option<&'a [u8]>> {
    let mut whole = [0; 512];
    let mut len = 0;
    for part in path {
        // The last byte stays zero.
        whole[..511]
            .get_mut(len..)?
            .get_mut(..part.len())?
            .copy_from_slice(part);
        len += part.len();
    }
    let path = CStr::from_bytes_until_nul(&whole).ok()?;
    // The kernel gives a small file in one piece.
    let Some(len) = read_at_once(path, buffer) else {
        return Some(None);
    };
    (len < buffer.len()).then(|| Some(&buffer[..len]))
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
        let root = root.path().to_str().expect("UTF-8").as_bytes();
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
        let long = format!("0::/{}\n", "x".repeat(500));
        is(None, &long, &[]);
    }

    #[test]
    fn here_it_is_what_std_says() {
        if let Some(count) = count() {
            assert_eq!(count, crate::platform::processors::of_std());
        }
    }
}
