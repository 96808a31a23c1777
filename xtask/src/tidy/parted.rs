//! Parts Rust source into code and comments.
//!
//! A rule about code must not fire on a comment that explains the rule or on a string that tests it. So the source is
//! cut into pieces, and what is neither code nor comment (the inside of strings) becomes blank. Line numbers stay.

/// Rust source, once with only its code and once with only its comments.
pub(super) struct Parted {
    pub code: String,
    pub comments: String,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

impl Parted {
    /// Parts a whole file.
    pub(super) fn new(text: &str) -> Self {
        let mut parted = Self { code: String::new(), comments: String::new() };
        let mut rest = text;
        while !rest.is_empty() {
            let (kind, length) = first_piece(rest);
            let (piece, tail) = rest.split_at(length);
            parted.code.push_str(&if kind == Kind::Code { piece.to_owned() } else { blank(piece) });
            parted.comments.push_str(&if kind == Kind::Comment {
                piece.to_owned()
            } else {
                blank(piece)
            });
            rest = tail;
        }
        parted
    }
}

fn blank(piece: &str) -> String {
    piece.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

/// Returns the kind and the length in bytes of the piece that `rest` starts with.
fn first_piece(rest: &str) -> (Kind, usize) {
    let first = rest.chars().next().expect("the caller has text left");
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, block_comment(rest));
    }
    if first == '"' {
        return (Kind::Literal, quoted(rest, '"'));
    }
    if first == '\'' {
        return character(rest);
    }
    if first == '_' || first.is_alphanumeric() {
        return word(rest);
    }
    (Kind::Code, first.len_utf8())
}

/// Returns the length of a block comment, which may hold others.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let tail = &rest.as_bytes()[at..];
        if tail.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with(b"*/") {
            depth -= 1;
            at += 2;
        } else {
            at += 1;
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Returns the length of a literal that starts and ends with `quote` and knows escapes.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// Tells a character from a lifetime.
fn character(rest: &str) -> (Kind, usize) {
    let mut chars = rest.chars().skip(1);
    let escape = chars.next() == Some('\\');
    if escape || chars.next() == Some('\'') {
        (Kind::Literal, quoted(rest, '\''))
    } else {
        (Kind::Code, 1)
    }
}

/// Takes a whole word, and the raw string behind it when the word opens one.
fn word(rest: &str) -> (Kind, usize) {
    let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
    let (word, tail) = rest.split_at(end);
    let hashes = tail.bytes().take_while(|byte| *byte == b'#').count();
    if !matches!(word, "r" | "br" | "cr") || !tail[hashes..].starts_with('"') {
        return (Kind::Code, end);
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let inside = end + hashes + 1;
    let length = rest[inside..].find(&close).map_or(rest.len(), |at| inside + at + close.len());
    (Kind::Literal, length)
}

/// Says whether `line` holds `pattern` standing alone, not as a part of longer words.
pub(super) fn holds(line: &str, pattern: &str) -> bool {
    let in_word = |c: char| c == '_' || c.is_alphanumeric();
    line.match_indices(pattern).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(in_word);
        let after = line[at + pattern.len()..].chars().next().is_some_and(in_word);
        let opens = pattern.starts_with(in_word);
        let closes = pattern.ends_with(in_word);
        !(opens && before || closes && after)
    })
}
