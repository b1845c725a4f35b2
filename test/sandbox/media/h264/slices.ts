import type { Canvas } from '../canvas';
import { BitWriter } from './bits';
import { beginFrame, writeMacroblock } from './macroblock';

const IDR_HEADER = 0x65;
const P_HEADER = 0x41;
const I_SLICE = 7;
const P_SLICE = 5;
/** In a P slice the types of an I slice follow its own five. */
const INTRA_IN_P = 5;
const FRAME_NUMBER_BITS = 4;
const NO_DEBLOCKING = 1;

/**
 * In: a canvas. Out: the whole of it as the first frame of a video.
 * @see ITU-T H.264, 7.3.3 and 7.3.4
 */
export function firstFrame(canvas: Canvas): Buffer {
	const writer = new BitWriter();
	writer.byte(IDR_HEADER);
	writer.ue(0); // first_mb_in_slice
	writer.ue(I_SLICE);
	writer.ue(0); // pic_parameter_set_id
	writer.bits(0, FRAME_NUMBER_BITS);
	writer.ue(0); // idr_pic_id
	writer.bits(0b00, 2); // no_output_of_prior_pics_flag, long_term_reference_flag
	writer.ue(0); // slice_qp_delta
	writer.ue(NO_DEBLOCKING);
	const frame = beginFrame(canvas);
	for (let address = 0; address < frame.stored.length; address += 1) {
		writeMacroblock(writer, frame, address, 0);
	}
	return writer.nalUnit();
}

/**
 * In: a canvas, the number of the frame, and which macroblocks differ from the frame before it, in order. Out: that
 * frame.
 * @see ITU-T H.264, 7.3.3 and 7.3.4
 */
export function laterFrame(canvas: Canvas, number: number, changed: readonly number[]): Buffer {
	const writer = new BitWriter();
	writer.byte(P_HEADER);
	writer.ue(0); // first_mb_in_slice
	writer.ue(P_SLICE);
	writer.ue(0); // pic_parameter_set_id
	writer.bits(number, FRAME_NUMBER_BITS); // counts modulo 16
	writer.bits(0b00, 2); // num_ref_idx_active_override_flag, ref_pic_list_modification_flag_l0
	writer.bits(0, 1); // adaptive_ref_pic_marking_mode_flag
	writer.ue(0); // slice_qp_delta
	writer.ue(NO_DEBLOCKING);
	const frame = beginFrame(canvas);
	let next = 0;
	for (const address of changed) {
		writer.ue(address - next); // mb_skip_run
		writeMacroblock(writer, frame, address, INTRA_IN_P);
		next = address + 1;
	}
	if (next < frame.stored.length) writer.ue(frame.stored.length - next);
	return writer.nalUnit();
}
