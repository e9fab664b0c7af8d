import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { script, swaps, type Swap } from "./swaps";

interface Page {
  type?: string;
  csp?: string;
  body: string | Buffer;
}

/** 商城 and 问 in GBK: a page of an old Chinese shop. */
const GBK = Buffer.concat([
  Buffer.from("<!doctype html><html lang=zh-CN><title>"),
  Buffer.from("c9ccb3c7", "hex"),
  Buffer.from("</title><h1>"),
  Buffer.from("c9ccb3c7", "hex"),
  Buffer.from("</h1>"),
]);

const SPA = `
const titles = { "/spa": "Shop", "/spa/cart": "Cart", "/spa/help": "Help" };
const show = () => {
  document.title = titles[location.pathname];
  document.querySelector("h1").textContent = document.title;
};
document.addEventListener("click", (e) => {
  const link = e.target.closest("nav a");
  if (!link) return;
  e.preventDefault();
  history.pushState({}, "", link.href);
  show();
});
addEventListener("popstate", show);
show();
`;

/** What the page of a shop says when its customer is signed in. */
const identify = (token: string): string =>
  `window.yingda = window.yingda || function () { (yingda.q = yingda.q || []).push(arguments) }; yingda("identify", ${JSON.stringify({ token })})`;

/** A third party's web site, on a different site than ours (`localhost` instead of `127.0.0.1`), with our loader in its pages. */
export class HostSite {
  /** Makes the token by which the shop names the customer who is signed in. */
  sign: () => string = () => "";

  private constructor(
    readonly listener: Server,
    readonly pages: Map<string, Page>,
  ) {}

  static async start(ours: string): Promise<HostSite> {
    const loader = `<script async src="${ours}/w.js" data-site="demo"></script>`;
    const words = Array.from({ length: 30 }, (_, i) => `<p>Paragraph ${String(i + 1)} of the host page.</p>`).join("");
    const plain = (head: string, body: string): string =>
      `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Host page</title>${head}</head><body>${body}</body></html>`;
    const spa = plain(
      `<script src="/spa.js" defer></script>${loader}`,
      `<nav><a href="/spa">Shop</a> <a href="/spa/cart">Cart</a> <a href="/spa/help">Help</a></nav><h1></h1>`,
    );
    const strict = `default-src 'none'; script-src ${ours}; frame-src ${ours}; require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'`;
    const pages = new Map<string, Page>([
      ["/strict", { csp: strict, body: plain(loader, `<h1>Host page</h1>${words}`) }],
      ["/plain", { body: plain(loader, `<h1>Host page</h1><a href="/next">Next page</a>${words}`) }],
      [
        "/next",
        {
          body: plain(
            loader,
            `<h1>Next page</h1><input aria-label="Search the shop"><a href="/plain">Back to the first page</a>`,
          ),
        },
      ],
      ["/spa", { body: spa }],
      ["/spa/cart", { body: spa }],
      ["/spa/help", { body: spa }],
      ["/spa.js", { type: "text/javascript; charset=utf-8", body: SPA }],
      ["/gbk", { type: "text/html; charset=gbk", body: Buffer.concat([GBK, Buffer.from(loader)]) }],
      [
        "/frames",
        {
          body: plain(
            "",
            `<iframe name="menu" width="200" height="800" src="/menu"></iframe><iframe name="content" width="1000" height="800" src="/plain"></iframe>`,
          ),
        },
      ],
      ["/menu", { body: plain(loader, "<h1>Menu</h1>") }],
    ]);
    for (const swap of swaps) {
      const [head, end] = swap === "astro" ? [loader, ""] : ["", loader];
      const page = (words: string): Page => ({
        body: plain(`<script src="/${swap}.js" defer></script>${head}`, `${words}${end}`),
      });
      pages.set(`/${swap}`, page(`<h1>Host page</h1><a href="/${swap}/next">Next page</a>`));
      pages.set(`/${swap}/next`, page(`<h1>Next page</h1><a href="/${swap}">Back to the first page</a>`));
      pages.set(`/${swap}.js`, { type: "text/javascript; charset=utf-8", body: script(swap) });
    }
    const listener = createServer((ask, answer) => {
      const path = new URL(ask.url ?? "/", "http://host").pathname;
      // Each answer has a token of its own, as that of a shop in which the customer is signed in.
      const signed: Page | false = path === "/signed" && {
        body: plain(loader, `<h1>My orders</h1><script>${identify(host.sign())}</script>`),
      };
      const page = signed || pages.get(path);
      if (!page) {
        answer.writeHead(204).end();
        return;
      }
      answer
        .writeHead(200, {
          "Content-Type": page.type ?? "text/html; charset=utf-8",
          "Cache-Control": "no-store",
          ...(page.csp ? { "Content-Security-Policy": page.csp } : {}),
        })
        .end(page.body);
    });
    const host = new HostSite(listener, pages);
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    return host;
  }

  /** The address of a page on `localhost`, a different site than the server's 127.0.0.1. */
  at(path: "/strict" | "/plain" | "/signed" | "/spa" | "/gbk" | "/frames" | `/${Swap}`): string {
    return `http://localhost:${String((this.listener.address() as AddressInfo).port)}${path}`;
  }

  async stop(): Promise<void> {
    this.listener.closeAllConnections();
    this.listener.close();
    await once(this.listener, "close");
  }
}
