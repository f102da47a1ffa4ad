//! Where the program is.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Names of the program, the lightest first.
const NAMES: [&str; 6] = [
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "google-chrome-stable",
    "google-chrome",
    "chromium-browser",
];

/// The first of the known names in the folders of `PATH`.
pub fn on_path() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let of_name = |name: &&str| {
        folders
            .iter()
            .map(|folder| folder.join(name))
            .find(|path| is_program(path))
    };
    NAMES.iter().find_map(of_name)
}

/// Whether this is a file that may be run.
pub fn is_program(path: &Path) -> bool {
    std::fs::metadata(path)
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}
