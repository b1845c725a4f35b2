import path from 'node:path';

import type { Locator } from 'playwright-core';

import type { Editor } from '../browser';
import type { Demo } from '../demo';
import { letGo } from '../editorActions';
import { REPOSITORY } from '../folders';

/** Where the pictures are kept. */
export const PICTURES = path.join(REPOSITORY, 'docs/pictures');

/** Large enough for n8n's three panels, and for the parameters of a video down to its options. */
export const VIEWPORT = { width: 1400, height: 1100 };

/** One round of pictures: in one colour scheme. */
export interface Round {
	demo: Demo;
	editor: Editor;
	/** What follows the name in the file's name. */
	suffix: string;
}

/** Takes the whole window, or what is in it of one element. */
export async function take({ editor, suffix }: Round, name: string, part?: Locator): Promise<void> {
	await letGo(editor);
	await editor.page.waitForFunction(() =>
		[...document.images].every(({ complete, naturalWidth }) => complete && naturalWidth > 0),
	);
	await (part ?? editor.page).screenshot({ path: path.join(PICTURES, `${name}${suffix}.png`) });
}

/** Works in a lower window, where there is little to see. */
export async function inWindowOf(
	{ editor: { page } }: Round,
	height: number,
	work: () => Promise<void>,
): Promise<void> {
	await page.setViewportSize({ ...VIEWPORT, height });
	try {
		await work();
	} finally {
		await page.setViewportSize(VIEWPORT);
	}
}
