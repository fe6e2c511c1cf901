import { jest } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSettingProblems } from '../common/parse-env.js';
import { pagerDutyConfig, type PagerDutyConfig } from './pagerduty.config.js';

type Environment = Record<string, string>;

const CREDENTIALS = { PD_CLIENT_ID: 'client-1', PD_CLIENT_SECRET: 'secret-1' };

const read = (env: Environment = {}): PagerDutyConfig => {
  jest.replaceProperty(process, 'env', { ...CREDENTIALS, ...env });
  return pagerDutyConfig();
};

const problemsOf = (env: Environment): string => findSettingProblems([() => read(env)]).join('\n');

const secretsOf = (env: Environment): string[] =>
  read(env).clientSecrets.map((secret) => secret.reveal());

describe('pagerDutyConfig', () => {
  afterEach(() => jest.restoreAllMocks());

  it('needs only the credentials; the rest is PagerDuty itself', () => {
    expect(read()).toMatchObject({
      clientId: 'client-1',
      identityUrl: 'https://identity.pagerduty.com',
      apiUrls: { us: 'https://api.pagerduty.com', eu: 'https://api.eu.pagerduty.com' },
      defaultRegion: 'us',
      issuers: [
        'https://app.pagerduty.com/global/oauth/anonymous',
        'https://identity.pagerduty.com/global/oauth/anonymous',
      ],
    });
  });

  it('says where to find credentials that are missing', () => {
    const problems = problemsOf({ PD_CLIENT_ID: '', PD_CLIENT_SECRET: '' });
    expect(problems).toMatch(/^PD_CLIENT_ID: is required: .*App Functionality/m);
    expect(problems).toMatch(/^PD_CLIENT_SECRET: is required: .*App Functionality/m);
  });

  it('takes two secrets in their order', () => {
    expect(secretsOf({ PD_CLIENT_SECRET: 'new-one, old-one' })).toEqual(['new-one', 'old-one']);
  });

  it('reads the secret from a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'pagerduty-config-')), 'secret');
    writeFileSync(file, 'from-a-file\n');
    expect(secretsOf({ PD_CLIENT_SECRET: '', PD_CLIENT_SECRET_FILE: file })).toEqual([
      'from-a-file',
    ]);
  });

  it('prints no secret', () => {
    expect(JSON.stringify(read())).not.toContain('secret-1');
  });

  it('drops trailing slashes and takes http on loopback', () => {
    const config = read({
      PD_IDENTITY_URL: 'http://[::1]:5055/',
      PD_API_URL_EU: 'http://LOCALHOST/eu//',
    });
    expect(config.identityUrl).toBe('http://[::1]:5055');
    expect(config.apiUrls.eu).toBe('http://localhost/eu');
  });

  it('takes issuers as they are written', () => {
    expect(read({ PD_ISSUERS: 'https://a.test/, https://b.test' }).issuers).toEqual([
      'https://a.test/',
      'https://b.test',
    ]);
  });

  it.each([
    ['PD_CLIENT_ID', 'two zebras'],
    ['PD_CLIENT_SECRET', 'zebra,zebra,zebra'],
    ['PD_CLIENT_SECRET', 'zebra,'],
    ['PD_IDENTITY_URL', 'zebra'],
    ['PD_IDENTITY_URL', '/zebra'],
    ['PD_IDENTITY_URL', 'http://zebra.test'],
    ['PD_IDENTITY_URL', 'http://127.0.0.1.zebra.test'],
    ['PD_API_URL_US', 'ftp://localhost/zebra'],
    ['PD_API_URL_US', 'https://zebra:zebra@api.test'],
    ['PD_API_URL_EU', 'https://api.test?zebra'],
    ['PD_API_URL_EU', 'https://api.test/#'],
    ['PD_REGION', 'zebra'],
    ['PD_ISSUERS', 'https://issuer.test,zebra'],
  ])('refuses %s=%s by name, without its value', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toMatch(new RegExp(`^${name}: .+$`));
    expect(problems).not.toContain('zebra');
  });
});
