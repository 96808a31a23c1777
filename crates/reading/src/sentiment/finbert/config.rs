//! `config.json`: the shape of the network and the names of its labels.

use serde_json::Value;

use crate::sentiment::Label;

/// What we need to know of a model before its weights are read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Config {
    pub(super) hidden: usize,
    pub(super) heads: usize,
    pub(super) layers: usize,
    pub(super) wide: usize,
    pub(super) vocabulary: usize,
    pub(super) positions: usize,
    pub(super) kinds: usize,
    pub(super) epsilon: f32,
    /// The label of each output, by its name in the file.
    pub(super) labels: [Label; 3],
}

/// Bounds on each size, far above every published model.
const SIZE_MAX: u64 = 1 << 20;

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// Names the setting that is missing, out of range, or not the one we know how to compute.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text)
            .map_err(|fault| format!("the configuration is no JSON: {fault}"))?;
        for (key, known) in [
            ("model_type", "bert"),
            ("hidden_act", "gelu"),
            ("position_embedding_type", "absolute"),
        ] {
            let found = value.get(key).and_then(Value::as_str).unwrap_or(known);
            if found != known {
                return Err(format!("`{key}` is `{found}`, this build knows `{known}`"));
            }
        }
        let size = |key: &str| {
            let size = value.get(key).and_then(Value::as_u64);
            let size = size.filter(|it| (1..=SIZE_MAX).contains(it));
            let fault = || format!("`{key}` is missing or out of range");
            size.and_then(|it| usize::try_from(it).ok()).ok_or_else(fault)
        };
        let epsilon = value.get("layer_norm_eps").and_then(Value::as_f64).unwrap_or(1e-12);
        #[expect(clippy::cast_possible_truncation, reason = "the network computes in 32 bits")]
        let config = Self {
            hidden: size("hidden_size")?,
            heads: size("num_attention_heads")?,
            layers: size("num_hidden_layers")?,
            wide: size("intermediate_size")?,
            vocabulary: size("vocab_size")?,
            positions: size("max_position_embeddings")?,
            kinds: size("type_vocab_size")?,
            epsilon: epsilon as f32,
            labels: labels(&value)?,
        };
        if !config.hidden.is_multiple_of(config.heads) {
            return Err(format!("`{}` heads do not share `{}`", config.heads, config.hidden));
        }
        Ok(config)
    }
}

/// The order of the labels differs between published models, so it is read by name and never assumed.
fn labels(value: &Value) -> Result<[Label; 3], String> {
    let names = value.get("id2label").and_then(Value::as_object).ok_or("`id2label` is missing")?;
    let label = |index: usize| {
        let name = names.get(&index.to_string()).and_then(Value::as_str).unwrap_or("");
        match name.to_ascii_lowercase().as_str() {
            "positive" => Ok(Label::Good),
            "negative" => Ok(Label::Bad),
            "neutral" => Ok(Label::Neutral),
            _ => Err(format!("label `{index}` is called `{name}`, which says nothing")),
        }
    };
    let labels = [label(0)?, label(1)?, label(2)?];
    let all = [Label::Good, Label::Bad, Label::Neutral].iter().all(|it| labels.contains(it));
    if names.len() != 3 || !all {
        return Err("the labels are not `positive`, `negative` and `neutral`, each once".to_owned());
    }
    Ok(labels)
}

#[cfg(test)]
mod tests;
