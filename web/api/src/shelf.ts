import type { OutboxStorage, Pending } from "./outbox";

/** Where a page keeps things by name, in a browser whose other pages may keep theirs beside. */
export interface Place {
  get(name: string): string | null;
  /** false if it could not be kept */
  set(name: string, value: string | null): boolean;
  names(): string[];
  /** runs the work when no other page holds this name; the name is held until the work is done */
  alone<T>(name: string, work: () => T | Promise<T>): Promise<T>;
}

/**
 * The unanswered sends of all pages of one person in this browser. Each page writes under a name of its own, which it holds as long as it lives; what a
 * page left that has ended, by a reload or a crash, is taken over by exactly one other.
 */
export class Shelf implements OutboxStorage {
  constructor(
    readonly place: Place,
    /** names begin with it */
    readonly prefix: string,
    /** this page's name behind it */
    readonly own: string,
    readonly changed: (list: readonly Pending[], kept: boolean) => void = () => undefined,
  ) {}

  load(): Pending[] {
    return [];
  }

  save(list: readonly Pending[]): void {
    this.changed(list, this.place.set(this.prefix + this.own, list.length ? JSON.stringify(list) : null));
  }

  /** Holds this page's name, and hands over what other pages leave when they end, each once; also those that come later. */
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
          // First it is ours, then it is gone: a crash between the two leaves it twice, and the ids make it one.
          if (list.length) adopt(list);
          place.set(name, null);
        });
      }
    };
    addEventListener("storage", look);
    look();
  }
}

/** The storage may hold anything. */
function read(text: string | null): Pending[] {
  try {
    const list = JSON.parse(text ?? "[]") as Pending[];
    return list.filter((p) => p.client_id && p.conversation && p.body?.type);
  } catch {
    return [];
  }
}
