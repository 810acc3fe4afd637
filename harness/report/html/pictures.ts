/**
 * The pictures of the report: functions of the result and its observations that draw an SVG of a given width, or nothing where there is no data.
 * Later layers (cost curve, latency, call quality) add theirs to the list. A picture colours what was decided; it decides nothing.
 */
import { coverage } from './picture-coverage.ts'
import { timeline } from './picture-timeline.ts'
import type { Picture } from './svg.ts'

export const pictures: readonly Picture[] = [timeline, coverage]
