//! Parses, runs, gives the exit code.

fn main() -> std::process::ExitCode {
    vigie::cli::main()
}
