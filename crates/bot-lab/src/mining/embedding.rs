//! Lines as points in a space of few dimensions, in which lines with related words are near each other: latent semantic analysis by subspace iteration
//! (Halko, Martinsson, Tropp 2011), with the mean taken out.

use bot::svm::Rows;

/// The dimensions that are kept.
const DIMENSIONS: usize = 64;
/// How often the subspace is turned towards the main directions.
const ROUNDS: usize = 6;

/// Points of unit length, one per line, stored one after the other.
#[derive(Debug)]
pub(super) struct Points {
    dimensions: usize,
    values: Vec<f32>,
}

impl Points {
    /// Finds the points of the first `lines` rows, whose features are numbered below `width`.
    pub(super) fn new(rows: &Rows, lines: usize, width: usize) -> Points {
        let dimensions = DIMENSIONS.min(lines);
        let mut basis = first_basis(lines, dimensions);
        orthonormalise(&mut basis, dimensions);
        for _ in 0..ROUNDS {
            let image = feature_points(rows, &basis, dimensions, width);
            basis = multiply(rows, &image, lines, dimensions);
            orthonormalise(&mut basis, dimensions);
        }
        let image = feature_points(rows, &basis, dimensions, width);
        let factor = triangle(&gram(&image, dimensions), dimensions);
        let mut points = Points { dimensions, values: Vec::with_capacity(lines * dimensions) };
        for row in basis.chunks_exact(dimensions) {
            points.values.extend((0..dimensions).map(|to| (to..dimensions).map(|from| row[from] * factor[from * dimensions + to] as f32).sum::<f32>()));
        }
        points.centre();
        points
    }

    /// Takes out the mean and scales each point to unit length.
    fn centre(&mut self) {
        let lines = (self.values.len() / self.dimensions.max(1)).max(1) as f32;
        let mut mean = vec![0.0; self.dimensions];
        for point in self.values.chunks_exact(self.dimensions) {
            mean.iter_mut().zip(point).for_each(|(sum, value)| *sum += value / lines);
        }
        for point in self.values.chunks_exact_mut(self.dimensions) {
            point.iter_mut().zip(&mean).for_each(|(value, mean)| *value -= mean);
            let length = point.iter().map(|value| value * value).sum::<f32>().sqrt().max(1e-9);
            point.iter_mut().for_each(|value| *value /= length);
        }
    }

    /// The point of a line.
    pub(super) fn point(&self, line: usize) -> &[f32] {
        &self.values[line * self.dimensions..(line + 1) * self.dimensions]
    }

    /// The cosine of two lines.
    pub(super) fn cosine(&self, a: usize, b: usize) -> f32 {
        self.point(a).iter().zip(self.point(b)).map(|(x, y)| x * y).sum()
    }
}

/// The product of the transposed rows with a basis: one point per feature.
fn feature_points(rows: &Rows, basis: &[f32], dimensions: usize, width: usize) -> Vec<f32> {
    let mut image = vec![0.0; width * dimensions];
    for (line, point) in basis.chunks_exact(dimensions).enumerate() {
        for &(feature, weight) in rows.row(line) {
            let from = feature as usize * dimensions;
            image[from..from + dimensions].iter_mut().zip(point).for_each(|(sum, value)| *sum += weight * value);
        }
    }
    image
}

/// The product of the rows with one point per feature.
fn multiply(rows: &Rows, image: &[f32], lines: usize, dimensions: usize) -> Vec<f32> {
    let mut product = vec![0.0; lines * dimensions];
    for (line, point) in product.chunks_exact_mut(dimensions).enumerate() {
        for &(feature, weight) in rows.row(line) {
            let from = feature as usize * dimensions;
            point.iter_mut().zip(&image[from..from + dimensions]).for_each(|(sum, value)| *sum += weight * value);
        }
    }
    product
}

/// The inner products of the columns.
fn gram(points: &[f32], dimensions: usize) -> Vec<f64> {
    let mut gram = vec![0.0; dimensions * dimensions];
    for point in points.chunks_exact(dimensions) {
        for (a, row) in point.iter().zip(gram.chunks_exact_mut(dimensions)) {
            row.iter_mut().zip(point).for_each(|(sum, b)| *sum += f64::from(a * b));
        }
    }
    gram
}

/// The lower triangle whose product with its transpose is `gram` (Cholesky); directions without length get zeros.
fn triangle(gram: &[f64], size: usize) -> Vec<f64> {
    let mut lower = vec![0.0; size * size];
    for i in 0..size {
        for j in 0..=i {
            let inner: f64 = (0..j).map(|k| lower[i * size + k] * lower[j * size + k]).sum();
            let rest = gram[i * size + j] - inner;
            lower[i * size + j] = if i == j {
                rest.max(0.0).sqrt()
            } else if lower[j * size + j] > 1e-6 {
                rest / lower[j * size + j]
            } else {
                0.0
            };
        }
    }
    lower
}

/// Makes the columns orthonormal, by the triangle of their inner products; done twice for accuracy.
fn orthonormalise(basis: &mut [f32], dimensions: usize) {
    for _ in 0..2 {
        let lower = triangle(&gram(basis, dimensions), dimensions);
        for row in basis.chunks_exact_mut(dimensions) {
            for i in 0..dimensions {
                let inner: f64 = (0..i).map(|k| lower[i * dimensions + k] * f64::from(row[k])).sum();
                let diagonal = lower[i * dimensions + i];
                row[i] = if diagonal > 1e-6 { ((f64::from(row[i]) - inner) / diagonal) as f32 } else { 0.0 };
            }
        }
    }
}

/// A basis of fixed pseudo-random numbers.
fn first_basis(lines: usize, dimensions: usize) -> Vec<f32> {
    let mut state: u64 = 0x2545_f491_4f6c_dd1d;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    };
    (0..lines * dimensions).map(|_| next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_basis_becomes_orthonormal() {
        let mut basis = first_basis(50, 4);
        orthonormalise(&mut basis, 4);
        let gram = gram(&basis, 4);
        for (at, value) in gram.iter().enumerate() {
            let expected = if at % 5 == 0 { 1.0 } else { 0.0 };
            assert!((value - expected).abs() < 1e-4, "{gram:?}");
        }
    }

    #[test]
    fn rows_with_common_features_are_near_each_other() {
        let mut rows = Rows::default();
        for line in 0..12u32 {
            let block = (line / 6) * 3;
            rows.push(&[(block + line % 3, 0.8), (block + (line + 1) % 3, 0.6)]);
        }
        let points = Points::new(&rows, 12, 6);
        assert!(points.cosine(0, 5) > points.cosine(0, 6) + 0.2, "{points:?}");
    }
}
