import type { IDataObject, NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Settings } from './settings';

/** The state of an item: the record of its run, its error, or nothing when the execution is over. */
export type State = IDataObject | NodeApiError | NodeOperationError | undefined;

/** The state of an item, and its settings. */
export interface ItemState {
	state: State;
	settings: Settings;
}
