// Names of fields that say nothing of a lead, but differ each time that it is sent: times, addresses of the network,
// nonces, traps for robots, tracking. Where a lead is recognised by its content, they do not count.
import { personFieldKind } from "./person-field-names.ts";

/** `name`: as it was sent. `within`: of the field that it stands in, canonical; "" at the top. */
export function isTechnicalName(name: string, within = ""): boolean {
  if (name.length > nameUnitsMax) return false;
  if (name.startsWith("_") || name.includes("[_")) return !isOfPerson(name);
  const words = name.split(/[[\].]+/).filter((word) => word !== "" && !generic.has(word.toLowerCase()));
  const own = canonical(words.at(-1) ?? name);
  if (wholeNames.has(own) || patterns.test(own)) return !isOfPerson(name);
  const around = words.length > 1 ? canonical(words.at(-2) ?? "") : within;
  return around === "meta" && metaNames.has(own);
}

export function canonical(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9äöüß]/g, "");
}

/** What belongs to a person always counts, whatever its name begins with; where the request came from does not. */
function isOfPerson(name: string): boolean {
  const kind = personFieldKind(name);
  return kind !== null && kind !== "other";
}

const generic = new Set(["value", "values", "title", "id", "raw_value", "fields", "form_fields", "data"]);

const wholeNames = new Set(
  [
    // times of sending
    "timestamp time zeit zeitstempel datetime submittedat submittedon submittime submissiontime submissiondate submitdate",
    "createdat createdon created datecreated createddate createdtime updatedat updatedon receivedat sentat sentdate",
    "gesendetam gesendetum eingegangenam eingangsdatum eingangszeit erstelltam absendezeit formtime formloadtime loadtime",
    "timetocomplete elapsedtime requesttime servertime localtime timezone zeitzone tzoffset",
    // where the request came from
    "ip ipaddress ipaddr ipadresse remoteip remoteaddr remoteaddress clientip userip visitorip senderip serverip xforwardedfor",
    "useragent ua browser browserversion browsername userbrowser screenresolution",
    // nonces
    "nonce wpnonce csrf csrftoken xsrf xsrftoken csrfmiddlewaretoken authenticitytoken requesttoken formtoken formkey",
    "formbuildid requestverificationtoken antiforgerytoken sessionid sessid phpsessid requestid random cachebuster",
    // traps for robots, and proofs of not being one
    "honeypot hp hpfield botfield honeypotfield formhoneypot hnypt gotcha akismet akhptextarea akjs captcha captchatoken",
    "grecaptcharesponse recaptcha recaptchatoken recaptcharesponse recaptchav3 hcaptcharesponse hcaptcha cfturnstileresponse",
    "turnstile turnstiletoken frccaptchasolution frccaptcharesponse altcha mcaptchatoken captcharesponse captchasolution",
    // tracking
    "gclid gclsrc gbraid wbraid dclid fbclid fbp fbc msclkid ttclid twclid lifatid liclickid epik yclid rdtcid scclid",
    "gaclientid gasessionid googleclientid clickid adclickid gadsource gadcampaignid mcid mceid mccid hubspotutk hutk hsutk",
    "visitorid anonymousid trackingid trackingcookie cookie cookies referrer referer httpreferer referrerurl refererurl",
    "utm utmparams attribution",
  ].flatMap((line) => line.split(" ")),
);

const patterns =
  /^(?:utm|mtm|pk|matomo|piwik|hsa|gad)(?:source|medium|campaign|term|content|id|kwd|keyword|name|cid|group|placement|creative|adgroup|acc|cam|grp|ad|src|tgt|kw|mt|net|ver)[a-z0-9]*$|^wpcf7|^honeypot|honeypot$/;

const nameUnitsMax = 200;

/** Only where form builders put what they add: a field of the form may ask for a date. */
const metaNames = new Set(["date", "datum", "uhrzeit", "pageurl", "poweredby", "credit"]);
