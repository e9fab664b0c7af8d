//! What the system is told about this process.

use rustix::{
    fs::Mode,
    process::{Resource, Rlimit, getrlimit, setrlimit, umask},
};

/// Files that are open where the system names no limit: as many connections fit into memory anyway.
const WITHOUT_A_LIMIT: u64 = 1 << 20;

/// What this process writes is its owner's alone: files 0600, folders 0700.
pub fn keep_files_private() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Raises what may be open at once to the most the system allows; returns it. Each connection takes one.
pub fn raise_open_files() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return current.unwrap_or(WITHOUT_A_LIMIT);
    }
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum.unwrap_or(WITHOUT_A_LIMIT),
        Err(error) => {
            tracing::warn!(error = %error, "what may be open at once stays as low as it was");
            current.unwrap_or(WITHOUT_A_LIMIT)
        }
    }
}
