import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// n8n-core reads these when it is loaded; without them it writes its settings into the home folder.
process.env.N8N_USER_FOLDER ??= folder();
process.env.N8N_ENCRYPTION_KEY ??= 'engine-tests-only';
// What fails in these tests fails on purpose; n8n would report each failure on the console.
process.env.N8N_LOG_LEVEL ??= 'silent';
// n8n 1 would put a line about the rights of its settings file into the log otherwise.
process.env.N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS ??= 'true';

/** A folder that is removed at the end: by jest with all others, otherwise by this process. */
function folder(): string {
	const { RUNFLOW_TEST_FOLDER: parent } = process.env;
	const made = mkdtempSync(join(parent ?? tmpdir(), 'runflow-engine-'));
	if (parent === undefined) {
		process.once('exit', () => {
			rmSync(made, { recursive: true, force: true });
		});
	}
	return made;
}
