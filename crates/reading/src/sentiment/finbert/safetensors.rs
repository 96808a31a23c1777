//! The `safetensors` format: a length, a description in JSON, and the numbers.

use std::collections::BTreeMap;

use serde_json::Value;

/// Bytes of the longest description that is read.
const HEADER_MAX: usize = 16 * 1024 * 1024;

/// The tensors of one file, still as bytes.
#[derive(Debug)]
pub(super) struct Tensors<'a> {
    numbers: &'a [u8],
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    kind: String,
    shape: Vec<usize>,
    start: usize,
    end: usize,
}

impl<'a> Tensors<'a> {
    /// Reads the description.
    ///
    /// # Errors
    /// Says what is wrong with the file.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let short = || "the weights file is cut short".to_owned();
        let (length, rest) = bytes.split_first_chunk::<8>().ok_or_else(short)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok();
        let length = length.filter(|it| *it <= HEADER_MAX.min(rest.len())).ok_or_else(short)?;
        let (header, numbers) = rest.split_at(length);
        let header: Value = serde_json::from_slice(header)
            .map_err(|fault| format!("the weights file has no description: {fault}"))?;
        let header = header.as_object().ok_or("the weights file has no description")?;
        let mut entries = BTreeMap::new();
        for (name, value) in header.iter().filter(|(name, _)| *name != "__metadata__") {
            let entry = entry(value).filter(|it| it.start <= it.end && it.end <= numbers.len());
            let fault = || format!("tensor `{name}` is described wrongly");
            entries.insert(name.clone(), entry.ok_or_else(fault)?);
        }
        Ok(Self { numbers, entries })
    }

    /// Reads one tensor of 32-bit floats.
    ///
    /// # Errors
    /// Names the tensor that is missing, or has another kind, shape or length.
    pub(super) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let entry = self.entries.get(name).ok_or_else(|| format!("tensor `{name}` is missing"))?;
        if entry.kind != "F32" || entry.shape != shape {
            return Err(format!(
                "tensor `{name}` is `{}` of {:?}, not `F32` of {shape:?}",
                entry.kind, entry.shape
            ));
        }
        let bytes = &self.numbers[entry.start..entry.end];
        let (floats, rest) = bytes.as_chunks::<4>();
        if !rest.is_empty() || floats.len() != shape.iter().product::<usize>() {
            return Err(format!("tensor `{name}` has `{}` bytes", bytes.len()));
        }
        let floats: Vec<f32> = floats.iter().map(|it| f32::from_le_bytes(*it)).collect();
        if floats.iter().any(|it| !it.is_finite()) {
            return Err(format!("tensor `{name}` holds a number that is not finite"));
        }
        Ok(floats)
    }
}

fn entry(value: &Value) -> Option<Entry> {
    let size = |it: &Value| it.as_u64().and_then(|it| usize::try_from(it).ok());
    let shape = value.get("shape")?.as_array()?.iter().map(size).collect::<Option<_>>()?;
    let offsets = value.get("data_offsets")?.as_array()?;
    let [start, end] = offsets.as_slice() else { return None };
    let kind = value.get("dtype")?.as_str()?.to_owned();
    Some(Entry { kind, shape, start: size(start)?, end: size(end)? })
}

#[cfg(test)]
mod tests;
