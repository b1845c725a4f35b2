import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { DEFAULT_FIELD } from '../../api/files/artifactFile';
import { isTool } from '../../n8n/thisNode';
import { duration, fieldName, flag } from '../../validation/rules';
import type { SettingsTable } from '../../validation/settings';

/** How a run becomes items. */
export interface OutputSettings {
	simplify: boolean;
	/** Whether each output becomes an item of its own. */
	splitOutputs: boolean;
	/** The binary field for the first output; undefined if no output is downloaded. */
	downloadInto: string | undefined;
	/** Whether the item keeps the fields of its input item. */
	includeInputFields: boolean;
}

/** What a workflow stores of them. */
export interface StoredOutputSettings extends Omit<OutputSettings, 'downloadInto'> {
	downloadOutputs: boolean;
	outputPropertyName: string;
}

export const OUTPUT_SETTINGS: SettingsTable<StoredOutputSettings> = {
	simplify: { path: 'simplify', title: 'Simplify', rule: flag, otherwise: true },
	downloadOutputs: {
		path: 'downloadOutputs',
		title: 'Download Outputs',
		rule: flag,
		otherwise: true,
	},
	splitOutputs: {
		path: 'options.splitOutputs',
		title: 'One Item per Output',
		rule: flag,
		otherwise: false,
	},
	includeInputFields: {
		path: 'options.includeInputFields',
		title: 'Include Input Fields',
		rule: flag,
		otherwise: false,
	},
	outputPropertyName: {
		path: 'options.outputPropertyName',
		title: 'Put Output in Field',
		rule: fieldName,
		otherwise: DEFAULT_FIELD,
	},
};

/** How long to wait for a run. Undefined for the default. */
export interface StoredWaitSettings {
	maximumWait: number | undefined;
	pollingInterval: number | undefined;
}

export const WAIT_SETTINGS: SettingsTable<StoredWaitSettings> = {
	pollingInterval: {
		path: 'options.pollingInterval',
		title: 'Polling Interval (Seconds)',
		rule: duration,
		otherwise: undefined,
	},
	maximumWait: {
		path: 'options.maximumWait',
		title: 'Maximum Wait (Minutes)',
		rule: duration,
		otherwise: undefined,
	},
};

/** The output settings by what is stored. As an AI tool, nothing is downloaded: an agent drops files. */
export function outputSettings(
	context: IExecutePaginationFunctions,
	stored: StoredOutputSettings,
): OutputSettings {
	const { simplify, splitOutputs, includeInputFields } = stored;
	const downloads = stored.downloadOutputs && !isTool(context);
	const downloadInto = downloads ? stored.outputPropertyName : undefined;
	return { simplify, splitOutputs, includeInputFields, downloadInto };
}
