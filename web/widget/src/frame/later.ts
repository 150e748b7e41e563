export { Talk } from './talk';
export * from './verbs';
