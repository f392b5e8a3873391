//! The `kubedrill` program.

fn main() -> std::process::ExitCode {
    kubedrill::cli::main()
}
