import type { BrowserContext, Frame, Page } from "@playwright/test";
import { expect } from "@playwright/test";

/** Nobody answers there; that it is asked for at all is the fault. */
const canary = "canary.invalid";

/** Short ones, for names. Each makes an element, an attribute, a call or a link where a page takes text for more than text. */
const short = [
  `<img src=//${canary} onerror=xss()>`,
  `"><svg onload=xss()>`,
  `<xss-x onclick=xss()>`,
  `' onfocus=xss() autofocus x='`,
  `</script><script>xss()</script>`,
  "{{constructor.constructor('xss()')()}}",
  "$t(shell.product) ${xss()} {name} {n}",
  "[x](javascript:xss()) javascript:xss()",
  "&lt;xss-x onclick=xss()&gt; \\u003cxss-x\\u003e",
] as const;

/** Longer ones, for what is said and written. */
const long = [
  ...short,
  `<iframe srcdoc="<script>parent.xss()</script>"></iframe><object data=//${canary}/o></object>`,
  `<style>@import'//${canary}/c';</style><link rel=stylesheet href=//${canary}/l><base href=//${canary}/>`,
  `<meta http-equiv=refresh content="0;url=//${canary}/r"><form action=//${canary}/f><button formaction=javascript:xss()>`,
  `</textarea></title></style><math><mtext><xss-x onmouseover=xss()>`,
  `![x](//${canary}/m) [x]: javascript:xss() "x" <javascript:xss()>`,
  `http://x/"onmouseover="xss() https://x/'><xss-x> javascript://x/%0axss() data:text/html,<script>xss()</script>`,
  `\u202e\u2066<xss-x>\u2069\u200b\u200d\ufeff\u0007\u001b[31m`,
  `<xss-x>${"很长".repeat(60)}${"A".repeat(300)}`,
].join("\n");

/** Texts that must stay texts, each with a mark by which it is found again. */
export class Hostile {
  readonly #marks = new Map<string, string>();
  readonly #lines = new Map<string, string>();

  /** A text of at most so many characters; `sink` says where it goes. */
  line(sink: string, most = 60): string {
    const mark = this.#mark(sink);
    const fits = short.filter((one) => mark.length + 1 + one.length <= most);
    const payload = fits[this.#marks.size % fits.length];
    if (payload === undefined) throw new Error(`${sink}: nothing hostile fits in ${String(most)} characters`);
    const line = `${mark} ${payload}`;
    this.#lines.set(sink, line);
    return line;
  }
  /** The line that went there. */
  written(sink: string): string {
    const line = this.#lines.get(sink);
    if (line === undefined) throw new Error(`nothing was written into ${sink}`);
    return line;
  }
  /** The same in both languages. */
  both(sink: string, most?: number): { zh: string; en: string } {
    const text = this.line(sink, most);
    return { zh: text, en: text };
  }
  /** All of them, in lines. */
  all(sink: string): string {
    return `${this.#mark(sink)} ${long}`;
  }
  /** The name of a file: the part behind a slash would be all of it. */
  name(sink: string): string {
    return `${this.#mark(sink)} <xss-x onclick=xss()>.txt`;
  }
  /** Where the texts went that these words show. */
  seenIn(words: string): string[] {
    return [...this.#marks].filter(([mark]) => words.includes(mark)).map(([, sink]) => sink);
  }
  /** Where texts went at all. */
  get sinks(): string[] {
    return [...this.#marks.values()];
  }

  #mark(sink: string): string {
    const mark = `Q${String(this.#marks.size).padStart(2, "0")}Z`;
    this.#marks.set(mark, sink);
    return mark;
  }
}

/** Notes whatever a hostile text brings about in somebody's pages. */
export async function watch(context: BrowserContext, problems: string[]): Promise<void> {
  await context.addInitScript(() => Object.assign(window, { xss: () => console.error("a hostile text ran") }));
  context.on("dialog", (dialog) => {
    problems.push(`a hostile text asked: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("request", (request) => {
    if (new URL(request.url()).hostname === canary) problems.push(`a hostile text sent for ${request.url()}`);
  });
}

/** What in a frame was made of a text, and all words that it shows, fields and names included. */
function looked(): { made: string[]; words: string } {
  const made: string[] = [];
  const words: string[] = [document.title];
  const look = (root: Document | ShadowRoot): void => {
    words.push(root instanceof Document ? root.body.innerText : (root.textContent ?? ""));
    for (const element of root.querySelectorAll("*")) {
      const handlers = element.getAttributeNames().filter((name) => name.startsWith("on"));
      const hidden = element.matches("xss-x, math, object, base, meta[http-equiv=refresh], [srcdoc], [formaction], [src*='canary.invalid'], link[href*='canary.invalid']");
      const runs = element.matches("a, area, form, iframe") && /^\s*(javascript|data|vbscript):/i.test(element.getAttribute("href") ?? element.getAttribute("action") ?? element.getAttribute("src") ?? "");
      if (handlers.length > 0 || hidden || runs) made.push(element.outerHTML.slice(0, 200));
      if (element.matches("details:not([open])")) words.push(element.textContent);
      if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) words.push(element.value);
      for (const name of ["aria-label", "title", "placeholder", "alt"]) words.push(element.getAttribute(name) ?? "");
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
  return { made, words: words.join("\n") };
}

/** Nothing on the page was made of a text. Returns the words it shows. */
export async function isInert(page: Page, what: string): Promise<string> {
  // A frame may be on its way to its document; what it shows is asked for again then.
  const look = (frame: Frame) => frame.evaluate(looked).catch((error: unknown) => (frame === page.mainFrame() ? Promise.reject(error as Error) : { made: [], words: "" }));
  const frames = await Promise.all(page.frames().map(look));
  expect(frames.flatMap(({ made }) => made), `${what}: elements made of texts`).toEqual([]);
  return frames.map(({ words }) => words).join("\n");
}
