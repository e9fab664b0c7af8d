import type { Page } from "@playwright/test";

interface Shift extends PerformanceEntry {
  value: number;
  sources?: readonly { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
}

interface Watched {
  shifts?: { sum: number; moved: string[] };
}

/** From the page's next address on, records what moves while it is being read. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts = { sum: 0, moved: [] as string[] };
    Object.assign(window, { shifts });
    const box = ({ x, y, width, height }: DOMRectReadOnly): string => [x, y, width, height].map(Math.round).join(" ");
    const named = (node: Node | null): string => {
      const element = node instanceof Element ? node : node?.parentElement;
      return element
        ? `${element.tagName.toLowerCase()}.${element.className.toString()} "${(element.textContent ?? "").slice(0, 30)}"`
        : "something that is gone";
    };
    new PerformanceObserver((list) => {
      for (const { value, startTime, sources } of list.getEntries() as Shift[]) {
        shifts.sum += value;
        for (const { node, previousRect, currentRect } of sources ?? [])
          shifts.moved.push(
            `${value.toFixed(3)} at ${startTime.toFixed(0)} ms: ${named(node)} from ${box(previousRect)} to ${box(currentRect)}`,
          );
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** How much of the page has moved since then, and which elements. */
export async function shiftsOf(page: Page): Promise<{ sum: number; moved: string }> {
  // The last drawing is reported with the frame after it.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done)))),
  );
  const { sum, moved } = await page.evaluate(
    () => (window as Watched).shifts ?? { sum: Number.NaN, moved: ["nothing was watched"] },
  );
  return { sum, moved: moved.join("\n") };
}
