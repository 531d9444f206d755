// Asks LinkedIn before the first lead: whether the token is good and whether the owners' leads are subscribed to
// (learn.microsoft.com, Lead Sync, Get Existing Subscriptions; the finder's spelling is quoted, unsure).
import type { Texts } from "../../../domain/errors/explained.ts";
import type { SourceAuth } from "../../../domain/sources/source.ts";
import { isObject, jsonAnswer } from "../completion/vendor-answer.ts";
import { checkedIdsMax, itemOfFailure, itemWithoutToken } from "../completion/vendor-check.ts";
import type { CheckedItem, VendorCheck } from "../completion/vendor-check.ts";
import { linkedinComplete, linkedinVersion, refusalOf, textOr } from "./fetch-lead.ts";

/** Of whose leads there are subscriptions, and of which type. */
const ownerTypes = { sponsoredAccount: "SPONSORED", organization: "COMPANY" } as const;

export const linkedinCheck: VendorCheck = {
  reach: (auth) => linkedinComplete.reach(auth),
  async ask(auth, get) {
    const token = textOr(auth["accessToken"], "");
    if (token === "") return [itemWithoutToken(labels.token, todos.token)];
    const owners = ownersOf(auth);
    if (owners.length === 0) return [notKnown];
    const headers = {
      authorization: `Bearer ${token}`,
      "linkedin-version": textOr(auth["apiVersion"], linkedinVersion),
      "x-restli-protocol-version": "2.0.0",
    };
    const items: CheckedItem[] = [];
    let isGood = false;
    for (const { type, urn } of owners) {
      const about = { item: "subscription", label: ofOwner(urn) };
      const owner = `(value:(${type}:${encodeURIComponent(urn)}))`;
      const leadType = `(leadType:${ownerTypes[type]})`;
      const end = await get(
        `/rest/leadNotifications?q=criteria&owner=${owner}&leadType=${leadType}`,
        headers,
      );
      const answered = jsonAnswer("LinkedIn", end);
      const read =
        answered.kind === "json" && answered.status !== 200 ? refusalOf(answered, token) : answered;
      if (read.kind === "failed") {
        if (read.code === "completion_token_invalid")
          return [itemOfFailure({ item: "token", label: labels.token }, read, todos.token)];
        items.push(itemOfFailure(about, read, todos.permission));
        continue;
      }
      isGood = true;
      items.push({ ...about, ...subscriptionIn(read.members["elements"]) });
    }
    return isGood ? [goodToken, ...items] : items;
  },
};

interface Owner {
  readonly type: keyof typeof ownerTypes;
  readonly urn: string;
}

/** Of bare numbers nobody knows what they are. */
function ownersOf({ organizations }: SourceAuth): readonly Owner[] {
  const listed = Array.isArray(organizations) ? (organizations as readonly string[]) : [];
  return listed.slice(0, checkedIdsMax).flatMap((urn): readonly Owner[] => {
    if (urn.startsWith("urn:li:organization:")) return [{ type: "organization", urn }];
    return urn.startsWith("urn:li:sponsoredAccount:") ? [{ type: "sponsoredAccount", urn }] : [];
  });
}

function subscriptionIn(elements: unknown): Pick<CheckedItem, "state" | "found" | "todo"> {
  const webhooks = (Array.isArray(elements) ? (elements as readonly unknown[]) : []).flatMap((each) =>
    isObject(each) ? [textOr(each["webhook"], "?")] : [],
  );
  return webhooks.length === 0
    ? {
        state: "wrong",
        found: { en: "Nobody has subscribed to its leads.", de: "Niemand hat dessen Leads abonniert." },
        todo: todos.subscription,
      }
    : {
        state: "ok",
        found: {
          en: `Its leads are told to ${webhooks.join(", ")}. Is that the address of this source?`,
          de: `Dessen Leads werden gemeldet an ${webhooks.join(", ")}. Ist das die Adresse dieser Quelle?`,
        },
        todo: null,
      };
}

function ofOwner(urn: string): Texts {
  return { en: `Subscription, ${urn}`, de: `Abonnement, ${urn}` };
}

const labels = { token: { en: "Access token", de: "Access Token" } } as const;

const todos = {
  token: {
    en: "Make a new access token with the scope r_marketing_leadgen_automation and enter it as access_token. It ends after about 60 days.",
    de: "Erzeugen Sie ein neues Access Token mit dem Scope r_marketing_leadgen_automation und tragen Sie es als access_token ein. Es läuft nach etwa 60 Tagen ab.",
  },
  permission: {
    en: "The token's member needs a role at this organisation or ad account, and the app access to Lead Sync.",
    de: "Das Mitglied, dem das Token gehört, braucht eine Rolle bei dieser Organisation oder diesem Werbekonto, und die App Zugang zu Lead Sync.",
  },
  subscription: {
    en: "Subscribe by the API: POST /rest/leadNotifications with webhook, owner and leadType.",
    de: "Abonnieren Sie mit der API: POST /rest/leadNotifications mit webhook, owner und leadType.",
  },
} as const satisfies Record<string, Texts>;

const goodToken: CheckedItem = {
  item: "token",
  state: "ok",
  label: labels.token,
  found: { en: "LinkedIn takes it.", de: "LinkedIn nimmt es an." },
  todo: null,
};

const notKnown: CheckedItem = {
  item: "subscription",
  state: "unknown",
  label: { en: "Subscription", de: "Abonnement" },
  found: {
    en: "No organisation or ad account is listed as a URN, so LinkedIn cannot be asked.",
    de: "Es ist keine Organisation und kein Werbekonto als URN genannt; deshalb lässt sich LinkedIn nicht fragen.",
  },
  todo: {
    en: "List them in `organizations`: urn:li:organization:1234, urn:li:sponsoredAccount:5678.",
    de: "Nennen Sie sie in `organizations`: urn:li:organization:1234, urn:li:sponsoredAccount:5678.",
  },
};
