import { Inject, Injectable } from '@nestjs/common';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { AppError } from '../../common/app-error.js';
import { Clock } from '../../common/clock.js';
import type { Secret } from '../../common/secret.js';
import { pagerDutyConfig, type PagerDutyConfig } from '../pagerduty.config.js';
import { IdTokenProblem, readIdentity } from './id-token-claims.js';
import type { Identity } from './identity.js';
import { Jwks } from './jwks.js';

const TOLERANCE_S = 60;

// jose names the claim that failed; its messages are not ours to show.
const CLAIM_PROBLEMS: Readonly<Record<string, string>> = {
  iss: 'its issuer is not PagerDuty',
  exp: 'it says no usable time of its end',
  nbf: 'it is not valid yet',
  iat: 'the time of its issue is missing or unreadable',
};

/** Decides who has authorized, by the ID token that came with the access token. */
@Injectable()
export class IdTokenVerifier {
  constructor(
    @Inject(pagerDutyConfig.KEY) private readonly config: PagerDutyConfig,
    private readonly jwks: Jwks,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks signature, issuer, times, audience, purpose and that both tokens belong together
   * (OpenID Connect Core section 3.1.3.7; RS256 alone, RFC 8725 section 3.1).
   * @throws AppError `identity_invalid` naming the check that failed, or `pagerduty_unavailable`
   */
  async verify(idToken: Secret, accessToken: Secret): Promise<Identity> {
    try {
      const payload = await this.#verifySignature(idToken);
      const nowS = this.clock.now() / 1000;
      const { config } = this;
      return readIdentity(payload, { config, accessToken, nowS, toleranceS: TOLERANCE_S });
    } catch (error) {
      throw toAppError(error);
    }
  }

  async #verifySignature(idToken: Secret): Promise<JWTPayload> {
    const { payload } = await jwtVerify(idToken.reveal(), this.jwks.findKey, {
      algorithms: ['RS256'],
      issuer: [...this.config.issuers],
      requiredClaims: ['exp'],
      clockTolerance: TOLERANCE_S,
      currentDate: new Date(this.clock.now()),
    });
    return payload;
  }
}

/** Leaves out the cause on purpose: jose's errors hold the claims, and those name the person. */
function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof IdTokenProblem) return refused(error.message);
  if (error instanceof errors.JWKSInvalid || !(error instanceof errors.JOSEError)) {
    return new AppError('pagerduty_unavailable', "PagerDuty's signing keys cannot be used.");
  }
  return refused(describe(error));
}

function refused(problem: string): AppError {
  return new AppError('identity_invalid', `PagerDuty's ID token cannot be trusted: ${problem}.`);
}

function describe(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'it is not signed with RS256';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  if (error instanceof errors.JWKSNoMatchingKey) return 'PagerDuty publishes no key that signed it';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return CLAIM_PROBLEMS[error.claim] ?? 'one of its claims is unreadable';
  }
  return 'it is not a readable signed token';
}
