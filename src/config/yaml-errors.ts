// Puts what the YAML parser reports into our own codes.
import type { ErrorCode } from "yaml";
import type { Said } from "./problem.ts";

/** `character` is the one that the error points at. The parser's own message is not used: it may quote the file. */
export function sayYamlError(code: ErrorCode, character: string): Said {
  switch (code) {
    case "TAB_AS_INDENT":
      return { code: "yaml_tab", params: {} };
    case "BAD_INDENT":
      return { code: "yaml_indentation", params: {} };
    case "MISSING_CHAR":
      return { code: "yaml_missing", params: {} };
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
    case "BLOCK_IN_FLOW":
    case "KEY_OVER_1024_CHARS":
      return { code: "yaml_nested_colon", params: {} };
    case "BAD_SCALAR_START":
      return { code: "yaml_reserved_character", params: { character } };
    case "BAD_DQ_ESCAPE":
      return { code: "yaml_escape", params: {} };
    case "MULTIPLE_DOCS":
      return { code: "yaml_several_documents", params: {} };
    case "RESOURCE_EXHAUSTION":
      return { code: "yaml_too_deep", params: {} };
    case "NON_STRING_KEY":
      return { code: "yaml_key_not_text", params: {} };
    case "TAG_RESOLVE_FAILED":
    case "MULTIPLE_TAGS":
    case "BAD_COLLECTION_TYPE":
      return { code: "yaml_tag", params: {} };
    case "ALIAS_PROPS":
    case "BAD_ALIAS":
    case "MULTIPLE_ANCHORS":
      return { code: "yaml_alias", params: {} };
    case "BAD_DIRECTIVE":
      return { code: "yaml_version", params: {} };
    case "BAD_PROP_ORDER":
    case "DUPLICATE_KEY":
    case "IMPOSSIBLE":
    case "UNEXPECTED_TOKEN":
      return { code: "yaml_unexpected", params: {} };
  }
}
