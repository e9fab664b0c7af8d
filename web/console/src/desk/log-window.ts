/** Which entries of a conversation are drawn: from one number on, and before another one or to the end. Pure. */
export interface LogWindow {
  from: number;
  until: number | null;
}

/** The number of entries drawn at first, and added each time the user reads on. */
export const page = 50;
/** At most so many entries are drawn: what is far from the view is not. */
export const most = 150;

export const atEnd = (first: number, last: number): LogWindow => ({
  from: Math.max(first, last - page + 1),
  until: null,
});

/** Whether entries after those drawn are left out. */
export const isCut = ({ until }: LogWindow, last: number): boolean => until !== null && until <= last;

export const isDrawn = (one: LogWindow, seq: number): boolean =>
  one.from <= seq && (one.until === null || seq < one.until);

/** A page further back. */
export function back(one: LogWindow, last: number): LogWindow {
  const from = Math.max(1, one.from - page);
  const until = one.until ?? last + 1;
  return { from, until: until - from > most ? from + most : one.until };
}

/** A page further on; at the end it follows what is added. */
export function forth(one: LogWindow, last: number): LogWindow {
  if (one.until === null) return one;
  const until = one.until + page;
  return { from: Math.max(one.from, Math.min(until, last + 1) - most), until: until > last ? null : until };
}

/** With an entry in the middle. */
export const around = (seq: number, last: number): LogWindow => ({
  from: Math.max(1, seq - page),
  until: seq + page > last ? null : seq + page,
});

/** After entries were added to a window that follows the end: whoever reads the end keeps it, everybody else what they read. */
export function grown(one: LogWindow, last: number, readsEnd: boolean): LogWindow {
  if (one.until !== null || last + 1 - one.from <= most) return one;
  return readsEnd ? { from: last + 1 - (most - page), until: null } : { from: one.from, until: one.from + most };
}
