use bot::labelled::{Part, read};
use std::collections::HashMap;
fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let rows = read(a[0].as_ref(), Part::Train, false).unwrap();
    let mut labels: Vec<String> = rows.iter().map(|r| r.1.clone()).collect();
    labels.sort();
    labels.dedup();
    let k: usize = a.get(1).map_or(20, |s| s.parse().unwrap());
    for seed in 1u64..=5 {
        let mut st = seed * 0x9e37_79b9_7f4a_7c15;
        let mut rnd = |n: usize| {
            st ^= st << 13;
            st ^= st >> 7;
            st ^= st << 17;
            (st >> 20) as usize % n
        };
        let mut l = labels.clone();
        for i in (1..l.len()).rev() {
            let j = rnd(i + 1);
            l.swap(i, j);
        }
        let hidden = &l[..k.min(l.len())];
        let own: HashMap<&str, &str> = rows.iter().filter(|r| hidden.contains(&r.1)).map(|r| (r.0.as_str(), r.1.as_str())).collect();
        let mut lines: Vec<String> = rows.iter().filter(|r| hidden.contains(&r.1)).map(|r| r.0.clone()).collect();
        for i in (1..lines.len()).rev() {
            let j = rnd(i + 1);
            lines.swap(i, j);
        }
        let b = std::time::Instant::now();
        let c = bot::mining::clusters(&lines);
        let mut got: HashMap<&str, usize> = HashMap::new();
        let (mut pure, mut n) = (0, 0);
        for c in &c {
            let mut m: HashMap<&str, usize> = HashMap::new();
            c.texts.iter().for_each(|t| *m.entry(own[t.as_str()]).or_default() += 1);
            let (l, x) = m.into_iter().max_by_key(|x| x.1).unwrap();
            pure += x;
            n += c.texts.len();
            if c.texts.len() >= 5 {
                *got.entry(l).or_default() += 1;
            }
        }
        println!(
            "{} lines, {} clusters, {} lines in clusters, recovered {}, purity {:.3}, {:.1} s; {:?}",
            lines.len(),
            c.len(),
            n,
            got.len(),
            pure as f64 / n as f64,
            b.elapsed().as_secs_f64(),
            c.iter().take(3).map(|c| &c.name).collect::<Vec<_>>()
        );
    }
}
