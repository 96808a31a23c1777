//! The types a setting can have, and how each is read from and written to TOML.

use std::fmt::Display;

use crate::money::Money;

/// A type that a policy setting can have.
pub trait Setting: Sized + PartialOrd + Display {
    /// What to write in TOML.
    fn to_toml(&self) -> String;

    /// Reads a TOML value.
    ///
    /// # Errors
    /// Returns what the value should have been.
    fn from_toml(value: &toml::Value) -> Result<Self, SettingProblem>;

    /// The value as a number that [`Self::from_bits`] reads back.
    fn bits(&self) -> u64;

    /// The value of a number; `None` when no value has it.
    fn from_bits(bits: u64) -> Option<Self>;
}

/// What a value should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingProblem(pub &'static str);

impl Setting for u32 {
    fn to_toml(&self) -> String {
        self.to_string()
    }

    fn from_toml(value: &toml::Value) -> Result<Self, SettingProblem> {
        let number = value.as_integer().and_then(|number| Self::try_from(number).ok());
        number.ok_or(SettingProblem("must be a whole number that is not negative"))
    }

    fn bits(&self) -> u64 {
        (*self).into()
    }

    fn from_bits(bits: u64) -> Option<Self> {
        bits.try_into().ok()
    }
}

impl Setting for bool {
    fn to_toml(&self) -> String {
        self.to_string()
    }

    fn from_toml(value: &toml::Value) -> Result<Self, SettingProblem> {
        value.as_bool().ok_or(SettingProblem("must be `true` or `false`"))
    }

    fn bits(&self) -> u64 {
        (*self).into()
    }

    fn from_bits(bits: u64) -> Option<Self> {
        (bits < 2).then_some(bits == 1)
    }
}

impl Setting for f64 {
    fn to_toml(&self) -> String {
        // Debug keeps the shortest text that reads back to the same bits, and a decimal point.
        format!("{self:?}")
    }

    fn from_toml(value: &toml::Value) -> Result<Self, SettingProblem> {
        let problem = SettingProblem("must be a finite number");
        let number = match value.as_integer() {
            Some(whole) => Self::from(i32::try_from(whole).map_err(|_| problem)?),
            None => value.as_float().ok_or(problem)?,
        };
        if number.is_finite() { Ok(number) } else { Err(problem) }
    }

    fn bits(&self) -> u64 {
        self.to_bits()
    }

    fn from_bits(bits: u64) -> Option<Self> {
        Some(Self::from_bits(bits))
    }
}

impl Setting for Money {
    fn to_toml(&self) -> String {
        format!("\"{self}\"")
    }

    fn from_toml(value: &toml::Value) -> Result<Self, SettingProblem> {
        let money = match value.as_integer() {
            Some(whole) => whole.checked_mul(10_000).map(Self::from_units),
            None => value.as_str().and_then(Self::parse),
        };
        money.ok_or(SettingProblem("must be dollars in quotes, such as \"500.00\""))
    }

    fn bits(&self) -> u64 {
        self.units().cast_unsigned()
    }

    fn from_bits(bits: u64) -> Option<Self> {
        Some(Self::from_units(bits.cast_signed()))
    }
}
