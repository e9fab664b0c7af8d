//! The closed form of EASE: the inverse of a symmetric, positive matrix, by Cholesky, in place.
//!
//! Only the lower half is stored, in single precision: 50 MB for 5,000 items. The three steps (factor, inverse of the factor, product of the inverse with itself)
//! take half the cube of the number of items in multiplications. Rows are taken in blocks, so that what is read once from memory serves a whole block.

/// How many rows are worked on together: 5,000 items of single precision in each are a megabyte, which stays in the cache.
const BLOCK: usize = 48;
/// How many sums run side by side, so that the compiler can use vector instructions.
const LANES: usize = 16;

/// The lower half of a symmetric matrix, with its diagonal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Triangle {
    n: usize,
    cells: Vec<f32>,
}

/// Where a row begins.
const fn begin(row: usize) -> usize {
    row * (row + 1) / 2
}

impl Triangle {
    /// A matrix of zeros.
    pub fn new(n: usize) -> Self {
        Self { n, cells: vec![0.0; begin(n)] }
    }
    /// A value; the matrix is symmetric.
    pub fn at(&self, i: usize, j: usize) -> f32 {
        self.cells[begin(i.max(j)) + i.min(j)]
    }
    /// The value of a row, left of the diagonal or on it.
    pub fn at_mut(&mut self, i: usize, j: usize) -> &mut f32 {
        &mut self.cells[begin(i.max(j)) + i.min(j)]
    }
    /// Adds to each value of the diagonal.
    pub fn add_to_diagonal(&mut self, more: f32) {
        for i in 0..self.n {
            *self.at_mut(i, i) += more;
        }
    }
    fn row(&self, i: usize) -> &[f32] {
        &self.cells[begin(i)..begin(i + 1)]
    }
    /// The rows before a place, and those from it up to another.
    fn rows_before_and_from(&mut self, at: usize, end: usize) -> (&[f32], &mut [f32]) {
        let (before, from) = self.cells.split_at_mut(begin(at));
        (before, &mut from[..begin(end) - begin(at)])
    }
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (whole, rest) = one.as_chunks::<LANES>();
    let (others, rest_of_other) = other[..one.len()].as_chunks::<LANES>();
    for (a, b) in whole.iter().zip(others) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + rest.iter().zip(rest_of_other).map(|(a, b)| a * b).sum::<f32>()
}

/// Adds a multiple of a row to another.
fn add(to: &mut [f32], row: &[f32], by: f32) {
    for (to, value) in to.iter_mut().zip(row) {
        *to += by * value;
    }
}

/// Replaces the matrix by its inverse; false, and of no use any more, if it is not positive.
pub(super) fn invert(matrix: &mut Triangle) -> bool {
    if !factor(matrix) {
        return false;
    }
    invert_factor(matrix);
    multiply(matrix);
    true
}

/// Cholesky: the lower factor whose product with its own transpose is the matrix.
fn factor(matrix: &mut Triangle) -> bool {
    for first in (0..matrix.n).step_by(BLOCK) {
        let end = (first + BLOCK).min(matrix.n);
        let (before, block) = matrix.rows_before_and_from(first, end);
        for j in 0..end {
            if j < first {
                let row = &before[begin(j)..begin(j + 1)];
                for i in first..end {
                    let own = &mut block[begin(i) - begin(first)..];
                    own[j] = (own[j] - dot(&row[..j], &own[..j])) / row[j];
                }
                continue;
            }
            let (done, rest) = block.split_at_mut(begin(j + 1) - begin(first));
            let row = &mut done[begin(j) - begin(first)..];
            let left = row[j] - dot(&row[..j], &row[..j]);
            if left.is_nan() || left <= 0.0 {
                return false;
            }
            row[j] = left.sqrt();
            for i in j + 1..end {
                let own = &mut rest[begin(i) - begin(j + 1)..];
                own[j] = (own[j] - dot(&row[..j], &own[..j])) / row[j];
            }
        }
    }
    true
}

/// The inverse of a lower factor, in its place.
fn invert_factor(matrix: &mut Triangle) {
    for first in (0..matrix.n).step_by(BLOCK) {
        let end = (first + BLOCK).min(matrix.n);
        let mut sums: Vec<Vec<f32>> = (first..end).map(|i| vec![0.0; i + 1]).collect();
        for k in 0..first {
            let row = matrix.row(k);
            for (i, sum) in (first..end).zip(&mut sums) {
                add(&mut sum[..=k], row, matrix.at(i, k));
            }
        }
        for i in first..end {
            let own: Vec<f32> = matrix.row(i).to_vec();
            let sum = &mut sums[i - first];
            for k in first..i {
                add(&mut sum[..=k], matrix.row(k), own[k]);
            }
            let by = -1.0 / own[i];
            for (j, sum) in sum[..i].iter().enumerate() {
                *matrix.at_mut(i, j) = by * sum;
            }
            *matrix.at_mut(i, i) = 1.0 / own[i];
        }
    }
}

/// The product of a lower matrix's transpose with itself, in its place.
fn multiply(matrix: &mut Triangle) {
    for first in (0..matrix.n).step_by(BLOCK) {
        let end = (first + BLOCK).min(matrix.n);
        let mut sums: Vec<Vec<f32>> = (first..end).map(|i| vec![0.0; i + 1]).collect();
        for k in first..matrix.n {
            let row = matrix.row(k);
            for (i, sum) in (first..end.min(k + 1)).zip(&mut sums) {
                add(sum, row, row[i]);
            }
        }
        for (i, sum) in (first..end).zip(sums) {
            let at = begin(i);
            matrix.cells[at..=at + i].copy_from_slice(&sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&[f32]]) -> Triangle {
        Triangle { n: rows.len(), cells: rows.concat() }
    }

    #[test]
    fn a_small_matrix_is_inverted_as_by_hand() {
        // [4 2; 2 3]: the determinant is 8
        let mut matrix = of(&[&[4.0], &[2.0, 3.0]]);
        assert!(invert(&mut matrix));
        for (i, j, hand) in [(0, 0, 0.375), (1, 0, -0.25), (0, 1, -0.25), (1, 1, 0.5)] {
            assert!((matrix.at(i, j) - hand).abs() < 1e-6, "{i} {j}: {}", matrix.at(i, j));
        }
    }

    #[test]
    fn larger_than_a_block_times_its_inverse_is_one() {
        let n = 2 * BLOCK + 7;
        let mut matrix = Triangle::new(n);
        let mut state = 1_u32;
        for i in 0..n {
            for j in 0..i {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *matrix.at_mut(i, j) = (state >> 28) as f32 / 16.0;
            }
        }
        matrix.add_to_diagonal(n as f32);
        let mut inverse = matrix.clone();
        assert!(invert(&mut inverse));
        for i in 0..n {
            for j in 0..n {
                let product: f32 = (0..n).map(|k| matrix.at(i, k) * inverse.at(k, j)).sum();
                let one = if i == j { 1.0 } else { 0.0 };
                assert!((product - one).abs() < 1e-4, "{i} {j}: {product}");
            }
        }
    }

    #[test]
    fn what_is_not_positive_is_refused() {
        assert!(!invert(&mut of(&[&[1.0], &[2.0, 1.0]])));
        assert!(!invert(&mut of(&[&[0.0]])));
        assert!(invert(&mut Triangle::new(0)));
    }
}
