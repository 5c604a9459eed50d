/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bpdu - tests of the spanning tree's frames against the octets of 802.1D-1998 clause 9.
 */
#include "pkt_util.h"
#include "dev/bpdu.h"

static const uint8_t group[6] = {0x01, 0x80, 0xc2, 0x00, 0x00, 0x00};
static const uint8_t src[6] = {0x02, 0, 0, 0, 0, 0x55};

/* As tshark decodes it: root 32768/02:00:00:00:00:01, cost 4, bridge 0x9000/...:02, port
 * 0x8002, age 1 s, max age 20 s, hello 2 s, forward delay 15 s, topology change. */
static const uint8_t config[BPDU_FRAME_MAX] = {
	0x01, 0x80, 0xc2, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x55, 0x00,
	0x26, 0x42, 0x42, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01, 0x80, 0x00, 0x02, 0x00,
	0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x04, 0x90, 0x00, 0x02, 0x00, 0x00,
	0x00, 0x00, 0x02, 0x80, 0x02, 0x01, 0x00, 0x14, 0x00, 0x02, 0x00, 0x0f, 0x00,
};

static struct bpdu example(void)
{
	struct bpdu b = {.type = BPDU_CONFIG,
			 .topology_change = true,
			 .root = {0x80, 0, 2, 0, 0, 0, 0, 1},
			 .bridge = {0x90, 0, 2, 0, 0, 0, 0, 2},
			 .root_path_cost = 4,
			 .port_id = 0x8002,
			 .message_age = 100,
			 .max_age = 2000,
			 .hello_time = 200,
			 .forward_delay = 1500};

	return b;
}

static void a_configuration_bpdu_is_written_as_the_standard_has_it(void **state)
{
	struct bpdu b = example();
	uint8_t frame[BPDU_FRAME_MAX];

	assert_int_equal(bpdu_write(&b, group, src, frame), sizeof(config));
	assert_memory_equal(frame, config, sizeof(config));
}

static void a_topology_change_notification_has_four_octets(void **state)
{
	static const struct bpdu b = {.type = BPDU_TCN};
	static const uint8_t tcn[] = {0x01, 0x80, 0xc2, 0x00, 0x00, 0x00, 0x02,
				      0x00, 0x00, 0x00, 0x00, 0x55, 0x00, 0x07,
				      0x42, 0x42, 0x03, 0x00, 0x00, 0x00, 0x80};
	uint8_t frame[BPDU_FRAME_MAX];
	struct bpdu read;

	assert_int_equal(bpdu_write(&b, group, src, frame), sizeof(tcn));
	assert_memory_equal(frame, tcn, sizeof(tcn));
	assert_true(bpdu_read(&read, tcn, sizeof(tcn)));
	assert_int_equal(read.type, BPDU_TCN);
}

static void what_was_written_is_read_again(void **state)
{
	struct bpdu b = example(), read;
	uint8_t frame[BPDU_FRAME_MAX];

	/* Every time that a bridge can be set to, in hundredths of a second. */
	for (uint32_t ticks = 0; ticks <= 4000; ticks++) {
		b.message_age = b.max_age = b.hello_time = b.forward_delay = ticks;
		bpdu_write(&b, group, src, frame);
		assert_true(bpdu_read(&read, frame, sizeof(frame)));
		assert_memory_equal(&read, &b, sizeof(b));
	}
}

static void what_is_no_bpdu_is_refused(void **state)
{
	static const unsigned at[] = {14, 15, 16, 17, 18, 19, 20};
	struct bpdu b;
	uint8_t frame[BPDU_FRAME_MAX];

	for (size_t i = 0; i < array_size(at); i++) {
		memcpy(frame, config, sizeof(frame));
		frame[at[i]] ^= 1;
		assert_false(bpdu_read(&b, frame, sizeof(frame)));
	}
	for (uint32_t len = 0; len < sizeof(config); len++)
		assert_false(bpdu_read(&b, config, len));
	assert_true(bpdu_read(&b, config, sizeof(config)));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_configuration_bpdu_is_written_as_the_standard_has_it),
		cmocka_unit_test(a_topology_change_notification_has_four_octets),
		cmocka_unit_test(what_was_written_is_read_again),
		cmocka_unit_test(what_is_no_bpdu_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
