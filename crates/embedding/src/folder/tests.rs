//! A tiny model that the test makes: random weights, ten words. Its results are compared with the same arithmetic written with plain loops.

use std::collections::HashMap;

use safetensors::{Dtype, tensor::TensorView};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

const WORDS: [&str; 12] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "how", "do", "i", "change", "my", "plan", "换", "##s"];
const SIZE: usize = 8;
const WIDE: usize = 12;
const LONGEST: usize = 6;
const LAYERS: usize = 2;
const HEADS: usize = 2;

type Tensors = HashMap<String, (Vec<usize>, Vec<f32>)>;

fn tensors() -> Tensors {
    let mut state = 42_u32;
    let mut random = |count: usize| -> Vec<f32> {
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        (0..count).map(|_| next()).collect()
    };
    let mut all = Tensors::new();
    let mut add = |name: String, shape: &[usize]| drop(all.insert(name, (shape.to_vec(), random(shape.iter().product()))));
    add("embeddings.word_embeddings.weight".to_owned(), &[WORDS.len(), SIZE]);
    add("embeddings.position_embeddings.weight".to_owned(), &[LONGEST, SIZE]);
    add("embeddings.token_type_embeddings.weight".to_owned(), &[2, SIZE]);
    let mut norms = vec!["embeddings.LayerNorm".to_owned()];
    for layer in 0..LAYERS {
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        for part in ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"] {
            add(name(&format!("{part}.weight")), &[SIZE, SIZE]);
            add(name(&format!("{part}.bias")), &[SIZE]);
        }
        add(name("intermediate.dense.weight"), &[WIDE, SIZE]);
        add(name("intermediate.dense.bias"), &[WIDE]);
        add(name("output.dense.weight"), &[SIZE, WIDE]);
        add(name("output.dense.bias"), &[SIZE]);
        norms.extend([name("attention.output.LayerNorm"), name("output.LayerNorm")]);
    }
    for norm in norms {
        add(format!("{norm}.weight"), &[SIZE]);
        add(format!("{norm}.bias"), &[SIZE]);
    }
    all
}

fn file(tensors: &Tensors) -> Vec<u8> {
    let bytes: HashMap<&String, Vec<u8>> = tensors.iter().map(|(name, (_, values))| (name, values.iter().flat_map(|v| v.to_le_bytes()).collect())).collect();
    let views = tensors.iter().map(|(name, (shape, _))| (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), &bytes[name]).unwrap()));
    safetensors::serialize(views.collect::<Vec<_>>(), None).unwrap()
}

fn config() -> Value {
    json!({
        "model_type": "bert", "vocab_size": WORDS.len(), "hidden_size": SIZE, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "intermediate_size": WIDE, "max_position_embeddings": LONGEST, "hidden_act": "gelu", "layer_norm_eps": 1e-12, "type_vocab_size": 2
    })
}

fn tokenizer() -> Value {
    let vocabulary: serde_json::Map<String, Value> = WORDS.iter().enumerate().map(|(id, word)| ((*word).to_owned(), json!(id))).collect();
    let special =
        |id: usize| json!({"id": id, "content": WORDS[id], "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true});
    json!({
        "version": "1.0", "truncation": null, "padding": null, "decoder": null,
        "added_tokens": [special(0), special(1), special(2), special(3)],
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary}
    })
}

/// A folder with the model.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(CONFIG), config().to_string()).unwrap();
    std::fs::write(folder.path().join(TOKENIZER), tokenizer().to_string()).unwrap();
    std::fs::write(folder.path().join(WEIGHTS), file(&tensors())).unwrap();
    folder
}

/// The same arithmetic with plain loops over numbers of 64 bits.
struct Plain(Tensors);

impl Plain {
    fn at(&self, name: &str, index: usize) -> f64 {
        f64::from(self.0[name].1[index])
    }

    fn linear(&self, name: &str, x: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let (weight, bias) = (format!("{name}.weight"), format!("{name}.bias"));
        let (out, into) = (self.0[&weight].0[0], self.0[&weight].0[1]);
        let one = |row: &Vec<f64>, to: usize| self.at(&bias, to) + (0..into).map(|from| row[from] * self.at(&weight, to * into + from)).sum::<f64>();
        x.iter().map(|row| (0..out).map(|to| one(row, to)).collect()).collect()
    }

    fn norm(&self, name: &str, x: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let norm = |row: &Vec<f64>| {
            let mean = row.iter().sum::<f64>() / row.len() as f64;
            let deviation = (row.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / row.len() as f64 + 1e-12).sqrt();
            let scaled = |(i, v): (usize, &f64)| (v - mean) / deviation * self.at(&format!("{name}.weight"), i) + self.at(&format!("{name}.bias"), i);
            row.iter().enumerate().map(scaled).collect()
        };
        x.iter().map(norm).collect()
    }

    fn run(&self, tokens: &[usize]) -> Vec<f64> {
        let sum = |a: &[Vec<f64>], b: &[Vec<f64>]| -> Vec<Vec<f64>> { a.iter().zip(b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + b).collect()).collect() };
        let embed = |at: usize, token: usize, i: usize| {
            self.at("embeddings.word_embeddings.weight", token * SIZE + i)
                + self.at("embeddings.position_embeddings.weight", at * SIZE + i)
                + self.at("embeddings.token_type_embeddings.weight", i)
        };
        let embedded: Vec<Vec<f64>> = tokens.iter().enumerate().map(|(at, token)| (0..SIZE).map(|i| embed(at, *token, i)).collect()).collect();
        let mut x = self.norm("embeddings.LayerNorm", &embedded);
        for layer in 0..LAYERS {
            let name = |part: &str| format!("encoder.layer.{layer}.{part}");
            let [q, k, v] = ["query", "key", "value"].map(|part| self.linear(&name(&format!("attention.self.{part}")), &x));
            let mut attended = vec![vec![0.0; SIZE]; x.len()];
            let size = SIZE / HEADS;
            for head in 0..HEADS {
                for (from, row) in attended.iter_mut().enumerate() {
                    let score = |to: usize| (0..size).map(|i| q[from][head * size + i] * k[to][head * size + i]).sum::<f64>() / (size as f64).sqrt();
                    let weights: Vec<f64> = (0..x.len()).map(|to| score(to).exp()).collect();
                    let total: f64 = weights.iter().sum();
                    for i in head * size..(head + 1) * size {
                        row[i] = weights.iter().zip(&v).map(|(weight, v)| weight / total * v[i]).sum();
                    }
                }
            }
            let x1 = self.norm(&name("attention.output.LayerNorm"), &sum(&self.linear(&name("attention.output.dense"), &attended), &x));
            let wide = self.linear(&name("intermediate.dense"), &x1);
            let gelu = |v: &f64| 0.5 * v * (1.0 + integral(v / std::f64::consts::SQRT_2));
            let wide: Vec<Vec<f64>> = wide.iter().map(|row| row.iter().map(gelu).collect()).collect();
            x = self.norm(&name("output.LayerNorm"), &sum(&self.linear(&name("output.dense"), &wide), &x1));
        }
        (0..SIZE).map(|i| x.iter().map(|row| row[i]).sum::<f64>() / x.len() as f64).collect()
    }
}

/// The error function by its series.
fn integral(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..60 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}

fn same(found: &[f32], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((f64::from(*found) - expected).abs() < 1e-4, "{found} {expected}");
    }
}

#[test]
fn a_text_becomes_the_vector_that_plain_arithmetic_finds() {
    let folder = folder();
    let model = Folder::open(folder.path()).unwrap();
    let plain = Plain(tensors());
    same(&model.vector("My plans").unwrap(), &plain.run(&[2, 8, 9, 11, 3]));
    same(&model.vector("换").unwrap(), &plain.run(&[2, 10, 3]));
    same(&model.vector("how do I change my plan").unwrap(), &plain.run(&[2, 4, 5, 6, 7, 3]));
    same(&model.vector("").unwrap(), &plain.run(&[2, 3]));
    same(&model.vector("zebra").unwrap(), &plain.run(&[2, 1, 3]));
}

#[test]
fn other_weights_have_another_name_and_the_first_token_may_stand_for_all() {
    let folder = folder();
    let before = Folder::open(folder.path()).unwrap();
    std::fs::create_dir(folder.path().join("1_Pooling")).unwrap();
    std::fs::write(folder.path().join(POOLING), r#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#).unwrap();
    let first = Folder::open(folder.path()).unwrap();
    assert_ne!(first.vector("my plan").unwrap(), before.vector("my plan").unwrap());
    let mut other = tensors();
    other.get_mut("embeddings.LayerNorm.bias").unwrap().1[0] += 1.0;
    std::fs::write(folder.path().join(WEIGHTS), file(&other)).unwrap();
    assert_ne!(Folder::open(folder.path()).unwrap().name(), before.name());
}

#[test]
fn a_name_before_each_tensor_is_fine() {
    let folder = folder();
    let plain = Folder::open(folder.path()).unwrap().vector("my plan").unwrap();
    let named: Tensors = tensors().into_iter().map(|(name, tensor)| (format!("bert.{name}"), tensor)).collect();
    std::fs::write(folder.path().join(WEIGHTS), file(&named)).unwrap();
    assert_eq!(Folder::open(folder.path()).unwrap().vector("my plan").unwrap(), plain);
}

#[test]
fn a_broken_folder_is_refused_with_the_file_that_is_wrong() {
    let broken = |file: &'static str, break_it: &dyn Fn(&Path)| {
        let folder = folder();
        break_it(&folder.path().join(file));
        let error = Folder::open(folder.path()).err().unwrap();
        assert_eq!(error.file, file);
        error.to_string()
    };
    for file in [CONFIG, TOKENIZER, WEIGHTS] {
        assert!(broken(file, &|path| std::fs::remove_file(path).unwrap()).contains("cannot be read"));
        broken(file, &|path| std::fs::write(path, "{").unwrap());
        broken(file, &|path| std::fs::write(path, "").unwrap());
    }
    for (name, value) in [("model_type", json!("gpt2")), ("hidden_act", json!("relu")), ("num_attention_heads", json!(3)), ("hidden_size", json!(0))] {
        let mut config = config();
        config[name] = value;
        let said = broken(CONFIG, &|path| std::fs::write(path, config.to_string()).unwrap());
        assert!(said.contains(name) || said.contains("hidden_size"), "{said}");
    }
    let whole = file(&tensors());
    for length in [7, 100, whole.len() / 2, whole.len() - 1] {
        let said = broken(WEIGHTS, &|path| std::fs::write(path, &whole[..length]).unwrap());
        assert!(said.contains("damaged"), "{said}");
    }
    let changed = |change: &dyn Fn(&mut Tensors)| {
        let mut tensors = tensors();
        change(&mut tensors);
        broken(WEIGHTS, &|path| std::fs::write(path, file(&tensors)).unwrap())
    };
    let name = "encoder.layer.1.output.dense.weight";
    assert!(changed(&|all| drop(all.remove(name))).contains(&format!("{name} is missing")));
    assert!(changed(&|all| all.get_mut(name).unwrap().0.reverse()).contains(&format!("{name} has the shape [12, 8]")));
    assert!(changed(&|all| all.get_mut(name).unwrap().1[3] = f32::NAN).contains(&format!("{name} contains something that is not a number")));
    let few = |path: &Path| {
        let mut config = config();
        config["vocab_size"] = json!(5);
        std::fs::write(path.with_file_name(CONFIG), config.to_string()).unwrap();
    };
    assert!(broken(TOKENIZER, &few).contains("12 tokens"));
}

#[tokio::test]
async fn many_texts_are_encoded_in_their_order() {
    let folder = folder();
    let model = Folder::open(folder.path()).unwrap();
    let texts: Vec<String> = ["my plan", "how", "换"].map(str::to_owned).into();
    let vectors = model.encode(TenantId::new(uuid::Uuid::nil()), texts.clone()).await.unwrap();
    let alone: Vec<Vec<f32>> = texts.iter().map(|text| model.vector(text).unwrap()).collect();
    assert_eq!(vectors, alone);
}
