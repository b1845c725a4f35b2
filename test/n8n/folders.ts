import path from 'node:path';

/** The repository's root. */
export const REPOSITORY = path.resolve(__dirname, '../..');

/** The folder whose package.json names the n8n release that the package is shown and tested in. */
export const APP = path.join(__dirname, 'app');
