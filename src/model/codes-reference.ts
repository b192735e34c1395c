import type { CodeNote } from './code-entry.js';

/** Faults between the nouns of a VPC: what names what, and what fits together. */
export const REFERENCE_CODES: Readonly<Record<string, CodeNote>> = {
  association: {
    text: 'a group is associated with a VPC that AWS does not associate it with',
    usually: 'the group is a default group, or the VPC a default VPC (SG-15)',
    remedy: 'take the association out; use a group of that VPC',
  },
  'duplicate-address': {
    text: 'an address belongs to two interfaces',
    usually: 'documents of two moments were mixed, or two VPCs use the same addresses',
    remedy: 'fetch the interfaces again at one moment, or choose a VPC with `--vpc-id`',
  },
  'duplicate-id': {
    text: 'one id stands for two things that differ',
    usually: 'documents of two moments were mixed, or a part of one was copied',
    remedy: 'keep one of the two',
  },
  'duplicate-mac': {
    text: 'two interfaces have one MAC address',
    usually: 'a document was edited by hand, or two VPCs use the same',
    remedy: 'correct one of them: interfaces are found by MAC address first',
  },
  'endpoint-reference': {
    text: 'a PrivateLink endpoint carries rules that name groups over a transit gateway',
    usually: 'AWS does not carry such references to endpoints (SG-14)',
    remedy: 'name CIDR blocks in them',
  },
  'entries-list': {
    text: 'entries of a prefix list do not tell which list they are of',
    usually: '`get-managed-prefix-list-entries` prints no id, and the name of the file has none',
    remedy: 'name the file after the list, like pl-0123456789abcdef0.json',
  },
  'group-owner': {
    text: 'a group is of another account than where it is used',
    usually: 'it is shared between accounts, or a rule names the wrong account',
    remedy: 'check that the group is shared; correct the account in the rule',
  },
  'group-vpc': {
    text: 'an interface carries a group of another VPC',
    usually: 'the association that allows it is in no document, or is not associated yet',
    remedy: 'add the output of `aws ec2 describe-security-group-vpc-associations`',
  },
  'idle-default': {
    text: 'the TCP idle limit of an instance type is not known',
    usually: 'types from the 8th generation on may have 350 s where others have 432000 s (CT-22)',
    remedy: 'add the output of `aws ec2 describe-instance-types` for the type',
  },
  'no-address': {
    text: 'an interface has no address',
    usually: 'the document was cut down, or written by hand',
    remedy: 'add its addresses: no packet can be judged at it before',
  },
  'no-entries': {
    text: 'the entries of a prefix list are in no document',
    usually: '`describe-managed-prefix-lists` prints lists without their entries',
    remedy: 'add the output of `aws ec2 get-managed-prefix-list-entries`',
  },
  'no-groups': {
    text: 'an interface has no security group',
    usually: 'the document was cut down: AWS gives every such interface at least one (SG-7)',
    remedy: 'name its groups',
  },
  'no-interfaces': {
    text: 'the documents hold no network interface',
    usually: 'only groups were given',
    remedy: 'add the output of `aws ec2 describe-network-interfaces`',
  },
  quota: {
    text: 'a group or interface is beyond a default quota of AWS',
    usually: 'the account has a higher quota, or the rules will be refused (PR-7)',
    remedy: 'nothing to do if your quota is higher; it is judged all the same',
  },
  'rule-egress-reference': {
    text: 'an egress rule names a group over a transit gateway, and matches nothing',
    usually: 'transit gateways carry references in ingress rules only (SG-14)',
    remedy: 'name a CIDR block',
  },
  'rule-mismatch': {
    text: 'two documents do not tell the same rules of a group',
    usually: 'they were fetched at two moments, between which rules changed',
    remedy: 'fetch both again; until then the rule that has no partner is ignored',
  },
  'rule-not-peered': {
    text: 'a rule names a group of a VPC that is not connected, and matches nothing',
    usually: 'the peering is in no document, or is to another Region (SG-13)',
    remedy: 'add the peering, transit gateway or association, or name a CIDR block',
  },
  'rule-stale': {
    text: 'a rule names a group that it no longer reaches, and matches nothing',
    usually: 'a peering, transit gateway or association was removed or is not active (SG-19)',
    remedy: 'remove the rule, or load what connects the two again',
  },
  'rule-unknown-group': {
    text: 'a rule names a group that is in no document, and matches nothing',
    usually: 'the group is of another account or VPC whose documents are not loaded',
    remedy: 'add the group and its interfaces',
  },
  'rule-unresolved': {
    text: 'what a rule names cannot be told from the documents, and it matches nothing',
    usually: 'entries of a prefix list, or a transit gateway, are not loaded',
    remedy: 'add the output that the message names: in AWS the rule may match',
  },
  truncated: {
    text: 'a document is only the first page of an answer',
    usually: 'it was fetched with `--max-items` or `--no-paginate`',
    remedy: 'fetch it without them',
  },
  'unknown-group': {
    text: 'something names a group that no document describes',
    usually: 'not all groups were fetched; for an interface it is an error, for a rule a warning',
    remedy: 'add the `describe-security-groups` output that holds it',
  },
  'unknown-prefix-list': {
    text: 'a rule names a prefix list that no document describes',
    usually: 'prefix lists were not fetched, or it is one of AWS',
    remedy: 'add the prefix list and its entries',
  },
};
