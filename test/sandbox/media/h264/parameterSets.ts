import { BLOCK, type Canvas } from '../canvas';
import { BitWriter } from './bits';

/** Constrained Baseline, level 4.0: up to 1920 x 1088. */
export const PROFILE = { idc: 66, constraints: 0xc0, level: 40 } as const;

const SPS_HEADER = 0x67;
const PPS_HEADER = 0x68;
const BT_709 = 1;
const UNSPECIFIED_FORMAT = 5;
/** 4:2:0 is cropped by two pixels at a time. */
const CROP_UNIT = 2;

/**
 * In: the canvas of a video. Out: its sequence parameter set: frames in the order of display, each referring to the
 * one before it.
 * @see ITU-T H.264, 7.3.2.1.1
 */
export function sequenceParameterSet({ width, height, stride, rows }: Canvas): Buffer {
	const writer = new BitWriter();
	for (const byte of [SPS_HEADER, PROFILE.idc, PROFILE.constraints, PROFILE.level]) {
		writer.byte(byte);
	}
	writer.ue(0); // seq_parameter_set_id
	writer.ue(0); // log2_max_frame_num_minus4
	writer.ue(2); // pic_order_cnt_type
	writer.ue(1); // max_num_ref_frames
	writer.bits(0, 1); // gaps_in_frame_num_value_allowed_flag
	writer.ue(stride / BLOCK - 1);
	writer.ue(rows / BLOCK - 1);
	writer.bits(1, 1); // frame_mbs_only_flag
	writer.bits(1, 1); // direct_8x8_inference_flag
	writer.bits(1, 1); // frame_cropping_flag
	writer.ue(0);
	writer.ue((stride - width) / CROP_UNIT);
	writer.ue(0);
	writer.ue((rows - height) / CROP_UNIT);
	writer.bits(1, 1); // vui_parameters_present_flag
	writer.bits(0b00, 2); // no aspect ratio, no overscan
	writer.bits(1, 1); // video_signal_type_present_flag
	writer.bits(UNSPECIFIED_FORMAT, 3);
	writer.bits(0b01, 2); // limited range, colour description
	for (let index = 0; index < 3; index += 1) writer.bits(BT_709, 8);
	writer.bits(0b000000, 6); // no chroma location, timing, HRD (twice), pic_struct, restriction
	return writer.nalUnit();
}

/**
 * Out: the picture parameter set: CAVLC, and slices that switch deblocking off, since it would blur the text.
 * @see ITU-T H.264, 7.3.2.2
 */
export function pictureParameterSet(): Buffer {
	const writer = new BitWriter();
	writer.byte(PPS_HEADER);
	writer.ue(0); // pic_parameter_set_id
	writer.ue(0); // seq_parameter_set_id
	writer.bits(0b00, 2); // entropy_coding_mode_flag, bottom_field_pic_order_in_frame_present_flag
	writer.ue(0); // num_slice_groups_minus1
	writer.ue(0); // num_ref_idx_l0_default_active_minus1
	writer.ue(0); // num_ref_idx_l1_default_active_minus1
	writer.bits(0b000, 3); // weighted_pred_flag, weighted_bipred_idc
	writer.ue(0); // pic_init_qp_minus26
	writer.ue(0); // pic_init_qs_minus26
	writer.ue(0); // chroma_qp_index_offset
	writer.bits(0b100, 3); // deblocking_filter_control_present_flag, the two others not
	return writer.nalUnit();
}
