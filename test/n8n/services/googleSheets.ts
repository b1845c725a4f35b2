import { isAuthorized, type Service, type ServiceAnswer } from './service';

export type Cell = string | number;

/** Google Sheets with one document of one sheet, as far as reading it and writing single cells goes. */
export interface GoogleSheets extends Service {
	/** The rows of the sheet as they are now, the names of the columns first. */
	rows: Cell[][];
	/** The cells that were written, in their order: `Prompts!C2` and what was put there. */
	writes: { range: string; value: Cell }[];
}

export interface SheetsOptions {
	accessToken: string;
	documentId: string;
	sheetName: string;
}

interface BatchUpdate {
	data: { range: string; values: Cell[][] }[];
}

/** @see https://developers.google.com/workspace/sheets/api/reference/rest */
export function standInForGoogleSheets(options: SheetsOptions): GoogleSheets {
	const { accessToken, documentId, sheetName } = options;
	const document = `/v4/spreadsheets/${documentId}`;
	const service: GoogleSheets = {
		host: 'sheets.googleapis.com',
		rows: [],
		writes: [],
		answer: (request) => {
			if (!isAuthorized(request, accessToken)) {
				return { status: 401, body: { error: { code: 401, status: 'UNAUTHENTICATED' } } };
			}
			switch (`${request.method} ${request.path}`) {
				case `GET ${document}`:
					return { body: { sheets: [{ properties: { sheetId: 0, title: sheetName } }] } };
				case `GET ${document}/values/${sheetName}`:
				case `GET ${document}/values/'${sheetName}'`:
					return { body: { majorDimension: 'ROWS', values: service.rows } };
				case `POST ${document}/values:batchUpdate`:
					return write(service, sheetName, request.body as BatchUpdate);
				default:
					return undefined;
			}
		},
	};
	return service;
}

function write(service: GoogleSheets, sheetName: string, { data }: BatchUpdate): ServiceAnswer {
	for (const { range, values } of data) {
		const [, sheet, column = '', row = ''] = /^(.+)!([A-Z])(\d+)$/.exec(range) ?? [];
		const value = values[0]?.[0];
		const cells = service.rows[Number(row) - 1];
		if (sheet !== sheetName || value === undefined || cells === undefined) {
			return { status: 400, body: { error: { code: 400, message: `Unable to parse: ${range}` } } };
		}
		const index = column.charCodeAt(0) - 'A'.charCodeAt(0);
		while (cells.length < index) cells.push('');
		cells[index] = value;
		service.writes.push({ range, value });
	}
	return { body: { totalUpdatedCells: data.length } };
}
