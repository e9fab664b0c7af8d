import { vi } from "vitest";

const real = await vi.importActual<typeof import("../src/desk/message-body")>("../src/desk/message-body");

/** Counts how often messages are drawn. */
export const MessageWords = vi.fn(real.MessageWords);
export const { FileView } = real;
