use bot::calibration::Calibrated;
use bot::classify::Labelled;
fn load(name: &str, key: &str) -> Vec<(String, String)> {
    if name.ends_with("csv") {
        return bot::labelled::read(name.as_ref(), bot::labelled::Part::Train, false).unwrap();
    }
    let v: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(name).unwrap()).unwrap();
    key.split('+')
        .flat_map(|k| v[k].as_array().unwrap().iter().map(|r| (r[0].as_str().unwrap().to_owned(), r[1].as_str().unwrap().to_owned())).collect::<Vec<_>>())
        .collect()
}
fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let train = load(&a[0], "train+oos_train");
    let dev = load(&a[1], if a.get(3).is_some() { "test+oos_test" } else { "val+oos_val" });
    let oos = a.get(2).map(String::as_str).filter(|o| *o != "-");
    let lines: Vec<Labelled> = train.iter().map(|(t, l)| Labelled { text: t, label: l }).collect();
    let begin = std::time::Instant::now();
    let c = Calibrated::train(&lines, &[], oos).unwrap();
    println!("train {:.1} s, {} bytes, cost {}", begin.elapsed().as_secs_f64(), c.bytes(), c.classifier().cost());
    let mut times = vec![];
    let judged: Vec<_> = dev
        .iter()
        .map(|(t, l)| {
            let b = std::time::Instant::now();
            let j = c.judge(t);
            times.push(b.elapsed().as_nanos());
            (j.probability, j.scope, j.label == l, Some(l.as_str()) == oos)
        })
        .collect();
    times.sort();
    println!("p50 {} p99 {} us", times[times.len() / 2] / 1000, times[times.len() * 99 / 100] / 1000);
    let ins: Vec<_> = judged.iter().filter(|j| !j.3).collect();
    let acc = ins.iter().filter(|j| j.2).count() as f64 / ins.len() as f64;
    let mut bins = vec![(0.0, 0.0); 15];
    for j in &ins {
        let b = ((j.0 * 15.0) as usize).min(14);
        bins[b].0 += j.0;
        bins[b].1 += j.2 as u8 as f64;
    }
    let ece: f64 = bins.iter().map(|b| (b.0 - b.1).abs()).sum::<f64>() / ins.len() as f64;
    let mut s = ins.clone();
    s.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut e, mut aurc) = (0.0, 0.0);
    for (i, j) in s.iter().enumerate() {
        e += !j.2 as u8 as f64;
        aurc += e / (i + 1) as f64;
    }
    println!("acc {acc:.4} ece {ece:.4} aurc {:.5} mean p {:.4}", aurc / s.len() as f64, ins.iter().map(|j| j.0).sum::<f64>() / ins.len() as f64);
    if oos.is_some() {
        let outs: Vec<_> = judged.iter().filter(|j| j.3).collect();
        let score = |name: &str, f: &dyn Fn(&(f64, f64, bool, bool)) -> f64| {
            let mut auc = 0.0;
            for o in &outs {
                for i in &ins {
                    let (a, b) = (f(i), f(o));
                    auc += if a > b {
                        1.0
                    } else if a == b {
                        0.5
                    } else {
                        0.0
                    };
                }
            }
            let mut o: Vec<f64> = outs.iter().map(|j| f(j)).collect();
            o.sort_by(f64::total_cmp);
            print!("{name}: auroc {:.4}", auc / outs.len() as f64 / ins.len() as f64);
            for q in [0.82, 0.85, 0.87, 0.9] {
                let t = o[(o.len() as f64 * q) as usize];
                print!("  recall {q}: in acc {:.4}", ins.iter().filter(|j| j.2 && f(j) >= t).count() as f64 / ins.len() as f64);
            }
            println!();
        };
        score("within", &|j| j.1);
        score("prob", &|j| j.0);
    }
}
