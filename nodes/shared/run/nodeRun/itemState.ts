import type { IDataObject, NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Settings } from './settings';

/** What is known of an item: the record of its run, its error, or nothing when the execution is over. */
export type State = IDataObject | NodeApiError | NodeOperationError | undefined;

/** What is known of an item, and what the user wants of it. */
export interface ItemState {
	state: State;
	settings: Settings;
}
