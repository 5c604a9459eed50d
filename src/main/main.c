/* SPDX-License-Identifier: BSD-2-Clause
 *
 * main - the command line's entrance.
 */
#include "base/log.h"

int main(int argc, char **argv)
{
	log_init();
	return 0;
}
