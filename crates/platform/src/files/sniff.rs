//! Determines what a file is from its first bytes; what the sender calls it is not believed. Whether an image can be shown is decided by its pixels.

use super::image_size::image_size;

/// Image types that pages may show inline.
pub const SHOWN: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// The type of a file about which nothing is known, or that may only be downloaded.
pub const UNKNOWN: &str = "application/octet-stream";
/// An image with more pixels can only be downloaded: when shown, it takes four bytes per pixel, however small the file is. Phone cameras produce this many.
const MAX_PIXELS: i64 = 25_000_000;
/// Extensions of files that systems run, or open as a disk or a shortcut that does.
const RUN_BY_NAME: [&str; 94] = [
    "ade",
    "adp",
    "apk",
    "app",
    "appinstaller",
    "applescript",
    "application",
    "appref-ms",
    "appx",
    "appxbundle",
    "bash",
    "bat",
    "cdxml",
    "chm",
    "cmd",
    "com",
    "command",
    "cpl",
    "crx",
    "csh",
    "deb",
    "desktop",
    "diagcab",
    "dll",
    "dmg",
    "exe",
    "gadget",
    "hlp",
    "hta",
    "img",
    "inf",
    "ins",
    "iso",
    "isp",
    "jar",
    "jnlp",
    "js",
    "jse",
    "ksh",
    "library-ms",
    "lnk",
    "mde",
    "mobileconfig",
    "msc",
    "msi",
    "msix",
    "msixbundle",
    "msp",
    "mst",
    "ocx",
    "pif",
    "pkg",
    "ps1",
    "ps1xml",
    "ps2",
    "ps2xml",
    "psc1",
    "psc2",
    "psd1",
    "psm1",
    "pssc",
    "reg",
    "rpm",
    "run",
    "scf",
    "scpt",
    "scr",
    "sct",
    "search-ms",
    "settingcontent-ms",
    "sh",
    "sys",
    "terminal",
    "theme",
    "themepack",
    "url",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "vhdx",
    "vsto",
    "webloc",
    "website",
    "workflow",
    "ws",
    "wsb",
    "wsc",
    "wsf",
    "wsh",
    "xbap",
    "xll",
    "xpi",
    "zsh",
];

/// The kind of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sniffed {
    /// A program, which is refused.
    Program,
    /// An image of a type that can be shown, whatever its size; the type is one of [`SHOWN`].
    Image(&'static str),
    /// A file to download.
    Other {
        /// Its type, as far as known.
        mime: String,
    },
}

/// Determines the kind of a file from its first bytes and its name.
pub fn sniff(name: &str, head: &[u8]) -> Sniffed {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    if infer::is_app(head) || head.starts_with(b"#!") || RUN_BY_NAME.contains(&extension.as_str()) {
        return Sniffed::Program;
    }
    let mime = infer::get(head).map_or(UNKNOWN, |kind| kind.mime_type());
    match SHOWN.into_iter().find(|shown| *shown == mime) {
        Some(mime) if is_signed(mime, head) => Sniffed::Image(mime),
        None if !mime.starts_with("image/") && !mime.starts_with("text/") => Sniffed::Other { mime: mime.to_owned() },
        _ => Sniffed::Other { mime: UNKNOWN.to_owned() },
    }
}

/// Whether a file begins with the complete signature of its type, and not only with the bytes by which most such files are recognised: a text may begin with
/// "GIF".
fn is_signed(mime: &str, head: &[u8]) -> bool {
    match mime {
        "image/png" => head.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/gif" => head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"),
        "image/webp" => head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
        _ => head.starts_with(b"\xff\xd8\xff"),
    }
}

/// The size of an image of this type in pixels, if it can be shown.
pub fn shown_size(mime: &str, file: &[u8]) -> Option<(i64, i64)> {
    image_size(mime, file).filter(|(width, height)| width.checked_mul(*height).is_some_and(|pixels| pixels <= MAX_PIXELS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_refused_whatever_they_are_called() {
        for (name, head) in [
            ("photo.png", &b"MZ\x90\x00\x03\x00\x00\x00"[..]),
            ("photo.png", &b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"[..]),
            ("notes", &b"#!/bin/sh\n"[..]),
            ("a.txt.EXE", &b"hello"[..]),
            ("setup.msi", &b"\xd0\xcf\x11\xe0"[..]),
            ("bill.iso", &b"hello"[..]),
            ("bill.url", &b"[InternetShortcut]"[..]),
            ("setup.application", &b"<?xml version=\"1.0\"?>"[..]),
            ("setup.MSIX", &b"PK\x03\x04"[..]),
            ("types.ps1xml", &b"<Configuration/>"[..]),
        ] {
            assert_eq!(sniff(name, head), Sniffed::Program, "{name}");
        }
    }

    #[test]
    fn only_small_true_images_are_shown() {
        let png = |width: u32, height: u32| [&b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"[..], &width.to_be_bytes(), &height.to_be_bytes()].concat();
        assert_eq!(shown_size("image/png", &png(2, 3)), Some((2, 3)));
        for (width, height) in [(6_245, 6_245), (60_000, 60_000), (u32::MAX, u32::MAX), (1 << 31, 1 << 31), (0, 9)] {
            assert_eq!(sniff("a.txt", &png(width, height)), Sniffed::Image("image/png"), "{width} x {height}");
            assert_eq!(shown_size("image/png", &png(width, height)), None, "{width} x {height}");
        }
        for (name, head) in [
            ("a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("a.png", "<html><script>"),
            ("a.html", "<!DOCTYPE html>"),
            ("a", "plain"),
            ("a.gif", "GIFTS for everybody"),
            ("a.webp", "12345678WEBPAGE"),
        ] {
            assert_eq!(sniff(name, head.as_bytes()), Sniffed::Other { mime: "application/octet-stream".to_owned() }, "{name}");
        }
        assert_eq!(sniff("a.pdf", b"%PDF-1.7\n"), Sniffed::Other { mime: "application/pdf".to_owned() });
    }
}
