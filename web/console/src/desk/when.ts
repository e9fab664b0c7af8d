import { serverNow } from "../lib/clock";
import { dayAndTime, dayOf, hourMinute } from "../lib/format";

/** A time of today by its hour, any other with its day. */
export const whenOf = (at: number, zone: string) =>
  dayOf(at, zone) === dayOf(serverNow(), zone) ? hourMinute(at, zone) : dayAndTime(at, zone);
