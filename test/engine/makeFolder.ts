import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Jest: makes the folder in which each worker's n8n has its own, see environment.ts. */
export default function makeFolder(): void {
	process.env.RUNFLOW_TEST_FOLDER = mkdtempSync(join(tmpdir(), 'runflow-test-'));
}
