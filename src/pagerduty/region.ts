/** PagerDuty's service regions: one account lives in one of them, and its REST API answers only there. */
export const REGIONS = ['us', 'eu'] as const;

export type Region = (typeof REGIONS)[number];
