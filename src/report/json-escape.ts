/**
 * Escapes what JSON allows inside strings but terminals and JavaScript do not take well: DEL and C1 controls,
 * line and paragraph separators, bidirectional controls. Takes serialised JSON, where these occur in strings only.
 */
export function escapeJson(json: string): string {
  return json.replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A string as JSON, escaped as above. Fast for plain ASCII, which ids are. */
export function quoteJson(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : escapeJson(JSON.stringify(text));
}

const UNSAFE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const PLAIN = /^[ !#-[\]-~]*$/;
