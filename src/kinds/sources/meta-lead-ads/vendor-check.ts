// Asks Meta before the first lead: whether the token is good, whether the pages send their leads, and whether they may be
// fetched (developers.facebook.com, Graph API: Page, Page Subscribed Apps, Has Lead Access). Not asked is Debug Token: it
// takes the token that it is about in the address, where logs of proxies have it, whatever header names who asks.
import type { Texts } from "../../../domain/errors/explained.ts";
import { completionFailure } from "../../../domain/leads/completion.ts";
import type { CompletionFailure } from "../../../domain/leads/completion.ts";
import type { SourceAuth } from "../../../domain/sources/source.ts";
import { headerText } from "../../../outgoing/response-excerpt.ts";
import type { Get } from "../completion/complete.ts";
import { isObject, jsonAnswer, withoutToken } from "../completion/vendor-answer.ts";
import type { JsonAnswer } from "../completion/vendor-answer.ts";
import { checkedIdsMax, itemOfFailure, itemWithoutToken } from "../completion/vendor-check.ts";
import type { CheckedItem, VendorCheck } from "../completion/vendor-check.ts";
import { idOf, metaComplete, refusalOf, textOr, versionOf } from "./fetch-lead.ts";

type Ask = (path: string) => Promise<JsonAnswer | CompletionFailure>;

export const metaCheck: VendorCheck = {
  reach: (auth) => metaComplete.reach(auth),
  async ask(auth, get) {
    const ownAddress = auth["via"] === undefined ? [handshakeItem(auth)] : [];
    const token = textOr(auth["pageToken"], "");
    if (token === "") return [...ownAddress, itemWithoutToken(labels.token, todos.token)];
    const ask = askerOf(auth, token, get);
    const me = await ask("me?fields=id,name");
    if (me.kind === "failed")
      return [...ownAddress, itemOfFailure({ item: "token", label: labels.token }, me, todos.token)];
    const id = idOf(me.members["id"]);
    const said = `${textOr(me.members["name"], "?")} (${id ?? "?"})`;
    const tokenItem: CheckedItem = {
      item: "token",
      state: "ok",
      label: labels.token,
      found: { en: `Good; it belongs to ${said}.`, de: `Gültig; es gehört zu ${said}.` },
      todo: null,
    };
    const pages = pagesOf(auth, id);
    const ofPages: CheckedItem[] = [];
    for (const page of pages) ofPages.push(await subscriptionOf(page, ask), await accessTo(page, ask, token));
    return [...ownAddress, tokenItem, ...versionItems(auth, me), ...ofPages];
  },
};

/** Those that are listed; else the one whose token it is. */
function pagesOf({ pages }: SourceAuth, id: string | null): readonly string[] {
  const listed = Array.isArray(pages) ? (pages as readonly string[]) : [];
  if (listed.length > 0) return listed.slice(0, checkedIdsMax);
  return id === null ? [] : [id];
}

function askerOf(auth: SourceAuth, token: string, get: Get): Ask {
  return async (path) => {
    const end = await get(`/${versionOf(auth)}/${path}`, { authorization: `Bearer ${token}` });
    const read = jsonAnswer("Meta", end);
    if (read.kind === "failed") return read;
    return read.status === 200 && !isObject(read.members["error"]) ? read : refusalOf(read, token);
  };
}

function handshakeItem({ verifyToken }: SourceAuth): CheckedItem {
  const isThere = textOr(verifyToken, "") !== "";
  return {
    item: "verify_token",
    state: isThere ? "ok" : "wrong",
    label: { en: "Verify token", de: "Token zur Verifizierung" },
    found: isThere
      ? {
          en: "It is set: Meta can verify the address.",
          de: "Es ist gesetzt: Meta kann die Adresse verifizieren.",
        }
      : {
          en: "There is none: Meta cannot set up the webhook.",
          de: "Es fehlt: Bei Meta lässt sich der Webhook nicht einrichten.",
        },
    todo: isThere
      ? null
      : {
          en: "Enter a verify_token here, and the same text at Meta beside the address.",
          de: "Tragen Sie hier ein verify_token ein und denselben Text bei Meta neben der Adresse.",
        },
  };
}

/** An unknown version is no error there: the oldest one answers. */
function versionItems(auth: SourceAuth, { answer }: JsonAnswer): readonly CheckedItem[] {
  const [asked, answered] = [versionOf(auth), headerText(answer.headers, "facebook-api-version")];
  if (answered === null || answered === asked) return [];
  return [
    {
      item: "version",
      state: "wrong",
      label: { en: "Version of the interface", de: "Version der Schnittstelle" },
      found: {
        en: `${asked} was asked for, and ${answered} answered.`,
        de: `Verlangt wurde ${asked}, geantwortet hat ${answered}.`,
      },
      todo: {
        en: "Set api_version to a version that Meta has.",
        de: "Setzen Sie api_version auf eine Version, die es bei Meta gibt.",
      },
    },
  ];
}

async function subscriptionOf(page: string, ask: Ask): Promise<CheckedItem> {
  const about = { item: "subscription", label: ofPage(labels.subscription, page) };
  const read = await ask(`${encodeURIComponent(page)}/subscribed_apps?fields=id,name,subscribed_fields`);
  if (read.kind === "failed") return itemOfFailure(about, read, todos.page);
  const apps = Array.isArray(read.members["data"]) ? (read.members["data"] as readonly unknown[]) : [];
  const sending = apps.filter((app) => isObject(app) && sendsLeads(app["subscribed_fields"]));
  const names = sending.map((app) => (isObject(app) ? textOr(app["name"], idOf(app["id"]) ?? "?") : ""));
  if (names.length > 0)
    return {
      ...about,
      state: "ok",
      found: {
        en: `The page tells of its leads (leadgen): ${names.join(", ")}. Is that your app?`,
        de: `Die Seite meldet ihre Leads (leadgen): ${names.join(", ")}. Ist das Ihre App?`,
      },
      todo: null,
    };
  const found =
    apps.length === 0
      ? { en: "No app is subscribed to this page.", de: "Keine App hat diese Seite abonniert." }
      : {
          en: "An app is subscribed to this page, but not to leadgen.",
          de: "Eine App hat diese Seite abonniert, aber nicht leadgen.",
        };
  return { ...about, state: "wrong", found, todo: todos.subscription(page) };
}

function sendsLeads(fields: unknown): boolean {
  return (
    Array.isArray(fields) &&
    fields.some((field) => field === "leadgen" || (isObject(field) && field["name"] === "leadgen"))
  );
}

async function accessTo(page: string, ask: Ask, token: string): Promise<CheckedItem> {
  const about = { item: "leads_access", label: ofPage(labels.access, page) };
  const read = await ask(`${encodeURIComponent(page)}?fields=has_lead_access`);
  if (read.kind === "failed") return itemOfFailure(about, read, todos.access);
  const access = read.members["has_lead_access"];
  if (!isObject(access) || typeof access["can_access_lead"] !== "boolean")
    return itemOfFailure(
      about,
      completionFailure("completion_unreachable", "Meta does not say (has_lead_access)"),
      todos.access,
    );
  if (access["can_access_lead"])
    return {
      ...about,
      state: "ok",
      found: { en: "Leads of this page may be fetched.", de: "Leads dieser Seite dürfen abgeholt werden." },
      todo: null,
    };
  const said = ["failure_reason", "failure_resolution"].map((member) => textOr(access[member], ""));
  const reason = withoutToken(said.filter((each) => each !== "").join(" "), token);
  return {
    ...about,
    state: "wrong",
    found: {
      en: `Leads of this page may not be fetched. ${reason}`.trim(),
      de: `Leads dieser Seite dürfen nicht abgeholt werden. ${reason}`.trim(),
    },
    todo: access["app_has_leads_permission"] === false ? todos.permission : todos.access,
  };
}

function ofPage({ en, de }: Texts, page: string): Texts {
  return { en: `${en}, page ${page}`, de: `${de}, Seite ${page}` };
}

const labels = {
  token: { en: "Page token", de: "Seiten-Token" },
  subscription: { en: "Subscription", de: "Abonnement" },
  access: { en: "Leads Access", de: "Zugriff auf Leads (Leads Access)" },
} as const satisfies Record<string, Texts>;

const todos = {
  token: {
    en: "Make a new token, best of a system user, which does not expire, with leads_retrieval, pages_manage_metadata, pages_read_engagement and pages_show_list (unsure), and enter it as page_token.",
    de: "Erzeugen Sie ein neues Token, am besten das eines Systemnutzers, das nicht abläuft, mit leads_retrieval, pages_manage_metadata, pages_read_engagement und pages_show_list (ungesichert), und tragen Sie es als page_token ein.",
  },
  page: {
    en: "List the page's id in `pages`, and use a token that may manage this page (pages_manage_metadata, unsure).",
    de: "Nennen Sie die Kennung der Seite in `pages`, und nehmen Sie ein Token, das diese Seite verwalten darf (pages_manage_metadata, ungesichert).",
  },
  access: {
    en: "In Meta's Business settings under Integrations, Leads access, assign the app and the token's user to this page.",
    de: "Weisen Sie in Metas Unternehmenseinstellungen unter Integrationen, Leads-Zugriff, dieser Seite die App und den Nutzer des Tokens zu.",
  },
  permission: {
    en: "The app lacks leads_retrieval: for live leads it needs App Review with advanced access.",
    de: "Der App fehlt leads_retrieval: Für echte Leads braucht sie die App-Prüfung mit erweitertem Zugriff.",
  },
  subscription: (page: string): Texts => ({
    en: `Subscribe the page with its page token: POST /${page}/subscribed_apps?subscribed_fields=leadgen (in the Graph API Explorer, for example). That it is missing is the most common fault.`,
    de: `Abonnieren Sie die Seite mit ihrem Seiten-Token: POST /${page}/subscribed_apps?subscribed_fields=leadgen (zum Beispiel im Graph API Explorer). Dass es fehlt, ist der häufigste Fehler.`,
  }),
};
