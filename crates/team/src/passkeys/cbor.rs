//! Reads CBOR (RFC 8949) as authenticators write it: of definite length, and nested a few levels deep.

/// How deep values may be nested.
const MAX_DEPTH: u8 = 8;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item<'a> {
    /// A whole number.
    Int(i64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Text.
    Text(&'a str),
    /// A map.
    Map(Vec<(Self, Self)>),
    /// An array, a tagged value, a number with a fraction or a simple value: skipped where it stands.
    Other,
}

impl<'a> Item<'a> {
    /// Reads a value; `rest` is what follows it.
    pub fn read(rest: &mut &'a [u8]) -> Option<Self> {
        Self::read_at(rest, MAX_DEPTH)
    }

    fn read_at(rest: &mut &'a [u8], depth: u8) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        let head = take(rest, 1)?[0];
        let argument = argument(head & 0x1f, rest)?;
        match head >> 5 {
            0 => Some(Self::Int(i64::try_from(argument).ok()?)),
            1 => Some(Self::Int(-1 - i64::try_from(argument).ok()?)),
            2 => Some(Self::Bytes(take(rest, usize::try_from(argument).ok()?)?)),
            3 => Some(Self::Text(std::str::from_utf8(take(rest, usize::try_from(argument).ok()?)?).ok()?)),
            4 => {
                for _ in 0..argument {
                    Self::read_at(rest, depth)?;
                }
                Some(Self::Other)
            }
            5 => {
                // Each pair has at least two bytes: a length that is a lie takes no memory.
                let mut pairs = Vec::new();
                for _ in 0..argument {
                    pairs.push((Self::read_at(rest, depth)?, Self::read_at(rest, depth)?));
                }
                Some(Self::Map(pairs))
            }
            6 => Self::read_at(rest, depth).map(|_| Self::Other),
            _ => Some(Self::Other),
        }
    }

    /// The value under a key of a map.
    pub fn get(&self, key: &Self) -> Option<&Self> {
        match self {
            Self::Map(pairs) => pairs.iter().find(|(known, _)| known == key).map(|(_, value)| value),
            _ => None,
        }
    }
    /// The number under a number.
    pub fn int(&self, key: i64) -> Option<i64> {
        match self.get(&Self::Int(key)) {
            Some(Self::Int(value)) => Some(*value),
            _ => None,
        }
    }
    /// The bytes under a number.
    pub fn bytes(&self, key: i64) -> Option<&'a [u8]> {
        match self.get(&Self::Int(key)) {
            Some(Self::Bytes(value)) => Some(value),
            _ => None,
        }
    }
}

/// The argument in the head of a value, or behind it; none if the length is indefinite.
fn argument(low: u8, rest: &mut &[u8]) -> Option<u64> {
    let bytes = match low {
        0..=23 => return Some(u64::from(low)),
        24..=27 => 1 << (low - 24),
        _ => return None,
    };
    Some(take(rest, bytes)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

/// Takes this many bytes from the beginning.
pub fn take<'a>(rest: &mut &'a [u8], bytes: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(bytes)?;
    *rest = left;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_what_is_no_value_is_refused() {
        let read = |mut bytes: &[u8]| Item::read(&mut bytes).map(|item| format!("{item:?} {}", bytes.len()));
        // Examples of RFC 8949, appendix A.
        for (bytes, item) in [
            (&b"\x17"[..], "Int(23) 0"),
            (b"\x19\x03\xe8", "Int(1000) 0"),
            (b"\x39\x01\x00", "Int(-257) 0"),
            (b"\x44\x01\x02\x03\x04\x05", "Bytes([1, 2, 3, 4]) 1"),
            (b"\x64IETF", "Text(\"IETF\") 0"),
            (b"\xa2\x01\x02\x03\x04", "Map([(Int(1), Int(2)), (Int(3), Int(4))]) 0"),
            (b"\x83\x01\x82\x02\x03\x82\x04\x05", "Other 0"),
            (b"\xc1\x1a\x51\x4b\x67\xb0", "Other 0"),
            (b"\xf9\x3c\x00", "Other 0"),
        ] {
            assert_eq!(read(bytes).as_deref(), Some(item));
        }
        let deep = [&[0x81; 20][..], &[0x01]].concat();
        for bytes in [&b""[..], b"\x19\x03", b"\x5f\x01", b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff", b"\x61\xff", b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff", &deep]
        {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
    }
}
