import type { CodeNote } from './code-entry.js';

/** Faults of a document's form: of the file, its syntax, its keys and single values. */
export const VALUE_CODES: Readonly<Record<string, CodeNote>> = {
  address: {
    text: 'a text is not an IP address',
    usually: 'a typing error, a host name, or a CIDR block where one address is wanted',
    remedy: 'write the address alone',
  },
  cidr: {
    text: 'a text is not a CIDR block of the family that is wanted',
    usually: 'a typing error, or an IPv6 block under a key for IPv4',
    remedy: 'write it like 10.0.0.0/16 or 2001:db8::/32',
  },
  'duplicate-key': {
    text: 'a key stands twice in one mapping',
    usually: 'a part of a YAML file was copied and pasted',
    remedy: 'remove one of the two, or join them',
  },
  empty: {
    text: 'a document is empty',
    usually: 'the AWS CLI failed, and its output was sent to a file all the same',
    remedy: 'fetch it again and look at what the AWS CLI says',
  },
  encoding: {
    text: 'a document is not UTF-8 text',
    usually: 'PowerShell wrote it as UTF-16, or it is no text at all',
    remedy: 'save it as UTF-8',
  },
  event: {
    text: 'an event is not a time and changes',
    usually: 'an entry of `--events` has no change, or a change that names nothing',
    remedy: 'write it like `{ at: +12s, authorize: { sg-web: [tcp/443 from any] } }`',
  },
  'event-time': {
    text: 'the time of an event cannot be read',
    usually: 'an offset without a plus sign, or a local time',
    remedy: 'write it like +12s, 2026-11-23T21:48:00Z or 1700000000.25',
  },
  'file-size': {
    text: 'a document is too large to read',
    usually: 'the file is no VPC document, or many accounts were put into one file',
    remedy: 'split it, or fetch one VPC only',
  },
  format: {
    text: 'a document is of a known format that is not read here',
    usually: 'a Terraform, CloudFormation or similar file was given in the place of AWS JSON',
    remedy: 'do what the message says: most formats can be turned into what `aws ec2` prints',
  },
  'host-bits': {
    text: 'a CIDR block has bits set behind its length',
    usually: 'an address of the block was written in the place of the block itself',
    remedy: 'nothing to do if the block that the message names is the one you mean',
  },
  'icmp-type': {
    text: 'an ICMP type or code cannot be',
    usually: 'type and code were taken for a port range, or a code is given for any type',
    remedy: 'write a type and code from 0 to 255, or -1 for all; -1 as type needs -1 as code',
  },
  'id-form': {
    text: 'an id does not begin as ids of its kind do',
    usually: 'a name stands where an id is wanted, or the id of another kind of thing',
    remedy: 'name it with the prefix: sg-, eni-, pl-, pcx-, tgw-, subnet-, vpc-',
  },
  'idle-timeout': {
    text: 'an idle timeout is outside what AWS accepts',
    usually: 'minutes were meant, or a limit of another protocol',
    remedy: 'TCP takes 60 to 432000 s, UDP 30 to 60 s, UDP streams 60 to 180 s',
  },
  'json-syntax': {
    text: 'a document is not valid JSON',
    usually: 'it was edited by hand, or cut off',
    remedy: 'mend it at the line and column that the message names, or fetch it again',
  },
  mac: {
    text: 'a text is not a MAC address',
    usually: 'a typing error',
    remedy: 'write it like 02:00:00:00:00:01',
  },
  'missing-key': {
    text: 'a key that is needed is not there',
    usually: 'the document was cut down with `--query`, or written by hand',
    remedy: 'add the key, or fetch the document without `--query`',
  },
  nesting: {
    text: 'a document is nested too deep',
    usually: 'it was wrapped many times over, or made to harm',
    remedy: 'give what the AWS CLI prints itself',
  },
  'no-documents': {
    text: 'a folder holds no documents, or far too many',
    usually: 'another folder was meant',
    remedy: 'name the files, or a folder with VPC documents only',
  },
  'no-file': {
    text: 'a file or folder does not exist',
    usually: 'a typing error, or another working folder',
    remedy: 'check the path',
  },
  'not-aws': {
    text: 'a JSON document holds no AWS resource that is known',
    usually: 'it is the answer of another command, or another program wrote it',
    remedy: 'give the output of `aws ec2 describe-security-groups` and the like',
  },
  'not-simulated': {
    text: 'a document holds only resources that play no part',
    usually: 'network ACLs or route tables lie in the folder beside the others',
    remedy: 'leave it; or take the file out if the warning is in the way',
  },
  'not-vpc': {
    text: 'a YAML document is no VPC in the short form',
    usually: 'the file is about something else, or its top keys are misspelled',
    remedy: 'write at least one of the keys that the message names',
  },
  option: {
    text: 'an option of a transit gateway is neither enable nor disable',
    usually: 'the document was written by hand',
    remedy: 'write enable or disable',
  },
  path: {
    text: 'what stands before a remote prefix is of no known kind',
    usually: 'a typing error in `via`',
    remedy: 'write one of the kinds that the message names',
  },
  peer: {
    text: 'the source or destination of a rule cannot be read',
    usually: 'two of them in one rule, none, or a name where an id is wanted',
    remedy: 'write exactly one CIDR block, address, sg-..., pl-... or any',
  },
  peering: {
    text: 'a peering is not between two VPCs',
    usually: 'one VPC is missing or one too many is named',
    remedy: 'write `between: [vpc-1, vpc-2]`',
  },
  'port-missing': {
    text: 'a rule for ports or ICMP types lacks one of the two numbers',
    usually: 'FromPort or ToPort was left out, which AWS allows for other protocols only',
    remedy: 'give both; 0 and 65535 are all ports, -1 and -1 all ICMP types',
  },
  'port-range': {
    text: 'the first port of a range is above the last',
    usually: 'the two were swapped',
    remedy: 'swap them',
  },
  'port-value': {
    text: 'a port is outside 0 to 65535',
    usually: 'a typing error',
    remedy: 'correct it',
  },
  protocol: {
    text: 'a text is not a protocol',
    usually: 'the name of a service, such as https, or of a protocol that AWS knows by number only',
    remedy: 'write tcp, udp, icmp, icmpv6, a number from 0 to 255, or -1 for all',
  },
  'rule-syntax': {
    text: 'a rule in the short notation cannot be read',
    usually: 'from and to are mixed up, or ports are written another way',
    remedy: 'write it like `tcp/443 from 10.0.0.0/16`, in egress `to`',
  },
  'too-long': {
    text: 'a text is longer than anything that AWS takes',
    usually: 'a value was pasted in the wrong place',
    remedy: 'shorten it',
  },
  'unknown-key': {
    text: 'a key is none of the short form',
    usually: 'a typing error: the short form has no keys that it passes over',
    remedy: 'correct or remove it',
  },
  unreadable: {
    text: 'a file or folder cannot be read',
    usually: 'its permissions',
    remedy: 'check the path and its permissions',
  },
  'wrong-type': {
    text: 'a value is of another type than is wanted',
    usually: 'a list where a mapping is wanted, or a number in quotes',
    remedy: 'write what the message names',
  },
  'yaml-alias': {
    text: 'an alias of a YAML document cannot be followed',
    usually: 'its anchor is missing, or aliases repeat values without end',
    remedy: 'write the value out',
  },
  'yaml-size': {
    text: 'a YAML document is too large',
    usually: 'a large VPC was turned into YAML by a program',
    remedy: 'split it, or give the JSON of the AWS CLI',
  },
  'yaml-syntax': {
    text: 'a document is not valid YAML',
    usually: 'indentation, a tab, or a colon that needs quotes',
    remedy: 'mend it at the line and column that the message names',
  },
};
