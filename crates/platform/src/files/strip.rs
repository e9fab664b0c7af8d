//! Removes what a picture reveals besides its pixels: where, with what and by whom it was taken, and what it showed before it was cropped. Nothing is decoded.
//!
//! Unknown parts are removed, and so is everything from where the structure breaks. JPEG: ITU-T T.81, annex B; Exif 2.32, section 4.5.4; PNG: W3C PNG, section
//! 5; WebP: RFC 9649, section 2; GIF: GIF89a, appendix A.

use std::io::{Result, Write};

/// Writes the picture without its metadata.
///
/// # Errors
/// The errors of the writer.
pub fn strip(mime: &str, file: &[u8], out: &mut impl Write) -> Result<()> {
    match mime {
        "image/jpeg" => jpeg(file, out),
        "image/png" => png(file, out),
        "image/webp" => webp(file, out),
        "image/gif" => gif(file, out),
        _ => out.write_all(file),
    }
}

/// Whether the picture reveals nothing and can stay as it is.
pub fn is_bare(mime: &str, file: &[u8]) -> bool {
    let mut rest = Same { rest: file, is_same: true };
    strip(mime, file, &mut rest).is_ok() && rest.is_same && rest.rest.is_empty()
}

/// Compares what is written with the original.
struct Same<'a> {
    rest: &'a [u8],
    is_same: bool,
}

impl Write for Same<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self.rest.strip_prefix(bytes) {
            Some(rest) if self.is_same => self.rest = rest,
            _ => self.is_same = false,
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const EXIF: &[u8] = b"Exif\0\0";

/// Keeps what decoding needs: the JFIF and Adobe headers, the colour profile, and the orientation. Anything after the end is another picture or a film.
fn jpeg(file: &[u8], out: &mut impl Write) -> Result<()> {
    out.write_all(&[0xff, START])?;
    let mut at = 2;
    while let Some((marker, segment)) = segment_at(file, &mut at) {
        let content = segment.get(4..).unwrap_or_default();
        let is_kept = match marker {
            0xe0 | 0xee => true,
            0xe2 => content.starts_with(b"ICC_PROFILE\0"),
            0xe1..=0xef | 0xfe => false,
            _ => true,
        };
        if is_kept {
            out.write_all(segment)?;
        }
        if let Some(turned) = content.strip_prefix(EXIF).filter(|_| marker == 0xe1).and_then(orientation) {
            out.write_all(&only_orientation(turned))?;
        }
        if marker == END {
            break;
        }
        if marker == SCAN {
            let coded = &file[at..];
            let length = coded_length(coded);
            out.write_all(&coded[..length])?;
            at += length;
        }
    }
    Ok(())
}

/// The next segment with its marker; `None` at the end, and where there is no valid segment.
fn segment_at<'a>(file: &'a [u8], at: &mut usize) -> Option<(u8, &'a [u8])> {
    // Any number of 0xff may precede a marker.
    while *file.get(*at)? == 0xff && *file.get(*at + 1)? == 0xff {
        *at += 1;
    }
    let marker = *file.get(*at + 1).filter(|_| file[*at] == 0xff)?;
    let length = match marker {
        0x00 | START => return None,
        0x01 | 0xd0..=0xd7 | END => 2,
        _ => 2 + usize::from(u16::from_be_bytes([*file.get(*at + 2)?, *file.get(*at + 3)?])),
    };
    let segment = file.get(*at..*at + length).filter(|_| length == 2 || length >= 4)?;
    *at += length;
    Some((marker, segment))
}

/// The length of the coded data: up to the next marker that does not belong to it.
fn coded_length(coded: &[u8]) -> usize {
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    coded.windows(2).position(is_marker).unwrap_or(coded.len())
}

/// The orientation that Exif specifies, 2 to 8; `None` for upright, which needs no entry.
fn orientation(tiff: &[u8]) -> Option<u8> {
    const TAG: u16 = 0x0112;
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = [*tiff.get(at)?, *tiff.get(at + 1)?];
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let (first, second) = (u32::from(short(at)?), u32::from(short(at + 2)?));
        Some(if is_little { second << 16 | first } else { first << 16 | second })
    };
    let directory = usize::try_from(long(4)?).ok()?;
    let entry = (0..usize::from(short(directory)?)).map(|n| directory + 2 + 12 * n).find(|entry| short(*entry) == Some(TAG))?;
    u8::try_from(short(entry + 8)?).ok().filter(|turned| (2..=8).contains(turned))
}

/// A segment that contains only the orientation.
fn only_orientation(turned: u8) -> Vec<u8> {
    let tiff = [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", &[turned][..], &[0; 6]].concat();
    let length = u16::try_from(2 + EXIF.len() + tiff.len()).unwrap_or(u16::MAX).to_be_bytes();
    [&[0xff, 0xe1], &length[..], EXIF, &tiff].concat()
}

/// PNG chunks that change how the picture is drawn and reveal nothing else.
const DRAWING: [&[u8; 4]; 15] =
    [b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT"];

fn png(file: &[u8], out: &mut impl Write) -> Result<()> {
    let (signature, mut rest) = file.split_at(file.len().min(8));
    out.write_all(signature)?;
    while let Some(length) = rest.get(..4).map(|bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize) {
        let Some((chunk, after)) = length.checked_add(12).and_then(|length| rest.split_at_checked(length)) else { break };
        let kind = &chunk[4..8];
        // An upper-case first letter marks chunks that drawing requires.
        if kind[0].is_ascii_uppercase() || DRAWING.iter().any(|known| *known == kind) {
            out.write_all(chunk)?;
        }
        if kind == b"IEND" {
            break;
        }
        rest = after;
    }
    Ok(())
}

fn webp(file: &[u8], out: &mut impl Write) -> Result<()> {
    /// Flags of the extended format that announce Exif and XMP.
    const TELLING: u8 = 0x0c;
    let Some((head, rest)) = file.split_at_checked(12) else { return Ok(()) };
    let length = 4 + webp_chunks(rest).map(<[u8]>::len).sum::<usize>();
    out.write_all(&head[..4])?;
    out.write_all(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes())?;
    out.write_all(&head[8..])?;
    for chunk in webp_chunks(rest) {
        match chunk {
            [b'V', b'P', b'8', b'X', _, _, _, _, flags, after @ ..] => {
                out.write_all(&chunk[..8])?;
                out.write_all(&[flags & !TELLING])?;
                out.write_all(after)?;
            }
            _ => out.write_all(chunk)?,
        }
    }
    Ok(())
}

/// The chunks that are kept, as far as they are complete.
fn webp_chunks(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    let next = move || {
        let length = rest.get(4..8).map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize)?;
        // Chunks begin at even offsets.
        let (chunk, after) = length.checked_add(8 + length % 2).and_then(|length| rest.split_at_checked(length.min(rest.len())))?;
        rest = after;
        (chunk.len() >= 8 + length).then_some(chunk)
    };
    std::iter::from_fn(next).filter(|chunk| matches!(&chunk[..4], b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP"))
}

/// Keeps the pictures, when and how each is drawn, and how often they are shown. Comments, application data including XMP, text that no browser draws, and
/// anything after the end are removed.
fn gif(file: &[u8], out: &mut impl Write) -> Result<()> {
    const HEAD_BYTES: usize = 13;
    let Some(flags) = file.get(10).copied().filter(|_| file.len() >= HEAD_BYTES) else { return out.write_all(file.get(..6).unwrap_or_default()) };
    let mut at = HEAD_BYTES + colours_length(flags);
    let Some(head) = file.get(..at) else { return out.write_all(&file[..6]) };
    out.write_all(head)?;
    while let Some(rest) = file.get(at..) {
        let Some(length) = gif_block(rest, out)? else { break };
        at += length;
    }
    Ok(())
}

/// Writes what is kept of the block that this begins with, and returns the block's length; `None` for the last one, for an incomplete one, and for anything
/// that is not a block.
fn gif_block(from: &[u8], out: &mut impl Write) -> Result<Option<usize>> {
    match from {
        [0x2c, ..] => {
            let (length, is_whole) = gif_picture(from).unwrap_or((0, false));
            out.write_all(&from[..length])?;
            Ok(is_whole.then_some(length))
        }
        [0x21, label, chain @ ..] => match chain_length(chain) {
            (length, true) => {
                out.write_all(&gif_extension(*label, chain))?;
                Ok(Some(2 + length))
            }
            (_, false) => Ok(None),
        },
        [0x3b, ..] => out.write_all(&[0x3b]).map(|()| None),
        _ => Ok(None),
    }
}

/// The length of the colour table that these flags announce.
const fn colours_length(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// The length of the picture that this begins with, as far as it is present, and whether it is complete.
fn gif_picture(from: &[u8]) -> Option<(usize, bool)> {
    const HEAD_BYTES: usize = 10;
    // The colour table is followed by the width of the first codes.
    let begins = HEAD_BYTES + colours_length(*from.get(HEAD_BYTES - 1)?) + 1;
    let (length, is_whole) = chain_length(from.get(begins..)?);
    Some((begins + length, is_whole))
}

/// The parts of a chain, each preceded by its length, up to the end or to where it breaks.
fn parts(mut chain: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let length = usize::from(*chain.first().filter(|length| **length > 0)?);
        let (part, rest) = chain[1..].split_at_checked(length)?;
        chain = rest;
        Some(part)
    })
}

/// The length of a chain with its end, as far as it is present, and whether it is complete.
fn chain_length(chain: &[u8]) -> (usize, bool) {
    let there: usize = parts(chain).map(|part| 1 + part.len()).sum();
    if chain.get(there) == Some(&0) { (there + 1, true) } else { (there, false) }
}

/// What is kept of an extension: how the next picture is drawn, and how often all are shown.
fn gif_extension(label: u8, chain: &[u8]) -> Vec<u8> {
    let mut parts = parts(chain);
    match (label, parts.next()) {
        (0xf9, Some(control)) if control.len() == 4 => [&[0x21, 0xf9, 4], control, &[0]].concat(),
        (0xff, Some(name @ (b"NETSCAPE2.0" | b"ANIMEXTS1.0"))) => {
            let count = parts.find(|part| part.len() == 3 && part[0] == 1);
            count.map(|count| [&[0x21, 0xff, 11], name, &[3], count, &[0]].concat()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageDecoder as _, ImageEncoder as _, ImageFormat, ImageReader, RgbImage, codecs::jpeg::JpegEncoder};

    use super::*;

    fn stripped(mime: &str, file: &[u8]) -> Vec<u8> {
        let mut clean = Vec::new();
        strip(mime, file, &mut clean).unwrap();
        assert_eq!(is_bare(mime, file), clean == file);
        clean
    }
    /// The place where the picture was taken.
    const PLACE: &[u8] = b"GPS 31.2304 N 121.4737 E";

    fn picture() -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(40, 30, |x, y| image::Rgb([(x * 6) as u8, (y * 8) as u8, 90])))
    }
    fn written(format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }
    /// Exif data with the orientation and the place.
    fn exif(turned: u8) -> Vec<u8> {
        let head =
            [b"II*\0\x08\0\0\0\x02\0".as_slice(), &[0x0f, 1, 2, 0, 4, 0, 0, 0, b'm', b'e', 0, 0], &[0x12, 1, 3, 0, 1, 0, 0, 0, turned, 0, 0, 0], &[0; 4]];
        [&head.concat(), PLACE].concat()
    }
    fn tells(bytes: &[u8]) -> bool {
        bytes.windows(PLACE.len()).any(|window| window == PLACE)
    }
    fn pixels(bytes: &[u8]) -> DynamicImage {
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().decode().unwrap()
    }
    fn turned(bytes: &[u8]) -> u8 {
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().into_decoder().unwrap().orientation().unwrap().to_exif()
    }

    #[test]
    fn a_photograph_keeps_how_the_camera_was_held_and_not_where() {
        for held in [1, 3, 6] {
            let mut with_profile = Vec::new();
            let mut encoder = JpegEncoder::new(&mut with_profile);
            encoder.set_icc_profile(b"a profile".to_vec()).unwrap();
            encoder.set_exif_metadata(exif(held)).unwrap();
            encoder.encode_image(&picture().to_rgb8()).unwrap();
            // A comment, a thumbnail's index, and what phones append: a film, and another picture.
            let comment = [&[0xff, 0xfe, 0, 26], PLACE].concat();
            let index = [&[0xff, 0xe2, 0, 30], b"MPF\0".as_slice(), PLACE].concat();
            let behind = [PLACE, &with_profile].concat();
            let file = [&with_profile[..2], &comment, &index, &with_profile[2..], &behind].concat();
            assert!(tells(&file));
            let clean = stripped("image/jpeg", &file);
            assert!(!tells(&clean) && clean.ends_with(&[0xff, END]), "{held}");
            assert!(clean.windows(9).any(|window| window == b"a profile"));
            assert_eq!((pixels(&clean), turned(&clean)), (pixels(&with_profile), held));
            assert_eq!(stripped("image/jpeg", &clean), clean, "once is enough");
        }
    }

    #[test]
    fn png_and_webp_keep_their_pixels_only() {
        let png = written(ImageFormat::Png);
        let text = [&(PLACE.len() as u32).to_be_bytes()[..], b"tEXt", PLACE, &[0; 4]].concat();
        let exif_chunk = [&(exif(6).len() as u32).to_be_bytes()[..], b"eXIf", &exif(6), &[0; 4]].concat();
        let file = [&png[..33], &text, &exif_chunk, &png[33..], PLACE].concat();
        assert_eq!(stripped("image/png", &file), png);

        let webp = written(ImageFormat::WebP);
        let chunk = |name: &[u8; 4], content: &[u8]| [&name[..], &(content.len() as u32).to_le_bytes(), content, &vec![0; content.len() % 2]].concat();
        let extended = [&[0x0c, 0, 0, 0, 39, 0, 0, 29, 0, 0][..]].concat();
        let file = [&webp[..12], &chunk(b"VP8X", &extended), &webp[12..], &chunk(b"EXIF", &exif(6)), &chunk(b"XMP ", PLACE)].concat();
        let clean = stripped("image/webp", &file);
        assert!(!tells(&clean));
        assert_eq!((pixels(&clean), clean[20], u32::from_le_bytes(clean[4..8].try_into().unwrap()) as usize), (pixels(&webp), 0, clean.len() - 8));
    }

    /// Two pictures of one pixel, shown in an endless loop.
    fn moving() -> [Vec<u8>; 4] {
        let head = [&b"GIF89a\x01\0\x01\0\x80\0\0"[..], &[0, 0, 0, 255, 255, 255]].concat();
        let loops = [&[0x21, 0xff, 11][..], b"NETSCAPE2.0", &[3, 1, 0, 0, 0]].concat();
        let control = [0x21, 0xf9, 4, 4, 10, 0, 0, 0];
        let plain = [&control[..], &[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]].concat();
        let own_colours = [&control[..], &[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0x80, 9, 9, 9, 8, 8, 8, 2, 2, 0x44, 1, 0, END_OF_GIF]].concat();
        [head, loops, plain, own_colours]
    }
    const END_OF_GIF: u8 = 0x3b;

    #[test]
    fn a_gif_keeps_its_pictures_and_how_often_they_are_shown_only() {
        let [head, loops, first, second] = moving();
        let plain = [&head[..], &loops, &first, &second].concat();
        let extension = |label: u8, parts: &[&[u8]]| {
            let parts: Vec<u8> = parts.iter().flat_map(|part| [&[part.len() as u8], *part].concat()).collect();
            [&[0x21, label], &parts[..], &[0]].concat()
        };
        let comment = extension(0xfe, &[PLACE]);
        let text = extension(0x01, &[&[0; 12], PLACE]);
        // XMP is stored as it is, without lengths, and ends with every possible length, so that a reader that follows them reaches the end from anywhere.
        let ends: Vec<u8> = std::iter::once(1).chain((0..=255).rev()).chain([0]).collect();
        let xmp = [&[0x21, 0xff, 11][..], b"XMP DataXMP", PLACE, &ends].concat();
        let other = extension(0xff, &[b"ICCRGBG1012", PLACE]);
        let chatty_loops = extension(0xff, &[b"NETSCAPE2.0", PLACE, &[1, 0, 0], PLACE]);
        let chatty_control = [&first[..7], &[PLACE.len() as u8], PLACE, &[0]].concat();
        let file = [&head[..], &comment, &xmp, &chatty_loops, &text, &other, &chatty_control, &first[8..], &comment, &second, PLACE].concat();
        assert!(tells(&file));
        assert_eq!(stripped("image/gif", &file), plain);
        assert_eq!(stripped("image/gif", &plain), plain);
        let other_loops = extension(0xff, &[b"ANIMEXTS1.0", &[1, 7, 0]]);
        let plain = [&head[..], &other_loops, &first, &second].concat();
        assert_eq!(stripped("image/gif", &plain), plain);
    }

    #[test]
    fn a_broken_picture_tells_nothing_and_breaks_nothing() {
        let jpeg = written(ImageFormat::Jpeg);
        let (png, webp, gif) = (written(ImageFormat::Png), written(ImageFormat::WebP), moving().concat());
        for (mime, whole, least) in [("image/jpeg", jpeg, 2), ("image/png", png, 4), ("image/webp", webp, 0), ("image/gif", gif, 0)] {
            for length in 0..least {
                let _ = stripped(mime, &whole[..length]);
            }
            for length in least..whole.len() {
                assert!(stripped(mime, &whole[..length]).len() <= length, "{mime} {length}");
                let clean = stripped(mime, &[&whole[..length], PLACE].concat());
                assert!(clean.len() <= length + PLACE.len() + 1, "{mime} {length}");
            }
            assert_eq!(stripped(mime, &whole), whole, "{mime}");
        }
        assert!(!tells(&stripped("image/jpeg", &[&[0xff, START, 0xff, 0xe1, 0xff, 0xff][..], PLACE].concat())));
    }
}
