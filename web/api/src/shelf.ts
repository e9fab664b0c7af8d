import type { UnsentStorage, Pending } from "./unsent";

/** Named storage of a page, shared with the browser's other pages. */
export interface Place {
  get(name: string): string | null;
  /** returns false if it could not be stored */
  set(name: string, value: string | null): boolean;
  names(): string[];
  /** runs the work when no other page holds this name; the name is held until the work is done */
  alone<T>(name: string, work: () => T | Promise<T>): Promise<T>;
}

/**
 * The unanswered sends of all pages of one person in this browser. Each page writes under its own name, which it holds while it is open. What a page leaves
 * behind when it ends, by a reload or a crash, is taken over by exactly one other page.
 */
export class Shelf implements UnsentStorage {
  constructor(
    readonly place: Place,
    /** the prefix of all names */
    readonly prefix: string,
    /** this page's name, after the prefix */
    readonly own: string,
    readonly changed: (list: readonly Pending[], kept: boolean) => void = () => undefined,
  ) {}

  load(): Pending[] {
    return [];
  }

  save(list: readonly Pending[]): void {
    this.changed(list, this.place.set(this.prefix + this.own, list.length ? JSON.stringify(list) : null));
  }

  /** Holds this page's name, and passes on to `adopt` what other pages leave behind when they end, each once, including pages that end later. */
  takeOver(adopt: (list: Pending[]) => void): void {
    const { place, prefix } = this;
    const known = new Set([prefix + this.own]);
    void place.alone(prefix + this.own, () => new Promise<void>(() => undefined));
    const look = () => {
      for (const name of place.names()) {
        if (!name.startsWith(prefix) || known.has(name)) continue;
        known.add(name);
        void place.alone(name, () => {
          const list = read(place.get(name));
          // Adopt it before deleting it: a crash in between leaves two copies, which the ids make one again.
          if (list.length) adopt(list);
          place.set(name, null);
        });
      }
    };
    addEventListener("storage", look);
    look();
  }
}

/** The storage may contain anything. */
function read(text: string | null): Pending[] {
  try {
    const list = JSON.parse(text ?? "[]") as Pending[];
    return list.filter((p) => p.client_id && p.conversation && p.body?.type);
  } catch {
    return [];
  }
}
