import path from 'node:path';

/** The repository's root. */
export const REPOSITORY = path.resolve(__dirname, '../..');

/**
 * The folder whose package.json names the n8n release that the package is shown and tested in: the newest, unless
 * the environment names another one.
 */
export const APP = path.resolve(REPOSITORY, process.env.N8N_APP_FOLDER ?? 'test/n8n/app');
