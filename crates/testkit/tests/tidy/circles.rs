//! No file of a crate may use a file that uses it. A module and the modules inside it count as one, and may use each other.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    slice,
};

use crate::tree::{root, texts};

/// Where a circle does no harm: the simulated world, in which everything uses everything; and the API document, which consists of the routes and is served by
/// them.
const HARMLESS: &[(&str, &str)] = &[("bench", "simulate::"), ("server", "openapi")];

/// The path of a module from the root of its crate, or any other path.
pub type Path = Vec<String>;

#[test]
fn no_file_knows_one_that_knows_it() {
    let crates: Vec<_> = std::fs::read_dir(root().join("crates")).unwrap().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let mut arrows = 0;
    let mut circles = Vec::new();
    for name in crates {
        let knows = Crate::read(&format!("crates/{name}/src")).arrows();
        arrows += knows.values().map(BTreeSet::len).sum::<usize>();
        let of_crate = knows.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to))).filter_map(|(from, to)| way(&knows, to, from));
        circles.extend(of_crate.map(|files| (name.clone(), files)));
    }
    assert!(arrows > 0, "no arrow was found");
    circles.retain(|(name, files)| !HARMLESS.iter().any(|(of, part)| name == of && files.iter().any(|file| file.starts_with(part))));
    circles.sort_by_key(|(_, files)| files.len());
    assert_eq!(circles.first(), None, "what both need belongs into a file of its own");
}

#[test]
fn a_circle_is_found_through_groups_aliases_and_macros() {
    let of = |files: &[(&str, &str)]| {
        let arrows = Crate { files: files.iter().map(|(module, text)| (path(module), File::read(text))).collect() }.arrows();
        arrows.iter().flat_map(|(from, all)| all.iter().map(move |to| format!("{} {}", from.join("::"), to.join("::")))).collect::<Vec<_>>()
    };
    assert_eq!(of(&[("a", "use crate::{b::{C as D, e}, f};"), ("b", ""), ("f", "")]), ["a b"], "a module that is named is not known before it is used");
    assert_eq!(of(&[("a", "use crate::b; fn x() { say!(b::c()) }"), ("b", "")]), ["a b"]);
    assert_eq!(of(&[("a", "fn x() -> super::b::C { todo!() }"), ("b", "")]), ["a b"]);
    assert_eq!(of(&[("a", "use crate::b::C;"), ("b", "mod d; pub use d::C;"), ("b::d", "")]), ["a b::d"], "where it stands, not where it is handed on");
    assert_eq!(of(&[("a", "mod b; fn x() { b::c() }"), ("a::b", "use super::D;")]), Vec::<String>::new(), "one thing");
    assert_eq!(of(&[("a", "#[cfg(test)] mod tests { use crate::b::C; } // crate::b::C\n const D: &str = \"crate::b::C\";"), ("b", "")]), Vec::<String>::new());
}

/// A crate's files, by module.
pub struct Crate {
    files: BTreeMap<Path, File>,
}

impl Crate {
    /// Reads the crate in a folder.
    pub fn read(folder: &str) -> Self {
        let files = texts(folder, &[".rs"]).into_iter().map(|(file, text)| {
            let module = file[folder.len() + 1..].trim_end_matches(".rs").trim_end_matches("/mod");
            (if ["lib", "main"].contains(&module) { Path::new() } else { module.split('/').map(str::to_owned).collect() }, File::read(&text))
        });
        let mut this = Self { files: files.collect() };
        let for_tests: Vec<Path> =
            this.files.iter().flat_map(|(module, file)| file.for_tests.iter().map(|child| [module, slice::from_ref(child)].concat())).collect();
        this.files.retain(|module, _| !for_tests.iter().any(|tests| module.starts_with(tests)));
        this
    }

    /// Which files each file uses.
    pub fn arrows(&self) -> BTreeMap<Path, BTreeSet<Path>> {
        let known = |(module, file): (&Path, &File)| {
            let all = file.uses.iter().filter(|one| !one.is_public).filter_map(|one| {
                let (to, is_all) = self.home(self.absolute(module, file, &one.path)?)?;
                let is_one_thing = module.starts_with(&to) || to.starts_with(module);
                let is_import = is_all && one.alias.is_some();
                (!is_one_thing && !is_import).then_some(to)
            });
            (module.clone(), all.collect())
        };
        self.files.iter().map(known).collect()
    }

    /// The absolute form of a path that a module uses; `None` for other crates.
    fn absolute(&self, module: &Path, file: &File, said: &[String]) -> Option<Path> {
        let (first, rest) = said.split_first()?;
        let above = said.iter().take_while(|part| *part == "super").count();
        if above > 0 {
            return Some([&module[..module.len().checked_sub(above)?], &said[above..]].concat());
        }
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([module, rest].concat()),
            _ if self.files.contains_key(&[&module[..], slice::from_ref(first)].concat()) => Some([&module[..], said].concat()),
            _ => {
                let named = file.uses.iter().find(|one| one.alias.as_ref() == Some(first) && one.path.first() != Some(first))?;
                self.absolute(module, file, &[&named.path[..], rest].concat())
            }
        }
    }

    /// The module in which an item is defined, following re-exports; and whether the module itself is meant.
    fn home(&self, meant: Path) -> Option<(Path, bool)> {
        let depth = (0..=meant.len()).rev().find(|depth| self.files.contains_key(&meant[..*depth]))?;
        let (module, inside) = meant.split_at(depth);
        let file = &self.files[module];
        let handed_on = inside.first().and_then(|name| file.uses.iter().find(|one| one.is_public && one.alias.as_ref() == Some(name)));
        match handed_on.and_then(|one| self.absolute(&module.to_vec(), file, &one.path)) {
            Some(to) if !to.starts_with(&meant[..=depth]) => self.home([&to[..], &inside[1..]].concat()),
            _ => Some((module.to_vec(), inside.is_empty())),
        }
    }
}

/// The paths that a file uses.
#[derive(Default)]
struct File {
    uses: Vec<Use>,
    for_tests: Vec<String>,
}

/// A path that is used, and the name under which it is imported, if it is.
struct Use {
    path: Path,
    alias: Option<String>,
    is_public: bool,
}

impl File {
    fn read(text: &str) -> Self {
        let (mut this, tokens) = (Self::default(), tokens(text));
        let mut rest = &tokens[..];
        let mut before = ";";
        while let Some((token, after)) = rest.split_first() {
            let taken = match token.as_str() {
                "#" if is_for_tests(after) => this.skip(after),
                "use" if [";", "}", "{", "]", "pub", ")"].contains(&before) => this.import(after, before == "pub" || before == ")"),
                word if is_word(word) => this.name(rest) - 1,
                _ => 0,
            };
            before = &rest[taken];
            rest = &after[taken..];
        }
        this
    }

    /// Skips an item that exists only for tests; returns the number of its tokens.
    fn skip(&mut self, tokens: &[String]) -> usize {
        let first = |wanted: &str| tokens.iter().position(|token| token == wanted).unwrap_or(tokens.len());
        if let (Some(name), true) = (tokens.get(first("mod") + 1), first("mod") < first("{").min(first(";"))) {
            self.for_tests.extend((tokens.get(first("mod") + 2).map(String::as_str) == Some(";")).then(|| name.clone()));
        }
        if first(";") < first("{") { first(";") + 1 } else { first("{") + block(&tokens[first("{")..]) }
    }

    fn import(&mut self, tokens: &[String], is_public: bool) -> usize {
        let end = tokens.iter().position(|token| token == ";").unwrap_or(tokens.len());
        self.tree(&Path::new(), &tokens[..end], is_public);
        end
    }

    fn tree(&mut self, to: &Path, tokens: &[String], is_public: bool) {
        let brace = tokens.iter().position(|token| token == "{").unwrap_or(tokens.len());
        let (mut path, mut words) = (to.clone(), tokens[..brace].iter().filter(|token| *token != "::"));
        path.extend(words.by_ref().take_while(|word| *word != "as").filter(|word| *word != "self" || to.is_empty()).cloned());
        if brace < tokens.len() {
            let inside = &tokens[brace + 1..tokens.len() - 1];
            let mut depth = 0;
            for one in inside.split(|token| {
                depth += i32::from(token == "{") - i32::from(token == "}");
                token == "," && depth == 0
            }) {
                self.tree(&path, one, is_public);
            }
        } else if !tokens.is_empty() {
            let alias = words.next().or(path.last()).cloned();
            self.uses.push(Use { path, alias, is_public });
        }
    }

    /// Reads a path in an expression or a type; returns the number of its tokens.
    fn name(&mut self, tokens: &[String]) -> usize {
        let links = tokens[1..].chunks_exact(2).take_while(|two| two[0] == "::" && is_word(&two[1])).count();
        if links > 0 {
            self.uses.push(Use { path: tokens[..=2 * links].iter().step_by(2).cloned().collect(), alias: None, is_public: false });
        }
        1 + 2 * links
    }
}

fn is_for_tests(tokens: &[String]) -> bool {
    let [open, cfg, paren, rest @ ..] = tokens else { return false };
    [open.as_str(), cfg, paren] == ["[", "cfg", "("] && (rest[0] == "test" || (rest[0] == "any" && rest[2] == "test"))
}

/// The number of tokens of the block that begins here.
fn block(tokens: &[String]) -> usize {
    let mut depth = 0;
    let end = tokens.iter().position(|token| {
        depth += i32::from(token == "{") - i32::from(token == "}");
        depth == 0
    });
    end.map_or(tokens.len(), |end| end + 1)
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The words and signs of Rust code, without comments, strings and lifetimes.
fn tokens(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let hashes = rest.trim_start_matches('r').chars().take_while(|c| *c == '#').count();
        let after = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
        let length = if rest.starts_with("//") {
            after("\n", 0)
        } else if rest.starts_with("/*") {
            after("*/", 2)
        } else if first == 'r' && rest[1 + hashes..].starts_with('"') {
            after(&format!("\"{}", "#".repeat(hashes)), 2 + hashes)
        } else if first == '"' {
            let mut is_escaped = false;
            let end = rest[1..].find(|c: char| {
                let ends = c == '"' && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                ends
            });
            end.map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("'\\") {
            after("'", 3)
        } else if first == '\'' {
            let inside = rest[1..].chars().next().map_or(0, char::len_utf8);
            if rest[1 + inside..].starts_with('\'') { 2 + inside } else { 1 }
        } else if is_word(rest) {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            all.push(rest[..end].to_owned());
            end
        } else {
            let length = if rest.starts_with("::") { 2 } else { first.len_utf8() };
            all.extend((!first.is_whitespace()).then(|| rest[..length].to_owned()));
            length
        };
        rest = &rest[length..];
    }
    all
}

fn path(module: &str) -> Path {
    module.split("::").map(str::to_owned).collect()
}

/// The shortest path of uses from one file to another.
fn way(knows: &BTreeMap<Path, BTreeSet<Path>>, from: &Path, to: &Path) -> Option<Vec<String>> {
    let mut before: BTreeMap<&Path, &Path> = BTreeMap::from([(from, from)]);
    let mut next = VecDeque::from([from]);
    while let Some(at) = next.pop_front() {
        if at == to {
            let mut files = vec![at];
            while files[files.len() - 1] != from {
                files.push(before[files[files.len() - 1]]);
            }
            return Some(files.iter().rev().map(|file| file.join("::")).collect());
        }
        for one in knows.get(at).into_iter().flatten() {
            before.entry(one).or_insert_with(|| {
                next.push_back(one);
                at
            });
        }
    }
    None
}
