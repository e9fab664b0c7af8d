//! Settings of this process in the operating system.

use rustix::{
    fs::Mode,
    process::{Resource, Rlimit, getrlimit, setrlimit, umask},
};

/// The number of open files assumed if the system has no limit: more connections would not fit into memory anyway.
const WITHOUT_A_LIMIT: u64 = 1 << 20;

/// Makes everything this process writes accessible to its owner only: files 0600, folders 0700.
pub fn keep_files_private() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Raises the limit on open files to the maximum the system allows, and returns it. Each connection takes one.
pub fn raise_open_files() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return current.unwrap_or(WITHOUT_A_LIMIT);
    }
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum.unwrap_or(WITHOUT_A_LIMIT),
        Err(error) => {
            tracing::warn!(error = %error, "the limit on open files stays as low as it was");
            current.unwrap_or(WITHOUT_A_LIMIT)
        }
    }
}
