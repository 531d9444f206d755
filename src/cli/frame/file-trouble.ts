// What the file system says about a file that a person named, in words.
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { Texts } from "./language.ts";

/** null: the error is about something else. */
export function fileTrouble(error: unknown, path = pathOf(error)): Texts | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  if (path === null) return null;
  return wordsOf(path)[error.code] ?? null;
}

/** null: it can be read. Pipes are refused, because what is imported is read more than once. */
export async function unreadableFile(path: string): Promise<Texts | null> {
  try {
    // A pipe that nobody writes to would make opening wait.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (stats.isDirectory()) return wordsOf(path)["EISDIR"] ?? null;
      return stats.isFile() ? null : notAFile(path);
    } finally {
      await file.close();
    }
  } catch (error) {
    const texts = fileTrouble(error, path);
    if (texts === null) throw error;
    return texts;
  }
}

function pathOf(error: unknown): string | null {
  // Errors of sockets have paths, too.
  if (!(error instanceof Error) || !("syscall" in error) || !("path" in error)) return null;
  return fileCalls.has(String(error.syscall)) ? String(error.path) : null;
}

const fileCalls = new Set([
  "open",
  "read",
  "write",
  "stat",
  "lstat",
  "mkdir",
  "rename",
  "unlink",
  "truncate",
  "scandir",
  "copyfile",
]);

function notAFile(path: string): Texts {
  return {
    en: `${path} is no ordinary file (a pipe or a device). Save it as a file first.`,
    de: `${path} ist keine gewöhnliche Datei (sondern eine Pipe oder ein Gerät). Speichern Sie sie zuerst als Datei.`,
  };
}

function wordsOf(path: string): Readonly<Record<string, Texts>> {
  const forbidden: Texts = {
    en: `There is no permission for ${path}.`,
    de: `Für ${path} fehlt die Berechtigung.`,
  };
  return {
    ENOENT: { en: `There is no file ${path}.`, de: `Die Datei ${path} gibt es nicht.` },
    ENOTDIR: {
      en: `There is no file ${path}: a part of its path is no folder.`,
      de: `Die Datei ${path} gibt es nicht: Ein Teil ihres Pfads ist kein Ordner.`,
    },
    EISDIR: {
      en: `${path} is a folder. Name a file in it.`,
      de: `${path} ist ein Ordner. Nennen Sie eine Datei darin.`,
    },
    ENXIO: notAFile(path),
    EACCES: forbidden,
    EPERM: forbidden,
    EROFS: {
      en: `${path} cannot be written: its disk is read-only.`,
      de: `${path} lässt sich nicht schreiben: Der Datenträger ist schreibgeschützt.`,
    },
    ENOSPC: {
      en: `${path} cannot be written: the disk is full.`,
      de: `${path} lässt sich nicht schreiben: Der Datenträger ist voll.`,
    },
    EDQUOT: {
      en: `${path} cannot be written: the quota is used up.`,
      de: `${path} lässt sich nicht schreiben: Das Kontingent ist aufgebraucht.`,
    },
    EEXIST: { en: `There is a file ${path} already.`, de: `Die Datei ${path} gibt es schon.` },
    ENAMETOOLONG: { en: "The name of the file is too long.", de: "Der Name der Datei ist zu lang." },
    ELOOP: {
      en: `${path} leads in a circle (symbolic links).`,
      de: `${path} führt im Kreis (symbolische Verweise).`,
    },
    EMFILE: { en: "Too many files are open.", de: "Zu viele Dateien sind geöffnet." },
    EIO: {
      en: `${path} cannot be read or written: the disk reports an error.`,
      de: `${path} lässt sich nicht lesen oder schreiben: Der Datenträger meldet einen Fehler.`,
    },
    ERR_FS_FILE_TOO_LARGE: { en: `${path} is too large.`, de: `${path} ist zu groß.` },
  };
}
