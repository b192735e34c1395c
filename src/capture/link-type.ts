/**
 * Link types by number, as tcpdump.org/linktypes.html lists them. Names are lower case; an "ipv4" here is a link type
 * whose frames begin with that header.
 */
const NAMES: Readonly<Record<number, string>> = {
  0: 'null',
  1: 'ethernet',
  2: 'experimental-ethernet',
  3: 'ax.25',
  4: 'pronet',
  5: 'chaosnet',
  6: 'token-ring',
  7: 'arcnet',
  8: 'slip',
  9: 'ppp',
  10: 'fddi',
  32: 'redback-smartedge',
  50: 'ppp-hdlc',
  51: 'pppoe',
  99: 'symantec-firewall',
  100: 'atm-rfc1483',
  101: 'raw',
  102: 'slip-bsdos',
  103: 'ppp-bsdos',
  104: 'cisco-hdlc',
  105: '802.11',
  106: 'atm-clip',
  107: 'frame-relay',
  108: 'loop',
  109: 'openbsd-enc',
  110: 'lane-802.3',
  111: 'hippi',
  112: 'netbsd-hdlc',
  113: 'linux-cooked',
  114: 'localtalk',
  115: 'econet',
  116: 'ipfilter',
  117: 'pflog',
  118: 'cisco-ios',
  119: '802.11-prism',
  120: '802.11-aironet',
  121: 'siemens-hihdlc',
  122: 'ip-over-fibre-channel',
  123: 'sunatm',
  124: 'rapidio',
  125: 'pci-express',
  126: 'aurora',
  127: '802.11-radiotap',
  128: 'tzsp',
  129: 'arcnet-linux',
  130: 'juniper-mlppp',
  131: 'juniper-mlfr',
  132: 'juniper-es',
  133: 'juniper-ggsn',
  134: 'juniper-mfr',
  135: 'juniper-atm2',
  136: 'juniper-services',
  137: 'juniper-atm1',
  138: 'ip-over-ieee1394',
  139: 'mtp2-with-phdr',
  140: 'mtp2',
  141: 'mtp3',
  142: 'sccp',
  143: 'docsis',
  144: 'linux-irda',
  163: '802.11-avs',
  164: 'juniper-monitor',
  165: 'bacnet-ms-tp',
  166: 'ppp-pppd',
  167: 'juniper-pppoe',
  168: 'juniper-pppoe-atm',
  169: 'gprs-llc',
  170: 'gpf-t',
  171: 'gpf-f',
  172: 'gcom-t1e1',
  173: 'gcom-serial',
  174: 'juniper-pic-peer',
  175: 'erf-eth',
  176: 'erf-pos',
  177: 'linux-lapd',
  178: 'juniper-ether',
  179: 'juniper-ppp',
  180: 'juniper-frame-relay',
  181: 'juniper-chdlc',
  182: 'mfr',
  183: 'juniper-vp',
  184: 'arinc-429',
  185: 'arinc-653-icm',
  186: 'usb-freebsd',
  187: 'bluetooth-hci-h4',
  188: '802.16-mac-cps',
  189: 'usb-linux',
  190: 'can20b',
  191: '802.15.4-linux',
  192: 'ppi',
  193: '802.16-mac-cps-radio',
  194: 'juniper-ism',
  195: '802.15.4-withfcs',
  196: 'sita',
  197: 'erf',
  198: 'raif1',
  199: 'ipmb-kontron',
  200: 'juniper-st',
  201: 'bluetooth-hci-h4-with-phdr',
  202: 'ax.25-kiss',
  203: 'lapd',
  204: 'ppp-with-dir',
  205: 'cisco-hdlc-with-dir',
  206: 'frame-relay-with-dir',
  207: 'lapb-with-dir',
  209: 'i2c-linux',
  210: 'flexray',
  211: 'most',
  212: 'lin',
  213: 'x2e-serial',
  214: 'x2e-xoraya',
  215: '802.15.4-nonask-phy',
  216: 'linux-evdev',
  217: 'gsmtap-um',
  218: 'gsmtap-abis',
  219: 'mpls',
  220: 'usb-linux-mmapped',
  221: 'dect',
  222: 'aos',
  223: 'wirelesshart',
  224: 'fc-2',
  225: 'fc-2-with-frame-delims',
  226: 'ipnet',
  227: 'can-socketcan',
  228: 'ipv4',
  229: 'ipv6',
  230: '802.15.4-nofcs',
  231: 'dbus',
  232: 'juniper-vs',
  233: 'juniper-srx-e2e',
  234: 'juniper-fibrechannel',
  235: 'dvb-ci',
  236: 'mux27010',
  237: 'stanag-5066-d-pdu',
  238: 'juniper-atm-cemic',
  239: 'nflog',
  240: 'netanalyzer',
  241: 'netanalyzer-transparent',
  242: 'ipoib',
  243: 'mpeg-2-ts',
  244: 'ng40',
  245: 'nfc-llcp',
  246: 'pfsync',
  247: 'infiniband',
  248: 'sctp',
  249: 'usbpcap',
  250: 'rtac-serial',
  251: 'bluetooth-le-ll',
  252: 'wireshark-upper-pdu',
  253: 'netlink',
  254: 'bluetooth-linux-monitor',
  255: 'bluetooth-bredr-bb',
  256: 'bluetooth-le-ll-with-phdr',
  257: 'profibus-dl',
  258: 'pktap',
  259: 'epon',
  260: 'ipmi-hpm-2',
  261: 'zwave-r1-r2',
  262: 'zwave-r3',
  263: 'wattstopper-dlm',
  264: 'iso-14443',
  265: 'rds',
  266: 'usb-darwin',
  267: 'openflow',
  268: 'sdlc',
  269: 'ti-lln-sniffer',
  270: 'loratap',
  271: 'vsock',
  272: 'nordic-ble',
  273: 'docsis31-xra31',
  274: 'ethernet-mpacket',
  275: 'displayport-aux',
  276: 'linux-cooked-v2',
  277: 'sercos-monitor',
  278: 'openvizsla',
  279: 'ebhscr',
  280: 'vpp-dispatch',
  281: 'dsa-tag-brcm',
  282: 'dsa-tag-brcm-prepend',
  283: '802.15.4-tap',
  284: 'dsa-tag-dsa',
  285: 'dsa-tag-edsa',
  286: 'elee',
  287: 'zwave-serial',
  288: 'usb-2.0',
  289: 'atsc-alp',
  290: 'etw',
  291: 'netanalyzer-ng',
  292: 'zboss-ncp',
  293: 'usb-2.0-low-speed',
  294: 'usb-2.0-full-speed',
  295: 'usb-2.0-high-speed',
  296: 'auerswald-log',
  297: 'zwave-tap',
  298: 'silabs-debug-channel',
  299: 'fira-uci',
  300: 'mdb',
  301: 'dect-nr',
};

/** Numbers 147 to 162 are for private use. */
const USER_FIRST = 147;
const USER_LAST = 162;

export function linkTypeName(linkType: number): string {
  if (linkType >= USER_FIRST && linkType <= USER_LAST) return `user${linkType - USER_FIRST}`;
  if (linkType === LINK_TYPE_MAX) return `link type ${LINK_TYPE_MAX} or above`;
  return NAMES[linkType] ?? `link type ${linkType}`;
}

/**
 * Numbers that some systems wrote before there were common ones, with what they meant there: BSD/OS 11, the raw IP of most
 * systems (12) and of OpenBSD (14), OpenBSD 13, and the classical IP over ATM of early Linux kernels.
 */
const OF_ONE_SYSTEM: Readonly<Record<number, number>> = {
  11: 100,
  12: 101,
  13: 109,
  14: 101,
  16: 106,
  18: 106,
  19: 106,
};

/** The registered number for one that a file holds. */
export function registeredLinkType(written: number): number {
  return OF_ONE_SYSTEM[written] ?? Math.min(written, LINK_TYPE_MAX);
}

/** Fields have 16 bits, but some 300 numbers are given out: those from here on are told as one. */
const LINK_TYPE_MAX = 0x7fff;

/**
 * Bytes of a record that the capturing system put before the frame, and that are no part of it: direction, circuit and
 * the like. Those that Wireshark takes off (wiretap/pcap-common.c).
 */
export function pseudoHeaderSize(linkType: number): number {
  return PSEUDO_HEADERS[linkType] ?? 0;
}

const PSEUDO_HEADERS: Readonly<Record<number, number>> = {
  123: 4, // SunATM
  139: 4, // MTP2
  144: 16, // Linux IrDA
  177: 16, // Linux LAPD
  196: 5, // SITA
  201: 4, // Bluetooth H4
  204: 1, // PPP
  209: 5, // Linux I2C
  245: 2, // NFC LLCP
  254: 4, // Bluetooth Linux monitor
};
