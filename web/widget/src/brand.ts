/** The tenant's colour (#rrggbb), darkened until white text on it has a contrast of 4.5:1. */
export function readable(color: string): string {
  const parts = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));
  const light = () => parts.reduce((sum, c, i) => sum + (c / 255) ** 2.2 * ([0.2126, 0.7152, 0.0722][i] ?? 0), 0);
  while (light() > 0.18) parts.forEach((c, i) => (parts[i] = Math.floor(c * 0.94)));
  return `#${parts.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
}
