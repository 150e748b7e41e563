// The shapes of /api/v1 as this app uses them, narrower than what can be generated (states are unions, not strings).
// `npm run check` compares every field with docs/openapi.json; nothing else names wire types.
export type * from './bulk';
export type * from './chat';
export type * from './common';
export type * from './company';
export type * from './conversation';
export type * from './custom-status';
export type * from './field';
export type * from './inbox';
export type * from './library';
export type * from './message';
export type * from './notification';
export type * from './people';
export type * from './problem';
export type * from './reminder';
export type * from './routing';
export type * from './view';
export type * from './visitor';
