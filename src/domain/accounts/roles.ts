// Who may do what: the roles of people and API keys, and what each of them is allowed.

export const roles = ["viewer", "sales", "operator", "privacy", "admin"] as const;
export type Role = (typeof roles)[number];

/**
 * `viewer` sees everything that is no person's data; `sales` sees whole leads and delivers them again; `operator` also
 * works on the DLQ and looks after sources and destinations; `privacy` sees whole leads and the audit log, and changes
 * no configuration; `admin` may do everything.
 */
const allowed = {
  /** Lists and single leads, entries and figures, with person data masked. */
  "leads.read": ["viewer", "sales", "operator", "privacy", "admin"],
  /** Person data in full, and leads found by e-mail or phone. */
  "persons.read": ["sales", "operator", "privacy", "admin"],
  /** One entry delivered again, now. */
  "dlq.retry": ["sales", "operator", "admin"],
  /** Everything else that is done to entries, many at once too; and leads delivered once more. */
  "dlq.work": ["operator", "admin"],
  "audit.read": ["privacy", "admin"],
  "configuration.read": ["viewer", "sales", "operator", "privacy", "admin"],
  "configuration.write": ["operator", "admin"],
  /** Expressions of destinations, which see whole leads and say what becomes of them. */
  "expressions.write": ["admin"],
  /** Leads, entries and events by the file. */
  "exports.read": ["operator", "privacy", "admin"],
  "imports.write": ["operator", "admin"],
  "system.read": ["operator", "admin"],
  "accounts.write": ["admin"],
  "settings.write": ["admin"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof allowed;

export const permissions = Object.keys(allowed) as readonly Permission[];

export function mayDo(role: Role, permission: Permission): boolean {
  return (allowed[permission] as readonly Role[]).includes(role);
}

/** For documentation: who has a permission. */
export function rolesWith(permission: Permission): readonly Role[] {
  return allowed[permission];
}

/** Whether `role` may do nothing that `holder` may not: rights that somebody can hand on. */
export function hasRightsOf(holder: Role, role: Role): boolean {
  return permissions.every((permission) => !mayDo(role, permission) || mayDo(holder, permission));
}

export function permissionsOf(role: Role): readonly Permission[] {
  return permissions.filter((permission) => mayDo(role, permission));
}
