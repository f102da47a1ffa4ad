//! What a test process that was killed or stopped by Ctrl-C left behind: its folders, named
//! `vigie-…-<pid>-…` in the temporary folder. The next one removes them.

use std::path::PathBuf;

use rustix::process::{Pid, test_kill_process};

/// Removes the folders and files of this prefix whose process is gone.
pub fn sweep(prefix: &str) {
    for (pid, path) in owned(prefix) {
        let is_gone = Pid::from_raw(pid).is_none_or(
            |pid| matches!(test_kill_process(pid), Err(error) if error == rustix::io::Errno::SRCH),
        );
        // What belongs to another account stays: the removal fails, and that is right.
        if is_gone && std::fs::remove_dir_all(&path).is_err() {
            let _ = std::fs::remove_file(&path);
        }
    }
}

fn owned(prefix: &str) -> Vec<(i32, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else {
        return Vec::new();
    };
    let of = |entry: std::fs::DirEntry| {
        let name = entry.file_name();
        let rest = name.to_str()?.strip_prefix(prefix)?;
        let pid = rest.split('-').next()?.parse().ok()?;
        Some((pid, entry.path()))
    };
    entries.flatten().filter_map(of).collect()
}
