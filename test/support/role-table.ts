// Who may call what: written by hand from the issue, not from the program, so that a wrong permission in the program is
// seen. A route that is missing here fails test/flow/api/roles.test.ts; one line per route, alphabetically by path.
import type { Role } from "../../src/domain/roles.ts";

type Allowed = readonly Role[] | "anyone";

const everyRole: Allowed = ["viewer", "sales", "operator", "privacy", "admin"];

export const roleTable: Readonly<Record<string, Allowed>> = {
  "GET /api-keys": ["admin"],
  "POST /api-keys": ["admin"],
  "POST /api-keys/:key_id/revoke": ["admin"],
  "GET /destinations": everyRole,
  "POST /destinations": ["operator", "admin"],
  "DELETE /destinations/:name": ["operator", "admin"],
  "GET /destinations/:name": everyRole,
  "PATCH /destinations/:name": ["operator", "admin"],
  "POST /destinations/:name/pause": ["operator", "admin"],
  "POST /destinations/:name/probe": ["operator", "admin"],
  "POST /destinations/:name/resume": ["operator", "admin"],
  "POST /destinations/:name/rotate-secret": ["operator", "admin"],
  "POST /destinations/:name/test": ["operator", "admin"],
  "DELETE /session": everyRole,
  "GET /session": everyRole,
  "PATCH /session": everyRole,
  "POST /session": "anyone",
  "PUT /session/password": everyRole,
  "GET /settings": everyRole,
  "PATCH /settings": ["admin"],
  "GET /sources": everyRole,
  "POST /sources": ["operator", "admin"],
  "DELETE /sources/:name": ["operator", "admin"],
  "GET /sources/:name": everyRole,
  "PATCH /sources/:name": ["operator", "admin"],
  "POST /sources/:name/pause": ["operator", "admin"],
  "POST /sources/:name/resume": ["operator", "admin"],
  "POST /sources/:name/rotate-secret": ["operator", "admin"],
  "POST /sources/:name/test": ["operator", "admin"],
  "GET /system": ["operator", "admin"],
  "GET /users": ["admin"],
  "POST /users": ["admin"],
  "GET /users/:user_id": ["admin"],
  "PATCH /users/:user_id": ["admin"],
  "POST /users/:user_id/setup-links": ["admin"],
};
