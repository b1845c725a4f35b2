import { chromium, type Browser, type Page } from 'playwright-core';

import { LOOPBACK } from './freePort';
import type { Owner } from './owner';

/** n8n's editor in a headless browser, signed in. */
export interface Editor {
	/** n8n's address. */
	url: string;
	page: Page;
	close: () => Promise<void>;
}

const VIEWPORT = { width: 1400, height: 900 };

/** Headless Chromium as root, without its own calls to the outside. */
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--no-first-run',
	'--disable-quic',
	// The page must not call the outside either. (Intercepting requests would do, but without the cache.)
	`--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${LOOPBACK}`,
];

/** How long anything in the page may take on a busy machine, in milliseconds. */
const DEADLINE_MS = 30_000;

/** What would make two pictures of the same thing differ, or cover what they show. */
const STILL = `
	*, *::before, *::after {
		animation-duration: 0s !important;
		caret-color: transparent !important;
		transition: none !important;
	}
	.el-notification { display: none !important; }
	/* Empty containers that the expression fields leave in the window's corner. */
	div[class^='ͼ1 ']:not(.cm-editor) { display: none !important; }
`;

function addStyle(css: string): void {
	document.addEventListener('DOMContentLoaded', () => {
		const style = document.createElement('style');
		style.textContent = css;
		document.head.append(style);
	});
}

async function signInByForm(page: Page, url: string, owner: Owner): Promise<void> {
	await page.goto(`${url}/signin`);
	await page.locator('input[name=emailOrLdapLoginId]').fill(owner.email);
	await page.locator('input[name=password]').fill(owner.password);
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/home\//);
}

/** How the editor must look. */
export interface Appearance {
	/** What n8n's theme follows, as long as the user has chosen none. */
	colorScheme?: 'light' | 'dark';
	/** The window's size in pixels. */
	viewport?: { width: number; height: number };
	/** Nothing moves and no message pops up, so that two pictures of the same thing are the same. */
	isStill?: boolean;
}

/** A headless Chromium that calls nothing but this machine. */
export async function launchBrowser(executablePath: string): Promise<Browser> {
	return await chromium.launch({ executablePath, args: FLAGS });
}

/** Opens n8n's editor in a headless Chromium and signs in. Nothing but this machine is called. */
export async function openEditor(
	executablePath: string,
	url: string,
	owner: Owner,
	{ colorScheme = 'light', viewport = VIEWPORT, isStill = false }: Appearance = {},
): Promise<Editor> {
	const browser = await launchBrowser(executablePath);
	try {
		const context = await browser.newContext({ viewport, locale: 'en-US', colorScheme });
		context.setDefaultTimeout(DEADLINE_MS);
		if (isStill) await context.addInitScript(addStyle, STILL);
		const page = await context.newPage();
		await signInByForm(page, url, owner);
		return {
			url,
			page,
			close: async () => {
				await browser.close();
			},
		};
	} catch (error) {
		await browser.close();
		throw error;
	}
}
