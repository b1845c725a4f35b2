import { rmSync } from 'node:fs';

/** Jest: removes what makeFolder.ts has made. */
export default function removeFolder(): void {
	const { RUNFLOW_TEST_FOLDER: folder } = process.env;
	if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
