//! The cases about text: valid UTF-8 arrives as it was sent, wherever it is cut; invalid UTF-8 ends the connection. The sequences are those of Markus Kuhn's
//! decoder stress test, which the suite uses too.

use uuid::Uuid;

use super::{
    super::{Heard, line::text},
    Cases, Writes, bad_frame, in_parts,
};

/// Texts with letters of two and three bytes.
const GREEK: &str = "κ\u{1f79}σμε";
const MIXED: &str = "Hello-µ@ßöäüàá-UTF-8!!";
/// The Greek text, half of a surrogate pair, and more text.
const BROKEN: &str = "cebae1bdb9cf83cebcceb5 eda080 656469746564";

/// Decodes hexadecimal digits.
pub(super) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// Adds section 6.
pub(super) fn add(cases: &mut Cases, conversation: &str) {
    let mut section = Section { cases, conversation, sends: 0 };
    section.empty();
    section.cut();
    section.prefixes();
    section.good_and_bad();
    section.bad();
    section.odd_and_good();
}

struct Section<'a> {
    cases: &'a mut Cases,
    conversation: &'a str,
    sends: u128,
}

impl Section<'_> {
    /// A text that must come back, sent in fragments that end at these byte offsets of it.
    fn good(&mut self, what: &str, words: &str, cuts: impl IntoIterator<Item = usize>) {
        self.sends += 1;
        let (conversation, id) = (self.conversation, Uuid::from_u128(self.sends << 64));
        let before = format!(r#"{{"t":"send","conversation":"{conversation}","client_id":"{id}","body":{{"type":"text","text":""#);
        let whole = format!(r#"{before}{words}"}}}}"#).into_bytes();
        let cuts: Vec<usize> = cuts.into_iter().map(|cut| before.len() + cut).collect();
        self.cases.add(what, Writes::Together, in_parts(&split(&whole, &cuts)), vec![Heard::Words(words.to_owned())]);
    }

    /// Bytes that are not UTF-8, or that are not a valid protocol frame even if they are.
    fn add_refused(&mut self, what: &str, said: &[u8], writes: Writes, cuts: &[usize]) {
        let status = if std::str::from_utf8(said).is_ok() { 1008 } else { 1007 };
        self.cases.add(what, writes, in_parts(&split(said, cuts)), vec![bad_frame(status)]);
    }

    /// A sequence of bytes: either the text comes back, or the connection ends.
    fn sequence(&mut self, hex: &str) {
        let said = bytes(hex);
        let what = format!("the bytes {hex}");
        match std::str::from_utf8(&said) {
            // After a letter: a text of which nothing would be seen is refused.
            Ok(words) if !words.contains('\0') => self.good(&what, &format!("a{words}"), []),
            // U+0000 is valid UTF-8, but JSON does not allow it.
            _ => self.add_refused(&what, &said, Writes::Together, &[]),
        }
    }

    fn sequences(&mut self, section: &str, all: &[&str]) {
        self.cases.section(section);
        all.iter().for_each(|hex| self.sequence(hex));
    }

    fn empty(&mut self) {
        self.cases.section("6.1");
        self.cases.add("a text that says nothing", Writes::Together, vec![text("")], Vec::new());
        self.cases.add("a text that says nothing in three parts", Writes::Together, in_parts(&[b"", b"", b""]), Vec::new());
        let around = in_parts(&[b"", br#"{"t":"ping"}"#, b""]);
        self.cases.add("a text between two parts that say nothing", Writes::Together, around, vec![Heard::Answer]);
    }

    fn cut(&mut self) {
        self.cases.section("6.2");
        self.good("words in two scripts", MIXED, []);
        self.good("words in two parts, cut between letters", MIXED, [6]);
        self.good("words of which each byte is a part", MIXED, 1..MIXED.len());
        self.good("Greek words of which each byte is a part", GREEK, 1..GREEK.len());
        let broken = bytes(BROKEN);
        self.cases.section("6.3");
        self.add_refused("half a surrogate pair among words", &broken, Writes::Together, &[]);
        self.add_refused("half a surrogate pair among words of which each byte is a part", &broken, Writes::Together, &(1..broken.len()).collect::<Vec<_>>());
        let beyond = bytes("cebae1bdb9cf83cebcceb5 f4908080 656469746564");
        self.cases.section("6.4");
        self.add_refused("a number beyond Unicode as the second of three parts", &beyond, Writes::ByFrame, &[11, 15]);
        self.add_refused("a number beyond Unicode, cut behind the byte that betrays it", &beyond, Writes::ByFrame, &[12, 13]);
        self.add_refused("a number beyond Unicode in one frame that comes byte by byte", &beyond, Writes::Bytes(1), &[]);
        self.add_refused("a number beyond Unicode in one frame that comes seven bytes at a time", &beyond, Writes::Bytes(7), &[]);
        self.cases.section("6.5");
        let cuts: [&[usize]; 5] = [&[6], &[7], &[8], &[10], &[10, 12, 14]];
        cuts.iter().for_each(|cuts| self.good(&format!("words cut behind the bytes {cuts:?}"), MIXED, cuts.iter().copied()));
    }

    fn prefixes(&mut self) {
        self.cases.section("6.6");
        for end in 1..=GREEK.len() {
            let what = format!("the first {end} bytes of Greek words");
            match GREEK.get(..end) {
                Some(words) => self.good(&what, words, []),
                None => self.add_refused(&what, &GREEK.as_bytes()[..end], Writes::Together, &[]),
            }
        }
    }

    fn good_and_bad(&mut self) {
        // The first sequence of each length, and of lengths that do not exist; the last sequences; those next to a limit.
        self.sequences("6.7", &["00", "c280", "e0a080", "f0908080"]);
        self.sequences("6.8", &["f888808080", "fc8480808080"]);
        self.sequences("6.9", &["7f", "dfbf", "efbfbf", "f48fbfbf"]);
        self.sequences("6.10", &["f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf"]);
        self.sequences("6.11", &["ed9fbf", "ee8080", "efbfbd", "f48fbfbf", "f4908080"]);
    }

    fn bad(&mut self) {
        let all = |range: std::ops::RangeInclusive<u8>, then: &str| range.map(|byte| format!("{byte:02x}{then}")).collect::<String>();
        // Continuation bytes without a beginning.
        let sixty_four = all(0x80..=0xBF, "");
        self.sequences("6.12", &["80", "bf", "80bf", "80bf80", "80bf80bf", "80bf80bf80", "80bf80bf80bf", &sixty_four]);
        // First bytes, each followed by a blank.
        let lonely = [0xC0..=0xDF, 0xE0..=0xEF, 0xF0..=0xF7, 0xF8..=0xFB, 0xFC..=0xFD].map(|range| all(range, "20"));
        self.sequences("6.13", &lonely.each_ref().map(String::as_str));
        // Sequences without their last byte: one by one, then all of them in a row.
        let missing = ["c0", "e080", "f08080", "f8808080", "fc80808080", "df", "efbf", "f7bfbf", "fbbfbfbf", "fdbfbfbfbf"];
        self.sequences("6.14", &missing);
        self.sequences("6.15", &[&missing.concat()]);
        self.sequences("6.16", &["fe", "ff", "fefeffff"]);
        // Overlong encodings: of a slash, of the largest number for each length, of U+0000.
        self.sequences("6.17", &["c0af", "e080af", "f08080af", "f8808080af", "fc80808080af"]);
        self.sequences("6.18", &["c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf"]);
        self.sequences("6.19", &["c080", "e08080", "f0808080", "f880808080", "fc8080808080"]);
        // Halves of surrogate pairs, and whole pairs.
        let (high, low) = (["eda080", "edadbf", "edae80", "edafbf"], ["edb080", "edbfbf"]);
        self.sequences("6.20", &[high[0], high[1], high[2], high[3], low[0], "edbe80", low[1]]);
        let pairs: Vec<String> = high.iter().flat_map(|high| low.map(|low| format!("{high}{low}"))).collect();
        self.sequences("6.21", &pairs.iter().map(String::as_str).collect::<Vec<_>>());
    }

    fn odd_and_good(&mut self) {
        let of = |point: u32| char::from_u32(point).unwrap_or_default().to_string().bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
        // Code points that are not characters, two in each plane, and the specials.
        let none: Vec<String> = (0..=16).flat_map(|plane| [of(plane << 16 | 0xFFFE), of(plane << 16 | 0xFFFF)]).collect();
        self.sequences("6.22", &none.iter().map(String::as_str).collect::<Vec<_>>());
        let special: Vec<String> = (0xFFF9..=0xFFFF).map(of).collect();
        self.sequences("6.23", &special.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// Splits the bytes at these places.
fn split<'a>(whole: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let (mut parts, mut from) = (Vec::with_capacity(cuts.len() + 1), 0);
    for &cut in cuts {
        parts.push(&whole[from..cut]);
        from = cut;
    }
    parts.push(&whole[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_and_cuts_are_made() {
        assert_eq!(bytes("ce ba 0F"), [0xCE, 0xBA, 0x0F]);
        assert_eq!(split(b"abcd", &[1, 3]), [&b"a"[..], b"bc", b"d"]);
        assert_eq!(GREEK.as_bytes(), bytes(&BROKEN[..22]));
    }
}
