// Where the lists are that the figures of a day count, with the filters that find exactly these leads.
export function listPaths(day: string, timezone: string) {
  const from = startOfDay(day, timezone);
  const leads = (filter: Readonly<Record<string, string>>): string =>
    `/leads?${new URLSearchParams({ ...filter, received_from: from }).toString()}`;
  return {
    received: leads({}),
    delivered: leads({ outcome: "delivered" }),
    beingDelivered: leads({ status: "accepted" }),
    retrying: leads({ status: "failed" }),
    needDecision: "/attention",
    nobody: leads({ outcome: "no_destination" }),
    figures: "/figures",
  };
}

/** The instant at which a day begins in a time zone; where clocks skip midnight, the first one after it. */
export function startOfDay(day: string, timezone: string): string {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const offset = offsetMs(utc, timezone);
  // The offset of the guess may not be that of midnight, where clocks change on this day.
  const start = utc - offsetMs(utc - offset, timezone);
  return new Date(start).toISOString();
}

function offsetMs(instant: number, timezone: string): number {
  const written = new Intl.DateTimeFormat("sv-SE", {
    timeZone: timezone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(new Date(instant));
  return Date.parse(`${written.replace(" ", "T")}Z`) - instant;
}
