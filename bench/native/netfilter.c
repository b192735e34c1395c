// Linux netfilter as a peer: packets of a capture go into a tun device, through the kernel's forwarding with nftables and
// conntrack, and out again; what comes out passed.
//
//   netfilter RULESET CAPTURE     RULESET for `nft -f`; prints {"packets":N,"passed":N}
//
// All happens in a network namespace of its own, which ends with the program; needs root, `ip` and `nft`. A write to a tun device
// takes its packet through the kernel before it returns, so that the time is this process's own.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
  fprintf(stderr, "error: %s: %s\n", what, strerror(errno));
  exit(2);
}

static void run(const char *program, char *const words[]) {
  int status;
  pid_t child = fork();
  if (child == 0) {
    execvp(program, words);
    _exit(127);
  }
  if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) fail(program);
}

static void set(const char *name, const char *value) {
  FILE *file = fopen(name, "w");
  if (!file || fputs(value, file) < 0 || fclose(file) != 0) fail(name);
}

static unsigned long drain(int tun) {
  static uint8_t packet[65536];
  unsigned long count = 0;
  while (read(tun, packet, sizeof packet) > 0) count++;
  return count;
}

int main(int count, char **words) {
  if (count != 3) fail("usage: netfilter RULESET CAPTURE");
  FILE *capture = fopen(words[2], "r");
  uint32_t header[6], record[4];
  if (!capture || fread(header, 24, 1, capture) != 1 || header[0] != 0xa1b2c3d4) fail(words[2]);
  setvbuf(capture, NULL, _IOFBF, 1 << 20);
  if (unshare(CLONE_NEWNET) != 0) fail("a network namespace");
  int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  struct ifreq device = {.ifr_name = "tun0", .ifr_flags = IFF_TUN | IFF_NO_PI};
  if (tun < 0 || ioctl(tun, TUNSETIFF, &device) < 0) fail("a tun device");
  set("/proc/sys/net/ipv4/ip_forward", "1");
  set("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
  set("/proc/sys/net/ipv4/conf/tun0/rp_filter", "0");
  set("/proc/sys/net/ipv4/conf/all/send_redirects", "0");
  set("/proc/sys/net/ipv4/conf/tun0/send_redirects", "0");
  run("ip", (char *[]){"ip", "link", "set", "tun0", "mtu", "9000", "up", NULL});
  run("ip", (char *[]){"ip", "route", "add", "default", "dev", "tun0", NULL});
  run("nft", (char *[]){"nft", "-f", words[1], NULL});
  // Frames that the capture cut have no checksum that could be right, and sequence numbers are nobody's business here.
  set("/proc/sys/net/netfilter/nf_conntrack_checksum", "0");
  set("/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal", "1");
  static uint8_t frame[262144];
  unsigned long packets = 0, passed = 0;
  while (fread(record, 16, 1, capture) == 1) {
    uint32_t captured = record[2], length;
    if (captured > sizeof frame || fread(frame, captured, 1, capture) != 1) fail(words[2]);
    packets++;
    if (captured < 34 || frame[12] != 8 || frame[13] != 0) continue;
    length = frame[16] << 8 | frame[17];
    if (14 + length > captured) memset(frame + captured, 0, 14 + length - captured);
    if (write(tun, frame + 14, length) != (ssize_t)length) fail("writing to the tun device");
    if (packets % 256 == 0) passed += drain(tun);
  }
  passed += drain(tun);
  printf("{\"packets\":%lu,\"passed\":%lu}\n", packets, passed);
  return 0;
}
