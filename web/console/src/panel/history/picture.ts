/** The text around a chart in its picture. */
export interface Caption {
  title: string;
  range: string;
  foot: string;
  legend: readonly { name: string; value: string; tone: number }[];
}

const copied = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "stroke-linecap",
  "paint-order",
  "opacity",
  "font-size",
  "font-weight",
  "text-anchor",
] as const;
const space = "http://www.w3.org/2000/svg";
const margin = 24;
const head = 92;
const foot = 40;
/** The picture's pixels per pixel of the page. */
const sharp = 2;

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A copy of a drawing that looks the same without the page's style sheet. */
function standalone(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const from = [drawing, ...drawing.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((element, index) => {
    const style = getComputedStyle(element);
    const target = to[index];
    if (!target) return;
    for (const property of copied) {
      const value = style.getPropertyValue(property);
      // A pattern is referenced by an address, which the computed style would make absolute.
      if (value !== "" && !value.startsWith("url(")) target.setAttribute(property, value);
    }
    target.removeAttribute("class");
  });
  return copy;
}

function words(text: string, x: number, y: number, size: number, colour: string, weight = 400): SVGTextElement {
  const element = document.createElementNS(space, "text");
  element.textContent = text;
  for (const [name, value] of Object.entries({ x, y, "font-size": size, "font-weight": weight, fill: colour }))
    element.setAttribute(name, String(value));
  return element;
}

/** The chart with its title, range, legend and definition, as a drawing of its own. */
export function picture(drawing: SVGSVGElement, caption: Caption): { svg: string; width: number; height: number } {
  const chart = standalone(drawing);
  const [chartWidth, chartHeight] = [drawing.width.baseVal.value, drawing.height.baseVal.value];
  const [width, height] = [Math.max(560, chartWidth + 2 * margin), chartHeight + head + foot];
  const all = document.createElementNS(space, "svg");
  for (const [name, value] of Object.entries({
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    "font-family": getComputedStyle(document.body).fontFamily,
  }))
    all.setAttribute(name, String(value));
  const ground = document.createElementNS(space, "rect");
  for (const [name, value] of Object.entries({ width, height, fill: token("--y-surface") }))
    ground.setAttribute(name, String(value));
  chart.setAttribute("x", String(margin));
  chart.setAttribute("y", String(head));
  all.append(
    ground,
    words(caption.title, margin, 34, 20, token("--y-text"), 600),
    words(caption.range, margin, 56, 13, token("--y-text-2")),
    chart,
    words(caption.foot, margin, height - 14, 12, token("--y-text-3")),
  );
  let x = margin;
  for (const { name, value, tone } of caption.legend) {
    const swatch = document.createElementNS(space, "rect");
    for (const [key, set] of Object.entries({
      x,
      y: 69,
      width: 10,
      height: 10,
      rx: 2,
      fill: token(["--y-c1", "--y-c2", "--y-c4", "--y-c3", "--y-c5", "--y-c6"][tone - 1] ?? "--y-c1"),
    }))
      swatch.setAttribute(key, String(set));
    const text = `${name} ${value}`;
    all.append(swatch, words(text, x + 16, 79, 13, token("--y-text")));
    x += 40 + [...text].reduce((sum, letter) => sum + (/[^\x00-\x7f]/.test(letter) ? 13 : 7.5), 0);
  }
  return { svg: new XMLSerializer().serializeToString(all), width, height };
}

/** The picture as a PNG. */
export async function png(drawing: SVGSVGElement, caption: Caption): Promise<Blob> {
  const { svg, width, height } = picture(drawing, caption);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * sharp;
  canvas.height = height * sharp;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"),
  );
}
