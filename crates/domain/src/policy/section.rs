//! The macro that turns one list of settings into a struct, its documentation and its reader.

use std::fmt::Write;

use super::PolicyError;
use super::setting::Setting;

/// One setting as a reader of the policy sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingRow {
    /// Its key within the section.
    pub key: &'static str,
    /// What it means.
    pub documentation: &'static str,
    /// Its value as TOML.
    pub value: String,
    /// Its default as TOML.
    pub default: String,
    /// Smallest and largest allowed value.
    pub range: String,
}

macro_rules! section {
    (
        $(#[doc = $section_doc:literal])+
        pub struct $name:ident = $section:literal {
            $( $(#[doc = $doc:literal])+ pub $key:ident: $type:ty = $default:expr, $range:expr; )+
        }
    ) => {
        $(#[doc = $section_doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $( $(#[doc = $doc])+ pub $key: $type, )+ }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $key: $default, )+ }
            }
        }

        impl $name {
            /// The section's name in TOML.
            pub const SECTION: &'static str = $section;

            /// Every setting as a number, in the order of their declaration.
            pub fn bits(&self) -> Vec<u64> {
                use $crate::policy::Setting;
                vec![ $( self.$key.bits(), )+ ]
            }

            /// The section of such numbers; `None` when there are too few, or one is no value.
            pub fn from_bits(bits: &[u64]) -> Option<Self> {
                let mut bits = bits.iter().copied();
                Some(Self { $( $key: $crate::policy::Setting::from_bits(bits.next()?)?, )+ })
            }

            pub(in crate::policy) fn described(&self) -> (String, &'static str, Vec<$crate::policy::SettingRow>) {
                let defaults = Self::default();
                let rows = vec![ $(
                    $crate::policy::section::row(
                        stringify!($key),
                        concat!($($doc),+),
                        (&self.$key, &defaults.$key),
                        &$range,
                    ),
                )+ ];
                ($section.to_owned(), concat!($($section_doc),+), rows)
            }

            pub(in crate::policy) fn read(
                &mut self,
                at: &str,
                value: &toml::Value,
                problems: &mut Vec<$crate::policy::PolicyError>,
            ) {
                let Some(table) = value.as_table() else {
                    problems.push($crate::policy::section::not_a_table(at));
                    return;
                };
                for (key, value) in table {
                    let at = format!("{at}.{key}");
                    let outcome = match key.as_str() {
                        $( stringify!($key) => {
                            $crate::policy::section::read_into(&mut self.$key, value, &$range)
                        } )+
                        _ => Err("no such setting; `backsight config show` lists them".to_owned()),
                    };
                    if let Err(problem) = outcome {
                        problems.push($crate::policy::PolicyError { at, problem });
                    }
                }
            }
        }
    };
}

/// Describes one setting.
pub(super) fn row<T: Setting>(
    key: &'static str,
    documentation: &'static str,
    (value, default): (&T, &T),
    range: &std::ops::RangeInclusive<T>,
) -> SettingRow {
    SettingRow {
        key,
        documentation: documentation.trim(),
        value: value.to_toml(),
        default: default.to_toml(),
        range: format!("{}..{}", range.start(), range.end()),
    }
}

/// Reads one setting and checks its range.
pub(super) fn read_into<T: Setting>(
    target: &mut T,
    value: &toml::Value,
    range: &std::ops::RangeInclusive<T>,
) -> Result<(), String> {
    let read = T::from_toml(value).map_err(|problem| format!("{}, got `{value}`", problem.0))?;
    if !range.contains(&read) {
        let (low, high) = (range.start(), range.end());
        return Err(format!("must lie between {low} and {high}, got `{read}`"));
    }
    *target = read;
    Ok(())
}

/// The problem of a section that is not a table.
pub(super) fn not_a_table(at: &str) -> PolicyError {
    PolicyError { at: at.to_owned(), problem: format!("must be a table: write `[{at}]`") }
}

/// Writes a section with its documentation as comments.
pub(super) fn write_section(
    text: &mut String,
    name: &str,
    documentation: &str,
    rows: &[SettingRow],
) {
    let written = (|| {
        writeln!(text, "# {}\n[{name}]", documentation.trim())?;
        for row in rows {
            writeln!(text, "# {} ({})", row.documentation, row.range)?;
            writeln!(text, "{} = {}", row.key, row.value)?;
        }
        writeln!(text)
    })();
    written.expect("writing to a string cannot fail");
}

/// Writes a section's settings alone.
pub(super) fn write_bare_section(text: &mut String, name: &str, rows: &[SettingRow]) {
    let written = (|| {
        writeln!(text, "[{name}]")?;
        rows.iter().try_for_each(|row| writeln!(text, "{} = {}", row.key, row.value))
    })();
    written.expect("writing to a string cannot fail");
}
