// Which path shows which view. The server answers the same first segments with the page (src/http/dashboard.ts).
import { lazy } from "react";
import type { ComponentType, LazyExoticComponent } from "react";
import type { Permission } from "./api/types.ts";

export interface ViewRoute {
  readonly path: string;
  readonly view: LazyExoticComponent<ComponentType> | ComponentType;
  /** Absent: for whoever is signed in. */
  readonly needs?: Permission;
}

export const routes: readonly ViewRoute[] = [
  { path: "/", view: lazy(() => import("./overview/overview.tsx")) },
  { path: "/log", view: lazy(() => import("./log/log.tsx")), needs: "audit.read" },
  { path: "/settings", view: lazy(() => import("./settings/own-account.tsx")) },
  {
    path: "/settings/api-keys",
    view: lazy(() => import("./settings/api-keys.tsx")),
    needs: "accounts.write",
  },
  { path: "/settings/installation", view: lazy(() => import("./settings/installation.tsx")) },
  { path: "/settings/users", view: lazy(() => import("./settings/users.tsx")), needs: "accounts.write" },
];
