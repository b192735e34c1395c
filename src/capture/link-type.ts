/** Link types that captures commonly have, by number: https://www.tcpdump.org/linktypes.html. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'null',
  1: 'ethernet',
  9: 'ppp',
  12: 'raw',
  101: 'raw',
  104: 'cisco-hdlc',
  105: '802.11',
  108: 'loop',
  113: 'linux-cooked',
  127: '802.11-radiotap',
  228: 'ipv4',
  229: 'ipv6',
  276: 'linux-cooked-v2',
};

export function linkTypeName(linkType: number): string {
  return NAMES[linkType] ?? `link type ${linkType}`;
}
