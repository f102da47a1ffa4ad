//! Where the PostgreSQL programs are.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Error;

/// One installation of PostgreSQL.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
    /// Major version, such as 16.
    pub major: u32,
}

impl Programs {
    /// Path of one program, such as `postgres`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Finds the programs: the given folder, or else the newest of PATH, the packages' folders and
/// Homebrew. A cluster that exists (`wanted`) accepts its own major version only.
pub fn programs(
    given: Option<&Path>,
    wanted: Option<u32>,
    cluster: &Path,
) -> Result<Programs, Error> {
    let found = match given {
        Some(folder) => {
            vec![installation(folder).ok_or_else(|| Error::WrongFolder(folder.to_owned()))?]
        }
        None => search(&usual_folders()),
    };
    choose(found, wanted, cluster)
}

fn choose(
    mut found: Vec<Programs>,
    wanted: Option<u32>,
    cluster: &Path,
) -> Result<Programs, Error> {
    found.sort_by_key(|programs| programs.major);
    found.dedup_by_key(|programs| programs.major);
    let majors: Vec<String> = found
        .iter()
        .map(|programs| programs.major.to_string())
        .collect();
    let Some(wanted) = wanted else {
        return found.pop().ok_or(Error::NotFound);
    };
    let newest = found.is_empty();
    found
        .into_iter()
        .find(|programs| programs.major == wanted)
        .ok_or_else(|| {
            if newest {
                return Error::NotFound;
            }
            Error::OtherVersion {
                folder: cluster.to_owned(),
                wanted,
                found: majors.join(", "),
            }
        })
}

fn search(folders: &[PathBuf]) -> Vec<Programs> {
    folders
        .iter()
        .filter_map(|folder| installation(folder))
        .collect()
}

fn usual_folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    // Debian and Ubuntu; the PostgreSQL project's RPM; Homebrew on Apple silicon, Intel and Linux.
    for (parent, prefix, suffix) in [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),
    ] {
        let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
        folders.extend(
            entries
                .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
                .map(|entry| entry.path().join(suffix)),
        );
    }
    folders
}

fn installation(folder: &Path) -> Option<Programs> {
    if !["postgres", "initdb"]
        .iter()
        .all(|name| is_executable(&folder.join(name)))
    {
        return None;
    }
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .output()
        .ok()?;
    let major = major_version(&String::from_utf8_lossy(&output.stdout))?;
    Some(Programs {
        folder: folder.to_owned(),
        major,
    })
}

fn is_executable(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)` is 15; `17beta1` is 17.
fn major_version(text: &str) -> Option<u32> {
    let number = text.split_whitespace().nth(2)?;
    let digits = number.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(major: u32) -> Programs {
        Programs {
            folder: format!("/pg/{major}").into(),
            major,
        }
    }

    #[test]
    fn versions_are_read_as_the_programs_print_them() {
        assert_eq!(
            major_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"),
            Some(15)
        );
        assert_eq!(major_version("postgres (PostgreSQL) 17beta1"), Some(17));
        assert_eq!(major_version("something else"), None);
    }

    #[test]
    fn a_new_cluster_takes_the_newest_and_an_old_one_its_own_version() {
        let cluster = Path::new("/data");
        let newest = choose(vec![of(16), of(17), of(15)], None, cluster).expect("one is there");
        assert_eq!(newest.major, 17);
        let same = choose(vec![of(16), of(15)], Some(15), cluster).expect("15 is there");
        assert_eq!(same.major, 15);
        let other = choose(vec![of(16), of(17)], Some(15), cluster).expect_err("15 is missing");
        assert!(
            other
                .to_string()
                .contains("PostgreSQL 15, and only 16, 17 is installed")
        );
    }

    #[test]
    fn without_postgresql_two_lines_say_what_to_install_or_set() {
        let error = choose(Vec::new(), None, Path::new("/data")).expect_err("nothing is there");
        let text = error.to_string();
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains("apt install") && text.contains("VIGIE_PG_BIN"));
    }

    #[test]
    fn a_wrong_folder_is_named() {
        let error = programs(Some(Path::new("/nowhere")), None, Path::new("/data"));
        assert!(
            error
                .expect_err("an empty folder")
                .to_string()
                .contains("/nowhere")
        );
    }
}
