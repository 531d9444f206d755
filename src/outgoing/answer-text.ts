// The body of an answer as a text: unpacked where it was packed, in its character set.
import { TextDecoder } from "node:util";
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import type { ZlibOptions } from "node:zlib";
import type { Answer } from "./exchange.ts";
import { headerText } from "./response-excerpt.ts";

export type AnswerText =
  | { readonly kind: "whole"; readonly text: string }
  | { readonly kind: "unreadable"; readonly why: "too_long" | "stalled" | "broken_off" | "packed" };

/** Packed or not. */
export const answerTextBytes = 64 * 1_024;

/** Never throws, whatever was answered. `lengthMaxBytes`: unpacked. */
export function answerText(answer: Answer, lengthMaxBytes = answerTextBytes): AnswerText {
  if (answer.bodyEnd !== "whole")
    return { kind: "unreadable", why: answer.bodyEnd === "interrupted" ? "broken_off" : answer.bodyEnd };
  try {
    const body = unpacked(answer.bodyStart, headerText(answer.headers, "content-encoding"), {
      maxOutputLength: lengthMaxBytes,
    });
    if (body === null) return { kind: "unreadable", why: "packed" };
    return { kind: "whole", text: decoderFor(headerText(answer.headers, "content-type")).decode(body) };
  } catch (error) {
    const isTooLong = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    return { kind: "unreadable", why: isTooLong ? "too_long" : "packed" };
  }
}

/** RFC 9110 section 8.4.1; null: in a way that is not known here. Some pack although nobody asked for it. */
function unpacked(body: Buffer, coding: string | null, limit: ZlibOptions): Buffer | null {
  if (body.length === 0) return body;
  switch (coding?.trim().toLowerCase() ?? "") {
    case "":
    case "identity":
      return body;
    case "gzip":
    case "x-gzip":
      return gunzipSync(body, limit);
    case "deflate":
      return inflated(body, limit);
    case "br":
      return brotliDecompressSync(body, limit);
    default:
      return null;
  }
}

/** With the frame of zlib, as RFC 9110 wants it, or without, as some servers write it. */
function inflated(body: Buffer, limit: ZlibOptions): Buffer {
  try {
    return inflateSync(body, limit);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw error;
    return inflateRawSync(body, limit);
  }
}

/** By `charset=`; UTF-8 where nothing or something unknown is said. */
function decoderFor(contentType: string | null): TextDecoder {
  const charset = /;\s?charset="?([\w.:-]{1,40})/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
