//! The program seen from outside: what it prints, what it leaves in its folder, how it stops.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod backup;
mod bot_commands;
mod history;
mod moving;
mod program;
mod restore;
mod sealed_backups;
mod serving;
mod upgrading;
