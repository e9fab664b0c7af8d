import { addKinds } from "@yingda/api/kinds";
import { staffKinds } from "@yingda/api/staff-kinds";

// Whatever reads a conversation here knows the kinds that only the staff see.
addKinds(staffKinds);
