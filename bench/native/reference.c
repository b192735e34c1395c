// The native reference: what an expert would write in C to do what `sgsim replay` does with IPv4 in Ethernet frames. The
// benchmark measures sgsim against it, and both must count the same to the packet.
//
//   reference RULES CAPTURE [--groups]   judge; print what was counted as JSON (with every group of dropped packets)
//   reference --count CAPTURE            read and sum up five-tuples only: the floor
//
// One pass from the read buffer to the verdict, 32 packets at a time: while their headers are read, the lines of the
// connection table that they will need are fetched, so that the waits for memory overlap. A connection is 32 bytes in an
// open-addressing table of huge pages; the rules are asked for the first packet of a flow only; nothing is allocated for a
// packet. Rule numbers CT-x are those of README.md and the tests: what is not said here is said there.
//
// Judged are TCP, UDP and ICMP echo, unfragmented and whole enough to read; everything else counts as `notHandled` and
// touches nothing. RULES is what native-policy.ts writes: one VPC that does not change.

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;
typedef unsigned __int128 u128;

#define INLINE static inline __attribute__((always_inline))
#define SELDOM static __attribute__((noinline, cold))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

static void fail(const char *what) {
  fprintf(stderr, "error: %s\n", what);
  exit(2);
}

/**
 * Zeroed memory in huge pages where the system has them: most of a random access's price is finding the page. What is not
 * touched costs nothing.
 */
static void *take(size_t bytes) {
  const size_t huge = 2 << 20;
  bytes = (bytes + huge - 1) & ~(huge - 1);
  const int kind = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  char *raw = mmap(NULL, bytes + huge, PROT_READ | PROT_WRITE, kind, -1, 0);
  if (raw == MAP_FAILED) fail("no memory");
  char *at = (char *)(((uintptr_t)raw + huge - 1) & ~(uintptr_t)(huge - 1));
  if (at != raw) munmap(raw, at - raw);
  munmap(at + bytes, raw + huge - at);
  madvise(at, bytes, MADV_HUGEPAGE);
  return at;
}

static void give_back(void *at, size_t bytes) {
  const size_t huge = 2 << 20;
  munmap(at, (bytes + huge - 1) & ~(huge - 1));
}

INLINE u16 be16(const u8 *at) {
  u16 value;
  memcpy(&value, at, 2);
  return __builtin_bswap16(value);
}
INLINE u32 be32(const u8 *at) {
  u32 value;
  memcpy(&value, at, 4);
  return __builtin_bswap32(value);
}
INLINE u32 le32(const u8 *at) {
  u32 value;
  memcpy(&value, at, 4);
  return value;
}

enum { ICMP = 1, TCP = 6, UDP = 17 };
enum { EGRESS, INGRESS };
enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

/** Numbers of src/model/verdict.ts. Shifted right by four: 0 allow, 1 drop, 2 not filtered, 3 not judged. */
enum {
  ALLOW_RULE = 1,
  ALLOW_TRACKED = 2,
  ALLOW_UNTRACKED = 4,
  ALLOW_INFERRED = 5,
  DROP_NO_RULE = 16,
  DROP_NO_STATE = 17,
  DROP_NOT_OPENED = 18,
  DROP_SOURCE_DEST_CHECK = 19,
  DROP_UNSUPPORTED = 20,
  NOT_FILTERED_EXEMPT = 32,
  NOT_FILTERED_LOCAL = 34,
  NOT_FILTERED_NO_GROUPS = 35,
  NOT_JUDGED_NO_INTERFACE = 48,
  CODES = 64,
};

// --- Interfaces, numbered from 1: 0 is none -------------------------------------------------------------------------

struct interface {
  int set; // -1: no groups
  u32 resolver;
  u32 first_subnet;
  u16 subnets;
  u8 profile;
  u8 check;
};
struct subnet {
  u32 first, last;
};
struct address_slot {
  u32 address, number;
};
struct mac_slot {
  u64 mac;
  u32 number;
};

static struct interface *interfaces;
static u32 interface_count, set_count, rule_count;
static struct subnet *subnets;
static u32 subnet_count;
static struct address_slot *addresses;
static struct mac_slot *macs;
static u32 address_shift, mac_shift;
static u64 address_mask, mac_mask;
static bool macs_are_known;

INLINE u64 spread(u64 key) { return key * 0x9e3779b97f4a7c15ull; }

/** One condition ends the search, found or not: whose address it is is a coin toss, which no branch could guess. */
INLINE u32 holder_of(u32 address) {
  u64 at = spread(address) >> address_shift;
  while ((addresses[at].number != 0) & (addresses[at].address != address)) at = (at + 1) & address_mask;
  return addresses[at].number;
}

static u32 owner_of_mac(const u8 *bytes) {
  u64 mac = (u64)be32(bytes) << 16 | be16(bytes + 4);
  u64 at = spread(mac) >> mac_shift;
  while ((macs[at].number != 0) & (macs[at].mac != mac)) at = (at + 1) & mac_mask;
  return macs[at].number;
}

// --- Rules: longest prefix -> class; class, group set, direction and protocol -> port intervals -----------------------

#define NO_RULE 0xffff
enum { PROTOCOLS = 3 };

struct rule {
  u32 index, set, direction, network, length, from, to;
  int protocol; // -1: all
  bool any;     // its peer is literally 0.0.0.0/0
};
/** From this port on, this is the first rule in document order. */
struct cut {
  u16 from, rule;
};
struct list {
  u32 first, count;
};

static struct rule *rules;
static u32 rule_lines;
/** 16 bits, then 8, then 8: a class, or with the highest bit set a block of 256 further entries. */
static u32 *trie16, *trie8, blocks, blocks_max;
static struct cut *cuts;
static u32 cut_count, cuts_max;
/** [class][set][direction][protocol], and the same without class for rules whose peer is everybody. */
static struct list *lists, *any_lists;
/** [set][direction]: bit 0 TCP, bit 1 UDP: one rule lets everybody reach all ports (CT-4 b). */
static u8 *open_sides;

INLINE u32 column_of(u8 protocol) { return protocol == TCP ? 0 : protocol == UDP ? 1 : 2; }

INLINE u32 class_of(u32 address) {
  u32 at = trie16[address >> 16];
  if (at >> 31) {
    at = trie8[(at & 0x7fffffff) * 256 + (address >> 8 & 255)];
    if (at >> 31) at = trie8[(at & 0x7fffffff) * 256 + (address & 255)];
  }
  return at;
}

INLINE u32 rule_in(struct list list, u32 port) {
  const struct cut *at = cuts + list.first;
  for (u32 count = list.count; count > 1;) {
    u32 half = count / 2;
    at += at[half].from <= port ? half : 0;
    count -= half;
  }
  return at->rule;
}

/** First rule for a remote address, protocol and destination port (SG-1, SG-2). */
static u32 first_rule(u32 set, u32 direction, u32 remote, u8 protocol, u32 port) {
  u32 side = set * 2 + direction;
  return rule_in(lists[((u64)class_of(remote) * set_count * 2 + side) * PROTOCOLS + column_of(protocol)], port);
}

static u32 mask_of(u32 length) { return length == 0 ? 0 : 0xffffffffu << (32 - length); }

static u32 new_block(u32 fill) {
  if (blocks == blocks_max) trie8 = realloc(trie8, (size_t)(blocks_max = blocks_max * 2 + 64) * 1024);
  for (u32 i = 0; i < 256; i++) trie8[blocks * 256 + i] = fill;
  return 0x80000000u | blocks++;
}

/** Shorter prefixes come first, so that longer ones overwrite them. */
static void write_prefix(u32 network, u32 length, u32 class) {
  u32 high = network >> 16, middle = network >> 8 & 255, low = network & 255;
  if (length <= 16) {
    for (u32 i = 0; i < 1u << (16 - length); i++) trie16[high + i] = class;
    return;
  }
  if (!(trie16[high] >> 31)) trie16[high] = new_block(trie16[high]);
  u32 at = (trie16[high] & 0x7fffffff) * 256 + middle;
  if (length <= 24) {
    for (u32 i = 0; i < 1u << (24 - length); i++) trie8[at + i] = class;
    return;
  }
  if (!(trie8[at] >> 31)) {
    u32 block = new_block(trie8[at]);
    trie8[at] = block;
  }
  at = (trie8[at] & 0x7fffffff) * 256 + low;
  for (u32 i = 0; i < 1u << (32 - length); i++) trie8[at + i] = class;
}

static bool concerns(const struct rule *rule, u32 column) {
  static const int protocol[PROTOCOLS] = {TCP, UDP, ICMP};
  return rule->protocol == -1 || rule->protocol == protocol[column];
}

/** Cuts the ports where some rule begins or ends. */
static struct list write_list(const struct rule **some, u32 count) {
  struct list list = {cut_count, 0};
  u32 last = 0x10000;
  for (u32 port = 0; port < 0x10000;) {
    u32 first = NO_RULE, next = 0x10000;
    for (u32 i = 0; i < count; i++) {
      const struct rule *rule = some[i];
      if (rule->from <= port && port <= rule->to && rule->index < first) first = rule->index;
      if (rule->from > port && rule->from < next) next = rule->from;
      if (rule->to >= port && rule->to + 1 < next) next = rule->to + 1;
    }
    if (first != last) {
      if (cut_count == cuts_max) cuts = realloc(cuts, (size_t)(cuts_max = cuts_max * 2 + 1024) * sizeof *cuts);
      cuts[cut_count++] = (struct cut){port, first};
      list.count++;
      last = first;
    }
    port = next;
  }
  return list;
}

static int by_length(const void *one, const void *other) {
  const struct rule *a = one, *b = other;
  if (a->length != b->length) return a->length < b->length ? -1 : 1;
  return a->network < b->network ? -1 : a->network > b->network;
}

/** Lists of one class: where no rule names its very prefix, those of the next shorter one hold. */
static void compile_class(u32 class, u32 parent, u32 network, u32 length, const struct rule **some) {
  u32 sides = set_count * 2 * PROTOCOLS;
  for (u32 side = 0; side < sides; side++) {
    u32 count = 0;
    bool own = class == 0;
    for (u32 i = 0; i < rule_lines; i++) {
      const struct rule *rule = rules + i;
      if (rule->length > length || (network & mask_of(rule->length)) != rule->network) continue;
      if (rule->set * 2 + rule->direction != side / PROTOCOLS || !concerns(rule, side % PROTOCOLS)) continue;
      some[count++] = rule;
      own |= rule->length == length;
    }
    lists[(size_t)class * sides + side] = own ? write_list(some, count) : lists[(size_t)parent * sides + side];
  }
}

static void compile_rules(void) {
  u32 sides = set_count * 2 * PROTOCOLS;
  qsort(rules, rule_lines, sizeof *rules, by_length);
  u32 *network = calloc(rule_lines + 1, 4), *length = calloc(rule_lines + 1, 4), classes = 1;
  for (u32 i = 0; i < rule_lines; i++) {
    if (rules[i].network == network[classes - 1] && rules[i].length == length[classes - 1]) continue;
    network[classes] = rules[i].network;
    length[classes++] = rules[i].length;
  }
  trie16 = take(65536 * 4);
  const struct rule **some = malloc((rule_lines + 1) * sizeof *some);
  lists = calloc((size_t)classes * sides, sizeof *lists);
  for (u32 class = 0; class < classes; class++) {
    u32 parent = class_of(network[class]);
    write_prefix(network[class], length[class], class);
    compile_class(class, parent, network[class], length[class], some);
  }
  any_lists = calloc(sides, sizeof *any_lists);
  open_sides = calloc(set_count * 2, 1);
  for (u32 side = 0; side < sides; side++) {
    u32 count = 0;
    for (u32 i = 0; i < rule_lines; i++) {
      const struct rule *rule = rules + i;
      if (!rule->any || rule->set * 2 + rule->direction != side / PROTOCOLS) continue;
      if (!concerns(rule, side % PROTOCOLS)) continue;
      some[count++] = rule;
      if (rule->from == 0 && rule->to == 0xffff && side % PROTOCOLS < 2)
        open_sides[side / PROTOCOLS] |= 1 << side % PROTOCOLS;
    }
    any_lists[side] = write_list(some, count);
  }
  free(some);
  free(network);
  free(length);
}

// --- States of a table entry ------------------------------------------------------------------------------------------

enum {
  SYN_SENT = 1,
  SYN_RECEIVED,
  ESTABLISHED,
  FIN_WAIT,
  CLOSE_WAIT,
  LAST_ACK,
  TIME_WAIT,
  CLOSE,
  SYN_SENT2,
  // UDP by the turns seen and whether the last packet went in the original direction (CT-12): the second turn makes a stream.
  UDP_0,
  UDP_0_ASKED,
  UDP_1,
  UDP_1_ASKED,
  STREAM,
  STREAM_ASKED,
  PING,
  LAST_LIVE = PING,
  UNTRACKED, // CT-6: only to count the flow once and to spare its packets the search
  NOTED,     // dropped mid-stream: only to count the flow once
  DENIED_TCP,
  DENIED_UDP,
  DENIED_PING,
  STATES,
};

/** [state][reply?][TCP flags, 0 for others] -> next state. */
static u8 next_state[LAST_LIVE + 1][2][32];

/** Interfaces with the same idle limits share a profile: [profile][state], nanoseconds. */
static i64 (*limits)[32];
static const i64 SECOND = 1000000000;
static const i64 HISTORY = 86400 * (i64)1000000000;

enum event { ON_RST, ON_SYN, ON_SYN_ACK, ON_FIN, ON_ACK, ON_NOTHING };

static enum event event_of(u32 flags) {
  if (flags & RST) return ON_RST;
  if (flags & SYN) return flags & ACK ? ON_SYN_ACK : ON_SYN;
  if (flags & FIN) return ON_FIN;
  return flags & ACK ? ON_ACK : ON_NOTHING;
}

static void on(u32 state, u32 reply, enum event event, u8 next) {
  for (u32 flags = 0; flags < 32; flags++)
    if (event_of(flags) == event) next_state[state][reply][flags] = next;
}
static void on_either(u32 state, enum event event, u8 next) {
  on(state, 0, event, next);
  on(state, 1, event, next);
}

/** CT-13: the transitions of Linux's nf_conntrack_proto_tcp; where Linux ignores a segment, the state stays. */
static void fill_states(void) {
  for (u32 state = 0; state <= LAST_LIVE; state++) memset(next_state[state], state, 64);
  for (u32 state = SYN_SENT; state <= SYN_SENT2; state++) on_either(state, ON_RST, CLOSE);
  on(SYN_SENT, 1, ON_SYN, SYN_SENT2);
  on(SYN_SENT, 1, ON_SYN_ACK, SYN_RECEIVED);
  on_either(SYN_SENT2, ON_SYN_ACK, SYN_RECEIVED);
  on(SYN_RECEIVED, 0, ON_ACK, ESTABLISHED);
  on_either(SYN_RECEIVED, ON_FIN, FIN_WAIT);
  on_either(ESTABLISHED, ON_FIN, FIN_WAIT);
  on_either(FIN_WAIT, ON_ACK, CLOSE_WAIT);
  on_either(FIN_WAIT, ON_FIN, LAST_ACK);
  on_either(CLOSE_WAIT, ON_FIN, LAST_ACK);
  on_either(LAST_ACK, ON_ACK, TIME_WAIT);
  for (u32 state = UDP_0; state <= STREAM_ASKED; state += 2) {
    u8 answered = state == STREAM ? STREAM : state + 2;
    memset(next_state[state][0], state + 1, 32);
    memset(next_state[state + 1][0], state + 1, 32);
    memset(next_state[state + 1][1], answered, 32);
  }
}

static u8 profile_of(i64 established, i64 udp, i64 stream) {
  static u32 count;
  i64 *mine = limits[count];
  const i64 fixed[] = {0, 120, 60, established, 120, 60, 30, 120, 10, 120};
  for (u32 state = 0; state <= SYN_SENT2; state++) mine[state] = fixed[state] * SECOND;
  for (u32 state = UDP_0; state <= UDP_1_ASKED; state++) mine[state] = udp * SECOND;
  mine[STREAM] = mine[STREAM_ASKED] = stream * SECOND;
  mine[PING] = mine[DENIED_PING] = 30 * SECOND;
  mine[UNTRACKED] = mine[NOTED] = 60 * SECOND;
  mine[DENIED_TCP] = 120 * SECOND;
  mine[DENIED_UDP] = udp * SECOND;
  for (u32 i = 0; i < count; i++)
    if (memcmp(limits[i], mine, sizeof limits[i]) == 0) return i;
  if (count == 255) fail("more than 255 sets of idle limits");
  return count++;
}

// --- The connection table -----------------------------------------------------------------------------------------------

/** What an interface remembers of a flow. Two to a cache line. */
struct entry {
  u64 ends; // local address above the remote one
  u64 rest; // local port, remote port, interface, protocol; 0: the slot is free
  i64 last_seen;
  u16 rule;       // that opened it; untracked: for egress
  u16 reply_rule; // untracked: for ingress
  u8 state, direction, flags, padding;
};
/** Nothing but the security groups has a say about the flow's packets: the other questions need not be asked again. */
enum { PLAIN = 1, WAS_ESTABLISHED = 2 };

/**
 * Open addressing, at most half full. It stands in an address range that is reserved once, so that growing moves no page, and
 * does not wrap: what finds no room before the end stands in the slots behind it, which is why a search needs no mask.
 */
static struct entry *table;
static u64 table_mask, used, cursor, seed1, seed2;
static const u64 TABLE_MOST = 1ull << 28, BEHIND = 4096;

/** Secret seeds, so that nobody can make keys that collide; one multiplication of 64 by 64 bits, folded. */
INLINE u32 hash_of(u64 ends, u64 rest) {
  u128 product = (u128)(ends ^ seed1) * (rest ^ seed2);
  return (u64)product ^ (u64)(product >> 64);
}

INLINE struct entry *find(u32 hash, u64 ends, u64 rest) {
  for (struct entry *entry = table + (hash & table_mask);; entry++) {
    if (likely(entry->ends == ends && entry->rest == rest)) return entry;
    if (entry->rest == 0) return NULL;
  }
}

INLINE u32 interface_in(u64 rest) { return rest >> 8 & 0xffffff; }

INLINE i64 limit_of(const struct entry *entry) { return limits[interfaces[interface_in(entry->rest)].profile][entry->state]; }

INLINE bool is_expired(const struct entry *entry, i64 now) { return now - entry->last_seen >= limit_of(entry); }

/** CT-14 a: an expired connection that once was established still tells so. */
INLINE bool is_remembered(const struct entry *entry, i64 now) {
  return entry->flags & WAS_ESTABLISHED && now - entry->last_seen - limit_of(entry) < HISTORY;
}

static struct entry *free_slot(u32 hash) {
  struct entry *entry = table + (hash & table_mask);
  while (entry->rest != 0) entry++;
  if (entry >= table + table_mask + BEHIND) fail("the connection table is full");
  return entry;
}

/**
 * Doubles the table where it stands. From the first slot on, each entry's new place is free by then: it is its own, one before
 * it, or in the new half, where only what is behind the old end could be in the way.
 */
SELDOM void grow_table(void) {
  u64 size = table_mask + 1, moved = 0;
  if (size == TABLE_MOST) fail("the connection table is full");
  static struct entry behind[4096];
  for (u64 i = size; table[i].rest != 0; i++) {
    behind[moved++] = table[i];
    table[i].rest = 0;
  }
  table_mask = size * 2 - 1;
  for (u64 i = 0; i < size; i++) {
    struct entry entry = table[i];
    if (entry.rest == 0) continue;
    table[i].rest = 0;
    *free_slot(hash_of(entry.ends, entry.rest)) = entry;
  }
  for (u64 i = 0; i < moved; i++) *free_slot(hash_of(behind[i].ends, behind[i].rest)) = behind[i];
}

/** Frees a slot and moves later entries back over the gap (Knuth 6.4, algorithm R). */
static void remove_entry(u64 gap) {
  for (u64 at = gap + 1; table[at].rest != 0; at++) {
    u64 home = hash_of(table[at].ends, table[at].rest) & table_mask;
    if (home > gap) continue;
    table[gap] = table[at];
    gap = at;
  }
  table[gap].rest = 0;
  used--;
}

/** Looks at the next few slots and takes back what nothing depends on any more: memory follows what is live. */
static void sweep(i64 now) {
  for (u32 i = 0; i < 8; i++) {
    struct entry *entry = table + cursor;
    if (entry->rest != 0 && is_expired(entry, now) && !is_remembered(entry, now)) remove_entry(cursor);
    else cursor = cursor < table_mask + BEHIND ? cursor + 1 : 0;
  }
}

static struct entry *make_entry(u32 hash, u64 ends, u64 rest) {
  if (++used * 2 > table_mask) grow_table();
  struct entry *entry = free_slot(hash);
  entry->ends = ends;
  entry->rest = rest;
  return entry;
}

// --- Counters -----------------------------------------------------------------------------------------------------------

struct tally {
  u64 packets, bytes, flows;
};
struct pair {
  u64 packets, bytes;
};
/** Dropped packets with one cause. The key is the cause: code, no port?, direction, interface, protocol, port. */
struct group {
  u64 key, packets, bytes;
  u32 flows;
  u16 source_port, destination_port;
  i64 first, last;
  u64 frame; // of the first packet, whose addresses and ports these are
  u32 source, destination;
};

static struct tally by_code[CODES], *by_rule;
static struct pair (*by_interface)[2][4];
static u64 not_handled, frames;

static struct group *groups;
static u32 group_mask, group_count, group_shift;
enum { GROUPS_MAX = 65536 };

INLINE u32 group_slot(u64 key) {
  u32 at = (spread(key) >> 32) & group_mask;
  while (groups[at].key != key && groups[at].key != 0) at = (at + 1) & group_mask;
  return at;
}

INLINE u64 widened(u64 key) { return (key & ~0xffffull) | (key & 0xffff) >> group_shift << group_shift; }

SELDOM void rebuild_groups(u32 size) {
  struct group *old = groups;
  u32 old_size = group_mask + 1;
  groups = take((size_t)size * sizeof *groups);
  group_mask = size - 1;
  group_count = 0;
  for (u32 i = 0; i < old_size; i++) {
    struct group from = old[i];
    if (from.key == 0) continue;
    from.key = widened(from.key);
    struct group *to = groups + group_slot(from.key);
    if (to->key == 0) {
      *to = from;
      group_count++;
      continue;
    }
    struct group other = *to;
    if (from.frame < other.frame) *to = from;
    to->packets = from.packets + other.packets;
    to->bytes = from.bytes + other.bytes;
    to->flows = from.flows + other.flows;
    to->first = from.first < other.first ? from.first : other.first;
    to->last = from.last > other.last ? from.last : other.last;
  }
  give_back(old, old_size * sizeof *old);
}

// --- Packets and visits ---------------------------------------------------------------------------------------------------

struct packet {
  u64 ends, rest; // key at the interface that it visits first
  i64 time, clock;
  u64 frame;
  u32 hash, source, destination, length;
  u32 sender, receiver; // interfaces
  u16 source_port, destination_port; // ICMP: id; type above code
  u8 protocol, flags;
  bool sender_holds, receiver_holds; // the address is one of the interface's
};

/** A packet at an interface: what every question is asked about, and the answer's parts. */
struct visit {
  const struct packet *packet;
  struct entry *entry;
  u64 ends, rest;
  u32 hash, number, direction, set;
  u32 rule, port;
  bool begins, plain;
};

/** Drops of a batch are added to their groups together, so that the waits for memory overlap here too. */
enum { BATCH = 32 };
static struct drop {
  u64 key;
  const struct packet *packet;
  bool begins;
} drops[BATCH];
static u32 drop_count;

static void count_drop(u32 code, const struct visit *visit, bool begins) {
  const struct packet *p = visit->packet;
  u64 key = (u64)code << 56 | (u64)visit->direction << 52 | (u64)visit->number << 24 | (u64)p->protocol << 16 | visit->port;
  __builtin_prefetch(groups + ((spread(widened(key)) >> 32) & group_mask), 1);
  drops[drop_count++] = (struct drop){key, p, begins};
}

static void flush_drops(void) {
  for (u32 i = 0; i < drop_count; i++) {
    const struct packet *p = drops[i].packet;
    struct group *group = groups + group_slot(widened(drops[i].key));
    if (group->key == 0) {
      *group = (struct group){widened(drops[i].key), 0, 0, 0, p->source_port, p->destination_port,
                              p->time, p->time, p->frame, p->source, p->destination};
      group_count++;
    }
    group->packets++;
    group->bytes += p->length;
    group->flows += drops[i].begins;
    if (p->time < group->first) group->first = p->time;
    if (p->time > group->last) group->last = p->time;
    if (unlikely(group_count > GROUPS_MAX && group_shift < 16)) {
      group_shift += 8;
      rebuild_groups(group_mask + 1);
    } else if (unlikely(group_count * 2 > group_mask)) {
      rebuild_groups((group_mask + 1) * 2);
    }
  }
  drop_count = 0;
}

INLINE void count_frame(u32 code, u32 length, bool begins) {
  by_code[code].packets++;
  by_code[code].bytes += length;
  by_code[code].flows += begins;
}

INLINE void count_answer(u32 number, u32 direction, u32 code, u32 rule, u32 length, bool begins) {
  struct pair *seen = &by_interface[number][direction][code >> 4];
  seen->packets++;
  seen->bytes += length;
  if (rule == NO_RULE) return;
  by_rule[rule].packets++;
  by_rule[rule].bytes += length;
  by_rule[rule].flows += begins;
}

// --- What security groups do not see (NF-1, NF-4) -----------------------------------------------------------------------

INLINE bool is_link_local(u32 address) { return address >> 16 == 0xa9fe; }
INLINE bool is_multicast(u32 address) { return address >> 28 == 14 || address == 0xffffffff; }

INLINE bool is_dhcp(const struct packet *p) {
  return p->protocol == UDP && (u16)(p->source_port - 67) <= 1 && (u16)(p->destination_port - 67) <= 1;
}

static bool is_subnet_broadcast(const struct interface *eni, u32 address) {
  for (u32 i = 0; i < eni->subnets; i++)
    if (subnets[eni->first_subnet + i].last == address) return true;
  return false;
}

/** The service addresses, DHCP, the VPC's resolver, a subnet's first four addresses. */
static bool is_exempt(const struct interface *eni, const struct packet *p, u32 remote) {
  if (is_link_local(remote) || is_dhcp(p) || (eni->resolver != 0 && eni->resolver == remote)) return true;
  for (u32 i = 0; i < eni->subnets; i++) {
    const struct subnet *subnet = subnets + eni->first_subnet + i;
    if (remote - subnet->first < 4 && remote <= subnet->last) return true;
  }
  return false;
}

// --- Judging ------------------------------------------------------------------------------------------------------------

INLINE bool is_bare_syn(u8 flags) { return (flags & (SYN | ACK | RST | FIN)) == SYN; }

INLINE u32 remote_of(const struct visit *visit) { return (u32)visit->ends; }

static u32 rule_for(const struct visit *visit) {
  const struct packet *p = visit->packet;
  return first_rule(visit->set, visit->direction, remote_of(visit), p->protocol, p->destination_port);
}

/** First rule for the packet with its ends swapped, in the opposite direction. */
static u32 rule_for_swapped(const struct visit *visit) {
  const struct packet *p = visit->packet;
  return first_rule(visit->set, visit->direction ^ 1, remote_of(visit), p->protocol, p->source_port);
}

/** CT-2, CT-12, CT-13. */
INLINE void refresh(struct entry *entry, const struct packet *p, u32 direction) {
  u8 next = next_state[entry->state][entry->direction != direction][p->flags & 31];
  entry->last_seen = p->clock;
  entry->state = next;
  entry->flags |= next == ESTABLISHED ? WAS_ESTABLISHED : 0;
}

/** The entry under the visit's key, begun anew. Begins a flow. */
static struct entry *begin_entry(struct visit *visit, u8 state, u32 direction, u32 rule) {
  i64 now = visit->packet->clock;
  struct entry *entry = visit->entry;
  if (entry == NULL) {
    sweep(now);
    entry = make_entry(visit->hash, visit->ends, visit->rest);
  }
  entry->last_seen = now;
  entry->rule = rule;
  entry->reply_rule = NO_RULE;
  entry->state = state;
  entry->direction = direction;
  entry->flags = visit->plain ? PLAIN : 0;
  visit->begins = true;
  return entry;
}

/** CT-25. The opener's side is judged afresh, but TCP that goes on only when a rule allows it. */
static bool follows_denied(struct visit *visit, const struct entry *entry, bool opens) {
  const struct packet *p = visit->packet;
  if (opens) return false;
  if (entry->direction == visit->direction) return p->protocol == TCP && rule_for(visit) == NO_RULE;
  if (p->protocol != ICMP) visit->port = p->source_port;
  return true;
}

static void remember_denial(struct visit *visit) {
  struct entry *entry = visit->entry;
  const struct packet *p = visit->packet;
  bool known = entry != NULL && entry->state >= DENIED_TCP && !is_expired(entry, p->clock);
  if (known && entry->direction == visit->direction) entry->last_seen = p->clock;
  else begin_entry(visit, p->protocol == TCP ? DENIED_TCP : p->protocol == UDP ? DENIED_UDP : DENIED_PING, visit->direction, NO_RULE);
}

static bool starts_untracked(const struct visit *visit, u32 direction, u32 port) {
  u32 column = column_of(visit->packet->protocol), side = visit->set * 2 + direction;
  return open_sides[side ^ 1] >> column & 1 && rule_in(any_lists[side * PROTOCOLS + column], port) != NO_RULE;
}

/** CT-4, CT-6: the packet as initiator or, unless it opens, the swapped packet as initiator. */
static bool is_untracked(const struct visit *visit, bool opens) {
  const struct packet *p = visit->packet;
  return starts_untracked(visit, visit->direction, p->destination_port) ||
         (!opens && starts_untracked(visit, visit->direction ^ 1, p->source_port));
}

static u32 begin_untracked(struct visit *visit) {
  u32 rule = rule_for(visit);
  if (rule == NO_RULE) return DROP_NO_RULE;
  struct entry *entry = begin_entry(visit, UNTRACKED, visit->direction, visit->direction == EGRESS ? rule : NO_RULE);
  if (visit->direction == INGRESS) entry->reply_rule = rule;
  visit->rule = rule;
  return ALLOW_UNTRACKED;
}

/** CT-6: every packet needs a rule in its own direction. */
static u32 pass_untracked(struct visit *visit, struct entry *entry) {
  u16 *known = visit->direction == EGRESS ? &entry->rule : &entry->reply_rule;
  entry->last_seen = visit->packet->clock;
  if (*known == NO_RULE) *known = rule_for(visit);
  if (*known == NO_RULE) return DROP_NO_RULE;
  visit->rule = *known;
  return ALLOW_UNTRACKED;
}

/** CT-14: TCP that no live connection knows and that opens none, with the memory of a day. */
static u32 judge_midstream(struct visit *visit) {
  const struct packet *p = visit->packet;
  struct entry *entry = visit->entry;
  if (entry != NULL && entry->state <= LAST_LIVE && is_remembered(entry, p->clock)) {
    if (entry->direction != visit->direction) visit->port = p->source_port;
    return DROP_NO_STATE;
  }
  u32 opener = visit->direction, rule = rule_for(visit);
  if (rule == NO_RULE) {
    opener ^= 1;
    rule = rule_for_swapped(visit);
  }
  if (rule == NO_RULE) {
    bool known = entry != NULL && entry->state == NOTED && !is_expired(entry, p->clock);
    if (known) entry->last_seen = p->clock;
    else begin_entry(visit, NOTED, visit->direction, NO_RULE);
    return DROP_NO_RULE;
  }
  u8 state = next_state[ESTABLISHED][opener != visit->direction][p->flags & 31];
  begin_entry(visit, state, opener, rule)->flags |= WAS_ESTABLISHED;
  visit->rule = rule;
  return ALLOW_INFERRED;
}

static u32 judge_opening(struct visit *visit) {
  const struct packet *p = visit->packet;
  u32 rule = rule_for(visit);
  bool opens = p->protocol != ICMP || p->destination_port >> 8 == 8; // CT-15: of ICMP, only a query
  if (rule == NO_RULE) {
    if (opens) remember_denial(visit);
    return DROP_NO_RULE;
  }
  if (opens) begin_entry(visit, p->protocol == TCP ? SYN_SENT : p->protocol == UDP ? UDP_0_ASKED : PING, visit->direction, rule);
  visit->rule = rule;
  return ALLOW_RULE;
}

/** By the security groups of the interface; `visit->entry` has been looked up. The order of the questions is the semantics. */
static u32 judge_flow(struct visit *visit) {
  const struct packet *p = visit->packet;
  struct entry *entry = visit->entry;
  bool tcp = p->protocol == TCP, opens = tcp && is_bare_syn(p->flags), noted = false;
  if (entry != NULL && !is_expired(entry, p->clock)) {
    if (entry->state <= LAST_LIVE) {
      if (!(opens && (entry->state == TIME_WAIT || entry->state == CLOSE))) {
        refresh(entry, p, visit->direction);
        visit->rule = entry->rule;
        return ALLOW_TRACKED;
      }
    } else if (entry->state >= DENIED_TCP) {
      if (follows_denied(visit, entry, opens)) return DROP_NOT_OPENED;
      if (tcp && !opens) entry->state = NOTED; // judged afresh, whatever comes of it: the denial is over
    } else if (entry->state == UNTRACKED) {
      if (!opens) return pass_untracked(visit, entry);
      noted = true;
    }
  }
  if (p->protocol != ICMP) {
    if (is_untracked(visit, opens)) return noted ? pass_untracked(visit, entry) : begin_untracked(visit);
    if (tcp && !opens) return judge_midstream(visit);
  }
  return judge_opening(visit);
}

static u32 judge_at(struct visit *visit, bool holds) {
  const struct packet *p = visit->packet;
  const struct interface *eni = interfaces + visit->number;
  bool ingress = visit->direction == INGRESS;
  bool broadcast = is_multicast(p->destination) || is_subnet_broadcast(eni, p->destination);
  if (eni->check && !holds) {
    u32 local = ingress ? p->destination : p->source;
    if (local != 0 && !is_link_local(local) && !(ingress && broadcast)) return DROP_SOURCE_DEST_CHECK;
  }
  if (is_exempt(eni, p, remote_of(visit))) return NOT_FILTERED_EXEMPT;
  if (broadcast) return DROP_UNSUPPORTED;
  if (eni->set < 0) return NOT_FILTERED_NO_GROUPS;
  // The packet itself is none to everybody, and its answers are none unless it comes from such an address.
  visit->plain = !is_multicast(p->source) && !is_subnet_broadcast(eni, p->source);
  return judge_flow(visit);
}

INLINE u64 rest_of(const struct packet *p, u32 number, u32 direction) {
  u32 ports;
  if (likely(p->protocol != ICMP)) {
    ports = (u32)p->source_port << 16 | p->destination_port;
    ports = ports << (direction << 4) | ports >> (-(direction << 4) & 31);
  } else {
    // A ping outwards and a ping inwards with one id are two flows.
    ports = (u32)p->source_port << 16 | 2 | ((p->destination_port >> 8 == 8) == (direction == EGRESS));
  }
  return (u64)ports << 32 | number << 8 | p->protocol;
}

INLINE u64 ends_of(const struct packet *p, u32 direction) {
  u64 ends = (u64)p->source << 32 | p->destination;
  u32 turn = direction << 5;
  return ends << turn | ends >> (-turn & 63);
}

static void arrive(struct visit *visit, const struct packet *p, u32 number, u32 direction) {
  visit->packet = p;
  visit->number = number;
  visit->direction = direction;
  visit->set = interfaces[number].set;
  visit->rule = NO_RULE;
  visit->port = p->destination_port;
  visit->begins = visit->plain = false;
}

INLINE bool is_allowed(u32 code) { return code >> 4 == 0; }
INLINE bool is_dropped(u32 code) { return code >> 4 == 1; }

static void conclude(u32 code, const struct visit *visit, bool begins) {
  if (is_dropped(code)) count_drop(code, visit, begins);
  count_frame(code, visit->packet->length, begins);
}

/** Egress at the sender comes first; what it drops never reaches the receiver (CT-20). */
static void judge_both(const struct packet *p, struct visit *first) {
  u32 code = judge_at(first, first->direction == EGRESS ? p->sender_holds : p->receiver_holds);
  count_answer(first->number, first->direction, code, first->rule, p->length, first->begins);
  if (is_dropped(code) || p->sender == 0 || p->receiver == 0) return conclude(code, first, first->begins);
  struct visit second;
  arrive(&second, p, p->receiver, INGRESS);
  second.ends = ends_of(p, INGRESS);
  second.rest = rest_of(p, p->receiver, INGRESS);
  second.hash = hash_of(second.ends, second.rest);
  second.entry = find(second.hash, second.ends, second.rest);
  u32 answer = judge_at(&second, p->receiver_holds);
  count_answer(second.number, INGRESS, answer, second.rule, p->length, second.begins);
  // The last interface that allowed it speaks for the packet; one that does not filter says nothing.
  bool silent = answer >> 4 == 2 && is_allowed(code);
  conclude(silent ? code : answer, &second, first->begins);
}

INLINE void judge(const struct packet *p) {
  u32 number = p->sender | (p->receiver & -(p->sender == 0)), direction = p->sender == 0;
  struct entry *entry = find(p->hash, p->ends, p->rest);
  bool one = p->sender == 0 || p->receiver == 0;
  if (likely(one && entry != NULL && entry->flags & PLAIN)) {
    if (likely(entry->state <= LAST_LIVE && !is_bare_syn(p->flags) && !is_expired(entry, p->clock))) {
      refresh(entry, p, direction);
      count_answer(number, direction, ALLOW_TRACKED, entry->rule, p->length, false);
      return count_frame(ALLOW_TRACKED, p->length, false);
    }
  }
  struct visit visit;
  arrive(&visit, p, number, direction);
  visit.entry = entry;
  visit.ends = p->ends;
  visit.rest = p->rest;
  visit.hash = p->hash;
  if (!(one && entry != NULL && entry->flags & PLAIN)) return judge_both(p, &visit);
  visit.plain = true;
  u32 code = judge_flow(&visit);
  count_answer(number, direction, code, visit.rule, p->length, visit.begins);
  conclude(code, &visit, visit.begins);
}

// --- Reading ------------------------------------------------------------------------------------------------------------

static struct packet batch[BATCH];
static u32 waiting;
static i64 earliest = INT64_MAX, latest = INT64_MIN, tick_ns = 1000;
static u64 sum, bytes, disordered;

static void judge_batch(void) {
  for (u32 i = 0; i < waiting; i++) judge(batch + i);
  flush_drops();
  waiting = 0;
}

/** Five-tuple and flags of an IPv4 packet in an Ethernet frame; false when it is of no kind that is judged here. */
INLINE bool decode(struct packet *p, const u8 *frame, u32 captured, u32 wire) {
  if (unlikely(captured < 14 + 20 + 4 || be16(frame + 12) != 0x0800)) return false;
  const u8 *ip = frame + 14, *end = frame + captured;
  u32 header = (ip[0] & 15) * 4, total = be16(ip + 2);
  if (unlikely(ip[0] >> 4 != 4 || header < 20 || (be16(ip + 6) & 0x3fff) != 0)) return false;
  const u8 *at = ip + header, *ip_end = total == 0 ? frame + (wire > captured ? wire : captured) : ip + total;
  if (ip_end < end) end = ip_end;
  p->protocol = ip[9];
  p->source = be32(ip + 12);
  p->destination = be32(ip + 16);
  if (likely(p->protocol == TCP)) {
    if (at + 14 > end) return false;
    p->flags = at[13];
  } else {
    if (p->protocol != UDP && p->protocol != ICMP) return false;
    if (at + (p->protocol == UDP ? 4 : 6) > end) return false;
    p->flags = 0;
    if (p->protocol == ICMP) {
      if (at[0] != 8 && at[0] != 0) return false;
      p->source_port = be16(at + 4);
      p->destination_port = be16(at);
      return true;
    }
  }
  p->source_port = be16(at);
  p->destination_port = be16(at + 2);
  return true;
}

/** Finds the interfaces and fetches the line of the connection table. The MAC address tells more than the IP address. */
INLINE void route(struct packet *p, const u8 *frame) {
  u32 sender = holder_of(p->source), receiver = holder_of(p->destination);
  p->sender_holds = p->receiver_holds = true;
  if (unlikely(macs_are_known)) {
    u32 from = owner_of_mac(frame + 6), to = owner_of_mac(frame);
    p->sender_holds = from == 0 || from == sender;
    p->receiver_holds = to == 0 || to == receiver;
    sender = from ? from : sender;
    receiver = to ? to : receiver;
  }
  if (unlikely(sender == receiver)) {
    bool exempt = is_dhcp(p) || (!is_multicast(p->destination) && (is_link_local(p->source) || is_link_local(p->destination)));
    count_frame(sender != 0 ? NOT_FILTERED_LOCAL : exempt ? NOT_FILTERED_EXEMPT : NOT_JUDGED_NO_INTERFACE, p->length, false);
    return;
  }
  u32 direction = sender == 0;
  p->sender = sender;
  p->receiver = receiver;
  p->ends = ends_of(p, direction);
  p->rest = rest_of(p, sender | (receiver & -direction), direction);
  p->hash = hash_of(p->ends, p->rest);
  __builtin_prefetch(table + (p->hash & table_mask), 1);
  if (++waiting == BATCH) judge_batch();
}

/** Takes whole records from a buffer; returns how many bytes. */
INLINE size_t walk(const u8 *from, size_t size, bool counting) {
  size_t at = 0;
  while (at + 16 <= size) {
    const u8 *record = from + at, *frame = record + 16;
    u32 captured = le32(record + 8), wire = le32(record + 12);
    if (captured > 262144) fail("a record claims more bytes than any capture holds");
    if (at + 16 + captured > size) break;
    at += 16 + captured;
    frames++;
    struct packet *p = batch + waiting;
    if (unlikely(!decode(p, frame, captured, wire))) {
      not_handled++;
      continue;
    }
    if (counting) {
      sum += (u64)p->source + p->destination + p->source_port + p->destination_port + p->protocol;
      continue;
    }
    p->time = le32(record) * SECOND + le32(record + 4) * tick_ns;
    disordered += p->time < latest;
    latest = p->time > latest ? p->time : latest;
    earliest = p->time < earliest ? p->time : earliest;
    bytes += wire;
    p->clock = latest;
    p->frame = frames;
    p->length = wire;
    route(p, frame);
  }
  return at;
}

static void read_capture(const char *name, bool counting) {
  const size_t piece = 4 << 20, most = 262144 + 16;
  u8 *buffer = take(piece + most), header[24];
  int file = open(name, O_RDONLY);
  if (file < 0 || read(file, header, 24) != 24) fail("cannot read the capture");
  u32 magic = le32(header);
  if (magic != 0xa1b2c3d4 && magic != 0xa1b23c4d) fail("not a little-endian pcap file");
  if ((le32(header + 20) & 0xffff) != 1) fail("not a capture of Ethernet");
  tick_ns = magic == 0xa1b2c3d4 ? 1000 : 1;
  size_t held = 0;
  for (;;) {
    ssize_t got = read(file, buffer + held, piece);
    if (got < 0) fail("cannot read the capture");
    if (got == 0) break;
    held += got;
    size_t taken = counting ? walk(buffer, held, true) : walk(buffer, held, false);
    memmove(buffer, buffer + taken, held -= taken);
  }
  if (held != 0) fail("the capture ends inside a record");
  judge_batch();
  close(file);
}

static u32 bits_for(u32 entries) {
  u32 bits = 4;
  while (1u << bits < entries * 4) bits++;
  return bits;
}

/** See native-policy.ts for the lines. */
static void read_rules(const char *name) {
  FILE *file = fopen(name, "r");
  u32 address_count, mac_count, subnets_max;
  if (!file || fscanf(file, "sizes %u %u %u %u %u %u %u\n", &interface_count, &set_count, &rule_count, &rule_lines,
                      &address_count, &mac_count, &subnets_max) != 7)
    fail("cannot read the rules");
  if (rule_count >= NO_RULE || interface_count >= 1 << 24) fail("more rules or interfaces than the reference holds");
  interfaces = calloc(interface_count + 1, sizeof *interfaces);
  limits = calloc(256, sizeof *limits);
  rules = calloc(rule_lines + 1, sizeof *rules);
  subnets = calloc(subnets_max + 1, sizeof *subnets);
  address_shift = 64 - bits_for(address_count);
  mac_shift = 64 - bits_for(mac_count);
  address_mask = (1ull << (64 - address_shift)) - 1;
  mac_mask = (1ull << (64 - mac_shift)) - 1;
  addresses = calloc(address_mask + 1, sizeof *addresses);
  macs = calloc(mac_mask + 1, sizeof *macs);
  macs_are_known = mac_count != 0;
  u32 line = 0, number = 0;
  char kind[16];
  while (fscanf(file, "%15s", kind) == 1) {
    bool whole = false;
    if (strcmp(kind, "interface") == 0 && number < interface_count) {
      struct interface *eni = interfaces + ++number;
      u32 check;
      i64 established, udp, stream;
      whole = fscanf(file, "%d %u %u %ld %ld %ld", &eni->set, &check, &eni->resolver, &established, &udp, &stream) == 6;
      eni->check = check;
      eni->profile = profile_of(established, udp, stream);
      eni->first_subnet = subnet_count;
    } else if (strcmp(kind, "subnet") == 0 && subnet_count < subnets_max) {
      struct subnet *subnet = subnets + subnet_count++;
      whole = fscanf(file, "%u %u", &subnet->first, &subnet->last) == 2;
      interfaces[number].subnets++;
    } else if (strcmp(kind, "address") == 0) {
      u32 address;
      whole = fscanf(file, "%u", &address) == 1;
      u64 at = spread(address) >> address_shift;
      while (addresses[at].number != 0) at = (at + 1) & address_mask;
      addresses[at] = (struct address_slot){address, number};
    } else if (strcmp(kind, "mac") == 0) {
      u64 mac;
      whole = fscanf(file, "%lx", &mac) == 1;
      u64 at = spread(mac) >> mac_shift;
      while (macs[at].number != 0) at = (at + 1) & mac_mask;
      macs[at] = (struct mac_slot){mac, number};
    } else if (strcmp(kind, "rule") == 0 && line < rule_lines) {
      struct rule *rule = rules + line++;
      u32 any;
      whole = fscanf(file, "%u %u %u %d %u %u %u %u %u", &rule->index, &rule->set, &rule->direction, &rule->protocol,
                     &rule->from, &rule->to, &rule->network, &rule->length, &any) == 9;
      rule->any = any;
    }
    if (!whole) fail("the rules hold a line that is not known");
  }
  fclose(file);
  compile_rules();
}

// --- Telling ------------------------------------------------------------------------------------------------------------

static void print_counts(bool with_groups) {
  const char *comma = "";
  printf("{\"packets\":%lu,\"notHandled\":%lu,", frames, not_handled);
  printf("\"capture\":[\"%lu\",\"%ld\",\"%ld\",\"%lu\"],\"byCode\":[", bytes, earliest, latest, disordered);
  for (u32 code = 0; code < CODES; code++) {
    struct tally *tally = by_code + code;
    if (tally->packets == 0) continue;
    printf("%s[%u,%lu,%lu,%lu]", comma, code, tally->packets, tally->bytes, tally->flows);
    comma = ",";
  }
  printf("],\"byInterface\":[");
  comma = "";
  for (u32 number = 1; number <= interface_count; number++) {
    for (u32 at = 0; at < 8; at++) {
      struct pair *seen = &by_interface[number][at >> 2][at & 3];
      if (seen->packets == 0) continue;
      printf("%s[%u,%u,%u,%lu,%lu]", comma, number - 1, at >> 2, at & 3, seen->packets, seen->bytes);
      comma = ",";
    }
  }
  printf("],\"byRule\":[");
  comma = "";
  for (u32 rule = 0; rule < rule_count; rule++) {
    struct tally *tally = by_rule + rule;
    if (tally->packets == 0) continue;
    printf("%s[%u,%lu,%lu,%lu]", comma, rule, tally->packets, tally->bytes, tally->flows);
    comma = ",";
  }
  printf("],\"dropGroups\":%u", group_count);
  if (with_groups) {
    printf(",\"portBits\":%u,\"groups\":[", group_shift);
    comma = "";
    for (u32 i = 0; i <= group_mask; i++) {
      struct group *group = groups + i;
      u64 key = group->key;
      if (key == 0) continue;
      printf("%s[%lu,%lu,%lu,%lu,%lu,%lu,%lu,%u,%lu]", comma, key >> 56, (key >> 24 & 0xfffff) - 1, key >> 52 & 1,
             key >> 16 & 255, key & 0xffff, group->packets, group->bytes, group->flows, group->frame);
      comma = ",";
    }
    printf("]");
  }
  printf("}\n");
}

int main(int count, char **words) {
  if (count == 3 && strcmp(words[1], "--count") == 0) {
    read_capture(words[2], true);
    printf("{\"packets\":%lu,\"notHandled\":%lu,\"sum\":%lu}\n", frames, not_handled, sum);
    return 0;
  }
  bool with_groups = count == 4 && strcmp(words[3], "--groups") == 0;
  if (count != 3 && !with_groups) fail("usage: reference RULES CAPTURE [--groups] | reference --count CAPTURE");
  read_rules(words[1]);
  fill_states();
  if (getrandom(&seed1, 8, 0) != 8 || getrandom(&seed2, 8, 0) != 8) fail("no random numbers");
  table_mask = (1 << 16) - 1;
  table = take((TABLE_MOST + BEHIND) * sizeof *table);
  group_mask = (1 << 12) - 1;
  groups = take((group_mask + 1) * sizeof *groups);
  by_rule = calloc(rule_count + 1, sizeof *by_rule);
  by_interface = calloc(interface_count + 1, sizeof *by_interface);
  read_capture(words[2], false);
  print_counts(with_groups);
  return 0;
}
