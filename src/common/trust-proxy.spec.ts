import fastify, { type FastifyInstance } from 'fastify';
import { httpConfig } from './http.config.js';
import { parseTrustProxy } from './trust-proxy.js';

/** The client's address as a server sees it whose peer is a proxy at 127.0.0.1. */
const clientAddress = async (setting: string, forwardedFor: string): Promise<string> => {
  const app: FastifyInstance = fastify({ trustProxy: parseTrustProxy(setting) ?? false });
  app.get('/', async ({ ip }) => ip);
  const headers = { 'x-forwarded-for': forwardedFor };
  return (await app.inject({ url: '/', headers })).body;
};

describe('TRUST_PROXY', () => {
  it.each([
    ['0', '127.0.0.1'],
    ['1', '203.0.113.7'],
    ['2', '198.51.100.9'],
    ['99', '198.51.100.9'],
    ['127.0.0.1', '203.0.113.7'],
    ['127.0.0.0/8, 203.0.113.0/24', '198.51.100.9'],
    ['::1,fd00::/8,::ffff:127.0.0.1', '203.0.113.7'],
    ['loopback', '203.0.113.7'],
    ['linklocal,uniquelocal', '127.0.0.1'],
  ])('as %s finds the client at %s', async (setting, address) => {
    expect(await clientAddress(setting, '198.51.100.9, 203.0.113.7')).toBe(address);
  });

  it.each([
    'abc',
    'true',
    '-1',
    '100',
    '1.5',
    '1,2',
    ' ',
    '1.2.3',
    '1.2.3.4,',
    '1.2.3.4/',
    '1.2.3.4/0',
    '1.2.3.4/33',
    '1.2.3.4/99',
    '1.2.3.4/8/8',
    '1.2.3.4/255.0.0.0',
    '::g',
    '::1/129',
    'fe80::1%eth0',
    'Loopback',
  ])('refuses %p by its name, without the value', (setting) => {
    const before = process.env['TRUST_PROXY'];
    process.env['TRUST_PROXY'] = setting;
    try {
      expect(httpConfig).toThrow(/^TRUST_PROXY: must be a number of proxies[a-z0-9, ]+$/);
    } finally {
      if (before === undefined) delete process.env['TRUST_PROXY'];
      else process.env['TRUST_PROXY'] = before;
    }
  });
});
