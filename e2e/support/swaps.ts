/** Scripts that do to the document what libraries do when a link is followed or somebody goes back. Each page shows the next one without being loaded. */
const library = (show: string): string => `(() => {
const read = async (url) => (await fetch(url)).text();
const parse = async (url) => new DOMParser().parseFromString(await read(url), "text/html");
/** Scripts of a parsed page do not run by themselves. */
const run = (root) => {
  for (const old of root.querySelectorAll("script")) {
    const next = document.createElement("script");
    for (const { name, value } of old.attributes) next.setAttribute(name, value);
    old.replaceWith(next);
  }
};
${show}
const state = () => ({ visited: location.href });
window.visit = async (url) => {
  leave();
  history.pushState(state(), "", url);
  await show(url, false);
};
document.addEventListener("click", (e) => {
  const link = e.target.closest("a");
  if (!link) return;
  e.preventDefault();
  void visit(link.href);
});
addEventListener("popstate", () => void show(location.href, true));
if (!history.state) history.replaceState(state(), "");
})();`;

/** What each library does, in a few lines. */
const shows = {
  /** Replaces the body, runs its scripts again, and keeps a copy of each page to show when somebody goes back. */
  turbo: `
const kept = new Map();
const leave = () => kept.set(location.href, document.body.cloneNode(true));
const show = async (url, isBack) => {
  const next = (isBack && kept.get(url)) || document.adoptNode((await parse(url)).body);
  document.body.replaceWith(next);
  run(next);
};`,
  /** Writes the words of the next body into this one, and keeps those of each page. */
  boost: `
const kept = new Map();
const leave = () => kept.set(location.href, document.body.innerHTML);
const show = async (url, isBack) => {
  document.body.innerHTML = (isBack && kept.get(url)) || (await parse(url)).body.innerHTML;
  run(document.body);
};`,
  /** Replaces what is in the body by what is in the next one, which it always asks for. */
  pjax: `
const leave = () => undefined;
const show = async (url) => {
  document.body.replaceChildren(...(await parse(url)).body.childNodes);
  run(document.body);
};`,
  /** Replaces the head, the body and the attributes of the root; scripts that ran do not run again. */
  astro: `
const leave = () => undefined;
const show = async (url) => {
  const next = await parse(url);
  for (const { name } of [...document.documentElement.attributes]) document.documentElement.removeAttribute(name);
  for (const { name, value } of next.documentElement.attributes) document.documentElement.setAttribute(name, value);
  document.head.replaceChildren(...next.head.childNodes);
  document.body.replaceWith(next.body);
};`,
  /** Writes the whole document anew, which removes whatever listens to it or to its window. */
  written: `
const leave = () => undefined;
const show = async (url) => {
  const words = await read(url);
  document.open();
  document.write(words);
  document.close();
};`,
};

export type Swap = keyof typeof shows;
export const swaps = Object.keys(shows) as Swap[];
export const script = (swap: Swap): string => library(shows[swap]);
