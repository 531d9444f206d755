// Roles as people call them.
import type { Role } from "../api/types.ts";
import type { Language } from "./language.tsx";

export const roleNames: Readonly<Record<Language, Readonly<Record<Role, string>>>> = {
  de: {
    viewer: "Nur ansehen",
    sales: "Vertrieb",
    operator: "Betrieb",
    privacy: "Datenschutz",
    admin: "Admin",
  },
  en: { viewer: "Viewer", sales: "Sales", operator: "Operator", privacy: "Privacy", admin: "Admin" },
};
