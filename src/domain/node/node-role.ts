// What a node does beside serving its own health. A node has all roles unless it was started with some of them.

/**
 *   intake    takes leads
 *   delivery  sends leads to destinations, those of other nodes too
 *   leader    may become the one node that does the tasks which one node does: rolling up KPIs, sweeping
 */
export const nodeRoles = ["intake", "delivery", "leader"] as const;
export type NodeRole = (typeof nodeRoles)[number];

/** The roles that a comma-separated list names, none twice, in their usual order; null: it names something else. */
export function parseNodeRoles(text: string): NodeRole[] | null {
  const words = text.split(",").map((word) => word.trim());
  const named = nodeRoles.filter((role) => words.includes(role));
  return words.every((word) => named.some((role) => role === word)) ? named : null;
}

export function hasAllRoles(roles: readonly NodeRole[]): boolean {
  return nodeRoles.every((role) => roles.includes(role));
}
