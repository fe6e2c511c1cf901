import type { SandboxOptions } from '../../../src/sandbox/options.js';
import {
  ALL_ASKED,
  INSUFFICIENT_SCOPE,
  TOKEN_ASKED,
  type AcceptedScenario,
  type RefusedScenario,
} from './scenario.js';
import { changing, trouble } from './trouble.js';

/** A program that is set up in another way, the PagerDuty that it meets, and what comes of it. */
export interface OtherSettings<T> {
  readonly settings: Readonly<Record<string, string>>;
  readonly options?: SandboxOptions;
  readonly scenario: T;
}

const granting = (scope: string) => trouble('token')(changing({ scope }));

/** What is asked for, and what PagerDuty grants of it without a word. */
export const SILENT_REDUCTIONS: readonly OtherSettings<RefusedScenario>[] = [
  {
    settings: { PD_SCOPE: 'read' },
    options: { appKind: 'scoped' },
    scenario: {
      when: 'a Scoped app asks for read',
      ends: {
        ...INSUFFICIENT_SCOPE,
        says: /only .?openid.?, not .?read.?\. .*Scoped.*users\.read.*register a Classic app/s,
      },
      asks: TOKEN_ASKED,
    },
  },
  {
    settings: { PD_SCOPE: 'users.read' },
    scenario: {
      when: 'a Classic app asks for users.read',
      ends: {
        ...INSUFFICIENT_SCOPE,
        says: /only .?openid.?, not .?users\.read.?\. .*Classic app.*read.? and .?write/s,
      },
      asks: TOKEN_ASKED,
    },
  },
  {
    settings: { PD_SCOPE: 'read write' },
    scenario: {
      when: 'of read and write a Classic app is granted read',
      given: granting('openid read'),
      ends: { ...INSUFFICIENT_SCOPE, says: /only .?openid.? and .?read.?, not .?write.?\. / },
      asks: TOKEN_ASKED,
    },
  },
  {
    settings: { PD_SCOPE: 'users.read teams.read' },
    options: { appKind: 'scoped' },
    scenario: {
      when: 'of users.read and teams.read a Scoped app is granted users.read',
      given: granting('openid users.read'),
      ends: {
        ...INSUFFICIENT_SCOPE,
        says: /only .?openid.? and .?users\.read.?, not .?teams\.read.?\. /,
      },
      asks: TOKEN_ASKED,
    },
  },
];

/** The secret that PagerDuty has no more, then the one that it knows. */
export const TWO_SECRETS: OtherSettings<RefusedScenario> = {
  settings: { PD_CLIENT_SECRET: 'old-secret,new-secret' },
  options: { clientSecrets: ['new-secret'] },
  scenario: {
    when: 'PagerDuty knows neither of two secrets',
    given: trouble('token')({ kind: 'invalid-client' }),
    ends: { status: 502, code: 'client_rejected', says: /PD_CLIENT_SECRET/ },
    asks: { token: 2 },
  },
};

/** Settings under which a journey comes through. */
export const OTHERWISE_ACCEPTED: readonly OtherSettings<AcceptedScenario>[] = [
  {
    settings: { PD_SCOPE: 'users.read' },
    options: { appKind: 'scoped' },
    scenario: { when: 'a Scoped app asks for users.read', asks: ALL_ASKED },
  },
  {
    settings: { PD_REGION: 'eu' },
    scenario: {
      when: 'there is no ID token, and PD_REGION is the person’s',
      person: 2,
      given: trouble('token')(changing({ id_token: undefined })),
      asks: { token: 1, profileInEu: 1 },
      region: 'eu',
    },
  },
];
