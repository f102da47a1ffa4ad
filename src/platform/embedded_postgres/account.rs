//! Which account PostgreSQL runs as: it refuses root.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use super::Error;

/// An account of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Name, or the number when it has none.
    pub name: String,
    /// User id.
    pub uid: u32,
    /// Main group id.
    pub gid: u32,
}

impl Account {
    /// Makes a command run as this account.
    pub fn apply(&self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }
}

/// The account to change to: none for an ordinary user. Root gives way to the owner of the cluster
/// or of the data folder, else to `postgres`, else to `nobody`.
pub fn choose(data_dir: &Path) -> Result<Option<Account>, Error> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let owner = [data_dir.join("postgres"), data_dir.to_owned()]
        .iter()
        .filter_map(|folder| folder.metadata().ok())
        .map(|meta| (meta.uid(), meta.gid()))
        .find(|(uid, _)| *uid != 0)
        .map(|(uid, gid)| of_uid(&passwd, uid, gid));
    owner
        .or_else(|| of_name(&passwd, "postgres"))
        .or_else(|| of_name(&passwd, "nobody"))
        .map(Some)
        .ok_or(Error::Failed {
            program: "choosing an account",
            output:
                "PostgreSQL refuses to run as root, and there is neither an account `postgres` \
                     nor `nobody`."
                    .to_owned(),
        })
}

/// Refuses a folder that the account cannot enter from the root of the file system.
pub fn check_reach(account: &Account, folder: &Path) -> Result<(), Error> {
    let closed = folder
        .ancestors()
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .find(|step| {
            step.metadata().is_ok_and(|meta| {
                !may_enter(account, meta.uid(), meta.gid(), meta.permissions().mode())
            })
        });
    closed.map_or(Ok(()), |closed| {
        Err(Error::Unreachable {
            account: account.name.clone(),
            folder: closed.to_owned(),
        })
    })
}

fn may_enter(account: &Account, uid: u32, gid: u32, mode: u32) -> bool {
    let bit = if uid == account.uid {
        0o100
    } else if gid == account.gid {
        0o010
    } else {
        0o001
    };
    mode & bit != 0
}

fn of_name(passwd: &str, name: &str) -> Option<Account> {
    entries(passwd).find(|account| account.name == name)
}

fn of_uid(passwd: &str, uid: u32, gid: u32) -> Account {
    let known = entries(passwd).find(|account| account.uid == uid);
    known.unwrap_or_else(|| Account {
        name: uid.to_string(),
        uid,
        gid,
    })
}

/// Lines of `/etc/passwd`: name, password, uid, gid, and more (passwd(5)).
fn entries(passwd: &str) -> impl Iterator<Item = Account> {
    passwd.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account { name, uid, gid })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
                          postgres:x:101:104:PostgreSQL,,,:/var/lib/postgresql:/bin/bash\n\
                          broken line\n";

    #[test]
    fn accounts_are_read_from_the_password_file() {
        let postgres = of_name(PASSWD, "postgres").expect("it is listed");
        assert_eq!((postgres.uid, postgres.gid), (101, 104));
        assert_eq!(of_name(PASSWD, "nobody"), None);
        assert_eq!(of_uid(PASSWD, 1234, 99).name, "1234");
    }

    #[test]
    fn a_folder_is_entered_by_owner_group_or_others() {
        let account = Account {
            name: "a".to_owned(),
            uid: 10,
            gid: 20,
        };
        assert!(may_enter(&account, 10, 0, 0o700));
        assert!(!may_enter(&account, 0, 0, 0o700));
        assert!(may_enter(&account, 0, 20, 0o710));
        assert!(may_enter(&account, 0, 0, 0o755));
        assert!(!may_enter(&account, 0, 20, 0o701));
    }
}
