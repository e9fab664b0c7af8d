//! Reads the size of an image from its header, without decoding anything.
//!
//! PNG: W3C PNG, section 11.2.1. JPEG: ITU-T T.81, B.2.2. GIF: GIF89a, section 18. WebP: RFC 9649, section 2.

/// The size of an image of this type, in pixels; `None` if the header is not understood.
pub fn image_size(mime: &str, head: &[u8]) -> Option<(i64, i64)> {
    let size = match mime {
        "image/png" => png(head),
        "image/jpeg" => jpeg(head),
        "image/gif" => Some((little(head, 6, 2)?, little(head, 8, 2)?)),
        "image/webp" => webp(head),
        _ => None,
    }?;
    (size.0 > 0 && size.1 > 0).then_some(size)
}

fn big(bytes: &[u8], at: usize, n: usize) -> Option<i64> {
    Some(bytes.get(at..at + n)?.iter().fold(0, |value, byte| (value << 8) | i64::from(*byte)))
}
fn little(bytes: &[u8], at: usize, n: usize) -> Option<i64> {
    Some(bytes.get(at..at + n)?.iter().rev().fold(0, |value, byte| (value << 8) | i64::from(*byte)))
}

fn png(head: &[u8]) -> Option<(i64, i64)> {
    (head.get(12..16)? == b"IHDR").then_some(())?;
    Some((big(head, 16, 4)?, big(head, 20, 4)?))
}

/// Walks the segments up to the frame header.
fn jpeg(head: &[u8]) -> Option<(i64, i64)> {
    let mut at = 2;
    loop {
        (*head.get(at)? == 0xff).then_some(())?;
        let marker = *head.get(at + 1)?;
        match marker {
            0xff => at += 1,
            0x01 | 0xd0..=0xd7 => at += 2,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return Some((big(head, at + 7, 2)?, big(head, at + 5, 2)?)),
            0xd8..=0xda => return None,
            _ => at += 2 + usize::try_from(big(head, at + 2, 2)?).ok().filter(|length| *length >= 2)?,
        }
    }
}

fn webp(head: &[u8]) -> Option<(i64, i64)> {
    match head.get(12..16)? {
        b"VP8 " => Some((little(head, 26, 2)? & 0x3fff, little(head, 28, 2)? & 0x3fff)),
        b"VP8L" => {
            let bits = little(head, 21, 4)?;
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(head, 24, 3)? + 1, little(head, 27, 3)? + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let hex: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
        hex.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    #[test]
    fn each_format_tells_its_size() {
        for (mime, head, size) in [
            ("image/png", "89504e470d0a1a0a 0000000d 49484452 00000280 000001e0", Some((640, 480))),
            ("image/gif", "474946383961 8002 e001", Some((640, 480))),
            ("image/jpeg", "ffd8 ffe00004 0000 ffc0 0011 08 01e0 0280 03", Some((640, 480))),
            ("image/jpeg", "ffd8 ffff c2 0011 08 01e0 0280 03", Some((640, 480))),
            ("image/webp", "52494646 00000000 57454250 56503820 00000000 000000 9d012a 8002 e001", Some((640, 480))),
            ("image/webp", "52494646 00000000 57454250 5650384c 00000000 2f 7fc27700", Some((640, 480))),
            ("image/webp", "52494646 00000000 57454250 56503858 0a000000 00000000 7f0200 df0100", Some((640, 480))),
            ("image/png", "89504e470d0a1a0a 0000000d 49484452 00000000 000001e0", None),
            ("image/jpeg", "ffd8 ffe0 0000", None),
            ("image/jpeg", "ffd8", None),
            ("image/svg+xml", "3c737667", None),
        ] {
            assert_eq!(image_size(mime, &bytes(head)), size, "{mime} {head}");
        }
    }

    #[test]
    fn no_header_makes_it_fail() {
        for seed in 0_u32..4096 {
            let noise: Vec<u8> = (0..40_u32).map(|i| (seed.wrapping_mul(2_654_435_761).rotate_left(i) >> 3) as u8).collect();
            for (mime, magic) in
                [("image/png", "89504e470d0a1a0a 0000000d 49484452"), ("image/jpeg", "ffd8ff"), ("image/webp", "52494646 00000000 57454250 56503858")]
            {
                let mut head = bytes(magic);
                head.extend(&noise);
                let _ = image_size(mime, &head);
            }
        }
    }
}
