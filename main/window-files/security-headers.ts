/** What the page may connect to: where it came from, or nothing at all. */
export type Connections = "'self'" | "'none'";

/** The page may load what we serve, reach us, and do nothing else. */
function contentSecurityPolicy(connections: Connections): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    // 'self' includes the WebSocket of the same host and port (CSP level 3, section 6.7.2.8).
    `connect-src ${connections}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // No text becomes script or markup, whatever a library would do with it (W3C Trusted Types).
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** On every answer, whatever it is. */
export function securityHeaders(connections: Connections) {
  return {
    'Content-Security-Policy': contentSecurityPolicy(connections),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  } as const;
}
