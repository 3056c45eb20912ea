import { field, stringMap, text } from '../engine-api/body-fields.ts';
import type { JsonObject } from '../json/json-node.ts';
import type { Escape } from './kinds.ts';

/** Drivers whose networks are the engine's own. */
const OWN = new Set(['', 'default', 'bridge', 'nat', 'null', 'overlay']);

/** Options by which a network lies on an interface that was there before it. */
const OF_THE_MACHINE = ['parent', 'com.docker.network.bridge.name', 'com.docker.network.windowsshim.interface'];

/** A network mode that is neither a name nor another container's: Podman's `ns:PATH`, or a network with options. */
export function isForeignNetwork(mode: string): boolean {
  return mode.includes(':') && !mode.startsWith('container:');
}

/** What it means to be in a network of that driver. */
export function networkEscapes(name: string, driver: string): readonly Escape[] {
  if (driver === 'host') return [{ kind: 'host-network', found: `the network "${name}"` }];
  return OWN.has(driver) ? [] : [{ kind: 'network-driver', found: `the network "${name}" of the driver "${driver}"` }];
}

/** The body of `POST /networks/create`. */
export function readNetworkCreate(body: JsonObject): readonly Escape[] {
  const name = text(body, 'Name');
  const options = stringMap(field(body, 'Options', 'object'));
  const ipam = field(body, 'IPAM', 'object');
  const addresses = ipam === undefined ? '' : text(ipam, 'Driver');
  const taken = OF_THE_MACHINE.filter((option) => options[option] !== undefined);
  return [
    ...networkEscapes(name, text(body, 'Driver')),
    ...taken.map((option): Escape => ({ kind: 'network-driver', found: `Options.${option}: "${options[option]}"` })),
    ...(['', 'default', 'windows', 'null'].includes(addresses)
      ? []
      : [{ kind: 'network-driver', found: `IPAM.Driver: "${addresses}"` } as const]),
  ];
}
