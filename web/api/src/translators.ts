/**
 * Page translators put an element of their own around a text, or instead of it. React and Preact hold on to the text that they made: removing it from where it does
 * not stand any more throws, and takes the page along; changing it changes nothing that anybody sees. So what stands for a text goes with it, and gives way to it
 * when it changes.
 */
export function tolerateTranslators(): void {
  const { removeChild, insertBefore } = Node.prototype;
  /** What stands instead of a text. */
  const instead = new WeakMap<Node, ChildNode>();

  /** The child of `parent` in which a node stands, or which stands instead of it. */
  const within = (parent: Node, node: Node): Node | null => {
    let at: Node | null = node.parentNode === null ? (instead.get(node) ?? null) : node;
    while (at && at.parentNode !== parent) at = at.parentNode;
    return at?.nodeName === "FONT" ? at : null;
  };

  Node.prototype.removeChild = function <T extends Node>(this: Node, child: T): T {
    if (child.parentNode === this) {
      Reflect.apply(removeChild, this, [child]);
      return child;
    }
    const held = within(this, child);
    if (held) Reflect.apply(removeChild, this, [held]);
    return child;
  };
  Node.prototype.insertBefore = function <T extends Node>(this: Node, node: T, before: Node | null): T {
    const at = before && before.parentNode !== this ? within(this, before) : before;
    Reflect.apply(insertBefore, this, [node, at]);
    return node;
  };

  const changed = new MutationObserver((records) => {
    for (const { target } of records) {
      const held = instead.get(target);
      if (!held?.parentNode || target.parentNode) continue;
      instead.delete(target);
      held.replaceWith(target);
    }
  });
  const seen = new MutationObserver((records) => {
    for (const { addedNodes, removedNodes, previousSibling, nextSibling } of records) {
      const [taken] = removedNodes;
      if (taken?.nodeType !== Node.TEXT_NODE || taken.parentNode) continue;
      const put = [...addedNodes, previousSibling, nextSibling].find((node) => node?.nodeName === "FONT");
      if (!put) continue;
      instead.set(taken, put as ChildNode);
      changed.observe(taken, { characterData: true });
    }
  });
  seen.observe(document, { childList: true, subtree: true });
}
