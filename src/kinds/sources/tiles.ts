// Tiles that several kinds of source share.
import type { Tile } from "../../config/set-up.ts";

export const wordpressTile: Tile = {
  id: "wordpress",
  rank: 10,
  label: { en: "WordPress", de: "WordPress" },
  help: { en: "A form of a WordPress plugin", de: "Ein Formular eines WordPress-Plugins" },
};

export const websiteTile: Tile = {
  id: "website",
  rank: 20,
  label: { en: "Website", de: "Webseite" },
  help: { en: "A form in a page of your own", de: "Ein Formular in einer eigenen Seite" },
};

export const metaTile: Tile = {
  id: "meta",
  rank: 30,
  label: { en: "Meta", de: "Meta" },
  help: { en: "Lead ads on Facebook and Instagram", de: "Lead-Anzeigen auf Facebook und Instagram" },
};

export const automationTile: Tile = {
  id: "automation",
  rank: 120,
  label: { en: "Make, Zapier, n8n", de: "Make, Zapier, n8n" },
  help: { en: "A scenario, a Zap or a workflow", de: "Ein Szenario, ein Zap oder ein Workflow" },
};

export const otherTile: Tile = {
  id: "other",
  rank: 1_000,
  label: { en: "Something else", de: "Anderes" },
  help: {
    en: "A program or service that can call an address",
    de: "Ein Programm oder Dienst, der eine Adresse aufrufen kann",
  },
};
