export * from './client';
export * from './problem';
export * from './stream';
export type * from './types';
