import path from 'node:path';

import { REPOSITORY } from '../../n8n/folders';

// A module of Node's own kind that imports the folders itself gets them wrong from tsx.
export { REPOSITORY as ROOT } from '../../n8n/folders';

/** What the command and Stryker's processes hand to each other, and what is kept for the next time. */
const FOLDER = path.join(REPOSITORY, '.stryker');

/** What is to be tried: an {@link Order}. */
export const ORDER = path.join(FOLDER, 'order.json');
/** What is asked for, and what of it is to be tried: a {@link Choice}. */
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
/** The same for machines: to be judged, and taken over into the list of what is explained. */
export const SURVIVORS_JSON = path.join(FOLDER, 'survivors.json');
