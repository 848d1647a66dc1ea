import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The line of a trend by the textbook: generalized least squares with the whole covariance matrix of the errors,
 * inverted, and a column for the level of each life. Another way to the figures that the SQL finds by Prais and
 * Winsten's sums.
 */
final class TrendReference {
    /** @param p two-sided, by Student's t */
    record Line(double slope, double standardError, double autocorrelation, double p) {}

    private TrendReference() {}

    /** A line through points of one life. */
    static Line line(double standardErrors, double[] x, double[] y) {
        return line(standardErrors, new double[][] {x}, new double[][] {y});
    }

    /** @param standardErrors by how many the autocorrelation is taken larger than estimated */
    static Line line(double standardErrors, double[][] x, double[][] y) {
        int lives = x.length;
        int n = 0;
        for (double[] life : x) {
            n += life.length;
        }
        double[][] design = new double[n][lives + 1];
        double[] values = new double[n];
        int[] lifeOf = new int[n];
        int[] placeOf = new int[n];
        int row = 0;
        for (int life = 0; life < lives; life++) {
            for (int i = 0; i < x[life].length; i++, row++) {
                design[row][life] = 1;
                design[row][lives] = x[life][i];
                values[row] = y[life][i];
                lifeOf[row] = life;
                placeOf[row] = i;
            }
        }
        double[] plain = fit(design, values, lifeOf, placeOf, 0)[0];
        double together = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += residual(design, values, plain, i) * residual(design, values, plain, i);
            together +=
                    placeOf[i] == 0 ? 0 : residual(design, values, plain, i) * residual(design, values, plain, i - 1);
        }
        double found = together / squares;
        double corrected = n - 3 * lives - 1 > 0
                ? Math.max(-0.999, Math.min(0.999, (n * found + lives + 1) / (n - 3 * lives - 1)))
                : 0.999;
        double r =
                Math.max(0, Math.min(0.999, corrected + standardErrors * Math.sqrt((1 - corrected * corrected) / n)));
        double[][] careful = fit(design, values, lifeOf, placeOf, r);
        double slope = careful[0][lives];
        double error = careful[1][0];
        return new Line(
                slope, error, r, 2 * TDistribution.of(n - lives - 1).survivalProbability(Math.abs(slope / error)));
    }

    private static double residual(double[][] design, double[] values, double[] b, int i) {
        double e = values[i];
        for (int j = 0; j < b.length; j++) {
            e -= design[i][j] * b[j];
        }
        return e;
    }

    /** @return the coefficients, and the standard error of the last */
    private static double[][] fit(double[][] design, double[] values, int[] lifeOf, int[] placeOf, double r) {
        int n = values.length;
        int k = design[0].length;
        double[][] covariance = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                covariance[i][j] = lifeOf[i] == lifeOf[j] ? Math.pow(r, Math.abs(placeOf[i] - placeOf[j])) : 0;
            }
        }
        double[][] weight = inverse(covariance);
        double[][] normal = new double[k][k];
        double[] right = new double[k];
        for (int a = 0; a < k; a++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    right[a] += design[i][a] * weight[i][j] * values[j];
                    for (int b = 0; b < k; b++) {
                        normal[a][b] += design[i][a] * weight[i][j] * design[j][b];
                    }
                }
            }
        }
        double[][] spread = inverse(normal);
        double[] b = new double[k];
        for (int a = 0; a < k; a++) {
            for (int c = 0; c < k; c++) {
                b[a] += spread[a][c] * right[c];
            }
        }
        double left = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                left += residual(design, values, b, i) * weight[i][j] * residual(design, values, b, j);
            }
        }
        return new double[][] {b, {Math.sqrt(left / (n - k) * spread[k - 1][k - 1])}};
    }

    /** Gauss and Jordan, with the largest pivot. */
    private static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] a = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(matrix[i], 0, a[i], 0, n);
            a[i][n + i] = 1;
        }
        for (int c = 0; c < n; c++) {
            int best = c;
            for (int i = c; i < n; i++) {
                best = Math.abs(a[i][c]) > Math.abs(a[best][c]) ? i : best;
            }
            double[] pivot = a[best];
            a[best] = a[c];
            a[c] = pivot;
            double by = pivot[c];
            for (int j = 0; j < 2 * n; j++) {
                pivot[j] /= by;
            }
            for (int i = 0; i < n; i++) {
                double factor = i == c ? 0 : a[i][c];
                for (int j = 0; factor != 0 && j < 2 * n; j++) {
                    a[i][j] -= factor * pivot[j];
                }
            }
        }
        double[][] inverse = new double[n][n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(a[i], n, inverse[i], 0, n);
        }
        return inverse;
    }
}
