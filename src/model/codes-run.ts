import type { CodeNote } from './code-entry.js';

/** Faults of a run: of captures, filters, events as a whole, outputs, options and memory. */
export const RUN_CODES: Readonly<Record<string, CodeNote>> = {
  'bench-file': {
    text: 'an older benchmark cannot be compared with',
    usually: 'the file is not of `sgsim bench --json`, or its traffic was made with other options',
    remedy: 'measure it again with the same options, VPC and `--json`',
  },
  'bench-machine': {
    text: 'an older benchmark was measured on another machine',
    usually: 'processor, memory, system or Node are not those of then',
    remedy: 'measure both on one machine, or trust only what differs much',
  },
  'capture-compression': {
    text: 'a compressed capture cannot be unpacked',
    usually: 'it was cut off while copying, or is compressed many times over',
    remedy: 'copy or capture it again, or decompress it yourself',
  },
  'capture-cut': {
    text: 'a capture could be read only in part',
    usually: 'the capturing program was killed, or the disk was full; exit code 3 tells of it',
    remedy: 'the report covers the frames before; capture with `-U` to keep what is whole',
  },
  'capture-empty': {
    text: 'a capture is empty',
    usually: 'nothing was written, or the buffer was not flushed yet',
    remedy: 'capture again, with `-U`',
  },
  'capture-expansion': {
    text: 'a compressed capture expands beyond belief',
    usually: 'the file is made to fill memory and disks, or holds mostly zeros',
    remedy: 'decompress it to a file if you trust it, and name that',
  },
  'capture-file': {
    text: 'a capture cannot be read, or there is none',
    usually: 'a typing error, permissions, or a folder without captures',
    remedy: 'name a readable capture file, a folder with captures, or - for standard input',
  },
  'capture-format': {
    text: 'a file is no capture that is read here',
    usually: 'it is of another format, or no capture at all',
    remedy: 'convert it with the tool that the message names, mostly editcap',
  },
  'capture-header': {
    text: 'the header of a capture is damaged',
    usually: 'the file was cut off or changed on the way',
    remedy: 'capture or copy it again',
  },
  'capture-interface': {
    text: 'an interface that captures were taken at is not in the VPC',
    usually: 'a typing error behind @ or in `--vni`, or another VPC was loaded',
    remedy: 'name the interface that it was captured at',
  },
  'capture-version': {
    text: 'a capture is of a pcap version that is not read',
    usually: 'a damaged header, or a very unusual program',
    remedy: 'convert it with editcap',
  },
  duckdb: {
    text: 'DuckDB, which answers queries, cannot be loaded',
    usually: 'it is not installed: sgsim leaves it to those who want it',
    remedy: 'install the package that the message names beside sgsim',
  },
  events: {
    text: 'there are more events than one replay takes',
    usually: 'the file was generated for a longer time than the capture covers',
    remedy: 'replay a shorter time',
  },
  filter: {
    text: 'a filter expression cannot be understood',
    usually: 'a typing error, or a word of pcap-filter that is refused here; the caret shows where',
    remedy: 'do what the message says; README, Limits, names what is refused',
  },
  flow: {
    text: 'a question about a flow is not understood, or names nobody',
    usually: 'a typing error in a name, or an end without a port',
    remedy: "write it like 'tcp 10.0.1.5 > 10.0.2.9:443'; names are those of the VPC documents",
  },
  'flow-log': {
    text: 'a flow log cannot be judged, or not all of it',
    usually:
      'its records lack fields, or lines of it were cut or changed; exit code 3 tells of such lines',
    remedy: 'log the default fields at least; copy the file again',
  },
  frame: {
    text: 'the frame that is asked about is not there',
    usually: 'the capture is shorter, or --start, --end or -c leave the frame out',
    remedy: 'take the number from `sgsim replay --verdicts`, or leave those options out',
  },
  interrupted: {
    text: 'reading was interrupted',
    usually: 'somebody pressed Ctrl-C; exit code 130 tells of it',
    remedy:
      'what is printed covers the packets before; no file was written: run it to the end for those',
  },
  memory: {
    text: 'there is no memory to begin with',
    usually: 'the machine or the container is short of memory',
    remedy: 'use fewer workers, or a machine with more memory',
  },
  'more-errors': {
    text: 'more errors were found than are listed',
    usually: 'one wrong form is repeated through a whole document',
    remedy: 'mend the listed ones first',
  },
  'more-warnings': {
    text: 'more warnings were found than are listed',
    usually: 'one finding is repeated through a whole document',
    remedy: 'look at the listed ones first',
  },
  'not-editable': {
    text: 'what an edit changes is not in JSON as the AWS CLI prints it',
    usually: 'the group is described in YAML, or in a document of another form',
    remedy: 'edit that document by hand',
  },
  output: {
    text: 'standard output cannot be written',
    usually: 'the disk that it goes to is full',
    remedy: 'direct it elsewhere',
  },
  'output-file': {
    text: 'a file cannot be written',
    usually: 'its folder does not exist, may not be written to, or the disk is full',
    remedy: 'name a file in a folder that you may write to',
  },
  'output-format': {
    text: 'a pcap file cannot hold frames of two link types',
    usually: 'captures of different kinds were merged',
    remedy: 'name the output .pcapng',
  },
  sql: {
    text: 'a statement cannot be run',
    usually: 'a typing error, or a file, setting or extension that queries may not touch',
    remedy: 'do what the message says; `sgsim query ... "describe packets"` tells the columns',
  },
  'too-large': {
    text: 'a VPC is larger than the simulator holds',
    usually: 'documents of many VPCs or accounts were loaded at once',
    remedy: 'load one VPC at a time',
  },
  traffic: {
    text: 'traffic that is to be generated cannot be',
    usually: 'the rules allow everything or nothing, or the VPC has no IPv6',
    remedy: 'ask for flows that the VPC has, or change its rules',
  },
  'unexpected-verdict': {
    text: 'a generated packet is judged in another way than it must be',
    usually: 'a fault of sgsim: its judge and its generator read the rules differently',
    remedy: 'tell its makers, with the VPC and the options',
  },
  usage: {
    text: 'an option or argument is wrong',
    usually: 'a typing error, or two options that exclude each other',
    remedy: 'see `sgsim --help`, and `--help` behind a command',
  },
  'vpc-id': {
    text: 'no interface is in the VPC that was chosen',
    usually: 'a typing error in `--vpc-id`, or the documents are of another VPC',
    remedy: 'name one of the VPCs that the message lists',
  },
};
