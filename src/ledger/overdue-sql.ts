// SQL: which deliveries should have been sent long ago.

/** `t` is a destination that deliveries are sent to by the program, at this time. */
export const isSendingSql =
  "t.enabled AND t.kind <> 'external' AND t.settings -> 'paused' IS DISTINCT FROM 'true'";

export const overdueSinceSql = "statement_timestamp() - interval '5 minutes'";
