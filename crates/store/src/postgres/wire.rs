//! Values as PostgreSQL sends and takes them.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Write;

use backsight_domain::time::{Date, Time};
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::value::{Value, decimal_text, time_text};

type Failure = Box<dyn Error + Sync + Send>;

/// Its times count microseconds, and its dates days, from the first of January 2000.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROS: i64 = EPOCH_DAYS as i64 * 86_400 * 1_000_000;

/// A value of any type that our tables and statements have.
pub(super) struct Raw(pub(super) Value);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        let text = || Ok::<_, Failure>(std::str::from_utf8(raw)?.to_owned());
        Ok(Self(match *kind {
            Type::BOOL => Value::Bool(bool::from_sql(kind, raw)?),
            Type::INT2 => Value::Int(i16::from_sql(kind, raw)?.into()),
            Type::INT4 => Value::Int(i32::from_sql(kind, raw)?.into()),
            Type::INT8 => Value::Int(i64::from_sql(kind, raw)?),
            Type::OID => Value::Int(u32::from_sql(kind, raw)?.into()),
            Type::FLOAT4 => Value::Real(f32::from_sql(kind, raw)?.into()),
            Type::FLOAT8 => Value::Real(f64::from_sql(kind, raw)?),
            Type::NUMERIC => numeric(raw)?,
            Type::JSONB => Value::Json(std::str::from_utf8(raw.get(1..).unwrap_or(&[]))?.into()),
            Type::JSON => Value::Json(text()?.into()),
            Type::TIMESTAMPTZ | Type::TIMESTAMP => {
                let micros = i64::from_be_bytes(raw.try_into()?).saturating_add(EPOCH_MICROS);
                Value::Time(Time::from_nanos(micros.saturating_mul(1000)))
            }
            Type::DATE => {
                Value::Date(Date::from_days(i32::from_be_bytes(raw.try_into()?) + EPOCH_DAYS))
            }
            Type::BYTEA => Value::Bytes(raw.into()),
            Type::INTERVAL => interval(raw)?,
            Type::TEXT_ARRAY | Type::INT4_ARRAY | Type::VOID => Value::text("(list)"),
            _ => Value::Text(Cow::Owned(
                text().unwrap_or_else(|_| format!("({kind}, {} bytes)", raw.len())),
            )),
        }))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A number with decimals: groups of four digits, and where the point is.
#[expect(clippy::cast_precision_loss, reason = "a mean needs no sixteenth digit")]
fn numeric(raw: &[u8]) -> Result<Value, Failure> {
    let group = |index: usize| -> Result<i16, Failure> {
        let two = raw.get(index * 2..index * 2 + 2).ok_or("a number is cut")?;
        Ok(i16::from_be_bytes(two.try_into()?))
    };
    let (count, weight, sign) = (group(0)?, group(1)?, group(2)?);
    if sign != 0 && sign != 0x4000 {
        return Ok(Value::Null);
    }
    let mut digits: i128 = 0;
    let mut number = 0.0;
    for index in 0..usize::try_from(count)? {
        let part = group(4 + index)?;
        digits = digits.saturating_mul(10_000).saturating_add(part.into());
        number = number * 10_000.0 + f64::from(part);
    }
    let exponent = (i32::from(weight) + 1 - i32::from(count)) * 4;
    let sign = if sign == 0 { 1 } else { -1 };
    // Up to the fifteenth digit a double tells the number that was written.
    let number = if digits < 1 << 53 {
        let digits = digits as f64;
        if exponent < 0 { digits / 10_f64.powi(-exponent) } else { digits * 10_f64.powi(exponent) }
    } else {
        number * 10_f64.powi(exponent)
    };
    Ok(Value::Real(f64::from(sign) * number))
}

/// A span as seconds: a month has thirty days here.
#[expect(clippy::cast_precision_loss, reason = "a span needs no sixteenth digit")]
fn interval(raw: &[u8]) -> Result<Value, Failure> {
    let micros = i64::from_be_bytes(raw.get(..8).ok_or("a span is cut")?.try_into()?);
    let days = i32::from_be_bytes(raw.get(8..12).ok_or("a span is cut")?.try_into()?);
    let months = i32::from_be_bytes(raw.get(12..16).ok_or("a span is cut")?.try_into()?);
    let days = i64::from(days) + i64::from(months) * 30;
    Ok(Value::Real(micros as f64 / 1e6 + days as f64 * 86_400.0))
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match (self, kind) {
            (Self::Null, _) => return Ok(IsNull::Yes),
            (Self::Int(value), &Type::INT4) => return i32::try_from(*value)?.to_sql(kind, out),
            (Self::Int(value), &Type::INT8) => return value.to_sql(kind, out),
            (Self::Bool(value), &Type::BOOL) => return value.to_sql(kind, out),
            (Self::Bytes(bytes), &Type::BYTEA) => out.extend_from_slice(bytes),
            (Self::Time(time), &Type::TIMESTAMPTZ) => {
                let micros = time.nanos().div_euclid(1000) - EPOCH_MICROS;
                out.extend_from_slice(&micros.to_be_bytes());
            }
            (Self::Date(date), &Type::DATE) => {
                out.extend_from_slice(&(date.days() - EPOCH_DAYS).to_be_bytes());
            }
            (Self::Json(text), &Type::JSONB) => {
                out.extend_from_slice(&[1]);
                out.extend_from_slice(text.as_bytes());
            }
            (_, &Type::FLOAT8) => {
                let value = self.as_real().ok_or("a number is wanted")?;
                return value.to_sql(kind, out);
            }
            (Self::Decimal { units, scale }, &Type::NUMERIC) => write_numeric(*units, *scale, out)?,
            (Self::Int(units), &Type::NUMERIC) => write_numeric(*units, 0, out)?,
            (other, &Type::TEXT | &Type::VARCHAR) => {
                out.extend_from_slice(other.to_string().as_bytes());
            }
            (other, kind) => return Err(format!("`{other}` is no `{kind}`").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Writes a number with decimals as groups of four digits around its point.
fn write_numeric(units: i64, scale: u8, out: &mut BytesMut) -> Result<(), Failure> {
    let places = usize::from(scale.div_ceil(4));
    let lift = u128::pow(10, u32::try_from(places * 4)? - u32::from(scale));
    let mut rest = u128::from(units.unsigned_abs()) * lift;
    let mut groups = Vec::new();
    while 0 < rest {
        groups.push(i16::try_from(rest % 10_000)?);
        rest /= 10_000;
    }
    let weight = i16::try_from(groups.len())? - i16::try_from(places)? - 1;
    let sign: i16 = if units < 0 { 0x4000 } else { 0 };
    let header = [i16::try_from(groups.len())?, weight, sign, i16::from(scale)];
    for number in header.iter().chain(groups.iter().rev()) {
        out.extend_from_slice(&number.to_be_bytes());
    }
    Ok(())
}

/// Writes a row as `COPY` reads it.
pub(super) fn copied(values: &[Value], out: &mut String) {
    for (index, value) in values.iter().enumerate() {
        if 0 < index {
            out.push('\t');
        }
        match value {
            Value::Null => out.push_str("\\N"),
            Value::Text(text) => escaped(text, out),
            Value::Json(text) => escaped(text, out),
            Value::Decimal { units, scale } => out.push_str(&decimal_text(*units, *scale)),
            Value::Time(time) => {
                out.push_str(&time_text(*time));
                out.push_str("+00");
            }
            Value::Bytes(bytes) => {
                out.push_str("\\\\x");
                for byte in bytes {
                    for half in [byte >> 4, byte & 15] {
                        out.push(char::from(b"0123456789abcdef"[usize::from(half)]));
                    }
                }
            }
            Value::Bool(_) | Value::Int(_) | Value::Real(_) | Value::Date(_) => {
                write!(out, "{value}").expect("a text can be written to");
            }
        }
    }
    out.push('\n');
}

fn escaped(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            // PostgreSQL's text holds no zero character.
            '\0' => {}
            other => out.push(other),
        }
    }
}
