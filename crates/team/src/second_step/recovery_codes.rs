//! Recovery codes: ten codes to write down, each of which is used once in place of the app. Only keyed digests of them are stored.

use domain::id::AgentId;
use seal::vault::Vault;

/// How many there are.
pub const COUNT: usize = 10;
/// The letters of a code: base 32 without letters that look like digits (Crockford). With ten of them, a code has 50 bits.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const HALF: usize = 5;

/// New codes as they are shown, made of random bytes.
pub fn generate(random: &[[u8; 2 * HALF]; COUNT]) -> Vec<String> {
    let half = |bytes: &[u8]| bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect::<String>();
    random.iter().map(|bytes| format!("{}-{}", half(&bytes[..HALF]), half(&bytes[HALF..]))).collect()
}

/// The letters of a code that was typed, whatever separates them; `None` if it cannot be one.
pub fn letters(typed: &str) -> Option<String> {
    let as_written = |c: char| match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        c => c,
    };
    let letters: String = typed.chars().filter(|c| !matches!(c, ' ' | '-')).map(as_written).collect();
    (letters.len() == 2 * HALF && letters.bytes().all(|byte| LETTERS.contains(&byte))).then_some(letters)
}

/// The digest that is stored of a code.
pub fn digest(vault: &Vault, agent: AgentId, letters: &str) -> Vec<u8> {
    vault.code(&format!("recovery code of {agent}"), letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let codes = generate(&[[31, 30, 10, 0, 1, 2, 3, 4, 5, 255]; COUNT]);
        assert_eq!(codes[9], "zya01-2345z");
        assert_eq!(letters(&codes[0]).as_deref(), Some("zya012345z"));
        assert_eq!(letters("ZYAOI 2345-z"), letters(&codes[0]));
        for wrong in ["", "123456", "zya01-2345", "zya01-2345zz", "zyau1-2345z", "zya01_2345z"] {
            assert_eq!(letters(wrong), None, "{wrong}");
        }
    }
}
