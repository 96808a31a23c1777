//! What makes SQLite understand statements that were written for PostgreSQL.
//!
//! The earlier systems' documents print statements in PostgreSQL's words. Most run on SQLite as
//! they are; these do not, and are put into its words before it sees them:
//!
//! | Theirs | SQLite's |
//! |---|---|
//! | `NOW()` | `CURRENT_TIMESTAMP` |
//! | `x - INTERVAL '7 days'`, `CURRENT_DATE - 7` | `shifted(x, '-', '7 days')` |
//! | `EXTRACT(EPOCH FROM (a - b))` | `extracted('epoch', seconds_between(a, b))` |
//! | `x::numeric(5,2)`, `x::float` | `ROUND(x, 2)`, `CAST(x AS REAL)` |
//! | `ILIKE` | `LIKE`, which does not mind case here |
//!
//! The functions, and those that PostgreSQL has and SQLite has not, are defined on every
//! connection. Text in quotes is left alone, and what has none of these words passes unchanged.

mod function;
mod token;

pub(crate) use self::function::define;
use self::token::{is_word, tokens};

/// Puts a statement into SQLite's words.
pub(crate) fn sqlite(sql: &str) -> Result<String, String> {
    let tokens = tokens(sql)?;
    Ok(rewrite(&tokens)?.join(" "))
}

/// Rewrites tokens; each piece that comes out is a token or a whole expression.
fn rewrite(tokens: &[String]) -> Result<Vec<String>, String> {
    let mut out: Vec<String> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = |offset: usize| tokens.get(at + offset).map_or("", String::as_str);
        at += match token.to_ascii_lowercase().as_str() {
            "now" if next(1) == "(" && next(2) == ")" => {
                out.push("CURRENT_TIMESTAMP".to_owned());
                3
            }
            "ilike" => {
                out.push("LIKE".to_owned());
                1
            }
            "interval" if next(1).starts_with('\'') => {
                shift(&mut out, next(1))?;
                2
            }
            "extract" if next(1) == "(" => {
                let end = at + 1 + closing(&tokens[at + 1..])?;
                out.push(extract(&tokens[at + 2..end])?);
                end + 1 - at
            }
            "::" => 1 + cast(&mut out, &tokens[at + 1..])?,
            _ => {
                out.push(token.clone());
                1
            }
        };
        shift_date(&mut out);
    }
    Ok(out)
}

/// `x - INTERVAL '7 days'`: takes `x` and the sign back and puts the call in their place.
fn shift(out: &mut Vec<String>, interval: &str) -> Result<(), String> {
    let sign = out.pop().unwrap_or_default();
    if sign != "-" && sign != "+" {
        return Err(format!("`INTERVAL {interval}` is understood behind `+` and `-` only"));
    }
    let operand = take_operand(out)?;
    out.push(format!("shifted({operand}, '{sign}', {interval})"));
    Ok(())
}

/// `CURRENT_DATE - 7`: a number of days.
fn shift_date(out: &mut Vec<String>) {
    let [.., date, sign, days] = &out[..] else { return };
    let is_days = days.bytes().all(|byte| byte.is_ascii_digit());
    if is_days && date.eq_ignore_ascii_case("current_date") && matches!(sign.as_str(), "-" | "+") {
        let call = format!("shifted(CURRENT_DATE, '{sign}', '{days} days')");
        out.truncate(out.len() - 3);
        out.push(call);
    }
}

/// What stands between the parentheses of `EXTRACT(field FROM expression)`.
fn extract(inner: &[String]) -> Result<String, String> {
    let [field, from, expression @ ..] = inner else {
        return Err("`EXTRACT` needs `field FROM expression`".to_owned());
    };
    if !from.eq_ignore_ascii_case("from") {
        return Err("`EXTRACT` needs `field FROM expression`".to_owned());
    }
    let mut expression = rewrite(expression)?;
    while expression.first().is_some_and(|first| first == "(")
        && closing(&expression).is_ok_and(|end| end + 1 == expression.len())
    {
        expression = expression[1..expression.len() - 1].to_vec();
    }
    let field = field.trim_matches('\'').to_ascii_lowercase();
    let text = match outer_minus(&expression) {
        Some(minus) => {
            let (later, earlier) =
                (expression[..minus].join(" "), expression[minus + 1..].join(" "));
            format!("seconds_between({later}, {earlier})")
        }
        None => expression.join(" "),
    };
    Ok(format!("extracted('{field}', {text})"))
}

/// The place of the last minus outside parentheses.
fn outer_minus(tokens: &[String]) -> Option<usize> {
    let mut depth = 0;
    let mut found = None;
    for (index, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            "-" if depth == 0 && 0 < index => found = Some(index),
            _ => {}
        }
    }
    found
}

/// `x::kind`: takes `x` back and puts the cast in its place; returns how many tokens the kind has.
fn cast(out: &mut Vec<String>, kind: &[String]) -> Result<usize, String> {
    let operand = take_operand(out)?;
    let name = kind.first().map(|name| name.to_ascii_lowercase()).unwrap_or_default();
    let mut length = 1;
    if name == "double" && kind.get(1).is_some_and(|word| word.eq_ignore_ascii_case("precision")) {
        length = 2;
    }
    let mut scale = None;
    if kind.get(length).is_some_and(|token| token == "(") {
        let end = length + closing(&kind[length..])?;
        scale = kind[length + 1..end].iter().rfind(|token| *token != ",").cloned();
        length = end + 1;
    }
    out.push(match (name.as_str(), scale) {
        ("numeric" | "decimal", Some(scale)) => format!("ROUND({operand}, {scale})"),
        ("numeric" | "decimal" | "float" | "float4" | "float8" | "real" | "double", _) => {
            format!("CAST({operand} AS REAL)")
        }
        ("int" | "int4" | "int8" | "integer" | "bigint" | "smallint", _) => {
            format!("CAST(ROUND({operand}) AS INTEGER)")
        }
        ("text" | "varchar" | "char", _) => format!("CAST({operand} AS TEXT)"),
        ("date", _) => format!("date({operand})"),
        ("timestamp" | "timestamptz" | "json" | "jsonb" | "boolean" | "bool", _) => operand,
        _ => return Err(format!("`::{name}` is not understood here; write `CAST(x AS {name})`")),
    });
    Ok(length)
}

/// Takes the expression back that stands last: a name, a number, a text, a call, parentheses.
fn take_operand(out: &mut Vec<String>) -> Result<String, String> {
    let missing = || "something is missing before a `::` or an `INTERVAL`".to_owned();
    let mut start = out.len().checked_sub(1).ok_or_else(missing)?;
    if is_word(&out[start]) && !is_call(&out[start]) {
        return Err(missing());
    }
    if out[start] == ")" {
        let mut depth = 1;
        while 0 < depth {
            start = start.checked_sub(1).ok_or_else(missing)?;
            match out[start].as_str() {
                ")" => depth += 1,
                "(" => depth -= 1,
                _ => {}
            }
        }
        if start.checked_sub(1).is_some_and(|before| is_call(&out[before])) {
            start -= 1;
        }
    }
    while 1 < start && out[start - 1] == "." {
        start -= 2;
    }
    Ok(out.split_off(start).join(" "))
}

/// Whether parentheses behind a word are those of a call.
fn is_call(word: &str) -> bool {
    const NOT: [&str; 16] = [
        "select", "where", "and", "or", "not", "in", "on", "by", "then", "else", "when", "case",
        "having", "as", "from", "values",
    ];
    is_word(word) && !NOT.contains(&word.to_ascii_lowercase().as_str())
}

/// The place of the parenthesis that closes the first.
fn closing(tokens: &[String]) -> Result<usize, String> {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "(" => depth += 1,
            ")" if depth == 1 => return Ok(index),
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Err("a parenthesis is not closed".to_owned())
}

#[cfg(test)]
mod tests;
