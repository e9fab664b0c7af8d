//! How far two words are apart.

/// The edit distance with swaps of neighbours; `limit + 1` as soon as it is known to exceed the limit.
pub fn edits(a: &str, b: &str, limit: usize) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let swap = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + swap);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
        // A swap takes its beginning from the row before: only two rows beyond the limit end it.
        if last.iter().chain(&before).all(|&distance| distance > limit) {
            return limit + 1;
        }
    }
    last[b.len()].min(limit + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_exact_up_to_the_limit() {
        for (a, b, distance) in
            [("", "", 0), ("plan", "paln", 1), ("cancel", "cancle", 1), ("ab", "ba", 1), ("abcd", "badc", 2), ("kitten", "sitting", 3), ("abc", "xyz", 3)]
        {
            for limit in 0..5 {
                assert_eq!(edits(a, b, limit), distance.min(limit + 1), "{a} {b} {limit}");
            }
        }
    }
}
