//! The forward pass of a sentence encoder of the BERT family, one text at a time: no padding, no mask.

use ndarray::{Array1, Array2, ArrayView2, Axis, Slice, concatenate};
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;

/// What `config.json` says of a model.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Config {
    pub model_type: String,
    pub vocab_size: usize,
    pub hidden_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub intermediate_size: usize,
    pub max_position_embeddings: usize,
    #[serde(default = "gelu")]
    pub hidden_act: String,
    #[serde(default = "small")]
    pub layer_norm_eps: f32,
    #[serde(default)]
    pub pad_token_id: usize,
}

fn gelu() -> String {
    "gelu".to_owned()
}

const fn small() -> f32 {
    1e-12
}

impl Config {
    /// What is wrong with it, if anything.
    pub(crate) fn fault(&self) -> Option<String> {
        if !["bert", "roberta", "xlm-roberta", "camembert"].contains(&self.model_type.as_str()) {
            return Some(format!("model_type is {:?}; it must be bert, roberta, xlm-roberta or camembert", self.model_type));
        }
        if self.hidden_act != "gelu" {
            return Some(format!("hidden_act is {:?}; it must be gelu", self.hidden_act));
        }
        let sizes = [self.vocab_size, self.hidden_size, self.num_attention_heads, self.intermediate_size, self.max_position_embeddings];
        if sizes.contains(&0) || !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            return Some("a size is 0, or hidden_size is no multiple of num_attention_heads".to_owned());
        }
        (self.longest() < 2).then(|| "max_position_embeddings leaves no room for a text".to_owned())
    }

    /// The position of the first token: the family of RoBERTa counts from behind its padding token.
    fn first_position(&self) -> usize {
        if self.model_type == "bert" { 0 } else { self.pad_token_id + 1 }
    }

    /// The most tokens of a text.
    pub(crate) fn longest(&self) -> usize {
        self.max_position_embeddings.saturating_sub(self.first_position())
    }
}

struct Linear {
    weight: Array2<f32>,
    bias: Array1<f32>,
}

impl Linear {
    fn of(&self, x: &Array2<f32>) -> Array2<f32> {
        x.dot(&self.weight.t()) + &self.bias
    }
}

struct Norm {
    weight: Array1<f32>,
    bias: Array1<f32>,
    eps: f32,
}

impl Norm {
    fn of(&self, mut x: Array2<f32>) -> Array2<f32> {
        for mut row in x.rows_mut() {
            let n = row.len() as f32;
            let mean = row.sum() / n;
            let variance = row.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / n;
            let scale = 1.0 / (variance + self.eps).sqrt();
            row.iter_mut().zip(self.weight.iter().zip(&self.bias)).for_each(|(value, (weight, bias))| *value = (*value - mean) * scale * weight + bias);
        }
        x
    }
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    wide: Linear,
    narrow: Linear,
    norm: Norm,
}

impl Layer {
    fn of(&self, x: Array2<f32>, heads: usize) -> Array2<f32> {
        let (query, key, value) = (self.query.of(&x), self.key.of(&x), self.value.of(&x));
        let size = x.ncols() / heads;
        let scale = 1.0 / (size as f32).sqrt();
        let head = |number: usize| {
            // the macro for slices is no safe code
            let part = Slice::from(number * size..(number + 1) * size);
            let mut weights = query.slice_axis(Axis(1), part).dot(&key.slice_axis(Axis(1), part).t()) * scale;
            weights.rows_mut().into_iter().for_each(|mut row| {
                let most = row.iter().copied().fold(f32::MIN, f32::max);
                row.mapv_inplace(|value| (value - most).exp());
                let sum = row.sum();
                row.mapv_inplace(|value| value / sum);
            });
            weights.dot(&value.slice_axis(Axis(1), part))
        };
        let heads: Vec<Array2<f32>> = (0..heads).map(head).collect();
        let views: Vec<ArrayView2<'_, f32>> = heads.iter().map(|head| head.view()).collect();
        // heads of the same number of rows always fit together
        let together = concatenate(Axis(1), &views).unwrap_or_else(|_| Array2::zeros(x.dim()));
        let x = self.attended_norm.of(self.attended.of(&together) + &x);
        let wide = self.wide.of(&x).mapv_into(|value| 0.5 * value * (1.0 + erf(value * std::f32::consts::FRAC_1_SQRT_2)));
        self.norm.of(self.narrow.of(&wide) + &x)
    }
}

/// The error function, to seven digits (Abramowitz and Stegun, 7.1.26).
fn erf(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let sum = t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4))));
    (1.0 - sum * (-x * x).exp()).copysign(x)
}

/// A model with its weights.
pub(crate) struct Bert {
    config: Config,
    words: Array2<f32>,
    positions: Array2<f32>,
    kind: Array1<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

/// Takes tensors out of a file by name.
struct Weights<'a> {
    tensors: SafeTensors<'a>,
    prefix: &'static str,
    eps: f32,
}

impl Weights<'_> {
    fn take(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let name = format!("{}{name}", self.prefix);
        let tensor = self.tensors.tensor(&name).map_err(|_| format!("the tensor {name} is missing"))?;
        if tensor.shape() != shape {
            return Err(format!("the tensor {name} has the shape {:?}; config.json wants {shape:?}", tensor.shape()));
        }
        let data = tensor.data();
        let values: Vec<f32> = match tensor.dtype() {
            Dtype::F32 => data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
            Dtype::F16 => data.chunks_exact(2).map(|b| half(u16::from_le_bytes([b[0], b[1]]))).collect(),
            Dtype::BF16 => data.chunks_exact(2).map(|b| f32::from_bits(u32::from(u16::from_le_bytes([b[0], b[1]])) << 16)).collect(),
            other => return Err(format!("the tensor {name} is of the type {other:?}; F32, F16 and BF16 can be read")),
        };
        if values.iter().all(|value| value.is_finite()) { Ok(values) } else { Err(format!("the tensor {name} contains something that is not a number")) }
    }

    fn row(&self, name: &str, size: usize) -> Result<Array1<f32>, String> {
        self.take(name, &[size]).map(Array1::from_vec)
    }

    fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Array2<f32>, String> {
        Array2::from_shape_vec((rows, columns), self.take(name, &[rows, columns])?).map_err(|error| error.to_string())
    }

    fn linear(&self, name: &str, from: usize, to: usize) -> Result<Linear, String> {
        Ok(Linear { weight: self.matrix(&format!("{name}.weight"), to, from)?, bias: self.row(&format!("{name}.bias"), to)? })
    }

    fn norm(&self, name: &str, size: usize) -> Result<Norm, String> {
        Ok(Norm { weight: self.row(&format!("{name}.weight"), size)?, bias: self.row(&format!("{name}.bias"), size)?, eps: self.eps })
    }

    fn layer(&self, number: usize, config: &Config) -> Result<Layer, String> {
        let (size, wide) = (config.hidden_size, config.intermediate_size);
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        Ok(Layer {
            query: self.linear(&name("attention.self.query"), size, size)?,
            key: self.linear(&name("attention.self.key"), size, size)?,
            value: self.linear(&name("attention.self.value"), size, size)?,
            attended: self.linear(&name("attention.output.dense"), size, size)?,
            attended_norm: self.norm(&name("attention.output.LayerNorm"), size)?,
            wide: self.linear(&name("intermediate.dense"), size, wide)?,
            narrow: self.linear(&name("output.dense"), wide, size)?,
            norm: self.norm(&name("output.LayerNorm"), size)?,
        })
    }
}

/// A number of 16 bits as one of 32.
fn half(bits: u16) -> f32 {
    let (sign, exponent, fraction) = (u32::from(bits >> 15) << 31, u32::from(bits >> 10) & 31, u32::from(bits & 1023));
    match exponent {
        0 => f32::from_bits(sign | (fraction as f32 * 2.0_f32.powi(-24)).to_bits()),
        31 => f32::from_bits(sign | 0x7f80_0000 | (fraction << 13)),
        _ => f32::from_bits(sign | ((exponent + 112) << 23) | (fraction << 13)),
    }
}

impl Bert {
    /// Reads the weights of a model; an error says which tensor is wrong.
    pub(crate) fn read(config: Config, bytes: &[u8]) -> Result<Bert, String> {
        let tensors = SafeTensors::deserialize(bytes).map_err(|error| format!("it is damaged or no safetensors file ({error})"))?;
        const FIRST: &str = "embeddings.word_embeddings.weight";
        let prefix = ["", "bert.", "roberta."].into_iter().find(|prefix| tensors.tensor(&format!("{prefix}{FIRST}")).is_ok()).unwrap_or("");
        let weights = Weights { tensors, prefix, eps: config.layer_norm_eps };
        let size = config.hidden_size;
        let kinds =
            weights.tensors.tensor(&format!("{prefix}embeddings.token_type_embeddings.weight")).map_or(1, |tensor| *tensor.shape().first().unwrap_or(&1));
        let kind = weights.matrix("embeddings.token_type_embeddings.weight", kinds.max(1), size)?;
        Ok(Bert {
            words: weights.matrix(FIRST, config.vocab_size, size)?,
            positions: weights.matrix("embeddings.position_embeddings.weight", config.max_position_embeddings, size)?,
            kind: kind.row(0).to_owned(),
            norm: weights.norm("embeddings.LayerNorm", size)?,
            layers: (0..config.num_hidden_layers).map(|number| weights.layer(number, &config)).collect::<Result<_, _>>()?,
            config,
        })
    }

    /// What the model makes of each token; an error if a token is not in its vocabulary. There must be a token, and no more than fit.
    pub(crate) fn run(&self, tokens: &[u32]) -> Result<Array2<f32>, String> {
        let first = self.config.first_position();
        let mut x = Array2::zeros((tokens.len(), self.config.hidden_size));
        for (at, (mut row, &token)) in x.rows_mut().into_iter().zip(tokens).enumerate() {
            let token = token as usize;
            if token >= self.config.vocab_size || at >= self.config.longest() {
                return Err(format!("the token {token} at {at} is beyond the model's vocabulary or length"));
            }
            row += &self.words.row(token);
            row += &self.positions.row(first + at);
            row += &self.kind;
        }
        Ok(self.layers.iter().fold(self.norm.of(x), |x, layer| layer.of(x, self.config.num_attention_heads)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_function_is_right_to_six_digits() {
        for (x, value) in [(0.0, 0.0), (0.5, 0.520_499_9), (1.0, 0.842_700_8), (-1.0, -0.842_700_8), (2.0, 0.995_322_3), (5.0, 1.0)] {
            assert!((erf(x) - value).abs() < 1e-6, "{x}: {}", erf(x));
        }
    }

    #[test]
    fn numbers_of_16_bits_are_read() {
        for (bits, value) in [(0x3c00, 1.0), (0xc000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8), (0x8000, -0.0), (0x7bff, 65_504.0)] {
            assert_eq!(half(bits), value, "{bits:x}");
        }
        assert!(half(0x7c00).is_infinite() && half(0x7e00).is_nan());
    }
}
