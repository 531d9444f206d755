// Where the leads and the entries that figures of a destination count are listed.
export function leadsLink(destination: string, state?: "accepted"): string {
  const query = new URLSearchParams({ destination, ...(state === undefined ? {} : { state }) });
  return `/leads?${query.toString()}`;
}

/** Those that wait for a person, or those that are tried again by themselves. */
export function entriesLink(destination: string, needDecision: boolean): string {
  const query = new URLSearchParams({ destination, needs_decision: String(needDecision) });
  for (const status of ["open", "retrying"]) query.append("status", status);
  return `/attention/entries?${query.toString()}`;
}
