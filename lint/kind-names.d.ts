import type { Rule } from "eslint";

export declare const kindNames: Rule.RuleModule;
export declare function kindsIn(root: string): { readonly destinations: readonly string[] };
