/** The contrast of a colour (#rrggbb) with white text, 1 to 21, as computed by WCAG 2; null if it is not a colour. */
export function contrastToWhite(color: string): number | null {
  if (!/^#[0-9a-f]{6}$/i.test(color)) return null;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
/** The minimum contrast at which white text is readable. */
export const readable = 4.5;
