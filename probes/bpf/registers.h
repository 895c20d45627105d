/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* Arguments and results of probed functions, by the calling convention of each architecture. pt_regs is ABI: no relocation. */
#ifndef PROBES_REGISTERS_H
#define PROBES_REGISTERS_H

#include "types.h"

#if defined(__TARGET_ARCH_x86)

struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};
#define ARGUMENT1(context) ((context)->di)
#define ARGUMENT2(context) ((context)->si)
#define ARGUMENT3(context) ((context)->dx)
#define ARGUMENT4(context) ((context)->cx)
#define ARGUMENT5(context) ((context)->r8)
#define ARGUMENT6(context) ((context)->r9)
#define RESULT(context) ((context)->ax)
/* The stack pointer as it was before the call, on entry and on return: tells calls apart, an inner one has a lower one. */
#define FRAME_AT_ENTRY(context) ((context)->sp + sizeof(long))
#define FRAME_AT_RETURN(context) ((context)->sp)

#elif defined(__TARGET_ARCH_arm64)

struct pt_regs {
	unsigned long regs[31], sp, pc, pstate;
};
#define ARGUMENT1(context) ((context)->regs[0])
#define ARGUMENT2(context) ((context)->regs[1])
#define ARGUMENT3(context) ((context)->regs[2])
#define ARGUMENT4(context) ((context)->regs[3])
#define ARGUMENT5(context) ((context)->regs[4])
#define ARGUMENT6(context) ((context)->regs[5])
#define RESULT(context) ((context)->regs[0])
#define FRAME_AT_ENTRY(context) ((context)->sp)
#define FRAME_AT_RETURN(context) ((context)->sp)

#else
#error "define __TARGET_ARCH_x86 or __TARGET_ARCH_arm64"
#endif

#endif
