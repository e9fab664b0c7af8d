//! PostgreSQL's own programs, `pg_dump` and `pg_restore`: they write the record, as of one moment, as a dump, and read it back.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};
use url::Url;

use super::copying::PIECE;

/// The panels' numbers, which are computed again from the record.
const DERIVED: &str = "--exclude-schema=yingda_panel*";

/// A database, as PostgreSQL's programs are told of it.
pub struct Database {
    /// Its URL without the password: everybody on the machine sees the arguments of a program.
    url: String,
    password: Option<String>,
}

impl Database {
    /// The database with this URL.
    pub fn at(url: &str) -> anyhow::Result<Self> {
        let mut url = Url::parse(url).context("`database_url` is no URL")?;
        let password = url.password().map(decode).transpose()?;
        if url.set_password(None).is_err() {
            bail!("`database_url` names no server");
        }
        Ok(Self { url: url.into(), password })
    }

    /// Dumps the record; `each` is called with every piece.
    pub fn dump(&self, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> anyhow::Result<()> {
        let mut command = self.command("pg_dump", &["--format=custom", "--no-owner", "--no-privileges", DERIVED]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().with_context(|| missing("pg_dump"))?;
        let mut dump = child.stdout.take().context("pg_dump has no output")?;
        let mut piece = vec![0; PIECE];
        let copied = loop {
            match dump.read(&mut piece) {
                Ok(0) => break Ok(()),
                Ok(read) => {
                    if let Err(error) = each(&piece[..read]) {
                        break Err(error);
                    }
                }
                Err(error) => break Err(error),
            }
        };
        // It ends at its next write, and its own words are worth less than why nobody reads.
        drop(dump);
        let ended = child.wait_with_output()?;
        copied?;
        if !ended.status.success() {
            bail!("pg_dump: {}", String::from_utf8_lossy(&ended.stderr).trim());
        }
        Ok(())
    }

    /// Restores a dump in one transaction: all of it is there afterwards, or nothing. `write` writes the dump.
    pub fn restore(&self, write: impl FnOnce(&mut dyn FnMut(&[u8]) -> io::Result<()>) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let mut command = self.command("pg_restore", &["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().with_context(|| missing("pg_restore"))?;
        let mut dump = child.stdin.take().context("pg_restore has no input")?;
        let written = write(&mut |piece| dump.write_all(piece));
        if written.is_err() {
            // What was written so far looks like a dump that ends, and must not be committed.
            let _ = child.kill();
        }
        drop(dump);
        let ended = child.wait_with_output()?;
        match written {
            Err(error) if !is_broken_pipe(&error) => Err(error),
            Ok(()) if ended.status.success() => Ok(()),
            // It went away by itself, and says why.
            _ => bail!("pg_restore: {}", String::from_utf8_lossy(&ended.stderr).trim()),
        }
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(path_of(program));
        command.args(arguments).arg("--dbname").arg(&self.url);
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password);
        }
        command
    }
}

/// Whether nobody read what was written.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}

fn missing(program: &str) -> String {
    format!("{program} cannot be run: install PostgreSQL's client programs, of the server's version or a later one")
}

/// The newest of Debian's programs, or whichever is found: an older one refuses a newer server.
fn path_of(program: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let number = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u32>().ok());
    let newest = versions.filter(|path| path.join("bin").join(program).is_file()).max_by_key(number);
    newest.map_or_else(|| PathBuf::from(program), |path| path.join("bin").join(program))
}

/// A part of a URL as it is meant.
fn decode(text: &str) -> anyhow::Result<String> {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.bytes());
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
        bytes.push(match byte {
            b'%' => digit(rest.next())
                .zip(digit(rest.next()))
                .map(|(high, low)| high * 16 + low)
                .context("`database_url` has a `%` that does not belong in a URL")?,
            _ => byte,
        });
    }
    String::from_utf8(bytes).context("the password in `database_url` is no text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_not_among_the_arguments() {
        let database = Database::at("postgres://yingda:p%40ss%2Fw@db:5433/yingda?sslmode=require").unwrap();
        assert_eq!((database.url.as_str(), database.password.as_deref()), ("postgres://yingda@db:5433/yingda?sslmode=require", Some("p@ss/w")));
        assert_eq!(Database::at("postgres://yingda@db/yingda").unwrap().password, None);
        for none in ["", "yingda", "postgres://u:%@db/x", "postgres://u:%zz@db/x"] {
            assert!(Database::at(none).is_err(), "{none}");
        }
    }
}
