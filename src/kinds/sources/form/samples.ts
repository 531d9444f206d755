// Code to paste into a website: a form without a script, the same with one, and a beacon.
import type { KindSample, SampleAsked } from "../../../config/declared-kind.ts";
import { fillTimeField } from "./spam.ts";

export function formSamples({ url, shown, language }: SampleAsked): readonly KindSample[] {
  const text = texts[language];
  const { honeypot } = shown;
  return [
    {
      name: "HTML",
      label: text.html,
      code: htmlForm(url, typeof honeypot === "string" ? honeypot : null, text),
    },
    { name: "fetch", label: text.fetch, code: fetchScript(text) },
    { name: "sendBeacon", label: text.beacon, code: beaconScript(url, text) },
  ];
}

type Texts = Readonly<Record<keyof (typeof texts)["en"], string>>;

function htmlForm(url: string, honeypot: string | null, text: Texts): string {
  const trap = [
    `  <!-- ${text.trap} -->`,
    `  <div style="position: absolute; left: -9999px" aria-hidden="true">`,
    `    <label>${text.leaveEmpty} <input name="${escaped(honeypot ?? "")}" tabindex="-1" autocomplete="off"></label>`,
    "  </div>",
  ];
  const lines = [
    `<form id="lead-form" action="${escaped(url)}" method="post" accept-charset="utf-8">`,
    `  <p><label>${text.name} <input name="name" autocomplete="name" required></label></p>`,
    `  <p><label>${text.email} <input name="email" type="email" autocomplete="email" required></label></p>`,
    `  <p><label>${text.phone} <input name="phone" type="tel" autocomplete="tel"></label></p>`,
    `  <p><label>${text.message} <textarea name="message" rows="5"></textarea></label></p>`,
    ...(honeypot === null ? [] : trap),
    `  <p><button>${text.send}</button></p>`,
    "</form>",
  ];
  return `${lines.join("\n")}\n`;
}

/** Where the script fails, the form goes its own way, and a repeat is recognised. */
function fetchScript(text: Texts): string {
  return `<!-- ${text.below} -->
<script>
  const form = document.getElementById("lead-form");
  const shownAt = performance.now();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new FormData(form);
    body.append("${fillTimeField}", String(Math.round(performance.now() - shownAt)));
    try {
      const response = await fetch(form.action, { method: "POST", body });
      if (!response.ok) throw new Error(String(response.status));
      form.replaceWith(${JSON.stringify(text.thanks)});
    } catch {
      // ${text.otherwise}
      form.submit();
    }
  });
</script>
`;
}

function beaconScript(url: string, text: Texts): string {
  return `<script>
  // ${text.noAnswer}
  const lead = new URLSearchParams({ name: "Erika Mustermann", phone: "+49 30 1234567" });
  navigator.sendBeacon(${JSON.stringify(url)}, lead);
</script>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const texts = {
  en: {
    html: "Into the page, where the form shall be; works without JavaScript",
    fetch: "Below the form, so that the visitor stays on the page",
    beacon: "For what is sent on the side, when somebody leaves the page for example",
    name: "Name",
    email: "E-mail",
    phone: "Phone",
    message: "Message",
    send: "Send",
    trap: "Programs fill this in, people do not see it.",
    leaveEmpty: "Please leave empty",
    below: "Below the form",
    thanks: "Thank you, your message has arrived.",
    otherwise: "Without the script: the visitor sees what went wrong.",
    noAnswer: "Nobody hears whether it arrived: not for leads that a form can send.",
  },
  de: {
    html: "In die Seite, wo das Formular stehen soll; geht ohne JavaScript",
    fetch: "Unter das Formular, damit der Besucher auf der Seite bleibt",
    beacon: "Für das, was nebenbei gesendet wird, etwa wenn jemand die Seite verlässt",
    name: "Name",
    email: "E-Mail",
    phone: "Telefon",
    message: "Nachricht",
    send: "Absenden",
    trap: "Programme füllen das aus, Menschen sehen es nicht.",
    leaveEmpty: "Bitte leer lassen",
    below: "Unter das Formular",
    thanks: "Vielen Dank, Ihre Nachricht ist angekommen.",
    otherwise: "Ohne Skript: Der Besucher sieht, was nicht ging.",
    noAnswer: "Ob es ankam, erfährt niemand: nicht für Leads, die ein Formular senden kann.",
  },
} as const satisfies Record<string, Record<string, string>>;
