import { beforeEach, describe, expect, it, vi } from "vitest";
import { Fragment, h, render, type Child } from "../src/dom";

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement("div");
});
const show = (tree: Child) => {
  render(tree, root);
  return root.innerHTML;
};

describe("render", () => {
  it("draws elements, texts, numbers and components, and leaves out what is empty", () => {
    const Hello = (p: { name: string; children?: Child }) => (
      <b>
        {p.name}
        {p.children}
      </b>
    );
    expect(
      show([
        <p class="a" hidden aria-expanded={false}>
          {1}
          {null}
          {false}x
        </p>,
        <Hello name="you">!</Hello>,
        <Fragment>
          <i />
        </Fragment>,
      ]),
    ).toBe('<p class="a" hidden="" aria-expanded="false">1x</p><b>you!</b><i></i>');
  });

  it("tells a key that is a number from a place", () => {
    expect(show([<b key={1}>key</b>, <i>place</i>])).toBe("<b>key</b><i>place</i>");
  });

  it("draws each text once, whatever a page translator makes of it", () => {
    const tree = (count: number) => (
      <p>
        Privacy <b>{count}</b> new
      </p>
    );
    show(tree(1));
    const [p] = root.children;
    const [privacy, , fresh] = p!.childNodes;
    // one text is wrapped, and another one is replaced
    const around = document.createElement("font");
    privacy!.replaceWith(around);
    around.append(privacy!);
    privacy!.nodeValue = "隐私 ";
    const instead = document.createElement("font");
    instead.textContent = " 条新消息";
    fresh!.replaceWith(instead);
    expect(show(tree(2))).toBe("<p><font>隐私 </font><b>2</b> new</p>");
    expect(show(tree(3))).toBe("<p><font>隐私 </font><b>3</b> new</p>");
    // what stands instead of a text goes with it, and moves nothing that stays
    document.body.append(root);
    const other = (says: boolean) => (
      <p>
        {says && "Terms"}
        <textarea />
      </p>
    );
    show(other(true));
    root.querySelector("textarea")!.focus();
    const terms = document.createElement("font");
    root.querySelector("p")!.firstChild!.replaceWith(terms);
    expect(show(other(true))).toBe("<p>Terms<textarea></textarea></p>");
    root.querySelector("p")!.firstChild!.replaceWith(terms);
    expect(show(other(false))).toBe("<p><textarea></textarea></p>");
    expect(document.activeElement?.localName).toBe("textarea");
    root.remove();
  });

  it("keeps elements where a part before them comes and goes", () => {
    const tree = (banner: boolean) => <div>{[banner && <p />, <textarea />]}</div>;
    show(tree(false));
    const box = root.querySelector("textarea");
    expect(show(tree(true))).toBe("<div><p></p><textarea></textarea></div>");
    expect(root.querySelector("textarea")).toBe(box);
    show(tree(false));
    expect(root.querySelector("textarea")).toBe(box);
  });

  it("moves nothing that stays, so that focus stays too", () => {
    document.body.append(root);
    const tree = (banner: boolean, other: boolean) => [banner && <p />, other ? <b /> : <i />, <textarea />];
    show(tree(true, false));
    root.querySelector("textarea")?.focus();
    for (const [banner, other] of [
      [false, false],
      [true, true],
      [false, false],
    ] as const) {
      show(tree(banner, other));
      expect(document.activeElement).toBe(root.querySelector("textarea"));
    }
    root.remove();
  });

  it("moves keyed elements, and makes new ones for another tag", () => {
    const list = (...keys: string[]) => keys.map((k) => <p key={k}>{k}</p>);
    show(list("a", "b", "c"));
    const [a, b, c] = root.children;
    expect(show(list("c", "a"))).toBe("<p>c</p><p>a</p>");
    expect([...root.children]).toEqual([c, a]);
    expect(b?.isConnected).toBe(false);
    show(<b key="a" />);
    expect(root.innerHTML).toBe("<b></b>");
  });

  it("changes attributes, handlers and values in place", () => {
    const [first, second] = [vi.fn(), vi.fn()];
    show(<input class="x" disabled onInput={first} value="1" />);
    const input = root.querySelector("input");
    show(<input class="y" onInput={second} value="2" />);
    expect(root.querySelector("input")).toBe(input);
    expect(input?.outerHTML).toBe('<input class="y">');
    expect(input?.value).toBe("2");
    input?.dispatchEvent(new Event("input"));
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledOnce();
  });

  it("draws pictures in their own namespace and hands out elements", () => {
    let got: Element | null = null;
    show(
      <svg viewBox="0 0 1 1" ref={(e: Element | null) => void (got = e)}>
        <path d="M0 0" />
      </svg>,
    );
    expect(root.querySelector("path")?.namespaceURI).toBe("http://www.w3.org/2000/svg");
    expect(got).toBe(root.firstChild);
  });
});
