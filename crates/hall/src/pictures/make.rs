//! Re-encodes a picture, so that nothing of the uploaded file is kept but its pixels.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::FilterType,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most pixels that are decoded, which is what phone cameras produce.
const MAX_PIXELS: u64 = 50_000_000;
/// The longest side that is decoded, in pixels.
const MAX_SIDE: u32 = 12_000;
/// The memory a decoder may take, in bytes.
const MAX_MEMORY: u64 = 256 * 1024 * 1024;
/// The longest side of the small size, in pixels: for a card or a list.
const SMALL: u32 = 320;
/// The longest side of the large size, in pixels: for the product's own page.
const LARGE: u32 = 1200;
/// The quality of JPEG files: what is lost is not visible.
const QUALITY: u8 = 84;

/// The size of a picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// At most 320 pixels a side.
    #[default]
    Small,
    /// At most 1,200 pixels a side.
    Large,
}

impl Size {
    /// Both sizes.
    pub const EACH: [Self; 2] = [Self::Small, Self::Large];
    /// The name of the size on the wire and in the file name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }
    const fn side(self) -> u32 {
        match self {
            Self::Small => SMALL,
            Self::Large => LARGE,
        }
    }
}

/// A picture in both sizes.
#[derive(Debug)]
pub struct Made {
    /// The media type.
    pub mime: &'static str,
    /// The small size, then the large size.
    pub bytes: [Vec<u8>; 2],
}

/// Why no picture was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// The file is not of a supported kind, or it is broken.
    #[error("the file is not a PNG, JPEG or WebP picture, or it is damaged")]
    Unreadable,
    /// There are too many pixels.
    #[error("a picture can have at most 50 million pixels, and 12,000 per side")]
    TooLarge,
}

/// Makes both sizes of a file: PNG if it has transparency, otherwise JPEG, turned according to its orientation.
pub fn make(file: &[u8]) -> Result<Made, MakeError> {
    let mut image = decode(file)?;
    let see_through = image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX);
    image = if see_through { DynamicImage::ImageRgba8(image.into_rgba8()) } else { DynamicImage::ImageRgb8(image.into_rgb8()) };
    let sized = |image: &DynamicImage, size: Size| {
        let side = size.side();
        if image.width() > side || image.height() > side { image.resize(side, side, FilterType::CatmullRom) } else { image.clone() }
    };
    let large = sized(&image, Size::Large);
    let small = sized(&large, Size::Small);
    let encode = |image: &DynamicImage| {
        let mut bytes = Vec::new();
        let done = if see_through {
            image.write_with_encoder(PngEncoder::new(&mut bytes))
        } else {
            image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))
        };
        done.map(|()| bytes).map_err(|_| MakeError::Unreadable)
    };
    Ok(Made { mime: if see_through { "image/png" } else { "image/jpeg" }, bytes: [encode(&small)?, encode(&large)?] })
}

fn decode(file: &[u8]) -> Result<DynamicImage, MakeError> {
    let reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| MakeError::Unreadable)?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) {
        return Err(MakeError::Unreadable);
    }
    let mut decoder = reader.into_decoder().map_err(|_| MakeError::Unreadable)?;
    let (width, height) = decoder.dimensions();
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(MakeError::TooLarge);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    decoder.set_limits(limits).map_err(|_| MakeError::TooLarge)?;
    let orientation = decoder.orientation().map_err(|_| MakeError::Unreadable)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| MakeError::Unreadable)?;
    image.apply_orientation(orientation);
    Ok(image)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn png(image: DynamicImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }
    fn size(bytes: &[u8]) -> (u32, u32) {
        let image = image::load_from_memory(bytes).unwrap();
        (image.width(), image.height())
    }

    #[test]
    fn a_picture_is_made_in_two_sizes_of_its_own_shape() {
        let made = make(&png(DynamicImage::ImageRgb8(RgbImage::from_pixel(2400, 1200, Rgb([200, 10, 10]))))).unwrap();
        assert_eq!((made.mime, size(&made.bytes[0]), size(&made.bytes[1])), ("image/jpeg", (320, 160), (1200, 600)));
        let tiny = make(&png(DynamicImage::ImageRgba8(RgbaImage::from_pixel(9, 9, Rgba([0, 0, 0, 100]))))).unwrap();
        assert_eq!((tiny.mime, size(&tiny.bytes[0]), size(&tiny.bytes[1])), ("image/png", (9, 9), (9, 9)));
        let opaque = make(&png(DynamicImage::ImageRgba8(RgbaImage::from_pixel(9, 9, Rgba([0, 0, 0, 255]))))).unwrap();
        assert_eq!(opaque.mime, "image/jpeg");
    }

    #[test]
    fn nothing_but_the_pixels_is_kept() {
        // A JPEG with a comment and an EXIF block that says it was taken sideways.
        let mut jpeg = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(RgbImage::from_pixel(40, 20, Rgb([1, 2, 3]))).write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
        let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0SECRETPLACE";
        let mut marked = vec![0xff, 0xd8, 0xff, 0xe1, 0, u8::try_from(exif.len() + 2).unwrap()];
        marked.extend_from_slice(exif);
        marked.extend_from_slice(&jpeg.into_inner()[2..]);
        marked.extend_from_slice(b"<script>alert(1)</script>");
        let made = make(&marked).unwrap();
        assert_eq!(size(&made.bytes[1]), (20, 40));
        for bytes in &made.bytes {
            let holds = |what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
            assert!(!holds(b"SECRETPLACE") && !holds(b"Exif") && !holds(b"<script>"));
        }
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_refused() {
        let mut bomb = png(DynamicImage::ImageRgb8(RgbImage::new(1, 1)));
        // The header says 12,001 by 1; its checksum is made to match.
        bomb[16..20].copy_from_slice(&12_001_u32.to_be_bytes());
        let sum = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(make(&bomb).unwrap_err(), MakeError::TooLarge);
        let mut cut = png(DynamicImage::ImageRgb8(RgbImage::new(50, 50)));
        cut.truncate(45);
        for bytes in [&b""[..], b"hello", b"GIF89a\x02\x00\x01\x00", b"<svg onload=alert(1)>", b"%PDF-1.7", &cut] {
            assert_eq!(make(bytes).unwrap_err(), MakeError::Unreadable);
        }
    }

    /// The checksum of PNG: W3C PNG, annex D.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 }))
    }
}
