import type { Editor } from './browser';
import { output } from './buildByHand';

/** The size in pixels of the picture that is shown, once it is there. */
export async function shownPicture(editor: Editor): Promise<{ width: number; height: number }> {
	const picture = output(editor).locator('img[src*="/rest/binary-data"]');
	await picture.waitFor();
	return await picture.evaluate(async (element) => {
		const image = element as HTMLImageElement;
		await image.decode();
		return { width: image.naturalWidth, height: image.naturalHeight };
	});
}

/** What is shown of a video, once its first frame can be. */
export async function shownVideo(
	editor: Editor,
): Promise<{ width: number; height: number; seconds: number }> {
	const video = output(editor).locator('video');
	await video.waitFor();
	return await video.evaluate(async (element) => {
		const shown = element as HTMLVideoElement;
		if (shown.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
			await new Promise((resolve, reject) => {
				shown.addEventListener('loadeddata', resolve, { once: true });
				shown.addEventListener('error', reject, { once: true, capture: true });
			});
		}
		const { videoWidth: width, videoHeight: height, duration } = shown;
		return { width, height, seconds: Math.round(duration) };
	});
}

/** Stops the video that is shown at its start: the same in every picture. */
export async function rewindVideo(editor: Editor): Promise<void> {
	await output(editor)
		.locator('video')
		.evaluate(async (element) => {
			const shown = element as HTMLVideoElement;
			shown.pause();
			await new Promise((resolve) => {
				shown.addEventListener('seeked', resolve, { once: true });
				shown.currentTime = 0;
			});
		});
}
