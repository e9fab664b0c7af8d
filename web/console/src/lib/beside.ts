import { createStore } from "./store";

/** How much of the window, in rem, something takes that stands beside the whole page, such as the help. */
export const beside = createStore(0);
