//! Ends a program of the journeys and removes its folder, however the test ends.
//!
//! Ctrl-C or a kill leaves a test no time to clean up. So a small process of its own group waits for
//! the end of a pipe whose other end the test holds: the kernel closes it with the test.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::Pid;

/// Signal, group, folder. A group that has not ended after ten seconds is killed.
const CARE: &str = r#"
cat >/dev/null
kill -s "$1" -- "-$2"
turns=0
while kill -s 0 -- "-$2" && [ "$turns" -lt 100 ]; do
  sleep 0.1
  turns=$((turns + 1))
done
kill -s KILL -- "-$2"
rm -rf -- "$3"
"#;

/// A program that leads its own group of processes, and its folder.
pub struct Ward {
    program: Child,
    caretaker: Child,
}

impl Ward {
    /// Starts the program, to be ended by `signal` and its folder to be removed.
    pub fn start(command: &mut Command, signal: &str, folder: &Path) -> Self {
        let program = command
            .process_group(0)
            .spawn()
            .expect("the program starts");
        let group = Pid::from_child(&program).as_raw_nonzero().to_string();
        let caretaker = Command::new("sh")
            .args(["-c", CARE, "caretaker", signal, &group])
            .arg(folder)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        Self { program, caretaker }
    }

    /// The program.
    pub fn program(&mut self) -> &mut Child {
        &mut self.program
    }
}

impl Drop for Ward {
    fn drop(&mut self) {
        drop(self.caretaker.stdin.take());
        let _ = self.program.wait();
        let _ = self.caretaker.wait();
    }
}
