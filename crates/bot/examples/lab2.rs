use bot::labelled::{Part, read};
fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let rows = read(a[0].as_ref(), Part::Train, false).unwrap();
    let mut labels: Vec<String> = rows.iter().map(|r| r.1.clone()).collect();
    labels.sort();
    labels.dedup();
    for seed in [1u64, 2] {
        let mut st = seed * 0x9e37_79b9_7f4a_7c15;
        let mut rnd = |n: usize| {
            st ^= st << 13;
            st ^= st >> 7;
            st ^= st << 17;
            (st >> 20) as usize % n
        };
        let mut flipped = std::collections::HashSet::new();
        let mut r = rows.clone();
        for (i, row) in r.iter_mut().enumerate() {
            if rnd(100) < 20 {
                let mut l = labels[rnd(labels.len())].clone();
                while l == row.1 {
                    l = labels[rnd(labels.len())].clone();
                }
                row.1 = l;
                flipped.insert(i + 1);
            }
        }
        let b = std::time::Instant::now();
        let s = bot::suspects::find(&r, None).unwrap();
        let hit = s.iter().filter(|s| flipped.contains(&s.row)).count();
        println!(
            "found {} of {} p {:.3} r {:.3} corrected {:.3} {:.1} s",
            s.len(),
            flipped.len(),
            hit as f64 / s.len() as f64,
            hit as f64 / flipped.len() as f64,
            s.iter().filter(|s| flipped.contains(&s.row) && rows[s.row - 1].1 == s.likely).count() as f64 / hit as f64,
            b.elapsed().as_secs_f64()
        );
    }
    println!("on clean: {}", bot::suspects::find(&rows, None).unwrap().len());
}
