import type { AutoTrackedEdition } from './tracking.js';
import type { PathKind } from './vpc.js';

/** Paths whose flows are always tracked, by edition of AWS's list (CT-7). */
export const AUTO_TRACKED: Readonly<Record<AutoTrackedEdition, readonly PathKind[]>> = {
  2026: [
    'egress-only-internet-gateway',
    'global-accelerator',
    'nat-gateway',
    'network-firewall',
    'network-load-balancer',
    'privatelink',
    'lambda',
    'dynamodb',
  ],
  2023: [
    'egress-only-internet-gateway',
    'global-accelerator',
    'nat-gateway',
    'network-firewall',
    'network-load-balancer',
    'privatelink',
    'gateway-load-balancer',
    'transit-gateway',
  ],
};
