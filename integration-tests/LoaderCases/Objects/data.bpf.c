/* Global variables in each kind of section, and functions of each kind of linkage. */
#include "check.h"

#define NOINLINE __attribute__((noinline))

CONSTANT __u64 set_by_the_loader = 1;
CONSTANT __u32 limits[4] = {1, 2, 3, 4};
const volatile struct {
	__u8 small;
	__u64 large;
} mixed = {5, 6};
static volatile const __u32 hidden_constant = 0x1234;
__u32 initialised = 42;
static __u64 hidden = 43;
__u64 zeroed[8];
static volatile __u32 hidden_zero;
const char text[] = "text";
__u32 own_section SEC(".data.own") = 0x5ec7;
__u32 other_section SEC(".rodata.other") = 1;

static NOINLINE __u64 twice(__u64 value)
{
	return 2 * value + hidden_constant;
}

static NOINLINE __u64 nested(__u64 value, __u64 more)
{
	return twice(value) + twice(more) + initialised;
}

/* Verified on its own. */
NOINLINE int global_function(int value)
{
	return value > 10 ? value - 10 : (int)hidden;
}

__attribute__((weak)) NOINLINE int weak_function(int value)
{
	return value + 1;
}

CHECKS(on_data)
{
	CHECK_SAME(set_by_the_loader, 0x1122334455667788ULL);
	CHECK(limits[0] == 1 && limits[3] == 4);
	CHECK(mixed.small == 5 && mixed.large == 6);
	CHECK_SAME(hidden_constant, 0x1234);
	CHECK(initialised == 42 && hidden == 43);
	for (int i = 0; i < 8; i++)
		CHECK_SAME(zeroed[i], 0);
	CHECK_SAME(hidden_zero, 0);
	CHECK(((const volatile char *)text)[3] == 't' && ((const volatile char *)text)[4] == 0);
	initialised++;
	hidden += 2;
	zeroed[7] = initialised + hidden;
	hidden_zero = 9;
	CHECK_SAME(zeroed[7], 88);
	return 0;
}

CHECKS(on_sections)
{
	CHECK_SAME(own_section, 0x5ec7);
	CHECK_SAME(*(const volatile __u32 *)&other_section, 1);
	own_section = 2;
	return 0;
}

CHECKS(on_functions)
{
	CHECK_SAME(twice(4), 8 + 0x1234);
	CHECK_SAME(nested(1, 2), 2 + 4 + 2 * 0x1234 + 42);
	CHECK_SAME(global_function(12), 2);
	CHECK_SAME(global_function(1), 43);
	CHECK_SAME(weak_function(4), 5);
	return 0;
}

EXPORT_LICENSE;
