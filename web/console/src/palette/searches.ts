import { findCannedReplies } from "../canned-replies/find";
import { findGoods } from "../goods/find";
import { findAnswers } from "../knowledge/find";
import { findPeople } from "../settings/find";
import type { Search } from "../shell/found";

/** What the palette searches besides pages and actions, in the order in which it is shown. */
export const searches: readonly Search[] = [findPeople, findGoods, findAnswers, findCannedReplies];
