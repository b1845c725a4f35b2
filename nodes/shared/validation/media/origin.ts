import type { MediaKind } from '../../api/files/mediaTypes';

/** The place of an image, video or sound in the node, for messages. */
export interface Origin {
	kind: MediaKind | 'file';
	/** Whether any image, video or sound will do: what other models than Wan 2.7 read is not known. */
	anyFormat?: true;
	/** Where no choice between URL and Binary is in front of the parameter: what it takes. */
	takes?: 'either' | 'files';
	/** The displayed name of the parameter. */
	title: string;
	/** Which entry of a list, such as `: image 2`; empty for a parameter of one file. */
	which: string;
}

/** The rest of a sentence that starts with the parameter's displayed name. */
export function clause({ which }: Pick<Origin, 'which'>, words: string): string {
	return which === '' ? words : `${which} ${words}`;
}
