// Where the lists are that figures count, with the filters that find exactly these leads.

/** The reporting zone's day `day`, to its end; test leads are not counted. */
export function leadsOfDay(day: string, state?: LeadStanding): string {
  const filter = { ...(state === undefined ? {} : { state }), from: day, to: day, test: "false" };
  return `/leads?${new URLSearchParams(filter).toString()}`;
}

/** As the list of leads names them in its address. */
type LeadStanding = "unfinished" | "delivered" | "no_destination";

/** Those that are held are among them. */
export function leadsOnTheWay(source: string): string {
  return `/leads?${new URLSearchParams({ state: "accepted", source }).toString()}`;
}

export function leadsNobodyGot(source: string, sinceDay: string): string {
  const filter = { state: "no_destination", source, from: sinceDay, test: "false" };
  return `/leads?${new URLSearchParams(filter).toString()}`;
}
