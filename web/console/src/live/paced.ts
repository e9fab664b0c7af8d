/** Calls immediately and then, while more calls arrive, at most once per `pause` milliseconds: calls in between are combined into one at the end. */
export function paced<T>(run: (what: T) => void, pause: (what: T) => number) {
  const resting = new Map<T, ReturnType<typeof setTimeout>>();
  const again = new Set<T>();
  const call = (what: T) => {
    if (resting.has(what)) {
      again.add(what);
      return;
    }
    run(what);
    resting.set(
      what,
      setTimeout(() => {
        resting.delete(what);
        if (again.delete(what)) call(what);
      }, pause(what)),
    );
  };
  const stop = () => {
    for (const timer of resting.values()) clearTimeout(timer);
    resting.clear();
    again.clear();
  };
  return { call, stop };
}
