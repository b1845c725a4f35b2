import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { REPOSITORY } from './folders';
import type { WorkflowFile } from './workflows';

/** A workflow of examples/, and the file's text, which shows whether it has changed. */
export interface Example {
	/** The file's name without .json. */
	key: string;
	text: string;
	workflow: WorkflowFile;
}

/** The workflows of examples/, in the order of their file names. */
export async function readExamples(): Promise<Example[]> {
	const folder = path.join(REPOSITORY, 'examples');
	const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
	return await Promise.all(
		files.map(async (name) => {
			const text = await readFile(path.join(folder, name), 'utf8');
			return {
				key: path.basename(name, '.json'),
				text,
				workflow: JSON.parse(text) as WorkflowFile,
			};
		}),
	);
}
