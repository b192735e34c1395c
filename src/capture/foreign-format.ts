/** What a file is that is no capture we read, and what to do about it. */
export interface ForeignFormat {
  readonly fact: string;
  readonly fix: string;
}

/** Undefined when the first bytes tell nothing. Formats are told apart only to say what to do about them. */
export function foreignFormat(head: Uint8Array): ForeignFormat | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  const [name, tool] =
    BEGINNINGS.find(([bytes]) => text.startsWith(bytes))?.slice(1) ??
    WITHIN.find(([bytes, at]) => text.startsWith(bytes, at))?.slice(2) ??
    HEURISTICS.find(([looksLike]) => looksLike(head))?.slice(1) ??
    TEXTS.find(([pattern]) => pattern.test(text))?.slice(1) ??
    (isText(head) ? ['text', RECORD] : []);
  if (typeof name !== 'string' || typeof tool !== 'string') return undefined;
  const what = tool === RECORD ? 'a capture' : 'read';
  return { fact: `${name} ${/captures|traces/.test(name) ? 'are' : 'is'} not ${what}`, fix: tool };
}

const EDITCAP = 'convert it with `editcap -F pcapng IN OUT`';
const RECORD = 'record a capture with `tcpdump -w FILE`';
const EXPORT = 'export it as pcap from the tool that wrote it';
const unpack = (command: string): string =>
  `decompress it: \`${command} FILE | sgsim replay -r - ...\``;
const unpackFiles = (command: string): string =>
  `unpack it with \`${command}\` and name the captures in it`;

type Beginning = readonly [bytes: string, name: string, fix: string];

/** Magic numbers, one a character: those of wiretap's readers, of compressors, and of files named by mistake. */
const BEGINNINGS: readonly Beginning[] = [
  ['\x1f\x8b', 'gzip data', unpack('gzip -dc')],
  ['\x28\xb5\x2f\xfd', 'zstd data', unpack('zstd -dc')],
  ['\x04\x22\x4d\x18', 'lz4 data', unpack('lz4 -dc')],
  ['\x02\x21\x4c\x18', 'lz4 data', unpack('lz4 -dc')],
  ['\xfd7zXZ\0', 'xz data', unpack('xz -dc')],
  ['\x5d\0\0', 'lzma data', unpack('xz -dc')],
  ['LZIP', 'lzip data', unpack('lzip -dc')],
  ['BZh', 'bzip2 data', unpack('bzip2 -dc')],
  ['\x1f\x9d', 'compress (.Z) data', unpack('gzip -dc')],
  ['\x1f\xa0', 'compress (.Z) data', unpack('gzip -dc')],
  ['\x89LZO\0', 'lzop data', unpack('lzop -dc')],
  ['\xff\x06\0\0sNaPpY', 'snappy data', unpack('snzip -dc')],
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive', unpack('7z x -so')],
  ['PK\x03\x04', 'a zip archive', unpack('unzip -p')],
  ['PK\x05\x06', 'a zip archive', unpack('unzip -p')],
  ['PK\x07\x08', 'a zip archive', unpack('unzip -p')],
  ['Rar!\x1a\x07', 'a rar archive', unpackFiles('unrar x FILE')],
  ['snoop\0\0\0', 'snoop captures', EDITCAP],
  ['btsnoop\0', 'btsnoop (Bluetooth) captures', EDITCAP],
  ['RTSS', 'Network Monitor 1 captures', EDITCAP],
  ['GMBU', 'Network Monitor 2 captures', EDITCAP],
  ['TRSNIFF data    \x1a', 'Sniffer (DOS) captures', EDITCAP],
  ['XCP\0', 'NetXRay or Sniffer (Windows) captures', EDITCAP],
  ['VL\0\0', 'NetXRay captures', EDITCAP],
  ['\x05VNF', 'Visual Networks captures', EDITCAP],
  ['TR\0\x64\0', 'nettl (HP-UX) traces', EDITCAP],
  ['TR\0\0\0', 'nettl (HP-UX) traces', EDITCAP],
  ['iptrace 1.0', 'iptrace (AIX) captures', EDITCAP],
  ['iptrace 2.0', 'iptrace (AIX) captures', EDITCAP],
  ['\x01\x10\x4c\0Trace Display Trace File', 'LANalyzer captures', EDITCAP],
  ['\x01\x10\x4c\0', 'LANalyzer captures', EDITCAP],
  ['\x07\x10\x4c\0', 'LANalyzer captures', EDITCAP],
  ['\x42\xd2\0\x34\x12\x66\x22\x88', 'RADCOM captures', EDITCAP],
  ['\xaa\xaa\xaa\xaa', '5View captures', EDITCAP],
  ['ObserverPktBuffe', 'Network Instruments Observer captures', EDITCAP],
  ['\x7fver', 'OmniPeek captures', EDITCAP],
  ['cpse', 'Capsa captures', EDITCAP],
  ['\0\0\x02\0\x12\x05\0\x10', 'Tektronix K12 captures', EDITCAP],
  ['Session Transcript', 'Catapult DCT2000 traces', EDITCAP],
  ['V0208', 'Aethra captures', EDITCAP],
  ['EyeSDN', 'EyeSDN traces', EDITCAP],
  ['ETHERWATCH', 'DBS Etherwatch traces', EDITCAP],
  ['LOGG', 'a Vector BLF log', EDITCAP],
  ['NCFX', 'CommView captures', EDITCAP],
  ['HCPX', 'a hashcat file (hccapx)', 'name the capture that it was made from'],
  ['HCPT', 'a hashcat file (hccap)', 'name the capture that it was made from'],
  ['WPA*0', 'a hashcat file (22000)', 'name the capture that it was made from'],
  ['\xae\x78\xd1\xff', 'an aircrack-ng file (ivs)', 'name the capture that it was made from'],
  ['\x1c\0\x01\xac', 'the Ixia variant of pcap', EDITCAP],
  ['\xac\x01\0\x1c', 'the Ixia variant of pcap', EDITCAP],
  ['\x1c\0\x01\xab', 'the Ixia variant of pcap', EDITCAP],
  ['\xab\x01\0\x1c', 'the Ixia variant of pcap', EDITCAP],
  ['\xa1\x2b\x3c\x4d', 'the Navtel variant of pcap', EXPORT],
  ['\x4d\x3c\x2b\xa1', 'the Navtel variant of pcap', EXPORT],
  ['\xa1\xb2\x34\xcd', 'the Mesquita variant of pcap', EXPORT],
  ['\xcd\x34\xb2\xa1', 'the Mesquita variant of pcap', EXPORT],
  ['\xa1\xb2\xc3\xcb', 'a saved BPF filter', RECORD],
  ['\xcb\xc3\xb2\xa1', 'a saved BPF filter', RECORD],
  ['ElfFile\0', 'a Windows event log', RECORD],
  ['LPKSHHRH', 'a systemd journal', RECORD],
  ['\x7fELF', 'a program (ELF)', RECORD],
  ['MZ', 'a Windows program', RECORD],
  ['\xca\xfe\xba\xbe', 'a program (Mach-O or Java)', RECORD],
  ['\xcf\xfa\xed\xfe', 'a program (Mach-O)', RECORD],
  ['%PDF', 'a PDF document', RECORD],
  ['\x89PNG', 'a PNG image', RECORD],
  ['\xff\xd8\xff', 'a JPEG image', RECORD],
  ['GIF8', 'a GIF image', RECORD],
  ['PAR1', 'a Parquet table', RECORD],
  ['SQLite format 3\0', 'an SQLite database', RECORD],
  ['version https://git-lfs', 'a pointer of Git LFS', 'fetch the file itself: `git lfs pull`'],
];

/** Magic numbers that stand further in. ETL: the marker of the first event, after the 72 bytes of a buffer's header. */
const WITHIN: readonly (readonly [bytes: string, at: number, name: string, fix: string])[] = [
  ['ustar', 257, 'a tar archive', unpackFiles('tar -xf FILE')],
  ['\x02\0\x02\xc0', 0x48, 'Windows event traces (ETL)', 'convert it with `etl2pcapng IN OUT`'],
  ['\x02\0\x01\xc0', 0x48, 'Windows event traces (ETL)', 'convert it with `etl2pcapng IN OUT`'],
];

/** Formats without a magic number: only what fits in several places is believed. */
const HEURISTICS: readonly (readonly [
  looksLike: (head: Uint8Array) => boolean,
  name: string,
  fix: string,
])[] = [
  [isErf, 'Endace ERF captures', EDITCAP],
  [isPppdump, 'a pppd recording', EDITCAP],
  [isEtherPeek, 'EtherPeek captures', EDITCAP],
  [isCommView, 'CommView captures', EDITCAP],
];

const ERF_HEADER = 16;
const ERF_TYPE_MAX = 48;

/** Two records that begin within a day of each other, or one that fills the file. */
function isErf(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let seconds: number | undefined;
  let at = 0;
  for (let records = 0; records < 3; records++) {
    if (at + ERF_HEADER > head.length) return records > 0 && at === head.length;
    const now = view.getUint32(at + 4, true);
    const type = head[at + 8]! & 0x7f;
    const size = view.getUint16(at + 10);
    if (type === 0 || type > ERF_TYPE_MAX || size < ERF_HEADER) return false;
    if (now === 0 || Math.abs(now - (seconds ?? now)) > 86_400) return false;
    seconds = now;
    at += size;
  }
  return true;
}

/** pppd begins with the time (7, four bytes), and goes on with sent or received data, or with time steps. */
function isPppdump(head: Uint8Array): boolean {
  const next = head[5] ?? 0;
  return head[0] === 7 && head.length >= 8 && next >= 1 && next <= 6 && head[1]! >= 0x20;
}

/** Version 5, 6 or 7, a status without the upper bits, and zeros where the header keeps its reserve. */
function isEtherPeek(head: Uint8Array): boolean {
  const version = head[0] ?? 0;
  if (head.length < 112 || version < 5 || version > 7 || (head[1]! & 0x7f) !== 0) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return view.getUint32(10) > MAC_EPOCH && head.subarray(22, 34).every((byte) => byte === 0);
}

/** Seconds from 1904 to 1970. */
const MAC_EPOCH = 2_082_844_800;

/** Both lengths, version 0, and a date that exists. */
function isCommView(head: Uint8Array): boolean {
  if (head.length < 24) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [year, month, day] = [view.getUint16(6, true), head[8]!, head[9]!];
  return (
    view.getUint16(0, true) >= view.getUint16(2, true) &&
    head[4] === 0 &&
    year >= 1990 &&
    year < 2107 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    head[10]! < 24 &&
    head[11]! < 60 &&
    head[12]! < 60
  );
}

const TEXTS: readonly (readonly [pattern: RegExp, name: string, fix: string])[] = [
  [
    /^\s*(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d+ (IP6?|ARP|[0-9a-f:]{17})\b/,
    "tcpdump's text",
    RECORD,
  ],
  [
    /^\s*\d+ +\d+\.\d+ +\S+ +(→|->|\xe2\x86\x92) +\S/,
    "tshark's text",
    'write it with `tshark -w FILE`',
  ],
  [
    /^(0x)?[0-9a-f]{4,8}:? +([0-9a-f]{2,4} +){4}/i,
    'a hex dump',
    'convert it with `text2pcap IN OUT`',
  ],
  [/^(version account-id |\d+ (\d{12}|unknown) eni-)/, 'a VPC flow log', RECORD],
  [
    /^(\xef\xbb\xbf)?\s*<(!doctype html|html|head)\b/i,
    'a web page (HTML)',
    'download the capture itself',
  ],
  [/^(\xef\xbb\xbf)?\s*<(\?xml|pdml|psml)\b/i, 'XML', RECORD],
  [/^(\xef\xbb\xbf)?\s*[{[]\s*["{[\]}]/, 'JSON', RECORD],
];

function isText(head: Uint8Array): boolean {
  return head.length > 7 && head.every((byte) => byte >= 0x20 || (byte >= 9 && byte <= 13));
}
