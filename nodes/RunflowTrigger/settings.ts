import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { OUTPUT_SETTINGS } from '../shared/run/nodeRun/outputSettings';
import { requiredPairs, type RequiredPair } from '../shared/validation/objects';
import {
	invalid,
	isInvalid,
	valid,
	type InvalidParameter,
	type ReadParameter,
	type Rule,
} from '../shared/validation/result';
import { flag, listOf, oneOf } from '../shared/validation/rules';
import { runStatus } from '../shared/validation/runStatus';
import {
	byPath,
	findUnreadable,
	readSettings,
	type SettingsTable,
} from '../shared/validation/settings';
import {
	EVENTS,
	FINISHED,
	FINISHED_EVENTS,
	OTHER_EVENT_SPELLINGS,
	STATUSES,
	type Event,
	type Status,
} from './events';

/** The user's choices. */
export interface Settings extends Omit<Stored, 'downloadOutputs' | 'outputPropertyName'> {
	/** The binary field for the first output; undefined if no output is downloaded. */
	downloadInto: string | undefined;
}

/** What a workflow stores of the settings. */
interface Stored {
	events: Event[];
	/** Pairs that the metadata of a run must all have. */
	metadata: RequiredPair[];
	/** Statuses as `readRunStatus` spells them. If empty, any status is accepted. */
	statuses: Status[];
	includeRequestId: boolean;
	fullRun: boolean;
	/** Whether the item has the fields of a simplified run instead of those of the callback. */
	simplify: boolean;
	downloadOutputs: boolean;
	outputPropertyName: string;
	splitOutputs: boolean;
}

const chosenEvents: Rule<Event[]> = (value, read) => {
	const events = listOf(oneOf(...EVENTS, ...OTHER_EVENT_SPELLINGS))(value, read);
	if (isInvalid(events)) return events;
	const chosen = events.accepted ?? [];
	return chosen.length === 0
		? invalid('is empty', 'Choose at least one entry under Events.')
		: valid(chosen.flatMap((event) => (event === FINISHED ? FINISHED_EVENTS : [event])));
};

/** Every parameter of the node but Accept Unsigned Callbacks, which is read first. */
const SETTINGS: SettingsTable<Stored> = {
	events: { path: 'events', title: 'Events', rule: chosenEvents, otherwise: [], mustFind: true },
	metadata: {
		path: 'options.metadata',
		title: 'Metadata Filter',
		rule: requiredPairs,
		otherwise: [],
		mustFind: true,
	},
	statuses: {
		path: 'options.statuses',
		title: 'Statuses',
		rule: listOf(runStatus(...STATUSES)),
		otherwise: [],
		mustFind: true,
	},
	includeRequestId: {
		path: 'options.includeRequestId',
		title: 'Request ID',
		rule: flag,
		otherwise: false,
	},
	fullRun: { path: 'options.fullRun', title: 'Full Run', rule: flag, otherwise: false },
	simplify: { path: 'options.simplify', title: 'Simplify', rule: flag, otherwise: false },
	downloadOutputs: {
		path: 'options.downloadOutputs',
		title: 'Download Outputs',
		rule: flag,
		otherwise: false,
	},
	outputPropertyName: OUTPUT_SETTINGS.outputPropertyName,
	splitOutputs: OUTPUT_SETTINGS.splitOutputs,
};

const ACCEPT_UNSIGNED: SettingsTable<{ acceptUnsigned: boolean }> = {
	acceptUnsigned: {
		path: 'acceptUnsigned',
		title: 'Accept Unsigned Callbacks',
		rule: flag,
		otherwise: false,
	},
};

type Context = IWebhookFunctions | IHookFunctions;

/** Whether the user accepts unsigned callbacks; false with a problem where that cannot be read. */
export function readAcceptUnsigned(context: Context): {
	acceptUnsigned: boolean;
	problem: InvalidParameter | undefined;
} {
	const { values, problem } = readSettings(ACCEPT_UNSIGNED, valuesOf(context));
	return { ...values, problem };
}

/**
 * Reads the other parameters. Their expressions see the request as `$json`, so call this only for a request that has
 * been verified.
 */
export function readTriggerSettings(context: IWebhookFunctions): {
	settings: Settings;
	problem: InvalidParameter | undefined;
} {
	const { values, problem } = readSettings(SETTINGS, valuesOf(context), storedIn(context));
	const { downloadOutputs, outputPropertyName } = values;
	return {
		settings: { ...values, downloadInto: downloadOutputs ? outputPropertyName : undefined },
		problem,
	};
}

/** The first parameter that can never be read, since it has no expression. */
export function findUnreadableLiteral(context: IHookFunctions): InvalidParameter | undefined {
	return findUnreadable({ ...SETTINGS, ...ACCEPT_UNSIGNED }, storedIn(context));
}

function valuesOf(context: Context): ReadParameter {
	return byPath((name) => context.getNodeParameter(name, null));
}

function storedIn(context: Context): ReadParameter {
	return byPath((name) => context.getNodeParameter(name, null, { rawExpressions: true }));
}
