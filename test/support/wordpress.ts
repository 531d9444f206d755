// WordPress' own HTTP library as a sender, unpacked from Debian's package (WORDPRESS_DIR, or where it is installed).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const named = process.env["WORDPRESS_DIR"];
const folder = named ?? "/usr/share/wordpress";

/** Where a folder is named and WordPress is not in it, tests run and fail. */
export const hasWordPress =
  (named !== undefined || existsSync(join(folder, "wp-includes/http.php"))) && existsSync("/usr/bin/php");

export interface WordPressPost {
  readonly url: string;
  /** As `wp_remote_post` takes them: an object as `body` is sent as PHP's `http_build_query` writes it. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Instead of a body: what the plugin gives to PHP's `json_encode`. */
  readonly json?: unknown;
}

/** What the plugin is told, or how it failed. */
export async function postFromWordPress(
  post: WordPressPost,
): Promise<{ readonly code?: number; readonly body?: string; readonly error?: string }> {
  const script = join(import.meta.dirname, "wordpress-post.php");
  const php = spawn("php", [script, folder], { stdio: ["pipe", "pipe", "inherit"] });
  php.stdin.end(JSON.stringify(post));
  const [said] = await Promise.all([text(php.stdout), once(php, "exit")]);
  return JSON.parse(said) as Awaited<ReturnType<typeof postFromWordPress>>;
}
