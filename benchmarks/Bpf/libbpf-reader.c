/*
 * The peer: libbpf's perf buffer and ring buffer in C. It obeys lines on its standard input, so that the two consumers can take turns:
 *   consume N   call N times on CPU 0 (8 samples each), then read them:     events ns checksum
 *   produce MS  only produce on CPU 0, for a reader elsewhere (the object "-" is none)
 *   poll MS     produce on CPU 0 for MS milliseconds and read meanwhile:    produced delivered cpu_ns
 * Arguments: OBJECT PAGES SIZE perf|ring WAKE_EVERY
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static unsigned long long events, checksum;
static volatile int stop;

static unsigned long long now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void take(const void *data, unsigned int size)
{
	unsigned long long first;

	memcpy(&first, data, sizeof(first));
	events++;
	checksum += first + size;
}

static enum bpf_perf_event_ret on_event(void *context, int cpu, struct perf_event_header *event)
{
	struct raw_sample {
		struct perf_event_header header;
		unsigned int size;
		char data[];
	} *sample = (void *)event;

	(void)context;
	(void)cpu;
	if (event->type == PERF_RECORD_SAMPLE)
		take(sample->data, sample->size);
	return LIBBPF_PERF_EVENT_CONT;
}

static int on_record(void *context, void *data, size_t size)
{
	(void)context;
	take(data, size);
	return 0;
}

static void *produce(void *unused)
{
	(void)unused;
	pin(0);
	while (!stop)
		syscall(SYS_getpgid, 0x5a17);
	return NULL;
}

int main(int count, char **arguments)
{
	int pages = count > 2 ? atoi(arguments[2]) : 64;
	int ring = count > 4 && !strcmp(arguments[4], "ring");
	int wake = count > 5 ? atoi(arguments[5]) : 0;
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW,
		.sample_period = 1,
		.watermark = !wake,
		.wakeup_watermark = wake ? wake : pages * getpagesize() / 4,
	};
	struct perf_buffer *perf_buffer = NULL;
	struct ring_buffer *ring_buffer = NULL;
	struct bpf_object *object = NULL;
	struct bpf_map *rodata;
	char command[64];
	unsigned int setting[4] = {getpid(), count > 3 ? atoi(arguments[3]) : 96, ring, wake ? wake : 1 << 30};

	if (strcmp(arguments[1], "-")) {
		object = bpf_object__open_file(arguments[1], NULL);
		rodata = bpf_object__find_map_by_name(object, ".rodata");
		if (!rodata || bpf_map__set_initial_value(rodata, setting, sizeof(setting)) || bpf_object__load(object))
			return 1;
		if (ring)
			ring_buffer = ring_buffer__new(
				bpf_map__fd(bpf_object__find_map_by_name(object, "ring")), on_record, NULL, NULL);
		else
			perf_buffer = perf_buffer__new_raw(
				bpf_map__fd(bpf_object__find_map_by_name(object, "samples")), pages, &attr, on_event, NULL, NULL);
		if ((!ring_buffer && !perf_buffer) || !bpf_program__attach(bpf_object__find_program_by_name(object, "produce")))
			return 1;
	}

	puts("ready");
	fflush(stdout);
	while (fgets(command, sizeof(command), stdin)) {
		long number = atol(strchr(command, ' ') ?: " 0");

		events = checksum = 0;
		if (!strncmp(command, "consume", 7)) {
			unsigned long long start;

			pin(0);
			for (long i = 0; i < number; i++)
				syscall(SYS_getpgid, 0x5a17);
			start = now(CLOCK_MONOTONIC);
			if (ring)
				ring_buffer__consume(ring_buffer);
			else
				perf_buffer__consume(perf_buffer);
			printf("%llu %llu %llu\n", events, now(CLOCK_MONOTONIC) - start, checksum);
		} else if (!object) {
			pthread_t producer;

			stop = 0;
			pthread_create(&producer, NULL, produce, NULL);
			usleep(number * 1000);
			stop = 1;
			pthread_join(producer, NULL);
			puts("0 0 0");
		} else {
			unsigned long long cpu = now(CLOCK_THREAD_CPUTIME_ID), end;
			unsigned long long before[2], after[2];
			pthread_t producer;
			int bss = bpf_map__fd(bpf_object__find_map_by_name(object, ".bss")), zero = 0;

			pin(1);
			bpf_map_lookup_elem(bss, &zero, before);
			stop = 0;
			pthread_create(&producer, NULL, produce, NULL);
			end = now(CLOCK_MONOTONIC) + number * 1000000ULL;
			while (now(CLOCK_MONOTONIC) < end)
				if (ring)
					ring_buffer__poll(ring_buffer, 10);
				else
					perf_buffer__poll(perf_buffer, 10);
			stop = 1;
			pthread_join(producer, NULL);
			if (ring)
				ring_buffer__consume(ring_buffer);
			else
				perf_buffer__consume(perf_buffer);
			bpf_map_lookup_elem(bss, &zero, after);
			printf("%llu %llu %llu\n", after[0] - before[0], events, now(CLOCK_THREAD_CPUTIME_ID) - cpu);
		}
		fflush(stdout);
	}
	return 0;
}
