import { describe, expect, it } from 'vitest';
import type { EventBody } from '../../../../shared/journal/event.ts';
import { NAME_CAP, redactEvent, TEXT_CAP } from '../../../../shared/journal/redact-event.ts';
import { redactMalformed, redactName, redactText } from '../../../../shared/journal/redact-text.ts';

const secret = 's3cr3tV4lue';

describe('redactText', () => {
  it('redacts the path that a refusal quotes, and keeps the rest', () => {
    const message = `enhanced container isolation: docker command "/v1.43/build?token=${secret}&t="x" is blocked; if you wish. (Lockkeeper: deny "build", /etc/a)`;
    expect(redactText(message)).toBe(
      'enhanced container isolation: docker command "/v1.43/build?token=[redacted]&t="x" is blocked; if you wish. (Lockkeeper: deny "build", /etc/a)',
    );
  });

  it.each([
    'docker socket mount denied for container with image "docker.io/library/docker:cli"; image is not listed',
    'docker.io/library/docker:cli: unauthorized: authentication required',
    'container with image "docker.io/library/token:latest"; run: docker pull my-secret:1.2',
    'the registry has sha256:0123456789ab…, the local image secret@sha256:0123456789ab…',
    '/etc/lockkeeper/admin-settings.json:4:5: lockkeeper.mod is not a setting that Lockkeeper knows',
    'deny "secret*", /etc/lockkeeper/admin-settings.json',
    "EACCES: permission denied, open '/etc/docker/token'",
    'the compass: north, keys: 2, the key "image" must be spelled "Image"',
    'read ECONNRESET at Socket.emit (node:events:524:28)',
  ])('leaves alone: %s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it.each([
    [`proxy http://ada:${secret}@proxy:3128 refused`, 'proxy http://[redacted]@proxy:3128 refused'],
    [`Unexpected token in JSON: {"password":"${secret}"}`, 'Unexpected token in JSON: {"password":[redacted]}'],
    [`"{\\"identitytoken\\":\\"${secret}\\"}"`, '"{\\"identitytoken\\":[redacted]}"'],
    [`X-Registry-Auth:${secret}`, 'X-Registry-Auth: [redacted]'],
    [`Authorization: Basic ${secret} x`, 'Authorization: [redacted]'],
    [`mount -o username=a,password=${secret},vers=3 failed`, 'mount -o username=a,password=[redacted],vers=3 failed'],
    [`DB_PASSWORD = '${secret} and more' is odd`, 'DB_PASSWORD = [redacted] is odd'],
    [`ARG NPM_TOKEN=${secret}`, 'ARG NPM_TOKEN=[redacted]'],
    [`DB_PASS=${secret}, SMTP_PW="${secret}"`, 'DB_PASS=[redacted], SMTP_PW=[redacted]'],
    [`com.example.key: ${secret}`, 'com.example.key: [redacted]'],
    ['join with SWMTKN-1-0abc-1def now', 'join with [redacted] now'],
    [`header ${Buffer.from(`{\n  "password": "${secret}"\n}`).toString('base64')} is odd`, 'header [redacted] is odd'],
    [`?X-Amz-Signature=${secret}&x=1`, '?X-Amz-Signature=[redacted]&x=1'],
    [`token%3D${secret}`, 'token%3D[redacted]'],
    ['it said eyJ1c2VybmFtZSI6ImEiLCJwYXNzd29yZCI6ImIifQ== and left', 'it said [redacted] and left'],
    [`ghp_${secret}0123456789 is expired`, '[redacted] is expired'],
    ['-----BEGIN PRIVATE KEY-----\nMII\n-----END', '[redacted]'],
  ])('hides: %s', (text, shown) => {
    expect(redactText(text)).toBe(shown);
    expect(redactText(shown)).toBe(shown);
  });

  it.each([
    'token',
    'password"',
    'password=',
    '://',
    'auth: ',
    "'",
    'eyJ',
    'ewog',
    'pass',
    '_key',
    '-----BEGIN ',
    'basic ',
    '"',
    ' ',
    '\\',
    'a@',
  ])('takes a MiB of %j in its stride', (piece) => {
    const text = piece.repeat(Math.ceil(1_048_576 / piece.length));
    const started = process.cpuUsage();
    redactText(text);
    redactMalformed(text);
    // Of this process alone, since tests run side by side.
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000);
  });
});

describe('redactMalformed', () => {
  it.each([
    [
      `lockkeeper: the header line "Authorization Basic ${secret}" has no colon`,
      'the header line "[redacted]" has no colon',
    ],
    [
      `lockkeeper: the header name "${secret}" has white space in or after it`,
      'the header name "[redacted]" has white',
    ],
    [`lockkeeper: the request line ends with "${secret} HTTP/1.1" instead of "HTTP/1.1"`, 'ends with "[redacted]"'],
    [
      `lockkeeper: the Host header "ada:${secret}@h" has bytes that a host cannot have`,
      'the Host header "[redacted]" has',
    ],
    [`lockkeeper: the JSON body: there is ${secret} where a value is expected`, 'there is [redacted] where a value'],
    [`lockkeeper: the JSON body: 01${secret} is not a JSON number`, 'body: [redacted] is not a JSON number'],
    [`lockkeeper: the query value of "token=${secret}" has the invalid escape "%zz"`, 'value of "[redacted]"'],
  ])('hides what could not be placed: %s', (text, shown) => {
    expect(redactMalformed(text)).toContain(shown);
    expect(redactMalformed(text)).not.toContain(secret);
  });

  it.each([
    'lockkeeper: the query value of "tag" has the invalid escape "%zz"',
    'lockkeeper: the JSON body cannot be let through: the key "image" must be spelled "Image" (at byte 3)',
    'lockkeeper: the JSON body cannot be let through: there is a comma where a value is expected (at byte 3)',
    'lockkeeper: the path "/v1.43/v1.44/x" has two API versions',
    'lockkeeper: HTTP/1.0 is not relayed; use HTTP/1.1',
  ])('keeps: %s', (text) => {
    expect(redactMalformed(text)).toBe(text);
  });
});

describe('redactName', () => {
  it.each(['docker:cli', 'my-token:1.2', 'registry.example.com:5000/secret/auth:latest', `sha256:${'a'.repeat(64)}`])(
    'keeps %s',
    (name) => expect(redactName(name)).toBe(name),
  );
  it('hides userinfo', () => expect(redactName(`https://ada:${secret}@r/x`)).toBe('https://[redacted]@r/x'));
});

describe('redactEvent', () => {
  const userinfo = `https://ada:${secret}@r/x`;
  const caller = { listener: 'container-socket', containerId: 'c', image: userinfo } as const;
  const events: readonly EventBody[] = [
    { type: 'lifecycle', what: 'internal-error', detail: `Error: token=${secret}` },
    { type: 'policy', change: 'closed', generation: 1, problems: [userinfo], warnings: [`password=${secret}`] },
    {
      type: 'socket',
      change: 'delivered',
      key: 'k',
      containerId: 'c',
      image: userinfo,
      entry: userinfo,
      targets: [userinfo],
    },
    {
      type: 'decision',
      outcome: 'refused',
      caller,
      method: `{"password":"${secret}"}`,
      path: `{"password":"${secret}"}`,
      operation: 'x',
      message: userinfo,
      image: userinfo,
      rule: userinfo,
    },
  ];

  it.each(events)('hides secrets in every field: $type', (event) => {
    expect(JSON.stringify(redactEvent(event))).not.toContain(secret);
  });

  it('has the last word from its caller, for every text from outside', () => {
    for (const event of events) {
      const kept: string[] = [];
      redactEvent(event, (text) => {
        kept.push(text);
        return text;
      });
      expect(kept.length).toBeGreaterThan(0);
    }
  });

  it('limits every text and list', () => {
    const long = 'a'.repeat(100_000);
    const many = Array.from({ length: 5000 }, () => long);
    const decision = redactEvent({
      type: 'decision',
      outcome: 'refused',
      caller: { listener: 'container-socket', image: long },
      method: long,
      path: `/${long}`,
      operation: 'x',
      message: long,
      image: long,
      rule: long,
    });
    expect(JSON.stringify(decision).length).toBeLessThan(2 * TEXT_CAP + 2 * NAME_CAP + 2048 + 1000);
    const policy = redactEvent({ type: 'policy', change: 'closed', generation: 1, problems: many, warnings: many });
    expect(JSON.stringify(policy).length).toBeLessThan(201 * (TEXT_CAP + 10));
  });
});
