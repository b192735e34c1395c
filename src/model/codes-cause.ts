import type { CauseCode } from './cause.js';
import type { Advice } from './code-entry.js';

/** Of every cause: how it comes about and what to do. */
export const CAUSE_ADVICE: Readonly<Record<CauseCode, Advice>> = {
  'no-rules': {
    usually: 'the groups are new, or all their rules in this direction were removed',
    remedy: 'add the rule that the explanation proposes; replies to tracked flows need none',
  },
  'port-not-allowed': {
    usually:
      'the service listens on another port than the rule says, or the range ends one port early; rules test the destination port, never the source port',
    remedy: 'correct the port of the rule, or add a rule for this one',
  },
  'peer-not-allowed': {
    usually:
      'the other end is not in the group or block that the rule names: it moved, carries another group, or has an address outside the block',
    remedy:
      'add a rule for its group or block, or give the other end the group that the rule names',
  },
  'protocol-not-allowed': {
    usually: 'the rule is for tcp where udp is used, or the reverse, as with DNS and QUIC',
    remedy: 'add a rule for this protocol',
  },
  'nothing-near': {
    usually:
      'nobody meant to allow this traffic, or the rule is in a group that the interface lacks',
    remedy: 'check that the interface carries the right groups before adding a rule',
  },
  'public-address': {
    usually:
      'the host was addressed by its public or Elastic IP: then the packet arrives from a public address, and a rule that names a group covers private addresses only (SG-10, SG-18)',
    remedy:
      'address it by its private address or a name that resolves to that, or name the public address in a rule',
  },
  'peering-not-active': {
    usually: 'the VPC peering is pending, was deleted, or failed',
    remedy: 'accept or make the peering again, or name a CIDR block in the rule',
  },
  'reference-not-followed': {
    usually:
      'the group is in a VPC that is not connected in a way which carries references: another Region, no peering, or a transit gateway with referencing off (SG-13, SG-14)',
    remedy:
      'name a CIDR block in the rule, or connect the VPCs; the warning of the rule says what is off',
  },
  'prefix-list-not-loaded': {
    usually: 'the documents name the prefix list and do not hold its entries, so sgsim cannot tell',
    remedy:
      'add the output of `aws ec2 get-managed-prefix-list-entries`: in AWS the rule may well match',
  },
  'rule-removed': {
    usually: 'an event of `--events` revoked the rule, or took the group off the interface',
    remedy: 'keep the rule until the traffic has ended, or replace it in the same event',
  },
  'rule-added-later': {
    usually: 'the packet came before the event that added the rule',
    remedy: 'add the rule earlier; packets after the event pass',
  },
  'wrong-family': {
    usually: 'the rule names 0.0.0.0/0 and the packet is IPv6, or ::/0 and it is IPv4 (SG-8)',
    remedy: 'add the same rule for the other family',
  },
  'icmp-type-or-code': {
    usually:
      'the rule allows echo request only, or writes an ICMP type and code as a port range (PR-2)',
    remedy: 'add the type and code, or -1 for all',
  },
  'source-port': {
    usually:
      'the rule was written for replies: it names the port that the packet comes from, and rules test where it goes (SG-3)',
    remedy:
      'allow the opening instead, since its replies then pass by themselves; name the destination port in the rule',
  },
  'path-hides-group': {
    usually:
      'traffic goes through a load balancer, firewall or other middlebox, past which references to groups do not match (SG-17)',
    remedy: 'name the CIDR block of the middlebox or of the peer in the rule',
  },
  'request-denied': {
    usually: 'the request that this answers was dropped, so that nobody would have answered it',
    remedy: 'allow the request: the reply passes with it',
  },
  'opening-denied': {
    usually: 'the opening of the connection was dropped, so that the rest would not have been sent',
    remedy: 'allow the opening: everything after it passes with it',
  },
  'reply-too-late': {
    usually:
      'the answer took longer than the idle timeout of the request, which is 30 s for the first UDP packets',
    remedy: 'raise the timeout of the interface, or have the sender ask again sooner',
  },
  'idle-too-long': {
    usually:
      'nothing was sent for longer than the idle timeout, such as 350 s for TCP on Nitro v6, so that the connection was forgotten while both ends held it open',
    remedy: 'send keep-alives more often than that, or raise the idle timeout of the interface',
  },
  'connection-closed': {
    usually: 'a packet came after FIN or RST had ended the connection; some stragglers are normal',
    remedy: 'nothing to do for stragglers; else look for what closes the connection too early',
  },
  'mid-stream': {
    usually: 'the capture began after the connection, and no rule allows it in either direction',
    remedy: 'add the rule if the connection is wanted; capture from the start for certainty',
  },
  'fragment-without-first': {
    usually:
      'only the first fragment has ports, and it was lost or not captured; then rules with ports cannot match (CT-18)',
    remedy: 'capture all fragments; avoid fragmentation with a smaller MTU',
  },
  'allowance-full': {
    usually: 'too many connections at once, or idle ones that are kept for too long',
    remedy: 'shorten idle timeouts, make busy flows untracked, or use a larger instance',
  },
  'foreign-address': {
    usually:
      'the host forwards for others, or uses an address that was not assigned to the interface',
    remedy: 'turn the check off on a host that forwards, or assign the address',
  },
  multicast: {
    usually: 'a program announces or looks for services on the local network',
    remedy: 'configure unicast',
  },
  'rule-matches': {
    usually: 'at least one rule of the groups names this traffic; security groups only ever allow',
    remedy: 'nothing to do; to stop it, remove every rule that matches',
  },
  connection: {
    usually: 'the connection was opened by a packet that a rule allowed, maybe the other way round',
    remedy: 'nothing to do; removing the rule does not end the connection (CT-8)',
  },
  'error-about-connection': {
    usually: 'a router or the other end reports a fault with a packet of the connection',
    remedy: 'nothing to do; it is needed for path MTU discovery',
  },
  'untracked-flow': {
    usually: 'both directions are so open that AWS keeps no state for the flow (CT-4)',
    remedy: 'nothing to do; removing the rule stops the flow at its next packet (CT-9)',
  },
  'assumed-connection': {
    usually: 'the capture began after the connection, which is then taken for one that was allowed',
    remedy: 'nothing to do; capture from the start for certainty',
  },
  'not-filtered': {
    usually: 'it is traffic that security groups have no say about; the verdict code tells which',
    remedy: 'see the verdict code with `sgsim explain`',
  },
  'not-judged': {
    usually: 'something is missing to judge it; the verdict code tells what',
    remedy: 'see the verdict code with `sgsim explain`',
  },
};
