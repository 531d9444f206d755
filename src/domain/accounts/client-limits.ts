// Who is limited to some clients of an agency, and what they can hand on.

/** The clients whose things somebody may see and change; null: everybody's, and what concerns the whole installation. */
export type ClientLimits = readonly string[] | null;

/** Nobody gives what they do not have. */
export function mayGiveClients(own: ClientLimits, given: ClientLimits): boolean {
  if (own === null) return true;
  return given !== null && given.every((client) => own.includes(client));
}
