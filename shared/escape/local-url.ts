/** Names that mean the machine itself, or its own network, without any question to a name server. */
const LOCAL_NAME =
  /^(localhost|.*\.localhost|localhost\.localdomain|ip6-(localhost|loopback)|(host|gateway)\.docker\.internal|host\.containers\.internal|metadata\.google\.internal)\.?$/;

/**
 * Whether a host in a URL is the engine's machine itself, or on its own link. Names are judged by their spelling: what
 * they mean, only a name server says, and a moment later it may say another thing.
 */
export function isLocalHost(host: string): boolean {
  // Clients turn such names into others before they ask (UTS 46): "①②⑦.0.0.1", "ⓛocalhost".
  if (!host.startsWith('[') && /[^\x21-\x7e]|%/.test(host)) return true;
  if (LOCAL_NAME.test(host)) return true;
  if (host.startsWith('[')) return isLocalAddress(host.slice(1, -1));
  const address = ipv4(host);
  return address !== undefined && isLocalIpv4(address);
}

/** The same of an address as it is written outside of URLs. */
export function isLocalAddress(address: string): boolean {
  return address.includes(':') ? isLocalIpv6(address) : isLocalIpv4(ipv4(address) ?? 0);
}

/** `scheme://user@host:port/`, `git@host:path`, or `host/path`, which the engine completes. */
export function hostOf(url: string): string | undefined {
  const rest = url.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, '');
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  if (host.startsWith('[')) return /^\[[^\]]*\]/.exec(host)?.[0];
  const name = host.split(':')[0] ?? '';
  return name === '' ? undefined : name;
}

/** As inet_aton(3) reads it: one to four numbers, decimal, octal or hexadecimal, the last taking what is left. */
function ipv4(host: string): number | undefined {
  const parts = host.replace(/\.$/, '').split('.').map(number);
  if (parts.length > 4 || parts.some((part) => part === undefined)) return undefined;
  const numbers = parts as number[];
  const last = numbers.pop() ?? 0;
  if (numbers.some((part) => part > 255) || last >= 256 ** (4 - numbers.length)) return undefined;
  return numbers.reduce((sum, part, index) => sum + part * 256 ** (3 - index), last);
}

function number(text: string): number | undefined {
  if (/^0x[0-9a-f]*$/.test(text)) return text === '0x' ? 0 : Number.parseInt(text, 16);
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** 0.0.0.0/8, 127.0.0.0/8 and 169.254.0.0/16 (RFC 6890). */
function isLocalIpv4(address: number): boolean {
  const first = Math.floor(address / 256 ** 3);
  return first === 0 || first === 127 || Math.floor(address / 256 ** 2) === 169 * 256 + 254;
}

/** ::, ::1, fe80::/10 and those that stand for an IPv4 address. */
function isLocalIpv6(text: string): boolean {
  const address = text.split('%')[0] ?? '';
  const embedded = /(?:^|:)(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (embedded !== undefined) return isLocalIpv4(ipv4(embedded) ?? 0);
  if (/^fe[89ab]/.test(address)) return true;
  const mapped = /^(?:0*:)*:?ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped !== null)
    return isLocalIpv4(Number.parseInt(mapped[1] ?? '', 16) * 65_536 + Number.parseInt(mapped[2] ?? '', 16));
  return /^[0:]*1?$/.test(address);
}
