import { lazy } from 'react';
import { needArea } from '../i18n';

/** The editor of a view, with its words, when it is wanted. */
export const ViewEditor = lazy(() => Promise.all([import('./editor'), needArea('form')]).then(([page]) => page));
