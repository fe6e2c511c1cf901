/** What makes one drawn face differ from another; colours as `#rrggbb`. */
export interface Portrait {
  readonly background: string;
  readonly skin: string;
  readonly hair: string;
  readonly shirt: string;
  readonly cut: keyof typeof HAIR_BEHIND;
}

const HAIR_BEHIND = {
  short: '',
  long: '<path d="M26 46c0-19 9-27 22-27s22 8 22 27v20H26z"/>',
  bun: '<circle cx="48" cy="15" r="9"/>',
} as const;

/** A small friendly face as an SVG document, so that no picture is fetched from anywhere. */
export function drawPortrait({ background, skin, hair, shirt, cut }: Portrait): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">
<rect width="96" height="96" fill="${background}"/>
<g fill="${hair}">${HAIR_BEHIND[cut]}</g>
<path d="M16 96c0-20 14-28 32-28s32 8 32 28z" fill="${shirt}"/>
<rect x="41" y="56" width="14" height="16" rx="7" fill="${skin}"/>
<ellipse cx="48" cy="44" rx="18" ry="21" fill="${skin}"/>
<path d="M29 42c-1-16 8-22 19-22s20 6 19 22c-3-9-9-13-19-13s-16 4-19 13z" fill="${hair}"/>
<g fill="#1c1a18"><circle cx="41" cy="46" r="2"/><circle cx="55" cy="46" r="2"/></g>
<path d="M41 54q7 6 14 0" fill="none" stroke="#1c1a18" stroke-width="2" stroke-linecap="round"/>
</svg>
`;
}
