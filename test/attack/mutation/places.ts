import path from 'node:path';

import { REPOSITORY } from '../../n8n/folders';

// A module of Node's own kind that imports the folders itself gets them wrong from tsx.
export { REPOSITORY as ROOT } from '../../n8n/folders';

/** What the command and Stryker's processes pass to each other, and what is kept for the next time. */
const FOLDER = path.join(REPOSITORY, '.stryker');

/** What to try: a {@link Job}. */
export const JOB = path.join(FOLDER, 'job.json');
/** The selected changes, and those of them to try: a {@link Choice}. */
export const CHOICE = path.join(FOLDER, 'choice.json');
/** What became of changes, a line each. */
export const OUTCOMES = path.join(FOLDER, 'outcomes.jsonl');
/** How each change was tried, a line each: by which files, for how long. */
export const TRIALS = path.join(FOLDER, 'trials.jsonl');
/** Which test runs which changes: a {@link Coverage}, for each kind of tests. */
export const COVERAGE = {
	all: path.join(FOLDER, 'coverage.json'),
	decisions: path.join(FOLDER, 'coverage-decisions.json'),
};
/** What no test has found, for people. */
export const SURVIVORS = path.join(FOLDER, 'survivors.md');
/** The same for machines: to be checked, and moved to the list of explained changes. */
export const SURVIVORS_JSON = path.join(FOLDER, 'survivors.json');
