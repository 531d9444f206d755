// Which path shows which view. The server answers the same first segments with the page (src/http/dashboard.ts).
import { lazy } from "react";
import type { ComponentType, LazyExoticComponent } from "react";
import ConfirmAlerts from "./alerts/confirm.tsx";
import type { Permission } from "./api/types.ts";

export interface ViewRoute {
  readonly path: string;
  readonly view: LazyExoticComponent<ComponentType> | ComponentType;
  /** Absent: for whoever is signed in. */
  readonly needs?: Permission;
}

export const routes: readonly ViewRoute[] = [
  { path: "/", view: lazy(() => import("./overview/overview.tsx")) },
  { path: "/alerts", view: lazy(() => import("./alerts/alerts.tsx")) },
  { path: "/confirm-alerts", view: ConfirmAlerts },
  { path: "/attention", view: lazy(() => import("./attention/groups.tsx")) },
  { path: "/attention/entries", view: lazy(() => import("./attention/entries.tsx")) },
  { path: "/attention/operations", view: lazy(() => import("./attention/operations.tsx")) },
  { path: "/attention/operations/:operation_id", view: lazy(() => import("./attention/operation.tsx")) },
  { path: "/attention/quarantine", view: lazy(() => import("./attention/quarantine.tsx")) },
  { path: "/attention/quarantine/:quarantine_id", view: lazy(() => import("./attention/quarantined.tsx")) },
  // After those whose names it would take for a number.
  { path: "/attention/:dlq_id", view: lazy(() => import("./attention/entry.tsx")) },
  {
    path: "/attention/:dlq_id/edit",
    view: lazy(() => import("./attention/edit.tsx")),
    needs: "dlq.work",
  },
  { path: "/figures", view: lazy(() => import("./figures/figures.tsx")) },
  { path: "/errors", view: lazy(() => import("./errors/errors.tsx")) },
  { path: "/errors/:code", view: lazy(() => import("./errors/one-error.tsx")) },
  { path: "/leads", view: lazy(() => import("./leads/leads.tsx")) },
  { path: "/leads/:run_id", view: lazy(() => import("./leads/lead.tsx")) },
  { path: "/destinations", view: lazy(() => import("./destinations/destinations.tsx")) },
  {
    path: "/destinations/new",
    view: lazy(() => import("./destinations/new-destination.tsx")),
    needs: "configuration.write",
  },
  { path: "/destinations/:name", view: lazy(() => import("./destinations/destination.tsx")) },
  {
    path: "/destinations/:name/fields",
    view: lazy(() => import("./destinations/target-editor.tsx")),
    needs: "configuration.write",
  },
  {
    path: "/destinations/:name/edit",
    view: lazy(() => import("./destinations/edit-destination.tsx")),
    needs: "configuration.write",
  },
  { path: "/log", view: lazy(() => import("./log/log.tsx")), needs: "audit.read" },
  { path: "/reports", view: lazy(() => import("./reports/reports.tsx")) },
  { path: "/settings", view: lazy(() => import("./settings/own-account.tsx")) },
  {
    path: "/settings/api-keys",
    view: lazy(() => import("./settings/api-keys.tsx")),
    needs: "accounts.write",
  },
  {
    path: "/settings/clients",
    view: lazy(() => import("./settings/clients.tsx")),
    needs: "settings.write",
  },
  {
    path: "/settings/dead-mans-switch",
    view: lazy(() => import("./settings/dead-mans-switch.tsx")),
    needs: "settings.write",
  },
  { path: "/settings/mail", view: lazy(() => import("./settings/mail.tsx")), needs: "settings.write" },
  { path: "/settings/installation", view: lazy(() => import("./settings/installation.tsx")) },
  { path: "/settings/users", view: lazy(() => import("./settings/users.tsx")), needs: "accounts.write" },
  { path: "/sla", view: lazy(() => import("./sla/sla.tsx")) },
  { path: "/sources", view: lazy(() => import("./sources/sources.tsx")) },
  {
    path: "/sources/new",
    view: lazy(() => import("./sources/new-source.tsx")),
    needs: "configuration.write",
  },
  { path: "/sources/:name", view: lazy(() => import("./sources/source.tsx")) },
  {
    path: "/sources/:name/fields",
    view: lazy(() => import("./sources/map-editor.tsx")),
    needs: "configuration.write",
  },
  {
    path: "/sources/:name/edit",
    view: lazy(() => import("./sources/edit-source.tsx")),
    needs: "configuration.write",
  },
];
