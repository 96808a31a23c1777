//! Statements as tokens: words, numbers, texts, signs. Comments and space are dropped.

/// Signs of two characters and more, the longest first.
const SIGNS: [&str; 12] =
    ["->>", "#>>", "->", "#>", "::", "<=", ">=", "<>", "!=", "||", "@>", "=="];

/// Cuts a statement into tokens.
pub(super) fn tokens(sql: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_whitespace() {
            rest = &rest[first.len_utf8()..];
            continue;
        } else if rest.starts_with("--") {
            rest = rest.split_once('\n').map_or("", |(_, behind)| behind);
            continue;
        } else if rest.starts_with("/*") {
            rest = rest.split_once("*/").map(|(_, behind)| behind).ok_or("a comment has no end")?;
            continue;
        } else if first == '\'' || first == '"' {
            quoted(rest, first)
                .ok_or_else(|| format!("a text that begins at `{}` has no end", start(rest)))?
        } else if is_letter(first) {
            rest.find(|letter| !is_letter(letter) && !letter.is_ascii_digit()).unwrap_or(rest.len())
        } else if first.is_ascii_digit() {
            number(rest)
        } else {
            SIGNS
                .iter()
                .find(|sign| rest.starts_with(**sign))
                .map_or(first.len_utf8(), |sign| sign.len())
        };
        found.push(rest[..length].to_owned());
        rest = &rest[length..];
    }
    Ok(found)
}

/// Whether a token is a name or a word of the language.
pub(super) fn is_word(token: &str) -> bool {
    token.chars().next().is_some_and(is_letter)
}

fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_' || letter == '$'
}

/// The length of a number: digits, a point, an exponent with its sign.
fn number(text: &str) -> usize {
    let mut before = b'0';
    let mut is_part = |byte: u8| {
        let is_sign = matches!(byte, b'+' | b'-') && matches!(before, b'e' | b'E');
        before = byte;
        is_sign || byte == b'.' || byte.is_ascii_alphanumeric()
    };
    text.bytes().take_while(|byte| is_part(*byte)).count()
}

/// The length of a text in quotes, in which a doubled quote stands for one.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((index, letter)) = letters.next() {
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return Some(index + 1);
        }
    }
    None
}

fn start(text: &str) -> String {
    text.chars().take(20).collect()
}
