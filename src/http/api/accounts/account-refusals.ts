// What the calls about accounts answer when a password is not good enough, or not the right one.
import { passwordCharactersMax, passwordCharactersMin } from "../../../accounts/password.ts";
import type { PasswordFault } from "../../../accounts/password.ts";
import type { NotProved } from "../../../accounts/sign-in.ts";
import type { ErrorCode, Language } from "../../../domain/errors/error-catalogue.ts";
import type { Refused } from "../frame/route.ts";
import { refuse } from "../frame/route.ts";

/** `wrong`: what a refusal is called there. */
export function notProved(outcome: NotProved, wrong: ErrorCode): Refused {
  switch (outcome.kind) {
    case "refused":
      return refuse(wrong);
    case "too_many":
      return tryLater("too_many_attempts", Math.ceil(outcome.retryAfterMs / 1000));
    case "busy":
      return busyWithPasswords();
  }
}

export function busyWithPasswords(): Refused {
  return tryLater("passwords_busy", 2);
}

export function weakPassword(fault: PasswordFault, language: Language): Refused {
  return refuse("password_unsuitable", { reason: passwordFaultText(fault, language) });
}

export function passwordFaultText(fault: PasswordFault, language: Language): string {
  return faultTexts[fault][language];
}

const faultTexts: Readonly<Record<PasswordFault, Readonly<Record<Language, string>>>> = {
  too_short: {
    en: `A password needs at least ${passwordCharactersMin} characters.`,
    de: `Ein Passwort braucht mindestens ${passwordCharactersMin} Zeichen.`,
  },
  too_long: {
    en: `A password may have ${passwordCharactersMax} characters at most.`,
    de: `Ein Passwort darf höchstens ${passwordCharactersMax} Zeichen haben.`,
  },
  too_simple: {
    en: "This password consists of too few different characters.",
    de: "Dieses Passwort besteht aus zu wenigen verschiedenen Zeichen.",
  },
  is_the_login: {
    en: "The password must not be the e-mail address.",
    de: "Das Passwort darf nicht die E-Mail-Adresse sein.",
  },
};

function tryLater(code: ErrorCode, seconds: number): Refused {
  return { problem: code, headers: { "Retry-After": String(seconds) } };
}
