// SQL: which deliveries should have been sent long ago.

import { isLeftAloneSql } from "./circuits.ts";
import { waitsForLimitSql } from "./sending-limits.ts";
import { deliveriesStoppedSql } from "./delivery-switch.ts";

/** `t` is a destination that deliveries are sent to by the program, at this time. */
export const isSendingSql = `t.enabled AND t.sends AND t.settings -> 'paused' IS DISTINCT FROM 'true'
  AND NOT ${isLeftAloneSql} AND NOT ${deliveriesStoppedSql} AND NOT ${waitsForLimitSql}`;

export const overdueSinceSql = "statement_timestamp() - interval '5 minutes'";
