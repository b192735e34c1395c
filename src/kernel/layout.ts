// What the host and the kernel must agree on: sizes and offsets in bytes, and small numbers with a meaning.
// Plain constants only, so that both compilers read this file. kernel/ checks its records against them.

// Directions, relative to the interface.
export const EGRESS: u32 = 0;
export const INGRESS: u32 = 1;

/** No rule, no interface, no group set. */
export const NONE: u32 = 0xffffffff;

// Verdict codes: the numbers of model/verdict.ts.
export const ALLOW_RULE: u8 = 1;
export const ALLOW_TRACKED: u8 = 2;
export const ALLOW_RELATED: u8 = 3;
export const ALLOW_UNTRACKED: u8 = 4;
export const ALLOW_INFERRED: u8 = 5;
export const DROP_NO_RULE: u8 = 16;
export const DROP_NO_STATE: u8 = 17;
export const DROP_NOT_OPENED: u8 = 18;
export const DROP_SOURCE_DEST_CHECK: u8 = 19;
export const DROP_UNSUPPORTED: u8 = 20;
export const DROP_ALLOWANCE_EXCEEDED: u8 = 21;
export const NOT_FILTERED_EXEMPT: u8 = 32;
export const NOT_FILTERED_NOT_APPLICABLE: u8 = 33;
export const NOT_FILTERED_LOCAL: u8 = 34;
export const NOT_FILTERED_NO_GROUPS: u8 = 35;
export const NOT_FILTERED_RECORDED_TWICE: u8 = 36;
export const NOT_JUDGED_NO_INTERFACE: u8 = 48;
export const NOT_JUDGED_STATE_FULL: u8 = 49;
export const NOT_JUDGED_CUT: u8 = 50;
export const NOT_JUDGED_MALFORMED: u8 = 51;
export const NOT_JUDGED_LINK_TYPE: u8 = 52;
export const NOT_JUDGED_ENCAPSULATION: u8 = 53;
/** A code's verdict is its number shifted right: 0 allow, 1 drop, 2 not filtered, 3 not judged. */
export const CODE_VERDICT_SHIFT = 4;
export const CODES = 64;

// Row: one decoded packet. IPv4 addresses stand in the low word as ::ffff:a.b.c.d; the family is a flag.
export const ROW_SIZE = 128;
export const ROW_TIME = 0;
export const ROW_CLOCK = 8;
export const ROW_SOURCE = 16;
export const ROW_DESTINATION = 32;
export const ROW_SOURCE_MAC = 48;
export const ROW_DESTINATION_MAC = 56;
export const ROW_LENGTH = 64;
export const ROW_SOURCE_PORT = 68;
export const ROW_DESTINATION_PORT = 70;
export const ROW_PROTOCOL = 72;
export const ROW_TCP_FLAGS = 73;
export const ROW_CONTENT = 74;
export const ROW_FLAGS = 75;
export const ROW_FRAGMENT_ID = 76;
export const ROW_SHARD_HASH = 80;
export const ROW_FRAGMENT_OFFSET = 84;
/** What the IP header says that the packet has; IP_LENGTH_MOST for that and for more. */
export const ROW_IP_LENGTH = 86;
export const ROW_QUOTE_SOURCE = 88;
export const ROW_QUOTE_DESTINATION = 104;
export const ROW_QUOTE_SOURCE_PORT = 120;
export const ROW_QUOTE_DESTINATION_PORT = 122;
export const ROW_QUOTE_PROTOCOL = 124;
export const ROW_KNOWN = 125;
export const ROW_CAPTURE = 126;

export const IP_LENGTH_MOST: u32 = 0xffff;

/** ROW_CONTENT of an IP packet; other values are the verdict code that the frame gets unjudged. */
export const CONTENT_IP: u8 = 0;

// ROW_FLAGS
export const FLAG_IPV6: u8 = 1;
export const FLAG_FIRST_FRAGMENT: u8 = 2;
export const FLAG_LATER_FRAGMENT: u8 = 4;
/** Ports, or ICMP type, code and id, were read. For ICMP the destination port is type * 256 + code, the source port the id. */
export const FLAG_TRANSPORT: u8 = 8;
/** An unfragmented ICMP error whose quoted packet names a flow. */
export const FLAG_QUOTE: u8 = 16;
export const FLAG_MAC: u8 = 32;
export const FLAG_MORE_FRAGMENTS: u8 = 64;
/** From inside a tunnel: nothing of the packet around it is left in the row but the length. */
export const FLAG_PEELED: u8 = 128;

/** Rows of a shard: how many, then their positions in the batch, 32 bits each. */
export const ORDER_HEADER = 4;

// ROW_KNOWN: what could be read, whatever the content. Judging asks the flags; this is for telling people.
export const KNOWN_ADDRESSES: u8 = 1; // and the fragment's facts
export const KNOWN_PROTOCOL: u8 = 2;
/** Also of SCTP, DCCP and UDP-Lite, which rules see without ports. */
export const KNOWN_PORTS: u8 = 4;
export const KNOWN_TCP_FLAGS: u8 = 8;
/** Also of ICMP in the other family. Type and code stand in the destination port. */
export const KNOWN_ICMP_TYPE: u8 = 16;
export const KNOWN_ICMP_CODE: u8 = 32;

// Verdict of one frame: its code, then up to two answers, each at one interface.
export const VERDICT_SIZE = 32;
export const VERDICT_CODE = 0;
export const VERDICT_ANSWERS = 1;
export const VERDICT_FLAGS = 2;
export const VERDICT_BEGINS = 3; // 1: it is counted as the packet that began a flow
export const VERDICT_FIRST = 4;
export const VERDICT_SECOND = 16;
export const VERDICT_PORT = 28; // of a first fragment: the port that its drop is counted under
export const ANSWER_INTERFACE = 0;
export const ANSWER_RULE = 4;
export const ANSWER_CODE = 8;
export const ANSWER_DIRECTION = 9;

// VERDICT_FLAGS of the first answer; those of the second stand one bit higher (CT-18).
/** A later fragment before its first one: the answer is not counted, for it may still change. */
export const FRAGMENT_WAITS: u8 = 1;
/** A first fragment: the answer covers the later ones, those before it too. */
export const FRAGMENT_COVERS: u8 = 4;

// Connection: what an interface remembers under one key, see connection.ts.
export const CONNECTION_SIZE = 64;
export const CONNECTION_LOCAL = 0;
export const CONNECTION_REMOTE = 16;
/** Local port above remote port; ICMP: id above pair and requester; fragments: their id. */
export const CONNECTION_PORTS = 32;
export const CONNECTION_SCOPE = 36; // interface, kind of key, protocol
export const CONNECTION_HASH = 40;
export const CONNECTION_RULE = 44;
export const CONNECTION_LAST_SEEN = 48; // i64
export const CONNECTION_REPLY_RULE = 56;
export const CONNECTION_STATE = 60;
export const CONNECTION_DIRECTION = 61;
export const CONNECTION_FLAGS = 62;
export const CONNECTION_TURNS = 63;

/** The interface, from 1, stands in CONNECTION_SCOPE above these bits, the protocol in the lowest eight. */
export const SCOPE_INTERFACE_SHIFT: u32 = 11;
export const SCOPE_KIND_SHIFT: u32 = 8;
export const SCOPE_IPV6: u32 = 1 << 8;

// CONNECTION_FLAGS
export const WAS_ESTABLISHED: u8 = 1;
/** UDP: the last packet went in the original direction. */
export const ASKED: u8 = 2;
/** Nothing but the security groups has a say about the flow's packets, either way: they need not be asked again. */
export const PLAIN: u8 = 4;
/** The flow goes through a Network Load Balancer (CT-23). */
export const VIA_LOAD_BALANCER: u8 = 8;
/** Rules have changed since its last packet (CT-9 to CT-11). */
export const RECHECK: u8 = 16;
/** Takes a place in its instance's allowance (CT-19) ... */
export const COUNTED: u8 = 32;
/** ... or two (CT-7). */
export const COUNTED_TWICE: u8 = 64;

/** Connections stand side by side in segments; where accounts are kept, theirs stand in the same order behind each segment. */
export const SEGMENT_SHIFT: u32 = 14;
export const SEGMENT_BYTES = 1048576;

// Account: when a connection began and what passed since, packets and bytes on the wire.
export const ACCOUNT_SIZE = 64;
export const ACCOUNT_CREATED = 0; // i64, packet time
export const ACCOUNT_FRAME = 8; // u64
export const ACCOUNT_ORIGINAL = 16; // two u64
export const ACCOUNT_REPLY = 32;

/** Trace of one row: a connection and its account for each answer, as they were before; all zero where there was none. */
export const TRACE_SIZE = 256;
export const TRACE_SECOND = 128;
export const TRACE_ACCOUNT = 64; // behind the connection

// Frame: one captured frame in memory, whichever file format it came in.
export const FRAME_SIZE = 40;
export const FRAME_TIME = 0; // i64, nanoseconds since 1970
export const FRAME_NUMBER = 8; // u64, position in the replay, from 1; frames that were left out have numbers too
export const FRAME_ORIGIN = 16; // u64, position in its own capture, from 1
export const FRAME_AT = 24; // address of its first byte
export const FRAME_CAPTURED = 28; // bytes in memory
export const FRAME_WIRE = 32; // bytes on the wire
export const FRAME_LINK_TYPE = 36; // u16
export const FRAME_CAPTURE = 38; // u16

/** Bit of FRAME_LINK_TYPE: the capture tells no time of this frame. */
export const LINK_UNTIMED: u32 = 0x8000;

// Batch: frames in memory, before they are decoded.
export const BATCH_SIZE = 64;
export const BATCH_TABLE = 0; // address of the frames
export const BATCH_FRAMES = 4;
export const BATCH_BYTES = 8; // of the capture, that walking has covered
export const BATCH_CLOCK = 16; // i64, latest time before this batch

// Walk: how one capture is read, and what stopped the last look at it.
export const WALK_SIZE = 64;
export const WALK_FORMAT = 0;
export const WALK_LINK_TYPE = 4; // of a classic capture
export const WALK_CAPTURE = 8; // position among the captures
export const WALK_INTERFACES = 12; // address of the section's interfaces, for pcapng
export const WALK_INTERFACE_COUNT = 16;
export const WALK_FAULT = 20;
export const WALK_SKIP = 24; // bytes of the next block, which is to be skipped unread
export const WALK_FRAMES = 32; // u64, found so far
export const WALK_LATEST = 40; // i64, time of the last frame that had one

// WALK_FORMAT
export const FORMAT_SWAPPED: u32 = 1;
export const FORMAT_NANOSECONDS: u32 = 2;
/** Record headers with eight bytes more (Kuznetzov's libpcap). */
export const FORMAT_MODIFIED: u32 = 4;
/** The captured length and that on the wire have changed places: always, or where the first is above the second. */
export const FORMAT_LENGTHS_SWAPPED: u32 = 8;
export const FORMAT_LENGTHS_DOUBTFUL: u32 = 16;
export const FORMAT_PCAPNG: u32 = 32;

/** Interface of a pcapng section. */
export const CARD_SIZE = 32;
export const CARD_LINK_TYPE = 0;
export const CARD_SNAP_LENGTH = 4;
export const CARD_CLOCK = 8;
export const CARD_FACTOR = 16; // u64
export const CARD_OFFSET = 24; // i64, nanoseconds

// CARD_CLOCK: a tick is `factor` nanoseconds, a `factor`th of one, or 2^-factor seconds.
export const CLOCK_SLOW: u32 = 0;
export const CLOCK_FAST: u32 = 1;
export const CLOCK_BINARY: u32 = 2;

// Why a walk ended.
export const NEXT_BYTES: u32 = 0; // more bytes, or more room, would take it further
export const NEXT_DAMAGED: u32 = 1; // nothing behind can be found; WALK_FAULT says why
export const NEXT_BLOCK: u32 = 2; // a section or interface of pcapng comes next
export const NEXT_SKIP: u32 = 3; // the next WALK_SKIP bytes hold no frame

// WALK_FAULT
export const FAULT_OVERLONG: u32 = 1;
export const FAULT_BLOCK_LENGTH: u32 = 2;
export const FAULT_BLOCK_ENDS: u32 = 3;
export const FAULT_INTERFACE: u32 = 4;
export const FAULT_SHORT_BLOCK: u32 = 5;

/** Largest captured length that is believed: libpcap's MAXIMUM_SNAPLEN. */
export const CAPTURED_MAX: u32 = 262144;
/** Largest block of pcapng that may hold a frame: options come on top of it. */
export const BLOCK_MAX: u32 = 524288;
export const RECORD_HEADER = 16;
export const RECORD_HEADER_MAX = 24;

// Admission: which of the frames are judged, and what is known of those.
export const ADMISSION_SIZE = 88;
export const ADMISSION_CAPTURES = 0; // address
export const ADMISSION_PROGRAMS = 4; // address, 0 without one
export const ADMISSION_PROGRAM_COUNT = 8;
export const ADMISSION_REFUSED = 12; // link type of a frame that its filter cannot be asked of, plus 1
export const ADMISSION_SEEN = 16; // u64
export const ADMISSION_ADMITTED = 24; // u64
export const ADMISSION_MOST = 32; // u64, how many are wanted
export const ADMISSION_FROM = 40; // i64, first time that is wanted
export const ADMISSION_TO = 48; // i64, first time that is not
export const ADMISSION_CLOCK = 56; // i64, latest time so far
export const ADMISSION_LINKS = 64; // address of LINK_TYPES tallies, packets and bytes
export const ADMISSION_LAST = 72; // u64, number of the last frame that is looked at
export const ADMISSION_UNTIL = 80; // i64, the first frame after this time is not looked at, nor what follows it

export const LINK_TYPES = 512;
export const LINK_TALLY_SIZE = 16;

/** A filter's program for one link type; 0 instructions: it cannot be asked of it. */
export const PROGRAM_SIZE = 16;
export const PROGRAM_LINK_TYPE = 0;
export const PROGRAM_AT = 4; // address
export const PROGRAM_INSTRUCTIONS = 8;

/** One of the captures: the interface it was taken at (from 1, 0: not told), its span, what was admitted of it. */
export const CAPTURE_SIZE = 80;
export const CAPTURE_INTERFACE = 0;
export const CAPTURE_FROM = 8; // i64
export const CAPTURE_TO = 16; // i64
export const CAPTURE_FRAMES = 24; // u64
export const CAPTURE_BYTES = 32; // u64, on the wire
export const CAPTURE_EARLIEST = 40; // i64
export const CAPTURE_LATEST = 48; // i64
export const CAPTURE_DISORDERED = 56; // u64
export const CAPTURE_OVERLONG = 64; // u64
export const CAPTURE_UNTIMED = 72; // u64

// Rule image: one flat buffer; every offset is from its start and 0 stands for nothing.
export const IMAGE_MAGIC = 0x69676773;
export const IMAGE_HEADER = 72;
export const IMAGE_INTERFACES = 4;
export const IMAGE_SETS = 8;
export const IMAGE_ADDRESS_SLOTS = 12;
export const IMAGE_ADDRESS_MASK = 16;
export const IMAGE_MAC_BUCKETS = 20;
export const IMAGE_MAC_SHIFT = 24;
export const IMAGE_DELEGATED4 = 28;
export const IMAGE_DELEGATED6 = 32;
export const IMAGE_INTERFACE_COUNT = 36;
export const IMAGE_RULE_COUNT = 40;
export const IMAGE_IPV4_BUCKETS = 44;
export const IMAGE_IPV4_SHIFT = 48;
export const IMAGE_PATHS4 = 52;
export const IMAGE_PATHS6 = 56;
/** Tries of all prefixes that rules name. */
export const IMAGE_PEERS4 = 60;
export const IMAGE_PEERS6 = 64;

export const INTERFACE_SIZE = 32;
export const INTERFACE_SET = 0;
export const INTERFACE_CHECK = 4; // 1: source/destination check is on
export const INTERFACE_SUBNETS = 8; // offset and count of subnet prefixes
export const INTERFACE_SUBNET_COUNT = 12;
export const INTERFACE_RESOLVER = 16; // IPv4 address of the VPC's DNS resolver, 0 when unknown
/** Of the instance that it is attached to; interfaces without one count alone. */
export const INTERFACE_INSTANCE = 20;
export const INTERFACE_IDLE = 24; // offset of its idle limits, which many share: for each state, i64 nanoseconds

// States of a connection record: each has its own idle limit.
export const FREE: u8 = 0;
export const SYN_SENT: u8 = 1;
export const SYN_RECEIVED: u8 = 2;
export const ESTABLISHED: u8 = 3;
export const FIN_WAIT: u8 = 4;
export const CLOSE_WAIT: u8 = 5;
export const LAST_ACK: u8 = 6;
export const TIME_WAIT: u8 = 7;
export const CLOSE: u8 = 8;
/** A SYN from both sides: simultaneous open. */
export const SYN_SENT2: u8 = 9;
export const LIVE_UDP: u8 = 10;
export const LIVE_UDP_STREAM: u8 = 11;
export const LIVE_ICMP: u8 = 12;
export const LIVE_OTHER: u8 = 13;
/** States up to here are live connections; the others only remember something. */
export const LAST_LIVE: u8 = 13;
export const UNTRACKED: u8 = 14;
/** A denied mid-stream flow: only so that it is counted once. */
export const NOTED: u8 = 15;
/** Verdict of a first fragment, by family. */
export const FRAGMENT4: u8 = 16;
export const FRAGMENT6: u8 = 17;
/** A denied opening, by the entry that it would have made. */
export const DENIED_TCP: u8 = 18;
export const DENIED_UDP: u8 = 19;
export const DENIED_ICMP: u8 = 20;
export const DENIED_OTHER: u8 = 21;
export const STATES = 22;

export const SUBNET_SIZE = 24;
export const SUBNET_FAMILY = 0;
export const SUBNET_LENGTH = 4;
export const SUBNET_FIRST = 8; // 128 bits, high word first

/** The interface number in a slot is counted from 1; 0 marks a free slot. */
export const ADDRESS_SLOT_SIZE = 24;
/** Bucket of interfaces by IPv4 address: four addresses, then their four numbers. */
export const ADDRESS_BUCKET_SIZE = 32;
export const ADDRESS_BUCKET_NUMBERS = 16;
/** The same by MAC address: four entries, each a key and a number; a whole cache line. */
export const BUCKET_SIZE = 64;
export const BUCKET_ENTRIES = 4;
export const BUCKET_ENTRY_SIZE = 16;

/**
 * Part of a rule list: its rules by peer, in a hash table. Before the slots, each a peer, the offset of its rules and the first of
 * them, stand four bits for each: most peers are asked for in vain, and the bits tell it from less memory. A free slot ends a search.
 */
export const PART_SIZE = 8;
export const PART_TABLE = 0; // 0 for a part without rules
export const PART_SHIFT = 4; // of the product of hashing that leaves the slot; two less leave the bit
export const PEER_SLOT_SIZE = 12;
export const PEER_RULES = 4;
export const PEER_FIRST = 8; // first rule of the list
export const PEER_HASH: u32 = 0x9e3779b1;

/** One direction and family of a group set: a part of its own, parts that it shares with other sets, rules for anybody. */
export const SIDE_SIZE = 20;
export const SIDE_PART = 0;
export const SIDE_SHARED = 8; // count, offsets of parts
export const SIDE_ANY_PEER = 12; // rules whose peer is literally everything
export const SIDE_OPEN = 16; // bits: an any-peer rule covers every port of
export const OPEN_TCP: u32 = 1;
export const OPEN_UDP: u32 = 2;
/** Group set: four sides, (direction * 2 + is IPv6). */
export const SET_SIZE = 80;

/** Trie node: which of 64 children exist, where leaf values change, first child, first leaf. */
export const NODE_SIZE = 24;
export const NODE_CHILDREN = 0;
export const NODE_LEAVES = 8;
export const NODE_FIRST_CHILD = 16;
export const NODE_FIRST_LEAF = 20;
export const STRIDE = 6;
/** Bit of a leaf value: the rest is the offset of a lone prefix, the only one below. */
export const LEAF_LONE: u32 = 0x80000000;
/** Lone prefix: its bits, as those of a key, its length, its value, and that of what is around it. */
export const LONE_SIZE = 32;
export const LONE_HI = 0;
export const LONE_LO = 8;
export const LONE_LENGTH = 16;
export const LONE_VALUE = 20;
export const LONE_OTHERWISE = 24;

/**
 * Cover: a prefix that rules name. Behind the header stand the numbers, from 1, of the peers that hold it, those of some of the
 * prefixes around it, and then there is a cover with the rest; or none.
 */
export const COVER_NEXT = 0;
export const COVER_COUNT = 4;
export const COVER_HEADER = 8;

/** Rules in document order, and where there are many, an index: offset of the intervals by protocol, else 0. */
export const RULES_COUNT = 0;
export const RULES_INDEX = 4;
export const RULES_HEADER = 8;

/** A rule's traffic: its protocol or any, its first and last port. */
export const ENTRY_SIZE = 12;
export const ENTRY_FROM = 0; // u16
export const ENTRY_PROTOCOL = 2; // u16
export const ENTRY_TO = 4;
export const ENTRY_RULE = 8;
export const ANY_PROTOCOL: u32 = 256;
/** The port of a packet whose ports are unknown, and the last one of a rule that matches any. */
export const PORT_UNKNOWN: u32 = 0x10000;

/** Index of a long rule list: port intervals of the protocols that it does not name, then (protocol, intervals) pairs. */
export const INDEX_OTHERS = 0;
export const INDEX_COUNT = 4;
export const INDEX_HEADER = 8;

/** Port intervals: count, starts of the intervals from 0 up, the first rule of each; NONE where none matches. */
export const INTERVALS_COUNT = 0;
export const INTERVALS_HEADER = 4;

// Counters, all u64: by phase and code, then by interface, direction and verdict, then by rule.
export const TALLY_SIZE = 24; // packets, bytes, flows
export const INTERFACE_TALLIES = 128; // two directions, four verdicts, packets and bytes

/** Drop group: dropped packets with one cause. */
export const GROUP_SIZE = 96;
export const GROUP_KEY = 0; // code, direction, interface, protocol, port; see drop-groups.ts
export const GROUP_PACKETS = 8;
export const GROUP_BYTES = 16;
export const GROUP_FLOWS = 24;
export const GROUP_FIRST = 32;
export const GROUP_LAST = 40;
export const GROUP_FRAME = 48;
export const GROUP_SOURCE = 56;
export const GROUP_DESTINATION = 72;
export const GROUP_SOURCE_PORT = 88;
export const GROUP_DESTINATION_PORT = 90;
export const GROUP_FLAGS = 92;
/** More groups than this are put together by wider port ranges. */
export const GROUPS_MAX: u32 = 65536;

/** Record segments that one instance can hold, and the size of its private memory: their addresses, then scratch. */
export const SEGMENTS_MAX: u32 = 4096;
export const PRIVATE_SIZE = 24576;

// Settings of one replay, the same for all instances.
export const SETTINGS_SIZE = 80;
export const SETTINGS_PHASES = 0; // address of the phases
export const SETTINGS_PHASE_COUNT = 4;
export const SETTINGS_MIDSTREAM = 8;
export const SETTINGS_REMEMBER_DENIED = 12;
export const SETTINGS_HISTORY = 16; // i64, nanoseconds
export const SETTINGS_SEED = 24; // u64
export const SETTINGS_RELATED = 32;
export const SETTINGS_EXEMPT = 36;
export const SETTINGS_AUTO_TRACKED = 40; // a bit for each kind of path
export const SETTINGS_MAX_TRACKED = 44; // 0: no limit
export const SETTINGS_CAPTURES = 48; // address of the captures, 0 unless some tell their interface
export const SETTINGS_CAPTURE_COUNT = 52;
export const SETTINGS_DECAP = 56; // bits: which tunnels are peeled
export const SETTINGS_VNIS = 60; // address of the network identifiers that name a capture, ascending
export const SETTINGS_VNI_COUNT = 64;
export const SETTINGS_CHECKSUMS = 68; // 1: wrong checksums are counted
export const SETTINGS_ACCOUNTS = 72; // i64, nanoseconds that what is over is kept to be told of; 0: no accounts

// SETTINGS_DECAP
export const DECAP_VXLAN: u32 = 1;
export const DECAP_GENEVE: u32 = 2;
export const DECAP_GRE: u32 = 4;
export const DECAP_IPIP: u32 = 8;
/** VXLAN and GENEVE that carry mirrored traffic. */
export const DECAP_AUTO: u32 = 16;

/** A VXLAN or GENEVE network and the capture that stands for its packets. */
export const VNI_SIZE = 8;
export const VNI_NUMBER = 0;
export const VNI_CAPTURE = 4;

/** Phase of a replay: from when on a rule image holds. The first one's time is not asked. */
export const PHASE_SIZE = 16;
export const PHASE_FROM = 0; // i64, nanoseconds
export const PHASE_IMAGE = 8;

/** What an instance's interfaces track together (CT-19). */
export const ALLOWANCE_SIZE = 16;

// Kinds of path, as the trie of paths holds them: from 1, in the order of PATH_KINDS.
/** CT-23. */
export const PATH_NETWORK_LOAD_BALANCER: u32 = 5;
/** CT-7: its connections take two entries each. */
export const PATH_DYNAMODB: u32 = 8;

// RelatedPolicy
export const RELATED_ALL: u32 = 0;
export const RELATED_PMTUD: u32 = 1;
export const RELATED_NONE: u32 = 2;

// ExemptPolicy
export const EXEMPT_ADDRESSES: u32 = 0;
export const EXEMPT_SERVICES: u32 = 1;

// MidstreamPolicy
export const MIDSTREAM_HISTORY: u32 = 0;
export const MIDSTREAM_STRICT: u32 = 1;
export const MIDSTREAM_PICKUP: u32 = 2;

/**
 * Filter program: instructions of the BSD packet filter's machine (McCanne and Jacobson, USENIX 1993) with an accumulator A,
 * an index register X and scratch words, but each 16 bytes, so that jumps reach anywhere. Jumps hold the number of an instruction
 * further on. The scratch words follow the instructions, so every kernel instance needs a copy of its own.
 */
export const FILTER_INSTRUCTION_SIZE = 16;
export const FILTER_CODE = 0;
export const FILTER_OPERAND = 4;
export const FILTER_IF_TRUE = 8;
export const FILTER_IF_FALSE = 12;
export const FILTER_SCRATCH_WORDS: u32 = 16;
export const FILTER_SCRATCH_SIZE = 64;

// FILTER_CODE. K is the operand; a load that the frame does not hold ends the program, and the frame is not taken.
export const FILTER_REJECT: u32 = 0;
export const FILTER_ACCEPT: u32 = 1;
export const FILTER_LOAD_WORD: u32 = 2; // A = bytes at K
export const FILTER_LOAD_HALF: u32 = 3;
export const FILTER_LOAD_BYTE: u32 = 4;
export const FILTER_LOAD_WORD_AT: u32 = 5; // A = bytes at X + K
export const FILTER_LOAD_HALF_AT: u32 = 6;
export const FILTER_LOAD_BYTE_AT: u32 = 7;
export const FILTER_LOAD_LENGTH: u32 = 8; // A = bytes on the wire
export const FILTER_LOAD_NUMBER: u32 = 9; // A = K
export const FILTER_LOAD_SCRATCH: u32 = 10; // A = scratch word K
export const FILTER_STORE_SCRATCH: u32 = 11;
export const FILTER_HEADER_LENGTH: u32 = 12; // X = four times the lower half of the byte at K
export const FILTER_TO_INDEX: u32 = 13; // X = A
export const FILTER_NEGATE: u32 = 14;
// A = A operation K, then A = A operation X.
export const FILTER_ADD: u32 = 16;
export const FILTER_SUBTRACT: u32 = 17;
export const FILTER_MULTIPLY: u32 = 18;
export const FILTER_DIVIDE: u32 = 19;
export const FILTER_REMAINDER: u32 = 20;
export const FILTER_AND: u32 = 21;
export const FILTER_OR: u32 = 22;
export const FILTER_XOR: u32 = 23;
export const FILTER_SHIFT_LEFT: u32 = 24;
export const FILTER_SHIFT_RIGHT: u32 = 25;
export const FILTER_ADD_INDEX: u32 = 26;
export const FILTER_SUBTRACT_INDEX: u32 = 27;
export const FILTER_MULTIPLY_INDEX: u32 = 28;
export const FILTER_DIVIDE_INDEX: u32 = 29;
export const FILTER_REMAINDER_INDEX: u32 = 30;
export const FILTER_AND_INDEX: u32 = 31;
export const FILTER_OR_INDEX: u32 = 32;
export const FILTER_XOR_INDEX: u32 = 33;
export const FILTER_SHIFT_LEFT_INDEX: u32 = 34;
export const FILTER_SHIFT_RIGHT_INDEX: u32 = 35;
// Jumps: A = K, A > K, A >= K, A and K have a bit in common; then the first three with X.
export const FILTER_IF_EQUAL: u32 = 36;
export const FILTER_IF_ABOVE: u32 = 37;
export const FILTER_IF_FROM: u32 = 38;
export const FILTER_IF_SET: u32 = 39;
export const FILTER_IF_EQUAL_INDEX: u32 = 40;
export const FILTER_IF_ABOVE_INDEX: u32 = 41;
export const FILTER_IF_FROM_INDEX: u32 = 42;
