//! A program that writes a PDF at once, for tests that are not about what it shows.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use vigie::platform::pdf::Printer;

use super::folder::Folder;

/// The program; it goes away with the test.
pub struct Stub {
    folder: Folder,
}

impl Stub {
    /// Writes it.
    pub fn new() -> Self {
        let folder = Folder::new();
        let program = folder.path().join("prints");
        let script = "#!/bin/sh\nfor a in \"$@\"; do case \"$a\" in\n\
                      --print-to-pdf=*) printf '%%PDF-1.4 essai' > \"${a#--print-to-pdf=}\";;\nesac; done\n";
        std::fs::write(&program, script).expect("a script");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))
            .expect("runnable");
        Self { folder }
    }

    /// What prints with it.
    pub fn printer(&self) -> Printer {
        Printer::new(self.folder.path().join("prints"), Duration::from_mins(1))
    }
}
