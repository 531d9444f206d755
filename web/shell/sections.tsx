// The parts of the dashboard, as the navigation lists them.
import {
  IconBell,
  IconBook2,
  IconChartBar,
  IconHome,
  IconInbox,
  IconListDetails,
  IconPlugConnected,
  IconSend,
  IconSettings,
  IconTargetArrow,
  IconAlertTriangle,
} from "@tabler/icons-react";
import type { Icon } from "@tabler/icons-react";
import type { Permission } from "../api/types.ts";

export interface Section {
  readonly path: string;
  readonly icon: Icon;
  readonly name: { readonly de: string; readonly en: string };
  readonly needs?: Permission;
}

export const sections: readonly Section[] = [
  { path: "/", icon: IconHome, name: { de: "Übersicht", en: "Overview" } },
  { path: "/leads", icon: IconInbox, name: { de: "Leads", en: "Leads" } },
  { path: "/attention", icon: IconAlertTriangle, name: { de: "Klärfälle", en: "Needs attention" } },
  { path: "/alerts", icon: IconBell, name: { de: "Alarme", en: "Alerts" } },
  { path: "/sources", icon: IconPlugConnected, name: { de: "Quellen", en: "Sources" } },
  { path: "/destinations", icon: IconSend, name: { de: "Ziele", en: "Destinations" } },
  { path: "/figures", icon: IconChartBar, name: { de: "Zahlen", en: "Figures" } },
  { path: "/sla", icon: IconTargetArrow, name: { de: "Servicelevel", en: "Service levels" } },
  { path: "/log", icon: IconListDetails, name: { de: "Protokoll", en: "Log" }, needs: "audit.read" },
  { path: "/errors", icon: IconBook2, name: { de: "Fehler erklärt", en: "Errors explained" } },
  { path: "/settings", icon: IconSettings, name: { de: "Einstellungen", en: "Settings" } },
];
