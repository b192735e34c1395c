import type { Advice } from './code-entry.js';
import type { VerdictCode } from './verdict.js';

/** Of every verdict code: how it comes about and what to do. */
export const VERDICT_ADVICE: Readonly<Record<VerdictCode, Advice>> = {
  rule: {
    usually:
      'a rule of one of the groups of the interface names the protocol, the destination port and the peer; with that the packet opens a connection, or is of a kind that opens none',
    remedy: 'nothing to do; `sgsim why` names every rule that matches',
  },
  tracked: {
    usually:
      'its connection was opened earlier by a packet that a rule allowed; rules are not asked again, so it passes even after that rule was removed',
    remedy:
      'to cut it off at once, first open the rules so far that the flow is untracked, then narrow them (CT-10); else it lasts until its idle timeout',
  },
  related: {
    usually:
      'it is an ICMP error, such as destination unreachable or time exceeded, that quotes a packet of a tracked connection',
    remedy: 'nothing to do; `--related` tells which errors pass this way',
  },
  untracked: {
    usually:
      'a rule open to 0.0.0.0/0 or ::/0 stands against one for all ports the other way, so that AWS keeps no state: each direction needs its own rule',
    remedy: 'nothing to do; narrow one of the two rules if the flow is to be tracked',
  },
  inferred: {
    usually:
      'the capture began when the connection was already open: its opening is missing, and a rule allows the packet or its answer',
    remedy:
      'nothing to do; capture from the start for certainty, or choose otherwise with `--midstream`',
  },
  'no-rule': {
    usually:
      'no group of the interface has a rule for this protocol, port and peer in this direction; often one field of one rule is off',
    remedy: '`sgsim why` shows the nearest rules field by field, and the smallest rule to add',
  },
  'no-state': {
    usually:
      'the connection was idle for longer than its timeout or had been closed, and the packet is no new opening; AWS drops such packets even where a rule would allow the connection',
    remedy:
      'send keep-alives more often than the timeout, or raise the timeout of the interface; with `--midstream strict` every connection that began before the capture gets this code',
  },
  'not-opened': {
    usually:
      'the packet that would have opened its connection was dropped earlier, so in the simulated VPC this one would never have been sent',
    remedy:
      'look at the opening: it was dropped with another code, mostly `no-rule`; allow it, and this packet passes too',
  },
  'source-dest-check': {
    usually:
      'the interface sends from, or receives for, an address that is not its own, as routers, NAT instances and VPN gateways do',
    remedy: 'turn the source/destination check of that interface off if it is meant to forward',
  },
  'unsupported-by-vpc': {
    usually: 'service discovery or a routing protocol sends to a multicast or broadcast address',
    remedy:
      'configure unicast; multicast domains of transit gateways are not simulated, so there this says nothing',
  },
  'allowance-exceeded': {
    usually:
      'the instance already tracks as many connections as `--max-tracked` says, and this packet needs another entry',
    remedy:
      'shorten idle timeouts, make busy flows untracked, or use a larger instance; check the number given to `--max-tracked`',
  },
  exempt: {
    usually:
      'it goes to or comes from the Amazon DNS resolver, instance metadata, time service, DHCP or the router of the VPC, which security groups never filter',
    remedy: 'nothing to do; `--exempt` tells which addresses count',
  },
  'not-applicable': {
    usually: 'it is ARP, another protocol that is not IP, or IPv6 neighbor discovery',
    remedy: 'nothing to do: security groups filter IP only',
  },
  local: {
    usually: 'both its addresses belong to one interface, so it never leaves the host',
    remedy: 'nothing to do',
  },
  'no-groups': {
    usually:
      'the interface is one of an AWS service, such as a NAT gateway, that carries no security group',
    remedy: 'nothing to do',
  },
  'recorded-twice': {
    usually:
      'captures of both ends were given with `@eni-...`, and this is the second record of a packet that was judged where it left',
    remedy: 'nothing to do',
  },
  'no-interface': {
    usually:
      'neither address belongs to an interface of the VPC documents: the capture is of another VPC, from before or after NAT, or an interface is missing from the documents',
    remedy:
      'add the `describe-network-interfaces` output that holds it, or peel the tunnel it is in with `--decap`',
  },
  'state-full': {
    usually: 'the simulator had no memory left for another connection',
    remedy: 'replay less at once with a filter or `--start` and `--end`; AWS has no part in this',
  },
  cut: {
    usually: 'the capture was made with too short a snap length for the headers',
    remedy: 'capture again with `-s 128` or more',
  },
  malformed: {
    usually: 'lengths in the headers contradict each other, as in damaged or crafted packets',
    remedy: 'look at the frame in Wireshark; a real host would discard it',
  },
  'link-type': {
    usually: 'the frame is of a link type that carries no IP, or of one that sgsim does not read',
    remedy: 'capture on the network interface itself',
  },
  encapsulation: {
    usually: 'the IP packet is inside an encapsulation that sgsim does not read',
    remedy: 'capture inside the encapsulation, or peel a tunnel that it knows with `--decap`',
  },
};
