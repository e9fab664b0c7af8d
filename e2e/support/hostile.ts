import type { BrowserContext, Frame, Page } from "@playwright/test";
import { expect } from "@playwright/test";

/** This host does not exist; that it is requested at all is the fault. */
const canary = "canary.invalid";

/** Short texts, for names. Each makes an element, an attribute, a call or a link if a page takes text for more than text. */
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

/** Longer texts, for messages and descriptions. */
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

/** Texts that must remain text, each with a mark by which it is found again. */
export class Hostile {
  readonly #marks = new Map<string, string>();
  readonly #lines = new Map<string, string>();

  /** A text of at most `most` characters; `sink` names the place it goes to. */
  line(sink: string, most = 60): string {
    const mark = this.#mark(sink);
    const fits = short.filter((one) => mark.length + 1 + one.length <= most);
    const payload = fits[this.#marks.size % fits.length];
    if (payload === undefined) throw new Error(`${sink}: nothing hostile fits in ${String(most)} characters`);
    const line = `${mark} ${payload}`;
    this.#lines.set(sink, line);
    return line;
  }
  /** The line that was written there. */
  written(sink: string): string {
    const line = this.#lines.get(sink);
    if (line === undefined) throw new Error(`nothing was written into ${sink}`);
    return line;
  }
  /** The same text in both languages. */
  both(sink: string, most?: number): { zh: string; en: string } {
    const text = this.line(sink, most);
    return { zh: text, en: text };
  }
  /** All hostile texts, in lines. */
  all(sink: string): string {
    return `${this.#mark(sink)} ${long}`;
  }
  /** The name of a file; a slash in it would make the part after it the whole name. */
  name(sink: string): string {
    return `${this.#mark(sink)} <xss-x onclick=xss()>.txt`;
  }
  /** The places whose texts appear in these words. */
  seenIn(words: string): string[] {
    return [...this.#marks].filter(([mark]) => words.includes(mark)).map(([, sink]) => sink);
  }
  /** All places that texts were written to. */
  get sinks(): string[] {
    return [...this.#marks.values()];
  }

  #mark(sink: string): string {
    const mark = `Q${String(this.#marks.size).padStart(2, "0")}Z`;
    this.#marks.set(mark, sink);
    return mark;
  }
}

/** Records everything a hostile text causes in someone's pages. */
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

/** The elements in a frame that were made from a text, and all the text it shows, including fields and names. */
function looked(): { made: string[]; words: string } {
  const made: string[] = [];
  const words: string[] = [document.title];
  const look = (root: Document | ShadowRoot): void => {
    words.push(root instanceof Document ? root.body.innerText : (root.textContent ?? ""));
    for (const element of root.querySelectorAll("*")) {
      const handlers = element.getAttributeNames().filter((name) => name.startsWith("on"));
      const hidden = element.matches(
        "xss-x, math, object, base, meta[http-equiv=refresh], [srcdoc], [formaction], [src*='canary.invalid'], link[href*='canary.invalid']",
      );
      const runs =
        element.matches("a, area, form, iframe") &&
        /^\s*(javascript|data|vbscript):/i.test(
          element.getAttribute("href") ?? element.getAttribute("action") ?? element.getAttribute("src") ?? "",
        );
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

/** Checks that nothing on the page was made from a text. Returns the text it shows. */
export async function isInert(page: Page, what: string): Promise<string> {
  // A frame may still be loading its document; what it shows is then requested again.
  const look = (frame: Frame) =>
    frame
      .evaluate(looked)
      .catch((error: unknown) =>
        frame === page.mainFrame() ? Promise.reject(error as Error) : { made: [], words: "" },
      );
  const frames = await Promise.all(page.frames().map(look));
  expect(
    frames.flatMap(({ made }) => made),
    `${what}: elements made of texts`,
  ).toEqual([]);
  return frames.map(({ words }) => words).join("\n");
}
