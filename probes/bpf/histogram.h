/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * OTLP's exponential histogram, with the upper end of each bucket inclusive as OTLP has it.
 *
 * OTLP wants seconds and powers of two of its unit, so durations are scaled once to ticks of 2^-30 s. Within an octave
 * the bucket is found by comparing the mantissa with 2^(k / 2^scale): the bounds are irrational, so comparing integers
 * with their floor is exact, and at k = 0 a power of two is not above its own bound and stays in the bucket below.
 */
#ifndef PROBES_HISTOGRAM_H
#define PROBES_HISTOGRAM_H

#include "bpf.h"
#include "samples.h"

#define TICKS_PER_NS_SHIFT 26
#define TICKS_PER_NS 72057594ULL /* 2^30 / 10^9 * 2^26: low by 5 parts in 10^10 */

INLINE __u64 histogram_ticks(__u64 ns)
{
	/* From 2^37 ns (137 s) on the product could leave 64 bits: fewer bits of ns are enough there, and 2^50 ns for ever. */
	if (ns >> 37) {
		if (ns >> 50)
			ns = 1ULL << 50;
		return ((ns >> 16) * TICKS_PER_NS) >> (TICKS_PER_NS_SHIFT - 16);
	}
	return (ns * TICKS_PER_NS) >> TICKS_PER_NS_SHIFT;
}

INLINE __u32 histogram_octave(__u64 ticks)
{
	__u32 octave = 0;

	if (ticks >> 32) {
		octave += 32;
		ticks >>= 32;
	}
	if (ticks >> 16) {
		octave += 16;
		ticks >>= 16;
	}
	if (ticks >> 8) {
		octave += 8;
		ticks >>= 8;
	}
	if (ticks >> 4) {
		octave += 4;
		ticks >>= 4;
	}
	if (ticks >> 2) {
		octave += 2;
		ticks >>= 2;
	}
	return octave + (ticks >> 1);
}

/* Of a value above 2^HISTOGRAM_FIRST_OCTAVE ticks. */
INLINE __u32 histogram_bucket(__u64 ticks, int scale)
{
	__u32 octave = histogram_octave(ticks);
	__u64 mantissa = ticks << (63 - octave);
	__u32 above = mantissa > 1ULL << 63;

	if (scale == 1) {
		above += mantissa > 0xb504f333f9de6484ULL; /* 2^63.5 */
	} else if (scale == 2) {
		above += mantissa > 0x9837f0518db8a96fULL; /* 2^63.25 */
		above += mantissa > 0xb504f333f9de6484ULL;
		above += mantissa > 0xd744fccad69d6af4ULL; /* 2^63.75 */
	}
	return ((octave - HISTOGRAM_FIRST_OCTAVE) << scale) + above - 1;
}

/* exclusive: nothing on this CPU can come between, so plain additions are enough. minimum and maximum need count first. */
#define DEFINE_HISTOGRAM(scale)                                                                                     \
	INLINE void observe_scale##scale(struct histogram_scale##scale *histogram, __u64 ns, bool exclusive)        \
	{                                                                                                           \
		__u64 ticks = histogram_ticks(ns);                                                                  \
		__u32 bucket;                                                                                       \
                                                                                                                    \
		if (!histogram->count || ns < histogram->minimum)                                                   \
			histogram->minimum = ns;                                                                    \
		if (ns > histogram->maximum)                                                                        \
			histogram->maximum = ns;                                                                    \
		HISTOGRAM_ADD(histogram->count, 1);                                                                 \
		HISTOGRAM_ADD(histogram->sum, ns);                                                                  \
		if (ticks <= 1ULL << HISTOGRAM_FIRST_OCTAVE) {                                                      \
			HISTOGRAM_ADD(histogram->zero, 1);                                                          \
			return;                                                                                     \
		}                                                                                                   \
		bucket = histogram_bucket(ticks, scale);                                                            \
		OPAQUE(bucket);                                                                                     \
		if (bucket >= HISTOGRAM_OCTAVES << scale)                                                           \
			bucket = (HISTOGRAM_OCTAVES << scale) - 1;                                                  \
		HISTOGRAM_ADD(histogram->buckets[bucket], 1);                                                       \
	}

#define HISTOGRAM_ADD(target, amount)           \
	do {                                    \
		if (exclusive)                  \
			(target) += (amount);   \
		else                            \
			ADD(target, amount);    \
	} while (0)

DEFINE_HISTOGRAM(0)
DEFINE_HISTOGRAM(1)
DEFINE_HISTOGRAM(2)

#endif
