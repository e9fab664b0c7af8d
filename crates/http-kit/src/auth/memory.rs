//! The memory that passwords are hashed in: a few pieces that are never freed.
//!
//! A hash takes 19 MiB. If the pieces were freed, they would stay with the allocator: glibc keeps an arena for each thread and, once a piece of this size was
//! freed, takes the next from the arena and not from the system. Hundreds of sign-ins on changing threads then hold hundreds of megabytes.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use argon2::{
    Argon2, Block, Params,
    password_hash::{
        Error, Result,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// Pieces of memory, each lent to one hash at a time. They are allocated when first needed.
pub struct Memory {
    turns: Arc<Semaphore>,
    free: Mutex<Vec<Vec<Block>>>,
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("free", &self.turns.available_permits()).finish_non_exhaustive()
    }
}

impl Memory {
    /// With at most this many pieces.
    pub fn new(pieces: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(pieces)), free: Mutex::default() }
    }

    /// The number of blocks in each piece that is not lent.
    #[cfg(test)]
    pub fn pieces(&self) -> Vec<usize> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).iter().map(Vec::len).collect()
    }

    /// Waits for a free piece.
    pub async fn lend(self: &Arc<Self>) -> std::result::Result<Piece, AcquireError> {
        let turn = self.turns.clone().acquire_owned().await?;
        let blocks = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        Ok(Piece { blocks, of: self.clone(), _turn: turn })
    }
}

/// A piece of memory to hash in. It is returned when this is dropped.
pub struct Piece {
    blocks: Vec<Block>,
    of: Arc<Memory>,
    _turn: OwnedSemaphorePermit,
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.of.free.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(&mut self.blocks));
    }
}

impl Piece {
    /// Hashes a password with a new random salt.
    pub fn hash(&mut self, argon2: &Argon2<'_>, password: &[u8]) -> Result<PasswordHash> {
        let salt = Salt::generate();
        let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
        self.fill(argon2, password, &salt, &mut out)?;
        Ok(PasswordHash {
            algorithm: argon2::ARGON2ID_IDENT,
            version: Some(argon2::Version::V0x13.into()),
            params: ParamsString::try_from(argon2.params())?,
            salt: Some(salt),
            hash: Some(Output::new(&out)?),
        })
    }

    /// Whether a password is the one that was hashed, whatever the parameters of that hash. The comparison takes the same time whatever differs.
    pub fn fits(&mut self, password: &[u8], stored: &PasswordHash) -> Result<bool> {
        let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else { return Ok(false) };
        let algorithm = argon2::Algorithm::try_from(stored.algorithm.as_str())?;
        let version = stored.version.map_or(Ok(argon2::Version::V0x13), argon2::Version::try_from)?;
        let argon2 = Argon2::new(algorithm, version, Params::try_from(stored)?);
        let mut buffer = [0; Output::MAX_LENGTH];
        let out = buffer.get_mut(..expected.len()).ok_or(Error::OutputSize)?;
        self.fill(&argon2, password, salt, out)?;
        Ok(Output::new(out)? == *expected)
    }

    fn fill(&mut self, argon2: &Argon2<'_>, password: &[u8], salt: &[u8], out: &mut [u8]) -> Result<()> {
        let needed = argon2.params().block_count();
        if self.blocks.len() < needed {
            self.blocks.resize(needed, Block::new());
        }
        Ok(argon2.hash_password_into_with_memory(password, salt, out, &mut self.blocks[..needed])?)
    }
}
