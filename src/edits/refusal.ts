import type { Refusal } from '../model/edit.js';
import type { VpcDescription } from '../model/vpc.js';

/** The description after an edit, or why AWS would refuse the edit; then nothing has changed. */
export type Applied =
  | { readonly description: VpcDescription; readonly refusal?: never }
  | { readonly refusal: Refusal; readonly description?: never };

/** AWS's error code and message; ids and names in it are as the edit gives them, not yet safe to print. */
export function refuse(code: string, message: string): { readonly refusal: Refusal } {
  return { refusal: { code, message } };
}
