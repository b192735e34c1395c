import type { Edit } from '../model/edit.js';
import type { FixEdit } from '../model/explanation.js';
import { formatRule } from '../model/rule-text.js';

/**
 * What edits do, as an imperative: `add tcp/5432 from sg-app to the ingress rules of sg-db`. A rule that is removed just before
 * another is added in its place is changed.
 */
export function textOfEdits(edits: readonly FixEdit[]): string {
  return edits.flatMap((edit, i) => editText(edit, edits[i - 1]) ?? []).join(', and ');
}

const LIMITS = { tcpEstablished: 'established tcp', udp: 'udp', udpStream: 'udp streams' } as const;

function editText(edit: FixEdit, last: FixEdit | undefined): string | undefined {
  if (edit.kind === 'authorize') {
    const { direction, groupId } = edit;
    return last?.kind === 'revoke' && last.groupId === groupId
      ? `change ${rulesText(last, direction)} in the ${direction} rules of ${groupId} to ${rulesText(edit, direction)}`
      : `add ${rulesText(edit, direction)} to the ${direction} rules of ${groupId}`;
  }
  if (edit.kind === 'source-dest-check-off') {
    return `turn the source/destination check of ${edit.eni} off`;
  }
  return edit.kind === 'idle-limit'
    ? `raise the idle timeout for ${LIMITS[edit.limit]} of ${edit.eni} to ${edit.seconds} s`
    : undefined;
}

function rulesText(
  { rules }: Extract<Edit, { kind: 'authorize' | 'revoke' }>,
  direction: 'ingress' | 'egress',
): string {
  return rules.map((rule) => formatRule({ direction, ...rule })).join(', ');
}
