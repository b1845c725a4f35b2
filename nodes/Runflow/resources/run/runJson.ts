import type { IDataObject } from 'n8n-workflow';

import { rawRun, simplifyRun } from '../../../shared/api/output';
import { hasFailed, readFailure, readRunStatus } from '../../../shared/api/run';

/** A run as an item: simplified, or all that Runflow says of it. */
export function runJson(run: IDataObject, simplify: boolean): IDataObject {
	return simplify ? { ...simplifyRun(run), ...ownFields(run) } : rawRun(run);
}

/**
 * What a simplified run has here besides the fields that it has everywhere: whoever started it is not at hand, and a
 * failed run is no error.
 */
export function ownFields(run: IDataObject): IDataObject {
	const own = { client_ref: run.client_ref ?? null };
	if (!hasFailed(readRunStatus(run))) return own;
	const { message, code } = readFailure(run);
	return { ...own, failure_message: message ?? null, failure_code: code ?? null };
}
