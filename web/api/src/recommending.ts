/** The pages and chats of one browser tell each other whether their reader wants recommendations, so that a choice made in one counts in all at once. */
const channel = ((): BroadcastChannel | undefined => {
  try {
    return new BroadcastChannel("yingda.recommendations");
  } catch {
    // refused along with the storage: then each finds out when it asks the server
    return undefined;
  }
})();

export const tellWanted = (wanted: boolean): void => channel?.postMessage(wanted);

/** Calls back with what was chosen elsewhere; returns a function that ends it. */
export function onWanted(heard: (wanted: boolean) => void): () => void {
  const hear = ({ data }: MessageEvent<unknown>): void => heard(data === true);
  channel?.addEventListener("message", hear);
  return () => channel?.removeEventListener("message", hear);
}
