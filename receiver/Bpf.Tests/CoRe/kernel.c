/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* A kernel that differs from what relocations.bpf.c was written for. Only its BTF is used. */
struct inner {
	long pad;
	int b;
	int a;
};

typedef int (*callback)(struct inner *, long);
typedef long plain_number;
typedef struct {
	int q;
	int r;
} anonymous_typedef;

struct task {
	long inserted;
	const volatile int first;
	struct inner inners[8];
	struct inner inner;
	int was_anonymous;
	long in_union;
	unsigned long grown;
	unsigned int shrunk;
	long grown_signed;
	void *pointer;
	struct {
		int pad;
		union {
			struct {
				int deep_pad;
				int into_anonymous;
			};
			long deep_other;
		};
	};
	long moved;
	unsigned int bits_b : 3;
	unsigned int bits_a : 9;
	unsigned int bits_signed : 11;
	unsigned int bits_pad : 20;
	unsigned long bits_wide : 41;
	signed char now_signed;
	struct inner changed_kind;
	int matrix[3][2];
	struct task *next;
	unsigned short flag_byte;
	unsigned char half;
	unsigned int now_bits : 13;
	int renamed_after;
	unsigned int tail[];
};

union both {
	long x;
	int y;
};

enum color { RED = 1, GREEN = 20, BLUE = 30, NEGATIVE = -50, MORE = 7 };
enum unsigned_enum { OTHER = 1, TOP = 0xffffffff };

struct matching { long before; unsigned long arr[3]; int a; struct inner *p; };
struct not_matching { int a; };

struct task *tasks;
union both *boths;
enum color *colors;
enum unsigned_enum *unsigned_enums;
struct matching *matchings;
struct not_matching *not_matchings;
callback callbacks;
plain_number number;
anonymous_typedef typedefs;

#ifdef AMBIGUOUS
struct ambiguous { int a; };
struct ambiguous___again { int b; int a; };
struct ambiguous *ambiguous;
struct ambiguous___again *again;
#endif
