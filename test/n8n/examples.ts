import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { REPOSITORY } from './folders';
import type { WorkflowFile } from './workflows';

/** What the examples call where they call Runflow themselves. */
const RUNFLOW_API = 'https://api.runflow.io';

/** A workflow of examples/, and its text, which shows whether it has changed. */
export interface Example {
	/** The file's name without .json. */
	key: string;
	text: string;
	workflow: WorkflowFile;
}

/**
 * The workflows of examples/, in the order of their file names.
 * @param apiUrl the address to call instead of Runflow's own
 */
export async function readExamples(apiUrl = RUNFLOW_API): Promise<Example[]> {
	const folder = path.join(REPOSITORY, 'examples');
	const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
	return await Promise.all(
		files.map(async (name) => {
			const file = await readFile(path.join(folder, name), 'utf8');
			const text = file.replaceAll(RUNFLOW_API, apiUrl);
			return {
				key: path.basename(name, '.json'),
				text,
				workflow: JSON.parse(text) as WorkflowFile,
			};
		}),
	);
}
