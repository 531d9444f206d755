// The pages behind a set-up link, as HTML: plain, without a script, complete in themselves, in German and English.
import { createHash } from "node:crypto";
import type { Language } from "../domain/errors/error-catalogue.ts";

export interface SetupForm {
  readonly language: Language;
  /** null: the first admin names themselves. */
  readonly login: string | null;
  /** What was typed before, for whoever has to try again; never a password. */
  readonly typed: { readonly login: string; readonly displayName: string };
  /** What was wrong with it; null: nothing yet. */
  readonly fault: string | null;
  readonly passwordCharactersMin: number;
}

export function setupFormPage(form: SetupForm): string {
  const { language, login, typed, fault, passwordCharactersMin } = form;
  const text = texts[language];
  const who =
    login === null
      ? `${field("login", text.login, `type="email" autocomplete="username" required maxlength="254" value="${escaped(typed.login)}"`)}
${field("display_name", text.displayName, `type="text" autocomplete="name" required maxlength="200" value="${escaped(typed.displayName)}"`)}`
      : `<p>${escaped(text.forAccount(login))}</p>
<input type="hidden" name="login" autocomplete="username" value="${escaped(login)}">`;
  const rules = text.rules(passwordCharactersMin);
  const password = `type="password" autocomplete="new-password" required minlength="${passwordCharactersMin}" maxlength="256"`;
  return formPage(
    language,
    login === null ? text.firstTitle : text.title,
    `<p>${escaped(login === null ? text.firstIntroduction : text.introduction)}</p>
${fault === null ? "" : `<p class="fault" role="alert" id="fault">${escaped(fault)}</p>`}
<form method="post">
${who}
${field("password", text.password, `${password} aria-describedby="rules"`)}
<p class="hint" id="rules">${escaped(rules)}</p>
${field("repeated", text.repeated, password)}
<button type="submit">${escaped(login === null ? text.firstButton : text.button)}</button>
</form>`,
  );
}

export function setupDonePage(language: Language, login: string): string {
  const text = texts[language];
  return formPage(
    language,
    text.doneTitle,
    `<p role="status">${escaped(text.done(login))}</p>
<p><a class="button" href="../">${escaped(text.signIn)}</a></p>`,
  );
}

export function setupProblemPage(language: Language, title: string, detail: string): string {
  return formPage(language, title, `<p role="alert">${escaped(detail)}</p>`);
}

export function repeatedWrongText(language: Language): string {
  return texts[language].repeatedWrong;
}

export function incompleteText(language: Language): string {
  return texts[language].incomplete;
}

/** For the header Content-Security-Policy: this one style sheet, this one form, and nothing else at all. */
export function setupContentSecurityPolicy(): string {
  const hash = createHash("sha256").update(style).digest("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
}

function field(name: string, label: string, attributes: string): string {
  return `<p><label for="${name}">${escaped(label)}</label>
<input id="${name}" name="${name}" ${attributes}></p>`;
}

/** `body` is HTML. */
export function formPage(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)} – LeadLedger</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;margin:0}
main{max-width:28rem;margin:3rem auto;padding:0 1rem}
h1{font-size:1.5rem;line-height:1.2}
label{display:block;font-weight:600}
input,button,.button{font:inherit;box-sizing:border-box;width:100%;padding:.5rem;border:1px solid GrayText;border-radius:.25rem}
button,.button{margin-top:.5rem;background:#1c4f9c;color:#fff;border-color:#1c4f9c;cursor:pointer}
.button{display:block;text-align:center;text-decoration:none}
input:focus-visible,button:focus-visible,.button:focus-visible{outline:3px solid Highlight;outline-offset:2px}
.hint{margin-top:-.75rem;font-size:.875rem}
.fault{border-left:.25rem solid #b3261e;padding-left:.75rem}`;

const texts = {
  en: {
    firstTitle: "Create the first admin",
    firstIntroduction:
      "Nobody can sign in yet. Whoever fills this in becomes the admin of this LeadLedger. The link works once.",
    firstButton: "Create the account",
    title: "Set your password",
    introduction:
      "This link works once. Everything that was signed in with this account before is signed out.",
    button: "Set the password",
    forAccount: (login: string) => `Account: ${login}`,
    login: "E-mail address",
    displayName: "Name",
    password: "Password",
    repeated: "The same password again",
    rules: (charactersMin: number) =>
      `At least ${charactersMin} characters. A sentence that only you would say is easy to keep and hard to guess.`,
    repeatedWrong: "The two passwords are not the same.",
    incomplete: "Something is missing: an e-mail address, a name, and the password twice.",
    doneTitle: "Done",
    done: (login: string) => `${login} can sign in now with the new password.`,
    signIn: "Sign in now",
  },
  de: {
    firstTitle: "Den ersten Admin anlegen",
    firstIntroduction:
      "Noch kann sich niemand anmelden. Wer dieses Formular ausfüllt, wird Admin dieses LeadLedgers. Der Link gilt einmal.",
    firstButton: "Konto anlegen",
    title: "Passwort festlegen",
    introduction: "Dieser Link gilt einmal. Alle bisherigen Anmeldungen dieses Kontos enden.",
    button: "Passwort festlegen",
    forAccount: (login: string) => `Konto: ${login}`,
    login: "E-Mail-Adresse",
    displayName: "Name",
    password: "Passwort",
    repeated: "Dasselbe Passwort noch einmal",
    rules: (charactersMin: number) =>
      `Mindestens ${charactersMin} Zeichen. Ein Satz, den nur Sie sagen würden, ist leicht zu merken und schwer zu erraten.`,
    repeatedWrong: "Die beiden Passwörter sind nicht gleich.",
    incomplete: "Es fehlt etwas: eine E-Mail-Adresse, ein Name und zweimal das Passwort.",
    doneTitle: "Fertig",
    done: (login: string) => `${login} kann sich jetzt mit dem neuen Passwort anmelden.`,
    signIn: "Jetzt anmelden",
  },
} as const;
