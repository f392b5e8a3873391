//! The command line: one file a subcommand, resolved options, output, exit codes.
