/** Idle limits that an interface may set, in seconds (CT-21). */
export interface IdleSeconds {
  readonly tcpEstablished: number;
  readonly udp: number;
  readonly udpStream: number;
}

/** AWS defaults on instances before Nitro v6 (CT-21, CT-22). */
export const DEFAULT_IDLE_SECONDS: IdleSeconds = {
  tcpEstablished: 432_000,
  udp: 30,
  udpStream: 180,
};

/** Idle limits that cannot be set, in seconds (CT-13, CT-15, CT-17). Names are Linux's. */
export const FIXED_IDLE_SECONDS = {
  synSent: 120,
  synReceived: 60,
  finWait: 120,
  closeWait: 60,
  lastAck: 30,
  timeWait: 120,
  close: 10,
  icmp: 30,
  other: 600,
} as const;

/** Idle limits of flows through a Network Load Balancer (CT-23). */
export const LOAD_BALANCER_SECONDS: IdleSeconds = {
  tcpEstablished: 350,
  udp: 120,
  udpStream: 120,
};

/** How long the verdict of a datagram's first fragment covers its later ones, in seconds (CT-18). */
export const FRAGMENT_SECONDS = { 4: 30, 6: 60 } as const;

/** Frames within which a first fragment must follow the later ones that came before it, to cover them (CT-18). */
export const EARLY_FRAGMENT_FRAMES = 4096;

/** What to make of a TCP packet that no connection knows and that opens none (CT-14). */
export type MidstreamPolicy = 'history' | 'strict' | 'pickup';

/** Whether packets that follow a denied opening are dropped too (CT-25). */
export type DeniedPolicy = 'remember' | 'forget';

/** Which ICMP errors about a tracked connection pass without a rule (CT-16). */
export type RelatedPolicy = 'all' | 'pmtud' | 'none';

/** What security groups do not filter: whole address ranges, or only the services' own addresses (NF-1). */
export type ExemptPolicy = 'addresses' | 'services';

/** Edition of AWS's list of automatically tracked paths (CT-7). */
export type AutoTrackedEdition = '2026' | '2023';

/** How long a flow that is not tracked is kept in mind, in seconds: to count it once, and for CT-11. */
export const UNTRACKED_NOTE_SECONDS = 60;

/** The modelling choices of one replay. */
export interface TrackingOptions {
  readonly midstream: MidstreamPolicy;
  readonly denied: DeniedPolicy;
  /** How long an ended connection is remembered, in seconds of packet time (CT-14). */
  readonly historySeconds: number;
  readonly related: RelatedPolicy;
  readonly exempt: ExemptPolicy;
  readonly autoTracked: AutoTrackedEdition;
  /** Connections that one instance can track at a time; no limit when absent (CT-19). */
  readonly maxTracked?: number;
}

export const DEFAULT_TRACKING: TrackingOptions = {
  midstream: 'history',
  denied: 'remember',
  historySeconds: 86_400,
  related: 'all',
  exempt: 'addresses',
  autoTracked: '2026',
};
