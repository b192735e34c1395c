import type { Edit } from '../model/edit.js';
import type { VpcDescription } from '../model/vpc.js';
import { attachAddress, detachAddress, moveAddress } from './addresses.js';
import { authorize } from './authorize.js';
import { createGroup } from './create-group.js';
import { deleteGroup } from './delete-group.js';
import { setPeering } from './peering.js';
import { setPrefixList } from './prefix-list.js';
import type { Applied } from './refusal.js';
import { revoke } from './revoke.js';
import { setGroups } from './set-groups.js';

/**
 * Applies one edit as AWS would: all of it, or none of it with AWS's refusal. Never changes `description`, never
 * throws. `nextRuleId` gives each new rule its id, in the order of the rules; it may be called for an edit that is
 * refused afterwards.
 */
export function applyEdit(
  description: VpcDescription,
  edit: Edit,
  nextRuleId: () => string,
): Applied {
  switch (edit.kind) {
    case 'authorize':
      return authorize(description, edit, nextRuleId);
    case 'revoke':
      return revoke(description, edit);
    case 'create-group':
      return createGroup(description, edit, nextRuleId);
    case 'delete-group':
      return deleteGroup(description, edit);
    case 'set-groups':
      return setGroups(description, edit);
    case 'attach-address':
      return attachAddress(description, edit);
    case 'detach-address':
      return detachAddress(description, edit);
    case 'move-address':
      return moveAddress(description, edit);
    case 'set-peering':
      return setPeering(description, edit);
    case 'set-prefix-list':
      return setPrefixList(description, edit);
  }
}
