import { fault, type Cursor } from './cursor.js';
import type { Token } from './lexer.js';

const DIRECTION = 'filter by address, as in `src host 10.0.0.5`';
const INTERFACE = 'leave it out, as captures do not tell it';
const TUNNEL = 'filter the outer packet, as in `udp port 4789 or 6081`';
const HEADERS = 'filter by the first header, as in `ip6 proto 6`, or by bytes, as in `ip6[6]`';
const OSI = 'filter by bytes, as in `ether[14:2] = 0xfefe`';
const WIRELESS = 'filter by bytes, as in `link[0]`';
const ATM = 'leave it out, as ATM and SS7 captures are not judged';
const GATEWAY = 'write `ether host MAC and not host ADDRESS`';

/** Words of pcap-filter(7) that are not supported, and what to write instead. */
const REFUSED: ReadonlyMap<string, string> = new Map(
  (
    [
      [DIRECTION, 'inbound outbound'],
      [INTERFACE, 'ifindex ifname on rset ruleset rnr rulenum srnr subrulenum reason action'],
      [TUNNEL, 'geneve vxlan'],
      [HEADERS, 'protochain'],
      [OSI, 'iso clnp esis es-is isis is-is l1 l2 iih lsp snp csnp psnp llc'],
      [
        WIRELESS,
        `wlan radio fddi tr type subtype dir direction addr1 addr2 addr3 addr4
        address1 address2 address3 address4 ra ta`,
      ],
      [
        ATM,
        `lane metac bcc oam oamf4 oamf4ec oamf4sc sc ilmic vpi vci connectmsg metaconnect
        fisu lssu lsu msu hfisu hlssu hmsu sio opc dpc sls hsio hopc hdpc hsls`,
      ],
      [GATEWAY, 'gateway'],
      ['write `ether[0] = 1` and the like', 'byte'],
    ] as const
  ).flatMap(([fix, words]) => words.split(/\s+/).map((word) => [word, fix] as const)),
);

/** Throws InputError if the word belongs to the language, and is not supported. */
export function refuseWord(cursor: Cursor, token: Token): void {
  const fix = token.kind === 'word' ? REFUSED.get(token.text) : undefined;
  if (fix !== undefined) throw fault(cursor, token, `'${token.text}' is not supported`, fix);
}
