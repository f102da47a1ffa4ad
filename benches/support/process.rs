//! What the system knows of processes (Linux, `proc(5)`): processor time and memory.

use std::fs;

/// Processor time of a process and of the children given to it, in milliseconds.
pub fn processor_ms(pids: &[u32]) -> f64 {
    pids.iter()
        .filter_map(|pid| ticks(*pid))
        .map(|ticks| ticks * 10.0)
        .sum()
}

/// User and system time in ticks, which Linux fixes at 100 a second for programs (`USER_HZ`).
fn ticks(pid: u32) -> Option<f64> {
    let fields = stat(pid)?;
    let of = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some(of(11)? + of(12)?)
}

/// The server and its processes.
pub fn family(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let is_child = |pid: &u32| stat(*pid).is_some_and(|fields| fields[1] == parent.to_string());
    pids.filter(is_child).chain([parent]).collect()
}

/// Fields of `/proc/PID/stat` after the name, which may hold blanks: state, parent, …
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    Some(rest.split(' ').map(str::to_owned).collect())
}

/// A line of `/proc/PID/smaps_rollup`, such as `Rss` or `Pss`, in kB.
pub fn memory_kb(pid: u32, name: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}
