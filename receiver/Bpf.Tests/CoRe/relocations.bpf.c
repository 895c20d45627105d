/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* What a probe believes of the kernel in kernel.c, wrongly in every way that CO-RE is for. */
#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))
#define PROBE SEC("tp/test") unsigned long

#define field_offset(f) __builtin_preserve_field_info(f, 0)
#define field_size(f) __builtin_preserve_field_info(f, 1)
#define field_exists(f) __builtin_preserve_field_info(f, 2)
#define field_signed(f) __builtin_preserve_field_info(f, 3)
#define field_left_shift(f) __builtin_preserve_field_info(f, 4)
#define field_right_shift(f) __builtin_preserve_field_info(f, 5)
#define type_id_local(t) __builtin_btf_type_id(*(t *)0, 0)
#define type_id_kernel(t) __builtin_btf_type_id(*(t *)0, 1)
#define type_exists(t) __builtin_preserve_type_info(*(t *)0, 0)
#define type_size(t) __builtin_preserve_type_info(*(t *)0, 1)
#define enum_exists(t, v) __builtin_preserve_enum_value(*(t *)v, 0)
#define enum_value(t, v) __builtin_preserve_enum_value(*(t *)v, 1)

char declared_license[] SEC("license") = "Dual BSD/GPL";

struct inner {
	int a;
	int b;
} CORE;

struct forward;
typedef int (*callback)(struct inner *, long);
typedef int plain_number;
typedef struct {
	int q;
} anonymous_typedef;

/* Fields in another order, out of and into anonymous members, of other sizes. */
struct task {
	int first;
	long moved;
	struct inner inner;
	struct inner inners[4];
	unsigned int grown;
	unsigned long shrunk;
	int grown_signed;
	char *pointer;
	struct {
		int was_anonymous;
		union {
			int in_union;
			long other;
		};
	};
	int into_anonymous;
	unsigned int bits_a : 3;
	unsigned int bits_b : 7;
	int bits_signed : 5;
	unsigned long bits_wide : 40;
	unsigned char now_signed;
	int missing;
	int changed_kind;
	int matrix[3][2];
	struct task *next;
	unsigned char flag_byte;
	unsigned short half;
	unsigned int now_bits;
	unsigned int tail[];
} CORE;

struct task___old {
	int gone;
	int renamed_before;
} CORE;

struct task___new {
	int renamed_after;
} CORE;

struct nowhere {
	int x;
} CORE;

union both {
	int x;
	long y;
} CORE;

enum color { RED = 1, GREEN = 2, BLUE___short = 3, GONE = 4, NEGATIVE = -5 };
enum nowhere_enum { NOWHERE = 1 };
enum unsigned_enum { TOP = 0xffffffff };

struct matching { int a; struct inner *p; unsigned long arr[3]; } CORE;
struct not_matching { unsigned int a; } CORE;
struct ambiguous { int a; } CORE;

PROBE offset_first(struct task *t) { return field_offset(t->first); }
PROBE offset_moved(struct task *t) { return field_offset(t->moved); }
PROBE offset_nested(struct task *t) { return field_offset(t->inner.b); }
PROBE offset_array(struct task *t) { return field_offset(t->inners[2].b); }
PROBE offset_element(struct task *t) { return field_offset(t->inners[3]); }
PROBE offset_matrix(struct task *t) { return field_offset(t->matrix[2][1]); }
PROBE offset_pointer_element(struct task *t) { return field_offset(t[3].moved); }
PROBE offset_tail(struct task *t) { return field_offset(t->tail[5]); }
PROBE offset_out_of_anonymous(struct task *t) { return field_offset(t->was_anonymous); }
PROBE offset_union_in_anonymous(struct task *t) { return field_offset(t->in_union); }
PROBE offset_into_anonymous(struct task *t) { return field_offset(t->into_anonymous); }
PROBE offset_missing(struct task *t) { return field_offset(t->missing); }
PROBE offset_changed_kind(struct task *t) { return field_offset(t->changed_kind); }
PROBE offset_union(union both *u) { return field_offset(u->y); }
PROBE offset_nowhere(struct nowhere *t) { return field_offset(t->x); }
PROBE size_grown(struct task *t) { return field_size(t->grown); }
PROBE size_array(struct task *t) { return field_size(t->inners); }
PROBE size_element(struct task *t) { return field_size(t->inners[1]); }
PROBE size_now_bits(struct task *t) { return field_size(t->now_bits); }
PROBE exists_yes(struct task *t) { return field_exists(t->moved); }
PROBE exists_no(struct task *t) { return field_exists(t->missing); }
PROBE exists_changed_kind(struct task *t) { return field_exists(t->changed_kind); }
PROBE exists_nowhere(struct nowhere *t) { return field_exists(t->x); }
PROBE exists_beyond_array(struct task *t) { return field_exists(t->matrix[2][1]); }
PROBE exists_old_flavour(struct task___old *t) { return field_exists(t->renamed_before); }
PROBE exists_new_flavour(struct task___new *t) { return field_exists(t->renamed_after); }
PROBE signed_unsigned(struct task *t) { return field_signed(t->grown); }
PROBE signed_signed(struct task *t) { return field_signed(t->first); }
PROBE signed_changed(struct task *t) { return field_signed(t->now_signed); }
PROBE bits_a_offset(struct task *t) { return field_offset(t->bits_a); }
PROBE bits_a_size(struct task *t) { return field_size(t->bits_a); }
PROBE bits_a_left(struct task *t) { return field_left_shift(t->bits_a); }
PROBE bits_a_right(struct task *t) { return field_right_shift(t->bits_a); }
PROBE bits_b_offset(struct task *t) { return field_offset(t->bits_b); }
PROBE bits_b_left(struct task *t) { return field_left_shift(t->bits_b); }
PROBE bits_b_right(struct task *t) { return field_right_shift(t->bits_b); }
PROBE bits_signed_signed(struct task *t) { return field_signed(t->bits_signed); }
PROBE bits_signed_left(struct task *t) { return field_left_shift(t->bits_signed); }
PROBE bits_wide_offset(struct task *t) { return field_offset(t->bits_wide); }
PROBE bits_wide_size(struct task *t) { return field_size(t->bits_wide); }
PROBE bits_wide_left(struct task *t) { return field_left_shift(t->bits_wide); }
PROBE bits_wide_right(struct task *t) { return field_right_shift(t->bits_wide); }
PROBE bits_now_left(struct task *t) { return field_left_shift(t->now_bits); }
PROBE left_shift_plain(struct task *t) { return field_left_shift(t->half); }
PROBE right_shift_plain(struct task *t) { return field_right_shift(t->half); }

PROBE load_int(struct task *t) { return t->first; }
PROBE load_long(struct task *t) { return t->moved; }
PROBE load_grown(struct task *t) { return t->grown; }
PROBE load_shrunk(struct task *t) { return t->shrunk; }
PROBE load_grown_signed(struct task *t) { return t->grown_signed; }
PROBE load_pointer(struct task *t) { return (unsigned long)t->pointer; }
PROBE load_byte(struct task *t) { return t->flag_byte; }
PROBE load_half(struct task *t) { return t->half; }
PROBE load_far(struct task *t) { return t->next->next->inner.b; }
PROBE load_missing(struct task *t) { return t->first ? t->missing : 1; }
PROBE load_array(struct task *t) { return t->inners[1].a; }
PROBE store_int(struct task *t) { t->first = 7; return 0; }
PROBE store_grown(struct task *t) { t->grown = t->shrunk; return 0; }
PROBE address_of(struct task *t) { return (unsigned long)__builtin_preserve_access_index(&t->inners[2].b); }

PROBE id_local(void) { return type_id_local(struct task); }
PROBE id_kernel(void) { return type_id_kernel(struct task); }
PROBE id_kernel_missing(void) { return type_id_kernel(struct nowhere); }
PROBE exists_type(void) { return type_exists(struct task); }
PROBE exists_type_missing(void) { return type_exists(struct nowhere); }
PROBE exists_type_flavour(void) { return type_exists(struct task___old); }
PROBE exists_typedef(void) { return type_exists(plain_number); }
PROBE exists_typedef_struct(void) { return type_exists(anonymous_typedef); }
PROBE exists_typedef_function(void) { return type_exists(callback); }
PROBE exists_enum(void) { return type_exists(enum color); }
PROBE exists_union(void) { return type_exists(union both); }
PROBE size_type(void) { return type_size(struct task); }
PROBE size_type_missing(void) { return type_size(struct nowhere); }
PROBE size_typedef(void) { return type_size(plain_number); }

PROBE enum_there(void) { return enum_exists(enum color, GREEN); }
PROBE enum_not_there(void) { return enum_exists(enum color, GONE); }
PROBE enum_flavour(void) { return enum_value(enum color, BLUE___short); }
PROBE enum_changed(void) { return enum_value(enum color, GREEN); }
PROBE enum_negative(void) { return enum_value(enum color, NEGATIVE); }
PROBE enum_missing(void) { return enum_value(enum color, GONE); }
PROBE enum_nowhere(void) { return enum_exists(enum nowhere_enum, NOWHERE); }

#ifdef AMBIGUOUS
PROBE offset_ambiguous(struct ambiguous *t) { return field_offset(t->a); }
#endif
#ifdef UNSIGNED_ENUM
PROBE enum_top(void) { return enum_value(enum unsigned_enum, TOP); }
#endif

/* The test turns these from "exists" to "matches", which this compiler may not know yet. */
SEC("tp/matches") unsigned long matches_yes(void) { return type_exists(struct matching); }
SEC("tp/matches") unsigned long matches_no(void) { return type_exists(struct not_matching); }
SEC("tp/matches") unsigned long matches_enum(void) { return type_exists(enum color); }
SEC("tp/matches") unsigned long matches_union(void) { return type_exists(union both); }
SEC("tp/matches") unsigned long matches_function(void) { return type_exists(callback); }

/* Subprograms: relocated in whatever program they end up. */
static __attribute__((noinline)) long leaf(struct task *t)
{
	return t->moved + field_offset(t->inner.b);
}

__attribute__((noinline)) long global_leaf(struct task *t)
{
	return t ? t->first + leaf(t) : 0;
}

PROBE calls_static(struct task *t) { return leaf(t) + field_size(t->grown); }
PROBE calls_global(struct task *t) { return global_leaf(t) + leaf(t) + t->moved; }
