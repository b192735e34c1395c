/** Expressions whose counts are compared with tcpdump's; each is asked of every capture. */
export const EXPRESSIONS = `
ip
ip6
arp
rarp
tcp
udp
icmp
icmp6
sctp
igmp
esp
ah
pim
vrrp
carp
igrp
not ip
not (ip or ip6)
stp
ipx
netbeui
atalk
aarp
decnet
host 10.0.0.1
host 192.168.1.1
src host 10.0.0.1
dst 10.0.0.1
src or dst host 192.168.170.8
src and dst net 10
host 10.1
net 10
net 10.0.0.0/8
net 192.168
net 192.168.0.0/16 or 172.16.0.0/12
net 192.168.0.0 mask 255.255.0.0
net 0.0.0.0/0
net 0.0.0.0/1
src net 192.168.0.0/16 and not dst net 192.168.0.0/16
arp host 192.168.1.1
ip host 127.0.0.1
host fe80::1
net fe80::/10
src net 2001::/16
dst net ff00::/8
ip6 net 2000::/3
ip6 host ::1
port 53
port domain
port 80
tcp port 80
udp port 53
tcp port http
udp port ntp
sctp port 2905
src port 53
dst port 80
src and dst port 53
tcp src port 80
portrange 1-1023
udp portrange 1024-65535
portrange 8000-9000
dst portrange 50000-1024
port 80 or 443 or 53
port (80 or 443 or 53)
tcp dst port ftp or ftp-data or domain
not port 80 and not port 53
tcp or udp port 53
port 2049 or 111
proto 6
proto 17 or 1
proto \\udp
proto gre
ip proto 1
ip proto \\tcp
ip proto gre
ip proto 47
ip6 proto 58
ip6 proto 44
ip6 proto ipv6-icmp
proto 41
proto ospf
ether proto 0x800
ether proto \\ip
ether proto \\arp
ether proto 0x8847
ether proto 0x88cc
ether proto 0x42
ether proto 6
ether host ff:ff:ff:ff:ff:ff
ether src 00:00:00:00:00:00
ether dst 33-33-00-00-00-01
ether host 0800.2001.d4b6
ether broadcast
broadcast
multicast
ether multicast
ip multicast
ip6 multicast
less 64
less 60
greater 1000
greater 1501
len > 100
len <= 74
len != 60
len - 14 > 100
vlan
vlan 32
vlan 100
vlan and tcp
vlan and vlan
vlan and vlan 200 and ip
vlan and vlan and pppoes
vlan and host 10.20.30.40
not vlan
vlan or ip
ip or vlan
vlan and ip or vlan and ip6
mpls
mpls 16
mpls and ip
mpls and mpls
mpls and mpls and tcp
mpls and host 10.1.2.1
mpls and icmp[icmptype] = icmp-echo
pppoed
pppoes
pppoes and ip
pppoes and ip6
pppoes 1
pppoes and tcp port 80
ip[0] & 0xf != 5
ip[6:2] & 0x1fff = 0
ip[6:2] & 0x3fff != 0
ip[8] < 64
ip[2:2] > 576
ip[9] = 6 or ip[9] = 17
ip[16] >= 224
ip[12:4] = 0x0a000001
ip[ip[0] & 0xf] > 3
ip[-1] = 2
ip[0] % 4 = 1
ip[8] / 16 = 4
ip[8] * 2 > 200
ip[4:2] ^ 0x5555 > 0x8000
ip[8] << 2 > 255
ip[8] >> 3 = 8
ip[2:2] - ((ip[0] & 0xf) << 2) > 100
10 - ip[0] = 3
10 + ip[0] > 70
len - ip[2:2] = 14
len = ip[2:2] + 14
ip[2:2] * ip[8] > 5000
ip[2:2] / (ip[8] - 64) > 2
ip[8] % ip[9] = 4
ip[2:2] - 20 - 20 = 0
-ip[8] > 0xffffffc0
ip[0] % 3 + 1 = 2
ip6[6] = 6
ip6[7] = 255
ip6[40] = 135
arp[6:2] = 1
arp[7] = 2
ether[0] & 1 = 1
ether[12:2] = 0x0800
ether[0] & 1 = 0 and ip[16] >= 224
link[0] = 0x45
tcp[13] & 2 != 0
tcp[tcpflags] & (tcp-syn|tcp-fin) != 0
tcp[tcpflags] & tcp-ack = tcp-ack
tcp[tcpflags] = tcp-syn
tcp[tcpflags] == tcp-syn|tcp-ack
tcp[tcpflags] & (tcp-rst|tcp-ack) == (tcp-rst|tcp-ack)
tcp[0:2] = 80
tcp[0:2] > tcp[2:2]
tcp[12] >> 4 > 5
tcp[(tcp[12] >> 4) * 4] = 0x47
tcp port 80 and (((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)
udp[4:2] > 100
udp[8:4] = 0
udp[0:2] + udp[2:2] < 2000
icmp[icmptype] = icmp-echo
icmp[icmptype] != icmp-echo and icmp[icmptype] != icmp-echoreply
icmp[icmpcode] = 0
icmp[icmptype] = icmp-unreach or icmp[icmptype] = icmp-timxceed
icmp6[icmp6type] = icmp6-echo
icmp6[icmp6type] = icmp6-neighborsolicit or icmp6[icmp6type] = icmp6-neighboradvert
icmp6[icmp6code] = 0
igmp[0] = 0x16
sctp[12] = 1
not host 192.168.1.1
not host 192.168.1.1 and 10.0.0.1
not (host 192.168.1.1 or 10.0.0.1)
not not tcp
! tcp && ! udp
tcp and not tcp or udp
tcp or udp and ip6
(tcp or udp) and (port 53 or port 80) and not host 10.0.0.1
ip and (tcp or (udp and not port 53))
host (10.0.0.1 or 192.168.1.1 or (192.168.170.8 and 192.168.170.20))
tcp and tcp[13] & 7 != 0 and not dst port 80
ip and ip6
not ip and not ip6 and not arp
(1) = 1
1 = 2
1 = 1 or tcp
tcp or 1 = 1
host 127.0.0.1 and port 53
port 80 and host 10.0.0.1
ip host 10.0.0.1 and ip[8] = 64 and not tcp
tcp[13] = 2 or udp[6:2] = 0 or icmp[0] = 3
(ip[9] = 6 and ip[2:2] > 100) or (ip6[6] = 17 and ip6[4:2] > 100)
`
  .trim()
  .split('\n');
