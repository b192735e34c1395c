import type { FixEdit } from '../model/explanation.js';
import { formatRule } from '../model/rule-text.js';

/** What edits do, as an imperative: `add tcp/5432 from sg-app to the ingress rules of sg-db`. */
export function textOfEdits(edits: readonly FixEdit[]): string {
  return edits.map(editText).join(', and ');
}

const LIMITS = { tcpEstablished: 'established tcp', udp: 'udp', udpStream: 'udp streams' } as const;

function editText(edit: FixEdit): string {
  switch (edit.kind) {
    case 'authorize': {
      const { direction, groupId } = edit;
      const rules = edit.rules.map((rule) => formatRule({ direction, ...rule })).join(', ');
      return `add ${rules} to the ${direction} rules of ${groupId}`;
    }
    case 'source-dest-check-off':
      return `turn the source/destination check of ${edit.eni} off`;
    case 'idle-limit':
      return `raise the idle timeout for ${LIMITS[edit.limit]} of ${edit.eni} to ${edit.seconds} s`;
    default:
      throw new Error(`no fix is made of ${edit.kind}`);
  }
}
