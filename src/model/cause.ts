/**
 * What is behind a verdict, told finer than its code. The table only grows: a cause that was published keeps its name and
 * meaning.
 */
export const CAUSES = [
  // Drops.
  { name: 'no-rules', text: 'the groups have no rule at all in this direction' },
  { name: 'port-not-allowed', text: 'a rule names the peer, but another port' },
  { name: 'peer-not-allowed', text: 'a rule names the port, but another peer' },
  { name: 'protocol-not-allowed', text: 'a rule names the peer, but another protocol' },
  { name: 'nothing-near', text: 'no rule fails in a single field' },
  {
    name: 'public-address',
    text: 'a rule names a group, and its member was reached by, or came from, a public address',
  },
  { name: 'peering-not-active', text: 'a rule names a group over a peering that is not active' },
  {
    name: 'reference-not-followed',
    text: 'a rule names a group that cannot be referenced from there',
  },
  {
    name: 'prefix-list-not-loaded',
    text: 'a rule names a prefix list whose entries are not loaded',
  },
  { name: 'rule-removed', text: 'a rule allowed it until an event removed it' },
  { name: 'rule-added-later', text: 'a rule allows it only since a later event' },
  { name: 'wrong-family', text: 'a rule allows the same of the other address family' },
  { name: 'icmp-type-or-code', text: 'a rule names another ICMP type or code' },
  {
    name: 'source-port',
    text: 'a rule names the source port, but rules ask for the destination port',
  },
  { name: 'path-hides-group', text: 'a middlebox on the way hides that the peer is in the group' },
  { name: 'request-denied', text: 'the reply would pass, but its request was dropped' },
  { name: 'opening-denied', text: 'the connection it belongs to was denied when it opened' },
  { name: 'reply-too-late', text: 'the request was forgotten before the reply came' },
  { name: 'idle-too-long', text: 'the connection was silent for longer than its timeout' },
  { name: 'connection-closed', text: 'the connection had ended' },
  {
    name: 'mid-stream',
    text: 'the opening of its connection is not in the capture',
  },
  { name: 'fragment-without-first', text: 'the first fragment of its datagram is missing' },
  { name: 'allowance-full', text: 'its instance tracked as many connections as it can' },
  { name: 'foreign-address', text: 'the source/destination check of the interface failed' },
  { name: 'multicast', text: 'a VPC carries no multicast and no broadcast' },
  // What passes.
  { name: 'rule-matches', text: 'rules allow it, and it opens a connection or needs none' },
  { name: 'connection', text: 'it belongs to a tracked connection' },
  { name: 'error-about-connection', text: 'an ICMP error about a tracked connection' },
  { name: 'untracked-flow', text: 'rules allow it; the flow is not tracked' },
  {
    name: 'assumed-connection',
    text: 'its opening is not in the capture; a rule allows one direction',
  },
  // Not filtered, not judged: the verdict code says it all.
  { name: 'not-filtered', text: 'security groups do not filter it' },
  { name: 'not-judged', text: 'it could not be judged' },
] as const satisfies readonly { readonly name: string; readonly text: string }[];

export type CauseCode = (typeof CAUSES)[number]['name'];

/** A cause in a few words. */
export function causeText(cause: CauseCode): string {
  return CAUSES.find(({ name }) => name === cause)!.text;
}
